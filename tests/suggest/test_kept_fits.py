"""Suggestions are the same with kept fits as without, and nothing is fitted twice."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from autocode.core.codebook import Codebook
from autocode.suggest import fitting
from autocode.suggest.codebook_suggester import CodebookSuggester
from autocode.suggest.kept_fits import (
    Fit,
    MemoryFitCache,
    NoFitCache,
    compute_digest,
    take_or_make,
    take_or_make_each,
)
from autocode.suggest.protocol import KnownCodings

from .support import make_wide_task


@pytest.fixture
def task():
    return make_wide_task()


def keep_in(task, fits):
    """The task anew, as another run would make it, with fits kept in `fits`."""
    return replace(task, corpus=replace(task.corpus, fits=fits))


def move_coding(task, row, code):
    applied = task.known.applied.copy()
    applied[row, code] = ~applied[row, code]
    return replace(task, known=KnownCodings(task.known.read, applied))


def assert_same(one, other):
    for part in ("logits", "probabilities", "likely", "in_set", "auto_acceptable"):
        assert getattr(one, part).tobytes() == getattr(other, part).tobytes(), part
    assert one.diagnostics == other.diagnostics
    for row, code in ((0, 0), (31, 3), (61, 1)):
        assert list(one.explanation.words(row, code)) == list(other.explanation.words(row, code))
        assert one.explanation.neighbours(row, code) == other.explanation.neighbours(row, code)


def test_the_ranking_is_the_same_to_the_last_digit(task):
    fits, plain = MemoryFitCache(), CodebookSuggester().rank(task)
    assert_same(CodebookSuggester().rank(keep_in(task, fits)), plain)
    n_made = len(fits.made)
    assert n_made
    assert_same(CodebookSuggester().rank(keep_in(task, fits)), plain)
    assert len(fits.made) == n_made, "nothing is fitted again where nothing has changed"


@pytest.mark.slow
def test_part_coded_transcripts_are_ranked_the_same(task):
    read = task.known.read.copy()
    read[::3] = False
    known = KnownCodings(read, task.known.applied & read[:, None])
    part = replace(task, known=known, targets=np.flatnonzero(~read))
    fits, plain = MemoryFitCache(), CodebookSuggester().rank(part)
    for _ in range(2):
        assert_same(CodebookSuggester().rank(keep_in(part, fits)), plain)
    assert fits.made.count("words") == 1


@pytest.mark.slow
def test_after_a_decision_only_what_learns_from_its_transcript_is_fitted_anew(task):
    fits = MemoryFitCache()
    CodebookSuggester().rank(keep_in(task, fits))
    before = fits.made.count("model")
    moved = move_coding(task, task.read_rows[0], 2)
    ranking = CodebookSuggester().rank(keep_in(moved, fits))
    assert fits.made.count("words") == fits.made.count("spelling") == 1
    n_folds = before - 1
    assert fits.made.count("model") - before == n_folds, (
        "the model of the fold without that transcript stands; the others and that of all do not"
    )
    assert_same(ranking, CodebookSuggester().rank(moved))
    CodebookSuggester().rank(keep_in(task, fits))
    assert fits.made.count("model") - before == n_folds, "taking it back fits nothing"


def test_other_words_vectors_codes_and_constants_are_other_fits(task):
    first = task.corpus
    others = [
        replace(first, vectors=first.vectors[:, ::-1]),
        replace(first, segments=[replace(s, excerpt=f"{s.excerpt} so") for s in first.segments]),
        replace(first, codebook=Codebook(()), codes=first.codes[:-1]),
        replace(first, feature_config=replace(first.feature_config, word_weight=0.6)),
    ]
    assert len({first.digest, *(one.digest for one in others)}) == len(others) + 1
    assert replace(first).digest == first.digest


def test_lists_of_parts_do_not_read_alike():
    digests = {
        compute_digest(parts)
        for parts in (
            ["ab", "c"],
            ["a", "bc"],
            ["abc"],
            [np.zeros(2)],
            [np.zeros((2, 1))],
            [np.zeros(4, dtype=np.float32)],
            [["ab", "c"]],
        )
    }
    assert len(digests) == 7


def test_arrays_with_gaps_are_put_in_order_with_and_without_a_cache():
    def make():
        return {"x": np.arange(12.0).reshape(3, 4)[:, ::2], "y": np.arange(6.0).reshape(2, 3).T}

    for cache in (NoFitCache(), MemoryFitCache()):
        taken = take_or_make(cache, "any", (), make)
        assert taken["x"].flags.c_contiguous
        assert taken["y"].flags.f_contiguous
        np.testing.assert_array_equal(taken["x"], make()["x"])


def test_a_ranking_fitted_on_several_cores_is_the_same_to_the_last_digit(task, monkeypatch):
    ranked = []
    for n_cores in (1, 3):
        monkeypatch.setattr(fitting, "count_usable_cores", lambda n=n_cores: n)
        ranked.append(CodebookSuggester().rank(keep_in(task, MemoryFitCache())))
    assert_same(*ranked)


class OneThread(MemoryFitCache):
    """A cache that, as a connection to a study, is for the thread that made it."""

    def __init__(self):
        super().__init__()
        self._owner = threading.get_ident()

    def get(self, digest):
        assert threading.get_ident() == self._owner
        return super().get(digest)

    def put(self, kind, digest, arrays):
        assert threading.get_ident() == self._owner
        super().put(kind, digest, arrays)


def test_fits_are_made_at_once_and_kept_in_order_by_one_thread():
    cache, made, prepared = OneThread(), [], []
    both = threading.Barrier(2, timeout=10)

    def fit(number, *, waits=True):
        def make():
            assert prepared
            if waits:
                both.wait()
            made.append(number)
            return {"x": np.array([number])}

        return Fit(kind="any", basis=(number,), make=make)

    def take(*fits):
        taken = take_or_make_each(cache, fits, at_once=2, prepare=lambda: prepared.append(1))
        return [int(one["x"][0]) for one in taken]

    assert take(fit(1), fit(2)) == [1, 2]
    assert take(fit(2), fit(3, waits=False), fit(1)) == [2, 3, 1]
    assert sorted(made) == [1, 2, 3], "what is kept is not made again"
    assert take(fit(3), fit(1)) == [3, 1]
    assert len(prepared) == 2, "where nothing is made nothing is prepared"
