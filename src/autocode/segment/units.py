"""Turns cut into units: whole turns, paragraphs or sentences, each with exact offsets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, get_args

from ..errors import InputError
from ..transcript import Span, Transcript, Turn
from .component import sentences

Unit = Literal["turn", "paragraph", "sentence"]
UNITS: tuple[Unit, ...] = get_args(Unit)

_LINE = re.compile(r"[^\n]+")


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
        if trimmed := trim(text, span):
            yield trimmed


def _lines(text: str, whole: Span) -> Iterator[Span]:
    for match in _LINE.finditer(text, whole.start, whole.end):
        yield Span(match.start(), match.end())


def _sentences(text: str, line: Span) -> Iterator[Span]:
    for begin, end in sentences(line.of(text)):
        yield Span(line.start + begin, line.start + end)


def trim(text: str, span: Span) -> Span | None:
    """`span` without the blanks at its ends; nothing if it holds only blanks."""
    words = text[span.start : span.end]
    lead = len(words) - len(words.lstrip())
    kept = len(words.strip())
    return Span(span.start + lead, span.start + lead + kept) if kept else None
