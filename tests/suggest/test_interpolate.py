"""Blending: how far what was learned is followed, and what it takes to depart from the rule."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.suggest.context import find_neighbours
from autocode.suggest.interpolate import Interpolation, choose_interpolation, usual_interpolation
from autocode.suggest.protocol import KnownCodings
from autocode.suggest.sequence import fit_held_out_chain

from .talking import talk


class _Ground:
    """What a blend asks of a corpus."""

    def __init__(self, z, segments):
        self.allowed = np.ones(z.shape, dtype=bool)
        self.around = find_neighbours(segments)
        self.zero_shot = type("ZeroShot", (), {"z": z})


def test_much_cold_is_the_cold_ranking_and_none_is_what_was_learned():
    generator = np.random.default_rng(0)
    z, learned = generator.normal(size=(2, 12, 5))
    ground = _Ground(z, talk("AB" * 6))
    np.testing.assert_allclose(Interpolation(0, 0).apply(learned, ground), learned)
    cold = Interpolation(1e6, 0).apply(learned, ground)
    assert (cold.argsort(axis=1) == z.argsort(axis=1)).all()


def test_blending_keeps_how_much_is_coded_in_a_segment():
    generator = np.random.default_rng(1)
    z, learned = generator.normal(size=(2, 12, 5))
    z -= z.mean(axis=1, keepdims=True)
    blended = Interpolation(1.0, 0.3).apply(learned, _Ground(z, talk("AB" * 6)))
    np.testing.assert_allclose(blended.mean(axis=1), learned.mean(axis=1))


def coded(n_transcripts, uses_of_a_code, n_codes=5):
    """KnownCodings on that many transcripts, each code used so often in all."""
    n_rows = max(n_transcripts, uses_of_a_code, 1)
    read = np.full(n_rows, n_transcripts > 0)
    applied = np.zeros((n_rows, n_codes), dtype=bool)
    applied[:uses_of_a_code] = True
    ground = _Ground(np.zeros((n_rows, n_codes)), talk(("AB" * n_rows)[:n_rows]))
    ground.transcripts = np.array([f"t{row % max(n_transcripts, 1)}" for row in range(n_rows)])
    ground.n_codes = n_codes
    return ground, KnownCodings(read, applied)


def test_the_more_transcripts_the_less_cold_is_usual():
    amounts = [usual_interpolation(*coded(n, 0)).zero_shot for n in (0, 1, 5, 50)]
    assert amounts == sorted(amounts, reverse=True)
    assert amounts[0] == 1.5
    assert amounts[-1] < 0.15


def test_the_more_codings_of_a_code_the_less_cold_is_usual():
    amounts = [usual_interpolation(*coded(2, uses)).zero_shot for uses in (0, 1, 6, 30)]
    assert amounts == sorted(amounts, reverse=True)
    assert amounts[0] == 0.75
    assert amounts[-1] < 0.05


N_TALKS, LENGTH, N_CODES = 8, 12, 4
CODES_GIVEN = np.random.default_rng(0).integers(0, N_CODES, N_TALKS * LENGTH)
APPLIED = np.eye(N_CODES, dtype=bool)[CODES_GIVEN]


def held_out(*, cold_knows: bool, talks: range = range(N_TALKS)):
    """Held-out logits of talks whose codes either the cold score or what was learned knows.

    In `talks` alone; elsewhere neither knows anything.
    """
    names = np.repeat(np.arange(N_TALKS), LENGTH)
    segments = [segment for n in range(N_TALKS) for segment in talk("AB" * (LENGTH // 2), f"t{n}")]
    noise = np.random.default_rng(1).normal(size=(2, len(segments), N_CODES))
    knows = noise[0] + 4 * APPLIED * np.isin(names, talks)[:, None]
    ground = _Ground(knows if cold_knows else noise[1], segments)
    ground.transcripts = np.array([segment.transcript for segment in segments])
    ground.n_segments, ground.n_codes = noise[0].shape
    known = KnownCodings(np.ones(len(segments), dtype=bool), APPLIED)
    return noise[1] if cold_knows else knows, fit_held_out_chain(ground, known, names)


def chosen(logits, chain, usual, rows=None) -> Interpolation:
    rows = np.arange(len(APPLIED)) if rows is None else rows
    return choose_interpolation(logits, chain, usual=usual, applied=APPLIED, rows=rows)


def test_the_cold_ranking_is_followed_where_learning_is_surely_worse():
    logits, chain = held_out(cold_knows=True)
    assert chosen(logits, chain, Interpolation(0.0)).zero_shot >= 2


def test_what_was_learned_is_followed_where_the_cold_ranking_is_surely_worse():
    logits, chain = held_out(cold_knows=False)
    assert chosen(logits, chain, Interpolation(8.0)).zero_shot <= 0.5


def test_one_transcript_that_speaks_for_another_blend_is_not_enough():
    logits, chain = held_out(cold_knows=True, talks=range(1))
    usual = Interpolation(0.25)
    assert chosen(logits, chain, usual) == usual


@pytest.mark.parametrize("rows", [np.arange(2 * LENGTH), np.arange(0, N_TALKS * LENGTH, 12)])
def test_too_little_held_out_leaves_the_usual_interpolation(rows):
    logits, chain = held_out(cold_knows=True)
    usual = Interpolation(0.0)
    assert chosen(logits, chain, usual, rows) == usual
