"""A study file with two transcripts, a codebook and a coder, made by the store alone."""

from __future__ import annotations

import pytest

from autocode.core.codebook import Code
from autocode.core.transcript import Source, Span, Speaker, Transcript, Turn
from autocode.store import codebook, segments
from autocode.store import transcripts as texts
from autocode.store.file import create

WORDS = "Interviewer: And then?\nAnn: I waited a year.\nAnn: My sister came.\n"


def transcript(name, *, text=WORDS):
    """A transcript of one question and two answers."""
    turns, at = [], 0
    for line in text.splitlines(keepends=True):
        speaker, _, _ = line.partition(": ")
        turns.append(Turn(span=Span(at + len(speaker) + 2, at + len(line) - 1), speaker=speaker))
        at += len(line)
    return Transcript(
        name=name,
        text=text,
        turns=tuple(turns),
        source=Source(name=f"{name}.txt", format="txt", digest=f"digest of {name}"),
        speakers=(
            Speaker(name="Interviewer", role="interviewer", basis="guessed", confidence=0.95),
            Speaker(name="Ann", role="participant"),
        ),
    )


def rows_of(made):
    """Each turn as a segment row."""
    return [
        {
            "start": turn.span.start,
            "end": turn.span.end,
            "speaker": turn.speaker,
            "unit": "turn",
            "given": False,
            "name": None,
            "domain": None,
        }
        for turn in made.turns
    ]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "study.autocode"


@pytest.fixture
def study(path):
    made = create(path)
    yield made
    made.close()


@pytest.fixture
def filled(study):
    """The study with transcripts 'b' and 'a' (in that order), and the codes wait and family."""
    with study.writing() as connection:
        both = [transcript("b"), transcript("a")]
        texts.add_transcripts(connection, both)
        for made in both:
            segments.replace_segments(connection, made.name, rows_of(made))
        codebook.put_codes(
            connection, [Code(id="wait", name="Waiting"), Code(id="family", name="Family")]
        )
    return study
