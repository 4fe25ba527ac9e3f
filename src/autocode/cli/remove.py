"""`autocode remove`: take out a transcript or a coder's work; erase a participant who withdrew."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.counted import say_count
from ..core.errors import NothingToDo
from . import options, terminal
from .commands import Command

if TYPE_CHECKING:
    from ..project.erasing import Erasure
    from ..project.removing import Removal


@click.command(
    "remove",
    cls=Command,
    examples=[
        "autocode remove study.autocode --transcript P07 --coder Amina --dry-run",
        "autocode remove study.autocode --transcript P07 --coder Amina",
        "autocode remove study.autocode --work-of Jonas --coder Amina",
        "autocode remove study.autocode --erase --case P07 --coder Amina",
    ],
)
@options.study
@click.option("--transcript", metavar="NAME", help="Remove this transcript and its codings.")
@click.option("--work-of", metavar="NAME", help="Remove everything that this coder did.")
@click.option("--case", metavar="NAME", help="With --erase: the participant whose words go.")
@click.option(
    "--coder",
    required=True,
    metavar="NAME",
    help="Who does this; with nothing else named, it is their own work that is removed.",
)
@click.option(
    "--erase", is_flag=True, help="Erase for good, from the history too; cannot be undone."
)
@click.option("--yes", is_flag=True, help="With --erase: do not ask.")
@click.option("--dry-run", is_flag=True, help="Say what would go; change nothing.")
@options.as_json
def command(
    study: Path,
    transcript: str | None,
    work_of: str | None,
    case: str | None,
    coder: str,
    erase: bool,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Remove a transcript or a coder's work, or erase a participant.

    Removing is an act: 'autocode undo' brings back every row. Suggestions and draft themes that
    rest on what is removed are dropped; make them again when you need them.

    With --erase a participant who withdrew is erased for good: words, codings, memos, names and
    attributes, in the history too, and the file is written anew. Of a transcript in which others
    speak, only the turns of the case are erased. What would be erased is counted first; the history
    keeps who erased how much and when. Delete exported files and copies of the study yourself.
    """
    from ..project import Project
    from ..project.removing import RemovalTarget

    if not erase and (yes or case is not None):
        raise click.UsageError("--case and --yes go with --erase.")
    if transcript is None and work_of is None and case is None and not erase:
        work_of = coder
    target = RemovalTarget(transcript=transcript, coder=work_of, case=case)
    with Project.open(study) as project:
        done: Erasure | Removal
        if erase:
            done = project.erase(target, coder=coder, dry_run=True)
            if not dry_run:
                _ask(done, yes=yes)
                done = project.erase(target, coder=coder)
        else:
            done = project.remove(target, coder=coder, dry_run=dry_run)
    if as_json:
        terminal.print_json(done.to_dict())
        return
    words = "Erased for good" if erase else "Removed"
    click.echo("\n".join(_lines(done, "Would go" if dry_run else words)))
    if not erase and done.act is not None:
        click.echo(f"To take this back: autocode undo {study} --act {done.act} --coder {coder}")


def _lines(done: Erasure | Removal, words: str) -> list[str]:
    """What goes, in counts; of an erasure also where the person is still named."""
    from ..project.erasing import Erasure
    from ..project.removing import describe_rows

    lines = [f"{words}: {describe_rows(done.rows)}"]
    if done.n_suggestions or done.n_draft_segments:
        drafts = ", the draft themes" if done.n_draft_segments else ""
        lines.append(
            f"What rests on it goes too: {say_count(done.n_suggestions, 'suggestion')}{drafts}"
        )
    if done.rows.get("media"):
        lines.append("The recording itself is a file of yours, and stays where it is.")
    if isinstance(done, Erasure):
        lines.append(f"Rows of the history whose words go: {done.n_erased_changes}")
        if done.shared_transcripts:
            shared = ", ".join(done.shared_transcripts)
            lines.append(f"Others speak here; only this person's turns go: {shared}")
        if done.n_shared_vectors:
            lines.append(
                f"Vectors dropped from the cache that studies share: {done.n_shared_vectors}"
            )
        lines += _say_looked_for(done)
    return [terminal.excerpt(line, 400) if line[:1] != " " else line for line in lines]


def _say_looked_for(done: Erasure) -> list[str]:
    """What was looked for in what others said and wrote, and where it was found."""
    lines = []
    if done.looked_for:
        lines.append(
            f"Looked for in the words of others, also as a possessive: {', '.join(done.looked_for)}"
        )
    if done.not_looked_for:
        lines.append(
            "Not looked for alone, as others are called so or it is a word as well: "
            f"{', '.join(done.not_looked_for)}"
        )
    if done.mentions:
        lines.append("Still named or quoted by others, for you to look at:")
        return lines + [f"  {where}: {n}" for where, n in done.mentions.items()]
    lines.append("Named or quoted by others: nowhere. Nicknames and misspelt names are not found.")
    return lines


def _ask(planned: Erasure, *, yes: bool) -> None:
    """Go on if the answer is yes; raises NothingToDo for no, and where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise NothingToDo(
            "Nothing was erased: nobody can be asked. See what would go with --dry-run, and add "
            "--yes."
        )
    terminal.print_message("\n".join(_lines(planned, "Would be erased for good")))
    if not click.confirm("This cannot be undone. Erase?", err=True):
        raise NothingToDo("Nothing was erased.")
