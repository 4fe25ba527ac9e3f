"""The interview guide aligned with transcripts, and what it adds to suggestions of its codes.

    python eval/bench_guide.py FOLDER_OF_CORPORA [--cache FOLDER] [--out eval/results/guide.md]

ml-quality-interviews has codes of the interview guide (`notice_families` proposes them), which four
transcripts were coded with; three are English, one is French. First table: each segment of a
participant is given the code whose question it is aligned with, nothing coded; F1 against all that
anybody gave. Beside it, the learner's decisions on these codes (leave-transcripts-out, 80 % coded).
Second table: suggestions without and with the guide as evidence, the family switched on where the
guide was coded and off elsewhere. The alignment's constants were settled with these interviews in
view; three values of the one that matters most are shown.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from eval.bench_families import COLUMNS, CORPUS, GUIDE, Fold, rank_folds, score, show

from autocode import load_encoder, pipeline
from autocode.analysis.noticed_families import notice_families
from autocode.core.code_family import FamilyUse
from autocode.encode.folder_cache import FolderVectorCache
from autocode.evaluate.coded_corpus import read_coded_corpus
from autocode.evaluate.gold import GoldData, build_gold_data
from autocode.evaluate.predictions import Predictions
from autocode.suggest import guide as guide_module
from autocode.suggest.codebook_suggester import CodebookSuggester
from autocode.suggest.corpus import EncodedCorpus
from autocode.suggest.families import withhold_families
from autocode.suggest.guide import Guide, align_guide, read_guides
from autocode.suggest.guide_evidence import follow_guides
from autocode.suggest.protocol import KnownCodings, Task

ENGLISH = ("interview-03", "interview-04", "interview-05")
FRENCH = "interview-02"
BEGINS = (1.0, 1.5, 2.0)


def given(gold: GoldData, columns: np.ndarray, transcript: str) -> set[tuple[int, int]]:
    """(segment, code) that anybody gave a participant in a transcript."""
    return {
        (row, int(column))
        for row, segment in enumerate(gold.segments)
        if segment.transcript == transcript and segment.role != "interviewer"
        for column in columns
        if any(gold.codes[column].id in codes for codes in gold.codes_by_person[row].values())
    }


def f1(one: set[tuple[int, int]], other: set[tuple[int, int]]) -> float:
    return 2 * len(one & other) / max(1, len(one) + len(other))


def align_cold(gold: GoldData, corpus: EncodedCorpus, guide: Guide) -> list[str]:
    """A row a transcript: F1 at three values of `BEGIN`, and how many questions begin."""
    lines = []
    usual = guide_module.BEGIN
    for name in (*ENGLISH, FRENCH):
        cells = []
        for begin in BEGINS:
            guide_module.BEGIN = begin
            aligned = align_guide(corpus, guide, [name])
            pairs = {key for a in aligned for key, _ in a.list_evidence(corpus)}
            n = aligned[0].n_begun if aligned else 0
            cells.append(f"{f1(pairs, given(gold, guide.columns, name)):.2f} ({n})")
        guide_module.BEGIN = usual
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def learned(gold: GoldData, folds: list[Fold], guide: Guide) -> dict[str, float]:
    """F1 of the learner's decisions on the guide's codes, by transcript."""
    likely = np.zeros((len(gold.segments), len(gold.codes)), dtype=bool)
    for fold in folds:
        likely[fold.rows] = fold.ranking.likely
    figures = {}
    for name in (*ENGLISH, FRENCH):
        rows = [r for r, segment in enumerate(gold.segments) if segment.transcript == name]
        pairs = {(row, int(column)) for row in rows for column in guide.columns
                 if likely[row, column]}  # fmt: skip
        figures[name] = f1(pairs, given(gold, guide.columns, name))
    return figures


def predict(gold: GoldData, folds: list[Fold], codes, use: FamilyUse, *, guided: bool):
    predictions = Predictions.empty(gold)
    for fold in folds:
        task = replace(fold.task, corpus=replace(fold.task.corpus, codes=codes), families=use)
        ranking = follow_guides(task, fold.ranking) if guided else fold.ranking
        ranking = withhold_families(task, ranking)
        predictions.enter(fold.rows, ranking, task.corpus.allowed[fold.rows])
    return predictions


def rank_cold(gold: GoldData, corpus: EncodedCorpus) -> list[Fold]:
    """Everything ranked with nothing coded, as one fold."""
    shape = (len(gold.segments), len(gold.codes))
    known = KnownCodings(np.zeros(shape[0], dtype=bool), np.zeros(shape, dtype=bool))
    task = Task(corpus=corpus, known=known, targets=np.flatnonzero(gold.targets))
    return [Fold(task.targets, task, CodebookSuggester().rank(task))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("vectors"))
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    coded = read_coded_corpus(asked.folder / CORPUS)
    study = coded.study
    gold = build_gold_data(coded, reference=None)
    tools = pipeline.Tools(encoder=load_encoder(), cache=FolderVectorCache(asked.cache))
    members = set(notice_families(study.codebook, study.people_codings)[0].codes)
    codes = [replace(c, family=GUIDE) if c.id in members else c for c in gold.codes]
    corpus = pipeline.encode_corpus(study, gold.codes, tools)
    (guide,), _ = read_guides(codes)
    using = {c.transcript for c in study.people_codings if c.code in members}
    use = FamilyUse({(GUIDE, name): name in using for name in gold.transcripts})
    others = [name for name in gold.transcripts if name not in using]
    n_others = len(align_guide(corpus, guide, others))
    folds, cold = rank_folds(gold, tools, study), rank_cold(gold, corpus)
    lines = [
        "# The interview guide",
        "",
        "`python eval/bench_guide.py FOLDER_OF_CORPORA --out eval/results/guide.md`",
        "",
        (__doc__ or "").split("\n\n", 2)[2].strip(),
        "",
        f"The guide fits the others too: {n_others} of the {len(others)} in which nobody applied "
        "its codes are aligned. Whether codes of the guide are applied is no matter of the talk, "
        "and is left to the switches and the codings of the family.",
        "",
        f"F1 (questions that begin, of {len(guide.columns)}) by the standard score from which a "
        f"turn begins a question (the default is {guide_module.BEGIN}):",
        "",
        f"| transcript | {' | '.join(f'{begin:g}' for begin in BEGINS)} | learner, 80 % coded |",
        "| --- | --- | --- | --- | --- |",
    ]
    by_learner = learned(gold, folds, guide)
    for line in align_cold(gold, corpus, guide):
        name = line.split("|")[1].strip()
        lines.append(f"{line} {by_learner[name]:.2f} |")
    lines += ["", f"| | {' | '.join(COLUMNS)} |", f"| --- |{' --- |' * len(COLUMNS)}"]
    for label, ranked in (("nothing coded", cold), ("80 % coded", folds)):
        for guided in (False, True):
            predictions = predict(gold, ranked, codes, use, guided=guided)
            row = score(gold, predictions, guide.columns, using)
            name = f"{label}, {'with' if guided else 'without'} the guide"
            lines.append(f"| {name} | {' | '.join(map(show, row))} |")
    text = "\n".join([*lines, ""])
    print(text)
    if asked.out:
        asked.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
