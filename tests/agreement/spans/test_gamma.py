"""Gamma: the best alignment against trying every one, and what must hold for any unitization."""

from __future__ import annotations

from itertools import combinations, product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autocode.agreement.spans.gamma import best_alignment, gamma, gammas, pooled_gamma
from autocode.agreement.spans.gamma_alignments import Dissimilarity
from autocode.agreement.spans.runs import Spans, spans_from_rows
from autocode.agreement.spans.set_packing import NONE
from autocode.core.errors import InputError

from .support import any_spans, rows_of

SAMPLERS = ["shuffle", "statistical"]


def apart(first, second, unlike: Dissimilarity) -> float:
    if first is None or second is None:
        return 1.0
    _, s, e, c = first
    _, t, f, d = second
    shift = (abs(s - t) + abs(e - f)) / (e - s + f - t)
    return unlike.alpha * shift**2 + unlike.beta * (c != d)


def least_disorder(spans: Spans, unlike: Dissimilarity) -> float:
    """By trying every way of grouping the units, straight from the definition."""
    n_coders, units = spans.n_coders, rows_of(spans)

    def cost(group):
        slots = list(group) + [None] * (n_coders - len(group))
        return sum(apart(a, b, unlike) for a, b in combinations(slots, 2)) / comb(n_coders, 2)

    def least(rest):
        if not rest:
            return 0.0
        head, rest = rest[0], rest[1:]
        others = [
            [None, *(i for i, unit in enumerate(rest) if unit[0] == coder)]
            for coder in range(n_coders)
            if coder != head[0]
        ]
        found = []
        for choice in product(*others):
            picked = {i for i in choice if i is not None}
            group = [head, *(rest[i] for i in picked)]
            found.append(cost(group) + least([u for i, u in enumerate(rest) if i not in picked]))
        return min(found)

    return least(units) / (len(units) / n_coders)


@pytest.mark.slow
@given(any_spans(n_coders=2, max_size=7), st.floats(0, 4), st.floats(0, 3))
def test_the_best_alignment_of_two_coders_is_the_best(spans, alpha, beta):
    check_best(spans, Dissimilarity(alpha, beta))


@settings(max_examples=60)
@given(any_spans(n_coders=3, max_size=6), st.floats(0, 4), st.floats(0, 3))
def test_the_best_alignment_of_three_coders_is_the_best(spans, alpha, beta):
    check_best(spans, Dissimilarity(alpha, beta))


@settings(max_examples=25)
@given(any_spans(n_coders=4, max_size=6))
def test_the_best_alignment_of_four_coders_is_the_best(spans):
    check_best(spans, Dissimilarity(3.0, 1.0))


def check_best(spans, unlike):
    found = best_alignment(spans, dissimilarity=unlike)
    if found is None:
        assert not spans.coder.size
        return
    assert found.disorder == pytest.approx(least_disorder(spans, unlike))
    used = np.sort(found.units[found.units != NONE])
    assert np.array_equal(used, np.arange(spans.coder.size))
    for coder in range(spans.n_coders):
        column = found.units[:, coder]
        assert (spans.coder[column[column != NONE]] == coder).all()


def random_text(generator, n_units=40, n_coders=2, length=6000, n_codes=4):
    rows = []
    for coder in range(n_coders):
        start = generator.integers(0, length - 100, n_units)
        end = start + generator.integers(20, 100, n_units)
        code = generator.integers(0, n_codes, n_units)
        rows.append(np.stack([np.full(n_units, coder), start, end, code], axis=1))
    return spans_from_rows(np.concatenate(rows), length, n_coders=n_coders, n_codes=n_codes)


@pytest.mark.parametrize("n_coders", [2, 3])
def test_disorder_does_not_depend_on_coders_order_codes_names_place_or_scale(n_coders):
    spans = random_text(np.random.default_rng(1), n_coders=n_coders)
    before = best_alignment(spans).disorder
    others = [
        spans_from_rows(rows, spans.length * 3, n_coders=n_coders, n_codes=4)
        for rows in (
            [(n_coders - 1 - c, s, e, k) for c, s, e, k in rows_of(spans)],
            [(c, s, e, 3 - k) for c, s, e, k in rows_of(spans)],
            [(c, s + 999, e + 999, k) for c, s, e, k in rows_of(spans)],
            [(c, 3 * s, 3 * e, k) for c, s, e, k in rows_of(spans)],
            rows_of(spans)[::-1],
        )
    ]
    assert [best_alignment(o).disorder for o in others] == pytest.approx([before] * 5)


