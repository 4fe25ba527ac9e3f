"""The evaluation itself: for every repeat, share and fold, learn from the others and be tested."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .. import pipeline
from ..core.progress import Progress, silent
from ..suggest.corpus import EncodedCorpus
from ..suggest.protocol import Scorer, Suggester
from .coded_corpus import CodedCorpus, make_default_tools, open_corpus
from .error_analysis import ErrorAnalysis, analyse_errors, describe_unfindable_codes
from .gold import GoldData, build_gold_data
from .leakage import HeldOutLabels, run_isolated
from .methods import DEFAULT, as_suggester, load_suggester
from .metrics.calibration import compute_auto_acceptance, compute_calibration, compute_set_coverage
from .metrics.human import compare_with_people, count_double_coded, count_machine_agreement
from .metrics.ranking import count_f1, count_ranking
from .metrics.scores import Score, compute_scores
from .predictions import Predictions
from .protocol import Protocol
from .results import CorpusFacts, Evaluation, LearningCurvePoint
from .run_facts import RunFacts, measure_peak_rss_mb
from .splits import Splits, make_splits

if TYPE_CHECKING:
    from ..project import Project


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
            *gold.remarks,
            *_describe_splits(evaluator.splits, protocol),
            *describe_unfindable_codes(gold, encoded),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRun:
    """The predictions at one share of coded transcripts, one for each repeat."""

    predictions: tuple[Predictions, ...]
    n_train: float
    seconds: float
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """The points of the curve, and the errors at the largest share."""

    points: tuple[LearningCurvePoint, ...]
    errors: ErrorAnalysis


class Evaluator:
    """Runs and scores one method on one set of gold data."""

    def __init__(
        self,
        gold: GoldData,
        encoded: EncodedCorpus,
        suggester: Suggester,
        protocol: Protocol,
        progress: Progress = silent,
    ) -> None:
        self.gold = gold
        self.splits: Splits = make_splits(gold, n_folds=protocol.n_folds, seed=protocol.seed)
        self.held_out = HeldOutLabels(gold, self.splits, encoded)
        self._allowed = encoded.allowed
        self._suggester = suggester
        self._protocol = protocol
        self._progress = progress

    def run(self) -> LearningCurve:
        """Every point of the curve."""
        shares = self._protocol.shares
        share_runs, points = [], []
        for number, share in enumerate(shares):
            self._progress("Evaluating", number, len(shares))
            share_runs.append(self.run_share(share))
            points.append(self.score(share, share_runs[-1]))
        self._progress("Evaluating", len(shares), len(shares))
        largest = max(shares)
        errors = analyse_errors(
            self.gold,
            share_runs[shares.index(largest)].predictions[0],
            coded_share=largest,
            resampling=self._protocol.resampling,
        )
        return LearningCurve(tuple(points), errors)

    def run_share(self, share: float) -> ShareRun:
        """Let the method learn from each fold's training set and rank codes for its transcripts."""
        began = time.perf_counter()
        whole = all(self.splits.is_whole(fold, share) for fold in range(len(self.splits.folds)))
        n_repeats = 1 if whole else self._protocol.n_repeats
        repeats, n_trained = [], []
        remarks: tuple[str, ...] = ()
        for repeat in range(n_repeats):
            predictions = Predictions.empty(self.gold)
            for part in self._list_parts(share, repeat):
                rows = np.flatnonzero(
                    np.isin(self.gold.transcript_index, part.tested) & self.gold.targets
                )
                task = self.held_out.make_task(part.training, rows, aims=self._protocol.aims)
                ranking = run_isolated(self._suggester, task)
                predictions.enter(rows, ranking, self._allowed[rows])
                n_trained.append(len(part.training))
                remarks = ranking.remarks
            repeats.append(predictions)
        return ShareRun(
            predictions=tuple(repeats),
            n_train=float(np.mean(n_trained)),
            seconds=time.perf_counter() - began,
            remarks=remarks,
        )

    def score(self, share: float, share_run: ShareRun) -> LearningCurvePoint:
        """Every measure of the predictions at one share."""
        gold, protocol, repeats = self.gold, self._protocol, share_run.predictions
        scores: dict[str, Score] = {}
        for count in (count_ranking, count_f1, count_machine_agreement):
            scores |= compute_scores(
                [count(gold, predictions) for predictions in repeats], protocol.resampling
            )
        return LearningCurvePoint(
            share=share,
            n_train=share_run.n_train,
            n_repeats=len(repeats),
            n_segments=int(gold.scored.sum()),
            scores=scores,
            human_comparison=compare_with_people(gold, repeats, protocol.resampling),
            calibration=compute_calibration(gold, repeats),
            prediction_sets=compute_set_coverage(gold, repeats, protocol.aims),
            auto_accept=compute_auto_acceptance(gold, repeats, protocol.aims),
            seconds=share_run.seconds,
            peak_rss_mb=measure_peak_rss_mb(),
            remarks=share_run.remarks,
        )

    def _list_parts(self, share: float, repeat: int) -> list[_Part]:
        """Who is tested and who is learned from; without training one part holds everything."""
        if share <= 0:
            return [_Part(range(self.splits.n_transcripts), ())]
        return [
            _Part(
                self.splits.list_tested(fold), self.splits.draw_training(fold, share, repeat=repeat)
            )
            for fold in range(len(self.splits.folds))
        ]


@dataclass(frozen=True, slots=True)
class _Part:
    """Transcripts tested, and transcripts learned from, by number."""

    tested: Sequence[int]
    training: Sequence[int]


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
    remarks = []
    n_folds = len(splits.folds)
    if n_folds < protocol.n_folds:
        remarks.append(
            f"{protocol.n_folds} folds were asked for; there are transcripts for {n_folds}."
        )
    most = 1 - 1 / n_folds
    too_large = [share for share in protocol.shares if share > most + 1e-9]
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
