"""Importing: each file whole or not at all, and the same file never twice."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest

from autocode.core.errors import FileRefused, InputError, StudyError
from autocode.encode.hashing import HashEncoder
from autocode.project import Project, stored_words
from autocode.project.importing import ImportOptions
from autocode.store.file import StudyFile
from autocode.store.transcripts import transcripts

from ..small_study import CODEBOOK, CODED, TALK, contents, write_corpus, write_sources


def reasons(report):
    return [refused.reason for refused in report.refused]


def test_import_takes_each_kind_and_says_what(empty, sources):
    report = empty.import_paths([sources])
    assert [(t.path.name, t.kind) for t in report.imported] == [
        ("codebook.csv", "codebook"),
        *((f"{name}.txt", "transcript") for name in TALK),
        ("participants.csv", "cases"),
        ("codings.csv", "codings"),
    ]
    assert all(taken.new for taken in report.imported)
    assert report.refused == report.skipped == ()
    assert empty.counts() == {
        "transcripts": 4,
        "segments": 48,
        "codes": 4,
        "coders": 2,
        "codings": 7,
        "cases": 2,
        "decisions": 0,
    }


def test_codings_land_on_the_words_they_quote(project):
    texts = {t.name: t.text for t in project.transcripts()}
    found = {
        (c.transcript, c.span.of(texts[c.transcript]), c.coder, c.code) for c in project.codings()
    }
    assert found == {(name, TALK[name][at], coder, code) for name, at, coder, code in CODED}


def test_importing_everything_twice_changes_nothing_and_says_so(project, sources):
    before = contents(project.path)
    report = project.import_paths([sources])
    assert len(report.imported) == 7
    assert [taken.path.name for taken in report.imported if taken.new] == []
    assert all("already in the study" in taken.account for taken in report.imported)
    assert contents(project.path) == before


def test_same_bytes_under_another_name_are_known(project, sources):
    before = contents(project.path)
    shutil.copyfile(sources / "t1_ann.txt", sources / "copy.txt")
    (taken,) = project.import_paths([sources / "copy.txt"]).imported
    assert not taken.new
    assert "'t1_ann'" in taken.account
    assert contents(project.path) == before


def test_same_file_twice_in_one_import_is_taken_once(empty, sources):
    shutil.copyfile(sources / "t1_ann.txt", sources / "zz.txt")
    report = empty.import_paths(
        [sources / "zz.txt", sources / "t1_ann.txt", sources / "t1_ann.txt"]
    )
    assert [(t.path.name, t.new) for t in report.imported] == [
        ("t1_ann.txt", True),
        ("zz.txt", False),
    ]
    assert empty.counts()["transcripts"] == 1


def test_same_name_with_other_words_is_refused(project, sources):
    before = contents(project.path)
    changed = sources / "t1_ann.txt"
    changed.write_text(changed.read_text() + "Ann: And one more thing.\n")
    report = project.import_paths([changed])
    assert report.imported == ()
    (reason,) = reasons(report)
    assert str(changed) in reason
    assert "with other words" in reason
    assert f"autocode replace STUDY t1_ann {changed} --coder YOU" in reason
    assert "\n" not in reason
    assert contents(project.path) == before


def test_one_bad_file_stops_no_other(empty, sources):
    (sources / "t2_bob.txt").write_bytes(b"\x00\x01\x02" * 100)
    (sources / "t3_cath.txt").write_text("  \n")
    (sources / "codings.csv").unlink()
    (sources / "participants.csv").unlink()
    report = empty.import_paths([sources])
    refused = {r.path.name for r in report.refused} | {p.path.name for p in report.skipped}
    assert refused == {"t2_bob.txt", "t3_cath.txt"}
    assert empty.counts()["transcripts"] == 2
    assert [t.path.name for t in report.imported] == ["codebook.csv", "t1_ann.txt", "t4_dev.txt"]


def test_named_path_that_does_not_exist_is_refused_before_anything_is_taken(empty, sources):
    before = contents(empty.path)
    with pytest.raises(FileRefused, match=r"nowhere\.txt"):
        empty.import_paths([sources / "t1_ann.txt", sources / "nowhere.txt"])
    assert contents(empty.path) == before


def test_named_file_of_no_known_kind_stops_no_other(empty, sources):
    (sources / "picture.png").write_bytes(b"\x89PNG")
    report = empty.import_paths([sources / "t1_ann.txt", sources / "picture.png"])
    assert [file.path.name for file in report.imported] == ["t1_ann.txt"]
    assert "is a picture" in reasons(report)[0]


def test_dry_run_says_what_would_be_taken_and_writes_nothing(empty, sources):
    before = contents(empty.path)
    report = empty.import_paths([sources], ImportOptions(dry_run=True))
    assert contents(empty.path) == before
    assert not report.imported
    planned = {file.path.name: file for file in report.planned}
    assert planned["codebook.csv"].kind == "codebook"
    assert "'code'" in planned["codebook.csv"].reasons[0]
    assert planned["t1_ann.txt"].lines[1].startswith("Ann: I waited nine months")


# Nothing half-imported


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ('t1_ann,"My sister drove me there",Amina,nocode', "nocode"),
        ('nobody,"My sister drove me there",Amina,wait', "nobody"),
        ('t1_ann,"these words are not in it",Amina,wait', "does not occur"),
        ('t1_ann,"And what about part",Amina,wait', "occurs 6 times"),
        ('t1_ann,"My sister drove me there",,wait', "no coder"),
        ("t1_ann,,Amina,wait", "without a span"),
    ],
)
def test_bad_row_of_codings_keeps_the_good_ones_out(project, tmp_path, row, word):
    before = contents(project.path)
    table = tmp_path / "more.csv"
    good = 't1_ann,"The bus stopped running on Sundays",Amina,wait'
    table.write_text(f"transcript,excerpt,coder,code\n{good}\n{row}\n{good}\n")
    (reason,) = reasons(project.import_paths([table]))
    assert word in reason
    assert "line 3" in reason
    assert "\n" not in reason
    assert contents(project.path) == before


@pytest.mark.parametrize(
    ("start", "end"),
    [("5", "100000"), ("9", "5"), ("4", "4"), ("-1", "5"), ("1.5", "9"), ("a", "b")],
)
def test_bad_offsets_of_codings_keep_the_good_ones_out(project, tmp_path, start, end):
    before = contents(project.path)
    table = tmp_path / "more.csv"
    table.write_text(
        f"transcript,start,end,coder,code\nt1_ann,0,5,A,wait\nt1_ann,{start},{end},A,wait\n"
    )
    (reason,) = reasons(project.import_paths([table]))
    assert "line 3" in reason
    assert contents(project.path) == before


def test_bad_row_of_cases_keeps_the_good_ones_out(project, tmp_path):
    before = contents(project.path)
    table = tmp_path / "more.csv"
    table.write_text("case,transcript,speaker,age\nC,t3_cath,Cath,30\nD,t4_dev,Nobody,40\n")
    (reason,) = reasons(project.import_paths([table]))
    assert "Nobody" in reason
    assert contents(project.path) == before


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ("new,New,\nnew,Again,\n", "already on line 2"),
        ("new,New,\nlost,Lost,nobody\n", "nobody"),
        ("new,New,\na,A,b\nb,B,a\n", "each other's parents"),
    ],
)
def test_bad_codebook_changes_no_code(project, tmp_path, rows, word):
    before = contents(project.path)
    table = tmp_path / "more.csv"
    table.write_text(f"code,name,parent\n{rows}")
    (reason,) = reasons(project.import_paths([table]))
    assert word in reason
    assert "\n" not in reason
    assert contents(project.path) == before


def break_corpus(folder, name, old, new):
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("name", "old", "new", "word"),
    [
        ("codings.csv", "s5,Kim,x", "s5,Kim,z", "'z' is not in the codebook"),
        ("codings.csv", "s5,Kim,x", "s9,Kim,x", "'s9' is not in the segments"),
        ("codings.csv", "s5,Kim,x", "s5,,x", "no coder"),
        ("codings.csv", "segment_id,", "seg,", "no column 'segment_id'"),
        ("segments.csv", "d2,s5", "d2,s4", "'s4' is already on line"),
        ("segments.csv", "d2,s5", "d2,", "no doc_id or segment_id"),
        ("segments.csv", ",text", ",words", "no column 'text'"),
        ("segments.csv", "d2,s4", "t1_ann,s4", "'t1_ann' is in the study already"),
        ("codebook.csv", "y,Why", "x,Why", "already on line"),
        ("segments.csv", "We had soup.", "", "s4"),
    ],
)
def test_bad_corpus_leaves_nothing_behind(project, tmp_path, name, old, new, word):
    before = contents(project.path)
    folder = write_corpus(tmp_path / "corpus")
    break_corpus(folder, name, old, new)
    report = project.import_paths([folder])
    assert report.imported == ()
    (reason,) = reasons(report)
    assert word in reason
    assert "\n" not in reason
    assert contents(project.path) == before


def test_corpus_with_segment_names_in_use_is_refused_alone(empty, tmp_path, sources):
    assert not empty.import_paths([write_corpus(tmp_path / "first")]).refused
    second = write_corpus(tmp_path / "second")
    for old, new in (("d1,", "e1,"), ("d2,", "e2,")):
        break_corpus(second, "segments.csv", old, new)
    report = empty.import_paths([second, sources / "t1_ann.txt"])
    (reason,) = reasons(report)
    assert "s1" in reason
    assert [t.path.name for t in report.imported] == ["t1_ann.txt"]
    assert empty.counts()["transcripts"] == 3


def test_corpus_is_taken_with_segments_codings_and_readings(empty, tmp_path):
    folder = write_corpus(tmp_path / "corpus")
    (taken,) = empty.import_paths([folder]).imported
    assert (taken.kind, taken.new) == ("corpus", True)
    assert [(s.name, s.speaker, s.given) for s in empty.segments()] == [
        ("s1", "Interviewer", True),
        ("s2", "Pat", True),
        ("s3", "Pat", True),
        ("s4", "Sam", True),
        ("s5", "Sam", True),
    ]
    segments = {(s.transcript, s.span): s.name for s in empty.segments()}
    assert {(segments[c.transcript, c.span], c.coder, c.code) for c in empty.codings()} == {
        ("s2", "Kim", "x"),
        ("s2", "Lee", "x"),
        ("s4", "Kim", "y"),
        ("s5", "Kim", "x"),
    }
    assert {(segments[r.transcript, r.span], r.coder) for r in empty.readings()} == {
        ("s2", "Kim"),
        ("s3", "Kim"),
        ("s2", "Lee"),
        ("s4", "Kim"),
        ("s5", "Kim"),
    }


def test_corpus_twice_changes_nothing_and_says_so(empty, tmp_path):
    folder = write_corpus(tmp_path / "corpus")
    empty.import_paths([folder])
    before = contents(empty.path)
    (taken,) = empty.import_paths([folder]).imported
    assert (taken.new, taken.account) == (False, "already in the study")
    assert contents(empty.path) == before


@pytest.mark.parametrize(("share", "n_transcripts"), [(0.0, 0), (0.5, 1), (1.0, 2)])
def test_coded_share_takes_the_codings_of_some_transcripts_only(tmp_path, share, n_transcripts):
    found = []
    for attempt in range(2):
        with Project.open(tmp_path / f"{attempt}.autocode", create_new=True) as project:
            folder = write_corpus(tmp_path / "corpus")
            project.import_paths([folder], ImportOptions(coded_share=share))
            assert project.counts()["transcripts"] == 2
            found.append({c.transcript for c in project.codings()})
            assert {r.transcript for r in project.readings()} == found[-1]
    assert len(found[0]) == n_transcripts
    assert found[0] == found[1]


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_coded_share_outside_0_to_1_is_refused(share):
    with pytest.raises(InputError, match="coded share"):
        ImportOptions(coded_share=share)


@pytest.mark.slow
def test_full_disk_while_importing_keeps_whole_files_only(tmp_path, sources, monkeypatch):
    path = tmp_path / "s.autocode"
    Project.open(path, create_new=True).close()
    big = sources / "t2_bob.txt"
    big.write_text("Interviewer: And?\nBob: " + "So it went on. " * 60_000 + "\n")
    connect = StudyFile._connect

    def small_disk(self):
        connection = connect(self)
        connection.execute("PRAGMA max_page_count = 100")
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(StudyFile, "_connect", small_disk)
        with Project.open(path) as project:
            report = project.import_paths([sources / "codebook.csv", sources / "t1_ann.txt", big])
    assert [file.path.name for file in report.imported] == ["codebook.csv", "t1_ann.txt"]
    assert "t2_bob.txt: not imported" in report.stopped
    assert "the disk is full" in report.stopped
    assert "\n" not in report.stopped
    with Project.open(path) as project:
        assert [t.name for t in project.transcripts()] == ["t1_ann"]
        assert project.counts()["segments"] == 12


def test_read_only_study_takes_nothing(project, sources, monkeypatch):
    project.close()
    before = project.path.read_bytes()
    monkeypatch.setattr("os.access", lambda path, mode, **_: mode != 2)
    (sources / "new.txt").write_text("Interviewer: And?\nEve: No.\nInterviewer: Oh?\nEve: No.\n")
    with Project.open(project.path) as again, pytest.raises(StudyError, match="cannot be written"):
        again.import_paths([sources / "new.txt"])
    assert project.path.read_bytes() == before


# Order


PARTS = ("suggestions", "early", "draft", "stored early draft", "stored draft", "segments")


def result(project):
    """Everything drafted, without numbers and times."""
    encoder = HashEncoder()
    early = project.draft_themes(encoder)
    assert early.themes
    stored = project.themes()
    suggestions = [
        (s.transcript, s.span, s.code, s.rank, s.score, s.probability, s.likely, s.evidence)
        for s in project.suggest(encoder)
    ]
    draft = project.draft_themes(encoder)
    return suggestions, early, draft, stored, project.themes(), project.segments()


@pytest.mark.slow
@pytest.mark.parametrize("calibrated", [False, True])
def test_order_of_import_changes_no_suggestion_and_no_theme(tmp_path, calibrated):
    sources = write_sources(tmp_path / "sources")
    if calibrated:
        rows = [
            f'{name},"{answer}",{coder},{code}'
            for name in ("t1_ann", "t2_bob", "t3_cath")
            for at, (answer, code) in enumerate(
                zip(TALK[name], ("wait", "family", "shame", "access", "wait"), strict=False)
            )
            for coder in ("Amina", "Jonas")
            if at
        ]
        table = "\n".join(["transcript,excerpt,coder,code", *rows, ""])
        (sources / "codings.csv").write_text(table)
    files = [sources / f"{name}.txt" for name in TALK]
    found = []
    for seed in range(3):
        order = random.Random(seed).sample(files, len(files)) if seed else files
        assert (order != files) == bool(seed)
        with Project.open(tmp_path / f"{seed}.autocode", create_new=True) as project:
            for path in [*order[:2], sources / "codebook.csv", *order[2:]]:
                assert not project.import_paths([path]).refused
            others = [sources / "codings.csv", sources / "participants.csv"]
            for path in others if seed else others[::-1]:
                assert not project.import_paths([path]).refused
            found.append(result(project))
            # The second theme draft of a study starts from stored vectors.
            assert project.draft_themes(HashEncoder()) == found[-1][2]
    assert found[0][0]
    for other in found[1:]:
        for at, (part, same_part) in enumerate(zip(other, found[0], strict=True)):
            assert part == same_part, PARTS[at]


def test_transcript_is_cut_in_the_unit_the_study_has(project, sources):
    project.segment("paragraph")
    (sources / "new.txt").write_text(
        "Interviewer: And?\nEve: One line.\nAnother line.\nInterviewer: Oh.\nEve: Third line.\n"
    )
    project.import_paths([sources / "new.txt"])
    assert {s.unit for s in project.segments()} == {"paragraph"}
    assert len(project.segments("new")) == 5


def test_codebook_imported_again_updates_its_codes(project, sources):
    path = sources / "codebook.csv"
    path.write_text(CODEBOOK.replace("Feeling ashamed of asking for help", "Shame of any kind"))
    (shown,) = project.import_paths([path]).imported
    assert not shown.new
    assert "1 that differs: not taken; add --update-codes" in shown.account
    assert project.codebook().by_id["shame"].definition == "Feeling ashamed of asking for help"
    (taken,) = project.import_paths([path], ImportOptions(update_codes=True)).imported
    assert taken.new
    assert taken.account.endswith("; 1 changed")
    assert taken.warnings == (
        "'Shame': definition 'Feeling ashamed of asking for help' is now 'Shame of any kind'",
    )
    assert project.codebook().by_id["shame"].definition == "Shame of any kind"
    assert len(project.codings()) == 7


def test_study_file_is_sound_after_all_this(project, sources):
    project.import_paths([sources])
    project.suggest(HashEncoder())
    project.draft_themes(HashEncoder())
    with sqlite3.connect(project.path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_file_whose_name_is_not_utf8_is_imported_under_an_escaped_name(empty, tmp_path):
    folder = tmp_path / "latin1"
    folder.mkdir()
    for name in (b"caf\xe9.txt", b"caf\xe8.txt", b"zz.txt"):
        with open(os.path.join(os.fsencode(folder), name), "wb") as stream:
            stream.write(b"Ann: so\nBen: yes " + name[3:4].hex().encode() + b"\n")
    survey = "id,answer\n" + "".join(
        f"r{n},I wrote about nine words to say {n}\n" for n in range(5)
    )
    with open(os.path.join(os.fsencode(folder), b"survey\xe9.csv"), "w") as stream:
        stream.write(survey)
    report = empty.import_paths([folder])
    assert report.refused == ()
    names = {transcript.name for transcript in empty.transcripts()}
    assert {r"caf\xe8", r"caf\xe9", "zz", r"survey\xe9 r0"} <= names
    assert all(item.new is False for item in empty.import_paths([folder]).imported)
    paths = [item["path"] for item in report.to_dict()["imported"]]
    assert any(path.endswith(r"caf\xe9.txt") for path in paths)


def test_half_characters_in_json_stop_no_other_file(empty, tmp_path):
    (tmp_path / "a.txt").write_text("Ann: so\nBen: yes\n")
    (tmp_path / "b.json").write_text(r'{"segments": [{"text": "so \ud800", "speaker": "\udc80"}]}')
    (tmp_path / "z.txt").write_text("Ann: no\nBen: yes\n")
    report = empty.import_paths([tmp_path / name for name in ("a.txt", "b.json", "z.txt")])
    assert report.refused == ()
    assert empty.counts()["transcripts"] == 3


def test_codings_imported_again_with_more_of_them_count_what_is_new(project, sources):
    path = sources / "codings.csv"
    words = TALK["t3_cath"][0]
    path.write_text(
        path.read_text() + f'\nt3_cath,"{words}",Amina,wait\nt3_cath,"{words}",Amina,shame'
    )
    (taken,) = project.import_paths([path]).imported
    assert taken.account == "2 new codings (7 already in the study) by Amina, Jonas"
    (known,) = project.import_paths([path]).imported
    assert known.account == "9 codings by Amina, Jonas; already in the study"


def test_readings_and_repeated_rows_of_a_table_of_codings_are_counted_apart(project, sources):
    path = sources / "codings.csv"
    one, other = TALK["t3_cath"][:2]
    rows = [
        f't3_cath,"{one}",Amina,wait',
        f't3_cath,"{one}",Amina,wait',
        f't3_cath,"{other}",Amina,',
    ]
    path.write_text("\n".join(["transcript,excerpt,coder,code", *rows]))
    (taken,) = project.import_paths([path]).imported
    assert taken.account == "1 new coding and 1 new reading by Amina; 1 row repeats another"
    (known,) = project.import_paths([path]).imported
    assert known.account.startswith("1 coding and 1 reading by Amina; 1 row repeats another;")


def test_cases_imported_again_with_more_of_them_count_what_is_new(project, sources):
    path = sources / "participants.csv"
    path.write_text(path.read_text() + "C,t3_cath,Cath,north\n")
    (taken,) = project.import_paths([path]).imported
    assert taken.account == "3 cases with region; 1 of them new"


def talk(*answers):
    lines = (f"I: Tell me about day {n}.\nP: {answer}" for n, answer in enumerate(answers))
    return "\n".join(lines) + "\n"


WAVE1 = talk("We queued for the boat at dawn.", "My aunt kept bees behind the mill.")
WAVE2 = talk("The clinic moved to the old bank.", "Nobody told us until the doors shut.")


@pytest.fixture
def waves(tmp_path):
    for name, words in (("wave1", WAVE1), ("wave2", WAVE2)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "P01.txt").write_text(words)
    return tmp_path


def names(project):
    return sorted(transcript.name for transcript in project.transcripts())


def test_two_files_of_one_name_named_in_one_command_are_both_taken(empty, waves):
    report = empty.import_paths([waves / "wave1" / "P01.txt", waves / "wave2" / "P01.txt"])
    assert not report.refused
    assert names(empty) == ["P01", "P01 (wave2)"]
    assert "named 'P01 (wave2)'" in "\n".join(report.imported[1].warnings)


def test_a_later_file_of_one_name_and_hardly_a_common_word_is_taken_and_said(empty, waves):
    empty.import_paths([waves / "wave1"])
    report = empty.import_paths([waves / "wave2"])
    assert names(empty) == ["P01", "P01 (wave2)"]
    assert "named 'P01 (wave2)'" in "\n".join(report.imported[0].warnings)
    again = empty.import_paths([waves / "wave2"])
    assert [file.new for file in again.imported] == [False]


def test_a_later_file_of_one_name_with_many_common_words_is_refused(empty, waves):
    empty.import_paths([waves / "wave1"])
    edited = WAVE1.replace("at dawn", "at noon").replace("bees", "hens")
    (waves / "wave2" / "P01.txt").write_text(edited)
    (reason,) = reasons(empty.import_paths([waves / "wave2"]))
    assert "with other words" in reason
    assert names(empty) == ["P01"]


LONG = talk("We queued for the boat at dawn.", *(f"The mill has {n} wheels." for n in range(40)))


def test_a_corrected_version_of_another_name_is_pointed_to_the_one_it_corrects(empty, waves):
    old, new = waves / "P01.txt", waves / "P01 final.txt"
    old.write_text(LONG)
    new.write_text(LONG.replace("at dawn", "at noon"))
    empty.import_paths([old])
    (taken,) = empty.import_paths([new]).imported
    assert taken.warnings[-1] == (
        "most of its words stand in 'P01' as well, and both count; if it is a corrected version: "
        "autocode remove STUDY --transcript 'P01 final' --coder YOU, then autocode replace STUDY "
        f"P01 '{new}' --coder YOU"
    )
    assert names(empty) == ["P01", "P01 final"]


def test_two_versions_that_come_together_are_said_to_count_twice(empty, waves):
    (waves / "wave1" / "A.txt").write_text(LONG)
    (waves / "wave1" / "B.txt").write_text(LONG.replace("at dawn", "at noon"))
    said = {f.path.name: "\n".join(f.warnings) for f in empty.import_paths([waves]).imported}
    keep = "both count; to keep one: autocode remove STUDY --transcript B (or A) --coder YOU"
    assert keep in said.pop("B.txt")
    assert not any("as well" in words for words in said.values())


def test_nothing_is_said_of_versions_where_a_person_says_that_both_are_meant(empty, waves):
    (waves / "A.txt").write_text(LONG)
    (waves / "B.txt").write_text(LONG.replace("at dawn", "at noon"))
    empty.import_paths([waves / "A.txt"])
    options = ImportOptions(kind="transcript")
    (taken,) = empty.import_paths([waves / "B.txt"], options).imported
    assert not any("as well" in words for words in taken.warnings)


def test_a_document_without_speakers_among_transcripts_is_said_to_be_perhaps_none(empty, waves):
    (waves / "notes.txt").write_text("Ring P02 about the heating.\n\nCall the office: room 4.\n")
    report = empty.import_paths([waves])
    said = {file.path.name: "\n".join(file.warnings) for file in report.imported}
    assert 'autocode remove STUDY --transcript "notes"' in said["notes.txt"]
    assert "notes and no talk" not in said["P01.txt"]


def test_a_folder_that_links_lead_back_to_is_entered_once(empty, waves):
    (waves / "wave1" / "again").symlink_to(waves, target_is_directory=True)
    (waves / "wave2" / "self").symlink_to(waves / "wave2", target_is_directory=True)
    report = empty.import_paths([waves])
    assert len(report.imported) == 2
    assert names(empty) == ["P01 (wave1)", "P01 (wave2)"]


def test_a_file_that_changes_while_it_is_read_is_refused(empty, waves, monkeypatch):
    path = waves / "wave1" / "P01.txt"
    real = Path.read_bytes

    def read_and_grow(self):
        content = real(self)
        with self.open("a") as other:
            other.write("P: One more thing.\n")
        return content

    monkeypatch.setattr(Path, "read_bytes", read_and_grow)
    (reason,) = reasons(empty.import_paths([path]))
    assert "changed while it was read" in reason
    assert names(empty) == []
    monkeypatch.undo()
    empty.import_paths([path])
    assert names(empty) == ["P01"]


@pytest.mark.skipif(sys.platform == "win32", reason="no such file names there")
@pytest.mark.parametrize("name", ["P\n01", "P\u202e01", "P\r01", "\u200fP01", "P\x1b[31m01"])
def test_names_with_line_ends_and_marks_are_shown_on_one_line(empty, waves, name):
    path = waves / f"{name}.txt"
    path.write_text(WAVE1)
    report = empty.import_paths([path])
    (transcript,) = names(empty)
    assert transcript.replace("[31m", "") in ("P 01", "P01")
    assert report.imported[0].transcript == transcript
    assert not set(transcript) & set("\n\r\x1b\u202e")


def test_dates_of_two_meanings_are_said_not_to_be_kept(project, tmp_path):
    path, words = tmp_path / "more.csv", TALK["t3_cath"][0]
    path.write_text(
        "transcript,excerpt,coder,code,made_at\n"
        f't3_cath,"{words}",Kim,wait,3/1/2024\nt3_cath,"{words}",Kim,shame,2024-03-01T10:00:00\n'
    )
    (taken,) = project.import_paths([path]).imported
    assert "1 date not kept" in "\n".join(taken.warnings)
    assert "the time of this import" in "\n".join(taken.warnings)
    dates = {c.code: c.made_at for c in project.codings() if c.coder == "Kim"}
    assert dates["shame"] == "2024-03-01T10:00:00"
    assert "3/1/2024" not in dates.values()


def test_the_row_of_the_headings_can_be_said(empty, tmp_path):
    path = tmp_path / "codes.csv"
    path.write_text("name,parent\nmy notes,none\ncode,definition\ncost,What it costs\n")
    empty.import_paths([path], ImportOptions(header_row=3, kind="codebook"))
    assert [(code.name, code.definition) for code in empty.codebook()] == [
        ("cost", "What it costs")
    ]
    with pytest.raises(InputError, match="row"):
        empty.import_paths([path], ImportOptions(header_row=0))


def test_what_is_in_the_study_is_read_once_to_look_for_versions(project, tmp_path, monkeypatch):
    reads = []

    def count(connection, name=None):
        reads.append(name)
        return transcripts(connection, name)

    monkeypatch.setattr(stored_words, "transcripts", count)
    for number in range(4):
        words = " ".join(f"word{number}{at}" for at in range(20))
        (tmp_path / f"new{number}.txt").write_text(f"Interviewer: And?\nEve: {words}.\n")
    report = project.import_paths(sorted(tmp_path.glob("new?.txt")))
    assert len(report.imported) == 4
    assert len(reads) == 2, "for equal words, and for versions"
