"""Every change is an act; its chain shows what was altered; words can be erased from it."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest
from sqlalchemy import inspect

from autocode.core.acts import NewAct
from autocode.core.codebook import Code
from autocode.core.coding import Coding, Reading
from autocode.core.errors import NotFound, StudyError
from autocode.core.transcript import Span
from autocode.store import acts, codebook, codings, content, suggestions, themes
from autocode.store.content import BY_NAME

from .support import RUN, suggested, theme_draft


def coded(span=(0, 9), code="wait", coder="Amina", transcript="b"):
    return Coding(transcript=transcript, span=Span(*span), code=code, coder=coder, memo="é “x”")


def history(study):
    with study.reading() as connection:
        return acts.acts(connection)


def verified(study):
    with study.reading() as connection:
        return acts.verify_acts(connection)


def altered(path, *statements):
    """Change the history as somebody with another program would, its guards taken away."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        rules = connection.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger'")
        rules = rules.fetchall()
        for name, _ in rules:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in rules:
            connection.execute(sql)


@pytest.fixture
def acted(filled):
    """A study with the acts 1 (made), 2 (filled) and 3 to 6, a coding each."""
    for at in range(4):
        with filled.writing(NewAct(kind="code", summary=f"coding {at}", coder="Amina")) as c:
            codings.add_codings(c, [coded(span=(at, 9))])
    return filled


def test_every_table_is_content_or_computed_or_bookkeeping(study):
    with study.reading() as connection:
        tables = set(inspect(connection).get_table_names()) - {"sqlite_sequence"}
        for table in content.CONTENT:
            key = inspect(connection).get_pk_constraint(table.name)["constrained_columns"]
            assert tuple(key) == table.key
    assert set(BY_NAME).isdisjoint(content.COMPUTED | content.BOOKKEEPING)
    assert set(BY_NAME) | content.COMPUTED | content.BOOKKEEPING == tables


def test_content_with_row_numbers_never_gives_one_twice(study, path):
    study.close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for name in content.NUMBERED:
            (sql,) = connection.execute(
                "SELECT sql FROM sqlite_master WHERE name = ?", [name]
            ).fetchone()
            assert "AUTOINCREMENT" in sql, name


def test_a_history_begins_with_the_version_that_made_the_study(study):
    (first,) = history(study)
    assert (first.number, first.kind) == (1, "begin")
    assert first.summary.startswith("study made with autocode ")
    assert verified(study).is_sound


def test_an_act_holds_who_what_and_the_rows_before_and_after(acted):
    last = history(acted)[-1]
    assert (last.number, last.kind, last.coder, last.summary) == (6, "code", "Amina", "coding 3")
    with acted.reading() as connection:
        (change,) = acts.changes_of(connection, [6])[6]
    row = dict(zip(change.columns, change.after, strict=True))
    assert change.before is None
    assert (change.table, row["start"], row["end"], row["memo"]) == ("codings", 3, 9, "é “x”")


def test_what_changes_nothing_is_no_act(acted):
    before = history(acted)
    with acted.writing("again") as connection:
        codings.add_codings(connection, [coded(span=(0, 9))])
        codings.coder_id(connection, codings.Coder("Amina"))
    assert history(acted) == before


def test_a_row_made_and_removed_in_one_act_is_no_change(acted):
    before = history(acted)
    with acted.writing("there and back") as connection:
        codings.add_codings(connection, [coded(span=(7, 9))])
        connection.exec_driver_sql('DELETE FROM codings WHERE "start" = 7')
    assert [act.n_changes for act in history(acted)[len(before) :]] in ([], [0])


def test_what_the_machine_computed_is_an_act_without_changes(filled):
    with filled.writing(NewAct(kind="suggest", summary="codes suggested")) as connection:
        suggestions.replace_suggestions(connection, RUN, suggested(connection))
    assert [(a.kind, a.n_changes) for a in history(filled)[-1:]] == [("suggest", 0)]


def test_an_act_that_fails_leaves_neither_effect_nor_entry(acted):
    before = history(acted)

    def break_off(connection):
        codings.add_codings(connection, [coded(span=(7, 9))])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        acted.act(NewAct(kind="code", summary="broken off"), break_off)
    assert history(acted) == before
    with acted.reading() as connection:
        assert len(codings.codings(connection)) == 4


def test_one_key_is_one_act(acted):
    new = NewAct(kind="code", summary="twice", coder="Amina", key="k1")
    first = acted.act(new, lambda c: codings.add_codings(c, [coded(span=(6, 9))]))
    again = acted.act(new, lambda c: codings.add_codings(c, [coded(span=(7, 9))]))
    done = [first, again]
    assert [one.repeated for one in done] == [False, True]
    assert done[0].act.number == done[1].act.number == 7
    with acted.reading() as connection:
        assert [c.span.start for c in codings.codings(connection)] == [0, 1, 2, 3, 6]


