"""The archive of a .qdpx: looked at before anything of it is read, never unpacked to disk.

A project may hold gigabytes of recordings, so that nothing here reads a whole part but texts, and
every byte is counted while it is read, whatever the archive declares.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from ...core.errors import FileRefused
from ...io.archive import DAMAGE, refuse_broken
from ...io.limits import MOST_TEXT
from ..project import Part

WHAT = "REFI-QDA project"
MOST_PARTS = 100_000
LARGEST_XML = 512 * 1024 * 1024
"""Bytes of the XML; 200,000 codings take about 100 MB."""
LARGEST_PART = 2**31 - 1
"""Bytes, as the standard has it (REFI-QDA 1.5, section 8.5)."""
MOST_IN_ALL = 64 * 2**30
_HIGHEST_RATIO, _RATIO_FROM = 200, 10 * 1024 * 1024
"""How many times its packed size a part may have, from this many bytes on; XML has about 30."""

_AGAIN = "Export the project again in the program it comes from."


@dataclass(slots=True)
class Container:
    """A project file: where its XML and its parts are. `archive` is None for a bare .qde."""

    path: Path
    archive: zipfile.ZipFile | None = None
    xml: zipfile.ZipInfo | None = None
    parts: dict[str, zipfile.ZipInfo] = field(default_factory=dict)
    """By base name, case folded; of two with one base name, the one in the folder of sources."""

    @contextmanager
    def open_xml(self) -> Iterator[IO[bytes]]:
        """The project's XML as a stream; raises FileRefused where it is damaged."""
        try:
            if self.archive is None or self.xml is None:
                with self.path.open("rb") as stream:
                    yield stream
            else:
                with self.archive.open(self.xml) as stream:
                    yield _Counted(stream, LARGEST_XML, self.path)  # type: ignore[misc]
        except DAMAGE as error:
            if isinstance(error, FileRefused):
                raise
            raise refuse_broken(self.path, error, what=WHAT) from None

    def find(self, address: str) -> zipfile.ZipInfo | None:
        """The part that an address of the project means; None if it lies outside or is missing."""
        scheme, mark, rest = address.partition("://")
        if mark and scheme.lower() not in ("internal", "internals"):
            return None
        name = PurePosixPath((rest if mark else address).replace("\\", "/")).name
        return self.parts.get(name.casefold()) if name else None

    def carry(self, info: zipfile.ZipInfo) -> Part:
        """A part as it is handed on, unread."""
        return Part(name=base_name(info), size=info.file_size, path=self.path, member=info.filename)

    def read(self, info: zipfile.ZipInfo) -> bytes:
        """The bytes of a text.

        Raises:
            FileRefused: if it is damaged or larger than a text can be.
        """
        if self.archive is None:
            return b""
        if info.file_size > MOST_TEXT:
            raise FileRefused.because(
                self.path,
                f"a text of {info.file_size / 1e6:.0f} MB is more than can be read",
                remedy="Split it in the program it comes from.",
                place=f"part {info.filename}",
            )
        try:
            return self.archive.read(info)
        except DAMAGE as error:
            raise refuse_broken(self.path, error, what=WHAT) from None

    def close(self) -> None:
        """Close the archive."""
        if self.archive is not None:
            self.archive.close()


@contextmanager
def open_container(path: Path) -> Iterator[Container]:
    """Open a .qdpx or a bare .qde.

    Raises:
        FileRefused: if it is no whole archive, has a password, holds no project or several, names
            parts twice or outside itself, links to other files, or unpacks to more than it may.
    """
    container = _open(path)
    try:
        yield container
    finally:
        container.close()


def base_name(info: zipfile.ZipInfo) -> str:
    """The name of a part without its folders, whichever way they are written."""
    return PurePosixPath(info.filename.replace("\\", "/")).name


