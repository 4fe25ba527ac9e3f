"""Which code of one coder met which of the other, as a grid whose cells lead to the excerpts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..agreement.study.confusion import ConfusionCounts, select_most_confused
from ..agreement.study.table import NOTHING
from ..core.codebook import Codebook
from ..report.charts.heat_map import format_count

MOST_CODES = 24
"""With more codes than this a grid cannot be read."""
_STEPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """How often a code of the row met that of the column; `step` 1..5 is its share of the row.

    `met` is the code of the column, "" for nothing.
    """

    met: str
    name: str
    n: str
    step: int
    is_same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """A code of one coder with what it met; cells without a count are empty."""

    code: str
    name: str
    total: str
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfusionGrid:
    """The codes that are confused most, in the order of the codebook; the last column is nothing.

    `n_left_out` codes have no row.
    """

    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]
    n_left_out: int


def lay_out_confusion(
    confusion: ConfusionCounts, codebook: Codebook, names: Mapping[str, str]
) -> ConfusionGrid:
    """The grid of a confusion; `names` of codes are by id."""
    codes = select_most_confused(confusion, [code.id for _, code in codebook.walk()], MOST_CODES)
    known = {code for pair in confusion for code in pair} - {NOTHING}
    columns = [*codes, NOTHING]
    rows = []
    for code in codes:
        total = sum(n for (given, _), n in confusion.items() if given == code)
        cells = [
            _make_cell(confusion.get((code, met), 0.0), total, code, met, names) for met in columns
        ]
        rows.append(
            GridRow(
                code=code,
                name=names.get(code, code),
                total=format_count(total),
                cells=tuple(cells),
            )
        )
    return ConfusionGrid(
        columns=tuple(names.get(code, code) for code in codes),
        rows=tuple(rows),
        n_left_out=len(known) - len(codes),
    )


def _make_cell(n: float, total: float, code: str, met: str, names: Mapping[str, str]) -> GridCell:
    step = 0 if not n else 1 + min(_STEPS - 1, int(_STEPS * n / total))
    return GridCell(
        met="" if met == NOTHING else met,
        name="nothing" if met == NOTHING else names.get(met, met),
        n=format_count(n) if n else "",
        step=step,
        is_same=code == met,
    )
