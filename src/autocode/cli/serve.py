"""`autocode serve`: the page for a team on one server, whose people sign in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.counted import say_count
from . import options, terminal
from .commands import Command
from .users import users_option

if TYPE_CHECKING:
    from ..page.team_server import TeamStart


@click.command(
    "serve",
    cls=Command,
    examples=[
        "autocode serve study.autocode --port 8765 --host-name study.example.org",
        "autocode serve study.autocode --port 8765",
    ],
)
@options.study
@users_option
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N",
              help="The port to listen on (default: any free one).")  # fmt: skip
@click.option("--host-name", metavar="NAME",
              help="The name under which a proxy with TLS makes it known.")  # fmt: skip
@click.option("--bind", metavar="ADDRESS", default="127.0.0.1", show_default=True,
              help="The address to listen on; another one needs --host-name.")  # fmt: skip
@options.as_json
def command(
    study: Path, users: Path | None, port: int, host_name: str | None, bind: str, as_json: bool
) -> None:
    """Serve a study to a team that signs in with passwords.

    One process serves one study on a local disk, until you press Ctrl+C. Make users with
    'autocode users add'. Without --host-name only this machine reaches the page.
    """
    from ..page.connection import open_served
    from ..page.site import check_host_name
    from ..page.study_disk import refuse_share, warn_of_syncing
    from ..page.team_server import TeamOptions, serve_team
    from ..page.users import users_path

    wanted = TeamOptions(
        users=users or users_path(study),
        port=port,
        host_name=None if host_name is None else check_host_name(host_name),
        bind=bind,
    )
    refuse_share(study)
    if warning := warn_of_syncing(study):
        click.echo(f"autocode: {warning}", err=True)
    with open_served(study) as project:
        serve_team(project, wanted, lambda start: _show(start, as_json=as_json))


def _show(start: TeamStart, *, as_json: bool) -> None:
    if as_json:
        terminal.print_json(start.to_dict())
    else:
        users = say_count(start.n_users, "user")
        click.echo(f"{click.format_filename(start.study)}: {users} can sign in")
        click.echo(f"Listening on {start.bind}, port {start.port}; Ctrl+C ends it.")
        click.echo(start.address)
    sys.stdout.flush()  # whoever reads it through a pipe waits for it
