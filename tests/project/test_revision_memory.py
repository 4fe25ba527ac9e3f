"""What was read of a study is kept for the same state of it, and for no other."""

from __future__ import annotations

import pytest

from autocode.core.coding import Coding
from autocode.core.transcript import Span
from autocode.project import Project
from autocode.project.revision_memory import RevisionMemory
from autocode.store.file import Revision


@pytest.fixture
def served(project):
    return Project(project._study, memory=RevisionMemory())


def test_what_was_read_is_read_once_until_the_study_changes(served):
    with served.snapshot() as one, served.snapshot() as other:
        assert one.codings() is other.codings()
        assert one.in_memory() is other.in_memory()
    before = len(served.codings())
    coding = Coding(transcript="t1_ann", span=Span(0, 9), code="wait", coder="Ida")
    served.add_codings([coding])
    with served.snapshot() as later:
        assert len(later.codings()) == before + 1
        assert coding.coder in {c.coder for c in later.in_memory().codings}


def test_what_another_program_writes_is_seen(served):
    with served.snapshot() as one:
        before = len(one.codings())
    with Project.open(served.path) as other:
        coding = Coding(transcript="t1_ann", span=Span(0, 9), code="wait", coder="Ida")
        other.add_codings([coding])
    with served.snapshot() as later:
        assert len(later.codings()) == before + 1


def test_a_look_at_an_older_state_puts_nothing_in_the_place_of_a_newer(served):
    with served.snapshot() as old:
        before = len(old.codings())
        coding = Coding(transcript="t1_ann", span=Span(0, 9), code="wait", coder="Ida")
        served.add_codings([coding])
        with served.snapshot() as new:
            assert len(new.codings()) == before + 1
        assert "Ida" not in {c.coder for c in old.codings()}
    with served.snapshot() as new:
        assert len(new.codings(coder="Ida")) == 1


def test_a_revision_of_the_same_number_in_another_file_is_another_state():
    memory = RevisionMemory()
    memory.recall(Revision(4, "a coding", "2026-05-04"))["codings",] = "some"
    assert memory.recall(Revision(4, "a coding", "2026-05-04"))
    assert not memory.recall(Revision(4, "a coding", "2026-05-05"))


def test_no_more_than_so_many_parts_are_kept():
    memory, now = RevisionMemory(most=2), Revision(4)
    for part in range(3):
        memory.recall(now)[part,] = "some"
    assert not memory.recall(now)
