"""Theme drafts and people's decisions on them: stored, and there again after reopening."""

from __future__ import annotations

import pytest

from autocode.core.coding import ThemeDecision
from autocode.core.errors import NothingToDo
from autocode.core.run import Run
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
from autocode.core.theme_diagnostics import DraftDiagnostics
from autocode.core.theme_stability import PhraseStability, Stability
from autocode.store import segments, themes
from autocode.store.file import open_study

RUN = Run(
    kind="themes",
    method="by hand",
    encoder="hash",
    encoder_digest="digest",
    parameters={"n_drafted": 2, "guiding": []},
    versions={"autocode": "0"},
)


def draft_of(segments):
    """A draft that fills every field once."""
    one = Theme(
        key="T01",
        name="Help",
        terms=("waiting", "help"),
        members=(
            Member(segment=segments[0], strength=0.75, exemplar=1, part="T01.1"),
            Member(segment=segments[1], strength=0.25, edge=1, later=True),
        ),
        position=(0.1, 0.9),
        near=(("wait", 0.5),),
        parts=(SubTheme("T01.1", "a year", ("year",)),),
        contrast=Contrast("T02", ("year",), ("sister",)),
        stability=Stability(jaccard=0.7, low=0.5, high=0.9, left_out=0.4, participant="Ann"),
        guidance=Guidance(
            ("waiting for help", "a year"), 0.35, PhraseStability(0.6, 0.25, "a year")
        ),
    )
    two = Theme(
        key="T02",
        name="Sister",
        terms=("sister",),
        members=(
            Member(segment=segments[2], strength=0.0, reason=UnassignedReason.NEAR_TWO_THEMES),
        ),
    )
    left = (
        Unassigned(segment=segments[3], reason=UnassignedReason.DROPPED, nearest="T03"),
        Unassigned(segment=segments[4], reason=UnassignedReason.OUTLIER, nearest=None, later=True),
    )
    return ThemeDraft((one, two), left, DraftDiagnostics.from_stored(RUN.parameters))


def test_a_draft_is_the_same_after_reopening(filled, path):
    with filled.writing() as connection:
        made = draft_of(segments.segments(connection))
        themes.replace_themes(connection, RUN, made)
    filled.close()
    again = open_study(path)
    with again.reading() as connection:
        found, run = themes.last_draft(connection)
    again.close()
    assert found == made
    assert (run.method, run.encoder_digest) == ("by hand", "digest")


def test_decisions_are_there_after_reopening_and_outlast_the_draft(filled, path):
    made = [
        ThemeDecision(
            action="merge",
            themes=("T01", "T02"),
            coder="Kim",
            name="Both",
            memo="alike",
            names=("Help", "Sister"),
            made_at="2026",
        ),
        ThemeDecision(
            action="drop",
            themes=("T01",),
            coder="Lee",
            name="",
            memo="",
            names=("Both",),
            made_at="2027",
        ),
    ]
    with filled.writing() as connection:
        themes.replace_themes(connection, RUN, draft_of(segments.segments(connection)))
        for decision in made:
            themes.add_decision(connection, decision)
        themes.replace_themes(connection, RUN, ThemeDraft((), ()))
    filled.close()
    again = open_study(path)
    with again.reading() as connection:
        assert themes.theme_decisions(connection) == made
        assert themes.last_draft(connection)[0].themes == ()
    again.close()


def test_guidance_kept_before_its_stability_was_measured_is_read(filled):
    with filled.writing() as connection:
        themes.replace_themes(connection, RUN, draft_of(segments.segments(connection)))
        key = "$.guidance.stability"
        connection.exec_driver_sql(f"UPDATE themes SET detail = json_remove(detail, '{key}')")
    with filled.reading() as connection:
        found, _ = themes.last_draft(connection)
    assert found.themes[0].guidance == Guidance(("waiting for help", "a year"), 0.35)


def test_no_draft_is_nothing_to_do(filled):
    with (
        filled.reading() as connection,
        pytest.raises(NothingToDo, match="autocode themes draft STUDY"),
    ):
        themes.last_draft(connection)
