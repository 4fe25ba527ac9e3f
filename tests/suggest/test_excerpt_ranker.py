"""An excerpt by itself is ranked as the suggester ranks it among the segments of its study."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autocode.core.code_family import CodeFamily
from autocode.core.codebook import Code, Codebook
from autocode.core.transcript import Segment, Span
from autocode.encode.hashing import HashEncoder
from autocode.suggest.check import run_suggester
from autocode.suggest.code_text import list_phrases
from autocode.suggest.codebook_suggester import CodebookSuggester
from autocode.suggest.corpus import UNRELATED, EncodedCorpus
from autocode.suggest.excerpt_ranker import fit_excerpt_ranker
from autocode.suggest.explain import DEFAULTS
from autocode.suggest.protocol import KnownCodings, Task

WORDS = {
    "money": ["rent", "bills", "wages", "loan"],
    "garden": ["soil", "spade", "seeds", "compost"],
    "travel": ["bus", "train", "ticket", "driver"],
}


def make_task(codes=None, *, n_coded=60, n_new=12):
    codes = codes or tuple(
        Code(id=key, name=key, definition=f"About {words[0]}.") for key, words in WORDS.items()
    )
    kinds = list(WORDS)
    texts = [
        f"They {verb} the {WORDS[kinds[n % 3]][n % 4]} and {WORDS[kinds[n % 3]][n // 3 % 4]}{mark}"
        for n, verb, mark in (
            (n, ("saw", "liked", "lost")[n % 7 % 3], "?" if n % 5 == 0 else ".")
            for n in range(n_coded + n_new)
        )
    ]
    encoder, book = HashEncoder(), Codebook(codes)
    phrases = list_phrases(codes)
    corpus = EncodedCorpus(
        segments=[
            Segment(transcript=f"p{n // 2}", span=Span(n, n + 1), excerpt=text, role="participant")
            for n, text in enumerate(texts)
        ],
        vectors=encoder.encode(texts),
        codebook=book,
        codes=codes,
        phrases=phrases,
        phrase_vectors=encoder.encode([phrase.text for phrase in phrases]),
        unrelated_vectors=encoder.encode(list(UNRELATED)),
    )
    read = np.arange(len(texts)) < n_coded
    applied = np.zeros((len(texts), len(codes)), dtype=bool)
    applied[np.arange(n_coded), np.arange(n_coded) % 3] = True
    return Task(corpus=corpus, known=KnownCodings(read, applied), targets=np.flatnonzero(~read))


def rank_alone(task):
    ranker = fit_excerpt_ranker(task)
    segments = [task.corpus.segments[row] for row in task.targets]
    return ranker.rank(
        [one.excerpt for one in segments],
        task.corpus.vectors[task.targets],
        [one.transcript for one in segments],
    )


@pytest.mark.slow  # a fit takes a second
@pytest.mark.parametrize("n_coded", [0, 6, 60])
def test_it_answers_as_the_suggester_does(n_coded):
    task = make_task(n_coded=n_coded)
    among, alone = run_suggester(CodebookSuggester(), task), rank_alone(task)
    assert np.allclose(alone.probabilities, among.probabilities, atol=1e-4)
    assert np.array_equal(alone.order, np.argsort(-among.logits, axis=1, kind="stable"))
    is_calibrated = among.diagnostics.calibrated
    least = DEFAULTS.min_likely if is_calibrated else DEFAULTS.min_likely_uncalibrated
    assert np.array_equal(alone.likely, among.likely & (among.probabilities >= least))
    assert np.array_equal(alone.auto_acceptable, among.auto_acceptable)
    assert np.array_equal(alone.phrase, task.corpus.zero_shot.phrase[task.targets])


@pytest.mark.slow  # a fit takes a second
def test_codes_of_a_family_that_is_off_are_not_decided():
    codes = [Code(id=key, name=key, definition=f"About {w[0]}.") for key, w in WORDS.items()]
    codes[1] = replace(codes[1], family=CodeFamily("retired"))
    task = make_task(tuple(codes))
    among, alone = run_suggester(CodebookSuggester(), task), rank_alone(task)
    assert not alone.likely[:, 1].any()
    assert (alone.order[:, -1] == 1).all()
    assert np.allclose(alone.probabilities, among.probabilities, atol=1e-4)


@pytest.mark.slow  # a fit takes a second
def test_an_excerpt_alone_says_what_it_says_among_others():
    task = make_task()
    ranker, vectors = fit_excerpt_ranker(task), task.corpus.vectors
    texts = [segment.excerpt for segment in task.corpus.segments]
    together = ranker.rank(texts, vectors, [""] * len(texts))
    for row in (0, 17, 70):
        alone = ranker.rank([texts[row]], vectors[[row]], [""])
        assert np.allclose(alone.probabilities[0], together.probabilities[row], atol=1e-12, rtol=0)


def test_what_people_have_read_is_never_accepted_unread():
    task = make_task()
    ranker, segments = fit_excerpt_ranker(task), task.corpus.segments[:60]
    places = [one.transcript for one in segments]
    ranking = ranker.rank([one.excerpt for one in segments], task.corpus.vectors[:60], places)
    assert ranking.is_read.all()
    assert not ranking.auto_acceptable.any()


@pytest.mark.slow  # a fit takes a second
def test_codes_of_a_domain_are_those_of_its_excerpts_alone():
    codes = tuple(Code(id=key, name=key, domain="question 1") for key in WORDS)
    task = make_task(codes)
    ranker, vectors = fit_excerpt_ranker(task), task.corpus.vectors[:3]
    texts = [segment.excerpt for segment in task.corpus.segments[:3]]
    ranking = ranker.rank(texts, vectors, [""] * 3, ["", "question 1", "question 2"])
    assert (ranking.probabilities > 0).all(axis=1).tolist() == [False, True, False]
    assert (ranking.probabilities == 0).all(axis=1).tolist() == [True, False, True]
