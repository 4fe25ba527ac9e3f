"""OpenDocument texts (.odt) as lines of text: a line per paragraph, heading and table row."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...core.errors import FileRefused
from ..archive import DAMAGE, STARTS, open_archive, read_part
from ..source import SourceFile
from ..xml import get_attribute, local_name, parse_xml
from .plain import parse_text
from .reader import ParsedTranscript, TranscriptReader

if TYPE_CHECKING:
    from ..xml import XmlElement

_WHAT = "OpenDocument text"
_LINES = {"p", "h"}
# Words that are not in the running text: comments, footnotes, deleted words, field definitions.
_ASIDE = {
    "annotation",
    "annotation-end",
    "note",
    "tracked-changes",
    "sequence-decls",
    "variable-decls",
    "user-field-decls",
    "forms",
    "ruby-text",
    "desc",
    "title",
    "frame",
}
_MOST_BLANKS = 1000


def read_odt(source: SourceFile) -> ParsedTranscript:
    """Read an .odt as text: a line per paragraph and per table row (cells parted by tabs).

    Raises:
        FileRefused: if it is encrypted, broken, a zip bomb, holds entities, or holds no words.
    """
    path = source.path
    archive = open_archive(source.content, path, what=_WHAT, needs="META-INF/manifest.xml")
    manifest = read_part(archive, "META-INF/manifest.xml", path, what=_WHAT)
    if b"encryption-data" in manifest or "encrypted-package" in archive.namelist():
        raise FileRefused.because(
            path, "is protected by a password", remedy="Save it without a password."
        )
    root = parse_xml(read_part(archive, "content.xml", path, what=_WHAT), path, what=_WHAT)
    body = next(
        (e for e in root.iter() if local_name(e) == "text" and "office" in str(e.tag)), None
    )
    if body is None:
        raise FileRefused.because(
            path,
            "is an OpenDocument file but not a text (a spreadsheet or slides?)",
            remedy="Save the text as .odt or .docx, a table as .xlsx or .csv.",
        )
    text = "\n".join(_lines(body))
    if not text.strip():
        raise FileRefused.because(
            path,
            "holds no text (pictures or frames only)",
            remedy="Paste the words into the document's body.",
        )
    return parse_text(text, path, format="odt")


def _lines(container: XmlElement) -> Iterator[str]:
    for child in container:
        kind = local_name(child)
        if kind in _LINES:
            yield _words(child)
        elif kind == "table-row":
            cells = (c for c in child if local_name(c) in ("table-cell", "covered-table-cell"))
            yield "\t".join(" ".join(" ".join(_lines(cell)).split()) for cell in cells)
        elif kind and kind not in _ASIDE:
            yield from _lines(child)


def _words(element: XmlElement) -> str:
    pieces: list[str] = []
    _gather(element, pieces)
    return "".join(pieces)


def _gather(element: XmlElement, pieces: list[str]) -> None:
    pieces.append(_folded(element.text))
    for child in element:
        kind = local_name(child)
        if kind == "tab":
            pieces.append("\t")
        elif kind == "line-break":
            pieces.append("\n")
        elif kind == "s":
            pieces.append(" " * _count(get_attribute(child, "c")))
        elif kind and kind not in _ASIDE:
            _gather(child, pieces)
        pieces.append(_folded(child.tail))


def _folded(text: str | None) -> str:
    """White space as OpenDocument means it: any run of it in the file is one blank."""
    if not text:
        return ""
    lead = " " if text[0] in " \t\r\n" else ""
    words = " ".join(text.split())
    if not words:
        return lead
    return lead + words + (" " if text[-1] in " \t\r\n" else "")


def _count(stated: str | None) -> int:
    return min(int(stated), _MOST_BLANKS) if stated and stated.isdecimal() else 1


def _is_odt(source: SourceFile) -> bool:
    archived = source.content.startswith(STARTS) or source.has_suffix(".docx", ".odt")
    return archived and _holds_odt(source)


def _holds_odt(source: SourceFile) -> bool:
    """Whether an archive is OpenDocument; the name decides for one that cannot be looked into."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            names = set(archive.namelist())
    except DAMAGE:
        return source.has_suffix(".odt")
    if "[Content_Types].xml" in names:
        return False
    return "META-INF/manifest.xml" in names or source.has_suffix(".odt")


ODT = TranscriptReader(
    name="odt",
    label="OpenDocument",
    suffixes=(".odt",),
    sniff=_is_odt,
    read=read_odt,
    takes_text=False,
)
