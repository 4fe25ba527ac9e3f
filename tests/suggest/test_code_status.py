"""How a code stands: enough coded, findable from its words."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from autocode.core.suggestion import SuggestionDiagnostics
from autocode.core.transcript import Segment, Span
from autocode.serialise.plain import to_plain
from autocode.suggest.code_status import assess_codes
from autocode.suggest.protocol import KnownCodings, Task

from .support import score_corpus

N_CODES = 5


def task(applied, z, *, n_transcripts=6) -> Task:
    segments = [
        Segment(transcript=f"t{i % n_transcripts}", span=Span(i * 9, i * 9 + 5), excerpt="words")
        for i in range(len(applied))
    ]
    known = KnownCodings(np.ones(len(applied), dtype=bool), applied)
    return Task(corpus=score_corpus(segments, z), known=known, targets=np.arange(0))


@pytest.fixture
def applied():
    return np.eye(N_CODES, dtype=bool)[np.arange(200) % N_CODES]


def test_a_code_its_words_find_and_one_they_do_not(applied):
    generator = np.random.default_rng(0)
    z = generator.normal(size=applied.shape)
    z[:, 0] += 3 * applied[:, 0]
    found = assess_codes(task(applied, z), z)
    assert found[0].findable == "yes"
    assert found[0].definition_auc == pytest.approx(roc_auc_score(applied[:, 0], z[:, 0]), abs=5e-4)
    z[:, 1] -= 3 * applied[:, 1]
    assert assess_codes(task(applied, z), z)[1].findable == "no"


def test_enough_is_coded_when_held_out_uses_are_found(applied):
    generator = np.random.default_rng(1)
    z = np.zeros(applied.shape)
    good = generator.normal(size=applied.shape) + 5 * applied
    assert assess_codes(task(applied, z), good)[0].enough == "enough"
    bad = generator.normal(size=applied.shape) - 5 * applied
    status = assess_codes(task(applied, z), bad)[0]
    assert status.enough == "more"
    assert status.recall == 0
    assert status.low == pytest.approx(0, abs=1e-9)


def test_few_uses_or_few_transcripts_say_nothing(applied):
    z = np.zeros(applied.shape)
    assert assess_codes(task(applied[:40], z[:40]), z[:40])[0].enough == "too few to say"
    assert assess_codes(task(applied, z, n_transcripts=1), z)[0].findable == "too few to say"
    assert assess_codes(task(applied, z), None)[0].recall is None


def test_a_status_survives_being_stored(applied):
    z = np.zeros(applied.shape)
    statuses = assess_codes(task(applied, z), z)
    stored = json.loads(json.dumps(to_plain(SuggestionDiagnostics(codes=statuses))))
    assert SuggestionDiagnostics.from_plain(stored).codes == statuses
