"""Themes and codes by attributes: segments, participants, cells of one person, one denominator."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autocode.analysis.attribute_values import NOT_GIVEN
from autocode.analysis.cross_tabs import (
    Count,
    Eligible,
    KeyedSegments,
    count_segments,
    cross_tabulate,
)
from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Case, Coder, Coding, Reading
from autocode.core.errors import InputError
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
COUNTRY = {"Ann": (("Wales",),), "Bob": (("Wales",),), "Cy": (("England",),)}
CASES = [
    Case("Ann", {"country": "Wales", "site": "A"}),
    Case("Bob", {"country": "Wales", "site": "B"}),
    Case("Cy", {"country": "England", "site": "A"}),
]
CODEBOOK = Codebook((Code(id="bus", name="Bus"), Code(id="food", name="Food")))


def counted(groups, among=SEGMENTS):
    return count_segments(
        [KeyedSegments(*group) for group in groups],
        COUNTRY,
        of="themes",
        by=["country"],
        among=among,
        eligible=Eligible.IN_DRAFT,
    )


def coded(at, code, coder="Kim"):
    return Coding(transcript="t", span=Span(at, at + 1), code=code, coder=coder)


def tables(*by, codings, readings=(), coders=()):
    return cross_tabulate(
        by,
        cases=CASES,
        segments=SEGMENTS,
        codebook=CODEBOOK,
        codings=codings,
        readings=readings,
        coders=coders,
    )


def test_segments_and_participants_are_counted_by_value():
    table = counted([("T01", "One", SEGMENTS[:4]), ("T02", "Two", SEGMENTS[4:])])
    assert table.columns == (("England",), ("Wales",), (NOT_GIVEN,))
    assert table.totals == (Count(1, 1), Count(3, 2), Count(1, 1))
    assert table.rows[0].counts == (Count(1, 1), Count(3, 2), Count(0, 0))
    assert [c.rests_on_one for c in table.rows[0].counts] == [True, False, False]
    assert table.rows[1].counts[2] == Count(1, 1)


def test_order_of_the_segments_does_not_matter():
    there = counted([("T01", "One", SEGMENTS)])
    assert counted([("T01", "One", SEGMENTS[::-1])], SEGMENTS[::-1]) == there


def test_nothing_is_an_empty_table():
    table = counted([], [])
    assert (table.columns, table.totals, table.rows) == ((), (), ())


def test_the_denominator_of_codes_is_what_people_have_read():
    # Cy was read and given no code; Dee was not read.
    readings = [Reading("t", Span(3, 4), "Kim")]
    table = tables("country", codings=[coded(0, "bus"), coded(2, "food")], readings=readings).codes
    assert table.eligible is Eligible.READ_BY_PEOPLE
    assert dict(zip(table.columns, table.totals, strict=True)) == {
        ("England",): Count(1, 1),
        ("Wales",): Count(2, 2),
    }
    assert [(row.key, row.counts) for row in table.rows] == [
        ("bus", (Count(0, 0), Count(1, 1))),
        ("food", (Count(0, 0), Count(1, 1))),
    ]


def test_codings_of_machines_do_not_count():
    codings = [coded(0, "bus"), coded(2, "food", coder="model")]
    table = tables("country", codings=codings, coders=[Coder("model", "machine")]).codes
    assert [row.key for row in table.rows] == ["bus"]
    assert tables("country", codings=codings[1:], coders=[Coder("model", "machine")]).codes is None


def test_two_attributes_are_crossed():
    table = tables("country", "site", codings=[coded(at, "bus") for at in range(5)]).codes
    assert table.columns == (("England", "A"), ("Wales", "A"), ("Wales", "B"), ("", ""))
    assert table.rows[0].counts == (Count(1, 1), Count(2, 1), Count(1, 1), Count(1, 1))
    first = table.to_rows()[0]
    assert (first["country"], first["site"], first["n_segments"]) == ("England", "A", 1)
    assert table.to_rows()[-1]["country"] is None


@pytest.mark.parametrize("by", [(), ("country", "country"), ("country", "site", "site")])
def test_no_attribute_more_than_two_or_one_twice_are_refused(by):
    with pytest.raises(InputError, match="one attribute or two different ones"):
        tables(*by, codings=[coded(0, "bus")])


def by_years(*years, n_bins=None, also=()):
    cases = [Case(f"P{at}", {"years": y, **dict(also)}) for at, y in enumerate(years)]
    segments = [said(case.name, 2 * at) for at, case in enumerate(cases)]
    made = cross_tabulate(
        ["years", *(name for name, _ in also)],
        cases=cases,
        segments=segments,
        codebook=CODEBOOK,
        codings=[coded(s.span.start, "bus") for s in segments],
        readings=(),
        n_bins=n_bins,
    ).codes
    return [column[0] for column in made.columns], [c.n_participants for c in made.rows[0].counts]


@pytest.mark.parametrize(
    "values",
    [
        ["2", "9", "10", "22", ""],
        ["-1.5", "0", "2.25", "10"],
        ["5-9", "10-14", "65+"],
        ["2 to 9", "10 to 22"],
        # One value that is no number: text, sorted as text.
        ["10", "2", "many"],
        # What stands for a missing number is after the numbers.
        ["2", "10", "nan", ""],
    ],
)
def test_numbers_and_ranges_are_sorted_by_size(values):
    assert by_years(*reversed(values))[0] == values


@pytest.mark.parametrize(
    ("years", "n_bins", "columns", "counts"),
    [
        (range(1, 11), 2, ["1 to 5", "6 to 10"], [5, 5]),
        ([2, 3, 9, 10, 11, 22], 3, ["2 to 3", "9 to 10", "11 to 22"], [2, 2, 2]),
        ([1, 5, 5, 5, 5], 2, ["1", "5"], [1, 4]),
        ([1, 1, 1, 1, 5], 2, ["1", "5"], [4, 1]),
        ([7, 7, 7], 4, ["7"], [3]),
        ([2.5, 10, "", 0.5], 3, ["0.5", "2.5", "10", ""], [1, 1, 1, 1]),
        (["2", "2.0", "10"], 2, ["2", "10"], [2, 1]),
        (
            ["2", "NaN", "10", "n/a", "9", ""],
            2,
            ["2", "9 to 10", "NaN", "n/a", ""],
            [1, 2, 1, 1, 1],
        ),
    ],
)
def test_numbers_are_put_into_quantile_bins(years, n_bins, columns, counts):
    assert by_years(*map(str, years), n_bins=n_bins) == (columns, counts)


def test_text_is_not_put_into_bins():
    assert by_years("2", "10", "3", "9", n_bins=2, also=[("role", "nurse")])[0] == [
        "2 to 3",
        "9 to 10",
    ]
    with pytest.raises(InputError, match=r"Only numbers.*'years' has 'many'\.$"):
        by_years("2", "many", n_bins=2)
    with pytest.raises(InputError, match=r"Only numbers.*'years' has 'NA'"):
        by_years("NA", "NA", n_bins=2)
    with pytest.raises(InputError, match="two bins"):
        by_years("2", "3", n_bins=1)


def test_an_interviewer_whose_words_are_coded_is_no_participant():
    asked = replace(said("Eve", 5), role="interviewer", case=None)
    table = counted([("T01", "One", [SEGMENTS[0], asked])], [*SEGMENTS, asked])
    assert table.columns == (("England",), ("Wales",), (NOT_GIVEN,))
    assert table.totals == (Count(1, 1), Count(3, 2), Count(2, 1))
    assert table.rows[0].counts == (Count(0, 0), Count(1, 1), Count(1, 0))
