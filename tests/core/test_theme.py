"""Draft themes: reasons as codes, old sentences read as codes, the shapes that `--json` prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autocode.core.theme import (
    Contrast,
    Guidance,
    Member,
    SubTheme,
    Theme,
    ThemeDraft,
    Unassigned,
    UnassignedReason,
)
from autocode.core.theme_diagnostics import (
    DraftDiagnostics,
    Merge,
    MetricDiagnostics,
    PartitionDiagnostics,
)
from autocode.core.theme_stability import PhraseStability, Stability
from autocode.core.transcript import Segment, Span
from autocode.serialise.plain import to_plain

STORED = Path(__file__).parents[1] / "data" / "json" / "theme_draft.json"


def said(at, words, who="Ann"):
    return Segment(
        transcript="interview",
        span=Span(at, at + len(words)),
        excerpt=words,
        speaker=who,
        role="participant",
        case=who,
    )


def draft():
    """A draft that fills every field."""
    one = Theme(
        key="T01",
        name="Waiting",
        terms=("waiting", "year"),
        members=(
            Member(segment=said(0, "A year of waiting"), strength=0.75, exemplar=1, part="T01.1"),
            Member(segment=said(20, "Still waiting"), strength=0.25, edge=1, later=True),
            Member(
                segment=said(40, "And then"),
                strength=0.0,
                reason=UnassignedReason.NEAR_TWO_THEMES,
            ),
        ),
        near=(("wait", 0.5),),
        parts=(SubTheme("T01.1", "a year", ("year",)),),
        contrast=Contrast("T02", ("year",), ("sister",)),
        stability=Stability(jaccard=0.7, low=0.5, high=0.9, left_out=0.4, participant="Ann"),
        guidance=Guidance(("waiting", "a year"), 0.35, PhraseStability(0.6, 0.25, "a year")),
    )
    left = Unassigned(
        segment=said(60, "Mm-hm", "Bob"), reason=UnassignedReason.TOO_SHORT, nearest=None
    )
    return ThemeDraft(
        (one,),
        (left,),
        DraftDiagnostics(
            partition=PartitionDiagnostics(method="ward", n_in_tree=4),
            metric=MetricDiagnostics(
                is_used=True, n_codes=12, n_codings=211, n_segments=180, ridge=5.0
            ),
            n_segments=4,
            n_drafted=1,
            tree=(Merge("T01", "T02", 0.5),),
        ),
    )


def test_a_draft_has_the_documented_shape():
    assert json.loads(json.dumps(draft().to_dict())) == json.loads(STORED.read_text("utf-8"))


def test_rows_of_a_draft_are_its_segments():
    rows = draft().to_rows()
    assert [(row["theme"], row["reason"]) for row in rows] == [
        ("T01", None),
        ("T01", None),
        ("T01", "near_two_themes"),
        (None, "too_short"),
    ]
    assert all(to_plain(row) == row for row in rows)
    assert len(draft().to_frame()) == 4


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        ("too short to place (no content word)", UnassignedReason.TOO_SHORT),
        ("near two themes", UnassignedReason.NEAR_TWO_THEMES),
        ("an idea of its own", UnassignedReason.OUTLIER),
        ("in a theme that Kim (the 2nd)\nO'Neil dropped", UnassignedReason.DROPPED),
        ("left over when T02.1 was split", UnassignedReason.LEFT_BY_SPLIT),
        ("words of no version", UnassignedReason.OUTLIER),
        ("", None),
        *((reason.value, reason) for reason in UnassignedReason),
    ],
)
def test_a_stored_reason_is_a_code_or_an_old_sentence(stored, reason):
    assert UnassignedReason.from_stored(stored) is reason


def test_the_rest_is_assigned_with_its_reason_and_taken_out_again():
    near = Unassigned(
        segment=said(80, "Well"), reason=UnassignedReason.NEAR_TWO_THEMES, nearest="T01"
    )
    first = draft().without_rest_assigned()
    before = ThemeDraft(first.themes, (*first.unassigned, near), first.diagnostics)
    after = before.with_rest_assigned()
    assert after.n_assigned == 2
    assert [left.reason for left in after.unassigned] == [UnassignedReason.TOO_SHORT]
    assert after.without_rest_assigned() == before
