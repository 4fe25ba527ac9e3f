"""Projects for QualCoder: what is done to them, and what QualCoder's own importer makes of them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from autocode.exchange.formats import read_project
from autocode.exchange.losses import LossLedger
from autocode.exchange.project import (
    MACHINE,
    Collection,
    Note,
    Selection,
    Source,
    ToolCase,
    ToolCode,
    ToolCoder,
    ToolCoding,
    ToolProject,
    Value,
    Variable,
    make_guid,
)
from autocode.exchange.refi.for_qualcoder import fit_for_qualcoder
from autocode.exchange.refi.write import validate_refi, write_refi

from ..shared import present

SCRIPT = Path(__file__).parent / "tools" / "import_into_qualcoder.py"
TEXT = "Interviewer: How?\nAna: I waited 🌱 and waited.\n\nEnd é."


def g(name: str) -> str:
    return make_guid("test", name)


def hard_project() -> ToolProject:
    """What QualCoder's importer loses, gives to somebody else, or stops at, if left as it is."""
    coders = (
        ToolCoder(guid=g("A"), name="Amina"),
        ToolCoder(guid=g("B"), name="Ben"),
        ToolCoder(guid=g("M"), name=MACHINE),
    )
    codes = (
        ToolCode(guid=g("care"), name="Care", description="top"),
        ToolCode(guid=g("w1"), name="waiting", parent=g("care"), notes=(g("on code"),)),
        ToolCode(guid=g("folder"), name="Folder", codable=False),
        ToolCode(guid=g("w2"), name="waiting", parent=g("folder")),
    )
    notes = (
        Note(guid=g("on coding"), name="on coding", text="why", coder=g("A")),
        Note(guid=g("on words"), text="a memo 🌱"),
        Note(guid=g("on code"), name="on code", text="what waiting is"),
        Note(guid=g("on source"), name="on source", text="about P01"),
        Note(guid=g("free"), name="same", text="a free memo"),
        Note(guid=g("free too"), name="same", text="another"),
    )
    shared_words = (
        ToolCoding(guid=g("1"), code=g("w1"), coder=g("A"), notes=(g("on coding"),)),
        ToolCoding(guid=g("2"), code=g("w1"), coder=g("B")),
        ToolCoding(guid=g("3"), code=g("care"), coder=g("M")),
    )
    selections = (
        Selection(guid=g("s1"), source=g("P01"), start=23, end=31, codings=shared_words),
        Selection(
            guid=g("s2"), source=g("P01"), start=23, end=40, description="on the span",
            codings=(ToolCoding(guid=g("4"), code=g("w2"), coder=g("B")),),
        ),
        Selection(
            guid=g("s3"), source=g("P01"), start=0, end=11, notes=(g("on words"),), coder=g("B")
        ),
        Selection(
            guid=g("s4"), source=g("P01"), start=32, end=33,
            codings=(ToolCoding(guid=g("5"), code=g("folder"), coder=g("A")),),
        ),
    )  # fmt: skip
    whole = ToolCoding(guid=g("6"), code=g("care"), coder=g("A"))
    return ToolProject(
        name="hard",
        coders=coders,
        codes=codes,
        notes=notes,
        sources=(
            Source(
                guid=g("P01"), name="P", text=TEXT, notes=(g("on source"),), codings=(whole,)
            ),
            Source(guid=g("P02"), name="P", text="Zwei\nZeilen"),
        ),
        selections=selections,
        variables=(Variable(guid=g("age"), name="age", kind="Integer"),),
        cases=(
            ToolCase(
                guid=g("ana"), name="Ana", sources=(g("P01"),),
                values=(Value(variable=g("age"), value="34"),),
            ),
            ToolCase(guid=g("ben"), name="Ana", selections=(g("s2"),)),
        ),
        collections=(Collection(guid=g("set"), name="Theme", codes=(g("w1"),)),),
    )  # fmt: skip


def list_facts(project: ToolProject) -> dict[str, Any]:
    """What a person sees of a project, by names, without colours and dates."""
    sources = {source.guid: source for source in project.sources}
    codes = {code.guid: code for code in project.codes}
    coders = {coder.guid: coder.name for coder in project.coders}
    cases = {case.guid: case for case in project.cases}
    spans = {selection.guid: selection for selection in project.selections}

    def path(guid: str | None) -> tuple[str, ...]:
        return () if guid is None else (*path(codes[guid].parent), codes[guid].name)

    in_cases = {guid for case in project.cases for guid in case.selections}
    return {
        "texts": [(source.name, source.text, source.description) for source in project.sources],
        "codes": sorted(
            (path(code.guid), code.codable, code.description)
            for code in project.codes
            if code.guid not in cases
        ),
        "codings": sorted(
            (
                sources[selection.source].name,
                selection.start,
                selection.end,
                path(coding.code),
                coders.get(coding.coder or "", ""),
                selection.description,
            )
            for selection in project.selections
            for coding in selection.codings
            if coding.code not in cases
        ),
        "memos on words": sorted(
            (sources[s.source].name, s.start, s.end, s.description)
            for s in project.selections
            if not s.codings and s.guid not in in_cases
        ),
        "memos": sorted((note.name, note.text) for note in project.notes),
        "cases": [
            (
                case.name,
                case.description,
                [value.value for value in case.values],
                [sources[guid].name for guid in case.sources],
                [(spans[guid].start, spans[guid].end) for guid in case.selections],
            )
            for case in project.cases
        ],
        "attributes": sorted(variable.name for variable in project.variables),
        "values": [[value.value for value in source.values] for source in project.sources],
    }


