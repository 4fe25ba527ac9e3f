"""Suggestions in a pass are learned from what the pass says; in a blind one others' work is not."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from autocode.core.errors import InputError, NothingToDo
from autocode.core.suggestion_scope import SuggestionScope
from autocode.encode.hashing import HashEncoder
from autocode.project import Project
from autocode.project.assigning import AssignOptions
from autocode.project.hand_coding import Place
from autocode.project.pass_states import PassOptions

NAMES = ["t1_ann", "t2_bob", "t3_cath", "t4_dev"]


def give(study, coder, names, **options):
    study.assign_passes([coder], options=AssignOptions(transcripts=names, **options))


def suggested(study, **scope):
    made = study.suggest(HashEncoder(), scope=SuggestionScope(coder="Lou", **scope))
    return [replace(one, number=None) for one in made]


def test_a_blind_pass_gets_the_same_whatever_others_do(project, tmp_path):
    give(project, "Lou", NAMES, blind=True, assistance="own")
    give(project, "Amina", NAMES, blind=True)
    for turn, code in ((2, "wait"), (4, "family"), (6, "shame"), (8, "wait")):
        project.code(Place(transcript="t1_ann", turn=turn), code, coder="Lou")
    path = shutil.copyfile(project.path, tmp_path / "busy.autocode")
    with Project.open(path) as busy:
        edit = busy.edit_codebook(coder="Amina")
        edit.add("Buses", key="buses", definition="The bus and the fare")
        edit.define("shame", {"definition": "The bus"})
        for turn in (2, 4, 8, 10):
            busy.code(Place(transcript="t4_dev", turn=turn), "buses", coder="Amina")
        alike = suggested(busy)
        assert alike == suggested(project)
        assert alike
        for coder in ("Lou", "Amina"):
            busy.finish_pass(coder, options=PassOptions(unread="leave"))
        busy.reveal_passes(coder="Lead")
        assert "buses" in {one.code for one in suggested(busy, learn_from="all")}


@pytest.mark.parametrize(
    ("assistance", "blind", "asked", "learned"),
    [
        ("own", True, {}, "own"),
        ("codebook", True, {}, "codebook"),
        ("own", True, {"learn_from": "codebook"}, "codebook"),
        ("codebook", False, {}, "codebook"),
        ("all", False, {}, "own"),
        ("all", False, {"learn_from": "all"}, "all"),
    ],
)
def test_no_more_is_learned_from_than_the_pass_allows(project, assistance, blind, asked, learned):
    give(project, "Lou", NAMES, blind=blind, assistance=assistance)
    suggested(project, **asked)
    assert project.last_run("suggest").parameters["learned_from"] == learned


@pytest.mark.parametrize(
    ("assistance", "learn_from"), [("own", "all"), ("codebook", "own"), ("codebook", "all")]
)
def test_asking_for_more_is_refused(project, assistance, learn_from):
    give(project, "Lou", NAMES, blind=True, assistance=assistance)
    with pytest.raises(InputError, match=f"learned from '{assistance}' at most"):
        suggested(project, learn_from=learn_from)


def test_nothing_is_suggested_in_passes_without_assistance(project):
    give(project, "Lou", ["t1_ann", "t2_bob"], blind=True)
    assert {one.transcript for one in suggested(project)} == {"t3_cath", "t4_dev"}
    give(project, "Lou", NAMES, blind=True)
    with pytest.raises(NothingToDo, match="without assistance"):
        suggested(project)


def test_a_file_that_was_shared_out_keeps_to_it_without_being_asked(project, tmp_path):
    give(project, "Lou", ["t1_ann"], blind=True)
    give(project, "Amina", ["t2_bob"], blind=True, assistance="codebook")
    for name in ("Lou", "Amina"):
        project.share(tmp_path / name, coder=name)
    with Project.open(tmp_path / "Lou") as study, pytest.raises(NothingToDo):
        study.suggest(HashEncoder())
    with Project.open(tmp_path / "Amina") as study:
        assert study.suggest(HashEncoder())
        assert study.last_run("suggest").parameters["learned_from"] == "codebook"
