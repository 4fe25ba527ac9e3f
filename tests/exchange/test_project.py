"""The shape in which projects are handed on."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from autocode.core.errors import FileRefused
from autocode.exchange.compare import compare_projects
from autocode.exchange.formats import read_project
from autocode.exchange.project import Part, ToolProject, fold_guid, make_guid


def test_a_guid_made_of_parts_is_the_same_each_time_and_parts_do_not_run_together():
    assert make_guid("code", "a") == make_guid("code", "a")
    assert make_guid("ab", "c") != make_guid("a", "bc")
    assert fold_guid(" {ABCD} ") == "abcd"


def test_carried_bytes_are_read_from_where_they_lie(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("sources/a.mp3", b"sound")
    (tmp_path / "a.mp3").write_bytes(b"file")
    parts = [
        Part(name="a.mp3", size=5, path=tmp_path / "a.zip", member="sources/a.mp3"),
        Part(name="a.mp3", size=4, path=tmp_path / "a.mp3"),
        Part(name="a.mp3", size=5, content=b"bytes"),
    ]
    contents = []
    for part in parts:
        with part.open() as stream:
            contents.append(stream.read())
    assert contents == [b"sound", b"file", b"bytes"]
    with pytest.raises(FileNotFoundError):
        Part(name="gone.mp3", size=1).open()


def test_what_is_no_project_is_refused_in_a_line(tmp_path: Path):
    with pytest.raises(FileRefused, match="does not exist"):
        read_project(tmp_path / "a.qdpx")
    (tmp_path / "a.txt").write_text("words")
    with pytest.raises(FileRefused, match="no project of a tool"):
        read_project(tmp_path / "a.txt")


def test_a_damaged_file_is_compared_as_damaged(tmp_path):
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.png", b"picture " * 100)
    raw = path.read_bytes()
    whole = ToolProject(name="p", parts=(Part(name="a.png", size=800, path=path, member="a.png"),))
    assert compare_projects(whole, whole).differences == ()
    (tmp_path / "q.zip").write_bytes(raw.replace(b"picture ", b"Picture ", 1))
    damaged = replace(whole, parts=(replace(whole.parts[0], path=tmp_path / "q.zip"),))
    (difference,) = compare_projects(whole, damaged).differences
    assert (difference.name, difference.now) == ("a.png", "damaged")
