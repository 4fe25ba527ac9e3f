"""Codes near a code: by the words of their entries, and by the places that both are on."""

from __future__ import annotations

from autocode.analysis.near_codes import count_shared, find_near_codes
from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Coding
from autocode.core.transcript import Span

BOOK = Codebook(
    (
        Code(id="wait", name="Waiting", definition="waiting for a letter"),
        Code(id="limbo", name="In limbo", definition="the waiting has no end"),
        Code(id="bus", name="Transport", definition="how people travel"),
        Code(id="kin", name="Kin", definition="brothers, sisters"),
    )
)


def coding(code, start, end, transcript="t", coder="A"):
    return Coding(transcript=transcript, span=Span(start, end), code=code, coder=coder)


def test_the_same_words_bring_codes_together():
    near = find_near_codes(BOOK, [], "wait")
    assert [one.code for one in near] == ["limbo"]
    assert 0.12 <= near[0].likeness < 1


def test_codes_on_the_same_places_are_near_too():
    codings = [coding("wait", 0, 10), coding("bus", 5, 20), coding("kin", 10, 12),
               coding("kin", 0, 10, transcript="u")]  # fmt: skip
    assert {one.code: one.n_shared for one in find_near_codes(BOOK, codings, "wait")} == {
        "limbo": 0,
        "bus": 1,
    }


def test_pairs_that_overlap_are_counted_as_by_looking_at_each_pair():
    codings = [coding(("wait", "bus", "kin")[i % 3], i * 7 % 40, i * 7 % 40 + 3 + i % 9)
               for i in range(60)]  # fmt: skip
    mine = [c for c in codings if c.code == "wait"]
    expected = {
        other: sum(bool(m.span.overlap(c.span)) for m in mine for c in codings if c.code == other)
        for other in ("bus", "kin")
    }
    assert dict(count_shared(codings, "wait")) == expected
    assert count_shared([], "wait") == {}
