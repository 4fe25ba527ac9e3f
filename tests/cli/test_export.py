"""`autocode export`: files for other tools."""

from __future__ import annotations

from ..small_study import contents


def test_export_lists_its_files(cli, cli_json, suggested, tmp_path):
    told = cli_json("export", suggested, tmp_path / "out")["files"]
    assert {row["path"] for row in told} == {str(p) for p in (tmp_path / "out").iterdir()}
    shown = cli("export", suggested, tmp_path / "out").stdout
    assert len(shown.splitlines()) == len(told) == 6


def test_export_never_writes_over_the_study(fails, suggested):
    before = contents(suggested)
    fails("export", suggested, suggested)
    assert contents(suggested) == before
