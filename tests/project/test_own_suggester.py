"""A suggester of one's own, in every place where suggestions go."""

from __future__ import annotations

import csv
from dataclasses import dataclass

import numpy as np
import pytest

from autocode import write_report
from autocode.core.errors import InputError
from autocode.encode.hashing import HashEncoder
from autocode.evaluate import evaluate_suggestions
from autocode.suggest.protocol import Ranking


@dataclass(frozen=True)
class Probabilities:
    """Gives every code the same probability, and says nothing else."""

    name: str = "all alike"

    def rank(self, task):
        shape = len(task.targets), task.corpus.n_codes
        return Ranking.from_probabilities(np.full(shape, 0.6))


@dataclass(frozen=True)
class Scores:
    """Gives scores alone."""

    name: str = "scores alone"

    def logits(self, task):
        return task.corpus.zero_shot.z[task.targets]


@dataclass(frozen=True)
class Nothing:
    """Forgets to return what it made."""

    name: str = "forgetful"

    def rank(self, task):
        return None


own = pytest.mark.parametrize("suggester", [Probabilities(), Scores()], ids=lambda m: m.name)


@own
def test_its_suggestions_are_kept_exported_and_reported(project, suggester, tmp_path):
    suggestions = project.suggest(HashEncoder(), suggester=suggester)
    assert suggestions
    project.export(tmp_path / "out")
    with (tmp_path / "out" / "suggestions.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(suggestions)
    assert write_report(project, tmp_path / "report.html") > 0
    assert suggester.name in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_what_to_code_next_can_be_asked_of_it(project):
    queue = project.what_next(HashEncoder(), n_wanted=2, suggester=Probabilities())
    assert len(queue.segments) == len(queue.to_frame()) == 2


@pytest.mark.slow
@own
def test_it_can_be_evaluated(project, suggester):
    assert evaluate_suggestions(project, suggester).method == suggester.name


def test_its_fault_is_one_line_and_leaves_the_study_alone(suggesting):
    before = suggesting.suggestions()
    with pytest.raises(InputError, match="'forgetful' returned nothing"):
        suggesting.suggest(HashEncoder(), suggester=Nothing())
    assert suggesting.suggestions() == before
