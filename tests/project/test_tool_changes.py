"""What was changed in a study, or came in again, on its way back into a tool's project."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autocode.exchange.losses import LossLedger
from autocode.exchange.project import Link, Note, Selection, Source, ToolCase, ToolProject
from autocode.exchange.prune import prune_project
from autocode.exchange.refi.write import write_refi
from autocode.project import Project
from autocode.project.hand_coding import Place
from autocode.project.history import UndoOptions
from autocode.project.import_report import ImportOptions
from autocode.project.removing import RemovalTarget

from .test_tool_projects import WAITED, WORDS, described, export, guid, make_project

FIRST = Place(transcript="Ann", start=WAITED[0], end=WAITED[1])


@pytest.fixture
def study(tmp_path):
    with Project.open(tmp_path / "study.autocode", create_new=True) as project:
        yield project


def take(study: Project, project: ToolProject, tmp_path, name: str = "came"):
    """Import a project from a file; what became of it."""
    path = tmp_path / f"{name}.qdpx"
    write_refi(project, path)
    report = study.import_paths([path])
    assert not report.refused
    return report.imported[0].losses


def find_selection(project: ToolProject, name: str):
    return next((s for s in project.selections if s.guid == guid(name)), None)


@pytest.mark.slow
def test_the_memo_of_a_coding_that_was_taken_back_goes_with_it(study, tmp_path):
    take(study, make_project(), tmp_path)
    study.uncode(FIRST, "Waiting", coder="Kim")
    kept = find_selection(export(study, tmp_path), "s1")
    assert [coding.guid for coding in kept.codings] == [guid("c2")]
    assert kept.description == ""


def test_nothing_stays_of_a_selection_whose_only_coding_was_taken_back(study, tmp_path):
    project = make_project()
    first = replace(project.selections[0], codings=project.selections[0].codings[:1])
    take(study, replace(project, selections=(first, *project.selections[1:])), tmp_path)
    study.uncode(FIRST, "Waiting", coder="Kim")
    after = export(study, tmp_path)
    assert find_selection(after, "s1") is None
    assert "first" not in {s.description for s in after.selections}


@pytest.mark.slow
def test_a_memo_that_stands_twice_stays_twice(study, tmp_path):
    project = make_project()
    again = Note(guid=guid("free again"), text="A thought")
    take(study, replace(project, notes=(*project.notes, again)), tmp_path)
    after = export(study, tmp_path)
    assert {guid("free"), guid("free again")} <= {note.guid for note in after.notes}


def test_a_transcript_given_to_another_case_leaves_the_one_that_it_was_in(study, tmp_path):
    project = make_project()
    bea = ToolCase(guid=guid("bea"), name="Bea")
    take(study, replace(project, cases=(*project.cases, bea)), tmp_path)
    table = tmp_path / "cases.csv"
    table.write_text("case,transcript\nBea,Ann\n")
    assert not study.import_paths([table]).refused
    after = export(study, tmp_path)
    assert {case.name: case.sources for case in after.cases} == {"Ann": (), "Bea": (guid("ann"),)}


def make_newer() -> ToolProject:
    """The project some days later: another selection, one less, another link, a set grown."""
    project = make_project()
    new = Selection(guid=guid("s5"), source=guid("ann"), start=3, end=3, description="here")
    later = (*project.selections[:1], *project.selections[3:], new)
    link = Link(guid=guid("link"), name="explains", one=guid("s1"), other=guid("s5"))
    grown = replace(project.collections[0], sources=(guid("ann"), guid("ben")))
    return replace(project, selections=later, links=(link,), collections=(grown,))


def test_a_newer_state_of_a_project_goes_out_with_what_is_new_in_it(study, tmp_path):
    take(study, make_project(), tmp_path)
    losses = take(study, make_newer(), tmp_path, "newer")
    after = export(study, tmp_path)
    assert find_selection(after, "s5").description == "here"  # kept unseen
    assert [link.name for link in after.links] == ["explains"]
    assert after.collections[0].sources == (guid("ann"), guid("ben"))
    assert find_selection(after, "s2") is not None  # the study still has its coding
    assert losses.count("lost") == 0


def test_undoing_a_newer_state_brings_back_the_one_before(study, tmp_path):
    take(study, make_project(), tmp_path)
    take(study, make_newer(), tmp_path, "newer")
    act = [act for act in study.history() if act.kind == "import"][-1]
    study.undo(coder="Kim", options=UndoOptions(act=act.number))
    after = export(study, tmp_path)
    assert find_selection(after, "s5") is None
    assert [link.name for link in after.links] == ["leads to"]


def test_the_same_texts_in_another_project_are_said_not_to_keep_their_identifiers(study, tmp_path):
    take(study, make_project(), tmp_path)
    other = ToolProject(
        name="copy", sources=(Source(guid=guid("ann's copy"), name="Ann", text=WORDS),)
    )
    losses = take(study, other, tmp_path, "other")
    assert losses.count("lost", "identifiers and documents of transcripts") == 1
    after = export(study, tmp_path)
    assert guid("ann's copy") not in {source.guid for source in after.sources}
    assert after.name == "garden"


def test_selections_that_a_case_loses_are_counted():
    case = ToolCase(guid=guid("case"), selections=(guid("gone"),))
    ledger = LossLedger()
    pruned = prune_project(ToolProject(name="", cases=(case,)), ledger)
    assert pruned.cases[0].selections == ()
    assert ledger.close().count("lost", "selections of cases") == 1


def test_a_transcript_taken_out_comes_back_with_what_its_project_had(study, tmp_path):
    take(study, make_project(), tmp_path)
    before = export(study, tmp_path)
    study.remove(RemovalTarget(transcript="Ann"), coder="Kim")
    study.undo(coder="Kim")
    assert described(before, export(study, tmp_path)) == []


def test_a_study_with_a_project_is_shared_joined_and_has_a_digest(study, tmp_path):
    take(study, make_project(), tmp_path)
    before = export(study, tmp_path)
    digest = study.content_digest()
    study.share(tmp_path / "kim.autocode", coder="Kim")
    with Project.open(tmp_path / "kim.autocode") as shared:
        assert shared.content_digest() == digest
        shared.code(FIRST, "Waiting", coder="Lou")
    assert study.join([tmp_path / "kim.autocode"], coder="Kim").result.added
    study.undo(coder="Kim")
    assert study.content_digest() == digest
    first = min(coder.name for coder in study.coders())
    study.rename_coder(first, "Zoe", coder="Kim")
    study.rename_coder("Zoe", first, coder="Kim")
    assert described(before, export(study, tmp_path)) == []


def rename_meaning(project: ToolProject) -> ToolProject:
    """The project of another study: codes of the same names that mean something else."""
    codes = [
        replace(code, guid=guid(f"other {i}"), parent=None, name=f"{code.name}{i or ''}")
        for i, code in enumerate(project.codes[1:])
    ]
    codes = [replace(code, description=f"Other: {code.name}") for code in codes]
    return replace(project, codes=tuple(codes), selections=(), cases=(), links=(), graphs=())


@pytest.fixture
def other(study, tmp_path):
    """A file with codes that the study has by name and says otherwise of."""
    codebook = "code,name,definition\nw,Waiting,Time until help comes\n"
    (tmp_path / "codebook.csv").write_text(codebook, encoding="utf-8")
    assert study.import_paths([tmp_path / "codebook.csv"]).imported
    path = tmp_path / "other.qdpx"
    write_refi(rename_meaning(make_project()), path)
    return path


def test_what_a_project_says_otherwise_of_codes_is_shown_and_the_study_keeps_its_own(study, other):
    (imported,) = study.import_paths([other]).imported
    assert study.codebook().by_id["w"].definition == "Time until help comes"
    assert imported.losses.count("changed", "codes") == 1
    said = "\n".join(imported.warnings)
    assert "1 code is taken for the one of this name in the study: 'Waiting'" in said
    assert "definition 'Time until help comes' in the study, 'Other: Waiting' in the file" in said


def test_what_a_project_says_otherwise_of_codes_is_taken_where_that_is_asked_for(study, other):
    (imported,) = study.import_paths([other], ImportOptions(update_codes=True)).imported
    assert study.codebook().by_id["w"].definition == "Other: Waiting"
    assert "definition 'Time until help comes' is now 'Other: Waiting'" in str(imported.warnings)


def test_what_a_project_says_of_codes_is_taken_from_one_that_is_in_the_study_already(study, other):
    study.import_paths([other])
    n_acts = len(study.history())
    (imported,) = study.import_paths([other], ImportOptions(update_codes=True)).imported
    assert imported.account == "already in the study; 1 code now as the project has it"
    assert imported.new
    assert study.codebook().by_id["w"].definition == "Other: Waiting"
    (again,) = study.import_paths([other], ImportOptions(update_codes=True)).imported
    assert (again.account, again.new) == ("already in the study", False)
    assert len(study.history()) == n_acts + 1


def test_what_no_format_has_of_codes_is_said(study, other, tmp_path):
    study.import_paths([other])
    study.edit_codebook(coder="Kim").archive("w")
    report = study.export_project(tmp_path / "back.qdpx")
    reasons = {item.reason: item.places for item in report.items if item.what == "codes"}
    assert reasons["are archived in the study, and in use in the file"] == ("Waiting",)
