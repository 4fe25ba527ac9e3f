"""Decisions move the ranking at once, in the direction a full refit confirms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autocode.core.alignment import align
from autocode.core.codebook import Code, Codebook
from autocode.core.transcript import Segment, Span
from autocode.encode.hashing import HashEncoder
from autocode.suggest.code_text import list_phrases
from autocode.suggest.corpus import EncodedCorpus
from autocode.suggest.online import OnlineRanking
from autocode.suggest.protocol import KnownCodings, Task, collect_known_codings


def task_of(segments: list[Segment]) -> Task:
    encoder = HashEncoder(n_dimensions=64)
    codes = CODEBOOK.candidates()
    found = list_phrases(codes)
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
    """Six talks of two speakers in turn, who say nothing that a codebook knows."""
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
    online = OnlineRanking(task)
    before = online.scores().copy()
    # Against the codebook: these people call kettles "law".
    for row in (0, 2, 4, 6):
        online.decide(row, [1])
    at_once = online.scores().copy() - before
    online.refit()
    settled = online.scores() - before
    untouched = np.arange(8, 24, 2)
    lead = (at_once[untouched, 1] - at_once[untouched, 0]).mean()
    settled_lead = (settled[untouched, 1] - settled[untouched, 0]).mean()
    assert lead > 0.5
    assert settled_lead > 0.5


def test_refit_equals_a_model_fitted_from_nothing(task: Task):
    online = OnlineRanking(task)
    online.decide(1, [1])
    online.decide(2, [])
    online.refit()
    fresh = OnlineRanking(Task(corpus=task.corpus, known=online.known, targets=task.targets))
    np.testing.assert_array_equal(online.scores(), fresh.scores())


def test_a_decision_without_a_code_lowers_all(task: Task):
    online = OnlineRanking(task)
    before = online.scores()[8].mean()
    for row in (0, 2, 4, 6):
        online.decide(row, [])
    assert online.scores()[8].mean() < before


def test_scores_kept_up_are_the_interpolation_of_logits_kept_up(task: Task):
    online = OnlineRanking(task)
    for row in (0, 5, 9):
        online.decide(row, [row % 2])
    interpolated = online.interpolation.apply(online.logits().astype(float), task.corpus)
    np.testing.assert_allclose(online.scores(), interpolated + online.history(), atol=1e-4)


def test_a_decision_moves_its_neighbours_as_a_refit_does(talk: Task):
    online = OnlineRanking(talk)
    for row in range(48):
        online.decide(row, [row % 2])
    online.refit()
    before = online.context().copy()
    online.decide(66, [1])  # against custom: A says "law" here
    at_once = online.context() - before
    online.refit()
    settled = online.context() - before
    lead, settled_lead = (change[:, 1] - change[:, 0] for change in (at_once, settled))
    # The same speaker goes on with "law"; next to one who says "law" is one who says "tea".
    assert np.flatnonzero(lead > 0.05).tolist() == [64, 68]
    assert np.flatnonzero(lead < -0.05).tolist() == [65, 67]
    assert (np.sign(settled_lead[[64, 65, 67, 68]]) == [1, -1, -1, 1]).all()


def test_what_neighbours_say_stays_in_the_scores_kept_up(talk: Task):
    online = OnlineRanking(talk)
    for row in range(48):
        online.decide(row, [row % 2])
    online.refit()
    for row in (50, 55, 61):
        online.decide(row, [0])
    interpolated = online.interpolation.apply(online.logits().astype(float), talk.corpus)
    assert np.abs(online.context()).max() > 0.1
    kept_up = interpolated + online.context() + online.history()
    np.testing.assert_allclose(online.scores(), kept_up, atol=1e-4)


def test_a_code_that_lasts_is_first_in_the_next_segment(talk: Task):
    online = OnlineRanking(talk)
    for row in range(48):
        # In the first four talks each code goes on for six segments.
        online.decide(row, [row // 6 % 2])
    online.refit()
    for row in (50, 51):
        online.decide(row, [1])
    lead = online.history()[:, 1] - online.history()[:, 0]
    assert lead[52] > 0.3
    assert lead[52] > lead[58]
    assert not online.history()[60:].any()  # other talks


def test_history_kept_up_is_what_a_refit_makes_of_it(talk: Task):
    online = OnlineRanking(talk)
    for row in range(30):
        online.decide(row, [row // 6 % 2])
    kept_up, context = online.history().copy(), online.context().copy()
    online.refit()
    # But for what the pairs of codes have changed in the meantime.
    unread = np.arange(30, 36)
    np.testing.assert_allclose(np.sign(kept_up[unread]), np.sign(online.history()[unread]))
    assert not np.array_equal(context, online.context())


def test_only_the_coder_who_is_followed_has_a_history(talk: Task):
    generous = replace(
        talk,
        known=KnownCodings(
            np.arange(72) < 40, np.tile([True, False], (72, 1)) & (np.arange(72) < 40)[:, None]
        ),
    )
    nobody = KnownCodings(np.zeros(72, dtype=bool), np.zeros((72, 2), dtype=bool))
    assert OnlineRanking(generous).history()[40:48].any()
    online = OnlineRanking(replace(generous, own=nobody))
    assert not online.history().any()
    online.decide(40, [1])
    assert online.history()[41, 1] > online.history()[41, 0]


def test_a_segment_that_is_decided_again_has_the_history_of_its_last_codes(talk: Task):
    one, other = OnlineRanking(talk), OnlineRanking(talk)
    one.decide(3, [0])
    for online in (one, other):
        online.decide(3, [1])
        online.refit()
    np.testing.assert_array_equal(one.scores(), other.scores())
    one.decide(4, [0])
    one.decide(4, [1])
    assert one.history()[5, 1] > one.history()[5, 0]
