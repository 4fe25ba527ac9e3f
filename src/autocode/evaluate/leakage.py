"""Keeps the codings a method is tested on out of its reach.

A method is handed a task whose work holds the training transcripts' codings and nothing else; the
rest never leaves the vault. Each task goes to a fresh copy of the method with fresh, read-only
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
from .gold import Exam
from .splits import Splits

Rows = npt.NDArray[np.intp]


class Vault:
    """Holds the reference codings of an exam and lets out what a training set may know."""

    def __init__(self, exam: Exam, splits: Splits, corpus: EncodedCorpus) -> None:
        self._work = exam.work
        self._place = exam.place
        self._corpus = _prepared(corpus)
        self._group = _group_of(splits)
        self._names = exam.transcripts

    def task(self, training: Sequence[int], targets: Rows, *, aims: Aims) -> Task:
        """The task of ranking codes for `targets` after learning from the `training` transcripts.

        Raises:
            LeakageError: if a target's transcript, or one that shares its wording, is learned from.
        """
        rows = np.flatnonzero(np.isin(self._place, list(training)) & self._work.read)
        known = self._work.restrict_to(rows)
        task = Task(
            corpus=_own_copy(self._corpus),
            known=_locked(known),
            targets=_lock(targets.copy()),
            aims=aims,
        )
        self.check(task)
        return task

    def check(self, task: Task) -> None:
        """Refuse a task whose work reaches into its targets' transcripts or those akin to them.

        Raises:
            LeakageError: naming the first such transcript.
        """
        touched = task.known.read | task.known.applied.any(axis=1)
        known = self._place >= 0
        tested = set(self._group[self._place[task.targets[known[task.targets]]]].tolist())
        for place in sorted(set(self._place[touched & known].tolist())):
            if int(self._group[place]) in tested:
                raise LeakageError(
                    f"Transcript '{self._names[place]}' would be learned from and tested on at "
                    "once (itself, or one that shares its wording). Keep it on one side."
                )


def ask(suggester: Suggester, task: Task) -> Ranking:
    """Let a fresh copy of the method answer a task, and check the shape of its answer.

    Raises:
        InputError: if the answer has other shapes than the task asks for, or holds no numbers.
    """
    fresh = copy.deepcopy(suggester)
    return _checked(suggester.name, task, fresh.rank(task))


def _checked(name: str, task: Task, answer: Ranking) -> Ranking:
    wanted = (len(task.targets), task.corpus.n_codes)
    parts = {
        part: np.asarray(getattr(answer, part))
        for part in ("logits", "probabilities", "likely", "in_set", "auto_acceptable")
    }
    for part, found in parts.items():
        if found.shape != wanted:
            raise InputError(
                f"Method '{name}' answered with {part} of shape {found.shape}, not {wanted} "
                "(targets, codes). Correct its rank()."
            )
        if not np.isfinite(found.astype(np.float64)).all():
            raise InputError(f"Method '{name}' gave {part} that are not numbers (NaN or infinite).")
    allowed = task.corpus.allowed[task.targets]
    return Ranking(
        logits=np.where(allowed, parts["logits"], NEVER),
        probabilities=np.where(allowed, np.clip(parts["probabilities"], 0, 1), 0.0),
        likely=parts["likely"].astype(bool) & allowed,
        in_set=parts["in_set"].astype(bool) & allowed,
        auto_acceptable=parts["auto_acceptable"].astype(bool) & allowed,
        parameters=dict(answer.parameters),
        remarks=tuple(answer.remarks),
    )


def _prepared(corpus: EncodedCorpus) -> EncodedCorpus:
    """The corpus with everything it computes lazily computed now, while no codings are near."""
    for name, value in vars(type(corpus)).items():
        if isinstance(value, cached_property):
            made = getattr(corpus, name)
            if isinstance(made, np.ndarray):
                _lock(made)
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


def _group_of(splits: Splits) -> Rows:
    found = np.zeros(splits.n_transcripts, dtype=np.intp)
    for number, group in enumerate(splits.groups):
        found[list(group)] = number
    return found
