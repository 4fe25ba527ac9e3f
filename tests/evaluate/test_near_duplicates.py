from __future__ import annotations

from autocode.core.transcript import Segment, Span
from autocode.evaluate.near_duplicates import find_near_duplicates

LONG = "we waited {} long months for one single letter"


def said(transcript, *words):
    return [
        Segment(transcript=transcript, span=Span(i, i + 1), excerpt=text)
        for i, text in enumerate(words)
    ]


def numbered(*numbers):
    return [LONG.format(n) for n in numbers]


def test_a_third_of_longer_segments_makes_near_duplicates():
    a, b = said("a", *numbered(1, 2, 3)), said("b", *numbered(3, 4, 5))
    assert find_near_duplicates([*a, *b]) == [("a", "b")]


def test_less_than_a_third_does_not():
    a, b = said("a", *numbered(1, 2, 3, 4)), said("b", *numbered(4, 5, 6, 7))
    assert find_near_duplicates([*a, *b]) == []


def test_short_segments_do_not_count():
    assert find_near_duplicates([*said("a", "Yes I think so"), *said("b", "Yes I think so")]) == []


def test_case_and_blanks_do_not_matter():
    again = [text.upper().replace(" ", "  \n") for text in numbered(1)]
    assert find_near_duplicates([*said("a", *numbered(1)), *said("b", *again)]) == [("a", "b")]


def test_sharing_goes_on_from_one_to_the_next():
    rows = [
        *said("c", *numbered(2, 3)),
        *said("a", *numbered(1)),
        *said("b", *numbered(1, 2)),
        *said("d", *numbered(9)),
    ]
    assert find_near_duplicates(rows) == [("a", "b", "c")]
    assert find_near_duplicates(rows[::-1]) == [("a", "b", "c")]
