"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

study = click.argument("study", type=click.Path(path_type=Path, dir_okay=True))
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
interviewer = click.option(
    "--include-interviewer", is_flag=True, help="Take in the interviewer's words as well."
)
unit = click.option(
    "--unit",
    type=click.Choice(["turn", "paragraph", "meaning", "sentence"]),
    help="What to cut transcripts into (default: what the study has; at first, meaning units).",
)
join_turns = click.option(
    "--join-turns",
    is_flag=True,
    help="Make one turn of consecutive ones (or cues) of the same speaker.",
)


def encoder(command: Command) -> Command:
    """The options --encoder and --allow-download."""
    command = click.option(
        "--allow-download",
        is_flag=True,
        help="Let a model named with --encoder be fetched from the model hub.",
    )(command)
    return click.option(
        "--encoder",
        "model",
        default="all-MiniLM-L6-v2",
        show_default=True,
        metavar="NAME|FOLDER",
        help="A sentence-transformers model.",
    )(command)
