"""A small invented coded corpus, gold data by hand, and methods that are simple, or cheat."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Coding, Reading
from autocode.core.transcript import Segment, Span
from autocode.evaluate.coded_corpus import CodedCorpus
from autocode.evaluate.gold import build_gold_data
from autocode.evaluate.predictions import Predictions
from autocode.pipeline import Study
from autocode.suggest.protocol import Ranking

CODES = {"wait": "waiting list months", "bus": "bus fare late", "shame": "ashamed shame help"}
WORDS = {
    "wait": "we sat on the waiting list for months in {0} number {1}",
    "bus": "the bus fare went up and the bus was late in {0} number {1}",
    "shame": "I felt ashamed and it was shame to ask for help in {0} number {1}",
    "": "then we talked about the weather and other plain things in {0} number {1}",
}
TOWNS = ("Ayr", "Bath", "Cork", "Deal", "Ely", "Fife")


def write_folder(
    folder: Path, *, towns=TOWNS, coders=("Amina", "Jonas"), independence=None, copies=()
) -> Path:
    """A corpus folder: twelve segments a town; Jonas misses every fourth code.

    `copies` are (town, original): the first repeats the words of the second.
    """
    folder.mkdir(parents=True, exist_ok=True)
    segments, codings = [], []
    said_by = dict(copies)
    for town in towns:
        origin = said_by.get(town, town)
        for at in range(12):
            code = list(WORDS)[(at + len(origin)) % 4]
            name = f"{town}:{at:02d}"
            words = WORDS[code].format(origin, at)
            segments.append((town, name, "Pat", words))
            for coder in coders:
                given = "" if coder == "Jonas" and at % 4 == 0 else code
                codings.append((name, coder, given))
    _table(folder / "segments.csv", ("doc_id", "segment_id", "speaker", "text"), segments)
    _table(folder / "codings.csv", ("segment_id", "coder", "code"), codings)
    book = [("talk", "Talk", "", "")] + [(c, c.title(), w, "talk") for c, w in CODES.items()]
    _table(folder / "codebook.csv", ("code", "name", "definition", "parent"), book)
    if independence is not None:
        _table(folder / "docs.csv", ("doc_id", "independence"), list(independence.items()))
    return folder


def _table(path, columns, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([columns, *rows])


def ranking(task, scores):
    """A ranking that decides on positive scores."""
    given = np.asarray(scores, dtype=float)
    chance = 1 / (1 + np.exp(-given))
    return Ranking(
        logits=given,
        probabilities=chance,
        likely=given > 0,
        in_set=chance > 0.1,
        auto_acceptable=chance > 0.95,
    )


class Words:
    """Counts the words a segment shares with the segments a code was given to."""

    name = "shared words"

    def rank(self, task):
        seen = [
            " ".join(
                task.corpus.segments[row].excerpt
                for row in task.read_rows
                if task.known.applied[row, code]
            ).split()
            for code in range(task.corpus.n_codes)
        ]
        scores = [
            [len(set(task.corpus.segments[row].excerpt.split()) & set(words)) for words in seen]
            for row in task.targets
        ]
        return ranking(task, np.array(scores) - 5.5)


class Copies:
    """Cheats: hands back whatever codes the task holds for its targets."""

    name = "copies the answers"

    def rank(self, task):
        return ranking(task, np.where(task.known.applied[task.targets], 5.0, -5.0))


class Hoards:
    """Cheats: remembers every coding it was ever shown and looks its targets up."""

    name = "hoards codings"

    def __init__(self):
        self.seen = {}

    def rank(self, task):
        for row in task.read_rows:
            self.seen[int(row)] = task.known.applied[row].copy()
        scores = np.full((len(task.targets), task.corpus.n_codes), -5.0)
        for at, row in enumerate(task.targets):
            if int(row) in self.seen:
                scores[at][self.seen[int(row)]] = 5.0
        return ranking(task, scores)


class HoardsInMaterial(Hoards):
    """Cheats: keeps what it has seen on the corpus, which is handed to every fold."""

    def rank(self, task):
        self.seen = task.corpus.__dict__.setdefault("seen", {})
        return super().rank(task)


def without_costs(payload):
    """An evaluation's payload without seconds and memory, which differ from run to run."""
    if isinstance(payload, dict):
        return {
            key: without_costs(value)
            for key, value in payload.items()
            if key not in ("seconds", "peak_rss_mb")
        }
    return [without_costs(value) for value in payload] if isinstance(payload, list) else payload


def shape_of(payload):
    """The keys of a payload, all the way down; a list has the shape of its first element."""
    if isinstance(payload, dict):
        free = {"versions", "reference", "uses"}
        return {k: None if k in free else shape_of(v) for k, v in payload.items()}
    return [shape_of(payload[0])] if isinstance(payload, list) and payload else None


BOOK = Codebook(tuple(Code(id=c, name=c) for c in "abcd"))
# transcript, codes of Ana; suggestions in order; likely codes
ROWS = [
    ("t1", "ab", "acbd", "a"),
    ("t1", "c", "abcd", "c"),
    ("t2", "d", "dabc", "da"),
    ("t2", "", "bacd", "b"),
]


def gold_of_rows(rows=ROWS, second=None):
    """Gold data of four segments in two transcripts; `second` holds Ben's codes by row."""
    return build_gold_data(corpus_of_rows(rows, second), reference="Ana")


def corpus_of_rows(rows=ROWS, second=None):
    """Rows of (transcript, codes of Ana, ...) as a coded corpus; `second` are Ben's by row."""
    segments = [
        Segment(
            transcript=t,
            span=Span(i * 10, i * 10 + 5),
            excerpt=f"words {i}",
            speaker="P",
            role="participant",
            given=True,
        )
        for i, (t, *_) in enumerate(rows)
    ]
    codings, readings = [], []
    for i, (segment, row) in enumerate(zip(segments, rows, strict=True)):
        for coder, codes in (("Ana", row[1]), ("Ben", (second or {}).get(i))):
            if codes is not None:
                readings.append(Reading(segment.transcript, segment.span, coder))
                codings += [
                    Coding(transcript=segment.transcript, span=segment.span, code=c, coder=coder)
                    for c in codes
                ]
    study = Study(segments=segments, codebook=BOOK, codings=codings, readings=readings)
    return CodedCorpus(name="rows", study=study)


def predictions_of(gold, rows=ROWS, accepted=("a", "", "a", "")):
    """What a method predicted for the rows; `accepted` are the auto-acceptable codes of each."""
    made = Predictions.empty(gold)
    column = {code.id: at for at, code in enumerate(gold.codes)}
    for at, (_, _, order, likely) in enumerate(rows):
        made.top_codes[at, : len(order)] = [column[c] for c in order]
        made.top_probability[at] = 0.9
        made.likely[at, [column[c] for c in likely]] = True
        made.in_set[at, made.top_codes[at, :2]] = True
        made.auto_acceptable[at, [column[c] for c in accepted[at]]] = True
    return made


def value_of(counts, name):
    """A score from the counts of all transcripts."""
    summed = counts.statistic(counts.counts.sum(axis=0, keepdims=True))[0]
    return summed[counts.names.index(name)]
