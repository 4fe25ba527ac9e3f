"""Acts in any order, and undoing any of them: a study can always be read, and goes out whole."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from autocode.core import map_edits as edits
from autocode.core.coding import Memo
from autocode.core.errors import AutocodeError, InputError
from autocode.exchange.formats import read_project
from autocode.exchange.refi.write import validate_refi
from autocode.project import Project
from autocode.project.hand_coding import HandOptions, Place
from autocode.project.history import UndoOptions
from autocode.project.mapping import MapEdit
from autocode.project.pass_states import PassOptions
from autocode.project.removing import RemovalTarget
from autocode.project.resolving import ResolveOptions
from autocode.project.speakers import SpeakerChanges
from autocode.store.decoding import DamagedValue

from .test_tool_codes_gone import list_dangling

CODERS = ("Ada", "Kim")
WORDS = "Interviewer: How was it?\nAnn: We waited for nine months. Nobody rang.\n"
BOOK = "code,name,parent\na,Access,\nb,Waiting,a\nc,Lists,b\nd,Doors,a\ne,Trust,\nf,Listening,e\n"


@pytest.fixture
def study(tmp_path):
    (tmp_path / "ann.txt").write_text(WORDS, "utf-8")
    (tmp_path / "a.txt").write_text(WORDS.replace("nine", "ten long"), "utf-8")
    (tmp_path / "b.txt").write_text(WORDS + "Ann: And then a letter came.\n", "utf-8")
    (tmp_path / "book.csv").write_text(BOOK, "utf-8")
    with Project.open(tmp_path / "study.autocode", create_new=True) as project:
        assert not project.import_paths([tmp_path / "ann.txt", tmp_path / "book.csv"]).refused
        yield project


class Actor:
    """Does something at random, as a person might."""

    def __init__(self, study: Project, folder: Path, seed: int) -> None:
        self.study, self.folder, self.draw = study, folder, random.Random(seed)
        self.done: Counter[str] = Counter()

    def act(self) -> None:
        """One act; what the study refuses in words is no fault, damage is."""
        draw, coder = self.draw, self.draw.choice(CODERS)
        acts = {
            **self.list_on_codebook(coder), **self.list_on_map(coder), **self.list_on_words(coder),
        }  # fmt: skip
        doing = draw.choice([*acts, *["move", "undo"] * 6, *["under", "central", "theme"] * 2])
        try:
            acts[doing]()
        except DamagedValue:
            raise
        except AutocodeError:
            self.done[f"{doing}, refused"] += 1
        else:
            self.done[doing] += 1

    def list_on_codebook(self, coder: str) -> dict[str, Callable[[], object]]:
        study, draw = self.study, self.draw
        codes = [code.id for code in study.codebook()] or ["none"]
        code, other = draw.choice(codes), draw.choice(codes)
        book, name = study.edit_codebook(coder=coder), f"name {draw.randrange(12)}"
        start = draw.randrange(30, 60)
        place = Place(transcript="ann", start=start, end=start + 8)
        act = draw.choice([act.number for act in study.history()][1:])
        undo = UndoOptions(act=act, with_later=draw.random() < 0.3)
        return {
            "code": lambda: study.code(place, code, coder=coder),
            "add": lambda: book.add(name, parent=draw.choice([None, code])),
            "move": lambda: book.move(code, draw.choice([None, other, other])),
            "merge": lambda: book.merge(code, other),
            "rename": lambda: book.rename(code, name),
            "delete": lambda: book.delete(code, with_codings=True),
            "archive": lambda: book.archive(code),
            "undo": lambda: study.undo(coder=coder, options=undo),
            "redo": lambda: study.redo(coder=coder),
        }

    def list_on_map(self, coder: str) -> dict[str, Callable[[], object]]:
        draw = self.draw
        keys = [theme.key for theme in self.study.thematic_map().map.themes]
        one, other = (draw.choice(keys), draw.choice(keys)) if keys else ("M1", "M1")
        codes = [code.id for code in self.study.codebook()][:1]
        name, above = f"name {draw.randrange(12)}", draw.choice([None, *keys])
        on_map: dict[str, MapEdit] = {
            "theme": lambda m: edits.add_theme(m, name, parent=above),
            "under": lambda m: edits.change_theme(m, one, parent=above or ""),
            "central": lambda m: edits.change_theme(m, one, is_central=not m.find(one).is_central),
            "rename theme": lambda m: edits.change_theme(m, one, name=name),
            "remove theme": lambda m: edits.remove_theme(m, one),
            "place": lambda m: edits.place_codes(m, one, codes),
            "relate": lambda m: edits.relate_themes(m, one, other, name),
            "reverse": lambda m: edits.reverse_relation(m, one, other),
        }
        return {
            doing: partial(self.study.edit_map, edit, coder=coder, summary=doing)
            for doing, edit in on_map.items()
        }

    def list_on_words(self, coder: str) -> dict[str, Callable[[], object]]:
        study, draw = self.study, self.draw
        names = [one.name for one in study.transcripts()] or ["none"]
        name, other = draw.choice(names), draw.choice(CODERS)
        start = draw.randrange(30, 60)
        place, to = (
            Place(transcript=name, start=at, end=at + 8) for at in (start, draw.randrange(30, 60))
        )
        codings = study.codings(coder=coder) if coder in {c.name for c in study.coders()} else []
        code = draw.choice(codings).code if codings else "none"
        codes = [one.id for one in study.codebook()] or ["none"]
        speakers = sorted({one.name for those in study.speakers().values() for one in those})
        speaker, person = (draw.choice(speakers or ["none"]) for _ in range(2))
        version = self.folder / f"{draw.choice('ab')}.txt"
        changes = draw.choice(
            [
                SpeakerChanges(names={speaker: f"Ann {draw.randrange(3)}"}),
                SpeakerChanges(merges={speaker: person}),
                SpeakerChanges(cases={speaker: f"case {draw.randrange(3)}"}),
                SpeakerChanges(roles={speaker: draw.choice(["interviewer", "participant"])}),
            ]
        )
        settled = ResolveOptions(one=CODERS[0], other=CODERS[1])
        return {
            "uncode": lambda: study.uncode(place, code, coder=coder),
            "respan": lambda: study.respan(place, code, to, coder=coder),
            "recode": lambda: study.recode(place, code, draw.choice(codes), coder=coder),
            "note": lambda: study.note_span(place, coder=coder, options=HandOptions(memo="A memo")),
            "note code": lambda: study.add_memo(
                Memo(about="code", subject=draw.choice(codes), text="A memo", coder=coder)
            ),
            "remove": lambda: study.remove(RemovalTarget(transcript=name), coder=coder),
            "remove coder": lambda: study.remove(RemovalTarget(coder=other), coder=coder),
            "replace": lambda: study.replace_transcript(name, version, coder=coder),
            "import": lambda: study.import_paths([version]),
            "join turns": lambda: study.join_turns(name, coder=coder),
            "speakers": lambda: study.change_speakers(changes),
            "assign": lambda: study.assign_passes(CODERS, coder=coder),
            "finish": lambda: study.finish_pass(other, [name], options=PassOptions(unread="read")),
            "reopen": lambda: study.reopen_pass(other, [name], reason="again", coder=coder),
            "rename coder": lambda: study.rename_coder(other, f"{other} 2", coder=coder),
            "merge coders": lambda: study.merge_coders(*CODERS, coder=coder),
            "settle": lambda: study.resolve(
                place, draw.choice(codes), draw.choice(["both", "one", "neither"]), reason="so",
                coder=coder, options=settled,
            ),
            "agreed": lambda: study.take_agreed(name, coder=coder, options=settled),
        }  # fmt: skip


def read_all(study: Project) -> None:
    study.codebook()
    study.thematic_map()
    study.overview()
    study.list_codes()
    study.passes()
    texts = {one.name: one.text for one in study.transcripts()}
    for part in (study.segments(), study.codings(), study.readings()):
        assert all(one.span.end <= len(texts[one.transcript]) for one in part)
    cases = {case.name for case in study.cases()}
    speakers = [one for those in study.speakers().values() for one in those]
    assert {one.case for one in speakers} - {None} <= cases
    known = {code.id for code in study.codebook()}
    assert {coding.code for coding in study.codings()} <= known
    assert {m.subject for m in study.memos() if m.about == "code"} <= known


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_done_and_undone_the_study_can_be_read(study, tmp_path: Path, seed: int):
    actor = Actor(study, tmp_path, seed)
    for _ in range(60):
        actor.act()
        read_all(study)
    assert study.verify_history().is_sound
    out = tmp_path / "out.qdpx"
    study.export_project(out)
    assert validate_refi(out) == []
    assert list_dangling(read_project(out).project) == []
    # Most of what is tried comes about: otherwise nothing is tested.
    refused = sum(n for doing, n in actor.done.items() if doing.endswith("refused"))
    assert refused < 50, actor.done


def undo_act(study: Project, number: int) -> None:
    study.undo(coder="Kim", options=UndoOptions(act=number))


def test_an_undo_that_would_put_codes_below_each_other_is_refused(study):
    book = study.edit_codebook(coder="Kim")
    book.move("d", "e")
    act = book.move("d", None).act
    book.move("e", "d")
    before = study.content_digest()
    with pytest.raises(InputError, match=r"each other's parents.*Nothing was changed"):
        undo_act(study, act)
    assert study.content_digest() == before
    book.move("e", None)
    undo_act(study, act)
    assert study.codebook().by_id["d"].parent == "e"


def test_an_undo_that_would_give_the_map_two_centres_or_a_circle_is_refused(study):
    def change(edit: MapEdit) -> int:
        study.edit_map(edit, coder="Kim", summary="changed")
        return study.history()[-1].number

    for name in ("One", "Two"):
        change(partial(edits.add_theme, name=name))
    change(lambda m: edits.change_theme(m, "One", is_central=True))
    no_longer = change(lambda m: edits.change_theme(m, "One", is_central=False))
    change(lambda m: edits.change_theme(m, "Two", is_central=True))
    with pytest.raises(InputError, match=r"central theme is.*Nothing was changed"):
        undo_act(study, no_longer)
    change(lambda m: edits.change_theme(m, "One", parent="Two"))
    to_the_top = change(lambda m: edits.change_theme(m, "One", parent=""))
    change(lambda m: edits.change_theme(m, "Two", parent="One"))
    with pytest.raises(InputError, match=r"under each other.*Nothing was changed"):
        undo_act(study, to_the_top)
    assert [theme.parent for theme in study.thematic_map().map.themes] == [None, "M1"]


def test_a_code_merged_into_one_far_below_it_leaves_that_one_in_its_place(study):
    before = study.content_digest()
    study.edit_codebook(coder="Kim").merge("a", "c")
    assert {code.id: code.parent for code in study.codebook()} == {
        "b": "c", "c": None, "d": "c", "e": None, "f": "e",
    }  # fmt: skip
    study.undo(coder="Kim")
    assert study.content_digest() == before
