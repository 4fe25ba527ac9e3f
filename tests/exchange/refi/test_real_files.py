"""Files that the tools themselves wrote: each is read with these counts, and goes there and back.

A file that is put beside them later must be read, or refused in one line, before its counts are
known.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from autocode.core.errors import FileRefused
from autocode.exchange.compare import compare_projects
from autocode.exchange.formats import read_project
from autocode.exchange.losses import LossLedger
from autocode.exchange.refi.case_codes import move_to_cases
from autocode.exchange.refi.profiles import PROFILE_NAMES, get_profile
from autocode.exchange.refi.write import validate_refi, write_refi

from ...shared import SHARED, present

FOLDER = SHARED / "interop" / "refi-qda"
FILES = sorted(
    path for path in FOLDER.glob("*") if path.suffix in (".qdpx", ".qde", ".qdc")
) or [FOLDER / "none"]  # fmt: skip

COUNTS = {
    "atlasti234win_codebook.qdc": {"codes": 1, "collections": 1},
    "atlasti23win_codes.qdpx": {"coders": 2, "codes": 3},
    "atlasti8mac_standard_project.qdpx": {
        "coders": 3, "codes": 14, "sources": 20, "selections": 15, "notes": 2, "links": 1,
        "collections": 16, "graphs": 1, "codings": 16,
    },
    "f4_2025_project.qde": {"codes": 1, "sources": 4, "selections": 4, "notes": 3, "codings": 2},
    "maxqda24_project.qde": {"coders": 1, "codes": 307, "sources": 10, "collections": 2},
    "nvivo15mac_project.qdpx": {"coders": 2, "codes": 262, "sources": 2},
    "qualcoder382_Codebook-garden_study.qdc": {"codes": 8},
    "qualcoder382_garden_study.qdpx": {
        "coders": 2, "codes": 8, "variables": 3, "cases": 1, "sources": 1, "selections": 7,
        "notes": 2, "parts": 1, "codings": 6,
    },
    "taguette141_codebook.qdc": {"codes": 3},
    "taguette152_codebook.qdc": {"codes": 5},
}  # fmt: skip
KINDS = (
    "coders", "codes", "variables", "cases", "sources", "selections", "notes", "links",
    "collections", "graphs", "parts",
)  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_is_read_with_its_counts_or_refused_in_a_line(path: Path):
    present(path)
    refused = None
    try:
        project = read_project(path).project
    except FileRefused as error:
        refused = error
    if refused is not None:
        assert path.name not in COUNTS
        assert "\n" not in str(refused)
        return
    counts = {kind: len(getattr(project, kind)) for kind in KINDS}
    counts["codings"] = sum(1 for _ in project.walk_codings())
    if path.name in COUNTS:
        assert {kind: n for kind, n in counts.items() if n} == COUNTS[path.name]


@pytest.mark.parametrize("profile", PROFILE_NAMES)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_goes_there_and_back_in_every_profile(path: Path, profile, tmp_path: Path):
    project = read_project(present(path)).project
    written = tmp_path / path.name
    report = write_refi(project, written, profile)
    assert validate_refi(written) == []
    if fit := get_profile(profile).fit:
        project = fit(project, LossLedger())  # what is done to it stands in the report
        project = move_to_cases(project, {case.guid for case in project.cases}, LossLedger())
    again = read_project(written).project
    if profile == "qualcoder":  # made to fit its importer, and the report says what was changed
        assert compare_projects(project, again).count == 0 or not report.is_lossless
        return
    assert [item.describe() for item in compare_projects(project, again).differences] == []


def test_the_words_of_a_real_selection_are_its_name():
    project = read_project(present(FOLDER / "qualcoder382_garden_study.qdpx")).project
    (text,) = [source.text for source in project.sources]
    named = [s for s in project.selections if s.name]
    assert len(named) == 6
    assert [(text or "")[s.start : s.end] for s in named] == [s.name for s in named]
