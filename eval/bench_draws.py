"""Is learning sound on every draw of what is learned from, or only on average?

    python eval/bench_draws.py FOLDER_OF_CORPORA [CORPUS ...] [--draws N] [--known T ...]
        [--cache FOLDER] [--out eval/results/suggest_draws.md]

A draw puts the coded transcripts in an order by chance (its seed; near-duplicates together): the
first T are learned from, all others tested, so that within a draw a larger T holds the smaller. On
each draw recall in three of ours is held against that of logistic regression on the embedding,
which learns from the same codings, and against the codebook's own ranking, which learns from none;
differences are paired, 95 % intervals over the tested transcripts. A draw is *below* where the
whole interval of ours less theirs lies under 0; of draws on which two methods are even, one in
forty is.

`--known` takes numbers of transcripts, and shares below 1 of all of them; what would leave less
than two fifths of the transcripts to test is left out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from eval import peers
from eval.bench_suggest import corpora
from eval.resplits import RecordedSuggester

from autocode import load_encoder, pipeline
from autocode.agreement.resampling.intervals import Resampling
from autocode.core.errors import AutocodeError
from autocode.encode.cache import MemoryVectorCache
from autocode.encode.folder_cache import FolderVectorCache
from autocode.evaluate.coded_corpus import read_coded_corpus
from autocode.evaluate.gold import build_gold_data
from autocode.evaluate.leakage import HeldOutLabels
from autocode.evaluate.metrics.scores import ScoreCounts, compute_scores, sum_by_transcript
from autocode.evaluate.splits import make_splits
from autocode.linalg import one_thread
from autocode.suggest.protocol import Aims

KNOWN = (1, 2, 4, 9, 0.2)
MOST_KNOWN = 0.6
DEPTH = 3
RESAMPLING = Resampling(n_resamples=1000)


@dataclass(frozen=True, kw_only=True)
class Draw:
    """Recall in three on one draw: means, and ours less each rival's with its interval."""

    ours: float
    regression: float
    codebook: float
    less_regression: tuple[float, float, float]
    less_codebook: tuple[float, float, float]


def list_known(asked: list[float], n_transcripts: int) -> list[int]:
    """The numbers of transcripts to learn from: shares made numbers, each once."""
    numbers = {round(n * n_transcripts) if n < 1 else int(n) for n in asked}
    return sorted(n for n in numbers if 1 <= n <= MOST_KNOWN * n_transcripts)


def split(splits, known: int, seed: int) -> tuple[list[int], list[int]]:
    """The transcripts learned from and those tested, whole groups of near-duplicates each."""
    order = np.random.default_rng([seed, 2]).permutation(len(splits.groups))
    learned: list[int] = []
    tested: list[int] = []
    for group in order:
        (tested if len(learned) >= known else learned).extend(splits.groups[group])
    return learned, tested


def measure_recall(scores, applied, allowed):
    """The share of each segment's codes among its first three, (n_segments,)."""
    ranked = np.argsort(-np.where(allowed, scores, -np.inf), axis=1, kind="stable")[:, :DEPTH]
    right = np.take_along_axis(applied & allowed, ranked, axis=1)
    return right.sum(axis=1) / applied.sum(axis=1)


def compare(ours, theirs, transcript) -> tuple[float, float, float]:
    """Mean of ours less theirs, and its 95 % interval over transcripts (the mean, if only one)."""
    number = np.unique(transcript, return_inverse=True)[1]
    n_transcripts = int(number.max()) + 1
    columns = np.column_stack([np.ones(len(ours)), ours - theirs])
    counts = ScoreCounts(
        names=("difference",),
        counts=sum_by_transcript(columns, number, n_transcripts),
        statistic=lambda sums: sums[:, 1:] / sums[:, :1],
        undefined="nothing was tested",
    )
    score = compute_scores([counts], RESAMPLING)["difference"]
    low, high = (score.value if end is None else end for end in (score.low, score.high))
    return score.value, low, high


