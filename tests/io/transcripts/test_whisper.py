from __future__ import annotations

import json
from pathlib import Path

import pytest

from autocode.io.transcripts.read import read_transcript
from autocode.io.transcripts.whisper import looks_like_whisper, read_whisper
from autocode.segment import cut

from ..support import utterances_of

A_JSON = Path("a.json")


def read(data):
    return utterances_of(read_whisper, A_JSON, json.dumps(data))


def word(text, start=None, speaker=None):
    times = {} if start is None else {"start": start, "end": start + 0.5}
    return {"word": text} | times | ({} if speaker is None else {"speaker": speaker})


def test_read_whisper_takes_segments_with_times():
    data = {
        "text": " Hello there. Yes.",
        "segments": [
            {"id": 0, "start": 0.0, "end": 2.5, "text": " Hello there.", "tokens": [1]},
            {"id": 1, "start": 2.5, "end": 3, "text": " Yes."},
        ],
        "language": "en",
    }
    found, warnings = read(data)
    assert [(u.words, u.speaker, u.begin, u.finish) for u in found] == [
        ("Hello there.", None, 0.0, 2.5),
        ("Yes.", None, 2.5, 3.0),
    ]
    assert warnings == []


def test_read_whisper_takes_diarised_speakers():
    found, warnings = read(
        {"segments": [{"text": "Why?", "speaker": "SPEAKER_00"}, {"start": 1, "text": "Oh"}]}
    )
    assert [u.speaker for u in found] == ["SPEAKER_00", None]
    assert warnings == ["1 segment without a time", "1 of 2 segments without a speaker"]


def test_read_whisper_parts_a_segment_where_the_speaker_changes():
    words = [word("So", 1, "A"), word("12?"), word("Yes,", 3, "B"), word("I", 4, "B")]
    found, _ = read({"segments": [{"start": 1, "end": 9, "text": "So 12? Yes, I", "words": words}]})
    assert [(u.speaker, u.words, u.begin, u.finish) for u in found] == [
        ("A", "So 12?", 1.0, 1.5),
        ("B", "Yes, I", 3.0, 4.5),
    ]


def test_read_whisper_gives_words_without_a_speaker_to_the_one_before():
    words = [word("12"), word("days", 2, "A"), word("3")]
    found, _ = read({"segments": [{"start": 1, "end": 3, "text": "12 days 3", "words": words}]})
    assert [(u.speaker, u.words) for u in found] == [("A", "12 days 3")]


def test_read_whisper_takes_whisper_cpp():
    data = {"transcription": [{"offsets": {"from": 500, "to": 1500}, "text": " Hi"}]}
    assert [(u.words, u.begin, u.finish) for u in read(data)[0]] == [("Hi", 0.5, 1.5)]


def timed(utterance):
    return [(t.span.of(utterance.words), t.begin, t.finish) for t in utterance.cues]


def test_read_whisper_keeps_the_time_of_each_word():
    words = [word("Well,", 1), word("12"), word("days", 2), word("odd", 3), word("well.", 4)]
    data = {"segments": [{"start": 1, "end": 5, "text": " Well, 12 days,  well.", "words": words}]}
    (found,) = read(data)[0]
    assert timed(found) == [("Well,", 1.0, 1.5), ("days", 2.0, 2.5), ("well.", 4.0, 4.5)]


def test_read_whisper_keeps_the_times_of_words_of_two_speakers():
    words = [word("So?", 1, "A"), word(" Yes,", 3, "B"), word(" I", 4, "B")]
    found, _ = read({"segments": [{"text": "So? Yes, I", "words": words}]})
    assert [timed(u) for u in found] == [[("So?", 1.0, 1.5)], [("Yes,", 3.0, 3.5), ("I", 4.0, 4.5)]]


@pytest.mark.parametrize("join", [False, True])
def test_segments_cut_out_of_a_cue_have_the_times_of_their_words(write, join):
    said = ["It rained.", "We left.", "Nobody rang."]
    words = [word(w, n, "A") for n, w in enumerate(" ".join(said).split())]
    segments = [
        {"start": 0, "end": 9, "text": " ".join(said), "speaker": "A", "words": words},
        {"start": 9, "end": 12, "text": "And so. It went.", "speaker": "A"},
    ]
    path = write("a.json", json.dumps({"segments": segments}))
    transcript = read_transcript(path, join_turns=join)
    found = {
        span.of(transcript.text): transcript.times_of(span)
        for _, span in cut(transcript, "sentence")
    }
    assert found == {
        "It rained.": (0.0, 1.5),
        "We left.": (2.0, 3.5),
        "Nobody rang.": (4.0, 5.5),
        "And so.": (9.0, 12.0),
        "It went.": (9.0, 12.0),
    }


def test_words_of_a_whisperx_file_keep_their_times(shared):
    path = shared / "interop" / "transcripts" / "whisper" / "whisperx_alignment.json"
    transcript = read_transcript(path)
    words = [w for s in json.loads(path.read_text())["segments"] for w in s["words"]]
    assert [t.span.of(transcript.text) for t in transcript.times] == [w["word"] for w in words]
    assert [(t.begin, t.finish) for t in transcript.times] == [
        (w["start"], w["end"]) for w in words
    ]


@pytest.mark.parametrize("time", ["1", True, -1, float("nan"), float("inf"), None, [], 10**400])
def test_read_whisper_takes_nothing_but_a_time_for_a_time(time):
    found, _ = read([{"start": time, "end": 1, "text": "Hi"}])
    assert (found[0].begin, found[0].finish) == (None, 1.0)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"segments": [', "not whole JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": 1}', "without a list of segments"),
        ('{"segments": [1]}', "without a list of segments"),
        ('{"segments": []}', "no segment with words"),
        (f'[{{"start": {"9" * 5000}, "text": "a"}}]', "too long"),
    ],
)
def test_read_whisper_refuses_in_one_line(refusal, text, fault):
    assert fault in refusal(A_JSON, lambda path: utterances_of(read_whisper, path, text))["fault"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"text": "a", "segments": []}', True),
        ('[{"start": 0, "text": "a"}]', True),
        ('{"settings": 1}', False),
        ("Ann: see the segments", False),
    ],
)
def test_looks_like_whisper_goes_by_the_beginning(text, expected):
    assert looks_like_whisper(text) is expected


def test_read_whisper_puts_a_mark_where_half_a_character_stands():
    text = r'{"segments": [{"text": "so \ud800 it \ud83d\udc4b", "speaker": "A\udfff"}]}'
    utterances, _ = utterances_of(read_whisper, A_JSON, text)
    assert [(u.speaker, u.words) for u in utterances] == [("A\ufffd", "so \ufffd it \U0001f44b")]


def test_read_whisper_takes_a_zero_for_nothing():
    said = '"text": "a\\u0000b \\\\u0000", "speaker": "\\u0000"'
    raw = f'{{"segments": [{{"start": 0, "end": 1, {said}}}]}}'
    utterances, _ = utterances_of(read_whisper, A_JSON, raw)
    assert [(u.speaker, u.words) for u in utterances] == [(None, "ab \\u0000")]
