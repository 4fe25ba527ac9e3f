"""`autocode suggest`: suggestions with their evidence, as JSON and as text."""

from __future__ import annotations

import csv

import pytest

from autocode.core.coding import Coding
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
        "guide",
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


@pytest.mark.slow
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


LONG = (
    "Nobody asks about the waiting list, they ask what is wrong with you, and then they write it "
    "down and the next person reads it to you as if you had said it, and it is never what you said."
)
LONG_OTHERWISE = LONG.replace("waiting list", "waiting family")


@pytest.fixture
def talked(tmp_path):
    """A study of long turns, the first two of them coded."""
    (tmp_path / "t1.txt").write_text(f"Interviewer: And?\nAnn: {LONG}\n")
    (tmp_path / "t2.txt").write_text(f"Interviewer: And?\nBob: {LONG_OTHERWISE}\n")
    (tmp_path / "t3.txt").write_text(f"Interviewer: And?\nCath: {LONG} Then I went home.\n")
    (tmp_path / "codebook.csv").write_text(
        "code,name,definition\nwait,Being heard,Being heard.\nfamily,Family,What relatives do\n"
    )
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        project.import_paths([tmp_path / "codebook.csv", *sorted(tmp_path.glob("t?.txt"))])
        project.segment("turn")
        codes = {"t1": "wait", "t2": "family"}
        project.add_codings(
            [
                Coding(transcript=s.transcript, span=s.span, code=codes[s.transcript], coder="Kim")
                for s in project.segments()
                if s.transcript in codes and s.role != "interviewer"
            ]
        )
    return tmp_path / "s.autocode"


def test_suggest_shows_precedent_and_counter_example_in_full(cli, talked):
    shown = cli("suggest", talked).stdout
    lines = shown.splitlines()
    assert max(len(line) for line in lines if line.startswith(" " * 10)) <= 80
    plain = " ".join(shown.split())
    assert f"coded so by Kim: {LONG}" in plain
    assert f"coded otherwise (Family): {LONG_OTHERWISE}" in plain


def test_suggest_shows_no_definition_that_is_the_name(cli, cli_json, talked):
    shown = cli("suggest", talked).stdout
    assert "definition: Being heard" not in shown
    assert "name: Being heard" not in shown
    evidence = [s["evidence"] for s in cli_json("suggest", talked)["suggestions"]]
    assert any("Being heard" in e["phrase"]["text"] for e in evidence)


def test_suggest_says_none_of_these_where_no_code_is_likely(cli, tmp_path, sources):
    book = tmp_path / "one.csv"
    book.write_text("code,name,definition\nvolcano,Volcanoes,Ash over a harbour\n")
    study = tmp_path / "s.autocode"
    cli("import", study, sources / "t1_ann.txt", book)
    shown = cli("suggest", study).stdout
    assert "0 of them likely, on 0 segments; 'none of these' for 6" in shown
    assert shown.count("none of these; the nearest:") == 6
    assert "  * " not in shown


