"""The thematic map and its changes: a tree of themes with relations, nothing impossible."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.core import map_edits as edits
from autocode.core.errors import AutocodeError, InputError, NotFound
from autocode.core.thematic_map import MapRelation, MapTheme, PlacedSegment, ThematicMap
from autocode.core.transcript import Span


@pytest.fixture
def small() -> ThematicMap:
    made = edits.add_theme(ThematicMap(), "Relational practice", is_central=True)
    made = edits.add_theme(made, "Doors", definition="Who gets in")
    made = edits.add_theme(made, "Waiting", parent="doors")
    made = edits.place_codes(made, "Waiting", ["wait", "letter", "wait"])
    return edits.relate_themes(made, "Doors", "M1", "undermines")


def test_themes_go_by_key_or_name_and_keep_their_key_when_renamed(small):
    renamed = edits.change_theme(small, "waiting", name="Limbo")
    assert renamed.find("M3").name == renamed.find("limbo").name == "Limbo"
    assert [(depth, theme.key) for depth, theme in renamed.walk()] == [
        (0, "M1"), (0, "M2"), (1, "M3"),
    ]  # fmt: skip
    assert renamed.find("Limbo").codes == ("wait", "letter")


def test_what_stood_below_a_removed_theme_moves_up_and_its_relations_go(small):
    smaller = edits.remove_theme(small, "Doors")
    assert smaller.find("Waiting").parent is None
    assert smaller.relations == ()


def test_a_new_key_is_never_that_of_a_removed_theme_while_a_later_one_stands(small):
    assert edits.add_theme(edits.remove_theme(small, "M2"), "New").themes[-1].key == "M4"


def test_segments_from_a_draft_are_placed_once_and_taken_out_together(small):
    placed = [PlacedSegment(transcript="t", span=Span(at, at + 2), draft="T01") for at in (0, 5)]
    once = edits.place_segments(small, "Doors", placed)
    assert edits.place_segments(once, "Doors", placed) == once
    assert edits.take_out_drafts(once, "Doors", ["T01"]) == small


def test_relations_are_renamed_not_doubled_and_end_in_either_direction(small):
    again = edits.relate_themes(small, "M2", "M1", "breaks")
    assert again.relations == (MapRelation("M2", "M1", "breaks"),)
    assert edits.unrelate_themes(again, "M1", "M2").relations == ()


@pytest.mark.parametrize(
    ("edit", "error", "words"),
    [
        (lambda m: edits.add_theme(m, " doors "), InputError, "already"),
        (lambda m: edits.add_theme(m, "  "), InputError, "name"),
        (lambda m: edits.add_theme(m, "Second", is_central=True), InputError, "central theme is"),
        (lambda m: edits.add_theme(m, "Low", parent="Dors"), NotFound, "Doors"),
        (lambda m: edits.change_theme(m, "Doors", parent="Waiting"), InputError, "each other"),
        (lambda m: edits.change_theme(m, "Doors", parent="Doors"), InputError, "under itself"),
        (lambda m: edits.relate_themes(m, "Doors", "doors"), InputError, "relate to itself"),
        (lambda m: edits.unrelate_themes(m, "Doors", "Waiting"), NotFound, "no relation"),
        (lambda m: edits.reverse_relation(m, "M1", "Doors"), NotFound, "no relation from"),
        (
            lambda m: edits.reverse_relation(edits.relate_themes(m, "M1", "M2"), "M2", "M1"),
            InputError,
            "relates to 'Doors' as well. Remove one",
        ),
        (lambda m: edits.take_out_codes(m, "Waiting", ["wiat"]), NotFound, "wait"),
        (lambda m: edits.take_out_drafts(m, "Waiting", ["T09"]), NotFound, "T09"),
    ],
)
def test_impossible_changes_are_refused_in_words(small, edit, error, words):
    with pytest.raises(error, match=words):
        edit(small)


def test_a_map_with_one_key_twice_is_refused():
    with pytest.raises(InputError, match="one key"):
        ThematicMap((MapTheme(key="M1", name="A"), MapTheme(key="M1", name="B")))


NAMES = st.sampled_from(["a", "b", "c", "d"])
EDITS = st.one_of(
    st.builds(
        lambda name, parent: lambda m: edits.add_theme(m, name, parent=parent),
        NAMES, st.none() | NAMES,
    ),
    st.builds(
        lambda theme, parent: lambda m: edits.change_theme(m, theme, parent=parent),
        NAMES, st.just("") | NAMES,
    ),
    st.builds(lambda theme: lambda m: edits.remove_theme(m, theme), NAMES),
    st.builds(lambda one, other: lambda m: edits.relate_themes(m, one, other), NAMES, NAMES),
)  # fmt: skip


def test_a_reversed_relation_keeps_its_words_and_its_place(small):
    more = edits.relate_themes(small, "M1", "Waiting", "feeds")
    turned = edits.reverse_relation(more, "Doors", "M1")
    assert [(r.one, r.other, r.name) for r in turned.relations] == [
        ("M1", "M2", "undermines"),
        ("M1", "M3", "feeds"),
    ]
    assert edits.reverse_relation(turned, "M1", "Doors") == more


@given(st.lists(EDITS, max_size=20))
def test_whatever_is_changed_every_theme_stays_in_the_tree(changes):
    made = ThematicMap()
    for change in changes:
        try:
            made = change(made)
        except AutocodeError:
            continue
    assert sorted(t.key for _, t in made.walk()) == sorted(made.by_key)
