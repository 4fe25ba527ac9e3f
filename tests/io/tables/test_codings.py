from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Coding, Reading
from autocode.core.transcript import Segment, Span
from autocode.io.tables.codings import CODING_COLUMNS, codings_to_rows, read_codings
from autocode.io.tables.table import write_table

TEXT = "Ann: It rained 👋 and  it\nrained. שלום e\u0301 so.\n"
TEXTS = {"one": TEXT, "two": "Ben: yes"}
BOOK = Codebook((Code(id="rain", name="Rain"), Code(id="trust", name="Trust")))
HEAD = "transcript,start,end,excerpt,coder,code,memo\n"


@pytest.fixture
def codings(write):
    return lambda rows: read_codings(write("a.csv", HEAD + rows), TEXTS, BOOK)


def test_read_codings_takes_offsets(codings):
    assert codings("one,5,14,,Amina,rain,m\n").codings == (
        Coding(transcript="one", span=Span(5, 14), code="rain", coder="Amina", memo="m"),
    )


@pytest.mark.parametrize(
    ("excerpt", "words"),
    [
        ("It rained", "It rained"),
        ("and it rained.", "and  it\nrained."),
        ('"and it\n  rained."', "and  it\nrained."),
        ("rained 👋", "rained 👋"),
        ("שלום e\u0301", "שלום e\u0301"),
        ("so.", "so."),
    ],
)
def test_read_codings_anchors_an_excerpt(codings, excerpt, words):
    span = codings(f"one,,,{excerpt},Amina,rain,\n").codings[0].span
    assert span.of(TEXT) == words


def test_read_codings_anchors_an_excerpt_over_the_names_between(write):
    text = "Ann: It rained.\nBen: Ben did?\nAnn: Yes.\n"
    turns = {"t": [Span(5, 15), Span(21, 29), Span(35, 39)]}
    path = write(
        "a.csv", 'transcript,excerpt,coder,code\nt,"rained.\nBen did?",A,rain\nt,Ben,A,rain\n'
    )
    spans = [c.span for c in read_codings(path, {"t": text}, BOOK, turns=turns).codings]
    assert [span.of(text) for span in spans] == ["rained.\nBen: Ben did?", "Ben"]
    assert spans[1] == Span(21, 24)  # the word that was said, not the label


@given(st.data())
def test_read_codings_anchors_any_words(tmp_path_factory, data):
    letters = st.text(st.sampled_from("ab \n\t\u00a0👋e\u0301ש-="), min_size=1, max_size=30)
    text = data.draw(letters)
    start = data.draw(st.integers(0, len(text) - 1))
    excerpt = text[start : data.draw(st.integers(start + 1, len(text)))].strip()
    folded = " ".join(text.split())
    wanted = " ".join(excerpt.split())
    once = sum(folded.startswith(wanted, at) for at in range(len(folded))) == 1
    if not (wanted and once):
        return
    path = tmp_path_factory.getbasetemp() / "any.csv"
    row = {"transcript": "t", "excerpt": excerpt, "coder": "A", "code": "rain"}
    write_table(path, [*row], [row])
    span = read_codings(path, {"t": text}, BOOK).codings[0].span
    assert " ".join(span.of(text).split()) == wanted
    assert span.of(text) == span.of(text).strip()


def test_read_codings_finds_codes_by_name_and_transcripts_in_any_case(codings):
    coding = codings("ONE,5,14,,Amina,TRUST,\n").codings[0]
    assert (coding.transcript, coding.code) == ("one", "trust")


