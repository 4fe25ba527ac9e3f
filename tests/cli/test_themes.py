"""`autocode themes`: how to draft, and putting in what was left out."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.cluster import grouping
from autocode.project import Project


def test_number_of_themes_can_be_asked_for(cli_json, plain):
    assert len(cli_json("themes", plain, "--themes", 3)["themes"]) == 3


def test_stability_is_told_and_can_be_spared(cli_json, plain):
    told = cli_json("themes", plain, "--themes", 3)
    assert told["parameters"]["stability"]["n_draws"] == 20
    assert all(0 <= t["stability"]["jaccard"] <= 1 for t in told["themes"])
    spared = cli_json("themes", plain, "--themes", 3, "--draws", 0)
    assert "stability" not in spared["parameters"]
    assert [t["stability"] for t in spared["themes"]] == [None] * 3


def test_methods_are_offered(cli_json, plain):
    assert cli_json("themes", plain, "--method", "ward")["parameters"]["method"] == "ward"


def test_the_rest_is_assigned_and_taken_out_again(cli_json, plain, monkeypatch):
    # Every third segment is in no dense core, and each of these near two themes.
    monkeypatch.setattr(grouping, "cores", lambda points: np.sign(np.arange(len(points)) % 3.0))
    monkeypatch.setattr(grouping, "_CLOSE_CALL", 2.0)
    before = cli_json("themes", plain, "--draws", 0)
    open_ = [n for n in before["nowhere"] if n["nearest"]]
    assert open_
    after = cli_json("themes", plain, "--assign-rest")
    assert sum(t["n_assigned"] for t in after["themes"]) == len(open_)
    assert len(after["nowhere"]) == len(before["nowhere"]) - len(open_)
    assert cli_json("themes", plain, "--unassign-rest") == before


def test_assigning_the_rest_needs_a_draft(fails, plain):
    fails("themes", plain, "--assign-rest")


def test_decisions_merge_split_drop_and_make_codes(cli_json, plain):
    made = cli_json("themes", plain, "--themes", 4, "--draws", 0)
    sizes = {t["theme"]: t["n_segments"] for t in made["themes"]}
    by = ("--coder", "Kim")
    merged = cli_json("themes", plain, "--decide", "merge", "T02,T03", *by, "--name", "Getting in")
    found = {t["theme"]: t for t in merged["themes"]}
    assert set(found) == {"T01", "T02", "T04"}
    assert found["T02"]["n_segments"] == sizes["T02"] + sizes["T03"]
    assert found["T02"]["name"] == "Getting in"
    split = cli_json("themes", plain, "--decide", "split", "T02", *by)
    assert {t["theme"]: t["n_segments"] for t in split["themes"]} == {
        "T01": sizes["T01"],
        "T02.1": sizes["T02"],
        "T02.2": sizes["T03"],
        "T04": sizes["T04"],
    }
    cli_json("themes", plain, "--decide", "code", "T04", *by, "--name", "Late buses")
    dropped = cli_json("themes", plain, "--decide", "drop", "T01", *by)
    reasons = [n["reason"] for n in dropped["nowhere"]]
    assert reasons.count("in a theme that Kim dropped") == sizes["T01"]
    with Project.open(plain) as project:
        assert [d.action for d in project.theme_decisions()] == ["merge", "split", "code", "drop"]
        assert project.theme_decisions()[0].themes == ("T02", "T03")
        assert len(project.theme_decisions()[0].names) == 2
        code = project.codebook().by_id["late-buses"]
        assert code.examples
        assert not [c for c in project.codings() if c.code == "late-buses"]


@pytest.mark.parametrize(
    ("action", "themes", "coder"),
    [
        ("merge", "T01", "Kim"),
        ("drop", "T01,T02", "Kim"),
        ("paint", "T01", "Kim"),
        ("drop", "T99", "Kim"),
        ("drop", "T01", ""),
    ],
)
def test_decisions_that_do_not_fit_change_nothing(fails, cli_json, plain, action, themes, coder):
    cli_json("themes", plain, "--themes", 4, "--draws", 0)
    with Project.open(plain) as project:
        before = project.themes()
    fails("themes", plain, "--decide", action, themes, "--coder", coder)
    with Project.open(plain) as project:
        assert project.themes() == before
        assert project.theme_decisions() == []
