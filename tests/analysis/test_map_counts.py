"""Counts of the thematic map: codes with those below them, placed segments, each counted once."""

from __future__ import annotations

from dataclasses import replace

from autocode.analysis.map_counts import count_map
from autocode.core import map_edits as edits
from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Coder, Coding
from autocode.core.thematic_map import PlacedSegment, ThematicMap
from autocode.core.transcript import Segment, Span

CODEBOOK = Codebook(
    (
        Code(id="access", name="Access"),
        Code(id="wait", name="Waiting", parent="access"),
        Code(id="food", name="Food"),
    )
)
SEGMENTS = [
    Segment(transcript="t", span=Span(10 * at, 10 * at + 9), excerpt="x", speaker=who, case=who)
    for at, who in enumerate(("Ann", "Ann", "Bob", "Cy"))
]


def coding(at: int, code: str, coder: str = "Kim") -> Coding:
    return Coding(transcript="t", span=Span(10 * at, 10 * at + 9), code=code, coder=coder)


def test_a_segment_counts_once_however_many_ways_it_comes_in():
    made = edits.add_theme(edits.add_theme(ThematicMap(), "Top"), "Sub", parent="Top")
    made = edits.place_codes(made, "Sub", ["access"])
    made = edits.place_codes(made, "Top", ["food"])
    # The span of a placed segment need not be one of today's segments.
    placed = [PlacedSegment(transcript="t", span=Span(21, 28)), PlacedSegment(
        transcript="t", span=Span(0, 9), draft="T01")]  # fmt: skip
    made = edits.place_segments(made, "Top", placed)
    codings = [coding(0, "wait"), coding(0, "access"), coding(1, "food"), coding(3, "food", "M")]
    view = count_map(
        made, codebook=CODEBOOK, segments=SEGMENTS, codings=codings,
        coders=[Coder("Kim"), Coder("M", "machine")],
    )  # fmt: skip
    top, sub = view.themes
    assert (sub.n_segments, sub.participants) == (1, ("Ann",))
    assert (top.n_segments, top.participants) == (3, ("Ann", "Bob"))
    assert view.to_rows()[1]["code_names"] == ["Access"]


def test_an_empty_map_has_nothing_to_count():
    view = count_map(ThematicMap(), codebook=CODEBOOK, segments=SEGMENTS, codings=[])
    assert view.to_rows() == []


def test_an_interviewer_whose_words_are_coded_is_no_participant():
    made = edits.place_codes(edits.add_theme(ThematicMap(), "Top"), "Top", ["food"])
    segments = [replace(SEGMENTS[0], role="interviewer"), *SEGMENTS[1:]]
    codings = [coding(0, "food"), coding(2, "food")]
    (top,) = count_map(made, codebook=CODEBOOK, segments=segments, codings=codings).themes
    assert (top.n_segments, top.participants) == (2, ("Bob",))
