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
        ("Enquêtrice", "interviewer"),
        ("Enquêté", "participant"),
        ("Интервьюер", "interviewer"),
        ("受访者", "participant"),
        ("S00", None),
        ("SPEAKER_01", None),
        ("Speaker 1", None),
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


def test_guess_roles_leaves_labels_of_a_machine_to_behaviour():
    answers = roles(*[("S00", "And then?"), ("S01", LONG)] * 3)
    assert [s.role for s in answers.values()] == ["interviewer", "participant"]
    assert max(s.confidence for s in answers.values()) < 0.95
    alike = roles(*[("S00", LONG), ("S01", LONG)] * 3)
    assert {s.role for s in alike.values()} == {"participant"}
    assert {s.confidence for s in alike.values()} == {0.5}


def test_guess_roles_is_never_sure_of_a_letter():
    borne_out = roles(*[("I", "And then?"), ("P", LONG)] * 3)
    assert [s.role for s in borne_out.values()] == ["interviewer", "participant"]
    assert {s.confidence for s in borne_out.values()} == {0.9}
    silent = roles(*[("I", LONG), ("P", LONG)] * 3)
    assert {s.confidence for s in silent.values()} == {0.8}


def test_guess_roles_believes_behaviour_before_a_letter():
    turned = roles(*[("P", "And then?"), ("I", LONG)] * 5)
    assert (turned["P"].role, turned["I"].role) == ("interviewer", "participant")
    assert turned["P"].confidence < 0.9


def test_guess_roles_makes_who_speaks_with_a_participant_the_interviewer():
    pair = roles(*[("Dan", LONG), ("Participant", LONG)] * 3)
    assert (pair["Dan"].role, pair["Participant"].role) == ("interviewer", "participant")
    assert 0.5 < pair["Dan"].confidence < 0.9
    group = roles(*[("P1", LONG), ("P2", LONG), ("P3", LONG)] * 3)
    assert {s.role for s in group.values()} == {"participant"}


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
