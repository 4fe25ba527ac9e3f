"""From scores to answers: probabilities, decisions, sets, what may be accepted unseen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ...core.codebook import Code
from ..protocol import NEVER, Floats, Ranking, Rows, Scorer, Task
from .folds import folds
from .platt import Trust, measure, too_little


@dataclass(frozen=True, slots=True)
class CalibratedScorer:
    """A suggester made of any scorer; its scores are calibrated on held-out transcripts."""

    scorer: Scorer

    @property
    def name(self) -> str:
        """What the method is called in reports."""
        return self.scorer.name

    def rank(self, task: Task) -> Ranking:
        """Score every candidate code for every target, and judge the scores."""
        unseen = held_out_logits(
            task, lambda rows: self.scorer.logits(task.hold_out(rows)), of=task.read_rows
        )
        return judge(self.scorer.logits(task), task, unseen)


def held_out_logits(
    task: Task, unseen: Callable[[Rows], Floats], *, of: Rows, most: int = 5
) -> Floats | None:
    """Logits of segments, each made without the codings of its transcript and its fold.

    Args:
        task: whose coded transcripts are dealt into folds.
        unseen: the logits of some segments, (n_rows, n_codes), from the codings of all others.
        of: the segments wanted; those of other transcripts have their cold score.
        most: how many folds, at the most.

    Returns:
        Shape (n_rows, n_codes), rows as in `of`; None if fewer than two transcripts are coded.
    """
    fold = coded_folds(task, most=most)
    if fold is None:
        return None
    fold = fold[of]
    logits = task.corpus.zero_shot.z[of]
    for number in range(int(fold.max()) + 1):
        logits[fold == number] = unseen(of[fold == number])
    return logits


def coded_folds(task: Task, *, most: int) -> Rows | None:
    """The fold of each segment by its transcript, -1 where nothing of that is coded.

    None if fewer than two transcripts are coded.
    """
    names = task.corpus.transcripts
    coded = names[task.read_rows].tolist()
    if len(set(coded)) < 2:
        return None
    fold_of = dict(zip(coded, folds(coded, most=most).tolist(), strict=True))
    return np.array([fold_of.get(name, -1) for name in names.tolist()], dtype=np.intp)


def judge(logits: Floats, task: Task, unseen: Floats | None) -> Ranking:
    """What follows from the targets' logits, given held-out logits of the read segments.

    `unseen` is None where too little is coded to hold anything out.
    """
    rows = task.read_rows
    corpus = task.corpus
    applied, names = task.known.applied[rows], corpus.transcripts[rows].tolist()
    if unseen is None:
        found = too_little(int((applied & corpus.allowed[rows]).sum()), len(set(names)))
    else:
        found = measure(
            unseen, applied, transcripts=names, allowed=corpus.allowed[rows], aims=task.aims
        )
    allowed = corpus.allowed[task.targets]
    logits = np.where(allowed, logits, NEVER)
    probabilities = np.where(allowed, found.probabilities(logits), 0.0)
    return Ranking(
        logits=logits,
        probabilities=probabilities,
        likely=found.decided(probabilities) & allowed,
        in_set=found.in_set(probabilities) & allowed,
        auto_acceptable=found.accepted(probabilities) & allowed,
        parameters={
            "calibrated": found.calibrated,
            "auto_accept_from": _auto_accept_from(found, corpus.codes),
        },
        remarks=found.remarks,
    )


def _auto_accept_from(found: Trust, codes: Sequence[Code]) -> dict[str, float]:
    """The probability threshold for auto-acceptance, of the codes that have one."""
    cuts = np.broadcast_to(found.accept_cut, len(codes)).tolist()
    pairs = zip(codes, cuts, strict=True)
    return {code.id: round(cut, 4) for code, cut in pairs if np.isfinite(cut)}
