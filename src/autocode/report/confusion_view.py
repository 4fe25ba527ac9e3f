"""Codes that coders confuse, as a reader sees them: the most frequent pairs and a heat map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..agreement.study.confusion import ConfusedPair, count_confused_pairs, select_most_confused
from ..agreement.study.table import NOTHING, Agreement
from ..core.codebook import Codebook
from .charts.heat_map import draw_heat_map, format_count

_MOST_PAIRS = 12


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two codes that were confused, by name, and how often."""

    name: str
    other: str
    n: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfusionView:
    """Codes that were confused; `missed` are those that another coder met with nothing."""

    confused: tuple[PairRow, ...]
    n_more_confused: int
    missed: tuple[PairRow, ...]
    n_more_missed: int
    heat_map: str
    n_shown: int
    n_left_out: int


def view_confusion(
    agreement: Agreement, codebook: Codebook, names: Mapping[str, str]
) -> ConfusionView:
    """The confusions of an agreement, ready to show; `names` of codes are by id."""
    codes = select_most_confused(agreement.confusion, [code.id for _, code in codebook.walk()])
    pairs = count_confused_pairs(agreement.confusion)
    confused = [pair for pair in pairs if pair.other != NOTHING]
    missed = [pair for pair in pairs if pair.other == NOTHING]
    known = {code for pair in agreement.confusion for code in pair} - {NOTHING}
    return ConfusionView(
        confused=name_pairs(confused[:_MOST_PAIRS], names),
        n_more_confused=len(confused[_MOST_PAIRS:]),
        missed=name_pairs(missed[:_MOST_PAIRS], names),
        n_more_missed=len(missed[_MOST_PAIRS:]),
        heat_map=draw_heat_map(agreement.confusion, codes, names),
        n_shown=len(codes),
        n_left_out=len(known) - len(codes),
    )


def name_pairs(pairs: Sequence[ConfusedPair], names: Mapping[str, str]) -> tuple[PairRow, ...]:
    """Confused pairs with the codes' names."""
    return tuple(
        PairRow(
            names.get(pair.code, pair.code),
            names.get(pair.other, pair.other),
            format_count(pair.n),
        )
        for pair in pairs
    )
