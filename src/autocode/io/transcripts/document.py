"""A word-processor document as lines of words, with what the lines' looks say and what is left out.

Readers of documents walk a tree and write lines in which `mark` has put invisible marks; `finish`
takes the marks out and turns them into offsets, so that no later change of blanks loses a place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ...core.transcript import Span

# Two of Unicode's noncharacters, which no text may hold.
_OPENS, _CLOSES = "\ufdd0", "\ufdd1"
_MARK = re.compile(f"{_OPENS}(.)([^{_CLOSES}]*){_CLOSES}")
_BETWEEN_BLANKS = re.compile(f" ((?:{_OPENS}[^{_CLOSES}]*{_CLOSES})+) ")
_MOST_BASES = 50
"""Styles that a style is based on, one after the other; a circle of them ends here."""
BOLD, NOT_BOLD = f"{_OPENS}B{_CLOSES}", f"{_OPENS}b{_CLOSES}"
"""Marks between which words are bold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """A paragraph or table row: its offsets in the text and what sets it apart to the eye.

    `heading` is its outline level (1 the highest, 0 for none), `bold` how many of its first
    characters are bold, `cells` whether it is a row of a table (cells parted by tabs).
    """

    start: int
    end: int
    heading: int = 0
    bold: int = 0
    cells: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A reader's comment in the margin: who made it, its words, and the span it stands at."""

    author: str
    words: str
    span: Span
    made_at: str = ""


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of its words: hidden or bold (None: not said), the level of a heading."""

    hidden: bool | None = None
    bold: bool | None = None
    heading: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedLine:
    """A line as a walk writes it, with marks in its words."""

    words: str
    heading: int = 0
    cells: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The text of a document with its lines, comments and what was left out (a count by kind)."""

    text: str
    lines: tuple[DocumentLine, ...]
    comments: tuple[Comment, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    n_changes: int = 0

    def describe_left_out(self) -> list[str]:
        """Warnings of what the file holds and the text does not, none where nothing is missing."""
        parts = [_count(kind, n) for kind, n in self.left_out.items() if n]
        said = [f"{', '.join(parts)} not read"] if parts else []
        if self.comments:
            n, verb = (
                _count("comment", len(self.comments)),
                "is" if len(self.comments) == 1 else "are",
            )
            remedy = "--comments takes those that name codes as codings"
            said.insert(0, f"{n} {verb} not part of the text; {remedy}")
        if self.n_changes:
            said.append("tracked changes are read as accepted")
        return said


def mark(kind: str, number: str = "") -> str:
    """An invisible mark: "S" and "E" of the comment `number`'s span, "P" where it is pinned."""
    return f"{_OPENS}{kind}{without_marks(number)}{_CLOSES}"


def is_mark(piece: str) -> bool:
    """Whether a piece of a line is a mark and no words."""
    return piece.startswith(_OPENS)


def without_marks(words: str) -> str:
    """What a program wrote, without the characters that marks are made of."""
    return words.replace(_OPENS, "").replace(_CLOSES, "") if not words.isascii() else words


def fold_cell(words: str) -> str:
    """The words of a table cell on one line; marks do not count as words."""
    return _BETWEEN_BLANKS.sub(r" \1", " ".join(words.split()))


def resolve_style(name: str, own: Mapping[str, tuple[Style, str]]) -> Style:
    """A style with what it leaves open taken from those it is based on (`own`: style, base)."""
    style = Style()
    for _ in range(_MOST_BASES):
        if name not in own:
            break
        said, name = own[name]
        style = Style(
            hidden=first_said(style.hidden, said.hidden),
            bold=first_said(style.bold, said.bold),
            heading=style.heading or said.heading,
        )
    return style


def first_said(*said: bool | None) -> bool | None:
    """The first that is not left open."""
    return next((value for value in said if value is not None), None)


def finish(
    lines: Iterable[MarkedLine],
    notes: Mapping[str, tuple[str, str, str]],
    *,
    left_out: Mapping[str, int],
    n_changes: int = 0,
) -> Document:
    """The document without marks; `notes` are author, words and date of comments by number."""
    text: list[str] = []
    finished: list[DocumentLine] = []
    places: dict[str, dict[str, int]] = {}
    at = 0
    for line in lines:
        words, bold = _take_marks(line.words, at, places)
        text.append(words)
        finished.append(
            DocumentLine(
                start=at, end=at + len(words), heading=line.heading, bold=bold, cells=line.cells
            )
        )
        at += len(words) + 1
    whole = "\n".join(text)
    lost = Counter(left_out)
    comments = []
    for number, (author, words, made_at) in notes.items():
        span = _span_of(places.get(number, {}), whole, finished)
        if span is None:
            lost["comment without a place"] += 1
        else:
            comments.append(Comment(author=author, words=words, span=span, made_at=made_at))
    return Document(
        text=whole,
        lines=tuple(finished),
        comments=tuple(comments),
        left_out=lost,
        n_changes=n_changes,
    )


def _take_marks(words: str, at: int, places: dict[str, dict[str, int]]) -> tuple[str, int]:
    """A line without its marks, whose offsets go into `places`; how many characters begin bold."""
    if _OPENS not in words:
        return words, 0
    pieces: list[str] = []
    length = last = bold = 0
    is_bold, lead = False, True
    for match in _MARK.finditer(words):
        piece = words[last : match.start()]
        pieces.append(piece)
        length += len(piece)
        last = match.end()
        if lead and piece.strip():
            lead = is_bold
        if lead and is_bold:
            bold = length
        if match[1] in "Bb":
            is_bold = match[1] == "B"
        else:
            places.setdefault(match[2], {}).setdefault(match[1], at + length)
    rest = words[last:]
    pieces.append(rest)
    if lead and is_bold:
        bold = length + len(rest)
    return "".join(pieces), bold


def _span_of(place: Mapping[str, int], text: str, lines: Iterable[DocumentLine]) -> Span | None:
    """The span between a comment's marks without blanks; the line where it marks no words."""
    pin = place.get("P", place.get("S", place.get("E")))
    if pin is None:
        return None
    start, end = place.get("S", pin), place.get("E", pin)
    if not text[start:end].strip():
        line = next((line for line in lines if line.start <= pin <= line.end), None)
        if line is None or not text[line.start : line.end].strip():
            return None
        start, end = line.start, line.end
    words = text[start:end]
    return Span(start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip())))


def _count(kind: str, number: int) -> str:
    """A number of things in words; what is plural already is not counted."""
    head, _, rest = kind.partition(" ")
    if kind.endswith("s"):
        return kind
    if number == 1:
        return f"1 {kind}"
    return f"{number} {head}s {rest}" if rest.startswith("without") else f"{number} {kind}s"
