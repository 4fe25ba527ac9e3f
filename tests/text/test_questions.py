from __future__ import annotations

import random

from autocode.core.transcript import Segment, Span
from autocode.text.questions import questions

ROLES = {"I": "interviewer", "J": "interviewer", "N": "note"}


def talk(*said, transcript="t", roles=ROLES):
    found, at = [], 0
    for line in said:
        who, words = line.split(": ", 1)
        role = roles.get(who, "participant")
        span = Span(at, at + len(words))
        found.append(
            Segment(
                transcript=transcript,
                span=span,
                excerpt=words,
                speaker=None if who == "-" else who,
                role=role,
            )
        )
        at += len(words) + 1
    return found


def test_question_lasts_through_the_answer_and_a_murmur():
    said = ["I: Was it far?", "A: Yes.", "A: Two hours.", "I: Mm-hm.", "A: And back."]
    assert questions(talk(*said)) == [None, 0, 0, None, 0]


def test_last_question_counts_with_or_without_a_mark():
    said = ["I: Was it far?", "I: Or near?", "A: Far.", "I: tell me about the bus", "A: It came."]
    assert questions(talk(*said)) == [None, None, 1, None, 3]


def test_right_is_no_question():
    assert questions(talk("I: Was it far?", "A: Yes.", "I: Right?", "A: Yes.")) == [
        None,
        0,
        None,
        0,
    ]


def test_participant_in_an_interview_is_answered_in_the_next_turn_only():
    said = [
        "I: Was it far?",
        "A: What do you mean?",
        "I: From home.",
        "I: By bus.",
        "A: No.",
        "B: Yes.",
    ]
    assert questions(talk(*said)) == [None, 0, 1, 1, 0, 0]


def test_talk_among_equals_is_answered_by_others():
    assert questions(
        talk("A: Was it far?", "A: I mean, by bus.", "B: Yes.", "C: No.", "A: Oh.")
    ) == [
        None,
        None,
        0,
        0,
        None,
    ]


def test_notes_and_the_unnamed_neither_ask_nor_answer():
    said = ["N: Who is there?", "A: Me.", "-: Was it far?", "B: Yes."]
    assert questions(talk(*said)) == [None] * 4


def test_questions_do_not_cross_transcripts_nor_depend_on_order():
    segments = talk("I: Was it far?", "A: Yes.", "I: By bus?", "A: No.") + talk(
        "A: Hello.", "I: Was it dear?", "A: Very.", transcript="u"
    )
    found = questions(segments)
    assert found == [None, 0, None, 2, None, None, 5]
    order = list(range(len(segments)))
    random.Random(0).shuffle(order)
    mixed = questions([segments[row] for row in order])
    assert [None if m is None else order[m] for m in mixed] == [found[row] for row in order]


def test_questions_of_nothing_are_none():
    assert questions([]) == []
