"""Every format gives the same rows; what is wrong with an input is said in one line."""

from __future__ import annotations

import csv
import gzip
import json

import pyarrow as pa
import pyarrow.parquet
import pytest

from autocode.bulk import table_readers
from autocode.bulk.options import BulkOptions
from autocode.bulk.partitions import cut_partitions
from autocode.bulk.read_input import read_tables
from autocode.bulk.run import draft_corpus
from autocode.core.errors import AutocodeError, FileRefused, InputError, NothingToDo
from autocode.encode.hashing import HashEncoder

ROWS = [
    {"text": "First, with a comma", "who": "Ann", "wave": "1"},
    {"text": "Second\nwith a line", "who": "Ben", "wave": "2"},
    {"text": "Thïrd “quoted”", "who": "Ann", "wave": "1"},
]
OPTIONS = BulkOptions(group_column="who", keep=("wave",))


def read(path, options=OPTIONS):
    return [row for table in read_tables(path, options) for row in table.to_pylist()]


def write_csv(path, delimiter=","):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["who", "text", "other", "wave"], delimiter=delimiter)
        writer.writeheader()
        writer.writerows({**row, "other": "="} for row in ROWS)


def write_lines(path):
    path.write_text("".join(json.dumps({**row, "x": [1]}) + "\n" for row in ROWS), "utf-8")


def write_parquet(path):
    table = pa.Table.from_pylist([{**row, "x": 1} for row in ROWS])
    pa.parquet.write_table(table, path, row_group_size=1)


def write_packed(path):
    unpacked = path.with_suffix("")
    WRITERS[unpacked.name](unpacked)
    path.write_bytes(gzip.compress(unpacked.read_bytes()))
    unpacked.unlink()


WRITERS = {
    "in.csv": write_csv,
    "in.tsv": lambda path: write_csv(path, "\t"),
    "in.jsonl": write_lines,
    "in.ndjson": write_lines,
    "in.parquet": write_parquet,
    "in.csv.gz": write_packed,
    "in.tsv.gz": write_packed,
    "in.jsonl.gz": write_packed,
}


@pytest.mark.parametrize("name", WRITERS)
def test_formats_give_the_same_rows(name, tmp_path):
    WRITERS[name](tmp_path / name)
    assert read(tmp_path / name) == ROWS


@pytest.mark.parametrize("name", WRITERS)
def test_a_missing_column_is_named_with_those_that_exist(name, tmp_path):
    WRITERS[name](tmp_path / name)
    with pytest.raises(FileRefused, match=r"no column 'answer' \(it has: .*who.*--text-column"):
        read(tmp_path / name, BulkOptions(text_column="answer"))
    with pytest.raises(FileRefused, match=r"no column 'age'.*--group-column, .* or --keep"):
        read(tmp_path / name, BulkOptions(keep=("age",)))


def test_a_folder_of_files_is_read_in_the_order_of_names(tmp_path):
    for name, row in zip("bac", ROWS, strict=True):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row))
    assert [row["text"] for row in read(tmp_path)] == [ROWS[at]["text"] for at in (1, 0, 2)]
    (tmp_path / "d.csv").write_text("text\nx\n")
    with pytest.raises(FileRefused, match=r"several kinds \(\.csv, \.jsonl\)"):
        read(tmp_path)


def test_text_files_are_a_row_each_and_lines_of_one_file_too(tmp_path):
    (tmp_path / "b.txt").write_text("second\nfile")
    (tmp_path / "a.txt").write_text("first")
    options = BulkOptions(group_column="file")
    assert read(tmp_path, options) == [
        {"text": "first", "file": "a.txt"},
        {"text": "second\nfile", "file": "b.txt"},
    ]
    assert read(tmp_path / "b.txt", BulkOptions()) == [{"text": "second"}, {"text": "file"}]


def test_packed_text_files_are_a_row_each(tmp_path):
    for name in "ba":
        (tmp_path / f"{name}.txt.gz").write_bytes(gzip.compress(f"{name}\nmore".encode()))
    assert [row["text"] for row in read(tmp_path, BulkOptions())] == ["a\nmore", "b\nmore"]


def test_a_folder_of_folders_says_so(tmp_path):
    (tmp_path / "wave=1").mkdir()
    with pytest.raises(NothingToDo, match=r"holds no files\. Name one of the folders in it"):
        read(tmp_path)


@pytest.mark.slow
def test_a_saved_data_set_is_read(tmp_path):
    import datasets

    datasets.Dataset.from_list(ROWS).save_to_disk(str(tmp_path / "one"))
    datasets.DatasetDict({"a": datasets.Dataset.from_list(ROWS)}).save_to_disk(str(tmp_path / "m"))
    assert read(tmp_path / "one") == read(tmp_path / "m") == ROWS


