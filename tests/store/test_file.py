"""Opening what is and what is not a study, and transactions that are whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import threading
import zipfile

import pytest

from autocode.core.codebook import Code
from autocode.core.coding import Coding
from autocode.core.errors import StudyError
from autocode.core.transcript import Span
from autocode.store import codebook as work
from autocode.store import codings as codings_of
from autocode.store import transcripts as texts
from autocode.store.file import StudyFile, create, open_study
from autocode.store.migrations import MIGRATIONS

from ..shared import present
from ..small_study import contents
from .conftest import transcript


def refused(path, *words):
    """Open `path`, which must fail in one line that names it, and must not change it."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StudyError) as caught:
        open_study(path)
    told = str(caught.value)
    assert str(path) in told
    assert "\n" not in told
    for word in words:
        assert word in told
    if before is not None:
        now = path.read_bytes()
        assert hashlib.sha256(now).digest() == hashlib.sha256(before).digest(), "file was changed"


def run_python(code, *args):
    """Run a script in a process of its own; returns its exit status."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, args)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stderr


def code_ids(study):
    with study.reading() as connection:
        return [code.id for code in work.codebook(connection)]


# Opening


def test_open_missing_file_says_how_to_make_one(path):
    refused(path, "no such study", "autocode import")
    assert not path.exists()


def test_open_folder_is_refused(tmp_path):
    refused(tmp_path, "is a folder")


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"", "empty file"),
        (b"Interviewer: hello\n", "not an autocode study"),
        (b"SQLite format 2", "not an autocode study"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"<?xml version='1.0'?><Project/>", "XML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office file"),
    ],
)
def test_open_other_file_says_what_it_is(path, raw, word):
    path.write_bytes(raw)
    refused(path, word, "not an autocode study")


def test_open_zip_says_what_it_is(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", "<Project/>")
    refused(path, "zip archive")


def test_open_other_sqlite_is_refused(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE things (id INTEGER)")
    refused(path, "SQLite database of another program")


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("PRAGMA application_id = 0x54677474", "Taguette"),
        ("PRAGMA application_id = 0x47504B47", "GeoPackage"),
        ("CREATE TABLE code_name (cid INTEGER)", "QualCoder"),
        ("CREATE TABLE freecode (id INTEGER)", "RQDA"),
    ],
)
def test_open_project_of_another_program_names_it(path, statement, word):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE things (id INTEGER)")
        connection.execute(statement)
    refused(path, word)


@pytest.mark.parametrize(
    ("sample", "word"),
    [
        ("taguette/garden_study/project.sqlite3", "Taguette"),
        ("qualcoder/garden_study.qda/data.qda", "QualCoder"),
        ("rqda/OPCW-CSP-DG.rqda", "RQDA"),
    ],
)
def test_open_real_project_of_another_program_leaves_it_alone(shared, tmp_path, sample, word):
    source = present(shared / "interop" / sample)
    copy = tmp_path / source.name
    shutil.copyfile(source, copy)
    with contextlib.closing(sqlite3.connect(copy)) as connection:
        # As its own program leaves it, whoever has had the sample open.
        connection.execute("PRAGMA journal_mode = DELETE")
    refused(copy, word, "not an autocode study")


def test_open_newer_version_is_refused(study, path):
    study.close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    refused(path, "newer autocode", "not touched")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER sly AFTER INSERT ON codings BEGIN DELETE FROM codings; END",
        "CREATE VIEW peek AS SELECT * FROM codings",
    ],
)
def test_open_foreign_trigger_or_view_is_refused(study, path, statement):
    study.close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
    refused(path, "did not make")


def test_open_trigger_of_ours_with_another_body_is_refused(study, path):
    study.close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER transcripts_text_is_fixed")
        connection.execute(
            "CREATE TRIGGER transcripts_text_is_fixed AFTER INSERT ON codings"
            " BEGIN DELETE FROM codings; END"
        )
    refused(path, "transcripts_text_is_fixed")


def test_open_without_the_trigger_that_fixes_texts_is_refused(study, path):
    study.close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER transcripts_text_is_fixed")
    refused(path)


@pytest.mark.parametrize("kept", [50, 100, 4096, 5000, 0.5, 0.9])
def test_open_truncated_study_is_refused(filled, path, kept):
    filled.close()
    raw = path.read_bytes()
    path.write_bytes(raw[: kept if isinstance(kept, int) else int(kept * len(raw))])
    refused(path, "damaged")


def test_open_study_with_a_page_overwritten_is_refused(filled, path):
    filled.close()
    raw = bytearray(path.read_bytes())
    raw[8192:12288] = b"\xff" * 4096
    path.write_bytes(raw)
    refused(path, "damaged")


def test_open_damage_anywhere_is_one_line_never_a_traceback(filled, path):
    filled.close()
    raw = path.read_bytes()
    odd = []
    for seed in range(40):
        chance, damaged = random.Random(seed), bytearray(raw)
        for _ in range(chance.choice([5, 50, 3000])):
            damaged[chance.randrange(100, len(damaged))] = chance.randrange(256)
        copy = path.with_name(f"{seed}.autocode")
        copy.write_bytes(damaged)
        try:
            open_study(copy).close()
        except StudyError as error:
            if "\n" in str(error):
                odd.append((seed, str(error)))
        except Exception as error:  # whatever else comes out is what this test looks for
            odd.append((seed, repr(error)))
    assert odd == []


def test_open_name_longer_than_the_system_allows_is_refused(tmp_path):
    with pytest.raises(StudyError):
        open_study(tmp_path / ("x" * 300))


def test_create_in_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(StudyError, match="no such folder"):
        create(tmp_path / "nowhere" / "s.autocode")
    assert not (tmp_path / "nowhere").exists()


def test_study_opens_again_where_it_was_left(filled, path):
    filled.close()
    again = open_study(path)
    assert code_ids(again) == ["wait", "family"]
    again.close()
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_study_in_a_folder_with_odd_letters_opens(tmp_path):
    folder = tmp_path / "Étude #1 100% ?x=1"
    folder.mkdir()
    create(folder / "a b.autocode").close()
    open_study(folder / "a b.autocode").close()
    assert [p.name for p in folder.iterdir()] == ["a b.autocode"]


# Writing


def test_writing_keeps_nothing_when_the_block_fails(filled, path):
    before = contents(path)

    def fail_half_way():
        with filled.writing() as connection:
            work.put_codes(connection, [Code(id="late", name="Late")])
            raise LookupError

    with pytest.raises(LookupError):
        fail_half_way()
    assert contents(path) == before


def test_reading_sees_one_state_throughout(filled):
    with filled.reading() as reader:
        before = len(work.codebook(reader))
        with filled.writing() as writer:
            work.put_codes(writer, [Code(id="late", name="Late")])
        assert len(work.codebook(reader)) == before
    assert code_ids(filled) == ["wait", "family", "late"]


@pytest.mark.parametrize("column", ["text", "text_digest"])
def test_text_of_a_transcript_cannot_be_updated(filled, path, column):
    before = contents(path)
    with pytest.raises(StudyError, match="fixed"), filled.writing() as connection:
        connection.exec_driver_sql(f"UPDATE transcripts SET {column} = 'other'")
    assert contents(path) == before


def test_text_is_fixed_for_other_programs_too(filled, path):
    with (
        contextlib.closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="fixed"),
    ):
        connection.execute("UPDATE transcripts SET text_digest = 'x'")


def test_transcript_with_codings_cannot_be_deleted(filled):
    with filled.writing() as connection:
        codings_of.add_codings(
            connection, [Coding(transcript="a", span=Span(0, 5), code="wait", coder="Amina")]
        )
    with pytest.raises(StudyError), filled.writing() as connection:
        connection.exec_driver_sql("DELETE FROM transcripts")
    with filled.reading() as connection:
        assert set(texts.texts(connection)) == {"a", "b"}


@pytest.mark.slow
def test_crash_in_mid_write_leaves_the_last_good_state(filled, path):
    filled.close()
    before = contents(path)
    # 6 MB do not fit SQLite's cache, so part of the transaction reaches the disk.
    status, _ = run_python(
        """
        import os, sys
        from pathlib import Path
        from autocode.core.codebook import Code
        from autocode.project import Project
        from autocode.store import codebook as work
        project = Project.open(Path(sys.argv[1]))
        with project._study.writing() as connection:
            long = "y" * 60_000
            codes = [Code(id=f"c{i}", name="x", definition=long) for i in range(100)]
            work.put_codes(connection, codes)
            os._exit(17)
        """,
        path,
    )
    assert status == 17
    assert path.with_name(path.name + "-wal").stat().st_size > 1_000_000
    again = open_study(path)
    assert code_ids(again) == ["wait", "family"]
    with again.writing() as connection:
        work.put_codes(connection, [Code(id="late", name="Late")])
    assert code_ids(again) == ["wait", "family", "late"]
    again.close()
    assert contents(path) != before


def crash_after_commit(path):
    """Commit a code in a process that dies before the write-ahead log is folded in."""
    status, told = run_python(
        """
        import os, sys
        from pathlib import Path
        from autocode.core.codebook import Code
        from autocode.store import codebook as work
        from autocode.store.file import open_study
        study = open_study(Path(sys.argv[1]))
        with study.reading() as reader:
            work.codebook(reader)
            with study.writing() as connection:
                work.put_codes(connection, [Code(id="late", name="Late")])
            os._exit(17)
        """,
        path,
    )
    assert status == 17, told
    assert path.with_name(path.name + "-wal").stat().st_size > 0


def test_crash_after_the_commit_keeps_what_was_committed(filled, path):
    filled.close()
    crash_after_commit(path)
    again = open_study(path)
    assert code_ids(again) == ["wait", "family", "late"]
    again.close()


def test_second_writer_waits_for_the_first(filled):
    inside, over = threading.Event(), []

    def write_slowly():
        with filled.writing() as connection:
            work.put_codes(connection, [Code(id="slow", name="Slow")])
            inside.set()
            threading.Event().wait(0.3)
            over.append("slow")

    thread = threading.Thread(target=write_slowly)
    thread.start()
    inside.wait(10)
    with filled.writing() as connection:
        over.append("quick")
        work.put_codes(connection, [Code(id="quick", name="Quick")])
    thread.join()
    assert over == ["slow", "quick"]
    assert code_ids(filled) == ["wait", "family", "slow", "quick"]


def impatient(monkeypatch, *statements):
    """Let every new connection run these statements."""
    connect = StudyFile._connect

    def connect_and_set(self):
        connection = connect(self)
        for statement in statements:
            connection.execute(statement)
        return connection

    monkeypatch.setattr(StudyFile, "_connect", connect_and_set)


def test_locked_study_is_one_line_and_unchanged(filled, path, monkeypatch):
    filled.close()
    impatient(monkeypatch, "PRAGMA busy_timeout = 20")
    study = open_study(path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StudyError, match="another program") as caught, study.writing():
            pass
        other.execute("ROLLBACK")
    assert "\n" not in str(caught.value)
    with study.writing() as connection:
        assert work.put_codes(connection, [Code(id="late", name="Late")]) == 1


def test_full_disk_is_one_line_and_unchanged(filled, path, monkeypatch):
    before = contents(path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    big = transcript("big", text="Ann: " + "x " * 500_000 + "\n")

    def fill(study):
        with study.writing() as connection:
            work.put_codes(connection, [Code(id="small", name="Small")])
            texts.add_transcripts(connection, [big])

    with monkeypatch.context() as patch:
        impatient(patch, f"PRAGMA max_page_count = {pages + 2}")
        full = open_study(path)
        with pytest.raises(StudyError, match="disk is full") as caught:
            fill(full)
    assert "\n" not in str(caught.value)
    assert "nothing of this step was kept" in str(caught.value)
    assert contents(path) == before
    fill(filled)
    assert code_ids(filled) == ["wait", "family", "small"]


# Reading only


@pytest.fixture
def no_rights(monkeypatch):
    """Let the study look as if it lay where we may not write (tests may run as root)."""
    monkeypatch.setattr(os, "access", lambda path, mode, **_: not mode & os.W_OK)


def test_read_only_study_can_be_read_but_not_written(filled, path, no_rights):
    filled.close()
    raw = path.read_bytes()
    study = open_study(path)
    assert code_ids(study) == ["wait", "family"]
    with pytest.raises(StudyError, match="cannot be written") as caught, study.writing():
        pass
    assert "\n" not in str(caught.value)
    study.close()
    assert path.read_bytes() == raw
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_read_only_study_never_shows_less_than_was_committed(filled, path, no_rights):
    filled.close()
    crash_after_commit(path)
    try:
        study = open_study(path)
        found = code_ids(study)
    except StudyError:
        return  # saying so is right as well
    assert found == ["wait", "family", "late"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_study_in_a_folder_without_write_rights_is_read_only(filled, path):
    filled.close()
    path.parent.chmod(0o500)
    try:
        study = open_study(path)
        assert study.read_only
        with pytest.raises(StudyError, match="cannot be written"), study.writing():
            pass
    finally:
        path.parent.chmod(0o700)
