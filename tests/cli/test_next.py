"""`autocode next`: what to code next, and the status of each code."""

from __future__ import annotations

import re
from dataclasses import replace

from autocode.project import Project


def test_next_names_segments_nobody_has_read_and_how_codes_stand(cli, cli_json, plain, loaded):
    found = cli_json("next", plain, "--n", "3")
    assert len(found["next"]) == 3
    assert {code["code"] for code in found["codes"]} == {"wait", "family", "shame"}
    with Project.open(plain) as project:
        coded = {(c.transcript, c.span.start) for c in project.codings()}
    assert not {(one["transcript"], one["span"]["start"]) for one in found["next"]} & coded
    assert found["auto_accept_from"] == {}
    told = cli("next", plain, "--n", "1").stdout
    assert "too few to say" in told
    rows = [line.split() for line in told.splitlines() if "too few to say" in line]
    assert [row[-1] for row in rows] == ["no"] * 3


def test_places_are_speakers_and_turns(cli, plain, suggested, tmp_path):
    shown = cli("next", plain, "--n", "2").stdout
    assert re.search(r"^0\.\d\d  t\d_\w+, \w+, turn \d+: ", shown)
    assert not re.search(r"\d+\.\.\d+", shown)
    shown = cli("suggest", suggested).stdout
    assert re.search(r"^t\d_\w+, \w+, turn \d+: ", shown, re.MULTILINE)
    with Project.open(plain) as project:
        first = next(c for c in project.codings() if c.coder == "Jonas")
        project.add_codings([replace(first, code="family")])
    cli("agree", plain, "--output", tmp_path / "a.html", "--resamples", 10)
    cli("report", plain, "--output", tmp_path / "r.html")
    for name in ("a.html", "r.html"):
        page = (tmp_path / name).read_text(encoding="utf-8")
        assert "Ann, turn 2" in page
        assert "at character" not in page
