"""A method by name, and objects of one's own, sound and broken."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from autocode.core.errors import InputError
from autocode.evaluate.methods import (
    as_suggester,
    load_grouper,
    load_suggester,
    refuse_faults_of,
)
from autocode.suggest.calibration.decide import CalibratedScorer

from .support import Words


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Write a module of the user's into the current folder; it is forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    known = set(sys.modules)

    def write(name, text):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        return name

    yield write
    for name in set(sys.modules) - known:
        path = getattr(sys.modules[name], "__file__", None)
        if path and path.startswith(str(tmp_path)):
            del sys.modules[name]


OWN = """
class Mine:
    name = 'mine'
    def rank(self, task): ...
    def groups(self, vectors, excerpts): ...
ready = Mine()
"""


def test_built_in_methods_have_names():
    assert load_suggester("autocode").name
    assert load_suggester("codebook").name == "codebook words alone"
    assert load_grouper("autocode").name == "autocode (combined)"


def test_a_method_of_ones_own_is_found_in_the_folder(module):
    name = module("own_method", OWN)
    assert load_suggester(f"{name}:Mine").name == "mine"
    assert load_suggester(f"{name}:ready").name == "mine"
    assert load_grouper(f"{name}:Mine").name == "mine"


def test_loading_a_method_leaves_the_path_of_imports_as_it_was(module):
    name, before = module("own_quiet", OWN), list(sys.path)
    load_suggester(f"{name}:Mine")
    assert sys.path == before
    with pytest.raises(InputError):
        load_suggester("own_absent:Mine")
    assert sys.path == before


def test_a_module_may_import_its_neighbour(module):
    module("own_neighbour", "NAME = 'neighbour'\n")
    name = module("own_social", "from own_neighbour import NAME\n" + OWN)
    assert load_suggester(f"{name}:Mine").name == "mine"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("import math\nmath.no_such\n", "line 2: AttributeError"),
        ("import no_such_package\n", "line 1: ModuleNotFoundError"),
        ("x = (\n", "line 1: '('"),
        ("raise ValueError('too odd')\n", "line 1: ValueError: too odd"),
    ],
)
def test_a_fault_inside_the_module_is_named_with_its_line(module, text, fault):
    name = module(f"own_broken_{abs(hash(text))}", text)
    with pytest.raises(InputError, match="cannot be imported") as refused:
        load_suggester(f"{name}:Mine")
    assert fault in str(refused.value)
    assert f"{name}.py" in str(refused.value)
    assert "has no 'Mine'" not in str(refused.value)


def test_a_fault_while_the_method_is_made_is_named(module):
    name = module("own_maker", "def make():\n    return {}['nothing']\n")
    with pytest.raises(InputError, match=r"own_maker\.py, line 2: KeyError"):
        load_suggester(f"{name}:make")


def test_a_scorer_is_calibrated_like_ours():
    class Scores:
        name = "scores"

        def logits(self, task):
            return np.zeros((len(task.targets), task.corpus.n_codes))

    assert isinstance(as_suggester(Scores), CalibratedScorer)
    assert as_suggester(Words()).name == "shared words"


@pytest.mark.parametrize("load", [load_suggester, load_grouper])
@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("best", "No method"),
        ("no_such_module:x", "cannot be imported"),
        ("math:no_such", "has no"),
        ("math:pi", "beside a name"),
        ("math:sqrt", "cannot be made"),
    ],
)
def test_what_is_no_method_is_refused(load, name, fault):
    with pytest.raises(InputError, match=fault):
        load(name)


def test_a_fault_while_the_method_works_is_named_where_asked(module):
    name = module("own_failing", "class Mine:\n    name = 'mine'\n    def rank(self, t): t.no\n")
    suggester = load_suggester(f"{name}:Mine")
    with pytest.raises(AttributeError):
        suggester.rank(None)
    with (
        pytest.raises(InputError, match=r"own_failing\.py, line 3: AttributeError"),
        refuse_faults_of(f"{name}:Mine"),
    ):
        suggester.rank(None)


def test_faults_outside_the_module_are_left_as_they_are(module):
    name = module("own_innocent", OWN)
    load_suggester(f"{name}:Mine")
    with pytest.raises(ZeroDivisionError), refuse_faults_of(f"{name}:Mine"):
        raise ZeroDivisionError
    with pytest.raises(KeyError), refuse_faults_of("autocode"):
        raise KeyError
