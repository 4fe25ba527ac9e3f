"""What a study takes of another tool's project: a name of its own for each coder and case."""

from __future__ import annotations

import time

from autocode.exchange.project import ToolCase, ToolCoder, ToolProject
from autocode.project.tool_reading import name_cases, name_coders


def test_names_that_are_taken_get_numbers_whatever_their_capitals():
    names = ["Ana", "ana", "Ben", "Ana (2)", "ANA", " Ana "]
    project = ToolProject(
        name="p",
        coders=tuple(ToolCoder(guid=f"{n}", name=name) for n, name in enumerate(names)),
        cases=tuple(ToolCase(guid=f"{n}", name=name) for n, name in enumerate(names)),
    )
    told = ["Ana", "ana (2)", "Ben", "Ana (2) (2)", "ANA (3)", "Ana (4)"]
    assert list(name_coders(project).values()) == told
    assert list(name_cases(project)) == told


def test_thousands_of_one_name_take_no_time():
    cases = tuple(ToolCase(guid=f"{n}", name="Ana") for n in range(6000))
    began = time.process_time()
    assert len(name_cases(ToolProject(name="p", cases=cases))) == 6000
    assert time.process_time() - began < 1
