"""How alike two texts are in their words, whatever format, case and marks they come in."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

_WORD = re.compile(r"\w+")
_RUN = 3
_SKETCH = 256
"""Smallest digests of word runs kept of a text (Broder 1997, bottom-k)."""


@dataclass(frozen=True, slots=True)
class WordSketch:
    """The words of a text as one digest, and a sample of its runs of three words."""

    n_words: int
    digest: bytes
    runs: frozenset[int]

    def is_same(self, other: WordSketch) -> bool:
        """Whether the words and their order are the same."""
        return self.n_words == other.n_words and self.digest == other.digest

    def likeness(self, other: WordSketch) -> float:
        """The share of common runs of three words (Jaccard, 0..1), estimated from the samples."""
        if not self.runs or not other.runs:
            return float(self.digest == other.digest)
        smallest = sorted(self.runs | other.runs)[:_SKETCH]
        common = self.runs & other.runs
        return sum(run in common for run in smallest) / len(smallest)


def sketch_words(text: str) -> WordSketch:
    """The sketch of a text; a script without blanks between words counts as runs of letters."""
    words = _words_of(text)
    n_words, digest = digest_words(text)
    runs = {
        int.from_bytes(
            hashlib.blake2b(" ".join(run).encode("utf-8", "replace"), digest_size=8).digest()
        )
        for run in zip(*(words[n:] for n in range(_RUN)), strict=False)
    }
    return WordSketch(n_words, digest, frozenset(sorted(runs)[:_SKETCH]))


def _digest(run: str) -> int:
    raw = hashlib.blake2b(run.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(raw, "big")


def digest_words(text: str) -> tuple[int, bytes]:
    """The number of words of a text and a digest of them in their order, as in its sketch."""
    words = _words_of(text)
    joined = " ".join(words).encode("utf-8", "surrogatepass")
    return len(words), hashlib.sha256(joined).digest()


def _words_of(text: str) -> list[str]:
    words = _WORD.findall(text.casefold())
    return list("".join(words)) if len(words) < len(text) / 40 else words
