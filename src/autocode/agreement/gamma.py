"""Gamma: agreement of coders who cut and code a text freely, by the best alignment of their units.

Coders' units are put into groups of at most one unit per coder; the grouping of least disorder is
compared with what it comes to by chance. The chance texts are drawn, so a value is bound to its
sampler and seed, and values of different samplers are not comparable.

The dissimilarity of a unit and none is 1 throughout: gamma does not depend on it.

Source: Mathet, Widlöcher & Métivier (2015), Computational Linguistics 41(3):437-479.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import comb
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from autocode.errors import InputError

from .packing import NONE, components, packed
from .result import Coefficient, undefined
from .runs import Booleans, Floats, Ints, Spans

Sampler = Literal["shuffle", "statistical"]
Generator = np.random.Generator

PAIRS_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Dissimilarity:
    """How unlike two units are: `alpha` times position plus `beta` times code.

    Position is ((shift of start + shift of end) / (sum of lengths)) squared. `categories`, shape
    (n_codes, n_codes), says how far two codes are apart, from 0 to 1; without it, differing codes
    are 1 apart.
    """

    alpha: float = 1.0
    beta: float = 1.0
    categories: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """The best alignment: `units` (n_groups, n_coders) are rows of the spans, or `NONE`.

    `disorder` is the mean over units per coder of the groups' disorder; 0 when all agree.
    """

    units: Ints
    disorder: float


@dataclass(frozen=True, slots=True, eq=False)
class _Units:
    """Units of many texts, observed or drawn; arrays of shape (n_units,)."""

    text: Ints
    coder: Ints
    start: Floats
    end: Floats
    code: Ints
    n_coders: int
    n_texts: int

    @property
    def per_text(self) -> Ints:
        return np.bincount(self.text, minlength=self.n_texts)


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """Groups of two or more units: `members` (n_groups, n_coders), what each saves (n_groups,)."""

    members: Ints
    saving: Floats


BY_DEFAULT = Dissimilarity()


def gamma(
    spans: Spans,
    *,
    dissimilarity: Dissimilarity = BY_DEFAULT,
    sampler: Sampler = "shuffle",
    n_samples: int = 30,
    seed: int = 0,
) -> Coefficient:
    """Gamma of one text; `observed` and `expected` are disorders.

    Args:
        spans: what the coders marked; spans may overlap, and codes too.
        dissimilarity: what makes two units unlike.
        sampler: `shuffle` (the paper's: whole codings, rotated) or `statistical` (units drawn with
            the observed numbers, lengths, gaps and codes).
        n_samples: chance texts to draw.
        seed: of the draws.
    """
    (found,) = gammas(
        [spans], dissimilarity=dissimilarity, sampler=sampler, n_samples=n_samples, seed=seed
    )
    return found


def gammas(
    texts: Sequence[Spans],
    *,
    dissimilarity: Dissimilarity = BY_DEFAULT,
    sampler: Sampler = "shuffle",
    n_samples: int = 30,
    seed: int = 0,
) -> tuple[Coefficient, ...]:
    """Gamma of each text, all chance texts aligned together: many small texts cost little more."""
    if n_samples < 1:
        raise InputError(f"n_samples is {n_samples}; gamma needs 1 or more chance texts.")
    generators = np.random.default_rng(seed).spawn(len(texts))
    found: list[Coefficient | None] = [None] * len(texts)
    for n_coders in {spans.n_coders for spans in texts}:
        places = [i for i, spans in enumerate(texts) if spans.n_coders == n_coders]
        chance = [_draw(texts[i], sampler, generators[i], n_samples=n_samples) for i in places]
        seen = _disorders(_joined([_observed(texts[i]) for i in places]), dissimilarity)
        drawn = _disorders(_joined(chance), dissimilarity).reshape(len(places), n_samples)
        for row, i in enumerate(places):
            found[i] = _coefficient(texts[i], sampler, float(seen[row]), drawn[row])
    return tuple(one for one in found if one is not None)


def pooled_gamma(found: Sequence[Coefficient]) -> Coefficient:
    """One gamma for several texts: summed disorder against summed chance disorder.

    Each text weighs by its units; texts without a gamma play no part. All must be of one sampler.
    """
    samplers = sorted({one.name for one in found})
    if len(samplers) > 1:
        raise InputError(f"Gammas of different samplers do not pool: {', '.join(samplers)}.")
    name = found[0].name if found else "gamma"
    kept = [one for one in found if one.value is not None]
    if not kept:
        return undefined(name, "no text has a gamma")
    weights = np.array([one.n_units for one in kept], dtype=np.float64)
    sums = weights @ np.array([[one.observed, one.expected] for one in kept], dtype=np.float64)
    observed, expected = (float(total) for total in sums / weights.sum())
    return Coefficient(name, 1 - observed / expected, int(weights.sum()), observed, expected)


def best_alignment(spans: Spans, *, dissimilarity: Dissimilarity = BY_DEFAULT) -> Alignment | None:
    """The alignment of least disorder, or none where nothing is marked or one coder marks."""
    if spans.n_coders < 2 or not spans.coder.size:
        return None
    units = _observed(spans)
    groups = _useful_groups(units, dissimilarity)
    chosen = _best(groups, units)
    members = groups.members[chosen]
    alone = np.setdiff1d(np.arange(spans.coder.size), members[members != NONE])
    single = np.full((alone.size, spans.n_coders), NONE)
    single[np.arange(alone.size), spans.coder[alone]] = alone
    disorder = spans.n_coders * (1 - float(groups.saving[chosen].sum()) / spans.coder.size)
    return Alignment(np.concatenate([members, single]), disorder)


def _coefficient(spans: Spans, sampler: Sampler, seen: float, drawn: Floats) -> Coefficient:
    name, n_units = f"gamma_{sampler}", int(spans.coder.size)
    if spans.n_coders < 2:
        return undefined(name, "a text needs two or more coders", n_units=n_units)
    if not n_units:
        return undefined(name, "nobody marked anything in the text")
    drawn = drawn[~np.isnan(drawn)]
    expected = float(drawn.mean()) if drawn.size else 0.0
    if expected <= 0:
        reason = "chance texts have no disorder, so chance explains everything"
        return undefined(name, reason, n_units=n_units, observed=seen, expected=expected)
    details = {
        "best_alignment_disorder": seen,
        "expected_disorder": expected,
        "expected_disorder_sd": float(drawn.std()),
        "n_samples": int(drawn.size),
    }
    return Coefficient(name, 1 - seen / expected, n_units, seen, expected, details=details)


def _disorders(units: _Units, dissimilarity: Dissimilarity) -> Floats:
    """Disorder of each text's best alignment, shape (n_texts,); NaN for a text without units."""
    sizes = units.per_text
    saved: Floats = np.zeros(units.n_texts)
    if units.n_coders > 1 and units.text.size:
        groups = _useful_groups(units, dissimilarity)
        chosen = _best(groups, units)
        text = units.text[groups.members[chosen].max(axis=1)]
        saved = np.bincount(text, groups.saving[chosen], units.n_texts).astype(np.float64)
    # Alone, each unit costs 1; the total is taken per coder's mean number of units.
    share = np.divide(saved, sizes, out=np.full(units.n_texts, np.nan), where=sizes > 0)
    return np.asarray(units.n_coders * (1 - share))


