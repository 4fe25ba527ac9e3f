from __future__ import annotations

import pytest

from autocode.core.transcript import Span
from autocode.io.tables.decisions import read_decisions


def test_read_decisions_takes_words_and_leaves_blanks_undecided(write):
    path = write(
        "a.csv",
        "suggestion,decision,to,coder,memo\n#1,Accept,,Amina,\n2,rejected,,,no\n3,,,,\n"
        "4,changed,trust,,\n",
    )
    rows, _ = read_decisions(path)
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
        ("suggestion,decision\n1,\n", None, "no decision"),
    ],
)
def test_read_decisions_refuses_what_is_unclear(write, refusal, content, place, fault):
    facts = refusal(write("a.csv", content), read_decisions)
    assert facts["place"] == place
    assert fault in facts["fault"]


def test_a_number_of_any_length_is_no_suggestion(write):
    sound, (fault,) = read_decisions(write("a.csv", f"suggestion,decision\n{'9' * 5000},accept\n"))
    assert (sound, fault.line) == ([], 2)
    assert "is no suggestion number" in fault.fault


def test_faulty_decisions_come_beside_the_sound_ones(write):
    rows = "1,maybe,\n2,accept,\n3,perhaps,\n4,change,\n5,,\nx,reject,\n6,maybe,\n"
    sound, faults = read_decisions(write("a.csv", f"suggestion,decision,to\n{rows}"))
    assert [row.suggestion for row in sound] == [2]
    assert [(fault.line, fault.fault) for fault in faults] == [
        (2, "unknown decision 'maybe'"),
        (4, "unknown decision 'perhaps'"),
        (5, "a change without a code"),
        (7, "'x' is no suggestion number"),
        (8, "unknown decision 'maybe'"),
    ]


def test_yes_and_no_stand_for_accept_and_reject(write):
    words = ["yes", "Ja", "OUI", "sí", "sim", "TRUE", "no", "Nein", "non", "não", "nee", "False"]
    rows = "".join(f"{at},{word}\n" for at, word in enumerate(words, start=1))
    sound, faults = read_decisions(write("a.csv", f"suggestion,decision\n{rows}"))
    assert [row.action for row in sound] == ["accept"] * 6 + ["reject"] * 6
    assert faults == []


def test_rows_go_by_place_and_code_with_or_without_a_number(write):
    path = write(
        "a.csv",
        "suggestion,transcript,start,end,code,decision\n7,t1,3,9,wait,accept\n"
        ",t1,3,9,wait,withdrawn\n,t1,9,3,wait,accept\n",
    )
    rows, (fault,) = read_decisions(path)
    assert fault.fault == "'9' to '3' is no place"
    assert [(r.suggestion, r.transcript, r.span, r.suggested, r.action) for r in rows] == [
        (7, "t1", Span(3, 9), "wait", "accept"),
        (None, "t1", Span(3, 9), "wait", "withdraw"),
    ]
