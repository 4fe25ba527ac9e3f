"""Which unit covers what people highlight: turns, paragraphs, meaning units, sentences.

    python eval/bench_units.py ../shared/data/usability-think-aloud [--out eval/results/units.md]

A highlight is covered when one unit has intersection over union of .5 or more with it, in
characters. Consecutive paragraphs of the participant are one turn. "No paragraphs" joins the
paragraphs of a turn into one line, as many transcripts come.
"""

from __future__ import annotations

import argparse
import csv
import gzip
from pathlib import Path

import numpy as np

from autocode.segment import UNITS, cut
from autocode.transcript import Source, Span, Transcript, Turn


def rows(path: Path):
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        yield from csv.DictReader(stream)


def sessions(folder: Path):
    """Per session: text, turns as [start, end, speaker], highlights as (start, end)."""
    found, places = {}, {}
    for row in rows(folder / "segments.csv.gz"):
        session = found.setdefault(row["doc_id"], {"text": "", "turns": [], "marks": {}})
        begin = len(session["text"]) + bool(session["text"])
        session["text"] += "\n" * bool(session["text"]) + row["text"]
        places[row["segment_id"]] = (session, begin)
        turns, end = session["turns"], len(session["text"])
        if turns and turns[-1][2] == row["speaker"] == "participant":
            turns[-1][1] = end
        else:
            turns.append([begin, end, row["speaker"]])
    for row in rows(folder / "highlights.csv.gz"):
        session, begin = places[row["segment_id"]]
        start, end = begin + int(row["char_start"]), begin + int(row["char_end"])
        old = session["marks"].get(row["highlight_id"], (start, end))
        session["marks"][row["highlight_id"]] = (min(start, old[0]), max(end, old[1]))
    return list(found.values())


def best_overlap(session, unit: str, *, joined: bool):
    text = session["text"].replace("\n", " ") if joined else session["text"]
    turns = tuple(Turn(Span(begin, end)) for begin, end, _ in session["turns"])
    spans = cut(Transcript("t", text, turns, Source("t", "txt", "0" * 64)), unit)
    bounds = np.array([(span.start, span.end) for _, span in spans])
    values = []
    for start, end in session["marks"].values():
        shared = np.minimum(bounds[:, 1], end) - np.maximum(bounds[:, 0], start)
        union = np.maximum(bounds[:, 1], end) - np.minimum(bounds[:, 0], start)
        values.append(max(0.0, float((shared / union).max())))
    return values, len(spans)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    every = sessions(args.folder)
    lines = [
        "# Units beside what people highlight",
        "",
        "`python eval/bench_units.py ../shared/data/usability-think-aloud "
        "--out eval/results/units.md`",
        "",
        "Share of exact human highlights that one unit covers (IoU >= .5). The lengths of meaning",
        "units were chosen in sight of both halves of the sessions; `half` is every second one.",
        "",
        "| text | unit | units | covered | half | mean IoU |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for joined in (False, True):
        for unit in UNITS:
            found = [best_overlap(session, unit, joined=joined) for session in every]
            values = np.concatenate([v for v, _ in found])
            half = np.concatenate([v for v, _ in found[1::2]])
            text = "no paragraphs" if joined else "as it came"
            n_units = sum(n for _, n in found)
            shares = f"{(values >= 0.5).mean():.3f} | {(half >= 0.5).mean():.3f}"
            lines.append(f"| {text} | {unit} | {n_units} | {shares} | {values.mean():.3f} |")
            print(lines[-1], flush=True)
    if args.out:
        args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
