"""`autocode themes`: how to draft, and putting in what was left out."""

from __future__ import annotations

import html
import re

import numpy as np
import pytest

from autocode.encode.hashing import HashEncoder
from autocode.project import Project
from autocode.themes import partition

from ..small_study import TALK


def test_number_of_themes_can_be_asked_for(cli_json, plain):
    assert len(cli_json("themes", "draft", plain, "--themes", 3)["themes"]) == 3


def test_stability_is_told_and_can_be_spared(cli_json, plain):
    told = cli_json("themes", "draft", plain, "--themes", 3)
    assert told["diagnostics"]["stability"]["n_draws"] == 20
    assert all(0 <= t["stability"]["jaccard"] <= 1 for t in told["themes"])
    spared = cli_json("themes", "draft", plain, "--themes", 3, "--draws", 0)
    assert spared["diagnostics"]["stability"] is None
    assert [t["stability"] for t in spared["themes"]] == [None] * 3


def test_methods_are_offered(cli_json, plain):
    assert (
        cli_json("themes", "draft", plain, "--method", "ward")["diagnostics"]["partition"]["method"]
        == "ward"
    )


def test_the_rest_is_assigned_and_taken_out_again(cli_json, plain, monkeypatch):
    # Every third segment is in no dense core, and each of these near two themes.
    monkeypatch.setattr(partition, "cores", lambda points: np.sign(np.arange(len(points)) % 3.0))
    monkeypatch.setattr(partition, "CLOSE_CALL", 2.0)
    before = cli_json("themes", "draft", plain, "--draws", 0)
    open_ = [n for n in before["unassigned"] if n["nearest"]]
    assert open_
    after = cli_json("themes", "assign", plain)
    assert sum(t["n_assigned"] for t in after["themes"]) == len(open_)
    assert len(after["unassigned"]) == len(before["unassigned"]) - len(open_)
    assert cli_json("themes", "assign", plain, "--undo") == before


def test_assigning_the_rest_needs_a_draft(fails, plain):
    fails("themes", "assign", plain)


def test_decisions_merge_split_drop_and_make_codes(cli_json, plain):
    made = cli_json("themes", "draft", plain, "--themes", 4, "--draws", 0)
    sizes = {t["theme"]: t["n_segments"] for t in made["themes"]}
    by = ("--coder", "Kim")
    merged = cli_json("themes", "decide", plain, "merge", "T02", "T03", *by, "--name", "Getting in")
    found = {t["theme"]: t for t in merged["themes"]}
    assert set(found) == {"T01", "T02", "T04"}
    assert found["T02"]["n_segments"] == sizes["T02"] + sizes["T03"]
    assert found["T02"]["name"] == "Getting in"
    split = cli_json("themes", "decide", plain, "split", "T02", *by)
    assert {t["theme"]: t["n_segments"] for t in split["themes"]} == {
        "T01": sizes["T01"],
        "T02.1": sizes["T02"],
        "T02.2": sizes["T03"],
        "T04": sizes["T04"],
    }
    cli_json("themes", "decide", plain, "code", "T04", *by, "--name", "Late buses")
    dropped = cli_json("themes", "decide", plain, "drop", "T01", *by)
    reasons = [n["reason"] for n in dropped["unassigned"]]
    assert reasons.count("dropped") == sizes["T01"]
    with Project.open(plain) as project:
        assert [d.action for d in project.theme_decisions()] == ["merge", "split", "code", "drop"]
        assert project.theme_decisions()[0].themes == ("T02", "T03")
        assert len(project.theme_decisions()[0].names) == 2
        code = project.codebook().by_id["late-buses"]
        assert code.examples
        assert not [c for c in project.codings() if c.code == "late-buses"]


