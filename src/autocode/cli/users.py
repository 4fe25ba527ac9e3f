"""`autocode users`: who may sign in where a team shares a study, and what they may do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.errors import InputError
from . import options, terminal
from .commands import Group

if TYPE_CHECKING:
    from ..page.keeping_users import UserBook, UserChange

users_option = click.option(
    "--users",
    type=click.Path(path_type=Path),
    metavar="FILE",
    callback=options.refuse_study,
    help="The users file (default: STUDY-users.json beside the study).",
)
_name = click.argument("name", metavar="NAME")
_role = click.Choice(["reader", "coder", "lead"])


@click.group("users", cls=Group, examples=["autocode users add study.autocode Amina --role lead"])
def command() -> None:
    """Say who may sign in where a team shares a study.

    A user is a coder of the study. A reader changes nothing; a coder codes, decides and finishes
    passes; a lead also reveals, settles and edits the codebook.
    """


@command.command("add", examples=["autocode users add study.autocode Amina --role coder"])
@options.study
@_name
@click.option("--role", type=_role, default="coder", show_default=True, help="What they may do.")
@options.new_coder
@users_option
@options.as_json
def add(
    study: Path, name: str, role: str, new_coder: bool, users: Path | None, as_json: bool
) -> None:
    """Let a coder sign in.

    The password (12 characters or more) is typed twice and not shown, or is the first line of
    standard input.
    """
    from ..page.coder import choose_coder
    from ..page.keeping_users import as_role
    from ..page.passwords import check_password
    from ..page.users import check_name
    from ..project import Project

    with Project.open(study) as project:
        coder = choose_coder(project, check_name(name), new=new_coder)
    book = _open_book(study, users)
    book.refuse_known(coder)
    password = _read_password()
    check_password(password, coder)
    _show(book.add(coder, as_role(role), password), as_json=as_json)


@command.command("list", examples=["autocode users list study.autocode"])
@options.study
@users_option
@options.as_json
def list_users(study: Path, users: Path | None, as_json: bool) -> None:
    """List who may sign in, and what they may do."""
    listed = _open_book(study, users).list()
    if as_json:
        terminal.print_json(listed.to_dict())
    elif not listed.users:
        click.echo("Nobody can sign in yet. Add users with: autocode users add STUDY NAME")
    else:
        terminal.print_table(["user", "role"], [[user.name, user.role] for user in listed.users])


@command.command("remove", examples=["autocode users remove study.autocode Jonas"])
@options.study
@_name
@users_option
@options.as_json
def remove(study: Path, name: str, users: Path | None, as_json: bool) -> None:
    """Remove a user; their work stays in the study.

    The user is signed out at once and cannot sign in again.
    """
    _show(_open_book(study, users).remove(name), as_json=as_json)


@command.command("password", examples=["autocode users password study.autocode Jonas"])
@options.study
@_name
@users_option
@options.as_json
def password(study: Path, name: str, users: Path | None, as_json: bool) -> None:
    """Give a user another password, typed as with 'add'.

    Whoever is signed in under that name is signed out at once.
    """
    from ..page.passwords import check_password

    book = _open_book(study, users)
    known = book.find(name)
    typed = _read_password()
    check_password(typed, known.name)
    _show(book.set_password(name, typed), as_json=as_json)


@command.command("role", examples=["autocode users role study.autocode Jonas lead"])
@options.study
@_name
@click.argument("role", metavar="ROLE", type=_role)
@users_option
@options.as_json
def role(study: Path, name: str, role: str, users: Path | None, as_json: bool) -> None:
    """Change what a user may do, from their next request on."""
    from ..page.keeping_users import as_role

    _show(_open_book(study, users).set_role(name, as_role(role)), as_json=as_json)


def _open_book(study: Path, users: Path | None) -> UserBook:
    """The users of a study; raises StudyError where there is no such study."""
    from ..page.keeping_users import UserBook
    from ..project import Project

    if not study.exists():
        Project.open(study).close()
    return UserBook.beside(study, users)


def _read_password() -> str:
    """A password that is never on the command line, which everybody can read."""
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return typed
    try:
        return sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise InputError("The password on standard input is not text in UTF-8.") from None


def _show(change: UserChange, *, as_json: bool) -> None:
    if as_json:
        terminal.print_json(change.to_dict())
    else:
        click.echo(f"{change.name}: {change.change} ({click.format_filename(change.file)})")
