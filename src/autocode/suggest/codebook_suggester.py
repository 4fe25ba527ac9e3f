"""The suggester: from a codebook and what people have coded to ranked codes with reasons.

Read `CodebookSuggester.rank` first: fit, score, calibrate, decide, explain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from ..core.errors import NothingToDo
from ..linalg import one_thread
from ..serialise.plain import to_plain
from . import nearest_examples
from .calibration.decide import calibrate, decide
from .calibration.floor import find_near_codes
from .calibration.platt import Calibration
from .code_status import assess_codes
from .diagnostics import CodebookDiagnostics
from .features import WordFeatures
from .fitting import Fitted, SuggesterConfig, fit_all
from .following import FittedCodebook, fit_following
from .history_explanation import HistoryExplanation
from .part_coded import find_part_coded, score_part_coded
from .protocol import Contribution, Explanation, Flags, Floats, Ranking, Task
from .sequence import ContextScores, fit_chain

Values = TypeVar("Values", Floats, Flags)


@dataclass(frozen=True, slots=True)
class CodebookSuggester:
    """Zero-shot ranking from the codebook's words, with a model on top that learns from codings."""

    config: SuggesterConfig = field(default_factory=SuggesterConfig)

    @property
    def name(self) -> str:
        """What the method is called in reports."""
        return "codebook words + learned weights"

    def rank(self, task: Task) -> Ranking:
        """Score every candidate code for every target.

        Targets in transcripts that the coder has read in part are ranked with what stands around
        them (`part_coded`), the others without.

        Raises:
            NothingToDo: if there are no candidate codes.
        """
        _check_codes(task)
        is_part = find_part_coded(task)
        with one_thread():
            if not is_part.any():
                return self._rank_new(task)
            part = self._rank_part_coded(replace(task, targets=task.targets[is_part]))
            if is_part.all():
                return part
            new = self._rank_new(replace(task, targets=task.targets[~is_part]))
            return _join_rankings(task, is_part, part, new)

    def _rank_new(self, task: Task) -> Ranking:
        """The ranking of targets in transcripts of which nothing is known."""
        fitted = fit_all(task, self.config)
        scores = self._score(task, fitted)
        calibration = calibrate(task, fitted.held_out, self.config.calibration)
        ranking = decide(task, scores.scores[task.targets], calibration)
        return self._explain(task, ranking, fitted, scores)

    def _rank_part_coded(self, task: Task) -> Ranking:
        """The ranking of targets in part-coded transcripts."""
        scored = score_part_coded(task, self.config)
        ranking = scored.answers.rank(scored.described, task.corpus.allowed[task.targets])
        measured = Calibration(calibrated=scored.answers.calibrated)
        ranking = replace(ranking, likely=ranking.likely & find_near_codes(task, measured))
        fitted = Fitted(
            model=scored.model,
            logits=scored.context.scores,
            interpolation=scored.interpolation,
            held_out=scored.held_out,
        )
        explained = self._explain(task, ranking, fitted, scored.context)
        explanation = HistoryExplanation(
            features=task.corpus.word_features,
            weights=_dilute(fitted),
            model=scored.answers.model,
            described=scored.described,
            at={row: at for at, row in enumerate(task.targets.tolist())},
            context=scored.context,
        )
        return replace(explained, explanation=explanation)

    def fit(self, task: Task) -> FittedCodebook:
        """Learn from the codings of `task`, to follow a coder through transcripts to come.

        Raises:
            NothingToDo: if there are no candidate codes.
        """
        _check_codes(task)
        with one_thread():
            return fit_following(task, self.config)

    def _score(self, task: Task, fitted: Fitted) -> ContextScores:
        """Scores of all segments, neighbours taken into account."""
        chain = fit_chain(task.corpus, task.known, self.config.sequence)
        return chain.infer(fitted.interpolation.apply(fitted.logits, task.corpus))

    def _explain(
        self, task: Task, ranking: Ranking, fitted: Fitted, scores: ContextScores
    ) -> Ranking:
        """The ranking with its reasons and with what the method says of itself."""
        slopes = np.round(fitted.model.slopes, 3).tolist()
        diagnostics = CodebookDiagnostics(
            calibrated=ranking.diagnostics.calibrated,
            auto_accept_from=ranking.diagnostics.auto_accept_from,
            codes=assess_codes(task, fitted.held_out, self.config.code_status),
            n_read_segments=len(task.read_rows),
            n_codes_applied=int(task.known.applied.sum()),
            n_codes=task.corpus.n_codes,
            slopes=dict(zip(nearest_examples.VIEWS, slopes, strict=True)),
            zero_shot_weight=fitted.interpolation.zero_shot,
            smoothing=fitted.interpolation.smoothing,
            config=to_plain(self.config)
            | {
                "features": to_plain(task.corpus.feature_config),
                "zero_shot": to_plain(task.corpus.zero_shot_config),
            },
        )
        explanation = CodebookExplanation(task.corpus.word_features, _dilute(fitted), scores)
        return replace(ranking, diagnostics=diagnostics, explanation=explanation)


