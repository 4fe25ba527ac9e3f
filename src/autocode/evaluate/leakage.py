"""Keeps the codings a method is tested on out of its reach.

A method is handed a task whose codings are those of the training transcripts and nothing else; the
others stay in `HeldOutLabels`. Each task goes to a fresh copy of the method with fresh, read-only
arrays and its own copy of the corpus, so that nothing an object keeps in one fold is there in the
next. State that a method hides at module level, or on disk, is beyond what one process can guard.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..core.errors import LeakageError
from ..suggest.check import run_suggester
from ..suggest.corpus import EncodedCorpus
from ..suggest.protocol import Aims, KnownCodings, Ranking, Suggester, Task
from .gold import GoldData
from .splits import Splits

Rows = npt.NDArray[np.intp]


class HeldOutLabels:
    """The reference codings withheld from a method, but for what a training set may show."""

    def __init__(self, gold: GoldData, splits: Splits, corpus: EncodedCorpus) -> None:
        self._codings = gold.reference_codings
        self._transcript_index = gold.transcript_index
        self._corpus = _prepare(corpus)
        self._group = _number_groups(splits)
        self._names = gold.transcripts

    def make_task(self, training: Sequence[int], targets: Rows, *, aims: Aims) -> Task:
        """The task of ranking codes for `targets` after learning from the `training` transcripts.

        Raises:
            LeakageError: if a target's transcript, or a near-duplicate of it, is learned from.
        """
        rows = np.flatnonzero(np.isin(self._transcript_index, list(training)) & self._codings.read)
        task = Task(
            corpus=_copy_corpus(self._corpus),
            known=_lock_codings(self._codings.restrict_to(rows)),
            targets=_lock(targets.copy()),
            aims=aims,
        )
        # Checked although it was made here: a mistake above would not show otherwise.
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
    # Its reasons are never shown, and hold on to everything the method has fitted.
    return replace(run_suggester(copy.deepcopy(suggester), task), explanation=None)


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


def _copy_corpus(corpus: EncodedCorpus) -> EncodedCorpus:
    """A copy that shares the arrays but not what a method may add to it."""
    return copy.copy(corpus)


def _lock_codings(known: KnownCodings) -> KnownCodings:
    _lock(known.read)
    _lock(known.applied)
    return known


def _lock(array: Rows | npt.NDArray[np.generic]) -> Rows:
    array.flags.writeable = False
    return array  # type: ignore[return-value]


def _number_groups(splits: Splits) -> Rows:
    """The number of each transcript's group of near-duplicates, (n_transcripts,)."""
    group_of = np.zeros(splits.n_transcripts, dtype=np.intp)
    for number, group in enumerate(splits.groups):
        group_of[list(group)] = number
    return group_of
