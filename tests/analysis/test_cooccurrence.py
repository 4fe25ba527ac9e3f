"""Themes next to each other in talk, set against chance."""

from __future__ import annotations

import pytest

from autocode.analysis.cooccurrence import relations

from ..report.support import segment, theme


def test_relations_count_neighbours_and_what_chance_gives():
    pairs = [segment(f"t{at}", start) for at in range(4) for start in (0, 30)]
    others = [segment(f"u{at}", start) for at in range(4) for start in (0, 30)]
    found = relations([theme("A", pairs[::2]), theme("B", pairs[1::2]), theme("C", others)])
    assert [(r.one, r.other, r.n) for r in found] == [("A", "B", 4)]
    # A has 4 of the 16 ends of 8 pairs, B 4.
    assert found[0].expected == pytest.approx(4 * 4 / 16)


def test_relations_need_nearness_and_two_times():
    far = [segment(f"t{at}", start) for at in range(4) for start in (0, 5000)]
    once = [segment("t", 0), segment("t", 30)]
    assert relations([theme("A", far[::2]), theme("B", far[1::2])]) == []
    assert relations([theme("A", once[:1]), theme("B", once[1:])]) == []


def test_relations_do_not_reach_over_a_segment_between():
    talk = [segment(f"t{at}", start) for at in range(3) for start in (0, 30, 60)]
    found = relations([theme("A", talk[::3]), theme("M", talk[1::3]), theme("B", talk[2::3])])
    assert ("A", "B") not in {(r.one, r.other) for r in found}


def test_relations_do_not_depend_on_the_order_of_themes():
    talk = [segment(f"t{at}", start) for at in range(3) for start in (0, 30)]
    found = [theme("A", talk[::2]), theme("B", talk[1::2]), theme("C", [segment("z")])]
    assert relations(found) == relations(found[::-1])
