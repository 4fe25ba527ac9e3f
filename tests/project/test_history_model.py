"""Random acts and undos against a model, and processes killed at random moments."""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from autocode import HandOptions, Place, UndoOptions
from autocode.core.coding import Memo, ThemeDecision
from autocode.core.errors import AutocodeError, InputError, NotFound
from autocode.core.map_edits import add_theme, place_codes
from autocode.encode.hashing import HashEncoder
from autocode.pipeline import PartitionOptions, ThemeOptions
from autocode.project import Project
from autocode.project.resolving import ResolveOptions
from autocode.project.speakers import SpeakerChanges

from ..small_study import CODEBOOK, TALK, write_sources

TURNS = st.integers(1, 4)
CODES = st.sampled_from(["wait", "family", "shame"])
CODERS = st.sampled_from(["Amina", "Eve"])
N_KILLS = 200


@cache
def master():
    """A study of one transcript and a codebook, with suggestions and draft themes, uncoded."""
    folder = Path(tempfile.mkdtemp())
    sources = write_sources(folder / "sources")
    path = folder / "study.autocode"
    with Project.open(path, create_new=True) as project:
        project.import_paths([sources / "codebook.csv", sources / "t2_bob.txt"])
        project.suggest(HashEncoder())
        options = ThemeOptions(partition=PartitionOptions(n_groups=2), n_draws=0)
        project.draft_themes(HashEncoder(), options=options)
    content = path.read_bytes()
    shutil.rmtree(folder)
    return content


def make_study(folder):
    """A copy of the study in a folder."""
    path = folder / "study.autocode"
    path.write_bytes(master())
    return path


