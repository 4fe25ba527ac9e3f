"""References to rows that are not there: what refers is carried, or the report has a line of it."""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from autocode.exchange.formats import read_project
from autocode.exchange.packed import pack_project
from autocode.exchange.reader import ReadProject

NOWHERE = 999_999

REFERENCES: dict[str, tuple[tuple[str, str], ...]] = {
    "small.qda": (
        ("source", "av_text_id"), ("code_image", "id"), ("code_image", "cid"), ("code_av", "id"),
        ("code_av", "cid"), ("annotation", "fid"), ("attribute", "name"), ("attribute", "id"),
        ("case_text", "caseid"), ("case_text", "fid"), ("code_cat", "supercatid"),
        ("code_text", "cid"), ("code_text", "fid"), ("code_name", "catid"),
        ("code_name", "supercid"),
    ),
    "small.sqlite3": (
        ("documents", "project_id"), ("tags", "project_id"), ("highlights", "document_id"),
        ("highlight_tags", "highlight_id"), ("highlight_tags", "tag_id"),
    ),
    "small.rqda": (
        ("treecode", "cid"), ("treecode", "catid"), ("coding", "cid"), ("coding", "fid"),
        ("caselinkage", "caseid"), ("caselinkage", "fid"), ("caseAttr", "variable"),
        ("caseAttr", "caseID"), ("fileAttr", "variable"), ("fileAttr", "fileID"),
        ("treefile", "fid"), ("treefile", "catid"), ("annotation", "fid"),
    ),
    "small.requal": (
        ("documents", "user_id"), ("categories_codes_map", "category_id"),
        ("categories_codes_map", "code_id"), ("segments", "user_id"), ("segments", "doc_id"),
        ("segments", "code_id"), ("memos", "user_id"), ("memos_segments_map", "memo_id"),
        ("memos_segments_map", "segment_id"), ("memos_documents_map", "memo_id"),
        ("memos_documents_map", "doc_id"), ("cases_documents_map", "case_id"),
        ("cases_documents_map", "doc_id"), ("attributes_cases_map", "case_id"),
        ("attributes_cases_map", "attribute_id"), ("attributes_cases_map", "attribute_value_id"),
        ("attributes_documents_map", "doc_id"), ("attributes_documents_map", "attribute_id"),
        ("attributes_documents_map", "attribute_value_id"),
    ),
    "small.mex": (("Codewords", "WordID"), ("Codings", "TextID"), ("Codings", "WordID")),
}  # fmt: skip
"""Columns that name a row of another table, by the project in which they are."""


def tells_more(after: ReadProject, before: ReadProject) -> bool:
    """Whether the report of one has a line of what was changed or lost that the other has not."""
    known, now = (
        Counter({(i.outcome, i.what, i.reason): i.count for i in read.report.items
                 if i.outcome != "kept"})
        for read in (before, after)
    )  # fmt: skip
    return bool(now - known)


@pytest.mark.parametrize(
    ("file", "table", "column"),
    [(file, *which) for file, columns in REFERENCES.items() for which in columns],
)
def test_a_row_that_refers_to_nothing_is_carried_or_told(made, tmp_path, file, table, column):
    before = read_project(made / file)
    with contextlib.closing(sqlite3.connect(made / file)) as database:
        rows = [
            row for (row,) in database.execute(f"SELECT rowid FROM {table} WHERE {column} NOT NULL")
        ]
    assert rows, "the made project has no such row, so that nothing is tested"
    for row in rows:
        path = tmp_path / f"{row}-{file}"
        shutil.copy(made / file, path)
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", [NOWHERE, row])
            database.commit()
        after = read_project(path)
        was, now = pack_project(before.project), pack_project(after.project)
        is_same = was == now.replace(path.stem, Path(file).stem)
        assert is_same or tells_more(after, before), f"row {row}: {after.report.to_lines()}"


REFI_REFERENCES = re.compile(
    r'(targetGUID|creatingUser|modifyingUser|originGUID|plainTextPath)="([^"]+)"'
)


def test_a_reference_to_nothing_in_refi_is_carried_or_told(made, tmp_path):
    whole = (made / "small.qde").read_text("utf-8")
    path = tmp_path / "small.qde"
    path.write_text(whole, "utf-8")
    before = read_project(path)
    places = list(REFI_REFERENCES.finditer(whole))
    assert {place[1] for place in places} >= {"targetGUID", "creatingUser"}
    for place in places:
        gone = "dead0000-0000-4000-8000-00000000dead"
        path.write_text(f"{whole[: place.start(2)]}{gone}{whole[place.end(2) :]}", "utf-8")
        after = read_project(path)
        is_same = pack_project(before.project) == pack_project(after.project)
        assert is_same or tells_more(after, before), f"{place[0]}: {after.report.to_lines()}"


def test_a_coding_that_names_a_selection_as_its_code_is_told(made, tmp_path):
    whole = (made / "small.qde").read_text("utf-8")
    other = re.search(r'<\w+Selection\b[^>]*?\bguid="([^"]+)"', whole)
    assert other
    path = tmp_path / "small.qde"
    path.write_text(re.sub(r'(<CodeRef targetGUID=")[^"]+', rf"\g<1>{other[1]}", whole), "utf-8")
    read = read_project(path)
    assert not list(read.project.walk_codings())
    (item,) = [item for item in read.report.items if item.what == "references to codes"]
    assert (item.outcome, item.reason) == ("lost", "mean something that is no code")
