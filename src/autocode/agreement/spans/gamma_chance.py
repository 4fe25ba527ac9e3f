"""Chance texts for gamma: what the coders of a text would have marked by luck alone.

Source: Mathet, Widlöcher & Métivier (2015), Computational Linguistics 41(3):437-479.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from ...core.errors import InputError
from ..arrays import Floats
from .gamma_units import Units, expand_ranges
from .runs import Spans

Sampler = Literal["shuffle", "statistical"]
Generator = np.random.Generator


def draw_chance_texts(
    spans: Spans, sampler: Sampler, generator: Generator, *, n_samples: int
) -> Units:
    """`n_samples` texts by chance; `sampler` is explained at `gamma.gamma`."""
    if not spans.coder.size:
        no_ids, no_offsets = np.zeros(0, dtype=np.int64), np.zeros(0)
        return Units(
            text=no_ids,
            coder=no_ids,
            start=no_offsets,
            end=no_offsets,
            code=no_ids,
            n_coders=spans.n_coders,
            n_texts=n_samples,
        )
    if sampler == "shuffle":
        return _shuffle(spans, generator, n_samples=n_samples)
    if sampler == "statistical":
        return _draw_from_statistics(spans, generator, n_samples=n_samples)
    raise InputError(f"No sampler '{sampler}'; use shuffle or statistical.")


def _shuffle(spans: Spans, generator: Generator, *, n_samples: int) -> Units:
    """Each chance coder is a real one's coding, rotated; no two by nearly the same amount."""
    order = np.argsort(spans.coder, kind="stable")
    first = np.searchsorted(spans.coder[order], np.arange(spans.n_coders + 1))
    source = generator.integers(spans.n_coders, size=n_samples * spans.n_coders)
    turn = _draw_rotations(spans, generator, n_samples=n_samples).ravel()
    chance_coder, at = expand_ranges(first[source], first[source + 1])
    row, turn = order[at], turn[chance_coder]
    length = spans.end[row] - spans.start[row]
    # A unit across the cut stays whole and runs over the end.
    start = np.asarray(spans.start[row] - turn, dtype=np.float64)
    start = start + spans.length * (start < 0)
    text, coder = np.divmod(chance_coder, spans.n_coders)
    code = spans.code[row]
    return Units(
        text=text,
        coder=coder,
        start=start,
        end=start + length,
        code=code,
        n_coders=spans.n_coders,
        n_texts=n_samples,
    )


def _draw_rotations(spans: Spans, generator: Generator, *, n_samples: int) -> Floats:
    """Where to cut each chance coder's text, shape (n_samples, n_coders), in characters.

    Uniform among cuts that lie half a mean unit or more apart around the text.
    """
    n_coders, length = spans.n_coders, float(spans.length)
    least = min(float((spans.end - spans.start).mean()) / 2, length / (2 * n_coders))
    # Uniform points on a shortened circle, then the minimal gaps put back: rejection-free.
    free = np.sort(generator.uniform(0, length - n_coders * least, (n_samples, n_coders)), axis=1)
    cuts = free + least * np.arange(n_coders)
    cuts = (cuts + generator.uniform(0, length, (n_samples, 1))) % length
    return np.asarray(generator.permuted(cuts, axis=1))


def _draw_from_statistics(spans: Spans, generator: Generator, *, n_samples: int) -> Units:
    """Units one after another: numbers, lengths and gaps normal, codes by their frequency."""
    counts = np.bincount(spans.coder, minlength=spans.n_coders)
    lengths = (spans.end - spans.start).astype(np.float64)
    gaps = _measure_gaps(spans)
    # Normal numbers, lengths and gaps as in pygamma-agreement's statistical sampler.
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
    return Units(
        text=text,
        coder=coder,
        start=end - length,
        end=end,
        code=code,
        n_coders=spans.n_coders,
        n_texts=n_samples,
    )


def _measure_gaps(spans: Spans) -> Floats:
    """Characters from the text's start or a unit's end to the coder's next unit; may be < 0."""
    order = np.lexsort((spans.end, spans.start, spans.coder))
    before = np.concatenate([[0], spans.end[order][:-1]])
    before[np.flatnonzero(np.diff(spans.coder[order], prepend=-1))] = 0
    return np.asarray(spans.start[order] - before, dtype=np.float64)
