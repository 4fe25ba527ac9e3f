"""`autocode import`: files and folders into a study."""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core.errors import InputError, one_line
from . import import_options, options, terminal
from .audio import describe
from .commands import Command
from .progress import progress_on_stderr

if TYPE_CHECKING:
    from ..project import Project
    from ..project.import_report import (
        AssignedKind,
        ImportedFile,
        ImportReport,
        PlannedFile,
        Recognition,
    )
    from ..project.recordings import RecordingChange


_MOST_SKIPPED, _SKIPPED_SHOWN, _REASONS_SHOWN = 40, 20, 10
"""Files passed over that are all named; how many of more are; reasons counted for the others."""


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
        "autocode import study.autocode P01.docx --audio recordings/P01.m4a",
        "autocode import study.autocode answers.xlsx --as survey --sheet Wave2 --dry-run",
        "autocode import study.autocode talk.csv --column speaker=Who --column words=Said",
    ],
)
@options.study
@options.paths
@options.unit
@options.join_turns
@options.coded_share
@import_options.kind
@import_options.dry_run
@import_options.columns
@import_options.sheet
@import_options.header_row
@import_options.encoding
@import_options.speaker_patterns
@import_options.coder
@import_options.comments
@import_options.partial
@import_options.new_codes
@import_options.update_codes
@import_options.audio
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    study: Path,
    paths: tuple[Path, ...],
    unit: Any,  # noqa: ANN401 - one of the unit names
    join_turns: bool,
    coded_share: float,
    kind: AssignedKind | None,
    dry_run: bool,
    columns: tuple[tuple[str, str], ...],
    sheet: str | None,
    header_row: int | None,
    encoding: str | None,
    speaker_patterns: tuple[str, ...],
    coder: str | None,
    comments: bool,
    partial: bool,
    new_codes: bool,
    update_codes: bool,
    audio: Path | None,
    as_json: bool,
) -> None:
    r"""Import transcripts, codebooks, codings and cases.

    Makes STUDY if it does not exist. PATH is a file or a folder. Importing a file twice changes
    nothing. A file that cannot be imported stops no other; the exit status is then 1.

    \b
    Transcripts:   FORMATS
    Surveys:       .csv or .xlsx, one row per respondent, a column of free text
    Speech tables: .csv or .xlsx, one row per utterance: start, end, speaker, words
    Codebooks:     .csv, .xlsx, REFI-QDA .qdc
    Codings:       .csv, .xlsx with transcript, coder, code, and start/end, excerpt or turn;
                   also as MAXQDA, ATLAS.ti, NVivo, Dedoose, QualCoder, Taguette, requal export them
    Cases:         .csv with case, transcript, speaker, and attributes
    Corpus folder: codebook.csv, segments.csv, codings.csv

    What a file is, is decided by its content, and the output says why. Where that is wrong, say
    it with --as. If a file fits two kinds equally well you are asked, or it is refused.
    """
    from ..project.importing import ImportOptions, preview_paths
    from ..project.recordings import check_sound_file
    from ..workflow import open_or_make

    noted: RecordingChange | None = None
    if audio is not None:
        if len(paths) != 1:
            raise click.UsageError("--audio is the recording of one transcript: name only that.")
        check_sound_file(audio)  # before anything is imported
    with progress_on_stderr() as progress:
        chosen = ImportOptions(
            unit=unit,
            join_turns=join_turns,
            coded_share=coded_share,
            progress=progress,
            kind=kind,
            columns=columns,
            sheet=sheet,
            encoding=encoding,
            header_row=header_row,
            speaker_patterns=speaker_patterns,
            dry_run=dry_run,
            ask=ask_kind if sys.stdin.isatty() and sys.stderr.isatty() else None,
            coder=coder or "",
            comments=comments,
            partial=partial,
            new_codes=new_codes,
            update_codes=update_codes,
        )
        if dry_run:
            report = preview_paths(paths, chosen)
        else:
            with open_or_make(study) as project:
                report = project.import_paths(paths, chosen)
                if audio is not None and not report.refused:
                    noted = _note_recording(project, report, audio, coder or "")
    if as_json:
        payload = report.to_dict()
        terminal.print_json(payload | {"recording": noted.to_rows()[0]} if noted else payload)
    else:
        show_report(report)
        if noted is not None:
            click.echo(describe(noted))
    if report.refused or report.stopped:
        ctx.exit(1)


