"""Options and arguments that several commands share; each has one meaning everywhere."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ..core.errors import FileRefused
from ..io.url_path import AnyPath, as_path

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_DATABASE = b"SQLite format 3\0"
UNITS = ["turn", "paragraph", "meaning", "sentence"]

study = click.argument("study", metavar="STUDY", type=click.Path(path_type=Path))
paths = click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True,
    type=click.Path(path_type=Path, readable=False),
)  # fmt: skip
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
interviewer = click.option(
    "--include-interviewer", is_flag=True, help="Include what the interviewer says."
)
unit = click.option(
    "--unit",
    type=click.Choice(UNITS),
    help="What to cut transcripts into (default: as the study is cut; a new one, meaning units).",
)
join_turns = click.option(
    "--join-turns", is_flag=True, help="Join consecutive turns (or cues) of the same speaker."
)
coded_share = click.option(
    "--coded-share",
    type=click.FloatRange(0, 1),
    default=1.0,
    metavar="SHARE",
    help="Import the codings of this share of a corpus's transcripts only (default: all).",
)
transcript = click.option("--transcript", metavar="NAME", help="Show this transcript only.")


def split_names(
    ctx: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[str, ...]:
    """The names in a line of CSV: commas separate, double quotes keep a comma in a name."""
    if value is None:
        return ()
    try:
        (row,) = csv.reader([value], strict=True, skipinitialspace=True)
    except (csv.Error, ValueError):
        raise click.BadParameter("Separate names by commas, as in Amina,Jonas.") from None
    names = tuple(name.strip() for name in row)
    if not names or not all(names):
        raise click.BadParameter("A name is empty. Separate names by commas, as in Amina,Jonas.")
    return names


coders = click.option(
    "--coders",
    metavar="A,B",
    callback=split_names,
    help="Compare these coders, separated by commas (default: everybody). "
    "Put double quotes round a name that holds a comma.",
)


new_coder = click.option(
    "--new-coder", is_flag=True, help="Accept a name that is like a known one."
)


def for_coder(command: Decorated) -> Decorated:
    """The option --for NAME: the suggestions made for one coder."""
    return click.option(
        "--for",
        "coder",
        metavar="NAME",
        help="The suggestions made for NAME ('autocode suggest --for'; default: for everybody).",
    )(command)


def random_state(used_for: str) -> Decorator:
    """The option --random-state; `used_for` says what is drawn."""
    return click.option(
        "--random-state",
        type=int,
        default=0,
        show_default=True,
        metavar="N",
        help=f"Random seed of {used_for}.",
    )


def top(of: str) -> Decorator:
    """The option --top N; `of` says codes of what."""
    return click.option(
        "--top",
        default=3,
        show_default=True,
        type=click.IntRange(1),
        metavar="N",
        help=f"Codes per {of}.",
    )


def path_or_url(
    ctx: click.Context, parameter: click.Parameter, value: str | None
) -> AnyPath | None:
    """A path on this machine, or a URL of fsspec where the value has `://` in it."""
    return None if value is None else as_path(value)


def output(written: str) -> Decorator:
    """The option --output FILE; `written` says what is written. A study is never overwritten."""
    return click.option(
        "--output",
        type=click.Path(path_type=Path),
        metavar="FILE",
        callback=refuse_study,
        help=written,
    )


def encoder(command: Decorated) -> Decorated:
    """The options --encoder and --allow-download."""
    command = click.option(
        "--allow-download",
        is_flag=True,
        help="Allow the model named with --encoder to be downloaded.",
    )(command)
    return click.option(
        "--encoder",
        "model",
        default="all-MiniLM-L6-v2",
        show_default=True,
        metavar="NAME|FOLDER",
        help="A sentence-transformers model, or 'fast' (a hundred times as fast, coarser).",
    )(command)


def refuse_study(ctx: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    """Refuse to write over a study, or over any other database."""
    if value is not None and (value.suffix.lower() == ".autocode" or _is_database(value)):
        raise FileRefused.because(
            value,
            "is a study, or is named like one; it is never written over",
            remedy=f"Give another file to {parameter.opts[0]}.",
        )
    return value


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(len(_DATABASE)) == _DATABASE
    except OSError:
        # Nothing to read is nothing to lose; whether it can be written shows in the writing.
        return False
