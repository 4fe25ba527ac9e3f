"""The server of a team: one process, one study on a local disk, people who sign in."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.errors import InputError, one_line
from ..project import Project
from ..serialise.plain import to_payload, to_plain
from .app import build_app
from .followers import Followers
from .refit import Refits
from .server import HOST, listening, run_until_stopped
from .session import Sessions
from .site import Site
from .team import Team
from .users import read_users

MOST_CONNECTIONS = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamOptions:
    """The users, the port (0: any free one), the proxy's host name, and the address to bind."""

    users: Path
    port: int = 0
    host_name: str | None = None
    bind: str = HOST


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamStart:
    """A server that a team can use now: the `address` that people open, and where it listens."""

    study: str
    n_users: int
    address: str
    bind: str
    port: int

    def to_dict(self) -> dict[str, Any]:
        """The start as plain data."""
        return to_payload("team_start", to_plain(self))


def serve_team(
    project: Project, options: TeamOptions, announce: Callable[[TeamStart], None]
) -> None:
    """Serve a study to its users until it is stopped.

    Raises:
        InputError: if there are no users, the port is taken, or the address is no safe one.
        FileRefused: if the users file is none, or others can read it.
    """
    bind = check_bind(options)
    try:
        n_users = len(read_users(options.users))
    except FileNotFoundError:
        n_users = 0
    if not n_users:
        raise InputError(
            f"{options.users}: nobody can sign in yet. Add users with: "
            "autocode users add STUDY NAME --role lead"
        )
    sessions, refits, followers = Sessions(), Refits(project.path), Followers(project.path)
    team = Team(options.users, sessions)
    with listening(bind, options.port) as listener:
        port = listener.getsockname()[1]
        site = Site(port=port, host_name=options.host_name, bind=bind)
        app = build_app(
            project,
            sessions,
            port=port,
            host_name=site.host_name,
            bind=site.bind,
            refits=refits,
            followers=followers,
            team=team,
        )
        announce(
            TeamStart(
                study=str(project.path),
                n_users=n_users,
                address=f"{site.address}/",
                bind=bind,
                port=port,
            )
        )
        try:
            run_until_stopped(app, listener, most_connections=MOST_CONNECTIONS)
        finally:
            team.stop()
            refits.stop()
            followers.stop()


def check_bind(options: TeamOptions) -> str:
    """The address to bind; raises InputError where passwords would cross a network without TLS."""
    try:
        address = ipaddress.ip_address(options.bind)
    except ValueError:
        raise InputError(
            f"'{one_line(options.bind, 60)}' is no address. Give one such as 127.0.0.1 or 10.0.0.5."
        ) from None
    if not address.is_loopback and options.host_name is None:
        raise InputError(
            f"On {address} other machines would reach the page without TLS. Put a proxy with TLS "
            "before it and give its name: --host-name study.example.org"
        )
    return str(address)
