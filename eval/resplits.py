"""Ranking and auto-acceptance over many splits of a corpus (`eval/bench_suggest.py --resplits`).

A training set is what one fold of one split learns from; its accepts are those in the transcripts
of that fold. Fitting takes hours, choosing what may be accepted seconds: with `--record FOLDER` the
scores of every training set are kept there and read again, so that another rule can be measured on
the same scores. Empty the folder when anything before calibration changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from autocode.evaluate.metrics.ranking import count_ranking
from autocode.evaluate.runner import Evaluator
from autocode.linalg import one_thread
from autocode.suggest.calibration.decide import calibrate, decide
from autocode.suggest.codebook_suggester import CodebookSuggester

ASKED = 0.10
TOO_MANY = 0.15
FEW_ACCEPTS = 20


@dataclass(frozen=True)
class RecordedSuggester:
    """The codebook suggester; its scores are kept in `folder`, and read from it where they are."""

    folder: Path | None = None
    suggester: CodebookSuggester = field(default_factory=CodebookSuggester)

    @property
    def name(self) -> str:
        return self.suggester.name

    def rank(self, task):
        held_out, of_targets = self._read_or_score(task)
        with one_thread():
            return decide(
                task, of_targets, calibrate(task, held_out, self.suggester.config.calibration)
            )

    def _read_or_score(self, task):
        path = self.folder / f"{digest(task)}.npz" if self.folder else None
        if path is None or not path.exists():
            held_out, of_targets = self._score(task)
            if path is None:
                return held_out, of_targets
            path.parent.mkdir(parents=True, exist_ok=True)
            kept = {} if held_out is None else {"held_out": held_out.astype(np.float32)}
            np.savez(path, of_targets=of_targets.astype(np.float32), **kept)
        # Read even after it was written: the same rounded scores every time.
        with np.load(path) as kept:
            held_out = kept["held_out"].astype(float) if "held_out" in kept else None
            return held_out, kept["of_targets"].astype(float)

    def _score(self, task):
        with one_thread():
            fitted = self.suggester._fit(task)
            scores = self.suggester._score(task, fitted).scores[task.targets]
        return fitted.held_out, scores


def digest(task) -> str:
    parts = (task.known.read, task.known.applied, task.targets)
    return sha256(b"|".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()


class PartEvaluator(Evaluator):
    """An evaluation that tests the first `n_tested` folds only, where all would take too long."""

    def __init__(self, *args, n_tested: int) -> None:
        super().__init__(*args)
        self.n_tested = min(n_tested, len(self.splits.folds))
        self._setup = replace(self._setup, n_folds_tested=self.n_tested)


@dataclass(frozen=True, kw_only=True)
class Accepts:
    """What one training set accepts in the transcripts of its fold, and how much of it is wrong."""

    n: int
    wrong: int
    n_codings: int


def count_accepts(evaluator: PartEvaluator, predictions) -> list[Accepts]:
    gold = evaluator.gold
    counts = []
    for fold in range(evaluator.n_tested):
        tested = np.isin(gold.transcript_index, evaluator.splits.list_tested(fold)) & gold.scored
        accepted, applied = (
            predictions.auto_acceptable[tested],
            gold.reference_codings.applied[tested],
        )
        counts.append(
            Accepts(
                n=int(accepted.sum()),
                wrong=int((accepted & ~applied).sum()),
                n_codings=int(applied.sum()),
            )
        )
    return counts


def average_ranking(evaluator: PartEvaluator, predictions):
    """First right and recall over the transcripts tested."""
    ranking = count_ranking(evaluator.gold, predictions)
    tested = [t for fold in range(evaluator.n_tested) for t in evaluator.splits.list_tested(fold)]
    return ranking.statistic(ranking.counts[tested].sum(axis=0, keepdims=True))[0]


def resplit(gold, encoded, protocol, n: int, folder: Path | None, n_tested: int) -> list[str]:
    rows = []
    for share in protocol.shares:
        ranked, splits, accepts = [], [], []
        for seed in range(n):
            evaluator = PartEvaluator(
                gold,
                encoded,
                RecordedSuggester(folder),
                replace(protocol, seed=seed),
                n_tested=n_tested,
            )
            (predictions,) = evaluator.run_share(share).predictions
            ranked.append(average_ranking(evaluator, predictions))
            of_split = count_accepts(evaluator, predictions)
            accepts += of_split
            splits.append(pool(of_split))
        cells = [
            gold.name,
            f"{share:.0%}",
            f"{n} x {evaluator.n_tested}",
            spread([values[0] for values in ranked]),
            spread([values[2] for values in ranked]),
            *describe_accepts(accepts, splits),
        ]
        rows.append("| " + " | ".join(cells) + " |")
        print(rows[-1], flush=True)
    return rows


def describe_accepts(accepts: list[Accepts], splits: list[Accepts]) -> list[str]:
    """The cells of a row that speak of accepting."""
    many = [one for one in accepts if one.n >= FEW_ACCEPTS]
    few = pool([one for one in accepts if one.n < FEW_ACCEPTS])
    bad = sum(share_wrong(one) > TOO_MANY for one in many)
    total = pool(accepts)
    shares = [share_wrong(one) for one in splits]
    return [
        f"{np.mean(shares):.3f}",
        f"{sum(one.n > 0 for one in splits)}",
        f"{total.wrong} of {total.n}" + (f" ({share_wrong(total):.3f})" if total.n else ""),
        f"{len(many)} of {len(accepts)}",
        f"{bad}" + (f" ({bad / len(many):.0%})" if many else ""),
        f"{max(map(share_wrong, many)):.3f}" if many else "-",
        f"{few.wrong} of {few.n}" + (f" ({share_wrong(few):.3f})" if few.n else ""),
        f"{(total.n - total.wrong) / total.n_codings:.3f}",
    ]


def pool(accepts: list[Accepts]) -> Accepts:
    return Accepts(
        n=sum(one.n for one in accepts),
        wrong=sum(one.wrong for one in accepts),
        n_codings=sum(one.n_codings for one in accepts),
    )


def share_wrong(one: Accepts) -> float:
    """Nothing accepted counts as nothing wrong (Benjamini & Hochberg 1995)."""
    return one.wrong / one.n if one.n else 0.0


def spread(values: list[float]) -> str:
    return f"{np.mean(values):.3f} [{min(values):.3f}, {max(values):.3f}]"


RESPLITS = (
    "Over resplits",
    "Means, in brackets the lowest and highest split. Of what could be accepted without reading:"
    " *wrong* is the mean over all splits, a split in which nothing is accepted counted as 0"
    " (Benjamini & Hochberg 1995); *accepts* pools them. A training set is what one fold of a split"
    f" learns from. *Training sets* counts those that accept {FEW_ACCEPTS} or more in the"
    f" transcripts of their fold, *bad* those of them with more than {TOO_MANY:g} wrong; smaller"
    f" ones are pooled. Asked for: *wrong* at most {ASKED:.2f}, *bad* at most one in ten.",
    "corpus | coded | splits x folds tested | first right | recall in 3 | wrong"
    " | splits with accepts | accepts"
    f" | training sets of {FEW_ACCEPTS} or more | bad | worst | accepts of smaller ones"
    " | share of codings accepted",
)
