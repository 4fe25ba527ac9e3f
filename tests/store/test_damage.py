"""Damage, half-made files and full disks: one line each, and never people's words in it."""

from __future__ import annotations

import contextlib
import gzip
import shutil
import sqlite3
import threading
from collections import namedtuple

import pytest

from autocode.core.errors import StudyError
from autocode.store import codebook, decisions, runs, segments, suggestions, themes, transcripts
from autocode.store import file as store_file
from autocode.store.file import StudyFile, create, open_or_create, open_study
from autocode.store.migrations import FIXED_TEXT_TRIGGER

from ..shared import present
from .support import RUN, suggested, theme_draft

READERS = (
    codebook.codebook,
    transcripts.transcripts,
    segments.segments,
    suggestions.suggestions,
    decisions.decisions,
    themes.theme_draft,
    themes.theme_decisions,
    lambda connection: runs.last_run(connection, "suggest"),
)


def refusal(act):
    """The one line with which something is refused."""
    with pytest.raises(StudyError) as caught:
        act()
    words = str(caught.value)
    assert "\n" not in words
    return words


def alter(path, statement):
    """Change a study behind the library's back, as damage to its bytes would."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement)
        connection.commit()


@pytest.fixture
def drafted(filled):
    """The study with suggestions and a theme draft."""
    with filled.writing() as connection:
        suggestions.replace_suggestions(connection, RUN, suggested(connection))
        draft = theme_draft(segments.segments(connection))
        run = runs.Run(
            kind="themes",
            method="m",
            encoder="",
            encoder_digest="",
            parameters=draft.diagnostics.to_stored(),
            versions={},
        )
        themes.replace_themes(connection, run, draft)
    return filled


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("suggestions", "UPDATE suggestions SET evidence = '[null, [[1, 2'"),
        ("suggestions", "UPDATE suggestions SET evidence = '{}'"),
        ("suggestions", "UPDATE suggestions SET evidence = '[null,[[77,1,2,3,[],[]]],[],[],[]]'"),
        ("suggestions", "UPDATE suggestions SET \"start\" = 'x'"),
        ("themes", "UPDATE themes SET terms = 'waiting'"),
        ("themes", "UPDATE themes SET position = '[0.5]'"),
        ("themes", 'UPDATE themes SET detail = \'{"contrast": {"theme": 1}}\''),
        ("members", "UPDATE members SET reason = 'because'"),
        ("runs", "UPDATE runs SET parameters = '\xff{'"),
        ("runs", "UPDATE runs SET versions = '3'"),
        ("codes", "UPDATE codes SET examples = '[['"),
        ("codes", "UPDATE codes SET name = ''"),
        ("turns", "UPDATE turns SET \"end\" = 'x'"),
    ],
)
def test_a_stored_value_that_makes_no_sense_is_named_by_table_and_row(drafted, path, table, change):
    drafted.close()
    alter(path, change)
    study = open_study(path)

    def read_all():
        with study.reading() as connection:
            for read in READERS:
                read(connection)

    words = refusal(read_all)
    assert str(path) in words
    assert f"'{table}'" in words
    assert "is damaged" in words
    assert "waiting" not in words


def test_damaged_text_is_not_quoted(filled, path):
    filled.close()
    alter(path, "DROP TRIGGER transcripts_text_is_fixed")
    alter(path, "UPDATE transcripts SET text = CAST(X'416E6E3A20FF736563726574' AS TEXT)")
    alter(path, FIXED_TEXT_TRIGGER)
    study = open_study(path)

    def read():
        with study.reading() as connection:
            transcripts.texts(connection)

    words = refusal(read)
    assert "is damaged" in words
    assert "Ann" not in words


def test_damage_that_a_check_lists_in_several_rows_is_one_line(shared, tmp_path):
    source = present(shared / "cases" / "robustness" / "dam.autocode.gz")
    path = tmp_path / "dam.autocode"
    with gzip.open(source) as packed, path.open("wb") as unpacked:
        shutil.copyfileobj(packed, unpacked)
    assert "is damaged" in refusal(lambda: open_study(path))


@pytest.mark.slow
def test_a_study_that_is_written_meanwhile_is_never_called_damaged(filled, path):
    over, wrong = threading.Event(), []

    def write_on():
        at = 0
        while not over.is_set():
            at += 1
            with filled.writing() as connection:
                code = codebook.Code(id=f"c{at}", name="x", definition="y" * 20_000)
                codebook.put_codes(connection, [code])

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        for _ in range(150):
            try:
                open_study(path).close()
            except StudyError as error:
                wrong.append(str(error))
    finally:
        over.set()
        writer.join()
    assert wrong == []


def test_a_study_is_looked_at_in_a_connection_that_respects_writers(filled, path, monkeypatch):
    filled.close()
    uris = []
    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3,
        "connect",
        lambda database, **how: uris.append(str(database)) or connect(database, **how),
    )
    open_study(path).close()
    assert uris
    assert not [uri for uri in uris if "immutable" in uri]


# Files that were begun


def test_an_empty_file_says_how_to_go_on_and_is_taken_over(path):
    path.touch()
    words = refusal(lambda: open_study(path))
    assert "empty file" in words
    assert "autocode import" in words
    study = open_or_create(path)
    with study.reading() as connection:
        assert transcripts.count(connection)["transcripts"] == 0
    study.close()
    open_study(path).close()


def test_a_study_is_there_whole_or_not_at_all(path, monkeypatch):
    def fail(study):
        assert not path.exists()
        raise StudyError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(store_file, "migrate", fail)
        refusal(lambda: create(path))
    assert list(path.parent.iterdir()) == []


def test_whoever_makes_a_study_second_opens_the_first(path, monkeypatch):
    fill = store_file._fill

    def fill_late(beside):
        fill(beside)
        with monkeypatch.context() as patch:
            patch.setattr(store_file, "_fill", fill)
            with create(path).writing() as connection:
                codebook.put_codes(connection, [codebook.Code(id="first", name="First")])

    monkeypatch.setattr(store_file, "_fill", fill_late)
    study = open_or_create(path)
    with study.reading() as connection:
        assert [code.id for code in codebook.codebook(connection)] == ["first"]
    study.close()
    assert [p.name for p in path.parent.iterdir()] == [path.name]


# Disks


def test_an_input_error_on_a_full_disk_is_a_full_disk(filled, path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 0))
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"

    def fail(self):
        raise error

    monkeypatch.setattr(StudyFile, "_connect", fail)

    def read():
        with StudyFile(path).reading():
            pass

    assert "the disk is full" in refusal(read)


def test_an_old_study_on_a_read_only_disk_is_one_line(filled, path, monkeypatch):
    filled.close()
    alter(path, "PRAGMA user_version = 6")
    monkeypatch.setattr("os.access", lambda path, mode, **_: mode != 2)
    words = refusal(lambda: open_study(path))
    assert "older autocode" in words
    assert "Copy the study" in words