def is_archive(path: Path) -> bool:
    """Whether a file begins as an archive does; False where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError:
        return False


def _open(path: Path) -> Container:
    if not is_archive(path):
        return Container(path)
    try:
        archive = zipfile.ZipFile(path)
        infos = archive.infolist()
    except DAMAGE as error:
        raise refuse_broken(path, error, what=WHAT) from None
    try:
        for info in infos:
            _refuse_hazard(info, path)
        files = [info for info in infos if not info.is_dir()]
        _refuse_mass(files, path)
        xml = _find_xml(files, path)
        parts: dict[str, zipfile.ZipInfo] = {}
        for info in files:
            key = base_name(info).casefold()
            in_folder = "/" in info.filename
            if info is not xml and key and (key not in parts or in_folder):
                parts[key] = info
    except BaseException:
        archive.close()
        raise
    return Container(path, archive, xml, parts)


def _refuse_hazard(info: zipfile.ZipInfo, path: Path) -> None:
    name = info.filename
    place = f"part {name}"
    if info.flag_bits & 0x1:
        raise FileRefused.because(
            path,
            "is protected by a password",
            remedy="Export it again without a password.",
            place=place,
        )
    pure = PurePosixPath(name.replace("\\", "/"))
    is_outside = pure.is_absolute() or ".." in pure.parts or ":" in name[:2] or "\x00" in name
    if is_outside:
        raise FileRefused.because(
            path, "names a file outside the project", remedy=_AGAIN, place=place
        )
    if stat.S_ISLNK(info.external_attr >> 16):
        raise FileRefused.because(path, "links to another file", remedy=_AGAIN, place=place)
    is_bomb = (
        info.file_size > _RATIO_FROM
        and info.file_size > _HIGHEST_RATIO * max(1, info.compress_size)
    )  # fmt: skip
    if info.file_size > LARGEST_PART or is_bomb:
        raise FileRefused.because(
            path,
            f"unpacks to {info.file_size / 1e6:.0f} MB from {info.compress_size / 1e6:.1f} MB, more"
            " than a project may",
            remedy=_AGAIN,
            place=place,
        )


def _refuse_mass(files: list[zipfile.ZipInfo], path: Path) -> None:
    total = sum(info.file_size for info in files)
    if len(files) > MOST_PARTS or total > MOST_IN_ALL:
        raise FileRefused.because(
            path,
            f"unpacks to {total / 1e9:.1f} GB in {len(files)} parts, more than a project may",
            remedy="Export it without its recordings.",
        )
    seen: set[str] = set()
    for info in files:
        if info.filename in seen:
            raise FileRefused.because(
                path, f"holds the part '{info.filename}' twice", remedy=_AGAIN
            )
        seen.add(info.filename)


def _find_xml(files: list[zipfile.ZipInfo], path: Path) -> zipfile.ZipInfo:
    named = [info for info in files if info.filename.lower().endswith(".qde")]
    outermost = min((info.filename.count("/") for info in named), default=0)
    outer = [info for info in named if info.filename.count("/") == outermost]
    if len(outer) > 1:
        usual = [info for info in outer if info.filename.lower().endswith("project.qde")]
        outer = usual if len(usual) == 1 else outer
    if len(outer) != 1:
        fault = "holds no project (.qde)" if not outer else f"holds {len(outer)} projects (.qde)"
        raise FileRefused.because(path, fault, remedy=_AGAIN)
    if outer[0].file_size > LARGEST_XML:
        raise FileRefused.because(
            path,
            f"its XML is {outer[0].file_size / 1e6:.0f} MB, more than can be read",
            remedy="Split the project in the program it comes from.",
        )
    return outer[0]


class _Counted:
    """A stream that gives out no more bytes than it may, whatever the archive declared."""

    def __init__(self, stream: IO[bytes], most: int, path: Path) -> None:
        self._stream, self._left, self._path = stream, most, path

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size)
        self._left -= len(chunk)
        if self._left < 0:
            raise FileRefused.because(self._path, "unpacks to more than it declares", remedy=_AGAIN)
        return chunk
