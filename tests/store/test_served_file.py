"""A study that a server holds open: connections are kept, and nothing is missed because of it."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import threading

import pytest

from autocode.core.acts import NewAct
from autocode.core.codebook import Code
from autocode.core.errors import NotFound, StudyError
from autocode.store import acts, codebook
from autocode.store.capture import driver_of
from autocode.store.file import ServedStudyFile, create

LEA = NewAct(kind="codes", summary="a code", coder="Lea")


@pytest.fixture
def served(filled, path):
    """The study with its two codes, as a server has it."""
    filled.close()
    study = ServedStudyFile(path)
    yield study
    study.close()


def put(study, code, **options):
    """Add a code as an act; returns what was done."""
    added = [Code(id=code, name=code.title())]
    return study.act(LEA, lambda connection: codebook.put_codes(connection, added), **options)


def codes_in(study):
    with study.reading() as connection:
        return [code.id for code in codebook.codebook(connection)]


def triggers(driver):
    return driver.execute("SELECT count(*) FROM temp.sqlite_master WHERE type = 'trigger'")


def only_connection(study):
    """The connection that writes an act, while it writes nothing."""
    with study._kept["act"].connect() as connection:
        return driver_of(connection)


def test_acts_share_a_connection_and_each_has_its_own_changes(served):
    first = put(served, "one")
    connection = only_connection(served)
    second = put(served, "two")
    assert only_connection(served) is connection
    assert [change.row for change in (*first.changes, *second.changes)] == [(3,), (4,)]
    assert put(served, "two").act is None
    assert codes_in(served) == ["wait", "family", "one", "two"]
    with served.reading() as reading:
        assert [act.n_changes for act in acts.acts(reading)[-2:]] == [1, 1]
        assert acts.verify_acts(reading).is_sound


@pytest.mark.parametrize("kind", [{}, {"drafts": True}])
def test_each_kind_of_act_captures_what_it_must(served, kind):
    """Acts that capture drafts and those that do not come by turns."""
    add = (
        "INSERT INTO runs (kind, method, encoder, encoder_digest, parameters, versions, made_at)"
        " VALUES ('themes', 'm', 'e', '', '{}', '{}', '2024')"
    )
    put(served, "one")
    served.act(NewAct(kind="theme", summary="one", drafts=True), lambda connection: None)
    new = NewAct(kind="theme", summary="a draft", coder="Lea", **kind)
    done = served.act(new, lambda c: c.exec_driver_sql(add))
    assert [change.table for change in done.changes] == (["runs"] if kind else [])
    assert done.act is not None


def test_a_trigger_that_is_gone_is_made_again(served):
    put(served, "one")
    driver = only_connection(served)
    (n,) = triggers(driver).fetchone()
    driver.execute("DROP TRIGGER temp.capture_INSERT_codes")
    assert [change.row for change in put(served, "two").changes] == [(4,)]
    assert triggers(driver).fetchone() == (n,)


def test_a_column_that_another_program_adds_is_captured(served, path):
    put(served, "one")
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("ALTER TABLE codes ADD COLUMN mood TEXT DEFAULT 'calm'")
    (change,) = put(served, "two").changes
    assert dict(zip(change.columns, change.after, strict=True))["mood"] == "calm"


def test_what_another_program_writes_is_seen(served, path):
    assert codes_in(served) == ["wait", "family"]
    put(served, "one")
    with contextlib.closing(sqlite3.connect(path)) as other, other:
        names = [row[1] for row in other.execute("PRAGMA table_info(codes)") if row[1] != "id"]
        cells = ["'theirs'" if name == "code" else f'"{name}"' for name in names]
        listed = ", ".join(f'"{name}"' for name in names)
        copied = f"SELECT {', '.join(cells)} FROM codes WHERE code = 'one'"
        other.execute(f"INSERT INTO codes ({listed}) {copied}")
    assert codes_in(served) == ["wait", "family", "one", "theirs"]
    put(served, "two")
    assert codes_in(served) == ["wait", "family", "one", "theirs", "two"]


def test_another_study_put_in_its_place_is_the_one_that_is_read_and_written(served, path, tmp_path):
    put(served, "one")
    other = create(tmp_path / "other.autocode")
    put(other, "theirs")
    other.close()
    # Both are there for a while: a server that goes on has its own file open.
    path.rename(tmp_path / "moved.autocode")
    for suffix in ("-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.rename(f"{path}{suffix}", f"{tmp_path / 'moved.autocode'}{suffix}")
    shutil.copy(tmp_path / "other.autocode", path)
    assert codes_in(served) == ["theirs"]
    put(served, "two")
    assert codes_in(served) == ["theirs", "two"]


def test_a_study_that_is_gone_is_said_each_time_until_it_is_back(served, path, tmp_path):
    put(served, "one")
    away = path.rename(tmp_path / "away.autocode")
    for _ in range(2):
        with pytest.raises(StudyError, match="cannot be opened"):
            codes_in(served)
        with pytest.raises(StudyError, match="cannot be opened"):
            put(served, "two")
    away.rename(path)
    put(served, "two")
    assert codes_in(served) == ["wait", "family", "one", "two"]


def test_a_connection_that_an_error_came_over_is_not_used_again(served):
    put(served, "one")
    before = only_connection(served)

    def fail(connection):
        codebook.put_codes(connection, [Code(id="lost", name="Lost")])
        raise NotFound("no such thing", kind="code", name="x")

    with pytest.raises(NotFound):
        served.act(LEA, fail)
    assert only_connection(served) is not before
    assert [change.row for change in put(served, "two").changes] == [(4,)]
    assert codes_in(served) == ["wait", "family", "one", "two"]


def test_rows_that_are_half_read_when_an_error_comes_keep_no_older_state(served):
    held = []

    def fail():
        with served.reading() as connection:
            rows = driver_of(connection).execute("SELECT code FROM codes")
            held.append((rows, rows.fetchone()))
            raise NotFound("no such thing", kind="code", name="x")

    with pytest.raises(NotFound):
        fail()
    put(served, "one")
    assert codes_in(served) == ["wait", "family", "one"]


def test_a_preview_leaves_nothing_to_the_next_act(served):
    assert put(served, "one", dry_run=True).act is None
    assert [change.row for change in put(served, "two").changes] == [(3,)]
    assert codes_in(served) == ["wait", "family", "two"]


def test_words_that_are_erased_stay_in_no_connection(served):
    put(served, "one")
    before = only_connection(served)
    assert before.execute("SELECT n0 FROM temp.captured_rows").fetchone() is not None
    erasing = NewAct(kind="erase", summary="erased", coder="Lea", erases=True)
    served.act(erasing, lambda c: c.exec_driver_sql("DELETE FROM codes WHERE code = 'one'"))
    after = only_connection(served)
    assert after is not before
    assert triggers(after).fetchone() == (0,)
    assert [change.row for change in put(served, "two").changes] == [(4,)]


def test_many_who_read_and_write_at_once_lose_nothing(served):
    """More threads than connections are kept."""
    faults: list[BaseException] = []

    def work(thread):
        try:
            for n in range(6):
                put(served, f"t{thread}n{n}")
                assert f"t{thread}n{n}" in codes_in(served)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    with served.reading() as connection:
        assert acts.verify_acts(connection).is_sound
        assert [act.n_changes for act in acts.acts(connection)[-42:]] == [1] * 42


def test_each_connection_that_writes_waits_for_the_disk(served):
    for use in ("keep", "act", "draft act", "erase"):
        with served._begun(use) as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2  # FULL


def test_a_server_that_lets_go_leaves_nothing_open(served, path):
    put(served, "one")
    codes_in(served)
    served.close()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        assert other.execute("PRAGMA locking_mode = EXCLUSIVE").fetchone() == ("exclusive",)
        other.execute("BEGIN EXCLUSIVE")  # refused where somebody has it open
        other.execute("COMMIT")