def draw_all(gold, encoded, known: int, n_draws: int) -> Iterator[Draw]:
    """The draws that leave something to test."""
    splits = make_splits(gold, n_folds=5, seed=0)
    held_out = HeldOutLabels(gold, splits, encoded)
    codings = gold.reference_codings
    is_coded = codings.read & (codings.applied & encoded.allowed).any(axis=1)
    ours, regression = RecordedSuggester(), peers.EmbeddingLogistic()
    for seed in range(n_draws):
        learned, tested = split(splits, known, seed)
        rows = np.flatnonzero(is_coded & np.isin(gold.transcript_index, tested))
        if not len(rows):
            continue
        task = held_out.make_task(learned, rows, aims=Aims())
        with one_thread():
            scores = (ours._score(task)[1], regression.logits(task), encoded.zero_shot.z[rows])
        recall = [measure_recall(s, codings.applied[rows], encoded.allowed[rows]) for s in scores]
        transcript = gold.transcript_index[rows]
        yield Draw(
            ours=float(recall[0].mean()),
            regression=float(recall[1].mean()),
            codebook=float(recall[2].mean()),
            less_regression=compare(recall[0], recall[1], transcript),
            less_codebook=compare(recall[0], recall[2], transcript),
        )


def describe(name: str, known: int, draws: list[Draw]) -> str:
    means = (
        np.mean([getattr(d, key) for d in draws]) for key in ("ours", "regression", "codebook")
    )
    cells = [name, str(known), str(len(draws)), *(f"{mean:.3f}" for mean in means)]
    for key in ("less_regression", "less_codebook"):
        differences = [getattr(draw, key) for draw in draws]
        value, low, high = min(differences)
        cells += [
            f"{np.mean([difference[0] for difference in differences]):+.3f}",
            f"{value:+.3f} [{low:+.2f}, {high:+.2f}]",
            str(sum(high < 0 for *_, high in differences)),
        ]
    return "| " + " | ".join(cells) + " |"


HEAD = (
    "corpus | transcripts known | draws | ours | logistic regression | codebook"
    " | ours less regression | worst draw | below | ours less codebook | worst draw | below"
)


def write_page(command: str, rows: list[str]) -> str:
    return "\n".join(
        [
            "# Every draw of what is learned from",
            "",
            f"`{command}` (default encoder; protocol in the script)",
            "",
            "Recall in three. *Below*: draws on which the whole 95 % interval over the tested"
            " transcripts of ours less theirs lies under 0.",
            "",
            f"| {HEAD} |",
            "| --- " * len(HEAD.split("|")) + "|",
            *rows,
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("corpora", nargs="*")
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--known", type=float, nargs="+", default=list(KNOWN))
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    cache = FolderVectorCache(asked.cache) if asked.cache else MemoryVectorCache()
    tools = pipeline.Tools(load_encoder(), cache)
    names = "".join(f" {name}" for name in asked.corpora)
    command = f"python eval/bench_draws.py FOLDER_OF_CORPORA{names} --draws {asked.draws}"
    if asked.known != list(KNOWN):
        command += " --known " + " ".join(f"{known:g}" for known in asked.known)
    rows: list[str] = []
    for path in corpora(asked.folder, asked.corpora):
        try:
            source = read_coded_corpus(path)
            gold = build_gold_data(source)
        except AutocodeError as reason:
            print(reason, flush=True)
            continue
        encoded = pipeline.encode_corpus(source.study, gold.codes, tools)
        for known in list_known(asked.known, len(gold.transcripts)):
            if draws := list(draw_all(gold, encoded, known, asked.draws)):
                rows.append(describe(gold.name, known, draws))
                print(rows[-1], flush=True)
        # Written after every corpus: a run of hours that is stopped keeps what it has.
        if asked.out:
            asked.out.write_text(write_page(command, rows), encoding="utf-8")


if __name__ == "__main__":
    main()
