"""One self-contained HTML page about the agreement of coders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .._version import __version__
from ..agreement.coefficients.result import Coefficient
from ..agreement.reporting import bands
from ..agreement.reporting.methods_text import (
    REFERENCES,
    describe_intervals,
    describe_unit,
    format_value,
    write_methods,
)
from ..agreement.study.config import AGREEMENT_CONFIG
from ..agreement.study.span_specs import SPAN_CODE_DEFINITIONS, SPAN_DEFINITIONS, SPAN_LABELS
from ..agreement.study.span_table import SpanAgreement
from ..agreement.study.specs import CoefficientSpec, build_definitions, build_labels
from ..agreement.study.table import NOTHING, ORDERS, Agreement, CodeAgreement
from ..core.codebook import Codebook
from . import templating
from .charts import confusion
from .charts.drift import drift_plot
from .charts.forest import ForestRow, forest, strip
from .disagreements import Memos, differences
from .excerpts import colours

_TEMPLATE = "agreement.html"
_TREE = "tree_credit_alpha"
_MOST_GREYED = 25
_MOST_PAIRS = 12
_MOST_OPEN = 60
_RARE_SHARE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Banded:
    """The words other people have for one coefficient; empty where they have none for it."""

    label: str
    value: float
    landis_koch: str
    gwet: str
    krippendorff: str


def write_agreement(
    found: Agreement,
    codebook: Codebook,
    out: Path,
    *,
    memos: Memos = MappingProxyType({}),
    spans: SpanAgreement | None = None,
) -> int:
    """Write a page about an agreement to `out`; returns its size in bytes.

    Args:
        found: what to show.
        codebook: the names and order of the codes.
        out: the file to write.
        memos: what coders noted, by transcript, start, end and coder; shown with the
            disagreements they overlap.
        spans: agreement on the coders' own spans, for a section of its own.

    Raises:
        FileRefused: if the place cannot be written.
    """
    return templating.save(render_agreement(found, codebook, memos=memos, spans=spans), out)


def render_agreement(
    found: Agreement,
    codebook: Codebook,
    *,
    memos: Memos = MappingProxyType({}),
    spans: SpanAgreement | None = None,
) -> str:
    """The page as HTML text."""
    names = code_names(codebook)
    view = _overview(found) | _codes(found, names) | _confused(found, codebook, names)
    return templating.fill(
        _TEMPLATE,
        view
        | {
            "found": found,
            "names": names,
            "sieve_codes": [(c.code, names.get(c.code, c.code)) for c in found.per_code],
            "palette": colours(codebook),
            "drift_plot": drift_plot(found.drift, found.overall["pooled_kappa"].value),
            "spans": spans,
            "span_definitions": SPAN_DEFINITIONS,
            "span_code_definitions": SPAN_CODE_DEFINITIONS,
            "span_labels": SPAN_LABELS,
            "strip": strip,
            "drift_order": ORDERS[found.drift_order],
            "differences": differences(found, memos),
            "most_open": _MOST_OPEN,
            "definitions": build_definitions(found.specs),
            "labels": build_labels(found.specs),
            "methods": write_methods(found, codebook, __version__),
            "references": REFERENCES,
            "version": __version__,
        },
    )


def code_names(codebook: Codebook) -> dict[str, str]:
    """Names by id; where two codes share a name, the parent's is put behind it, or the id."""
    times = Counter(code.name for code in codebook)
    found = {}
    for code in codebook:
        found[code.id] = code.name
        if times[code.name] > 1:
            behind = codebook.by_id[code.parent].name if code.parent else code.id
            found[code.id] = f"{code.name} ({behind})"
    return found


def _overview(found: Agreement) -> dict[str, Any]:
    return {
        "unit": describe_unit(found.unit),
        "few": found.n_transcripts < AGREEMENT_CONFIG.few_transcripts,
        "few_limit": AGREEMENT_CONFIG.few_transcripts,
        "headline": {s.name: found.overall[s.name] for s in found.specs if s.is_headline},
        "overall": [
            (s.name, found.overall[s.name], strip(found.overall[s.name]))
            for s in found.specs
            if s.is_overall and s.is_standard
        ],
        "how_drawn": describe_intervals(found),
        "banded": banded(found.overall, found.specs),
        "tree": found.overall[_TREE],
        "tree_strip": strip(found.overall[_TREE]),
        "prevalence": _prevalence(found),
        "rare_share": _RARE_SHARE,
    }


