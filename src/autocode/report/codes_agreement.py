"""The agreement of coders code by code, as a reader sees it: a forest plot, and all numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..agreement.coefficients.result import Coefficient
from ..agreement.study.config import AGREEMENT_CONFIG
from ..agreement.study.specs import CoefficientSpec
from ..agreement.study.table import Agreement, CodeAgreement
from .charts.forest import ForestRow, draw_forest
from .palette import FAINT

ALPHA = "krippendorff_alpha"
_TOGETHER = {"cohen_kappa": "pooled_kappa"}
"""What a coefficient by code is called over all decisions, where that is another name."""
_MOST_GREYED = 25
"""With more codes than this that say little, they are drawn in a plot of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTableRow:
    """A code in the table of all numbers; `uses` in the coders' order, the rest in the columns'."""

    code: str
    name: str
    colour: str
    is_rare: bool
    uses: tuple[int, ...]
    prevalence: str
    coefficients: tuple[Coefficient, ...]
    note: str


@dataclass(frozen=True, slots=True)
class CodeColumn:
    """A coefficient in the table of all numbers; one of them shows its interval as well."""

    heading: str
    definition: str
    has_interval: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesView:
    """Agreement code by code; the charts are SVG."""

    columns: tuple[CodeColumn, ...]
    rows: tuple[CodeTableRow, ...]
    forest: str
    greyed_forest: str
    n_clear: int
    n_greyed: int


def make_code_row(name: str, coefficient: Coefficient, n: float, note: str) -> ForestRow:
    """A code's row of a forest plot; `note` greys it, and so does a coefficient without a value."""
    undefined = "Undefined" if coefficient.value is None else ""
    return ForestRow(name=name, coefficient=coefficient, n=f"{n:,.0f}", note=note or undefined)


def view_codes(
    agreement: Agreement,
    names: Mapping[str, str],
    colours: Mapping[str, str],
    *,
    coefficient: str = ALPHA,
    shows_limits: bool = True,
) -> CodesView:
    """Agreement code by code; `coefficient` is drawn, and has its interval in the table.

    Names and colours of codes are by id. `shows_limits` shades the plot of alpha from
    Krippendorff's limits on.
    """
    rows = [_make_forest_row(code, names, coefficient) for code in agreement.per_code]
    clear = sorted((row for row in rows if not row.note), key=_order_by_value)
    greyed = sorted((r for r in rows if r.note), key=lambda r: (r.note, *_order_by_value(r)))
    together = agreement.overall.get(_TOGETHER.get(coefficient, coefficient))
    overall = (
        ()
        if together is None
        else (ForestRow(name="All decisions together", coefficient=together, is_overall=True),)
    )
    is_split = len(greyed) > _MOST_GREYED
    specs = [spec for spec in agreement.specs if spec.per_code is not None]
    (label,) = (f"{spec.label} by code" for spec in specs if spec.name == coefficient)
    shown = [*overall, *clear, *(() if is_split else greyed)]
    return CodesView(
        columns=tuple(
            CodeColumn(_make_heading(spec), spec.definition, spec.name == coefficient)
            for spec in specs
        ),
        rows=tuple(
            CodeTableRow(
                code=code.code,
                name=names.get(code.code, code.code),
                colour=colours.get(code.code, FAINT),
                is_rare=code.is_rare,
                uses=tuple(round(code.uses.get(coder, 0)) for coder in agreement.coders),
                prevalence=f"{code.prevalence:.3f}",
                coefficients=tuple(code.coefficients[spec.name] for spec in specs),
                note=_describe_doubts(code),
            )
            for code in agreement.per_code
        ),
        forest=draw_forest(shown, label=label, shows_limits=shows_limits) if rows else "",
        greyed_forest=draw_forest(
            greyed, label=f"{label}, too rare or undefined", shows_limits=shows_limits
        )
        if is_split
        else "",
        n_clear=len(clear),
        n_greyed=len(greyed),
    )


def _make_heading(spec: CoefficientSpec) -> str:
    words = spec.column or spec.label
    return f"{words[0].upper()}{words[1:]}"


def _order_by_value(row: ForestRow) -> tuple[bool, float, str]:
    value = row.coefficient.value
    return value is None, -(value or 0.0), row.name


def _make_forest_row(code: CodeAgreement, names: Mapping[str, str], coefficient: str) -> ForestRow:
    rare = f"Too rare to interpret: fewer than {AGREEMENT_CONFIG.min_uses} uses"
    return make_code_row(
        names.get(code.code, code.code),
        code.coefficients[coefficient],
        code.n_uses,
        rare if code.is_rare else "",
    )


def _describe_doubts(code: CodeAgreement) -> str:
    """Why a code's numbers should not be read as they stand."""
    parts = ["too rare to interpret"] if code.is_rare else []
    interval = code.coefficients[ALPHA].interval
    if interval is not None and interval.n_undefined:
        share = 100 * interval.n_undefined / interval.n_resamples
        parts.append(f"alpha undefined in {share:.0f}% of draws" if share >= 1 else "")
    reasons = {code.coefficients[name].reason for name in ("cohen_kappa", ALPHA)}
    return "; ".join(part for part in (*parts, *sorted(reasons)) if part)
