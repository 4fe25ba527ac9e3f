"""Transcripts, turns, speakers, cases and segments come back as they went in."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autocode.core.coding import Case
from autocode.core.errors import NotFound, StudyError
from autocode.core.transcript import ROLES, Source, Span, Speaker, TimedSpan, Transcript, Turn
from autocode.store import cases as case_store
from autocode.store import segments as segment_store
from autocode.store import speakers as speaker_store
from autocode.store import transcripts as texts
from autocode.store.file import create, open_study
from autocode.store.segments import SegmentFilter
from autocode.store.speakers import SpeakerEdits

from .conftest import rows_of, transcript

names = st.text(min_size=1, max_size=12)
seconds = st.none() | st.floats(0, 1e6, allow_nan=False)


@st.composite
def transcripts(draw, name):
    """A transcript of any text, with turns that do not overlap and speakers of any name."""
    text = draw(st.text(max_size=120) | st.text("aé😀‏\n\t ", max_size=120))
    cuts = draw(st.lists(st.integers(0, len(text)), unique=True, max_size=12).map(sorted))
    speakers = tuple(
        Speaker(
            name=voice,
            role=draw(st.sampled_from(ROLES)),
            basis=draw(st.sampled_from(["guessed", "given", "set"])),
            confidence=draw(st.floats(0, 1)),
        )
        for voice in draw(st.lists(names, unique=True, max_size=3))
    )
    voices = st.sampled_from([None, *(s.name for s in speakers)])
    turns = tuple(
        Turn(span=Span(start, end), speaker=draw(voices), begin=draw(seconds), finish=draw(seconds))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    )
    source = Source(name=draw(names), format=draw(names), digest=name, encoding=draw(names))
    language = draw(st.sampled_from([None, "he", "en"]))
    return Transcript(
        name=name, text=text, turns=turns, source=source, speakers=speakers, language=language
    )


books = st.lists(names, unique=True, min_size=1, max_size=3).flatmap(
    lambda found: st.tuples(*map(transcripts, found))
)
quietly = settings(max_examples=25)


@pytest.mark.slow
@quietly
@given(made=books)
def test_transcripts_come_back_as_they_went_in(made):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.autocode"
        study = create(path)
        with study.writing() as connection:
            texts.add_transcripts(connection, made)
            for one in made:
                segment_store.replace_segments(connection, one.name, rows_of(one))
        study.close()
        again = open_study(path)
        with again.reading() as connection:
            found = texts.transcripts(connection)
            segments = segment_store.segments(connection)
        again.close()
    assert {t.name: t for t in found} == {t.name: t for t in made}
    by_name = {t.name: t for t in made}
    kept = [(s.transcript, s.span, s.speaker) for s in segments]
    assert sorted(kept, key=repr) == sorted(
        ((t.name, turn.span, turn.speaker) for t in made for turn in t.turns), key=repr
    )
    for segment in segments:
        text = by_name[segment.transcript].text
        assert segment.excerpt == text[segment.span.start : segment.span.end]


def test_everything_is_in_order_of_name_whatever_the_order_of_import(filled):
    with filled.reading() as connection:
        assert [t.name for t in texts.transcripts(connection)] == ["a", "b"]
        assert list(texts.texts(connection)) == ["a", "b"]
        assert [s.transcript for s in segment_store.segments(connection)] == ["a"] * 3 + ["b"] * 3


def test_segments_carry_speaker_role_and_case(filled):
    with filled.writing() as connection:
        case_store.set_case(
            connection, Case("P1", {"region": "north"}), transcript="a", speaker="Ann"
        )
    with filled.reading() as connection:
        found = segment_store.segments(connection, SegmentFilter(transcript="a"))
    assert [(s.speaker, s.role, s.case) for s in found] == [
        ("Interviewer", "interviewer", None),
        ("Ann", "participant", "P1"),
        ("Ann", "participant", "P1"),
    ]


def test_case_without_a_speaker_goes_to_all_but_the_interviewer(filled):
    with filled.writing() as connection:
        case_store.set_case(connection, Case("P1"), transcript="b")
    with filled.reading() as connection:
        voices = speaker_store.speakers(connection)
    assert [(s.name, s.case) for s in voices["b"]] == [("Interviewer", None), ("Ann", "P1")]
    assert {s.case for s in voices["a"]} == {None}


def test_attributes_of_a_case_are_added_to_and_replaced(study):
    with study.writing() as connection:
        case_store.put_case(connection, Case("P1", {"age": "30", "region": "north"}))
        case_store.put_case(connection, Case("P1", {"age": "31"}))
        case_store.put_case(connection, Case("P0"))
    with study.reading() as connection:
        assert case_store.cases(connection) == [
            Case("P0"),
            Case("P1", {"age": "31", "region": "north"}),
        ]


def test_role_set_by_a_person_is_certain_and_of_one_transcript(filled):
    with filled.writing() as connection:
        (interviewer,) = [
            speaker.number
            for speaker in speaker_store.known_speakers(connection)
            if (speaker.transcript, speaker.name) == ("a", "Interviewer")
        ]
        speaker_store.write_edits(connection, SpeakerEdits(roles={interviewer: "participant"}))
    with filled.reading() as connection:
        voices = speaker_store.speakers(connection)
    assert voices["a"][0] == Speaker(
        name="Interviewer", role="participant", basis="set", confidence=1.0
    )
    assert voices["b"][0] == Speaker(
        name="Interviewer", role="interviewer", basis="guessed", confidence=0.95
    )


def test_replacing_segments_leaves_other_transcripts_alone(filled):
    with filled.writing() as connection:
        segment_store.replace_segments(connection, "a", [])
    with filled.reading() as connection:
        assert {s.transcript for s in segment_store.segments(connection)} == {"b"}


def test_given_segments_keep_name_and_domain(filled):
    row = rows_of(transcript("a"))[0] | {
        "given": True,
        "name": "s1",
        "domain": "q1",
        "unit": "given",
    }
    with filled.writing() as connection:
        segment_store.replace_segments(connection, "a", [row])
    with filled.reading() as connection:
        found = segment_store.segments(connection, SegmentFilter(transcript="a"))
        assert segment_store.given_transcripts(connection) == {"a"}
    assert [(s.given, s.name, s.domain, s.unit) for s in found] == [(True, "s1", "q1", "given")]


def test_segments_of_an_unknown_transcript_name_the_nearest(filled):
    with filled.reading() as connection, pytest.raises(NotFound, match=r"'aa'.*2 known"):
        segment_store.segments(connection, SegmentFilter(transcript="aa"))


def test_the_same_source_cannot_be_stored_twice(filled):
    twice = transcript("other")
    twice = Transcript(
        name="other",
        text=twice.text,
        turns=twice.turns,
        source=transcript("a").source,
        speakers=twice.speakers,
    )
    with pytest.raises(StudyError), filled.writing() as connection:
        texts.add_transcripts(connection, [twice])
    with filled.reading() as connection:
        assert texts.count(connection)["transcripts"] == 2


def test_count_counts_each_table(filled):
    with filled.reading() as connection:
        assert texts.count(connection) == {
            "transcripts": 2,
            "segments": 6,
            "codes": 2,
            "coders": 0,
            "codings": 0,
            "cases": 0,
            "decisions": 0,
        }


def test_imports_are_remembered_by_digest_and_kind(study):
    with study.writing() as connection:
        texts.note_import(connection, "abc", "cases", "people.csv")
        assert texts.imported(connection, "abc", "cases")
        assert not texts.imported(connection, "abc", "corpus")
        assert not texts.imported(connection, "abd", "cases")


def test_times_and_whole_transcript_case_come_back(study):
    text = "Ann: Hi you all\n"
    kept = Transcript(
        name="a",
        text=text,
        turns=(Turn(span=Span(5, 15), speaker=None, begin=1.0, finish=4.0),),
        source=Source(name="a.vtt", format="vtt", digest="0" * 64),
        times=(TimedSpan(Span(5, 11), 1.0, 2.0), TimedSpan(Span(12, 15), 3.0, None)),
        case="A1",
    )
    with study.writing() as connection:
        texts.add_transcripts(connection, [kept])
        case_store.set_case(connection, Case("A1"), transcript="a")
        segment = {"speaker": None, "unit": "turn", "given": False, "name": None, "domain": None}
        segment_store.replace_segments(connection, "a", [{"start": 5, "end": 15} | segment])
    with study.reading() as connection:
        assert texts.transcripts(connection) == [kept]
        assert segment_store.segments(connection)[0].case == "A1"
