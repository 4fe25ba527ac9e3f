"""The evaluation itself: for every repeat, share and fold, learn from the others and be tested."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .. import pipeline
from ..core.arguments import checked
from ..core.progress import Progress, silent
from ..suggest.corpus import EncodedCorpus
from ..suggest.protocol import Scorer, Suggester
from .coded_corpus import CodedCorpus, make_default_tools, open_corpus
from .error_analysis import ErrorAnalysis, analyse_errors, describe_unfindable_codes
from .gold import GoldData, build_gold_data
from .leakage import HeldOutLabels
from .methods import DEFAULT, as_suggester, load_suggester
from .metrics.calibration import compute_auto_acceptance, compute_calibration, compute_set_coverage
from .metrics.human import compare_with_people, count_double_coded
from .metrics.passages import score_passages
from .metrics.reference import score_draws
from .predictions import Draw, Predictions
from .protocol import NEW_TRANSCRIPT, PART_CODED, WHILE_CODING, Protocol
from .regimes import (
    DrawRun,
    Setup,
    keep_running_text,
    run_new_transcript,
    run_part_coded,
    run_while_coding,
)
from .results import CorpusFacts, Evaluation, LearningCurvePoint
from .run_facts import RunFacts, measure_peak_rss_mb
from .splits import Splits, make_splits

if TYPE_CHECKING:
    from ..project import Project


@checked
def evaluate_suggestions(
    corpus: CodedCorpus | Project | Path | str,
    method: str | Suggester | Scorer = DEFAULT,
    *,
    tools: pipeline.Tools | None = None,
    protocol: Protocol | None = None,
) -> Evaluation:
    """The learning curve of a method on coded material.

    The words of all segments, tested ones too, may shape vocabularies and factors, as they do when
    a study is coded; people's codings of tested transcripts shape nothing.

    Args:
        corpus: coded material, an open study, or the path of a study file, a corpus folder or a
            table of coded segments.
        method: "autocode", "codebook" (its words alone), "module:object", or an object with
            `rank(task)` or `logits(task)`.
        tools: the encoder and where vectors are kept; the default encoder where left out.
        protocol: shares, folds, repeats and seed.

    Raises:
        NothingToDo: if there are not two coded transcripts, or nothing to score.
        NotFound: if the reference coder is unknown.
        InputError: if there is no such method, or its answers cannot be scored.
    """
    suggester = load_suggester(method) if isinstance(method, str) else as_suggester(method)
    coded = open_corpus(corpus)
    tools = tools or make_default_tools(coded)
    protocol = protocol or Protocol()
    began = time.perf_counter()
    gold = build_gold_data(coded, reference=protocol.reference)
    encoded = pipeline.encode_corpus(coded.study, gold.codes, tools)
    encoded_at = time.perf_counter()
    evaluator = Evaluator(gold, encoded, suggester, protocol, tools.progress)
    prepared_at = time.perf_counter()
    curve = evaluator.run()
    return Evaluation(
        method=suggester.name,
        corpus=_describe_corpus(gold, evaluator.splits),
        protocol=protocol,
        n_folds=len(evaluator.splits.folds),
        points=curve.points,
        errors=curve.errors,
        codebook=gold.codebook,
        run=RunFacts(
            encoder=tools.encoder.name,
            encoder_digest=tools.encoder.digest,
            versions=pipeline.versions(),
            seconds={
                "encode": encoded_at - began,
                "prepare": prepared_at - encoded_at,
                "total": time.perf_counter() - began,
            },
            peak_rss_mb=max((p.peak_rss_mb for p in curve.points if p.peak_rss_mb), default=None),
        ),
        remarks=(
            *evaluator.gold.remarks,
            *_describe_splits(evaluator.splits, protocol),
            *describe_unfindable_codes(gold, encoded),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRun:
    """What a method answered at one share of coded transcripts, draw by draw."""

    draws: tuple[Draw, ...]
    n_train: float
    seconds: float
    remarks: tuple[str, ...]

    @property
    def predictions(self) -> tuple[Predictions, ...]:
        """The predictions of each draw."""
        return tuple(draw.predictions for draw in self.draws)


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """The points of the curve, and the errors at the largest share."""

    points: tuple[LearningCurvePoint, ...]
    errors: ErrorAnalysis


class Evaluator:
    """Runs and scores one method on one set of gold data.

    Raises:
        NothingToDo: if the regime needs running text and there is little.
    """

    def __init__(
        self,
        gold: GoldData,
        encoded: EncodedCorpus,
        suggester: Suggester,
        protocol: Protocol,
        progress: Progress = silent,
    ) -> None:
        self.gold = gold if protocol.regime == NEW_TRANSCRIPT else keep_running_text(gold)
        self.splits: Splits = make_splits(gold, n_folds=protocol.n_folds, seed=protocol.seed)
        self.held_out = HeldOutLabels(gold, self.splits, encoded)
        self._setup = Setup(
            gold=self.gold,
            splits=self.splits,
            held_out=self.held_out,
            suggester=suggester,
            allowed=encoded.allowed,
            aims=protocol.aims,
            sampling=protocol.sampling,
        )
        self._protocol = protocol
        self._progress = progress

    def run(self) -> LearningCurve:
        """Every point of the curve."""
        shares = self._protocol.learned_shares
        share_runs, points = [], []
        for number, share in enumerate(shares):
            self._progress("Evaluating", number, len(shares))
            share_runs.append(self.run_share(share))
            points.append(self.score(share, share_runs[-1]))
        self._progress("Evaluating", len(shares), len(shares))
        largest = max(shares)
        errors = analyse_errors(
            share_runs[shares.index(largest)].draws[0],
            coded_share=largest,
            resampling=self._protocol.resampling,
        )
        return LearningCurve(tuple(points), errors)

    def run_share(self, share: float) -> ShareRun:
        """Let the method learn from each draw of a share and rank codes for what is tested."""
        began = time.perf_counter()
        runs = [self.run_draw(share, repeat) for repeat in range(self._count_draws(share))]
        return ShareRun(
            draws=tuple(one.draw for one in runs),
            n_train=float(np.mean([n for one in runs for n in one.n_trained])),
            seconds=time.perf_counter() - began,
            remarks=runs[-1].remarks,
        )

    def run_draw(self, share: float, repeat: int) -> DrawRun:
        """Let the method learn from one draw of a share; draws are numbered from 0."""
        return _RUN_DRAW[self._protocol.regime](self._setup, share, repeat)

    def score(self, share: float, share_run: ShareRun) -> LearningCurvePoint:
        """Every measure of the answers at one share."""
        protocol, draws = self._protocol, share_run.draws
        return LearningCurvePoint(
            share=share,
            n_train=share_run.n_train,
            n_repeats=len(draws),
            n_segments=round(float(np.mean([draw.gold.scored.sum() for draw in draws]))),
            scores=score_draws(
                draws, protocol.resampling, of_reference=protocol.regime == WHILE_CODING
            ),
            passages=score_passages(draws, protocol.resampling),
            human_comparison=compare_with_people(draws, protocol.resampling),
            calibration=compute_calibration(draws),
            prediction_sets=compute_set_coverage(draws, protocol.aims),
            auto_accept=compute_auto_acceptance(draws, protocol.aims),
            seconds=share_run.seconds,
            peak_rss_mb=measure_peak_rss_mb(),
            remarks=share_run.remarks,
        )

    def _count_draws(self, share: float) -> int:
        """One where all draws are the same, else as many as asked for."""
        if self._protocol.regime == PART_CODED:
            return self._protocol.n_repeats if share > 0 else 1
        folds = range(len(self.splits.folds))
        same = all(self.splits.is_whole(fold, share) for fold in folds)
        return 1 if same else self._protocol.n_repeats


_RUN_DRAW: Mapping[str, Callable[[Setup, float, int], DrawRun]] = {
    NEW_TRANSCRIPT: run_new_transcript,
    WHILE_CODING: run_while_coding,
    PART_CODED: run_part_coded,
}


def _describe_corpus(gold: GoldData, splits: Splits) -> CorpusFacts:
    return CorpusFacts(
        name=gold.name,
        n_transcripts=len({segment.transcript for segment in gold.segments}),
        n_coded_transcripts=len(gold.transcripts),
        n_segments=len(gold.segments),
        n_codes=len(gold.codes),
        n_double_coded=count_double_coded(gold),
        coders=gold.coders,
        reference_coder=gold.reference_coder,
        independent_transcripts=gold.independent_transcripts,
        near_duplicates=splits.near_duplicates,
    )


def _describe_splits(splits: Splits, protocol: Protocol) -> list[str]:
    if protocol.regime == PART_CODED:
        return _describe_shared_wording(splits)
    remarks = []
    n_folds = len(splits.folds)
    if n_folds < protocol.n_folds:
        remarks.append(
            f"{protocol.n_folds} folds were asked for; there are transcripts for {n_folds}."
        )
    most = 1 - 1 / n_folds
    too_large = [share for share in protocol.learned_shares if share > most + 1e-9]
    if too_large:
        remarks.append(
            f"With {n_folds} folds about {most:.0%} of the transcripts are left to learn from; the "
            f"share {', '.join(f'{share:g}' for share in too_large)} takes all of those."
        )
    if splits.near_duplicates:
        remarks.append(
            f"{len(splits.near_duplicates)} groups of transcripts share a third of their longer "
            "segments and are kept on one side of every split."
        )
    return remarks


def _describe_shared_wording(splits: Splits) -> list[str]:
    """What near-duplicates mean where something of every transcript is known."""
    if not splits.near_duplicates:
        return []
    return [
        f"{len(splits.near_duplicates)} groups of transcripts share a third of their longer "
        "segments: what is known of one may answer for another."
    ]
