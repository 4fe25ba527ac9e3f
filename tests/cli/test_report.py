"""`autocode report`: one page."""

from __future__ import annotations


def test_report_never_writes_over_the_study(fails, suggested):
    before = suggested.read_bytes()
    fails("report", suggested, "--output", suggested)
    assert suggested.read_bytes() == before


def test_a_folder_is_no_study(cli):
    for name in ("", "."):
        assert "is a folder. Name the study file" in cli("report", name, status=1).stderr


def test_report_writes_one_page(cli_json, suggested, tmp_path):
    out = tmp_path / "deep" / "report.html"
    told = cli_json("report", suggested, "--output", out)
    assert (told["path"], told["n_bytes"]) == (str(out), out.stat().st_size)
    page = out.read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html")
    assert [p.name for p in out.parent.iterdir()] == ["report.html"]
