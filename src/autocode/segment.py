"""Turns cut into segments: whole turns, paragraphs or sentences; the only door to spaCy.

Spans are the truth and units are a view: cutting anew never touches a coding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any, Literal, get_args

from .errors import InputError
from .transcript import Span, Transcript, Turn

Unit = Literal["turn", "paragraph", "sentence"]
UNITS: tuple[Unit, ...] = get_args(Unit)

_LINE = re.compile(r"[^\n]+")
_OPENING = frozenset("\"'“‘«([{¿¡„‚")
_LONGEST_PIECE = 100_000


def cut(transcript: Transcript, unit: Unit = "turn") -> list[tuple[Turn, Span]]:
    """Every unit of a transcript with the turn it lies in, in order.

    Units lie inside one turn, never overlap, hold at least one visible character, have no blanks
    at their ends, and together hold every visible character of the turns.

    Raises:
        InputError: for a unit that does not exist.
    """
    if unit not in UNITS:
        raise InputError(f"No unit '{unit}'. Choose one of: {', '.join(UNITS)}.")
    text = transcript.text
    return [
        (turn, span) for turn in transcript.turns for span in _pieces(text, turn.span, unit=unit)
    ]


def _pieces(text: str, whole: Span, *, unit: Unit) -> Iterator[Span]:
    if unit == "turn":
        spans: Iterable[Span] = (whole,)
    elif unit == "paragraph":
        spans = _lines(text, whole)
    else:
        spans = (s for line in _lines(text, whole) for s in _sentences(text, line))
    for span in spans:
        if trimmed := _trim(text, span):
            yield trimmed


def _lines(text: str, whole: Span) -> Iterator[Span]:
    for match in _LINE.finditer(text, whole.start, whole.end):
        yield Span(match.start(), match.end())


def _sentences(text: str, line: Span) -> Iterator[Span]:
    # spaCy refuses texts over a million characters; a line that long is cut at blanks first.
    at = line.start
    while at < line.end:
        stop = min(line.end, at + _LONGEST_PIECE)
        if stop < line.end:
            blank = text.rfind(" ", at + 1, stop)
            stop = blank if blank > at else stop
        document = _splitter()(text[at:stop])
        starts = [at + sentence.start_char for sentence in document.sents]
        ends = [_before_opening(text, begin, start) for begin, start in pairwise(starts)]
        for begin, end in zip([at, *ends], [*ends, stop], strict=True):
            yield Span(begin, end)
        at = stop


def _before_opening(text: str, begin: int, start: int) -> int:
    """Where a sentence ends when opening marks of the next one were left at its end."""
    end = start
    while end > begin:
        words = text[begin:end].rstrip()
        if len(words) < 2 or words[-1] not in _OPENING or not words[-2].isspace():
            return end
        end = begin + len(words) - 1
    return end


def _trim(text: str, span: Span) -> Span | None:
    words = text[span.start : span.end]
    lead = len(words) - len(words.lstrip())
    kept = len(words.strip())
    return Span(span.start + lead, span.start + lead + kept) if kept else None


@cache
def _splitter() -> Any:  # noqa: ANN401 - spaCy is skipped by the type checker
    import spacy

    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    return pipeline
