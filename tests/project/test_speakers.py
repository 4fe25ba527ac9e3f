"""Correcting speakers: all changes or none, and never a word of the text."""

from __future__ import annotations

import pytest

from autocode.core.errors import InputError, NotFound
from autocode.project.speakers import SpeakerChanges

TALK = "Ann: Hi you.\nAnn Lee: And so.\nBen: No.\nAnn: Yes.\nAnn Lee: Oh.\nBen: So.\n"


@pytest.fixture
def study(empty, tmp_path):
    for name in ("one", "two"):
        text = TALK if name == "one" else TALK.replace("Ann Lee", "Cat") + "Cat: Well.\n"
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    empty.import_paths([tmp_path / "one.txt", tmp_path / "two.txt"])
    return empty


def names(project, transcript="one"):
    return [speaker.name for speaker in project.speakers()[transcript]]


def test_merge_makes_two_names_one_voice(study):
    before = study.transcripts()[0].text
    assert study.change_speakers(SpeakerChanges(merges={"Ann Lee": "Ann"})) == 1
    assert names(study) == ["Ann", "Ben"]
    first = study.transcripts()[0]
    assert [turn.speaker for turn in first.turns] == ["Ann", "Ann", "Ben"] * 2
    assert {s.speaker for s in study.segments("one")} == {"Ann", "Ben"}
    assert first.text == before


def test_merge_keeps_the_case_that_is_known(study):
    study.change_speakers(SpeakerChanges(cases={"Ann Lee": "A1"}))
    study.change_speakers(SpeakerChanges(merges={"Ann Lee": "Ann"}))
    assert {s.name: s.case for s in study.speakers()["one"]} == {"Ann": "A1", "Ben": None}


def test_rename_goes_before_roles_and_cases(study):
    changes = SpeakerChanges(
        names={"Ben": "Benedict"}, roles={"Benedict": "interviewer"}, cases={"Benedict": "B"}
    )
    assert study.change_speakers(changes, transcript="two") == 3
    assert "Benedict" in names(study, "two")
    assert "Ben" in names(study, "one")
    (changed,) = [s for s in study.speakers()["two"] if s.name == "Benedict"]
    assert (changed.role, changed.basis, changed.case) == ("interviewer", "set", "B")


@pytest.mark.parametrize(
    ("changes", "error", "word"),
    [
        (SpeakerChanges(names={"Ben": "Ann"}), InputError, "merge"),
        (SpeakerChanges(names={"Ben": ""}), InputError, "empty"),
        (SpeakerChanges(names={"Bem": "B"}), NotFound, "'Ben'"),
        (SpeakerChanges(merges={"Ben": "Ben"}), InputError, "not two speakers"),
        (SpeakerChanges(merges={"Ben": "Zoe"}), InputError, "not two speakers"),
        (SpeakerChanges(roles={"Ben": "boss"}), InputError, "No role"),
        (SpeakerChanges(cases={"Ben": ""}), InputError, "empty"),
    ],
)
def test_a_change_that_cannot_be_made_leaves_no_trace(study, changes, error, word):
    before = study.speakers()
    with pytest.raises(error, match=word):
        study.change_speakers(
            SpeakerChanges(
                merges=changes.merges,
                names=changes.names,
                roles={"Ann": "note"} | dict(changes.roles),
                cases=changes.cases,
            )
        )
    assert study.speakers() == before


def test_changes_in_an_unknown_transcript_are_refused(study):
    with pytest.raises(NotFound, match="one"):
        study.change_speakers(SpeakerChanges(roles={"Ann": "note"}), transcript="on")
