from __future__ import annotations

import pytest

from autocode.io.tables.survey import find_text_columns, read_survey
from autocode.io.tables.table import read_table

from ..support import workbook

LONG = "they took the time to listen to me and explained what comes next"
ROWS = [
    ["Respondent ID", "Age", "What helped?"],
    ["R1", 34, LONG],
    ["R2", 51.0, "nothing much"],
    ["R3", None, "the walk, the garden, and that somebody always answered"],
    ["R4", 20, "  "],
]


@pytest.fixture(params=["csv", "xlsx"])
def table(request, write):
    if request.param == "xlsx":
        return read_table(write("a.xlsx", workbook(ROWS)))
    lines = (
        ";".join(map(str, ROWS[0])),
        *(
            ";".join("" if cell is None else str(cell).removesuffix(".0") for cell in row)
            for row in ROWS[1:]
        ),
    )
    return read_table(write("a.csv", "\n".join(lines)))


def test_read_survey_gives_a_row_to_each_respondent(table):
    found, warnings = read_survey(table)
    assert [(r.name, r.attributes) for r in found] == [
        ("R1", {"age": "34"}),
        ("R2", {"age": "51"}),
        ("R3", {}),
        ("R4", {"age": "20"}),
    ]
    assert [[a.words for a in r.answers] for r in found[:2]] == [[LONG], ["nothing much"]]
    assert found[3].answers == ()
    assert warnings == ["1 respondents wrote nothing; kept as cases without a transcript"]


def test_read_survey_tells_when_there_is_no_id(write):
    found, warnings = read_survey(read_table(write("a.csv", f"age,answer\n3,{LONG}\n")))
    assert found[0].name is None
    assert "named by their row" in warnings[0]


def test_find_text_columns_leave_out_answers_to_pick_from(write):
    rows = "".join(f"{n},I strongly agree with that statement,{LONG} {n}\n" for n in range(10))
    table = read_table(write("a.csv", f"id,scale,comment\n{rows}"))
    assert find_text_columns(table) == ["comment"]


def test_read_survey_refuses_a_table_without_free_text(write, refusal):
    path = write("a.csv", "id,age\n1,2\n")
    assert "free text" in refusal(path, lambda p: read_survey(read_table(p)))["fault"]
