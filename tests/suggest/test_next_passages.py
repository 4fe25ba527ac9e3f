"""Passages to code next: spread over all transcripts, never the opening first, by the criteria."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autocode.core.codebook import Code
from autocode.suggest.next_passages import LENGTH, REASON, prioritise_passages
from autocode.suggest.protocol import KnownCodings, Ranking, Task

from .support import bare_corpus, talk

CODES = [Code(id="a", name="A"), Code(id="b", name="B")]
SURE = (0.99, 0.01)
UNSURE = (0.5, 0.5)


def make_task(lengths: dict[str, int], read: dict[str, range] | None = None) -> Task:
    """Transcripts of so many segments, all alike; in `read` those that are coded."""
    segments = [s for name, n in lengths.items() for s in talk("P" * n, name)]
    corpus = bare_corpus(segments, CODES)
    at = {(s.transcript, s.span.start // 10): row for row, s in enumerate(segments)}
    is_read = np.zeros(len(segments), dtype=bool)
    for name, numbers in (read or {}).items():
        is_read[[at[name, number] for number in numbers]] = True
    applied = np.zeros((len(segments), 2), dtype=bool)
    applied[is_read, 0] = True
    return Task(
        corpus=corpus, known=KnownCodings(is_read, applied), targets=np.flatnonzero(~is_read)
    )


def rank(task: Task, unsure: dict[str, range] | None = None) -> Ranking:
    """Certain everywhere but in the segments of `unsure`."""
    probabilities = np.tile(SURE, (len(task.targets), 1))
    for target, row in enumerate(task.targets):
        segment = task.corpus.segments[row]
        if segment.span.start // 10 in (unsure or {}).get(segment.transcript, range(0)):
            probabilities[target] = UNSURE
    none = np.zeros(probabilities.shape, dtype=bool)
    return Ranking(
        logits=probabilities,
        probabilities=probabilities,
        likely=none,
        in_set=none,
        auto_acceptable=none,
    )


def propose(task, unsure=None, **options) -> list[tuple[str, list[int]]]:
    """The passages as (transcript, numbers of its segments)."""
    segments = task.corpus.segments
    return [
        (segments[p.rows[0]].transcript, [segments[row].span.start // 10 for row in p.rows])
        for p in prioritise_passages(task, rank(task, unsure), **options)
    ]


def test_each_transcript_has_one_before_any_has_two():
    names = [name for name, _ in propose(make_task({"a": 60, "b": 60, "c": 60}), n_wanted=6)]
    assert sorted(names[:3]) == ["a", "b", "c"]
    assert sorted(names[3:]) == ["a", "b", "c"]


def test_a_transcript_with_little_coded_comes_first():
    task = make_task({"a": 40, "b": 40, "c": 40}, read={"a": range(10), "b": range(4)})
    unsure = {"a": range(20, 40)}
    assert [name for name, _ in propose(task, unsure, n_wanted=2, length=4)] == ["c", "b"]


def test_the_passage_lies_where_its_segments_would_teach_most():
    ((_, numbers),) = propose(make_task({"a": 50}), {"a": range(31, 35)}, n_wanted=1, length=4)
    assert numbers == [31, 32, 33, 34]


def test_the_opening_is_never_the_first_to_be_coded_of_a_transcript():
    task = make_task({"a": 50})
    (first, *_), *_ = [numbers for _, numbers in propose(task, {"a": range(5)}, n_wanted=1)]
    assert first >= 5
    coded = make_task({"a": 50}, read={"a": range(30, 35)})
    assert propose(coded, {"a": range(5)}, n_wanted=1)[0][1] == [0, 1, 2, 3, 4]


def test_the_second_lies_in_the_other_half():
    unsure = {"a": range(25, 50)}
    (_, first), (_, second) = propose(make_task({"a": 50}), unsure, n_wanted=2)
    assert min(first) >= 25
    assert max(second) < 27


def test_passages_are_runs_that_nobody_has_read_and_do_not_meet():
    task = make_task({"a": 30, "b": 12}, read={"a": range(7, 9)})
    proposed = propose(task, n_wanted=50, length=4)
    seen = [(name, number) for name, numbers in proposed for number in numbers]
    assert len(seen) == len(set(seen)) == len(task.targets)  # at last everything is proposed
    for _, numbers in proposed:
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert not {("a", 7), ("a", 8)} & set(seen)


@pytest.mark.parametrize(("n", "length"), [(60, LENGTH), (900, LENGTH), (2, 2)])
def test_a_passage_has_its_length_where_there_are_so_many_segments(n, length):
    assert [len(numbers) for _, numbers in propose(make_task({"a": n}), n_wanted=1)] == [length]


def test_a_number_of_segments_is_kept_to():
    proposed = propose(make_task({"a": 60, "b": 60}), n_wanted=9, n_segments=8, length=5)
    assert [len(numbers) for _, numbers in proposed] == [5, 3]


def test_the_reason_says_what_was_measured():
    results = Path(__file__).parents[2] / "eval" / "results" / "next.md"
    cells = [
        [cell.strip() for cell in line.split("|")]
        for line in results.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and "(" in line
    ]
    for design in (f"passages of {LENGTH}", "whole transcripts", "the first of each"):
        right = [f"{float(row[4].split()[0]):.2f}"[1:] for row in cells if row[2] == design]
        assert len(right) == 3
        assert f"{right[0]}, {right[1]} and {right[2]}" in REASON


def test_nothing_to_code_gives_no_passage_and_the_same_task_the_same_passages():
    task = make_task({"a": 20, "b": 31})
    assert propose(task, n_wanted=7) == propose(task, n_wanted=7)
    assert propose(replace(task, targets=task.targets[:0]), n_wanted=3) == []
