"""The words of a document of Taguette, which keeps HTML, and how Taguette counts in it.

Taguette counts UTF-8 bytes over the text nodes that html5lib finds in the body. Its HTML is what
its own sanitiser lets through (paragraphs, lists, tables, no scripts), so that the standard
library's parser finds the same text nodes, given html5lib's three oddities: blanks before the
first element of the body, the line end after <pre>, and NUL characters are dropped.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

_BLOCKS = frozenset(
    ("blockquote", "caption", "colgroup", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5",
     "h6", "li", "ol", "p", "pre", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul")
)  # fmt: skip
_UNSEEN = frozenset(("script", "style", "template"))
_BLANKS = " \t\n\f\r"


@dataclass(frozen=True, slots=True)
class HtmlText:
    """`text` as people read it: blocks on lines of their own, also where the HTML has no blank.

    `breaks` are the places in Taguette's count (code points) where such a line end was put in, and
    `starts` the bytes at which its characters begin.
    """

    text: str
    n_bytes: int
    breaks: tuple[int, ...]
    starts: Sequence[int] = field(repr=False)

    def find_start(self, offset: int) -> int:
        """Where the words that begin at a byte offset begin in `text`."""
        at = self._to_point(offset)
        return at + bisect_right(self.breaks, at)

    def find_end(self, offset: int) -> int:
        """Where the words that end at a byte offset end in `text`."""
        at = self._to_point(offset)
        return at + bisect_left(self.breaks, at)

    def _to_point(self, offset: int) -> int:
        """A byte offset as code points; inside a character it is after it, as Taguette splits."""
        if offset < 0 or offset > self.n_bytes:
            return offset if offset < 0 else len(self.starts) + offset - self.n_bytes
        return bisect_left(self.starts, offset)


def read_html(html: str) -> HtmlText:
    """The words of a document, safely: nothing in it is run or looked up."""
    text, counted, breaks = _read(html)
    starts, n_bytes = _count_bytes(counted)
    return HtmlText(text, n_bytes, breaks, starts)


def read_words(html: str) -> str:
    """The words of a snippet alone."""
    return _read(html)[0]


def _read(html: str) -> tuple[str, str, tuple[int, ...]]:
    """The text as people read it, as Taguette counts it, and where line ends were put in."""
    reader = _TextReader()
    reader.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    reader.close()
    counted = "".join(reader.pieces)
    breaks = tuple(at for at in reader.breaks if _needs_break(counted, at))
    parts, last = [], 0
    for at in breaks:
        parts.append(counted[last:at])
        last = at
    return "\n".join([*parts, counted[last:]]), counted, breaks


def write_html(text: str) -> str:
    """A text as HTML in which Taguette counts exactly its own characters: a paragraph a line."""
    return "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in text.split("\n"))


def _count_bytes(counted: str) -> tuple[Sequence[int], int]:
    """Where each character begins in UTF-8, and how many bytes all have."""
    if counted.isascii():
        return range(len(counted)), len(counted)
    starts, n_bytes = array("L"), 0
    for character in map(ord, counted):
        starts.append(n_bytes)
        n_bytes += 1 + (character > 0x7F) + (character > 0x7FF) + (character > 0xFFFF)
    return starts, n_bytes


def _needs_break(counted: str, at: int) -> bool:
    """Whether two blocks meet at a place without a line end between their words."""
    return 0 < at < len(counted) and counted[at - 1] != "\n" and counted[at] != "\n"


class _TextReader(HTMLParser):
    """Collects the text nodes, and where blocks begin and end between them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.breaks: list[int] = []
        self._length = 0
        self._begun = False
        self._after_pre = False
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begun = True
        self._after_pre = tag == "pre"
        if tag in _UNSEEN:
            self._unseen.append(tag)
        if tag in _BLOCKS or tag == "br":
            self._break()

    def handle_endtag(self, tag: str) -> None:
        self._after_pre = False
        if self._unseen and self._unseen[-1] == tag:
            self._unseen.pop()
        if tag in _BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._begun:
            data = data.lstrip(_BLANKS)
        if self._after_pre:
            data = data.removeprefix("\n")
            self._after_pre = False
        data = data.replace("\x00", "")
        if not data or self._unseen:
            return
        self._begun = True
        self.pieces.append(data)
        self._length += len(data)

    def _break(self) -> None:
        if not self.breaks or self.breaks[-1] != self._length:
            self.breaks.append(self._length)
