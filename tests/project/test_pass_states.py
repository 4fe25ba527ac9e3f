"""Finished passes are fixed whoever writes; opening is counted, revealing is for good."""

from __future__ import annotations

import pytest

from autocode.core.coding import Coding, Memo
from autocode.core.errors import (
    InputError,
    NotFound,
    NothingToDo,
    PassLocked,
    StudyError,
    UndoBlocked,
)
from autocode.io.tables.decisions import DecisionRow
from autocode.project.assigning import AssignOptions
from autocode.project.deciding import decide_all
from autocode.project.hand_coding import HandOptions, Place
from autocode.project.history import UndoOptions
from autocode.project.pass_states import PassOptions
from autocode.project.removing import RemovalTarget

ANN = Place(transcript="t1_ann", turn=2)
READ = PassOptions(unread="read")


@pytest.fixture
def team(project):
    """Amina and Jonas both have t1_ann, blind; Amina has t2_bob too."""
    for coder in ("Amina", "Jonas"):
        options = AssignOptions(transcripts=["t1_ann"], blind=True)
        project.assign_passes([coder], coder="Lead", options=options)
    project.assign_passes(["Amina"], coder="Lead", options=AssignOptions(transcripts=["t2_bob"]))
    return project


@pytest.fixture
def finished(team):
    team.finish_pass("Amina", ["t1_ann"], options=READ)
    return team


def states(project):
    return {(p.transcript, p.coder): p.state for p in project.coding_passes()}


def test_unread_segments_are_said_before_anything_is_fixed(team):
    before = team.content_digest()
    with pytest.raises(InputError, match=r"Amina has not read 3 of 6 segments of 't1_ann', and"):
        team.finish_pass("Amina")
    tried = team.finish_pass("Amina", options=PassOptions(dry_run=True)).result
    assert [len(view.unread) for view in tried.passes] == [3, 5]
    assert team.content_digest() == before


def test_finished_with_all_read_the_rest_was_read_without_a_code(team):
    done = team.finish_pass("Amina", options=READ)
    assert {view.of.state for view in done.result.passes} == {"finished"}
    assert [view.n_read for view in team.passes(coder="Amina").passes] == [6, 6]
    team.undo(coder="Amina")
    assert [view.n_read for view in team.passes(coder="Amina").passes] == [3, 1]
    team.finish_pass("Amina", ["t2_bob"], options=PassOptions(unread="leave"))
    assert [view.n_read for view in team.passes(coder="Amina").passes] == [3, 1]
    assert states(team)["t1_ann", "Amina"] == "open"


