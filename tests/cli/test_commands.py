"""Every command: its help, its JSON, its table, and how it fails."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sqlite3

import pytest
from click.testing import CliRunner

from autocode.cli.main import run
from autocode.encode.hashing import HashEncoder
from autocode.project import Project

from ..small_study import TALK, contents, write_corpus

COMMANDS = run.list_commands()
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
    "themes draft": (),
    "themes update": (),
    "themes assign": (),
    "themes decide": ("drop", "T01", "--coder", "Kim"),
    "themes show": (),
    "tables": ("--by", "region"),
    "saturation": (),
    "next": (),
    "agree": (),
    "agree spans": (),
    "agree machine": ("Kim",),
    "decide": ("d.csv",),
    "export": ("out",),
    "report": ("--output", "out.html"),
}


# Help and usage


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


# Failing


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
    ("name", "more"), [("decide", ("d.csv",)), ("suggest", ()), ("themes draft", ())]
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


@pytest.mark.parametrize("name", ["suggest", "themes", "run"])
def test_encoder_options_reach_the_loader(cli, loaded, plain, sources, tmp_path, name):
    args = USING_ENCODER[name](plain, tmp_path)
    cli(*args)
    cli(*args, "--encoder", "person/model", "--allow-download")
    assert loaded == [("all-MiniLM-L6-v2", False), ("person/model", True)]


# import


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


# show, speakers, segment


def test_show_tells_what_is_in_the_study(cli, cli_json, suggested):
    told = cli_json("show", suggested)
    assert told["counts"]["transcripts"] == 4
    assert [row["transcript"] for row in told["transcripts"]] == list(TALK)
    assert told["transcripts"][0] == {
        "transcript": "t1_ann",
        "format": "txt",
        "n_turns": 12,
        "n_segments": 12,
        "n_words": told["transcripts"][0]["n_words"],
        "n_codings": 5,
        "coders": ["Amina", "Jonas"],
    }
    assert told["runs"]["suggest"]["encoder"] == "hash:64"
    table = cli("show", suggested).stdout
    assert "4 transcripts, 48 segments" in table
    assert all(name in table for name in TALK)


def test_show_of_an_empty_study(cli, cli_json, tmp_path):
    Project.open(tmp_path / "s.autocode", create_new=True).close()
    told = cli_json("show", tmp_path / "s.autocode")
    assert told["transcripts"] == []
    assert told["runs"] == {"segment": None, "suggest": None, "themes": None}
    assert "0 transcripts" in cli("show", tmp_path / "s.autocode").stdout


def test_speakers_lists_voices_with_their_roles(cli, cli_json, plain):
    rows = cli_json("speakers", plain)
    assert len(rows) == 8
    assert rows[0] == {
        "transcript": "t1_ann",
        "speaker": "Interviewer",
        "role": "interviewer",
        "basis": "guessed",
        "confidence": rows[0]["confidence"],
        "case": None,
        "segments": 6,
    }
    assert rows[1]["case"] == "A"
    assert "Cath" in cli("speakers", plain).stdout
    assert {r["transcript"] for r in cli_json("speakers", plain, "--transcript", "t2_bob")} == {
        "t2_bob"
    }


def test_speakers_sets_roles(cli_json, plain):
    rows = cli_json("speakers", plain, "--set", "Ann=interviewer", "--set", "Interviewer = note")
    roles = {(r["transcript"], r["speaker"]): (r["role"], r["basis"]) for r in rows}
    assert roles["t1_ann", "Ann"] == ("interviewer", "set")
    assert roles["t3_cath", "Interviewer"] == ("note", "set")


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [("Ann=boss", 1, "boss"), ("Anne=note", 1, "Ann"), ("Ann", 2, "NAME=ROLE")],
)
def test_speakers_sets_all_roles_or_none(cli, plain, change, status, word):
    before = contents(plain)
    result = cli("speakers", plain, "--set", "Bob=note", "--set", change, status=status)
    assert word in result.stderr
    assert contents(plain) == before


def test_speakers_of_an_unknown_transcript_is_one_line(fails, plain):
    assert "t1_ann" in fails("speakers", plain, "--transcript", "t1_an")


def test_segment_cuts_anew(cli, cli_json, plain):
    told = cli_json("segment", plain, "--unit", "paragraph")
    counts = {"unit": "paragraph", "n_segments": 48, "n_participant_segments": 24}
    assert told.items() >= counts.items()
    assert "48 segments (turn), 24 of them" in cli("segment", plain, "--unit", "turn").stdout


# suggest, decide


def test_suggest_prints_every_suggestion_with_its_words(cli_json, plain):
    told = cli_json("suggest", plain)
    assert told["n_suggestions"] == len(told["suggestions"]) == 57
    assert told["parameters"]["top"] == 3
    first = told["suggestions"][0]
    assert first["excerpt"] in TALK[first["transcript"]]
    assert set(first["evidence"]) == {
        "phrase",
        "precedents",
        "counter_examples",
        "words",
        "neighbours",
    }
    with Project.open(plain) as project:
        assert [s.number for s in project.suggestions()] == [
            s["number"] for s in told["suggestions"]
        ]


def test_suggest_prints_the_same_twice_but_for_the_numbers(cli_json, plain):
    first, second = (cli_json("suggest", plain)["suggestions"] for _ in range(2))
    for row in (*first, *second):
        del row["number"]
    assert first == second


def test_suggest_shows_one_transcript(cli, cli_json, plain):
    told = cli_json("suggest", plain, "--transcript", "t3_cath", "--top", "1")
    assert {s["transcript"] for s in told["suggestions"]} == {"t3_cath"}
    assert len(told["suggestions"]) == 6
    shown = cli("suggest", plain, "--transcript", "t3_cath").stdout
    assert all(answer in shown for answer in TALK["t3_cath"])
    assert "not calibrated" in shown


def test_suggest_for_an_unknown_transcript_changes_nothing(fails, suggested):
    before = contents(suggested)
    assert "Did you mean 't1_ann'" in fails("suggest", suggested, "--transcript", "t1_an")
    assert contents(suggested) == before


def test_suggest_still_shows_a_segment_whose_best_code_was_rejected(cli, plain):
    with Project.open(plain) as project:
        best = next(s for s in project.suggest(HashEncoder()) if s.transcript == "t3_cath")
        project.decide(best, "reject", coder="Kim")
        words = next(s.excerpt for s in project.segments("t3_cath") if s.span == best.span)
    assert best.rank == 1
    assert words in cli("suggest", plain, "--transcript", "t3_cath").stdout


def test_suggest_without_a_codebook_is_one_line(fails, sources, tmp_path, cli):
    cli("import", tmp_path / "s.autocode", sources / "t1_ann.txt")
    assert "no codebook" in fails("suggest", tmp_path / "s.autocode")


def decisions_file(path, rows):
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([("suggestion", "decision", "to", "coder"), *rows])
    return path


def numbers(study):
    with Project.open(study) as project:
        return [s.number for s in project.suggestions() if s.rank == 1]


def test_decide_applies_a_file(cli_json, suggested, tmp_path):
    one, two, three, *_ = numbers(suggested)
    rows = [(one, "accept", "", "Kim"), (two, "reject", "", ""), (three, "change", "shame", "")]
    path = decisions_file(tmp_path / "d.csv", rows)
    told = cli_json("decide", suggested, path, "--coder", "Lee")
    assert [(d["suggestion"], d["action"], d["coder"]) for d in told] == [
        (one, "accept", "Kim"),
        (two, "reject", "Lee"),
        (three, "change", "Lee"),
    ]
    assert told[2]["applied"] == "shame"
    assert cli_json("show", suggested)["counts"]["decisions"] == 3


def test_decide_counts_what_it_kept(cli, suggested, tmp_path):
    one, two, *_ = numbers(suggested)
    path = decisions_file(tmp_path / "d.csv", [(one, "accept", "", ""), (two, "accept", "", "")])
    told = cli("decide", suggested, path, "--coder", "Kim")
    assert told.stdout == "2 decisions kept: 2 accept\n"
    assert told.stderr == ""


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ((999999, "accept", "", "Kim"), "999999"),
        (("9" * 25, "accept", "", "Kim"), "line 3"),
        (("9" * 5000, "accept", "", "Kim"), "line 3"),
        (("one", "accept", "", "Kim"), "line 3"),
        ((1, "accept", "", ""), "coder"),
        ((1, "change", "nocode", "Kim"), "nocode"),
    ],
)
def test_decide_keeps_all_or_nothing(fails, suggested, tmp_path, row, word):
    before = contents(suggested)
    path = decisions_file(tmp_path / "d.csv", [(numbers(suggested)[-1], "accept", "", "Kim"), row])
    told = fails("decide", suggested, path)
    assert word in told
    assert contents(suggested) == before


@pytest.mark.parametrize("raw", [None, b"", b"a,b\n1,2\n", b"\x00\x01" * 99, b'suggestion,"decis'])
def test_decide_with_a_file_that_is_no_table_is_one_line(fails, suggested, tmp_path, raw):
    path = tmp_path / "d.csv"
    if raw is not None:
        path.write_bytes(raw)
    assert str(path) in fails("decide", suggested, path)


# themes, agree


def test_themes_prints_themes_and_what_is_unassigned(cli, cli_json, plain):
    told = cli_json("themes", "draft", plain)
    assert told["themes"]
    n_members = sum(t["n_segments"] for t in told["themes"])
    assert n_members + len(told["unassigned"]) == told["parameters"]["n_segments"]
    for theme in told["themes"]:
        assert theme["n_segments"] == len(theme["members"])
        assert theme["n_participants"] == len({m["participant"] for m in theme["members"]})
    shown = cli("themes", "draft", plain).stdout
    assert shown.startswith(f"{len(told['themes'])} draft themes hold {n_members} segments")
    assert all(theme["name"][:40] in shown for theme in told["themes"])


def test_themes_of_an_empty_study_is_one_line(fails, tmp_path):
    Project.open(tmp_path / "s.autocode", create_new=True).close()
    fails("themes", "draft", tmp_path / "s.autocode")


def test_agree_compares_two_coders(cli, cli_json, plain):
    told = cli_json("agree", plain, "--coders", "Jonas,Amina")
    assert told["coders"] == ["Jonas", "Amina"]
    assert told["n_units"] == 2
    assert told["definitions"]
    for value in told["overall"].values():
        assert (value["value"] is None) == bool(value["reason"])
    shown = cli("agree", plain).stdout
    assert "2 units (meaning)" in shown
    assert "krippendorff_alpha" in shown


@pytest.mark.parametrize("coders", [("Amina", "Nobody"), ("Amina", "Amina")])
def test_agree_with_nobody_is_one_line(fails, plain, coders):
    fails("agree", plain, "--coders", ",".join(coders))


# export, report


def test_export_lists_its_files(cli, cli_json, suggested, tmp_path):
    told = cli_json("export", suggested, tmp_path / "out")
    assert {row["path"] for row in told} == {str(p) for p in (tmp_path / "out").iterdir()}
    shown = cli("export", suggested, tmp_path / "out").stdout
    assert len(shown.splitlines()) == len(told) == 6


@pytest.mark.parametrize("args", [("export",), ("report", "--output"), ("agree", "--output")])
def test_file_that_cannot_be_written_is_one_line(fails, suggested, tmp_path, args):
    (tmp_path / "file").write_text("in the way")
    assert "file" in fails(args[0], suggested, *args[1:], tmp_path / "file" / "under")
    assert (tmp_path / "file").read_text() == "in the way"


def test_export_never_writes_over_the_study(fails, suggested):
    before = contents(suggested)
    fails("export", suggested, suggested)
    assert contents(suggested) == before


def test_report_never_writes_over_the_study(fails, suggested):
    before = suggested.read_bytes()
    fails("report", suggested, "--output", suggested)
    assert suggested.read_bytes() == before


def test_report_writes_one_page(cli_json, suggested, tmp_path):
    out = tmp_path / "deep" / "report.html"
    told = cli_json("report", suggested, "--output", out)
    assert told == {"path": str(out), "bytes": out.stat().st_size}
    page = out.read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html")
    assert [p.name for p in out.parent.iterdir()] == ["report.html"]


# run, demo


def test_run_does_the_whole_job(cli, cli_json, sources, tmp_path):
    told = cli_json("run", tmp_path / "s.autocode", sources)
    assert told["n_participant_segments"] == 24
    assert told["n_suggestions"] == 57
    assert told["agreement"]
    assert told["places"] == {
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


def test_run_without_a_codebook_still_drafts_themes(cli_json, sources, tmp_path):
    told = cli_json("run", tmp_path / "s.autocode", *sorted(sources.glob("*.txt")))
    assert told["themes"]


def test_run_on_an_empty_folder_fails_and_leaves_nothing(fails, tmp_path):
    (tmp_path / "empty").mkdir()
    fails("run", tmp_path / "s.autocode", tmp_path / "empty")
    assert [p.name for p in tmp_path.iterdir()] == ["empty"]


def test_run_says_which_files_it_could_not_take(cli, sources, tmp_path):
    (sources / "t1_ann.txt").write_bytes(b"\x00\x01" * 500)
    (sources / "codings.csv").unlink()
    (sources / "participants.csv").unlink()
    result = cli("run", tmp_path / "s.autocode", sources, status=1)
    assert "t1_ann.txt" in result.output
    assert (tmp_path / "s-out" / "report.html").exists()


def test_run_twice_gives_the_same(cli_json, sources, tmp_path):
    first, second = (cli_json("run", tmp_path / "s.autocode", sources) for _ in range(2))
    assert [t["new"] for t in second["imported"]["imported"]] == [False] * 7
    for told in (first, second):
        del told["imported"], told["seconds"]
    assert first == second


def test_demo_runs_on_the_bundled_study(cli_json, tmp_path):
    told = cli_json("demo", tmp_path / "demo")
    assert len([t for t in told["imported"]["imported"] if t["kind"] == "transcript"]) == 9
    assert told["imported"]["refused"] == []
    assert told["n_suggestions"] > 0
    assert told["themes"]
    assert set(told["agreement"])
    assert (tmp_path / "demo" / "report.html").exists()


def test_demo_where_a_file_lies_is_one_line(fails, tmp_path):
    (tmp_path / "demo").write_text("in the way")
    assert "demo" in fails("demo", tmp_path / "demo")
    assert (tmp_path / "demo").read_text() == "in the way"


# What all share


def test_reader_that_goes_away_is_no_fault(plain, monkeypatch):
    def gone(*_, **__):
        raise BrokenPipeError

    monkeypatch.setattr("autocode.cli.terminal.print_json", gone)
    result = CliRunner().invoke(run, ["show", str(plain), "--json"])
    assert result.exit_code == 0
    assert not isinstance(result.exception, BrokenPipeError)


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


def test_speakers_merges_renames_and_gives_cases(cli_json, plain):
    rows = cli_json(
        "speakers",
        plain,
        "--rename",
        "Ann=Ann Lee",
        "--case",
        "Ann Lee=A1",
        "--set",
        "Ann Lee=note",
    )
    (ann,) = [row for row in rows if row["speaker"] == "Ann Lee"]
    assert (ann["case"], ann["role"], ann["basis"]) == ("A1", "note", "set")
    before = ann["segments"]
    rows = cli_json(
        "speakers", plain, "--transcript", ann["transcript"], "--merge", "Interviewer=Ann Lee"
    )
    (both,) = [row for row in rows if row["transcript"] == ann["transcript"]]
    assert both["segments"] > before


@pytest.mark.parametrize("option", ["--set", "--rename", "--merge", "--case"])
def test_speakers_wants_pairs(cli, plain, option):
    assert option in cli("speakers", plain, option, "Ann", status=2).stderr


def test_next_names_segments_nobody_has_read_and_how_codes_stand(cli, cli_json, plain, loaded):
    found = cli_json("next", plain, "--n", "3")
    assert len(found["next"]) == 3
    assert {code["code"] for code in found["codes"]} == {"wait", "family", "shame"}
    with Project.open(plain) as project:
        coded = {(c.transcript, c.span.start) for c in project.codings()}
    assert not {(one["transcript"], one["span"]["start"]) for one in found["next"]} & coded
    assert found["auto_accept_from"] == {}
    told = cli("next", plain, "--n", "1").stdout
    assert "too few to say" in told
    assert told.count("not enough coded") == 3


def test_decide_sure_accepts_nothing_where_too_little_is_coded(cli, suggested):
    with Project.open(suggested) as project:
        before = project.codings()
    told = cli("decide", suggested, "--auto-accept", "--coder", "Amina", status=1).stderr
    assert "sure enough" in told
    with Project.open(suggested) as project:
        assert project.codings() == before


@pytest.mark.parametrize("more", [["--auto-accept"], []])
def test_decide_wants_a_file_or_sure_with_a_name(cli, suggested, more):
    cli("decide", suggested, *more, status=2)


def test_import_says_that_a_folder_holds_nothing(cli, tmp_path):
    (tmp_path / "empty").mkdir()
    told = cli("import", tmp_path / "s.autocode", tmp_path / "empty").stdout
    assert "Nothing to import" in told
    assert not (tmp_path / "s.autocode").exists()


def test_show_prints_no_tables_of_parameters(cli, suggested):
    told = cli("show", suggested).stdout
    assert "top 3" in told
    assert "{" not in told
