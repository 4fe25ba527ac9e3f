"""Who has read what, where a study holds no reading of a coder who coded a transcript by hand.

Tables of other tools say which codes were given and never what was read without one. Without an
assumption every unit that only one coder coded would drop out, and agreement would rise for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from ...core.coding import Coding, Reading
from ...core.errors import InputError
from ...core.transcript import Segment, Span
from .config import AGREEMENT_CONFIG
from .decisions import Unit

ReadingRule = Literal["assumed", "marked"]
"""Whoever coded a transcript by hand has read it, or has read only what is coded or marked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedReading:
    """A coder who coded a transcript by hand and of whom no reading there is recorded.

    `span` is what is compared of the transcript; `last_coding_at` is the share of it, 0..1, that
    lies before the end of the coder's last coding.
    """

    transcript: str
    coder: str
    span: Span
    n_codings: int
    last_coding_at: float

    @property
    def only_began(self) -> bool:
        """Whether the last coding stands so early that the coder may have stopped there."""
        return self.last_coding_at < AGREEMENT_CONFIG.begun_below


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingAccount:
    """What a comparison takes as read, and how much of it rests on `assumed`.

    `n_assumed` counts the compared units (characters, for spans) that some coder has read only by
    the assumption; under the rule "marked" they are those left out for want of it.
    """

    rule: ReadingRule = "assumed"
    n_assumed: int = 0
    assumed: tuple[AssumedReading, ...] = ()

    @property
    def begun(self) -> tuple[AssumedReading, ...]:
        """The transcripts that a coder may only have begun."""
        return tuple(reading for reading in self.assumed if reading.only_began)

    def to_plain(self) -> dict[str, object]:
        """All of it as plain data."""
        return {
            "rule": self.rule,
            "n_assumed": self.n_assumed,
            "assumed": [
                {
                    "transcript": reading.transcript,
                    "coder": reading.coder,
                    "n_codings": reading.n_codings,
                    "last_coding_at": reading.last_coding_at,
                    "only_began": reading.only_began,
                }
                for reading in self.assumed
            ],
        }


def check_reading_rule(rule: str) -> None:
    """Raise InputError for a rule that does not exist."""
    if rule not in get_args(ReadingRule):
        raise InputError(f"No reading rule '{rule}'. Choose assumed or marked.")


def find_assumed_readings(
    segments: Sequence[Segment], codings: Sequence[Coding], readings: Sequence[Reading]
) -> tuple[AssumedReading, ...]:
    """The transcripts that coders are taken to have read, in order of transcript and coder.

    Who applied a code by hand has read the transcript, unless readings of that coder in that
    transcript are recorded. Deciding on suggestions says nothing either way: an accepted one is no
    sign of having read the rest, and the reading it leaves none of having read only that.

    Args:
        segments: what is compared; an assumed reading reaches from the first to the last.
        codings: what people marked.
        readings: what is recorded of their readings.
    """
    recorded = {(r.transcript, r.coder) for r in readings if r.basis != "decision"}
    bounds = {
        name: Span(min(s.span.start for s in parts), max(s.span.end for s in parts))
        for name, parts in _group_by_transcript(segments).items()
    }
    by_hand: dict[tuple[str, str], list[Coding]] = {}
    for coding in codings:
        key = (coding.transcript, coding.coder)
        if coding.basis != "decision" and key not in recorded and coding.transcript in bounds:
            by_hand.setdefault(key, []).append(coding)
    return tuple(
        AssumedReading(
            transcript=transcript,
            coder=coder,
            span=bounds[transcript],
            n_codings=len(marks),
            last_coding_at=_locate_end(bounds[transcript], marks),
        )
        for (transcript, coder), marks in sorted(by_hand.items())
    )


def count_assumed_units(
    assumed: Sequence[Unit], marked: Sequence[Unit], coders: Sequence[str]
) -> int:
    """Units of two or more `coders` that one of them has read only by the assumption.

    Args:
        assumed: the units with the assumption.
        marked: the same units without it; those that nobody has read may be missing.
        coders: those compared.
    """
    known: dict[tuple[str, Span | None], set[str]] = {
        (unit.transcript, unit.span): set(unit.applied) for unit in marked
    }
    n_units = 0
    for unit in assumed:
        readers = set(unit.applied) & set(coders)
        if len(readers) > 1 and readers - known.get((unit.transcript, unit.span), set()):
            n_units += 1
    return n_units


def _locate_end(bounds: Span, marks: Sequence[Coding]) -> float:
    last = max(mark.span.end for mark in marks)
    return min(max((last - bounds.start) / max(len(bounds), 1), 0.0), 1.0)


def _group_by_transcript(segments: Sequence[Segment]) -> Mapping[str, list[Segment]]:
    grouped: dict[str, list[Segment]] = {}
    for segment in segments:
        grouped.setdefault(segment.transcript, []).append(segment)
    return grouped
