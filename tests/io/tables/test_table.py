from __future__ import annotations

import csv
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.core.codebook import Code, Codebook
from autocode.core.errors import FileRefused
from autocode.io.tables.table import (
    codebook_rows,
    read_codebook,
    read_table,
    table_kind,
    write_table,
)
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
    write_table(path, COLUMNS, codebook_rows(codebook))
    return read_codebook(path)


def test_read_table_gives_rows_with_their_lines(write):
    path = write("a.csv", ' Code ,NAME\na,"one\ntwo"\n,\nb,"say ""no"""\n')
    table = read_table(path)
    assert table.columns == ("code", "name")
    assert [dict(row.cells) for row in table.rows] == [
        {"code": "a", "name": "one\ntwo"},
        {"code": "b", "name": 'say "no"'},
    ]
    assert table.rows[-1].line == 5


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_read_table_knows_the_delimiter(write, delimiter):
    path = write("a.csv", f"code{delimiter}name\na{delimiter}A\n")
    assert read_table(path).rows[0].cells == {"code": "a", "name": "A"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_read_table_takes_what_excel_writes(write, encoding):
    path = write("a.csv", "code;definition\r\na;“Café” – it’s so\r\n", encoding)
    assert read_table(path).rows[0].cells == {"code": "a", "definition": "“Café” – it’s so"}


def test_read_table_unpacks_gz(write):
    path = write("a.csv.gz", gzip.compress(b"code,name\na,A\n"))
    assert read_table(path).rows[0].cells["name"] == "A"


def test_read_table_takes_long_cells(write):
    assert (
        len(read_table(write("a.csv", f"code\n{'x' * 200_000}\n")).rows[0].get("code")) == 200_000
    )


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_read_table_refuses_an_empty_file(write, refusal, content):
    assert "empty" in refusal(write("a.csv", content), read_table)["fault"]


def test_read_table_refuses_a_file_of_nothing_but_a_mark(write, refusal):
    facts = refusal(write("a.csv", b"\xef\xbb\xbf"), read_table)
    assert "()" not in facts["fault"]
    assert facts["place"] != "line 0"


def test_read_table_refuses_broken_quotes_with_their_line(write, refusal):
    facts = refusal(write("a.csv", 'code,name\na,A\nb,"B" x\n'), read_table)
    assert facts["place"] == "line 3"


def test_read_table_refuses_a_repeated_column(write, refusal):
    facts = refusal(write("a.csv", "code,Name,name\n"), read_table)
    assert facts["place"] == "line 1"
    assert "'name' twice" in facts["fault"]


def test_read_table_refuses_more_cells_than_columns(write, refusal):
    path = write("a.csv", "code,name,definition\na,A,I agree\nb,B,I trust, mostly\n")
    assert refusal(path, read_table)["place"] == "line 3"


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("code,name,parent", "codebook"),
        ("tag,description,number of highlights", "codebook"),
        ("Code;Comment;Code Group 1", "codebook"),
        ("transcript,excerpt,coder,code,memo", "codings"),
        ('"transcript","start","end","coder","code"', "codings"),
        ("transcript,code,start,end", "codings"),
        ("case,transcript,speaker,role", "cases"),
        ("participant,age", "cases"),
        ("colour,shape", None),
    ],
)
def test_table_kind_goes_by_the_columns(write, header, kind):
    assert table_kind(write("a.csv", f"{header}\n")) == kind


@pytest.mark.parametrize(
    "columns",
    [exporting.SUGGESTION_COLUMNS, exporting.DECISION_COLUMNS, exporting.THEME_COLUMNS],
    ids=["suggestions", "decisions", "themes"],
)
def test_table_kind_takes_no_other_export_of_ours_for_data(write, columns):
    assert table_kind(write("a.csv", f"{','.join(columns)}\n")) is None


@pytest.mark.parametrize(
    "header",
    [
        "id,document,tag,content",
        "transcript,excerpt,code",
        "Number;Reference;Name;Text Content;Document;Codes;Number of Codes;Comment",
    ],
    ids=["taguette highlights", "codings without a coder", "atlas.ti quotations"],
)
def test_table_kind_takes_no_coded_words_for_a_codebook(write, header):
    assert table_kind(write("a.csv", f"{header}\n")) != "codebook"


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
        ("code,parent\na,\nb,nobody\n", "line 3", "parent 'nobody' of 'b'"),
        ("code,parent\na,b\nb,a\n", None, "each other's parents"),
        ("code,name\n", None, "no codes"),
    ],
    ids=["no column", "repeated", "blank rows", "nameless", "parent", "circle", "header only"],
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
    rows = list(codebook_rows(codebook))
    write_table(path, [*rows[0]], rows)
    assert read_codebook(path) == codebook


@pytest.mark.parametrize("words", ["=SUM(A1)", "+1", "-yes", "@ann", "'tis", "'-tis", "''=x"])
@pytest.mark.parametrize("field", ["id", "name", "definition", "memo"])
def test_codebook_comes_back_from_csv_with_formulas(tmp_path, field, words):
    codebook = Codebook((Code(**{"id": "a", "name": "A"} | {field: words}),))
    assert reread(tmp_path / "a.csv", codebook) == codebook


@pytest.mark.parametrize("words", ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\tx"])
def test_write_table_writes_nothing_a_spreadsheet_would_run(tmp_path, words):
    write_table(tmp_path / "a.csv", ["a"], [{"a": words}])
    with (tmp_path / "a.csv").open(newline="") as stream:
        assert list(csv.reader(stream)) == [["a"], [f"'{words}"]]


def test_write_table_writes_numbers_as_they_are(tmp_path):
    n_rows = write_table(tmp_path / "a.csv", ["a", "b"], [{"a": -1, "c": "x"}, {"a": None}])
    assert (tmp_path / "a.csv").read_bytes() == b"a,b\r\n-1,\r\n,\r\n"
    assert n_rows == 2


def test_write_table_refuses_a_place_it_cannot_write(write):
    path = write("a.txt", "x") / "b.csv"
    with pytest.raises(FileRefused, match=r"cannot be written"):
        write_table(path, ["a"], [])
