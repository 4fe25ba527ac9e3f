"""Codes of a domain (one question of a survey) are suggested for rows of that domain alone."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from autocode import pipeline
from autocode.bulk.options import BulkOptions
from autocode.bulk.run import draft_corpus
from autocode.bulk.suggest_codes import BulkCodes
from autocode.cli.main import run as autocode
from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Coding, Reading
from autocode.core.errors import FileRefused, NothingToDo
from autocode.core.transcript import Segment, Span
from autocode.encode.cache import MemoryVectorCache
from autocode.encode.hashing import HashEncoder
from autocode.project.bulk_asking import ask_for_rows
from autocode.project.bulk_codes import read_bulk_codes

from .support import STOCKS, digest_folder, make_rows, write_parquet

pytestmark = pytest.mark.slow  # a fit takes seconds
TOOLS = pipeline.Tools(HashEncoder(), MemoryVectorCache())
OPTIONS = BulkOptions(group_column="who", domain_column="question", partition_rows=25)


def make_code(domain: str, subject: str) -> Code:
    words = STOCKS[subject]
    return Code(
        id=f"{domain}{subject}",
        name=f"{subject.title()} {domain}".strip(),
        definition=f"They speak of {words[0]} and {words[1]}.",
        domain=domain or None,
    )


# Money is asked about in both questions, waiting in the first, school anywhere.
BOOK = Codebook(
    (
        *(make_code("q1", subject) for subject in ("waiting", "money")),
        *(make_code("q2", subject) for subject in ("money", "garden")),
        make_code("", "school"),
    )
)
DOMAINS = {code.id: code.domain for code in BOOK}


def make_study(n_coded: int = 200, n_new: int = 40):
    """Answers of respondents to two questions, most of them coded, and the words of the others."""
    draw = random.Random(5)
    segments, codings, readings = [], [], []
    for number, row in enumerate(make_rows(n_coded + n_new, seed=6)):
        name, question = f"person {number // 2}", f"q{1 + number % 2}"
        text = f"{row['text']} {draw.choice('abcdef')}{number}"
        span = Span(1000 * (number % 2), 1000 * (number % 2) + len(text))
        segment = Segment(
            transcript=name, span=span, excerpt=text, role="participant", domain=question
        )
        segments.append(segment)
        if number >= n_coded:
            continue
        readings.append(Reading(transcript=name, span=span, coder="Ada"))
        for code in BOOK:
            subject = code.id.removeprefix(code.domain or "")
            fits = code.domain in (None, question) and any(w in text for w in STOCKS[subject])
            if fits and draw.random() < 0.98:
                codings.append(Coding(transcript=name, span=span, code=code.id, coder="Ada"))
    study = pipeline.Study(segments=segments, codebook=BOOK, codings=codings, readings=readings)
    return study, segments[n_coded:]


def write_rows(path, segments):
    rows = [{"text": s.excerpt, "who": s.transcript, "question": s.domain} for s in segments]
    return write_parquet(path, rows)


def read_suggestions(folder):
    files = sorted((folder / "suggestions").glob("*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


@pytest.fixture(scope="module")
def asked():
    study, new = make_study()
    return study, new, ask_for_rows(study, TOOLS)


def test_a_row_gets_what_suggest_gives_an_answer_to_the_same_question(asked, tmp_path):
    study, new, codes = asked
    source = write_rows(tmp_path / "in.parquet", new)
    result = draft_corpus(source, tmp_path / "out", HashEncoder(), OPTIONS, codes=codes)
    made, _ = pipeline.suggest(study, TOOLS)
    at = {(s.transcript, s.span): row for row, s in enumerate(new)}
    expected = {(at[s.transcript, s.span], s.rank): s for s in made}
    rows = read_suggestions(tmp_path / "out")
    assert len(rows) == len(expected) == 3 * len(new)
    for row in rows:
        suggestion = expected[row["row"], row["rank"]]
        assert row["probability"] == pytest.approx(suggestion.probability, abs=0.002)
        assert row["code"] == suggestion.code
        assert row["likely"] == suggestion.likely
        assert row["auto_acceptable"] == suggestion.auto_acceptable
        assert DOMAINS[row["code"]] in (None, new[row["row"]].domain)
    assert any(row["likely"] for row in rows)
    assert not result.suggestions.remarks
    whole = replace(OPTIONS, partition_rows=1000)
    draft_corpus(source, tmp_path / "whole", HashEncoder(), whole, codes=codes)
    assert read_suggestions(tmp_path / "whole") == rows


def test_equal_words_in_answer_to_two_questions_are_two_rows(asked, tmp_path):
    study, _, codes = asked
    text = study.segments[0].excerpt  # read in answer to q1
    rows = [
        {"text": text, "who": "person 0", "question": question} for question in ("q1", "q2", None)
    ]
    draft_corpus(rows, tmp_path / "out", HashEncoder(), OPTIONS, codes=codes)
    suggested = read_suggestions(tmp_path / "out")
    of = [{row["code"] for row in suggested if row["row"] == number} for number in range(3)]
    assert of == [
        {"q1waiting", "q1money", "school"}, {"q2money", "q2garden", "school"}, {"school"},
    ]  # fmt: skip
    # Whoever does not say what a row answers is told that these words were read somewhere.
    assert [any(r["read"] for r in suggested if r["row"] == n) for n in range(3)] == [
        True, False, True,
    ]  # fmt: skip


def test_what_no_column_or_no_code_names_is_said(asked, tmp_path):
    _, new, codes = asked
    source = write_rows(tmp_path / "in.parquet", new)
    bare = replace(OPTIONS, domain_column=None)
    result = draft_corpus(source, tmp_path / "out", HashEncoder(), bare, codes=codes)
    assert result.suggestions.remarks == (
        "Suggested for no row: 4 codes of a domain (q1, q2). Name the column that holds each row's "
        "domain with --domain-column.",
    )
    assert {row["code"] for row in read_suggestions(tmp_path / "out")} == {"school"}
    again = draft_corpus(source, tmp_path / "out", HashEncoder(), OPTIONS, codes=codes)
    assert not again.suggestions.remarks
    other = [{"text": s.excerpt, "who": s.transcript, "question": "q1"} for s in new]
    other[0]["question"], other[1]["question"] = "q9", " "
    result = draft_corpus(other, tmp_path / "other", HashEncoder(), OPTIONS, codes=codes)
    assert result.suggestions.remarks == (
        "No row is of the domain q2: its codes are suggested for none.",
        "2 rows of no domain of the codebook: codes without a domain suggested for them.",
    )


def test_codes_that_no_row_could_have_are_refused(tmp_path):
    restricted = BulkCodes(codebook=Codebook(tuple(code for code in BOOK if code.domain)))
    bare = replace(OPTIONS, domain_column=None)
    rows = [{**row, "question": f"q{1 + at % 2}"} for at, row in enumerate(make_rows(60))]
    with pytest.raises(NothingToDo, match="--domain-column"):
        draft_corpus(rows, tmp_path / "out", HashEncoder(), bare, codes=restricted)
    assert not (tmp_path / "out").exists()  # said before hours of work
    result = draft_corpus(rows, tmp_path / "out", HashEncoder(), OPTIONS, codes=restricted)
    made = read_suggestions(tmp_path / "out")
    assert len(made) == 120
    assert all(DOMAINS[row["code"]] == rows[row["row"]]["question"] for row in made)
    assert sum(one.n_first for one in result.suggestions.codes) == 60
    # Rows that have no candidate have none that is first.
    rows[0]["question"] = "q9"
    result = draft_corpus(rows, tmp_path / "out", HashEncoder(), OPTIONS, codes=restricted)
    assert sum(one.n_first for one in result.suggestions.codes) == 59
    assert result.suggestions.remarks == (
        "1 row of no domain of the codebook: nothing suggested for them.",
    )


def test_a_table_of_coded_excerpts_may_say_what_each_is_an_answer_to(tmp_path):
    (tmp_path / "book.csv").write_text(
        "code,name,domain\nqueue,Queue,q1\nyes,Yes,q2\nno,No,q2\n", "utf-8"
    )
    (tmp_path / "coded.csv").write_text(
        "transcript,excerpt,Domain,code\np1,no,q2,no\np1,no,q1,\np2,the queue is long,q1,queue\n",
        "utf-8",
    )
    codes = read_bulk_codes(HashEncoder(), tmp_path / "book.csv", tmp_path / "coded.csv")
    corpus = codes.task.corpus
    assert [(s.excerpt, s.domain) for s in corpus.segments] == [
        ("no", "q2"), ("no", "q1"), ("the queue is long", "q1"),
    ]  # fmt: skip
    assert corpus.allowed.tolist() == [
        [False, True, True], [True, False, False], [True, False, False],
    ]  # fmt: skip


def test_the_command_takes_the_column_and_says_where_there_is_none(tmp_path):
    rows = [{**row, "question": f"q{1 + at % 2}"} for at, row in enumerate(make_rows(40))]
    source = write_parquet(tmp_path / "in.parquet", rows)
    (tmp_path / "book.csv").write_text(
        "code,name,definition,domain\n"
        + "\n".join(f"{c.id},{c.name},{c.definition},{c.domain or ''}" for c in BOOK),
        "utf-8",
    )
    line = ["bulk", str(source), str(tmp_path / "out"), "--encoder", "fast", "--json",
            "--codebook", str(tmp_path / "book.csv")]  # fmt: skip
    done = CliRunner().invoke(autocode, [*line, "--domain-column", "question"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["suggestions"]["remarks"] == []
    assert len(read_suggestions(tmp_path / "out")) == 120
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["options"]["domain_column"] == "question"
    before = digest_folder(tmp_path / "out")
    done = CliRunner().invoke(autocode, [*line, "--domain-column", "asked"])
    assert done.exit_code != 0
    assert "has no column 'asked'" in done.output
    assert "--domain-column" in done.output
    assert digest_folder(tmp_path / "out") == before


def test_a_column_of_domains_that_is_no_text_is_refused(tmp_path):
    rows = [{"text": "The rent is high.", "who": "p1", "question": [1, 2]}]
    with pytest.raises(FileRefused, match="question"):
        draft_corpus(rows, tmp_path / "out", HashEncoder(), OPTIONS)
