"""Diagnostics of a draft come back from a study file, also from those of older versions."""

from __future__ import annotations

from dataclasses import replace

from autocode.core.theme_diagnostics import (
    DraftDiagnostics,
    DraftStability,
    GuidingOutcome,
    MeanInterval,
    Merge,
    NearSegment,
    PartitionDiagnostics,
    UpdateRecord,
)
from autocode.themes.wording import describe_noise

FULL = DraftDiagnostics(
    partition=PartitionDiagnostics(
        method="ward", n_in_tree=9, n_neighbours=1, n_directions=4, n_themes_asked=2
    ),
    n_segments=12,
    n_distinct=9,
    n_too_short=1,
    n_near_two_themes=2,
    n_outliers=3,
    n_drafted=2,
    stability=DraftStability(
        n_draws=20,
        random_state=0,
        bootstrap_ari=MeanInterval(0.8, 0.6, 1.0),
        left_out_ari=None,
        n_left_out=0,
        jaccard=MeanInterval(0.7, 0.5, 0.9),
        null_ari=MeanInterval(0.3, 0.2, 0.4),
        null_jaccard=MeanInterval(0.4, 0.3, 0.5),
        n_null=10,
    ),
    tree=(Merge("T01", "T02", 0.5), Merge(0, "T03", 0.75)),
    guiding=(
        GuidingOutcome(
            name="Garden",
            phrases=("the garden", "beans"),
            theme="T01",
            clear_from=0.4,
            nearest=0.9,
            n_clear=3,
            n_near_two=0,
            nearest_segments=(NearSegment("t1", 40, 0.9), NearSegment("t2", 0, 0.35)),
        ),
    ),
    updates=(UpdateRecord(4, ("T03",)),),
)

STORED = {
    "languages": ["en"],
    "method": "ward",
    "n_in_tree": 9,
    "n_neighbours": 1,
    "n_directions": 4,
    "n_themes_asked": 2,
    "n_segments": 12,
    "n_distinct": 9,
    "n_too_short": 1,
    "n_near_two_themes": 2,
    "n_outliers": 3,
    "n_drafted": 2,
    "stability": {
        "n_draws": 20,
        "random_state": 0,
        "bootstrap_ari": {"mean": 0.8, "low": 0.6, "high": 1.0},
        "left_out_ari": None,
        "n_left_out": 0,
        "jaccard": {"mean": 0.7, "low": 0.5, "high": 0.9},
        "null_ari": {"mean": 0.3, "low": 0.2, "high": 0.4},
        "null_jaccard": {"mean": 0.4, "low": 0.3, "high": 0.5},
        "n_null": 10,
    },
    "tree": [["T01", "T02", 0.5], [0, "T03", 0.75]],
    "guiding": [
        {
            "name": "Garden",
            "phrases": ["the garden", "beans"],
            "theme": "T01",
            "clear_from": 0.4,
            "nearest": 0.9,
            "n_clear": 3,
            "n_near_two": 0,
            "nearest_segments": [
                {"transcript": "t1", "start": 40, "cosine": 0.9},
                {"transcript": "t2", "start": 0, "cosine": 0.35},
            ],
        }
    ],
    "updates": [{"n_segments": 4, "new_themes": ["T03"]}],
}


def test_diagnostics_keep_the_names_that_study_files_have():
    assert FULL.to_stored() == STORED
    assert DraftDiagnostics.from_stored(STORED) == FULL


def test_diagnostics_of_a_file_that_kept_little_are_empty():
    assert DraftDiagnostics.from_stored({}) == DraftDiagnostics()
    assert DraftDiagnostics.from_stored({"n_drafted": 3, "something": 1}).n_drafted == 3


def test_stability_of_a_file_without_noise_says_nothing_of_noise():
    kept = ("n_draws", "random_state", "bootstrap_ari", "left_out_ari", "n_left_out")
    older = STORED | {"stability": {name: STORED["stability"][name] for name in kept}}
    stability = DraftDiagnostics.from_stored(older).stability
    assert (stability.null_ari, stability.n_null) == (None, 0)
    assert stability.is_steadier_than_noise is None
    assert describe_noise(stability) == ""


def test_steadier_than_noise_is_above_its_interval_and_needs_five_draws():
    stability = FULL.stability
    assert stability.is_steadier_than_noise is True
    assert replace(stability, bootstrap_ari=MeanInterval(0.4, 0.2, 0.6)).is_steadier_than_noise is (
        False
    )
    assert replace(stability, n_null=4).is_steadier_than_noise is None
    assert "are steadier than themes of noise" in describe_noise(stability)
    assert "steadier" not in describe_noise(replace(stability, n_null=4))
