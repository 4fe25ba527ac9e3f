"""Sentence ends in speech without punctuation, by the model that comes along; loaded when asked."""

from __future__ import annotations

from collections.abc import Callable

from ..core.errors import EncoderError


class CarriedSentenceEnds:
    """Sentence ends in a line without punctuation; the model is loaded at the first one.

    Raises EncoderError, when asked, if the model does not fit the carried encoder.
    """

    def __init__(self) -> None:
        self._find: Callable[[str], list[int]] | None = None
        self._known: dict[str, list[int]] = {}
        self.n_asked = 0
        """How many lines' ends were asked for."""

    def __call__(self, line: str) -> list[int]:
        """Offsets in `line` at which a sentence ends and another one follows, in order."""
        self.n_asked += 1
        if line not in self._known:
            self._find = self._find or _loaded()
            self._known[line] = self._find(line)
        return self._known[line]


def _loaded() -> Callable[[str], list[int]]:
    from ..encode import sentence_transformers
    from ..encode.manifest import find_models_folder
    from ..encode.word_states import compute_word_states
    from ..segment.unpunctuated import SpeechHead

    head, encoder = (
        SpeechHead.load(find_models_folder()),
        sentence_transformers.load_sentence_encoder(),
    )
    if head.encoder != encoder.digest:
        raise EncoderError(
            "The model for speech without punctuation belongs to another version of the encoder. "
            "Install autocode again."
        )
    return lambda line: head.ends(line, lambda texts: compute_word_states(encoder, texts))