# --- Groups of units worth considering


def _useful_groups(units: _Units, dissimilarity: Dissimilarity) -> _Groups:
    """Groups of two or more units that are not better split: all a best alignment can need.

    With C pairs of coders, moving one unit out of a group of k pays once its dissimilarities to
    the others sum to C + k - 1 or more; the paper's bound (cost above that of the units alone)
    follows from it.
    """
    n_pairs = comb(units.n_coders, 2)
    left, right, apart = _near_pairs(units, dissimilarity, limit=n_pairs + units.n_coders - 1)
    members = np.full((left.size, units.n_coders), NONE)
    rows = np.arange(left.size)
    members[rows, units.coder[left]], members[rows, units.coder[right]] = left, right
    sums = np.zeros((left.size, units.n_coders))
    sums[members != NONE] = np.repeat(apart, 2)
    edges = _Edges.of(left, right, apart, units)
    found = []
    for size in range(2, units.n_coders + 1):
        if size > 2:
            members, sums = _extended(members, sums, edges, units)
        keep = sums.max(axis=1, initial=0.0) < n_pairs + size - 1
        cost = (sums[keep].sum(axis=1) / 2 + n_pairs - comb(size, 2)) / n_pairs
        found.append((members[keep], size - cost))
    return _Groups(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Near pairs, from the unit of the lower coder, sorted: by `key` any pair can be looked up."""

    key: Ints
    right: Ints
    apart: Floats
    first: Ints
    n_units: int

    @classmethod
    def of(cls, left: Ints, right: Ints, apart: Floats, units: _Units) -> _Edges:
        n_units = int(units.text.size)
        key = left * n_units + right
        order = np.argsort(key)
        first = np.searchsorted(left[order], np.arange(n_units + 1))
        return cls(key[order], right[order], apart[order], first, n_units)

    def between(self, left: Ints, right: Ints) -> Floats:
        """Dissimilarity of each pair, infinite for a pair that is not near."""
        key = left * self.n_units + right
        at = np.minimum(np.searchsorted(self.key, key), self.key.size - 1)
        return np.where(self.key[at] == key, self.apart[at], np.inf)


def _extended(members: Ints, sums: Floats, edges: _Edges, units: _Units) -> tuple[Ints, Floats]:
    """Every group with one more unit, of a later coder than it has, near to all its units."""
    n_groups, n_coders = members.shape
    if not n_groups:
        return members, sums
    present = members != NONE
    head = members[np.arange(n_groups), present.argmax(axis=1)]
    last = n_coders - 1 - present[:, ::-1].argmax(axis=1)
    group, at = _expanded(edges.first[head], edges.first[head + 1])
    new = edges.right[at]
    later = units.coder[new] > last[group]
    group, new = group[later], new[later]
    members, sums = members[group], sums[group]
    rows = np.arange(group.size)
    added = np.zeros(group.size)
    for coder in range(n_coders - 1):
        there = members[:, coder] != NONE
        apart = np.where(there, edges.between(members[:, coder], new), 0.0)
        sums[:, coder] += apart
        added += apart
    members[rows, units.coder[new]], sums[rows, units.coder[new]] = new, added
    keep = sums.max(axis=1, initial=0.0) < comb(n_coders, 2) + n_coders - 1
    return members[keep], sums[keep]


def _near_pairs(
    units: _Units, dissimilarity: Dissimilarity, *, limit: float
) -> tuple[Ints, Ints, Floats]:
    """Pairs of units of one text and two coders less than `limit` apart, lower coder first."""
    order = np.lexsort((units.start, units.text))
    stop = _window_ends(units, order, dissimilarity, limit=limit)
    first = np.arange(1, order.size + 1)
    size = np.maximum(stop - first, 0).cumsum()
    full = np.arange(PAIRS_AT_ONCE, size[-1], PAIRS_AT_ONCE)
    bounds = [0, *np.searchsorted(size, full).tolist(), order.size]
    found = []
    for low, high in pairwise(bounds):
        place, later = _expanded(first[low:high], stop[low:high])
        left, right = order[place + low], order[later]
        keep = units.coder[left] != units.coder[right]
        left, right = left[keep], right[keep]
        apart = _apart(units, left, right, dissimilarity)
        near = apart < limit
        found.append((left[near], right[near], apart[near]))
    left, right, apart = (np.concatenate(parts) for parts in zip(*found, strict=True))
    swap = units.coder[left] > units.coder[right]
    return np.where(swap, right, left), np.where(swap, left, right), apart


def _window_ends(units: _Units, order: Ints, dissimilarity: Dissimilarity, *, limit: float) -> Ints:
    """For each unit in order of start, where the later units end that can be near it.

    From |ds| + |de| >= 2 ds + l_v - l_u follows, with r the greatest ratio that is still near,
    2 ds < (r + 1) l_u + (r - 1) l_v.
    """
    text, start = units.text[order], units.start[order] - units.start.min()
    length = units.end[order] - units.start[order]
    longest = np.zeros(units.n_texts)
    np.maximum.at(longest, text, length)
    ratio = np.sqrt(limit / dissimilarity.alpha) if dissimilarity.alpha > 0 else np.inf
    reach = (ratio + 1) * length / 2 + max(ratio - 1, 0.0) * longest[text] / 2
    width = start.max() + 1
    place = text * width
    far = place + np.minimum(start + reach, width - 0.5)
    return np.asarray(np.searchsorted(place + start, far, side="right"))


def _apart(units: _Units, left: Ints, right: Ints, dissimilarity: Dissimilarity) -> Floats:
    start, end, code = units.start, units.end, units.code
    shift = np.abs(start[left] - start[right]) + np.abs(end[left] - end[right])
    length = end[left] - start[left] + end[right] - start[right]
    if dissimilarity.categories is None:
        differing = (code[left] != code[right]).astype(np.float64)
    else:
        differing = dissimilarity.categories[code[left], code[right]]
    return np.asarray(dissimilarity.alpha * (shift / length) ** 2 + dissimilarity.beta * differing)


# --- The best alignment


def _best(groups: _Groups, units: _Units) -> Booleans:
    """Which groups to take so that no unit is in two and most is saved, shape (n_groups,).

    Units that no group joins, even by way of others, are separate problems.
    """
    chosen = np.zeros(groups.saving.size, dtype=bool)
    if not chosen.size:
        return chosen
    block = components(groups.members)
    order = np.argsort(block, kind="stable")
    heads = np.flatnonzero(np.diff(block[order], prepend=-1))
    sizes = np.diff(heads, append=order.size)
    chosen[order[heads[sizes == 1]]] = True
    blocks = [order[i : i + n] for i, n in zip(heads, sizes, strict=True) if n > 1]
    if units.n_coders == 2:
        for rows in blocks:
            chosen[rows[_matched(groups.members[rows], groups.saving[rows])]] = True
    else:
        chosen |= packed(groups.members, groups.saving, blocks)
    return chosen


def _matched(members: Ints, saving: Floats) -> Ints:
    """Two coders: the assignment of most saving; the numbers of the groups taken."""
    first, row = np.unique(members[:, 0], return_inverse=True)
    second, column = np.unique(members[:, 1], return_inverse=True)
    table = np.zeros((first.size, second.size))
    table[row, column] = saving
    number = np.full(table.shape, NONE)
    number[row, column] = np.arange(saving.size)
    taken = number[linear_sum_assignment(table, maximize=True)]
    return np.asarray(taken[taken != NONE])


# --- Chance texts


def _draw(spans: Spans, sampler: Sampler, generator: Generator, *, n_samples: int) -> _Units:
    if not spans.coder.size:
        none, nowhere = np.zeros(0, dtype=np.int64), np.zeros(0)
        return _Units(none, none, nowhere, nowhere, none, spans.n_coders, n_samples)
    if sampler == "shuffle":
        return _shuffled(spans, generator, n_samples=n_samples)
    if sampler == "statistical":
        return _from_statistics(spans, generator, n_samples=n_samples)
    raise InputError(f"No sampler '{sampler}'; use shuffle or statistical.")


def _shuffled(spans: Spans, generator: Generator, *, n_samples: int) -> _Units:
    """Each chance coder is a real one's coding, rotated; no two by nearly the same amount."""
    order = np.argsort(spans.coder, kind="stable")
    first = np.searchsorted(spans.coder[order], np.arange(spans.n_coders + 1))
    source = generator.integers(spans.n_coders, size=n_samples * spans.n_coders)
    turn = _rotations(spans, generator, n_samples=n_samples).ravel()
    chance_coder, at = _expanded(first[source], first[source + 1])
    row, turn = order[at], turn[chance_coder]
    length = spans.end[row] - spans.start[row]
    # A unit across the cut stays whole and runs over the end.
    start = np.asarray(spans.start[row] - turn, dtype=np.float64)
    start = start + spans.length * (start < 0)
    text, coder = np.divmod(chance_coder, spans.n_coders)
    code = spans.code[row]
    return _Units(text, coder, start, start + length, code, spans.n_coders, n_samples)


def _rotations(spans: Spans, generator: Generator, *, n_samples: int) -> Floats:
    """Where to cut each chance coder's text, shape (n_samples, n_coders), in characters.

    Uniform among cuts that lie half a mean unit or more apart around the text.
    """
    n_coders, length = spans.n_coders, float(spans.length)
    least = min(float((spans.end - spans.start).mean()) / 2, length / (2 * n_coders))
    free = np.sort(generator.uniform(0, length - n_coders * least, (n_samples, n_coders)), axis=1)
    cuts = free + least * np.arange(n_coders)
    cuts = (cuts + generator.uniform(0, length, (n_samples, 1))) % length
    return np.asarray(generator.permuted(cuts, axis=1))


def _from_statistics(spans: Spans, generator: Generator, *, n_samples: int) -> _Units:
    """Units one after another: numbers, lengths and gaps normal, codes by their frequency."""
    counts = np.bincount(spans.coder, minlength=spans.n_coders)
    lengths = (spans.end - spans.start).astype(np.float64)
    gaps = _gaps(spans)
    wanted = generator.normal(counts.mean(), counts.std(), n_samples * spans.n_coders)
    number = np.abs(np.rint(wanted)).astype(np.int64)
    chance_coder = np.repeat(np.arange(number.size), number)
    size = chance_coder.size
    drawn = np.abs(generator.normal(lengths.mean(), lengths.std(), size))
    length: Floats = np.maximum(drawn, 1e-3)
    gap = generator.normal(gaps.mean(), gaps.std(), size)
    end: Floats = (gap + length).cumsum()
    before = np.concatenate([[0.0], end])[np.concatenate([[0], number.cumsum()])]
    end -= before[chance_coder]
    text, coder = np.divmod(chance_coder, spans.n_coders)
    code = generator.choice(spans.code, size)
    return _Units(text, coder, end - length, end, code, spans.n_coders, n_samples)


def _gaps(spans: Spans) -> Floats:
    """Characters from the text's start or a unit's end to the coder's next unit; may be < 0."""
    order = np.lexsort((spans.end, spans.start, spans.coder))
    before = np.concatenate([[0], spans.end[order][:-1]])
    before[np.flatnonzero(np.diff(spans.coder[order], prepend=-1))] = 0
    return np.asarray(spans.start[order] - before, dtype=np.float64)


# --- Small arrays


def _observed(spans: Spans) -> _Units:
    text = np.zeros(spans.coder.size, dtype=np.int64)
    start, end = spans.start.astype(np.float64), spans.end.astype(np.float64)
    return _Units(text, spans.coder, start, end, spans.code, spans.n_coders, 1)


def _joined(parts: Sequence[_Units]) -> _Units:
    """Units of several lists of texts as one list."""
    n_texts = np.array([part.n_texts for part in parts])
    shift = n_texts.cumsum() - n_texts
    return _Units(
        np.concatenate([part.text + by for part, by in zip(parts, shift, strict=True)]),
        np.concatenate([part.coder for part in parts]),
        np.concatenate([part.start for part in parts]),
        np.concatenate([part.end for part in parts]),
        np.concatenate([part.code for part in parts]),
        parts[0].n_coders,
        int(n_texts.sum()),
    )


def _expanded(first: npt.NDArray[np.intp], stop: npt.NDArray[np.intp]) -> tuple[Ints, Ints]:
    """All (row, number) with first[row] <= number < stop[row]."""
    size = np.maximum(stop - first, 0)
    row = np.repeat(np.arange(size.size), size)
    within = np.arange(row.size) - np.repeat(size.cumsum() - size, size)
    return row, first[row] + within
