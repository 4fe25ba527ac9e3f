"""Sentences of GUM beside spaCy's sentencizer and a regex, as punctuated and as bare words.

    python eval/bench_sentences.py ../shared/data/gum-sentences [--bare | --speed] [--out FILE]

Boundaries inside turns, counted in visible characters; one F1 over all texts of a genre. The second
table is of meetings (meeting-topics beside the folder) that nobody looked at while writing rules:
in the ICSI and AMI transcripts, sentence marks stand apart, so that they are known before they are
put to the words. `--bare`: lower-cased, punctuation removed, found by the shipped head, with its
curve. `--speed`: a transcript of 0.25 and of 1 million words read and cut, each in a process of its
own, as one file and as files of 10,000 words.
"""

from __future__ import annotations

import argparse
import collections
import csv
import gzip
import hashlib
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import spacy

from autocode.segment.sentences import split_sentences
from autocode.segment.unpunctuated import SpeechHead, list_bare_words

SPOKEN = ("conversation", "interview", "podcast", "vlog", "court", "speech")
WORDS = 1_000_000
SIZES, FILE_WORDS = (250_000, 1_000_000), 10_000
DOMAINS = ("Academic", "Product")
_MARK = re.compile(r"\s+([.?!])(?=\s|$)")

DEVELOPED = (
    "The rules were written while looking at errors on all of these texts, so these are "
    "development figures; the halves (documents by digest) say how even they are."
)
UNSEEN = (
    "Not development: meetings of ICSI (Academic) and AMI (Product), which nobody looked at for "
    "the rules. There every mark that stands apart counts as an end, so that the regex, which cuts "
    "at every mark, is right by construction: the table shows what the others wrongly join."
)