def test_repeating_a_text_far_away_keeps_its_disorder():
    spans = random_text(np.random.default_rng(2), n_coders=3)
    rows = rows_of(spans)
    rows += [(c, s + 50_000, e + 50_000, k) for c, s, e, k in rows]
    twice = spans_from_rows(rows, 60_000, n_coders=3)
    assert best_alignment(twice).disorder == pytest.approx(best_alignment(spans).disorder)


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("n_coders", [2, 3])
def test_equal_coders_have_gamma_one(sampler, n_coders):
    one = random_text(np.random.default_rng(4), n_coders=1)
    rows = [(c, s, e, k) for c in range(n_coders) for _, s, e, k in rows_of(one)]
    same = spans_from_rows(rows, one.length, n_coders=n_coders)
    found = gamma(same, sampler=sampler, n_samples=5)
    assert found.value == 1
    assert found.observed == 0


# What the statistical sampler draws is only a model of these texts: evenly spread, overlapping.
@pytest.mark.slow
@pytest.mark.parametrize(("sampler", "near"), [("shuffle", 0.02), ("statistical", 0.05)])
def test_chance_gives_values_near_zero(sampler, near):
    generator = np.random.default_rng(5)
    found = gammas([random_text(generator) for _ in range(60)], sampler=sampler)
    assert abs(np.mean([one.value for one in found])) < near
    assert abs(pooled_gamma(found).value) < near


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_the_seed_decides_and_is_the_only_thing_that_does(sampler):
    spans = random_text(np.random.default_rng(6), n_units=15)
    first = gamma(spans, sampler=sampler, seed=1)
    assert gamma(spans, sampler=sampler, seed=1) == first
    assert gamma(spans, sampler=sampler, seed=2).value != first.value
    assert first.name == f"gamma_{sampler}"
    assert first.details["n_samples"] == 30


def test_texts_together_give_what_each_gives():
    generator = np.random.default_rng(7)
    texts = [random_text(generator, n_units=n) for n in (12, 5, 30)]
    texts.insert(1, random_text(generator, n_units=8, n_coders=3))
    texts.insert(2, spans_from_rows([], 50, n_coders=2, n_codes=1))
    together = gammas(texts)
    assert together[0] == gamma(texts[0])
    assert [one.n_units for one in together] == [24, 24, 0, 10, 60]
    assert [one.observed for one in together if one.value is not None] == pytest.approx(
        [best_alignment(text).disorder for text in texts if text.coder.size]
    )


def test_nearer_codes_cost_less():
    rows = [(0, 0, 10, 0), (1, 0, 10, 1)]
    spans = spans_from_rows(rows, 50, n_coders=2)
    half = Dissimilarity(categories=np.array([[0, 0.5], [0.5, 0]]))
    assert best_alignment(spans).disorder == pytest.approx(1.0)
    assert best_alignment(spans, dissimilarity=half).disorder == pytest.approx(0.5)


def test_nothing_marked_and_one_coder_are_undefined_with_a_reason():
    nothing = gamma(spans_from_rows([], 50, n_coders=2, n_codes=1))
    assert nothing.value is None
    assert nothing.reason == "nobody marked anything in the text"
    alone = gamma(spans_from_rows([(0, 1, 5, 0)], 50, n_coders=1))
    assert alone.value is None
    assert alone.reason == "a text needs two or more coders"
    assert pooled_gamma([nothing, alone]).value is None


@settings(max_examples=60)
@given(any_spans(n_coders=2), st.sampled_from(SAMPLERS))
def test_any_text_has_a_gamma_up_to_one_or_a_reason(spans, sampler):
    found = gamma(spans, sampler=sampler, n_samples=5)
    assert (found.value is None) == bool(found.reason)
    assert found.value is None or found.value <= 1


def test_wrong_settings_are_refused():
    spans = random_text(np.random.default_rng(8), n_units=3)
    with pytest.raises(InputError, match="use shuffle or statistical"):
        gamma(spans, sampler="dice")
    with pytest.raises(InputError, match="n_samples is 0"):
        gamma(spans, n_samples=0)
    with pytest.raises(InputError, match="do not pool: gamma_shuffle, gamma_statistical"):
        pooled_gamma([gamma(spans, sampler=sampler, n_samples=2) for sampler in SAMPLERS])


@pytest.mark.slow
def test_six_double_coded_transcripts_of_ten_thousand_words_have_values():
    generator = np.random.default_rng(9)
    texts = [random_text(generator, n_units=400, length=60_000, n_codes=40) for _ in range(6)]
    found = gammas(texts)
    assert all(one.value is not None for one in found)
