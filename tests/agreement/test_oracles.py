"""Our coefficients beside scikit-learn, statsmodels and nltk, which are no part of the program.

On random data where an oracle is right; where it is wrong, or means something else, a test shows
the case, so that a reader who compares numbers knows which of the two to doubt.
"""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from nltk.metrics import jaccard_distance, masi_distance, pk, windowdiff
from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats import inter_rater

from autocode.agreement.coefficients import boundaries as b
from autocode.agreement.coefficients import kappa as k
from autocode.agreement.coefficients import sets as s
from autocode.agreement.coefficients.alpha import krippendorff_alpha
from autocode.agreement.coefficients.observed import (
    agreement_weights,
    confusion_table,
    counts_of_table,
    unit_counts,
)

SEEDS = range(60)
NAN = float("nan")


# --- Random data, with every shape that matters: few and many units, values and coders


def pair_of_coders(seed):
    """Two coders' values who agree a little, a lot or not at all, and the number of values."""
    generator = np.random.default_rng(seed)
    n_values, n_units = int(generator.integers(2, 6)), int(generator.integers(8, 200))
    a = generator.integers(n_values, size=n_units)
    other = generator.integers(n_values, size=n_units)
    b_values = np.where(generator.random(n_units) < generator.random(), a, other)
    return a, b_values, n_values


def table_of(seed):
    a, b_values, n_values = pair_of_coders(seed)
    return confusion_table(a, b_values, categories=range(n_values))


def codings_of(seed, *, share_missing=0.0):
    """Numbered codings, shape (n_coders, n_units), NaN where missing."""
    generator = np.random.default_rng(seed)
    n_coders, n_units = int(generator.integers(2, 6)), int(generator.integers(5, 60))
    truth = generator.integers(4, size=n_units)
    table = np.where(
        generator.random((n_coders, n_units)) < 0.6,
        truth,
        generator.integers(4, size=(n_coders, n_units)),
    ).astype(float)
    table[generator.random(table.shape) < share_missing] = NAN
    return table


def sets_of(seed, *, share_missing=0.0):
    """Sets of codes, none of them empty: nltk cannot compare two empty ones."""
    generator = np.random.default_rng(seed)
    n_coders, n_units = int(generator.integers(2, 5)), int(generator.integers(4, 30))
    truth = [frozenset(generator.choice(list("abcd"), generator.integers(1, 4))) for _ in "x" * 6]
    which = generator.integers(6, size=n_units)

    def one(unit):
        if generator.random() < share_missing:
            return None
        if generator.random() < 0.5:
            return truth[which[unit]]
        return frozenset(generator.choice(list("abcd"), generator.integers(1, 3)))

    return [[one(unit) for unit in range(n_units)] for _ in range(n_coders)]


def triples(rows):
    """What nltk reads: (coder, unit, value), missing codings left out."""
    return [
        (coder, unit, value)
        for coder, row in enumerate(rows)
        for unit, value in enumerate(row)
        if value is not None and value == value  # NaN is not equal to itself
    ]


