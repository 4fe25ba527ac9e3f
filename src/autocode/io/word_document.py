"""Word documents written from paragraphs: headings, quotes and notes."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .files import write_bytes_atomically
from .office import make_reproducible, printable

Style = Literal["title", "heading", "subheading", "text", "quote", "context", "source"]
"""What a paragraph is: `quote` an excerpt, `context` the words around, `source` who said it."""

_STYLES: dict[Style, str] = {
    "title": "Title",
    "heading": "Heading 1",
    "subheading": "Heading 2",
    "text": "Normal",
    "quote": "Quote",
    "context": "Normal",
    "source": "Normal",
}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a document that we write."""

    style: Style
    text: str


def write_word_document(path: Path, paragraphs: Iterable[Paragraph]) -> None:
    """Write a .docx, whole or not at all.

    Raises:
        FileRefused: if the file cannot be written.
    """
    import docx
    from docx.shared import Pt

    document = docx.Document()
    for paragraph in paragraphs:
        written = document.add_paragraph(printable(paragraph.text), _STYLES[paragraph.style])
        if paragraph.style == "source":
            written.paragraph_format.space_after = Pt(10)
        if paragraph.style == "context":
            written.runs[0].font.italic = True
            written.runs[0].font.size = Pt(9)
        if paragraph.style in ("quote", "context"):
            # The quote and its source belong together on one page.
            written.paragraph_format.keep_with_next = True
            written.paragraph_format.space_after = Pt(0)
    stream = io.BytesIO()
    document.save(stream)
    with write_bytes_atomically(path) as out:
        out.write(make_reproducible(stream.getvalue()))


def paragraphs_to_markdown(paragraphs: Iterable[Paragraph]) -> str:
    """The same paragraphs as Markdown; characters that mean something there are escaped."""
    return "\n\n".join(_MARKDOWN[p.style].format(_escape(p.text)) for p in paragraphs) + "\n"


_MARKDOWN: dict[Style, str] = {
    "title": "# {}",
    "heading": "## {}",
    "subheading": "### {}",
    "text": "{}",
    "quote": "> {}",
    "context": "> *{}*",
    "source": "— {}",
}
_SPECIAL = frozenset("\\`*_{}[]<>#|~")


def _escape(text: str) -> str:
    escaped = "".join(f"\\{mark}" if mark in _SPECIAL else mark for mark in text)
    # A line that opens with a number and a full stop, or a dash, would be a list.
    head, _, rest = escaped.partition(" ")
    if head.rstrip(".)").isdigit() and head[-1:] in ".)":
        return f"{head[:-1]}\\{head[-1]} {rest}"
    return f"\\{escaped}" if escaped[:1] in "-+" else escaped
