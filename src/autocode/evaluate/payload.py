"""An evaluation as plain data for JSON: every number or null with a reason, no NaN."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..agreement.study.table import RARE
from .metrics.calibration import N_BINS
from .metrics.figures import Figure
from .metrics.human import COEFFICIENTS
from .metrics.ranking import FEWEST_USES
from .near_duplicates import FEWEST_WORDS
from .protocol import Evaluation, Point

MAIN = (
    "hit_at_1",
    "recall_at_1",
    "recall_at_3",
    "recall_at_5",
    "micro_f1",
    "macro_f1",
    *COEFFICIENTS,
)
_DIGITS = 6

DEFINITIONS = {
    "hit_at_1": "the first suggestion is one of the segment's codes; over segments to which the"
    " reference gave a code",
    "recall_at_k": "mean share of a segment's codes among the first k suggestions; over the same",
    "micro_f1": "F1 of what the method would apply, over all (segment, code) decisions on segments"
    " the reference has read",
    "macro_f1": f"mean F1 of the codes the reference gave at least {FEWEST_USES} times",
    "kappa_per_code_mean": "Cohen's kappa of method and coder per code, averaged over coders"
    f" weighted by use, then over codes that people gave at least {RARE} times",
    "pooled_kappa": "Cohen's kappa over all (segment, code) yes/no decisions of the method and each"
    " coder",
    "alpha_masi": "Krippendorff's alpha over sets of codes with the MASI distance, each pair of"
    " method and coder on a segment as a unit",
    "human_human": "the same between people, on segments two people coded independently",
    "machine_human": "the method with each of those people on the same segments",
    "difference": "machine_human less human_human, paired: the same transcripts in every draw",
    "ratio": "machine_human over human_human",
    "calibration": "of the first suggestion for every segment the reference has read; ece over"
    f" {N_BINS} bins of equal size; brier: mean squared error",
    "prediction_sets": "coverage: share of the reference's codings inside the sets;"
    " coverage_by_document: its mean over documents, which is what is promised from ten coded"
    " documents on; mean_size: codes per segment the reference has read",
    "auto_accept": "observed_fdr: share of what would be applied unseen that the reference did not"
    " give; share_of_codings: share of the reference's codings found that way",
    "low, high": "95 % interval over draws of whole transcripts; training sets are not redrawn",
}


def as_dict(found: Evaluation) -> dict[str, Any]:
    """The evaluation for JSON."""
    return {
        "task": "suggest",
        "corpus": found.corpus,
        "method": found.method,
        "n_documents": found.n_transcripts,
        "n_coded_documents": found.n_coded,
        "n_segments": found.n_segments,
        "n_codes": found.n_codes,
        "n_double_coded": found.n_double_coded,
        "coders": list(found.coders),
        "protocol": _protocol(found),
        "points": [point_as_dict(point) for point in found.points],
        "per_code": _per_code(found),
        "seconds": {name: round(value, 3) for name, value in found.seconds.items()},
        "peak_rss_mb": max((p.peak_rss_mb for p in found.points if p.peak_rss_mb), default=None),
        "remarks": list(found.remarks),
        "definitions": DEFINITIONS,
    }


def point_as_dict(point: Point) -> dict[str, Any]:
    """One share of the learning curve for JSON."""
    return {
        "coded_share": point.share,
        "n_train_documents": point.n_train,
        "n_repeats": point.n_repeats,
        "n_test_segments": point.n_segments,
        **{name: figure_as_dict(point.figures[name]) for name in MAIN},
        **_beside(point.beside),
        "calibration": {
            "ece": _round(point.calibration.ece),
            "brier": _round(point.calibration.brier),
            "bins": [
                {"probability": _round(b.probability), "right": _round(b.right), "n": b.n}
                for b in point.calibration.bins
            ],
        },
        "prediction_sets": {
            "target": point.sets.target,
            "coverage": _round(point.sets.coverage),
            "coverage_by_document": _round(point.sets.by_transcript),
            "mean_size": _round(point.sets.mean_size),
            **_reason(point.sets.reason),
        },
        "auto_accept": {
            "target_fdr": point.accepts.target_fdr,
            "observed_fdr": _round(point.accepts.observed_fdr),
            "share_of_codings": _round(point.accepts.share_of_codings),
            "n_accepted": point.accepts.n_accepted,
            **_reason(point.accepts.reason),
        },
        "seconds": round(point.seconds, 3),
        "peak_rss_mb": None if point.peak_rss_mb is None else round(point.peak_rss_mb, 1),
        "remarks": list(point.remarks),
    }


def figure_as_dict(figure: Figure) -> dict[str, Any]:
    """A figure for JSON; with repeats, their spread."""
    told: dict[str, Any] = {
        "value": _round(figure.value),
        "low": _round(figure.low),
        "high": _round(figure.high),
        **_reason(figure.reason),
    }
    known = figure.drawn
    if known:
        told["spread"] = {
            "n": len(known),
            "min": _round(min(known)),
            "max": _round(max(known)),
            "sd": _round(_deviation(known)),
        }
    return told


def _beside(beside: Mapping[str, Figure]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, figure in beside.items():
        kind, _, coefficient = name.partition(".")
        found.setdefault(kind, {})[coefficient] = figure_as_dict(figure)
    return found


def _protocol(found: Evaluation) -> dict[str, Any]:
    asked = found.protocol
    return {
        "split": "leave transcripts out",
        "coded_share": "share of all coded transcripts; a random subset of the other folds' "
        "transcripts, nested, at least one; 0: nothing is coded",
        "folds": found.n_folds,
        "repeats": asked.n_repeats,
        "seed": asked.seed,
        "reference": dict(found.reference),
        "reference_rule": asked.reference
        or "the coder who applied most codes in the transcript; the moderated coding where there is"
        " that and no coder's",
        "independent_documents": sorted(found.independent),
        "kept_together": [list(group) for group in found.twins],
        "kept_together_rule": "transcripts that share a third of their segments of "
        f"{FEWEST_WORDS} words or more",
        "candidates": "leaves of the codebook, and headings that somebody applied; with domains, "
        "only codes of the segment's",
        "seen_of_test_documents": "their words (vocabularies, factors, vectors of neighbours), "
        "never their codings",
        "intervals": {
            "level": asked.resampling.level,
            "n_resamples": asked.resampling.n_resamples,
            "resampled": "transcripts",
        },
        "encoder": found.encoder,
        "encoder_digest": found.encoder_digest,
        "versions": dict(found.versions),
    }


def _per_code(found: Evaluation) -> dict[str, Any]:
    """Kappa of the method and the reference by code, at the largest share."""
    codes = []
    for code in found.detail.agreement.per_code:
        kappa = code.coefficients["cohen_kappa"]
        limits = kappa.interval
        codes.append(
            {
                "code": code.code,
                "uses": {who: round(n) for who, n in code.uses.items()},
                "too_rare_to_say": code.is_rare,
                "cohen_kappa": {
                    "value": _round(kappa.value),
                    "low": _round(limits.low) if limits else None,
                    "high": _round(limits.high) if limits else None,
                    **_reason(kappa.reason),
                },
            }
        )
    return {"coded_share": found.detail.coded_share, "codes": codes}


def _reason(reason: str) -> dict[str, str]:
    return {"reason": reason} if reason else {}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def _deviation(values: Iterable[float]) -> float:
    known = list(values)
    mean = sum(known) / len(known)
    return float((sum((v - mean) ** 2 for v in known) / max(len(known) - 1, 1)) ** 0.5)
