"""A file or folder named by URL, copied to this machine for readers that take local paths alone."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..core.errors import AutocodeError, FileRefused
from .source import explain_os_error
from .url_path import AnyPath, UrlPath

_NO_NAMES = frozenset({"", ".", ".."})


@contextmanager
def copy_here(path: AnyPath) -> Iterator[Path]:
    """A local path as it is; of a URL a copy of the same name, which is removed at the end.

    What is raised meanwhile names the URL, not the copy. Only its owner can read the copy.

    Raises:
        FileRefused: if it cannot be read, or the disk is full.
    """
    if isinstance(path, Path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="autocode-") as folder:
        copy = Path(folder) / (path.name if path.name not in _NO_NAMES else "copy")
        _copy(path, copy)
        try:
            yield copy
        except AutocodeError as error:
            shown = str(path).rstrip("/")
            error.args = (str(error).replace(str(copy), shown),)
            if isinstance(error, FileRefused):
                error.path = error.path.replace(str(copy), shown)
            raise


def _copy(path: UrlPath, copy: Path) -> None:
    if path.is_dir():
        copy.mkdir()
        for inside in path.iterdir():
            if inside.name in _NO_NAMES:  # an object store takes any; here it is another folder
                raise FileRefused.because(
                    path, f"holds something named '{inside.name}'", remedy="Give it another name."
                )
            _copy(inside, copy / inside.name)
        return
    with path.open("rb") as stream:
        try:
            with copy.open("xb") as target:
                shutil.copyfileobj(stream, target, 1 << 20)
        except OSError as error:
            raise FileRefused.because(
                path,
                f"cannot be copied to this machine ({explain_os_error(error)})",
                remedy="See that there is space in the folder for temporary files.",
            ) from None
