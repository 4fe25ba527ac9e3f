"""What an evaluation of suggestions answers, and its shape as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import stdev
from typing import Any

from ..agreement.study.config import AGREEMENT_CONFIG
from ..core.codebook import Codebook
from ..serialise.plain import to_payload
from ..serialise.result import Result
from .error_analysis import ErrorAnalysis
from .metrics.calibration import N_BINS, AutoAcceptance, CalibrationError, PredictionSetCoverage
from .metrics.human import HumanComparison
from .metrics.pairs import COEFFICIENTS
from .metrics.passages import PASSAGE_SCORES, PassageScores
from .metrics.ranking import FEWEST_USES
from .metrics.scores import Score
from .near_duplicates import FEWEST_WORDS
from .protocol import NEW_TRANSCRIPT, PART_CODED, WHILE_CODING, Protocol
from .run_facts import RunFacts

MAIN_SCORES = (
    "hit_at_1",
    "recall_at_1",
    "recall_at_3",
    "recall_at_5",
    "micro_f1",
    "macro_f1",
    *COEFFICIENTS,
)
_DIGITS = 6

_SPLITS: Mapping[str, str] = {
    NEW_TRANSCRIPT: "leave transcripts out",
    WHILE_CODING: "leave transcripts out, and follow each in reading order",
    PART_CODED: "leave segments of every transcript out",
}
_CODED_SHARES: Mapping[str, str] = {
    PART_CODED: "share of the segments of every transcript, at least one of which is left to be"
    " tested; 0: nothing is coded"
}
_OF_TRANSCRIPTS = (
    "share of all coded transcripts; a random subset of the other folds' transcripts, nested, at"
    " least one; 0: nothing is coded"
)
_SEEN: Mapping[str, str] = {
    NEW_TRANSCRIPT: "never their codings",
    WHILE_CODING: "and, of their codings, what the coder who is followed applied to segments before"
    " the one asked about",
    PART_CODED: "and the reference's codings of the segments that are known",
}

DEFINITIONS = {
    "hit_at_1": "the first suggestion is one of the segment's codes; over segments to which the"
    " reference gave a code",
    "recall_at_k": "mean share of a segment's codes among the first k suggestions; over the same",
    "micro_f1": "F1 of the likely codes (those the method would apply), over all (segment, code)"
    " decisions on segments the reference has read",
    "macro_f1": f"mean F1 of the codes the reference gave at least {FEWEST_USES} times",
    "kappa_per_code_mean": "Cohen's kappa of method and coder per code, averaged over coders"
    " weighted by use, then over codes that people gave at least"
    f" {AGREEMENT_CONFIG.min_uses} times; while coding, the coder is the reference, who was"
    " followed",
    "pooled_kappa": "Cohen's kappa over all (segment, code) yes/no decisions of the method and each"
    " coder; while coding, the reference",
    "alpha_masi": "Krippendorff's alpha over sets of codes with the MASI distance, each pair of"
    " method and coder on a segment as a unit",
    "starts": "the same on coded segments with a code that the segment the reference read before"
    " does not have; here kappa is with the reference",
    "continuations": "the same on all other coded segments; null where the transcripts are no"
    " running text",
    "codable": "Cohen's kappa over segments: is anything coded",
    "which_code": "Cohen's kappa over (segment, code) decisions on segments that both coded",
    "start": "Cohen's kappa over segments: does a passage start, that is, has the segment a code"
    " that the one before does not have",
    "human_human": "the same between people, on segments two people coded independently",
    "machine_human": "the method with each of those people on the same segments; while coding, with"
    " those it did not follow",
    "difference": "machine_human less human_human, paired: the same transcripts in every draw",
    "ratio": "machine_human over human_human",
    "bound": "square root of human_human: the most a machine can agree with people who coded"
    " independently; where they did not, human_human is an upper bound",
    "validity": "machine_human over bound: the correlation with what people agree to see",
    "calibration": "of the first suggestion for every segment the reference has read; ece over"
    f" {N_BINS} bins of equal size; brier: mean squared error",
    "prediction_sets": "coverage: share of the reference's codings inside the sets;"
    " coverage_by_transcript: its mean over transcripts, which is what is promised from ten coded"
    " transcripts on; mean_size: codes per segment the reference has read",
    "auto_accept": "observed_fdr: share of what could be accepted without reading that the"
    " reference did not give; share_of_codings: share of the reference's codings obtained that way",
    "low, high": "95 % interval over draws of whole transcripts; training sets are not redrawn",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusFacts:
    """What the corpus holds.

    `n_coded_transcripts` of the `n_transcripts` have a reference coder; `n_double_coded` segments
    were coded by two people independently. `reference_coder` is by transcript.
    """

    name: str
    n_transcripts: int
    n_coded_transcripts: int
    n_segments: int
    n_codes: int
    n_double_coded: int
    coders: tuple[str, ...]
    reference_coder: Mapping[str, str]
    independent_transcripts: frozenset[str]
    near_duplicates: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningCurvePoint:
    """Everything measured at one share of coded transcripts.

    `n_train` is a mean over folds; `scores` are those of `MAIN_SCORES`, by name; `passages` those
    at "starts" and "continuations" apart.
    """

    share: float
    n_train: float
    n_repeats: int
    n_segments: int
    scores: Mapping[str, Score]
    passages: Mapping[str, PassageScores]
    human_comparison: HumanComparison
    calibration: CalibrationError
    prediction_sets: PredictionSetCoverage
    auto_accept: AutoAcceptance
    seconds: float
    peak_rss_mb: float | None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation(Result):
    """The learning curve of one method on one corpus.

    `n_folds` is how many there were, at most as many as asked for; `errors` compares method and
    reference at the largest share.
    """

    method: str
    corpus: CorpusFacts
    protocol: Protocol
    n_folds: int
    points: tuple[LearningCurvePoint, ...]
    errors: ErrorAnalysis
    codebook: Codebook
    run: RunFacts
    remarks: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data: every number, or null with a reason."""
        corpus = self.corpus
        return to_payload(
            "evaluation",
            {
                "corpus": corpus.name,
                "method": self.method,
                "n_transcripts": corpus.n_transcripts,
                "n_coded_transcripts": corpus.n_coded_transcripts,
                "n_segments": corpus.n_segments,
                "n_codes": corpus.n_codes,
                "n_double_coded": corpus.n_double_coded,
                "coders": corpus.coders,
                "protocol": _protocol_payload(self),
                "points": [_point_payload(point) for point in self.points],
                "per_code": _per_code_payload(self.errors),
                "seconds": {name: round(value, 3) for name, value in self.run.seconds.items()},
                "peak_rss_mb": self.run.peak_rss_mb,
                "remarks": self.remarks,
                "definitions": DEFINITIONS,
            },
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """A row for each share of coded transcripts and measure: its value, interval and reason."""
        return [
            {"coded_share": point.share, "measure": name, **_make_score_cells(score)}
            for point in self.points
            for name, score in _collect_scores(point).items()
        ]


def _collect_scores(point: LearningCurvePoint) -> dict[str, Score]:
    """Every measure of a point by name; those without an interval have a value alone."""
    compared = point.human_comparison
    sets, accepted = point.prediction_sets, point.auto_accept
    return {
        **{name: point.scores[name] for name in MAIN_SCORES},
        **{
            f"{kind}.{name}": apart.scores[name]
            for kind, apart in point.passages.items()
            for name in PASSAGE_SCORES
        },
        **{f"human_human.{name}": score for name, score in compared.human_human.items()},
        **{f"machine_human.{name}": score for name, score in compared.machine_human.items()},
        **{f"difference.{name}": score for name, score in compared.difference.items()},
        **{f"ratio.{name}": score for name, score in compared.ratio.items()},
        **{f"bound.{name}": score for name, score in compared.bound.items()},
        **{f"validity.{name}": score for name, score in compared.validity.items()},
        "calibration.ece": Score(value=point.calibration.ece),
        "calibration.brier": Score(value=point.calibration.brier),
        "prediction_sets.coverage": Score(value=sets.coverage, reason=sets.reason),
        "prediction_sets.coverage_by_transcript": Score(
            value=sets.coverage_by_transcript, reason=sets.reason
        ),
        "prediction_sets.mean_size": Score(value=sets.mean_size),
        "auto_accept.observed_fdr": Score(value=accepted.observed_fdr, reason=accepted.reason),
        "auto_accept.share_of_codings": Score(value=accepted.share_of_codings),
    }


def _point_payload(point: LearningCurvePoint) -> dict[str, Any]:
    compared, sets, accepted = point.human_comparison, point.prediction_sets, point.auto_accept
    return {
        "coded_share": point.share,
        "n_train_transcripts": point.n_train,
        "n_repeats": point.n_repeats,
        "n_test_segments": point.n_segments,
        **{name: _score_payload(point.scores[name]) for name in MAIN_SCORES},
        **{kind: _passage_payload(apart) for kind, apart in point.passages.items()},
        "human_human": _scores_payload(compared.human_human),
        "machine_human": _scores_payload(compared.machine_human),
        "difference": _scores_payload(compared.difference),
        "ratio": _scores_payload(compared.ratio),
        "bound": _scores_payload(compared.bound),
        "validity": _scores_payload(compared.validity),
        "calibration": {
            "ece": _round(point.calibration.ece),
            "brier": _round(point.calibration.brier),
            "bins": [
                {
                    "probability": _round(b.probability),
                    "share_right": _round(b.share_right),
                    "n": b.n,
                }
                for b in point.calibration.bins
            ],
        },
        "prediction_sets": {
            "target": sets.target,
            "coverage": _round(sets.coverage),
            "coverage_by_transcript": _round(sets.coverage_by_transcript),
            "mean_size": _round(sets.mean_size),
            **_reason(sets.reason),
        },
        "auto_accept": {
            "target_fdr": accepted.target_fdr,
            "observed_fdr": _round(accepted.observed_fdr),
            "share_of_codings": _round(accepted.share_of_codings),
            "n_accepted": accepted.n_accepted,
            **_reason(accepted.reason),
        },
        "seconds": round(point.seconds, 3),
        "peak_rss_mb": None if point.peak_rss_mb is None else round(point.peak_rss_mb, 1),
        "remarks": point.remarks,
    }


def _passage_payload(apart: PassageScores) -> dict[str, Any]:
    return {"n_segments": apart.n_segments, **_scores_payload(apart.scores)}


def _scores_payload(scores: Mapping[str, Score]) -> dict[str, dict[str, Any]]:
    return {name: _score_payload(score) for name, score in scores.items()}


def _score_payload(score: Score) -> dict[str, Any]:
    """A score with its interval; with repeats, their spread."""
    payload: dict[str, Any] = _make_score_cells(score)
    if not score.reason:
        del payload["reason"]
    drawn = score.drawn
    if drawn:
        payload["spread"] = {
            "n": len(drawn),
            "min": _round(min(drawn)),
            "max": _round(max(drawn)),
            "sd": _round(stdev(drawn) if len(drawn) > 1 else 0.0),
        }
    return payload


def _make_score_cells(score: Score) -> dict[str, Any]:
    return {
        "value": _round(score.value),
        "low": _round(score.low),
        "high": _round(score.high),
        "reason": score.reason,
    }


def _protocol_payload(evaluation: Evaluation) -> dict[str, Any]:
    protocol, corpus, run = evaluation.protocol, evaluation.corpus, evaluation.run
    return {
        "regime": protocol.regime,
        "split": _SPLITS[protocol.regime],
        "sampling": protocol.sampling if protocol.regime == PART_CODED else None,
        "coded_share": _CODED_SHARES.get(protocol.regime, _OF_TRANSCRIPTS),
        "folds": None if protocol.regime == PART_CODED else evaluation.n_folds,
        "repeats": protocol.n_repeats,
        "seed": protocol.seed,
        "reference": corpus.reference_coder,
        "reference_rule": protocol.reference
        or "the coder who applied most codes in the transcript; the moderated coding where there is"
        " that and no coder's",
        "independent_transcripts": corpus.independent_transcripts,
        "near_duplicates": corpus.near_duplicates,
        "near_duplicates_rule": "transcripts that share a third of their segments of "
        f"{FEWEST_WORDS} words or more"
        + ("" if protocol.regime == PART_CODED else "; kept on one side of every split"),
        "candidates": "leaves of the codebook, and headings that somebody applied; with domains, "
        "only codes of the segment's",
        "seen_of_test_transcripts": "their words (vocabularies, factors, vectors of neighbours), "
        + _SEEN[protocol.regime],
        "intervals": {
            "level": protocol.resampling.level,
            "n_resamples": protocol.resampling.n_resamples,
            "resampled": "transcripts",
        },
        "encoder": run.encoder,
        "encoder_digest": run.encoder_digest,
        "versions": run.versions,
    }


def _per_code_payload(errors: ErrorAnalysis) -> dict[str, Any]:
    """Kappa of the method and the reference by code, at the largest share."""
    codes = []
    for code in errors.agreement.per_code:
        kappa = code.coefficients["cohen_kappa"]
        interval = kappa.interval
        codes.append(
            {
                "code": code.code,
                "uses": {coder: round(n) for coder, n in code.uses.items()},
                "is_rare": code.is_rare,
                "cohen_kappa": {
                    "value": _round(kappa.value),
                    "low": _round(interval.low) if interval else None,
                    "high": _round(interval.high) if interval else None,
                    **_reason(kappa.reason),
                },
            }
        )
    return {"coded_share": errors.coded_share, "codes": codes}


def _reason(reason: str) -> dict[str, str]:
    return {"reason": reason} if reason else {}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
