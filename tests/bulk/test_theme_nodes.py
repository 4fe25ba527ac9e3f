"""A draft as a model: cosines however vectors are stored, and the share that is near two themes."""

from __future__ import annotations

import hashlib

import numpy as np

from autocode.bulk.theme_nodes import SampledExcerpts, ThemeNode, draft_node
from autocode.core.theme import UnassignedReason
from autocode.linalg import unit_rows
from autocode.themes.partition import partition

N_ROWS = 240
WORDS = ["rent", "bus", "soil", "exam", "queue", "loan", "ticket", "spade", "pupil", "clinic"]


def draw_rows(n_rows: int = N_ROWS, seed: int = 0, noise: float = 0.3) -> np.ndarray:
    centres = np.random.default_rng(9).normal(size=(6, 24))
    draw = np.random.default_rng(seed)
    share = draw.uniform(size=(n_rows, 1))
    first, second = draw.integers(6, size=(2, n_rows))
    rows = share * centres[first] + (1 - share) * centres[second]
    rows += noise * draw.normal(size=rows.shape)
    return unit_rows(rows).astype(np.float32)


def draft(rows: np.ndarray) -> ThemeNode:
    texts = [
        f"{WORDS[n % 10]} {WORDS[n // 10 % 10]} number {chr(97 + n // 100)}" for n in range(N_ROWS)
    ]
    sampled = SampledExcerpts(
        texts=texts, groups=[None] * N_ROWS, domains=[""] * N_ROWS, vectors=rows
    )
    return draft_node("", sampled)


def test_assignments_are_those_of_unit_vectors_less_the_mean():
    rows = draw_rows()
    node = draft(rows)
    lengths = np.random.default_rng(1).uniform(0.5, 2, size=(N_ROWS, 1))
    stored = (rows * lengths).astype(np.float16)
    found = node.assign(stored, np.arange(N_ROWS))
    unit = unit_rows(stored.astype(np.float64))
    cosine = unit_rows(unit - node.mean) @ node.centroids.T
    is_in = found.theme >= 0
    assert is_in.any()
    assert (found.theme[is_in] == cosine.argmax(axis=1)[is_in]).all()
    assert np.allclose(found.strength[is_in], np.clip(cosine.max(axis=1)[is_in], 0, 1), atol=2e-6)
    some = np.array([7, 3, 200])
    again = node.assign(stored, some)
    assert (again.theme == found.theme[some]).all()
    assert (again.strength == found.strength[some]).all()
    assert (again.reason == found.reason[some]).all()


def test_a_vector_that_is_the_mean_is_near_no_theme():
    rows = draw_rows()
    node = draft(rows)
    # Of length 1 only a mean of length 1 can be met.
    lengthened = ThemeNode.from_stored({**node.to_stored(), "mean": rows[0].tolist()})
    found = lengthened.assign(rows[:1], np.array([0]))
    assert found.theme[0] == -1
    assert found.strength[0] == 0


def test_of_what_comes_as_many_are_near_two_themes_as_in_the_draft():
    shares = []
    for seed in range(4):
        # So wide around its theme that a row draws the centroid towards itself.
        rows = draw_rows(seed=seed, noise=1.5)
        node, later = draft(rows), draw_rows(4000, seed=100 + seed, noise=1.5)
        in_draft = [r is UnassignedReason.NEAR_TWO_THEMES for r in partition(rows).reason]
        found = node.assign(later, np.arange(len(later))).reason
        near_two = found == UnassignedReason.NEAR_TWO_THEMES.value
        shares.append((np.mean(in_draft), near_two.mean()))
    in_draft, in_later = np.mean(shares, axis=0)
    assert in_draft > 0.015
    assert abs(in_later - in_draft) < 0.01


def test_a_draft_is_kept_whole_and_its_digest_hangs_on_what_assigns():

    node = draft(draw_rows())
    stored = node.to_stored()

    def digest(one: ThemeNode) -> str:
        made = hashlib.sha256()
        one.digest_into(made)
        return made.hexdigest()

    assert digest(ThemeNode.from_stored(stored)) == digest(node)
    assert digest(node.keep_exemplars(frozenset())) == digest(node)
    for changed in ({"close_call": 0.5}, {"mean": [0.0] * 24}, {"key": "T01"}):
        assert digest(ThemeNode.from_stored({**stored, **changed})) != digest(node)
