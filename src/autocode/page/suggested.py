"""Suggestions as the page gets them: each with its probability in a word, and its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.codebook import Codebook
from ..core.errors import one_line
from ..core.suggestion import Precedent, Suggestion
from ..project.reader import StudyReader
from ..project.suggested_to import read_suggested
from ..text.stop_words import StopWords
from .suggestion_numbers import SuggestionNumbers, number_suggestions

MOST_SHOWN = 3
"""Suggestions of a segment that are shown."""
_MOST_WORDS = 6


def view_suggestions(study: StudyReader, transcript: str, coder: str) -> dict[str, Any]:
    """What is suggested for the coder in one transcript, and the run that made it."""
    shown = read_suggested(study, coder, transcript=transcript)
    numbers = number_suggestions(study, coder)
    return {
        "suggestions": [
            describe_suggestion(one, numbers) for one in shown.suggestions if one.rank <= MOST_SHOWN
        ],
        "suggested_by": shown.run and shown.run.made_at,
    }


def describe_suggestion(suggestion: Suggestion, numbers: SuggestionNumbers) -> dict[str, Any]:
    """A suggestion: where, code id, probability from 0 to 1, and what it is worth in words."""
    return {
        "number": numbers.show(suggestion.number),
        "start": suggestion.span.start,
        "end": suggestion.span.end,
        "code": suggestion.code,
        "probability": round(suggestion.probability, 4),
        "likely": suggestion.likely,
        "auto_acceptable": suggestion.auto_acceptable,
        "words": describe_probability(suggestion),
    }


def describe_probability(suggestion: Suggestion) -> str:
    """What the machine makes of a code: applied without reading, applied, or neither."""
    if suggestion.auto_acceptable:
        return "could be accepted unseen"
    return "likely" if suggestion.likely else "unsure"


def describe_evidence(
    suggestion: Suggestion, codebook: Codebook, numbers: Mapping[str, int], stop_words: StopWords
) -> dict[str, Any]:
    """What speaks for a suggestion and against it, as it is stored; `missing` says what is not.

    The nearest excerpt that was coded so stands beside the nearest that was not. `numbers` are
    those of the transcripts. Function words are shown only where no other word speaks for it.
    """
    from ..suggest.readable import pick_content_words  # numpy only where it is needed

    evidence = suggestion.evidence
    coded_so = [_describe_precedent(p, codebook, numbers) for p in evidence.precedents]
    otherwise = [_describe_precedent(p, codebook, numbers) for p in evidence.counter_examples]
    phrase = evidence.phrase
    words = pick_content_words(evidence.words, stop_words) or evidence.words
    parts = {
        "no words of the codebook are near": phrase,
        "nothing near was coded so": coded_so,
        "nothing near was coded otherwise": otherwise,
        "no single words speak for it": words,
        "the segments around it do not speak for it": evidence.neighbours,
    }
    return {
        "code": suggestion.code,
        "phrase": phrase
        and {"part": phrase.part, "text": phrase.text, "similarity": phrase.similarity},
        "coded_so": max(coded_so, key=lambda p: p["similarity"], default=None),
        "coded_otherwise": max(otherwise, key=lambda p: p["similarity"], default=None),
        "guide": evidence.guide and evidence.guide.describe(),
        "words": [word for word, _ in words[:_MOST_WORDS]],
        "neighbours": [
            {
                "is_before": one.is_before,
                "code": _name(codebook, one.code),
                "known": one.known,
            }
            for one in evidence.neighbours
        ],
        "missing": [words for words, part in parts.items() if not part],
    }


def _describe_precedent(
    precedent: Precedent, codebook: Codebook, numbers: Mapping[str, int]
) -> dict[str, Any]:
    return {
        "transcript": numbers.get(precedent.transcript),
        "name": precedent.transcript,
        "start": precedent.span.start,
        "end": precedent.span.end,
        "excerpt": precedent.excerpt,
        "coders": list(precedent.coders),
        "codes": [_name(codebook, code) for code in precedent.codes],
        "similarity": precedent.similarity,
    }


def _name(codebook: Codebook, code: str) -> str:
    return one_line(codebook.by_id[code].name if code in codebook else code, 200)