CHANGES = {
    "code": lambda p: p.code(ANN, "shame", coder="Amina"),
    "uncode": lambda p: p.uncode(ANN, "wait", coder="Amina"),
    "respan": lambda p: p.respan(
        ANN, "wait", Place(transcript="t1_ann", words="nine months"), coder="Amina"
    ),
    "recode": lambda p: p.recode(ANN, "wait", "shame", coder="Amina"),
    "add_codings": lambda p: p.add_codings(
        [Coding(transcript="t1_ann", span=ANN.find(p.transcript("t1_ann")), code="shame",
                coder="Amina")]
    ),
    "decide": lambda p: decide_all(
        p._study,
        [
            DecisionRow(
                line=2, transcript="t1_ann", span=ANN.find(p.transcript("t1_ann")),
                suggested="family", action="reject", coder="Amina",
            )
        ],
        None,
    ),
    "undo": lambda p: p.undo(
        coder="Amina",
        options=UndoOptions(act=next(a.number for a in p.history() if "codings.csv" in a.summary)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_work_in_a_finished_pass_is_refused(finished, change):
    before = finished.content_digest()
    with pytest.raises(PassLocked, match="passes reopen") as refused:
        change(finished)
    assert (refused.value.transcript, refused.value.coder) == ("t1_ann", "Amina")
    assert finished.content_digest() == before


def test_an_imported_table_that_changes_it_is_refused_and_one_that_does_not_is_taken(
    finished, tmp_path
):
    table = tmp_path / "more.csv"
    head = "transcript,excerpt,coder,code\n"
    table.write_text(head + 't1_ann,"The bus fare went up again",Amina,shame\n', encoding="utf-8")
    report = finished.import_paths([table])
    assert "pass of Amina" in report.refused[0].reason
    table.write_text(head + 't1_ann,"The bus fare went up again",Jonas,shame\n', encoding="utf-8")
    assert not finished.import_paths([table]).refused


def test_what_is_no_work_in_the_pass_goes_on(finished):
    finished.code(ANN, "shame", coder="Jonas")
    finished.code(Place(transcript="t2_bob", turn=2), "shame", coder="Amina")
    finished.add_memo(Memo(about="code", subject="wait", text="See", coder="Amina"))
    finished.note_coding(ANN, "wait", coder="Amina", options=HandOptions(memo="Hm"))
    # The frame is everybody's: its codes are merged with all codings, and apart again.
    finished.edit_codebook(coder="Lead").merge("wait", "shame")
    finished.undo(coder="Lead")
    finished.remove(RemovalTarget(coder="Amina"), coder="Lead")
    finished.undo(coder="Lead")
    assert states(finished)["t1_ann", "Amina"] == "finished"


def test_opened_again_work_goes_on_and_it_is_counted(finished):
    for at in (1, 2):
        finished.reopen_pass("Amina", ["t1_ann"], reason="Misread", coder="Lead")
        finished.code(ANN, "shame", coder="Amina")
        finished.uncode(ANN, "shame", coder="Amina")
        finished.finish_pass("Amina", ["t1_ann"])
        (one,) = [p for p in finished.coding_passes() if p.coder == "Amina" and p.is_locked]
        assert one.n_reopened == at
    assert [a.summary for a in finished.history() if a.kind == "reopen"] == [
        "passes of Amina through t1_ann opened again: Misread"
    ] * 2


def test_undoing_a_finish_opens_the_pass_and_everything_before_can_be_undone(team):
    before = team.content_digest()
    team.code(ANN, "shame", coder="Amina")
    coded = team.history()[-1].number
    team.finish_pass("Amina", ["t1_ann"], options=READ)
    with pytest.raises(PassLocked):
        team.undo(coder="Amina", options=UndoOptions(act=coded))
    team.undo(coder="Amina")
    team.undo(coder="Amina", options=UndoOptions(act=coded))
    assert team.content_digest() == before


def test_passes_are_revealed_when_all_have_finished_and_then_fixed_for_good(finished):
    with pytest.raises(NothingToDo, match="waits for Jonas"):
        finished.reveal_passes(coder="Lead")
    with pytest.raises(InputError, match="'t2_bob' has 1 pass"):
        finished.reveal_passes(["t2_bob"], coder="Lead")
    finish = finished.history()[-1].number
    finished.finish_pass("Jonas", options=READ)
    done = finished.reveal_passes(coder="Lead")
    assert len(done.result.passes) == 2
    assert states(finished) == {
        ("t1_ann", "Amina"): "revealed", ("t1_ann", "Jonas"): "revealed",
        ("t2_bob", "Amina"): "open",
    }  # fmt: skip
    before = finished.content_digest()
    with pytest.raises(PassLocked, match="autocode resolve"):
        finished.uncode(ANN, "wait", coder="Amina")
    with pytest.raises(PassLocked, match="is revealed"):
        finished.reopen_pass("Amina", ["t1_ann"], reason="Again", coder="Lead")
    with pytest.raises(StudyError, match="what was revealed has been seen"):
        finished.undo(coder="Lead", options=UndoOptions(act=done.act.number))
    with pytest.raises(UndoBlocked):
        finished.undo(coder="Amina", options=UndoOptions(act=finish))
    with pytest.raises(StudyError, match="has been seen"):
        finished.undo(coder="Amina", options=UndoOptions(act=finish, with_later=True))
    assert finished.content_digest() == before
    with pytest.raises(NothingToDo, match="no pass to reveal"):
        finished.reveal_passes(coder="Lead")


def test_what_cannot_be_done_to_a_pass_is_said(finished):
    with pytest.raises(NotFound, match="coder with a pass 'Amin'"):
        finished.finish_pass("Amin")
    with pytest.raises(NotFound, match="pass of Jonas through 't2_bob'"):
        finished.finish_pass("Jonas", ["t2_bob"])
    with pytest.raises(NothingToDo, match="no open pass"):
        finished.finish_pass("Amina", ["t1_ann"])
    with pytest.raises(NothingToDo, match="is open"):
        finished.reopen_pass("Jonas", ["t1_ann"], reason="Why", coder="Lead")
    with pytest.raises(InputError, match="the reason"):
        finished.reopen_pass("Amina", ["t1_ann"], reason=" ", coder="Lead")
    with pytest.raises(NotFound, match="transcript 't9'"):
        finished.reveal_passes(["t9"], coder="Lead")
    with pytest.raises(InputError, match="Nobody is named"):
        finished.reveal_passes(coder="")


def test_a_request_with_one_key_is_one_act(team):
    options = PassOptions(unread="read", key="k1")
    team.finish_pass("Amina", options=options)
    assert team.finish_pass("Amina", options=options).repeated
