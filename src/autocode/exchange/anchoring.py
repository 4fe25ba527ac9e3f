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


@dataclass(frozen=True, slots=True)
class Anchor:
    """A span of a text in code points, the end exclusive; `change` says what was done to it."""

    start: int
    end: int
    change: str = ""


def anchor(text: str, start: int, end: int, words: str) -> Anchor | None:
    """The span that a tool means by two positions and the words it noted there.

    Positions that hold the words are kept, white space folded. Otherwise the words are searched,
    exactly, then with white space folded, and count where they stand once. Without words, or with
    words that are not there or in several places, positions in range are kept. None where nothing
    is left to go by.
    """
    wanted = fold_line_ends(words)
    valid = 0 <= start < end <= len(text)
    if valid and (not wanted or _fold(text[start:end]) == _fold(wanted)):
        return Anchor(start, end)
    places = find_words(text, wanted)
    if len(places) == 1:
        return Anchor(*places[0], "its words stand elsewhere than its positions say: moved there")
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
    """Every place of the words in a text, exactly; where there is none, with white space folded."""
    if not words.strip():
        return []
    exact = [(hit.start(), hit.end()) for hit in re.finditer(re.escape(words), text)]
    if exact:
        return exact
    pattern = r"\s+".join(map(re.escape, words.split()))
    return [(hit.start(), hit.end()) for hit in re.finditer(pattern, text)]


def anchor_noted(
    ledger: LossLedger, what: str, place: str, text: str, start: int, end: int, words: str = ""
) -> Anchor | None:
    """As `anchor`, with a line in the ledger of what became of it: `what` (plural), at `place`."""
    span = anchor(text, start, end, words)
    if span is not None and not span.change:
        ledger.keep(what)
        return span
    shown = f"{place} {start}..{end}" + (f" '{_shorten(words)}'" if words else "")
    if span is None:
        ledger.lose(what, "neither its positions nor its words are in the text", shown)
    else:
        ledger.change(what, span.change, shown)
    return span


def _fold(words: str) -> str:
    return " ".join(words.split())


def _shorten(words: str) -> str:
    line = one_line(words, 200)
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
