"""What two coders both went through, and where their spans lie on it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.agreement.spans.continuum import build_continua
from autocode.core.coding import Coding, Reading
from autocode.core.transcript import Segment, Span


def part(start, end, name="t"):
    return Segment(transcript=name, span=Span(start, end), excerpt="x" * (end - start))


def mark(coder, start, end, code="x", name="t"):
    return Coding(transcript=name, span=Span(start, end), code=code, coder=coder)


def read(coder, start, end, name="t"):
    return Reading(name, Span(start, end), coder)


def rows(text):
    s = text.spans
    return sorted(
        zip(s.coder.tolist(), s.start.tolist(), s.end.tolist(), s.code.tolist(), strict=True)
    )


def one(parts, marks, readings=(), codes=("x", "y")):
    (text,) = build_continua(parts, marks, readings, coders=("a", "b"), codes=codes)
    return text


def test_spans_stay_as_they_are_where_all_was_read():
    text = one([part(0, 100)], [mark("a", 3, 20), mark("b", 5, 30, "y")])
    assert text.spans.length == 100
    assert rows(text) == [(0, 3, 20, 0), (1, 5, 30, 1)]


def test_text_that_nobody_codes_is_cut_out_of_a_span_that_runs_over_it():
    # Participants at 10-20 and 50-70; the interviewer between them is no gap and no mark.
    text = one([part(10, 20), part(50, 70)], [mark("a", 12, 60), mark("b", 50, 70)])
    assert text.spans.length == 30
    assert rows(text) == [(0, 2, 20, 0), (1, 10, 30, 0)]


def test_only_what_both_have_read_counts():
    readings = [read("a", 0, 60), read("b", 40, 100)]
    text = one([part(0, 100)], [mark("a", 30, 50), mark("b", 90, 100)], readings)
    assert text.spans.length == 20
    assert rows(text) == [(0, 0, 10, 0)]


def test_a_coder_with_marks_and_no_reading_went_through_all_of_it():
    text = one([part(0, 50)], [mark("a", 0, 5)], [read("b", 0, 50)])
    assert text.spans.length == 50
    assert rows(text) == [(0, 0, 5, 0)]


def test_a_transcript_that_one_of_two_has_not_seen_is_left_out():
    assert (
        build_continua([part(0, 9)], [mark("a", 0, 5)], (), coders=("a", "b"), codes=("x",)) == ()
    )
    apart = [read("a", 0, 4), read("b", 5, 9)]
    assert build_continua([part(0, 9)], [], apart, coders=("a", "b"), codes=("x",)) == ()


def test_every_pair_of_coders_has_a_continuum_of_its_own():
    readings = [read("a", 0, 50), read("b", 0, 30), read("c", 20, 50)]
    found = build_continua([part(0, 50)], [], readings, coders=("a", "b", "c"), codes=("x",))
    assert {t.coders: t.spans.length for t in found} == {
        ("a", "b"): 30, ("a", "c"): 30, ("b", "c"): 10
    }  # fmt: skip


def test_overlapping_marks_of_one_code_are_one_and_unknown_codes_none():
    marks = [mark("a", 0, 10), mark("a", 5, 15), mark("a", 20, 25, "gone"), mark("b", 1, 2)]
    assert rows(one([part(0, 50)], marks)) == [(0, 0, 15, 0), (1, 1, 2, 0)]


places = st.lists(
    st.tuples(st.integers(0, 39), st.integers(1, 12)).map(lambda p: (p[0], min(40, sum(p)))),
    max_size=5,
)


@given(places, places, places, places)
def test_a_continuum_holds_each_marked_character_that_both_read(parts, first, second, marks):
    segments = [part(*p) for p in parts]
    readings = [read("a", *p) for p in first] + [read("b", *p) for p in second]
    codings = [mark("ab"[at % 2], *p) for at, p in enumerate(marks)]
    found = build_continua(segments, codings, readings, coders=("a", "b"), codes=("x",))

    def find_covered(spans):
        there = np.zeros(40, dtype=bool)
        for start, end in spans:
            there[start:end] = True
        return there

    marked = [find_covered(marks[at::2]) for at in (0, 1)]
    seen = [
        find_covered(own) | marked[at] if own or not marks[at::2] else np.ones(40, dtype=bool)
        for at, own in enumerate((first, second))
    ]
    kept = find_covered(parts) & seen[0] & seen[1]
    assert sum(t.spans.length for t in found) == kept.sum()
    for text in found:
        for at in (0, 1):
            ours = [(s, e) for c, s, e, _ in rows(text) if c == at]
            expected = marked[at][kept]
            assert find_covered(ours)[: text.spans.length].tolist() == expected.tolist()


def test_transcripts_come_in_order_of_name():
    parts = [part(0, 9, name) for name in ("t2", "t10", "t1")]
    readings = [read(c, 0, 9, p.transcript) for p in parts for c in "ab"]
    found = build_continua(parts, [], readings, coders=("a", "b"), codes=())
    assert [t.transcript for t in found] == ["t1", "t10", "t2"]
    assert all(t.spans.length == pytest.approx(9) for t in found)
