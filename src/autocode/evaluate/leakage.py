"""Keeps the codings a method is tested on out of its reach.

A method is handed a task whose codings are those of the training transcripts and nothing else; the
others stay in `HeldOutLabels`. Each task goes to a fresh copy of the method with fresh, read-only
arrays and its own copy of the corpus, so that nothing an object keeps in one fold is there in the
next. A method that follows a coder is shown a segment's codes only after it has ranked them, and
begins each transcript from a copy of what it learned from the training transcripts. State that a
method hides at module level, or on disk, is beyond what one process can guard.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..core.errors import InputError, LeakageError
from ..suggest.check import check_ranking, run_suggester
from ..suggest.corpus import EncodedCorpus
from ..suggest.protocol import (
    Aims,
    FittedSuggester,
    KnownCodings,
    Ranking,
    SequentialSuggester,
    Suggester,
    Task,
)
from .gold import GoldData
from .passages import list_in_reading_order
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
        self._gold = gold
        self._by_coder: dict[str, KnownCodings] = {}
        self._order = list_in_reading_order(gold.segments)

    def make_task(self, training: Sequence[int], targets: Rows, *, aims: Aims) -> Task:
        """The task of ranking codes for `targets` after learning from the `training` transcripts.

        Raises:
            LeakageError: if a target's transcript, or a near-duplicate of it, is learned from.
        """
        rows = np.flatnonzero(np.isin(self._transcript_index, list(training)) & self._codings.read)
        task = self._show(rows, targets, aims)
        # Checked although it was made here: a mistake above would not show otherwise.
        self.check(task)
        return task

    def make_part_task(self, known: Rows, targets: Rows, *, aims: Aims) -> Task:
        """The task of ranking codes for what is left of transcripts whose `known` rows are coded.

        Raises:
            LeakageError: if a target is among the known rows, or anything else is known.
        """
        task = self._show(known, targets, aims)
        self.check_part(task, known)
        return task

    def check_part(self, task: Task, known: Rows) -> None:
        """Refuse a part-coded task that shows more than the `known` rows, or asks about them.

        Raises:
            LeakageError: naming the first segment that is shown.
        """
        touched = task.known.read | task.known.applied.any(axis=1)
        hidden = np.ones(len(touched), dtype=bool)
        hidden[known] = False
        hidden[task.targets] = True
        for row in np.flatnonzero(touched & hidden).tolist():
            segment = self._gold.segments[row]
            raise LeakageError(
                f"Segment {segment.span.start}-{segment.span.end} of transcript "
                f"'{segment.transcript}' would be learned from and is to be tested. Leave out one."
            )

    def _show(self, rows: Rows, targets: Rows, aims: Aims) -> Task:
        """A task in which the codings of `rows` alone are known."""
        return Task(
            corpus=_copy_corpus(self._corpus),
            known=_lock_codings(self._codings.restrict_to(rows)),
            targets=_lock(targets.copy()),
            aims=aims,
        )

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

    def follow(
        self, name: str, fitted: FittedSuggester, task: Task, transcript: str, coder: str
    ) -> Iterator[tuple[int, Ranking]]:
        """Let a copy of a fitted method follow one coder through one transcript.

        Each segment that the coder has read is asked about, in reading order, and its codes are
        shown to the method only when its ranking has been given out here.

        Args:
            name: of the method.
            fitted: what it learned from `task`; copied, so that nothing stays from one transcript,
                or one coder, to the next.
            task: what was learned from.
            transcript: whose segments are asked about.
            coder: who is followed.

        Yields:
            Each segment, and its ranking of shape (1, n_codes).

        Raises:
            LeakageError: if the transcript, or a near-duplicate of it, was learned from.
            InputError: if the method cannot be copied, or its answers cannot be scored.
        """
        rows, codings = self._order[transcript], self._list_codings_of(coder)
        self.check(replace(task, targets=rows))
        copied = _copy_fitted(name, fitted, task.corpus, _copy_corpus(self._corpus))
        session = copied.follow(_lock(rows.copy()))
        for row in rows[codings.read[rows]].tolist():
            asked = _lock(np.array([row], dtype=np.intp))
            ranking = check_ranking(name, replace(task, targets=asked), session.rank(asked))
            yield row, replace(ranking, explanation=None)
            applied = codings.applied[row].copy()
            _lock(applied)
            session.observe(row, applied)

    def _list_codings_of(self, coder: str) -> KnownCodings:
        if coder not in self._by_coder:
            self._by_coder[coder] = self._gold.list_codings_of(coder)
        return self._by_coder[coder]


def run_isolated(suggester: Suggester, task: Task) -> Ranking:
    """Let a fresh copy of the method rank codes for a task, and check what it gives.

    Raises:
        InputError: if the ranking has other shapes than the task asks for, or holds no numbers.
    """
    # Its reasons are never shown, and hold on to everything the method has fitted.
    return replace(run_suggester(copy.deepcopy(suggester), task), explanation=None)


def fit_isolated(suggester: SequentialSuggester, task: Task) -> FittedSuggester:
    """Let a fresh copy of the method learn from a task."""
    return copy.deepcopy(suggester).fit(task)


def _copy_fitted(
    name: str, fitted: FittedSuggester, own: EncodedCorpus, fresh: EncodedCorpus
) -> FittedSuggester:
    """A copy whose corpus is a fresh one, without what the method may have added to its own.

    Arrays of the corpus are shared: nobody can write to them, and they are large.
    """
    shared: dict[int, object] = {id(own): fresh}
    for value in vars(fresh).values():
        shared[id(value)] = value
        if is_dataclass(value):
            parts = [getattr(value, part.name) for part in fields(value)]
            shared |= {id(part): part for part in parts if isinstance(part, np.ndarray)}
    try:
        return copy.deepcopy(fitted, shared)
    except (TypeError, AttributeError, NotImplementedError) as error:
        raise InputError(
            f"Method '{name}': what fit(task) gives cannot be copied ({error}). Keep plain data in "
            "it."
        ) from error


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
