"""The command `autocode`: its subcommands, each in a module of its own, loaded when called."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from .._version import __version__
from ..core.errors import AutocodeError

_COMMANDS = {
    "demo": "Run the whole job on the bundled example study.",
    "run": "Import, suggest, draft themes, compare coders and report, in one go.",
    "import": "Take transcripts, codebooks, codings and corpus folders into a study.",
    "show": "Say what a study holds.",
    "speakers": "List who speaks in each transcript, and correct who interviews.",
    "segment": "Cut the transcripts into turns, paragraphs, meaning units or sentences.",
    "suggest": "Rank the codes of the codebook for every uncoded segment.",
    "next": "Say what to code next, and how each code stands.",
    "themes": "Draft themes from what no code covers.",
    "saturation": "Say what each further transcript brings for the first time.",
    "agree": "Measure how coders agree, per code and overall.",
    "evaluate": "Measure suggestions against people's codings, transcripts left out.",
    "decide": "Apply accept, reject and change decisions from a CSV file.",
    "export": "Write codings, suggestions, themes and the codebook as CSV and REFI-QDA.",
    "report": "Write one offline HTML page about the study.",
}


class _Commands(click.Group):
    """Lists commands without importing them, and turns our errors into one line and exit 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"autocode.cli.{_module(cmd_name)}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        try:
            return super().invoke(ctx)
        except AutocodeError as error:
            click.echo(f"autocode: {error}", err=True)
            ctx.exit(1)
        except BrokenPipeError:
            # The reader of our output (head, less) has gone; that is no fault of the study.
            sys.stderr.close()
            ctx.exit(0)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            fault = (error.strerror or str(error)).lower()
            click.echo(f"autocode: {place}{fault}. Check the place and its rights.", err=True)
            ctx.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="autocode")
def run() -> None:
    """Codebook and framework analysis with NLP that runs on your own machine.

    A STUDY is one file, such as study.autocode. Codes are suggested, never applied: a suggestion
    becomes a coding when a person decides so, and each decision is kept. Nothing leaves the
    machine.

    Start with: autocode demo
    """


def _module(command: str) -> str:
    return f"{command}_" if command == "import" else command