def import_into_qualcoder(given: Path, made: Path) -> ToolProject:
    """What QualCoder itself makes of a .qdpx, where it is at hand, read from its database."""
    checkout = os.environ.get("AUTOCODE_QUALCODER")
    python = os.environ.get("AUTOCODE_QUALCODER_PYTHON")
    if not checkout or not python:
        pytest.skip(
            "set AUTOCODE_QUALCODER to a checkout of QualCoder and AUTOCODE_QUALCODER_PYTHON to a "
            "Python with PyQt6 and what else its importer loads"
        )
    run = subprocess.run(
        [python, str(SCRIPT), checkout, str(given), str(made)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert "Duplicated" not in run.stdout
    return read_project(made).project


def test_a_hard_project_is_fitted_so_that_all_of_it_arrives():
    ledger = LossLedger()
    facts = list_facts(fit_for_qualcoder(hard_project(), ledger))
    assert facts["codings"] == [
        ("P", 0, 53, ("Care",), "Amina", ""),
        ("P", 23, 31, ("Care",), MACHINE, ""),
        ("P", 23, 31, ("Care", "waiting"), "Amina", "why"),
        ("P", 23, 31, ("Care", "waiting"), "Ben", ""),
        ("P", 23, 40, ("Folder", "waiting (2)"), "Ben", "on the span"),
        ("P", 32, 33, ("Folder",), "Amina", ""),
    ]
    assert facts["memos on words"] == [("P", 0, 11, "a memo 🌱")]
    assert [name for name, *_ in facts["texts"]] == ["P", "P (2)"]
    assert [name for name, *_ in facts["cases"]] == ["Ana", "Ana (2)"]
    assert facts["memos"] == [("same", "a free memo"), ("same (2)", "another")]
    report = ledger.close()
    assert {item.what: item.count for item in report.items if item.outcome == "changed"} == {
        "folders of codes": 1,
        "names of codes": 1,
        "names of sources": 1,
        "names of cases": 1,
        "names of memos": 1,
        "notes": 4,
        "codings of whole sources": 1,
    }
    assert report.count("lost", "sets of codes") == 1


def test_a_project_for_qualcoder_is_valid_and_every_memo_has_a_date(tmp_path):
    path = tmp_path / "hard.qdpx"
    write_refi(hard_project(), path, "qualcoder")
    assert validate_refi(path) == []
    assert all(note.made_at for note in read_project(path).project.notes)


@pytest.mark.slow
def test_qualcoder_itself_takes_all_of_a_hard_project(tmp_path):
    path = tmp_path / "hard.qdpx"
    write_refi(hard_project(), path, "qualcoder")
    taken = import_into_qualcoder(path, tmp_path / "hard.qda")
    assert list_facts(taken) == list_facts(fit_for_qualcoder(hard_project(), LossLedger()))


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "qualcoder/garden_study.qda",
        "taguette/garden_study/project.sqlite3",
        "rqda/OPCW-CSP-DG.rqda",
    ],
)
def test_qualcoder_itself_shows_what_the_other_tool_showed(shared, tmp_path, name):
    project = read_project(present(shared / "interop" / name)).project
    path = tmp_path / "ours.qdpx"
    write_refi(project, path, "qualcoder")
    taken = import_into_qualcoder(path, tmp_path / "ours.qda")
    assert list_facts(taken) == list_facts(project)


@pytest.mark.slow
def test_qualcoders_own_export_comes_back_to_it_through_us(shared, tmp_path):
    folder = present(shared / "interop")
    project = read_project(folder / "refi-qda" / "qualcoder382_garden_study.qdpx").project
    path = tmp_path / "ours.qdpx"
    write_refi(project, path, "qualcoder")
    taken = list_facts(import_into_qualcoder(path, tmp_path / "ours.qda"))
    before = list_facts(read_project(folder / "qualcoder" / "garden_study.qda").project)
    # QualCoder's export does not say which text a case is.
    before["cases"] = [(*case[:3], [], []) for case in before["cases"]]
    assert taken == before
