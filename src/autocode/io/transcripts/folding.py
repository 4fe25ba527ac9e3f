"""A text as its marks are matched: all blanks alike, invisible characters out, styles as marks.

Word processors and messengers put no-break blanks, byte order marks and marks of direction round
names. They are folded before anything is matched; `FoldedText` leads every position back to the
text as it stands. Headings and bold words, which a plain text cannot show, come as the marks of
Markdown.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from .document import DocumentLine

_BLANKS = "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
_WIDE = {"﹕": "：", "∶": "：", "꞉": "：", "（": "(", "）": ")", "［": "[", "］": "]"}
_WIDE |= {"【": "[", "】": "]", "〔": "[", "〕": "]", "｜": "|", "；": ";", "＃": "#", "＠": "@"}
_OTHER = {"\ue000": "\ufffd", "\ue001": "\ufffd"}  # what `clocks` writes for a time
_SAME_LENGTH = str.maketrans({**dict.fromkeys(_BLANKS + "\u3000\x0c", " "), **_WIDE, **_OTHER})
# Marks of direction, zero-width blanks, soft hyphens. Joiners (U+200C, U+200D) are letters' own.
INVISIBLE = "\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
"""Characters that are not seen, as the inside of a character class."""
_UNSEEN = re.compile(f"[{INVISIBLE}]")


@dataclass(frozen=True, slots=True)
class FoldedText:
    """The text to match in; `turns_at` are positions from which on the shift changes."""

    text: str
    turns_at: Sequence[int] = ()
    shifts: Sequence[int] = ()

    def find_start(self, at: int) -> int:
        """Where the character at a position of the folded text stands in the text itself."""
        nearest = bisect_right(self.turns_at, at) - 1
        return at + self.shifts[nearest] if nearest >= 0 else at

    def find_end(self, at: int) -> int:
        """The end (exclusive) in the text itself of what ends here in the folded text."""
        return self.find_start(at - 1) + 1 if at else 0


def fold(text: str, lines: Sequence[DocumentLine] = ()) -> FoldedText:
    """Fold a text; `lines` are those of a document, with its headings and bold words."""
    same = text.translate(_SAME_LENGTH)
    marks = [(match.start(), 1, "") for match in _UNSEEN.finditer(same)]
    for line in lines:
        marks += _style_marks(same, line)
    if not marks:
        return FoldedText(same)
    return _rewrite(same, sorted(marks, key=lambda mark: mark[0]))


def _style_marks(text: str, line: DocumentLine) -> list[tuple[int, int, str]]:
    """The marks of Markdown for a heading, or for bold words at the beginning of a line."""
    words = text[line.start : line.end].partition("\n")[0]
    if not words.strip():
        return []
    if line.heading:
        return [(line.start, 0, "#" * min(line.heading, 6) + " ")]
    bold = words[: line.bold]
    start, end = len(bold) - len(bold.lstrip()), len(bold.rstrip())
    if start >= end:
        return []
    return [(line.start + start, 0, "**"), (line.start + end, 0, "**")]


def _rewrite(text: str, marks: Sequence[tuple[int, int, str]]) -> FoldedText:
    """Put each mark (position, characters that go, what comes instead) into a text."""
    pieces: list[str] = []
    turns_at: list[int] = []
    shifts: list[int] = []
    last = made = shift = 0
    for at, gone, instead in marks:
        if at < last:
            continue
        pieces += [text[last:at], instead]
        made += at - last
        # Every character of a mark stands for the place at which it was put in.
        for _ in instead:
            made += 1
            shift -= 1
            turns_at.append(made)
            shifts.append(shift)
        if gone:
            shift += gone
            turns_at.append(made)
            shifts.append(shift)
        last = at + gone
    pieces.append(text[last:])
    return FoldedText("".join(pieces), turns_at, shifts)
