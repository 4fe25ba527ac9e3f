"""Texts without what typing and printing change, and the way back to the characters they came from.

Word processors, spreadsheets and coding tools change quotation marks, dashes, ellipses, blanks and
the composition of letters (Unicode Standard Annex 15). `fold` leaves these out at three strengths,
and keeps for each character that is left where it stood.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from itertools import pairwise

from ..core.transcript import Span


class Strength(IntEnum):
    """What is left out before texts are compared; each leaves out all that the one before does."""

    BLANKS = 0
    """Nothing but the kind and number of blanks."""
    TYPOGRAPHY = 1
    """Quotation marks, dashes, blanks, soft hyphens, how letters are composed."""
    CASE = 2
    """Upper and lower case as well."""
    PUNCTUATION = 3
    """All marks that are neither letters, digits nor symbols as well."""


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A folded text; its character `i` came from the character at `origins[i]`."""

    text: str
    origins: array[int]

    def span(self, start: int, end: int) -> Span:
        """Where the characters from `start` to `end` of the folded text came from."""
        return Span(self.origins[start], self.origins[end - 1] + 1)

    def occurrences(self, words: str, most: int) -> list[int]:
        """Where `words` (folded alike) begin, the first `most`, overlapping ones included.

        A place where an accent follows is none: "cafe" does not occur in "café".
        """
        places: list[int] = []
        at = self.text.find(words) if words else -1
        while at >= 0 and len(places) < most:
            end = at + len(words)
            if end == len(self.text) or not unicodedata.combining(self.text[end]):
                places.append(at)
            at = self.text.find(words, at + 1)
        return places


def fold(text: str, strength: Strength, spans: Iterable[Span] | None = None) -> FoldedText:
    """`text`, or only these spans of it one after the other, at this strength."""
    parts = [Span(0, len(text))] if spans is None else spans
    if strength is Strength.BLANKS:
        return _fold_blanks(text, parts)
    pieces: list[str] = []
    origins: array[int] = array("q")
    gap = _Gap()
    last = ""
    for part in parts:
        gap.add(" ", part.start)
        for at in range(part.start, part.end):
            kept, dropped = _letters(text[at], strength)
            if not kept:
                gap.add(dropped, at)
                continue
            # "3.5" is not "35", nor are "1990 12" and "199012": between digits something stays.
            if gap.mark and last.isdigit() and kept[0].isdigit():
                pieces.append(gap.mark)
                origins.append(gap.at)
            gap.clear()
            pieces.append(kept)
            origins.extend([at] * len(kept))
            last = kept[-1]
    folded = "".join(pieces)
    return FoldedText(*_reorder(folded, origins))


def is_mark(character: str) -> bool:
    """Whether folding leaves out this visible character: a quotation mark or a dash."""
    return _letters(character, Strength.TYPOGRAPHY)[1] in ("'", "-")


def trim_marks(text: str, span: Span) -> tuple[int, int]:
    """Start and end of what folding keeps of a span; the span itself where it keeps nothing."""
    kept = [at for at in range(span.start, span.end) if _letters(text[at], Strength.TYPOGRAPHY)[0]]
    return (kept[0], kept[-1] + 1) if kept else (span.start, span.end)


class _Gap:
    """What was left out since the last character that was kept: the mark that says most."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.mark, self.at = "", 0

    def add(self, mark: str, at: int) -> None:
        if _rank(mark) > _rank(self.mark):
            self.mark, self.at = mark, at


def _rank(mark: str) -> int:
    """Nothing, quotes (which say nothing between digits), blanks, dashes, then other marks."""
    return {"": 0, "'": 0, " ": 1, "-": 2}.get(mark, 3)


@cache
def _letters(character: str, strength: Strength) -> tuple[str, str]:
    """What stays of a character, and the mark it counts as where nothing stays.

    The mark is a blank, a dash, a quote, itself, or nothing for what is invisible.
    """
    category = unicodedata.category(character)
    if character.isspace() or category[0] == "Z":
        return "", " "
    if character in _QUOTES or category in ("Pi", "Pf"):
        return "", "'"
    if category == "Pd" or character in _DASHES:
        return "", "-"
    if category in ("Cf", "Cc") or character in _SELECTORS:
        return "", ""
    letters = unicodedata.normalize("NFKD", character)
    if strength >= Strength.CASE:
        letters = unicodedata.normalize("NFKD", letters.casefold())
    if strength >= Strength.PUNCTUATION:
        letters = "".join(mark for mark in letters if not _is_punctuation(mark))
        if not letters:
            return "", character
    return letters.replace(" ", ""), ""


def _is_punctuation(mark: str) -> bool:
    return unicodedata.category(mark) in ("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sk")


def _fold_blanks(text: str, parts: Iterable[Span]) -> FoldedText:
    pieces: list[str] = []
    origins: array[int] = array("q")
    for part in parts:
        words = text[part.start : part.end].split()
        at = part.start
        for word in words:
            at = text.index(word, at)
            if pieces:
                pieces.append(" ")
                origins.append(at - 1)
            pieces.append(word)
            origins.extend(range(at, at + len(word)))
            at += len(word)
    return FoldedText("".join(pieces), origins)


def _reorder(text: str, origins: array[int]) -> tuple[str, array[int]]:
    """Several accents on one letter in canonical order, which single characters do not tell."""
    if text.isascii():
        return text, origins
    classes = [unicodedata.combining(mark) for mark in text]
    if not any(0 < after < before for before, after in pairwise(classes)):
        return text, origins
    order: list[int] = []
    run: list[int] = []
    for at, rank in enumerate([*classes, 0]):
        if rank:
            run.append(at)
            continue
        order += sorted(run, key=classes.__getitem__)
        run = []
        if at < len(text):
            order.append(at)
    return "".join(text[at] for at in order), array("q", (origins[at] for at in order))


_QUOTES = frozenset(
    "'\"`\u00b4\u02b9\u02ba\u02bb\u02bc\u02bd\u02ee\u2032\u2033\u2035\u2036\u201a\u201e\uff07\uff02"
    "\u300c\u300d\u300e\u300f\u301d\u301e\u301f"
)
_DASHES = frozenset("\u2212\u2043\u02d7")
_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
