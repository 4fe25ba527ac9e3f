"""`autocode evaluate`: figures on disk and on screen, and one line for what cannot be measured."""

from __future__ import annotations

import json

import pytest

from ..evaluate.support import write_folder


@pytest.fixture
def folder(tmp_path):
    return write_folder(tmp_path / "towns")


def test_scores_are_shown_and_a_report_is_written(cli, folder, tmp_path):
    page = tmp_path / "e.html"
    shown = cli("evaluate", folder, "--coded", "0,0.5", "--folds", "3", "--output", page).stdout
    assert "hit_at_1" in shown
    assert "Learning curve" in page.read_text(encoding="utf-8")


def test_json_is_a_plain_flag_that_prints_everything(cli, folder, tmp_path):
    page, asked = tmp_path / "e.html", ["--coded", "0,0.5", "--folds", "3", "--json"]
    payload = json.loads(cli("evaluate", folder, *asked, "--output", page).stdout)
    assert payload["kind"] == "evaluation"
    assert payload["corpus"] == "towns"
    assert [point["coded_share"] for point in payload["points"]] == [0.0, 0.5]
    assert payload["points"][0]["hit_at_1"]["value"] is not None
    assert page.exists()


def test_the_random_state_deals_the_folds(cli, folder):
    asked = ["--coded", "0.5", "--folds", "3", "--method", "codebook", "--json"]
    seeds = [
        json.loads(cli("evaluate", folder, *asked, "--random-state", n).stdout)["protocol"]["seed"]
        for n in ("0", "7")
    ]
    assert seeds == [0, 7]


def test_the_spread_of_repeats_is_shown_where_there_are_several(cli, folder, tmp_path):
    page, asked = tmp_path / "e.html", ["--coded", "0,0.2", "--folds", "3"]
    drawn = cli("evaluate", folder, *asked, "--repeats", "3", "--output", page).stdout
    assert "lowest, highest" in drawn
    last = drawn[drawn.index("lowest, highest") :].splitlines()[3]
    assert last.split()[:2] == ["20%", "3"]
    assert "In brackets: the lowest and highest of 3 draws" in page.read_text(encoding="utf-8")
    assert "lowest, highest" not in cli("evaluate", folder, *asked).stdout


def test_a_study_file_works_too(cli, folder, tmp_path):
    cli("import", tmp_path / "s.autocode", folder)
    asked = ["--coded", "0.5", "--folds", "3", "--json"]
    of_study, of_folder = (
        json.loads(cli("evaluate", path, *asked).stdout)["points"][0]
        for path in (tmp_path / "s.autocode", folder)
    )
    assert of_study["hit_at_1"] == of_folder["hit_at_1"]
    assert of_study["human_human"] == of_folder["human_human"]


def test_vectors_are_kept_where_asked(cli, folder, tmp_path):
    cli("evaluate", folder, "--coded", "0", "--method", "codebook", "--cache", tmp_path / "kept")
    assert len(list((tmp_path / "kept").glob("*.npz"))) == 1


def test_a_regime_has_its_own_shares_and_shows_starts_apart(cli, folder):
    asked = ["--folds", "3", "--method", "repeat-last", "--regime"]
    for regime in ("while-coding", "part-coded"):
        payload = json.loads(cli("evaluate", folder, *asked, regime, "--json").stdout)
        assert payload["protocol"]["regime"] == regime
        assert [point["coded_share"] for point in payload["points"]] == [0.2]
    shown = cli("evaluate", folder, *asked, "while-coding").stdout
    assert "regime: while-coding" in shown.splitlines()[0]
    assert "20%    starts" in shown
    assert "people with people" in shown


@pytest.mark.parametrize(
    ("options", "fault"),
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
def test_what_cannot_be_asked_is_said_in_a_line(fails, folder, options, fault):
    assert fault in fails("evaluate", folder, *options)


def test_material_that_cannot_be_evaluated_is_refused_in_a_line(fails, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "without codebook.csv" in fails("evaluate", tmp_path / "empty")
    one = write_folder(tmp_path / "one", towns=("Ayr",))
    assert "coded 1 transcript" in fails("evaluate", one, "--regime", "while-coding")
    assert "coded 1 transcript" in fails("evaluate", one)
    bare = write_folder(tmp_path / "bare")
    (bare / "codings.csv").unlink()
    assert "nobody has applied a code" in fails("evaluate", bare)
    assert "no such" in fails("evaluate", tmp_path / "absent").lower()


def test_a_place_that_cannot_be_written_is_named(cli, folder, tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    page = tmp_path / "file" / "e.html"
    ran = cli("evaluate", folder, "--coded", "0", "--output", page, status=1)
    assert ran.stderr.count("autocode: ") == 1
    assert (tmp_path / "file").read_text(encoding="utf-8") == "in the way"


@pytest.mark.slow
def test_themes_are_compared_with_codes(cli, folder, tmp_path):
    shown = cli("evaluate", folder, "--task", "themes").stdout
    assert "harmonic_purity" in shown
    assert "Codes never seen (6 draws): " in shown
    assert "Two people in the same measure: 1.00, on " in shown
    assert "never seen" not in cli("evaluate", folder, "--task", "themes", "--draws", 0).stdout
    page = tmp_path / "themes.html"
    assert f"report: {page}" in cli("evaluate", folder, "--task", "themes", "--output", page).stdout
    assert "Codes never seen" in page.read_text(encoding="utf-8")
    payload = json.loads(cli("evaluate", folder, "--task", "themes", "--json").stdout)
    assert payload["kind"] == "themes_evaluation"
    assert payload["themes"]["is_deterministic"] is True
    assert 0 <= payload["themes"]["unassigned_share"] <= 1
    assert payload["others"] == {}


def test_themes_of_a_method_of_ones_own_are_compared(cli, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own_grouper.py").write_text(
        "class All:\n    name = 'one group'\n    def groups(self, vectors, excerpts):\n"
        "        return __import__('numpy').zeros(len(vectors), dtype=int)\n",
        encoding="utf-8",
    )
    asked = ["--task", "themes", "--method", "own_grouper:All", "--json"]
    payload = json.loads(cli("evaluate", folder, *asked).stdout)
    assert payload["method"] == "one group"
    assert payload["themes"]["n_themes"] == 1


def test_a_study_is_never_written_over(cli, folder, tmp_path):
    study = tmp_path / "s.autocode"
    cli("import", study, folder)
    before = study.read_bytes()
    cli("evaluate", folder, "--coded", "0", "--output", study, status=1)
    assert study.read_bytes() == before
