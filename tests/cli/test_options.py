"""Options that several commands share: who is compared, what is written where, what is text."""

from __future__ import annotations

import os
import subprocess
import sys

import click
import pytest

from autocode.cli import options

from ..small_study import contents


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("Amina,Jonas", ("Amina", "Jonas")),
        ("Amina, Jonas", ("Amina", "Jonas")),
        ('"Lowe, Hannah",Jonas', ("Lowe, Hannah", "Jonas")),
        ("Amina", ("Amina",)),
    ],
)
def test_names_are_separated_by_commas(given, names):
    assert options.split_names(None, None, given) == names


@pytest.mark.parametrize("given", ["", "Amina,,Jonas", '"Lowe', "a\nb"])
def test_a_list_of_names_with_an_empty_one_is_wrong_usage(given):
    with pytest.raises(click.BadParameter):
        options.split_names(None, None, given)


@pytest.mark.parametrize("command", [("report",), ("agree",), ("agree", "spans"), ("evaluate",)])
def test_output_never_goes_over_a_study(fails, suggested, tmp_path, command):
    before = contents(suggested)
    assert "never written over" in fails(*command, suggested, "--output", suggested)
    renamed = suggested.rename(tmp_path / "plain.html")
    assert "never written over" in fails(*command, renamed, "--output", renamed)
    assert contents(renamed) == before
    new = tmp_path / "new.AUTOCODE"
    assert "never written over" in fails(*command, renamed, "--output", new)
    assert not new.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="arguments are bytes on Linux only")
@pytest.mark.parametrize(
    "args",
    [
        (b"decide", b"STUDY", b"d.csv", b"--coder", b"Ren\xe9"),
        (b"speakers", b"STUDY", b"--rename", b"Ann=Ren\xe9"),
        (b"themes", b"draft", b"STUDY", b"--about", b"caf\xe9"),
        (b"themes", b"decide", b"STUDY", b"drop", b"T\xe9", b"--coder", b"Kim"),
        (b"agree", b"STUDY", b"--coders", b"Ren\xe9,Kim"),
    ],
)
def test_text_that_is_not_utf_8_is_refused_in_one_line(suggested, args):
    before = contents(suggested)
    words = [os.fsencode(suggested) if word == b"STUDY" else word for word in args]
    done = subprocess.run(
        [sys.executable, "-c", "from autocode.cli.main import run; run()", *words],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stdout == b""
    assert done.stderr.startswith(b"autocode: ")
    assert done.stderr.count(b"\n") == 1
    assert b"not text in UTF-8" in done.stderr
    assert contents(suggested) == before
