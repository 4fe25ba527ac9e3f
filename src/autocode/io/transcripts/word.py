"""Word documents as lines of text, tables and all; the only adapter to python-docx."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import FileRefused
from ..archive import DAMAGE, LOST_PARTS, STARTS, open_archive, refuse_broken
from ..source import SourceFile
from ..xml import local_name
from .plain import parse_text
from .reader import ParsedTranscript, TranscriptReader

if TYPE_CHECKING:
    from ..xml import XmlElement

_WHAT = "Word document"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WRAPPERS = {"sdt", "sdtContent", "ins", "smartTag", "customXml", "moveTo"}
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_docx(source: SourceFile) -> ParsedTranscript:
    """Read a .docx as text: a line per paragraph and per table row (cells parted by tabs).

    Raises:
        FileRefused: if it is encrypted, an old .doc, broken, a zip bomb, or holds no words.
    """
    raw, path = source.content, source.path
    open_archive(raw, path, what=_WHAT, needs="[Content_Types].xml")
    import docx
    from docx.opc.exceptions import OpcError

    try:
        document = docx.Document(io.BytesIO(raw))
        lines = list(_lines(document.element.body))
    except ValueError:
        # python-docx: the main part has another content type.
        raise _no_document(path) from None
    except (*DAMAGE, *LOST_PARTS, OpcError, SyntaxError) as error:  # lxml's are SyntaxErrors
        raise refuse_broken(path, error, what=_WHAT) from None
    text = "\n".join(lines)
    if not text.strip():
        raise FileRefused.because(
            path,
            "holds no text (pictures or text boxes only)",
            remedy="Paste the words into the document's body.",
        )
    return parse_text(text.replace("\r\n", "\n").replace("\r", "\n"), path, format="docx")


def _lines(container: XmlElement) -> Iterator[str]:
    """Paragraphs and table rows of a body or a part of it, content controls included."""
    for child in container:
        kind = local_name(child)
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


def _words(paragraph: XmlElement) -> str:
    """The text of a paragraph as it reads with all tracked changes accepted."""
    pieces: list[str] = []
    for element in paragraph.iter():
        kind = local_name(element)
        if kind == "t" and not _is_twice(element):
            pieces.append(element.text or "")
        elif kind in _MARKS:
            pieces.append(_MARKS[kind])
    return "".join(pieces)


def _is_twice(element: XmlElement) -> bool:
    """Whether words stand in a fallback copy for old programs."""
    return any(local_name(above) == "Fallback" for above in element.iterancestors())


def _no_document(path: Path) -> FileRefused:
    return FileRefused.because(
        path,
        "is a zip archive but not a Word document",
        remedy="Unpack it and import the files inside, or save it as .docx.",
    )


def _is_word(source: SourceFile) -> bool:
    return source.content.startswith(STARTS) or source.has_suffix(".docx", ".odt")


WORD = TranscriptReader(
    name="docx",
    label="Word",
    suffixes=(".docx",),
    sniff=_is_word,
    read=read_docx,
    takes_text=False,
)
