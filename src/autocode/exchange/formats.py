"""The formats of projects that can be read; a new one is its module and its line here."""

from __future__ import annotations

from pathlib import Path

from ..core.errors import FileRefused, InputError
from .losses import LossReport
from .maxqda_exchange import MAXQDA_EXCHANGE
from .project import ToolProject
from .qualcoder import QUALCODER
from .reader import ProjectReader, ReadProject
from .refi.profiles import ProfileName, get_profile
from .refi.read import REFI
from .refi.write import write_refi
from .requal import REQUAL
from .rqda import RQDA
from .taguette import TAGUETTE
from .taguette_writer import write_taguette

READERS: tuple[ProjectReader, ...] = (REFI, QUALCODER, TAGUETTE, RQDA, REQUAL, MAXQDA_EXCHANGE)
"""In the order in which a file is tried; the first whose `sniff` says yes reads it."""


_SHARED_SUFFIXES = frozenset((".sqlite3", ".qdc"))
"""Suffixes of other files too: what bears one of them is known by its content only."""


def find_reader(path: Path) -> ProjectReader | None:
    """The reader of a file or folder by its content, or None.

    A file that no reader knows, with a suffix of one tool's alone, is left to that tool's reader,
    which names what is wrong with it.
    """
    for reader in READERS:
        if reader.sniff(path):
            return reader
    suffix = path.suffix.lower()
    if suffix in _SHARED_SUFFIXES or not path.is_file():
        return None
    return next((reader for reader in READERS if suffix in reader.suffixes), None)


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


def choose_suffix(profile: ProfileName) -> str:
    """The suffix of the file that a tool takes a project in."""
    return ".sqlite3" if get_profile(profile).name == "taguette" else ".qdpx"


def write_project(project: ToolProject, path: Path, profile: ProfileName = "refi") -> LossReport:
    """Write a project for one tool, in the format that the suffix of `path` says.

    Raises:
        InputError: for an unknown tool or suffix, or one that the tool does not open.
        FileRefused: if the file cannot be written, or a part of the project cannot be read.
    """
    title = get_profile(profile).title
    suffix = path.suffix.lower()
    if suffix in (".qdpx", ".qde", ".qdc"):
        return write_refi(project, path, profile)
    if suffix == ".sqlite3":
        if profile not in ("refi", "taguette"):
            raise InputError(
                f"{path}: a .sqlite3 is a project of Taguette, which {title} does not open. "
                f"Choose {choose_suffix(profile)}."
            )
        return write_taguette(project, path)
    raise InputError(
        f"{path}: no project is written with this suffix. Choose .qdpx, .qde, .qdc or .sqlite3."
    )
