"""`autocode tables`: codes and themes by attributes."""

from __future__ import annotations

from autocode.project import Project


def test_themes_by_attribute_are_shown_and_not_drafted_anew(cli, cli_json, fails, plain):
    before = cli_json("themes", "draft", plain, "--draws", 0)
    told = cli_json("tables", plain, "--by", "region")
    assert [r["key"] for r in told["themes"]["rows"]] == [t["theme"] for t in before["themes"]]
    assert {"n_segments", "n_participants", "rests_on_one"} == set(
        told["codes"]["rows"][0]["counts"][0]
    )
    assert "1/1*" in cli("tables", plain, "--by", "region").stdout
    assert "Choose one of: region." in fails("tables", plain, "--by", "country")


def test_an_empty_attribute_drafts_nothing(cli_json, fails, suggested):
    with Project.open(suggested) as project:
        before = project.themes()
    fails("tables", suggested, "--by", "")
    with Project.open(suggested) as project:
        assert project.themes() == before
