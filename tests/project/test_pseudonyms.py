"""Pseudonyms: applied everywhere, codings kept, and no byte of the names left."""

from __future__ import annotations

import pytest

from autocode.core.coding import Memo
from autocode.core.errors import FileRefused, InputError, NothingToDo, StudyError
from autocode.encode.hashing import HashEncoder
from autocode.project import Project

from ..small_study import write_sources
from .test_erasing import is_held

TABLE = (
    "name,stand_in,kind,n,examples\nZebedee Quill,Person 1,person,,\nZebedee,Person 1,person,,\n"
    "Xylophone Green,Place 1,place,,\nMaybe,,uncertain,,\n"
)


@pytest.fixture
def study(tmp_path):
    sources = write_sources(tmp_path / "sources")
    (sources / "zebedee_quill.txt").write_text(
        "Interviewer: So, Zebedee, where was it?\n"
        "Zebedee: I waited nine months in Xylophone Green for the letter, and ZEBEDEE is my name.\n"
        "Interviewer: And then?\nZebedee: Zebedee's sister drove me there every single week.\n",
        encoding="utf-8",
    )
    (sources / "participants.csv").write_text(
        "case,transcript,speaker,village\nZebedee Quill,zebedee_quill,Zebedee,Xylophone Green\n",
        encoding="utf-8",
    )
    (sources / "z_codings.csv").write_text(
        "transcript,excerpt,coder,code,memo\n"
        'zebedee_quill,"waited nine months in Xylophone Green",Amina,wait,Zebedee again\n'
        'zebedee_quill,"Zebedee\'s sister drove me there",Jonas,family,\n',
        encoding="utf-8",
    )
    with Project.open(tmp_path / "study.autocode", create_new=True) as project:
        assert not project.import_paths([sources]).refused
        project.add_memo(
            Memo(
                about="transcript", subject="zebedee_quill", text="Zebedee Quill rang.", coder="Kim"
            )
        )
        project.draft_themes(HashEncoder())
        project.suggest(HashEncoder())
        yield project


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "key.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_names_are_replaced_everywhere_and_gone_from_the_bytes(study, table, tmp_path):
    done = study.apply_pseudonyms(table, coder="Amina")
    for words in ("zebedee", "quill", "xylophone"):
        assert not is_held(study.path, words), words
    assert not is_held(study.path, "key.csv")
    transcript = study.transcript("Person 1")
    assert transcript.text.splitlines()[1].startswith("Person 1: I waited nine months in Place 1")
    assert {s.name: (s.role, s.case) for s in transcript.speakers}["Person 1"][1] == "Person 1"
    codings = study.codings(transcript="Person 1")
    assert {c.span.of(transcript.text) for c in codings} == {
        "waited nine months in Place 1",
        "Person 1's sister drove me there",
    }
    assert {c.memo for c in codings} == {"Person 1 again", ""}
    assert [(m.subject, m.text) for m in study.memos()] == [("Person 1", "Person 1 rang.")]
    (case,) = study.cases()
    assert case.attributes == {"village": "Place 1"}
    assert done.n_replaced == {"Person 1": 5, "Place 1": 1}
    assert study.verify_history().is_sound
    assert study.history()[-1].summary == "names replaced by stand-ins"
    study.export(tmp_path / "out")
    exported = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "out").iterdir())
    assert "ebedee" not in exported
    with pytest.raises(NothingToDo):
        study.apply_pseudonyms(table, coder="Amina")
    with pytest.raises(StudyError, match="erased for good"):
        study.undo(coder="Amina")
    study.suggest(HashEncoder())


def test_a_dry_run_says_the_same_and_changes_nothing(study, table):
    digest = study.content_digest()
    tried = study.apply_pseudonyms(table, coder="Amina", dry_run=True)
    assert study.content_digest() == digest
    done = study.apply_pseudonyms(table, coder="Amina")
    assert tried.to_dict() | {"act": done.act} == done.to_dict()


def test_names_are_proposed_as_a_table_that_can_be_applied(study, tmp_path):
    proposals = study.propose_names()
    names = {one.name: one for one in proposals.names}
    assert names["Zebedee"].kind == "person"
    assert names["Xylophone Green"].stand_in == "Place 1"
    key = tmp_path / "proposed.csv"
    assert proposals.write(key) == len(names)
    assert key.stat().st_mode & 0o077 == 0
    study.apply_pseudonyms(key, coder="Amina")
    assert "Xylophone" not in study.transcripts()[-1].text


def test_what_is_left_and_may_be_a_name_is_listed(study, table, tmp_path):
    table.write_text("name,stand_in\nZebedee,Person 1\n", encoding="utf-8")
    path = tmp_path / "other.txt"
    path.write_text("Interviewer: Who?\nEve: Zebede, I think, and the Zebedees next door.\n")
    study.import_paths([path])
    done = study.apply_pseudonyms(table, coder="Amina")
    assert {one.words for one in done.uncertain} == {"Zebede", "Zebedees"}


def test_tables_that_cannot_be_used_are_refused(study, table):
    for rows, word in (
        ("name,stand_in\nZebedee,\n", "no stand-in"),
        ("name,stand_in\nZebedee,A\nZebedee,B\n", "two stand-ins"),
        ("who,what\nZebedee,A\n", "no column 'name'"),
    ):
        table.write_text(rows, encoding="utf-8")
        with pytest.raises(FileRefused, match=word):
            study.apply_pseudonyms(table, coder="Amina")
    table.write_text("name,stand_in\nZebedee,Interviewer\n", encoding="utf-8")
    with pytest.raises(InputError, match="one name"):
        study.apply_pseudonyms(table, coder="Amina")
