"""A corpus in draft themes: every row once, the same however the work was cut, stopped or fed."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from autocode.bulk.options import BulkOptions
from autocode.bulk.partitions import cut_partitions
from autocode.bulk.run import draft_corpus
from autocode.bulk.theme_nodes import read_node
from autocode.core.errors import FileRefused, InputError
from autocode.encode.hashing import HashEncoder
from autocode.linalg import unit_rows

from .support import FEW, digest_folder, make_rows, read_rows, write_parquet


class CountingEncoder(HashEncoder):
    """Counts the texts it encodes, and fails after so many calls."""

    def __init__(self, *, fails_at: int | None = None) -> None:
        super().__init__()
        self.n_texts, self.n_calls, self.fails_at = 0, 0, fails_at

    def encode(self, texts, **more):
        self.n_calls += 1
        if self.n_calls == self.fails_at:
            raise KeyboardInterrupt
        self.n_texts += len(texts)
        return super().encode(texts, **more)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    source = write_parquet(folder / "in.parquet", make_rows(400))
    return source, folder / "out", draft_corpus(source, folder / "out", HashEncoder(), FEW)


def test_every_row_has_a_theme_or_a_reason(corpus):
    source, folder, result = corpus
    rows = read_rows(folder)
    given = pq.read_table(source).to_pylist()
    assert [row["row"] for row in rows] == list(range(400))
    assert [row["wave"] for row in rows] == [row["wave"] for row in given]
    assert [row["group"] for row in rows] == [row["who"] for row in given]
    assert all((row["theme"] is None) == (row["reason"] is not None) for row in rows)
    assert all(not row["sub_theme"] or row["sub_theme"].startswith(row["theme"]) for row in rows)
    for theme in result.themes:
        held = [r for r in rows if f"{r['sub_theme'] or r['theme']}.".startswith(f"{theme.key}.")]
        assert theme.n_rows == len(held)
        assert theme.n_groups == len({row["group"] for row in held})
    assert result.n_unassigned == sum(row["theme"] is None for row in rows)


def test_themes_are_the_planted_ones(corpus):
    source, folder, result = corpus
    names = " ".join(" ".join(theme.terms) for theme in result.first_level)
    assert all(word in names for word in ("queue", "rent", "soil", "exams", "train"))
    texts = [row["text"] for row in pq.read_table(source).to_pylist()]
    of = {row["theme"] for row, text in zip(read_rows(folder), texts, strict=True) if "bus" in text}
    others = {row["theme"] for row, t in zip(read_rows(folder), texts, strict=True) if "rent" in t}
    assert of - {None}
    assert not (of & others) - {None}


def test_copies_are_counted(tmp_path):
    rows = make_rows(120)
    rows += [{**rows[0], "text": str(rows[0]["text"]).upper()}, rows[0]]
    result = draft_corpus(
        write_parquet(tmp_path / "in.parquet", rows), tmp_path / "out", HashEncoder(), FEW
    )
    out = read_rows(tmp_path / "out")
    assert out[0]["n_same"] == out[-1]["n_same"] == out[-2]["n_same"] >= 3
    assert out[0]["same_as"] == out[-1]["same_as"] == out[-2]["same_as"]
    assert all((row["n_same"] > 1) == (row["same_as"] is not None) for row in out)
    assert result.n_copies == len(rows) - result.n_distinct


def test_nothing_is_encoded_twice_and_the_output_is_the_same(corpus, tmp_path):
    source, folder, _ = corpus
    before = digest_folder(folder)
    encoder = CountingEncoder()
    draft_corpus(source, folder, encoder, FEW)
    assert encoder.n_texts == 0
    assert digest_folder(folder) == before


@pytest.mark.slow
@pytest.mark.parametrize("fails_at", [1, 2, 5])
def test_a_stopped_run_goes_on_where_it_was(corpus, tmp_path, fails_at):
    source, folder, _ = corpus
    stopped, going_on = CountingEncoder(fails_at=fails_at), CountingEncoder()
    with pytest.raises(KeyboardInterrupt):
        draft_corpus(source, tmp_path / "out", stopped, FEW)
    draft_corpus(source, tmp_path / "out", going_on, FEW)
    whole = CountingEncoder()
    draft_corpus(source, tmp_path / "other", whole, FEW)
    assert stopped.n_texts + going_on.n_texts == whole.n_texts
    assert digest_folder(tmp_path / "out") == digest_folder(folder)


@pytest.mark.parametrize("kind", ["vectors", "rows", "themes", "assigned"])
def test_a_damaged_file_is_made_again(corpus, tmp_path, kind):
    source, folder, _ = corpus
    draft_corpus(source, tmp_path / "out", HashEncoder(), FEW)
    damaged = min(p for p in (tmp_path / "out/work" / kind).iterdir() if p.suffix != ".sha256")
    damaged.write_bytes(damaged.read_bytes()[:-7])
    draft_corpus(source, tmp_path / "out", HashEncoder(), FEW)
    assert digest_folder(tmp_path / "out") == digest_folder(folder)


def test_themes_do_not_hang_on_the_order_or_the_cut(corpus, tmp_path):
    source, folder, result = corpus
    rows = pq.read_table(source).to_pylist()
    random.Random(1).shuffle(rows)
    shuffled = write_parquet(tmp_path / "in.parquet", rows)
    options = replace(FEW, partition_rows=37)
    again = draft_corpus(shuffled, tmp_path / "out", HashEncoder(), options)
    texts = [row["text"] for row in pq.read_table(source).to_pylist()]
    of = {
        text: (row["theme"], row["sub_theme"], row["strength"], row["reason"])
        for text, row in zip(texts, read_rows(folder), strict=True)
    }
    for given, row in zip(rows, read_rows(tmp_path / "out"), strict=True):
        assert (row["theme"], row["sub_theme"], row["strength"], row["reason"]) == of[given["text"]]
    assert [(t.key, t.name, t.n_rows) for t in again.themes] == [
        (t.key, t.name, t.n_rows) for t in result.themes
    ]


def test_rows_added_later_go_into_the_themes_that_are_there(corpus, tmp_path):
    source, _, _ = corpus
    rows = pq.read_table(source).to_pylist()
    draft_corpus(
        write_parquet(tmp_path / "a.parquet", rows[:270]), tmp_path / "out", HashEncoder(), FEW
    )
    before = read_rows(tmp_path / "out")
    encoder = CountingEncoder()
    later = draft_corpus(
        write_parquet(tmp_path / "a.parquet", rows), tmp_path / "out", encoder, FEW
    )
    after = read_rows(tmp_path / "out")
    kept = ("row", "theme", "sub_theme", "strength", "reason")
    assert [[row[k] for k in kept] for row in after[:270]] == [[r[k] for k in kept] for r in before]
    assert 0 < encoder.n_texts <= 130
    assert (later.fit.n_rows, later.fit.n_later) == (270, 130)
    assert later.fit.still_fits


def test_themes_of_another_input_are_said_to_be_its_themes(corpus, tmp_path):
    source, _, _ = corpus
    rows = pq.read_table(source).to_pylist()
    first, other = rows[:270], rows[270:]
    draft_corpus(write_parquet(tmp_path / "a.parquet", first), tmp_path / "out", HashEncoder(), FEW)
    for n_later, given, name in ((130, other, "b"), (0, first, "c"), (130, rows, "a")):
        path = write_parquet(tmp_path / f"{name}.parquet", given)
        fit = draft_corpus(path, tmp_path / "out", HashEncoder(), FEW).fit
        assert fit.n_later == n_later
        is_said = fit.describe().startswith("The themes were drafted from a.parquet. 130 rows")
        assert is_said is (name == "b")


def test_progress_is_told_within_a_partition(corpus, tmp_path):
    source, _, _ = corpus
    told = []

    class InSteps(HashEncoder):
        def encode(self, texts, *, progress=None):
            for done in range(0, len(texts) + 1, 10):
                progress("Encoding", done, len(texts))
            return super().encode(texts)

    def listen(stage, done, total):
        told.append((stage, done, total))

    draft_corpus(source, tmp_path / "out", InSteps(), FEW, progress=listen)
    encoding = [(done, total) for stage, done, total in told if stage == "Encoding"]
    assert len(encoding) > 20
    assert encoding == sorted(encoding)
    assert encoding[-1] == (400, 400)
    assert {total for _, total in encoding} == {400}
    assert encoding.count((400, 400)) == 1


@pytest.mark.slow
def test_what_is_unlike_the_themes_is_said_to_fit_no_more(corpus, tmp_path):
    source, _, _ = corpus
    rows = pq.read_table(source).to_pylist()[:270]
    draft_corpus(write_parquet(tmp_path / "a.parquet", rows), tmp_path / "out", HashEncoder(), FEW)
    strange = [{**row, "text": f"zxq{n} wvu{n * 7} kjh{n * 3}"} for n, row in enumerate(rows[:90])]
    source = write_parquet(tmp_path / "a.parquet", rows + strange)
    later = draft_corpus(source, tmp_path / "out", HashEncoder(), FEW)
    assert not later.fit.still_fits
    assert "--refit" in later.fit.describe()
    anew = draft_corpus(source, tmp_path / "out", HashEncoder(), replace(FEW, refit=True))
    assert anew.fit.n_later == 0
    assert anew.fit.n_rows == 360


def test_another_encoder_or_other_options_are_refused_for_the_same_themes(corpus, tmp_path):
    source, folder, _ = corpus
    before = digest_folder(folder / "work" / "themes")
    with pytest.raises(InputError, match="--refit"):
        draft_corpus(source, folder, HashEncoder(n_dimensions=32), FEW)
    with pytest.raises(InputError, match="split_from"):
        draft_corpus(source, folder, HashEncoder(), replace(FEW, split_from=200))
    draft_corpus(source, folder, HashEncoder(), FEW)
    assert digest_folder(folder / "work" / "themes") == before


def test_a_folder_of_something_else_is_left_alone(corpus, tmp_path):
    source, _, _ = corpus
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileRefused, match="no earlier run"):
        draft_corpus(source, tmp_path, HashEncoder(), FEW)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_manifest_has_the_digest_of_every_file(corpus):
    _, folder, result = corpus
    manifest = json.loads((folder / "manifest.json").read_text())
    digests = digest_folder(folder)
    assert sum(part["n_rows"] for part in manifest["partitions"]) == result.n_rows == 400
    assert all(digests[part["rows"]] == part["rows_digest"] for part in manifest["partitions"])
    assert digests["themes.parquet"] == manifest["themes_digest"]


@pytest.mark.parametrize("names", [("", "out"), ("rows.parquet", " ")])
def test_an_empty_name_is_not_the_current_folder(names):
    with pytest.raises(InputError, match="name of a file or folder is empty"):
        draft_corpus(*names, HashEncoder())


def test_a_folder_that_only_looks_like_an_earlier_run_is_left_alone(corpus, tmp_path):
    source, _, _ = corpus
    for name in ("work/themes/mine.json", "work/rows/00000.parquet", "manifest.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    before = digest_folder(tmp_path)
    with pytest.raises(FileRefused, match="no earlier run"):
        draft_corpus(source, tmp_path, HashEncoder(), FEW)
    assert digest_folder(tmp_path) == before


def test_what_somebody_put_beside_our_files_stays(tmp_path):
    source = write_parquet(tmp_path / "in.parquet", make_rows(100))
    draft_corpus(source, tmp_path / "out", HashEncoder(), FEW)
    mine = [tmp_path / "out" / name for name in ("rows/all.parquet", "work/themes/notes.json")]
    for path in mine:
        path.write_text("mine")
    rows = tmp_path / "out" / "work" / "rows"
    left = rows / ".00007-0123456789abcdef.parquet.ab_1.autocode-part"
    left.write_text("left")
    draft_corpus(source, tmp_path / "out", HashEncoder(), replace(FEW, refit=True))
    assert all(path.read_text() == "mine" for path in mine)
    assert not left.exists()


def test_a_run_killed_while_it_marked_its_folder_is_gone_on_with(tmp_path):
    source = write_parquet(tmp_path / "in.parquet", make_rows(100))
    draft_corpus(source, tmp_path / "whole", HashEncoder(), FEW)
    work = tmp_path / "out" / "work"
    work.mkdir(parents=True)
    (work / "made-by-autocode-bulk.json").write_text("{")
    draft_corpus(source, tmp_path / "out", HashEncoder(), FEW)
    assert digest_folder(tmp_path / "out") == digest_folder(tmp_path / "whole")


def test_rows_with_other_values_are_another_partition(tmp_path):
    source = pa.table({"text": ["a", "b\x00"], "k": [None, ""]})
    others = [
        pa.table({"text": ["a", "b"], "k": ["", None]}),
        pa.table({"text": ["a\x00b", ""], "k": [None, ""]}),
        pa.table({"text": ["a", "b\x00"], "k": ["\x00null", ""]}),
    ]
    options = BulkOptions(keep=("k",))
    digests = {cut_partitions([t], tmp_path, options)[0].digest for t in (source, *others)}
    assert len(digests) == 4


def test_rows_taken_out_are_quoted_no_more(tmp_path):
    rows = [
        {**row, "text": f"{row['text']} {chr(97 + n % 26)}{n}q"}
        for n, row in enumerate(make_rows(200))
    ]
    source = write_parquet(tmp_path / "in.parquet", rows)
    first = draft_corpus(source, tmp_path / "out", HashEncoder(), FEW)
    shown = [one for theme in first.themes for one in theme.exemplars]
    gone, renamed = shown[0], next(one for one in shown if one.group != shown[0].group)
    left = [
        {**row, "who": "X" if row["who"] == renamed.group else row["who"]}
        for row in rows
        if row["who"] != gone.group
    ]
    again = draft_corpus(
        write_parquet(tmp_path / "in.parquet", left), tmp_path / "out", HashEncoder(), FEW
    )
    held = {(row["text"], row["who"]) for row in left}
    kept = [one for theme in again.themes for one in theme.exemplars]
    assert kept == [one for one in shown if (one.text, one.group) in held]
    assert kept
    files = [path.read_bytes() for path in (tmp_path / "out").rglob("*.json")]
    words = json.dumps(gone.text).encode()
    assert not any(words in raw or f'"{renamed.group}"'.encode() in raw for raw in files)
    before = digest_folder(tmp_path / "out")
    draft_corpus(source, tmp_path / "out", HashEncoder(), FEW)
    assert digest_folder(tmp_path / "out") == before


class MixingEncoder:
    """Each row is a mixture of two of forty vectors; its number stands in its text in letters."""

    name, digest, n_dimensions = "mixing", "m" * 64, 32

    def encode(self, texts, **more):
        base = np.random.default_rng(0).normal(size=(40, 32))
        rows = []
        for text in texts:
            draw = np.random.default_rng([ord(letter) for letter in text.split()[-1]])
            # One row in twenty is of the last subject; the others are of the first nine.
            subject = 39 if draw.random() < 0.05 else draw.integers(9)
            share = draw.uniform(0.45, 0.6)
            rows.append(share * base[subject] + (1 - share) * base[draw.integers(40)])
        return unit_rows(np.array(rows)).astype(np.float32)


def test_themes_of_the_rest_take_what_is_nearer_to_them(tmp_path):
    letters = ["".join(chr(98 + int(digit)) for digit in str(n)) for n in range(1000)]
    rows = [{"text": f"garden {word}", "who": "p", "wave": 0} for word in letters]
    options = replace(FEW, split_from=30, first_sample=100, most_levels=1, partition_rows=400)
    source = write_parquet(tmp_path / "in.parquet", rows)
    draft_corpus(source, tmp_path / "out", MixingEncoder(), options)
    drafts = tmp_path / "out" / "work" / "themes"
    first, rest = (read_node(drafts / f"{key}.json") for key in ("all", "rest"))
    vectors = MixingEncoder().encode([str(row["text"]) for row in rows]).astype(np.float16)
    every = np.arange(len(rows))
    in_first, in_rest = first.assign(vectors, every), rest.assign(vectors, every)
    n_taken = 0
    for row, out in enumerate(read_rows(tmp_path / "out")):
        own, other = in_first.strength[row], in_rest.strength[row]
        if out["theme"] in {theme.key for theme in rest.themes}:
            assert out["strength"] == pytest.approx(other, abs=1e-5)
            assert other > own
            n_taken += in_first.theme[row] >= 0
        elif out["theme"]:
            assert out["strength"] == pytest.approx(own, abs=1e-5)
            assert own >= other
    assert n_taken


def test_a_damaged_manifest_is_one_line_and_made_anew_on_demand(corpus, tmp_path):
    source, folder, _ = corpus
    draft_corpus(source, tmp_path / "out", HashEncoder(), FEW)
    for content in ('{"fitted": ', "[]"):
        (tmp_path / "out/manifest.json").write_text(content)
        with pytest.raises(FileRefused, match=r"manifest\.json: is damaged\. .*--refit"):
            draft_corpus(source, tmp_path / "out", HashEncoder(), FEW)
    draft_corpus(source, tmp_path / "out", HashEncoder(), replace(FEW, refit=True))
    assert digest_folder(tmp_path / "out") == digest_folder(folder)
