"""Removing a transcript or a coder's work: all that is theirs goes, and undo brings it back."""

from __future__ import annotations

import pytest

from autocode.core.coding import Memo, ThemeDecision
from autocode.core.errors import InputError, NotFound
from autocode.encode.hashing import HashEncoder
from autocode.project.removing import RemovalTarget


def _busy(project):
    """Memos, decisions, suggestions and a draft on top of the small study."""
    project.add_memo(Memo(about="transcript", subject="t1_ann", text="Tired.", coder="Amina"))
    project.add_memo(Memo(about="case", subject="A", text="Rang twice.", coder="Amina"))
    project.draft_themes(HashEncoder())
    first = next(s for s in project.suggestions() if s.transcript == "t1_ann")
    project.decide(first, "accept", coder="Kim")
    return project


def test_a_transcript_goes_with_all_that_points_into_it_and_comes_back(suggesting):
    project = _busy(suggesting)
    digest = project.content_digest()
    removed = project.remove(RemovalTarget(transcript="t1_ann"), coder="Amina")
    assert "t1_ann" not in [t.name for t in project.transcripts()]
    assert {c.transcript for c in project.codings()} == {"t2_bob"}
    assert not any(s.transcript == "t1_ann" for s in project.suggestions(status="all"))
    assert [memo.about for memo in project.memos()] == []
    assert "A" not in [case.name for case in project.cases()]
    assert project.themes() is None
    assert removed.rows["transcripts"] == 1
    assert removed.rows["turns"] == 12
    assert removed.rows["codings"] == 6
    assert removed.rows["memos"] == 2
    assert removed.n_suggestions > 0
    assert removed.n_draft_segments > 0
    project.undo(coder="Amina")
    assert project.content_digest() == digest
    project.redo(coder="Amina")
    assert "t1_ann" not in [t.name for t in project.transcripts()]


def test_a_coders_work_goes_and_comes_back(suggesting):
    project = _busy(suggesting)
    theme = project.themes().themes[0].key
    project.decide_theme(ThemeDecision(action="drop", themes=(theme,), coder="Jonas"))
    digest = project.content_digest()
    removed = project.remove(RemovalTarget(coder="Jonas"), coder="Amina")
    assert {c.coder for c in project.codings()} == {"Amina", "Kim"}
    assert [c.name for c in project.coders()] == ["Amina", "Kim"]
    assert (removed.rows["codings"], removed.rows["theme_decisions"]) == (3, 1)
    project.undo(coder="Amina")
    assert project.content_digest() == digest


def test_a_dry_run_says_the_same_and_changes_nothing(suggesting):
    project = _busy(suggesting)
    digest, n_acts = project.content_digest(), len(project.history())
    tried = project.remove(RemovalTarget(transcript="t1_ann"), coder="Amina", dry_run=True)
    assert tried.act is None
    assert project.content_digest() == digest
    assert len(project.history()) == n_acts
    assert project.themes() is not None
    done = project.remove(RemovalTarget(transcript="t1_ann"), coder="Amina")
    assert (done.rows, done.n_suggestions, done.n_draft_segments) == (
        tried.rows,
        tried.n_suggestions,
        tried.n_draft_segments,
    )


def test_a_case_that_speaks_elsewhere_stays(project, tmp_path):
    from autocode.project.speakers import SpeakerChanges

    project.change_speakers(SpeakerChanges(cases={"Cath": "A"}))
    project.remove(RemovalTarget(transcript="t1_ann"), coder="Amina")
    assert "A" in [case.name for case in project.cases()]


def test_what_is_not_there_is_refused(project):
    with pytest.raises(NotFound, match="Did you mean 't1_ann'"):
        project.remove(RemovalTarget(transcript="t1_an"), coder="Amina")
    with pytest.raises(NotFound, match="No coder 'Nobody'"):
        project.remove(RemovalTarget(coder="Nobody"), coder="Amina")
    with pytest.raises(InputError, match="Nobody is named"):
        project.remove(RemovalTarget(transcript="t1_ann"), coder=" ")
    with pytest.raises(InputError, match="one thing"):
        RemovalTarget(transcript="t1_ann", coder="Amina")
