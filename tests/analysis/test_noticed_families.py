"""Codes of an interview guide are noticed by few transcripts and one order, others are not."""

from __future__ import annotations

import random

import pytest

from autocode.analysis.noticed_families import notice_families
from autocode.core.code_family import CodeFamily
from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Coding
from autocode.core.transcript import Span

GUIDE = [f"Q{number}" for number in range(1, 7)]
OTHERS = [f"theme {letter}" for letter in "abcdefgh"]


def code_at(transcript: str, start: int, code: str) -> Coding:
    return Coding(transcript=transcript, span=Span(start, start + 5), code=code, coder="Ana")


def coded(guided: dict[str, list[str]], n_others: int = 6) -> list[Coding]:
    """Transcripts with the guide's codes in the order given, and others with themes."""
    drawn = random.Random(0)
    codings = [
        code_at(name, 100 * at, code)
        for name, codes in guided.items()
        for at, code in enumerate(codes)
    ]
    for number in range(n_others):
        for at, code in enumerate(drawn.sample(OTHERS, 5)):
            codings.append(code_at(f"other {number}", 100 * at, code))
    return codings


def book(names: list[str] = [*GUIDE, *OTHERS], **changes) -> Codebook:  # noqa: B006 - not changed
    return Codebook(tuple(Code(id=name, name=name, **changes) for name in names))


def test_codes_in_few_transcripts_and_one_order_are_noticed_with_their_evidence():
    codings = coded({"a": GUIDE, "b": GUIDE[:5], "c": [GUIDE[1], GUIDE[0], *GUIDE[2:]]})
    (noticed,) = notice_families(book(), codings)
    assert noticed.codes == tuple(GUIDE)
    assert noticed.transcripts == ("a", "b", "c")
    assert noticed.n_coded == 9
    assert noticed.tau == pytest.approx((10 - 1 * 2 + 10 - 2 + 15) / 40, abs=0.2)
    assert noticed.tau >= 0.5
    assert noticed.chance <= 0.01
    assert "in 3 of 9 coded transcripts" in noticed.describe()


def test_the_same_codes_in_any_order_are_no_family():
    drawn = random.Random(1)
    guided = {name: drawn.sample(GUIDE, len(GUIDE)) for name in "abc"}
    assert notice_families(book(), coded(guided)) == []


def test_codes_of_most_transcripts_are_no_family():
    assert notice_families(book(), coded({name: GUIDE for name in "abcdefgh"}, n_others=2)) == []


def test_too_few_codes_in_one_order_may_be_chance():
    assert notice_families(book(), coded({"a": GUIDE[:3], "b": GUIDE[:3]})) == []


def test_codes_so_numbered_come_along_and_others_in_the_order_do_not():
    names = [*GUIDE, "Q7", *OTHERS]
    guided = {name: [GUIDE[0], "theme a", *GUIDE[1:]] for name in "abc"}
    codings = [c for c in coded(guided) if c.code != "theme a" or c.transcript in "abc"]
    (noticed,) = notice_families(book(names), codings)
    assert noticed.codes == (*GUIDE, "Q7")
    assert noticed.named_alike == ("Q7",)


def test_what_is_in_a_family_is_not_proposed_again():
    marked = book(GUIDE, family=CodeFamily("structural"))
    codings = coded({"a": GUIDE, "b": GUIDE, "c": GUIDE})
    assert notice_families(Codebook((*marked, *book(OTHERS))), codings) == []


def test_the_evidence_is_the_same_in_any_order_of_the_codings():
    codings = coded({"a": GUIDE, "b": GUIDE[:5], "c": GUIDE})
    assert notice_families(book(), codings) == notice_families(book(), codings[::-1])


def test_names_without_numbers_are_ordered_by_their_first_uses():
    names = ["warm-up", "journey", "costs", "wishes", "close"]
    codings = coded({name: names for name in "abc"})
    (noticed,) = notice_families(book(sorted([*names, *OTHERS])), codings)
    assert noticed.codes == tuple(names)
    assert noticed.codebook_tau < 0.5
