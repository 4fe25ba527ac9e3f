from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from autocode.io.file_options import FileOptions
from autocode.io.recognise import find_corpus_file, is_corpus, recognise_kind, recognise_paths
from autocode.project import exporting

NAMES_AND_COMMENTS = "name,comment\nAda,we talked for a long time about the river and the bus\n"
QDC = '<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes><Code name="a"/></Codes></CodeBook>'


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.txt", "Ann: hi", "transcript"),
        ("a.MD", "Ann: hi", "transcript"),
        ("a.docx", "whatever", "transcript"),
        ("a.vtt", "WEBVTT", "transcript"),
        ("a.srt", "1", "transcript"),
        ("a.sbv", "0", "transcript"),
        ("interview", "Ann: hi", "transcript"),
        ("a.qdc", QDC, "codebook"),
        ("a.xml", QDC, "codebook"),
        ("a.xml", "<html/>", None),
        ("a.csv", "code,name\n", "codebook"),
        ("a.tsv", "code\tname\n", "codebook"),
        ("a.csv", "transcript,excerpt,coder,code\n", "codings"),
        ("a.csv", "case,transcript\n", "cases"),
        ("a.csv", "shape\n", None),
        ("a.pdf", "%PDF", "transcript"),
        ("a.odt", "whatever", "transcript"),
        ("a.TextGrid", "whatever", "transcript"),
        ("a.csv", "id,age,what helped?\n7,30,they took the time to listen to me\n", "survey"),
        ("a.csv", "id,age,place\n7,30,north\n8,31,south\n", None),
        ("a.csv", "case,background\nP1,worked as a nurse for twelve long years\n", "cases"),
        ("a.zip", "PK", None),
    ],
)
def test_kind_of_goes_by_name_and_content(write, name, content, kind):
    assert recognise_kind(write(name, content)) == kind


def corpus(write, folder="c"):
    write(f"{folder}/codebook.csv", "code\na\n")
    return write(f"{folder}/segments.csv.gz", b"\x1f\x8b").parent


def test_is_corpus_needs_segments_and_codebook(write):
    folder = corpus(write)
    assert is_corpus(folder)
    assert recognise_kind(folder) == "corpus"
    find_corpus_file(folder, "segments").unlink()
    assert not is_corpus(folder)
    assert recognise_kind(folder) is None


def test_corpus_file_finds_either_form(write):
    folder = corpus(write)
    assert find_corpus_file(folder, "codebook") == folder / "codebook.csv"
    assert find_corpus_file(folder, "segments") == folder / "segments.csv.gz"
    assert find_corpus_file(folder, "docs") is None


def test_recognise_paths_puts_first_what_others_refer_to(write):
    write("s/a_codings.csv", "transcript,coder,code\n")
    write("s/b_cases.csv", "case,transcript\n")
    write("s/deep/c.txt", "Ann: hi")
    write("s/d_codebook.csv", "code\n")
    folder = corpus(write, "s/z").parent
    given = recognise_paths([folder])
    recognised, skipped = given.files, given.skipped
    assert [item.kind for item in recognised] == [
        "corpus",
        "codebook",
        "transcript",
        "cases",
        "codings",
    ]
    assert skipped == []
    assert not any(item.named for item in recognised)


def test_recognise_paths_says_what_it_skipped(write):
    write("s/a.zip", "PK")
    write("s/b.csv", b"\x00\x01\x02")
    write("s/README.md", "about")
    write("s/.hidden.txt", "Ann: hi")
    write("s/report.html", "<p>")
    write("s/ours.html", '<html><meta name="generator" content="autocode">')
    folder = write("s/c.txt", "Ann: hi").parent
    given = recognise_paths([folder])
    recognised, skipped = given.files, given.skipped
    assert [item.path.name for item in recognised] == ["c.txt"]
    reasons = {item.path.name: item.reason for item in skipped}
    assert set(reasons) == {"a.zip", "b.csv", "README.md", "report.html"}
    assert "binary" in reasons["b.csv"]


def test_recognise_paths_takes_json_of_speech_only(write):
    write("s/a.json", '{"segments": [{"start": 0, "end": 1, "text": "Hi"}]}')
    folder = write("s/b.json", '{"settings": {"unit": "turn"}}').parent
    given = recognise_paths([folder])
    recognised, skipped = given.files, given.skipped
    assert [item.path.name for item in recognised] == ["a.json"]
    assert [(file.path.name, file.reason[:11]) for file in skipped] == [("b.json", "a JSON file")]