def test_what_a_decision_did_is_said(cli, plain):
    cli("themes", "draft", plain, "--themes", 4, "--draws", 0)
    made = cli("themes", "decide", plain, "code", "T04", "--coder", "Kim", "--name", "Buses").stdout
    assert made.startswith("Kim: T04 is now the code 'Buses'")
    merged = cli("themes", "decide", plain, "merge", "T01", "T02", "--coder", "Kim").stdout
    assert merged.startswith("Kim: merge T01 and T02, kept for good\n3 draft themes")


@pytest.mark.parametrize(
    ("action", "themes", "coder"),
    [
        ("merge", ["T01"], "Kim"),
        ("drop", ["T01", "T02"], "Kim"),
        ("drop", ["T99"], "Kim"),
        ("drop", ["T01"], ""),
    ],
)
def test_decisions_that_do_not_fit_change_nothing(fails, cli_json, plain, action, themes, coder):
    cli_json("themes", "draft", plain, "--themes", 4, "--draws", 0)
    with Project.open(plain) as project:
        before = project.themes()
    fails("themes", "decide", plain, action, *themes, "--coder", coder)
    with Project.open(plain) as project:
        assert project.themes() == before
        assert project.theme_decisions() == []


@pytest.fixture
def wide(monkeypatch, loaded):
    """A tiny encoder in which words that differ hardly ever share a dimension."""
    encoder = HashEncoder(n_dimensions=512)
    monkeypatch.setattr("autocode.encode.load.load_encoder", lambda *_, **__: encoder)


def test_a_theme_can_be_asked_for_and_says_what_guided_it(cli, cli_json, plain, wide):
    asked = ("--draws", 0, "--about", "Garden: onions and beans in the garden; the garden")
    told = cli_json("themes", "draft", plain, *asked)
    theme = told["themes"][0]
    assert (theme["theme"], theme["name"]) == ("T01", "Garden")
    assert all("garden" in m["excerpt"].lower() for m in theme["members"])
    assert theme["guidance"]["phrases"] == ["onions and beans in the garden", "the garden"]
    assert told["diagnostics"]["guiding"][0]["theme"] == "T01"
    with Project.open(plain) as project:
        assert project.themes().themes[0].guidance.clear_from >= 0.3
    shown = cli("themes", "draft", plain, *asked).stdout
    assert (
        "T01 guided by: onions and beans in the garden; the garden (leaving out one phrase" in shown
    )
    steady = theme["guidance"]["stability"]
    assert 0 < steady["lowest"] <= steady["jaccard"] <= 1
    assert f"{steady['jaccard']:.2f} by phrase" in shown


def test_a_theme_asked_for_by_one_phrase_is_not_measured(cli, plain, wide):
    asked = ("--draws", 0, "--about", "Garden: onions and beans in the garden")
    shown = cli("themes", "draft", plain, *asked).stdout
    assert "(guided by one phrase; not measured)" in shown
    (row,) = [line for line in shown.splitlines() if line.startswith("T01  ")]
    assert "not measured" in row


def test_phrases_that_match_nothing_are_named(cli, plain, wide):
    shown = cli("themes", "draft", plain, "--draws", 0, "--about", "nuclear submarines").stdout
    assert "guiding phrases: 'nuclear submarines': not found by likeness" in shown
    # Not a finding of absence: the five nearest are there to be read.
    _, _, below = shown.partition("nearest to 'nuclear submarines' (clear from cosine")
    assert sum(line.startswith("  ") for line in below.splitlines()) == 5


@pytest.mark.slow
def test_the_five_nearest_stand_beside_a_theme_that_was_asked_for(cli, cli_json, plain, wide):
    shown = cli("themes", "draft", plain, "--draws", 0, "--about", "beans in the garden").stdout
    below = shown.partition("nearest to 'beans in the garden'")[2].splitlines()[1:6]
    cosines = [float(line.split()[0]) for line in below]
    assert cosines == sorted(cosines, reverse=True)
    (outcome,) = cli_json("themes", "show", plain)["diagnostics"]["guiding"]
    assert [near["cosine"] for near in outcome["nearest_segments"]] == pytest.approx(
        cosines, abs=0.006
    )


