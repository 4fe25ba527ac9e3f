"""Documents that are zip archives (.docx, .odt, .xlsx): opened with limits, never unpacked to disk.

What an archive says of itself is checked before anything is read: passwords, how many parts, how
large they get, names that occur twice. Python's zipfile never hands out more bytes of a part than
the archive declares, so these checks hold while reading too. An archive inside is never opened.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

from ..core.errors import FileRefused
from . import limits

MOST_PARTS = 10_000
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    KeyError,
    AttributeError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What zipfile raises on an archive that is cut off, altered, or packed in an unknown way."""

LOST_PARTS = (TypeError, IndexError, OverflowError)
"""What the readers of Office files raise where a part refers to one that is not there.

A relationship without a target, a style with the number of a missing font.
"""

_OLE = b"\xd0\xcf\x11\xe0"
STARTS = (b"PK\x03\x04", _OLE)
"""First bytes of archives and of the older documents that share their suffixes."""
_XML = (".xml", ".rels")


def open_archive(
    raw: bytes, path: Path, *, what: str, needs: str, most: int | None = None
) -> zipfile.ZipFile:
    """The archive of a document, after its directory and its XML have been found harmless.

    `what` names the kind of document for the message, `needs` a part it must hold, `most` the
    bytes it may unpack to (`limits.LARGEST_FILE` unless said).

    Raises:
        FileRefused: if it is no whole archive, has a password, is a zip bomb, lacks the part, or
            declares entities in its XML.
    """
    if raw.startswith(_OLE):
        suffix = path.suffix.lower() or ".docx"
        raise FileRefused.because(
            path,
            f"is protected by a password or in the old {_old(suffix)} format",
            remedy=f"Open it and save it as {_new(suffix)} without a password.",
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        parts = archive.infolist()
    except DAMAGE as error:
        raise refuse_broken(path, error, what=what) from None
    _refuse_hazards(parts, path, most=limits.LARGEST_FILE if most is None else most)
    if needs not in archive.namelist():
        raise FileRefused.because(
            path,
            f"is a zip archive but not a {what}",
            remedy="Unpack it and import the files inside, or save it as .docx.",
        )
    for part in parts:
        if part.filename.lower().endswith(_XML):
            refuse_declarations(read_part(archive, part.filename, path, what=what), path, part=part)
    return archive


def read_part(archive: zipfile.ZipFile, name: str, path: Path, *, what: str) -> bytes:
    """The bytes of one part; raises FileRefused if it is missing or damaged."""
    try:
        return archive.read(name)
    except DAMAGE as error:
        raise refuse_broken(path, error, what=what) from None


def refuse_declarations(raw: bytes, path: Path, *, part: zipfile.ZipInfo | None = None) -> None:
    """Refuse XML that declares a document type: that is where entities come from.

    Raises:
        FileRefused: naming the part, if it holds a DOCTYPE in any encoding of one or two bytes.
    """
    if b"<!DOCTYPE" in raw or (b"\x00" in raw[:200] and b"<!DOCTYPE" in raw.replace(b"\x00", b"")):
        raise FileRefused.because(
            path,
            "declares XML entities, which documents never need and which can be an attack",
            remedy="Open it in the program it comes from and save it again.",
            place="" if part is None else f"part {part.filename}",
        )


def describe_fault(error: Exception) -> str:
    """The first line of a parser's complaint, in words that mean something to people."""
    if isinstance(error, LOST_PARTS):
        return "a part of it refers to one that is not there"
    fault = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if any(mark in fault.lower() for mark in ("xml_parse_huge", "huge input", "huge text")):
        # libxml2's limits against hostile files, in the words of its versions.
        deep = "depth" in fault.lower()
        return "its parts are nested too deeply" if deep else "one piece of text is over 10 MB"
    return fault.split(", line ")[0][:120]


def refuse_broken(path: Path, error: Exception, *, what: str) -> FileRefused:
    """The refusal of a damaged document of a kind."""
    return FileRefused.because(
        path,
        f"is not a whole {what} ({describe_fault(error)})",
        remedy="Open it in the program it comes from and save it again.",
    )


def _refuse_hazards(parts: list[zipfile.ZipInfo], path: Path, *, most: int) -> None:
    if any(part.flag_bits & 0x1 for part in parts):
        raise FileRefused.because(
            path, "is protected by a password", remedy="Save it without a password."
        )
    total = sum(part.file_size for part in parts)
    words = sum(p.file_size for p in parts if p.filename.lower().endswith(_XML))
    if len(parts) > MOST_PARTS or total > most or words > limits.MOST_TEXT:
        raise FileRefused.because(
            path,
            f"unpacks to {total / 1e6:.0f} MB in {len(parts)} parts, more than a transcript needs",
            remedy="Save the text alone as a new document.",
        )
    names = [part.filename for part in parts]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise FileRefused.because(
            path,
            f"holds the part '{twice}' twice",
            remedy="Open it in the program it comes from and save it again.",
        )


def _old(suffix: str) -> str:
    return {".xlsx": ".xls"}.get(suffix, ".doc")


def _new(suffix: str) -> str:
    return suffix if suffix in (".xlsx", ".odt") else ".docx"
