"""Single segments of draft themes: moved, taken out, coded by a named person."""

from __future__ import annotations

import shutil

import pytest

from autocode.core.coding import ThemeDecision
from autocode.core.errors import InputError, NotFound, NothingToDo
from autocode.core.theme import UnassignedReason
from autocode.core.transcript import Span
from autocode.encode.hashing import HashEncoder
from autocode.pipeline import PartitionOptions, ThemeOptions
from autocode.project import Project
from autocode.project.theme_segments import SegmentMove

HOW = ThemeOptions(partition=PartitionOptions(n_groups=4), n_draws=0)


@pytest.fixture(scope="module")
def drafted(_masters, tmp_path_factory):
    study = shutil.copy(_masters / "plain.autocode", tmp_path_factory.mktemp("drafted"))
    with Project.open(study) as project:
        project.draft_themes(HashEncoder(n_dimensions=2048), options=HOW)
    return study


@pytest.fixture
def project(drafted, tmp_path):
    """The small study with draft themes."""
    with Project.open(shutil.copy(drafted, tmp_path / "study.autocode")) as project:
        yield project


@pytest.fixture
def draft(project):
    return project.themes()


def move(segment, to, coder="Kim"):
    return SegmentMove(transcript=segment.transcript, span=segment.span, to=to, coder=coder)


def test_a_moved_segment_is_in_the_other_theme_and_nowhere_else(project, draft):
    one, other = draft.themes[:2]
    segment = one.members[0].segment
    project.move_segment(move(segment, other.key))
    after = {theme.key: [m.segment for m in theme.members] for theme in project.themes().themes}
    assert segment in after[other.key]
    assert sum(segment in members for members in after.values()) == 1
    assert sum(map(len, after.values())) == sum(theme.n_segments for theme in draft.themes)
    (decision,) = project.theme_decisions()
    assert (decision.action, decision.themes) == ("move", (one.key, other.key))
    with pytest.raises(InputError, match="already"):
        project.move_segment(move(segment, other.key))


def test_a_segment_taken_out_says_who_did_it_and_can_come_back(project, draft):
    theme = draft.themes[0]
    segment = theme.members[0].segment
    out = project.move_segment(move(segment, None))
    left = next(one for one in out.unassigned if one.segment == segment)
    assert left.reason is UnassignedReason.TAKEN_OUT
    back = project.move_segment(move(segment, theme.key))
    assert segment in [m.segment for m in back.themes[0].members]
    assert [m.segment for m in back.themes[0].members] == [m.segment for m in theme.members]


def test_a_theme_is_renamed_and_keeps_its_key(project, draft):
    key = draft.themes[0].key
    named = ThemeDecision(action="rename", themes=(key,), coder="Kim", name=" The bus ")
    project.decide_theme(named)
    assert project.themes().themes[0].name == "The bus"
    with pytest.raises(InputError, match="name"):
        project.decide_theme(ThemeDecision(action="rename", themes=(key,), coder="Kim"))


def test_the_segments_of_a_theme_become_codings_of_whoever_takes_them(project, draft):
    theme = draft.themes[0]
    made = project.code_theme(theme.key, code="Waiting", coder="Kim")
    assert [(c.transcript, c.span) for c in made] == [
        (m.segment.transcript, m.segment.span) for m in theme.members
    ]
    kept = project.codings(coder="Kim")
    assert {(c.code, c.basis, c.memo) for c in kept} == {
        ("wait", "person", f"from draft theme {theme.key}")
    }
    project.code_theme(theme.key, code="wait", coder="Kim")
    assert len(project.codings(coder="Kim")) == len(kept)


def test_what_is_not_there_is_said(project, draft):
    segment = draft.themes[0].members[0].segment
    with pytest.raises(NotFound, match="T99"):
        project.move_segment(move(segment, "T99"))
    with pytest.raises(NotFound, match=r"themes\.csv"):
        project.move_segment(
            SegmentMove(
                transcript=segment.transcript, span=Span(10**6, 10**6 + 1), to=None, coder="K"
            )
        )
    with pytest.raises(NotFound, match="t9"):
        project.move_segment(SegmentMove(transcript="t9", span=Span(0, 1), to=None, coder="K"))
    with pytest.raises(InputError, match="Nobody"):
        project.move_segment(move(segment, None, coder=" "))
    with pytest.raises(NotFound, match="code"):
        project.code_theme(draft.themes[0].key, code="no such", coder="Kim")
    with pytest.raises(InputError, match="Nobody"):
        project.code_theme(draft.themes[0].key, code="wait", coder="")


def test_without_a_draft_there_is_nothing_to_move(suggesting):
    with pytest.raises(NothingToDo, match="themes draft"):
        suggesting.code_theme("T01", code="wait", coder="Kim")
