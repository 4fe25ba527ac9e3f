"""What an import is asked for, what it comes to, and what each kind of file is taken into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core.acts import NewAct
from ..core.arguments import checked
from ..core.coding import Case
from ..core.errors import FileRefused, InputError
from ..core.progress import Progress, silent
from ..core.transcript import Transcript
from ..exchange.losses import LossReport
from ..io.file_options import FileOptions
from ..io.kinds import ASSIGNED_KINDS, AssignedKind, Kind, Recognition
from ..io.recognise import Ask, SkippedFile
from ..segment import Unit
from ..serialise.plain import readable_text, to_payload
from ..serialise.result import Result
from ..store.file import Connection, StudyFile
from .segmentation import Segmenter
from .stored_words import StoredWords

__all__ = [
    "ASSIGNED_KINDS", "AssignedKind", "ImportOptions", "ImportReport", "ImportedFile", "Into",
    "PlannedFile", "Recognition", "RefusedFile",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """A file that was imported (`new`) or was in the study already; a transcript under its name.

    `reasons` say why it was taken for its kind, `runner_up` what else it may be. `guessed`: it
    names speakers whose roles are guessed. `losses` is what became of another tool's project.
    """

    path: Path
    kind: Kind
    account: str
    new: bool = True
    warnings: tuple[str, ...] = ()
    transcript: str | None = None
    guessed: bool = False
    reasons: tuple[str, ...] = ()
    runner_up: str = ""
    losses: LossReport | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFile:
    """A file that could not be imported: the one-line `reason`, and the facts it is made of.

    `details` are further lines: one for each faulty row of a table, the first twenty.
    """

    path: Path
    reason: str
    place: str = ""
    fault: str = ""
    remedy: str = ""
    details: tuple[str, ...] = ()

    @classmethod
    def of(cls, path: Path, error: InputError) -> RefusedFile:
        """The refusal of `path`, which is named in the reason where the error does not name it."""
        if isinstance(error, FileRefused) and error.path == str(path):
            return cls(
                path=path,
                reason=str(error),
                place=error.place,
                fault=error.fault,
                remedy=error.remedy,
                details=error.details,
            )
        reason = str(error)
        shown = readable_text(str(path))
        return cls(path=path, reason=reason if shown in reason else f"{shown}: {reason}")

    def to_error(self) -> FileRefused:
        """The refusal as an error, for a call that takes this one file or nothing."""
        return FileRefused(
            self.reason,
            path=str(self.path),
            place=self.place,
            fault=self.fault,
            remedy=self.remedy,
            details=self.details,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """A file that an import would take: as what, why, what else it may be, and how it begins."""

    path: Path
    kind: Kind
    reasons: tuple[str, ...]
    runner_up: str = ""
    account: str = ""
    warnings: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport(Result):
    """What an import took, what it could not take, and what it passed over in folders.

    `planned` is what a dry run would take; nothing is imported then.
    `stopped` says why the study could take no more files after those imported, such as a full disk;
    it is empty where every file had its turn.
    """

    imported: tuple[ImportedFile, ...] = ()
    refused: tuple[RefusedFile, ...] = ()
    skipped: tuple[SkippedFile, ...] = ()
    stopped: str = ""
    planned: tuple[PlannedFile, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The lists of files, each with its path and what became of it."""
        return to_payload(
            "import",
            {
                "imported": self.imported,
                "refused": self.refused,
                "skipped": self.skipped,
                "stopped": self.stopped,
                "planned": self.planned,
            },
        )

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row for each file: path, outcome, kind, and what is to be said of it."""
        return (
            [
                {
                    "path": readable_text(str(file.path)),
                    "outcome": "imported" if file.new else "known",
                    "kind": file.kind,
                    "account": file.account,
                }
                for file in self.imported
            ]
            + [
                {
                    "path": readable_text(str(planned.path)),
                    "outcome": "planned",
                    "kind": planned.kind,
                    "account": planned.account,
                }
                for planned in self.planned
            ]
            + [
                {
                    "path": readable_text(str(file.path)),
                    "outcome": outcome,
                    "kind": "",
                    "account": file.reason,
                }
                for outcome, files in (("refused", self.refused), ("skipped", self.skipped))
                for file in files
            ]
        )


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How to import: what the files are, the unit to cut, whether to join turns.

    `kind`, `columns`, `sheet`, `encoding`, `header_row` and `speaker_patterns` say what files do
    not show well, as in `FileOptions`; they hold for all files of one import. With `dry_run`
    nothing is written. `ask` is called for a file that fits two kinds about equally well, which is
    refused otherwise.
    `coder` is whose codings a table holds that names nobody. With `partial` the sound rows of a
    table of codings are taken though others do not fit. With `comments` the comments of documents
    that name codes become codings by their authors. With `new_codes` a code that a table of
    codings names and the codebook does not have is made. With `update_codes` a codebook that says
    otherwise of known codes changes them, and brings back what was taken out.

    `coded_share` below 1 takes the codings of that share of a corpus's transcripts only, to try
    suggestions on a corpus that is coded already; which ones follows from their names' digests.
    """

    unit: Unit | None = None
    join_turns: bool = False
    coded_share: float = 1.0
    coder: str = ""
    partial: bool = False
    comments: bool = False
    new_codes: bool = False
    update_codes: bool = False
    progress: Progress = field(default=silent)
    kind: AssignedKind | None = None
    columns: tuple[tuple[str, str], ...] = ()
    sheet: str | None = None
    encoding: str | None = None
    header_row: int | None = None
    speaker_patterns: tuple[str, ...] = ()
    dry_run: bool = False
    ask: Ask | None = None

    @property
    def files(self) -> FileOptions:
        """What is said of the files themselves.

        Raises:
            InputError: for a kind or an encoding that does not exist, or a row below 1.
        """
        return FileOptions(
            kind=self.kind,
            columns=self.columns,
            sheet=self.sheet,
            encoding=self.encoding,
            header_row=self.header_row,
            speaker_patterns=self.speaker_patterns,
        )

    def __post_init__(self) -> None:
        if not 0 <= self.coded_share <= 1:
            raise InputError(f"The coded share must lie in 0..1, not {self.coded_share}.")


@dataclass(frozen=True, slots=True)
class Into:
    """The study that takes files in, how, what cuts transcripts, and what is known of them.

    `parsed` are transcripts that were read already, by path; `stored` the words of the study's.
    """

    study: StudyFile
    options: ImportOptions
    cutter: Segmenter
    parsed: dict[Path, tuple[Transcript, Case | None]] = field(default_factory=dict)
    stored: StoredWords = field(default_factory=StoredWords)

    def taking(self, name: str) -> AbstractContextManager[Connection]:
        """The transaction in which a file of this name is taken in, one act of the history."""
        return self.study.writing(
            NewAct(kind="import", summary=f"{name} imported", coder=self.options.coder or "")
        )
