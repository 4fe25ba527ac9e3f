from __future__ import annotations

import pytest

from autocode.core.errors import FileRefused
from autocode.core.transcript import Span
from autocode.io.tables.decisions import read_decisions


def test_read_decisions_takes_words_and_leaves_blanks_undecided(write):
    path = write(
        "a.csv",
        "suggestion,decision,to,coder,memo\n#1,Accept,,Amina,\n2,rejected,,,no\n3,,,,\n"
        "4,changed,trust,,\n",
    )
    rows = read_decisions(path)
    assert [(r.suggestion, r.action, r.code, r.coder, r.memo) for r in rows] == [
        (1, "accept", None, "Amina", ""),
        (2, "reject", None, None, "no"),
        (4, "change", "trust", None, ""),
    ]
    assert [r.line for r in rows] == [2, 3, 5]


@pytest.mark.parametrize(
    ("content", "place", "fault"),
    [
        ("suggestion,code\n1,a\n", "line 1", "no column 'decision'"),
        ("suggestion,decision\n1,accept\nx,accept\n", "line 3", "'x' is no suggestion number"),
        (f"suggestion,decision\n{'9' * 5000},accept\n", "line 2", "is no suggestion number"),
        ("suggestion,decision\n1,maybe\n", "line 2", "unknown decision 'maybe'"),
        ("suggestion,decision,to\n1,change,\n", "line 2", "a change without a code"),
        ("suggestion,decision\n1,\n", None, "no decision"),
    ],
)
def test_read_decisions_refuses_what_is_unclear(write, refusal, content, place, fault):
    facts = refusal(write("a.csv", content), read_decisions)
    assert facts["place"] == place
    assert fault in facts["fault"]


def test_all_faulty_decisions_are_listed_at_once(write):
    rows = "1,ja,\n2,accept,\n3,nein,\n4,change,\n5,,\nx,reject,\n6,ja,\n"
    with pytest.raises(FileRefused) as raised:
        read_decisions(write("a.csv", f"suggestion,decision,to\n{rows}"))
    assert "5 of 6 rows do not fit" in raised.value.fault
    assert "No decision was applied" in raised.value.remedy
    assert raised.value.details == (
        "lines 2, 8: unknown decision 'ja'. Use accept, reject, change, withdraw.",
        "line 4: unknown decision 'nein'. Use accept, reject, change, withdraw.",
        "line 5: a change without a code. Name it in the column 'to'.",
        "line 7: 'x' is no suggestion number. Use the number exported.",
    )


def test_rows_go_by_place_and_code_with_or_without_a_number(write):
    path = write(
        "a.csv",
        "suggestion,transcript,start,end,code,decision\n7,t1,3,9,wait,accept\n"
        ",t1,3,9,wait,withdrawn\n,t1,9,3,wait,accept\n",
    )
    with pytest.raises(FileRefused, match="'9' to '3' is no place"):
        read_decisions(path)
    path = write(
        "b.csv",
        "suggestion,transcript,start,end,code,decision\n7,t1,3,9,wait,accept\n"
        ",t1,3,9,wait,withdrawn\n",
    )
    rows = read_decisions(path)
    assert [(r.suggestion, r.transcript, r.span, r.suggested, r.action) for r in rows] == [
        (7, "t1", Span(3, 9), "wait", "accept"),
        (None, "t1", Span(3, 9), "wait", "withdraw"),
    ]
