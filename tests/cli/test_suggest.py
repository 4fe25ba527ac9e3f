"""`autocode suggest`: suggestions with their evidence, as JSON and as text."""

from __future__ import annotations

from autocode.encode.hashing import HashEncoder
from autocode.project import Project

from ..small_study import TALK, contents


def test_suggest_prints_every_suggestion_with_its_words(cli_json, plain):
    told = cli_json("suggest", plain)
    assert told["n_suggestions"] == len(told["suggestions"]) == 57
    assert told["run"]["parameters"]["top"] == 3
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
