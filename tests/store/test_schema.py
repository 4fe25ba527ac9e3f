"""The tables that queries are written against are the tables that migrations make."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest
from sqlalchemy import inspect

from autocode.store import file as store_file
from autocode.store import schema
from autocode.store.file import create, open_study
from autocode.store.migrations import MIGRATIONS, Migration
from autocode.store.schema import APPLICATION_ID


def _pragma(path, name):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_migrations_make_the_declared_tables(study):
    with study.reading() as connection:
        made = set(inspect(connection).get_table_names())
    assert made - {"migrations", "sqlite_sequence"} == set(schema.metadata.tables)


@pytest.mark.parametrize("name", sorted(schema.metadata.tables))
def test_columns_match_what_migrations_make(study, name):
    declared = schema.metadata.tables[name]
    with study.reading() as connection:
        found = inspect(connection).get_columns(name)
        key = inspect(connection).get_pk_constraint(name)["constrained_columns"]
    assert [column["name"] for column in found] == [column.name for column in declared.columns]
    types = {column["name"]: column["type"].python_type for column in found}
    assert types == {column.name: column.type.python_type for column in declared.columns}
    assert sorted(key) == sorted(column.name for column in declared.primary_key.columns)


def _list_content(path):
    """Every statement and row of a study, without what tells when it was made."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        made = connection.execute(
            "SELECT type, name, sql FROM sqlite_master ORDER BY rowid"
        ).fetchall()
        rows = {
            name: connection.execute(f'SELECT * FROM "{name}"').fetchall()
            for kind, name, _ in made
            if kind == "table"
        }
    rows["migrations"] = [(number, name) for number, name, *_ in rows["migrations"]]
    rows["acts"] = [(number, kind) for number, _, kind, *_ in rows["acts"]]
    rows["changes"] = [(*row[:7], *row[8:]) for row in rows["changes"]]  # the eighth is a salt
    return made, rows


def test_a_new_study_is_what_the_migrations_make(tmp_path):
    create(tmp_path / "new.autocode").close()
    store_file.make_by_migrations(tmp_path / "migrated.autocode")
    made, rows = _list_content(tmp_path / "new.autocode")
    migrated, migrated_rows = _list_content(tmp_path / "migrated.autocode")
    assert made == migrated, "python eval/make_schema.py writes the newest schema anew"
    assert rows == migrated_rows
    pragmas = ("user_version", "application_id", "auto_vacuum", "encoding", "page_size")
    assert [_pragma(tmp_path / "new.autocode", name) for name in pragmas] == [
        _pragma(tmp_path / "migrated.autocode", name) for name in pragmas
    ]


def test_a_migration_that_the_written_schema_lacks_runs_in_a_new_study(path, monkeypatch):
    more = Migration("one more", ("CREATE TABLE extra (id INTEGER PRIMARY KEY)",))
    monkeypatch.setattr(store_file, "MIGRATIONS", (*MIGRATIONS, more))
    with create(path).reading() as connection:
        assert "extra" in inspect(connection).get_table_names()
        last = connection.exec_driver_sql("SELECT max(number) FROM migrations").scalar_one()
    assert last == _pragma(path, "user_version") == len(MIGRATIONS) + 1


def test_foreign_keys_point_at_tables_that_exist(study):
    with study.reading() as connection:
        look = inspect(connection)
        names = set(look.get_table_names())
        pointed = {key["referred_table"] for name in names for key in look.get_foreign_keys(name)}
    assert pointed
    assert pointed <= names


def test_a_new_study_carries_our_mark_and_version(study, path):
    study.close()
    assert _pragma(path, "application_id") == APPLICATION_ID
    assert _pragma(path, "user_version") == len(MIGRATIONS)
    assert _pragma(path, "journal_mode") == "wal"


def test_each_migration_is_written_down(study):
    with study.reading() as connection:
        rows = connection.exec_driver_sql("SELECT number, name FROM migrations").all()
    assert [tuple(row) for row in rows] == [
        (at, migration.name) for at, migration in enumerate(MIGRATIONS, start=1)
    ]


def test_a_study_of_an_older_schema_is_brought_up_to_date(filled, path, monkeypatch):
    filled.close()
    more = Migration("one more", ("CREATE TABLE extra (id INTEGER PRIMARY KEY)",))
    newer = (*MIGRATIONS, more)
    monkeypatch.setattr(store_file, "MIGRATIONS", newer)
    opened = open_study(path)
    with opened.reading() as connection:
        assert "extra" in inspect(connection).get_table_names()
        assert connection.exec_driver_sql("SELECT count(*) FROM transcripts").scalar_one() == 2
    opened.close()
    assert _pragma(path, "user_version") == len(newer)


def test_a_migration_that_fails_leaves_the_schema_it_found(filled, path, monkeypatch):
    filled.close()
    broken = Migration(
        "broken", ("CREATE TABLE extra (id INTEGER)", "CREATE TABLE codes (id INTEGER)")
    )
    monkeypatch.setattr(store_file, "MIGRATIONS", (*MIGRATIONS, broken))
    with pytest.raises(store_file.StudyError):
        open_study(path)
    monkeypatch.undo()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert "extra" not in names
    assert _pragma(path, "user_version") == len(MIGRATIONS)


def test_creation_cut_short_is_finished_at_the_next_opening(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
    open_study(path).close()
    assert _pragma(path, "user_version") == len(MIGRATIONS)


def test_create_refuses_to_overwrite(study, path):
    before = path.read_bytes()
    with pytest.raises(store_file.StudyError, match="exists already"):
        create(path)
    assert path.read_bytes() == before
