"""`autocode evaluate`: figures on disk and on screen, and one line for what cannot be measured."""

from __future__ import annotations

import json

import pytest

from ..evaluate.small_exam import write_folder


@pytest.fixture
def folder(tmp_path):
    return write_folder(tmp_path / "towns")


def test_figures_and_report_are_written(cli, folder, tmp_path):
    out, page = tmp_path / "e.json", tmp_path / "e.html"
    shown = cli(
        "evaluate", folder, "--coded", "0,0.5", "--folds", "3", "--json", out, "--html", page
    ).stdout
    assert "hit_at_1" in shown
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["corpus"] == "towns"
    assert [point["coded_share"] for point in told["points"]] == [0.0, 0.5]
    assert "Learning curve" in page.read_text(encoding="utf-8")


def test_figures_can_be_printed(cli, folder):
    shown = cli("evaluate", folder, "--coded", "0", "--folds", "3", "--json", "-").stdout
    assert json.loads(shown)["points"][0]["hit_at_1"]["value"] is not None


def test_the_spread_of_repeats_is_shown_where_there_are_several(cli, folder, tmp_path):
    page, asked = tmp_path / "e.html", ["--coded", "0,0.2", "--folds", "3"]
    drawn = cli("evaluate", folder, *asked, "--repeats", "3", "--html", page).stdout
    assert "lowest, highest" in drawn
    last = drawn[drawn.index("lowest, highest") :].splitlines()[3]
    assert last.split()[:2] == ["20%", "3"]
    assert "In brackets: the lowest and highest of 3 draws" in page.read_text(encoding="utf-8")
    assert "lowest, highest" not in cli("evaluate", folder, *asked).stdout


def test_a_study_file_works_too(cli, folder, tmp_path):
    cli("import", tmp_path / "s.autocode", folder)
    of_study, of_folder = tmp_path / "1.json", tmp_path / "2.json"
    cli("evaluate", tmp_path / "s.autocode", "--coded", "0.5", "--folds", "3", "--json", of_study)
    cli("evaluate", folder, "--coded", "0.5", "--folds", "3", "--json", of_folder)
    one, other = (json.loads(p.read_text(encoding="utf-8")) for p in (of_study, of_folder))
    assert one["points"][0]["hit_at_1"] == other["points"][0]["hit_at_1"]
    assert one["points"][0]["human_human"] == other["points"][0]["human_human"]


def test_vectors_are_kept_where_asked(cli, folder, tmp_path):
    cli("evaluate", folder, "--coded", "0", "--method", "codebook", "--cache", tmp_path / "kept")
    assert len(list((tmp_path / "kept").glob("*.npz"))) == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--coded", "0,2"], "between 0 and 1"),
        (["--coded", "some"], "not a list of shares"),
        (["--coded", ","], "No share"),
        (["--folds", "1"], "two folds"),
        (["--reference", "Amian"], "Did you mean 'Amina'"),
        (["--reference", "consensus"], "no moderated coding"),
        (["--method", "best"], "No method 'best'"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_line(fails, folder, options, told):
    assert told in fails("evaluate", folder, *options)


def test_material_that_cannot_be_examined_is_said_in_a_line(fails, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "without codebook.csv" in fails("evaluate", tmp_path / "empty")
    one = write_folder(tmp_path / "one", towns=("Ayr",))
    assert "coded 1 transcript" in fails("evaluate", one)
    bare = write_folder(tmp_path / "bare")
    (bare / "codings.csv").unlink()
    assert "nobody has applied a code" in fails("evaluate", bare)
    assert "no such" in fails("evaluate", tmp_path / "nowhere").lower()


def test_a_place_that_cannot_be_written_is_named(cli, folder, tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    ran = cli("evaluate", folder, "--coded", "0", "--json", tmp_path / "file" / "e.json", status=1)
    assert ran.stderr.count("autocode: ") == 1
    assert (tmp_path / "file").read_text(encoding="utf-8") == "in the way"


def test_themes_are_compared_with_codes(cli, folder, tmp_path):
    out = tmp_path / "t.json"
    shown = cli("evaluate", folder, "--task", "themes", "--json", out).stdout
    assert "harmonic_purity" in shown
    told = json.loads(out.read_text(encoding="utf-8"))["themes"]
    assert told["deterministic"] is True
    assert 0 <= told["unclustered_share"] <= 1
