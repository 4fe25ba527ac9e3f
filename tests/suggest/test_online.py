"""Decisions move the ranking at once, in the direction a full refit confirms."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.core.alignment import align
from autocode.core.codebook import Code, Codebook
from autocode.core.transcript import Segment, Span
from autocode.encode.hashing import HashEncoder
from autocode.suggest.code_text import phrases
from autocode.suggest.corpus import EncodedCorpus
from autocode.suggest.online import OnlineRanking
from autocode.suggest.protocol import Task, collect_known_codings


def task_of(segments: list[Segment]) -> Task:
    encoder = HashEncoder(n_dimensions=64)
    codes = CODEBOOK.candidates()
    found = phrases(codes)
    corpus = EncodedCorpus(
        segments=segments,
        vectors=encoder.encode([s.excerpt for s in segments]),
        codebook=CODEBOOK,
        codes=codes,
        phrases=found,
        phrase_vectors=encoder.encode([p.text for p in found]),
    )
    return Task(
        corpus=corpus,
        known=collect_known_codings(align(segments, [], []), codes),
        targets=np.arange(len(segments)),
    )


CODEBOOK = Codebook(
    (
        Code(id="tea", name="Tea", definition="Kettles and cups"),
        Code(id="law", name="Law", definition="Courts, letters"),
    )
)


@pytest.fixture
def task() -> Task:
    words = ["the kettle was on", "a letter from the court"] * 12
    segments = [
        Segment(
            transcript=f"t{i // 4}", span=Span(i * 100, i * 100 + len(w) + 2), excerpt=f"{w} {i}"
        )
        for i, w in enumerate(words)
    ]
    return task_of(segments)


@pytest.fixture
def talk() -> Task:
    """Six talks of two voices in turn, who say nothing that a codebook knows."""
    words = ["and so it was", "yes I see"] * 36
    segments = [
        Segment(
            transcript=f"t{i // 12}",
            span=Span(i * 100, i * 100 + len(w) + 3),
            excerpt=f"{w} {i}",
            speaker="AB"[i % 2],
        )
        for i, w in enumerate(words)
    ]
    return task_of(segments)


def test_a_decision_moves_segments_like_it_the_way_a_refit_does(task: Task):
    live = OnlineRanking(task)
    before = live.scores().copy()
    # Against the codebook: these people call kettles "law".
    for row in (0, 2, 4, 6):
        live.decide(row, [1])
    at_once = live.scores().copy() - before
    live.refit()
    settled = live.scores() - before
    untouched = np.arange(8, 24, 2)
    lead = (at_once[untouched, 1] - at_once[untouched, 0]).mean()
    settled_lead = (settled[untouched, 1] - settled[untouched, 0]).mean()
    assert lead > 0.5
    assert settled_lead > 0.5


def test_refit_equals_a_model_fitted_from_nothing(task: Task):
    live = OnlineRanking(task)
    live.decide(1, [1])
    live.decide(2, [])
    live.refit()
    fresh = OnlineRanking(Task(corpus=task.corpus, known=live.known, targets=task.targets))
    np.testing.assert_array_equal(live.scores(), fresh.scores())


def test_a_decision_without_a_code_lowers_all(task: Task):
    live = OnlineRanking(task)
    before = live.scores()[8].mean()
    for row in (0, 2, 4, 6):
        live.decide(row, [])
    assert live.scores()[8].mean() < before


def test_scores_kept_up_are_the_interpolation_of_logits_kept_up(task: Task):
    live = OnlineRanking(task)
    for row in (0, 5, 9):
        live.decide(row, [row % 2])
    interpolated = live.interpolation.apply(live.logits().astype(float), task.corpus)
    np.testing.assert_allclose(live.scores(), interpolated, atol=1e-4)


def test_a_decision_moves_its_neighbours_as_a_refit_does(talk: Task):
    live = OnlineRanking(talk)
    for row in range(48):
        live.decide(row, [row % 2])
    live.refit()
    before = live.context().copy()
    live.decide(66, [1])  # against custom: A says "law" here
    at_once = live.context() - before
    live.refit()
    settled = live.context() - before
    lead, settled_lead = (change[:, 1] - change[:, 0] for change in (at_once, settled))
    # The same speaker goes on with "law"; next to one who says "law" is one who says "tea".
    assert np.flatnonzero(lead > 0.05).tolist() == [64, 68]
    assert np.flatnonzero(lead < -0.05).tolist() == [65, 67]
    assert (np.sign(settled_lead[[64, 65, 67, 68]]) == [1, -1, -1, 1]).all()


def test_what_neighbours_say_stays_in_the_scores_kept_up(talk: Task):
    live = OnlineRanking(talk)
    for row in range(48):
        live.decide(row, [row % 2])
    live.refit()
    for row in (50, 55, 61):
        live.decide(row, [0])
    interpolated = live.interpolation.apply(live.logits().astype(float), talk.corpus)
    assert np.abs(live.context()).max() > 0.1
    np.testing.assert_allclose(live.scores(), interpolated + live.context(), atol=1e-4)
