"""Erasing is final: no byte of the words or the name is left, and the history still verifies."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3

import pytest

from autocode.core.coding import Memo, ThemeDecision
from autocode.core.errors import InputError, NotFound, StudyError
from autocode.core.transcript import text_digest
from autocode.encode.hashing import HashEncoder
from autocode.project import Project
from autocode.project.history import UndoOptions
from autocode.project.removing import RemovalTarget
from autocode.project.speakers import SpeakerChanges

from ..small_study import write_sources

MARK = "quixotically"
"""A word that only the erased participant says."""


def bytes_of(path):
    """All bytes of the study and of the files that SQLite keeps beside it."""
    files = [path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))]
    return b"".join(file.read_bytes() for file in files if file.exists())


def is_held(path, words):
    """Whether words stand in the bytes, in any capitals, as UTF-8 or in a compressed change."""
    found = words.casefold().encode() in bytes_of(path).lower()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        import zlib

        for row in connection.execute("SELECT before, after FROM changes"):
            for cell in row:
                if cell is not None:
                    plain = zlib.decompress(cell) if cell[:1] == b"\x78" else cell
                    found = found or words.casefold().encode() in plain.lower()
    return found


@pytest.fixture(scope="module")
def worked_with(tmp_path_factory):
    """A study in which Zebedee, whose case is 'Zebedee Quill', has been worked with a lot."""
    folder = tmp_path_factory.mktemp("worked_with")
    sources = write_sources(folder / "sources")
    lines = [
        f"I waited {MARK} for nine months on the waiting list.",
        "My sister drove me there every week and sat outside in the car.",
        f"The bus never came, {MARK} speaking, and I felt ashamed of it.",
    ]
    talk = "".join(f"Interviewer: And part {i}?\nZebedee: {a}\n" for i, a in enumerate(lines))
    (sources / "zebedee_quill.txt").write_text(talk, encoding="utf-8")
    (sources / "participants.csv").write_text(
        "case,transcript,speaker,village\nZebedee Quill,zebedee_quill,Zebedee,Xylophone Green\n",
        encoding="utf-8",
    )
    (sources / "z_codings.csv").write_text(
        f'transcript,excerpt,coder,code,memo\nzebedee_quill,"{lines[0]}",Amina,wait,{MARK} put\n'
        f'zebedee_quill,"{lines[2]}",Jonas,shame,\n',
        encoding="utf-8",
    )
    with Project.open(folder / "study.autocode", create_new=True) as project:
        report = project.import_paths([sources])
        assert not report.refused
        _work(project)
    return folder / "study.autocode"


@pytest.fixture
def study(worked_with, tmp_path):
    with Project.open(shutil.copy(worked_with, tmp_path / "study.autocode")) as project:
        yield project


def _work(project):
    """Everything that can leave words somewhere: drafts, decisions, memos, renames, undo."""
    project.add_memo(
        Memo(about="transcript", subject="zebedee_quill", text=f"He says {MARK}.", coder="Amina")
    )
    project.add_memo(
        Memo(about="case", subject="Zebedee Quill", text="Zebedee rang.", coder="Amina")
    )
    project.change_speakers(SpeakerChanges(names={"Zebedee": "Zeb"}))
    project.draft_themes(HashEncoder())
    theme = project.themes().themes[0].key
    rename = ThemeDecision(action="rename", themes=(theme,), coder="Amina", name=f"{MARK} waiting")
    project.decide_theme(rename)
    project.suggest(HashEncoder())
    first = next(s for s in project.suggestions() if s.transcript == "zebedee_quill")
    project.decide(first, "accept", coder="Kim")
    project.undo(coder="Kim")
    project.suggest(HashEncoder())


@pytest.mark.parametrize(
    "target",
    [RemovalTarget(transcript="zebedee_quill"), RemovalTarget(case="Zebedee Quill")],
    ids=["transcript", "case"],
)
def test_no_byte_of_the_words_or_the_name_is_left(study, target):
    others = [c for c in study.codings() if c.transcript != "zebedee_quill"]
    gone = (MARK, "zebedee", "quill", "xylophone")
    assert all(is_held(study.path, words) for words in gone)
    erased = study.erase(target, coder="Amina")
    for words in gone:
        assert not is_held(study.path, words), words
    assert erased.rows["transcripts"] == 1
    assert erased.rows["codings"] == 2
    assert erased.rows["cases"] == 1
    assert erased.mentions == {}
    check = study.verify_history()
    assert check.is_sound
    assert check.n_erased > 0
    assert study.codings() == others
    receipt = study.history()[-1]
    assert receipt.number == erased.act
    assert receipt.kind == "erase"
    assert receipt.summary.startswith("erased for good: 1 transcript, 6 turns, 2 codings")
    study.suggest(HashEncoder())


def test_erasing_cannot_be_undone_and_others_acts_can(study):
    study.add_memo(Memo(about="code", subject="shame", text="Two codes?", coder="Jonas"))
    digest = study.content_digest()
    memo = study.history()[-1].number
    erased = study.erase(RemovalTarget(case="Zebedee Quill"), coder="Amina")
    with pytest.raises(StudyError, match="were erased for good"):
        study.undo(coder="Amina", options=UndoOptions(act=erased.act))
    study.undo(coder="Jonas", options=UndoOptions(act=memo))
    assert study.content_digest() != digest


def test_a_dry_run_counts_the_same_and_changes_nothing(study):
    digest, n_acts = study.content_digest(), len(study.history())
    tried = study.erase(RemovalTarget(case="Zebedee Quill"), coder="Amina", dry_run=True)
    assert study.content_digest() == digest
    assert len(study.history()) == n_acts
    assert study.verify_history().n_erased == 0
    erased = study.erase(RemovalTarget(case="Zebedee Quill"), coder="Amina")
    assert tried.to_dict() | {"act": erased.act} == erased.to_dict()


def test_what_was_removed_before_is_erased_from_the_history(study):
    study.remove(RemovalTarget(transcript="zebedee_quill"), coder="Amina")
    assert is_held(study.path, MARK)
    study.erase(RemovalTarget(transcript="zebedee_quill"), coder="Amina")
    assert not is_held(study.path, MARK)
    assert study.verify_history().is_sound


def test_places_that_still_name_or_quote_the_person_are_listed(study):
    study.add_memo(
        Memo(about="code", subject="wait", text="As Zebedee says, he is tired.", coder="Amina")
    )
    erased = study.erase(RemovalTarget(case="Zebedee Quill"), coder="Amina")
    assert erased.mentions == {"memo code wait": 1}


def test_a_name_is_found_without_its_title_and_by_a_part_of_it(tmp_path):
    (tmp_path / "one.txt").write_text(
        "Interviewer: How was it?\nDr. Jing Wang: It was long for me, I must say.\n" * 3,
        encoding="utf-8",
    )
    (tmp_path / "two.txt").write_text(
        "Interviewer: And you?\nMei: I asked JING, and Dr. Wang's brother, and Jing Wang.\n" * 3,
        encoding="utf-8",
    )
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        assert not project.import_paths([tmp_path / "one.txt", tmp_path / "two.txt"]).refused
        project.add_memo(Memo(about="transcript", subject="two", text="Wang?", coder="Amina"))
        erased = project.erase(RemovalTarget(transcript="one"), coder="Amina")
        assert erased.looked_for == (
            "Dr. Jing Wang", "Jing Wang", "one", "one.txt", "Jing", "Wang",
        )  # fmt: skip
        assert erased.mentions == {"transcript two": 9, "memo transcript two": 1}


def test_in_a_focus_group_only_their_turns_go(tmp_path):
    (tmp_path / "fg1.txt").write_text(
        "Moderator: How was it for you all?\nZebedee: It was quixotically long for me.\n"
        "Kofi: It was short for me, I must say.\nZebedee: Lucky you, quixotically lucky.\n"
        "Mei: We all waited a year for the letter.\nModerator: What would have helped?\n"
        "Kofi: A bus in the evening would have helped.\n",
        encoding="utf-8",
    )
    (tmp_path / "cases.csv").write_text(
        "case,transcript,speaker\nZ9,fg1,Zebedee\nK1,fg1,Kofi\nM1,fg1,Mei\n", encoding="utf-8"
    )
    (tmp_path / "codebook.csv").write_text("code,name\nx,Ex\n", encoding="utf-8")
    (tmp_path / "codings.csv").write_text(
        'transcript,excerpt,coder,code\nfg1,"It was short for me, I must say.",Amina,x\n'
        'fg1,"It was quixotically long for me.",Amina,x\n'
        'fg1,"A bus in the evening would have helped.",Jonas,x\n',
        encoding="utf-8",
    )
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        names = ("fg1.txt", "cases.csv", "codebook.csv", "codings.csv")
        assert not project.import_paths([tmp_path / name for name in names]).refused
        project.set_role("Moderator", "interviewer")
        for name in ("Kofi", "Mei", "Zebedee"):
            project.set_role(name, "participant")
        erased = project.erase(RemovalTarget(case="Z9"), coder="Amina")
        assert erased.shared_transcripts == ("fg1",)
        assert erased.rows == {"turns": 2, "codings": 1, "speakers": 1, "cases": 1}
        assert not is_held(project.path, "quixotically")
        assert not is_held(project.path, "zebedee")
        text = project.transcript("fg1").text
        words = [c.span.of(text) for c in project.codings()]
        assert words == [
            "It was short for me, I must say.",
            "A bus in the evening would have helped.",
        ]
        assert [s.name for s in project.transcript("fg1").speakers] == ["Moderator", "Kofi", "Mei"]
        assert [c.name for c in project.cases()] == ["K1", "M1"]
        assert project.verify_history().is_sound
        assert {s.speaker for s in project.segments()} == {"Moderator", "Kofi", "Mei"}


def test_what_cannot_be_erased_is_refused(study):
    with pytest.raises(NotFound, match="No case 'Nobody'"):
        study.erase(RemovalTarget(case="Nobody"), coder="Amina")
    with pytest.raises(NotFound, match="Did you mean"):
        study.erase(RemovalTarget(transcript="zebedee_qill"), coder="Amina")
    with pytest.raises(InputError, match="removed"):
        study.erase(RemovalTarget(coder="Jonas"), coder="Amina")


def test_vectors_go_with_their_texts_unless_somebody_else_says_the_same(study):
    def with_vectors(excerpts):
        with contextlib.closing(sqlite3.connect(study.path)) as connection:
            stored = {row[0] for row in connection.execute("SELECT text_digest FROM vectors")}
        return {words for words in excerpts if text_digest(words) in stored}

    said = {s.excerpt for s in study.segments() if s.transcript == "zebedee_quill"}
    others = {s.excerpt for s in study.segments() if s.transcript != "zebedee_quill"}
    before = with_vectors(said | others)
    assert before & (said - others)
    assert before & (said & others)
    study.erase(RemovalTarget(case="Zebedee Quill"), coder="Amina")
    assert with_vectors(said | others) == before & others
