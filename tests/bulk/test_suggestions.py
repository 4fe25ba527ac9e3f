"""Codes suggested for every row, as `suggest` does in a study: one model for all rows."""

from __future__ import annotations

import csv
import json
import random
from dataclasses import replace

import pyarrow.parquet as pq
import pytest

from autocode import pipeline
from autocode.bulk.run import draft_corpus
from autocode.bulk.suggest_codes import BulkCodes
from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Coding, Reading
from autocode.core.errors import FileRefused, InputError
from autocode.core.transcript import Segment, Span
from autocode.encode.cache import MemoryVectorCache
from autocode.encode.hashing import HashEncoder
from autocode.project.bulk_asking import ask_for_rows
from autocode.project.bulk_codes import read_bulk_codes

from .support import FEW, STOCKS, digest_folder, make_rows, write_parquet
from .test_engines import PicklingEngine

BOOK = Codebook(
    tuple(
        Code(id=name, name=name.title(), definition=f"They speak of {words[0]} and {words[1]}.")
        for name, words in STOCKS.items()
    )
)
pytestmark = pytest.mark.slow  # a fit takes seconds
TOOLS = pipeline.Tools(HashEncoder(), MemoryVectorCache())


def make_study(n_coded: int = 160, n_new: int = 60):
    """Answers of respondents to a survey, most of them coded, and the words of the others."""
    draw = random.Random(3)
    segments, codings, readings = [], [], []
    for number, row in enumerate(make_rows(n_coded + n_new, seed=4)):
        name, text = f"person {number // 2}", f"{row['text']} {draw.choice('abcdef')}{number}"
        segment = Segment(
            transcript=name,
            span=Span(1000 * (number % 2), 1000 * (number % 2) + len(text)),
            excerpt=text,
            role="participant",
        )
        segments.append(segment)
        if number >= n_coded:
            continue
        readings.append(Reading(transcript=name, span=segment.span, coder="Ada"))
        given = [code for code, words in STOCKS.items() if any(word in text for word in words)]
        for code in given if draw.random() < 0.98 else ():
            codings.append(Coding(transcript=name, span=segment.span, code=code, coder="Ada"))
    study = pipeline.Study(segments=segments, codebook=BOOK, codings=codings, readings=readings)
    return study, segments[n_coded:]


