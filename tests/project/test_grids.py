"""The coding grid: out to a spreadsheet, filled in, and back without loss or doubling."""

from __future__ import annotations

import csv

import openpyxl
import pytest

from autocode.core.coding import Coding
from autocode.core.transcript import Span
from autocode.project import Project
from autocode.project.importing import ImportOptions


def state(project: Project):
    return (
        [(c.transcript, c.span, c.code, c.coder) for c in project.codings()],
        [(r.transcript, r.span, r.coder) for r in project.readings()],
    )


def read(path):
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.mark.parametrize("of", ["coders", "codes"])
@pytest.mark.parametrize("name", ["grid.xlsx", "grid.csv"])
def test_a_grid_imports_back_without_change(project, tmp_path, of, name):
    # A coding on part of a segment, and one that slips into the next: neither must come twice.
    text = project.transcript("t1_ann").text
    start = text.index("My sister")
    project.add_codings(
        [Coding(transcript="t1_ann", span=Span(start, start + 40), code="shame", coder="Amina")]
    )
    before = state(project)
    project.export_grid(tmp_path / name, of)
    report = project.import_paths([tmp_path / name])
    (taken,) = report.imported
    assert not taken.new, taken
    assert taken.kind == "codings"
    assert state(project) == before


def test_what_is_filled_in_is_coded_by_whoever_heads_the_column(project, tmp_path):
    path = tmp_path / "grid.csv"
    project.export_grid(path, "coders", coders=["Amina", "Éva B."])
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows[0]["coder: Éva B."] = "Waiting; shame"
    rows[1]["coder: Éva B."] = "(read)"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    project.import_paths([path])
    made = project.codings(coder="Éva B.")
    assert {(c.code, c.basis) for c in made} == {("wait", "person"), ("shame", "person")}
    assert [(r.coder, r.span.start) for r in project.readings() if r.coder == "Éva B."] == [
        ("Éva B.", int(rows[1]["start"]))
    ]


def test_new_codes_are_refused_by_line_or_made_on_request(project, tmp_path):
    path = tmp_path / "grid.csv"
    project.export_grid(path, "coders", coders=["Kim"])
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], *(f"{line}Late buses" for line in lines[1:3])]))
    refused = project.import_paths([path]).refused[0]
    assert "--new-codes" in refused.reason
    assert "Kim" not in {coder.name for coder in project.coders()}
    report = project.import_paths([path], ImportOptions(new_codes=True))
    assert "Late buses" in report.imported[0].warnings[0]
    assert {c.code for c in project.codings(coder="Kim")} == {"late-buses"}
    assert project.codebook().by_id["late-buses"].name == "Late buses"


def test_a_grid_of_another_text_is_refused(project, tmp_path):
    path = tmp_path / "grid.csv"
    project.export_grid(path, "coders", coders=["Kim"])
    path.write_text(path.read_text(encoding="utf-8").replace("nine months", "ten months"))
    (refused,) = project.import_paths([path]).refused
    assert "not what stands there" in refused.reason


def test_codings_tables_bring_new_codes_on_request(project, tmp_path):
    path = tmp_path / "c.csv"
    path.write_text(
        "transcript,excerpt,coder,code\n"
        "t1_ann,The bus fare went up again,Kim,Money & fares\n"
        "t1_ann,always late,Kim,Money &  FARES\n"
    )
    assert project.import_paths([path]).refused
    report = project.import_paths([path], ImportOptions(new_codes=True))
    assert "1 new code without a definition: Money & fares" in report.imported[0].warnings
    assert [c.code for c in project.codings(coder="Kim")] == ["money-fares", "money-fares"]
    assert not project.import_paths([path]).imported[0].new


def test_a_cell_that_begins_like_a_formula_is_text(project, tmp_path):
    project.export_grid(tmp_path / "g.xlsx", "coders", coders=["=Kim"])
    assert "coder: =Kim" in read(tmp_path / "g.xlsx")[0]
