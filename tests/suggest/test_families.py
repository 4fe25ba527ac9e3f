"""Codes of a family are decided only where the family is in use."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autocode.core.code_family import CodeFamily, FamilyUse
from autocode.core.codebook import Code
from autocode.suggest.check import run_suggester
from autocode.suggest.families import (
    LATEST,
    describe_families,
    find_family_states,
    judge_families,
    withhold_families,
)
from autocode.suggest.protocol import KnownCodings, Ranking, Task

from .support import bare_corpus, talk

GUIDE, OLD = CodeFamily("structural"), CodeFamily("retired")
CODES = [
    Code(id="q1", name="Q1", family=GUIDE),
    Code(id="plain", name="Plain"),
    Code(id="old", name="Old", family=OLD),
]
N = 8


def make_task(using: tuple[int, ...] = (), coded: int = 6, **use) -> Task:
    """Talks t0 to t7 of two segments; the first `coded` are coded, those in `using` with Q1."""
    segments = [segment for number in range(N) for segment in talk("PP", f"t{number}")]
    read = np.arange(2 * N) < 2 * coded
    applied = np.zeros((2 * N, 3), dtype=bool)
    applied[: 2 * coded : 2, 1] = True
    for number in using:
        applied[2 * number, 0] = True
    return Task(
        corpus=bare_corpus(segments, CODES),
        known=KnownCodings(read, applied),
        targets=np.flatnonzero(~read),
        families=FamilyUse(**use),
    )


class Eager:
    """Decides every code."""

    name = "eager"

    def rank(self, task: Task) -> Ranking:
        shape = (len(task.targets), task.corpus.n_codes)
        logits = np.tile([2.0, 1.0, 0.5], (shape[0], 1))
        yes = np.ones(shape, dtype=bool)
        return Ranking(
            logits=logits,
            probabilities=1 / (1 + np.exp(-logits)),
            likely=yes,
            in_set=yes,
            auto_acceptable=yes,
        )


def decided(task: Task) -> list[list[bool]]:
    """For each target whether Q1, Plain and Old are decided."""
    ranking = run_suggester(Eager(), task)
    assert (ranking.likely == ranking.auto_acceptable).all()
    return ranking.likely.tolist()


def test_a_family_that_was_not_used_lately_is_ranked_and_not_decided():
    task = make_task(using=(0, 1, 2, 3))
    assert decided(task) == [[False, True, False]] * 4
    ranking = run_suggester(Eager(), task)
    assert ranking.logits[:, 0].tolist() == [2.0] * 4  # first, as before
    assert ranking.in_set[:, 0].all()


def test_one_used_in_each_of_the_latest_is_decided():
    assert decided(make_task(using=(1, 2, 3, 4, 5))) == [[True, True, False]] * 4


def test_the_order_of_coding_counts_and_not_that_of_the_study():
    order = tuple(f"t{number}" for number in (5, 0, 1, 2, 3, 4))
    task = make_task(using=(0, 1, 2, 3, 4))
    assert decided(task)[0][0] is False
    assert decided(replace(task, families=FamilyUse(coded_order=order)))[0][0] is True


def test_a_coding_in_the_transcript_brings_the_family_back_there_alone():
    task = make_task()
    read, applied = task.known.read.copy(), task.known.applied.copy()
    read[12] = applied[12, 0] = True
    task = replace(task, known=KnownCodings(read, applied), targets=np.arange(13, 16))
    assert [row[0] for row in decided(task)] == [True, False, False]


def test_a_switch_counts_more_than_any_coding():
    using = (1, 2, 3, 4, 5)
    off = make_task(using=using, switches={(GUIDE, "t6"): False})
    assert [row[0] for row in decided(off)] == [False, False, True, True]
    on = make_task(switches={(GUIDE, "t6"): True, (OLD, "t7"): True})
    assert decided(on) == [[True, True, False]] * 2 + [[False, True, True]] * 2


def test_what_is_off_ranks_below_all_others_with_a_probability_to_match():
    ranking = run_suggester(Eager(), make_task(switches={(GUIDE, "t6"): False}))
    assert np.argsort(-ranking.logits[0]).tolist() == [1, 0, 2]
    assert ranking.probabilities[0, 0] == pytest.approx(1 / (1 + np.exp(-ranking.logits[0, 0])))
    assert 0 < ranking.probabilities[0, 0] < 1e-6
    assert np.isfinite(ranking.logits).all()


def test_before_anything_is_coded_all_but_retired_codes_are_decided():
    assert decided(make_task(coded=0)) == [[True, True, False]] * (2 * N)


def test_a_codebook_without_families_is_left_as_it_is():
    task = make_task()
    plain = replace(
        task, corpus=replace(task.corpus, codes=[replace(c, family=None) for c in CODES])
    )
    ranking = Eager().rank(plain)
    assert withhold_families(plain, ranking) is ranking


def test_remarks_name_family_transcripts_reason_and_remedy():
    task = make_task(switches={(GUIDE, "t6"): False})
    lines = list(describe_families(find_family_states(task), CODES))
    assert len(lines) == 3
    assert "1 code of the family 'structural' in t6 (switched off there)" in lines[0]
    assert f"in t7 (not used in each of the {LATEST} transcripts coded last)" in lines[1]
    assert "'retired' in t6, t7" in lines[2]
    assert all("--on TRANSCRIPT" in line for line in lines)


def test_fewer_coded_than_the_latest_are_all_asked():
    coded = {"a": {"q1"}, "b": {"q1", "x"}}
    (state,) = judge_families({GUIDE: ["q1"]}, coded, {}, ["c"])
    assert (state.is_on, state.basis) == (True, "used lately")
    (state,) = judge_families({GUIDE: ["q1"]}, coded | {"d": {"x"}}, {}, ["c"])
    assert (state.is_on, state.basis) == (False, "not lately")
