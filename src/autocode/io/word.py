"""Word documents as lines of text, tables and all; the only door to python-docx."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import FileRefused
from .files import LARGEST_FILE

_OLE = b"\xd0\xcf\x11\xe0"
_MOST_PARTS = 10_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WRAPPERS = {"sdt", "sdtContent", "ins", "smartTag", "customXml", "moveTo"}
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    KeyError,
    AttributeError,
    EOFError,
    OSError,
    RuntimeError,
)


def read_docx(raw: bytes, path: Path) -> str:
    """The text of a .docx, a line per paragraph and per table row (cells parted by tabs).

    Raises:
        FileRefused: if it is encrypted, an old .doc, broken, a zip bomb, or holds no words.
    """
    if raw.startswith(_OLE):
        raise FileRefused.because(
            path,
            "is protected by a password or in the old .doc format",
            remedy="Open it in Word and save it as .docx without a password.",
        )
    _refuse_bombs(raw, path)
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import XMLSyntaxError

    try:
        document = docx.Document(io.BytesIO(raw))
        lines = list(_lines(document.element.body))
    except ValueError:
        # python-docx: the main part has another content type.
        raise _no_document(path) from None
    except (*_DAMAGE, OpcError, XMLSyntaxError) as error:
        raise _broken(path, error) from None
    text = "\n".join(lines)
    if not text.strip():
        raise FileRefused.because(
            path,
            "holds no text (pictures or text boxes only)",
            remedy="Paste the words into the document's body.",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _lines(container: Any) -> Iterator[str]:  # noqa: ANN401 - an lxml element
    """Paragraphs and table rows of a body or a part of it, content controls included."""
    for child in container:
        kind = _kind(child)
        if kind == "p":
            yield _words(child)
        elif kind == "tbl":
            for row in child.iter(f"{_W}tr"):
                yield "\t".join(
                    " ".join(" ".join(_words(p) for p in cell.iter(f"{_W}p")).split())
                    for cell in row.iter(f"{_W}tc")
                )
        elif kind in _WRAPPERS:
            yield from _lines(child)


def _words(paragraph: Any) -> str:  # noqa: ANN401 - an lxml element
    """The text of a paragraph as it reads with all tracked changes accepted."""
    pieces: list[str] = []
    for element in paragraph.iter():
        kind = _kind(element)
        if kind == "t" and not _is_twice(element):
            pieces.append(element.text or "")
        elif kind in _MARKS:
            pieces.append(_MARKS[kind])
    return "".join(pieces)


def _is_twice(element: Any) -> bool:  # noqa: ANN401 - an lxml element
    """Whether words stand in a fallback copy for old programs."""
    return any(_kind(above) == "Fallback" for above in element.iterancestors())


def _kind(element: Any) -> str:  # noqa: ANN401 - an lxml element
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _refuse_bombs(raw: bytes, path: Path) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
    except (*_DAMAGE, ValueError) as error:
        raise _broken(path, error) from None
    if any(part.flag_bits & 0x1 for part in parts):
        raise FileRefused.because(
            path, "is protected by a password", remedy="Save it without a password."
        )
    total = sum(part.file_size for part in parts)
    names = [part.filename for part in parts]
    if len(parts) > _MOST_PARTS or total > LARGEST_FILE:
        raise FileRefused.because(
            path,
            f"unpacks to {total / 1e6:.0f} MB in {len(parts)} parts, more than a transcript needs",
            remedy="Save the text alone as a new document.",
        )
    if "[Content_Types].xml" not in names:
        raise _no_document(path)


def _broken(path: Path, error: Exception) -> FileRefused:
    fault = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
    return FileRefused.because(
        path,
        f"is not a whole Word document ({fault})",
        remedy="Open it in Word and save it again.",
    )


def _no_document(path: Path) -> FileRefused:
    return FileRefused.because(
        path,
        "is a zip archive but not a Word document",
        remedy="Unpack it and import the files inside, or save it as .docx.",
    )
