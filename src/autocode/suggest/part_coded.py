"""The rest of part-coded transcripts: the codings on both sides of a gap are evidence.

What is known of the same transcript has taught the model already, and the sequence model takes the
neighbours' codes for certain. What is left is how much the codings around are worth beside that,
and how far to trust the answers. Both are measured on passages of what people have coded, held out
one fold of passages at a time with everything around them known, since that is how the answers are
used: folds of whole transcripts would promise for another condition. Nothing is auto-acceptable:
a passage held out lies nearer to what is coded than the rest of a transcript may.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .calibration.held_out import UNCODED
from .fitting import SuggesterConfig, fit_and_score, fit_and_score_each, score_base
from .following import HistoryAnswers, choose_transcripts, fit_answers
from .history import TranscriptHistory
from .history_features import BaseScores, Described
from .history_model import Examples, merge_examples
from .interpolate import Interpolation, choose_interpolation, compute_usual_interpolation
from .linear import LinearModel
from .persistence import Persistence, list_transcripts, measure_persistence
from .protocol import Flags, Floats, Rows, Task
from .sequence import ContextScores, PairwiseChain, fit_held_out_chain

Floats32 = npt.NDArray[np.float32]

MEASURED_BY_PASSAGES = (
    "In transcripts that are coded in part, probabilities and prediction sets are measured on "
    "passages held out of what is coded, what stands around them known; nothing is accepted "
    "without reading."
)
MAX_PASSAGE = 8
"""Segments of a passage at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartCoded:
    """What is known of the targets of a task in part-coded transcripts, in the task's order.

    `context` holds the base scores of all segments; `held_out` those of the read segments by
    passages, (n_read, n_codes), None where nothing could be held out.
    """

    described: Described
    answers: HistoryAnswers
    model: LinearModel
    interpolation: Interpolation
    context: ContextScores
    held_out: Floats | None


def find_part_coded(task: Task) -> Flags:
    """Which targets stand in running text of which the coder has read other segments.

    Lists of answers or claims have no order, so nothing stands around their segments.
    """
    names, around = task.corpus.transcripts, task.corpus.around
    is_running = (around.previous >= 0) | (around.following >= 0)
    own = np.unique(names[task.history.read & is_running])
    return np.asarray(np.isin(names[task.targets], own) & ~task.known.read[task.targets])


def score_part_coded(task: Task, config: SuggesterConfig) -> PartCoded:
    """Evidence and answers for targets that all stand in part-coded transcripts."""
    corpus, history = task.corpus, task.history
    fold = fold_passages(task, n_folds=config.calibration.n_folds)
    by_fold = _score_folds(task, fold, config)
    interpolation = _choose_interpolation(task, fold, by_fold, config)
    model, logits = fit_and_score(
        corpus,
        task.known,
        learn_from=task.read_rows,
        of=np.arange(corpus.n_segments),
        config=config,
    )
    base, chain = score_base(task, logits, interpolation, config)
    around = _Around(task, base, chain, measure_persistence(corpus, history), config)
    transcripts = _list_whole(task, task.targets)
    observed = np.flatnonzero(history.read)
    asked = [rows[np.isin(rows, task.targets)] for rows in transcripts]
    parts = [
        around.describe(rows, observed, some) for rows, some in zip(transcripts, asked, strict=True)
    ]
    described = Described.merge(parts)
    # From the order of transcripts back to that of the targets.
    order = np.concatenate(asked)
    by_row = np.argsort(order, kind="stable")
    back = by_row[np.searchsorted(order[by_row], task.targets)]
    examples, held_out = _hold_out_passages(task, fold, by_fold, interpolation, config)
    return PartCoded(
        described=described.select(back),
        answers=fit_answers(examples, task.aims, config, remark=MEASURED_BY_PASSAGES),
        model=model,
        interpolation=interpolation,
        context=chain.infer(base.interpolated),
        held_out=held_out,
    )


@dataclass(frozen=True, slots=True)
class _Around:
    """Scores and potentials by which the codings around a segment are described."""

    task: Task
    base: BaseScores
    chain: PairwiseChain
    persistence: Persistence
    config: SuggesterConfig

    def describe(self, rows: Rows, observed: Rows, asked: Rows) -> Described:
        """The evidence for the segments `asked` of a transcript `rows` by those `observed`."""
        evidence = TranscriptHistory(
            self.task.corpus,
            rows,
            self.base.rows(rows),
            persistence=self.persistence,
            chain=self.chain,
            config=self.config.history,
        )
        for position in np.flatnonzero(np.isin(rows, observed)).tolist():
            evidence.observe(position, self.task.history.applied[rows[position]])
        return evidence.describe(np.flatnonzero(np.isin(rows, asked)))


