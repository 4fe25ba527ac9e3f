"""The same conversation reads the same, however its turns are marked and whatever file holds it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autocode.io.source import SourceFile
from autocode.io.transcripts.read import read_transcript

from ...conversation_layouts import (
    LAYOUTS,
    write_docx,
    write_json,
    write_srt,
    write_text,
    write_vtt,
)

_NAMES = [
    "Interviewer", "Grace", "Anna Lee", "Tom Ó Sé", "P01", "INT", "Enquêtrice", "Dr Ida O'Neill-Sá",
    "Participant 3", "רות", "أم علي", "SPEAKER_01", "Nurse (ward 3)", "Ngozi!", "Jörg von Au",
]  # fmt: skip
_WORDS = [
    "Slowly, I would say.", "The first month I kept walking to the old building: out of habit.",
    "How so?", "Yes.", "No - not really; we waited.", "She said [laughs] it was fine.", "10 years.",
    "Mm.", "At 10:30 we left.", "The thing is: it rained.", "Well, you know, they never rang.",
    "Und dann?", "כן, לגמרי.", "Nobody there knew my face any more, so I spelled my name (twice).",
]  # fmt: skip


@st.composite
def conversations(draw):
    """Two or three people who take turns, each at least four times."""
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=2, max_size=3, unique=True))
    n_rounds = draw(st.integers(4, 7))
    order = [name for _ in range(n_rounds) for name in names]
    return [(name, draw(st.sampled_from(_WORDS))) for name in order]


def turns_of(content: bytes, suffix: str):
    transcript = read_transcript(SourceFile(Path(f"talk{suffix}"), given=content))
    return [
        (turn.speaker, " ".join(transcript.words_of(turn).split())) for turn in transcript.turns
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(turns=conversations())
def test_a_text_reads_the_same_in_every_layout(layout, turns):
    for suffix in (".txt", ".md"):
        assert turns_of(write_text(turns, layout), suffix) == turns


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(turns=conversations())
def test_a_word_document_reads_the_same_in_every_layout(layout, turns):
    assert turns_of(write_docx(turns, layout), ".docx") == turns


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(turns=conversations())
def test_captions_and_recognised_speech_read_like_text(turns):
    assert turns_of(write_vtt(turns, tags=True), ".vtt") == turns
    assert turns_of(write_vtt(turns, tags=False), ".vtt") == turns
    assert turns_of(write_srt(turns), ".srt") == turns
    assert turns_of(write_json(turns), ".json") == turns
