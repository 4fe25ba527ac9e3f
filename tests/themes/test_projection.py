"""Places on maps: near ones close, the same for the same rows, whatever order they come in."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.themes.groups import UNASSIGNED
from autocode.themes.projection import compute_merges, project_segments, project_themes


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def clouds(n_each=40, n_clouds=4, width=20):
    generator = np.random.default_rng(0)
    middles = unit(generator.normal(size=(n_clouds, width)))
    near = np.repeat(np.arange(n_clouds), n_each)
    return unit(middles[near] + generator.normal(0, 0.1, (len(near), width))), middles, near


@pytest.mark.parametrize("width", [20, 400])
def test_spots_of_a_theme_lie_together_and_in_the_square(width):
    points, middles, near = clouds(width=width)
    found = np.array(project_segments(points, middles, near))
    assert found.min() == 0
    assert found.max() == 1
    compute_centroids = np.stack([found[near == number].mean(axis=0) for number in range(4)])
    distance = np.linalg.norm(found[:, None] - compute_centroids, axis=2)
    assert (distance.argmin(axis=1) == near).mean() > 0.95


def test_spots_go_with_their_rows():
    points, middles, near = clouds()
    order = np.random.default_rng(1).permutation(len(points))
    found = project_segments(points, middles, near)
    assert project_segments(points[order], middles, near[order]) == [found[at] for at in order]


@pytest.mark.parametrize("n_middles", [0, 1, 2])
def test_spots_without_a_plane_of_themes_are_still_places(n_middles):
    points, middles, _ = clouds()
    found = np.array(
        project_segments(points, middles[:n_middles], np.full(len(points), UNASSIGNED))
    )
    assert found.shape == (len(points), 2)
    assert np.isfinite(found).all()


def test_one_segment_has_a_place():
    assert project_segments(np.eye(3)[:1], np.eye(3)[:0], np.array([UNASSIGNED])) == [(0.0, 0.0)]
    assert project_segments(np.zeros((0, 3)), np.zeros((0, 3)), np.array([], dtype=np.intp)) == []


def test_places_of_middles_keep_near_ones_near():
    middles = unit(np.array([[1.0, 0, 0], [0.9, 0.1, 0], [0, 0, 1.0]]))
    first, second, third = map(np.array, project_themes(middles))
    assert np.linalg.norm(first - second) < np.linalg.norm(first - third)


def test_joins_take_the_nearest_first_and_name_earlier_joins_by_number():
    middles = unit(np.array([[1.0, 0, 0], [0, 0, 1.0], [0.9, 0.1, 0]]))
    first, second = compute_merges(middles, ["T01", "T02", "T03"])
    assert {first.one, first.other} == {"T01", "T03"}
    assert {second.one, second.other} == {"T02", 0}
    assert 0 < first.height < second.height
    assert compute_merges(middles[:1], ["T01"]) == ()
