"""Codes and themes by attributes of participants: segments, and the people behind them.

There is one denominator for each table, stated in it: a code could have been given to any segment
that people have read, a theme could hold any segment of the draft. The report, the command line and
`Project` all show these tables.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from ..core.alignment import align
from ..core.codebook import Codebook
from ..core.coding import Case, Coder, Coding, Reading
from ..core.errors import InputError
from ..core.theme import ThemeDraft
from ..core.transcript import CODABLE_ROLES, Segment
from ..serialise.plain import to_payload
from ..serialise.result import Result
from .attribute_values import (
    NOT_GIVEN,
    Combinations,
    list_values,
    map_values,
    name_participants,
    resolve_attributes,
)
from .code_counts import list_codes_below
from .people import PeoplesWork, keep_people, list_participants

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")
_NO_NUMBER = frozenset({"na", "n/a", "#n/a", "nan", "null", "none"})
"""What other programs write for a number that is missing: a column of its own among numbers."""
_NUMBER_OR_RANGE = re.compile(rf"({_NUMBER.pattern})(?:\s*(?:to|-|–)\s*{_NUMBER.pattern}|\+)?")


class Eligible(StrEnum):
    """The segments that could have been in a row: the denominator of a table."""

    READ_BY_PEOPLE = "read_by_people"
    IN_DRAFT = "in_draft"


@dataclass(frozen=True, slots=True)
class Count:
    """So many segments of so many participants; an interviewer's segments have none."""

    n_segments: int
    n_participants: int

    @property
    def rests_on_one(self) -> bool:
        """Whether a single participant is behind it."""
        return self.n_participants == 1


