"""`autocode replace`: a corrected version of a transcript, with people's work carried over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.counted import say_count
from . import options, terminal
from .commands import Command
from .progress import progress_on_stderr

if TYPE_CHECKING:
    from ..project.replacing import Replacement

_SHOWN_BEFORE, _LONGEST = 40, 160
"""Characters shown before words that differ, and of each version at most."""


@click.command(
    "replace",
    cls=Command,
    examples=[
        "autocode replace study.autocode P07 P07_corrected.docx --coder Amina --dry-run",
        "autocode replace study.autocode P07 P07_corrected.docx --coder Amina --drop-lost",
    ],
)
@options.study
@click.argument("transcript", metavar="TRANSCRIPT")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--coder", required=True, metavar="NAME", help="Who does this.")
@click.option("--drop-lost", is_flag=True, help="Drop what stands on words that are gone.")
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@options.as_json
def command(
    study: Path,
    transcript: str,
    file: Path,
    coder: str,
    drop_lost: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Replace a transcript by a corrected version.

    Codings, memos, readings, decisions, segments of the map and those that came with a corpus
    folder move to where their words stand in the new version; those whose words differ a little are
    listed. Work on words that are gone is listed by coder, code and words, and nothing is changed
    unless it may be dropped (--drop-lost). Speakers keep the roles and cases that those of the same
    name have. 'autocode undo' takes all of it back.
    """
    from ..project import Project
    from ..project.replacing import ReplaceOptions

    with progress_on_stderr() as progress, Project.open(study) as project:
        wanted = ReplaceOptions(drop_lost=drop_lost, dry_run=dry_run, progress=progress)
        replaced = project.replace_transcript(transcript, file, coder=coder, options=wanted)
    if as_json:
        terminal.print_json(replaced.to_dict())
    else:
        _show(replaced, study, coder, "Would move" if dry_run else "Moved")


def _show(replaced: Replacement, study: Path, coder: str, verb: str) -> None:
    from ..project.replacing import describe_work

    click.echo(f"{verb} to the new version of {replaced.transcript}: {replaced.n_carried}")
    if replaced.changed:
        click.echo(f"Their words differ ({len(replaced.changed)}):")
        for work in replaced.changed:
            words, now = _cut_to_difference(work.words, work.now or "")
            click.echo(terminal.wrap(describe_work(replace(work, words=words)), indent=2))
            click.echo(terminal.wrap(f'now "{now}"', indent=4))
    if replaced.lost:
        click.echo(f"Their words are gone ({len(replaced.lost)}):")
        for work in replaced.lost:
            cut = replace(work, words=_cut(work.words))
            click.echo(terminal.wrap(describe_work(cut), indent=2))
    _show_what_is_new(replaced, study)
    if replaced.act is not None:
        click.echo(f"To take this back: autocode undo {study} --act {replaced.act} --coder {coder}")


def _cut_to_difference(before: str, now: str) -> tuple[str, str]:
    """Two versions of some words from shortly before they differ on, each cut after some lines.

    Who has read a whole transcript has work on all of its words.
    """
    marks = enumerate(zip(before, now, strict=False))
    differs = next((at for at, (one, other) in marks if one != other), min(len(before), len(now)))
    begin = max(0, differs - _SHOWN_BEFORE)
    while begin and not before[begin - 1].isspace():
        begin -= 1
    mark = "… " if begin else ""
    return mark + _cut(before[begin:]), mark + _cut(now[begin:])


def _cut(words: str) -> str:
    return terminal.excerpt(words, _LONGEST) + "…" * (len(words) > _LONGEST)


def _show_what_is_new(replaced: Replacement, study: Path) -> None:
    if replaced.n_turns_uncut:
        click.echo(
            f"{say_count(replaced.n_turns_uncut, 'turn')} of the new version "
            f"{'is' if replaced.n_turns_uncut == 1 else 'are'} in no segment: segments came "
            "with the corpus, and new ones are not made"
        )
    if replaced.new_speakers:
        gone = ", ".join(replaced.gone_speakers) or "nobody"
        new = ", ".join(replaced.new_speakers)
        click.echo(
            f"Speakers new here: {new}; no longer here: {gone}. Look at their roles and cases: "
            f"autocode speakers {study} --transcript {replaced.transcript}"
        )
    if replaced.n_suggestions or replaced.n_draft_segments:
        drafts = ", the draft themes" if replaced.n_draft_segments else ""
        click.echo(
            "What rests on the old words goes: "
            f"{say_count(replaced.n_suggestions, 'suggestion')}{drafts}"
        )