def test_phrases_come_from_a_table(cli_json, fails, plain, wide, tmp_path):
    table = tmp_path / "phrases.csv"
    table.write_text("name,phrase\nGarden,onions and beans in the garden\n")
    told = cli_json("themes", "draft", plain, "--draws", 0, "--about-file", table)
    assert told["themes"][0]["name"] == "Garden"
    assert "none.csv" in fails("themes", "draft", plain, "--about-file", tmp_path / "none.csv")


def test_a_phrase_without_words_is_one_line(fails, plain):
    assert "have no words" in fails("themes", "draft", plain, "--about", "money:")


def test_an_update_tells_what_changed(cli, cli_json, fails, plain, tmp_path):
    assert "No themes have been drafted" in fails("themes", "update", plain)
    cli_json("themes", "draft", plain, "--draws", 0)
    assert "Nothing has come" in fails("themes", "update", plain)
    talk = "".join(f"Interviewer: And {i}?\nEve: {a}\n" for i, a in enumerate(TALK["t3_cath"]))
    (tmp_path / "t5_eve.txt").write_text(talk.replace("morning", "early"))
    cli("import", plain, tmp_path / "t5_eve.txt")
    shown = cli("themes", "update", plain).stdout
    assert shown.startswith("6 segments came\n")
    assert "(1 new participant)" in shown
    assert "of the new segments are unassigned" in shown
    with Project.open(plain) as project:
        changed = [theme for theme in project.themes().themes if theme.n_later]
    assert changed
    assert all(f"{t.n_later} of {t.n_segments} " in shown for t in changed)
    assert "are as first drafted and say nothing of these" in shown


def test_an_update_as_json_holds_the_changes_and_the_draft(cli, cli_json, plain, tmp_path):
    cli_json("themes", "draft", plain, "--draws", 0)
    (tmp_path / "t5_eve.txt").write_text(f"Interviewer: And?\nEve: {TALK['t3_cath'][4]}\n")
    cli("import", plain, tmp_path / "t5_eve.txt")
    told = cli_json("themes", "update", plain)
    assert told["update"]["n_added"] == 1
    assert sum(g["n_segments"] for g in told["update"]["gains"]) == 1
    assert sum(m["later"] for t in told["themes"] for m in t["members"]) == 1
    assert sum(t["n_later"] for t in told["themes"]) == 1


def test_no_theme_says_what_one_takes(cli, tmp_path):
    (tmp_path / "one.txt").write_text("Interviewer: And?\nAnn: I waited nine long months for it.\n")
    study = tmp_path / "one.autocode"
    cli("import", study, tmp_path / "one.txt")
    shown = cli("themes", "draft", study).stdout
    assert shown.startswith("0 draft themes hold 0 segments; 1 is unassigned\na theme takes two")


@pytest.mark.slow
def test_themes_prints_themes_and_what_is_unassigned(cli, cli_json, plain):
    told = cli_json("themes", "draft", plain)
    assert told["themes"]
    n_members = sum(t["n_segments"] for t in told["themes"])
    assert n_members + len(told["unassigned"]) == told["diagnostics"]["n_segments"]
    for theme in told["themes"]:
        assert theme["n_segments"] == len(theme["members"])
        assert theme["n_participants"] == len({m["participant"] for m in theme["members"]})
    shown = cli("themes", "draft", plain).stdout
    assert shown.startswith(f"{len(told['themes'])} draft themes hold {n_members} segments")
    assert all(theme["name"][:40] in shown for theme in told["themes"])


def test_themes_of_an_empty_study_is_one_line(fails, tmp_path):
    Project.open(tmp_path / "s.autocode", create_new=True).close()
    fails("themes", "draft", tmp_path / "s.autocode")


