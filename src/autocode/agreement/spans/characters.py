"""Agreement with every character a unit, as NVivo and ATLAS.ti compute it, from run lengths.

Characters of one sentence are not independent decisions: these values are for comparison with
those programs, and their usual standard errors mean nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from ...core.errors import InputError
from ..arrays import Floats
from ..coefficients.kappa import nvivo_comparison
from ..coefficients.result import Coefficient, build_undefined
from .runs import Spans, build_exclusive_runs, find_covered, select_code

Mode = Literal["relevant_vs_gap", "nominal_with_gap"]


def count_characters(spans: Spans, *, coders: tuple[int, int] = (0, 1)) -> Floats:
    """Characters that two coders gave each code, shape (n_codes, 2, 2); additive over texts.

    Per code ((both, only the first), (only the second, neither)).
    """
    edges, marks = find_covered(spans)
    lengths = np.diff(edges).astype(np.float64)
    first, second = marks[coders[0]], marks[coders[1]]
    rows = [np.stack([a & second, a & ~second], axis=1) for a in (first, ~first)]
    return np.asarray(np.stack(rows, axis=1) @ lengths)


def character_kappa(spans: Spans, code: int, *, coders: tuple[int, int] = (0, 1)) -> Coefficient:
    """Cohen's kappa of one code in one text with every character a unit, as NVivo reports it.

    For several texts average them by `nvivo_average`, as NVivo does, or sum `count_characters`.
    """
    return nvivo_comparison(count_characters(spans, coders=coders)[code])


def count_character_coincidences(spans: Spans, *, mode: Mode = "nominal_with_gap") -> Floats:
    """Krippendorff's coincidences with every character a unit; additive over texts.

    `relevant_vs_gap` has two values, marked and not (ATLAS.ti's alpha-binary of a domain: give it
    the domain's spans alone); `nominal_with_gap` has the codes, which must exclude each other, and
    last the gap. Shape (n_values, n_values).
    """
    votes, lengths = _count_votes(spans, mode)
    if spans.n_coders < 2:
        return np.zeros((votes.shape[1], votes.shape[1]))
    weighted = votes * lengths[:, None]
    # Ordered pairs of coders over each run, every character of it at once; a coder's pair with
    # themself comes off the diagonal.
    pairs = votes.T @ weighted
    pairs[np.diag_indices(pairs.shape[0])] -= weighted.sum(axis=0)
    return np.asarray(pairs / (spans.n_coders - 1))


def character_alpha(spans: Spans, *, mode: Mode = "nominal_with_gap") -> Coefficient:
    """Krippendorff's nominal alpha with every character a unit (González-Prieto et al. 2023).

    `observed` and `expected` are disagreements.
    """
    name = f"character_alpha_{mode}"
    table = count_character_coincidences(spans, mode=mode)
    totals = table.sum(axis=1)
    size = float(totals.sum())
    if size < 2:
        return build_undefined(name, "a text needs two or more coders and some characters")
    observed = 1 - float(np.trace(table)) / size
    expected = 1 - float((totals * (totals - 1)).sum()) / (size * (size - 1))
    if (totals > 0).sum() < 2:
        reason = "all coders gave every character the same value"
        return build_undefined(name, reason, n_units=spans.length, observed=observed, expected=0.0)
    return Coefficient(
        name=name,
        value=1 - observed / expected,
        n_units=spans.length,
        observed=observed,
        expected=expected,
    )


def character_alpha_of_code(spans: Spans, code: int) -> Coefficient:
    """Krippendorff's alpha of one code, marked or not, with every character a unit.

    ATLAS.ti calls it alpha-binary where the code is a domain of its own.
    """
    if not 0 <= code < spans.n_codes:
        raise InputError(f"No code {code}; these spans have codes 0 to {spans.n_codes - 1}.")
    return replace(
        character_alpha(select_code(spans, code), mode="relevant_vs_gap"),
        name="character_alpha_of_code",
    )


def _count_votes(spans: Spans, mode: Mode) -> tuple[Floats, Floats]:
    """How many coders gave each run each value, shape (n_runs, n_values), and the lengths."""
    if mode == "relevant_vs_gap":
        edges, marks = find_covered(spans)
        n_marking = marks.any(axis=1).sum(axis=0)
        votes = np.stack([n_marking, spans.n_coders - n_marking], axis=1)
        return votes.astype(np.float64), np.diff(edges).astype(np.float64)
    if mode != "nominal_with_gap":
        raise InputError(f"No mode '{mode}'; use relevant_vs_gap or nominal_with_gap.")
    runs = build_exclusive_runs(spans)
    n_values, n_runs = spans.n_codes + 1, runs.lengths.size
    value = np.where(runs.codes < 0, spans.n_codes, runs.codes)
    cell = (value + n_values * np.arange(n_runs)).ravel()
    votes = np.bincount(cell, minlength=n_values * n_runs).reshape(n_runs, n_values)
    return votes.astype(np.float64), runs.lengths.astype(np.float64)
