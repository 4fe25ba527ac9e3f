from __future__ import annotations

import pytest

from autocode.core.transcript import Source, Span, Speaker, Transcript, Turn
from autocode.segment import cut
from autocode.segment.adjacency import LONGEST

ROLES = {"I": "interviewer", "A": "participant", "B": "participant", "N": "note"}


def talk(*said):
    """A transcript of "I: words" lines; the speaker's letter stands in the text, outside turns."""
    text, turns = "", []
    for line in said:
        who, words = line.split(": ", 1)
        start = len(text) + len(who) + 2
        turns.append(Turn(span=Span(start, start + len(words)), speaker=who))
        text += line + "\n"
    speakers = tuple(Speaker(name=name, role=role) for name, role in ROLES.items())
    return Transcript(
        name="t",
        text=text,
        turns=tuple(turns),
        source=Source(name="t.txt", format="txt", digest="0" * 64),
        speakers=speakers,
    )


def units(*said):
    transcript = talk(*said)
    found = cut(transcript, "meaning", across_speakers=True)
    return [(turn.speaker, span.of(transcript.text)) for turn, span in found]


def test_short_answer_stays_with_its_question():
    assert units("I: Did that help you at all?", "A: Not really, no.") == [
        ("A", "Did that help you at all?\nA: Not really, no.")
    ]


def test_long_answer_stays_alone():
    long = "We went there twice and then we never went again."
    assert units("I: Did that help?", f"A: {long}") == [("I", "Did that help?"), ("A", long)]


def test_short_turns_in_a_row_are_one():
    assert units("A: Yes.", "B: Same here.", "A: Mm.") == [("B", "Yes.\nB: Same here.\nA: Mm.")]


def test_question_begins_anew():
    found = units("I: Was it far?", "A: No.", "I: Was it dear?", "A: Yes.")
    assert [words for _, words in found] == ["Was it far?\nA: No.", "Was it dear?\nA: Yes."]


@pytest.mark.parametrize("said", [("I: Was it far?", "N: [phone rings]"), ("N: [door]", "A: No.")])
def test_what_nobody_said_joins_nothing(said):
    assert len(units(*said)) == 2


def test_short_sentence_of_the_same_turn_is_not_joined():
    transcript = talk("A: It rained all the way there and all the way back.\nYes.")
    assert cut(transcript, "meaning", across_speakers=True) == cut(transcript, "meaning")


def test_joined_units_stay_within_the_longest():
    found = units(*("A: Yes I do.", "B: Yes I do.") * 40)
    lengths = [len(words.split()) for _, words in found]
    assert max(lengths) <= LONGEST
    assert len(found) > 1


def test_units_of_one_speaker_in_turns_of_theirs_keep_their_voice():
    assert units("I: Right.", "I: Okay then.") == [("I", "Right.\nI: Okay then.")]
