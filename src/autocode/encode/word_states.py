"""One row of numbers for each word in its context: inner states of the default encoder.

States of two inner layers tell more about where a sentence ends than the last one, which was
trained for whole texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.progress import Progress, silent
from .sentence_transformers import SentenceEncoder

States = npt.NDArray[np.float32]
_LAYERS = (3, 6)
_WORDS_PER_WINDOW, _CONTEXT_WORDS = 96, 16
"""Words read in one go, and words of context on either side; 128 fit the model's 256 pieces."""
_MOST_PIECES = 256


def compute_word_states(
    encoder: SentenceEncoder, texts: Sequence[Sequence[str]], *, progress: Progress = silent
) -> list[States]:
    """For each text, given as words, an array of shape (words, 2 x width of the model).

    A word is represented by its first piece. Each passage is read by itself, so the same words
    give the same states whatever else is asked for. `progress` is called with the words of a text
    that were read.
    """
    import torch

    model = encoder.load_model()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.no_grad():
            return [_states(model, words, progress) for words in texts]
    finally:
        torch.set_num_threads(threads)


def _states(model: Any, words: Sequence[str], progress: Progress) -> States:  # noqa: ANN401 - no public type
    width = model[0].auto_model.config.hidden_size * len(_LAYERS)
    states = np.zeros((len(words), width), dtype=np.float32)
    for at, begin, window in _windows(words):
        pieces = model.tokenizer(
            [list(window)],
            is_split_into_words=True,
            truncation=True,
            max_length=_MOST_PIECES,
            return_tensors="pt",
        )
        layers = model[0].auto_model(**pieces, output_hidden_states=True).hidden_states
        read = np.concatenate([layers[layer][0].numpy() for layer in _LAYERS], axis=1)
        first: dict[int, int] = {}
        for piece, word in enumerate(pieces.word_ids(0)):
            if word is not None:
                first.setdefault(word, piece)
        for row in range(at, min(at + _WORDS_PER_WINDOW, len(words))):
            if row - begin in first:
                states[row] = read[first[row - begin]]
        progress("Reading words", min(at + _WORDS_PER_WINDOW, len(words)), len(words))
    return states


def _windows(words: Sequence[str]) -> Iterator[tuple[int, int, Sequence[str]]]:
    for at in range(0, len(words), _WORDS_PER_WINDOW):
        begin = max(0, at - _CONTEXT_WORDS)
        yield at, begin, words[begin : at + _WORDS_PER_WINDOW + _CONTEXT_WORDS]
