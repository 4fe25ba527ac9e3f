"""`autocode next`: what to code next, and the status of each code."""

from __future__ import annotations

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
    assert told.count("not enough coded") == 3
