"""`autocode quotes`: excerpts of codes and themes for a paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.counted import say_count
from . import options, terminal
from .commands import Command

if TYPE_CHECKING:
    from ..analysis.quotes import QuoteList


@click.command(
    "quotes",
    cls=Command,
    examples=[
        "autocode quotes study.autocode --code wait",
        "autocode quotes study.autocode --code wait --by role --at-most 2 --output quotes.docx",
        "autocode quotes study.autocode --theme T01 --context 1 --output quotes.xlsx",
    ],
)
@options.study
@click.option(
    "--code",
    "codes",
    metavar="CODE",
    multiple=True,
    help="Quotes of this code and of those below it (default: of every code). "
    "May be given several times.",
)
@click.option(
    "--theme",
    "themes",
    metavar="THEME",
    multiple=True,
    help="Quotes of this theme instead: of the map, by key or name, or a draft theme, by key. May "
    "be given several times.",
)
@click.option("--coder", metavar="NAME", help="Only what this coder coded.")
@click.option("--by", metavar="ATTRIBUTE", help="Sort by this attribute of the participants.")
@click.option(
    "--at-most",
    type=click.IntRange(1),
    metavar="N",
    help="At most N quotes of a participant under a code: those that most people coded.",
)
@click.option(
    "--context",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    show_default=True,
    help="Show N turns before and after.",
)
@options.output("Write them to FILE: .docx, .xlsx, .csv or .md.")
@options.as_json
def command(
    study: Path,
    codes: tuple[str, ...],
    themes: tuple[str, ...],
    coder: str | None,
    by: str | None,
    at_most: int | None,
    context: int,
    output: Path | None,
    as_json: bool,
) -> None:
    """List what participants said under codes or themes.

    Each excerpt comes with the participant, their attributes, and where it stands. Codings of one
    code with the same span, or inside a longer one, are one quote; codings of machines are left
    out.
    """
    from ..analysis.quotes import QuoteOptions
    from ..project import Project
    from ..project.quoting import write_quotes

    wanted = QuoteOptions(
        codes=codes, themes=themes, coder=coder, by=by, at_most=at_most, context=context
    )
    with Project.open(study) as project:
        quotes = project.quotes(wanted)
    if output is not None:
        n_rows = write_quotes(quotes, output)
    if as_json:
        terminal.print_json(quotes.to_dict())
    elif output is not None:
        click.echo(f"{click.format_filename(output)}: {say_count(n_rows, 'quote')}")
        _show_left_out(quotes)
    else:
        _show(quotes)


def _show(quotes: QuoteList) -> None:
    from ..analysis.quotes import describe_source

    key = ""
    for quote in quotes.quotes:
        if quote.key != key:
            key = quote.key
            click.echo(f"{quote.key}: {quote.name}" if quote.key != quote.name else quote.name)
        click.echo(f"  {quote.excerpt}")
        source = describe_source(quote, filter(None, quote.attributes.values()))
        coders = f"; coded by {', '.join(quote.coders)}" if quote.coders else ""
        click.echo(f"    {source}{coders}")
        for name, words in (("before", quote.before), ("after", quote.after)):
            if words:
                click.echo(f"    {name}: {words}")
    _show_left_out(quotes)


def _show_left_out(quotes: QuoteList) -> None:
    if quotes.n_left_out:
        click.echo(f"{quotes.n_left_out} more are left out (--at-most {quotes.at_most})")
