"""Sentence ends in speech without punctuation, by the model that comes along; loaded when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from ..core.errors import EncoderError
from ..core.progress import Progress, silent

if TYPE_CHECKING:
    from ..core.transcript import Transcript
    from ..segment import Unit

_FindEnds = Callable[[str, Progress], list[int]]


class CarriedSentenceEnds:
    """Sentence ends in a line without punctuation; the model is loaded at the first one.

    Raises EncoderError, when asked, if the model does not fit the carried encoder.
    """

    def __init__(self) -> None:
        self._find: _FindEnds | None = None
        self._known: dict[str, list[int]] = {}
        self.n_asked = 0
        """How many lines' ends were asked for."""

    def __call__(self, line: str) -> list[int]:
        """Offsets in `line` at which a sentence ends and another one follows, in order."""
        self.n_asked += 1
        return self._look_up(line, silent)

    def look_up_all(
        self, transcripts: Iterable[Transcript], unit: Unit, progress: Progress
    ) -> None:
        """Find the ends for which `cut` will ask, about 600 words a second.

        Done first, so that `progress` knows of all transcripts, and moves within a long line.
        """
        from ..segment import Aids, cut
        from ..segment.unpunctuated import list_bare_words

        asked: dict[str, int] = {}

        def note(line: str) -> list[int]:
            if line not in self._known:
                asked[line] = len(list_bare_words(line))
            return []

        for transcript in transcripts:
            cut(transcript, unit, aids=Aids(speech_ends=note))
        total, before = sum(asked.values()), 0
        for line, n_words in asked.items():
            self._look_up(line, _part_of(progress, before, n_words, total))
            before += n_words
            progress(_STAGE, before, total)

    def _look_up(self, line: str, progress: Progress) -> list[int]:
        if line not in self._known:
            self._find = self._find or _loaded()
            self._known[line] = self._find(line, progress)
        return self._known[line]


_STAGE = "Finding sentence ends"


def _part_of(progress: Progress, before: int, n_words: int, of_all: int) -> Progress:
    """Progress in so many words, as progress in all of them."""

    def tell(stage: str, done: int, total: int) -> None:
        if done < total:
            progress(_STAGE, before + n_words * done // total, of_all)

    return tell


def _loaded() -> _FindEnds:
    from ..encode import sentence_transformers
    from ..encode.manifest import find_models_folder
    from ..encode.word_states import States, compute_word_states
    from ..segment.unpunctuated import SpeechHead, list_bare_words

    head, encoder = (
        SpeechHead.load(find_models_folder()),
        sentence_transformers.load_sentence_encoder(),
    )
    if head.encoder != encoder.digest:
        raise EncoderError(
            "The model for speech without punctuation belongs to another version of the encoder. "
            "Install autocode again."
        )

    def find(line: str, progress: Progress) -> list[int]:
        n_words, n_read = len(list_bare_words(line)), 0

        def read(texts: Sequence[Sequence[str]]) -> list[States]:
            nonlocal n_read
            tell = _part_of(progress, n_read, len(texts[0]), n_words)
            n_read += len(texts[0])
            return compute_word_states(encoder, texts, progress=tell)

        return head.ends(line, read)

    return find
