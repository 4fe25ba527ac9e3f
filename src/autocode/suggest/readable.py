"""The part of a suggestion's evidence that tells a reader something.

What moves a score but explains nothing (a function word, the machine's guess about a neighbour, a
definition that is the code's name again) stays in the JSON.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..core.codebook import Code, Codebook
from ..core.suggestion import Evidence, Suggestion
from ..core.transcript import Segment
from ..text.stop_words import StopWords, resolve_stop_words
from ..text.terms import content_terms, is_content
from .code_text import clean_name

_MOST_WORDS = 5


class EvidenceReader:
    """Picks from evidence what is shown; stop words are those of the segments' language."""

    def __init__(self, segments: Iterable[Segment], codebook: Codebook) -> None:
        self._codebook = codebook
        self._stop_words = resolve_stop_words(StopWords(()), (s.excerpt for s in segments))
        # The same few phrases and words stand in the evidence of tens of thousands of suggestions.
        self._repeating: dict[tuple[str, str], bool] = {}
        self._telling: dict[str, bool] = {}

    def read(self, suggestion: Suggestion) -> Evidence:
        """The evidence of a suggestion without what explains nothing."""
        evidence = suggestion.evidence
        code = self._codebook.by_id[suggestion.code]
        phrase = evidence.phrase
        return replace(
            evidence,
            phrase=phrase if phrase and not self._repeats_name(phrase.text, code) else None,
            words=tuple([each for each in evidence.words if self._tells(each[0])][:_MOST_WORDS]),
            neighbours=tuple(
                neighbour
                for neighbour in evidence.neighbours
                if neighbour.known and neighbour.code in self._codebook
            ),
        )

    def _repeats_name(self, text: str, code: Code) -> bool:
        known = self._repeating.get((text, code.name))
        if known is None:
            known = self._repeating[text, code.name] = _repeats(text, code.name, self._stop_words)
        return known

    def _tells(self, word: str) -> bool:
        known = self._telling.get(word)
        if known is None:
            known = self._telling[word] = is_content(word, self._stop_words)
        return known


def _repeats(text: str, name: str, stop_words: StopWords) -> bool:
    """Whether a phrase holds no content word beyond those of the code's name."""
    said, named = (set(content_terms(clean_name(each), stop_words)) for each in (text, name))
    return {term for term in said if " " not in term} <= named


def pick_content_words(
    words: Iterable[tuple[str, float]], stop_words: StopWords
) -> list[tuple[str, float]]:
    """Words of evidence with their parts, without function words."""
    return [(word, part) for word, part in words if is_content(word, stop_words)]
