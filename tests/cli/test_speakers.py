"""`autocode speakers`: roles, names and cases, corrected together or not at all."""

from __future__ import annotations

import pytest

from ..small_study import contents


def test_speakers_lists_voices_with_their_roles(cli, cli_json, plain):
    rows = cli_json("speakers", plain)["speakers"]
    assert len(rows) == 8
    assert rows[0] == {
        "transcript": "t1_ann",
        "speaker": "Interviewer",
        "role": "interviewer",
        "basis": "guessed",
        "confidence": rows[0]["confidence"],
        "case": None,
        "n_segments": 6,
    }
    assert rows[1]["case"] == "A"
    assert "Cath" in cli("speakers", plain).stdout
    assert {
        r["transcript"] for r in cli_json("speakers", plain, "--transcript", "t2_bob")["speakers"]
    } == {"t2_bob"}


def test_speakers_sets_roles(cli_json, plain):
    rows = cli_json("speakers", plain, "--set", "Ann=interviewer", "--set", "Interviewer = note")[
        "speakers"
    ]
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
    )["speakers"]
    (ann,) = [row for row in rows if row["speaker"] == "Ann Lee"]
    assert (ann["case"], ann["role"], ann["basis"]) == ("A1", "note", "set")
    before = ann["n_segments"]
    rows = cli_json(
        "speakers", plain, "--transcript", ann["transcript"], "--merge", "Interviewer=Ann Lee"
    )["speakers"]
    (both,) = [row for row in rows if row["transcript"] == ann["transcript"]]
    assert both["n_segments"] > before


@pytest.mark.parametrize("option", ["--set", "--rename", "--merge", "--case"])
def test_speakers_wants_pairs(cli, plain, option):
    assert option in cli("speakers", plain, option, "Ann", status=2).stderr


def test_speakers_previews_a_file_without_a_study(cli, cli_json, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Ann - How so?\nBen - Fine.\nAnn - Good?\nBen - Yes, all of it.\n")
    preview = cli_json("speakers", "--preview", path)
    assert [(s["speaker"], s["n_turns"]) for s in preview["speakers"]] == [("Ann", 2), ("Ben", 2)]
    assert preview["layouts"][0]["form"] == "Name - words"
    assert "Ann: How so?" in cli("speakers", "--preview", path).stdout


def test_speakers_previews_a_pattern(cli_json, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Ann ~ hi\nEve ~ no\n")
    preview = cli_json("speakers", "--preview", path, "--speaker-pattern", "{speaker} ~ {words}")
    assert [turn["speaker"] for turn in preview["first"]] == ["Ann", "Eve"]


def test_speakers_needs_a_study_or_a_file(cli, plain, tmp_path):
    assert cli("speakers", status=2).exit_code == 2
    path = tmp_path / "a.txt"
    path.write_text("Ann: hi\n")
    assert cli("speakers", plain, "--preview", path, status=2).exit_code == 2


def test_single_turns_go_to_another_speaker(cli, cli_json, plain):
    cli("speakers", plain, "--turn", "t1_ann:3", "--turn", "t1_ann:1", "--to", "Ann")
    rows = cli_json("history", plain)["acts"]
    assert rows[-1]["summary"] == "turn 3, 1 of t1_ann given to Ann"
    assert (
        "Did you mean 'Ann'"
        in cli("speakers", plain, "--turn", "t1_ann:3", "--to", "Anna", status=1).stderr
    )
    cli("speakers", plain, "--turn", "t1_ann:3", status=2)
    cli("speakers", plain, "--turn", "t1_ann", "--to", "Ann", status=2)
    cli("speakers", plain, "--to", "Ann", status=2)
