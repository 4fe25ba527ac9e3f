"""Coders' spans as comparable units: what is read, what is marked, what a unit weighs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.agreement.study.units import KINDS, build_units
from autocode.core.coding import Coding, Reading
from autocode.core.errors import InputError
from autocode.core.transcript import Segment, Source, Span, Transcript, Turn

TEXT = "It rained all day. We stayed in. Nobody rang."
TRANSCRIPT = Transcript(
    name="t",
    text=TEXT,
    turns=(Turn(span=Span(0, len(TEXT)), speaker="Ann"),),
    source=Source(name="t", format="txt", digest="0"),
)
WHOLE = Segment(
    transcript="t", span=Span(0, len(TEXT)), excerpt=TEXT, speaker="Ann", role="participant"
)
BOTH = [Reading("t", Span(0, len(TEXT)), "a"), Reading("t", Span(0, len(TEXT)), "b")]


def mark(start: int, end: int, coder: str = "a", code: str = "x") -> Coding:
    return Coding(transcript="t", span=Span(start, end), code=code, coder=coder)


def units(kind, codings, readings=BOTH, share=0.5):
    return build_units(kind, [WHOLE], [TRANSCRIPT], codings=codings, readings=readings, share=share)


def test_segment_unit_takes_a_code_on_a_part():
    (unit,) = units("segment", [mark(0, 18)])
    assert unit.applied == {"a": {"x"}, "b": frozenset()}


def test_sentence_units_keep_codes_where_they_are():
    found = units("sentence", [mark(0, 18), mark(0, len(TEXT), "b")])
    assert [u.excerpt for u in found] == ["It rained all day.", "We stayed in.", "Nobody rang."]
    assert [u.applied["a"] for u in found] == [{"x"}, frozenset(), frozenset()]
    assert all(u.applied["b"] == {"x"} for u in found)


def test_nobody_who_has_not_read_a_unit_is_in_it():
    found = units("sentence", [mark(0, 18)], [Reading("t", Span(0, 18), "b")])
    assert [set(u.applied) for u in found] == [{"a", "b"}]


def test_character_units_weigh_what_they_hold():
    found = units("character", [mark(3, 10), mark(5, 12, "b")])
    assert sum(u.weight for u in found) == len(TEXT)
    both = [u for u in found if u.applied["a"] and u.applied["b"]]
    assert [(u.span, u.excerpt, u.weight) for u in both] == [(Span(5, 10), TEXT[5:10], 5.0)]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 40), st.integers(1, 45), st.sampled_from("ab"), st.sampled_from("xy")
        ),
        max_size=8,
    )
)
def test_character_units_equal_one_row_per_character(marks):
    codings = [mark(min(s, e - 1), e, coder, code) for s, e, coder, code in marks]
    found = units("character", codings)
    for at in range(len(TEXT)):
        (unit,) = [u for u in found if u.span.start <= at < u.span.end]
        for coder in "ab":
            here = {c.code for c in codings if c.coder == coder and c.span.start <= at < c.span.end}
            assert unit.applied[coder] == here


@pytest.mark.parametrize(("share", "met"), [(0.5, True), (0.9, False)])
def test_overlap_units_ask_for_a_share(share, met):
    found = units("overlap", [mark(0, 18), mark(0, 12, "b")], share=share)
    first = next(u for u in found if u.span == Span(0, 18))
    assert (first.applied["b"] == {"x"}) == met


def test_overlap_unit_is_each_marked_span_once():
    found = units("overlap", [mark(0, 18), mark(0, 18, "b"), mark(20, 30)])
    assert [u.span for u in found] == [Span(0, 18), Span(20, 30)]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_read_is_no_unit(kind):
    assert units(kind, [], []) == []


@pytest.mark.parametrize("kind", KINDS)
def test_perfect_agreement_stays_perfect_in_every_unit(kind):
    marks = [mark(0, 18), mark(0, 18, "b"), mark(33, 45, code="y"), mark(33, 45, "b", "y")]
    assert all(u.applied["a"] == u.applied["b"] for u in units(kind, marks))


def test_unknown_unit_and_share_are_refused():
    with pytest.raises(InputError, match="No unit 'page'"):
        units("page", [])
    with pytest.raises(InputError, match="share"):
        units("overlap", [], share=0.0)
