"""Themes or codes by an attribute of participants: segments, and the people behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..core.transcript import Segment

NOT_GIVEN = ""
"""The value of a participant of whom the attribute is not known."""


@dataclass(frozen=True, slots=True)
class Count:
    """So many segments of so many participants."""

    n_segments: int
    n_participants: int

    @property
    def rests_on_one(self) -> bool:
        """Whether a single participant is behind it."""
        return self.n_participants == 1


@dataclass(frozen=True, slots=True)
class CrossRow:
    """One theme or code: a count for each value of the attribute."""

    key: str
    name: str
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossTable:
    """Themes or codes by the values of an attribute, in order of value, `NOT_GIVEN` last.

    `totals` counts all segments that could have been in a row, for each value.
    """

    attribute: str
    values: tuple[str, ...]
    totals: tuple[Count, ...]
    rows: tuple[CrossRow, ...]


def crossed(
    attribute: str,
    value_of: Mapping[str, str],
    rows: Iterable[tuple[str, str, Sequence[Segment]]],
    *,
    among: Sequence[Segment],
) -> CrossTable:
    """Cross rows (key, name, segments) with an attribute; `value_of` gives it by participant.

    `among` are the segments that could have been in a row.
    """
    known = {value_of.get(segment.participant, NOT_GIVEN) for segment in among}
    values = (*sorted(known - {NOT_GIVEN}), *(known & {NOT_GIVEN}))
    return CrossTable(
        attribute=attribute,
        values=values,
        totals=_counts(values, value_of, among),
        rows=tuple(
            CrossRow(key, name, _counts(values, value_of, held)) for key, name, held in rows
        ),
    )


def _counts(
    values: Sequence[str], value_of: Mapping[str, str], segments: Sequence[Segment]
) -> tuple[Count, ...]:
    held: dict[str, list[Segment]] = {value: [] for value in values}
    for segment in segments:
        held[value_of.get(segment.participant, NOT_GIVEN)].append(segment)
    return tuple(Count(len(found), len({s.participant for s in found})) for found in held.values())
