"""`autocode search`: the excerpts that words, codes, coders and attributes are found in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.counted import say_count
from ..core.errors import InputError
from . import options, terminal
from .commands import Command

if TYPE_CHECKING:
    from ..project.searching import Hit, SearchResult

_SHOWN = 240
_BEFORE = 60


@click.command(
    "search",
    cls=Command,
    examples=[
        "autocode search study.autocode waiting",
        "autocode search study.autocode '\"waiting list\" code:access -coder:Amina'",
        "autocode search study.autocode 'asham* OR embarrass* role=nurse'",
        "autocode search study.autocode --like P01 --turn 12",
    ],
)
@options.study
@click.argument("query", required=False)
@click.option(
    "--like", metavar="TRANSCRIPT", help="Excerpts like one of this transcript (with --turn)."
)
@click.option(
    "--turn", type=click.IntRange(1), metavar="N", help="The turn that others are to be like."
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    metavar="N",
    help="Show N excerpts.",
)
@options.as_json
def command(
    study: Path, query: str | None, like: str | None, turn: int | None, limit: int, as_json: bool
) -> None:
    """Find excerpts by words, codes, coders, memos, cases, attributes.

    All terms of QUERY must hold of one excerpt: a word, the beginning of one (wait*), a "phrase",
    code:NAME (with the codes under it), coder:NAME, memo:WORD, speaker:NAME, case:NAME,
    transcript:NAME, or an attribute of a case as NAME=VALUE. OR between two terms asks for either,
    a minus before one excludes it. Capitals and the form of apostrophes do not matter; accents do.

    With --like, excerpts are listed by likeness to a turn of a transcript, as far as vectors are
    stored (by 'autocode suggest').
    """
    from ..project import Project
    from ..project.hand_coding import Place
    from ..project.searching import SearchOptions

    wanted = SearchOptions(limit=limit)
    if (query is None) == (like is None):
        raise InputError("Give either a QUERY or --like TRANSCRIPT.")
    if (like is None) != (turn is None):
        raise InputError("--like and --turn belong together.")
    with Project.open(study) as project:
        if like is not None:
            result = project.find_similar(Place(transcript=like, turn=turn), options=wanted)
        else:
            result = project.search(query or "", options=wanted)
    if as_json:
        terminal.print_json(result.to_dict())
    else:
        _show(result)


def _show(result: SearchResult) -> None:
    transcript = ""
    for hit in result.hits:
        if hit.transcript != transcript:
            transcript = hit.transcript
            click.echo(terminal.excerpt(transcript, _SHOWN))
        who = f", {hit.speaker}" if hit.speaker else ""
        alike = "" if hit.similarity is None else f" ({hit.similarity:.2f})"
        codes = f"  [{', '.join(sorted({code for code, _ in hit.codes}))}]" if hit.codes else ""
        line = f"turn {hit.turn}{who}{alike}: {_shorten(hit)}{codes}"
        click.echo(terminal.wrap(line, indent=2))
    more = f"; the first {len(result.hits)} are shown" if len(result.hits) < result.n_hits else ""
    kind = "excerpt" if result.n_hits == 1 else "excerpts"
    within = say_count(result.n_transcripts, "transcript")
    click.echo(f"{result.n_hits} {kind} in {within}{more}")


def _shorten(hit: Hit) -> str:
    """The words of a hit around the first that is marked."""
    first = hit.marks[0].start - hit.span.start if hit.marks else 0
    begin = 0 if first + _BEFORE < _SHOWN else first - _BEFORE
    words = " ".join(hit.excerpt[begin : begin + _SHOWN].split())
    return f"{'…' * (begin > 0)}{words}{'…' * (begin + _SHOWN < len(hit.excerpt))}"
