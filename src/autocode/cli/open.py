"""`autocode open`: the local page on which people read, code and decide."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import options, terminal
from .commands import Command

if TYPE_CHECKING:
    from ..page.server import PageStart


@click.command(
    "open",
    cls=Command,
    examples=[
        "autocode open study.autocode --coder Amina",
        "autocode open study.autocode --coder Amina --port 8765 --no-browser",
    ],
)
@options.study
@click.option("--coder", metavar="NAME", help="Who codes (default: the only person who has).")
@options.new_coder
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N",
              help="The port of this machine (default: any free one).")  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@options.as_json
def command(
    study: Path, coder: str | None, new_coder: bool, port: int, no_browser: bool, as_json: bool
) -> None:
    """Open a study in your browser, to read and code.

    The page is served on this machine only, until you press Ctrl+C. The address works once and
    for one minute; Enter makes another.
    """
    from ..page.coder import choose_coder
    from ..page.connection import open_served
    from ..page.server import ServeOptions, serve

    with open_served(study) as project:
        name = choose_coder(project, coder, new=new_coder)
        greeting = [
            f"{click.format_filename(study)}: open as {name}",
            "Whoever can use this login can read the study and this page.",
            "Enter opens the page anew, Ctrl+C ends it.",
        ]

        def announce(start: PageStart) -> None:
            if as_json:
                terminal.print_json(start.to_dict())
            else:
                # Said once, and not before there is a page: the port may be taken.
                click.echo("\n".join([*greeting, start.address]))
                greeting.clear()
            sys.stdout.flush()  # whoever reads it through a pipe waits for it

        serve(project, ServeOptions(coder=name, port=port, browser=not no_browser), announce)
