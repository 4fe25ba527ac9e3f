"""The metric learned from codings: groups of codes it has never seen come out, and what it refuses.

Made-up talk has 64 directions of meaning: eight say which code a segment has, two vary for other
reasons and far more, and the rest hardly vary.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autocode.agreement.coefficients.clusterings import clustering_agreement
from autocode.core.transcript import Segment, Span
from autocode.linalg import unit_rows
from autocode.themes.draft import ThemeOptions, draft_themes
from autocode.themes.learned_metric import (
    CodedVectors,
    LearnedMetric,
    learn_metric,
    measure_within,
)
from autocode.themes.partition import PartitionOptions, partition
from autocode.themes.update import update_draft

from .support import NO_CODES, arrivals

N_MEANING, N_OTHER, N_ALL = 8, 2, 64
CENTRES = np.random.default_rng(3).normal(size=(16, N_MEANING))


def talk(codes, seed):
    """Unit rows (n, 64) of segments with these codes (n,)."""
    generator = np.random.default_rng(seed)
    rows = 0.1 * generator.normal(size=(len(codes), N_ALL))
    rows[:, :N_MEANING] += CENTRES[codes] + 0.3 * generator.normal(size=(len(codes), N_MEANING))
    rows[:, N_MEANING : N_MEANING + N_OTHER] += 3 * generator.normal(size=(len(codes), N_OTHER))
    return unit_rows(rows).astype(np.float32)


def coded(n_codes=10, n_each=20):
    codes = np.repeat(np.arange(n_codes), n_each)
    return CodedVectors(talk(codes, 1), np.eye(n_codes, dtype=bool)[codes])


NEW = np.repeat(np.arange(10, 16), 20)
"""Codes that nobody has given yet."""


def agreement(groups):
    return clustering_agreement(NEW, groups)["adjusted_mutual_information"].value


def test_groups_of_codes_never_seen_come_out():
    rows = talk(NEW, 2)
    metric, learned_from = learn_metric(coded(), rows)
    assert learned_from.is_used
    options = PartitionOptions("ward", 6)
    assert agreement(partition(rows, options).group) < 0.6
    assert agreement(partition(metric.transform(rows), options).group) > 0.95


def test_rows_stay_unit_rows_and_the_map_is_symmetric():
    rows = talk(NEW, 2)
    metric, _ = learn_metric(coded(), rows)
    np.testing.assert_allclose(np.linalg.norm(metric.transform(rows), axis=1), 1, atol=1e-5)
    assert (metric.matrix == metric.matrix.T).all()


def test_of_single_codes_it_is_the_pooled_covariance_within_them():
    material = coded(4, 10)
    residuals = np.vstack(
        [
            rows - rows.mean(axis=0)
            for at in range(4)
            for rows in [material.vectors[material.applied[:, at]].astype(float)]
        ]
    )
    np.testing.assert_allclose(
        measure_within(material.vectors, material.applied),
        residuals.T @ residuals / (40 - 4),
        atol=1e-4,
    )


def test_codes_of_one_segment_add_up_and_what_they_explain_is_not_within():
    applied = np.random.default_rng(0).random((60, 5)) < 0.4
    rows = applied @ np.random.default_rng(1).normal(size=(5, 7))
    assert np.abs(measure_within(rows, applied)).max() < 1e-6


@pytest.mark.parametrize(("n_codes", "n_each"), [(5, 40), (8, 5), (10, 1), (0, 0)])
def test_too_few_codes_or_codings_are_not_learned_from(n_codes, n_each):
    metric, learned_from = learn_metric(coded(n_codes, n_each), talk(NEW, 2))
    assert metric is None
    assert not learned_from.is_used
    # A code on a single segment says nothing of what varies within it.
    assert learned_from.n_segments == (n_codes * n_each if n_each > 1 else 0)


def test_the_same_words_for_everything_teach_nothing():
    material = coded()
    alike = np.repeat(material.vectors[:1], len(material.vectors), axis=0)
    assert learn_metric(replace(material, vectors=alike), talk(NEW, 2))[0] is None


def test_what_a_study_keeps_of_it_maps_rows_to_the_same_bits():
    rows = talk(NEW, 2)
    metric, _ = learn_metric(coded(), rows)
    kept = LearnedMetric.from_stored(metric.to_stored())
    assert (kept.transform(rows) == metric.transform(rows)).all()


def segments_of(codes, transcript):
    return [
        Segment(
            transcript=transcript,
            span=Span(at * 50, at * 50 + 30),
            excerpt=f"word{code} {transcript}talk{at}",
            speaker=f"P{at % 4}",
            role="participant",
        )
        for at, code in enumerate(codes)
    ]


def groups_of(draft, segments):
    key = {m.segment: theme.key for theme in draft.themes for m in theme.members}
    return [key.get(segment, "") for segment in segments]


OPTIONS = ThemeOptions(partition=PartitionOptions(n_groups=6), n_draws=0)


def test_a_draft_learns_and_later_segments_are_assigned_in_the_same_metric():
    first, rows = segments_of(NEW, "t1"), talk(NEW, 2)
    draft = draft_themes(first, rows, NO_CODES, options=OPTIONS, coded=coded())
    assert draft.diagnostics.metric.is_used
    assert agreement(groups_of(draft, first)) > 0.8
    late, late_rows = segments_of(NEW, "t2"), talk(NEW, 9)
    added = arrivals(late, (first, rows), (late, late_rows))
    after = update_draft(draft, added, NO_CODES).draft
    assert after.metric == draft.metric
    # Without the metric the space of the founders is another, and so are the assignments.
    blind = update_draft(replace(draft, metric=None), added, NO_CODES).draft
    assert agreement(groups_of(after, late)) > 0.8
    assert agreement(groups_of(blind, late)) < agreement(groups_of(after, late)) - 0.2


def test_a_draft_that_is_not_to_learn_is_the_one_without_codings():
    first, rows = segments_of(NEW, "t1"), talk(NEW, 2)
    plain = draft_themes(first, rows, NO_CODES, options=OPTIONS)
    off = replace(OPTIONS, learn_from_codings=False)
    assert draft_themes(first, rows, NO_CODES, options=off, coded=coded()) == plain
    assert plain.metric is None
    few = draft_themes(first, rows, NO_CODES, options=OPTIONS, coded=coded(3, 5))
    assert few.themes == plain.themes
    assert not few.diagnostics.metric.is_used
