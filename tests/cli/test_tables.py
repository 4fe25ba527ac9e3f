"""`autocode tables`: codes and themes by attributes."""

from __future__ import annotations

from autocode.core.map_edits import add_theme
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


def test_numeric_attributes_are_sorted_and_binned(cli, cli_json, fails, plain, tmp_path):
    years = dict(zip(("t1_ann", "t2_bob", "t3_cath", "t4_dev"), (10, 2, 9, 22), strict=True))
    rows = [f"{name},{name},{name[3:].title()},{n}" for name, n in years.items()]
    table = tmp_path / "years.csv"
    table.write_text("\n".join(["case,transcript,speaker,years", *rows, ""]))
    cli("import", plain, table)
    cli("themes", "draft", plain, "--draws", 0)
    shown = cli("tables", plain, "--by", "years").stdout
    heads = next(line for line in shown.splitlines() if line.startswith("theme "))
    assert heads.split()[2:] == ["2", "9", "10", "22"]
    themes = cli_json("tables", plain, "--by", "years", "--bins", 2)["themes"]
    assert [column["years"] for column in themes["columns"]] == ["2 to 9", "10 to 22"]
    assert "Only numbers" in fails("tables", plain, "--by", "region", "--bins", 2)


def test_themes_of_the_map_alone_are_named_where_none_are_drafted(cli, plain):
    shown = cli("tables", plain, "--by", "region").stdout
    assert "themes: none yet" in shown
    with Project.open(plain) as project:
        project.edit_map(lambda known: add_theme(known, "Care"), coder="Kim")
    shown = cli("tables", plain, "--by", "region").stdout
    assert "draft themes: none yet (1 theme is on the map" in shown
