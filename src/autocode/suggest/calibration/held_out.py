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
class Judged:
    """A suggester made of any scorer: how far to trust its scores is measured on held-out work."""

    scorer: Scorer

    @property
    def name(self) -> str:
        """What the method is called in reports."""
        return self.scorer.name

    def rank(self, task: Task) -> Ranking:
        """Score every candidate code for every target, and judge the scores."""
        unseen = held_out_logits(
            task, lambda rows: self.scorer.logits(task.without(rows)), of=task.read_rows
        )
        return judge(self.scorer.logits(task), task, unseen)


def held_out_logits(
    task: Task, unseen: Callable[[Rows], Floats], *, of: Rows, most: int = 5
) -> Floats | None:
    """Logits of segments, each made without the work on its transcript and its fold.

    Args:
        task: whose coded transcripts are dealt into folds.
        unseen: the logits of some segments, (n_rows, n_codes), from the work on all others.
        of: the segments wanted; those of other transcripts have their cold score.
        most: how many folds, at the most.

    Returns:
        Shape (n_rows, n_codes), rows as in `of`; None if fewer than two transcripts are coded.
    """
    fold = coded_folds(task, most=most)
    if fold is None:
        return None
    fold = fold[of]
    logits = task.material.cold.z[of]
    for number in range(int(fold.max()) + 1):
        logits[fold == number] = unseen(of[fold == number])
    return logits


def coded_folds(task: Task, *, most: int) -> Rows | None:
    """The fold of each segment by its transcript, -1 where nothing of that is coded.

    None if fewer than two transcripts are coded.
    """
    names = task.material.transcripts
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
    material = task.material
    applied, names = task.work.applied[rows], material.transcripts[rows].tolist()
    if unseen is None:
        found = too_little(int((applied & material.allowed[rows]).sum()), len(set(names)))
    else:
        found = measure(
            unseen, applied, transcripts=names, allowed=material.allowed[rows], aims=task.aims
        )
    allowed = material.allowed[task.targets]
    logits = np.where(allowed, logits, NEVER)
    probabilities = np.where(allowed, found.probabilities(logits), 0.0)
    return Ranking(
        logits=logits,
        probabilities=probabilities,
        decided=found.decided(probabilities) & allowed,
        in_set=found.in_set(probabilities) & allowed,
        accepted=found.accepted(probabilities) & allowed,
        parameters={"calibrated": found.calibrated, "sure_from": _sure_from(found, material.codes)},
        remarks=found.remarks,
    )


def _sure_from(found: Trust, codes: Sequence[Code]) -> dict[str, float]:
    """The probability from which a code may be accepted unseen, of codes that ever may."""
    cuts = np.broadcast_to(found.accept_cut, len(codes)).tolist()
    pairs = zip(codes, cuts, strict=True)
    return {code.id: round(cut, 4) for code, cut in pairs if np.isfinite(cut)}
