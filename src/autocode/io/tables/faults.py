"""Everything that is wrong with the rows of a table, said at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...core.errors import FileRefused, one_line

MOST_LISTED = 20
"""Faulty rows that a message lists; the others are counted."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with the row on this line of a table, and what to do about it."""

    line: int
    fault: str
    remedy: str


def refuse_rows(
    path: Path,
    faults: Sequence[RowFault],
    n_rows: int,
    *,
    way_on: str = "",
    outcome: str = "Nothing of this file was imported.",
) -> FileRefused:
    """The refusal of a table for all its faulty rows.

    The message names the first fault and counts the others, the details list up to `MOST_LISTED`.
    `way_on` is what can be done beside correcting the rows, `outcome` says that nothing was done.
    """
    first = faults[0]
    if len(faults) == 1:
        return FileRefused.because(
            path,
            first.fault,
            remedy=f"{first.remedy} {outcome}".strip(),
            place=f"line {first.line}",
        )
    return FileRefused.because(
        path,
        f"{len(faults)} of {n_rows} rows do not fit, first: {one_line(first.fault, 200)}",
        remedy=f"Correct the rows{way_on}. {outcome}",
        place=f"line {first.line}",
        details=list_faults(faults),
    )


def list_faults(faults: Sequence[RowFault]) -> list[str]:
    """A line for each fault up to `MOST_LISTED`, and one that counts the rest.

    Rows with the same fault share a line: "lines 3, 5 and 9: No code 'Cots' …".
    """
    alike: dict[tuple[str, str], list[int]] = {}
    for fault in faults:
        alike.setdefault((fault.fault, fault.remedy), []).append(fault.line)
    listed = [
        _describe(lines, fault, remedy)
        for (fault, remedy), lines in list(alike.items())[:MOST_LISTED]
    ]
    if len(alike) > MOST_LISTED:
        listed.append(f"and {len(alike) - MOST_LISTED} more faults")
    return listed


def _describe(lines: Sequence[int], fault: str, remedy: str) -> str:
    shown = ", ".join(map(str, lines[:8])) + (f" and {len(lines) - 8} more" * (len(lines) > 8))
    ending = "" if fault.endswith((".", "?", "!")) else "."
    return f"line{'s' * (len(lines) > 1)} {shown}: {fault}{ending} {remedy}".strip()