def read_suggestions(folder):
    files = sorted((folder / "suggestions").glob("*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def write_rows(path, segments):
    return write_parquet(
        path, [{"text": s.excerpt, "who": s.transcript, "wave": 1} for s in segments]
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("suggestions")
    study, new = make_study()
    codes = ask_for_rows(study, TOOLS)
    options = replace(FEW, partition_rows=25)
    source = write_rows(folder / "in.parquet", new)
    result = draft_corpus(source, folder / "out", HashEncoder(), options, codes=codes)
    return study, new, codes, source, folder / "out", result, options


def test_a_row_gets_what_suggest_gives_the_same_text_in_the_study(run):
    study, new, _, _, folder, _, _ = run
    made, _ = pipeline.suggest(study, TOOLS)
    at = {(s.transcript, s.span): row for row, s in enumerate(new)}
    expected = {(at[s.transcript, s.span], s.rank): s for s in made}
    rows = read_suggestions(folder)
    assert len(rows) == len(expected) == 3 * len(new)
    for row in rows:
        suggestion = expected[row["row"], row["rank"]]
        # The corpus keeps vectors in half precision, the study in single.
        assert row["probability"] == pytest.approx(suggestion.probability, abs=0.002)
        assert row["code"] == suggestion.code
        assert row["likely"] == suggestion.likely
        assert row["auto_acceptable"] == suggestion.auto_acceptable
        assert row["phrase"] == suggestion.evidence.phrase.text
        assert row["similarity"] == pytest.approx(suggestion.evidence.phrase.similarity, abs=0.002)
    assert any(row["likely"] for row in rows)
    assert not all(row["likely"] for row in rows)
    assert any(row["auto_acceptable"] for row in rows)


def test_codes_are_counted(run):
    _, new, _, _, folder, result, _ = run
    rows, counted = read_suggestions(folder), result.suggestions
    assert counted.calibrated
    assert (counted.n_read, counted.n_transcripts) == (160, 80)
    assert counted.n_likely == len({row["row"] for row in rows if row["likely"]})
    for one in counted.codes:
        assert one.n_likely == sum(row["likely"] for row in rows if row["code"] == one.code)
        assert one.n_first == sum(row["rank"] == 1 for row in rows if row["code"] == one.code)
    assert sum(one.n_first for one in counted.codes) == len(new)
    with (folder / "codes.csv").open() as lines:
        table = {row["code"]: row for row in csv.DictReader(lines)}
    assert {code: int(row["n_likely"]) for code, row in table.items()} == {
        one.code: one.n_likely for one in counted.codes
    }
    manifest, digests = json.loads((folder / "manifest.json").read_text()), digest_folder(folder)
    assert all(digests[part["file"]] == part["digest"] for part in manifest["suggestions"])
    assert len(manifest["suggestions"]) == result.n_partitions


def test_the_cut_the_order_and_workers_change_no_suggestion(run, tmp_path):
    _, new, codes, source, folder, _, options = run
    draft_corpus(source, tmp_path / "there", HashEncoder(), options, codes=codes,
                 engine=PicklingEngine())  # fmt: skip
    assert digest_folder(tmp_path / "there") == digest_folder(folder)
    shuffled = random.Random(0).sample(new, len(new))
    draft_corpus(write_rows(tmp_path / "in.parquet", shuffled), tmp_path / "out", HashEncoder(),
                 replace(options, partition_rows=7), codes=codes)  # fmt: skip
    of = {}
    for row in read_suggestions(folder):
        of.setdefault(new[row.pop("row")].excerpt, []).append(row)
    again = {}
    for row in read_suggestions(tmp_path / "out"):
        again.setdefault(shuffled[row.pop("row")].excerpt, []).append(row)
    assert again == of


def test_a_stopped_run_goes_on_and_later_rows_alone_are_scored(run, tmp_path, monkeypatch):
    _, new, codes, _, folder, _, options = run
    from autocode.suggest.excerpt_ranker import ExcerptRanker

    scored: list[str] = []
    rank = ExcerptRanker.rank

    def stop_at(limit):
        def counted(self, texts, *more):
            if len(scored) >= limit:
                raise KeyboardInterrupt
            scored.extend(texts)
            return rank(self, texts, *more)

        monkeypatch.setattr(ExcerptRanker, "rank", counted)

    source = write_rows(tmp_path / "in.parquet", new[:50])
    stop_at(25)
    with pytest.raises(KeyboardInterrupt):
        draft_corpus(source, tmp_path / "out", HashEncoder(), options, codes=codes)
    stop_at(10**6)
    draft_corpus(source, tmp_path / "out", HashEncoder(), options, codes=codes)
    assert sorted(scored) == sorted(s.excerpt for s in new[:50])
    del scored[:]
    draft_corpus(write_rows(tmp_path / "in.parquet", new), tmp_path / "out", HashEncoder(),
                 options, codes=codes)  # fmt: skip
    assert sorted(scored) == sorted(s.excerpt for s in new[50:])
    names = [f"suggestions/part-0000{n}.parquet" for n in range(3)]
    before, after = digest_folder(folder), digest_folder(tmp_path / "out")
    assert [after[name] for name in names] == [before[name] for name in names]


def test_more_codings_make_other_suggestions_and_nothing_is_left_of_the_earlier(run, tmp_path):
    study, _, codes, source, _, _, options = run
    fewer = replace(study, codings=study.codings[:40], readings=study.readings[:60])
    first = draft_corpus(source, tmp_path / "out", HashEncoder(), options,
                         codes=ask_for_rows(fewer, TOOLS))  # fmt: skip
    again = draft_corpus(source, tmp_path / "out", HashEncoder(), options, codes=codes)
    whole = draft_corpus(source, tmp_path / "whole", HashEncoder(), options, codes=codes)
    assert first.suggestions != again.suggestions == whole.suggestions
    assert digest_folder(tmp_path / "out") == digest_folder(tmp_path / "whole")
    draft_corpus(source, tmp_path / "out", HashEncoder(), options)
    left = [name for name in digest_folder(tmp_path / "out") if "sugg" in name or "rank" in name]
    assert not left
    assert not (tmp_path / "out" / "codes.csv").exists()


def test_a_codebook_alone_ranks_by_its_words_and_accepts_nothing(tmp_path):
    source = write_parquet(tmp_path / "in.parquet", make_rows(120))
    result = draft_corpus(source, tmp_path / "out", HashEncoder(), FEW,
                          codes=BulkCodes(codebook=BOOK, top=1))  # fmt: skip
    texts = [row["text"] for row in make_rows(120)]
    rows = read_suggestions(tmp_path / "out")
    right = [any(word in texts[row["row"]] for word in STOCKS[row["code"]][:2]) for row in rows]
    assert len(rows) == 120
    assert sum(right) > 60
    assert not any(row["auto_acceptable"] for row in rows)
    assert not result.suggestions.calibrated
    assert "not calibrated" in result.suggestions.describe(120)
    more = write_parquet(tmp_path / "in.parquet", [*make_rows(120), *make_rows(30, seed=9)])
    draft_corpus(more, tmp_path / "out", HashEncoder(), FEW, codes=BulkCodes(codebook=BOOK, top=1))
    assert read_suggestions(tmp_path / "out")[:120] == rows


def test_rows_that_people_have_read_are_marked_and_never_accepted_unread(run, tmp_path):
    study, _, codes, _, _, _, options = run
    source = write_rows(tmp_path / "in.parquet", study.segments[:40])
    result = draft_corpus(source, tmp_path / "out", HashEncoder(), options, codes=codes)
    rows = read_suggestions(tmp_path / "out")
    assert all(row["read"] for row in rows)
    assert not any(row["auto_acceptable"] for row in rows)
    assert result.suggestions.n_read_rows == 40


def test_a_table_of_coded_excerpts_is_learned_from(run, tmp_path):
    study, _, _, source, _, _, options = run
    by_span = {(c.transcript, c.span): c.code for c in study.codings}
    lines = ["transcript,excerpt,code,coder"] + [
        f'{s.transcript},"{s.excerpt}",{by_span.get((s.transcript, s.span), "")},Ada'
        for s in study.segments[:160]
    ]
    (tmp_path / "coded.csv").write_text("\n".join(lines))
    (tmp_path / "book.csv").write_text(
        "code,name,definition\n" + "\n".join(f"{c.id},{c.name},{c.definition}" for c in BOOK)
    )
    codes = read_bulk_codes(HashEncoder(), tmp_path / "book.csv", tmp_path / "coded.csv")
    assert codes.task.known.read.sum() == 160
    assert codes.task.known.applied.sum() == len(study.codings)
    result = draft_corpus(source, tmp_path / "out", HashEncoder(), options, codes=codes)
    assert result.suggestions.calibrated
    assert result.suggestions.n_auto_acceptable
    (tmp_path / "coded.csv").write_text("text;code\nThe rent is high;rents")
    with pytest.raises(FileRefused, match=r"coded\.csv, line 2: the codebook has no code 'rents'"):
        read_bulk_codes(HashEncoder(), tmp_path / "book.csv", tmp_path / "coded.csv")
    made = read_bulk_codes(HashEncoder(), None, tmp_path / "coded.csv")
    assert [code.id for code in made.codebook] == ["rents"]


def test_a_damaged_file_is_made_again(run, tmp_path):
    _, _, codes, source, folder, _, options = run
    draft_corpus(source, tmp_path / "out", HashEncoder(), options, codes=codes)
    for name in ("suggestions", "work/suggestions", "work/ranker"):
        damaged = min(p for p in (tmp_path / "out" / name).iterdir() if p.suffix != ".sha256")
        damaged.write_bytes(damaged.read_bytes()[:-7])
    draft_corpus(source, tmp_path / "out", HashEncoder(), options, codes=codes)
    assert digest_folder(tmp_path / "out") == digest_folder(folder)


def test_another_encoder_than_that_of_the_codings_is_refused(run, tmp_path):
    _, _, codes, source, _, _, options = run
    with pytest.raises(InputError, match="Use one encoder"):
        draft_corpus(source, tmp_path / "out", HashEncoder(n_dimensions=32), options, codes=codes)


def test_two_codebooks_or_no_file_are_refused(tmp_path):
    from autocode.project import Project

    with pytest.raises(FileRefused, match="no such file"):
        read_bulk_codes(HashEncoder(), tmp_path / "none.csv")
    Project.open(tmp_path / "s.autocode", create_new=True).close()
    (tmp_path / "book.csv").write_text("code,definition\nrent,what it costs")
    with pytest.raises(InputError, match="of its own"):
        read_bulk_codes(HashEncoder(), tmp_path / "book.csv", tmp_path / "s.autocode")
    with pytest.raises(InputError, match="is a study"):
        read_bulk_codes(HashEncoder(), tmp_path / "s.autocode")
