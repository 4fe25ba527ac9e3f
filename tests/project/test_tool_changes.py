"""What was changed in a study, or came in again, on its way back into a tool's project."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autocode.exchange.project import Note, ToolCase, ToolProject
from autocode.exchange.refi.write import write_refi
from autocode.project import Project
from autocode.project.hand_coding import Place

from .test_tool_projects import WAITED, export, guid, make_project

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
