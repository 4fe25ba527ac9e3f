"""Interpolation: how far what was learned is followed, and what departs from the rule."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.suggest.interpolate import (
    Interpolation,
    choose_interpolation,
    compute_usual_interpolation,
)
from autocode.suggest.protocol import KnownCodings
from autocode.suggest.sequence import fit_held_out_chain

from .support import ScoredCorpus, score_corpus, talk


def test_a_large_weight_is_the_zero_shot_ranking_and_none_is_what_was_learned():
    generator = np.random.default_rng(0)
    z, learned = generator.normal(size=(2, 12, 5))
    corpus = score_corpus(talk("AB" * 6), z)
    np.testing.assert_allclose(Interpolation(0, 0).apply(learned, corpus), learned)
    zero_shot = Interpolation(1e6, 0).apply(learned, corpus)
    assert (zero_shot.argsort(axis=1) == z.argsort(axis=1)).all()


def test_interpolation_keeps_how_much_is_coded_in_a_segment():
    generator = np.random.default_rng(1)
    z, learned = generator.normal(size=(2, 12, 5))
    z -= z.mean(axis=1, keepdims=True)
    scores = Interpolation(1.0, 0.3).apply(learned, score_corpus(talk("AB" * 6), z))
    np.testing.assert_allclose(scores.mean(axis=1), learned.mean(axis=1))


def coded(n_transcripts: int, n_uses: int, n_codes: int = 5) -> tuple[ScoredCorpus, KnownCodings]:
    """Codings of that many transcripts, each code used so often in all."""
    n_rows = max(n_transcripts, n_uses, 1)
    segments = [talk("A", f"t{row % max(n_transcripts, 1)}")[0] for row in range(n_rows)]
    applied = np.zeros((n_rows, n_codes), dtype=bool)
    applied[:n_uses] = True
    known = KnownCodings(np.full(n_rows, n_transcripts > 0), applied)
    return score_corpus(segments, np.zeros((n_rows, n_codes))), known


def test_the_more_transcripts_the_smaller_the_usual_weight():
    amounts = [compute_usual_interpolation(*coded(n, 0)).zero_shot for n in (0, 1, 5, 50)]
    assert amounts == sorted(amounts, reverse=True)
    assert amounts[0] == 4.0
    assert amounts[-1] < 0.05


def test_the_more_codings_of_a_code_the_smaller_the_usual_weight():
    amounts = [compute_usual_interpolation(*coded(2, uses)).zero_shot for uses in (0, 1, 6, 30)]
    assert amounts == sorted(amounts, reverse=True)
    assert amounts[0] == 0.8
    assert amounts[-1] < 0.05


def test_a_rare_code_keeps_the_codebook_whatever_the_others_have():
    corpus, known = coded(1, 30, n_codes=4)
    known.applied[2:, 0] = False
    weights = compute_usual_interpolation(corpus, known).by_code
    assert weights[0] > 0.8
    assert max(weights[1:]) < 0.02


def test_the_weight_of_a_rare_code_moves_that_code_alone():
    generator = np.random.default_rng(2)
    z, learned = generator.normal(size=(2, 12, 3))
    corpus = score_corpus(talk("AB" * 6), z)
    flat = Interpolation(0.5).apply(learned, corpus)
    moved = Interpolation(0.5, by_code=(1.5, 0.0, 0.0)).apply(learned, corpus) - flat
    expected = np.column_stack([z[:, 0], -z[:, 1] / 2, -z[:, 2] / 2]) * 1.2 / 1.5
    np.testing.assert_allclose(moved, expected)


N_TALKS, LENGTH, N_CODES = 8, 12, 4
CODES_GIVEN = np.random.default_rng(0).integers(0, N_CODES, N_TALKS * LENGTH)
APPLIED = np.eye(N_CODES, dtype=bool)[CODES_GIVEN]


def held_out(*, codebook_knows: bool, talks: range = range(N_TALKS)):
    """Held-out logits of talks whose codes either the zero-shot score or the model knows.

    In `talks` alone; elsewhere neither knows anything.
    """
    fold = np.repeat(np.arange(N_TALKS), LENGTH)
    segments = [segment for n in range(N_TALKS) for segment in talk("AB" * (LENGTH // 2), f"t{n}")]
    noise = np.random.default_rng(1).normal(size=(2, len(segments), N_CODES))
    knows = noise[0] + 4 * APPLIED * np.isin(fold, talks)[:, None]
    corpus = score_corpus(segments, knows if codebook_knows else noise[1])
    known = KnownCodings(np.ones(len(segments), dtype=bool), APPLIED)
    return noise[1] if codebook_knows else knows, fit_held_out_chain(corpus, known, fold)


def chosen(logits, chain, usual, rows=None) -> Interpolation:
    rows = np.arange(len(APPLIED)) if rows is None else rows
    return choose_interpolation(logits, chain, usual=usual, applied=APPLIED, rows=rows)


def test_the_zero_shot_ranking_is_followed_where_learning_is_clearly_worse():
    logits, chain = held_out(codebook_knows=True)
    assert chosen(logits, chain, Interpolation(0.0)).zero_shot >= 2


def test_what_was_learned_is_followed_where_the_zero_shot_ranking_is_clearly_worse():
    logits, chain = held_out(codebook_knows=False)
    assert chosen(logits, chain, Interpolation(8.0)).zero_shot <= 0.5


def test_one_transcript_in_favour_of_another_amount_is_not_enough():
    logits, chain = held_out(codebook_knows=True, talks=range(1))
    usual = Interpolation(0.25)
    assert chosen(logits, chain, usual) == usual


@pytest.mark.parametrize("rows", [np.arange(2 * LENGTH), np.arange(0, N_TALKS * LENGTH, 12)])
def test_too_little_held_out_leaves_the_usual_interpolation(rows):
    logits, chain = held_out(codebook_knows=True)
    usual = Interpolation(0.0)
    assert chosen(logits, chain, usual, rows) == usual
