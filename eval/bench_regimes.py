"""Suggestions in each regime on public coded corpora, ours beside what anybody could offer.

    python eval/bench_regimes.py FOLDER_OF_CORPORA [CORPUS ...] [--cache FOLDER] [--coded SHARE]
        [--draws N] [--methods NAME ...] [--regimes NAME ...] [--record FOLDER] [--tabulate]
        [--out eval/results/suggest_regimes.md]

Regimes (`autocode evaluate --regime`): a new transcript; while coding; part-coded transcripts, by
two passages of each and by every n-th segment. The same folds and draws for all methods, seed 0.
Baselines know what we know: the last codes repeated, the most frequent codes, logistic regression
on the vectors (refitted after every segment while coding). Differences are paired, with 95 %
intervals over transcripts; the worst draw stands beside the mean. Left out are corpora without
running text, which the library refuses, and those of `NO_ORDER`. With `--record` what a method
answered is kept, so that a run goes on where it stopped; delete the folder of a method that has
changed. `--tabulate` runs nothing and makes the tables of what is kept.
"""

from __future__ import annotations

import argparse
import pickle
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from autocode import load_encoder, pipeline
from autocode.core.errors import AutocodeError
from autocode.encode.cache import MemoryVectorCache
from autocode.encode.folder_cache import FolderVectorCache
from autocode.evaluate.coded_corpus import read_coded_corpus
from autocode.evaluate.embedding_baseline import EmbeddingLogistic
from autocode.evaluate.gold import GoldData, build_gold_data
from autocode.evaluate.methods import load_suggester
from autocode.evaluate.metrics.facets import FACETS
from autocode.evaluate.metrics.human import compare_with_people
from autocode.evaluate.metrics.passages import count_kappa
from autocode.evaluate.metrics.ranking import count_f1, count_ranking
from autocode.evaluate.metrics.scores import Score, ScoreCounts, compute_scores
from autocode.evaluate.predictions import Draw, Predictions
from autocode.evaluate.protocol import (
    EVERY_NTH,
    NEW_TRANSCRIPT,
    PART_CODED,
    PASSAGES,
    REGIMES,
    WHILE_CODING,
    Protocol,
    Regime,
    Sampling,
)
from autocode.evaluate.regimes import keep_running_text
from autocode.evaluate.runner import Evaluator
from autocode.suggest.corpus import EncodedCorpus

OURS, BASELINES = "autocode", ("repeat-last", "most-frequent", "embedding-lr")
SHORT = {
    "autocode": "ours",
    "repeat-last": "repeat last",
    "most-frequent": "most frequent",
    "embedding-lr": "embedding + LR",
}
# Where next to none of a segment's codes goes on (persistence under .2) a fit of the regressions
# after every segment costs an hour and is worth little.
REFIT_EVERY = {"annomi": 10, "emotional-support-chat": 10, "classroom-talk-moves": 25}
NO_ORDER = {"community-health-survey": "answers to one question, a respondent each"}

Count = Callable[[GoldData, Predictions], ScoreCounts]


@dataclass(frozen=True)
class Setting:
    """A regime and, of part-coded transcripts, which segments are known."""

    name: str
    regime: Regime
    sampling: Sampling = PASSAGES


SETTINGS = (
    Setting("new transcript", NEW_TRANSCRIPT),
    Setting("while coding", WHILE_CODING),
    Setting("part-coded, passages", PART_CODED, PASSAGES),
    Setting("part-coded, every n-th", PART_CODED, EVERY_NTH),
)


@dataclass(frozen=True)
class Answers:
    """What a method answered in some draws, and how long one took."""

    draws: tuple[Draw, ...]
    seconds: float


def load_method(name: str, corpus: str):
    if name == "embedding-lr":
        return EmbeddingLogistic(REFIT_EVERY.get(corpus, 1))
    return load_suggester(name)


