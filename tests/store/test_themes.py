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
    Nowhere,
    PhraseStability,
    Stability,
    SubTheme,
    Theme,
    ThemeDraft,
)
from autocode.store import themes, transcripts
from autocode.store.file import open_study

RUN = Run("themes", "by hand", "hash", "digest", {"n_drafted": 2, "seeds": []}, {"autocode": "0"})


def draft_of(segments):
    """A draft that fills every field once."""
    one = Theme(
        "T01",
        "Help",
        ("waiting", "help"),
        (
            Member(segments[0], 0.75, exemplar=1, part="T01.1"),
            Member(segments[1], 0.25, edge=1, later=True),
        ),
        (0.1, 0.9),
        (("wait", 0.5),),
        (SubTheme("T01.1", "a year", ("year",)),),
        Contrast("T02", ("year",), ("sister",)),
        Stability(0.7, 0.5, 0.9, 0.4, "Ann"),
        Guidance(("waiting for help", "a year"), 0.35, PhraseStability(0.6, 0.25, "a year")),
    )
    two = Theme("T02", "Sister", ("sister",), (Member(segments[2], 0.0, reason="near two themes"),))
    left = (
        Nowhere(segments[3], "in a theme that Kim dropped", "T03"),
        Nowhere(segments[4], "an idea of its own", None, later=True),
    )
    return ThemeDraft((one, two), left, dict(RUN.parameters))


def test_a_draft_is_the_same_after_reopening(filled, path):
    with filled.writing() as connection:
        made = draft_of(transcripts.segments(connection))
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
        ThemeDecision("merge", ("T01", "T02"), "Kim", "Both", "alike", ("Help", "Sister"), "2026"),
        ThemeDecision("drop", ("T01",), "Lee", "", "", ("Both",), "2027"),
    ]
    with filled.writing() as connection:
        themes.replace_themes(connection, RUN, draft_of(transcripts.segments(connection)))
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
        themes.replace_themes(connection, RUN, draft_of(transcripts.segments(connection)))
        key = "$.guidance.stability"
        connection.exec_driver_sql(f"UPDATE themes SET detail = json_remove(detail, '{key}')")
    with filled.reading() as connection:
        found, _ = themes.last_draft(connection)
    assert found.themes[0].guidance == Guidance(("waiting for help", "a year"), 0.35)


def test_no_draft_is_nothing_to_do(filled):
    with filled.reading() as connection, pytest.raises(NothingToDo, match="autocode themes STUDY"):
        themes.last_draft(connection)
