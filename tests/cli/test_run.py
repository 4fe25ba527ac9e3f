"""`autocode run` and `autocode demo`: every step at once."""

from __future__ import annotations

import pytest


def test_run_does_the_whole_job(cli, cli_json, sources, tmp_path):
    told = cli_json("run", tmp_path / "s.autocode", sources)
    assert told["n_participant_segments"] == 24
    assert told["n_suggestions"] == 57
    assert told["agreement"]
    assert told["files"] == {
        "study": str(tmp_path / "s.autocode"),
        "export": str(tmp_path / "s-out" / "export"),
        "report": str(tmp_path / "s-out" / "report.html"),
    }
    assert (tmp_path / "s-out" / "report.html").exists()
    assert (tmp_path / "s-out" / "export" / "suggestions.csv").exists()
    shown = cli("run", tmp_path / "s.autocode", sources, "--output", tmp_path / "o").stdout
    for word in ("read ", "segments ", "suggested ", "agreement ", "export ", "report "):
        assert f"\n{word}" in f"\n{shown}"
    assert (tmp_path / "o" / "report.html").exists()


def test_run_passes_over_what_there_is_nothing_for(cli_json, sources, tmp_path):
    told = cli_json("run", tmp_path / "s.autocode", sources / "t1_ann.txt")
    assert told["n_suggestions"] == 0
    assert told["agreement"] == {}
    assert any("no codebook" in remark for remark in told["remarks"])
    assert (tmp_path / "s-out" / "report.html").exists()


@pytest.mark.slow
def test_run_without_a_codebook_still_drafts_themes(cli_json, sources, tmp_path):
    told = cli_json("run", tmp_path / "s.autocode", *sorted(sources.glob("*.txt")))
    assert told["themes"]


def test_run_on_an_empty_folder_fails_and_leaves_nothing(fails, tmp_path):
    (tmp_path / "empty").mkdir()
    fails("run", tmp_path / "s.autocode", tmp_path / "empty")
    assert [p.name for p in tmp_path.iterdir()] == ["empty"]


@pytest.mark.slow
def test_run_says_which_files_it_could_not_take(cli, sources, tmp_path):
    (sources / "t1_ann.txt").write_bytes(b"\x00\x01" * 500)
    (sources / "codings.csv").unlink()
    (sources / "participants.csv").unlink()
    result = cli("run", tmp_path / "s.autocode", sources, status=1)
    assert "t1_ann.txt" in result.output
    assert (tmp_path / "s-out" / "report.html").exists()


@pytest.mark.slow
def test_run_twice_gives_the_same(cli_json, sources, tmp_path):
    first, second = (cli_json("run", tmp_path / "s.autocode", sources) for _ in range(2))
    assert [t["new"] for t in second["import"]["imported"]] == [False] * 7
    for told in (first, second):
        del told["import"], told["seconds"]
    assert first == second


@pytest.mark.slow
def test_demo_runs_on_the_bundled_study(cli_json, tmp_path):
    told = cli_json("demo", tmp_path / "demo")
    assert len([t for t in told["import"]["imported"] if t["kind"] == "transcript"]) == 9
    assert told["import"]["refused"] == []
    assert told["n_suggestions"] > 0
    assert told["themes"]
    assert set(told["agreement"])
    assert (tmp_path / "demo" / "report.html").exists()


def test_demo_where_a_file_lies_is_one_line(fails, tmp_path):
    (tmp_path / "demo").write_text("in the way")
    assert "demo" in fails("demo", tmp_path / "demo")
    assert (tmp_path / "demo").read_text() == "in the way"
