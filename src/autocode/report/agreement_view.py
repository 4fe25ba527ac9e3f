"""The agreement of coders as a reader sees it: coefficients, bands, codes, spans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .._version import __version__
from ..agreement.coefficients.result import Coefficient
from ..agreement.reporting import bands
from ..agreement.reporting.methods_text import (
    REFERENCES,
    describe_caution,
    describe_intervals,
    describe_unit,
    describe_work,
    format_value,
    write_methods,
)
from ..agreement.study.config import AGREEMENT_CONFIG
from ..agreement.study.span_specs import SPAN_CODE_DEFINITIONS, SPAN_DEFINITIONS, SPAN_LABELS
from ..agreement.study.span_table import SpanAgreement
from ..agreement.study.specs import CoefficientSpec, build_definitions, build_labels
from ..agreement.study.table import ORDERS, Agreement
from ..core.codebook import Codebook
from ..core.transcript import Transcript
from .charts.drift import draw_drift
from .charts.forest import draw_interval_strip
from .codes_agreement import CodesView, view_codes
from .confusion_view import ConfusionView, view_confusion
from .disagreements import DisagreementView, Memos, view_disagreements
from .excerpts import CodeOption
from .palette import FAINT, SOFT, assign_code_colours

_TREE = "tree_credit_alpha"
_MOST_OPEN = 60
_MOST_NAMED = 6
_RARE_SHARE = 0.1
"""Below this mean prevalence the page warns that agreement is agreement on absence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoefficientRow:
    """A coefficient over all codes; `strip` is a small chart of its interval."""

    name: str
    label: str
    coefficient: Coefficient
    strip: str
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BandRow:
    """The words that authors have for the size of a coefficient; empty where there are none."""

    label: str
    value: float
    landis_koch: str
    gwet: str
    krippendorff: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanCodeRow:
    """A code in the table of spans; `uses` in the order of the coders."""

    name: str
    colour: str
    uses: tuple[int, ...]
    coefficients: tuple[Coefficient, ...]
    u_alpha: Coefficient


