"""Turns cut into units: whole turns, paragraphs, meaning units or sentences; exact offsets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from ..core.errors import InputError
from ..core.transcript import Span, Transcript, Turn
from ..text.words import clauses, lacks_blanks, n_words
from .adjacency import join_adjacent
from .meaning_units import LONGEST, Vectors, find_meaning_cuts
from .sentences import split_sentences
from .unpunctuated import is_unpunctuated

Unit = Literal["turn", "paragraph", "meaning", "sentence"]
UNITS: tuple[Unit, ...] = get_args(Unit)
USUAL: Unit = "meaning"
"""A new study's unit: near the best where transcripts keep paragraphs, far ahead of whole turns
where they do not (people's highlights in think-aloud sessions; `eval/results/units.md`)."""

_LINE = re.compile(r"[^\n]+")


SpeechEnds = Callable[[str], list[int]]
"""Finds sentence ends in a line without punctuation: offsets, in order."""


@dataclass(frozen=True, slots=True)
class Aids:
    """What a model may add to the rules, each left out where there is none.

    `vectors` encodes sentences (meaning units); `speech_ends` finds sentence ends in a line
    without punctuation, and is asked only for transcripts that lack it.
    """

    vectors: Vectors | None = None
    speech_ends: SpeechEnds | None = None


def cut(
    transcript: Transcript,
    unit: Unit = USUAL,
    *,
    aids: Aids | None = None,
    across_speakers: bool = False,
) -> list[tuple[Turn, Span]]:
    """Every unit of a transcript with the turn it lies in, in order.

    Units lie inside one turn, never overlap, hold at least one visible character, have no blanks
    at their ends, and together hold every visible character of the turns. With `across_speakers`,
    a meaning unit may span turns (see `adjacency`); its turn is then that of whoever answers.

    Raises:
        InputError: for a unit that does not exist, or one that cannot span speakers.
    """
    check(unit, across_speakers=across_speakers)
    text = transcript.text
    aids = aids or Aids()
    if aids.speech_ends and not (unit in ("sentence", "meaning") and is_unpunctuated(text)):
        aids = Aids(aids.vectors)
    units = [
        (turn, span)
        for turn in transcript.turns
        for span in _pieces(text, turn.span, unit=unit, aids=aids)
    ]
    return join_adjacent(transcript, units) if across_speakers else units


def check(unit: str, *, across_speakers: bool = False) -> None:
    """Raises InputError for a unit that does not exist, or one that cannot span speakers."""
    if unit not in UNITS:
        raise InputError(f"No unit '{unit}'. Choose one of: {', '.join(UNITS)}.")
    if across_speakers and unit != "meaning":
        raise InputError(
            f"The unit '{unit}' lies inside one turn. Only meaning units can span speakers."
        )


def lacks_punctuation(transcript: Transcript) -> bool:
    """Whether a transcript is raw speech recognition, in which rules find no sentence."""
    return is_unpunctuated(transcript.text)


def _pieces(text: str, whole: Span, *, unit: Unit, aids: Aids) -> Iterator[Span]:
    if unit == "turn":
        spans: Iterable[Span] = (whole,)
    elif unit == "paragraph":
        spans = _lines(text, whole)
    else:
        parts = _sentences if unit == "sentence" else _meanings
        spans = (s for line in _lines(text, whole) for s in parts(text, line, aids=aids))
    for span in spans:
        if trimmed := trim(text, span):
            yield trimmed


def _lines(text: str, whole: Span) -> Iterator[Span]:
    for match in _LINE.finditer(text, whole.start, whole.end):
        yield Span(match.start(), match.end())


def _sentences(text: str, line: Span, *, aids: Aids) -> Iterator[Span]:
    words = line.of(text)
    if aids.speech_ends:
        ends = aids.speech_ends(words)
        bounds: Iterable[tuple[int, int]] = zip([0, *ends], [*ends, len(words)], strict=True)
    else:
        bounds = split_sentences(words)
    for begin, end in bounds:
        yield Span(line.start + begin, line.start + end)


def _meanings(text: str, line: Span, *, aids: Aids) -> Iterator[Span]:
    if n_words(line.of(text)) <= LONGEST:
        yield line
        return
    # Blanks between sentences belong to none, so that a unit cut again sees the same sentences.
    said = _sentences(text, line, aids=aids)
    parts = [part for s in said for c in _clauses(text, s) if (part := trim(text, c))]
    cuts = find_meaning_cuts([part.of(text) for part in parts], aids.vectors)
    for begin, end in zip([0, *cuts], [*cuts, len(parts)], strict=True):
        if begin < end:
            yield Span(parts[begin].start, parts[end - 1].end)


def _clauses(text: str, sentence: Span) -> Iterator[Span]:
    """The sentence; its clauses if it is too long for one unit in a script without blanks."""
    words = sentence.of(text)
    if not lacks_blanks(words) or n_words(words) <= LONGEST:
        yield sentence
        return
    for begin, end in clauses(words, LONGEST):
        yield Span(sentence.start + begin, sentence.start + end)


def trim(text: str, span: Span) -> Span | None:
    """`span` without the blanks at its ends; nothing if it holds only blanks."""
    words = text[span.start : span.end]
    lead = len(words) - len(words.lstrip())
    kept = len(words.strip())
    return Span(span.start + lead, span.start + lead + kept) if kept else None
