"""Topic sections of meetings beside TextTiling and even splitting.

    python eval/bench_topics.py ../shared/data/meeting-topics [--out eval/results/topics.md]

Even meetings (by order) are for choosing: the words per section of even splitting and the window of
TextTiling (nltk) that give the least Pk + WindowDiff - B there. Odd meetings are the test.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import re
import sys
from pathlib import Path

import numpy as np
from nltk.tokenize import TextTilingTokenizer

from autocode.agreement.boundaries import (
    boundary_similarity,
    masses_from_starts,
    pk,
    window_diff,
)
from autocode.segment.marks import STARTERS
from autocode.segment.sections import section_starts

WORDS = (1000, 1500, 2500, 4000)
WINDOWS = (20, 60)
STOP = sorted(STARTERS)


def meetings(folder: Path):
    found = {}
    with gzip.open(folder / "turns.csv.gz", "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            text = re.sub(r"\s+([.,?!])", r"\1", re.sub(r"\{\s*\w+\s*\}", "", row["text"])).strip()
            turns, starts = found.setdefault(row["doc_id"], ([], []))
            if row["boundary"] == "1":
                starts.append(len(turns))
            turns.append(text or ".")
    return list(found.values())


def even(turns, words):
    n_parts = max(1, round(sum(len(turn.split()) for turn in turns) / words))
    return [round(part * len(turns) / n_parts) for part in range(1, n_parts)]


def tiling(turns, w):
    """TextTiling over turns as paragraphs."""
    tokenizer = TextTilingTokenizer(w=w, k=10, stopwords=STOP)
    # nltk knows paragraphs only by blank lines, and wants 100 characters in each.
    try:
        tiles = tokenizer.tokenize("\n\n".join(turns))
    except ValueError:
        return []
    starts, seen = [], 0
    for tile in tiles[:-1]:
        seen += len([part for part in tile.split("\n\n") if part.strip()])
        starts.append(seen)
    return starts


def scores(meeting, starts):
    turns, right = meeting
    reference, found = (masses_from_starts(s, len(turns)) for s in (right, starts))
    return [f(reference, found).value for f in (pk, window_diff, boundary_similarity)]


def mean(part, method):
    return np.mean([scores(meeting, method(meeting[0])) for meeting in part], axis=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    every = meetings(args.folder)
    choosing, test = every[::2], every[1::2]

    def chosen(method, values):
        def loss(value):
            a, b, c = mean(choosing, lambda turns: method(turns, value))
            return a + b - c

        return min(values, key=loss)

    words, w = chosen(even, WORDS), chosen(tiling, WINDOWS)
    methods = {
        "autocode sections": section_starts,
        f"TextTiling (nltk, w = {w})": lambda turns: tiling(turns, w),
        f"even, {words} words": lambda turns: even(turns, words),
        "no boundary": lambda turns: [],
    }
    lines = [
        "# Topic sections of meetings",
        "",
        "`python eval/bench_topics.py ../shared/data/meeting-topics --out eval/results/topics.md`",
        "",
        f"QMSum, {len(test)} test meetings (settings chosen on the other {len(choosing)}), mean "
        "over meetings; Pk and WindowDiff: lower is better, boundary similarity (B): higher.",
        "",
        "| method | Pk | WindowDiff | B | sections |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, method in methods.items():
        values = " | ".join(f"{value:.3f}" for value in mean(test, method))
        n = np.mean([len(set(method(turns)) | {0}) for turns, _ in test])
        lines.append(f"| {name} | {values} | {n:.1f} |")
        print(lines[-1], flush=True)
    lines += ["", "One-document topic spans were marked for summaries; see eval/NOTES.md."]
    if args.out:
        args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
