from __future__ import annotations

import csv
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.core.codebook import Code, Codebook
from autocode.io.tables.codebook import MOST_LEVELS, codebook_to_rows, read_codebook
from autocode.io.tables.table import write_table
from autocode.project import exporting

COLUMNS = exporting.CODEBOOK_COLUMNS
WORDS = st.text(
    st.one_of(st.characters(codec="utf-8", exclude_categories=["Cc"]), st.sampled_from("\n=+-@'")),
    max_size=12,
).map(str.strip)
LINES = WORDS.map(lambda words: " ".join(words.split()))
CODES = st.builds(
    Code,
    id=st.just("x"),
    name=LINES.filter(bool),
    definition=WORDS,
    inclusion=WORDS,
    exclusion=WORDS,
    examples=st.lists(LINES.filter(bool), max_size=2).map(tuple),
    colour=st.sampled_from([None, "#2b6cb0"]),
    memo=WORDS,
)


@st.composite
def codebooks(draw):
    ids = draw(st.lists(LINES.filter(bool), max_size=5, unique=True))
    codes = []
    for n, code_id in enumerate(ids):
        code = draw(CODES)
        parent = draw(st.sampled_from([None, *ids[:n]]))
        codes.append(
            Code(
                id=code_id,
                name=code.name,
                definition=code.definition,
                inclusion=code.inclusion,
                exclusion=code.exclusion,
                examples=code.examples,
                parent=parent,
                colour=code.colour,
                memo=code.memo,
            )
        )
    return Codebook(tuple(codes))


def reread(path, codebook):
    write_table(path, COLUMNS, codebook_to_rows(codebook))
    return read_codebook(path)


def test_read_codebook_reads_every_column(write):
    path = write(
        "a.csv",
        "Code,Name,Description,Include,Exclude,Examples,Parent,Color,Notes,Domain\n"
        "access,Getting in,,,,,,,,\n"
        'wait,Waiting,long,lists,phone,"one\n two ",access,#2b6cb0,m,q1\n',
    )
    assert read_codebook(path).codes[1] == Code(
        id="wait",
        name="Waiting",
        definition="long",
        inclusion="lists",
        exclusion="phone",
        examples=("one", "two"),
        parent="access",
        colour="#2b6cb0",
        memo="m",
        domain="q1",
    )


def test_read_codebook_finds_a_parent_by_its_name(write):
    path = write("a.csv", "code,name,parent\nw,Waiting,getting in\na,Getting in,\n")
    assert read_codebook(path).by_id["w"].parent == "a"


def test_read_codebook_takes_the_name_for_the_id(write):
    assert read_codebook(write("a.csv", "name\nTrust\n")).codes == (Code(id="Trust", name="Trust"),)


def test_read_codebook_reads_the_example(example):
    with (example / "codebook.csv").open(encoding="utf-8", newline="") as stream:
        ids = [row["code"] for row in csv.DictReader(stream)]
    assert [code.id for code in read_codebook(example / "codebook.csv")] == ids


@pytest.mark.parametrize(
    ("content", "place", "fault"),
    [
        ("colour,definition\n#fff,x\n", "line 1", "no column 'code' (columns: colour, definition)"),
        ("code,name\na,A\nb,B\na,C\n", "line 4", "code 'a' is already on line 2"),
        ("code,name\na,A\n,,\n ,  \n", None, None),
        ("code,name,definition\na,A,\n,,orphan\n", "line 3", "without id and name"),
        ("code,name,parent\na,A,\nb,B,nobody\n", "line 3", "parent 'nobody' of 'b'"),
        ("code,parent\na,b\nb,a\n", "line 2", "each other's parents"),
        (
            "code,definition\na,one\nb,\na,two\n",
            "line 4",
            "already on line 2 with another definition",
        ),
        ("code,parent\na,x\na,y\nb,a\n", "line 4", "parent 'a' is the name of 2 codes"),
        ("code,name\n", None, "no codes"),
    ],
    ids=[
        "no column",
        "repeated",
        "blank rows",
        "nameless",
        "parent",
        "circle",
        "two meanings",
        "two parents",
        "header only",
    ],
)
def test_read_codebook_refuses_what_is_unsound(write, refusal, content, place, fault):
    path = write("a.csv", content)
    if fault is None:
        assert len(read_codebook(path)) == 1
        return
    facts = refusal(path, read_codebook)
    assert facts["place"] == place
    assert fault in facts["fault"]


@given(codebooks())
def test_codebook_comes_back_from_csv(tmp_path_factory, codebook):
    if len(codebook):
        assert reread(tmp_path_factory.getbasetemp() / "any.csv", codebook) == codebook


def test_codebook_comes_back_from_csv_with_its_domains(tmp_path):
    codebook = Codebook((Code(id="a", name="A", domain="question 1"),))
    path = tmp_path / "a.csv"
    rows = list(codebook_to_rows(codebook))
    write_table(path, [*rows[0]], rows)
    assert read_codebook(path) == codebook


@pytest.mark.parametrize("words", ["=SUM(A1)", "+1", "-yes", "@ann", "'tis", "'-tis", "''=x"])
@pytest.mark.parametrize("field", ["id", "name", "definition", "memo"])
def test_codebook_comes_back_from_csv_with_formulas(tmp_path, field, words):
    codebook = Codebook((Code(**{"id": "a", "name": "A"} | {field: words}),))
    assert reread(tmp_path / "a.csv", codebook) == codebook


def nested(n_levels):
    rows = "".join(f"c{n},c{n - 1}\n" for n in range(1, n_levels))
    return f"code,parent\nc0,\n{rows}"


def test_read_codebook_takes_codes_nested_to_the_limit(write):
    assert read_codebook(write("a.csv", nested(MOST_LEVELS))).n_levels == MOST_LEVELS


def test_read_codebook_refuses_codes_nested_deeper(write, refusal):
    started = time.process_time()
    facts = refusal(write("a.csv", nested(3000)), read_codebook)
    assert "3000 levels deep, more than the limit of 100" in facts["fault"]
    assert time.process_time() - started < 5  # seconds; it took 47 when each code was walked up