def banded(overall: Mapping[str, Coefficient], specs: Sequence[CoefficientSpec]) -> list[Banded]:
    """The coefficients with a value that bands are about, with the words for them."""
    rows = []
    for spec in specs:
        c = overall.get(spec.name)
        if not spec.bands or c is None or c.value is None:
            continue
        limit = ""
        if "krippendorff" in spec.bands and c.interval is not None:
            limit = f"{format_value(c.interval.low)}: {bands.krippendorff_limit(c.interval.low)}"
        rows.append(
            Banded(
                label=spec.label,
                value=c.value,
                landis_koch=bands.landis_koch(c.value) if "landis_koch" in spec.bands else "",
                gwet=_gwet(c) if "gwet" in spec.bands else "",
                krippendorff=limit,
            )
        )
    return rows


def _gwet(c: Coefficient) -> str:
    """The band one may claim, and how far off the next better one is."""
    claim = bands.gwet_benchmark(c)
    if claim is None:
        return ""
    names = [name for name, _ in claim.cumulative]
    at = names.index(claim.label)
    told = f"{claim.label} or better (probability {_probability(claim.cumulative[at][1])})"
    if at == 0:
        return told.replace(" or better", "")
    better, p = claim.cumulative[at - 1]
    return f"{told}; {better}{' or better' if at > 1 else ''}: {_probability(p)}"


def _probability(p: float) -> str:
    return "over .99" if p > 0.99 else "under .01" if p < 0.01 else f"{p:.2f}".lstrip("0")


def _prevalence(found: Agreement) -> float | None:
    """Mean prevalence of the codes: all have the same number of units."""
    if not found.per_code:
        return None
    return sum(code.prevalence for code in found.per_code) / len(found.per_code)


def _codes(found: Agreement, names: Mapping[str, str]) -> dict[str, Any]:
    told = [_forest_row(code, names) for code in found.per_code]
    clear = sorted((r for r in told if not r.note), key=_by_value)
    greyed = sorted((r for r in told if r.note), key=lambda r: (r.note, *_by_value(r)))
    overall = ForestRow(
        name="All decisions together",
        coefficient=found.overall["krippendorff_alpha"],
        n="",
        note="",
        is_overall=True,
    )
    apart = len(greyed) > _MOST_GREYED
    label = "Krippendorff's alpha by code"
    return {
        "forest": forest([overall, *clear, *(() if apart else greyed)], label=label)
        if told
        else "",
        "forest_greyed": forest(greyed, label=f"{label}, too rare or undefined") if apart else "",
        "n_clear": len(clear),
        "n_greyed": len(greyed),
        "rare": AGREEMENT_CONFIG.min_uses,
        "code_specs": [spec for spec in found.specs if spec.per_code is not None],
        "interval_of": "krippendorff_alpha",
        "code_notes": {code.code: _note(code) for code in found.per_code},
    }


def _by_value(row: ForestRow) -> tuple[bool, float, str]:
    value = row.coefficient.value
    return value is None, -(value or 0.0), row.name


def _forest_row(code: CodeAgreement, names: Mapping[str, str]) -> ForestRow:
    alpha = code.coefficients["krippendorff_alpha"]
    note = ""
    if code.is_rare:
        note = f"Too rare to say: fewer than {AGREEMENT_CONFIG.min_uses} uses"
    elif alpha.value is None:
        note = "Undefined"
    return ForestRow(
        name=names.get(code.code, code.code), coefficient=alpha, n=f"{code.n_uses:,.0f}", note=note
    )


def _note(code: CodeAgreement) -> str:
    """What keeps a code's numbers from being read as they stand."""
    reasons = {code.coefficients[n].reason for n in ("cohen_kappa", "krippendorff_alpha")} - {""}
    parts = ["too rare to say"] if code.is_rare else []
    interval = code.coefficients["krippendorff_alpha"].interval
    if interval is not None and interval.n_undefined:
        share = 100 * interval.n_undefined / interval.n_resamples
        parts.append(f"alpha undefined in {share:.0f}% of draws" if share >= 1 else "")
    return "; ".join(part for part in (*parts, *sorted(reasons)) if part)


def _confused(found: Agreement, codebook: Codebook, names: Mapping[str, str]) -> dict[str, Any]:
    order = [code.id for _, code in codebook.walk()]
    codes = confusion.most_confused(found.confusion, order)
    every = {code for pair in found.confusion for code in pair if code != NOTHING}
    pairs = confusion.confused_pairs(found.confusion)
    met = [pair for pair in pairs if pair.other != NOTHING]
    missed = [pair for pair in pairs if pair.other == NOTHING]
    return {
        "heat_map": confusion.heat_map(found.confusion, codes, names),
        "n_mapped": len(codes),
        "n_unmapped": len(every) - len(codes),
        "met": met[:_MOST_PAIRS],
        "missed": missed[:_MOST_PAIRS],
        "n_met": len(met),
        "n_missed": len(missed),
        "told_count": confusion.told_count,
    }
