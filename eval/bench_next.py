"""Which segments to code first: a fifth of them chosen in different ways, the rest asked.

    python eval/bench_next.py FOLDER_OF_CORPORA [--cache FOLDER] [--seeds N] [--corpora A,B]
        [--out eval/results/next.md]

Of each corpus a fifth of the segments that the reference coders have read is taken as coded; the
product's suggester learns from it and is asked about the others. Each seed draws four in five of
the transcripts, the same for every way of choosing. *Whole transcripts* are drawn until a fifth is
coded; *the first of each* is the first fifth of every transcript; *two passages of each* are two
runs of a tenth, drawn, one in each half; *every fifth* begins at a drawn one of the first five.
The last rows are those of `autocode next`: *single segments*, and *passages* of so many segments,
chosen in four batches with a fit before each. What was chosen is not asked, so that the rows are
asked about nearly but not quite the same segments. Part of what spreading gains is that no segment
is far from a coded one: the figures hold for the rest of part-coded transcripts, not for a new
one. The default of five segments was settled with these corpora in view: shorter teach more,
longer need less reading around them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from autocode import load_encoder, pipeline
from autocode.encode.folder_cache import FolderVectorCache
from autocode.evaluate.coded_corpus import read_coded_corpus
from autocode.evaluate.gold import build_gold_data
from autocode.suggest.active_learning import prioritise_segments
from autocode.suggest.check import run_suggester
from autocode.suggest.codebook_suggester import CodebookSuggester
from autocode.suggest.corpus import EncodedCorpus
from autocode.suggest.next_passages import prioritise_passages
from autocode.suggest.protocol import KnownCodings, Ranking, Task

CORPORA = ("book-club-discussions", "usability-think-aloud", "ml-quality-interviews")
SHARE = 0.2
N_BATCHES = 4
DRAWN_SHARE = 0.8


@dataclass
class Material:
    """A corpus, what its reference coders gave, and the rows that can be coded or asked."""

    corpus: EncodedCorpus
    known: KnownCodings
    rows: np.ndarray

    @property
    def budget(self) -> int:
        return round(SHARE * len(self.rows))

    @property
    def by_transcript(self) -> list[np.ndarray]:
        names = self.corpus.transcripts[self.rows]
        return [self.rows[names == name] for name in dict.fromkeys(names.tolist())]

    def rank(self, coded: np.ndarray) -> tuple[Task, Ranking]:
        task = Task(
            corpus=self.corpus,
            known=self.known.restrict_to(coded),
            targets=np.setdiff1d(self.rows, coded),
        )
        return task, run_suggester(CodebookSuggester(), task)


def take_whole(material: Material, seed: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    transcripts = material.by_transcript
    taken: list[np.ndarray] = []
    for at in generator.permutation(len(transcripts)):
        room = material.budget - sum(map(len, taken))
        if room <= 0:
            break
        if taken and len(transcripts[at]) > 2 * room:
            continue
        taken.append(transcripts[at])
    return np.sort(np.concatenate(taken))


def take_first(material: Material, seed: int) -> np.ndarray:
    return np.concatenate([rows[: round(SHARE * len(rows))] for rows in material.by_transcript])


def take_two_passages(material: Material, seed: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    taken = []
    for rows in material.by_transcript:
        half, length = len(rows) // 2, max(1, round(SHARE / 2 * len(rows)))
        for begin, end in ((0, half), (half, len(rows))):
            start = begin + int(generator.integers(0, max(1, end - begin - length + 1)))
            taken.append(rows[start : start + length])
    return np.unique(np.concatenate(taken))


def take_every_fifth(material: Material, seed: int) -> np.ndarray:
    offset = int(np.random.default_rng(seed).integers(0, 5))
    return np.concatenate([rows[offset::5] for rows in material.by_transcript])


def take_segments(material: Material, seed: int) -> np.ndarray:
    coded = np.zeros(0, dtype=np.intp)
    for batch in range(1, N_BATCHES + 1):
        task, ranking = material.rank(coded)
        n_wanted = round(material.budget * batch / N_BATCHES) - len(coded)
        chosen = prioritise_segments(task, ranking, n_wanted=n_wanted)
        coded = np.union1d(coded, [priority.row for priority in chosen])
    return coded


def take_passages(length: int) -> Callable[[Material, int], np.ndarray]:
    def take(material: Material, seed: int) -> np.ndarray:
        coded = np.zeros(0, dtype=np.intp)
        for batch in range(1, N_BATCHES + 1):
            task, ranking = material.rank(coded)
            until = round(material.budget * batch / N_BATCHES)
            chosen = prioritise_passages(
                task, ranking, n_wanted=len(task.targets), n_segments=until - len(coded),
                length=length,
            )  # fmt: skip
            coded = np.union1d(coded, [row for passage in chosen for row in passage.rows])
        return coded

    return take


DESIGNS: dict[str, Callable[[Material, int], np.ndarray]] = {
    "whole transcripts": take_whole,
    "the first of each": take_first,
    "two passages of each": take_two_passages,
    "every fifth": take_every_fifth,
    "single segments": take_segments,
    "passages of 20": take_passages(20),
    "passages of 10": take_passages(10),
    "passages of 5": take_passages(5),
    "passages of 3": take_passages(3),
}


def measure(material: Material, coded: np.ndarray) -> list[float]:
    """The first code right, recall in three and pooled kappa with the reference."""
    task, ranking = material.rank(coded)
    applied = material.known.applied[task.targets]
    top = np.argsort(-ranking.logits, axis=1, kind="stable")[:, :3]
    has_codes = applied.any(axis=1)
    right = np.take_along_axis(applied, top, axis=1)[has_codes]
    n_codes = applied[has_codes].sum(axis=1)
    agreed = (applied == ranking.likely).mean()
    a, b = applied.mean(), ranking.likely.mean()
    by_chance = a * b + (1 - a) * (1 - b)
    kappa = (agreed - by_chance) / (1 - by_chance)
    return [len(coded), right[:, 0].mean(), (right.sum(axis=1) / n_codes).mean(), kappa]


def load(folder: Path, tools: pipeline.Tools, seed: int) -> Material:
    """A corpus with four in five of its transcripts, drawn."""
    coded = read_coded_corpus(folder)
    gold = build_gold_data(coded, reference=None)
    corpus = pipeline.encode_corpus(coded.study, gold.codes, tools)
    names = list(gold.transcripts)
    drawn = np.random.default_rng(seed).permutation(names)[: round(DRAWN_SHARE * len(names))]
    is_in = np.isin(corpus.transcripts, drawn)
    rows = np.flatnonzero(gold.reference_codings.read & is_in)
    return Material(corpus, gold.reference_codings, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("vectors"))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--corpora", default=",".join(CORPORA))
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    tools = pipeline.Tools(encoder=load_encoder(), cache=FolderVectorCache(asked.cache))
    lines = [
        "# Which segments to code first",
        "",
        f"`python eval/bench_next.py FOLDER_OF_CORPORA --seeds {asked.seeds} "
        "--out eval/results/next.md`",
        "",
        (__doc__ or "").split("\n\n", 2)[2].strip(),
        "",
        f"Means over {asked.seeds} seeds, in brackets their standard deviation.",
        "",
        "| corpus | coded first | segments | hit@1 | recall@3 | kappa with the reference |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name in asked.corpora.split(","):
        figures: dict[str, list[list[float]]] = {}
        for seed in range(asked.seeds):
            material = load(asked.folder / name, tools, seed)
            for design, take in DESIGNS.items():
                figures.setdefault(design, []).append(measure(material, take(material, seed)))
                print(name, seed, design, figures[design][-1], file=sys.stderr, flush=True)
        for design, rows in figures.items():
            mean, deviation = np.mean(rows, axis=0), np.std(rows, axis=0, ddof=1)
            cells = [f"{m:.3f} ({d:.3f})" for m, d in zip(mean[1:], deviation[1:], strict=True)]
            lines.append(f"| {name} | {design} | {mean[0]:.0f} | {' | '.join(cells)} |")
            name = ""
    text = "\n".join([*lines, ""])
    print(text)
    if asked.out:
        asked.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