@dataclass(frozen=True, slots=True, kw_only=True)
class SpansView:
    """Agreement on the coders' own spans; `columns` are (label, definition) of `codes`."""

    spans: SpanAgreement
    reading: str
    overall: tuple[CoefficientRow, ...]
    columns: tuple[tuple[str, str], ...]
    codes: tuple[SpanCodeRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementView:
    """A whole page about agreement; charts are SVG, empty where there is nothing to draw.

    `names` and `colours` of codes are by id.
    """

    agreement: Agreement
    title: str
    unit: str
    reading: str
    caution: str
    min_uses: int
    mean_prevalence: float | None
    has_rare_codes: bool
    headline: tuple[CoefficientRow, ...]
    overall: tuple[CoefficientRow, ...]
    intervals: str
    bands: tuple[BandRow, ...]
    codes: CodesView
    confusion: ConfusionView
    drift: str
    drift_order: str
    spans: SpansView | None
    tree: CoefficientRow
    disagreements: Mapping[str, Sequence[DisagreementView]]
    opens_all: bool
    filter_codes: tuple[CodeOption, ...]
    names: Mapping[str, str]
    colours: Mapping[str, str]
    other_colour: str
    methods: str
    references: tuple[str, ...]
    definitions: Mapping[str, str]
    labels: Mapping[str, str]
    version: str


def view_agreement(
    agreement: Agreement,
    codebook: Codebook,
    *,
    memos: Memos,
    spans: SpanAgreement | None = None,
    transcripts: Iterable[Transcript] = (),
) -> AgreementView:
    """An agreement ready to show; for the arguments see `agreement_page.write_agreement`."""
    names, colours = name_codes(codebook), assign_code_colours(codebook)
    specs = {spec.name: spec for spec in agreement.specs}
    prevalence = _average_prevalence(agreement)
    order = ORDERS[agreement.drift_order]
    return AgreementView(
        agreement=agreement,
        title=_join_coders(agreement.coders),
        unit=describe_unit(agreement.unit),
        reading=describe_work(agreement, agreement.n_units),
        caution=describe_caution(agreement),
        min_uses=AGREEMENT_CONFIG.min_uses,
        mean_prevalence=prevalence,
        has_rare_codes=prevalence is not None and prevalence < _RARE_SHARE,
        headline=_list_coefficients(agreement, [s for s in agreement.specs if s.is_headline]),
        overall=_list_coefficients(
            agreement, [s for s in agreement.specs if s.is_overall and s.is_standard]
        ),
        intervals=describe_intervals(agreement),
        bands=tuple(list_bands(agreement.overall, agreement.specs)),
        codes=view_codes(agreement, names, colours),
        confusion=view_confusion(agreement, codebook, names),
        drift=draw_drift(agreement.drift, agreement.overall["pooled_kappa"].value),
        drift_order=f"{order[0].upper()}{order[1:]}",
        spans=None if spans is None else _view_spans(spans, names, colours),
        tree=_list_coefficients(agreement, [specs[_TREE]])[0],
        disagreements=view_disagreements(agreement, memos, transcripts),
        opens_all=len(agreement.disagreements) <= _MOST_OPEN,
        filter_codes=tuple(
            CodeOption(code.code, names.get(code.code, code.code)) for code in agreement.per_code
        ),
        names=names,
        colours=colours,
        other_colour=SOFT,
        methods=write_methods(agreement, codebook, __version__),
        references=REFERENCES,
        definitions=build_definitions(agreement.specs),
        labels=build_labels(agreement.specs),
        version=__version__,
    )


def name_codes(codebook: Codebook) -> dict[str, str]:
    """Names by id; where two codes share a name, the parent's is put behind it, or the id."""
    times = Counter(code.name for code in codebook)
    names = {}
    for code in codebook:
        names[code.id] = code.name
        if times[code.name] > 1:
            behind = codebook.by_id[code.parent].name if code.parent else code.id
            names[code.id] = f"{code.name} ({behind})"
    return names


def list_bands(
    overall: Mapping[str, Coefficient], specs: Sequence[CoefficientSpec]
) -> list[BandRow]:
    """The coefficients with a value that bands are about, with the words for them."""
    rows = []
    for spec in specs:
        coefficient = overall.get(spec.name)
        if not spec.bands or coefficient is None or coefficient.value is None:
            continue
        limit, interval = "", coefficient.interval
        if "krippendorff" in spec.bands and interval is not None:
            limit = f"{format_value(interval.low)}: {bands.krippendorff_limit(interval.low)}"
        value = coefficient.value
        rows.append(
            BandRow(
                label=spec.label,
                value=value,
                landis_koch=bands.landis_koch(value) if "landis_koch" in spec.bands else "",
                gwet=_describe_benchmark(coefficient) if "gwet" in spec.bands else "",
                krippendorff=limit,
            )
        )
    return rows


def _join_coders(coders: Sequence[str]) -> str:
    if len(coders) > _MOST_NAMED:
        return f"{len(coders)} coders"
    if len(coders) < 2:
        return "".join(coders)
    return f"{', '.join(coders[:-1])} and {coders[-1]}"


def _list_coefficients(
    agreement: Agreement, specs: Sequence[CoefficientSpec]
) -> tuple[CoefficientRow, ...]:
    return tuple(
        _make_row(spec.name, spec.label, agreement.overall[spec.name], spec.definition)
        for spec in specs
    )


def _make_row(name: str, label: str, coefficient: Coefficient, definition: str) -> CoefficientRow:
    return CoefficientRow(
        name=name,
        label=label,
        coefficient=coefficient,
        strip=draw_interval_strip(coefficient),
        definition=definition,
    )


def _describe_benchmark(coefficient: Coefficient) -> str:
    """Gwet's band that may be claimed, and the probability of the next better one."""
    claim = bands.gwet_benchmark(coefficient)
    if claim is None:
        return ""
    at = [name for name, _ in claim.cumulative].index(claim.label)
    probability = f"probability {_format_probability(claim.cumulative[at][1])}"
    if at == 0:
        return f"{claim.label} ({probability})"
    better, p = claim.cumulative[at - 1]
    or_better = " or better" if at > 1 else ""
    return f"{claim.label} or better ({probability}); {better}{or_better}: {_format_probability(p)}"


def _format_probability(p: float) -> str:
    return "over .99" if p > 0.99 else "under .01" if p < 0.01 else f"{p:.2f}".lstrip("0")


def _average_prevalence(agreement: Agreement) -> float | None:
    """Mean prevalence of the codes, which all have the same number of units."""
    if not agreement.per_code:
        return None
    return sum(code.prevalence for code in agreement.per_code) / len(agreement.per_code)


def _view_spans(
    spans: SpanAgreement, names: Mapping[str, str], colours: Mapping[str, str]
) -> SpansView:
    return SpansView(
        spans=spans,
        reading=describe_work(spans, spans.n_characters, thing="character"),
        overall=tuple(
            _make_row(name, SPAN_LABELS[name], coefficient, SPAN_DEFINITIONS[name])
            for name, coefficient in spans.overall.items()
        ),
        columns=tuple((SPAN_LABELS[name], words) for name, words in SPAN_CODE_DEFINITIONS.items()),
        codes=tuple(
            SpanCodeRow(
                name=names.get(code.code, code.code),
                colour=colours.get(code.code, FAINT),
                uses=tuple(code.n_spans.get(coder, 0) for coder in spans.coders),
                coefficients=tuple(code.coefficients[name] for name in SPAN_CODE_DEFINITIONS),
                u_alpha=code.coefficients["u_alpha"],
            )
            for code in spans.per_code
        ),
    )