def _note_recording(
    project: Project, report: ImportReport, audio: Path, coder: str
) -> RecordingChange | None:
    """Note the recording of the one transcript that was imported, or was there already."""
    names = [item.transcript for item in report.imported if item.transcript is not None]
    if len(names) != 1:
        raise InputError(
            f"--audio is the recording of one transcript, and {len(names)} were imported. Note "
            "each with: autocode audio add STUDY TRANSCRIPT FILE"
        )
    return project.add_recording(names[0], audio, coder=coder).result


def ask_kind(path: Path, recognition: Recognition) -> AssignedKind | None:
    """Ask on the terminal which of several kinds a file is; None where there is no answer."""
    from ..project.import_report import ASSIGNED_KINDS

    kinds = recognition.close_kinds
    terminal.print_message(f"{one_line(path.name, 200)} may be:")
    for evidence in kinds:
        terminal.print_message(f"  {one_line(evidence.describe(), 300)}")
    try:
        answer = click.prompt(
            "Which is it?",
            type=click.Choice([*(evidence.kind for evidence in kinds), "none"]),
            default=kinds[0].kind,
            err=True,
        )
    except click.Abort:
        return None
    return next((kind for kind in ASSIGNED_KINDS if kind == answer), None)


def show_report(report: ImportReport) -> None:
    """Print what an import took and what it could not."""
    for item in report.imported:
        _show_imported(item)
    for planned in report.planned:
        _show_planned(planned)
    _show_skipped(report)
    for refused in report.refused:
        terminal.print_message(f"autocode: {refused.reason}", refused.details)
    if report.stopped:
        terminal.print_message(f"autocode: {report.stopped}")
    if closing := _close(report):
        click.echo(closing)


def _show_imported(item: ImportedFile) -> None:
    """Print what came of a file, and of another tool's project what was kept, changed or lost."""
    sign = "+" if item.new else "="
    click.echo(f"{sign} {one_line(item.path.name, 200)} ({_why(item)}): {item.account}")
    for warning in item.warnings:
        click.echo(f"    note: {warning}")
    for line in item.losses.to_lines() if item.losses else ():
        click.echo(f"    {line}")


def _show_skipped(report: ImportReport) -> None:
    """Print what was passed over: by name, and from `_MOST_SKIPPED` on the rest by reason.

    A file has its folder in front where another file of the report has the same name.
    """
    paths = [file.path for file in report.imported]
    paths += [file.path for file in report.planned]
    paths += [file.path for file in report.skipped]
    n_named = Counter(path.name for path in paths)
    n_shown = len(report.skipped) if len(report.skipped) <= _MOST_SKIPPED else _SKIPPED_SHOWN
    for left in report.skipped[:n_shown]:
        path = left.path
        shown = path.name if n_named[path.name] < 2 else f"{path.parent.name}/{path.name}"
        click.echo(f"  {one_line(shown, 200)}: skipped ({left.reason})")
    reasons = Counter(one_line(left.reason, 160) for left in report.skipped[n_shown:])
    if reasons:
        click.echo(f"  and {reasons.total()} more skipped; --json names them all:")
    for reason, n in reasons.most_common(_REASONS_SHOWN):
        click.echo(f"    {n}: {reason}")
    if others := sum(n for _, n in reasons.most_common()[_REASONS_SHOWN:]):
        click.echo(f"    {others}: for other reasons")


def _close(report: ImportReport) -> str:
    """What the last line says: what to do next, or that there was nothing."""
    if report.planned:
        return "Nothing was written: this is what an import would take."
    if not (report.imported or report.skipped or report.refused):
        return "Nothing to import was found there."
    if any(item.new and item.guessed for item in report.imported):
        return "Roles are guessed; check and correct them with: autocode speakers STUDY"
    return ""


def _show_planned(planned: PlannedFile) -> None:
    """Print what a file would be taken for, why, and how it begins."""
    click.echo(f"  {one_line(planned.path.name, 200)} ({_why(planned)}): {planned.account}")
    if planned.runner_up:
        click.echo(f"    may also be: {one_line(planned.runner_up, 300)}")
    for line in planned.lines:
        click.echo(f"    > {one_line(line, 300)}")
    for warning in planned.warnings:
        click.echo(f"    note: {warning}")


def _why(item: ImportedFile | PlannedFile) -> str:
    """The kind of a file and what says so, on one line."""
    return one_line(f"{item.kind}: {'; '.join(item.reasons)}" if item.reasons else item.kind, 300)
