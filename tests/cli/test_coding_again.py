"""Sheets of decisions over several sittings, and a code that comes after the coding was done."""

from __future__ import annotations

import csv

import pytest

from autocode.project import Project

from ..small_study import TALK


def read_sheet(path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def write_sheet(path, rows) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def sheet(cli, plain, tmp_path):
    """The exported sheet of suggestions of a study, with its path."""
    cli("suggest", plain)
    cli("export", plain, tmp_path / "out")
    return tmp_path / "out" / "suggestions.csv"


def test_a_sheet_is_filled_in_over_sittings_while_others_suggest_again(cli, plain, sheet):
    rows = read_sheet(sheet)
    for row in rows[:3]:
        row["decision"] = "ja"
    write_sheet(sheet, rows)
    assert "3 decisions kept" in cli("decide", plain, sheet, "--coder", "C4").stdout
    # A colleague suggests anew: all open suggestions have other numbers now.
    cli("suggest", plain)
    for row in rows[9:12]:
        row["decision"] = "reject"
    rows[12] |= {"decision": "change", "to": "shame"}
    write_sheet(sheet, rows)
    told = cli("decide", plain, sheet, "--coder", "C4").stdout
    assert told == "4 decisions kept: 1 change, 3 reject\n3 known already\n"
    with Project.open(plain) as project:
        made = {(d.transcript, d.span.start, d.suggested): d.action for d in project.decisions()}
    wanted = ["accept"] * 3 + ["reject"] * 3 + ["change"]
    chosen = rows[:3] + rows[9:13]
    assert [made[r["transcript"], int(r["start"]), r["code"]] for r in chosen] == wanted
    assert "C4" in cli("undo", plain, "--coder", "C4").stdout
    with Project.open(plain) as project:
        assert len(project.decisions()) == 3


@pytest.mark.slow
def test_a_code_that_comes_later_is_taken_back_to_old_transcripts(cli, cli_json, plain, tmp_path):
    with Project.open(plain) as project:
        places = [(s.transcript, s.span) for s in project.segments(role="participant")]
    for transcript, span in places:  # everything is coded by hand, before there is the code Bus
        at = ("--transcript", transcript, "--start", span.start, "--end", span.end)
        cli("code", plain, "family", *at, "--coder", "C4")
    assert "--coded-too" in cli("suggest", plain).stdout
    cli("codes", "add", plain, "Bus", "--definition", "Buses and bus fares", "--coder", "C4")
    told = cli_json("suggest", plain, "--code", "bus", "--coded-too")
    assert told["n_suggestions"] == len(places) == 24
    cli("export", plain, tmp_path / "out")
    sheet = tmp_path / "out" / "suggestions.csv"
    rows = read_sheet(sheet)
    speak_of_it = [row for row in rows if " bus" in row["excerpt"].lower()]
    assert len(speak_of_it) == sum(" bus" in words.lower() for t in TALK.values() for words in t)
    for row in rows:
        row["decision"] = "yes" if row in speak_of_it else "no"
    write_sheet(sheet, rows)
    told = cli("decide", plain, sheet, "--coder", "C4").stdout
    assert told == f"24 decisions kept: {len(speak_of_it)} accept, {24 - len(speak_of_it)} reject\n"
    assert "applied or rejected" in cli("suggest", plain, "--code", "bus", "--coded-too").stdout
    codes = cli_json("codes", "list", plain)["codes"]
    assert {c["code"]: c["n_codings"] for c in codes}["bus"] == len(speak_of_it)