def test_a_dry_run_says_what_it_would_change_and_changes_nothing(acted):
    before = history(acted)
    new = NewAct(kind="code", summary="tried")
    done = acted.act(
        new, lambda c: codings.add_codings(c, [coded(span=(6, 9), coder="New")]), dry_run=True
    )
    assert done.act is None
    assert [change.table for change in done.changes] == ["coders", "codings"]
    assert history(acted) == before


def test_acts_refuse_to_be_changed_or_removed(acted):
    for statement in ("UPDATE acts SET coder = 'x'", "DELETE FROM acts WHERE number = 3"):
        with pytest.raises(StudyError, match="kept"), acted.keeping() as connection:
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "act", "words"),
    [
        ("UPDATE acts SET coder = 'Jonas' WHERE number = 4", 4, "was changed"),
        ("UPDATE acts SET made_at = '2020' WHERE number = 6", 6, "was changed"),
        ("DELETE FROM acts WHERE number = 4", 4, "is missing"),
        ("DELETE FROM acts WHERE number = 6", 6, "is missing"),
        ("UPDATE changes SET after = '[1]' WHERE act = 5 AND position = 1", 5, "was changed"),
        ("UPDATE changes SET after = '\"else\"' WHERE act = 3 AND position = 0", 3, "was changed"),
        ("DELETE FROM changes WHERE act = 5 AND position = 1", 5, "was changed"),
        ("UPDATE changes SET \"row\" = '[77]' WHERE act = 5 AND position = 1", 5, "was changed"),
    ],
    ids=str,
)
def test_verifying_names_the_act_that_was_altered(acted, path, statement, act, words):
    acted.close()
    altered(path, statement)
    (fault,) = verified(acted).faults
    assert fault.act == act
    assert fault.fault.startswith(words)


def test_verifying_names_acts_that_were_reordered(acted, path):
    acted.close()
    altered(
        path,
        "UPDATE acts SET number = 99 WHERE number = 4",
        "UPDATE acts SET number = 4 WHERE number = 5",
        "UPDATE acts SET number = 5 WHERE number = 99",
    )
    faults = verified(acted).faults
    assert {fault.act for fault in faults} >= {4, 5}
    assert all("reordered" in fault.fault for fault in faults if fault.act in (4, 5))


def test_erased_words_leave_a_history_that_verifies(acted, path):
    with acted.keeping() as connection:
        assert acts.erase_changes(connection, [(5, 1), (5, 0), (5, 1), (77, 0)]) == 2
    check = verified(acted)
    assert check.is_sound
    assert check.n_erased == 1
    assert history(acted)[4].summary is None
    with acted.keeping() as connection:
        connection.exec_driver_sql("DELETE FROM changes")
    assert verified(acted).is_sound
    assert verified(acted).n_erased == 6
    assert {act.summary for act in history(acted)} == {None}


def test_an_act_that_is_not_there_is_not_found(acted):
    for number in (0, -1, 7, 2**70):
        with acted.reading() as connection, pytest.raises(NotFound, match="acts are 1 to 6"):
            acts.one_act(connection, number)


def test_what_names_a_code_that_goes_is_dropped_with_it(filled):
    with filled.writing() as connection:
        suggestions.replace_suggestions(connection, RUN, suggested(connection))
        themes.replace_themes(connection, RUN, _draft(connection))
    with filled.writing() as connection:
        connection.exec_driver_sql("DELETE FROM codes WHERE code = 'family'")
    with filled.reading() as connection:
        # Every suggestion has a neighbour coded "family" in its evidence.
        assert suggestions.suggestions(connection) == []


def _draft(connection):
    from autocode.store import segments

    return theme_draft(segments.segments(connection))


def test_rows_that_need_no_code_any_more_can_go_in_any_order(filled):
    with filled.writing() as connection:
        codebook.put_codes(connection, [Code(id="sub", name="Sub", parent="family")])
        codings.add_readings(connection, [Reading("b", Span(0, 9), "Amina")])
    with filled.writing() as connection:
        connection.exec_driver_sql("DELETE FROM codes WHERE code = 'family'")
        connection.exec_driver_sql("DELETE FROM codes WHERE code = 'sub'")
    with filled.reading() as connection:
        assert [code.id for code in codebook.codebook(connection)] == ["wait"]


def test_rows_left_without_their_code_are_refused_and_nothing_is_kept(filled):
    with filled.writing() as connection:
        codings.add_codings(connection, [coded()])
    with pytest.raises(StudyError), filled.writing() as connection:
        connection.exec_driver_sql("DELETE FROM codes WHERE code = 'wait'")
    with filled.reading() as connection:
        assert len(codings.codings(connection)) == 1
