"""Coders who give several codes: distances of sets, and alpha on them against lists of all sets."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.agreement.coefficients.alpha import krippendorff_alpha
from autocode.agreement.coefficients.holsti import holsti_of_sets
from autocode.agreement.coefficients.sets import (
    jaccard_distance,
    krippendorff_alpha_sets,
    masi_distance,
    multi_valued_alpha,
    passonneau_2004_distance,
)
from autocode.agreement.machine.alt_test import alternative_test_of_sets
from autocode.core.errors import InputError

NAN = float("nan")
DISTANCES = (masi_distance, jaccard_distance, passonneau_2004_distance)
ALPHAS = (
    *(lambda c, d=d: krippendorff_alpha_sets(c, distance=d) for d in ("masi", "jaccard")),
    lambda c: krippendorff_alpha_sets(c, distance="passonneau2004"),
    multi_valued_alpha,
)

some = st.frozensets(st.sampled_from("abcd"))
codings = st.integers(2, 3).flatmap(
    lambda n_coders: st.integers(1, 8).flatmap(
        lambda n_units: st.lists(
            st.lists(st.none() | some, min_size=n_units, max_size=n_units),
            min_size=n_coders,
            max_size=n_coders,
        )
    )
)


@given(some, some, st.sampled_from(DISTANCES))
def test_distances_are_symmetric_zero_for_equals_and_at_most_one(a, b, distance):
    apart = distance(a, b)
    assert apart == distance(b, a)
    assert (apart == 0) == (a == b)
    assert 0 <= apart <= 1


@given(some, some)
def test_distances_by_the_word(a, b):
    shared, either = a & b, a | b
    similarity = len(shared) / len(either) if either else 1
    assert jaccard_distance(a, b) == pytest.approx(1 - similarity)
    nesting = 1 if a == b else 2 / 3 if a <= b or b <= a else 1 / 3 if shared else 0
    assert masi_distance(a, b) == pytest.approx(1 - similarity * nesting)
    step = 0 if a == b else 1 / 3 if a <= b or b <= a else 2 / 3 if shared else 1
    assert passonneau_2004_distance(a, b) == step


def test_masi_takes_exact_thirds():
    assert masi_distance({"1", "2"}, {"1", "2", "3", "4"}) == pytest.approx(2 / 3, abs=1e-12)


@pytest.mark.slow
@given(codings, st.sampled_from(ALPHAS))
def test_order_of_coders_units_and_names_of_codes_do_not_matter(table, alpha):
    value = alpha(table).value
    renamed = [
        [None if one is None else frozenset({"a": "z"}.get(c, c) for c in one) for one in row]
        for row in table
    ]
    for other in (table[::-1], [row[::-1] for row in table], renamed):
        found = alpha(other).value
        assert found == (None if value is None else pytest.approx(value))


@given(codings, st.sampled_from(ALPHAS))
def test_coders_who_copy_each_other_score_one_or_nothing(table, alpha):
    found = alpha([table[0], table[0]])
    assert found.value in (None, pytest.approx(1))
    assert bool(found.reason) == (found.value is None)


@given(st.lists(st.tuples(*[st.sampled_from("abc")] * 2), min_size=1, max_size=20))
def test_one_code_each_is_nominal_alpha(pairs):
    table = [[frozenset(pair[coder]) for pair in pairs] for coder in (0, 1)]
    plain = krippendorff_alpha([[ord(p[coder]) for p in pairs] for coder in (0, 1)]).value
    for distance in ("masi", "jaccard", "passonneau2004"):
        found = krippendorff_alpha_sets(table, distance=distance).value
        assert found == (None if plain is None else pytest.approx(plain))
    multi = multi_valued_alpha(table).value
    assert multi == (None if plain is None else pytest.approx(plain))


def listed_out(table):
    """Krippendorff & Craggs (2016): chance disagreement over every pair of sets, listed."""
    units = [[one for one in unit if one is not None] for unit in zip(*table, strict=True)]
    given_sets = [one for unit in units if len(unit) > 1 for one in unit]
    uses = Counter(code for one in given_sets for code in one)
    sizes = Counter(map(len, given_sets))

    def ways(c, k):
        product = 1
        for code in uses:
            times = (code in c) + (code in k)
            product *= (1, uses[code], uses[code] * (uses[code] - 1))[times]
        return product

    def of_size(n):
        return [frozenset(one) for one in combinations(sorted(uses), n)]

    total = 0.0
    for m in sizes:
        for n in sizes:
            pairs = [(c, k, ways(c, k)) for c in of_size(m) for k in of_size(n)]
            weight = sum(w for *_, w in pairs)
            if weight and m + n:
                apart = sum(w * (1 - 2 * len(c & k) / (m + n)) for c, k, w in pairs)
                total += sizes[m] * sizes[n] * apart / weight
    return total / len(given_sets) ** 2


@given(codings)
def test_chance_of_sets_is_the_same_as_listing_every_pair(table):
    found = multi_valued_alpha(table)
    if found.n_units:
        assert found.expected == pytest.approx(listed_out(table))


@pytest.mark.slow
def test_a_large_codebook_needs_no_list_of_all_sets():
    codes = [f"code {n}" for n in range(150)]
    table = [
        [frozenset(codes[(7 * u + c + k) % 150] for k in range(u % 9)) for u in range(300)]
        for c in (0, 1)
    ]
    assert 0 < multi_valued_alpha(table).value < 1


def test_looking_without_a_code_is_a_coding_and_not_looking_is_none():
    seen = krippendorff_alpha_sets([[{"a"}, set()], [{"a"}, set()]])
    assert seen.n_units == 2
    assert seen.value == 1
    unseen = krippendorff_alpha_sets([[{"a"}, None], [{"a"}, set()]])
    assert unseen.n_units == 1
    assert unseen.value is None


@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize("nothing", [[], [[], []], [[{"a"}]], [[None], [{"a"}]]])
def test_no_pair_of_codings_is_undefined_with_a_reason(alpha, nothing):
    assert alpha(nothing).value is None
    assert alpha(nothing).reason == "no unit was coded by two or more coders"


def test_uneven_coders_and_unknown_distances_are_refused():
    with pytest.raises(InputError, match="different numbers of units"):
        multi_valued_alpha([[{"a"}], []])
    with pytest.raises(InputError, match="Known: masi, jaccard, passonneau2004"):
        krippendorff_alpha_sets([[{"a"}], [{"a"}]], distance="dice")


@pytest.mark.parametrize("word", ["ab", 3])
def test_a_text_is_no_set_of_letters(word):
    calls = (
        lambda: masi_distance({"ab"}, word),
        lambda: krippendorff_alpha_sets([[{"ab"}, word], [{"ab"}, {"a"}]]),
        lambda: holsti_of_sets([{"ab"}], [word]),
        lambda: alternative_test_of_sets([[{"ab"}], [{"ab"}]], [word], transcripts=["t"]),
    )
    for call in calls:
        with pytest.raises(InputError, match=rf"A coding is a set of codes.*; got {word!r}\."):
            call()


def test_nan_is_a_coding_that_is_missing_as_none_is():
    with_none = [[{"a"}, {"b"}, None, set()], [{"a"}, {"a", "b"}, {"c"}, set()]]
    with_nan = [[{"a"}, {"b"}, NAN, set()], [{"a"}, {"a", "b"}, {"c"}, set()]]
    for alpha in ALPHAS:
        assert alpha(with_nan) == alpha(with_none)
