"""The whole job in one call: import, suggest, draft themes, compare coders, export, report."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, TypeVar

from .agreement.study.table import Agreement
from .analysis.attribute_values import name_participants
from .core.arguments import checked
from .core.errors import FileRefused, InputError, NothingToDo
from .core.progress import Progress, silent
from .core.suggestion import Suggestion
from .core.theme import ThemeDraft
from .core.transcript import CODABLE_ROLES
from .encode.protocol import Encoder
from .project import ImportReport, Project
from .project.importing import ImportOptions
from .report.study_page import write_report
from .serialise.plain import to_payload
from .serialise.result import Result

_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome(Result):
    """What a run of every step came to, and the files it wrote.

    A step that had nothing to work on gives nothing, and says why in `remarks`. `counted` names
    the participants: "participants", or "papers".
    """

    imported: ImportReport
    n_participant_segments: int
    suggestions: tuple[Suggestion, ...]
    themes: ThemeDraft | None
    agreement: Agreement | None
    remarks: tuple[str, ...]
    files: Mapping[str, Path]
    seconds: float
    counted: str = "participants"

    def to_dict(self) -> dict[str, Any]:
        """The outcome as plain data: counts, themes, coefficients, and the files written."""
        likely = [s for s in self.suggestions if s.likely]
        return to_payload(
            "run",
            {
                "import": _content(self.imported),
                "n_participant_segments": self.n_participant_segments,
                "n_suggestions": len(self.suggestions),
                "n_suggested_segments": len({(s.transcript, s.span) for s in self.suggestions}),
                "n_likely": len(likely),
                "n_likely_segments": len({(s.transcript, s.span) for s in likely}),
                "themes": self.to_rows(),
                "n_unassigned": len(self.themes.unassigned) if self.themes else 0,
                "agreement": {
                    name: coefficient.value
                    for name, coefficient in (
                        self.agreement.overall.items() if self.agreement else ()
                    )
                },
                "remarks": self.remarks,
                "files": self.files,
                "seconds": round(self.seconds, 2),
            },
        )

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a draft theme."""
        return [
            {
                "theme": theme.key,
                "name": theme.name,
                "n_segments": theme.n_segments,
                "n_participants": len(theme.participants),
            }
            for theme in (self.themes.themes if self.themes else ())
        ]


@checked
def run_every_step(
    project: Project,
    paths: Sequence[str | Path],
    folder: str | Path,
    *,
    encoder: Encoder,
    options: ImportOptions | None = None,
    progress: Progress = silent,
) -> RunOutcome:
    """Import `paths`, suggest, draft themes, compare coders; export and report into `folder`.

    Raises:
        AutocodeError: if nothing could be imported, or the export or report cannot be written.
    """
    started, folder = time.perf_counter(), Path(folder)
    imported = project.import_paths(paths, options)
    remarks = [refused.reason for refused in imported.refused]
    remarks += [imported.stopped] if imported.stopped else []
    if not any(project.counts().values()):
        nothing = f"Nothing to import was found in {', '.join(map(str, paths))}."
        raise NothingToDo(remarks[0] if remarks else nothing)
    suggestions = _attempt(lambda: project.suggest(encoder, progress=progress), remarks)
    themes = _attempt(lambda: project.draft_themes(encoder, progress=progress), remarks)
    agreement = _attempt(project.agree, remarks)
    written = {"study": project.path, "export": folder / "export", "report": folder / "report.html"}
    project.export(written["export"])
    write_report(project, written["report"])
    return RunOutcome(
        imported=imported,
        n_participant_segments=sum(s.role in CODABLE_ROLES for s in project.segments()),
        suggestions=tuple(suggestions or ()),
        themes=themes,
        agreement=agreement,
        remarks=tuple(remarks),
        files=written,
        seconds=time.perf_counter() - started,
        counted=name_participants(project.cases()),
    )


def unpack_example(folder: Path) -> Path:
    """Write the files of the bundled example study into `folder`; returns it. Keeps what is there.

    Raises:
        FileRefused: if the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with as_file(files("autocode") / "example" / "study") as study:
            for source in sorted(study.iterdir()):
                target = folder / source.name
                if not target.exists():
                    shutil.copyfile(source, target)
                    target.chmod(0o600)  # like all files that hold what participants said
    except OSError as error:
        raise FileRefused.because(
            folder,
            f"cannot be written ({(error.strerror or '').lower()})",
            remedy="Name another folder: autocode demo FOLDER",
        ) from None
    return folder


@contextmanager
def open_or_make(study: Path) -> Iterator[Project]:
    """The study, made if it does not exist; one that was made and stayed empty is removed again."""
    is_new = not study.exists() or (study.is_file() and study.stat().st_size == 0)
    project = Project.open(study, create_new=True)
    try:
        yield project
    finally:
        is_empty = not any(project.counts().values())
        project.close()
        if is_new and is_empty:
            for suffix in ("", "-wal", "-shm"):
                study.with_name(study.name + suffix).unlink(missing_ok=True)


def _content(result: Result) -> dict[str, Any]:
    """A result as a part of another: without its own schema and kind."""
    return {key: value for key, value in result.to_dict().items() if key not in ("schema", "kind")}


def _attempt(step: Callable[[], _Made], remarks: list[str]) -> _Made | None:
    """What a step makes, or None with a remark where there is nothing for it to work on."""
    try:
        return step()
    except (NothingToDo, InputError) as error:
        remarks.append(str(error))
        return None