class EnglishEncoder(HashEncoder):
    """An encoder that bears the name of the default one."""

    @property
    def name(self) -> str:
        return "all-MiniLM-L6-v2"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("said", "encoder", "is_remarked"),
    [
        ("Ich habe lange auf einen Termin gewartet und niemand hat etwas gesagt", True, True),
        ("我们等了好几个月才收到一封信", True, True),
        ("انتظرت وقتا طويلا للحصول على موعد ولم يخبرني أحد بالسبب", True, True),
        ("Ich habe lange auf einen Termin gewartet und niemand hat etwas gesagt", False, False),
        ("I waited a long time for an appointment and nobody had told me why", True, False),
    ],
)
def test_words_that_the_encoder_does_not_know_are_remarked_on_and_never_likely(
    cli, tmp_path, monkeypatch, said, encoder, is_remarked
):
    made = EnglishEncoder() if encoder else HashEncoder()
    monkeypatch.setattr("autocode.encode.load.load_encoder", lambda *_args, **_options: made)
    lines = "\n".join(f"Interviewer: Und?\nAnn: {said} {number}." for number in range(4))
    (tmp_path / "t1.txt").write_text(lines, encoding="utf-8")
    book = tmp_path / "codebook.csv"
    book.write_text(f"code,name,definition\nwait,Termin,{said}\nfamily,Familie,Was andere tun\n")
    study = tmp_path / "s.autocode"
    cli("import", study, tmp_path / "t1.txt", book)
    drafted = cli("themes", "draft", study, "--draws", "0").stdout
    assert drafted.count("The words are not in English") == is_remarked
    shown = cli("suggest", study).stdout
    assert shown.count("The words are not in English") == is_remarked
    assert ("multilingual encoder" in shown) == is_remarked
    assert ("  * " in shown) != is_remarked
    cli("report", study, "--output", tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert ("grouped by spelling" in page) == is_remarked


def test_a_new_code_is_suggested_in_what_was_coded_before(cli, cli_json, fails, plain, tmp_path):
    with Project.open(plain) as project:
        project.add_codings(
            [
                Coding(transcript=s.transcript, span=s.span, code="family", coder="Amina")
                for s in project.segments(role="participant")
            ]
        )
    (tmp_path / "bus.csv").write_text("code,name,definition\nbus,Bus,Travel by bus\n")
    cli("import", plain, tmp_path / "bus.csv")
    assert "--code KEY --coded-too" in cli("suggest", plain).stdout
    told = cli_json("suggest", plain, "--code", "Bus", "--coded-too")
    assert told["n_suggestions"] == 24
    assert {s["code"] for s in told["suggestions"]} == {"bus"}
    assert told["run"]["parameters"]["only_codes"] == ["bus"]
    shown = cli("suggest", plain, "--code", "bus", "--coded-too").stdout
    assert "its words alone count" in shown
    best = shown.split("\n\n")[1]
    assert "bus" in best.splitlines()[0]
    assert "needs the codes" in cli("suggest", plain, "--coded-too", status=2).stderr
    assert "Did you mean 'bus'" in fails("suggest", plain, "--code", "buss")


def test_a_second_coder_gets_what_is_not_read_yet_and_the_methods_say_so(cli, cli_json, plain):
    told = cli_json("suggest", plain, "--for", "Jonas")
    assert told["run"]["parameters"]["learned_from"] == "own"
    assert {
        who for s in told["suggestions"] for p in s["evidence"]["precedents"] for who in p["coders"]
    } == {"Jonas"}
    cli("suggest", plain, "--for", "Jonas", "--code", "shame", "--learn-from", "codebook")
    cli("report", plain)
    page = " ".join(plain.with_suffix(".html").read_text(encoding="utf-8").split())
    assert "Suggestions for Jonas learned from Jonas" in page
    assert "Suggestions of shame for Jonas rest on the codebook" in page
    assert "needs the coder" in cli("suggest", plain, "--learn-from", "own", status=2).stderr


def test_suggestions_for_two_coders_are_kept_side_by_side(cli, cli_json, fails, plain, tmp_path):
    for_jonas = cli_json("suggest", plain, "--for", "Jonas")["suggestions"]
    cli("suggest", plain, "--for", "Amina", "--top", "1")
    cli("export", plain, tmp_path / "out", "--for", "Jonas")
    with (tmp_path / "out" / "suggestions.csv").open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    assert [int(row["suggestion"]) for row in rows] == [s["number"] for s in for_jonas]
    assert {row["coder"] for row in rows} == {"Jonas"}
    cli("report", plain, "--output", tmp_path / "r.html", "--for", "Jonas")
    page = " ".join((tmp_path / "r.html").read_text(encoding="utf-8").split())
    assert "Suggestions for Jonas learned" in page
    assert "Suggestions for Amina" not in page
    shown = cli("show", plain).stdout
    assert "suggest for Jonas: " in shown
    assert "suggest for Amina: " in shown
    assert "only for Amina, Jonas" in fails("export", plain, tmp_path / "kim", "--for", "Kim")
    assert not list((tmp_path / "kim").glob("*"))
