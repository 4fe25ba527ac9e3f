"""The command `autocode`: its commands, each in a module of its own, loaded when called."""

from __future__ import annotations

import sys
from typing import Any

import click

from .._version import __version__
from ..core.errors import AutocodeError, FileRefused
from .commands import Group

_COMMANDS = {
    "demo": "demo",
    "run": "run",
    "import": "import_",
    "show": "show",
    "speakers": "speakers",
    "segment": "segment",
    "remove": "remove",
    "replace": "replace",
    "audio": "audio",
    "pseudonyms": "pseudonyms",
    "codes": "codes",
    "open": "open",
    "serve": "serve",
    "users": "users",
    "code": "coding",
    "uncode": "coding:uncode",
    "respan": "coding:respan",
    "recode": "coding:recode",
    "memo": "coding:memo",
    "coders": "coders",
    "passes": "passes",
    "share": "share",
    "join": "join",
    "suggest": "suggest",
    "next": "next",
    "decide": "decide",
    "themes": "themes",
    "map": "map",
    "search": "search",
    "tables": "tables",
    "quotes": "quotes",
    "saturation": "saturation",
    "agree": "agree",
    "resolve": "resolve",
    "evaluate": "evaluate",
    "export": "export",
    "roundtrip": "roundtrip",
    "report": "report",
    "history": "history",
    "bulk": "bulk",
    "cache": "cache",
    "undo": "undo",
    "redo": "undo:redo",
}
"""The module of each command, in the order of the work; after a colon, its name there."""


class _Autocode(Group):
    """Turns our errors into one line on stderr and exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        try:
            return super().invoke(ctx)
        except AutocodeError as error:
            details = error.details if isinstance(error, FileRefused) else ()
            click.echo("\n    ".join([f"autocode: {error.on_command_line}", *details]), err=True)
            ctx.exit(1)
        except BrokenPipeError:
            # The reader of our output (head, less) has gone; that is no fault of the study.
            sys.stderr.close()
            ctx.exit(0)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            fault = (error.strerror or str(error)).lower()
            click.echo(
                f"autocode: {where}{fault}. Check that it exists and that you may use it.", err=True
            )
            ctx.exit(1)


@click.group(
    cls=_Autocode,
    commands_from=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    examples=["autocode demo", "autocode import study.autocode interviews/ codebook.csv"],
)
@click.version_option(__version__, prog_name="autocode")
def run() -> None:
    """Codebook and framework analysis with NLP that runs on your own machine.

    A STUDY is one file, such as study.autocode. The machine suggests codes and never applies them:
    a suggestion becomes a coding when a person accepts it, and every decision is kept. Nothing
    leaves your machine.
    """
