"""From scores to answers: probabilities, likely codes, prediction sets, auto-acceptance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from ...core.codebook import Code
from ...core.suggestion import SuggestionDiagnostics
from ..check import check_logits
from ..protocol import NEVER, Floats, Ranking, Scorer, Suggester, Task
from .floor import find_near_codes
from .held_out import fold_segments, score_held_out
from .platt import Calibration, CalibrationConfig, fit_calibration


@dataclass(frozen=True, slots=True)
class CalibratedScorer:
    """A suggester made of any scorer; its scores are calibrated on held-out transcripts."""

    scorer: Scorer
    config: CalibrationConfig = field(default_factory=CalibrationConfig)

    @property
    def name(self) -> str:
        """What the method is called in reports."""
        return self.scorer.name

    def rank(self, task: Task) -> Ranking:
        """Score every candidate code for every target, and decide by held-out scores.

        Raises:
            InputError: if the scorer gives a wrong shape, or scores that are not numbers.
        """
        fold = fold_segments(task, n_folds=self.config.n_folds)
        held_out = None
        if fold is not None:
            held_out = score_held_out(
                task, fold, lambda rows: self._score(task.hold_out(rows)), of=task.read_rows
            )
        return decide(task, self._score(task), calibrate(task, held_out, self.config))

    def _score(self, task: Task) -> Floats:
        return check_logits(self.name, task, self.scorer.logits(task))


def as_suggester(method: Suggester | Scorer) -> Suggester:
    """`method` itself where it ranks; a scorer calibrated on held-out transcripts."""
    if hasattr(method, "rank"):
        return cast("Suggester", method)
    return CalibratedScorer(method)


def calibrate(task: Task, held_out: Floats | None, config: CalibrationConfig) -> Calibration:
    """The calibration that held-out logits of the read segments, (n_read, n_codes), allow.

    `held_out` is None where too little is coded to hold anything out.
    """
    rows = task.read_rows
    return fit_calibration(
        held_out,
        task.known.applied[rows],
        transcripts=task.corpus.transcripts[rows].tolist(),
        allowed=task.corpus.allowed[rows],
        aims=task.aims,
        config=config,
    )


def decide(task: Task, logits: Floats, calibration: Calibration) -> Ranking:
    """The ranking that follows from the targets' logits, shape (n_targets, n_codes).

    Before anything is calibrated, a code must be near a segment to be likely (`find_near_codes`).
    """
    allowed = task.corpus.allowed[task.targets]
    logits = np.where(allowed, logits, NEVER)
    probabilities = np.where(allowed, calibration.probabilities(logits), 0.0)
    return Ranking(
        logits=logits,
        probabilities=probabilities,
        likely=calibration.likely(probabilities) & allowed & find_near_codes(task, calibration),
        in_set=calibration.in_set(probabilities) & allowed,
        auto_acceptable=calibration.auto_acceptable(probabilities) & allowed,
        diagnostics=SuggestionDiagnostics(
            calibrated=calibration.calibrated,
            auto_accept_from=_auto_accept_from(calibration, task.corpus.codes),
        ),
        remarks=calibration.remarks,
    )


def _auto_accept_from(calibration: Calibration, codes: Sequence[Code]) -> dict[str, float]:
    """The probability threshold for auto-acceptance, of the codes that have one."""
    thresholds = np.broadcast_to(calibration.auto_accept_threshold, len(codes)).tolist()
    pairs = zip(codes, thresholds, strict=True)
    return {code.id: round(threshold, 4) for code, threshold in pairs if np.isfinite(threshold)}