@dataclass(frozen=True, slots=True)
class CrossRow:
    """One code or theme: a count for each column."""

    key: str
    name: str
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossTable(Result):
    """Codes or themes by one attribute or two.

    A column is a value of each attribute in `by`, in order of value (numbers and ranges of numbers
    by size), `NOT_GIVEN` last; only columns with an eligible segment are there.
    `totals` counts the eligible segments of each column. A participant with several values is in
    several columns; `n_in_several` says how many are, since columns then do not add up. `counted`
    names the participants: "participants", or "papers".
    """

    of: str
    by: tuple[str, ...]
    eligible: Eligible
    columns: tuple[tuple[str, ...], ...]
    totals: tuple[Count, ...]
    rows: tuple[CrossRow, ...]
    n_in_several: int = 0
    counted: str = "participants"

    def to_dict(self) -> dict[str, Any]:
        """The table as plain data; values that are not given are None."""
        return to_payload("cross_table", self.to_content())

    def to_content(self) -> dict[str, Any]:
        """The table as a part of another payload."""
        return {
            "of": self.of,
            "by": self.by,
            "eligible": self.eligible,
            "counted": self.counted,
            "n_in_several": self.n_in_several,
            "columns": [self._values(column) for column in self.columns],
            "all": [_plain(count) for count in self.totals],
            "rows": [
                {"key": row.key, "name": row.name, "counts": [_plain(c) for c in row.counts]}
                for row in self.rows
            ],
        }

    def to_rows(self) -> list[dict[str, Any]]:
        """A row per code or theme and column, with counts and eligible counts."""
        return [
            {
                "of": self.of,
                "key": row.key,
                "name": row.name,
                **self._values(column),
                "n_segments": count.n_segments,
                "n_participants": count.n_participants,
                "n_eligible_segments": total.n_segments,
                "n_eligible_participants": total.n_participants,
            }
            for row in self.rows
            for column, count, total in zip(self.columns, row.counts, self.totals, strict=True)
        ]

    def _values(self, column: tuple[str, ...]) -> dict[str, str | None]:
        return {name: value or None for name, value in zip(self.by, column, strict=True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossTables(Result):
    """Codes that people gave, and draft themes, by attributes; None where there are none."""

    codes: CrossTable | None
    themes: CrossTable | None

    def to_dict(self) -> dict[str, Any]:
        """Both tables as plain data."""
        return to_payload(
            "cross_tables",
            {
                "codes": self.codes and self.codes.to_content(),
                "themes": self.themes and self.themes.to_content(),
            },
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """The rows of both tables, codes first."""
        return [row for table in (self.codes, self.themes) if table for row in table.to_rows()]


@dataclass(frozen=True, slots=True)
class KeyedSegments:
    """The segments of one code or theme."""

    key: str
    name: str
    segments: Sequence[Segment]


def cross_tabulate(
    by: Sequence[str],
    *,
    cases: Sequence[Case],
    segments: Sequence[Segment],
    codebook: Codebook,
    codings: Sequence[Coding],
    readings: Sequence[Reading],
    coders: Sequence[Coder] = (),
    draft: ThemeDraft | None = None,
    n_bins: int | None = None,
    split_at: str = "",
) -> CrossTables:
    """Codes and draft themes by one attribute of participants, or by two attributes crossed.

    Only codings of people count, so give the `coders` where machines have coded as well. With
    `n_bins`, values of numeric attributes are put together into so many bins; see `bin_values`.
    Values in one cell are parted at ";" and at the marks of `split_at`.

    Raises:
        InputError: if `by` names no attribute, more than two, or one twice, or if bins are wanted
            and no attribute is numeric.
        NotFound: if no participant has such an attribute.
        NothingToDo: if no participant has any attribute.
    """
    values: Mapping[str, Combinations] = list_values(cases, by, split_at=split_at)
    by = resolve_attributes(cases, by)
    counted = name_participants(cases)
    if n_bins is not None:
        values = _bin_columns(values, by, n_bins)
    people = keep_people(codings, readings, coders)
    themes = None
    if draft is not None:
        themes = count_segments(
            [KeyedSegments(t.key, t.name, [m.segment for m in t.members]) for t in draft.themes],
            values,
            of="themes",
            by=by,
            among=draft.segments,
            eligible=Eligible.IN_DRAFT,
        )
    codes = _codes(by, values, segments, codebook, people)
    tables = [table and replace(table, counted=counted) for table in (codes, themes)]
    return CrossTables(codes=tables[0], themes=tables[1])


def count_segments(
    groups: Iterable[KeyedSegments],
    values: Mapping[str, Combinations],
    *,
    of: str,
    by: Sequence[str],
    among: Sequence[Segment],
    eligible: Eligible,
) -> CrossTable:
    """Count segments of codes or themes by the values of their participants.

    `values` holds those of `by` for each participant, and `among` the eligible segments.
    """
    unknown = ((NOT_GIVEN,) * len(by),)
    people = {segment.participant for segment in among}
    columns = _sort_columns({c for who in people for c in values.get(who, unknown)})

    def count(chosen: Sequence[Segment]) -> tuple[Count, ...]:
        inside: dict[tuple[str, ...], list[Segment]] = {column: [] for column in columns}
        for segment in chosen:
            for column in values.get(segment.participant, unknown):
                inside[column].append(segment)
        return tuple(Count(len(part), len(list_participants(part))) for part in inside.values())

    return CrossTable(
        of=of,
        by=tuple(by),
        eligible=eligible,
        columns=tuple(columns),
        totals=count(among),
        rows=tuple(CrossRow(group.key, group.name, count(group.segments)) for group in groups),
        n_in_several=sum(len(values.get(who, unknown)) > 1 for who in list_participants(among)),
    )


def bin_values(values: Sequence[str], n_bins: int) -> dict[str, str]:
    """The bin of each number, named by its least and greatest value, such as "2 to 9".

    Quantile bins: a number goes into bin i if between i and i + 1 of `n_bins` equal shares of all
    lie below it, half of those equal to it included. Equal numbers stay together, so bins may hold
    unequally many, and there may be fewer of them.

    Args:
        values: the numbers as text, one for each participant.
        n_bins: how many bins are wanted, 2 or more.

    Raises:
        InputError: if `n_bins` is below 2.
    """
    if n_bins < 2:
        raise InputError(f"At least two bins are needed, not {n_bins}.")
    counts = Counter(map(float, values))
    inside: dict[int, list[float]] = {}
    n_below = 0
    for number in sorted(counts):
        share = (n_below + counts[number] / 2) / len(values)
        inside.setdefault(int(share * n_bins), []).append(number)
        n_below += counts[number]
    names = {
        number: f"{numbers[0]:.10g} to {numbers[-1]:.10g}"
        if len(numbers) > 1
        else f"{numbers[0]:.10g}"
        for numbers in inside.values()
        for number in numbers
    }
    return {value: names[float(value)] for value in values}


def _bin_columns(
    values: Mapping[str, Combinations], by: Sequence[str], n_bins: int
) -> Mapping[str, Combinations]:
    """The values of each participant, those of numeric attributes as the names of their bins."""
    not_numbers: list[str] = []
    for at, name in enumerate(by):
        given = [row[at] for rows in values.values() for row in dict.fromkeys(rows) if row[at]]
        numbers = [value for value in given if not _is_missing_number(value)]
        other = next((value for value in numbers if not _NUMBER.fullmatch(value)), None)
        if other is None and (numbers or not given):
            kept = {value: value for value in given if _is_missing_number(value)}
            values = map_values(values, at, bin_values(numbers, n_bins) | kept)
        else:
            not_numbers.append(f"'{name}' has '{given[0] if other is None else other}'")
    if len(not_numbers) == len(by):
        raise InputError(f"Only numbers can be put into bins; {' and '.join(not_numbers)}.")
    return values


def _is_missing_number(value: str) -> bool:
    return value.strip().casefold() in _NO_NUMBER


def _sort_columns(columns: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Columns by value, `NOT_GIVEN` last; an attribute of numbers or ranges by size.

    What stands for a missing number comes between the two.
    """
    columns = list(columns)
    sizes: list[dict[str, float]] = []
    for known in zip(*columns, strict=True):
        matches = {
            v: _NUMBER_OR_RANGE.fullmatch(v)
            for v in set(known)
            if v != NOT_GIVEN and not _is_missing_number(v)
        }
        # One value that is no number makes the attribute text, whose values have no size.
        sizes.append(
            {value: float(match[1]) for value, match in matches.items() if match}
            if all(matches.values())
            else {}
        )
    return sorted(
        columns,
        key=lambda column: [
            (value == NOT_GIVEN, bool(size) and value not in size, size.get(value, 0.0), value)
            for value, size in zip(column, sizes, strict=True)
        ],
    )


def _codes(
    by: Sequence[str],
    values: Mapping[str, Combinations],
    segments: Sequence[Segment],
    codebook: Codebook,
    people: PeoplesWork,
) -> CrossTable | None:
    """People's codes in the order of the codebook, with those below; None if nothing is coded."""
    aligned = align(segments, people.codings, people.readings)
    # Whoever has read a transcript has read its questions too; those count where they are coded.
    read = [
        row
        for row, segment in enumerate(segments)
        if aligned.codes(row)
        or ((segment.given or segment.role in CODABLE_ROLES) and aligned.is_read(row))
    ]
    coded: dict[str, set[int]] = {}
    for row in read:
        for code in aligned.codes(row):
            coded.setdefault(code, set()).add(row)
    if not coded:
        return None
    below = list_codes_below(codebook)
    # A code that heads others counts them in, each segment once.
    rolled_up = {
        code: set().union(*(coded.get(key, ()) for key in (code, *below[code])))
        for code in codebook.by_id
    }
    return count_segments(
        [
            KeyedSegments(code.id, code.name, [segments[row] for row in sorted(rolled_up[code.id])])
            for _, code in codebook.walk()
            if rolled_up[code.id]
        ],
        values,
        of="codes",
        by=by,
        among=[segments[row] for row in read],
        eligible=Eligible.READ_BY_PEOPLE,
    )


def _plain(count: Count) -> dict[str, Any]:
    return {
        "n_segments": count.n_segments,
        "n_participants": count.n_participants,
        "rests_on_one": count.rests_on_one,
    }
