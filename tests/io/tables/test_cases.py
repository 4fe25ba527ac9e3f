from __future__ import annotations

import pytest

from autocode.core.coding import Case
from autocode.io.tables.cases import read_cases


def test_read_cases_takes_attributes(write):
    path = write("a.csv", "Case,Transcript,Speaker,Role,Age\nP1,one,ANN,user,\nP2,,,lead,40\n")
    rows = read_cases(path, {"one": ["Ann", "Int"]})
    assert [(r.case, r.transcript, r.speaker) for r in rows] == [
        (Case("P1", {"role": "user"}), "one", "Ann"),
        (Case("P2", {"role": "lead", "age": "40"}), None, None),
    ]


def test_read_cases_names_a_case_after_its_transcript(write):
    rows = read_cases(write("a.csv", "transcript,age\none,40\n"), {"one": []})
    assert (rows[0].case.name, rows[0].transcript) == ("one", "one")


@pytest.mark.parametrize(
    ("content", "place", "fault"),
    [
        ("name,age\nP1,4\n", "line 1", "no column 'case'"),
        ("case,transcript\nP1,one\nP2,three\n", "line 3", "No transcript 'three'"),
        ("case,transcript,speaker\nP1,one,Nobody\n", "line 2", "No speaker 'Nobody'"),
        ("case,age\n,40\n", "line 2", "no case"),
    ],
)
def test_read_cases_refuses_what_does_not_fit(write, refusal, content, place, fault):
    facts = refusal(write("a.csv", content), read_cases, {"one": ["Ann"]})
    assert facts["place"] == place
    assert fault in facts["fault"]
