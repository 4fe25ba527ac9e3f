"""`Project`: one study file and everything a person can do with it.

Every change to a study is a method, made in one transaction, here or in the classes it is made of:
`MaterialActs`, `CodingActs`, `PassActs`, `DraftActs`, `CodebookActs`. What only looks is in
`StudyReader`. A suggestion becomes a coding only through `Project.decide`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from ..core.arguments import checked_methods
from ..core.counted import say_counts
from ..core.progress import Progress, silent
from ..store.file import open_or_create, open_study
from .codebook_acts import CodebookActs
from .coding_acts import CodingActs
from .draft_acts import DraftActs
from .material_acts import MaterialActs
from .pass_acts import PassActs

if TYPE_CHECKING:
    from ..bulk.suggest_codes import BulkCodes
    from ..core.acts import Act, Done
    from ..core.coding import Outcome
    from ..encode.protocol import Encoder
    from ..exchange.losses import LossReport
    from ..exchange.refi.profiles import ProfileName
    from ..io.tables.grid import GridOf
    from .agreed import AgreedTaken
    from .export_formats import ExportFormat
    from .hand_coding import Place
    from .history import UndoOptions
    from .joining import Joined, JoinOptions
    from .resolving import Resolved, ResolveOptions
    from .sharing import SharedFile


@checked_methods
class Project(MaterialActs, CodingActs, PassActs, DraftActs, CodebookActs):
    """A study: transcripts, codebook, people's codings, and the machine's drafts.

    Open it with `Project.open`, preferably as a context manager.
    """

    def __repr__(self) -> str:
        counts = self.counts()
        contents = say_counts({name: n for name, n in counts.items() if n})
        return f"<Project '{self.path}': {contents or 'empty'}>"

    @classmethod
    def open(cls, path: str | Path, *, create_new: bool = False) -> Project:
        """Open the study at `path`; with `create_new` make it if it does not exist.

        Raises:
            StudyError: if it is missing, not a study, damaged, or written by a newer version.
        """
        path = Path(path)
        return cls(open_or_create(path) if create_new else open_study(path))

    def __enter__(self) -> Project:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._study.close()

    def share(
        self, path: str | Path, *, coder: str, blind: bool = False, every_transcript: bool = False
    ) -> SharedFile:
        """Make a new study at `path` for a coder to work in; `blind` leaves out others' work.

        Where there are passes the file holds the transcripts of the coder's own, unless all are
        wanted, and is blind where they are.

        Raises:
            StudyError: if something is there already, or the folder cannot be written.
            InputError: if nobody is named, or nothing is assigned to the coder and to others is.
        """
        from .sharing import share

        return share(
            self._study, Path(path), coder=coder, blind=blind, every_transcript=every_transcript
        )

    def join(
        self, others: Sequence[str | Path], *, coder: str, options: JoinOptions | None = None
    ) -> Done[Joined]:
        """Take the work in other studies into this one, as one act; they are only read.

        Transcripts are one where their texts are, codes by identifier, then id, then name.

        Raises:
            JoinBlocked: if studies differ in what is one thing, and `options` do not decide.
            StudyError: if one is no study, is newer than this version, or its history was changed.
            InputError: if nobody is named, or a study is given twice.
        """
        from .joining import JoinOptions, join

        return join(self._study, [Path(p) for p in others], coder, options or JoinOptions())

    def resolve(
        self,
        place: Place,
        code: str,
        outcome: Outcome,
        *,
        reason: str,
        coder: str,
        options: ResolveOptions | None = None,
    ) -> Done[Resolved]:
        """Settle whether a code applies where two coders differ, as a consensus beside their work.

        Raises:
            NotFound: if transcript, code or a coder is not in the study.
            InputError: if no reason or nobody is named, or who is meant is not clear.
        """
        from .resolving import ResolveOptions, resolve

        return resolve(
            self._study,
            place,
            code,
            outcome,
            reason=reason,
            coder=coder,
            options=options or ResolveOptions(),
        )

    def take_agreed(
        self,
        transcript: str,
        *,
        coder: str,
        options: ResolveOptions,
        n_expected: int | None = None,
    ) -> Done[AgreedTaken]:
        """Take all that two coders agree on in a transcript into the consensus, as one act.

        `options` name the two; `n_expected` is how many places were shown to who decides.

        Raises:
            StudyChanged: if there are others than `n_expected` by now.
            NothingToDo: if they agree on nothing that is not taken yet.
            NotFound: if there is no such transcript or coder.
            InputError: if nobody is named.
        """
        from .agreed import take_agreed

        return take_agreed(
            self._study, transcript, coder=coder, options=options, n_expected=n_expected
        )

    def ask_for_rows(
        self, encoder: Encoder | None = None, *, top: int = 3, progress: Progress = silent
    ) -> BulkCodes:
        """What `draft_corpus` suggests codes from: this codebook and all that people have coded.

        The study is only read. `encoder` is the one that the corpus is encoded with; `top` codes a
        row are suggested.

        Raises:
            NothingToDo: if the codebook has no codes.
        """
        from .. import pipeline
        from ..encode.load import load_encoder
        from .bulk_asking import ask_for_rows
        from .following import BorrowedVectors

        vectors = BorrowedVectors(self._study)
        tools = pipeline.Tools(encoder or load_encoder(), vectors, progress)
        return ask_for_rows(self.in_memory(), tools, top=top)

    def undo(self, *, coder: str, options: UndoOptions | None = None) -> Done[tuple[Act, ...]]:
        """Take back an act, `coder`'s last one where none is named; this is itself an act.

        The result are the acts taken back. Every row they changed is as it was before them.

        Raises:
            NotFound: if there is no such act or coder.
            NothingToDo: if the coder has nothing to take back.
            UndoBlocked: if later acts rest on it, and `options` do not say that they go too.
            StudyError: if it is undone already, changed no work of people, or was erased.
            StudyChanged: if another program changed the study meanwhile.
        """
        from .history import UndoOptions, undo

        return undo(self._study, coder, options or UndoOptions())

    def redo(self, *, coder: str, options: UndoOptions | None = None) -> Done[tuple[Act, ...]]:
        """Take back `coder`'s last undo, or the one that is named; raises as `undo` does."""
        from .history import UndoOptions, undo

        return undo(self._study, coder, replace(options or UndoOptions(), redo=True))

    def export(
        self, folder: str | Path, *, coder: str | None = None, format: ExportFormat = "csv"
    ) -> dict[Path, int]:
        """Write codings, suggestions, themes and codebook into a folder; returns rows by file.

        With `coder` the suggestions are those made for them; see `suggestions`. `format` is "csv",
        "csv-excel" (with the byte order mark that Excel needs), "xlsx", "parquet", or "dataset",
        which adds the segments as a `datasets.Dataset` for `datasets.load_from_disk`.

        Raises:
            NotFound: if nothing was suggested for this coder.
            FileRefused: if the folder cannot be made or written; no file in it is then changed.
        """
        from .exporting import export

        with self.snapshot() as study:
            return export(study, Path(folder), coder, format)

    def export_project(self, path: str | Path, tool: ProfileName = "refi") -> LossReport:
        """Write the study as a project of another tool (.qdpx, .qde, or Taguette's .sqlite3).

        A study that came from a tool goes back onto the project it came with, whose identities it
        keeps. Likely suggestions are codings of one more coder, "autocode (machine)".

        Raises:
            InputError: for an unknown tool or suffix.
            FileRefused: if the file cannot be written, or a recording has gone from where it lay.
        """
        from .tool_exporting import export_project

        with self.snapshot() as study:
            return export_project(study, Path(path), tool)

    def export_grid(
        self, path: str | Path, of: GridOf = "coders", *, coders: Sequence[str] = ()
    ) -> int:
        """Write a grid to code in, a row a segment and a column a coder or a code; returns rows.

        Raises:
            NotFound: if `of` is neither "coders" nor "codes".
            FileRefused: if the file cannot be written.
        """
        from .grids import export_grid

        with self.snapshot() as study:
            return export_grid(study, Path(path), of, coders=coders)