@dataclass(frozen=True, slots=True)
class CodebookExplanation:
    """The words and neighbours that raise a score; `weights` are (n_features, n_codes)."""

    features: WordFeatures
    weights: Floats
    scores: ContextScores

    def words(self, row: int, code: int) -> Iterator[tuple[str, float]]:
        """The words of a segment with what each adds to the logit of a code, most first."""
        return self.features.word_parts(row, self.weights[:, code])

    def neighbours(self, row: int, code: int) -> list[Contribution]:
        """The adjoining segments that raise the logit of a code, most first."""
        return self.scores.contributions(row, code)


@dataclass(frozen=True, slots=True)
class JoinedExplanation:
    """The reasons of targets in part-coded transcripts, `rows`, and those of all others."""

    rows: frozenset[int]
    part: Explanation
    new: Explanation

    def words(self, row: int, code: int) -> Iterable[tuple[str, float]]:
        """The words of a segment with what each adds to the logit of a code, most first."""
        return self._choose(row).words(row, code)

    def neighbours(self, row: int, code: int) -> Sequence[Contribution]:
        """The segments around that raise the logit of a code, most first."""
        return self._choose(row).neighbours(row, code)

    def _choose(self, row: int) -> Explanation:
        return self.part if row in self.rows else self.new


def _join_rankings(task: Task, is_part: Flags, part: Ranking, new: Ranking) -> Ranking:
    """One ranking of targets in part-coded transcripts, (n_targets,), and of those in others.

    What is said of the method is said of the others, as it is of the model by itself.
    """
    rows = frozenset(task.targets[is_part].tolist())
    explanation = None
    if part.explanation is not None and new.explanation is not None:
        explanation = JoinedExplanation(rows, part.explanation, new.explanation)

    def join(of_part: Values, of_new: Values) -> Values:
        whole = np.empty((len(is_part), *of_new.shape[1:]), of_new.dtype)
        whole[is_part], whole[~is_part] = of_part, of_new
        return whole

    return Ranking(
        logits=join(part.logits, new.logits),
        probabilities=join(part.probabilities, new.probabilities),
        likely=join(part.likely, new.likely),
        in_set=join(part.in_set, new.in_set),
        auto_acceptable=join(part.auto_acceptable, new.auto_acceptable),
        diagnostics=new.diagnostics,
        explanation=explanation,
        remarks=tuple(dict.fromkeys((*new.remarks, *part.remarks))),
    )


def _dilute(fitted: Fitted) -> Floats:
    """Weights of the words; the zero-shot part of a score leaves them less to add."""
    return np.asarray(fitted.model.weights / (1 + fitted.interpolation.zero_shot))


def _check_codes(task: Task) -> None:
    if not task.corpus.codes:
        raise NothingToDo("The codebook has no codes to suggest. Import a codebook first.")
