"""Codebook, coders, codings, readings and memos come back from the store as they went in."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Coder, Coding, Memo, Reading
from autocode.core.errors import InputError
from autocode.core.transcript import Span
from autocode.store import codebook as codebook_store
from autocode.store import codings as work
from autocode.store import transcripts as transcript_store
from autocode.store.file import create

words = st.text(max_size=20)
ids = st.text("abcdé=+'\" ", min_size=1, max_size=8).filter(str.strip)


@st.composite
def codebooks(draw):
    """Any codebook: a tree in any order, children before parents included."""
    found = draw(st.lists(ids, unique=True, max_size=6))
    codes = []
    for at, code_id in enumerate(found):
        codes.append(
            Code(
                id=code_id,
                name=draw(words.filter(str.strip)),
                definition=draw(words),
                inclusion=draw(words),
                exclusion=draw(words),
                examples=tuple(draw(st.lists(words, max_size=3))),
                parent=draw(st.none() | st.sampled_from(found[:at])) if at else None,
                colour=draw(st.none() | st.just("#2b6cb0")),
                memo=draw(words),
                domain=draw(st.none() | words),
            )
        )
    return Codebook(tuple(draw(st.permutations(codes))))


@pytest.mark.slow
@settings(max_examples=25)
@given(book=codebooks())
def test_codebook_comes_back_in_its_order(book):
    with tempfile.TemporaryDirectory() as folder:
        study = create(Path(folder) / "s.autocode")
        with study.writing() as connection:
            assert codebook_store.put_codes(connection, book) == len(book)
            assert codebook_store.put_codes(connection, book) == 0
        with study.reading() as connection:
            assert codebook_store.codebook(connection) == book
        study.close()


def test_code_known_by_id_is_updated_in_its_place(filled):
    with filled.writing() as connection:
        changed = codebook_store.put_codes(
            connection,
            [
                Code(id="new", name="New"),
                Code(id="wait", name="Waiting", definition="for a letter"),
            ],
        )
    with filled.reading() as connection:
        book = codebook_store.codebook(connection)
    assert changed == 2
    assert [code.id for code in book] == ["wait", "family", "new"]
    assert book.by_id["wait"].definition == "for a letter"


def test_parent_that_does_not_exist_is_refused_as_a_whole(filled):
    said = pytest.raises(InputError, match="'lost' names the parent 'nobody'")
    with said, filled.writing() as connection:
        codebook_store.put_codes(
            connection,
            [Code(id="fine", name="Fine"), Code(id="lost", name="Lost", parent="nobody")],
        )
    with filled.reading() as connection:
        assert [code.id for code in codebook_store.codebook(connection)] == ["wait", "family"]


def test_codings_come_back_by_place_code_and_coder(filled):
    made = [
        Coding(
            transcript="b",
            span=Span(0, 9),
            code="wait",
            coder="Jonas",
            made_at="2024-01-01T00:00:00+00:00",
            basis="imported",
            memo="why",
        ),
        Coding(
            transcript="a",
            span=Span(5, 9),
            code="family",
            coder="Amina",
            made_at="2024-01-02T00:00:00+00:00",
            basis="decision",
        ),
        Coding(
            transcript="a",
            span=Span(5, 9),
            code="wait",
            coder="Jonas",
            made_at="2024-01-02T00:00:00+00:00",
            basis="person",
        ),
        Coding(
            transcript="a",
            span=Span(5, 9),
            code="wait",
            coder="Amina",
            made_at="2024-01-02T00:00:00+00:00",
        ),
    ]
    with filled.writing() as connection:
        assert work.add_codings(connection, made) == 4
    with filled.reading() as connection:
        assert work.codings(connection) == [made[3], made[2], made[1], made[0]]
        assert work.coders(connection) == [Coder("Amina"), Coder("Jonas")]


def test_codings_that_are_there_already_are_not_counted(filled):
    one = Coding(
        transcript="a",
        span=Span(0, 9),
        code="wait",
        coder="Jonas",
        made_at="2024-01-01T00:00:00+00:00",
        memo="first",
    )
    again = Coding(
        transcript="a",
        span=Span(0, 9),
        code="wait",
        coder="Jonas",
        made_at="2025-01-01T00:00:00+00:00",
        memo="second",
    )
    other = Coding(
        transcript="a",
        span=Span(0, 8),
        code="wait",
        coder="Jonas",
        made_at="2025-01-01T00:00:00+00:00",
    )
    with filled.writing() as connection:
        assert work.add_codings(connection, [one]) == 1
        assert work.add_codings(connection, [again, other]) == 1
        assert work.add_codings(connection, []) == 0
    with filled.reading() as connection:
        assert work.codings(connection) == [other, one]


def test_coding_without_a_time_gets_one(filled):
    with filled.writing() as connection:
        work.add_codings(
            connection, [Coding(transcript="a", span=Span(0, 9), code="wait", coder="Jonas")]
        )
    with filled.reading() as connection:
        assert work.codings(connection)[0].made_at.endswith("+00:00")


def test_readings_come_back_once_each(filled):
    made = [Reading("b", Span(0, 9), "Jonas"), Reading("a", Span(0, 9), "Jonas")]
    with filled.writing() as connection:
        assert work.add_readings(connection, made) == 2
        assert work.add_readings(connection, made) == 0
    with filled.reading() as connection:
        assert work.readings(connection) == [made[1], made[0]]
        assert work.codings(connection) == []


def test_a_machine_stays_a_machine(study):
    with study.writing() as connection:
        key = work.coder_id(connection, Coder("bot", "machine"))
        assert work.coder_id(connection, Coder("bot")) == key
        assert work.coders(connection) == [Coder("bot", "machine")]


def test_memos_come_back_oldest_first(study):
    made = [
        Memo(
            about="study", subject="", text="zebra", coder=None, made_at="2024-01-01T00:00:00+00:00"
        ),
        Memo(
            about="code",
            subject="wait",
            text="aardvark 😀",
            coder="Amina",
            made_at="2023-01-01T00:00:00+00:00",
        ),
    ]
    with study.writing() as connection:
        for memo in made:
            work.add_memo(connection, memo)
    with study.reading() as connection:
        assert work.memos(connection) == made


def test_a_codebook_that_was_read_before_is_made_anew_after_any_change(filled):
    """Also after one that leaves the codes equal: `revision` and `archived` are no part of that."""
    with filled.writing() as connection:
        before = codebook_store.codebook(connection)
        assert codebook_store.codebook(connection) is before
        connection.exec_driver_sql(
            "UPDATE codes SET archived = 1, revision = 7 WHERE code = 'wait'"
        )
        after = codebook_store.codebook(connection)
        assert after == before
        assert (after.by_id["wait"].archived, after.by_id["wait"].revision) == (True, 7)
        connection.exec_driver_sql("UPDATE codes SET position = -position")
        assert [code.id for code in codebook_store.codebook(connection)] == ["family", "wait"]


def test_texts_of_some_transcripts_are_theirs_alone(filled):
    with filled.reading() as connection:
        every = transcript_store.texts(connection)
        assert transcript_store.texts(connection, ["b", "none"]) == {"b": every["b"]}
        assert transcript_store.texts(connection, []) == {}
    assert list(every) == ["a", "b"]


def test_codings_that_come_in_together_have_one_time(filled, monkeypatch):
    """By these times it is told what was coded last: a slow import must not order transcripts."""
    times = iter(f"2026-01-01T00:00:{second:02}+00:00" for second in range(60))
    monkeypatch.setattr(work, "now", lambda: next(times))
    made = [Coding(transcript=name, span=Span(0, 1), code="family", coder="Later") for name in "ab"]
    with filled.writing() as connection:
        assert work.add_codings(connection, made) == 2
        assert len({c.made_at for c in work.codings(connection) if c.coder == "Later"}) == 1