def test_read_codings_takes_a_row_without_code_for_a_reading(codings):
    table = codings("one,,,,Amina,,\none,5,14,,Jonas,,\n")
    assert table.codings == ()
    assert table.readings == (
        Reading("one", Span(0, len(TEXT)), "Amina"),
        Reading("one", Span(5, 14), "Jonas"),
    )


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("one,5,14,,,rain,", "no coder"),
        ("ome,5,14,,Amina,rain,", "No transcript 'ome'"),
        ("one,5,14,,Amina,trsut,", "No code 'trsut'"),
        ("one,5,14,,Amina,qqqq,", "No code 'qqqq'"),
        ("one,,,,Amina,rain,", "a code without a span"),
        ("one,5,,,Amina,rain,", "are no numbers"),
        ("one,a,b,,Amina,rain,", "are no numbers"),
        ("one,-1,4,,Amina,rain,", "are no numbers"),
        (f"one,5,{'9' * 5000},,Amina,rain,", "are no numbers"),
        ("one,5,5,,Amina,rain,", "does not fit"),
        ("one,9,5,,Amina,rain,", "does not fit"),
        ("one,5,999,,Amina,rain,", "does not fit"),
        ("one,,,rained,Amina,rain,", "occurs 2 times"),
        ("one,,,it snowed,Amina,rain,", "does not occur"),
        ('one,,,"it\nsnowed",Amina,rain,', "does not occur"),
        ('"on\ne",5,14,,Amina,rain,', "No transcript"),
    ],
)
def test_read_codings_refuses_what_does_not_fit(write, refusal, row, fault):
    path = write("a.csv", f"{HEAD}two,0,3,,Amina,rain,\n{row}\n")
    facts = refusal(path, read_codings, TEXTS, BOOK)
    assert fault in facts["fault"]
    assert facts["place"] == f"line {3 + row.count(chr(10))}"


@pytest.mark.parametrize("code", ["trsut", "qqqq"])
def test_read_codings_ends_each_sentence_of_a_refusal_once(write, refusal, code):
    path = write("a.csv", f"{HEAD}one,5,14,,Amina,{code},\n")
    assert not re.search(r"[.?]\.", refusal(path, read_codings, TEXTS, BOOK)["remedy"])


@pytest.mark.parametrize("missing", ["transcript", "coder", "code"])
def test_read_codings_refuses_a_missing_column(write, refusal, missing):
    columns = [c for c in ("transcript", "coder", "code", "excerpt") if c != missing]
    facts = refusal(write("a.csv", f"{','.join(columns)}\n"), read_codings, TEXTS, BOOK)
    assert facts["place"] == "line 1"
    assert f"no column '{missing}'" in facts["fault"]
    assert f"'{missing}'" in facts["remedy"]


def written(path, codings, texts=TEXTS):
    write_table(path, CODING_COLUMNS, codings_to_rows(codings, [], texts, BOOK))
    return read_codings(path, texts, BOOK).codings


@given(st.integers(0, len(TEXT) - 1).flatmap(
    lambda start: st.tuples(st.just(start), st.integers(start + 1, len(TEXT)))
))  # fmt: skip
def test_codings_come_back_from_csv(tmp_path_factory, bounds):
    coding = Coding(
        transcript="one",
        span=Span(*bounds),
        code="rain",
        coder="Amina",
        made_at="2024-05-01T10:00:00Z",
        memo="=so",
    )
    path = tmp_path_factory.getbasetemp() / "codings.csv"
    assert written(path, [coding]) == (coding,)


def test_codings_come_back_from_csv_with_a_handle_for_a_name(tmp_path):
    coding = Coding(transcript="-one", span=Span(0, 3), code="rain", coder="@amina")
    assert written(tmp_path / "a.csv", [coding], {"-one": TEXT}) == (coding,)


def test_coding_rows_say_who_said_the_words():
    segments = [
        Segment(transcript="one", span=Span(5, 30), excerpt="", speaker="Ann"),
        Segment(transcript="two", span=Span(5, 8), excerpt="", speaker="Ben"),
    ]
    work = [
        Coding(transcript="one", span=Span(5, 14), code="rain", coder="Amina"),
        Coding(transcript="two", span=Span(0, 3), code="rain", coder="Amina"),
    ]
    rows = list(codings_to_rows(work, segments, TEXTS, BOOK))
    assert [(r["excerpt"], r["speaker"], r["code_name"]) for r in rows] == [
        ("It rained", "Ann", "Rain"),
        ("Ben", "", "Rain"),
    ]
