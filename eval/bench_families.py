"""Decisions of interview-guide codes with families of codes off and on, on coded interviews.

    python eval/bench_families.py FOLDER_OF_CORPORA [--cache FOLDER]
        [--out eval/results/families.md]

Leave-transcripts-out, five folds, 80 % of the transcripts coded, seed 0: the rankings are made
once, and families put on them. The family is what `notice_families` proposes from all codings;
what it proposes from the codings of each fold stands below. When a published transcript was coded
is not known: the order of the study, the reverse and ten drawn orders (seeds 0 to 9) are taken.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from autocode import load_encoder, pipeline
from autocode.analysis.noticed_families import notice_families
from autocode.core.code_family import CodeFamily, FamilyUse
from autocode.encode.folder_cache import FolderVectorCache
from autocode.evaluate.coded_corpus import read_coded_corpus
from autocode.evaluate.gold import GoldData, build_gold_data
from autocode.evaluate.leakage import run_isolated
from autocode.evaluate.metrics.human import count_machine_agreement
from autocode.evaluate.metrics.ranking import count_f1, count_ranking
from autocode.evaluate.metrics.scores import compute_scores
from autocode.evaluate.predictions import Predictions
from autocode.evaluate.protocol import Protocol
from autocode.evaluate.runner import Evaluator
from autocode.suggest.codebook_suggester import CodebookSuggester
from autocode.suggest.families import withhold_families
from autocode.suggest.protocol import Ranking, Task

CORPUS = "ml-quality-interviews"
GUIDE = CodeFamily("structural", "interview guide")
N_ORDERS = 10


@dataclass(frozen=True)
class Fold:
    """What was asked in a fold, and the ranking of a method that knows no families."""

    rows: np.ndarray
    task: Task
    ranking: Ranking


@dataclass(frozen=True)
class Setting:
    """A row of the table: where the family is switched, and the order of coding.

    With `from_first` the family comes into use in a transcript after the first of its codes there.
    """

    name: str
    marked: bool = True
    use: FamilyUse = field(default_factory=FamilyUse)
    from_first: bool = False


def rank_folds(gold: GoldData, tools: pipeline.Tools, study) -> list[Fold]:
    encoded = pipeline.encode_corpus(study, gold.codes, tools)
    evaluator = Evaluator(gold, encoded, CodebookSuggester(), Protocol(shares=(0.8,)))
    folds = []
    for fold in range(len(evaluator.splits.folds)):
        tested = evaluator.splits.list_tested(fold)
        rows = np.flatnonzero(np.isin(gold.transcript_index, tested) & gold.targets)
        training = evaluator.splits.draw_training(fold, 0.8, repeat=0)
        task = evaluator.held_out.make_task(training, rows, aims=Protocol().aims)
        folds.append(Fold(rows, task, run_isolated(CodebookSuggester(), task)))
        print(f"fold {fold + 1}", file=sys.stderr, flush=True)
    return folds


def predict(gold: GoldData, folds: list[Fold], members: set[str], setting: Setting) -> Predictions:
    codes = [
        replace(code, family=GUIDE) if code.id in members and setting.marked else code
        for code in gold.codes
    ]
    columns = [at for at, code in enumerate(gold.codes) if code.id in members]
    predictions = Predictions.empty(gold)
    for fold in folds:
        corpus = replace(fold.task.corpus, codes=codes)
        task = replace(fold.task, corpus=corpus, families=setting.use)
        ranking = withhold_families(task, fold.ranking)
        if setting.from_first:
            given = gold.reference_codings.applied[:, columns].any(axis=1)
            since = np.array(
                [
                    given[: row + 1][corpus.transcripts[: row + 1] == corpus.transcripts[row]][
                        :-1
                    ].any()
                    for row in fold.rows
                ]
            )
            likely = ranking.likely.copy()
            likely[:, columns] = fold.ranking.likely[:, columns] & since[:, None]
            ranking = replace(ranking, likely=likely)
        predictions.enter(fold.rows, ranking, corpus.allowed[fold.rows])
    return predictions


def score(gold: GoldData, predictions: Predictions, columns: np.ndarray, using: set[str]) -> list:
    names = np.array([segment.transcript for segment in gold.segments])
    likely = predictions.likely[:, columns]
    inside = np.isin(names, sorted(using))
    applied = gold.reference_codings.applied[:, columns]
    scored = gold.scored[:, None]
    hits = int((likely & applied & scored).sum())
    total = int((likely & scored).sum()) + int((applied & scored).sum())
    scores: dict = {}
    for count in (count_ranking, count_f1, count_machine_agreement):
        scores |= compute_scores([count(gold, predictions)], Protocol().resampling)
    return [
        int(likely[~inside].sum()),
        int(likely[inside].sum()),
        2 * hits / total if total else 0.0,
        *(scores[name].value for name in ("hit_at_1", "recall_at_3", "micro_f1")),
        next(s.value for name, s in scores.items() if "kappa" in name),
    ]


def list_settings(names: list[str], using: set[str]) -> list[Setting]:
    right = {(GUIDE, name): name in using for name in names}
    on_there = {(GUIDE, name): True for name in using}
    return [
        Setting("no family marked", marked=False),
        Setting("marked; coded in the order of the study"),
        Setting("marked; coded in the reverse order", use=FamilyUse({}, tuple(names[::-1]))),
        *(
            Setting(f"marked; drawn order {seed}", use=FamilyUse({}, tuple(draw(names, seed))))
            for seed in range(N_ORDERS)
        ),
        Setting("marked; in use after the first of its codes in a transcript", from_first=True),
        Setting("marked; switched on where the guide was coded", use=FamilyUse(on_there)),
        Setting("marked; switched on there and off elsewhere", use=FamilyUse(right)),
    ]


def draw(names: list[str], seed: int) -> list[str]:
    return np.random.default_rng(seed).permutation(names).tolist()


def notice_in_folds(study, folds: list[Fold]) -> list[str]:
    lines = []
    for number, fold in enumerate(folds, start=1):
        coded = set(fold.task.corpus.transcripts[fold.task.known.read].tolist())
        codings = [c for c in study.people_codings if c.transcript in coded]
        noticed = notice_families(study.codebook, codings)
        words = "; ".join(family.describe() for family in noticed) or "nothing"
        lines.append(f"- fold {number}: {words}")
    return lines


COLUMNS = (
    "decided in transcripts without", "decided in those with", "F1 of its codes", "hit@1",
    "recall@3", "micro F1", "kappa with people",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("vectors"))
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    corpus = read_coded_corpus(asked.folder / CORPUS)
    study = corpus.study
    gold = build_gold_data(corpus, reference=None)
    tools = pipeline.Tools(encoder=load_encoder(), cache=FolderVectorCache(asked.cache))
    (noticed, *_) = notice_families(study.codebook, study.people_codings)
    members = set(noticed.codes)
    folds = rank_folds(gold, tools, study)
    columns = np.array([at for at, code in enumerate(gold.codes) if code.id in members])
    using = {c.transcript for c in study.people_codings if c.code in members}
    rows = {
        setting.name: score(gold, predict(gold, folds, members, setting), columns, using)
        for setting in list_settings(list(gold.transcripts), using)
    }
    drawn = [rows.pop(name) for name in list(rows) if "drawn order" in name]
    text = "\n".join(
        [
            "# Families of codes",
            "",
            "`python eval/bench_families.py FOLDER_OF_CORPORA --out eval/results/families.md`",
            "",
            (__doc__ or "").split("\n\n", 2)[2].strip(),
            "",
            f"{CORPUS}: {len(gold.transcripts)} transcripts, the family's codes in {len(using)} "
            f"({', '.join(sorted(using))}). Noticed: {noticed.describe()}. F1, hits and recall "
            "are against the reference coder.",
            "",
            f"| | {' | '.join(COLUMNS)} |",
            f"| --- |{' --- |' * len(COLUMNS)}",
            *(f"| {name} | {' | '.join(map(show, row))} |" for name, row in rows.items()),
            "",
            f"Over the {N_ORDERS} drawn orders, decided in transcripts without: "
            f"{', '.join(str(row[0]) for row in drawn)}.",
            "",
            "What is noticed from the codings that each fold learns from:",
            "",
            *notice_in_folds(study, folds),
            "",
        ]
    )
    print(text)
    if asked.out:
        asked.out.write_text(text, encoding="utf-8")


def show(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.3f}"


if __name__ == "__main__":
    main()