class HistoryMachine(RuleBasedStateMachine):
    """The codings are at any time those that the standing acts give, replayed in order."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.project = Project.open(make_study(self.folder))
        self.beginning = self.project.content_digest()
        self.n_first = len(self.project.history())
        self.effects = {}
        self.undone = set()

    def keep(self, done, effect):
        if done.act is not None:
            self.effects[done.act.number] = effect

    def observe(self, do):
        """Do what is one act or none, whose effect on codings is what can be seen of it."""
        before, n_before = self.actual(), len(self.project.history())
        do()
        acts = [act for act in self.project.history()[n_before:] if act.n_changes]
        after = self.actual()
        assert len(acts) <= 1
        assert acts or after == before
        for act in acts:
            self.effects[act.number] = (before - after, after - before)
        return after

    def actual(self):
        """The codings of the study, by turn, code and coder."""
        turns = self.project.transcript("t2_bob").turns
        numbers = {turn.span: at for at, turn in enumerate(turns, start=1)}
        return {(numbers[c.span], c.code, c.coder) for c in self.project.codings()}

    def expected(self):
        codings = set()
        for number in sorted(set(self.effects) - self.undone):
            gone, came = self.effects[number]
            codings = (codings - gone) | came
        return codings

    @rule(turn=TURNS, code=CODES, coder=CODERS)
    def code(self, turn, code, coder):
        place, row = Place(transcript="t2_bob", turn=turn), (turn, code, coder)
        self.keep(self.project.code(place, code, coder=coder), (set(), {row}))

    @rule(turn=TURNS, code=CODES, coder=CODERS)
    def uncode(self, turn, code, coder):
        row = (turn, code, coder)
        if row in self.expected():
            place = Place(transcript="t2_bob", turn=turn)
            self.keep(self.project.uncode(place, code, coder=coder), ({row}, set()))

    @rule(turn=TURNS, code=CODES, to=CODES, coder=CODERS)
    def recode(self, turn, code, to, coder):
        row, other = (turn, code, coder), (turn, to, coder)
        if row in self.expected() and other not in self.expected():
            place = Place(transcript="t2_bob", turn=turn)
            done = self.project.recode(place, code, to, coder=coder)
            self.keep(done, ({row}, {other}))

    @rule(turn=TURNS, code=CODES, coder=CODERS, text=st.text("ab", max_size=2))
    def memo(self, turn, code, coder, text):
        if (turn, code, coder) in self.expected():
            self.project.note_coding(
                Place(transcript="t2_bob", turn=turn),
                code,
                coder=coder,
                options=HandOptions(memo=text),
            )
        self.project.add_memo(Memo(about="code", subject=code, text=text, coder=coder))

    @rule(definition=st.sampled_from(["one", "two"]))
    def revise_codebook(self, definition):
        path = self.folder / "codebook.csv"
        path.write_text(CODEBOOK.replace("Feeling ashamed", definition), encoding="utf-8")
        self.project.import_paths([path])

    @rule(role=st.sampled_from(["participant", "note"]), case=st.sampled_from(["A", "B"]))
    def correct_speakers(self, role, case):
        changes = SpeakerChanges(roles={"Bob": role}, cases={"Bob": case})
        self.project.change_speakers(changes)

    @rule(answer=st.integers(0, 3), code=CODES, coder=CODERS, name=st.sampled_from("xyz"))
    def import_codings(self, answer, code, coder, name):
        path = self.folder / f"{name}.csv"
        row = f't2_bob,"{TALK["t2_bob"][answer]}",{coder},{code}'
        path.write_text(f"transcript,excerpt,coder,code\n{row}\n", encoding="utf-8")
        reports = []
        after = self.observe(lambda: reports.append(self.project.import_paths([path])))
        (imported,) = reports[0].imported
        # A file that the study knows is not read again, whatever became of its codings.
        assert (2 * answer + 2, code, coder) in after or not imported.new

    @rule(data=st.data(), coder=CODERS, action=st.sampled_from(["accept", "reject", "change"]))
    def decide(self, data, coder, action):
        open_now = self.project.suggestions()
        if not open_now:
            return
        suggestion = data.draw(st.sampled_from(open_now))
        code = "shame" if action == "change" else None
        after = self.observe(
            lambda: self.project.decide(suggestion, action, coder=coder, code=code)
        )
        applied = {"accept": suggestion.code, "change": "shame"}.get(action)
        placed = {(row[1], row[2]) for row in after}
        assert applied is None or (applied, coder) in placed

    @rule(data=st.data())
    def withdraw(self, data):
        decisions = self.project.decisions()
        if decisions:
            made = data.draw(st.sampled_from(decisions))
            if made.suggestion is not None:
                self.observe(lambda: self.project.withdraw(made.suggestion, coder=made.coder))

    @rule(data=st.data(), coder=CODERS, action=st.sampled_from(["rename", "drop", "code"]))
    def decide_theme(self, data, coder, action):
        draft = self.project.themes()
        if draft is None or not draft.themes:
            return
        theme = data.draw(st.sampled_from([theme.key for theme in draft.themes]))
        decision = ThemeDecision(action=action, themes=(theme,), coder=coder, name=f"Theme {theme}")
        with suppress(AutocodeError):  # a code of that name may be there already
            self.observe(lambda: self.project.decide_theme(decision))

    @rule(data=st.data(), code=CODES, coder=CODERS)
    def code_theme(self, data, code, coder):
        draft = self.project.themes()
        if draft is None or not draft.themes:
            return
        theme = data.draw(st.sampled_from(draft.themes))
        after = self.observe(lambda: self.project.code_theme(theme.key, code=code, coder=coder))
        assert len({row for row in after if row[1:] == (code, coder)}) >= len(theme.members)

    @rule(turn=TURNS, code=CODES, outcome=st.sampled_from(["one", "neither", "stand"]))
    def resolve(self, turn, code, outcome):
        place = Place(transcript="t2_bob", turn=turn)
        options = ResolveOptions(one="Amina", other="Eve")
        # Where one of them has done nothing yet, or neither has the code.
        with suppress(NotFound, InputError):
            self.observe(
                lambda: self.project.resolve(
                    place, code, outcome, reason="So", coder="Eve", options=options
                )
            )

    @rule(theme=st.sampled_from(["Getting in", "Belonging"]), code=CODES)
    def place_on_map(self, theme, code):
        def edit(thematic_map):
            themes = {one.name: one for one in thematic_map.themes}
            if theme not in themes:
                return add_theme(thematic_map, theme)
            return place_codes(thematic_map, themes[theme].key, [code])

        with suppress(AutocodeError):  # it may be there already
            self.observe(lambda: self.project.edit_map(edit, coder="Amina"))

    @rule(data=st.data())
    def undo(self, data):
        standing = [
            act
            for act in self.project.history()[self.n_first :]
            if act.undone_by is None and act.n_changes and act.kind not in ("undo", "redo")
        ]
        if standing:
            act = data.draw(st.sampled_from([a.number for a in standing]))
            self.undo_act(act)

    @rule(coder=CODERS)
    def redo(self, coder):
        try:
            done = self.project.redo(coder=coder)
        except AutocodeError:
            return  # nothing to redo, or something else has taken its place since
        for act in done.result:
            self.undone -= set(act.undoes)

    def undo_act(self, number):
        options = UndoOptions(act=number, with_later=True)
        coder = next((a.coder for a in self.project.history() if a.coder), "Amina")
        done = self.project.undo(coder=coder, options=options)
        for act in done.result:
            # What undid others goes too where it must: they stand again.
            self.undone = (self.undone | {act.number}) - set(act.undoes)

    @invariant()
    def codings_are_those_of_the_standing_acts(self):
        assert self.actual() == self.expected()

    def teardown(self):
        for act in reversed(self.project.history()[self.n_first :]):
            (act,) = [a for a in self.project.history() if a.number == act.number]
            if act.undone_by is None and act.n_changes and act.kind not in ("undo", "redo"):
                self.undo_act(act.number)
        assert self.project.content_digest() == self.beginning
        assert self.project.verify_history().is_sound
        self.project.close()
        shutil.rmtree(self.folder)


class TestHistory(HistoryMachine.TestCase):
    settings = settings(
        max_examples=4,
        stateful_step_count=10,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.slow
class TestLongHistory(HistoryMachine.TestCase):
    settings = settings(
        max_examples=30,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def code_without_end(path, acknowledge):
    """Code and uncode a turn again and again; each act's number is written once it is kept."""
    with Project.open(path) as project:
        place = Place(transcript="t2_bob", turn=2)
        while True:
            for change in (project.code, project.uncode):
                done = change(place, "wait", coder="Amina")
                os.write(acknowledge, b"%d\n" % done.act.number if done.act else b"")


@pytest.mark.slow
def test_a_process_killed_at_any_moment_loses_no_acknowledged_act(tmp_path):
    path = make_study(tmp_path)
    chance = random.Random(1)
    acknowledged = set()
    for _ in range(N_KILLS):
        with Project.open(path) as project:
            if any(c.coder == "Amina" for c in project.codings()):
                project.uncode(Place(transcript="t2_bob", turn=2), "wait", coder="Amina")
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            try:
                code_without_end(path, writing)
            finally:
                os._exit(1)
        os.close(writing)
        words = os.read(reading, 100)  # until the first act is acknowledged
        time.sleep(chance.random() * 0.15)  # the kill is to come at any moment of the writing
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reading, "rb") as rest:
            words += rest.read()
        acknowledged |= {int(line) for line in words.splitlines() if line.isdigit()}
    with Project.open(path) as project:
        assert acknowledged <= {act.number for act in project.history()}
        assert len(acknowledged) >= N_KILLS
        assert project.verify_history().is_sound
