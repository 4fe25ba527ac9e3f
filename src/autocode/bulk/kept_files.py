"""Files that a killed run leaves finished or not at all, and the digest that shows it."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from ..core.errors import FileRefused
from ..io.files import write_atomically, write_bytes_atomically
from ..io.url_faults import GOES_ON
from ..io.url_path import TEMPORARY, AnyPath, UrlPath

_CHUNK = 1 << 20
_DIGEST = ".sha256"


@contextmanager
def explain_writing() -> Iterator[None]:
    """Say of a file that cannot be written that the work can be gone on with."""
    try:
        yield
    except FileRefused as error:
        if error.remedy.endswith(GOES_ON):  # of a URL, which has its own
            raise
        raise FileRefused.because(
            error.path,
            error.fault,
            remedy=f"See that there is space and that the folder may be written, and {GOES_ON}",
        ) from None


def write_whole(path: AnyPath, write: Callable[[IO[bytes]], None]) -> str:
    """Write a file whole or not at all; returns its digest.

    Raises:
        FileRefused: if the folder cannot be written or the disk is full.
    """
    with explain_writing(), write_bytes_atomically(path) as stream:
        write(stream)
    return hash_file(path)


def write_kept(path: AnyPath, write: Callable[[IO[bytes]], None]) -> str:
    """Write a file whole or not at all, then its digest beside it; returns the digest.

    Raises:
        FileRefused: if the folder cannot be written or the disk is full.
    """
    digest = write_whole(path, write)
    beside_path = path.with_name(path.name + _DIGEST)
    with explain_writing(), write_atomically(beside_path) as beside:
        beside.write(digest + "\n")
    return digest


def is_kept(path: AnyPath) -> bool:
    """Whether a file was finished by an earlier run and is as it was written."""
    beside = path.with_name(path.name + _DIGEST)
    if not (path.is_file() and beside.is_file()):
        return False
    return beside.read_text("ascii", "replace").strip() == hash_file(path)


def remove_others(folder: AnyPath, wanted: set[AnyPath], names_of: str) -> None:
    """Remove what earlier runs left in a folder and nobody needs any more.

    Only files whose name is of the pattern `names_of`, their digests and what a killed run left of
    them: anything else in the folder is somebody else's.
    """
    left = rf"\.\w+{re.escape(TEMPORARY)}"
    ours = re.compile(rf"\.?(?:{names_of})(?:{re.escape(_DIGEST)})?(?:{left})?")
    names = {name for path in wanted for name in (path.name, path.name + _DIGEST)}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_file() and path.name not in names and ours.fullmatch(path.name):
            path.unlink()


def remove_left_behind(folder: AnyPath) -> None:
    """Remove what killed runs left of files half-written in a folder that is named by URL.

    Where a path is local, the next writer of the file does so.
    """
    if isinstance(folder, UrlPath) and folder.is_dir():
        for path in folder.iterdir():
            if path.name.startswith(".") and path.name.endswith(TEMPORARY):
                path.unlink(missing_ok=True)


def reach(path: AnyPath) -> Path | IO[bytes]:
    """What a library reads a finished file from: a local path as it is, else all of it in memory.

    Raises:
        FileRefused: if a file named by URL cannot be read.
    """
    return path if isinstance(path, Path) else io.BytesIO(path.read_bytes())


def hash_file(path: AnyPath) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def read_json(path: AnyPath) -> dict[str, Any]:
    """Plain data that was written by `write_json`.

    Raises:
        FileRefused: if it is damaged.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileRefused:
        raise
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise FileRefused.because(
            path,
            "is damaged",
            remedy="Draft the themes anew with --refit; what else is finished is kept.",
        )
    return content


def write_json(path: AnyPath, content: dict[str, Any], *, kept: bool = True) -> None:
    """Write plain data; `kept` puts its digest beside it."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (write_kept if kept else write_whole)(path, lambda stream: _write(stream, text.encode()))


def _write(stream: IO[bytes], content: bytes) -> None:
    stream.write(content)
