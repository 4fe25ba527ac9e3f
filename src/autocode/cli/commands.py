"""What commands and groups of commands share: examples, loading on demand, checks of what is typed.

A command's summary is the first line of its docstring, written once; its examples are part of its
declaration, so that a test can parse them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from ..core.errors import InputError


class Command(click.Command):
    """A command whose help ends with examples, and which takes no text that is not UTF-8."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:  # noqa: ANN401 - click's arguments
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples under the options."""
        _write_examples(self.examples, formatter)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does, then refuse text that holds undecodable bytes.

        Raises:
            InputError: for such text. Paths may hold any bytes, as file names do.
        """
        rest = super().parse_args(ctx, args)
        for parameter in self.params:
            value = ctx.params.get(parameter.name or "")
            for text in value if isinstance(value, tuple) else (value,):
                if isinstance(text, str) and _is_undecodable(text):
                    name = parameter.opts[0] if parameter.opts[0].startswith("-") else "argument"
                    raise InputError(
                        f"{name} '{text}': this is not text in UTF-8. Type it in a terminal that "
                        "is set to UTF-8."
                    )
        return rest


class Group(click.Group):
    """Commands loaded when called; one may stand for the group where none is named.

    `commands_from` gives the modules of the commands by name, relative to this package; where a
    module holds several, as MODULE:NAME. With a
    `default`, `autocode GROUP STUDY` means `autocode GROUP DEFAULT STUDY`.
    """

    command_class = Command

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - click's arguments
        commands_from: dict[str, str] | None = None,
        default: str | None = None,
        examples: Sequence[str] = (),
        **kwargs: Any,  # noqa: ANN401 - click's arguments
    ) -> None:
        super().__init__(*args, **kwargs)
        self.commands_from = commands_from or {}
        self.default = default
        self.examples = tuple(examples)

    def list_commands(self, ctx: click.Context | None = None) -> list[str]:
        """The names of the commands, in the order of the work."""
        return [*self.commands_from, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, its module loaded, or None."""
        if cmd_name in self.commands_from:
            home, _, name = self.commands_from[cmd_name].partition(":")
            module = import_module(f".{home}", __package__)
            command: click.Command = getattr(module, name or "command")
            return command
        return super().get_command(ctx, cmd_name)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command before arguments that name none."""
        known = {*self.list_commands(ctx), *ctx.help_option_names}
        if self.default and args and args[0] not in known:
            args = [self.default, *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first argument names; suggest the nearest where none is."""
        names = self.list_commands(ctx)
        if args[0] not in names and not args[0].startswith("-"):
            ctx.fail(f"No such command '{args[0]}'.{_nearest(args[0], names)}")
        return super().resolve_command(ctx, args)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples under the commands."""
        _write_examples(self.examples, formatter)


def _nearest(name: str, names: Iterable[str]) -> str:
    close = get_close_matches(name, list(names), n=1)
    return f" Did you mean '{close[0]}'?" if close else ""


def _write_examples(examples: Sequence[str], formatter: click.HelpFormatter) -> None:
    if examples:
        with formatter.section("Examples"):
            for line in examples:
                formatter.write(f"{' ' * formatter.current_indent}{line}\n")


def _is_undecodable(text: str) -> bool:
    """Whether bytes that are not UTF-8 stand in `text`, as Python keeps them in arguments."""
    return any("\ud800" <= mark <= "\udfff" for mark in text)
