"""The server: a port of this machine only, a start file, a browser, until it is stopped."""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import shutil
import socket
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from ..core.errors import InputError
from ..project import Project
from ..serialise.plain import to_payload, to_plain
from .app import build_app
from .followers import Followers
from .refit import Refits
from .security import App
from .session import Sessions

HOST = "127.0.0.1"
MOST_CONNECTIONS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """Who works on the page, on which port (0: any free one), and whether a browser is opened."""

    coder: str
    port: int = 0
    browser: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStart:
    """A start of the page: its `address`, good once and for a minute, and who works on it."""

    study: str
    coder: str
    port: int
    address: str

    def to_dict(self) -> dict[str, Any]:
        """The start as plain data."""
        return to_payload("page_start", to_plain(self))


def serve(project: Project, options: ServeOptions, announce: Callable[[PageStart], None]) -> None:
    """Serve the page of a study until it is stopped; `announce` gets each start.

    Raises:
        InputError: if the port is taken.
    """
    sessions, refits, followers = Sessions(), Refits(project.path), Followers(project.path)
    with listening(HOST, options.port) as listener, _start_folder() as folder:
        port = listener.getsockname()[1]
        app = build_app(project, sessions, port=port, refits=refits, followers=followers)

        def open_page() -> None:
            token = sessions.make_token(options.coder)
            # The token stands after "#", which browsers send to nobody.
            address = f"http://{HOST}:{port}/start#{token}"
            announce(
                PageStart(study=str(project.path), coder=options.coder, port=port, address=address)
            )
            if options.browser:
                _open_browser(address, folder)

        open_page()
        _on_enter(open_page)
        try:
            run_until_stopped(app, listener)
        finally:
            refits.stop()
            followers.stop()


def run_until_stopped(
    app: App, listener: socket.socket, *, most_connections: int = MOST_CONNECTIONS
) -> None:
    """Answer what comes to a socket, until Ctrl+C or a signal."""
    import uvicorn

    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            limit_concurrency=most_connections,
            timeout_graceful_shutdown=2,
        )
    )
    # What is imported stays. Looked through again, it would stop all threads for some 80 ms.
    gc.collect()
    gc.freeze()
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])


def _open_browser(address: str, folder: Path) -> None:
    """Open a browser on a file that leads to the page: everybody can read a command line."""
    file = folder / "start.html"
    file.unlink(missing_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(
            '<!doctype html><meta charset="utf-8"><title>autocode</title>'
            f'<meta http-equiv="refresh" content="0; url={escape(address)}">'
            f'<a href="{escape(address)}">Open autocode</a>'
        )
    webbrowser.open(file.as_uri())


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket on a port of this machine; on 127.0.0.1 no other machine reaches it.

    Raises:
        InputError: if the port is taken, or the address is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        if os.name == "posix":  # elsewhere it would let two programs share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise InputError(
                    f"{host} is no address of this machine ({error.strerror})."
                ) from None
            place = f"Port {port}" if host == HOST else f"Port {port} of {host}"
            raise InputError(
                f"{place} cannot be used ({error.strerror}). Give another with --port, or leave "
                "--port out."
            ) from None
        listener.listen()  # so that whoever is quick waits a moment and is not refused
        yield listener


@contextlib.contextmanager
def _start_folder() -> Iterator[Path]:
    """A folder that only this login can look into, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="autocode-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _on_enter(do: Callable[[], None]) -> None:
    """Do something whenever Enter is pressed in the terminal, where there is one."""
    if not sys.stdin or not sys.stdin.isatty():
        return

    def wait() -> None:
        for _ in sys.stdin:
            do()

    threading.Thread(target=wait, daemon=True).start()
