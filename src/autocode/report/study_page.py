"""The report of a study: one HTML page without network access, every quoted word escaped."""

from __future__ import annotations

from pathlib import Path

from ..core.arguments import checked
from ..core.errors import InputError
from ..project.facade import Project
from . import templating
from .study_view import view_study

_TEMPLATE = "report.html"


@checked
def write_report(project: Project, out: str | Path, *, coder: str | None = None) -> int:
    """Write the report of a study to `out`; returns its size in bytes.

    With `coder` its suggestions are those made for them; see `Project.suggestions`.

    Raises:
        NotFound: if nothing was suggested for this coder.
        FileRefused: if the file cannot be written.
        InputError: if `out` is the study itself.
    """
    if Path(out).resolve() == project.path.resolve():
        raise InputError(f"{out}: is the study itself. Give the report a name of its own.")
    return templating.save(render_report(project, coder=coder), out)


def render_report(project: Project, *, coder: str | None = None) -> str:
    """The report as HTML text, all of it from one state of the study."""
    with project.snapshot() as study:
        view = view_study(study, coder)
    return templating.fill(_TEMPLATE, page=view)
