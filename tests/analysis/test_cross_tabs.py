"""Themes and codes by attribute: segments, participants, and cells of one voice."""

from __future__ import annotations

from autocode.analysis.cross_tabs import NOT_GIVEN, Count, crossed
from autocode.core.transcript import Segment, Span


def said(who, at):
    return Segment(
        transcript="t",
        span=Span(at, at + 1),
        excerpt="x",
        speaker=who,
        role="participant",
        case=who,
    )


SEGMENTS = [said("Ann", 0), said("Ann", 1), said("Bob", 2), said("Cy", 3), said("Dee", 4)]
COUNTRY = {"Ann": "Wales", "Bob": "Wales", "Cy": "England"}


def test_segments_and_participants_are_counted_by_value():
    rows = [("T01", "One", SEGMENTS[:4]), ("T02", "Two", SEGMENTS[4:])]
    table = crossed("country", COUNTRY, rows, among=SEGMENTS)
    assert table.values == ("England", "Wales", NOT_GIVEN)
    assert table.totals == (Count(1, 1), Count(3, 2), Count(1, 1))
    assert table.rows[0].counts == (Count(1, 1), Count(3, 2), Count(0, 0))
    assert [c.rests_on_one for c in table.rows[0].counts] == [True, False, False]
    assert table.rows[1].counts[2] == Count(1, 1)


def test_order_of_the_segments_does_not_matter():
    rows = [("T01", "One", SEGMENTS[::-1])]
    there = crossed("country", COUNTRY, [("T01", "One", SEGMENTS)], among=SEGMENTS)
    assert crossed("country", COUNTRY, rows, among=SEGMENTS[::-1]) == there


def test_nothing_is_an_empty_table():
    table = crossed("country", COUNTRY, [], among=[])
    assert (table.values, table.totals, table.rows) == ((), (), ())