def test_recognise_paths_passes_over_a_broken_table_of_no_known_kind(write):
    folder = write("s/a.csv", 'shape,size\nround,"1" x\n').parent
    write("s/b.txt", "Ann: hi")
    given = recognise_paths([folder])
    recognised, skipped = given.files, given.skipped
    assert [item.path.name for item in recognised] == ["b.txt"]
    assert [item.path.name for item in skipped] == ["a.csv"]


def test_recognise_paths_names_the_folder_one_stands_in(write, monkeypatch):
    folder = write("corpus/segments.csv", "doc_id,segment_id,text\na,a:1,hi\n").parent
    write("corpus/codebook.csv", "code,name\nx,x\n")
    monkeypatch.chdir(folder)
    (corpus,) = recognise_paths([Path()]).files
    assert (corpus.kind, corpus.path.name) == ("corpus", "corpus")


def test_recognise_paths_takes_a_named_file_once(write):
    path = write("s/README.txt", "Ann: hi")
    recognised = recognise_paths([path, path.parent / "." / "README.txt"]).files
    assert [(item.path, item.named) for item in recognised] == [(path, True)]


def test_recognise_paths_refuses_a_named_file_of_no_known_kind(write):
    (reason,) = recognise_paths([write("a.abc", "PK")]).refused
    assert "'.abc' files are not a kind" in reason.fault


def test_recognise_paths_names_the_columns_of_a_packed_table_of_no_known_kind(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"shape,size\nround,1\n"))
    (reason,) = recognise_paths([path]).refused
    assert "by its columns (shape, size)" in reason.fault


def test_recognise_paths_refuses_a_path_that_does_not_exist(tmp_path, refusal):
    facts = refusal(tmp_path / "a.txt", lambda path: recognise_paths([path]))
    assert "does not exist" in facts["fault"]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("code,name,parent", "codebook"),
        ("tag,description,number of highlights", "codebook"),
        ("Code;Comment;Code Group 1", "codebook"),
        ("transcript,excerpt,coder,code,memo", "codings"),
        ('"transcript","start","end","coder","code"', "codings"),
        ("transcript,code,start,end", "codings"),
        ("case,transcript,speaker,role", "cases"),
        ("participant,age", "cases"),
        ("colour,shape", None),
    ],
)
def test_recognise_kind_goes_by_the_columns(write, header, kind):
    assert recognise_kind(write("a.csv", f"{header}\n")) == kind


@pytest.mark.parametrize(
    "columns",
    [exporting.SUGGESTION_COLUMNS, exporting.DECISION_COLUMNS, exporting.THEME_COLUMNS],
    ids=["suggestions", "decisions", "themes"],
)
def test_recognise_kind_takes_no_other_export_of_ours_for_data(write, columns):
    assert recognise_kind(write("a.csv", f"{','.join(columns)}\n")) is None


@pytest.mark.parametrize(
    "header",
    [
        "id,document,tag,content",
        "transcript,excerpt,code",
        "Number;Reference;Name;Text Content;Document;Codes;Number of Codes;Comment",
    ],
    ids=["taguette highlights", "codings without a coder", "atlas.ti quotations"],
)
def test_recognise_kind_takes_no_coded_words_for_a_codebook(write, header):
    assert recognise_kind(write("a.csv", f"{header}\n")) != "codebook"


def test_close_call_is_refused_with_both_readings(write):
    table = write(
        "a.csv", "name,comment\nAda,we talked for a long time about the river and the bus\n"
    )
    (reason,) = recognise_paths([table]).refused
    assert "survey" in reason.fault
    assert "codebook" in reason.fault
    assert "--as" in reason.remedy


@pytest.mark.parametrize("answer", ["survey", "codebook"])
def test_close_call_is_what_a_person_says(write, answer):
    table = write(
        "a.csv", "name,comment\nAda,we talked for a long time about the river and the bus\n"
    )
    (item,) = recognise_paths([table], ask=lambda path, recognition: answer).files
    assert item.kind == answer
    assert recognise_paths([table], FileOptions(kind=answer)).files[0].kind == answer


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (exporting.SUGGESTION_COLUMNS, "autocode decide STUDY {path} --coder YOU"),
        (
            exporting.DECISION_COLUMNS,
            "is not read back. What people coded comes in with",
        ),
        (
            exporting.THEME_COLUMNS,
            "is not read back. What people coded comes in with",
        ),
        (("shape",), "by its columns (shape). Say what it is with --as"),
        (tuple(f"x{n}" for n in range(13)), "x9 and 3 more). Say what"),
    ],
    ids=["suggestions", "decisions", "themes", "one", "many"],
)
def test_a_table_that_is_not_taken_says_what_it_is(write, columns, words):
    path = write("table.csv", f"{','.join(columns)}\n{','.join('1' for _ in columns)}\n")
    recognised = recognise_paths([path])
    assert words.format(path=path) in str(recognised.refused[0])
