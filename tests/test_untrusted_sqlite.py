"""SQLite files that were made to harm, or by accident, are refused in one line each."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from autocode import untrusted_sqlite
from autocode.core.errors import FileRefused
from autocode.untrusted_sqlite import find_table_names, open_untrusted, read_application_id


def make(path: Path, *statements: str) -> Path:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def read_all(path: Path, table: str = "source", *columns: str) -> list[dict[str, object]]:
    with open_untrusted(path) as database:
        database.need("a tool", {table: columns or ("id",)})
        return [dict(row.cells) for row in database.rows(table, *(columns or ("id", "name")))]


def refusal(path: Path, *columns: str) -> str:
    with pytest.raises(FileRefused) as caught:
        read_all(path, "source", *columns)
    assert "\n" not in str(caught.value)
    assert path.name in str(caught.value)
    return str(caught.value)


SOURCE = "CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT)"


def test_rows_are_read_and_nothing_is_left_beside_the_file(tmp_path):
    path = make(tmp_path / "a.db", SOURCE, "INSERT INTO source VALUES (1, 'a'), (2, NULL)")
    assert read_all(path) == [{"id": 1, "name": "a"}, {"id": 2, "name": None}]
    assert [child.name for child in tmp_path.iterdir()] == ["a.db"]


def test_a_view_in_place_of_a_table_is_never_read(tmp_path):
    path = make(
        tmp_path / "a.db",
        "CREATE VIEW source AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) "
        "SELECT id, 'a' AS name FROM n",
    )
    assert "has no table 'source' (a view or virtual table stands there)" in refusal(path)


def test_a_virtual_table_and_a_computed_column_are_never_read(tmp_path):
    virtual = make(tmp_path / "v.db", "CREATE VIRTUAL TABLE source USING fts5(id, name)")
    assert "a view or virtual table" in refusal(virtual)
    computed = make(
        tmp_path / "g.db",
        "CREATE TABLE source (id INTEGER, name TEXT AS (hex(zeroblob(100000000))))",
        "INSERT INTO source (id) VALUES (1)",
    )
    assert "has computed columns in 'source'" in refusal(computed)


def test_a_trigger_is_named_and_does_not_run(tmp_path):
    path = make(
        tmp_path / "a.db",
        SOURCE,
        "INSERT INTO source VALUES (1, 'a')",
        "CREATE TRIGGER wipe AFTER INSERT ON source BEGIN DELETE FROM source; END",
    )
    with open_untrusted(path) as database:
        assert database.rules == ("wipe",)
        assert len(list(database.rows("source", "id"))) == 1
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            database.connection.execute("DELETE FROM source")


def test_a_cell_beyond_the_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(untrusted_sqlite, "LARGEST_CELL", 10_000)
    path = make(tmp_path / "a.db", SOURCE, "INSERT INTO source VALUES (1, hex(zeroblob(10000)))")
    assert "holds a cell of more than" in refusal(path, "id", "name")


def test_more_text_than_the_limit_is_refused(tmp_path):
    path = make(tmp_path / "a.db", SOURCE, "INSERT INTO source VALUES (1, hex(zeroblob(100)))")
    with open_untrusted(path) as database:
        database._left = 100
        with pytest.raises(FileRefused, match="holds more than"):
            list(database.rows("source", "name"))


@pytest.mark.parametrize(
    ("value", "fault"),
    [("x'00ff'", "name holds bytes where text should be"), ("'a'", None), ("3.5", None)],
)
def test_a_text_cell_of_another_type_is_named(tmp_path, value, fault):
    path = make(
        tmp_path / "a.db",
        "CREATE TABLE source (id, name)",
        f"INSERT INTO source VALUES (1, {value})",
    )
    with open_untrusted(path) as database:
        row = next(database.rows("source", "name"))
        if fault is None:
            assert row.text("name") == value.strip("'")
        else:
            with pytest.raises(FileRefused, match=fault):
                row.text("name")


@pytest.mark.parametrize(
    ("value", "number"),
    [("12", 12), ("12.0", 12), ("'12'", 12), ("'12.0'", 12), ("NULL", None), ("''", None)],
)
def test_a_whole_number_is_read_however_it_is_stored(tmp_path, value, number):
    path = make(
        tmp_path / "a.db", "CREATE TABLE source (id)", f"INSERT INTO source VALUES ({value})"
    )
    with open_untrusted(path) as database:
        assert next(database.rows("source", "id")).find_integer("id") == number


@pytest.mark.parametrize("value", ["1.5", "'1e99'", "9e999", "x'01'", f"'{'9' * 5000}'"])
def test_what_is_no_whole_number_is_refused_with_its_row(tmp_path, value):
    path = make(
        tmp_path / "a.db", "CREATE TABLE source (id)", f"INSERT INTO source VALUES ({value})"
    )
    with open_untrusted(path) as database, pytest.raises(FileRefused) as caught:
        next(database.rows("source", "id")).integer("id")
    assert "row 1 of 'source'" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_text_in_no_valid_utf8_is_read_and_counted(tmp_path):
    path = make(tmp_path / "a.db", SOURCE, "INSERT INTO source VALUES (1, CAST(x'61ff' AS TEXT))")
    with open_untrusted(path) as database:
        assert next(database.rows("source", "name")).text("name") == "a\ufffd"
        assert database.misread == 1


@pytest.mark.parametrize("suffix", ["-wal", "-journal"])
def test_changes_lying_beside_the_file_are_named(tmp_path, suffix):
    path = make(tmp_path / "a.db", SOURCE)
    path.with_name(f"a.db{suffix}").write_bytes(b"something")
    assert f"a.db{suffix} beside it" in refusal(path)


def test_damaged_pages_are_refused(tmp_path):
    values = ", ".join(f"({n}, '{'x' * 200}')" for n in range(1, 200))
    path = make(tmp_path / "a.db", SOURCE, f"INSERT INTO source VALUES {values}")
    whole = path.read_bytes()
    for damaged in (whole[:5000], whole[:8192] + b"\xff" * 4096 + whole[12288:], whole[:50]):
        path.write_bytes(damaged)
        assert "is damaged" in refusal(path)


def test_what_is_no_sqlite_file_is_told_apart(tmp_path):
    path = tmp_path / "a.db"
    path.write_bytes(b"hello" * 100)
    assert read_application_id(path) is None
    assert read_application_id(tmp_path / "none") is None
    assert find_table_names(path) == frozenset()
    assert "not a whole SQLite file" in refusal(path)


def test_a_file_that_takes_too_long_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(untrusted_sqlite, "LONGEST_SECONDS", -1.0)
    monkeypatch.setattr(untrusted_sqlite, "_STEPS_BETWEEN_LOOKS", 1)
    path = make(tmp_path / "a.db", SOURCE, "INSERT INTO source VALUES (1, 'a')")
    assert "takes longer than" in refusal(path)


def test_changes_beside_the_file_that_a_link_leads_to_are_named(tmp_path):
    (tmp_path / "real").mkdir()
    path = make(tmp_path / "real" / "a.db", SOURCE)
    (tmp_path / "a.db").symlink_to(path)
    assert read_all(tmp_path / "a.db") == []
    path.with_name("a.db-wal").write_bytes(b"something")
    assert "a.db-wal beside it" in refusal(tmp_path / "a.db")


def test_a_definition_that_is_stored_as_bytes_is_no_traceback(tmp_path):
    path = make(
        tmp_path / "a.db",
        SOURCE,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = CAST(sql AS BLOB)",
    )
    assert "has no table 'source'" in refusal(path)
