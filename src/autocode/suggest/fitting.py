"""The fits of the codebook suggester: of all codings, and without those that are held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..cores import count_usable_cores
from . import linear
from .calibration.held_out import UNCODED, fold_segments
from .calibration.platt import CalibrationConfig
from .code_status import CodeStatusConfig
from .corpus import EncodedCorpus
from .history import HistoryConfig
from .history_features import BaseScores
from .history_model import HistoryModelConfig
from .interpolate import (
    Interpolation,
    InterpolationConfig,
    choose_interpolation,
    compute_usual_interpolation,
)
from .kept_fits import Arrays, Fit, take_or_make_each
from .linear import LinearConfig, LinearModel
from .nearest_examples import NearestExamplesConfig, build_feature_views
from .protocol import Floats, KnownCodings, Rows, Task
from .sequence import PairwiseChain, SequenceConfig, fit_chain, fit_held_out_chain

_MOST_AT_ONCE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggesterConfig:
    """The constants of every part of the method; recorded with each run."""

    linear: LinearConfig = field(default_factory=LinearConfig)
    nearest: NearestExamplesConfig = field(default_factory=NearestExamplesConfig)
    sequence: SequenceConfig = field(default_factory=SequenceConfig)
    interpolation: InterpolationConfig = field(default_factory=InterpolationConfig)
    calibration: CalibrationConfig = field(default_factory=lambda: CalibrationConfig(n_folds=4))
    code_status: CodeStatusConfig = field(default_factory=CodeStatusConfig)
    history: HistoryConfig = field(default_factory=HistoryConfig)
    history_model: HistoryModelConfig = field(default_factory=HistoryModelConfig)


@dataclass(frozen=True, slots=True)
class HeldOut:
    """An interpolation, and scores of all segments, each by models without its fold.

    `fold` (n_segments,) numbers the folds, `UNCODED` where nothing is coded; `chain` is the
    sequence model the scores went through.
    """

    interpolation: Interpolation
    base: BaseScores
    fold: Rows
    chain: PairwiseChain


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The model, its logits of all segments, and how both fare on held-out transcripts.

    `held_out` are logits of the read segments, (n_read, n_codes), None where fewer than two
    transcripts are coded.
    """

    model: LinearModel
    logits: Floats
    interpolation: Interpolation
    held_out: Floats | None


def fit_all(task: Task, config: SuggesterConfig) -> Fitted:
    """The model of all codings, and the interpolation, chosen on held-out scores."""
    interpolation, held_out = _score_read_held_out(task, config)
    model, logits = fit_and_score(
        task.corpus,
        task.known,
        learn_from=task.read_rows,
        of=np.arange(task.corpus.n_segments),
        config=config,
    )
    return Fitted(model=model, logits=logits, interpolation=interpolation, held_out=held_out)


def _score_read_held_out(
    task: Task, config: SuggesterConfig
) -> tuple[Interpolation, Floats | None]:
    """Held-out logits of the read segments, by the interpolation that ranks them best."""
    fold = fold_segments(task, n_folds=config.calibration.n_folds)
    if fold is None:
        usual = compute_usual_interpolation(task.corpus, task.known, config.interpolation)
        return usual, None
    held_out = score_base_held_out(task, fold, config)
    return held_out.interpolation, held_out.base.scores[task.read_rows]


def fit_and_score(
    corpus: EncodedCorpus,
    known: KnownCodings,
    *,
    learn_from: Rows,
    of: Rows,
    config: SuggesterConfig,
) -> tuple[LinearModel, Floats]:
    """The model of the codings of some segments, and its logits of the segments `of`."""
    (fitted,) = fit_and_score_each(corpus, known, [(learn_from, of)], config=config)
    return fitted


