"""How good the codes are that `autocode bulk --codings` suggests, and what they cost.

    python eval/bench_bulk_codes.py ../shared/data [--encoder fast] [--cache FOLDER] [--corpora A,B]
    python eval/bench_bulk_codes.py ../shared/data --rate 20000 [--encoder fast]

Each corpus is dealt into three folds of whole transcripts (near-duplicates together, seed 0). Two
thirds of the transcripts are coded as people coded them; the segments of the others that the
reference coder has read are the rows, each with its transcript as its group. The measures are those
of the reference coder's codes: how often the first code is right among rows that have one; the
share of people's codes among the first three; precision and recall of what is likely; how many are
auto-acceptable and how many of them are right. `suggest` is asked the same in a study that holds
all segments: there, what stands around a segment counts too. CPU-seconds are those of the fit and
of scoring, without the encoder, whose vectors are kept. Domains of codes (the question that they
answer) are left out on both sides, as a row has none.

`--rate N` fits to one corpus, and times encoding and scoring N distinct rows: segments of all other
corpora, cut or joined with a number.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from autocode import pipeline
from autocode.bulk.options import BulkOptions
from autocode.bulk.run import draft_corpus
from autocode.core.codebook import Codebook
from autocode.core.progress import silent
from autocode.encode.cache import MemoryVectorCache, encode_once
from autocode.encode.folder_cache import FolderVectorCache
from autocode.encode.load import load_encoder
from autocode.encode.sentence_transformers import DEFAULT_MODEL
from autocode.evaluate.coded_corpus import CodedCorpus, read_coded_corpus
from autocode.evaluate.gold import GoldData, build_gold_data
from autocode.evaluate.splits import make_splits
from autocode.project.bulk_asking import ask_for_rows
from bench_bulk import CORPORA

FITTED = "exam-proctoring-survey"
N_FOLDS = 3
HEAD = (
    "| corpus | rows, codes | by | first right | of codes in first 3 | likely: precision, recall "
    "| auto-acceptable: n, right | fit, score CPU s |"
)


class Cached:
    """An encoder that encodes no text twice between runs."""

    def __init__(self, encoder, cache) -> None:
        self._encoder, self._cache = encoder, cache
        self.name, self.digest = encoder.name, encoder.digest
        self.n_dimensions = encoder.n_dimensions

    def encode(self, texts, *, progress=silent) -> np.ndarray:
        return np.asarray(encode_once(self._encoder, list(texts), cache=self._cache))


@dataclass(slots=True)
class Counts:
    """What came out over all folds."""

    n_coded: int = 0
    n_first: int = 0
    n_codes: int = 0
    n_in_three: int = 0
    n_likely: int = 0
    n_likely_right: int = 0
    n_auto: int = 0
    n_auto_right: int = 0
    seconds: list[float] = field(default_factory=lambda: [0.0, 0.0])

    def add(self, truth: set[str], ranked: list[tuple[str, bool, bool]]) -> None:
        """Count a row: its codes, and (code, likely, auto-acceptable), the best first."""
        self.n_coded += bool(truth)
        self.n_first += bool(truth) and bool(ranked) and ranked[0][0] in truth
        self.n_codes += len(truth)
        self.n_in_three += len(truth & {code for code, _, _ in ranked[:3]})
        self.n_likely += sum(likely for _, likely, _ in ranked)
        self.n_likely_right += sum(likely and code in truth for code, likely, _ in ranked)
        self.n_auto += sum(auto for _, _, auto in ranked)
        self.n_auto_right += sum(auto and code in truth for code, _, auto in ranked)

    def show(self) -> str:
        """Cells of a table."""
        share = [
            self.n_first / max(1, self.n_coded),
            self.n_in_three / max(1, self.n_codes),
            self.n_likely_right / max(1, self.n_likely),
            self.n_likely_right / max(1, self.n_codes),
        ]
        auto = f"{self.n_auto_right / self.n_auto:.1%}" if self.n_auto else "-"
        return (
            f"{share[0]:.3f} | {share[1]:.3f} | {share[2]:.3f}, {share[3]:.3f} | "
            f"{self.n_auto}, {auto} | {self.seconds[0]:.1f}, {self.seconds[1]:.1f}"
        )


def main(data: Path, names: tuple[str, ...], model: str, cache: Path | None) -> None:
    held = FolderVectorCache(cache) if cache else MemoryVectorCache()
    encoder = Cached(load_encoder(model), held)
    tools = pipeline.Tools(encoder, held)
    print(f"Encoder {encoder.name}", HEAD, "|" + " --- |" * 8, sep="\n", flush=True)
    for name in names:
        corpus = leave_out_domains(read_coded_corpus(data / name))
        gold = build_gold_data(corpus)
        splits = make_splits(gold, n_folds=N_FOLDS, seed=0)
        counts = {"bulk": Counts(), "suggest": Counts()}
        n_rows = 0
        for fold in range(len(splits.folds)):
            tested = {gold.transcripts[at] for at in splits.list_tested(fold)}
            study = keep_coded(corpus.study, gold, tested)
            rows = [
                row
                for row in np.flatnonzero(gold.scored).tolist()
                if gold.segments[row].transcript in tested
            ]
            n_rows += len(rows)
            bulk = suggest_in_bulk(study, gold, rows, tested, tools, counts["bulk"])
            whole = suggest_in_study(study, gold, rows, tools, counts["suggest"])
            for row in rows:
                columns = np.flatnonzero(gold.reference_codings.applied[row])
                truth = {gold.codes[column].id for column in columns}
                counts["bulk"].add(truth, bulk[row])
                counts["suggest"].add(truth, whole[row])
        for by, counted in counts.items():
            print(f"| {name} | {n_rows}, {len(gold.codes)} | {by} | {counted.show()} |", flush=True)


def leave_out_domains(corpus: CodedCorpus) -> CodedCorpus:
    """The corpus with all codes for all segments: a row of a table has no domain."""
    study = corpus.study
    return replace(
        corpus,
        study=replace(
            study,
            segments=[replace(segment, domain=None) for segment in study.segments],
            codebook=Codebook(tuple(replace(code, domain=None) for code in study.codebook)),
        ),
    )


def keep_coded(study: pipeline.Study, gold: GoldData, tested: set[str]) -> pipeline.Study:
    """The study as if the tested transcripts, and those of nobody counted right, were uncoded."""
    known = set(gold.transcripts) - tested
    return replace(
        study,
        codings=[one for one in study.codings if one.transcript in known],
        readings=[one for one in study.readings if one.transcript in known],
        rejections=frozenset(),
    )


Ranked = Mapping[int, list[tuple[str, bool, bool]]]


def suggest_in_bulk(
    study: pipeline.Study,
    gold: GoldData,
    rows: list[int],
    tested: set[str],
    tools: pipeline.Tools,
    counts: Counts,
) -> Ranked:
    coded = replace(study, segments=[one for one in study.segments if one.transcript not in tested])
    stages: dict[str, float] = {}
    last = time.process_time()

    def note(stage: str, done: int, of: int) -> None:
        nonlocal last
        now = time.process_time()
        # The first call of a fit says that it begins.
        stages[stage] = stages.get(stage, 0) + (now - last if done else 0)
        last = now

    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        texts = [gold.segments[row].excerpt for row in rows]
        people = [gold.segments[row].transcript for row in rows]
        pq.write_table(pa.table({"text": texts, "who": people}), folder / "in.parquet")
        codes = ask_for_rows(coded, tools)
        draft_corpus(
            folder / "in.parquet", folder / "out", tools.encoder,
            BulkOptions(group_column="who"), codes=codes, progress=note,
        )  # fmt: skip
        lines = pq.read_table(folder / "out/suggestions").to_pylist()
    counts.seconds[0] += stages["Learning from codings"]
    counts.seconds[1] += stages["Suggesting"]
    ranked: dict[int, list[tuple[str, bool, bool]]] = {row: [] for row in rows}
    for line in sorted(lines, key=lambda line: (line["row"], line["rank"])):
        ranked[rows[line["row"]]].append((line["code"], line["likely"], line["auto_acceptable"]))
    return ranked


def suggest_in_study(
    study: pipeline.Study, gold: GoldData, rows: list[int], tools: pipeline.Tools, counts: Counts
) -> Ranked:
    began = time.process_time()
    made, _ = pipeline.suggest(study, tools)
    counts.seconds[0] += time.process_time() - began
    at = {(gold.segments[row].transcript, gold.segments[row].span): row for row in rows}
    ranked: dict[int, list[tuple[str, bool, bool]]] = {row: [] for row in rows}
    for one in sorted(made, key=lambda one: one.rank):
        row = at.get((one.transcript, one.span))
        if row is not None:
            ranked[row].append((one.code, one.likely, one.auto_acceptable))
    return ranked


def measure_rate(data: Path, n_rows: int, model: str) -> None:
    encoder = load_encoder(model)
    corpora = {name: leave_out_domains(read_coded_corpus(data / name)).study for name in CORPORA}
    others = sorted(
        {
            segment.excerpt
            for name, study in corpora.items()
            for segment in study.segments
            if name != FITTED
        }
    )
    texts = [
        others[at % len(others)] + (f" ({at})" if at >= len(others) else "") for at in range(n_rows)
    ]
    stages: dict[str, float] = {}
    last = time.process_time()

    def note(stage: str, done: int, of: int) -> None:
        nonlocal last
        now = time.process_time()
        stages[stage] = stages.get(stage, 0) + now - last
        last = now

    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        pq.write_table(pa.table({"text": texts}), folder / "in.parquet")
        tools = pipeline.Tools(encoder, MemoryVectorCache())
        codes = ask_for_rows(corpora[FITTED], tools)
        note("Encoding the codings", 0, 0)
        draft_corpus(
            folder / "in.parquet", folder / "out", encoder, BulkOptions(partition_rows=5_000),
            codes=codes, progress=note,
        )  # fmt: skip
    assert codes.task is not None
    print(
        f"{encoder.name}: {n_rows} rows, {len(codes.task.corpus.codes)} codes, "
        f"{int(codes.task.known.read.sum())} coded excerpts"
    )
    for stage, seconds in stages.items():
        print(f"| {stage} | {seconds:.1f} | {n_rows / max(seconds, 0.1):,.0f} rows a CPU-s |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="a folder of human-coded corpora")
    parser.add_argument("--encoder", default=DEFAULT_MODEL)
    parser.add_argument("--cache", type=Path, help="a folder that keeps vectors between runs")
    parser.add_argument("--corpora", default=",".join(CORPORA), metavar="A,B")
    parser.add_argument("--rate", type=int, metavar="N", help="time N rows instead")
    asked = parser.parse_args()
    if asked.rate:
        measure_rate(asked.data, asked.rate, asked.encoder)
    else:
        main(asked.data, tuple(asked.corpora.split(",")), asked.encoder, asked.cache)
