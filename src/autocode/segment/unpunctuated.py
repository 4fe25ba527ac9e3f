"""Sentence ends in talk without punctuation, as raw speech recognition writes it.

A small network reads, for each gap between two words, the encoder's inner states of both and the
words around. It was trained on meetings whose own punctuation was removed; `models/` holds the
weights and a card, `eval/train_speech_head.py` is the recipe.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..core.errors import InputError

Floats = npt.NDArray[np.float32]
WordStates = Callable[[Sequence[Sequence[str]]], Sequence[Floats]]
"""Gives for each text (a row of words) an array of shape (words, width)."""

_WORDS_AT_ONCE = 4800
"""Words read in one go, so that memory does not grow with the length of a line."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_ENDS = re.compile(r"[.!?…。！？]")
_FEWEST_WORDS = 60
_MARKS_PER_WORD = 1 / 60


@dataclass(frozen=True, slots=True)
class BareWord:
    """A word in small letters without punctuation, and where it ends in its text."""

    text: str
    end: int


def list_bare_words(text: str) -> list[BareWord]:
    """The words of `text`, lower-cased; "don’t" is one word."""
    return [
        BareWord(match.group().lower().replace("’", "'"), match.end())
        for match in _WORD.finditer(text)
    ]


def is_unpunctuated(text: str) -> bool:
    """Whether a text of 60 words or more has fewer than one sentence mark in 60 words.

    Only words in Latin letters count: the network has learned from no others, and Thai writes no
    sentence marks at all.
    """
    n_words = sum(_LATIN.match(match.group()) is not None for match in _WORD.finditer(text))
    return n_words >= _FEWEST_WORDS and len(_ENDS.findall(text)) < n_words * _MARKS_PER_WORD


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechHead:
    """The trained network; `threshold` is the probability from which a gap is a sentence end.

    `encoder` is the digest of the model whose inner states it was trained on and must be given.
    """

    weights: dict[str, Floats]
    known: dict[str, int]
    threshold: float
    encoder: str = ""

    @classmethod
    def load(cls, folder: Path) -> SpeechHead:
        """Read `speech-head` in the models folder; raises InputError if missing or altered."""
        path = folder / "speech-head" / "weights.npz"
        try:
            card = json.loads(path.with_name("card.json").read_text(encoding="utf-8"))
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise InputError(
                f"{error.filename}: cannot be read ({error.strerror}). Install autocode again."
            ) from None
        if digest != card["sha256"]:
            raise InputError(f"{path}: not the file its card describes. Install autocode again.")
        with np.load(path, allow_pickle=False) as stored:
            weights = {name: stored[name] for name in stored.files if name != "vocabulary"}
            known = {word: n for n, word in enumerate(stored["vocabulary"].tolist(), start=1)}
        return cls(
            weights=weights,
            known=known,
            threshold=float(weights["threshold"][0]),
            encoder=card["encoder"],
        )

    def probabilities(self, words: Sequence[str], states: Floats) -> Floats:
        """For each gap between two words how likely a sentence ends there; shape (words - 1,)."""
        if len(words) < 2:
            return np.zeros(0, dtype=np.float32)
        w = self.weights
        number = np.array([0, *(self.known.get(word, 0) for word in words), 0, 0])
        around = np.stack([number[i : i + len(words) - 1] for i in range(4)], axis=1)
        near = w["embedding"][around].reshape(len(around), -1)
        both = np.concatenate([states[:-1], states[1:]], axis=1)
        hidden = np.maximum(both @ w["states"] + near @ w["words"] + w["bias"], 0)
        chances: Floats = 1 / (1 + np.exp(-(hidden @ w["out"] + w["out_bias"][0])))
        return chances

    def ends(self, text: str, states: WordStates) -> list[int]:
        """Offsets in `text` at which a sentence ends and another one follows, in order."""
        words = list_bare_words(text)
        ends: list[int] = []
        for begin in range(0, len(words) - 1, _WORDS_AT_ONCE):
            # One word more, so that the gap between two batches is judged as well.
            rows = [word.text for word in words[begin : begin + _WORDS_AT_ONCE + 1]]
            chances = self.probabilities(rows, states([rows])[0])
            gaps = np.flatnonzero(chances >= self.threshold).tolist()
            ends += [words[begin + gap].end for gap in gaps]
        return ends