def answer(
    gold: GoldData,
    encoded: EncodedCorpus | None,
    setting: Setting,
    method: str,
    protocol: Protocol,
    record: Path | None,
) -> Answers:
    """Run a method, or read what it answered before; without `encoded` only the latter."""
    evaluator = (
        Evaluator(gold, encoded, load_method(method, gold.name), protocol) if encoded else None
    )
    share = protocol.learned_shares[0]
    draws, seconds = [], 0.0
    for number in range(protocol.n_repeats):
        kept = (
            record / method / gold.name / f"{setting.name}-{share:g}-{number}.pickle"
            if record
            else None
        )
        if kept is not None and kept.exists():
            draw, spent = pickle.loads(kept.read_bytes())
        elif evaluator is None:
            break
        else:
            began = time.process_time()
            draw = evaluator.run_draw(share, number).draw
            spent = time.process_time() - began
            if kept is not None:
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_bytes(pickle.dumps((draw, spent)))
        draws.append(draw)
        seconds += spent
        print(f"{gold.name}: {setting.name}, {method}, draw {number}: {spent:.1f} s", flush=True)
    return Answers(tuple(draws), seconds / max(len(draws), 1))


def measure(draws: tuple[Draw, ...], protocol: Protocol) -> dict[str, Score]:
    scores: dict[str, Score] = {}
    for count in (count_ranking, count_f1, count_kappa):
        counts = [count(draw.gold, draw.predictions) for draw in draws]
        scores |= compute_scores(counts, protocol.resampling)
    return scores


def compare(ours: tuple[Draw, ...], theirs: tuple[Draw, ...], protocol: Protocol) -> dict:
    """Ours less theirs on the same transcripts, in the draws of both, with paired intervals."""
    scores: dict[str, Score] = {}
    for count in (count_ranking, count_kappa):
        pairs = [
            _subtract(count(a.gold, a.predictions), count(b.gold, b.predictions))
            for a, b in zip(ours, theirs, strict=False)
        ]
        scores |= compute_scores(pairs, protocol.resampling)
    return scores


def _subtract(ours: ScoreCounts, theirs: ScoreCounts) -> ScoreCounts:
    n = len(ours.counts)
    flat = [ours.counts.reshape(n, -1), theirs.counts.reshape(n, -1)]
    width = flat[0].shape[1]

    def statistic(sums):
        mine = sums[:, :width].reshape(len(sums), *ours.counts.shape[1:])
        other = sums[:, width:].reshape(len(sums), *theirs.counts.shape[1:])
        return ours.statistic(mine) - theirs.statistic(other)

    return ScoreCounts(
        names=ours.names,
        counts=np.concatenate(flat, axis=1),
        statistic=statistic,
        undefined="nothing to compare",
    )


def select(draws: tuple[Draw, ...], kind: str) -> tuple[Draw, ...]:
    """The draws on coded segments that start a passage, or on those that continue one."""
    chosen = []
    for draw in draws:
        gold = draw.gold
        coded = gold.scored & gold.reference_codings.applied.any(axis=1)
        starts = gold.reference_starts
        rows = coded & (starts if kind == "starts" else ~starts)
        chosen.append(Draw(gold=gold.restrict_to(rows), predictions=draw.predictions))
    return tuple(chosen)


def shown(score: Score) -> str:
    if score.value is None:
        return "-"
    if score.low is None:
        return f"{score.value:.3f}"
    return f"{score.value:.3f} [{score.low:.2f}, {score.high:.2f}]"


def worst(score: Score) -> str:
    return f"{min(score.drawn):.3f}" if score.drawn else "-"


def signed(score: Score) -> str:
    if score.value is None:
        return "-"
    if score.low is None:
        return f"{score.value:+.3f}"
    return f"{score.value:+.3f} [{score.low:+.2f}, {score.high:+.2f}]"


def summarise(apart: dict[tuple[str, str], dict[str, Score]]) -> list[str]:
    """How often ours is ahead, by regime and baseline."""
    rows = []
    for (setting, method), by_corpus in sorted(apart.items()):
        known = {name: score for name, score in by_corpus.items() if score.value is not None}
        least = min(known, key=lambda name: known[name].value)
        rows.append(
            row(
                setting,
                SHORT.get(method, method),
                len(known),
                sum(score.value > 0 for score in known.values()),
                sum((score.low or 0) > 0 for score in known.values()),
                sum((score.high or 0) < 0 for score in known.values()),
                f"{least}: {signed(known[least])}",
            )
        )
    return rows


