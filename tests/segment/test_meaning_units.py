from __future__ import annotations

from itertools import pairwise

import numpy as np

from autocode.segment.meaning_units import LONGEST, find_meaning_cuts

SHIP = "The captain sailed the harbour ships past the anchor and the tides that morning."
SOIL = "Tomatoes need compost and watering when the garden seeds have come up in spring."


def test_meaning_cuts_leave_a_paragraph_of_usual_length_whole():
    assert find_meaning_cuts([SHIP, SOIL]) == []


def test_meaning_cuts_come_where_the_words_change():
    assert 3 in find_meaning_cuts([SHIP] * 3 + [SOIL] * 3)


def test_meaning_cuts_follow_the_vectors_when_given():
    vectors = np.eye(2, dtype=np.float32)[[0, 0, 1, 1, 1, 1]]
    assert 2 in find_meaning_cuts([SHIP] * 6, lambda sentences: vectors)


def test_meaning_cuts_keep_units_within_the_longest():
    lengths = [len(SHIP.split())] * 40
    cuts = find_meaning_cuts([SHIP] * 40)
    bounds = [0, *cuts, 40]
    assert all(sum(lengths[a:b]) <= LONGEST for a, b in pairwise(bounds))


def test_meaning_cuts_never_part_one_long_sentence():
    assert find_meaning_cuts(["word " * 500]) == []
