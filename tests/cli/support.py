"""Walk the tree of commands, and parse a command line without running it."""

from __future__ import annotations

import csv
import shlex
from collections.abc import Iterator, Sequence

import click

from autocode.cli.main import run
from autocode.project import Project


def walk() -> Iterator[tuple[str, click.Command]]:
    """Every command and group under `autocode`, by its full name ("themes draft")."""
    yield from _walk("", run)


def _walk(prefix: str, group: click.Group) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        full_name = f"{prefix} {name}".strip()
        yield full_name, command
        if isinstance(command, click.Group):
            yield from _walk(full_name, command)


def parse(line: str | Sequence[str]) -> click.Command:
    """Parse `autocode ...` with click's own parser; returns the command it would run.

    Raises:
        click.UsageError: if there is no such command, option or value.
    """
    program, *words = shlex.split(line, comments=True) if isinstance(line, str) else line
    assert program == "autocode", line
    command: click.Command = run
    while isinstance(command, click.Group):
        context = click.Context(command)
        if not words:
            raise click.UsageError(f"'{line}' names no command.")
        if command.default and words[0] not in command.list_commands(context):
            words = [command.default, *words]
        name, *words = words
        found = command.get_command(context, name)
        if found is None:
            raise click.UsageError(f"No such command '{name}'.")
        command = found
    command.make_context(command.name, words)
    return command


def decisions_file(path, rows):
    """Write a table of decisions; returns its path."""
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([("suggestion", "decision", "to", "coder"), *rows])
    return path


def numbers(study):
    """The numbers of the first suggestion of each segment."""
    with Project.open(study) as project:
        return [s.number for s in project.suggestions() if s.rank == 1]
