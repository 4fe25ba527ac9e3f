"""Word documents as lines of text, tables and all; the only door to python-docx."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...core.errors import FileRefused
from ..archive import DAMAGE, broken, checked_archive
from ..files import LARGEST_FILE

_WHAT = "Word document"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WRAPPERS = {"sdt", "sdtContent", "ins", "smartTag", "customXml", "moveTo"}
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_docx(raw: bytes, path: Path) -> str:
    """The text of a .docx, a line per paragraph and per table row (cells parted by tabs).

    Raises:
        FileRefused: if it is encrypted, an old .doc, broken, a zip bomb, or holds no words.
    """
    checked_archive(raw, path, what=_WHAT, needs="[Content_Types].xml", most=LARGEST_FILE)
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import XMLSyntaxError

    try:
        document = docx.Document(io.BytesIO(raw))
        lines = list(_lines(document.element.body))
    except ValueError:
        # python-docx: the main part has another content type.
        raise _no_document(path) from None
    except (*DAMAGE, OpcError, XMLSyntaxError) as error:
        raise broken(path, error, what=_WHAT) from None
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


def _no_document(path: Path) -> FileRefused:
    return FileRefused.because(
        path,
        "is a zip archive but not a Word document",
        remedy="Unpack it and import the files inside, or save it as .docx.",
    )
