"""A few hundred of the damaged files that `eval/fuzz/run.py` puts to readers, always the same."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "eval" / "fuzz"
MODULES = (
    "run", "readers", "mutations", "seeds", "projects", "project_seeds", "database_mutations",
)  # fmt: skip
N_PROJECTS = 60
N_CASES = 400
PART = 100


@pytest.fixture(scope="module")
def fuzz():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        yield importlib.import_module("run")
        for name in MODULES:
            sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def seeds(fuzz):
    return sys.modules["seeds"].make_seeds()


@pytest.mark.slow
def test_a_sound_file_of_every_kind_is_taken(fuzz, seeds):
    put_to_readers = sys.modules["readers"].put_to_readers
    for name, raw in seeds.items():
        n_taken, faults = put_to_readers(name, raw)
        assert n_taken, name
        assert not faults, name


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, N_CASES, PART))
def test_damaged_files_are_taken_or_refused(fuzz, seeds, first):
    for number in range(first, first + PART):
        name, _, _, faults = fuzz.run_case(seeds, 7, number)
        assert not faults, (number, name)


def test_a_sound_project_of_every_tool_is_read(fuzz):
    read = sys.modules["projects"].put_to_project_readers
    made = sys.modules["project_seeds"].make_project_seeds()
    assert {Path(name).suffix for name in made} == set(sys.modules["project_seeds"].SUFFIXES)
    for name, raw in made.items():
        assert read(name, raw) == (1, []), name


@pytest.mark.slow
def test_damaged_projects_are_read_or_refused(fuzz):
    made = sys.modules["project_seeds"].make_project_seeds()
    for number in range(N_PROJECTS):
        name, _, _, faults = fuzz.run_case(made, 7, number, projects=True)
        assert not faults, (number, name)


def test_a_case_follows_from_its_number(fuzz, seeds):
    make_case = sys.modules["mutations"].make_case
    assert make_case(seeds, 7, 11) == make_case(dict(reversed(seeds.items())), 7, 11)
    assert make_case(seeds, 7, 11) != make_case(seeds, 7, 12)
    assert make_case(seeds, 7, 11) != make_case(seeds, 8, 11)


def test_a_reader_that_raises_what_is_not_ours_is_reported(fuzz, monkeypatch):
    readers = sys.modules["readers"]

    def read(source):
        return {}[source.name]

    monkeypatch.setattr(readers, "read_document", read)
    _, faults = readers.put_to_readers("a.txt", b"Ann: yes")
    assert [fault.reader for fault in faults] == ["read_document"]
    assert faults[0].what.startswith("KeyError")
