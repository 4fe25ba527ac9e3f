"""Suggestions on public coded corpora, ours beside other people's methods, on the same splits.

    python eval/bench_suggest.py FOLDER_OF_CORPORA [CORPUS ...] [--quick] [--alone]
        [--coded SHARE ...] [--repeats R] [--resplits N] [--folds-tested K]
        [--cache FOLDER] [--record FOLDER] [--out eval/results/suggest.md]

Every folder with codings is a corpus. Protocol: `autocode evaluate` (leave transcripts out, 5
folds, seed 0). Peers learn from the same training transcripts and are tested on the same ones;
differences are paired, 95 % intervals over transcripts. Peers only rank: their seconds hold one fit
and its scores a fold, while ours hold the fits on held-out transcripts as well, which measure how
far to trust the scores. `--quick`: shares 0 and 20 %, small corpora, no SetFit, no BERTopic.
`--resplits N`: no learning curves, but ranking and false accepts over N seeds, which deal the folds
and draw what is learned from (`eval/resplits.py`); `--folds-tested K`: of the folds of each split
the first K only.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import expit

sys.path.insert(0, str(Path(__file__).parents[1]))

from eval import peers
from eval.resplits import RESPLITS, resplit

from autocode import load_encoder, pipeline
from autocode.core.errors import AutocodeError, NothingToDo
from autocode.encode.cache import MemoryVectorCache
from autocode.encode.folder_cache import FolderVectorCache
from autocode.evaluate.coded_corpus import read_coded_corpus
from autocode.evaluate.gold import build_gold_data
from autocode.evaluate.methods import load_suggester
from autocode.evaluate.metrics.ranking import count_ranking
from autocode.evaluate.metrics.scores import ScoreCounts, compute_scores
from autocode.evaluate.protocol import Protocol
from autocode.evaluate.runner import Evaluator
from autocode.suggest.protocol import Ranking

SHARES, QUICK_SHARES = (0.0, 0.1, 0.2, 0.5, 0.8), (0.0, 0.2)
RACED = (0.2, 0.8)
RESPLIT = (0.2, 0.5, 0.8)
QUICK_SEGMENTS = 1000
SHOWN = ("hit_at_1", "recall_at_3", "micro_f1", "macro_f1", "kappa_per_code_mean")


@dataclass(frozen=True)
class Ranked:
    """A peer that ranks and no more; nothing is measured on held-out transcripts."""

    scorer: object

    @property
    def name(self) -> str:
        return self.scorer.name

    def rank(self, task):
        if hasattr(self.scorer, "rank"):
            return self.scorer.rank(task)
        logits = self.scorer.logits(task)
        none = np.zeros(logits.shape, dtype=bool)
        return Ranking(
            logits=logits,
            probabilities=expit(logits),
            likely=none,
            in_set=none,
            auto_acceptable=none,
        )


def corpora(folder: Path, wanted: list[str]) -> list[Path]:
    names = wanted or sorted(path.name for path in folder.iterdir())
    return [folder / name for name in names if list((folder / name).glob("codings.csv*"))]


def shown(score) -> str:
    if score.value is None:
        return "-"
    if score.low is None:
        return f"{score.value:.3f}"
    return f"{score.value:.3f} [{score.low:.2f}, {score.high:.2f}]"


def curve(evaluator: Evaluator, protocol: Protocol, name: str) -> tuple[list[str], dict]:
    rows, share_runs = [], {}
    for share in protocol.shares:
        share_runs[share] = evaluator.run_share(share)
        point = evaluator.score(share, share_runs[share])
        compared, accepted = point.human_comparison, point.auto_accept
        sets = point.prediction_sets
        fdr = "-" if accepted.observed_fdr is None else f"{accepted.observed_fdr:.2f}"
        cells = [
            name,
            f"{share:.0%}",
            f"{point.n_train:.1f}",
            *(shown(point.scores[key]) for key in SHOWN),
            shown(compared.human_human["pooled_kappa"]),
            shown(compared.machine_human["pooled_kappa"]),
            shown(compared.ratio["pooled_kappa"]),
            shown(compared.bound["pooled_kappa"]),
            shown(compared.validity["pooled_kappa"]),
            f"{point.calibration.ece:.3f}",
            f"{sets.coverage or 0:.2f}, {sets.coverage_by_transcript or 0:.2f} / "
            f"{sets.mean_size:.1f}",
            f"{fdr} / {accepted.share_of_codings or 0:.2f}",
            f"{point.seconds:.1f}",
        ]
        rows.append("| " + " | ".join(cells) + " |")
        print(rows[-1], flush=True)
    return rows, share_runs


def race(evaluator: Evaluator, ours, theirs, protocol: Protocol) -> dict:
    """Ours less theirs on the same transcripts, with paired intervals."""
    counts = []
    for one, other in zip(ours.predictions, theirs.predictions, strict=True):
        a, b = count_ranking(evaluator.gold, one), count_ranking(evaluator.gold, other)
        width = a.counts.shape[1]

        def less(summed, a=a, b=b, width=width):
            return a.statistic(summed[:, :width]) - b.statistic(summed[:, width:])

        both = np.concatenate([a.counts, b.counts], axis=1)
        counts.append(
            ScoreCounts(names=a.names, counts=both, statistic=less, undefined="nothing to compare")
        )
    return compute_scores(counts, protocol.resampling)


def races(encoded, gold, ours: dict, protocol: Protocol, rivals: list) -> list[str]:
    rows = []
    for rival in rivals:
        evaluator = Evaluator(gold, encoded, Ranked(rival()), protocol)
        for share in (s for s in RACED if s in protocol.shares):
            try:
                share_run = evaluator.run_share(share)
            except NothingToDo as reason:
                rows.append(f"| {gold.name} | {rival().name} | | {reason} | | | | |")
                break
            alone = compute_scores(
                [count_ranking(gold, a) for a in share_run.predictions], protocol.resampling
            )
            apart = race(evaluator, ours[share], share_run, protocol)
            cells = [
                gold.name,
                rival().name,
                f"{share:.0%}",
                *(shown(alone[key]) for key in ("hit_at_1", "recall_at_3")),
                *(shown(apart[key]) for key in ("hit_at_1", "recall_at_3")),
                f"{share_run.seconds:.1f} "
                f"({ours[share].seconds / max(share_run.seconds, 1e-3):.2f})",
            ]
            rows.append("| " + " | ".join(cells) + " |")
        for row in rows[-2:]:
            print(row, flush=True)
    return rows


UPPER_BOUNDS = (
    "People's agreement is an upper bound, and validity too low, on ci-evidence-claims (coders saw"
    " the themes), book-club-discussions (published agreement on two of its codes is .28-.30) and"
    " exam-proctoring-survey (coded in rounds until kappa was .7). Coders were independent in"
    " annomi and ml-quality-interviews; it is not known for classroom-dialogue-zh."
)
CURVES = (
    "Learning curves",
    "Intervals: 95 % over transcripts. sets: share of people's codings inside, its mean over "
    "transcripts / codes in a set; "
    "accepts: share wrong / share of codings found. bound: the most a machine can reach beside"
    " people who coded independently, the square root of their kappa; validity: kappa with people"
    " over it. " + UPPER_BOUNDS,
    "corpus | coded | learned from | first right | recall in 3 | micro F1 | macro F1 |"
    " kappa per code | pooled kappa: people | with people | ratio | bound | validity |"
    " calibration error | sets |"
    " accepts | seconds",
)
RACES = (
    "Ours less theirs",
    "Same splits, paired. Seconds: all folds; in brackets ours over theirs.",
    "corpus | method | coded | first right | recall in 3 | ours less theirs: first right |"
    " recall in 3 | seconds (ratio)",
)


def page(command: str, *sections: tuple[tuple[str, str, str], list[str]]) -> str:
    parts = [
        "# Suggestions measured",
        "",
        f"`{command}` (default encoder; protocol in the script and in `autocode evaluate --json`)",
        "",
        "All figures are for a new transcript; while coding, and on part-coded transcripts:"
        " [suggest_regimes.md](suggest_regimes.md).",
        "",
    ]
    for (title, text, head), rows in sections:
        if rows:
            rule = "| --- " * len(head.split("|")) + "|"
            parts += [f"## {title}", "", text, "", f"| {head} |", rule, *rows, ""]
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("corpora", nargs="*")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--alone", action="store_true", help="no peers")
    parser.add_argument("--coded", type=float, nargs="+", help="shares, in place of the usual ones")
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--resplits", type=int, default=0)
    parser.add_argument("--folds-tested", type=int, default=5)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--record", type=Path, help="keep scores of resplits here, or read them")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    cache = FolderVectorCache(asked.cache) if asked.cache else MemoryVectorCache()
    tools = pipeline.Tools(load_encoder(), cache)
    usual = RESPLIT if asked.resplits else QUICK_SHARES if asked.quick else SHARES
    protocol = Protocol(shares=tuple(asked.coded or usual), n_repeats=asked.repeats)
    rivals = [] if asked.alone else [*peers.SCORERS, *(() if asked.quick else peers.OPTIONAL)]
    options = "".join(
        [
            "".join(f" {name}" for name in asked.corpora),
            " --quick" if asked.quick else "",
            " --alone" if asked.alone else "",
            f" --coded {' '.join(f'{share:g}' for share in asked.coded)}" if asked.coded else "",
            f" --repeats {asked.repeats}" if asked.repeats > 1 else "",
            f" --resplits {asked.resplits}" if asked.resplits else "",
            f" --folds-tested {asked.folds_tested}" if asked.folds_tested != 5 else "",
        ]
    )
    command = f"python eval/bench_suggest.py FOLDER_OF_CORPORA{options}"
    curves, raced, resplits = [], [], []
    sections = (CURVES, curves), (RACES, raced), (RESPLITS, resplits)
    text = page(command)
    for path in corpora(asked.folder, asked.corpora):
        try:
            source = read_coded_corpus(path)
            gold = build_gold_data(source)
        except AutocodeError as reason:
            print(reason, flush=True)
            continue
        if asked.quick and len(gold.segments) > QUICK_SEGMENTS and not asked.corpora:
            continue
        encoded = pipeline.encode_corpus(source.study, gold.codes, tools)
        evaluator = Evaluator(gold, encoded, load_suggester("autocode"), protocol)
        if not asked.resplits:
            rows, share_runs = curve(evaluator, protocol, gold.name)
            curves += rows
            raced += races(encoded, gold, share_runs, protocol, rivals)
        else:
            record = asked.record / gold.name if asked.record else None
            resplits += resplit(gold, encoded, protocol, asked.resplits, record, asked.folds_tested)
        # Written after every corpus: a run of hours that is stopped keeps what it has.
        text = page(command, *sections)
        if asked.out:
            asked.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
