"""OpenDocument texts (.odt) as lines of text: a line per paragraph, heading and table row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...core.errors import FileRefused
from ..archive import checked_archive, part_of
from ..xml import attribute, local_name, parse_xml

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


def read_odt(raw: bytes, path: Path) -> str:
    """The text of an .odt, a line per paragraph and per table row (cells parted by tabs).

    Raises:
        FileRefused: if it is encrypted, broken, a zip bomb, holds entities, or holds no words.
    """
    archive = checked_archive(raw, path, what=_WHAT, needs="META-INF/manifest.xml")
    manifest = part_of(archive, "META-INF/manifest.xml", path, what=_WHAT)
    if b"encryption-data" in manifest or "encrypted-package" in archive.namelist():
        raise FileRefused.because(
            path, "is protected by a password", remedy="Save it without a password."
        )
    root = parse_xml(part_of(archive, "content.xml", path, what=_WHAT), path, what=_WHAT)
    body = next((e for e in root.iter() if local_name(e) == "text" and "office" in e.tag), None)
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
    return text


def _lines(container: Any) -> Iterator[str]:  # noqa: ANN401 - an lxml element
    for child in container:
        kind = local_name(child)
        if kind in _LINES:
            yield _words(child)
        elif kind == "table-row":
            cells = (c for c in child if local_name(c) in ("table-cell", "covered-table-cell"))
            yield "\t".join(" ".join(" ".join(_lines(cell)).split()) for cell in cells)
        elif kind and kind not in _ASIDE:
            yield from _lines(child)


def _words(element: Any) -> str:  # noqa: ANN401 - an lxml element
    pieces: list[str] = []
    _gather(element, pieces)
    return "".join(pieces)


def _gather(element: Any, pieces: list[str]) -> None:  # noqa: ANN401 - an lxml element
    pieces.append(_folded(element.text))
    for child in element:
        kind = local_name(child)
        if kind == "tab":
            pieces.append("\t")
        elif kind == "line-break":
            pieces.append("\n")
        elif kind == "s":
            pieces.append(" " * _count(attribute(child, "c")))
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
