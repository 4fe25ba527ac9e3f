"""`autocode map`: built, looked at, exported, and taken back act by act."""

from __future__ import annotations

import csv
from xml.etree import ElementTree

import pytest

from autocode.project import Project


@pytest.fixture
def mapped(cli, plain):
    by = ("--coder", "Amina")
    cli("map", "add", plain, "Relational practice", "--central", "--code", "family", *by)
    cli("map", "add", plain, "Doors", "--definition", "Who gets in", *by)
    cli("map", "add", plain, "Waiting", "--under", "Doors", "--code", "Waiting", *by)
    cli("map", "relate", plain, "Doors", "M1", "--name", "undermines", *by)
    return plain


def test_the_map_shows_what_stands_behind_each_theme(cli, cli_json, mapped):
    rows = {row["name"]: row for row in cli_json("map", "show", mapped)["themes"]}
    assert (rows["Doors"]["n_segments"], rows["Doors"]["n_participants"]) == (2, 2)
    assert rows["Waiting"]["parent"] == rows["Doors"]["theme"]
    assert rows["Waiting"]["code_names"] == ["Waiting"]
    shown = cli("map", "show", mapped).stdout
    assert "Doors undermines Relational practice" in shown
    assert "Relational practice (central)" in shown


def test_every_change_is_an_act_that_undo_takes_back(cli, mapped):
    with Project.open(mapped) as project:
        before = project.content_digest()
    for words in (
        ("place", "Doors", "--code", "shame"),
        ("change", "Doors", "--name", "Shut doors", "--definition", "Nobody gets in"),
        ("take-out", "Waiting", "--code", "wait"),
        ("relate", "Waiting", "M1", "--name", "costs"),
        ("relate", "M2", "M1", "--reverse"),
        ("relate", "M2", "M1", "--end"),
        ("remove", "Waiting"),
    ):
        with Project.open(mapped) as project:
            earlier = project.content_digest()
        cli("map", words[0], mapped, *words[1:], "--coder", "Noor")
        with Project.open(mapped) as project:
            assert project.content_digest() != earlier
            project.undo(coder="Noor")
            assert project.content_digest() == earlier == before


def test_a_relation_is_reversed(cli, mapped):
    by = ("--coder", "Noor")
    shown = cli("map", "relate", mapped, "Doors", "M1", "--reverse", *by).stdout
    assert "Relational practice undermines Doors" in shown
    with Project.open(mapped) as project:
        assert project.history()[-1].summary == (
            "relation of 'Doors' to 'Relational practice' reversed"
        )
    refused = cli("map", "relate", mapped, "Doors", "M1", "--reverse", *by, status=1)
    assert "no relation from 'Doors' to 'Relational practice'" in refused.stderr
    refused = cli("map", "relate", mapped, "M1", "Doors", "--reverse", "--end", *by, status=2)
    assert "one of --name, --reverse and --end" in refused.stderr


def test_a_draft_theme_is_placed_with_the_segments_it_has(cli, cli_json, plain):
    draft = cli_json("themes", "draft", plain, "--draws", 0, "--themes", 3)["themes"][0]
    cli("map", "add", plain, "Travel", "--coder", "Kim")
    cli("map", "place", plain, "Travel", "--draft", draft["theme"], "--coder", "Kim")
    (row,) = cli_json("map", "show", plain)["themes"]
    assert row["n_segments"] == row["n_placed_segments"] == draft["n_segments"]
    cli("themes", "draft", plain, "--draws", 0, "--themes", 2)
    (later,) = cli_json("map", "show", plain)["themes"]
    assert later == row
    cli("map", "take-out", plain, "Travel", "--draft", draft["theme"], "--coder", "Kim")
    assert not cli_json("map", "show", plain)["themes"][0]["n_segments"]


def test_the_map_is_exported_as_picture_table_and_graph(cli, fails, mapped, tmp_path):
    for name in ("map.svg", "map.csv", "map.graphml"):
        assert "3 themes" in cli("map", "export", mapped, tmp_path / name).stdout
    assert "Relational practice" in (tmp_path / "map.svg").read_text(encoding="utf-8")
    with (tmp_path / "map.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[1]["relations"] == "undermines Relational practice"
    assert rows[2]["parent"] == "Doors"
    graph = ElementTree.parse(tmp_path / "map.graphml").getroot()
    space = graph.tag.removesuffix("graphml")
    nodes = {node.get("id") for node in graph.iter(f"{space}node")}
    assert nodes == {"M1", "M2", "M3", "code:family", "code:wait"}
    ends = {(e.get("source"), e.get("target")) for e in graph.iter(f"{space}edge")}
    assert ends == {("M3", "M2"), ("code:family", "M1"), ("code:wait", "M3"), ("M2", "M1")}
    assert ".svg, .csv or .graphml" in fails("map", "export", mapped, tmp_path / "map.pdf")


def test_the_report_shows_the_map(cli, mapped, tmp_path):
    cli("report", mapped, "--output", tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert 'class="thematic-map"' in page
    assert "Who gets in" in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "Doors"), "already"),
        (("add", "Low", "--under", "Dors"), "Did you mean 'Doors'?"),
        (("change", "Doors", "--under", "Waiting"), "each other"),
        (("place", "Doors", "--code", "wiat"), "wait"),
        (("place", "Doors", "--draft", "T01"), "themes draft"),
        (("remove", "Nothing"), "No theme of the map"),
    ],
)
def test_what_cannot_be_is_one_line(fails, mapped, words, said):
    assert said in fails("map", words[0], mapped, *words[1:], "--coder", "Kim")


def test_a_study_without_a_map_says_how_to_begin(cli, fails, plain, tmp_path):
    assert "map add" in cli("map", "show", plain).stdout
    assert "map add" in fails("map", "export", plain, tmp_path / "m.svg")
