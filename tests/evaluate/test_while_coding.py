"""While somebody codes: what is known when, by hand; a method that looks ahead gains nothing."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.agreement.resampling.intervals import Resampling
from autocode.core.errors import InputError, LeakageError, NothingToDo
from autocode.evaluate.baselines import RepeatLast
from autocode.evaluate.gold import build_gold_data
from autocode.evaluate.leakage import HeldOutLabels
from autocode.evaluate.protocol import Protocol
from autocode.evaluate.runner import evaluate_suggestions
from autocode.evaluate.splits import make_splits
from autocode.pipeline import encode_corpus
from autocode.suggest.protocol import Aims

from .support import Words, corpus_of_rows, ranking

# Twelve segments a transcript; every code goes on for four. The first code of the codebook, which
# is offered first as long as all are equally frequent, begins none of them.
LASTING = [
    (f"t{number}", code, "", "")
    for number, codes in enumerate(("bca", "cab", "bac", "cba"))
    for code in codes
    for _ in range(4)
]


@pytest.fixture
def follow(tools):
    """The one point of an evaluation while coding."""

    def run(rows, method, second=None, **more):
        protocol = Protocol(
            regime="while-coding",
            reference="Ana",
            n_folds=2,
            resampling=Resampling(n_resamples=50),
            **more,
        )
        corpus = corpus_of_rows(rows, second)
        return evaluate_suggestions(corpus, method, tools=tools, protocol=protocol)

    return run


def values(scores):
    return {name: score.value for name, score in scores.items()}


def test_repeating_is_right_where_codes_go_on_and_wrong_where_they_start(follow):
    point = follow(LASTING, "repeat-last").points[0]
    starts, continuations = point.passages["starts"], point.passages["continuations"]
    assert (starts.n_segments, continuations.n_segments) == (12, 36)
    assert set(values(continuations.scores).values()) == {1.0}
    assert starts.scores["hit_at_1"].value == 0.0
    assert starts.scores["micro_f1"].value == 0.0
    assert point.scores["hit_at_1"].value == pytest.approx(36 / 48)
    # Nothing is decided on the four first segments; at eight others the wrong code goes on.
    assert point.scores["micro_f1"].value == pytest.approx(2 * 36 / (2 * 36 + 8 + 12))


def test_a_ranking_that_ignores_what_stands_before_is_asked_once_a_fold(follow):
    class Counted(Words):
        asked: list[int] = []  # noqa: RUF012 - of the class, so that copies share it

        def rank(self, task):
            self.asked.append(len(task.targets))
            return super().rank(task)

    followed = follow(LASTING, Counted()).points[0]
    assert Counted.asked == [24, 24]
    assert followed.scores["hit_at_1"].value is not None


def test_history_is_one_coders_and_the_score_is_with_the_other(follow):
    """Ben takes the second code up one segment later than Ana; worked out on paper."""
    rows = [(f"t{n}", "a" * (at < 6) or "b", "", "") for n in range(4) for at in range(12)]
    ben = {n * 12 + at: "a" if at < 7 else "b" for n in range(4) for at in range(12)}
    compared = follow(rows, RepeatLast(), ben).points[0].human_comparison
    people, machine = values(compared.human_human), values(compared.machine_human)
    assert people["pooled_kappa"] == pytest.approx(20 / 24)
    # Following Ana: 11 of Ben's 12 codings. Following Ben: 9 of Ana's, and 2 she did not make.
    assert machine["pooled_kappa"] == pytest.approx(0.75)
    assert people["start"] == pytest.approx(0.4)
    assert machine["start"] == 0.0
    # Everything is coded by both, so there is nothing to agree on; the machine misses firsts.
    assert people["codable"] is None
    assert machine["codable"] == 0.0
    assert people["which_code"] == pytest.approx(20 / 24)


class Recorder:
    """Notes in which order it was asked and shown."""

    name = "recorder"
    noted: list[tuple[str, int]] = []  # noqa: RUF012 - of the class, so that copies share it

    def __init__(self):
        self.n_codes = 0

    def rank(self, asked):
        if hasattr(asked, "corpus"):
            raise AssertionError("not asked for a whole task here")
        Recorder.noted += [("rank", row) for row in asked.tolist()]
        nothing = np.zeros((len(asked), self.n_codes))
        return ranking(None, nothing)

    def fit(self, task):
        self.n_codes = task.corpus.n_codes
        return self

    def follow(self, rows):
        Recorder.noted.append(("follow", len(rows)))
        return self

    def observe(self, row, applied):
        Recorder.noted.append(("observe", row))
        with pytest.raises(ValueError, match="read-only"):
            applied[0] = True


def test_codes_are_shown_after_the_question_in_reading_order(follow):
    Recorder.noted.clear()
    follow(LASTING, Recorder())
    starts = [at for at, (kind, _) in enumerate(Recorder.noted) if kind == "follow"]
    assert len(starts) == 4
    for begin in starts:
        part = Recorder.noted[begin + 1 : begin + 25]
        rows = [row for _, row in part[::2]]
        assert rows == list(range(rows[0], rows[0] + 12))
        assert part == [(kind, row) for row in rows for kind in ("rank", "observe")]


class Peeks:
    """Cheats: looks the segment up in what it has kept, then in all that it can reach."""

    name = "peeks"

    def __init__(self, keep):
        self.keep = keep
        self.seen = {}

    def fit(self, task):
        self.task = task
        return self

    def follow(self, rows):
        return self

    @property
    def memory(self):
        kept_there = self.keep == "corpus"
        return self.task.corpus.__dict__.setdefault("seen", {}) if kept_there else self.seen

    def rank(self, rows):
        known = self.task.known.applied
        applied = np.array([self.memory.get(int(row), known[row]) for row in rows])
        return ranking(None, np.where(applied, 5.0, -5.0))

    def observe(self, row, applied):
        self.memory[row] = applied.copy()


@pytest.mark.parametrize("keep", ["fit", "corpus"])
def test_a_method_that_hoards_or_looks_ahead_gains_nothing(follow, keep):
    # Ben codes as Ana does: whoever remembers following one knows all about the other.
    ben = {at: row[1] for at, row in enumerate(LASTING)}
    point = follow(LASTING, Peeks(keep), ben).points[0]
    assert point.scores["micro_f1"].value == 0.0
    assert point.human_comparison.machine_human["pooled_kappa"].value == 0.0
    assert point.human_comparison.human_human["pooled_kappa"].value == 1.0


def test_a_transcript_that_was_learned_from_is_not_followed(tools):
    corpus = corpus_of_rows(LASTING)
    gold = build_gold_data(corpus)
    splits = make_splits(gold, n_folds=2, seed=0)
    held_out = HeldOutLabels(gold, splits, encode_corpus(corpus.study, gold.codes, tools))
    task = held_out.make_task([0], np.flatnonzero(gold.transcript_index == 1), aims=Aims())
    fitted = RepeatLast().fit(task)
    assert len(list(held_out.follow("repeat", fitted, task, "t1", "Ana"))) == 12
    with pytest.raises(LeakageError, match="'t0'"):
        list(held_out.follow("repeat", fitted, task, "t0", "Ana"))


def test_what_cannot_be_copied_is_refused_in_a_line(follow):
    class Generates(RepeatLast):
        def fit(self, task):
            return (number for number in range(3))

    with pytest.raises(InputError, match=r"cannot be copied.*plain data"):
        follow(LASTING, Generates())


def test_lists_of_answers_are_refused_and_a_few_are_left_out_with_a_sentence(follow):
    answers = [(f"u{at // 2}", "a", "", "") for at in range(8)]
    evaluation = follow([*LASTING, *answers], "repeat-last")
    assert evaluation.points[0].n_segments == 48
    assert any("4 transcripts are no running text" in remark for remark in evaluation.remarks)
    with pytest.raises(NothingToDo, match="8 of 8 coded segments"):
        follow(answers, "repeat-last")


def test_what_is_learned_from_is_drawn_as_for_a_new_transcript(follow, tools):
    protocol = Protocol(shares=(0.5,), n_folds=2, reference="Ana")
    new = evaluate_suggestions(corpus_of_rows(LASTING), Words(), tools=tools, protocol=protocol)
    same = follow(LASTING, Words(), shares=(0.5,)).points[0]
    # A method that ignores what stands before answers the same in both regimes.
    assert values(same.scores) == values(new.points[0].scores)
    assert same.n_train == new.points[0].n_train


@pytest.mark.parametrize("choice", [{"regime": "live"}, {"sampling": "first"}])
def test_unknown_regimes_are_refused(choice):
    with pytest.raises(InputError, match="Use "):
        Protocol(**choice)
