"""The formats of projects that can be read; a new one is its module and its line here."""

from __future__ import annotations

from pathlib import Path

from ..core.errors import FileRefused
from .maxqda_exchange import MAXQDA_EXCHANGE
from .qualcoder import QUALCODER
from .reader import ProjectReader, ReadProject
from .refi.read import REFI
from .requal import REQUAL
from .rqda import RQDA
from .taguette import TAGUETTE

READERS: tuple[ProjectReader, ...] = (REFI, QUALCODER, TAGUETTE, RQDA, REQUAL, MAXQDA_EXCHANGE)
"""In the order in which a file is tried; the first whose `sniff` says yes reads it."""


def find_reader(path: Path) -> ProjectReader | None:
    """The reader of a file or folder by its content, or None."""
    return next((reader for reader in READERS if reader.sniff(path)), None)


def read_project(path: Path) -> ReadProject:
    """Read another tool's project, whichever it is.

    Raises:
        FileRefused: if it is of no known format, or cannot be read as what it is.
    """
    if not path.exists():
        raise FileRefused.because(path, "does not exist", remedy="Check the name.")
    reader = find_reader(path)
    if reader is None:
        names = ", ".join(reader.name for reader in READERS)
        raise FileRefused.because(
            path,
            "is no project of a tool that can be read",
            remedy=f"Export it as one of: {names}.",
        )
    return reader.read(path)
