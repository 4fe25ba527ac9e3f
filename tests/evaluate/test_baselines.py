"""The baselines by hand, and the logistic regression beside scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.evaluate.baselines import MostFrequent, RepeatLast
from autocode.evaluate.embedding_baseline import UNKNOWN, EmbeddingLogistic, fit_regressions
from autocode.evaluate.gold import build_gold_data
from autocode.evaluate.methods import load_suggester
from autocode.pipeline import encode_corpus
from autocode.suggest.protocol import KnownCodings, Task

from .support import corpus_of_rows

# Ten segments of which a is the most frequent code, then a transcript that is followed.
ROWS = [("t0", code, "", "") for code in "aaaaabbccd"] + [("t1", "a", "", "")] * 12
A, B, C, D = range(4)


@pytest.fixture
def task(tools):
    corpus = corpus_of_rows([*ROWS, ("t2", "a", "", "")])
    gold = build_gold_data(corpus)
    encoded = encode_corpus(corpus.study, gold.codes, tools)
    known = gold.reference_codings.restrict_to(np.arange(10))
    return Task(corpus=encoded, known=known, targets=np.arange(10, 22))


def codes(*numbers):
    applied = np.zeros(4, dtype=bool)
    applied[list(numbers)] = True
    return applied


def first_three(session, row):
    logits = session.rank(np.array([row])).logits[0]
    return np.argsort(-logits, kind="stable")[:3].tolist()


def likely(session, row):
    return np.flatnonzero(session.rank(np.array([row])).likely[0]).tolist()


def test_repeating_offers_the_last_three_distinct_codes_the_latest_first(task):
    session = RepeatLast().fit(task).follow(task.targets)
    assert first_three(session, 10) == [A, B, C]  # nothing to repeat: the most frequent
    session.observe(10, codes(D))
    assert first_three(session, 11) == [D, A, B]
    assert likely(session, 11) == [D]
    session.observe(11, codes(C))
    session.observe(12, codes())
    # A segment without a code is repeated as what it is; the codes before it are offered still.
    assert first_three(session, 13) == [C, D, A]
    assert likely(session, 13) == []
    session.observe(13, codes(B, D))
    session.observe(14, codes(A))
    # B and D were applied together, and equally often by now: the codebook's order.
    assert first_three(session, 15) == [A, B, D]
    session.observe(15, codes(D))
    assert first_three(session, 16) == [D, A, B]


def test_each_transcript_begins_anew(task):
    fitted = RepeatLast().fit(task)
    fitted.follow(task.targets).observe(10, codes(D))
    assert first_three(fitted.follow(task.targets), 11) == [A, B, C]


def test_the_most_frequent_are_counted_on(task):
    session = MostFrequent().fit(task).follow(task.targets)
    assert first_three(session, 10) == [A, B, C]
    for row in range(10, 16):
        session.observe(row, codes(D))
    assert first_three(session, 16) == [D, A, B]


def test_a_whole_task_is_ranked_by_what_is_known_before_each_target(task):
    known = KnownCodings(task.known.read.copy(), task.known.applied.copy())
    known.read[[12, 15]] = True
    known.applied[12, D] = known.applied[15, C] = True
    part = Task(corpus=task.corpus, known=known, targets=np.array([11, 14, 16]))
    logits = RepeatLast().rank(part).logits
    assert logits.argmax(axis=1).tolist() == [A, D, C]
    assert RepeatLast().rank(part).likely[:, [C, D]].tolist() == [
        [False, False],
        [False, True],
        [True, False],
    ]


def test_regressions_are_those_of_scikit_learn():
    from sklearn.linear_model import LogisticRegression

    generator = np.random.default_rng(3)
    vectors = generator.normal(size=(60, 5))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    applied = np.column_stack([vectors[:, 0] > 0.1, vectors[:, 1] > 0.5, np.zeros(60, bool)])
    rows = np.arange(40)
    ours = fit_regressions(vectors, applied, rows, tolerance=1e-4).score(vectors[40:])
    for code in (0, 1):
        theirs = LogisticRegression(C=10, tol=1e-10, max_iter=5000)
        theirs.fit(vectors[rows], applied[rows, code])
        expected = theirs.decision_function(vectors[40:])
        assert ours[:, code] == pytest.approx(expected, abs=0.05)
    assert (ours[:, 2] == UNKNOWN).all()


def test_a_fit_goes_on_from_an_earlier_one_to_the_same_end():
    generator = np.random.default_rng(4)
    vectors = generator.normal(size=(60, 5))
    applied = np.column_stack([vectors[:, 0] > 0.1, vectors[:, 1] > 0.5])
    early = fit_regressions(vectors, applied, np.arange(20))
    warm = fit_regressions(vectors, applied, np.arange(50), start=early, tolerance=1e-4)
    cold = fit_regressions(vectors, applied, np.arange(50), tolerance=1e-4)
    assert warm.score(vectors) == pytest.approx(cold.score(vectors), abs=0.2)
    assert np.abs(early.score(vectors) - cold.score(vectors)).max() > 0.5


@pytest.mark.parametrize(("refit_every", "learned_after"), [(1, 1), (3, 3)])
def test_regressions_learn_from_what_was_coded_earlier(tools, refit_every, learned_after):
    rows = [("t0", "a", "", "")] * 6 + [("t0", "b", "", "")] * 6 + [("t1", "d", "", "")] * 12
    corpus = corpus_of_rows(rows)
    gold = build_gold_data(corpus)
    encoded = encode_corpus(corpus.study, gold.codes, tools)
    known = gold.reference_codings.restrict_to(np.arange(12))
    task = Task(corpus=encoded, known=known, targets=np.arange(12, 24))
    session = EmbeddingLogistic(refit_every).fit(task).follow(task.targets)
    seen = []
    for row in range(12, 18):
        seen.append(float(session.rank(np.array([row])).logits[0, D]))
        session.observe(row, gold.reference_codings.applied[row])
    assert seen[:learned_after] == [UNKNOWN] * learned_after
    assert min(seen[learned_after:]) > UNKNOWN + 5


@pytest.mark.parametrize("name", ["repeat-last", "most-frequent", "embedding-lr"])
def test_baselines_have_names_and_can_follow(name):
    method = load_suggester(name)
    assert method.name
    assert hasattr(method, "fit")
