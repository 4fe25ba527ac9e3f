"""Counts of codes: a code that heads others counts them in, each segment and person once."""

from __future__ import annotations

from dataclasses import replace

from autocode.analysis.code_counts import count_codes, list_codes_below
from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Coder, Coding
from autocode.core.transcript import Segment, Span

CODEBOOK = Codebook(
    (
        Code(id="care", name="Care"),
        Code(id="wait", name="Waiting", parent="care"),
        Code(id="letter", name="The letter", parent="wait"),
        Code(id="food", name="Food"),
    )
)
SEGMENTS = [
    Segment(transcript="t", span=Span(at, at + 1), excerpt="x", speaker=who, case=who)
    for at, who in enumerate(("Ann", "Ann", "Bob"))
]


def coding(at: int, code: str, coder: str = "Kim") -> Coding:
    return Coding(transcript="t", span=Span(at, at + 1), code=code, coder=coder)


def test_each_segment_and_participant_counts_once_in_the_codes_above():
    codings = [
        coding(0, "wait"), coding(0, "letter"), coding(1, "letter"), coding(2, "care", "Lee"),
        coding(2, "letter", "Model"),
    ]  # fmt: skip
    coders = [Coder("Kim"), Coder("Lee"), Coder("Model", "machine")]
    counts = {c.code.id: c for c in count_codes(CODEBOOK, SEGMENTS, codings, [], coders=coders)}
    care, wait, letter, food = (counts[key] for key in ("care", "wait", "letter", "food"))
    assert (care.n_segments, care.rolled_up.n_segments, care.rolled_up.n_codings) == (1, 3, 4)
    assert care.rolled_up.participants == ("Ann", "Bob")
    assert care.rolled_up.coders == ("Kim", "Lee")
    assert (wait.n_segments, wait.rolled_up.n_segments) == (1, 2)
    assert (letter.n_segments, letter.rolled_up.n_segments) == (2, 2)
    assert food.rolled_up.n_segments == 0


def test_the_codes_below_reach_down_all_levels():
    below = list_codes_below(CODEBOOK)
    assert {key: sorted(ids) for key, ids in below.items()} == {
        "care": ["letter", "wait"], "wait": ["letter"], "letter": [], "food": [],
    }  # fmt: skip


def test_an_interviewer_whose_words_are_coded_is_no_participant():
    segments = [replace(SEGMENTS[0], role="interviewer", case=None), *SEGMENTS[1:]]
    codings = [coding(0, "wait"), coding(2, "wait"), coding(0, "food")]
    counts = {c.code.id: c for c in count_codes(CODEBOOK, segments, codings, [])}
    assert (counts["wait"].n_segments, counts["wait"].participants) == (2, ("Bob",))
    assert (counts["food"].n_segments, counts["food"].participants) == (1, ())
    assert counts["care"].rolled_up.participants == ("Bob",)
