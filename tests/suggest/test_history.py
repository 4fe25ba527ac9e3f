"""Evidence of what stands before, on transcripts whose right answer is plain."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.core.codebook import Code
from autocode.suggest.adaptation import LocalAdaptation
from autocode.suggest.history import TranscriptHistory
from autocode.suggest.history_features import CODE_FEATURES, SEGMENT_FEATURES, BaseScores
from autocode.suggest.linear import add_to_inverse, build_design_matrix, invert_curvature
from autocode.suggest.persistence import list_transcripts, measure_persistence
from autocode.suggest.protocol import KnownCodings
from autocode.suggest.sequence import fit_chain

from .support import bare_corpus, talk

TEA, LAW = 0, 1
CODES = [Code(id="tea", name="Tea"), Code(id="law", name="Law")]


def codes_at(n: int, **rows: list[int]) -> np.ndarray:
    applied = np.zeros((n, 2), dtype=bool)
    for code, at in rows.items():
        applied[at, {"tea": TEA, "law": LAW}[code]] = True
    return applied


def history_of(speakers: str, applied: np.ndarray | None = None, *, read: int = 0):
    """A history of a talk, with what was coded before in another talk of `read` segments."""
    # Somebody else speaks last, so that it is running text.
    segments = [*talk("A" * read, "old"), *talk(f"{speakers}C", "t")]
    corpus = bare_corpus(segments, CODES)
    known = KnownCodings(np.arange(len(segments)) < read, np.zeros((len(segments), 2), dtype=bool))
    if applied is not None:
        known.applied[:read] = applied
    rows = np.arange(read, read + len(speakers))
    nothing = np.zeros((len(rows), 2))
    return TranscriptHistory(
        corpus,
        rows,
        BaseScores(nothing, nothing, nothing),
        persistence=measure_persistence(corpus, known),
        chain=fit_chain(corpus, known),
    )


def value(history: TranscriptHistory, name: str, at: int, code: int = TEA) -> float:
    described = history.describe(np.array([at]))
    if name in CODE_FEATURES:
        return float(described.codes[0, code, CODE_FEATURES.index(name)])
    return float(described.segments[0, SEGMENT_FEATURES.index(name)])


def test_nothing_observed_says_nothing():
    described = history_of("ABABAB").describe(np.arange(6))
    assert (described.near == -1).all()
    assert not described.codes.any()
    assert described.segments[:, SEGMENT_FEATURES.index("nothing observed")].all()


def test_the_segment_before_is_near_and_its_code_fades():
    history = history_of("AAAAAAAA")
    history.observe(2, codes_at(1, tea=[0])[0])
    assert value(history, "near", 3) == 1
    assert value(history, "near", 3, LAW) == 0
    assert value(history, "near has others", 3, LAW) == 1
    recent = [value(history, "recent", at) for at in (3, 4, 6)]
    assert recent == sorted(recent, reverse=True)
    assert recent[0] == 1
    assert value(history, "recent", 3, LAW) == 0


def test_far_away_what_is_near_says_nothing():
    history = history_of("A" * 80)
    history.observe(0, codes_at(1, tea=[0])[0])
    for name in ("near", "near, persistence", "recent", "lately", "near coded", "votes"):
        assert abs(value(history, name, 79)) < 0.01, name


def test_what_stands_after_is_the_mirror_image_of_what_stands_before():
    onwards, backwards = history_of("AAAAA"), history_of("AAAAA")
    for step, codes in enumerate(codes_at(2, tea=[0, 1], law=[1])):
        onwards.observe(step, codes)
        backwards.observe(4 - step, codes)
    for name in ("near", "near2", "recent", "lately", "votes", "near has others", "same speaker"):
        for code in (TEA, LAW):
            assert value(onwards, name, 2, code) == value(backwards, name, 2, code), name


def test_in_a_gap_both_sides_count():
    history = history_of("AAAAAA")
    history.observe(1, codes_at(1, tea=[0])[0])
    history.observe(4, codes_at(1, law=[0])[0])
    assert (value(history, "near", 2), value(history, "far", 2)) == (1, 0)
    assert value(history, "near", 2, LAW) == 0
    # Two segments away it counts for a little less.
    assert 0.5 < value(history, "far", 2, LAW) < 1
    assert value(history, "near", 3, LAW) == 1
    described = history.describe(np.array([2, 3]))
    assert (described.near.tolist(), described.far.tolist()) == ([1, 4], [4, 1])


def test_the_same_speaker_is_found_behind_an_answer():
    history = history_of("ABAB")
    history.observe(0, codes_at(1, tea=[0])[0])
    history.observe(1, codes_at(1, law=[0])[0])
    assert value(history, "same speaker", 2) > 0.5
    assert value(history, "near", 2) == 0


def test_a_code_that_lapsed_is_told_from_one_that_goes_on():
    history = history_of("AAAA")
    history.observe(0, codes_at(1, tea=[0])[0])
    history.observe(1, np.zeros(2, dtype=bool))
    assert value(history, "near", 2) == 0
    assert value(history, "near2", 2) > 0.5
    assert value(history, "near coded", 2) < 0


def test_codes_that_went_on_elsewhere_are_expected_to_go_on():
    # In the other talk "tea" lasts and "law" never does.
    applied = codes_at(40, tea=list(range(20)), law=list(range(20, 40, 2)))
    history = history_of("AAA", applied, read=40)
    history.observe(0, np.ones(2, dtype=bool))
    assert value(history, "near, persistence", 1) > 0.5
    assert value(history, "near, persistence", 1, LAW) < -0.5


def test_persistence_is_learned_from_this_transcript_too():
    history = history_of("A" * 12)
    for at in range(10):
        history.observe(at, np.array([True, at % 2 == 0]))
    last = history.describe(np.array([10])).codes[0, :, CODE_FEATURES.index("near, persistence")]
    history.observe(10, np.ones(2, dtype=bool))
    now = history.describe(np.array([11])).codes[0, :, CODE_FEATURES.index("near, persistence")]
    assert last[TEA] > 0
    assert now[LAW] < 0 < now[TEA]


def test_persistence_counts_pairs_within_transcripts_only():
    corpus = bare_corpus([*talk("AA", "a"), *talk("AA", "b")], CODES)
    applied = codes_at(4, tea=[1, 2, 3])
    counted = measure_persistence(corpus, KnownCodings(np.ones(4, dtype=bool), applied))
    assert counted.kept.tolist() == [1, 0]
    assert counted.pairs.tolist() == [1, 0]
    assert (counted.coded, counted.read) == (3, 4)


def test_transcripts_are_listed_in_reading_order():
    corpus = bare_corpus([*talk("AA", "b"), *talk("AA", "a")][::-1], CODES)
    assert [rows.tolist() for rows in list_transcripts(corpus, np.arange(4))] == [[1, 0], [3, 2]]
    assert list_transcripts(corpus, np.arange(0)) == []


def test_adaptation_steps_as_the_model_of_all_features_would():
    generator = np.random.default_rng(0)
    design = build_design_matrix(generator.normal(size=(30, 6)).astype(np.float32))
    learned, new = design[:20], design[20:]
    inverse = invert_curvature(learned)
    adaptation = LocalAdaptation(new, inverse, 2)
    expected = np.zeros((10, 2))
    whole = inverse.copy()
    for at in (3, 0, 7):
        residual = generator.normal(size=2).astype(np.float32)
        adaptation.observe(at, residual)
        expected -= np.outer(new @ add_to_inverse(whole, new[at]), residual)
    np.testing.assert_allclose(adaptation.delta, expected, atol=1e-4)


def test_a_long_transcript_adapts_within_blocks(monkeypatch):
    monkeypatch.setattr("autocode.suggest.adaptation.BLOCK", 4)
    design = np.ones((10, 2), dtype=np.float32)
    adaptation = LocalAdaptation(design, np.eye(2, dtype=np.float32), 1)
    adaptation.observe(5, np.ones(1, dtype=np.float32))
    moved = np.flatnonzero(adaptation.delta[:, 0])
    assert moved.tolist() == [4, 5, 6, 7]


@pytest.mark.parametrize("speakers", ["A", "AB"])
def test_a_transcript_of_one_or_two_segments_is_no_fault(speakers):
    history = history_of(speakers)
    for at in range(len(speakers)):
        history.describe(np.array([at]))
        history.observe(at, np.ones(2, dtype=bool))
    assert np.isfinite(history.describe(np.arange(len(speakers))).codes).all()


def test_in_a_list_of_answers_nothing_stands_before():
    corpus = bare_corpus(talk("AAAA"), CODES)
    known = KnownCodings(np.zeros(4, dtype=bool), np.zeros((4, 2), dtype=bool))
    nothing = np.zeros((4, 2))
    history = TranscriptHistory(
        corpus,
        np.arange(4),
        BaseScores(nothing, nothing, nothing),
        persistence=measure_persistence(corpus, known),
        chain=fit_chain(corpus, known),
    )
    history.observe(0, np.ones(2, dtype=bool))
    assert (history.describe(np.arange(1, 4)).near == -1).all()
    for name in ("near", "recent", "lately", "votes", "same speaker"):
        assert value(history, name, 1) == 0, name
