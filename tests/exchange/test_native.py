"""Projects that tools themselves wrote: what is in each, and where its codings stand."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from autocode.core.errors import FileRefused
from autocode.exchange.compare import compare_projects
from autocode.exchange.formats import find_reader, read_project
from autocode.exchange.refi.write import validate_refi, write_refi
from autocode.untrusted_sqlite import is_sqlite

from ..shared import SHARED, present

FOLDERS = ("qualcoder", "taguette", "rqda", "requal", "maxqda-exports")


@dataclass(frozen=True)
class Counts:
    """What a person counts in the tool's tables."""

    format: str
    coders: int
    codes: int
    sources: int
    codings: int
    memos: int = 0
    cases: int = 0
    changed: int = 0
    lost: int = 0
    says: str = ""


COUNTS = {
    "qualcoder/garden_study.qda/data.qda": Counts(
        "qualcoder", coders=2, codes=8, sources=1, codings=6, memos=2, cases=1
    ),
    "taguette/garden_study/project.sqlite3": Counts(
        "taguette", coders=1, codes=5, sources=2, codings=6, says="Taguette has no levels"
    ),
    "rqda/OPCW-CSP-DG.rqda": Counts(
        "rqda", coders=1, codes=2, sources=13, codings=21, says="deleted in RQDA"
    ),
    "requal/test_basic.requal": Counts("requal", coders=0, codes=0, sources=0, codings=0),
    "maxqda-exports/codings_exchange.mex": Counts(
        "maxqda-exchange",
        coders=1,
        codes=7,
        sources=39,
        codings=402,
        changed=402,
        lost=39,
        says="MAXQDA encrypts",
    ),
}  # fmt: skip


def assert_read_or_refused(path: Path) -> None:
    """Whatever lies there is read, or refused in one line."""
    with contextlib.suppress(FileRefused):
        read_project(path)
        return
    with pytest.raises(FileRefused) as caught:
        read_project(path)
    assert "\n" not in str(caught.value)


def databases() -> list[str]:
    """Every SQLite file in the folders of samples, named from there."""
    root = SHARED / "interop"
    return sorted(
        path.relative_to(root).as_posix()
        for folder in FOLDERS
        for path in (root / folder).rglob("*")
        if path.is_file() and is_sqlite(path)
    )


@pytest.mark.parametrize("name", sorted({*databases(), *COUNTS}))
def test_a_project_has_what_a_person_counts_in_it(name):
    path = present(SHARED / "interop" / name)
    expected = COUNTS.get(name)
    if expected is None:
        assert_read_or_refused(path)
        return
    read = read_project(path)
    project, report = read.project, read.report
    memos = [s for s in project.selections if not s.codings]
    assert expected == Counts(
        project.format,
        len(project.coders),
        len(project.codes),
        len(project.sources),
        len(list(project.walk_codings())),
        len(memos) + len(project.notes),
        len(project.cases),
        report.count("changed"),
        report.count("lost"),
        expected.says,
    )
    assert expected.says in " ".join(report.to_lines())


@pytest.mark.parametrize("name", databases())
def test_the_words_of_every_coding_stand_where_its_positions_are(name):
    project = read_project(present(SHARED / "interop" / name)).project
    texts = {source.guid: source.text for source in project.sources}
    for selection in project.selections:
        text = texts[selection.source]
        if text is not None and selection.name:
            assert text[selection.start : selection.end] == selection.name


@pytest.mark.parametrize("name", databases())
def test_references_resolve_and_guids_are_the_same_on_every_reading(name):
    path = present(SHARED / "interop" / name)
    project, again = read_project(path).project, read_project(path).project
    assert project == again
    guids = [
        thing.guid
        for things in (project.coders, project.codes, project.sources, project.selections,
                       project.notes, project.cases, project.variables)
        for thing in things
    ]  # fmt: skip
    assert len(guids) == len(set(guids))
    known = set(guids)
    for code in project.codes:
        assert code.parent is None or code.parent in known
    for selection in project.selections:
        assert {selection.source, *selection.notes} <= known
    for coding in project.walk_codings():
        assert coding.code in known
        assert coding.coder is None or coding.coder in known


LOST_IN_REFI = {
    "qualcoder/garden_study.qda/data.qda": {},
    "taguette/garden_study/project.sqlite3": {"names of files": 2},
    "rqda/OPCW-CSP-DG.rqda": {},
    "requal/test_basic.requal": {},
    "maxqda-exports/codings_exchange.mex": {"selections": 402},
}


@pytest.mark.parametrize("name", LOST_IN_REFI)
def test_each_goes_through_refi_qda_and_what_is_lost_is_said(tmp_path, name):
    project = read_project(present(SHARED / "interop" / name)).project
    report = write_refi(project, tmp_path / "p.qdpx")
    assert validate_refi(tmp_path / "p.qdpx") == []
    lost = {item.what: item.count for item in report.items if item.outcome != "kept"}
    assert lost == LOST_IN_REFI[name]
    differences = compare_projects(project, read_project(tmp_path / "p.qdpx").project)
    assert bool(differences.count) == bool(lost)


def test_a_folder_of_qualcoder_is_read_as_its_database_is(shared):
    folder = present(shared / "interop" / "qualcoder" / "garden_study.qda")
    reader = find_reader(folder)
    assert reader is not None
    assert reader.read(folder) == read_project(folder / "data.qda")
    original = read_project(folder).project.sources[0].original
    assert original is not None
    assert original.path == folder / "documents" / "Ana 01.txt"


def test_what_a_person_sees_in_the_garden_study(shared):
    root = present(shared / "interop")
    project = read_project(root / "qualcoder" / "garden_study.qda").project
    names = {code.guid: code.name for code in project.codes}
    parents = {code.name: names.get(code.parent or "") for code in project.codes}
    assert parents == {
        "Wellbeing": None, "Social": None, "Work": "Wellbeing", "belonging": "Social",
        "barrier": None, "mental health": "Wellbeing", "work stress": "Work",
        "sub of belonging": "belonging",
    }  # fmt: skip
    assert {code.name for code in project.codes if not code.codable} == {
        "Wellbeing", "Social", "Work",
    }  # fmt: skip
    assert {v.value for v in project.cases[0].values} == {"34", "Nørrebro"}
    assert project.cases[0].sources == (project.sources[0].guid,)
    taguette = read_project(root / "taguette" / "garden_study" / "project.sqlite3").project
    assert taguette.selections[0].name == "My neighbour told me 🌱"
    assert taguette.selections[0].codings[0].made_at.startswith("2026-11-22T10:45:55")


def test_an_unknown_path_is_no_project(tmp_path: Path):
    assert find_reader(tmp_path) is None
    (tmp_path / "a.sqlite3").write_bytes(b"SQLite format 3\x00" + b"\x00" * 200)
    assert find_reader(tmp_path / "a.sqlite3") is None