def test_a_draft_stands_beside_themes_of_noise(cli, cli_json, plain, tmp_path):
    shown = cli("themes", "draft", plain, "--draws", 5).stdout
    assert "Themes of noise (Gaussian rows with the covariance" in shown
    assert "than themes of noise" in shown
    stability = cli_json("themes", "show", plain)["diagnostics"]["stability"]
    assert stability["n_null"] == 5
    assert {"mean", "low", "high"} == set(stability["null_ari"]) == set(stability["null_jaccard"])
    cli("report", plain, "--output", tmp_path / "r.html")
    page = html.unescape((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert "than themes of noise" in page
    assert "hemes of noise" not in cli("themes", "draft", plain, "--draws", 0).stdout


def test_apply_lists_the_segments_and_codes_nothing_without_a_yes(cli, cli_json, plain):
    draft = cli_json("themes", "draft", plain, "--draws", 0)
    theme = draft["themes"][0]
    words = ("themes", "apply", plain, theme["theme"], "--code", "wait", "--coder", "Kim")
    refused = cli(*words, status=1)
    assert "add --yes" in refused.stderr
    assert refused.stdout.count("\n") == theme["n_segments"]
    with Project.open(plain) as project:
        assert "Kim" not in {coder.name for coder in project.coders()}
    shown = cli(*words, "--yes").stdout
    with Project.open(plain) as project:
        made = project.codings(coder="Kim")
    assert len(made) == theme["n_segments"]
    assert f"{len(made)} segments coded with 'Waiting'" in shown


def test_a_segment_is_moved_by_its_place_and_a_theme_renamed(cli, cli_json, plain):
    draft = cli_json("themes", "draft", plain, "--draws", 0, "--themes", 3)
    keys = [theme["theme"] for theme in draft["themes"]]
    with Project.open(plain) as project:
        segment = project.themes().themes[0].members[0].segment
    place = (segment.transcript, segment.span.start + 1, "--coder", "Kim")
    cli("themes", "move", plain, *place, "--to", keys[1])
    cli("themes", "decide", plain, "rename", keys[1], "--coder", "Kim", "--name", "Buses")
    with Project.open(plain) as project:
        theme = project.themes().themes[1]
    assert theme.name == "Buses"
    assert segment in [member.segment for member in theme.members]
    cli("themes", "move", plain, *place, "--out")
    with Project.open(plain) as project:
        assert segment in [left.segment for left in project.themes().unassigned]


def test_participants_are_papers_where_all_cases_are(cli, tmp_path):
    study, talk = tmp_path / "papers.autocode", list(TALK.values())
    for number in range(3):
        words = "\n\n".join(turn for turn in talk[number] if len(turn.split()) > 3)
        head = f"Title: Paper {number}\nAuthors: Lam, D.\nYear: 200{number}\nSetting: rural\n---\n"
        (tmp_path / f"p{number}.txt").write_text(head + words + "\n")
    cli("import", study, *(tmp_path / f"p{number}.txt" for number in range(3)))
    drafted = cli("themes", "draft", study, "--themes", 3, "--draws", 0).stdout
    shown = cli("themes", "show", study).stdout
    cli("report", study, "--output", tmp_path / "r.html")
    assert " papers " in drafted
    assert " papers " in shown
    assert "participants" not in drafted + shown
    assert re.search(r"segments?, \d papers? \(", (tmp_path / "r.html").read_text())


def test_a_draft_says_whether_it_learned_from_codings(cli, plain, monkeypatch):
    asked = ("themes", "draft", plain, "--draws", 0, "--themes")
    assert "Codings were not learned from: " in cli(*asked, 3).stdout
    monkeypatch.setattr("autocode.themes.learned_metric.FEWEST_CODES", 1)
    monkeypatch.setattr("autocode.themes.learned_metric.FEWEST_SEGMENTS", 1)
    # Asked for other themes, as the same draft would stand.
    assert "Learned from 4 coded segments with 2 codes given twice" in cli(*asked, 2).stdout
    assert "earned from" not in cli(*asked, 3, "--ignore-codings").stdout