def row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


HEADS = {
    "In short": "regime | ours less, recall in 3 | corpora | ahead | interval above 0 |"
    " interval below 0 | least",
    "Regimes side by side": "corpus | regime | method | draws | first right |"
    " recall in 3 |"
    " its worst draw | micro F1 | macro F1 | kappa with the reference | kappa per code |"
    " kappa with people | of people | ours less: first right | recall in 3 | its worst draw |"
    " kappa | seconds a draw",
    "Starts and continuations, while coding": "corpus | at | segments | method | first right |"
    " recall in 3 | kappa | ours less: first right | recall in 3 | its worst draw",
    "Agreement by question": "corpus | regime | between | is anything coded | which code, where"
    " both coded | does a passage start",
}
TEXTS = {
    "In short": 'On how many corpora ours is ahead of each baseline; "least": the corpus on which'
    " it is least so.",
    "Regimes side by side": "Intervals: 95 % over transcripts. Kappa with the reference is pooled"
    " over (segment, code) decisions, per code its mean over codes used ten times. Kappa with"
    " people: on what two people coded independently; while coding the method follows one of them"
    ' and is scored against the other. "ours less": paired, on the same draws. Seconds of CPU'
    " for all folds of a draw. Draws differ where a run was stopped"
    " before all were made. The regressions are refitted after every segment (annomi,"
    " emotional-support-chat: every tenth; classroom-talk-moves: every 25th). Never"
    " compare figures of two regimes: they answer different questions.",
    "Starts and continuations, while coding": "A start: the reference gives a code that the"
    " segment it read before does not have; a continuation: any other coded segment. Repeating"
    " the last codes is right at continuations by construction.",
    "Agreement by question": "Kappa over segments (is anything coded; does a passage start) and"
    " over (segment, code) decisions where both coded. While coding, a passage starts for the"
    " method where it decides on a code that the coder it follows did not give to the segment"
    ' before. "-": people agree on all segments, so there is nothing to correct for chance.',
}


def measure_corpus(gold, encoded, asked, sections: dict[str, list[str]], differences) -> None:
    for setting in SETTINGS:
        if asked.regimes and setting.regime not in asked.regimes:
            continue
        protocol = Protocol(
            regime=setting.regime,
            sampling=setting.sampling,
            shares=(asked.coded,),
            n_repeats=asked.draws,
        )
        answers = {
            method: answer(
                gold,
                encoded,
                setting,
                method,
                protocol,
                asked.record,
            )
            for method in asked.methods
        }
        answers = {method: given for method, given in answers.items() if given.draws}
        ours = answers.get(OURS)
        for method, given in answers.items():
            scores = measure(given.draws, protocol)
            people = compare_with_people(given.draws, protocol.resampling)
            apart = compare(ours.draws, given.draws, protocol) if ours and method != OURS else None
            if apart:
                of_corpora = differences.setdefault((setting.name, method), {})
                of_corpora[gold.name] = apart["recall_at_3"]
            sections["Regimes side by side"].append(
                row(
                    gold.name,
                    setting.name,
                    SHORT.get(method, method),
                    len(given.draws),
                    shown(scores["hit_at_1"]),
                    shown(scores["recall_at_3"]),
                    worst(scores["recall_at_3"]),
                    shown(scores["micro_f1"]),
                    shown(scores["macro_f1"]),
                    shown(scores["pooled_kappa"]),
                    shown(scores["kappa_per_code_mean"]),
                    shown(people.machine_human["pooled_kappa"]),
                    shown(people.human_human["pooled_kappa"]),
                    signed(apart["hit_at_1"]) if apart else "",
                    signed(apart["recall_at_3"]) if apart else "",
                    worst(apart["recall_at_3"]) if apart else "",
                    signed(apart["pooled_kappa"]) if apart else "",
                    f"{given.seconds:.1f}",
                )
            )
            _add_facets(sections["Agreement by question"], gold, setting, method, people)
            if setting.regime == WHILE_CODING:
                _add_passages(
                    sections["Starts and continuations, while coding"],
                    gold,
                    method,
                    given.draws,
                    ours.draws if apart else None,
                    protocol,
                )


