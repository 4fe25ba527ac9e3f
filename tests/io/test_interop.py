"""Files that real tools wrote, against what a careful person reads in them.

The facts were written down from the files (label lines counted with grep, first and last words
read), not from what the reader gives.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest

from autocode.core.errors import FileRefused
from autocode.io.recognise import recognise_kind
from autocode.io.transcripts.read import read_transcript

from ..shared import present


@dataclass(frozen=True)
class Facts:
    """Turns by speaker, the first and last words, and what a warning must speak of."""

    turns: dict[str | None, int]
    first: str
    last: str
    warns: tuple[str, ...] = ()
    times: tuple[float, float] | None = None  # begin of the first and of the last turn, in seconds
    roles: dict[str, str] = field(default_factory=dict)


def pdpilot(n_each: int, first: str, last: str) -> Facts:
    """Interviews of one study: Dan and his participant take turns."""
    return Facts(
        {"Dan": n_each, "Participant": n_each},
        first,
        last,
        ("first line names no speaker",),
        roles={"Dan": "interviewer", "Participant": "participant"},
    )


FACTS = {
    "chat/eve.cha": Facts(
        {"CHI": 741, "MOT": 804, "COL": 30, "RIC": 13},
        "more cookie.",
        "do you want me to turn it?",
        ("MOT is Sue, Mother",),
    ),
    "elan/sample_2.7.eaf": Facts(
        {None: 399},
        "The quick brown fox 001",
        "The quick brown fox 399",
        ("gestures",),
        times=(2.0, 1196.0),
    ),
    "md/thesis_eval_int3_nl.md": Facts(
        {"Interviewer": 53, "Systems Developer": 56},
        "Het is eigenlijk goed om",
        "Super hartstikke bedankt dankjewel.",
        roles={"Interviewer": "interviewer", "Systems Developer": "participant"},
    ),
    "otter/ladybug_64_ebooks.md": Facts(
        {"Ali": 28, "Emma": 37, "Kelly": 43, "Unknown Speaker": 4},
        "Last season, we discussed",
        "This is the podcast.",
        times=(0.0, 46 * 60 + 23),
        roles={"Unknown Speaker": "unknown"},
    ),
    "pdf/pdpilot_P1.pdf": pdpilot(
        47, "Okay. So now you can stop sharing your screen", "Thank you."
    ),
    "pdf/pdpilot_P3.pdf": pdpilot(61, "Okay. Now I'll share my screen.", "Bye."),
    "praat/long_format.TextGrid": Facts(
        {None: 15}, "RIGHT", "THREE", ("phone",), times=(1361.8925, 1422.0925)
    ),
    "txt/mlss_interview_10.txt": Facts(
        {"interviewee": 173, "interviewer": 66},
        "Thanks. This meeting is being recorded.",
        "All right, cool. All right. Bye, Bill. Have a good day. Bye.",
        ("--join-turns",),
        roles={"interviewer": "interviewer", "interviewee": "participant"},
    ),
    "txt/mlss_interview_11.txt": Facts(
        {"Interviewee": 128, "Interviewer 1": 66},
        "All right. Uh, so what we want to do",
        "I can click on the stop recording.",
        roles={"Interviewer 1": "interviewer"},
    ),
    "vtt/captions_with_bom.vtt": Facts(
        {None: 4}, "Caption text #1", "Caption text #4", times=(0.5, 16.32)
    ),
    "vtt/comments.vtt": Facts(
        {None: 5}, "Ta en kopp varmt te.", "Ta en kopp", times=(135.0, 145.0)
    ),
    "vtt/cue_tags.vtt": Facts(
        {None: 3}, "When the moon hits your eye", "That's amore", times=(16.5, 20.5)
    ),
    "vtt/sample.sbv": Facts(
        {None: 5}, "Caption text #1", "Caption text #5", ("end before they begin",), (0.378, 17.484)
    ),
    "vtt/sample.srt": Facts({None: 5}, "Caption text #1", "Caption text #5", times=(0.5, 21.58)),
    "vtt/stream_confidence_notes.vtt": Facts(
        {None: 6}, "Hello.", "It will still be recording the audio.", times=(3.3, 28.778)
    ),
    "vtt/teams_voice_tags.vtt": Facts(
        {"John Smith": 3, "Jane Doe": 2},
        "Hello, I am the interviewer.",
        "and how you approached solving it?",
        times=(10.087, 25.5),
        roles={"John Smith": "interviewer", "Jane Doe": "participant"},
    ),
    "vtt/using_identifiers.vtt": Facts({None: 6}, "Caption text #1", "Caption text #6"),
    "vtt/voice_tags_inline_markup.vtt": Facts(
        {"Ana Silva": 2, "Ben Ortiz": 1}, "Morning everyone.", "I'll send the budget by Friday."
    ),
    "vtt/zoom_cloud_recording.vtt": Facts(
        {"Speaker A": 1, "Speaker B": 4},
        "gotcha gotcha okay and going back",
        "probably built this apartment recently.",
        times=(144.72, 172.17),
    ),
    "whisper/whisperx_alignment.json": Facts(
        {None: 2}, "Okay, got it.", "I don't, I don't know.", times=(0.151, 7.395)
    ),
    "zoom/meeting_saved_chat.txt": Facts(
        {"Person One": 1, "Person Two": 3, "Person Three": 1, "Person Four": 4},
        "is it only patch applier/patch developer?",
        "fix",
        times=(9 * 3600 + 222.0, 9 * 3600 + 51 * 60 + 21.0),
    ),
    "zoom/zoom_saved_captions.txt": Facts(
        {"Johnny Doe": 4, "Janet Dough": 3}, "How you doing?", "You need the resource, um…"
    ),
}


@pytest.mark.parametrize("name", FACTS)
def test_sample_reads_as_a_person_reads_it(shared, name):
    path = present(shared / "interop" / "transcripts" / name)
    facts = FACTS[name]
    transcript = read_transcript(path)
    words = [transcript.words_of(turn) for turn in transcript.turns]
    assert recognise_kind(path) == "transcript"
    assert Counter(turn.speaker for turn in transcript.turns) == facts.turns
    assert " ".join(words[0].split()).startswith(facts.first)
    assert " ".join(words[-1].split()).endswith(facts.last)
    told = "; ".join(transcript.warnings)
    assert all(part in told for part in facts.warns), told
    if facts.times is not None:
        ends = transcript.turns[0].begin, transcript.turns[-1].begin
        assert ends == pytest.approx(facts.times)
    roles = {speaker.name: speaker.role for speaker in transcript.speakers}
    assert facts.roles.items() <= roles.items()


def test_a_sample_nobody_has_listed_is_read_or_refused_in_one_line(shared):
    root = shared / "interop" / "transcripts"
    paths = [path for path in sorted(root.rglob("*")) if path.is_file()]
    for path in paths:
        if path.relative_to(root).as_posix() in FACTS:
            continue
        refusal = None
        try:
            turns = read_transcript(path).turns
        except FileRefused as error:
            turns, refusal = (), str(error)
        assert turns or (refusal and str(path) in refusal and "\n" not in refusal), path
