"""Attributes of participants as tables need them: by any capitals, several values in one cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from ..core.coding import Case
from ..core.errors import InputError, NotFound, NothingToDo

NOT_GIVEN = ""
"""The value of a participant of whom the attribute is not known."""

MOST_ATTRIBUTES = 2
VALUE_MARK = ";"
"""What parts several values in one cell; a comma does so on request, since sentences have some."""

Combinations = tuple[tuple[str, ...], ...]
"""The columns of a table that one participant is in: a value of each attribute."""


def split_values(cell: str, marks: str = VALUE_MARK) -> tuple[str, ...]:
    """The values in a cell, each once; `NOT_GIVEN` where there is none."""
    parts = (part.strip() for part in re.split(f"[{re.escape(marks)}]", cell))
    return tuple(dict.fromkeys(filter(None, parts))) or (NOT_GIVEN,)


def list_values(
    cases: Sequence[Case], by: Sequence[str], *, split_at: str = ""
) -> dict[str, Combinations]:
    """The values of the attributes `by` of each participant, `NOT_GIVEN` for blanks.

    A cell holds several where `VALUE_MARK` or a mark of `split_at` parts them; the participant is
    then in a column for each.

    Raises:
        InputError: if `by` names no attribute, more than two, or one twice.
        NotFound: if no participant has such an attribute.
        NothingToDo: if no participant has any attribute.
    """
    names = resolve_attributes(cases, by)
    marks = VALUE_MARK + split_at
    values = {}
    for case in cases:
        folded = {name.casefold(): value for name, value in case.attributes.items()}
        cells = [split_values(folded.get(name.casefold(), ""), marks) for name in names]
        values[case.name] = tuple(product(*cells))
    return values


def resolve_attributes(cases: Iterable[Case], by: Sequence[str]) -> tuple[str, ...]:
    """The attributes `by` as the study spells them, whatever their capitals.

    Raises:
        InputError, NotFound, NothingToDo: as `list_values`.
    """
    known: dict[str, str] = {}
    for case in cases:
        for name in case.attributes:
            known.setdefault(name.casefold(), name)
    if not known:
        raise NothingToDo(
            "No participant of this study has attributes. Import a table of cases (case, "
            "transcript, speaker, attributes) first: autocode import STUDY participants.csv"
        )
    for name in by:
        if name.strip().casefold() not in known:
            raise NotFound(
                f"No attribute '{name}' in this study. Choose one of: "
                f"{', '.join(sorted(known.values()))}."
            )
    names = tuple(known[name.strip().casefold()] for name in by)
    if not 1 <= len(names) <= MOST_ATTRIBUTES or len(set(names)) < len(names):
        raise InputError(f"Give one attribute or two different ones, not {len(by)}.")
    return names


def name_participants(cases: Sequence[Case]) -> str:
    """What the participants of a study are called: "papers" where every case is one."""
    return "papers" if cases and all(case.is_paper for case in cases) else "participants"


def map_values(
    values: Mapping[str, Combinations], at: int, names: Mapping[str, str]
) -> dict[str, Combinations]:
    """The same combinations with the values of attribute number `at` renamed."""
    return {
        who: tuple(
            dict.fromkeys(
                (*row[:at], names.get(row[at], row[at]), *row[at + 1 :]) for row in combinations
            )
        )
        for who, combinations in values.items()
    }
