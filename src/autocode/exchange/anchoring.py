"""Where a coding stands in a text, by positions that may be stale and words that may be altered.

Nothing is guessed in silence: each answer says how it came about, and the ledger gets a line for
every coding that is not where the tool says, word for word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..core.errors import one_line
from .losses import LossLedger
from .stored_text import fold_line_ends

_SHOWN = 40
MOST_SEARCHED = 2_000_000_000
"""Characters in which words of one project are looked for; a file made to harm asks for more."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A span of a text in code points, the end exclusive; `change` says what was done to it."""

    start: int
    end: int
    change: str = ""


def anchor(
    text: str, start: int, end: int, words: str, ledger: LossLedger | None = None
) -> Anchor | None:
    """The span that a tool means by two positions and the words it noted there.

    Positions that hold the words are kept, white space folded. Otherwise the words are searched,
    exactly, then with white space folded, and count where they stand once. Without words, or with
    words that are not there or in several places, positions in range are kept. None where nothing
    is left to go by. Once the `ledger` counts `MOST_SEARCHED` characters, no more are searched.
    """
    ledger = ledger or LossLedger()
    wanted = fold_line_ends(words)
    valid = 0 <= start < end <= len(text)
    if valid and (not wanted or _holds(text, start, end, wanted, ledger)):
        return Anchor(start, end)
    places = search_words(text, wanted, ledger)
    if places is not None and len(places) == 1:
        return Anchor(*places[0], "its words stand elsewhere than its positions say: moved there")
    if places is None:
        fault = "were not looked for, as the file asks for too much searching"
    else:
        fault = "stand in several places" if places else "are not in the text"
    if valid:
        return Anchor(
            start, end, f"the words that were noted {fault}: kept where its positions are"
        )
    clipped = max(0, start), min(end, len(text))
    if clipped[0] < clipped[1]:
        return Anchor(*clipped, "reaches beyond the text: cut off at its ends")
    return None


def find_words(text: str, words: str) -> list[tuple[int, int]]:
    """The first two places of the words, exactly; where there is none, with white space folded."""
    parts = words.split()
    if not parts:
        return []
    exact = _find_twice(text, words)
    # Folding takes time and memory: the longest word must be there at all.
    if exact or max(parts, key=len) not in text:
        return exact
    hits = _find_twice(_fold(text), " ".join(parts))
    return [(_unfold(text, start), _unfold(text, end - 1) + 1) for start, end in hits]


def search_words(text: str, words: str, ledger: LossLedger) -> list[tuple[int, int]] | None:
    """As `find_words`; None where `MOST_SEARCHED` characters of this project were searched."""
    ledger.searched += len(text)
    return None if ledger.searched > MOST_SEARCHED else find_words(text, words)


def anchor_noted(
    ledger: LossLedger, what: str, place: str, text: str, start: int, end: int, words: str = ""
) -> Anchor | None:
    """As `anchor`, with a line in the ledger of what became of it: `what` (plural), at `place`."""
    span = anchor(text, start, end, words, ledger)
    if span is not None and not span.change:
        ledger.keep(what)
        return span
    shown = f"{place} {start}..{end}" + (f" '{_shorten(words)}'" if words else "")
    if span is None:
        ledger.lose(what, "neither its positions nor its words are in the text", shown)
    else:
        ledger.change(what, span.change, shown)
    return span


def _holds(text: str, start: int, end: int, words: str, ledger: LossLedger) -> bool:
    """Whether the words stand between two positions, white space folded."""
    if end - start == len(words) and text.startswith(words, start):
        return True
    ledger.searched += end - start
    return ledger.searched <= MOST_SEARCHED and _fold(text[start:end]) == _fold(words)


def _find_twice(text: str, words: str) -> list[tuple[int, int]]:
    first = text.find(words)
    second = text.find(words, first + len(words)) if first >= 0 else -1
    return [(at, at + len(words)) for at in (first, second) if at >= 0]


def _unfold(text: str, position: int) -> int:
    """Where a character of the folded text, which is no blank, stands in the text itself."""
    for word in re.finditer(r"\S+", text):
        length = word.end() - word.start()
        if position < length:
            return word.start() + position
        position -= length + 1
    return len(text)


def _fold(words: str) -> str:
    return " ".join(words.split())


def _shorten(words: str) -> str:
    line = one_line(words, 200)
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
