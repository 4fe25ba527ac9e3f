"""`autocode next`: what to code next, and the status of each code."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from autocode.project import Project


def test_next_names_segments_nobody_has_read_and_how_codes_stand(cli, cli_json, plain, loaded):
    found = cli_json("next", plain, "--segments", "--n", "3")
    assert len(found["next"]) == 3
    assert {code["code"] for code in found["codes"]} == {"wait", "family", "shame"}
    with Project.open(plain) as project:
        coded = {(c.transcript, c.span.start) for c in project.codings()}
    assert not {(one["transcript"], one["span"]["start"]) for one in found["next"]} & coded
    assert found["auto_accept_from"] == {}
    told = cli("next", plain, "--segments", "--n", "1").stdout
    assert "too few to say" in told
    rows = [line.split() for line in told.splitlines() if "too few to say" in line]
    assert [row[-1] for row in rows] == ["no"] * 3


def test_passages_are_runs_nobody_has_read_in_every_transcript_and_say_why(cli, cli_json, plain):
    found = cli_json("next", plain, "--n", "4")
    assert found["kind"] == "passage_queue"
    assert {one["transcript"] for one in found["next"]} == {"t1_ann", "t2_bob", "t3_cath", "t4_dev"}
    shares = [one["share_coded"] for one in found["next"]]
    assert shares == sorted(shares)  # what has little coded comes first
    for one in found["next"]:
        spans = [segment["span"] for segment in one["segments"]]
        assert one["span"] == {"start": spans[0]["start"], "end": spans[-1]["end"]}
    told = cli("next", plain, "--n", "1", "--length", "2").stdout
    assert re.match(r"0\.\d\d  t\d_\w+, \w+, turn \d+ to \w+, turn \d+ \(2 segments\)", told)
    assert "0% of the transcript coded" in told
    assert "eval/results/next.md" in told
    assert "too few to say" in told


def test_passages_for_a_coder_heed_what_that_coder_has_done(cli_json, plain):
    def proposed(*options):
        found = cli_json("next", plain, "--n", "40", "--length", "1", *options)
        return {(one["transcript"], one["span"]["start"]) for one in found["next"]}

    with Project.open(plain) as project:
        codings = project.codings()
    amina, jonas = ({(c.transcript, c.span.start) for c in codings if c.coder == who}
                    for who in ("Amina", "Jonas"))  # fmt: skip
    assert not proposed() & (amina | jonas)
    assert proposed("--for", "Jonas") >= amina - jonas
    assert not proposed("--for", "Jonas") & jonas


def test_single_segments_have_no_length(cli, plain):
    assert (
        "--segments goes without"
        in cli("next", plain, "--segments", "--length", "3", status=2).output
    )


@pytest.mark.slow
def test_places_are_speakers_and_turns(cli, plain, suggested, tmp_path):
    shown = cli("next", plain, "--segments", "--n", "2").stdout
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
