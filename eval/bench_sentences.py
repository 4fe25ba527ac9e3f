"""Sentences of GUM beside spaCy's sentencizer and a regex, as punctuated and as bare words.

    python eval/bench_sentences.py ../shared/data/gum-sentences [--bare] [--out FILE]

Boundaries inside turns, counted in visible characters; one F1 over all documents of a genre.
`--bare`: lower-cased, punctuation removed, found by the shipped head, with its curve.
"""

from __future__ import annotations

import argparse
import collections
import csv
import gzip
import re
import time
from pathlib import Path

import numpy as np
import spacy

from autocode.segment.bare import SpeechHead, bare_words
from autocode.segment.component import sentences

SPOKEN = ("conversation", "interview", "podcast", "vlog", "court", "speech")
WORDS = 1_000_000

DEVELOPED = (
    "The rules were written while looking at errors on all of these texts, so these are "
    "development figures."
)


def turns(folder: Path):
    found, last = [], None
    with gzip.open(folder / "sentences.csv.gz", "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if (row["doc_id"], row["turn_id"]) != last:
                last, blank = (row["doc_id"], row["turn_id"]), ""
                found.append([row["genre"], "", []])
            found[-1][1] += blank + row["text"]
            found[-1][2].append(len(found[-1][1]))
            blank = " " if row["space_after"] == "1" else ""
    return found


def visible(text: str, ends) -> set[int]:
    places = {len("".join(text[:end].split())) for end in ends}
    return places - {0, len("".join(text.split()))}


def table(every, methods):
    counts = collections.defaultdict(lambda: np.zeros(3, dtype=int))
    for genre, text, gold in every:
        right = visible(text, gold)
        for name, method in methods.items():
            found = visible(text, method(text))
            row = (len(found & right), len(found - right), len(right - found))
            for group in (genre, "spoken" if genre in SPOKEN else "written"):
                counts[group, name] += row
    groups = [*SPOKEN, "spoken", *sorted({g for g, _ in counts} - {*SPOKEN, "spoken"})]
    lines = [f"| genre | {' | '.join(methods)} |", "| --- |" + " --- |" * len(methods)]
    for group in groups:
        cells = (2 * c[0] / (2 * c[0] + c[1] + c[2]) for c in (counts[group, m] for m in methods))
        lines.append(f"| {group} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |")
    return lines


def speed(every, methods):
    texts, n_words = [], 0
    while n_words < WORDS:
        for _, text, _ in every:
            texts.append(text)
            n_words += len(text.split())
    for name, method in methods.items():
        begin = time.perf_counter()
        for text in texts:
            method(text)
        yield f"| {name} | {n_words} | {time.perf_counter() - begin:.1f} |"


def bare(every):
    from autocode import load_encoder
    from autocode.embed.manifest import models_folder
    from autocode.embed.words import word_states

    head, encoder = SpeechHead.load(models_folder()), load_encoder()
    chances, right = [], []
    for genre, text, gold in every:
        words = bare_words(text)
        if genre in SPOKEN and len(words) > 1:
            rows = [word.text for word in words]
            chances.append(head.probabilities(rows, word_states(encoder, [rows])[0]))
            starts = np.searchsorted([word.end for word in words], gold[:-1], side="right")
            flags = np.zeros(len(words) + 1, dtype=bool)
            flags[starts] = True
            right.append(flags[1 : len(words)])
    p, y = np.concatenate(chances), np.concatenate(right)
    yield from ("| threshold | precision | recall | F1 |", "| --- | --- | --- | --- |")
    for limit in sorted({head.threshold, 0.05, 0.1, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8}):
        n, hits = int((p >= limit).sum()), int(((p >= limit) & y).sum())
        mark = " (shipped)" if limit == head.threshold else ""
        shares = (hits / max(n, 1), hits / int(y.sum()), 2 * hits / (n + int(y.sum())))
        yield f"| {limit:.3f}{mark} | " + " | ".join(f"{share:.3f}" for share in shares) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    every = turns(args.folder)
    if args.bare:
        lines = ["# Sentence ends without punctuation (spoken genres of GUM)", "", *bare(every)]
    else:
        pipeline = spacy.blank("en")
        pipeline.add_pipe("sentencizer")
        blank = re.compile(r"(?<=[.!?])\s+")
        methods = {
            "autocode": lambda text: [end for _, end in sentences(text)],
            "spaCy sentencizer": lambda text: [s.end_char for s in pipeline(text).sents],
            "regex": lambda text: [found.start() for found in blank.finditer(text)],
        }
        lines = ["# Sentences as punctuated (GUM)", "", DEVELOPED, "", *table(every, methods), ""]
        lines += ["| method | words | seconds |", "| --- | --- | --- |"]
        lines += speed(every, {k: v for k, v in methods.items() if k != "regex"})
    told = [
        line for line in Path(__file__).read_text("utf-8").splitlines() if "python eval" in line
    ]
    lines[1:1] = ["", f"`{told[0].strip()}`"]
    print("\n".join(lines))
    if args.out:
        args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
