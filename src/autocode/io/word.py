"""Word documents as lines of text, tables and all; the only door to python-docx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import FileRefused
from .files import LARGEST_FILE

_OLE = b"\xd0\xcf\x11\xe0"
_MOST_PARTS = 10_000


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
        lines = list(_lines(document))
    except (
        OpcError,
        XMLSyntaxError,
        KeyError,
        ValueError,
        AttributeError,
        zipfile.BadZipFile,
    ) as error:
        raise _broken(path, error) from None
    text = "\n".join(lines)
    if not text.strip():
        raise FileRefused.because(
            path,
            "holds no text (pictures or text boxes only)",
            remedy="Paste the words into the document's body.",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _lines(document: Any) -> Iterator[str]:  # noqa: ANN401 - python-docx is untyped
    from docx.table import Table

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                # A merged cell is listed once for each column it spans.
                cells = dict.fromkeys(cell._tc for cell in row.cells)
                texts = {cell._tc: cell.text for cell in row.cells}
                yield "\t".join(" ".join(texts[key].split("\n")).strip() for key in cells)
        else:
            yield block.text


def _refuse_bombs(raw: bytes, path: Path) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
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
    if "word/document.xml" not in names:
        raise FileRefused.because(
            path,
            "is a zip archive but not a Word document",
            remedy="Unpack it and import the files inside.",
        )


def _broken(path: Path, error: Exception) -> FileRefused:
    fault = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
    return FileRefused.because(
        path,
        f"is not a whole Word document ({fault})",
        remedy="Open it in Word and save it again.",
    )
