"""Single turns given to another speaker, and turns joined in transcripts that are in the study."""

from __future__ import annotations

import pytest

from autocode.core.coding import Coding
from autocode.core.errors import NotFound, NothingToDo
from autocode.core.transcript import Span
from autocode.project.turns import TurnChange


def last_act(project):
    return project.history()[-1].number


def undo(project):
    from autocode import UndoOptions

    project.undo(coder="Amina", options=UndoOptions(act=last_act(project)))


def test_a_turn_goes_to_another_speaker_with_its_segments_and_comes_back(project):
    digest, segments = project.content_digest(), project.segments()
    assert project.change_turns(TurnChange(transcript="t1_ann", turns=(3, 1), to="Ann")) == 2
    turns = project.transcript("t1_ann").turns
    assert [t.speaker for t in turns[:4]] == ["Ann", "Ann", "Ann", "Ann"]
    start = turns[2].span.start
    assert {s.speaker for s in project.segments() if s.span.start == start} >= {"Ann"}
    undo(project)
    assert project.content_digest() == digest
    assert project.segments() == segments


def test_a_speaker_is_made_only_when_asked_and_goes_without_a_turn(project):
    with pytest.raises(NotFound, match="No speaker of 't1_ann' 'Anne'"):
        project.change_turns(TurnChange(transcript="t1_ann", turns=(2,), to="Anne"))
    change = TurnChange(transcript="t1_ann", turns=(2,), to="Eve", is_new=True)
    assert project.change_turns(change) == 1
    assert [s.name for s in project.transcript("t1_ann").speakers] == ["Interviewer", "Ann", "Eve"]
    project.change_turns(TurnChange(transcript="t1_ann", turns=(2,), to="Ann"))
    assert [s.name for s in project.transcript("t1_ann").speakers] == ["Interviewer", "Ann"]
    with pytest.raises(NotFound, match="its turns are 1 to 12"):
        project.change_turns(TurnChange(transcript="t1_ann", turns=(13,), to="Ann"))


def test_turns_in_a_row_are_joined_and_codings_stay_on_their_words(project):
    project.change_turns(TurnChange(transcript="t1_ann", turns=(3,), to="Ann"))
    before = project.transcript("t1_ann")
    across = Coding(
        transcript="t1_ann",
        span=Span(before.turns[1].span.start, before.turns[3].span.end),
        code="wait",
        coder="Kim",
    )
    project.add_codings([across])
    coded = {
        (c.coder, c.code, c.span.of(before.text)) for c in project.codings(transcript="t1_ann")
    }
    digest = project.content_digest()
    assert project.join_turns(coder="Amina") == 2
    after = project.transcript("t1_ann")
    assert len(after.turns) == 10
    assert after.words_of(after.turns[1]) == (
        "I waited nine months on the waiting list for an assessment. And what about part 1? "
        "My sister drove me there every week and sat outside in the car."
    )
    now = {(c.coder, c.code, c.span.of(after.text)) for c in project.codings(transcript="t1_ann")}
    assert {c for c in now if c[0] != "Kim"} == {c for c in coded if c[0] != "Kim"}
    assert {c[2] for c in now if c[0] == "Kim"} == {after.words_of(after.turns[1])}
    with pytest.raises(NothingToDo):
        project.join_turns()
    undo(project)
    assert project.content_digest() == digest


def test_when_each_joined_turn_was_said_is_kept(empty, tmp_path):
    cues = "".join(
        f"{n}\n00:00:{n:02},000 --> 00:00:{n + 1:02},000\nAnn: part {n} of it\n\n"
        for n in (1, 2, 3)
    )
    (tmp_path / "a.srt").write_text(cues, encoding="utf-8")
    assert not empty.import_paths([tmp_path / "a.srt"]).refused
    assert len(empty.transcript("a").turns) == 3
    assert empty.join_turns() == 2
    joined = empty.transcript("a")
    (turn,) = joined.turns
    assert (turn.begin, turn.finish) == (1.0, 4.0)
    assert joined.words_of(turn) == "part 1 of it part 2 of it part 3 of it"
    assert [(t.span.of(joined.text), t.begin) for t in joined.times] == [
        ("part 1 of it", 1.0),
        ("part 2 of it", 2.0),
        ("part 3 of it", 3.0),
    ]
