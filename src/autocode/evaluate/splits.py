"""Who is tested on what: folds of whole transcripts, and nested training sets from the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.errors import NothingToDo
from .gold import GoldData
from .near_duplicates import find_near_duplicates


@dataclass(frozen=True, slots=True, kw_only=True)
class Splits:
    """Folds of whole transcripts by number; `groups` are kept together on every side.

    The groups are in order of their first transcript's name, so nothing depends on the order of
    rows. `near_duplicates` names the transcripts that share wording.
    """

    n_transcripts: int
    groups: tuple[tuple[int, ...], ...]
    folds: tuple[tuple[int, ...], ...]
    seed: int
    near_duplicates: tuple[tuple[str, ...], ...] = ()

    def list_tested(self, fold: int) -> tuple[int, ...]:
        """The transcripts of a fold."""
        return _list_members(self.groups, self.folds[fold])

    def draw_training(self, fold: int, share: float, *, repeat: int = 0) -> tuple[int, ...]:
        """Transcripts learned from when a `share` of all transcripts is coded, none of the fold's.

        A random subset of the other folds' transcripts, at least one, at most all of them; for one
        fold and repeat the subset at a smaller share lies within that at a larger one.
        """
        if share <= 0:
            return ()
        wanted = max(1, int(share * self.n_transcripts + 0.5))
        others = sorted(set(range(len(self.groups))) - set(self.folds[fold]))
        # One order for all shares: a larger share takes more of the same order.
        order = np.random.default_rng([self.seed, 1, repeat, fold]).permutation(len(others))
        chosen: list[int] = []
        for index in order:
            if len(chosen) >= wanted:
                break
            chosen += self.groups[others[index]]
        return tuple(sorted(chosen))

    def is_whole(self, fold: int, share: float) -> bool:
        """Whether a share takes every transcript of the other folds, so that repeats are equal."""
        others = self.n_transcripts - len(self.list_tested(fold))
        return share <= 0 or len(self.draw_training(fold, share)) == others


def make_splits(gold: GoldData, *, n_folds: int, seed: int) -> Splits:
    """Deal the coded transcripts into folds of about equal size.

    Near-duplicates count as one; where there are fewer groups than folds, each group is a fold of
    its own.

    Raises:
        NothingToDo: if all transcripts share their wording.
    """
    targets = gold.targets
    duplicates = find_near_duplicates(
        segment for segment, used in zip(gold.segments, targets, strict=True) if used
    )
    number = {name: index for index, name in enumerate(gold.transcripts)}
    groups = _make_groups(len(number), [[number[name] for name in names] for names in duplicates])
    if len(groups) < 2:
        raise NothingToDo(
            f"{gold.name}: all {len(number)} coded transcripts share a third of their longer "
            "segments; none can be tested on what was learned from another."
        )
    n_targets = np.bincount(gold.transcript_index[targets], minlength=len(number))
    sizes = [int(n_targets[list(group)].sum()) for group in groups]
    folds = deal_into_folds(sizes, n_folds=min(n_folds, len(groups)), seed=seed)
    return Splits(
        n_transcripts=len(number),
        groups=groups,
        folds=folds,
        seed=seed,
        near_duplicates=tuple(duplicates),
    )


def deal_into_folds(
    sizes: Sequence[int], *, n_folds: int, seed: int
) -> tuple[tuple[int, ...], ...]:
    """Numbers of the things whose sizes are given, in `n_folds` folds of about equal total size.

    Things are taken in rounds of one per fold, the largest first; within a round chance decides,
    except that an incomplete last round goes to the folds that are smallest so far.
    """
    # The second number keeps this stream apart from that of the training sets (1).
    generator = np.random.default_rng([seed, 0])
    shuffled = generator.permutation(len(sizes))
    order = [int(index) for index in sorted(shuffled, key=lambda index: -sizes[index])]
    folds: list[list[int]] = [[] for _ in range(n_folds)]
    loads = [0] * n_folds
    for begin in range(0, len(order), n_folds):
        batch = order[begin : begin + n_folds]
        receivers = [int(fold) for fold in generator.permutation(n_folds)]
        if len(batch) < n_folds:
            receivers.sort(key=lambda fold: loads[fold])
        for index, fold in zip(batch, receivers, strict=False):
            folds[fold].append(index)
            loads[fold] += sizes[index]
    return tuple(tuple(sorted(fold)) for fold in folds)


def _make_groups(n: int, duplicates: Iterable[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    together = [tuple(sorted(group)) for group in duplicates]
    grouped = {index for group in together for index in group}
    alone = [(index,) for index in range(n) if index not in grouped]
    return tuple(sorted([*together, *alone]))


def _list_members(groups: Sequence[tuple[int, ...]], chosen: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(index for group in chosen for index in groups[group]))