def turns(folder: Path):
    found, last = [], None
    with gzip.open(folder / "sentences.csv.gz", "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if (row["doc_id"], row["turn_id"]) != last:
                last, blank = (row["doc_id"], row["turn_id"]), ""
                half = hashlib.sha256(row["doc_id"].encode()).digest()[0] % 2
                found.append([row["genre"], "", [], f"half {'AB'[half]}"])
            found[-1][1] += blank + row["text"]
            found[-1][2].append(len(found[-1][1]))
            blank = " " if row["space_after"] == "1" else ""
    return found


def meetings(folder: Path):
    """Turns whose marks stand apart: the words as people write them, and where sentences end."""
    found = []
    with gzip.open(folder / "turns.csv.gz", "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["domain"] in DOMAINS:
                spoken = re.sub(r"\{\s*\w+\s*\}", "", row["text"])
                spoken = re.sub(r"\s+([,;:])", r"\1", " ".join(spoken.split()))
                text, ends, at = "", [], 0
                for mark in _MARK.finditer(spoken):
                    text += spoken[at : mark.start()] + mark[1]
                    ends.append(len(text))
                    at = mark.end()
                text += spoken[at:]
                found.append([row["domain"], text, ends, "meetings"])
    return found


def visible(text: str, ends) -> set[int]:
    places = {len("".join(text[:end].split())) for end in ends}
    return places - {0, len("".join(text.split()))}


def table(every, methods):
    counts = collections.defaultdict(lambda: np.zeros(3, dtype=int))
    for genre, text, gold, part in every:
        right = visible(text, gold)
        for name, method in methods.items():
            found = visible(text, method(text))
            row = (len(found & right), len(found - right), len(right - found))
            kind = "spoken" if genre in (*SPOKEN, *DOMAINS) else "written"
            for group in (genre, kind, f"{kind}, {part}"):
                counts[group, name] += row
    known = {group for group, _ in counts}
    groups = [genre for genre in SPOKEN if genre in known]
    groups += sorted(known - {*SPOKEN}, key=lambda group: (group.startswith("written"), group))
    lines = [f"| genre | {' | '.join(methods)} |", "| --- |" + " --- |" * len(methods)]
    for group in groups:
        cells = (2 * c[0] / (2 * c[0] + c[1] + c[2]) for c in (counts[group, m] for m in methods))
        lines.append(f"| {group} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |")
    return lines


def speed(every, methods):
    texts, n_words = [], 0
    while n_words < WORDS:
        for _, text, *_ in every:
            texts.append(text)
            n_words += len(text.split())
    for name, method in methods.items():
        begin = time.perf_counter()
        for text in texts:
            method(text)
        yield f"| {name} | {n_words} | {time.perf_counter() - begin:.1f} |"


def bare(every):
    from autocode import load_encoder
    from autocode.encode.manifest import find_models_folder
    from autocode.encode.word_states import compute_word_states

    head, encoder = SpeechHead.load(find_models_folder()), load_encoder()
    chances, right = [], []
    for genre, text, gold, _ in every:
        words = list_bare_words(text)
        if genre in SPOKEN and len(words) > 1:
            rows = [word.text for word in words]
            chances.append(head.probabilities(rows, compute_word_states(encoder, [rows])[0]))
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


def read_and_cut(folder: str) -> None:
    """What a child process does: every transcript in a folder read and cut, one after another."""
    from autocode.io.transcripts.read import read_document
    from autocode.segment import cut

    list(split_sentences("Load the pipeline. Now."))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin, n_sentences, n_words = time.perf_counter(), 0, 0
    for path in sorted(Path(folder).iterdir()):
        transcript, _ = read_document(path)
        n_words += len(transcript.text.split())
        n_sentences += len(cut(transcript, "sentence"))
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([n_words, n_sentences, seconds, before / 1024, peak / 1024]))


def memory(every):
    yield "| words | files | sentences | seconds | MB before | MB at most |"
    yield "| --- | --- | --- | --- | --- | --- |"
    said = [" ".join(text.split()) for _, text, *_ in every if text.strip()]
    for size in SIZES:
        for per_file in (FILE_WORDS, size):
            with tempfile.TemporaryDirectory() as folder:
                written, number = 0, 0
                while written < size:
                    lines, n = [], 0
                    while n < per_file:
                        line = said[(number * 7 + len(lines)) % len(said)]
                        lines.append(f"{'Ann' if len(lines) % 2 else 'Int'}: {line}")
                        n += len(line.split()) + 1
                    path = Path(folder) / f"t{number:04d}.txt"
                    path.write_text("\n".join(lines), encoding="utf-8")
                    written, number = written + n, number + 1
                done = subprocess.run(
                    [sys.executable, __file__, folder, "--child"],
                    check=True,
                    capture_output=True,
                    text=True,
                )
            words, found, seconds, before, peak = json.loads(done.stdout)
            yield f"| {words} | {number} | {found} | {seconds:.1f} | {before:.0f} | {peak:.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    if args.child:
        read_and_cut(str(args.folder))
        return
    every = turns(args.folder)
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    blank = re.compile(r"(?<=[.!?])\s+")
    methods = {
        "autocode": lambda text: [end for _, end in split_sentences(text)],
        "spaCy sentencizer": lambda text: [s.end_char for s in pipeline(text).sents],
        "regex": lambda text: [found.start() for found in blank.finditer(text)],
    }
    if args.bare:
        lines = ["# Sentence ends without punctuation (spoken genres of GUM)", "", *bare(every)]
    elif args.speed:
        lines = ["# Time and memory for sentences (words of GUM, repeated)", "", *memory(every), ""]
        lines += ["The cutting alone, in one process:", ""]
        lines += ["| method | words | seconds |", "| --- | --- | --- |"]
        lines += speed(every, {k: v for k, v in methods.items() if k != "regex"})
    else:
        lines = ["# Sentences as punctuated (GUM)", "", DEVELOPED, "", *table(every, methods), ""]
        held_out = meetings(args.folder.parent / "meeting-topics")
        lines += [UNSEEN, "", *table(held_out, methods)]
    usage = [
        line for line in Path(__file__).read_text("utf-8").splitlines() if "python eval" in line
    ]
    lines[1:1] = ["", f"`{usage[0].strip()}`"]
    print("\n".join(lines))
    if args.out:
        args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
