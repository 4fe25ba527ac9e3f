"""`autocode import`: files and folders into a study."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options, terminal

if TYPE_CHECKING:
    from ..project import ImportReport, Project


@click.command("import")
@options.study
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@options.unit
@options.join_turns
@click.option(
    "--coded-share",
    type=click.FloatRange(0, 1),
    default=1.0,
    help="Take the codings of this share of a corpus's transcripts only, to try suggestions on it.",
)
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    study: Path,
    paths: tuple[Path, ...],
    unit: Any,  # noqa: ANN401 - one of the unit names
    join_turns: bool,
    coded_share: float,
    as_json: bool,
) -> None:
    """Take PATHS into STUDY, which is made if it does not exist.

    Reads transcripts (.txt, .md, .docx, .odt, .rtf, .pdf, .vtt, .srt, .sbv, Whisper .json, CHAT
    .cha, ELAN .eaf, Praat .TextGrid), surveys (.csv or .xlsx: a row per respondent, a column of
    free text), codebooks (.csv, .xlsx, .qdc), tables of codings (transcript, coder, code, and
    start/end or excerpt) and of cases (case, transcript, speaker, attributes), and corpus folders
    (codebook.csv, segments.csv, codings.csv).
    Importing a file twice changes nothing. Exit status 1 if a file could not be taken; the others
    are kept.
    """
    from ..project.importing import ImportOptions

    with terminal.bars(quiet=as_json) as progress, opened_or_new(study) as project:
        chosen = ImportOptions(
            unit=unit, join_turns=join_turns, coded_share=coded_share, progress=progress
        )
        report = project.import_paths(paths, chosen)
    if as_json:
        terminal.dump(report.to_dict())
    else:
        tell(report)
    if report.refused:
        ctx.exit(1)


def tell(report: ImportReport) -> None:
    """Say what an import took and what it could not."""
    for item in report.imported:
        sign = "+" if item.new else "="
        click.echo(f"{sign} {item.path.name}: {item.account}")
        for warning in item.warnings:
            click.echo(f"    note: {warning}")
    for left in report.skipped:
        click.echo(f"  {left.path.name}: skipped ({left.reason})")
    for refused in report.refused:
        terminal.note(f"autocode: {refused.reason}")
    if not (report.imported or report.skipped or report.refused):
        click.echo("Nothing to import was found there.")
    if any(item.new and item.guessed for item in report.imported):
        click.echo("Roles are guessed; see and correct them with: autocode speakers STUDY")


@contextmanager
def opened_or_new(study: Path) -> Iterator[Project]:
    """The study, made if it does not exist; one that was made and stayed empty is removed again."""
    from ..project import Project

    is_new = not study.exists()
    project = Project.open(study, create_new=True)
    try:
        yield project
    finally:
        is_empty = not any(project.counts().values())
        project.close()
        if is_new and is_empty:
            for suffix in ("", "-wal", "-shm"):
                study.with_name(study.name + suffix).unlink(missing_ok=True)
