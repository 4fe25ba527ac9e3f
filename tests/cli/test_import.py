"""`autocode import`: what is taken, what is refused, and what stays behind."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from autocode.cli.import_ import ask_kind
from autocode.core.errors import one_line
from autocode.io.kinds import Evidence, Recognition
from autocode.project import Project

from ..small_study import contents, write_corpus


def test_import_tells_what_it_took(cli_json, sources, tmp_path):
    told = cli_json("import", tmp_path / "s.autocode", sources)
    assert [(t["kind"], t["new"]) for t in told["imported"]] == [
        ("codebook", True),
        *[("transcript", True)] * 4,
        ("cases", True),
        ("codings", True),
    ]
    assert told["refused"] == told["skipped"] == []


def test_import_twice_says_so_and_changes_nothing(cli, cli_json, plain, sources):
    before = contents(plain)
    told = cli_json("import", plain, sources)
    assert [t["new"] for t in told["imported"]] == [False] * 7
    lines = cli("import", plain, sources).stdout.splitlines()
    assert len(lines) == 7
    assert all(line.startswith("= ") and "already in the study" in line for line in lines)
    assert contents(plain) == before


def test_import_keeps_the_good_files_and_fails(cli, sources, tmp_path):
    (sources / "t1_ann.txt").write_bytes(b"\x00\x01" * 500)
    (sources / "codings.csv").unlink()
    (sources / "participants.csv").unlink()
    result = cli("import", tmp_path / "s.autocode", sources, status=1)
    assert result.stderr.startswith("autocode: ")
    assert result.stderr.count("\n") == 1
    assert "t1_ann.txt" in result.stderr
    assert result.stdout.count("+ ") == 4
    with Project.open(tmp_path / "s.autocode") as project:
        assert project.counts()["transcripts"] == 3


def test_import_json_is_whole_even_if_a_file_is_refused(cli_json, plain, sources):
    path = sources / "t1_ann.txt"
    path.write_text("Interviewer: What?\nAnn: Other words.\n")
    told = cli_json("import", plain, path, status=1)
    assert told["imported"] == []
    assert "other words" in told["refused"][0]["reason"]


def test_import_of_a_reason_over_two_lines_is_one_line(cli, plain, tmp_path):
    table = tmp_path / "more.csv"
    table.write_text('transcript,excerpt,coder,code\nt1_ann,"not\nin it\nat all",Amina,wait\n')
    result = cli("import", plain, table, status=1)
    assert result.stderr.count("\n") == 1, result.stderr


@pytest.mark.parametrize("missing", ["no.txt", "x" * 300 + ".txt"])
@pytest.mark.parametrize("command", ["import", "run"])
def test_path_that_does_not_exist_leaves_no_study_behind(
    fails, sources, tmp_path, command, missing
):
    study = tmp_path / "s.autocode"
    fails(command, study, sources / "t1_ann.txt", tmp_path / missing)
    assert [p.name for p in tmp_path.iterdir()] == ["sources"]


def test_import_of_refused_files_only_leaves_no_study_behind(cli, tmp_path):
    (tmp_path / "bad.txt").write_bytes(b"\x00\x01" * 500)
    cli("import", tmp_path / "s.autocode", tmp_path / "bad.txt", status=1)
    assert [p.name for p in tmp_path.iterdir()] == ["bad.txt"]


def test_import_never_removes_a_study_it_did_not_make(fails, tmp_path):
    study = tmp_path / "s.autocode"
    Project.open(study, create_new=True).close()
    fails("import", study, tmp_path / "no.txt")
    assert study.exists()


def test_import_cuts_into_the_unit_asked_for(cli, cli_json, sources, tmp_path):
    cli("import", tmp_path / "s.autocode", sources, "--unit", "paragraph")
    with Project.open(tmp_path / "s.autocode") as project:
        assert {s.unit for s in project.segments()} == {"paragraph"}


def test_import_takes_a_share_of_the_codings(cli_json, tmp_path):
    folder = write_corpus(tmp_path / "corpus")
    cli_json("import", tmp_path / "s.autocode", folder, "--coded-share", "0")
    with Project.open(tmp_path / "s.autocode") as project:
        assert project.counts()["codings"] == 0
        assert project.counts()["segments"] == 5


def test_import_says_that_a_folder_holds_nothing(cli, tmp_path):
    (tmp_path / "empty").mkdir()
    told = cli("import", tmp_path / "s.autocode", tmp_path / "empty").stdout
    assert "Nothing to import" in told
    assert not (tmp_path / "s.autocode").exists()


@pytest.mark.slow
def test_import_counts_what_a_large_folder_passes_over(cli, cli_json, tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "P01.txt").write_text("I: Who came?\nP: My sister came, on the late bus.\n")
    for number in range(2_000):
        (folder / f"{number:04}.{'jpg' if number % 2 else 'mp3'}").write_bytes(b"\x00")
    printed = cli("import", tmp_path / "s.autocode", folder).stdout.splitlines()
    assert printed[0].startswith("+ P01.txt")
    assert len(printed) < 40
    assert sum("skipped (" in line for line in printed) == 20
    assert "  and 1980 more skipped; --json names them all:" in printed
    assert sum(line.startswith("    990: ") for line in printed) == 2
    assert len(cli_json("import", tmp_path / "t.autocode", folder)["skipped"]) == 2_000


@pytest.mark.parametrize("name", ["P\n01", "P\u202e01", "P\x1b[31m01"])
def test_import_prints_names_of_files_on_one_line(cli, tmp_path, name):
    (tmp_path / f"{name}.txt").write_text("I: Who came?\nP: My sister came on the late bus.\n")
    for options in (["--dry-run"], []):
        result = cli("import", tmp_path / "s.autocode", tmp_path / f"{name}.txt", *options)
        assert f"{one_line(name, 99)}.txt (transcript" in result.stdout
        assert not set(result.stdout) & set("\x1b\u202e")


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("survey\n", "survey"), ("codebook\n", "codebook"), ("nonsense\nsurvey\n", "survey")],
)
def test_a_close_call_is_asked_on_the_terminal(monkeypatch, capsys, typed, kind):
    close = Recognition.rank(
        [Evidence("survey", 5, ("free text",)), Evidence("codebook", 5, ("column 'code'",))]
    )
    assert close.is_close
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    monkeypatch.setattr(
        "click.termui.visible_prompt_func", lambda prompt: sys.stdin.readline()[:-1]
    )
    assert ask_kind(Path("a.csv"), close) == kind
    asked = capsys.readouterr().err
    assert "a.csv may be:" in asked
    assert "column 'code'" in asked


def test_no_answer_on_the_terminal_is_no_kind(monkeypatch):
    close = Recognition.rank([Evidence("survey", 5, ()), Evidence("codebook", 5, ())])

    def hang_up(prompt):
        raise EOFError

    monkeypatch.setattr("click.termui.visible_prompt_func", hang_up)
    assert ask_kind(Path("a.csv"), close) is None
