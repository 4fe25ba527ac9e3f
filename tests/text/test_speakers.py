from __future__ import annotations

import pytest

from autocode.core.transcript import Source, Transcript
from autocode.io.transcripts.utterances import Utterance, compose
from autocode.text.speakers import guess_roles, is_aside, role_of_label

LONG = "Well, I came here by bus and it took me most of the morning."


def roles(*pairs):
    text, turns = compose([Utterance(words=words, speaker=speaker) for speaker, words in pairs])
    transcript = Transcript(
        name="t", text=text, turns=turns, source=Source(name="t.txt", format="txt", digest="0" * 64)
    )
    return {speaker.name: speaker for speaker in guess_roles(transcript)}


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Interviewer", "interviewer"),
        ("INTERVIEWER 2", "interviewer"),
        ("Interviewer1 ", "interviewer"),
        ("INT", "interviewer"),
        ("Moderator", "interviewer"),
        ("Q", "interviewer"),
        ("Dr Lee (Researcher)", "interviewer"),
        ("Interviewee", "participant"),
        ("P04", "participant"),
        ("Participant 12", "participant"),
        ("id1", "participant"),
        ("Note", "note"),
        ("Unknown Speaker", "unknown"),
        ("Ingrid", None),
        ("Quentin", None),
        ("Patrick", None),
        ("Modesta", None),
        ("Notenboom", None),
    ],
)
def test_role_of_label_reads_what_it_states(label, role):
    assert role_of_label(label) == role


def test_guess_roles_believes_the_label_before_the_behaviour():
    found = roles(("Interviewer", LONG), ("P01", "Why? Where?"))
    assert found["Interviewer"].role == "interviewer"
    assert found["P01"].role == "participant"
    assert {speaker.basis for speaker in found.values()} == {"guessed"}


def test_guess_roles_makes_the_one_who_asks_the_interviewer():
    found = roles(*[("Ana", "And then?"), ("Tom", LONG)] * 3)
    assert (found["Ana"].role, found["Tom"].role) == ("interviewer", "participant")
    assert 0.5 < found["Ana"].confidence < 0.95


def test_guess_roles_counts_question_marks_of_other_scripts():
    found = roles(*[("سارة", "ثم ماذا؟"), ("Tom", LONG)] * 3)
    assert found["سارة"].role == "interviewer"


def test_guess_roles_finds_no_interviewer_among_equals():
    found = roles(*[("Ana", LONG), ("Tom", LONG), ("Eve", f"{LONG} Right?")] * 3)
    assert {speaker.role for speaker in found.values()} == {"participant"}


def test_guess_roles_finds_no_interviewer_when_everybody_asks():
    found = roles(*[("Ana", "Why?"), ("Tom", "Why not, then, after all?")] * 3)
    assert {speaker.role for speaker in found.values()} == {"participant"}


def test_guess_roles_of_one_voice_is_a_participant():
    assert roles(("Ana", "Why?"))["Ana"].role == "participant"


def test_guess_roles_leaves_out_turns_without_a_name():
    assert roles((None, "Why?")) == {}


def test_guess_roles_come_in_order_of_appearance():
    assert list(roles(("Tom", LONG), ("Ana", "Why?"), ("Tom", LONG))) == ["Tom", "Ana"]


def test_guess_roles_finds_the_one_who_asks_beside_a_stated_participant():
    found = roles(*[("P04", LONG), ("Sarah", "And then?")] * 3)
    assert found["Sarah"].role == "interviewer"


def test_guess_roles_reads_i_and_r_as_interviewer_and_respondent():
    found = roles(*[("I", "And then?"), ("R", LONG)] * 3)
    assert (found["I"].role, found["R"].role) == ("interviewer", "participant")


def test_guess_roles_finds_who_asks_without_question_marks():
    found = roles(*[("Ana", "can you tell me what was it like"), ("Tom", LONG)] * 3)
    assert found["Ana"].role == "interviewer"


def test_guess_roles_finds_the_moderator_of_many_voices():
    group = [("Tom", LONG), ("Eve", f"{LONG} Right?"), ("Ida", LONG), ("Sam", "Is it?")]
    talk = [pair for voice in group for pair in (("Mo", "And what do you think?"), voice)]
    found = roles(*(talk * 2))
    assert [name for name, s in found.items() if s.role == "interviewer"] == ["Mo"]


def test_guess_roles_believes_who_says_that_they_interview():
    found = roles(("Ana", f"Hello, I'm the moderator today. {LONG} {LONG}"), ("Tom", "Hi."))
    assert found["Ana"].role == "interviewer"
    assert 0.5 < found["Ana"].confidence < 0.95


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("[laughter]", True),
        ("(inaudible 00:12)", True),
        ("[name]", True),
        ("[REDACTED]", True),
        ("Crystal", False),
        ("Nodar", False),
        ("Clapton", False),
        ("Paula", False),
        ("Placido", False),
        ("Ann", False),
    ],
)
def test_is_aside_knows_events_and_gaps_from_names(words, expected):
    assert is_aside(words) is expected
