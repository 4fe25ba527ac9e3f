"""`autocode segment`: what it says of how it cut."""

from __future__ import annotations

import pytest

from autocode.project import sentence_ends

BARE = "Int: so how was it\nAnn: " + "we went there and it rained then we left " * 12 + "\n"


@pytest.fixture
def bare(cli, tmp_path, monkeypatch):
    """A study of one transcript without punctuation; the model ends a sentence before "then"."""

    def ends(line, progress):
        return [at for at in range(len(line)) if line.startswith(" then", at)]

    monkeypatch.setattr(sentence_ends, "_loaded", lambda: ends)
    (tmp_path / "bare.txt").write_text(BARE, encoding="utf-8")
    cli("import", tmp_path / "bare.autocode", tmp_path / "bare.txt")
    return tmp_path / "bare.autocode"


def test_segment_says_where_a_model_found_the_sentences(cli, cli_json, bare):
    told = cli_json("segment", bare, "--unit", "sentence")
    assert told["without_punctuation"] == ["bare"]
    assert told["n_segments"] == 14
    assert "about half of them rightly: bare" in cli("segment", bare, "--unit", "sentence").stdout
    assert "speech-head" not in cli("segment", bare, "--unit", "turn").stdout


def test_segment_by_meaning_loads_a_model_only_when_it_is_named(cli, cli_json, plain, loaded):
    assert "by the words they share" in cli("segment", plain, "--unit", "meaning").stdout
    assert loaded == []
    told = cli_json("segment", plain, "--unit", "meaning", "--encoder", "some-model")
    assert loaded == [("some-model", False)]
    assert told["encoder"] == "hash:64"


def test_segment_refuses_a_model_that_would_play_no_part(cli, plain):
    result = cli("segment", plain, "--unit", "sentence", "--encoder", "some-model", status=2)
    assert "has no effect on the unit sentence" in result.stderr


def test_segment_across_speakers_takes_short_answers_to_their_questions(cli, cli_json, tmp_path):
    (tmp_path / "t.txt").write_text("Int: How long?\nAnn: Two years.\n", encoding="utf-8")
    cli("import", tmp_path / "s.autocode", tmp_path / "t.txt")
    told = cli_json("segment", tmp_path / "s.autocode", "--unit", "meaning", "--across-speakers")
    assert (told["n_segments"], told["n_participant_segments"]) == (1, 1)
    assert told["across_speakers"] is True


def test_segment_across_speakers_is_for_meaning_units(fails, plain):
    assert "Only meaning units" in fails("segment", plain, "--unit", "turn", "--across-speakers")


def test_segment_says_that_given_segments_stay(cli, cli_json, tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "codebook.csv").write_text("code,name\nwait,Waiting\n", encoding="utf-8")
    rows = "segment_id,doc_id,order,text\ns1,d1,1,We waited. It rained.\n"
    (corpus / "segments.csv").write_text(rows, encoding="utf-8")
    study = tmp_path / "s.autocode"
    cli("import", study, corpus)
    told = cli("segment", study, "--unit", "sentence").stdout
    assert "1 segment (1 given with a corpus)" in told
    assert "Nothing was cut" in told
    (tmp_path / "t.txt").write_text("Ann: We went. It rained.\n", encoding="utf-8")
    cli("import", study, tmp_path / "t.txt")
    told = cli("segment", study, "--unit", "sentence").stdout
    assert "3 segments (1 given with a corpus, 2 sentence)" in told
    assert "Nothing was cut" not in told
    assert cli_json("segment", study, "--unit", "sentence")["n_given_segments"] == 1


def test_show_says_the_unit_and_counts_no_name_as_a_word(cli, tmp_path):
    (tmp_path / "t.txt").write_text("Ann: Well yes.\nBob: No.\nAnn: Oh.\nBob: Ah.\n")
    study = tmp_path / "s.autocode"
    assert "Roles are guessed" in cli("import", study, tmp_path / "t.txt").output
    shown = cli("show", study).output
    assert "segments: meaning units" in shown
    assert shown.splitlines()[3].split()[:5] == ["t", "txt", "4", "4", "5"]
    cli("segment", study, "--unit", "sentence")
    assert "segments: sentences" in cli("show", study).output


def test_import_guesses_no_roles_where_nobody_is_named(cli, tmp_path):
    (tmp_path / "t.txt").write_text("It rained all day.\n\nWe stayed in.\n")
    told = cli("import", tmp_path / "s.autocode", tmp_path / "t.txt").output
    assert "no speakers named" in told
    assert "Roles are guessed" not in told


def test_import_of_a_binary_table_says_how_to_save_a_table(cli, tmp_path):
    (tmp_path / "t.csv").write_bytes(bytes(range(256)) * 20)
    done = cli("import", tmp_path / "s.autocode", tmp_path / "t.csv", status=1)
    assert "Save the table again as .csv" in done.stderr


def test_segment_cuts_anew(cli, cli_json, plain):
    told = cli_json("segment", plain, "--unit", "paragraph")
    counts = {"unit": "paragraph", "n_segments": 48, "n_participant_segments": 24}
    assert told.items() >= counts.items()
    assert "48 segments (turn), 24 of them" in cli("segment", plain, "--unit", "turn").stdout


def test_turns_are_joined_before_cutting(cli, plain):
    cli("speakers", plain, "--turn", "t1_ann:3", "--to", "Ann")
    assert cli("segment", plain, "--unit", "turn", "--join-turns").stdout.startswith("2 turns")
    assert cli("segment", plain, "--unit", "turn", "--join-turns").stdout.startswith("0 turns")
