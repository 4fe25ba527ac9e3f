"""A code with the guid of a case is no code: what is coded with it are words of the case."""

from __future__ import annotations

from pathlib import Path

from autocode.exchange.losses import LossLedger
from autocode.exchange.project import (
    Selection,
    Source,
    ToolCase,
    ToolCode,
    ToolCoding,
    ToolProject,
    make_guid,
)
from autocode.exchange.refi.case_codes import move_to_cases
from autocode.exchange.refi.read import read_refi
from autocode.exchange.refi.write import write_refi


def g(name: str) -> str:
    return make_guid("case codes", name)


def mark(name: str, start: int, end: int, *codes: str) -> Selection:
    codings = tuple(ToolCoding(guid=g(f"{name} {code}"), code=g(code)) for code in codes)
    return Selection(guid=g(name), source=g("t"), start=start, end=end, codings=codings)


PROJECT = ToolProject(
    name="p",
    codes=(
        ToolCode(guid=g("ana"), name="Ana"),
        ToolCode(guid=g("below"), name="below", parent=g("ana")),
        ToolCode(guid=g("wait"), name="waiting"),
    ),
    sources=(Source(guid=g("t"), name="P01", text="Ana waited. Ben left."),),
    cases=(ToolCase(guid=g("ana"), name="Ana"), ToolCase(guid=g("ben"), name="Ben")),
    selections=(
        mark("whole", 0, 21, "ana"),
        mark("part", 0, 11, "ana", "wait"),
        mark("again", 0, 11, "ana"),
        mark("other", 12, 21, "wait"),
    ),
)


def test_words_of_a_case_are_its_own_and_codings_with_codes_stay():
    moved = move_to_cases(PROJECT, {g("ana")}, LossLedger())
    assert [(code.name, code.parent) for code in moved.codes] == [
        ("below", None),
        ("waiting", None),
    ]
    ana, ben = moved.cases
    assert (ana.sources, ana.selections) == ((g("t"),), (g("part"),))
    assert (ben.sources, ben.selections) == ((), ())
    assert [(s.guid, len(s.codings)) for s in moved.selections] == [(g("part"), 1), (g("other"), 1)]


def test_a_file_that_says_so_is_read_so(tmp_path: Path):
    write_refi(PROJECT, tmp_path / "p.qdpx")
    read = read_refi(tmp_path / "p.qdpx")
    assert read.project.cases == move_to_cases(PROJECT, {g("ana")}, LossLedger()).cases
    assert read.report.count("kept", "codings of who speaks") == 3
