"""Lines of Rich Text as they grow: paragraphs, and rows of tables whose end comes after them."""

from __future__ import annotations

from dataclasses import dataclass, field

from .document import MarkedLine, fold_cell


@dataclass(eq=False)
class RichLines:
    """The lines of a body, a text box or a comment; `boxes` are to follow the present line."""

    lines: list[MarkedLine] = field(default_factory=list)
    boxes: list[RichLines] = field(default_factory=list)
    heading: int = 0
    _pieces: list[str] = field(default_factory=list)
    _cells: list[str] = field(default_factory=list)
    # Of tables inside a cell, however deep: the words, the cells, and the rows that are whole.
    _inner_pieces: list[str] = field(default_factory=list)
    _inner_cells: list[str] = field(default_factory=list)
    _inner_rows: list[MarkedLine] = field(default_factory=list)

    def write(self, words: str, *, depth: int = 1) -> None:
        """Go on in the present line or cell; `depth` is above 1 in tables inside cells."""
        (self._inner_pieces if depth > 1 else self._pieces).append(words)

    def end_paragraph(self, *, in_table: bool, depth: int = 1) -> None:
        """End a line, or a paragraph of a cell."""
        if in_table:
            self.write("\n", depth=depth)
            return
        # What stood in cells without the end of a row is text after all.
        words = " ".join(filter(None, [*map(fold_cell, self._cells), "".join(self._pieces)]))
        self.lines.append(MarkedLine(words=words, heading=self.heading))
        self._cells, self._pieces = [], []
        self._let_follow()

    def end_cell(self, *, inner: bool = False) -> None:
        """End a cell of a row, or of a row inside a cell."""
        if inner:
            self._inner_cells.append("".join(self._inner_pieces))
            self._inner_pieces = []
        else:
            self._cells.append("".join(self._pieces))
            self._pieces = []

    def end_row(self, *, inner: bool = False) -> None:
        """Write a row as one line; its single cell as the paragraphs it holds."""
        if inner:
            self._inner_rows += _row(self._inner_cells)
            self._inner_cells = []
            return
        loose = "".join(self._pieces)
        if loose.strip() or not self._cells:
            self._cells.append(loose)
        self.lines += _row(self._cells)
        self._cells, self._pieces = [], []
        self._let_follow()

    def end(self) -> None:
        """Write what is left when the text ends."""
        if self._inner_pieces:
            self.end_cell(inner=True)
        if self._inner_cells:
            self.end_row(inner=True)
        if self._pieces or self._cells or self._inner_rows or self.boxes:
            self.end_paragraph(in_table=False)

    def _let_follow(self) -> None:
        self.lines += self._inner_rows
        self._inner_rows = []
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            self.lines += box.lines


def _row(cells: list[str]) -> list[MarkedLine]:
    if len(cells) == 1:
        # A box around running text, or a page laid out with a table.
        return [MarkedLine(words=words) for words in cells[0].strip("\n").split("\n")]
    return [MarkedLine(words="\t".join(map(fold_cell, cells)), cells=True)]
