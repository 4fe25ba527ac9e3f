from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys

import pytest

from autocode.io.files import write_atomically


def test_write_atomically_writes_and_makes_the_folder(tmp_path):
    path = tmp_path / "new" / "a.csv"
    with write_atomically(path) as stream:
        stream.write("é\n")
        assert not path.exists()
    assert path.read_bytes() == "é\n".encode()


def test_write_atomically_keeps_the_old_file_when_writing_fails(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old")
    with pytest.raises(TypeError), write_atomically(path) as stream:
        stream.writelines(["new", None])
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_write_atomically_refuses_a_folder_that_is_a_file(write, refusal):
    path = write("a.txt", "x").parent / "a.txt" / "b.csv"

    def call(path):
        with write_atomically(path):
            pass

    assert "cannot be written" in refusal(path, call)["fault"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_write_atomically_lets_nobody_else_read(tmp_path, mask):
    path = tmp_path / "a.csv"
    path.write_text("old")
    path.chmod(0o644)
    before = os.umask(mask)
    try:
        with write_atomically(path) as stream:
            stream.write("confidential")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_write_atomically_never_touches_the_umask(tmp_path, monkeypatch):
    def refuse(mask):
        raise AssertionError(mask)

    monkeypatch.setattr(os, "umask", refuse)
    with write_atomically(tmp_path / "a.csv") as stream:
        stream.write("x")


KILLED = """
import os, signal, sys
from pathlib import Path
from autocode.io.files import write_atomically
with write_atomically(Path(sys.argv[1])) as stream:
    stream.write("confidential")
    stream.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
def test_write_atomically_removes_what_a_killed_writer_left(tmp_path):
    path = tmp_path / "a[1].csv"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 1
    with write_atomically(path) as stream:
        stream.write("new")
    assert list(tmp_path.iterdir()) == [path]


def test_write_atomically_leaves_alone_what_another_writer_is_writing(tmp_path):
    path = tmp_path / "a.csv"
    with write_atomically(path) as first:
        first.write("first")
        with write_atomically(path) as second:
            second.write("second")
        assert path.read_text() == "second"
    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]
