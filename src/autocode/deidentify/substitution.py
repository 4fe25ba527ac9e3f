"""Stand-ins in the place of names: whole words in any capitals, one stand-in for each person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..core.errors import InputError
from ..core.text_edits import Edit, EditedText
from ..core.transcript import Span
from ..text.words import lacks_blanks

_BEFORE, _AFTER = r"(?<![^\W_])", r"(?![^\W_])"
_BETWEEN = r"[\s_]+"
_UNFIT = re.compile(r"[\"\\\n\r\t]")


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Words that may be one of the names and were left as they are, how often, and why."""

    words: str
    n: int
    reason: str


class Substitution:
    """Names and the stand-ins that take their place; the longest name that fits is taken.

    A name is replaced as written, and in capitals; in small letters only where `lower_too` names
    it, as "may" and "hope" are words as well. "Ann's" becomes the stand-in with "'s".

    Raises:
        InputError: if a name has two stand-ins, or a stand-in holds a name or marks that are unfit.
    """

    def __init__(self, stand_ins: Mapping[str, str], lower_too: Iterable[str] = ()) -> None:
        self.stand_ins = {" ".join(name.split()): words for name, words in stand_ins.items()}
        lower = {name.casefold() for name in lower_too}
        self._by_form: dict[str, str] = {}
        for name, words in self.stand_ins.items():
            forms = {name, name.upper(), name.title()}
            forms |= {name.casefold()} if name.casefold() in lower else set()
            for form in forms:
                if self._by_form.setdefault(form, words) != words:
                    raise InputError(f"'{name}' has two stand-ins. Give it one.")
        for words in self.stand_ins.values():
            if _UNFIT.search(words) or not words.strip():
                raise InputError(f"The stand-in '{words}' is empty or holds a quote or line end.")
            if self.count(words):
                raise InputError(f"The stand-in '{words}' holds a name that is itself replaced.")

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        forms = sorted(self._by_form, key=len, reverse=True)
        if not forms:
            return None
        return re.compile("|".join(_pattern_of(form, _BETWEEN) for form in forms))

    def count(self, text: str) -> int:
        """How many names stand in a text."""
        return len(self._pattern.findall(text)) if self._pattern else 0

    def edits(self, text: str) -> list[Edit]:
        """What is to be replaced in a text."""
        matches = self._pattern.finditer(text) if self._pattern else ()
        return [
            Edit(Span(m.start(), m.end()), self._by_form[" ".join(re.split(_BETWEEN, m[0]))])
            for m in matches
        ]

    def apply(self, text: str) -> str:
        """The text with stand-ins."""
        return EditedText(text, self.edits(text)).text


def names_in_small_letters(names: Iterable[str], texts: Iterable[str]) -> set[str]:
    """Names that are written small seldom enough to be slips or speech without capitals.

    A name written small more often than with a capital is a word as well ("will", "hope").
    """
    wanted = {" ".join(name.split()) for name in names}
    joined = "\n".join(texts)
    chosen = set()
    for name in wanted:
        forms = re.findall(_pattern_of(name, r"\s+"), joined, re.IGNORECASE)
        n_small = sum(form == form.lower() for form in forms)
        if n_small <= len(forms) - n_small:
            chosen.add(name)
    return chosen


def find_uncertain(names: Iterable[str], texts: Iterable[str]) -> list[Uncertain]:
    """Words left in texts that look like one of the names: small letters, slips, inside of words.

    `texts` are those after the names were replaced.
    """
    folded = {part.casefold(): name for name in names for part in name.split() if len(part) > 2}
    counts: dict[tuple[str, str], int] = {}
    for text in texts:
        for match in re.finditer(r"[^\W\d_]{3,}", text):
            reason = _resembles(match[0], folded)
            if reason:
                counts[match[0], reason] = counts.get((match[0], reason), 0) + 1
    return [Uncertain(words, n, reason) for (words, reason), n in sorted(counts.items())]


def _pattern_of(name: str, between: str) -> str:
    """A name as whole words; where a script puts no blanks between words, wherever it stands."""
    before = "" if len(name) > 1 and lacks_blanks(name[0]) else _BEFORE
    after = "" if len(name) > 1 and lacks_blanks(name[-1]) else _AFTER
    return f"{before}{between.join(map(re.escape, name.split()))}{after}"


def _resembles(word: str, names: Mapping[str, str]) -> str:
    small = word.casefold()
    if small in names:
        return (
            f"part of '{names[small]}'" if word != small else f"'{names[small]}' in small letters"
        )
    if word == small:
        return ""
    for part, name in names.items():
        if len(part) > 3 and small.startswith(part) and len(small) <= len(part) + 2:
            return f"begins like '{name}'"
        if len(part) > 3 and _is_one_slip(small, part):
            return f"one letter from '{name}'"
    return ""


def _is_one_slip(one: str, other: str) -> bool:
    """Whether one letter was changed, left out, doubled, or changed places with the next."""
    if abs(len(one) - len(other)) > 1 or one[0] != other[0]:
        return False
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if at is None:
        return True
    swapped = one[:at] + one[at : at + 2][::-1] + one[at + 2 :]
    return (
        one[at + 1 :] in (other[at + 1 :], other[at:])
        or one[at:] == other[at + 1 :]
        or swapped == other
    )
