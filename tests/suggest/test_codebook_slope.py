"""What a handful of codings says of the codebook's own ranking."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.suggest.codebook_slope import measure_codebook_slope
from autocode.suggest.interpolate import compute_usual_interpolation
from autocode.suggest.nearest_examples import build_feature_views
from autocode.suggest.protocol import KnownCodings

from .support import ScoredCorpus, score_corpus, talk

N_CODES = 8


def code_talks(
    n_codings: int, *, knows: float, seed: int = 0, n_talks: int = 2
) -> tuple[ScoredCorpus, np.ndarray]:
    """Codings, all of other codes in a talk where there are enough, of that many talks.

    `knows` is how far the zero-shot score of the right code lies above the others, whose spread
    is 1.
    """
    generator = np.random.default_rng(seed)
    segments = [talk("A", f"t{n % n_talks}")[0] for n in range(n_codings)]
    applied = np.eye(N_CODES, dtype=bool)[np.arange(n_codings) // n_talks % N_CODES]
    return score_corpus(segments, generator.normal(size=applied.shape) + knows * applied), applied


@pytest.mark.parametrize("seed", range(5))
def test_a_codebook_at_chance_is_let_go_after_few_codings(seed):
    at_chance = measure_codebook_slope(*code_talks(16, knows=0.0, seed=seed))
    useful = measure_codebook_slope(*code_talks(16, knows=1.5, seed=seed))
    assert at_chance < 0.7
    assert useful == 1.0


def test_at_chance_on_average_and_with_more_codings_it_is_let_go_altogether():
    slopes = [measure_codebook_slope(*code_talks(16, knows=0.0, seed=n)) for n in range(20)]
    assert np.mean(slopes) < 0.35
    assert measure_codebook_slope(*code_talks(2000, knows=0.0, n_talks=250)) < 0.15


def test_with_nothing_coded_or_nothing_to_tell_the_codebook_is_followed():
    corpus, applied = code_talks(8, knows=0.0)
    assert measure_codebook_slope(corpus, np.zeros_like(applied)) == 1.0
    flat = score_corpus(corpus.segments, np.zeros((8, N_CODES)))
    assert measure_codebook_slope(flat, applied) == 1.0


def test_a_run_of_one_code_in_a_transcript_says_no_more_than_one_coding():
    corpus, applied = code_talks(8, knows=0.0, seed=3, n_talks=1)
    once = measure_codebook_slope(corpus, applied)
    rows = np.concatenate([np.zeros(40, dtype=np.intp), np.arange(1, 8)])
    run = score_corpus([corpus.segments[0]] * len(rows), corpus.z[rows])
    assert 0 < once < 1
    assert measure_codebook_slope(run, applied[rows]) == pytest.approx(once)


def test_few_of_many_codes_say_little_of_the_entries_never_used():
    corpus, applied = code_talks(16, knows=0.0, seed=1)
    unused = np.random.default_rng(9).normal(size=(16, 150))
    wide = score_corpus(corpus.segments, np.hstack([corpus.z, unused]))
    wider = np.hstack([applied, np.zeros((16, 150), dtype=bool)])
    assert measure_codebook_slope(corpus, applied) < 0.5
    assert measure_codebook_slope(wide, wider) > 0.8


def test_codes_that_are_no_candidates_say_nothing():
    corpus, applied = code_talks(16, knows=1.5)
    candidates = np.ones_like(applied)
    candidates[:, -1] = False
    z = np.where(candidates, corpus.z, 50.0)
    fewer = score_corpus(corpus.segments, z, candidates=candidates)
    assert measure_codebook_slope(fewer, applied) == 1.0


def test_what_was_learned_is_followed_sooner_where_the_codebook_is_at_chance():
    def weigh(knows: float) -> float:
        corpus, applied = code_talks(16, knows=knows, seed=1)
        known = KnownCodings(np.ones(len(applied), dtype=bool), applied)
        return compute_usual_interpolation(corpus, known).zero_shot

    assert weigh(0.0) < weigh(1.5) / 3


def test_the_model_starts_from_the_slope_that_the_codings_give_the_codebook():
    corpus, applied = code_talks(16, knows=0.0, seed=1)
    slope = measure_codebook_slope(corpus, applied)
    prior = build_feature_views(corpus, applied, of=np.arange(16)).prior
    assert prior[-1] == 0
    assert set(prior[:-1]) == {slope}
    assert slope < 0.6
