"""Passes: who codes what, drawn by a seed; kept through everything that happens to a study."""

from __future__ import annotations

import pytest

from autocode.core.coding import Coder
from autocode.core.errors import InputError, NotFound, NothingToDo
from autocode.project.assigning import AssignOptions
from autocode.project.removing import RemovalTarget

TEAM = ("Amina", "Jonas", "Cleo")
BLIND = AssignOptions(blind=True)


def assigned(project):
    return {(p.transcript, p.coder, p.kind) for p in project.coding_passes()}


def test_all_is_dealt_and_a_share_is_drawn_to_be_coded_twice(project):
    before = project.content_digest()
    options = AssignOptions(double=0.5, blind=True, random_state=3)
    done = project.assign_passes(TEAM, coder="Lead", options=options)
    made = done.result.passes
    assert len(made) == 6
    assert {p.transcript for p in made if p.kind == "first"} == {
        t.name for t in project.transcripts()
    }
    drawn = [p for p in made if p.kind == "second"]
    assert sorted(p.draw_order for p in drawn) == [1, 2]
    assert {p.random_state for p in drawn} == {3}
    for one in drawn:
        assert sum(p.transcript == one.transcript for p in made) == 2
    assert all(p.blind and p.assistance == "none" and p.state == "open" for p in made)
    words = [load.n_words for load in done.result.loads]
    assert max(words) - min(words) < 130
    # Undone it is as it was: coders who came with it have gone.
    assert "Cleo" in {c.name for c in project.coders()}
    project.undo(coder="Lead")
    assert project.content_digest() == before
    again = project.assign_passes(TEAM, coder="Lead", options=options)
    assert [(p.transcript, p.coder) for p in again.result.passes] == [
        (p.transcript, p.coder) for p in made
    ]


def test_what_is_assigned_stays_and_named_transcripts_go_to_one_coder(project):
    project.assign_passes(["Jonas"], options=AssignOptions(transcripts=["t1_ann"]))
    project.assign_passes(["Cleo"], options=AssignOptions(transcripts=["t1_ann", "t2_bob"]))
    assert assigned(project) == {
        ("t1_ann", "Jonas", "first"), ("t1_ann", "Cleo", "second"), ("t2_bob", "Cleo", "first"),
    }  # fmt: skip
    done = project.assign_passes(["Amina", "Jonas"])
    assert {p.transcript for p in done.result.passes} == {"t3_cath", "t4_dev"}
    assert done.result.n_before == 3
    with pytest.raises(NothingToDo, match="All 4 transcripts are assigned"):
        project.assign_passes(["Amina", "Jonas"])


def test_a_preview_changes_nothing(project):
    before = project.content_digest(), project.revision()
    done = project.assign_passes(TEAM, options=AssignOptions(dry_run=True))
    assert len(done.result.passes) == 4
    assert done.act is None
    assert (project.content_digest(), project.revision()) == before


def test_a_stratum_is_the_value_of_an_attribute(project):
    project.assign_passes(TEAM, options=AssignOptions(double=0.5, by="Region"))
    twice = {p.transcript for p in project.coding_passes() if p.kind == "second"}
    # One of north (Ann), south (Bob) each counts half; Cath and Dev have no region: one of them.
    assert len(twice) == 2
    assert len(twice & {"t3_cath", "t4_dev"}) == 1


@pytest.mark.parametrize(
    ("coders", "options", "error", "words"),
    [
        ((), {}, InputError, "Nobody is named"),
        (("Amina",), {"double": 0.2}, InputError, "Nobody but Amina"),
        (("Amina", "Amina"), {"double": 0.2}, InputError, "Nobody but Amina"),
        (TEAM, {"double": 0.2, "by": "age"}, NotFound, "Choose one of: region"),
        (TEAM, {"transcripts": ["t9"]}, NotFound, "No transcript 't9'"),
        (("Aminah",), {}, InputError, "but 'Amina'"),
        (("Model",), {}, InputError, "is a machine"),
    ],
)
def test_what_cannot_be_assigned_is_said(project, coders, options, error, words):
    project.assign_passes(["Model"], options=AssignOptions(transcripts=["t1_ann"]))
    project.set_coder(Coder("Model", "machine"))
    before = project.content_digest()
    with pytest.raises(error, match=words):
        project.assign_passes(coders, options=AssignOptions(**options))
    assert project.content_digest() == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"double": 20}, "For 20 % write 0.2"),
        ({"double": -0.1}, "between 0 and 1"),
        ({"by": "region"}, "give its share"),
        ({"blind": True, "assistance": "all"}, "cannot be assisted by what others coded"),
    ],
)
def test_options_that_do_not_fit_are_refused(options, words):
    with pytest.raises(InputError, match=words):
        AssignOptions(**options)


def test_progress_counts_what_the_coder_has_read(project):
    project.assign_passes(["Amina"], options=AssignOptions(transcripts=["t1_ann", "t3_cath"]))
    views = {view.of.transcript: view for view in project.passes(coder="Amina").passes}
    assert (views["t1_ann"].n_read, views["t1_ann"].n_segments) == (3, 6)
    assert (views["t3_cath"].n_read, views["t3_cath"].n_codings) == (0, 0)
    assert not project.passes(transcript="t2_bob").passes
    with pytest.raises(NotFound):
        project.passes(coder="Nobody")


def test_passes_go_with_their_transcript_or_coder_and_come_back(project):
    project.assign_passes(["Amina", "Jonas"], coder="Lead", options=AssignOptions(double=1.0))
    before = project.content_digest()
    for target in (RemovalTarget(transcript="t1_ann"), RemovalTarget(coder="Jonas")):
        removed = project.remove(target, coder="Lead")
        assert removed.rows["passes"] == (2 if target.transcript else 4)
        project.undo(coder="Lead")
        assert project.content_digest() == before
    project.erase(RemovalTarget(case="A"), coder="Lead")
    assert "t1_ann" not in {p.transcript for p in project.coding_passes()}
    assert len(project.coding_passes()) == 6


def test_passes_stay_with_a_corrected_transcript_and_with_a_coder_renamed(project, tmp_path):
    project.assign_passes(["Amina", "Jonas"], coder="Lead", options=BLIND)
    text = project.transcript("t1_ann").text.replace("nine months", "ten months")
    (tmp_path / "t1_ann.txt").write_text(text, encoding="utf-8")
    before = [p for p in project.coding_passes() if p.transcript == "t1_ann"]
    project.replace_transcript("t1_ann", tmp_path / "t1_ann.txt", coder="Lead")
    assert [p for p in project.coding_passes() if p.transcript == "t1_ann"] == before
    project.rename_coder("Jonas", "Jon", coder="Lead")
    assert {p.coder for p in project.coding_passes()} == {"Amina", "Jon"}
    project.merge_coders("Jon", "Amina", coder="Lead")
    assert len(project.coding_passes()) == 4
