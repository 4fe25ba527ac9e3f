"""The codebook suggester while somebody codes: what stands before in the transcript is known.

`fit_following` learns from transcripts that are known whole, each gone through as if it were being
coded: scores made without its codings, the codings before each segment, and what was applied to it.
`CodebookFollower` then goes through another transcript beside its coder. Probabilities, decisions
and prediction sets are measured in that condition, on transcripts held out. Nothing is
auto-acceptable here: what stands before would then be the machine's own work.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from ..core.counted import say_count
from ..core.suggestion import SuggestionDiagnostics
from ..linalg import one_thread
from . import linear
from .adaptation import LocalAdaptation
from .calibration.held_out import fold_segments
from .calibration.platt import CalibrationConfig
from .calibration.thresholds import conformal_threshold
from .corpus import EncodedCorpus
from .fitting import (
    HeldOut,
    SuggesterConfig,
    fit_and_score,
    fold_whole,
    score_base,
    score_base_held_out,
)
from .history import TranscriptHistory
from .history_features import BaseScores, Described
from .history_model import (
    Examples,
    HistoryModel,
    fit_history_model,
    make_prior_model,
    match_decisions,
    merge_examples,
)
from .interpolate import compute_usual_interpolation
from .persistence import Persistence, list_transcripts, measure_persistence
from .protocol import Aims, Flags, Ranking, Rows, Task
from .sequence import PairwiseChain

NOTHING_ACCEPTED = (
    "Nothing is accepted without reading while somebody codes: what stands before would be the "
    "machine's own work."
)
ONE_TRANSCRIPT = (
    "One transcript is coded: what the codings before a segment are worth is taken from other "
    "studies, but for what that transcript tells."
)
NO_TRANSCRIPT = (
    "No other transcript is coded: what the codings before a segment are worth is taken from other "
    "studies."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryAnswers:
    """The history model and what it takes to decide by it, measured on held-out segments.

    A code is likely from `threshold`, where as many are decided as people applied, and in the
    prediction set from `set_threshold`.
    """

    model: HistoryModel
    threshold: float = 0.5
    set_threshold: float = 0.0
    calibrated: bool = False
    remarks: tuple[str, ...] = ()

    def rank(self, described: Described, allowed: Flags) -> Ranking:
        """The ranking that follows from the evidence; `allowed` (n, n_codes) are candidates."""
        logits = self.model.logits(described, allowed)
        probabilities = np.where(allowed, expit(logits), 0.0)
        return Ranking(
            logits=logits,
            probabilities=probabilities,
            likely=(probabilities >= self.threshold) & allowed,
            in_set=(probabilities >= self.set_threshold) & allowed,
            auto_acceptable=np.zeros_like(allowed),
            diagnostics=SuggestionDiagnostics(calibrated=self.calibrated),
            remarks=self.remarks,
        )


def fit_answers(
    examples: Examples | None, aims: Aims, config: SuggesterConfig, *, remark: str
) -> HistoryAnswers:
    """The model of some examples and its thresholds; the prior's where there are none.

    `remark` is what a user must know beside what follows from the number of examples.
    """
    if examples is None or not examples.applied.any():
        remarks = (NO_TRANSCRIPT, remark)
        return HistoryAnswers(model=make_prior_model(config.history_model), remarks=remarks)
    model, held_out = fit_history_model(examples, config.history_model)
    allowed, applied = examples.allowed, examples.applied & examples.allowed
    probabilities = np.where(allowed, expit(held_out), 0.0)
    threshold = match_decisions(probabilities, applied, allowed)
    answers = HistoryAnswers(model=model, threshold=threshold, remarks=(remark,))
    unmet = _describe_too_few(examples, config.calibration)
    if unmet:
        return replace(answers, remarks=(*unmet, remark))
    transcript = np.unique(examples.transcript, return_inverse=True)[1]
    set_threshold, estimate = conformal_threshold(
        probabilities,
        applied,
        transcript,
        coverage=aims.coverage,
        config=config.calibration.thresholds,
    )
    remarks = (*((estimate,) if estimate else ()), remark)
    return replace(answers, set_threshold=set_threshold, calibrated=True, remarks=remarks)


def _describe_too_few(examples: Examples, config: CalibrationConfig) -> tuple[str, ...]:
    """Why nothing is calibrated, if nothing is."""
    n_transcripts = len(np.unique(examples.transcript))
    n_codings = int(examples.applied.sum())
    if n_transcripts >= config.min_transcripts and n_codings >= config.min_codings:
        return ()
    few = (
        f"Not enough is coded to calibrate the probabilities: {say_count(n_codings, 'coding')} in "
        f"{say_count(n_transcripts, 'transcript')}, {config.min_codings} in "
        f"{config.min_transcripts} needed.",
    )
    return (*few, ONE_TRANSCRIPT) if n_transcripts == 1 else few


def fit_following(task: Task, config: SuggesterConfig) -> FittedCodebook:
    """Learn from the codings of `task` how to follow a coder."""
    held_out = None
    interpolation = compute_usual_interpolation(task.corpus, task.known, config.interpolation)
    if len(task.read_rows):
        fold = fold_segments(task, n_folds=config.calibration.n_folds)
        held_out = score_base_held_out(task, fold_whole(task) if fold is None else fold, config)
        interpolation = held_out.interpolation
    _, logits = fit_and_score(
        task.corpus,
        task.known,
        learn_from=task.read_rows,
        of=np.arange(task.corpus.n_segments),
        config=config,
    )
    base, chain = score_base(task, logits, interpolation, config)
    examples = None if held_out is None else _collect_examples(task, held_out, config)
    answers = fit_answers(examples, task.aims, config, remark=NOTHING_ACCEPTED)
    return FittedCodebook(
        task=task,
        base=base,
        inverse=_invert(task.corpus, task.read_rows, config),
        chain=chain,
        persistence=measure_persistence(task.corpus, task.history),
        answers=answers,
        config=config,
    )


def _collect_examples(task: Task, held_out: HeldOut, config: SuggesterConfig) -> Examples | None:
    """Every segment of the coded transcripts, as if only what stands before it were coded."""
    corpus, history = task.corpus, task.history
    coded = np.unique(corpus.transcripts[history.read & (held_out.fold >= 0)])
    transcripts = list_transcripts(corpus, np.flatnonzero(np.isin(corpus.transcripts, coded)))
    chosen = choose_transcripts(transcripts, corpus.n_codes, config.history_model.max_pairs)
    parts = []
    for number in range(int(held_out.fold.max(initial=-1)) + 1):
        own = [at for at in chosen if held_out.fold[transcripts[at][0]] == number]
        if not own:
            continue
        others = np.flatnonzero(task.known.read & (held_out.fold != number))
        persistence = measure_persistence(corpus, history.restrict_to(others))
        inverse = _invert(corpus, others, config)
        for at in own:
            rows = transcripts[at]
            read = rows[history.read[rows]]
            described = _go_through(
                TranscriptHistory(
                    corpus,
                    rows,
                    held_out.base.rows(rows),
                    persistence=persistence,
                    chain=held_out.chain,
                    group=number,
                    adaptation=_adapt(corpus, rows, inverse, config),
                    config=config.history,
                ),
                np.flatnonzero(history.read[rows]),
                history.applied[read],
            )
            parts.append(
                Examples(
                    described=described,
                    applied=history.applied[read],
                    allowed=corpus.allowed[read],
                    fold=np.full(len(read), number, dtype=np.intp),
                    transcript=np.full(len(read), at, dtype=np.intp),
                )
            )
    return merge_examples(parts) if parts else None


def choose_transcripts(transcripts: list[Rows], n_codes: int, max_pairs: int) -> list[int]:
    """Numbers of transcripts, evenly spread, with about so many segments times codes."""
    n_pairs = sum(len(rows) for rows in transcripts) * n_codes
    step = max(1, -(-n_pairs // max_pairs))
    return list(range(0, len(transcripts), step))


def _go_through(history: TranscriptHistory, positions: Rows, applied: Flags) -> Described:
    """The evidence for each of the segments at `positions` by those before it."""
    parts = []
    for position, codes in zip(positions.tolist(), applied, strict=True):
        parts.append(history.describe(np.array([position])))
        history.observe(position, codes)
    return Described.merge(parts)


def _invert(corpus: EncodedCorpus, rows: Rows, config: SuggesterConfig) -> npt.NDArray[np.float32]:
    design = linear.build_design_matrix(corpus.features.matrix[rows], config.linear)
    return linear.invert_curvature(design, config.linear)


def _adapt(
    corpus: EncodedCorpus, rows: Rows, inverse: npt.NDArray[np.float32], config: SuggesterConfig
) -> LocalAdaptation:
    design = linear.build_design_matrix(corpus.features.matrix[rows], config.linear)
    return LocalAdaptation(design, inverse, corpus.n_codes)


@dataclass(frozen=True, kw_only=True)
class FittedCodebook:
    """The codebook suggester fitted to a task's codings, ready to follow a coder.

    `inverse` is the inverse curvature of the linear model that `base` comes from.
    """

    task: Task
    base: BaseScores
    inverse: npt.NDArray[np.float32]
    chain: PairwiseChain
    persistence: Persistence
    answers: HistoryAnswers
    config: SuggesterConfig

    def follow(self, rows: Rows) -> CodebookFollower:
        """Start on a transcript, whose segments are `rows`, with nothing of it observed."""
        with one_thread():
            return CodebookFollower(self, np.asarray(rows, dtype=np.intp))


class CodebookFollower:
    """One transcript beside its coder; the order of observations need not be that of reading."""

    def __init__(self, fitted: FittedCodebook, rows: Rows) -> None:
        corpus = fitted.task.corpus
        self._fitted = fitted
        self._rows = np.concatenate([*list_transcripts(corpus, rows), rows[:0]])
        self._position = {row: at for at, row in enumerate(self._rows.tolist())}
        self._observed: dict[int, Flags] = {}
        self._history = self._start()

    def _start(self) -> TranscriptHistory:
        """The transcript with nothing observed."""
        fitted = self._fitted
        return TranscriptHistory(
            fitted.task.corpus,
            self._rows,
            fitted.base.rows(self._rows),
            persistence=fitted.persistence,
            chain=fitted.chain,
            adaptation=_adapt(fitted.task.corpus, self._rows, fitted.inverse, fitted.config),
            config=fitted.config.history,
        )

    def rank(self, rows: Rows) -> Ranking:
        """Score every candidate code for some segments, by everything observed so far."""
        rows = np.asarray(rows, dtype=np.intp)
        positions = np.array([self._position[row] for row in rows.tolist()], dtype=np.intp)
        with one_thread():
            described = self._history.describe(positions)
            return self._fitted.answers.rank(described, self._fitted.task.corpus.allowed[rows])

    def observe(self, row: int, applied: Flags) -> None:
        """The coder has read segment `row` and applied these codes, (n_codes,), perhaps none.

        A segment that is coded again counts as it was coded last.
        """
        position, codes = self._position[int(row)], np.array(applied, dtype=bool)
        is_again = self._observed.pop(position, None) is not None
        self._observed[position] = codes
        with one_thread():
            if not is_again:
                self._history.observe(position, codes)
                return
            # What was learned of the first codes cannot be taken back but by going through it anew.
            self._history = self._start()
            for at, given in self._observed.items():
                self._history.observe(at, given)
