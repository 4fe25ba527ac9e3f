"""Keeps the codings a method is tested on out of its reach.

A method is handed a task whose codings are those of the training transcripts and nothing else; the
others stay in `HeldOutLabels`. Each task goes to a fresh copy of the method with fresh, read-only
arrays and its own copy of the corpus, so that nothing an object keeps in one fold is there in the
next. State that a method hides at module level, or on disk, is beyond what one process can guard.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..core.errors import InputError, LeakageError
from ..suggest.corpus import EncodedCorpus
from ..suggest.protocol import NEVER, Aims, KnownCodings, Ranking, Suggester, Task
from .gold import GoldData
from .splits import Splits

Rows = npt.NDArray[np.intp]


class HeldOutLabels:
    """The reference codings withheld from a method, but for what a training set may show."""

    def __init__(self, gold: GoldData, splits: Splits, corpus: EncodedCorpus) -> None:
        self._codings = gold.reference_codings
        self._transcript_index = gold.transcript_index
        self._corpus = _prepare(corpus)
        self._group = _group_of_each(splits)
        self._names = gold.transcripts

    def make_task(self, training: Sequence[int], targets: Rows, *, aims: Aims) -> Task:
        """The task of ranking codes for `targets` after learning from the `training` transcripts.

        Raises:
            LeakageError: if a target's transcript, or a near-duplicate of it, is learned from.
        """
        rows = np.flatnonzero(np.isin(self._transcript_index, list(training)) & self._codings.read)
        task = Task(
            corpus=_own_copy(self._corpus),
            known=_locked(self._codings.restrict_to(rows)),
            targets=_lock(targets.copy()),
            aims=aims,
        )
        self.check(task)
        return task

    def check(self, task: Task) -> None:
        """Refuse a task with codings in its targets' transcripts or in near-duplicates of them.

        Raises:
            LeakageError: naming the first such transcript.
        """
        touched = task.known.read | task.known.applied.any(axis=1)
        known = self._transcript_index >= 0
        tested = set(
            self._group[self._transcript_index[task.targets[known[task.targets]]]].tolist()
        )
        for transcript in sorted(set(self._transcript_index[touched & known].tolist())):
            if int(self._group[transcript]) in tested:
                raise LeakageError(
                    f"Transcript '{self._names[transcript]}' would be learned from and tested on "
                    "at once (itself, or one that shares its wording). Keep it on one side."
                )


def run_isolated(suggester: Suggester, task: Task) -> Ranking:
    """Let a fresh copy of the method rank codes for a task, and check what it gives.

    Raises:
        InputError: if the ranking has other shapes than the task asks for, or holds no numbers.
    """
    fresh = copy.deepcopy(suggester)
    return _checked(suggester.name, task, fresh.rank(task))


def _checked(name: str, task: Task, ranking: Ranking) -> Ranking:
    expected = (len(task.targets), task.corpus.n_codes)
    parts = {
        part: np.asarray(getattr(ranking, part))
        for part in ("logits", "probabilities", "likely", "in_set", "auto_acceptable")
    }
    for part, values in parts.items():
        if values.shape != expected:
            raise InputError(
                f"Method '{name}' answered with {part} of shape {values.shape}, not {expected} "
                "(targets, codes). Correct its rank()."
            )
        if not np.isfinite(values.astype(np.float64)).all():
            raise InputError(f"Method '{name}' gave {part} that are not numbers (NaN or infinite).")
    allowed = task.corpus.allowed[task.targets]
    return Ranking(
        logits=np.where(allowed, parts["logits"], NEVER),
        probabilities=np.where(allowed, np.clip(parts["probabilities"], 0, 1), 0.0),
        likely=parts["likely"].astype(bool) & allowed,
        in_set=parts["in_set"].astype(bool) & allowed,
        auto_acceptable=parts["auto_acceptable"].astype(bool) & allowed,
        parameters=dict(ranking.parameters),
        remarks=tuple(ranking.remarks),
    )


def _prepare(corpus: EncodedCorpus) -> EncodedCorpus:
    """The corpus with everything it computes lazily computed now, while no codings are near."""
    for name, value in vars(type(corpus)).items():
        if isinstance(value, cached_property):
            computed = getattr(corpus, name)
            if isinstance(computed, np.ndarray):
                _lock(computed)
    _lock(corpus.features.matrix)
    _lock(corpus.vectors)
    _lock(corpus.phrase_vectors)
    return corpus


def _own_copy(corpus: EncodedCorpus) -> EncodedCorpus:
    """A copy that shares the arrays but not what a method may add to it."""
    return copy.copy(corpus)


def _locked(known: KnownCodings) -> KnownCodings:
    _lock(known.read)
    _lock(known.applied)
    return known


def _lock(array: Rows | npt.NDArray[np.generic]) -> Rows:
    array.flags.writeable = False
    return array  # type: ignore[return-value]


def _group_of_each(splits: Splits) -> Rows:
    """The number of each transcript's group of near-duplicates, (n_transcripts,)."""
    group_of = np.zeros(splits.n_transcripts, dtype=np.intp)
    for number, group in enumerate(splits.groups):
        group_of[list(group)] = number
    return group_of
