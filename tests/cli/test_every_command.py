"""What every command shares: wrong usage, studies that cannot be opened, encoders, output."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys

import pytest

from ..small_study import contents

USING_ENCODER = {
    "suggest": lambda study, tmp: ["suggest", study],
    "themes": lambda study, tmp: ["themes", "draft", study],
    "run": lambda study, tmp: ["run", study, tmp / "sources"],
    "demo": lambda study, tmp: ["demo", tmp / "demo"],
}

ON_A_STUDY = {
    "show": (),
    "speakers": (),
    "segment": (),
    "suggest": (),
    "codes list": (),
    "coders list": (),
    "passes list": (),
    "join": ("s.autocode", "--coder", "Kim"),
    "themes draft": (),
    "themes update": (),
    "themes assign": (),
    "themes decide": ("drop", "T01", "--coder", "Kim"),
    "themes show": (),
    "tables": ("--by", "region"),
    "search": ("bus",),
    "saturation": (),
    "next": (),
    "agree": (),
    "agree spans": (),
    "agree machine": ("Kim",),
    "decide": ("d.csv",),
    "export": ("out",),
    "report": ("--output", "out.html"),
}


@pytest.mark.parametrize(
    "args",
    [
        ("bogus",),
        ("--bogus",),
        ("import",),
        ("import", "s.autocode"),
        ("import", "s.autocode", "x.txt", "--unit", "line"),
        ("import", "s.autocode", "x.txt", "--coded-share", "2"),
        ("segment", "s.autocode", "--unit", "page"),
        ("suggest", "s.autocode", "--top", "0"),
        ("suggest", "s.autocode", "--top", "many"),
        ("agree", "s.autocode", "--coders", "A,,B"),
        ("themes", "decide", "s.autocode", "merg", "T01", "--coder", "Kim"),
        ("themes", "bogus", "s.autocode"),
        ("decide", "s.autocode"),
        ("export", "s.autocode"),
        ("show", "s.autocode", "extra"),
    ],
)
def test_wrong_usage_is_status_2_and_changes_nothing(cli, tmp_path, monkeypatch, args):
    monkeypatch.chdir(tmp_path)
    result = cli(*args, status=2)
    assert "Error: " in result.stderr
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "more"), ON_A_STUDY.items())
def test_missing_study_is_one_line(fails, tmp_path, monkeypatch, name, more):
    monkeypatch.chdir(tmp_path)
    assert "no such study" in fails(*name.split(), "nowhere.autocode", *more)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "more"), ON_A_STUDY.items())
@pytest.mark.parametrize("raw", [b"", b"just text\n", b"PK\x03\x04zip"])
def test_file_that_is_no_study_is_one_line(fails, tmp_path, monkeypatch, name, more, raw):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "other.autocode"
    path.write_bytes(raw)
    assert "not an autocode study" in fails(*name.split(), path, *more)
    assert path.read_bytes() == raw
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("name", "more"), ON_A_STUDY.items())
def test_folder_instead_of_a_study_is_one_line(fails, tmp_path, name, more):
    assert "is a folder" in fails(*name.split(), tmp_path, *more)


@pytest.mark.parametrize(("name", "more"), ON_A_STUDY.items())
def test_name_too_long_for_the_system_is_one_line(fails, tmp_path, monkeypatch, name, more):
    monkeypatch.chdir(tmp_path)
    fails(*name.split(), "x" * 300, *more)


def test_study_in_a_missing_folder_is_one_line(fails, tmp_path, sources):
    assert "no such folder" in fails("import", tmp_path / "no" / "s.autocode", sources)
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize(
    ("name", "more"), [("decide", ("d.csv",)), ("suggest", ("--top", 2)), ("themes draft", ())]
)
def test_read_only_study_is_one_line(fails, suggested, monkeypatch, tmp_path, name, more):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d.csv").write_text("suggestion,decision,coder\n1,accept,Kim\n")
    before = suggested.read_bytes()
    monkeypatch.setattr(os, "access", lambda path, mode, **_: not mode & os.W_OK)
    assert "cannot be written" in fails(*name.split(), suggested, *more)
    assert suggested.read_bytes() == before


@pytest.mark.parametrize("name", sorted(USING_ENCODER))
def test_encoder_that_cannot_be_had_is_one_line_and_changes_nothing(
    fails, suggested, sources, tmp_path, monkeypatch, name
):
    from autocode.core.errors import EncoderError

    def refuse(*_, **__):
        raise EncoderError("The model is not on this machine.")

    monkeypatch.setattr("autocode.encode.load.load_encoder", refuse)
    before = contents(suggested)
    assert "not on this machine" in fails(*USING_ENCODER[name](suggested, tmp_path))
    assert contents(suggested) == before
    assert not (tmp_path / "demo").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["suggest", "themes", "run"])
def test_encoder_options_reach_the_loader(cli, loaded, plain, sources, tmp_path, name):
    args = USING_ENCODER[name](plain, tmp_path)
    cli(*args)
    cli(*args, "--encoder", "person/model", "--allow-download")
    assert loaded == [("all-MiniLM-L6-v2", False), ("person/model", True)]


@pytest.mark.parametrize("args", [("export",), ("report", "--output"), ("agree", "--output")])
def test_file_that_cannot_be_written_is_one_line(fails, suggested, tmp_path, args):
    (tmp_path / "file").write_text("in the way")
    assert "file" in fails(args[0], suggested, *args[1:], tmp_path / "file" / "under")
    assert (tmp_path / "file").read_text() == "in the way"


@pytest.mark.slow
def test_reader_that_goes_away_is_no_fault(plain):
    command = "import sys; from autocode.cli.main import run; run(sys.argv[1:])"
    with subprocess.Popen(
        [sys.executable, "-c", command, "show", str(plain), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        process.stdout.close()
        complaint = process.stderr.read()
        assert process.wait() == 0
    assert complaint == ""


def test_every_json_is_json(cli, plain, tmp_path):
    for args in (
        ("show",),
        ("speakers",),
        ("agree",),
        ("suggest",),
        ("themes", "draft"),
        ("segment",),
    ):
        json.loads(cli(*args, plain, "--json").stdout)


def test_commands_leave_a_sound_file_and_nothing_beside_it(cli, sources, tmp_path):
    study = tmp_path / "s.autocode"
    for args in (("suggest",), ("themes", "draft"), ("segment",), ("show",)):
        cli("import", study, sources)
        cli(*args, study)
        assert sorted(p.name for p in tmp_path.iterdir()) == ["s.autocode", "sources"]
    shutil.copyfile(study, tmp_path / "copy")
    with sqlite3.connect(tmp_path / "copy") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
