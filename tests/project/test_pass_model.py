"""Random coding, finishing, opening and undoing: finished work never changes, all can be undone."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from autocode.core.errors import AutocodeError, NothingToDo, PassLocked
from autocode.project import Project
from autocode.project.assigning import AssignOptions
from autocode.project.hand_coding import Place
from autocode.project.history import UndoOptions
from autocode.project.pass_states import PassOptions

from ..small_study import write_sources

TURNS = st.integers(1, 4)
CODES = st.sampled_from(["wait", "family"])
CODERS = st.sampled_from(["Amina", "Eve"])


@cache
def master():
    """A study of one transcript and a codebook, uncoded."""
    folder = Path(tempfile.mkdtemp())
    sources = write_sources(folder / "sources")
    with Project.open(folder / "study.autocode", create_new=True) as project:
        project.import_paths([sources / "codebook.csv", sources / "t2_bob.txt"])
    content = (folder / "study.autocode").read_bytes()
    shutil.rmtree(folder)
    return content


class PassMachine(RuleBasedStateMachine):
    """What a coder has in a finished pass stays as it was when the pass was finished."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        path = self.folder / "study.autocode"
        path.write_bytes(master())
        self.project = Project.open(path)
        self.beginning = self.project.content_digest()
        self.n_first = len(self.project.history())
        self.fixed = {}

    def work(self, coder):
        return {(c.span, c.code) for c in self.project.codings() if c.coder == coder}

    def locked(self):
        return {one.coder for one in self.project.coding_passes() if one.is_locked}

    @rule(turn=TURNS, code=CODES, coder=CODERS, off=st.booleans())
    def code(self, turn, code, coder, off):
        place = Place(transcript="t2_bob", turn=turn)
        there = (place.find(self.project.transcript("t2_bob")), code) in self.work(coder)
        if off and not there:
            return
        refused = coder in self.locked() and there == off
        change = self.project.uncode if off else self.project.code
        with pytest.raises(PassLocked) if refused else contextlib.nullcontext():
            change(place, code, coder=coder)

    @rule(coder=CODERS)
    def finish(self, coder):
        with contextlib.suppress(NothingToDo):  # assigned before
            options = AssignOptions(transcripts=["t2_bob"])
            self.project.assign_passes([coder], coder=coder, options=options)
        if coder in self.locked():
            self.project.reopen_pass(coder, ["t2_bob"], reason="again", coder=coder)
        else:
            self.project.finish_pass(coder, options=PassOptions(unread="leave"))

    @rule(data=st.data())
    def undo(self, data):
        if acts := self.undoable():
            with contextlib.suppress(PassLocked):
                self.undo_act(data.draw(st.sampled_from(acts)))

    @rule(coder=CODERS)
    def redo(self, coder):
        with contextlib.suppress(AutocodeError):  # nothing to redo, or something is in its place
            self.project.redo(coder=coder)

    def undoable(self):
        return [
            act.number
            for act in self.project.history()[self.n_first :]
            if act.undone_by is None and act.n_changes and act.kind not in ("undo", "redo")
        ]

    def undo_act(self, number):
        options = UndoOptions(act=number, with_later=True)
        coder = next(a.coder for a in self.project.history() if a.coder)
        self.project.undo(coder=coder, options=options)

    @invariant()
    def finished_work_is_as_it_was(self):
        locked = self.locked()
        now = {coder: self.work(coder) for coder in locked}
        assert all(self.fixed[coder] == now[coder] for coder in locked & set(self.fixed))
        self.fixed = now

    def teardown(self):
        # Where finishing was redone after later work, that work can go once it is undone again.
        for _ in range(3):
            for number in reversed(self.undoable()):
                if number in self.undoable():
                    with contextlib.suppress(PassLocked):
                        self.undo_act(number)
        assert self.project.content_digest() == self.beginning
        assert self.project.verify_history().is_sound
        self.project.close()
        shutil.rmtree(self.folder)


class TestPasses(PassMachine.TestCase):
    settings = settings(
        max_examples=2,
        stateful_step_count=8,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.slow
class TestManyPasses(PassMachine.TestCase):
    settings = settings(
        max_examples=20,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
