"""Codes never seen: what is known, what is grouped, what learning brings, and two people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autocode.evaluate.group_excerpts import AutocodeGrouper
from autocode.evaluate.novel_codes import (
    CodedSegment,
    collect_known,
    draw_novel_codes,
    evaluate_novel_codes,
    measure_coder_agreement,
)
from autocode.linalg import unit_rows

N_CODES, N_EACH = 24, 14
GENERATOR = np.random.default_rng(5)
CENTRES = GENERATOR.normal(size=(N_CODES, 8))
CODE = np.tile(np.arange(N_CODES), N_EACH)


def talk():
    """Coded segments of six transcripts, each of one code, and their unit rows (n, 64).

    Eight directions say which code a segment has, two others vary far more.
    """
    rows = 0.1 * np.random.default_rng(1).normal(size=(len(CODE), 64))
    rows[:, :8] += CENTRES[CODE] + 0.3 * np.random.default_rng(2).normal(size=(len(CODE), 8))
    rows[:, 8:10] += 3 * np.random.default_rng(3).normal(size=(len(CODE), 2))
    segments = [
        CodedSegment(
            transcript=f"t{at % 7}",
            excerpt=f"bench word{at} kettle{at}",
            codes=frozenset({f"c{code:02d}"}),
            majority=f"c{code:02d}",
        )
        for at, code in enumerate(CODE.tolist())
    ]
    return segments, unit_rows(rows).astype(np.float32)


SEGMENTS, VECTORS = talk()
ASKED = {"n_draws": 4, "fewest_uses": 3, "seed": 0}


def test_learning_from_known_codes_brings_groups_nearer_to_the_others():
    novel = evaluate_novel_codes(
        SEGMENTS, VECTORS, AutocodeGrouper("ward"), **(ASKED | {"n_draws": 2})
    )
    assert novel.n_draws == novel.n_learned == 2
    assert novel.at_true_number.gain.low > 0.1
    assert novel.at_true_number.n_gains == 2
    assert novel.by_rule.gain.mean > 0.1


def test_nothing_that_is_coded_is_grouped_and_no_novel_code_is_known():
    several = [
        replace(segment, codes=segment.codes | {f"c{(at * 7) % N_CODES:02d}"})
        for at, segment in enumerate(SEGMENTS)
    ]
    several += [replace(segment, transcript="t9") for segment in several[:40]]
    draws = list(draw_novel_codes(several, **ASKED))
    assert len(draws) == 4
    for draw in draws:
        known, novel = set(draw.known), set(draw.novel)
        assert len({several[row].transcript for row in known}) <= 4
        assert not known & novel
        words = [several[row].excerpt for row in draw.novel]
        assert len(words) == len(set(words))
        assert not {several[row].excerpt for row in known} & set(words)
        assert not {several[row].majority for row in novel} & draw.known_codes
        material = collect_known(several, np.vstack([VECTORS, VECTORS[:40]]), draw)
        assert material.applied.shape == (len(known), len(draw.known_codes))
        assert material.applied.any(axis=1).all()


def test_draws_are_seeded():
    one, again = (list(draw_novel_codes(SEGMENTS, **ASKED)) for _ in range(2))
    assert one == again
    assert one != list(draw_novel_codes(SEGMENTS, **(ASKED | {"seed": 1})))


def test_where_too_little_is_known_learning_changes_nothing():
    few = [at for at, code in enumerate(CODE) if code < 8]
    novel = evaluate_novel_codes(
        [SEGMENTS[at] for at in few],
        VECTORS[few],
        AutocodeGrouper("ward"),
        **(ASKED | {"n_draws": 1}),
    )
    assert novel.n_learned == 0
    assert novel.by_rule.learned == novel.by_rule.plain
    assert novel.at_true_number.gain.mean == 0


def test_too_few_codes_leave_nothing_to_measure():
    two = [at for at, code in enumerate(CODE) if code < 2]
    asked = ([SEGMENTS[at] for at in two], VECTORS[two], AutocodeGrouper("ward"))
    assert evaluate_novel_codes(*asked, **ASKED) is None


def given(**codes):
    return {coder: frozenset(words.split()) for coder, words in codes.items()}


def test_two_people_who_group_alike_agree_whatever_they_call_it():
    same = [given(Amina="bus", Jonas="coach"), given(Amina="tea", Jonas="kettle")] * 5
    agreed = measure_coder_agreement([*same, given(Amina="bus"), given(Jonas="")])
    assert agreed.ami == pytest.approx(1)
    assert (agreed.n_pairs, agreed.n_segments) == (1, 10)


def test_of_several_codes_of_a_person_the_commonest_counts():
    material = [given(Amina="bus", Jonas="bus late"), given(Amina="tea", Jonas="tea late")] * 4
    late = [given(Kim="late")] * 9
    assert measure_coder_agreement([*material, *late]).ami == pytest.approx(0)
    subjects = [given(Kim="bus tea")] * 9
    assert measure_coder_agreement([*material, *subjects]).ami == pytest.approx(1)


def test_pairs_of_coders_weigh_as_what_both_coded():
    alike = [given(Amina="bus", Jonas="bus"), given(Amina="tea", Jonas="tea")] * 6
    apart = [given(Amina="bus", Kim="bus"), given(Amina="tea", Kim="bus")] * 2
    agreed = measure_coder_agreement([*alike, *apart])
    assert agreed.ami == pytest.approx(12 / 16)
    assert agreed.n_pairs == 2


def test_without_anything_coded_twice_people_are_not_compared():
    assert measure_coder_agreement([given(Amina="bus"), given(Jonas="tea")]) is None
