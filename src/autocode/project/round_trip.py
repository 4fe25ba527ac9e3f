"""A project taken into a study, handed back, and taken in again: what the journey changed."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..exchange.compare import ProjectDifferences, compare_projects
from ..exchange.formats import choose_suffix, read_project
from ..exchange.losses import LossReport
from ..exchange.refi.profiles import ProfileName
from ..serialise.plain import to_payload
from ..serialise.result import Result
from ..store.file import create
from .facade import Project
from .importing import ImportOptions, import_paths


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTrip(Result):
    """What an import and an export said, what differs after, and whether a study sees the same.

    `codings_before` and `codings_after` count the codings of words in the two studies, and
    `same_codings` says whether they are the same ones.
    """

    path: str
    tool: str
    imported: LossReport
    exported: LossReport
    differences: ProjectDifferences
    codings_before: int
    codings_after: int
    same_codings: bool

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return to_payload(
            "round_trip",
            {
                "path": self.path,
                "tool": self.tool,
                "imported": {"items": self.imported.items, "notes": self.imported.notes},
                "exported": {"items": self.exported.items, "notes": self.exported.notes},
                "n_differences": self.differences.count,
                "differences": self.differences.differences,
                "codings_before": self.codings_before,
                "codings_after": self.codings_after,
                "same_codings": self.same_codings,
            },
        )

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row for each difference."""
        return self.differences.to_rows()


def round_trip(path: Path, tool: ProfileName = "refi") -> RoundTrip:
    """Import a project into a passing study, export it for `tool`, and import that again.

    Raises:
        FileRefused: if it cannot be read.
        InputError: for an unknown tool.
    """
    before = read_project(path).project
    with tempfile.TemporaryDirectory(prefix="autocode-") as folder:
        written = Path(folder) / f"round_trip{choose_suffix(tool)}"
        with Project(create(Path(folder) / "before.autocode")) as first:
            imported = _take(first, path)
            exported = first.export_project(written, tool)
            was = _list_codings(first)
        after = read_project(written).project
        with Project(create(Path(folder) / "after.autocode")) as second:
            _take(second, written)
            now = _list_codings(second)
        differences = compare_projects(before, after)
    return RoundTrip(
        path=str(path),
        tool=tool,
        imported=imported,
        exported=exported,
        differences=differences,
        codings_before=len(was),
        codings_after=len(now),
        same_codings=was == now,
    )


def _take(project: Project, path: Path) -> LossReport:
    report = import_paths(project._study, [path], ImportOptions())
    for refused in report.refused:
        raise refused.to_error()
    (file,) = report.imported
    return file.losses or LossReport()


def _list_codings(project: Project) -> set[tuple[str, int, int, str, str, str]]:
    names = {code.id: code.name for code in project.codebook()}
    return {
        (c.transcript, c.span.start, c.span.end, names[c.code], c.coder, c.memo)
        for c in project.codings()
    }
