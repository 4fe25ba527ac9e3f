"""`autocode export`: files for other tools."""

from __future__ import annotations

import pytest

from autocode.project import Project

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


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("study.qdpx", "--for TOOL (refi, atlasti,"), ("out.PDF", "such as"), ("a.csv", "--format")],
)
def test_tables_go_into_no_folder_named_like_a_file(fails, plain, tmp_path, name, remedy):
    assert remedy in fails("export", plain, tmp_path / name)
    assert not (tmp_path / name).exists()
    (tmp_path / name).mkdir()
    with Project.open(plain) as project:
        assert project.export(tmp_path / name)


@pytest.mark.parametrize("tool", ["NVivo", "ATLAS.ti", "QualCoder", "maxqda"])
def test_tools_are_known_as_they_write_themselves(cli, plain, tmp_path, tool):
    cli("export", plain, tmp_path / "out.qdpx", "--for", tool)
    assert (tmp_path / "out.qdpx").is_file()


@pytest.mark.parametrize(
    ("name", "tool", "remedy"),
    [
        ("mine.qda", "qualcoder", "mine.qdpx, or name a folder."),
        ("mine.nvpx", "nvivo", "mine.qdpx, or name a folder."),
        ("mine.txt", "taguette", "mine.sqlite3, or name a folder."),
        ("mine.sqlite3", "nvivo", "Choose .qdpx."),
    ],
)
def test_a_project_is_named_as_its_tool_takes_it(fails, plain, tmp_path, name, tool, remedy):
    assert fails("export", plain, tmp_path / name, "--for", tool).endswith(f"{remedy}\n")
    assert not (tmp_path / name).exists()


def test_a_mistyped_tool_is_pointed_out(fails, plain, tmp_path):
    said = fails("export", plain, tmp_path / "out", "--for", "nviv")
    assert said.endswith("NAME. If a tool is meant: --for nvivo\n")
    assert "tool" not in fails("export", plain, tmp_path / "out", "--for", "Jonas")


@pytest.mark.parametrize("name", ["grid.xlsx", "mine.csv", "out"])
def test_a_grid_goes_into_the_file_or_the_folder_named(cli, plain, tmp_path, name):
    cli("export", plain, tmp_path / name, "--grid", "coders")
    made = tmp_path / name
    assert (made / "grid.xlsx").is_file() if name == "out" else made.is_file()
