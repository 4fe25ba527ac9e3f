"""Who is tested on what: folds of whole transcripts, and nested training sets from the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.errors import NothingToDo
from .gold import Exam
from .near_duplicates import twins


@dataclass(frozen=True, slots=True, kw_only=True)
class Splits:
    """Folds of whole transcripts by number; `groups` are kept together on every side.

    The groups are in order of their first transcript's name, so nothing depends on the order of
    rows. `twins` names the transcripts that share wording.
    """

    n_transcripts: int
    groups: tuple[tuple[int, ...], ...]
    folds: tuple[tuple[int, ...], ...]
    seed: int
    twins: tuple[tuple[str, ...], ...] = ()

    def tested(self, fold: int) -> tuple[int, ...]:
        """The transcripts of a fold."""
        return _members(self.groups, self.folds[fold])

    def training(self, fold: int, share: float, *, repeat: int = 0) -> tuple[int, ...]:
        """Transcripts learned from when a `share` of all transcripts is coded, none of the fold's.

        A random subset of the other folds' transcripts, at least one, at most all of them; for one
        fold and repeat the subset at a smaller share lies within that at a larger one.
        """
        if share <= 0:
            return ()
        wanted = max(1, int(share * self.n_transcripts + 0.5))
        others = sorted(set(range(len(self.groups))) - set(self.folds[fold]))
        order = np.random.default_rng([self.seed, 1, repeat, fold]).permutation(len(others))
        found: list[int] = []
        for at in order:
            if len(found) >= wanted:
                break
            found += self.groups[others[at]]
        return tuple(sorted(found))

    def is_whole(self, fold: int, share: float) -> bool:
        """Whether a share takes every transcript of the other folds, so that repeats are equal."""
        others = self.n_transcripts - len(self.tested(fold))
        return share <= 0 or len(self.training(fold, share)) == others


def splits(exam: Exam, *, n_folds: int, seed: int) -> Splits:
    """Deal the transcripts of an exam into folds of about equal size.

    Twins count as one; where there are fewer groups than folds, each group is a fold of its own.

    Raises:
        NothingToDo: if all transcripts share their wording.
    """
    targets = exam.targets
    alike = twins(s for s, used in zip(exam.segments, targets, strict=True) if used)
    number = {name: at for at, name in enumerate(exam.transcripts)}
    groups = _groups(len(number), [[number[name] for name in names] for names in alike])
    if len(groups) < 2:
        raise NothingToDo(
            f"{exam.name}: all {len(number)} coded transcripts share a third of their longer "
            "segments; none can be tested on what was learned from another."
        )
    size = np.bincount(exam.place[targets], minlength=len(number))
    sizes = [int(size[list(group)].sum()) for group in groups]
    folds = deal(sizes, n_folds=min(n_folds, len(groups)), seed=seed)
    return Splits(
        n_transcripts=len(number), groups=groups, folds=folds, seed=seed, twins=tuple(alike)
    )


def deal(sizes: Sequence[int], *, n_folds: int, seed: int) -> tuple[tuple[int, ...], ...]:
    """Numbers of the things whose sizes are given, in `n_folds` folds of about equal total size.

    Things are taken in rounds of one per fold, the largest first; within a round chance decides,
    except that an incomplete last round goes to the folds that are smallest so far.
    """
    generator = np.random.default_rng([seed, 0])
    shuffled = generator.permutation(len(sizes))
    order = [int(at) for at in sorted(shuffled, key=lambda at: -sizes[at])]
    folds: list[list[int]] = [[] for _ in range(n_folds)]
    loads = [0] * n_folds
    for begin in range(0, len(order), n_folds):
        some = order[begin : begin + n_folds]
        given = [int(fold) for fold in generator.permutation(n_folds)]
        if len(some) < n_folds:
            given.sort(key=lambda fold: loads[fold])
        for at, fold in zip(some, given, strict=False):
            folds[fold].append(at)
            loads[fold] += sizes[at]
    return tuple(tuple(sorted(fold)) for fold in folds)


def _groups(n: int, alike: Iterable[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    together = [tuple(sorted(group)) for group in alike]
    inside = {at for group in together for at in group}
    alone = [(at,) for at in range(n) if at not in inside]
    return tuple(sorted([*together, *alone]))


def _members(groups: Sequence[tuple[int, ...]], chosen: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(at for group in chosen for at in groups[group]))