def masses_of(seed):
    """Two segmentations of one text, and a window that fits it."""
    generator = np.random.default_rng(seed)
    n_items = int(generator.integers(6, 80))

    def cut():
        inner = np.flatnonzero(generator.random(n_items - 1) < generator.uniform(0.05, 0.5)) + 1
        return np.diff(np.concatenate([[0], inner, [n_items]]))

    return cut(), cut(), int(generator.integers(1, n_items // 2))


def gaps_of(masses):
    """The places between items as nltk's string: one character fewer than there are items."""
    inner = set(np.cumsum(masses)[:-1].tolist())
    return "".join("1" if at in inner else "0" for at in range(1, int(sum(masses))))


# --- Kappa


@pytest.mark.parametrize("seed", SEEDS)
def test_cohen_kappa_and_its_errors_equal_statsmodels(seed):
    table = table_of(seed)
    ours, theirs = k.cohen_kappa_of_table(table), inter_rater.cohens_kappa(table)
    assert ours.value == pytest.approx(theirs.kappa, abs=1e-12)
    assert ours.details["se"] == pytest.approx(theirs.std_kappa, abs=1e-9)
    assert ours.details["se_null"] == pytest.approx(theirs.std_kappa0, abs=1e-9)
    assert ours.details["maximum_kappa"] == pytest.approx(theirs.kappa_max)
    assert ours.p_value == pytest.approx(theirs.pvalue_two_sided, abs=1e-9)
    if ours.interval is None:
        # Theirs is of no width then.
        assert theirs.std_kappa == pytest.approx(0, abs=1e-6)
        return
    # Theirs may pass 1, which no kappa does.
    assert (ours.interval.low, ours.interval.high) == pytest.approx(
        (max(theirs.kappa_low, -1), min(theirs.kappa_upp, 1)), abs=1e-9
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_cohen_kappa_equals_scikit_learn_and_nltk(seed):
    a, b_values, _ = pair_of_coders(seed)
    ours = k.cohen_kappa(a, b_values).value
    assert ours == pytest.approx(cohen_kappa_score(a, b_values), abs=1e-12)
    assert ours == pytest.approx(AnnotationTask(triples([a, b_values])).kappa(), abs=1e-9)


@pytest.mark.parametrize("weighting", ["linear", "quadratic"])
@pytest.mark.parametrize("seed", SEEDS)
def test_weighted_kappa_equals_all_three(seed, weighting):
    a, b_values, n_values = pair_of_coders(seed)
    table = confusion_table(a, b_values, categories=range(n_values))
    ours = k.weighted_kappa(table, agreement_weights(range(n_values), weighting))
    theirs = inter_rater.cohens_kappa(table, wt=weighting)
    assert ours.value == pytest.approx(theirs.kappa, abs=1e-12)
    assert ours.details["se"] == pytest.approx(theirs.std_kappa, abs=1e-9)
    assert ours.details["se_null"] == pytest.approx(theirs.std_kappa0, abs=1e-9)
    of_sklearn = cohen_kappa_score(a, b_values, labels=range(n_values), weights=weighting)
    assert ours.value == pytest.approx(of_sklearn, abs=1e-12)
    power = {"linear": 1, "quadratic": 2}[weighting]
    task = AnnotationTask(triples([a, b_values]), distance=lambda x, y: abs(x - y) ** power)
    assert ours.value == pytest.approx(task.weighted_kappa(), abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_fleiss_kappa_equals_statsmodels(seed):
    counts = unit_counts(codings_of(seed), categories=range(4))
    theirs = inter_rater.fleiss_kappa(counts)
    assert k.fleiss_kappa(counts).value == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_randolph_equals_brennan_prediger(seed):
    counts = unit_counts(codings_of(seed), categories=range(4))
    theirs = inter_rater.fleiss_kappa(counts, method="randolph")
    assert k.brennan_prediger(counts).value == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_scott_pi_equals_nltk_and_fleiss_of_two(seed):
    a, b_values, _ = pair_of_coders(seed)
    table = confusion_table(a, b_values)
    ours = k.scott_pi(table).value
    assert ours == pytest.approx(AnnotationTask(triples([a, b_values])).pi(), abs=1e-9)
    of_statsmodels = inter_rater.fleiss_kappa(counts_of_table(table))
    assert ours == pytest.approx(of_statsmodels, abs=1e-9)


def test_oracles_answer_no_variation_each_in_its_own_way_and_none_with_a_reason():
    same = [("a", 1, "x"), ("b", 1, "x"), ("a", 2, "x"), ("b", 2, "x")]
    assert AnnotationTask(same).kappa() == 1.0
    assert AnnotationTask(same).alpha() == 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert np.isnan(inter_rater.cohens_kappa(np.array([[2, 0], [0, 0]])).kappa)
        assert np.isnan(inter_rater.fleiss_kappa(np.array([[3, 0], [3, 0]])))
        assert np.isnan(cohen_kappa_score([1, 1], [1, 1]))
    for ours in (k.cohen_kappa([1, 1], [1, 1]), krippendorff_alpha([[1, 1], [1, 1]])):
        assert ours.value is None
        assert "value" in ours.reason


def test_statsmodels_fleiss_refuses_units_that_a_coder_skipped():
    counts = np.array([[3, 0], [1, 1], [0, 3], [1, 2]])
    with pytest.raises(AssertionError):
        inter_rater.fleiss_kappa(counts)
    # By hand (Gwet 2014): observed (1 + 0 + 1 + 1/3) / 4; yes 1, 1/2, 0, 1/3 of the coders.
    observed, yes = (1 + 0 + 1 + 1 / 3) / 4, (1 + 1 / 2 + 0 + 1 / 3) / 4
    chance = yes**2 + (1 - yes) ** 2
    assert k.fleiss_kappa(counts).value == pytest.approx((observed - chance) / (1 - chance))


def test_nltk_kappa_cannot_take_a_unit_that_one_coder_skipped():
    rows = [[0, 0, 1, 0], [0, 1, 1, NAN]]
    with pytest.raises(RuntimeError, match="StopIteration"):
        AnnotationTask(triples(rows)).kappa()
    assert k.cohen_kappa(*rows).value == k.cohen_kappa([0, 0, 1], [0, 1, 1]).value


def test_nltk_weighted_kappa_is_wrong_with_a_largest_distance_other_than_1():
    # It divides the expected disagreement by the largest distance and not the observed one; the
    # scale of the distances cannot matter (Cohen 1968).
    a, b_values = [0, 0, 1, 2, 1, 0], [0, 1, 2, 2, 1, 1]
    task = AnnotationTask(triples([a, b_values]), distance=lambda x, y: abs(x - y))
    table = confusion_table(a, b_values)
    ours = k.weighted_kappa(table, agreement_weights(range(3), "linear")).value
    assert ours == pytest.approx(0.4375)
    assert task.weighted_kappa() == pytest.approx(0.4375)
    assert task.weighted_kappa(max_distance=2.0) == pytest.approx(-0.125)


# --- Alpha


@pytest.mark.parametrize("share_missing", [0.0, 0.3])
@pytest.mark.parametrize("seed", SEEDS)
def test_alpha_equals_nltk(seed, share_missing):
    rows = codings_of(seed, share_missing=share_missing)
    ours = krippendorff_alpha(rows).value
    # Nothing to disagree about: nltk says 1.
    theirs = AnnotationTask(triples(rows)).alpha()
    assert (1.0 if ours is None else ours) == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("share_missing", [0.0, 0.2])
@pytest.mark.parametrize("name", ["masi", "jaccard"])
@pytest.mark.parametrize("seed", SEEDS)
def test_alpha_over_sets_equals_nltk(seed, name, share_missing):
    rows = sets_of(seed, share_missing=share_missing)
    distance = {"masi": masi_distance, "jaccard": jaccard_distance}[name]
    ours = s.krippendorff_alpha_sets(rows, distance=name).value
    theirs = AnnotationTask(triples(rows), distance=distance).alpha()
    # Nothing to disagree about: nltk says 1.
    assert (1.0 if ours is None else ours) == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_distances_of_sets_equal_nltk(seed):
    generator = np.random.default_rng(seed)
    one, other = (frozenset(generator.choice(list("abcde"), 3)) for _ in range(2))
    assert s.masi_distance(one, other) == pytest.approx(masi_distance(one, other))
    assert s.jaccard_distance(one, other) == pytest.approx(jaccard_distance(one, other))


def test_nltk_cannot_compare_two_coders_who_both_gave_nothing():
    empty = frozenset()
    for theirs, ours in ((masi_distance, s.masi_distance), (jaccard_distance, s.jaccard_distance)):
        with pytest.raises(ZeroDivisionError):
            theirs(empty, empty)
        assert ours(empty, empty) == 0
        assert ours(empty, frozenset("a")) == theirs(empty, frozenset("a")) == 1
    rows = [[empty, frozenset("a")], [empty, frozenset("b")]]
    with pytest.raises(ZeroDivisionError):
        AnnotationTask(triples(rows), distance=masi_distance).alpha()
    # Four codings, nothing twice: of 12 ordered pairs 10 differ; 2 of 4 within units do.
    ours = s.krippendorff_alpha_sets(rows).value
    assert ours == pytest.approx(1 - (2 / 4) / (10 / 12))


# --- Boundaries


@pytest.mark.parametrize("seed", SEEDS)
def test_boundary_penalties_equal_nltk_on_the_places_between_items(seed):
    first, second, window = masses_of(seed)
    gaps = gaps_of(first), gaps_of(second)
    ours = b.pk(first, second, window=window).value
    assert ours == pytest.approx(pk(*gaps, window), abs=1e-12)
    ours = b.window_diff(first, second, window=window).value
    assert ours == pytest.approx(windowdiff(*gaps, window), abs=1e-12)


def test_nltk_counts_one_window_more_on_a_string_as_long_as_the_text():
    # Its own examples write a sign per item; the last sign then is the text's end, no boundary, and
    # the one more window agrees whatever the coders did near the end.
    first, second = [3, 1], [4]
    assert b.window_diff(first, second, window=1).value == pytest.approx(1 / 3)
    assert windowdiff("001", "000", 1) == pytest.approx(1 / 3)
    assert windowdiff("0010", "0000", 1) == pytest.approx(1 / 4)


def test_nltk_takes_the_mean_segment_from_boundaries_instead_of_segments():
    # Two segments of 10 items have one boundary: nltk's window is 19 / 2 rounded, not 5.
    first, second = [10, 10], [8, 12]
    assert b.window_size(first) == 5
    ours = b.pk(first, second)
    assert ours.details["window_size"] == 5
    theirs = pk(gaps_of(first), gaps_of(second))
    assert theirs == pytest.approx(pk(gaps_of(first), gaps_of(second), 10))
    assert theirs != pytest.approx(ours.value)


def test_nltk_pk_divides_by_zero_where_no_window_fits():
    with pytest.raises(ZeroDivisionError):
        pk("000", "010", 4)
    ours = b.pk([4], [2, 2], window=4)
    assert ours.value is None
    assert "do not fill a window" in ours.reason
