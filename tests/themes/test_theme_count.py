"""The number of themes: that of clear groups, and otherwise that of so many segments, said so."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.linalg import unit_rows
from autocode.themes.partition import PartitionOptions, partition
from autocode.themes.theme_count import find_knee, measure_dispersion
from autocode.themes.wording import describe_count

N = 320


def planted(n_groups, n_rows, *, width=64, spread=0.6, n_strays=0, seed=0):
    """Rows around so many random centres, in an order that says nothing of them."""
    generator = np.random.default_rng(seed)
    centres = generator.normal(size=(n_groups, width))
    rows = np.repeat(centres, n_rows // n_groups, axis=0)
    rows = rows + spread * generator.normal(size=rows.shape)
    rows = np.vstack([rows, generator.normal(size=(n_strays, width))])
    return unit_rows(generator.permutation(rows)).astype(np.float32)


@pytest.mark.parametrize(
    "made",
    [
        {},
        {"width": 16},
        {"width": 384, "spread": 1.0},
        {"spread": 1.2},
        {"n_rows": 96},
        {"n_rows": 800},
        {"n_strays": 30},
    ],
    ids=str,
)
@pytest.mark.parametrize("seed", [0, 1])
def test_eight_clear_groups_give_six_to_ten_themes(made, seed):
    groups = partition(planted(8, made.pop("n_rows", N), seed=seed, **made))
    assert groups.diagnostics.n_themes_source == "gap"
    assert 6 <= groups.n_groups <= 10
    assert "stands out" in describe_count(groups.diagnostics)


@pytest.mark.parametrize("n_groups", [3, 5, 12, 25])
def test_clear_groups_give_their_number_also_beyond_that_for_so_many_rows(n_groups):
    rows = planted(n_groups, N)
    assert partition(rows).diagnostics.n_themes_asked == n_groups


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_noise_keeps_the_number_for_its_size_and_says_that_it_is_noise(seed):
    rows = unit_rows(np.random.default_rng(seed).normal(size=(N, 64))).astype(np.float32)
    diagnostics = partition(rows).diagnostics
    assert (diagnostics.n_themes_asked, diagnostics.n_themes_source) == (17, "size")
    assert diagnostics.is_tighter_than_noise is False
    assert "no tighter than groups of noise" in describe_count(diagnostics)


def test_a_number_that_is_asked_for_is_taken():
    diagnostics = partition(planted(8, N), PartitionOptions(n_groups=3)).diagnostics
    assert (diagnostics.n_themes_asked, diagnostics.n_themes_source) == (3, "asked")
    assert describe_count(diagnostics) == ""


def test_the_knee_is_where_the_curve_is_furthest_above_its_chord():
    assert find_knee(np.array([0.0, 0.5, 1.0, 1.1, 1.2])) == (3, pytest.approx(0.4))
    assert find_knee(np.array([0.0, 0.1, 0.2])) == (1, 0.0)


def test_dispersion_is_that_of_the_tree_by_hand():
    # Two pairs 2 apart, 10 from each other: 1 group 2·1² + 2·1² + 4·5² = 104, 2 groups 4, 3 one 2.
    points = np.array([[0.0], [2.0], [10.0], [12.0]])
    assert np.exp(measure_dispersion(points, 3)) == pytest.approx([104, 4, 2.08])


def test_few_rows_keep_the_number_for_their_size():
    assert partition(planted(2, 6)).diagnostics.n_themes_source in {"size", "gap"}