def _score_folds(task: Task, fold: Rows, config: SuggesterConfig) -> list[Floats32]:
    """Logits of all segments by what is coded outside each fold; none if there are not two."""
    corpus, known = task.corpus, task.known
    n_folds = int(fold.max(initial=UNCODED)) + 1
    if n_folds < 2:
        return []
    every = np.arange(corpus.n_segments)
    asked = [(np.flatnonzero(known.read & (fold != number)), every) for number in range(n_folds)]
    scored = fit_and_score_each(corpus, known, asked, config=config)
    return [logits.astype(np.float32) for _, logits in scored]


def _choose_interpolation(
    task: Task, fold: Rows, by_fold: list[Floats32], config: SuggesterConfig
) -> Interpolation:
    """The interpolation that ranks held-out passages best, as in new transcripts."""
    corpus, known = task.corpus, task.known
    usual = compute_usual_interpolation(corpus, known, config.interpolation)
    if not by_fold:
        return usual
    # What is unread goes with the passage before it, so that neighbours are scored alike.
    whole = fold.copy()
    for rows in _list_whole(task, task.read_rows):
        read = np.flatnonzero(fold[rows] != UNCODED)
        last = np.maximum(np.searchsorted(read, np.arange(len(rows)), side="right") - 1, 0)
        whole[rows] = fold[rows[read[last]]]
    logits = corpus.zero_shot.z.copy()
    for number, scores in enumerate(by_fold):
        logits[whole == number] = scores[whole == number]
    is_coded = (known.applied & corpus.allowed).any(axis=1) & known.read
    return choose_interpolation(
        logits,
        fit_held_out_chain(corpus, known, whole, config.sequence),
        usual=usual,
        applied=known.applied,
        rows=np.flatnonzero(is_coded),
        config=config.interpolation,
    )


def _hold_out_passages(
    task: Task,
    fold: Rows,
    by_fold: list[Floats32],
    interpolation: Interpolation,
    config: SuggesterConfig,
) -> tuple[Examples | None, Floats | None]:
    """Every passage of what is coded, as if only what stands around it were.

    Beside the examples, held-out base scores of the segments read by anybody.
    """
    corpus, history = task.corpus, task.history
    if not by_fold:
        return None, None
    held_out = np.zeros((corpus.n_segments, corpus.n_codes))
    transcripts = _list_whole(task, np.flatnonzero(history.read))
    chosen = choose_transcripts(
        [rows[history.read[rows]] for rows in transcripts],
        corpus.n_codes,
        config.history_model.max_pairs,
    )
    parts = []
    for number, logits in enumerate(by_fold):
        rest = task.hold_out(np.flatnonzero(fold == number))
        base, chain = score_base(rest, logits.astype(np.float64), interpolation, config)
        held_out[fold == number] = base.scores[fold == number]
        around = _Around(rest, base, chain, measure_persistence(corpus, rest.history), config)
        observed = np.flatnonzero(rest.history.read)
        for at in chosen:
            rows = transcripts[at]
            asked = rows[history.read[rows] & (fold[rows] == number)]
            if not len(asked):
                continue
            parts.append(
                Examples(
                    described=around.describe(rows, observed, asked),
                    applied=history.applied[asked],
                    allowed=corpus.allowed[asked],
                    fold=np.full(len(asked), number, dtype=np.intp),
                    transcript=np.full(len(asked), at, dtype=np.intp),
                )
            )
    return (merge_examples(parts) if parts else None), held_out[task.read_rows]


def fold_passages(task: Task, *, n_folds: int) -> Rows:
    """The fold of each read segment by its passage, (n_segments,); `UNCODED` elsewhere.

    A passage takes as many segments of a transcript as the gaps between read ones are long, eight
    at most, and holds those of them that are read: what is held out then lies about as far from
    what is known as what is asked about.
    """
    corpus, read = task.corpus, task.known.read
    length = _measure_gaps(task)
    fold = np.full(corpus.n_segments, UNCODED, dtype=np.intp)
    passages: list[Rows] = []
    for rows in _list_whole(task, task.read_rows):
        at = np.flatnonzero(read[rows])
        while len(at):
            inside = at < at[0] + length
            passages.append(rows[at[inside]])
            at = at[~inside]
    for number, some in enumerate(passages):
        fold[some] = number % min(n_folds, len(passages))
    return fold


def _measure_gaps(task: Task) -> int:
    """The usual number of targets in a row between segments that are read, 1 to 8."""
    read = task.known.read
    is_target = np.zeros(len(read), dtype=bool)
    is_target[task.targets] = True
    lengths = []
    for rows in _list_whole(task, task.targets):
        # Numbered by how many read segments stand before: targets of one gap have one number.
        gap = np.cumsum(read[rows])[is_target[rows]]
        lengths += np.unique(gap, return_counts=True)[1].tolist()
    return int(min(max(np.median(lengths), 1), MAX_PASSAGE)) if lengths else MAX_PASSAGE


def _list_whole(task: Task, rows: Rows) -> list[Rows]:
    """All segments of the transcripts that `rows` stand in, each transcript in reading order."""
    names = task.corpus.transcripts
    inside = np.isin(names, np.unique(names[rows]))
    return list_transcripts(task.corpus, np.flatnonzero(inside))
