"""The body of a Word document as lines of words, as Word shows them with all changes accepted.

Words stand once: moved text where it was moved to, a drawing's text in one of its two forms,
nested tables as rows of their own, of ruby the base. Text that Word does not show (hidden, codes of
fields, placeholders of forms) is left out, and what a reader would miss is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
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
    without_marks,
)
from .word_parts import WordParts, child_of, is_on, outline_level

if TYPE_CHECKING:
    from ..xml import XmlElement

_SHOWN_AS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_ASIDE = {
    "pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr", "tblPrEx",
    "del", "moveFrom", "delText", "instrText", "delInstrText", "rt", "Fallback", "numPicBullet",
}  # fmt: skip
"""Elements that show no words of their own."""
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_BOXES = {"txbxContent", "txBody"}
_COMMENT_EDGES = {"commentRangeStart": "S", "commentRangeEnd": "E"}
_LEAVES = {
    "t", "fldChar", "sym", "commentReference", *_SHOWN_AS, *_NOTES, *_BOXES, *_COMMENT_EDGES
}  # fmt: skip
_HEX = re.compile(r"[0-9a-fA-F]{1,6}")
_FONTS_OWN = 0xD800
"""From here on a number is half a character, or one that a font fills as it likes."""
_CHANGES = {"ins", "del", "moveFrom", "moveTo"}
_GONE = ("del", "moveFrom")


@dataclass(eq=False)
class BodyWalk:
    """One pass over a body; `lines`, `left_out` and `n_changes` are what came of it.

    Tables are put into `aside` where there is one, to be read after the row they stand in.
    """

    parts: WordParts
    lines: list[MarkedLine] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    n_changes: int = 0
    aside: list[XmlElement] | None = None
    _pieces: list[str] = field(default_factory=list)
    _boxes: list[XmlElement] = field(default_factory=list)
    _style: Style = field(default_factory=Style)
    # One entry for each open field: whether its code, not yet its result, is being read.
    _fields: list[bool] = field(default_factory=list)
    _goes_on: bool = False
    _heading: int = 0

    def read_body(self, container: XmlElement) -> None:
        """Write the lines of a body, a cell or a box, to its end."""
        self._read_blocks(container)
        self._end_open_line()

    def take_loose_marks(self) -> str:
        """Marks that stand after the last line."""
        loose, self._pieces = "".join(self._pieces), []
        return loose

    def _read_blocks(self, container: XmlElement) -> None:
        for child in container:
            kind = local_name(child)
            if kind == "p":
                self._read_paragraph(child)
            elif kind == "tbl" and self.aside is not None:
                self.aside.append(child)
            elif kind == "tbl":
                self._read_table(child)
            elif kind in _COMMENT_EDGES:
                self._mark_comment(child, kind)
            elif kind == "altChunk":
                self.left_out["inserted document"] += 1
            elif kind and kind not in _ASIDE and not _is_placeholder(child):
                self._read_blocks(_one_form(child))

    def _read_paragraph(self, paragraph: XmlElement) -> None:
        properties = child_of(paragraph, "pPr")
        self._style = self._find_style(properties, "pStyle")
        self._heading = self._heading or outline_level(properties) or self._style.heading
        before = len(self._pieces)
        self._read_inline(paragraph)
        is_empty = len(self._pieces) == before
        if self._joins_next(child_of(properties, "rPr"), is_empty=is_empty):
            self._goes_on = True
        else:
            self._end_line()
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self._end_open_line()
            self.read_body(box)

    def _joins_next(self, end: XmlElement | None, *, is_empty: bool) -> bool:
        """Whether the paragraph's end is not shown, so that the next one goes on in its line."""
        if any(child_of(end, kind) is not None for kind in _GONE):
            return True
        hidden = is_on(child_of(end, "vanish"))
        # A style that hides words hides the ends of its paragraphs with them.
        return bool(self._style.hidden and is_empty if hidden is None else hidden)

    def _end_open_line(self) -> None:
        if self._goes_on and self._pieces:
            self._end_line()
        self._goes_on = False

    def _end_line(self) -> None:
        self.lines.append(MarkedLine(words="".join(self._pieces), heading=self._heading))
        self._pieces, self._goes_on, self._heading = [], False, 0

    def _read_inline(self, element: XmlElement) -> None:
        """Write what stands in a paragraph, a run, or whatever holds them."""
        for child in _one_form(element):
            kind = local_name(child)
            if kind in _CHANGES:
                self.n_changes += 1
            if kind == "r":
                self._read_run(child)
            elif kind in _LEAVES:
                self._read_leaf(child, kind)
            elif kind and kind not in _ASIDE and not _is_placeholder(child):
                self._read_inline(child)

    def _read_leaf(self, element: XmlElement, kind: str) -> None:
        """Write words; put aside boxes; take in ends of fields, references to notes, symbols."""
        if kind == "t":
            self._write(element.text or "")
        elif kind in _SHOWN_AS:
            self._write(_SHOWN_AS[kind])
        elif kind in _NOTES:
            self.left_out[_NOTES[kind]] += 1
        elif kind in _BOXES:
            self._boxes.append(element)
        elif kind == "fldChar":
            self._turn_field(get_attribute(element, "fldCharType"))
        elif kind == "sym":
            self._write_symbol(get_attribute(element, "char") or "")
        else:
            self._mark_comment(element, kind)

    def _read_run(self, run: XmlElement) -> None:
        properties = child_of(run, "rPr")
        styles = (self._find_style(properties, "rStyle"), self._style)
        own = is_on(child_of(properties, "vanish")), is_on(child_of(properties, "b"))
        hidden = first_said(own[0], *(style.hidden for style in styles))
        bold = first_said(own[1], *(style.bold for style in styles))
        before = len(self._pieces)
        self._read_inline(run)
        written = self._pieces[before:]
        if hidden:
            words = [piece for piece in written if not is_mark(piece)]
            self.left_out["hidden word"] += len("".join(words).split())
            self._pieces[before:] = filter(is_mark, written)
        elif bold and written:
            self._pieces[before:] = [BOLD, *written, NOT_BOLD]

    def _find_style(self, properties: XmlElement | None, kind: str) -> Style:
        named = child_of(properties, kind)
        name = "" if named is None else get_attribute(named, "val") or ""
        return self.parts.styles.get(name, Style())

    def _read_table(self, table: XmlElement) -> None:
        self._end_open_line()
        for row in _within(table, "tr"):
            properties = child_of(row, "trPr")
            if any(child_of(properties, kind) is not None for kind in _GONE):
                self.n_changes += 1
                continue
            cells = [
                cell
                for cell in _within(row, "tc")
                if child_of(child_of(cell, "tcPr"), "cellDel") is None
            ]
            if len(cells) == 1:
                # A box around running text, or a page laid out with a table.
                self.read_body(cells[0])
            else:
                self._read_row(cells)

    def _read_row(self, cells: list[XmlElement]) -> None:
        """Write a row as one line; tables inside it follow as lines of their own."""
        inner = BodyWalk(self.parts, left_out=self.left_out, aside=[])
        words: list[str] = []
        for cell in cells:
            before = len(inner.lines)
            inner.read_body(cell)
            words.append(fold_cell(" ".join(line.words for line in inner.lines[before:])))
        row = self.take_loose_marks() + "\t".join(words) + inner.take_loose_marks()
        self.n_changes += inner.n_changes
        self.lines.append(MarkedLine(words=row, cells=True))
        for table in inner.aside or ():
            self._read_table(table)

    def _mark_comment(self, element: XmlElement, kind: str) -> None:
        number = get_attribute(element, "id") or ""
        self._pieces.append(mark(_COMMENT_EDGES.get(kind, "P"), number))

    def _turn_field(self, turn: str | None) -> None:
        if turn == "begin":
            self._fields.append(True)
        elif turn == "separate" and self._fields:
            self._fields[-1] = False
        elif turn == "end" and self._fields:
            self._fields.pop()

    def _write(self, words: str) -> None:
        # Codes are not in <w:t>, but results of fields inside a code are.
        if words and not any(self._fields[:-1]):
            self._pieces.append(without_marks(words))

    def _write_symbol(self, code: str) -> None:
        """A character by its number; those of fonts such as Wingdings mean nothing outside."""
        number = int(code, 16) if _HEX.fullmatch(code) else 0
        if 32 <= number < _FONTS_OWN:
            self._write(chr(number))
        else:
            self.left_out["symbol"] += 1


def _one_form(element: XmlElement) -> XmlElement:
    """Of a thing that is written in several forms, the first (the one newer programs show)."""
    if local_name(element) != "AlternateContent":
        return element
    forms = [child for child in element if local_name(child) in ("Choice", "Fallback")]
    return forms[0] if forms else element


def _within(element: XmlElement, kind: str) -> Iterable[XmlElement]:
    """Rows or cells, also those inside content controls; not those of tables further in."""
    for child in element:
        name = local_name(child)
        if name == kind:
            yield child
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _within(child, kind)


def _is_placeholder(element: XmlElement) -> bool:
    """Whether a content control shows nothing but what it asks for."""
    return is_on(child_of(child_of(element, "sdtPr"), "showingPlcHdr")) is True
