"""`autocode show`: what a study holds, and the sections of its transcripts."""

from __future__ import annotations

from autocode.project import Project

from ..small_study import TALK


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
        "language": "en",
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


def test_show_prints_no_tables_of_parameters(cli, suggested):
    told = cli("show", suggested).stdout
    assert "top 3" in told
    assert "{" not in told


def test_show_lists_sections(cli, cli_json, plain):
    told = cli_json("show", plain, "--sections")["sections"]
    assert [view["transcript"] for view in told] == ["t1_ann", "t2_bob", "t3_cath", "t4_dev"]
    assert told[0]["turns"] == {"first": 0, "last": 12}
    assert told[0]["opening"].startswith("And what about part 0? I waited nine months")
    assert set(told[0]["speakers"]) == {"Ann", "Interviewer"}
    table = cli("show", plain, "--sections").stdout
    assert "t4_dev" in table
    assert "speakers" in table


def test_show_lists_the_sections_of_one_transcript(cli_json, plain):
    assert [
        view["transcript"] for view in cli_json("show", plain, "--transcript", "t2_bob")["sections"]
    ] == ["t2_bob"]


def test_show_sections_of_an_unknown_transcript_is_one_line(fails, plain):
    assert "t1_ann" in fails("show", plain, "--transcript", "t1_an")


def test_show_sections_of_an_empty_study_says_what_to_do(cli, cli_json, tmp_path):
    Project.open(tmp_path / "s.autocode", create_new=True).close()
    assert "autocode import" in cli("show", tmp_path / "s.autocode", "--sections").stdout
    assert cli_json("show", tmp_path / "s.autocode", "--sections")["sections"] == []