def damage_parquet(path):
    write_parquet(path)
    path.write_bytes(path.read_bytes()[:-40])


def damage_middle(path):
    pa.parquet.write_table(pa.table({"text": [f"word {n}" * 9 for n in range(4000)]}), path)
    raw = bytearray(path.read_bytes())
    raw[200:2000] = bytes(1800)
    path.write_bytes(raw)


def write_bytes(path):
    column = pa.array([b"caf\xe9"]).view(pa.string())
    pa.parquet.write_table(pa.table({"text": column}), path)


FAULTS = {
    "gone.parquet": (lambda path: None, "no such file"),
    "cut.parquet": (damage_parquet, "damaged or cut short"),
    "holes.parquet": (damage_middle, "damaged or cut short|cannot be read"),
    "numbers.parquet": (
        lambda path: pa.parquet.write_table(pa.table({"text": [1, 2]}), path),
        "holds int64, not text",
    ),
    "mixed.jsonl": (
        lambda path: path.write_text('{"text": "a"}\n{"text": 5}\n'),
        "line 2.*holds int, not text",
    ),
    "list.jsonl": (lambda path: path.write_text('{"text": "a"}\n[1]\n'), "line 2.*no JSON object"),
    "cut.jsonl": (lambda path: path.write_text('{"text": "a"}\n{"tex'), "line 2.*no JSON object"),
    "short.csv": (
        lambda path: path.write_text('text,b\n"x\nx",1\n\ny\n'),
        r"short\.csv, line 5: is damaged or cut short \(values expected: 2, found: 1\)",
    ),
    "open.csv": (
        lambda path: path.write_text('text,b\nx,1\n"y,2\n' + "z,3\n" * 50_000),
        "line 3: .*quotation mark that is not closed",
    ),
    "cut.csv.gz": (
        lambda path: path.write_bytes(gzip.compress(b"text\n" + b"we wait\n" * 9)[:-9]),
        "damaged or cut short",
    ),
    "plain.jsonl.gz": (lambda path: path.write_text('{"text": "a"}'), "damaged or cut short"),
    "in.zip": (lambda path: path.write_bytes(b"PK"), r"zip://NAME\.csv::ARCHIVE\.zip"),
    "latin.txt": (lambda path: path.write_bytes(b"caf\xe9\n"), "not in UTF-8"),
    "half.jsonl": (
        lambda path: path.write_text('{"text": "a"}\n{"text": "\\ud83d"}\n'),
        "line 2.*half a character",
    ),
    "deep.jsonl": (lambda path: path.write_text('{"text": ' + "[" * 100_000), "no JSON object"),
    "bytes.parquet": (lambda path: write_bytes(path), "'text' is not in UTF-8"),
    "study.docx": (lambda path: path.write_bytes(b"PK"), "can be read in pieces"),
    "long.jsonl": (
        lambda path: path.write_text('{"text": "a"}\n{"text": "' + "x" * 10_000_000 + '"}'),
        r"row 1: a text of 10\.0 million characters",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_one_line(name, tmp_path):
    write, words = FAULTS[name]
    write(tmp_path / name)
    with pytest.raises(AutocodeError, match=words) as caught:
        read(tmp_path / name, BulkOptions())
    assert "\n" not in str(caught.value)
    assert name in str(caught.value)


@pytest.mark.parametrize("kind", [pa.dictionary(pa.int32(), pa.string()), pa.string_view()])
def test_nulls_and_categories_are_texts(tmp_path, kind):
    column = pa.array(["a", None, "a"]).cast(kind)
    pa.parquet.write_table(pa.table({"text": column}), tmp_path / "in.parquet")
    assert read(tmp_path / "in.parquet", BulkOptions()) == [
        {"text": "a"}, {"text": None}, {"text": "a"}
    ]  # fmt: skip


def test_a_column_of_the_output_cannot_be_carried_along():
    with pytest.raises(InputError, match="'theme' cannot be carried"):
        BulkOptions(keep=("theme",))


def test_files_are_read_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(table_readers, "_PIECE", 2)
    WRITERS["in.jsonl"](tmp_path / "in.jsonl")
    assert [t.num_rows for t in read_tables(tmp_path / "in.jsonl", OPTIONS)] == [2, 1]


@pytest.mark.parametrize("column", [[["a"]], [{"a": 1}]])
@pytest.mark.parametrize("options", [{"keep": ("k",)}, {"group_column": "k"}])
def test_a_column_that_is_no_text_cannot_be_carried_along(tmp_path, column, options):
    pa.parquet.write_table(pa.table({"text": ["a"], "k": column}), tmp_path / "in.parquet")
    with pytest.raises(FileRefused, match=r"in\.parquet: the column 'k' holds .*no text"):
        read(tmp_path / "in.parquet", BulkOptions(**options))


def test_files_of_a_folder_hold_the_same_kinds(tmp_path):
    for name, values in (("a", [None]), ("b", [1, 2]), ("c", [3.0, None])):
        table = pa.table({"text": ["x"] * len(values), "k": values})
        pa.parquet.write_table(table, tmp_path / f"{name}.parquet")
    options = BulkOptions(keep=("k",))
    cut_partitions(read_tables(tmp_path, options), tmp_path / "out", options)
    assert [row["k"] for row in read(tmp_path, options)] == [None, 1, 2, 3, None]
    pa.parquet.write_table(pa.table({"text": ["x"], "k": [1.5]}), tmp_path / "d.parquet")
    with pytest.raises(FileRefused, match=r"d\.parquet: the column 'k' holds double, and int64"):
        read(tmp_path, options)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("state.json", "{"),
        ("state.json", '{"_data_files": [{}]}'),
        ("state.json", '{"_data_files": [{"filename": "../a.arrow"}]}'),
        ("state.json", '{"_data_files": [{"filename": "/a.arrow"}]}'),
        ("dataset_dict.json", "[]"),
        ("dataset_dict.json", '{"splits": [".."]}'),
    ],
)
def test_a_damaged_data_set_is_one_line(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    with pytest.raises(FileRefused, match=f"{name}: does not name the parts"):
        read(tmp_path, BulkOptions())


def test_text_files_are_those_of_the_folder_whatever_their_ending(tmp_path):
    (tmp_path / "A.TXT").write_text("first")
    (tmp_path / "b.txt").write_text("second")
    (tmp_path / "_c.txt").write_text("left out")
    (tmp_path / ".d.txt").write_text("left out")
    assert [row["text"] for row in read(tmp_path, BulkOptions())] == ["first", "second"]
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    with pytest.raises(FileRefused, match=r"latin\.txt: is not in UTF-8"):
        read(tmp_path, BulkOptions())


def test_a_column_that_is_there_twice_is_refused(tmp_path):
    table = pa.table([["a"], ["b"]], names=["text", "text"])
    pa.parquet.write_table(table, tmp_path / "in.parquet")
    (tmp_path / "in.csv").write_text("text,who,text\na,b,c\n")
    for name in ("in.parquet", "in.csv"):
        with pytest.raises(FileRefused, match=r"in\.\w+: has several columns 'text'\. Rename"):
            read(tmp_path / name, BulkOptions())


def test_a_group_that_is_no_number_is_nobody(tmp_path):
    table = pa.table({"text": ["a", "b"], "who": [1.5, float("nan")]})
    pa.parquet.write_table(table, tmp_path / "in.parquet")
    rows = read(tmp_path / "in.parquet", BulkOptions(group_column="who"))
    assert [row["who"] for row in rows] == ["1.5", None]


def test_an_input_without_rows_is_named_and_nothing_is_written(tmp_path):
    pa.parquet.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "a.parquet")
    with pytest.raises(NothingToDo, match=r"a\.parquet holds no rows"):
        draft_corpus(tmp_path / "a.parquet", tmp_path / "out", HashEncoder())
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("without", [1, 2, 3])
def test_a_column_without_values_in_some_files_has_one_type_in_the_output(tmp_path, without):
    """What reads the output takes the type of a column from its first part."""
    folder, none = tmp_path / "in", pa.nulls(2)
    folder.mkdir()
    for number in range(4):
        wave = none if number < without or number == 3 else pa.array([1, 2])
        table = pa.table({"text": ["we wait", "they sing"], "wave": wave})
        pa.parquet.write_table(table, folder / f"{number}.parquet")
    tables = list(read_tables(folder, BulkOptions(keep=("wave",))))
    kind = pa.null() if without == 3 else pa.int64()
    assert [table.schema.field("wave").type for table in tables] == [kind] * 4
    assert sum(table["wave"].null_count for table in tables) == 2 * (without + 1)


def test_a_heading_may_go_over_several_lines(tmp_path):
    """As the questions of a survey do."""
    path = tmp_path / "in.csv"
    path.write_text('id,"Q1\nPlease explain",who\n7,"We wait\nand wait",Ann\n', encoding="utf-8")
    options = BulkOptions(text_column="Q1\nPlease explain", keep=("id", "who"))
    assert read(path, options) == [
        {"Q1\nPlease explain": "We wait\nand wait", "id": "7", "who": "Ann"}
    ]


def test_a_heading_that_does_not_end_is_said(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text('text,"who\n' + "We wait,Ann\n" * 20_000, encoding="utf-8")
    with pytest.raises(FileRefused, match=r"headings that cannot be read .* not closed"):
        read(path, BulkOptions())
