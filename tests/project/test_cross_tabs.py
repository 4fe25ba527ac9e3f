"""Themes and codes by attribute, and what each transcript brings for the first time."""

from __future__ import annotations

import pytest

from autocode.analysis.attribute_values import NOT_GIVEN
from autocode.analysis.cross_tabs import Count
from autocode.core.errors import NotFound, NothingToDo
from autocode.encode.hashing import HashEncoder


def test_codes_by_attribute_are_counted_by_hand(project):
    table = project.cross_tabulate("region").codes
    assert table.columns == (("north",), ("south",))
    counts = {row.key: row.counts for row in table.rows}
    # Ann (north): one segment each of waiting, family and shame; Bob (south): waiting and family.
    assert counts["wait"] == (Count(1, 1), Count(1, 1))
    assert counts["shame"] == (Count(1, 1), Count(0, 0))
    assert project.cross_tabulate("region").themes is None


def test_themes_by_attribute_hold_every_member(project):
    draft = project.draft_themes(HashEncoder())
    table = project.cross_tabulate("region").themes
    assert set(table.columns) <= {("north",), ("south",), (NOT_GIVEN,)}
    for theme, row in zip(draft.themes, table.rows, strict=True):
        assert sum(c.n_segments for c in row.counts) == theme.n_segments
        assert sum(c.n_participants for c in row.counts) == len(theme.participants)


def test_an_unknown_attribute_names_those_there_are(project):
    with pytest.raises(NotFound, match=r"No attribute 'country'.*Choose one of: region\."):
        project.cross_tabulate("country")


def test_a_study_without_attributes_says_what_to_import(empty):
    with pytest.raises(NothingToDo, match="table of cases"):
        empty.cross_tabulate("country")


def test_saturation_counts_what_people_coded_in_the_order_imported(project):
    found = project.saturation()
    assert [(s.transcript, s.new) for s in found.codes.steps] == [("t1_ann", 3), ("t2_bob", 0)]
    assert found.themes is None
    project.draft_themes(HashEncoder())
    curve = project.saturation().themes
    assert curve.steps[-1].as_imported == len(project.themes().themes)


def test_saturation_of_nothing_is_nothing_to_do(empty):
    with pytest.raises(NothingToDo, match="neither a draft theme nor a coding"):
        empty.saturation()
