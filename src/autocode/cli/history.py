"""`autocode history`: who changed what and when, and whether the history is as it was made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.counted import say_count
from ..core.errors import AutocodeError
from . import options, terminal
from .commands import Command

if TYPE_CHECKING:
    from ..core.acts import HistoryCheck


@click.command(
    "history",
    cls=Command,
    examples=[
        "autocode history study.autocode",
        "autocode history study.autocode --coder Amina --since 2026-11-01",
        "autocode history study.autocode --act 12",
        "autocode history study.autocode --verify",
    ],
)
@options.study
@click.option("--coder", metavar="NAME", help="Acts of this coder only.")
@click.option(
    "--since",
    metavar="DATE|NUMBER",
    help="Acts from this date or time (as in 2026-11-30 or 2026-11-30T14:00, UTC), or from this "
    "number on.",
)
@click.option("--kind", metavar="KIND", help="Acts of this kind only, as the list names it.")
@click.option("--act", type=int, metavar="N", help="Show the rows that this act changed.")
@options.output("Write the acts to FILE (.csv, .xlsx): the audit trail.")
@click.option("--verify", is_flag=True, help="Check that no act was changed, removed or moved.")
@options.as_json
def command(
    study: Path,
    coder: str | None,
    since: str | None,
    kind: str | None,
    act: int | None,
    output: Path | None,
    verify: bool,
    as_json: bool,
) -> None:
    """List the acts that made a study: who did what, and when.

    Every change is an act: imports, codings, decisions, edits of the codebook and of speakers,
    themes, and what was undone. Acts are numbered, never changed, and chained by digests, so that
    --verify finds one that was changed, removed or moved by another program.
    """
    from ..project import Project
    from ..project.history import HistoryFilter, parse_since
    from ..project.history_file import write_history
    from ..project.listing import ActChanges, HistoryList

    wanted = HistoryFilter(coder=coder, since=parse_since(since), kind=kind)
    with Project.open(study) as project:
        if act is not None:
            shown = ActChanges(act, tuple(project.changes(act)))
            if as_json:
                terminal.print_json(shown.to_dict())
            else:
                columns = ["table", "change", "before", "after"]
                rows = [[row[name] for name in columns] for row in shown.to_rows()]
                terminal.print_table(columns, rows)
            return
        check = project.verify_history() if verify else None
        history = HistoryList(tuple(project.history(wanted)), check)
    n_written = 0 if output is None else write_history(history.acts, output)
    if as_json:
        terminal.print_json(history.to_dict())
    elif output is not None:
        click.echo(f"{click.format_filename(output)}: {say_count(n_written, 'act')}")
    elif check is not None:
        _print_check(check)
    else:
        columns = ["act", "made_at", "coder", "kind", "summary", "undone_by"]
        rows = [[row[name] for name in columns] for row in history.to_rows()]
        terminal.print_table(["act", "when", "coder", "kind", "what", "undone by"], rows)
    if check is not None and not check.is_sound:
        raise AutocodeError(
            f"{study}: the history is not as it was made. Go back to your last copy of the study."
        )


def _print_check(check: HistoryCheck) -> None:
    for fault in check.faults:
        click.echo(f"Act {fault.act} {fault.fault}.")
    if check.is_sound:
        erased = f"; the words of {check.n_erased} were erased" if check.n_erased else ""
        click.echo(f"{say_count(check.n_acts, 'act')}, each as it was made{erased}.")
