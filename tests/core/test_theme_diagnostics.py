"""Diagnostics of a draft come back from a study file, also from those of older versions."""

from __future__ import annotations

from autocode.core.theme_diagnostics import (
    DraftDiagnostics,
    DraftStability,
    GuidingOutcome,
    MeanInterval,
    Merge,
    PartitionDiagnostics,
    UpdateRecord,
)

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
