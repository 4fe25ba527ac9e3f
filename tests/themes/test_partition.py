"""The three methods, a sample beyond the tree, and the tree itself."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.core.errors import InputError
from autocode.core.theme import UnassignedReason
from autocode.themes import partition as partition_module
from autocode.themes.groups import UNASSIGNED, number_by_first_row
from autocode.themes.partition import METHODS, PartitionOptions, partition
from autocode.themes.stability import best_jaccards, measure_adjusted_rand
from autocode.themes.ward import n_themes_for, ward_tree


def points(n_groups=6, n_each=40, width=24, spread=0.12, seed=0):
    """Unit rows around centres, shuffled, and the centre of each."""
    generator = np.random.default_rng(seed)
    compute_centroids = generator.normal(size=(n_groups, width))
    home = generator.permutation(np.repeat(np.arange(n_groups), n_each))
    rows = compute_centroids[home] + spread * generator.normal(size=(len(home), width))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), home


@pytest.mark.parametrize("method", METHODS)
def test_clear_groups_are_found_by_every_method(method):
    vectors, home = points()
    found = partition(vectors, PartitionOptions(method, None if method == "hdbscan" else 6))
    kept = found.group != UNASSIGNED
    assert kept.mean() > 0.8
    assert measure_adjusted_rand(home[kept], found.group[kept]) > 0.95


@pytest.mark.parametrize("method", METHODS)
def test_every_row_has_a_group_or_a_reason(method):
    vectors, _ = points(spread=0.6)
    found = partition(vectors, PartitionOptions(method))
    assert [reason is None for reason in found.reason] == (found.group != UNASSIGNED).tolist()
    assert (found.strength[found.group == UNASSIGNED] == 0).all()
    assert ((found.strength >= 0) & (found.strength <= 1)).all()
    assert set(found.nearest.tolist()) <= set(range(found.n_groups))


def test_ward_leaves_nothing_out():
    vectors, _ = points(spread=0.8)
    assert (partition(vectors, PartitionOptions("ward")).group != UNASSIGNED).all()


def test_a_row_like_no_other_is_alone():
    vectors, _ = points(n_groups=4, n_each=30)
    *_, stray = np.linalg.svd(vectors)[2].astype(np.float32)
    found = partition(np.vstack([vectors, stray]), PartitionOptions(n_groups=4))
    assert found.reason[:-1].count(None) >= 0.95 * len(vectors)
    assert found.reason[-1] is UnassignedReason.OUTLIER


def test_rows_beyond_the_tree_go_to_the_group_of_their_like(monkeypatch):
    vectors, home = points()
    monkeypatch.setattr(partition_module, "MOST_IN_TREE", 120)
    found = partition(vectors, PartitionOptions(n_groups=6))
    assert found.diagnostics.n_in_tree == 120
    kept = found.group != UNASSIGNED
    assert kept[120:].mean() > 0.9
    assert measure_adjusted_rand(home[kept], found.group[kept]) > 0.95


def test_parts_lie_within_their_group():
    vectors, _ = points(spread=0.4)
    found = partition(vectors, PartitionOptions(n_groups=3))
    assert found.part.max() >= 3
    for part in range(found.part.max() + 1):
        assert len(set(found.group[found.part == part].tolist())) == 1


@pytest.mark.parametrize("n", range(8))
def test_few_rows_are_no_error(n):
    vectors, _ = points(n_groups=2, n_each=4)
    for method in METHODS:
        assert len(partition(vectors[:n], PartitionOptions(method)).group) == n


def test_unknown_method_and_number_are_said():
    with pytest.raises(InputError, match="combined, ward, hdbscan"):
        PartitionOptions("lda")
    with pytest.raises(InputError, match="not 0"):
        PartitionOptions(n_groups=0)


def test_number_of_themes_follows_size():
    assert [n_themes_for(n) for n in (1, 6, 30, 100, 1000, 10000)] == [1, 2, 7, 11, 27, 68]


def test_tree_cuts_are_nested():
    vectors, _ = points(spread=0.5)
    tree = ward_tree(vectors.astype(float))
    coarse, fine = tree.cut(3), tree.cut(9)
    assert all(len(set(coarse[fine == one].tolist())) == 1 for one in range(9))


def test_groups_are_numbered_by_first_row():
    assert number_by_first_row(np.array([7, UNASSIGNED, 3, 7, 0])).tolist() == [
        0,
        UNASSIGNED,
        1,
        0,
        2,
    ]


def test_jaccard_by_hand():
    one = np.array([0, 0, 0, 1, 1])
    two = np.array([5, 5, 6, 6, UNASSIGNED])
    assert best_jaccards(one, two, 3)[:2].tolist() == pytest.approx([2 / 3, 1 / 3])
    assert np.isnan(best_jaccards(one, two, 3)[2])


def test_adjusted_rand_is_that_of_scikit_learn():
    from sklearn.metrics import adjusted_rand_score

    generator = np.random.default_rng(0)
    one, two = generator.integers(0, 4, (2, 200))
    two[:120] = one[:120]
    assert measure_adjusted_rand(one, two) == pytest.approx(adjusted_rand_score(one, two))
