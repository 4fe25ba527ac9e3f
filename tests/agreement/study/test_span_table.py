"""Agreement on coders' own spans: what the command shows with --spans."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.agreement.coefficients.kappa import cohen_kappa_of_table
from autocode.agreement.resampling.intervals import Resampling
from autocode.agreement.spans.characters import character_alpha, count_characters
from autocode.agreement.spans.continuum import Continuum
from autocode.agreement.spans.gamma import gamma, gammas, pooled_gamma
from autocode.agreement.spans.runs import select_code, spans_from_rows
from autocode.agreement.spans.unitizing import unitizing_alpha
from autocode.agreement.study import span_specs as specs
from autocode.agreement.study import span_table as s

CODES = ("x", "y", "z")
EXCLUSIVE = [(0, 0, 30, 0), (0, 40, 60, 1), (1, 5, 30, 0), (1, 45, 70, 1), (1, 80, 90, 0)]
OVERLAPPING = [*EXCLUSIVE, (0, 50, 55, 2)]


def text(rows, name="t1", coders=("a", "b"), length=100):
    return Continuum(name, coders, spans_from_rows(rows, length, n_coders=2, n_codes=3))


def found(*texts, coders=("a", "b"), n_resamples=0):
    return s.measure_span_agreement(
        texts, coders, CODES, resampling=Resampling(n_resamples=n_resamples)
    )


def cut(seed, length=400):
    """Two coders who cut a text at nearly the same places into mostly the same codes."""
    generator = np.random.default_rng(seed)
    rows = []
    for start in range(0, length, 40):
        code = int(generator.integers(2))
        for coder in (0, 1):
            shift = generator.integers(0, 6, 2)
            given = code if generator.random() < 0.8 else 1 - code
            rows.append((coder, start + shift[0], start + 25 + shift[1], given))
    return rows


def test_one_text_has_the_values_of_the_plain_functions():
    one = text(EXCLUSIVE)
    overall = found(one).overall
    plain = unitizing_alpha(one.spans)
    for name in ("u_alpha", "bar_u_alpha", "cu_alpha"):
        assert overall[name].value == pytest.approx(getattr(plain, name).value)
    assert overall["gamma"].value == pytest.approx(gamma(one.spans).value)
    assert overall["character_alpha"].value == pytest.approx(character_alpha(one.spans).value)
    marked = character_alpha(one.spans, mode="relevant_vs_gap").value
    assert overall["character_alpha_marked"].value == pytest.approx(marked)


def test_one_code_has_the_values_of_the_plain_functions():
    one = text(EXCLUSIVE)
    per_code = {code.code: code for code in found(one).per_code}
    assert set(per_code) == {"x", "y"}
    for at, code in enumerate(("x", "y")):
        of, alone = per_code[code].coefficients, select_code(one.spans, at)
        assert of["u_alpha"].value == pytest.approx(unitizing_alpha(alone).u_alpha.value)
        alpha = character_alpha(alone).value
        assert of["character_alpha"].value == pytest.approx(alpha)
        kappa = cohen_kappa_of_table(count_characters(one.spans)[at]).value
        assert of["character_kappa"].value == pytest.approx(kappa)
        plain = unitizing_alpha(one.spans).k_alpha[at]
        assert of["k_alpha"].value == pytest.approx(plain.value)
    assert per_code["x"].n_spans == {"a": 1, "b": 2}


def test_several_texts_are_one_continuum_and_gammas_pool():
    first, second = cut(1), cut(2)
    joined = first + [(c, b + 400, e + 400, k) for c, b, e, k in second]
    two = found(text(first, "t1", length=400), text(second, "t2", length=400)).overall
    one = found(text(joined, "t", length=800)).overall
    for name in set(two) - {"gamma"}:
        assert two[name].value == pytest.approx(one[name].value)
    texts = [spans_from_rows(rows, 400, n_coders=2, n_codes=2) for rows in (first, second)]
    assert two["gamma"].value == pytest.approx(pooled_gamma(gammas(texts)).value)


def test_overlapping_codes_leave_undefined_what_needs_exclusive_ones_and_say_who():
    agreed = found(text(OVERLAPPING))
    assert agreed.overlapping == ("a",)
    for name in (spec.name for spec in specs.SPAN_SPECS if spec.needs_exclusive):
        assert agreed.overall[name].value is None
        assert "a gave one place several codes" in agreed.overall[name].reason
    for name in ("bar_u_alpha", "gamma", "character_alpha_marked"):
        assert agreed.overall[name].value is not None
    # One by one, codes do not overlap: x and y are as if nobody had given z.
    plain = {c.code: c for c in found(text(EXCLUSIVE)).per_code}
    for code in agreed.per_code:
        assert code.coefficients["k_alpha"].value is None
        if code.code in plain:
            assert code.coefficients["u_alpha"] == plain[code.code].coefficients["u_alpha"]


def test_a_transcript_in_which_codes_overlap_undoes_the_sum_not_only_itself():
    agreed = found(text(EXCLUSIVE, "t1"), text(OVERLAPPING, "t2"))
    assert agreed.overall["u_alpha"].value is None
    assert agreed.overall["bar_u_alpha"].value is not None


@pytest.mark.parametrize(
    ("rows", "name", "reason"),
    [
        ([(0, 0, 100, 0), (1, 0, 100, 0)], "u_alpha", specs.SAME_EVERYWHERE),
        ([(0, 0, 100, 0), (1, 0, 100, 1)], "bar_u_alpha", specs.SAME_EVERYWHERE),
        ([(0, 0, 20, 0), (1, 50, 70, 0)], "cu_alpha", specs.NO_MEETING),
        ([(0, 0, 20, 0), (1, 10, 30, 0)], "cu_alpha", specs.ONE_CODE),
        ([], "gamma", "nobody marked anything"),
        ([], "u_alpha", specs.SAME_EVERYWHERE),
    ],
)
def test_undefined_says_why(rows, name, reason):
    c = found(text(rows)).overall[name]
    assert (c.value, c.reason) == (None, reason)


def test_undefined_k_alpha_says_why():
    lonely = [(0, 0, 20, 0), (0, 30, 40, 1), (1, 30, 40, 1), (1, 50, 60, 1)]
    per_code = {c.code: c.coefficients["k_alpha"] for c in found(text(lonely)).per_code}
    assert per_code["x"].reason == specs.NOT_MET
    assert per_code["y"].reason == specs.ONE_CODE


def test_nothing_in_common_is_undefined_throughout():
    agreed = found()
    assert agreed.per_code == ()
    assert {(c.value, c.reason) for c in agreed.overall.values()} == {(None, s.NO_COMMON_TEXT)}


def test_intervals_leave_out_transcripts_and_hold_the_value():
    texts = [text(cut(seed), f"t{seed:02d}", length=400) for seed in range(12)]
    agreed = found(*texts, n_resamples=300)
    every = [
        *agreed.overall.values(),
        *(c for code in agreed.per_code for c in code.coefficients.values()),
    ]
    for c in every:
        assert c.interval.low < c.value < c.interval.high
        assert c.interval.df == 11
    assert agreed == found(*texts, n_resamples=300)


def test_pairs_of_coders_are_pooled_and_their_spans_counted_once():
    pairs = [("a", "b"), ("a", "c"), ("b", "c")]
    texts = [text(EXCLUSIVE, coders=pair) for pair in pairs]
    agreed = found(*texts, coders=("a", "b", "c"))
    assert agreed.n_characters == 300
    assert agreed.n_transcripts == 1
    x = next(c for c in agreed.per_code if c.code == "x")
    assert x.n_spans == {"a": 1, "b": 2, "c": 2}
