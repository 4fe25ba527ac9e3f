"""Finding words and phrases in a text, whatever their case, with where they stand.

Texts are compared as case folding leaves them (Unicode Standard, section 3.13), composed (its Annex
15), with straight apostrophes and without invisible characters; accents count. A word is found
whole, or by its beginning; between the words of a phrase stands anything but letters and digits.
Scripts that write no blanks between words are found anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

Range = tuple[int, int]
"""Start and end, half-open: of a common word a study has too many for each to be a `Span`."""

_APOSTROPHES = "\u2018\u2019\u201b\u02bc\u02b9\u00b4\u2032\uff07`"
_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
_EXTENDING = ("Mn", "Mc", "Me", "Cf")
_UNSPACED_LETTER = re.compile(f"[{_UNSPACED}]")


@dataclass(frozen=True, slots=True)
class SearchableText:
    """A text as it is searched, and the way back to its characters.

    Up to `folded_at[i]` and from there on, the two run side by side; `origins[i]` is where that
    place stands in the text. Both are in order.
    """

    text: str
    folded_at: tuple[int, ...] = (0,)
    origins: tuple[int, ...] = (0,)

    def place(self, start: int, end: int) -> Range:
        """Where the characters from `start` to `end` (at least one) came from."""
        if len(self.folded_at) == 1:
            return start, end
        return self._origin(start), self._origin(end - 1) + self._width(end - 1)

    def _origin(self, at: int) -> int:
        i = bisect_right(self.folded_at, at) - 1
        if i % 2:  # within a character that folding changed in length
            return self.origins[i]
        return self.origins[i] + at - self.folded_at[i]

    def _width(self, at: int) -> int:
        i = bisect_right(self.folded_at, at) - 1
        return self.origins[i + 1] - self.origins[i] if i % 2 else 1


def make_searchable(text: str) -> SearchableText:
    """A text as it is searched."""
    for apostrophe in _APOSTROPHES:
        text = text.replace(apostrophe, "'")
    if text.isascii():
        return SearchableText(text.casefold())
    pieces: list[str] = []
    folded_at, origins = [0], [0]
    length = last = 0
    for odd in _odd_characters().finditer(text):
        begin = odd.start()
        if begin > last and _extends(text[begin]):
            begin -= 1  # a mark or invisible character goes with the letter before it
        plain = text[last:begin].casefold()
        changed = _fold_one(text[begin : odd.end()])
        length += len(plain)
        last = odd.end()
        folded_at += (length, length + len(changed))
        origins += (begin, last)
        pieces += (plain, changed)
        length += len(changed)
    pieces.append(text[last:].casefold())
    return SearchableText("".join(pieces), tuple(folded_at), tuple(origins))


def _fold_one(characters: str) -> str:
    visible = re.sub(f"[{_INVISIBLE}]", "", characters)
    composed = unicodedata.normalize("NFC", visible).casefold()
    return unicodedata.normalize("NFC", composed)


def _extends(character: str) -> bool:
    return unicodedata.category(character) in _EXTENDING


@cache
def _odd_characters() -> re.Pattern[str]:
    """Runs of what does not fold to one character each.

    These are long foldings, marks, letters of Hangul that are written apart, invisible characters.
    """
    odd = [chr(code) for code in range(0x80, 0x10000) if not _folds_alone(chr(code))]
    return re.compile(f"[{_marks()}{_INVISIBLE}\u1100-\u11ff{''.join(odd)}]+")


def _folds_alone(character: str) -> bool:
    folded = character.casefold()
    if character < "\u0300":  # the commonest letters: they are composed, and fold composed
        return len(folded) == 1
    return len(folded) == 1 and unicodedata.normalize("NFC", character) == character


@cache
def _marks() -> str:
    """Combining marks as the ranges of a class of characters; they begin no word."""
    # Above these blocks there are so few that they are taken as they stand; a class that holds
    # them is ten times slower.
    blocks = (range(0x300, 0x3100), range(0xA600, 0xAC00), range(0xFB00, 0xFE00))
    codes = [c for block in blocks for c in block if unicodedata.category(chr(c))[0] == "M"]
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


@dataclass(frozen=True, slots=True)
class WordPattern:
    """Words to be found, as `compile_words` makes them."""

    pattern: re.Pattern[str]
    begins_anywhere: bool

    def find(self, text: SearchableText) -> Iterator[Range]:
        """Where the words stand, in order, none overlapping another: code points of the text."""
        folded, matches = text.text, self.pattern.finditer(text.text)
        while match := next(matches, None):
            start, end = match.span()
            # Looked at here: a pattern that begins with its first letters is found by those alone.
            if self.begins_anywhere or start == 0 or not _is_letter(folded[start - 1]):
                yield text.place(start, end)
            else:
                matches = self.pattern.finditer(folded, start + 1)


def compile_words(words: str, *, beginning: bool = False) -> WordPattern | None:
    """What finds these words one after the other; with `beginning` the last one may go on.

    What it goes on with is found too.

    None where they hold nothing that could be found, such as blanks alone.
    """
    folded = make_searchable(words).text.strip()
    if not folded:
        return None
    letter = rf"[\w{_marks()}]"
    parts = re.findall(rf"{letter}+(?:'{letter}+)*", folded)
    if not parts:  # signs alone, such as an emoji: they are found as they stand
        return WordPattern(re.compile(re.escape(folded)), begins_anywhere=True)
    pattern = rf"[^\w{_marks()}]+".join(re.escape(part) for part in parts)
    if beginning:
        pattern += f"{letter}*"
    elif not _UNSPACED_LETTER.match(parts[-1][-1]):
        pattern += rf"(?!{letter})"
    anywhere = _UNSPACED_LETTER.match(parts[0][0]) is not None
    return WordPattern(re.compile(pattern), begins_anywhere=anywhere)


def _is_letter(character: str) -> bool:
    if character.isalnum() or character == "_":
        return True
    return character > "\u02ff" and unicodedata.category(character)[0] == "M"
