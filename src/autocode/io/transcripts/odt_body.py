"""The body of an OpenDocument text as lines of words, as it is shown with all changes accepted.

Deleted words lie apart in the file and are never read. Text that is not shown (hidden characters,
paragraphs and sections, placeholders) is left out, and what a reader would miss is counted.
Source: OpenDocument 1.3, part 3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..xml import get_attribute, local_name
from .document import (
    BOLD,
    NOT_BOLD,
    MarkedLine,
    Style,
    first_said,
    fold_cell,
    is_mark,
    mark,
    resolve_style,
    without_marks,
)

if TYPE_CHECKING:
    from ..xml import XmlElement

_LINES = {"p", "h"}
_CELLS = ("table-cell", "covered-table-cell")
_ASIDE = {
    "annotation", "annotation-end", "note", "tracked-changes", "sequence-decls", "variable-decls",
    "user-field-decls", "forms", "ruby-text", "desc", "title", "placeholder", "hidden-paragraph",
}  # fmt: skip
"""What is not in the running text, or is read by itself."""
_SHOWN_AS = {"tab": "\t", "line-break": "\n", "s": " "}
_MOST_BLANKS = 1000


@dataclass(eq=False)
class OdtWalk:
    """One pass over a body; `lines`, `notes` (comments by number) and `left_out` came of it.

    Tables are put into `aside` where there is one, to be read after the row they stand in.
    """

    styles: Mapping[str, Style]
    lines: list[MarkedLine] = field(default_factory=list)
    notes: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    n_changes: int = 0
    aside: list[XmlElement] | None = None
    _pieces: list[str] = field(default_factory=list)
    _boxes: list[XmlElement] = field(default_factory=list)

    def read_body(self, container: XmlElement) -> None:
        """Write the lines of a body, a cell or a box."""
        for child in container:
            kind = local_name(child)
            if kind in _LINES:
                self._read_paragraph(child)
            elif kind == "table" and self.aside is not None:
                self.aside.append(child)
            elif kind == "table-row":
                self._read_row(child)
            elif kind == "tracked-changes":
                self.n_changes += len(child)
            elif kind == "section" and _is_hidden(child):
                self.left_out["hidden word"] += _n_words(child)
            elif kind and kind not in _ASIDE:
                self.read_body(child)

    def _read_paragraph(self, paragraph: XmlElement) -> None:
        if any(_is_hidden(e) for e in paragraph.iter() if local_name(e) == "hidden-paragraph"):
            self.left_out["hidden word"] += _n_words(paragraph)
            return
        style = self._find_style(paragraph)
        self._read_inline(paragraph, style)
        level = get_attribute(paragraph, "outline-level") or "1"
        heading = 0
        if local_name(paragraph) == "h":
            heading = min(int(level[:3]), 9) if level.isascii() and level.isdecimal() else 1
        if style.hidden and all(map(is_mark, self._pieces)):
            return  # its marks go to the next line
        self.lines.append(MarkedLine(words="".join(self._pieces), heading=heading))
        self._pieces = []
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self.read_body(box)

    def _read_inline(self, element: XmlElement, style: Style) -> None:
        """Write what stands in a paragraph, a span, or whatever holds them."""
        self._write(_folded(element.text), style)
        for child in element:
            kind = local_name(child)
            if kind in _SHOWN_AS:
                self._write(_SHOWN_AS[kind] * _count(get_attribute(child, "c")), style)
            elif kind in ("annotation", "annotation-end", "note"):
                self._read_aside(child, kind)
            elif _is_drawn(child):
                self._boxes.append(child)
            elif kind == "hidden-text" and _is_hidden(child):
                self.left_out["hidden word"] += _n_words(child)
            elif kind and kind not in _ASIDE:
                self._read_inline(child, self._within(child, style))
            self._write(_folded(child.tail), style)

    def _within(self, element: XmlElement, around: Style) -> Style:
        """The style of words inside an element, which only spans change."""
        if local_name(element) != "span":
            return around
        own = self._find_style(element)
        return Style(
            hidden=first_said(own.hidden, around.hidden), bold=first_said(own.bold, around.bold)
        )

    def _read_row(self, row: XmlElement) -> None:
        """Write a row as one line; tables inside it follow as lines of their own."""
        cells = [cell for cell in row if local_name(cell) in _CELLS]
        if len(cells) == 1:
            # A box around running text, or a page laid out with a table.
            self.read_body(cells[0])
            return
        inner = OdtWalk(self.styles, left_out=self.left_out, notes=self.notes, aside=[])
        words: list[str] = []
        for cell in cells:
            before = len(inner.lines)
            inner.read_body(cell)
            words.append(fold_cell(" ".join(line.words for line in inner.lines[before:])))
        line = "".join(self._pieces) + "\t".join(words) + "".join(inner._pieces)
        self._pieces = []
        self.lines.append(MarkedLine(words=line, cells=True))
        for table in inner.aside or ():
            self.read_body(table)

    def _read_aside(self, element: XmlElement, kind: str) -> None:
        """Take in a comment, the end of the words it is about, or the place of a note."""
        number = get_attribute(element, "name") or str(len(self.notes))
        if kind == "note":
            self.left_out[get_attribute(element, "note-class") or "footnote"] += 1
        elif kind == "annotation-end":
            self._pieces.append(mark("E", number))
        else:
            self._pieces.append(mark("S", number))
            said = OdtWalk(self.styles)
            said.read_body(element)
            words = "\n".join(line.words for line in said.lines)
            self.notes[without_marks(number)] = (
                _text_of(element, "creator"), words, _text_of(element, "date")
            )  # fmt: skip

    def _find_style(self, element: XmlElement) -> Style:
        return self.styles.get(get_attribute(element, "style-name") or "", Style())

    def _write(self, words: str, style: Style) -> None:
        if style.hidden:
            self.left_out["hidden word"] += len(words.split())
        elif words:
            plain = without_marks(words)
            self._pieces += [BOLD, plain, NOT_BOLD] if style.bold else [plain]


def read_styles(roots: Iterable[XmlElement]) -> dict[str, Style]:
    """Styles by name from the parts that hold them, what they are based on worked in."""
    own: dict[str, tuple[Style, str]] = {}
    for root in roots:
        for element in root.iter():
            if local_name(element) == "style":
                properties = next((e for e in element if local_name(e) == "text-properties"), None)
                style = Style() if properties is None else _style_of(properties)
                parent = get_attribute(element, "parent-style-name") or ""
                own[get_attribute(element, "name") or ""] = (style, parent)
    return {name: resolve_style(name, own) for name in own}


def _style_of(properties: XmlElement) -> Style:
    display = get_attribute(properties, "display")
    weight = get_attribute(properties, "font-weight")
    return Style(
        hidden=None if display is None else display == "none",
        bold=None if weight is None else weight in ("bold", "600", "700", "800", "900"),
    )


def _is_drawn(element: XmlElement) -> bool:
    """Whether a thing is drawn on the page, as text boxes are, and not part of the line."""
    return str(element.tag).startswith("{urn:oasis:names:tc:opendocument:xmlns:drawing")


def _is_hidden(element: XmlElement) -> bool:
    shown = get_attribute(element, "display")
    return get_attribute(element, "is-hidden") == "true" or shown == "none"


def _n_words(element: XmlElement) -> int:
    stated = get_attribute(element, "string-value") or ""
    return len(" ".join(map(str, element.itertext())).split()) or len(stated.split())


def _text_of(element: XmlElement, kind: str) -> str:
    child = next((child for child in element if local_name(child) == kind), None)
    return "" if child is None else (child.text or "").strip()


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
    """A stated number of blanks; more digits than any count has are cut off."""
    return min(int(stated[:6]), _MOST_BLANKS) if stated and stated.isdecimal() else 1
