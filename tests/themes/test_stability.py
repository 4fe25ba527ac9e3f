"""Stability beside noise: structure is steadier, a cloud of any shape is not."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.core.transcript import Segment, Span
from autocode.linalg import unit_rows
from autocode.themes.describe import CodeCentroids
from autocode.themes.draft import ThemeOptions, draft_themes
from autocode.themes.noise import draw_gaussian_rows
from autocode.themes.wording import describe_noise

NO_CODES = CodeCentroids((), np.zeros((0, 64), dtype=np.float32))
N = 200


def segments(n):
    return [
        Segment(
            transcript=f"t{at % 5}",
            span=Span(at * 100, at * 100 + 40),
            excerpt=f"bus{at} fare{at * 3} garden{at * 7}",
            speaker=f"P{at % 5}",
            role="participant",
            case=f"P{at % 5}",
        )
        for at in range(n)
    ]


def cloud(shape, seed):
    generator = np.random.default_rng(seed)
    noise = generator.normal(size=(N, 64))
    match shape:
        case "round":
            rows = noise
        case "one elongated":
            rows = 1 + noise * 0.9 ** np.arange(64)
        case "eight clear":
            rows = np.repeat(generator.normal(size=(8, 64)), N // 8, axis=0) + 0.6 * noise
    return unit_rows(rows).astype(np.float32)


def measure(vectors, n_draws=20):
    options = ThemeOptions(n_draws=n_draws)
    draft = draft_themes(segments(len(vectors)), vectors, NO_CODES, options=options)
    return draft.diagnostics.stability


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shape", "is_steadier"), [("round", False), ("one elongated", False), ("eight clear", True)]
)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_structure_is_steadier_than_noise_and_noise_is_not(shape, is_steadier, seed):
    stability = measure(cloud(shape, seed))
    assert stability.n_null == 10
    assert stability.is_steadier_than_noise is is_steadier
    assert ("no steadier than themes of noise" in describe_noise(stability)) is not is_steadier


@pytest.mark.slow
def test_noise_is_drawn_only_where_stability_is_measured_and_always_the_same():
    vectors = cloud("eight clear", 0)
    assert measure(vectors, n_draws=0) is None
    few = measure(vectors, n_draws=2)
    assert (few.n_null, few.is_steadier_than_noise) == (2, None)
    assert measure(vectors, n_draws=2) == few


def test_noise_has_the_mean_and_covariance_of_the_vectors():
    generator = np.random.default_rng(1)
    # Close to each other on the sphere, so that unit length changes next to nothing.
    rows = unit_rows(5 + generator.normal(size=(1500, 6)) * [1, 0.8, 0.6, 0.4, 0.2, 0.1])
    drawn = draw_gaussian_rows(rows.astype(np.float32), np.random.default_rng(2))
    assert np.allclose(np.linalg.norm(drawn, axis=1), 1, atol=1e-5)
    assert np.allclose(drawn.mean(axis=0), rows.mean(axis=0), atol=0.01)
    assert np.allclose(np.cov(drawn.T), np.cov(rows.T), atol=0.1 * np.cov(rows.T).max())