def _add_facets(rows: list[str], gold, setting: Setting, method: str, people) -> None:
    if people.human_human["pooled_kappa"].value is None:
        return
    if method == OURS:
        cells = [shown(people.human_human[facet]) for facet in FACETS]
        rows.append(row(gold.name, setting.name, "people", *cells))
    cells = [shown(people.machine_human[facet]) for facet in FACETS]
    rows.append(row(gold.name, setting.name, f"{SHORT.get(method, method)} and people", *cells))


def _add_passages(rows: list[str], gold, method, draws, ours, protocol) -> None:
    for kind in ("starts", "continuations"):
        chosen = select(draws, kind)
        scores = measure(chosen, protocol)
        apart = compare(select(ours, kind), chosen, protocol) if ours else None
        rows.append(
            row(
                gold.name,
                kind,
                round(float(np.mean([draw.gold.scored.sum() for draw in chosen]))),
                SHORT.get(method, method),
                shown(scores["hit_at_1"]),
                shown(scores["recall_at_3"]),
                shown(scores["pooled_kappa"]),
                signed(apart["hit_at_1"]) if apart else "",
                signed(apart["recall_at_3"]) if apart else "",
                worst(apart["recall_at_3"]) if apart else "",
            )
        )


def page(command: str, sections: dict[str, list[str]], left: list[str]) -> str:
    parts = ["# Suggestions by regime", "", f"`{command}` (default encoder, seed 0)", ""]
    if left:
        parts += ["Left out: " + " ".join(left), ""]
    for title, rows in sections.items():
        if rows:
            rule = "| --- " * len(HEADS[title].split("|")) + "|"
            parts += [f"## {title}", "", TEXTS[title], "", f"| {HEADS[title]} |", rule, *rows, ""]
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("corpora", nargs="*")
    parser.add_argument("--coded", type=float, default=0.2, help="the share learned from")
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--methods", nargs="+", default=[OURS, *BASELINES])
    parser.add_argument("--regimes", nargs="+", choices=REGIMES)
    parser.add_argument("--tabulate", action="store_true", help="only what is recorded")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--record", type=Path, help="keep what methods answer here, or read it")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    cache = FolderVectorCache(asked.cache) if asked.cache else MemoryVectorCache()
    tools = pipeline.Tools(load_encoder(), cache)
    names = asked.corpora or sorted(path.name for path in asked.folder.iterdir())
    command = "python eval/bench_regimes.py FOLDER_OF_CORPORA" + "".join(
        [
            *(f" {name}" for name in asked.corpora),
            f" --coded {asked.coded:g}" if asked.coded != 0.2 else "",
            f" --draws {asked.draws}",
        ]
    )
    sections: dict[str, list[str]] = {title: [] for title in HEADS}
    differences: dict[tuple[str, str], dict[str, Score]] = {}
    left: list[str] = []
    text = page(command, sections, left)
    for name in names:
        path = asked.folder / name
        if not list(path.glob("codings.csv*")):
            continue
        if name in NO_ORDER:
            left.append(f"{name} ({NO_ORDER[name]}).")
            continue
        try:
            source = read_coded_corpus(path)
            gold = build_gold_data(source)
            keep_running_text(gold)
            encoded = (
                None if asked.tabulate else pipeline.encode_corpus(source.study, gold.codes, tools)
            )
        except AutocodeError as reason:
            left.append(str(reason).partition(" (")[0] + ".")
            print(reason, flush=True)
            continue
        measure_corpus(gold, encoded, asked, sections, differences)
        sections["In short"] = summarise(differences)
        # Written after every corpus: a run of hours that is stopped keeps what it has.
        text = page(command, sections, left)
        if asked.out:
            asked.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
