"""Units on which coders differ, as a consensus meeting reads them."""

from __future__ import annotations

from autocode.agreement.resampling.intervals import Resampling
from autocode.agreement.study.decisions import Unit
from autocode.agreement.study.table import measure_agreement
from autocode.core.transcript import Source, Span, Transcript, Turn
from autocode.report.disagreements import SharedCode, view_disagreements

CODERS = ("a", "b", "c")


def listed(*units, memos=None, transcripts=()):
    agreement = measure_agreement(
        units, CODERS, ["x", "y"], unit_name="turn", resampling=Resampling(n_resamples=0)
    )
    return view_disagreements(agreement, memos or {}, transcripts)


def unit(transcript="t1", start=0, **applied):
    codes = {coder: frozenset(given.split()) for coder, given in applied.items()}
    return Unit(
        transcript=transcript,
        excerpt=f"words at {start}",
        applied=codes,
        span=Span(start, start + 10),
    )


def test_units_come_by_transcript_in_their_order_with_an_anchor_of_their_own():
    listed_units = listed(
        unit("t2", 0, a="x", b=""), unit("t1", 0, a="x", b="y"), unit("t2", 10, a="", b="x")
    )
    assert {name: [d.excerpt for d in units] for name, units in listed_units.items()} == {
        "t2": ["words at 0", "words at 10"], "t1": ["words at 0"]
    }  # fmt: skip
    anchors = [d.anchor for units in listed_units.values() for d in units]
    assert len(set(anchors)) == 3


def test_agreement_is_not_listed_and_nothing_is_an_empty_list():
    assert listed(unit(a="x", b="x"), unit(a="", b="")) == {}
    assert listed() == {}


def test_coders_who_gave_the_same_are_one_group_and_the_most_common_comes_first():
    ((difference,),) = listed(unit(a="x", b="x y", c="x y")).values()
    first, second = difference.groups
    assert first.coders == ("b", "c")
    assert first.codes == (SharedCode("x", True), SharedCode("y", False))
    assert (second.coders, second.codes) == (("a",), (SharedCode("x", True),))
    assert difference.codes == ("x", "y")
    assert difference.unread == ()


def test_who_has_not_read_is_distinguished_from_who_gave_nothing():
    ((difference,),) = listed(unit(a="x", b="")).values()
    assert difference.unread == ("c",)
    assert {group.coders: group.codes for group in difference.groups} == {
        ("a",): (SharedCode("x", False),),
        ("b",): (),
    }


def test_memos_stand_with_the_units_they_overlap_and_with_their_coder():
    memos = {
        ("t1", 5, 15, "a"): "over both",
        ("t1", 10, 12, "b"): "second only",
        ("t1", 30, 40, "a"): "elsewhere",
        ("t2", 0, 10, "a"): "another transcript",
        ("t1", 0, 10, "b"): "  ",
    }
    listed_units = listed(unit("t1", 0, a="x", b=""), unit("t1", 10, a="y", b="x"), memos=memos)
    shown = [sorted(m for g in d.groups for m in g.memos) for d in listed_units["t1"]]
    assert shown == [[("a", "over both")], [("a", "over both"), ("b", "second only")]]


def test_a_memo_that_ends_where_a_unit_begins_is_not_on_it():
    ((difference,),) = listed(unit("t1", 10, a="x", b=""), memos={("t1", 0, 10, "a"): "m"}).values()
    assert [group.memos for group in difference.groups] == [(), ()]


def test_a_place_is_the_speaker_and_the_turn():
    turns = (Turn(span=Span(0, 9), speaker="Ann"), Turn(span=Span(10, 20), speaker="Kofi"))
    source = Source(name="t1", format="txt", digest="0")
    transcript = Transcript(name="t1", text="a" * 20, turns=turns, source=source)
    ((difference,),) = listed(unit(start=10, a="x", b=""), transcripts=[transcript]).values()
    assert difference.position == "Kofi, turn 2"
    ((difference,),) = listed(unit(start=10, a="x", b="")).values()
    assert difference.position == ""
