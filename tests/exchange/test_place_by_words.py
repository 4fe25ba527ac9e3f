"""Codings without a place are put where their words stand once, never by guessing."""

from __future__ import annotations

from autocode.exchange.losses import LossLedger
from autocode.exchange.place_by_words import place_by_words
from autocode.exchange.project import Selection, Source, ToolCode, ToolCoding, ToolProject
from autocode.exchange.reader import ReadProject


def coded(guid: str, words: str, **place: str) -> Selection:
    coding = ToolCoding(guid=f"coding {guid}", code="c")
    return Selection(
        guid=guid, source="t", name=words, place=tuple(place.items()), codings=(coding,)
    )


def read(*selections: Selection) -> ReadProject:
    ledger = LossLedger()
    ledger.lose("texts", "the words are locked away", "P01")
    ledger.change("codings", "without a place, as the text is locked", count=len(selections))
    project = ToolProject(
        name="p",
        codes=(ToolCode(guid="c", name="waiting"),),
        sources=(Source(guid="t", name="P01"),),
        selections=selections,
    )
    return ReadProject(project, ledger.close())


TEXT = "She waited and waited. Nobody\ncame, and so she went home in the end."


def test_words_that_stand_once_are_placed_and_the_rest_is_named():
    given = read(
        coded("a", "Nobody came"),
        coded("b", "waited"),
        coded("c", "elsewhere"),
        coded("d", "so she went", length="23"),
    )
    placed = place_by_words(given, {"t": TEXT})
    spans = {
        s.guid: s.start is not None and TEXT[s.start : s.end] for s in placed.project.selections
    }
    assert spans == {"a": "Nobody\ncame", "b": False, "c": False, "d": "so she went home in the"}
    assert placed.project.sources[0].text == TEXT
    items = [(i.outcome, i.what, i.count, i.places) for i in placed.report.items]
    assert items == [
        ("changed", "codings", 2, ()),
        ("changed", "codings", 2, ()),
        ("changed", "texts", 1, ()),
        ("lost", "places of codings", 1, ("P01: 'waited'",)),
        ("lost", "places of codings", 1, ("P01: 'elsewhere'",)),
    ]


def test_without_texts_at_hand_nothing_is_touched():
    given = read(coded("a", "Nobody"))
    assert place_by_words(given, {}) is given
    assert place_by_words(given, {"other": TEXT}) is given
