"""Options that say what imported files are and how they are read."""

from __future__ import annotations

from pathlib import Path

import click

KINDS = ["transcript", "survey", "codebook", "codings", "cases"]


def split_columns(
    ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Pairs of role and heading from ROLE=NAME."""
    pairs = []
    for value in values:
        role, equals, heading = value.partition("=")
        if not (equals and role.strip() and heading.strip()):
            raise click.BadParameter("Write ROLE=NAME, as in speaker=Who.")
        pairs.append((role.strip().casefold(), heading.strip()))
    return tuple(pairs)


kind = click.option(
    "--as",
    "kind",
    type=click.Choice(KINDS),
    help="Take the files for this, whatever they look like.",
)
dry_run = click.option(
    "--dry-run",
    is_flag=True,
    help="Show what would be taken as what, and its first lines; write nothing.",
)
columns = click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="ROLE=NAME",
    callback=split_columns,
    help="The column NAME holds ROLE: speaker, words, start, end, tags; id, answer; code, name, "
    "definition, parent; transcript, coder, excerpt; case. Can be repeated.",
)
speaker_patterns = click.option(
    "--speaker-pattern",
    "speaker_patterns",
    multiple=True,
    metavar="PATTERN",
    help='How turns are marked, as in "{speaker}: {words}" or "[{time}] {speaker} - {words}"; \\n '
    "ends a line. Can be repeated; the one that fits best is taken.",
)
sheet = click.option("--sheet", metavar="NAME", help="Read this sheet of an Excel workbook.")
header_row = click.option(
    "--header-row",
    type=click.IntRange(min=1),
    metavar="N",
    help="The headings stand in row N of the tables, counted from 1.",
)
encoding = click.option(
    "--encoding",
    metavar="NAME",
    help="Read text files in this encoding, such as cp1252, cp1254 or mac-roman.",
)
audio = click.option(
    "--audio",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The recording of the transcript that PATH is, to be heard on the page.",
)
coder = click.option(
    "--coder", metavar="NAME", help="Whose codings they are, where a table names nobody."
)
comments = click.option(
    "--comments",
    is_flag=True,
    help="Take comments in documents that name codes as codings by their authors.",
)
new_codes = click.option(
    "--new-codes", is_flag=True, help="Make the codes that tables of codings name and nobody has."
)
update_codes = click.option(
    "--update-codes",
    is_flag=True,
    help="Change known codes to what a codebook says of them; else new codes alone are taken.",
)
partial = click.option(
    "--partial", is_flag=True, help="Take the sound rows of codings though others do not fit."
)
