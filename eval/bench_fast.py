"""What the fast encoder loses: suggestions and draft themes beside the default encoder's.

    python eval/bench_fast.py FOLDER_OF_CORPORA [CORPUS ...] [--out eval/results/fast.md]

Suggestions are ranked from the codebook alone and after four fifths of the transcripts are coded
(whole transcripts held out, one split, seed 0); draft themes are compared with people's codes
(adjusted mutual information). Speed: texts per CPU-second of one thread, both in this run.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = os.environ["RAYON_NUM_THREADS"] = "1"

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from eval.bench_suggest import corpora

from autocode import load_encoder, pipeline
from autocode.encode.cache import MemoryVectorCache
from autocode.evaluate.coded_corpus import read_coded_corpus
from autocode.evaluate.protocol import Protocol
from autocode.evaluate.runner import evaluate_suggestions
from autocode.evaluate.themes import ThemesProtocol, evaluate_themes

ENCODERS = ("all-MiniLM-L6-v2", "fast")


def measure_rate(name: str, texts: list[str]) -> float:
    """Texts per CPU-second, after one call that loads the model."""
    encoder = load_encoder(name)
    encoder.encode(texts[:20])
    began = time.process_time()
    encoder.encode(texts)
    return len(texts) / (time.process_time() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("corpora", nargs="*")
    parser.add_argument("--out", default="-")
    chosen = parser.parse_args()
    lines = [
        "| corpus | encoder | codebook alone: first right | recall in 3 | 80 % coded: first right"
        " | recall in 3 | themes: AMI |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    print("\n".join(lines), flush=True)
    sums = {name: np.zeros(5) for name in ENCODERS}
    texts: list[str] = []
    n_corpora = 0
    for path in corpora(chosen.folder, chosen.corpora):
        corpus = read_coded_corpus(path)
        texts += [segment.excerpt for segment in corpus.study.segments][:400]
        n_corpora += 1
        for name in ENCODERS:
            tools = pipeline.Tools(load_encoder(name), MemoryVectorCache())
            curve = evaluate_suggestions(corpus, tools=tools, protocol=Protocol(shares=(0, 0.8)))
            figures = [
                point.scores[key].value
                for point in curve.points
                for key in ("hit_at_1", "recall_at_3")
            ]
            themes = evaluate_themes(corpus, tools=tools, protocol=ThemesProtocol(n_novel_draws=0))
            figures.append(themes.grouping.scores.ami)
            sums[name] += figures
            cells = [corpus.name, name, *(f"{figure:.3f}" for figure in figures)]
            lines.append(f"| {' | '.join(cells)} |")
            print(lines[-1], flush=True)
    for name, total in sums.items():
        cells = ["mean", name, *(f"{figure:.3f}" for figure in total / n_corpora)]
        lines.append(f"| {' | '.join(cells)} |")
    default, fast = (measure_rate(name, texts) for name in ENCODERS)
    lines += [
        "",
        f"Texts per CPU-second: {default:.0f} and {fast:.0f}, {fast / default:.0f} times.",
    ]
    print("\n".join(lines[-4:]))
    if chosen.out != "-":
        head = "# The fast encoder\n\n`python eval/bench_fast.py FOLDER_OF_CORPORA`, seed 0.\n\n"
        Path(chosen.out).write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
