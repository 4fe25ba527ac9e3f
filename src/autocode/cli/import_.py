"""`autocode import`: files and folders into a study."""

from __future__ import annotations

import inspect
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..serialise.plain import readable_text
from . import options, terminal
from .commands import Command
from .progress import progress_on_stderr

if TYPE_CHECKING:
    from ..project import ImportReport


class _ImportCommand(Command):
    """Lists the formats of transcripts in its help as their readers name them."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help, in which FORMATS stands for the formats."""
        from ..io.transcripts.formats import describe_formats

        lines = textwrap.wrap(describe_formats(), 60, break_on_hyphens=False)
        text = inspect.cleandoc(self.help or "").replace("FORMATS", f"\n{' ' * 15}".join(lines))
        self.help = text.replace("\\b\n", "\b\n")  # click's mark of lines that are not wrapped
        super().format_help_text(ctx, formatter)


@click.command(
    "import",
    cls=_ImportCommand,
    examples=[
        "autocode import study.autocode interviews/ codebook.csv codings.csv",
        "autocode import study.autocode teams_meeting.vtt --join-turns",
    ],
)
@options.study
@options.paths
@options.unit
@options.join_turns
@options.coded_share
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
    r"""Import transcripts, codebooks, codings and cases.

    Makes STUDY if it does not exist. PATH is a file or a folder. Importing a file twice changes
    nothing. A file that cannot be imported stops no other; the exit status is then 1.

    \b
    Transcripts:   FORMATS
    Surveys:       .csv or .xlsx, one row per respondent, a column of free text
    Codebooks:     .csv, .xlsx, REFI-QDA .qdc
    Codings:       .csv with transcript, coder, code, and start/end or excerpt
    Cases:         .csv with case, transcript, speaker, and attributes
    Corpus folder: codebook.csv, segments.csv, codings.csv
    """
    from ..project.importing import ImportOptions
    from ..workflow import open_or_make

    with progress_on_stderr() as progress, open_or_make(study) as project:
        chosen = ImportOptions(
            unit=unit, join_turns=join_turns, coded_share=coded_share, progress=progress
        )
        report = project.import_paths(paths, chosen)
    if as_json:
        terminal.print_json(report.to_dict())
    else:
        show_report(report)
    if report.refused or report.stopped:
        ctx.exit(1)


def show_report(report: ImportReport) -> None:
    """Print what an import took and what it could not."""
    for item in report.imported:
        sign = "+" if item.new else "="
        click.echo(f"{sign} {readable_text(item.path.name)}: {item.account}")
        for warning in item.warnings:
            click.echo(f"    note: {warning}")
    for left in report.skipped:
        click.echo(f"  {readable_text(left.path.name)}: skipped ({left.reason})")
    for refused in report.refused:
        terminal.print_message(f"autocode: {refused.reason}")
    if report.stopped:
        terminal.print_message(f"autocode: {report.stopped}")
    if not (report.imported or report.skipped or report.refused):
        click.echo("Nothing to import was found there.")
    if any(item.new and item.guessed for item in report.imported):
        click.echo("Roles are guessed; check and correct them with: autocode speakers STUDY")
