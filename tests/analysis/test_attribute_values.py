from __future__ import annotations

import pytest

from autocode.analysis.attribute_values import (
    list_values,
    name_participants,
    resolve_attributes,
    split_values,
)
from autocode.analysis.cross_tabs import Count, cross_tabulate
from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Case, Coding
from autocode.core.errors import NotFound
from autocode.core.transcript import Segment, Span

CASES = [
    Case("Lam", {"clinicians": "nurses; social workers ;nurses", "Setting": "ward"}),
    Case("Lee", {"clinicians": "nurses, psychologists", "setting": "home"}),
    Case("Reid", {}),
]


@pytest.mark.parametrize(
    ("cell", "marks", "values"),
    [
        ("a; b;a", ";", ("a", "b")),
        ("a, b", ";", ("a, b",)),
        ("a, b; c", ";,", ("a", "b", "c")),
        (" ; ", ";", ("",)),
        ("", ";", ("",)),
        ("a-b", "-", ("a", "b")),
    ],
)
def test_a_cell_is_parted_at_its_marks(cell, marks, values):
    assert split_values(cell, marks) == values


def test_attributes_are_known_whatever_their_capitals():
    assert resolve_attributes(CASES, ["SETTING", "Clinicians"]) == ("Setting", "clinicians")
    assert list_values(CASES, ["setting"])["Lee"] == (("home",),)
    with pytest.raises(NotFound, match="Choose one of: Setting, clinicians"):
        resolve_attributes(CASES, ["place"])


def said(who, at):
    return Segment(
        transcript="t",
        span=Span(at, at + 1),
        excerpt="x",
        speaker=who,
        role="participant",
        case=who,
    )


def tabulate(*by, split_at=""):
    segments = [said("Lam", 0), said("Lam", 1), said("Lee", 2), said("Reid", 3)]
    codings = [
        Coding(transcript="t", span=s.span, code="bus", coder="Kim") for s in segments if s.case
    ]
    return cross_tabulate(
        by,
        cases=CASES,
        segments=segments,
        codebook=Codebook((Code(id="bus", name="Bus"),)),
        codings=codings,
        readings=[],
        split_at=split_at,
    ).codes


def test_a_participant_with_several_values_counts_in_each():
    table = tabulate("Clinicians", split_at=",")
    assert table.by == ("clinicians",)
    assert dict(zip(table.columns, table.totals, strict=True)) == {
        ("nurses",): Count(3, 2),
        ("psychologists",): Count(1, 1),
        ("social workers",): Count(2, 1),
        ("",): Count(1, 1),
    }
    assert table.n_in_several == 2
    assert table.to_dict()["n_in_several"] == 2


def test_a_comma_parts_values_on_request_only():
    assert ("nurses, psychologists",) in tabulate("clinicians").columns
    assert tabulate("clinicians").n_in_several == 1


def test_two_attributes_are_crossed_value_by_value():
    table = tabulate("clinicians", "setting")
    assert ("social workers", "ward") in table.columns
    assert ("nurses", "ward") in table.columns


def test_studies_of_papers_count_papers():
    papers = [
        Case("Lam", {"Title": "x", "year": "2016"}),
        Case("Lee", {"doi": "1", "authors": "L"}),
    ]
    assert name_participants(papers) == "papers"
    assert name_participants([*papers, Case("P1", {"year": "1990"})]) == "participants"
    assert name_participants([]) == "participants"
