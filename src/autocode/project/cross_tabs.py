"""A study by attribute and over time: tables and curves of its themes and people's codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..core.coding import Case, Coder
from ..core.errors import NothingToDo
from ..core.theme import ThemeDraft
from ..pipeline import Study

if TYPE_CHECKING:
    from ..analysis.cross_tabs import CrossTables
    from ..analysis.saturation import SaturationCurves

_NOTHING = "There is neither a draft theme nor a coding. First run: autocode themes draft STUDY"


def cross_tabulate_study(
    by: Sequence[str],
    study: Study,
    *,
    cases: Sequence[Case],
    coders: Sequence[Coder],
    draft: ThemeDraft | None,
    n_bins: int | None = None,
    split_at: str = "",
) -> CrossTables:
    """The last theme draft, and people's codings, by one attribute of participants or two.

    Raises:
        InputError: if `by` names no attribute, more than two, or one twice, or if bins are wanted
            and no attribute is numeric.
        NotFound: if no participant has such an attribute.
        NothingToDo: if no participant has any, or there is neither a draft nor a coding.
    """
    from ..analysis.cross_tabs import cross_tabulate

    tables = cross_tabulate(
        by,
        cases=cases,
        segments=study.segments,
        codebook=study.codebook,
        codings=study.codings,
        readings=study.readings,
        coders=coders,
        draft=draft,
        n_bins=n_bins,
        split_at=split_at,
    )
    if tables.codes is None and tables.themes is None:
        raise NothingToDo(_NOTHING)
    return tables


def trace_study_saturation(
    order: Sequence[str], study: Study, *, coders: Sequence[Coder], draft: ThemeDraft | None
) -> SaturationCurves:
    """How many codes and draft themes are seen for the first time in each transcript.

    `order` are the transcripts' names as they were imported.

    Raises:
        NothingToDo: if there is neither a draft nor a coding.
    """
    from ..analysis.saturation import trace_saturation

    curves = trace_saturation(
        order, codings=study.codings, readings=study.readings, coders=coders, draft=draft
    )
    if curves.codes is None and curves.themes is None:
        raise NothingToDo(_NOTHING)
    return curves