def fit_and_score_each(
    corpus: EncodedCorpus,
    known: KnownCodings,
    asked: Sequence[tuple[Rows, Rows]],
    *,
    config: SuggesterConfig,
) -> list[tuple[LinearModel, Floats]]:
    """The same for several sets of segments (learned from, scored), fitted on all usable cores.

    Each fit is made on one thread, so that its numbers do not hang on how many there are.
    """
    fits = [
        _describe_fit(corpus, known, learn_from=learn_from, of=of, config=config)
        for learn_from, of in asked
    ]
    # A fit of a large study takes some 150 MB while it is made.
    at_once = min(count_usable_cores(), _MOST_AT_ONCE)
    made = take_or_make_each(
        corpus.fits,
        fits,
        at_once=at_once,
        prepare=lambda: (corpus.features, corpus.zero_shot, corpus.transcripts, corpus.allowed),
    )
    return [
        (LinearModel(fit["weights"], fit["intercept"], fit["slopes"]), fit["logits"])
        for fit in made
    ]


def _describe_fit(
    corpus: EncodedCorpus,
    known: KnownCodings,
    *,
    learn_from: Rows,
    of: Rows,
    config: SuggesterConfig,
) -> Fit:
    codings = known.restrict_to(learn_from)
    return Fit(
        kind="model",
        basis=(
            corpus.digest,
            np.packbits(codings.applied),
            learn_from,
            of,
            config.linear,
            config.nearest,
            config.interpolation.codebook_slope,
        ),
        make=lambda: _fit_and_score(corpus, codings, learn_from=learn_from, of=of, config=config),
    )


def _fit_and_score(
    corpus: EncodedCorpus,
    codings: KnownCodings,
    *,
    learn_from: Rows,
    of: Rows,
    config: SuggesterConfig,
) -> Arrays:
    rows = np.union1d(learn_from, of)
    views = build_feature_views(
        corpus,
        codings.applied,
        of=rows,
        config=config.nearest,
        slope_config=config.interpolation.codebook_slope,
    )
    model = linear.fit(
        corpus.features.matrix[learn_from],
        views.rows(np.searchsorted(rows, learn_from)),
        codings.applied[learn_from],
        corpus.allowed[learn_from],
        n_candidates=float(corpus.allowed.sum(axis=1).mean()),
        config=config.linear,
    )
    of_views = views.rows(np.searchsorted(rows, of))
    return {
        "weights": model.weights,
        "intercept": model.intercept,
        "slopes": model.slopes,
        "logits": model.logits(corpus.features.matrix[of], of_views),
    }


def score_base_held_out(task: Task, fold: Rows, config: SuggesterConfig) -> HeldOut:
    """Scores of the segments of each fold by what is coded outside it.

    The interpolation is the one that ranks them best.
    """
    corpus, known = task.corpus, task.known

    # All segments of coded transcripts, read or not: the chain needs the neighbours' scores.
    folds = [np.flatnonzero(fold == number) for number in range(int(fold.max()) + 1)]
    asked = [(np.setdiff1d(task.read_rows, rows), rows) for rows in folds]
    scored = fit_and_score_each(corpus, known, asked, config=config)
    logits = corpus.zero_shot.z.copy()
    for rows, (_, own) in zip(folds, scored, strict=True):
        logits[rows] = own
    chain = fit_held_out_chain(corpus, known, fold, config.sequence)
    is_coded = (known.applied & corpus.allowed).any(axis=1) & known.read
    interpolation = choose_interpolation(
        logits,
        chain,
        usual=compute_usual_interpolation(corpus, known, config.interpolation),
        applied=known.applied,
        rows=np.flatnonzero(is_coded),
        config=config.interpolation,
    )
    interpolated = interpolation.apply(logits, corpus)
    base = BaseScores(logits, interpolated, chain.apply(interpolated))
    return HeldOut(interpolation, base, fold, chain)


def fold_whole(task: Task) -> Rows:
    """One fold of the one transcript that is coded, (n_segments,): nothing else is learned from."""
    coded = np.unique(task.corpus.transcripts[task.read_rows])
    return np.where(np.isin(task.corpus.transcripts, coded), 0, UNCODED)


def score_base(
    task: Task, logits: Floats, interpolation: Interpolation, config: SuggesterConfig
) -> tuple[BaseScores, PairwiseChain]:
    """Scores of all segments by everything known, from the linear model's `logits`."""
    chain = fit_chain(task.corpus, task.known, config.sequence)
    interpolated = interpolation.apply(logits, task.corpus)
    return BaseScores(logits, interpolated, chain.apply(interpolated)), chain
