"""From scores to answers: probabilities, decisions, sets, what may be accepted unseen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .folds import folds
from .task import NEVER, Floats, Ranking, Scorer, Task
from .trust import measure, too_little


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
        return judge(self.scorer.logits(task), task, held_out_logits(self.scorer, task))


def held_out_logits(scorer: Scorer, task: Task) -> Floats | None:
    """Scores of the read segments, each made without the work on its transcript and its fold.

    Shape (n_read, n_codes), rows as in `task.read_rows`; None if fewer than two are coded.
    """
    rows = task.read_rows
    logits = np.zeros((len(rows), task.material.n_codes))
    names = task.material.transcripts[rows].tolist()
    if len(set(names)) < 2:
        return None
    fold = folds(names)
    for number in range(int(fold.max()) + 1):
        test = fold == number
        logits[test] = scorer.logits(task.without(rows[test]))
    return logits


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
    probabilities = np.where(allowed, found.probabilities(logits), 0.0)
    return Ranking(
        np.where(allowed, logits, NEVER),
        probabilities,
        found.decided(probabilities) & allowed,
        found.in_set(probabilities) & allowed,
        found.accepted(probabilities) & allowed,
        {"calibrated": found.calibrated},
        remarks=found.remarks,
    )
