"""Draft themes and codes never seen: what learning from the known codes brings, and two people.

    python eval/bench_novel_codes.py [--data ../shared/data] [--cache FOLDER]
        [--out eval/results/themes.md] [--draws 12] [CORPUS ...]

Writes the section "Codes never seen" of the results on draft themes: for each corpus half of the
codes are known and coded in half of the transcripts, and excerpts of the other codes are grouped
(`autocode evaluate FOLDER --task themes --draws N` measures the same). Stability is the adjusted
Rand index of the groups with those of four fifths of the excerpts, on the first three draws.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from autocode import load_encoder
from autocode.agreement.coefficients.clusterings import clustering_agreement
from autocode.encode.cache import encode_once
from autocode.encode.folder_cache import FolderVectorCache
from autocode.evaluate.coded_corpus import read_coded_corpus
from autocode.evaluate.gold import collect_codes_by_person
from autocode.evaluate.group_excerpts import AutocodeGrouper
from autocode.evaluate.novel_codes import (
    collect_known,
    draw_novel_codes,
    evaluate_novel_codes,
    measure_coder_agreement,
)
from autocode.evaluate.themes import ThemesProtocol, collect_coded_segments
from autocode.themes.learned_metric import learn_metric
from autocode.themes.partition import PartitionOptions, partition
from autocode.themes.ward import n_themes_for

DEVELOPMENT = (
    "exam-proctoring-survey",
    "book-club-discussions",
    "ml-quality-interviews",
    "usability-think-aloud",
    "nhs-patient-feedback",
    "peer-review-discourse",
    "annomi",
    "ci-evidence-claims",
)
LATER = (
    "gay-rodeo-interviews",
    "poets-writing-practice",
    "malawi-migrant-interviews",
    "women-in-stem-interviews",
)
TITLE = "## Codes never seen"
STABILITY_DRAWS, SUBSETS, SHARE = 3, 3, 0.8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpora", nargs="*", default=(*DEVELOPMENT, *LATER))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("eval/results/themes.md"))
    parser.add_argument("--cache", type=Path, help="a folder that keeps vectors between runs")
    parser.add_argument("--draws", type=int, default=12)
    asked = parser.parse_args()
    warnings.filterwarnings("ignore")
    lines = [
        TITLE,
        "",
        f"`python eval/bench_novel_codes.py --draws {asked.draws}`, {time.strftime('%Y-%m-%d')}. "
        "Half of the codes are known and coded in half of the transcripts; excerpts of the other "
        "codes are grouped, with vectors as they are and in the metric learned from what is known. "
        "Adjusted mutual information, mean over draws with the interval that holds 95 % of them; "
        "unassigned excerpts are a class of their own. People: two coders on segments both coded "
        "(of several codes the commonest), in the same measure. Stability: adjusted Rand index "
        f"with groups of four fifths, first {STABILITY_DRAWS} draws. The metric was chosen on the "
        "first four corpora, peer-review, gay-rodeo, poets and women-in-stem; nhs, annomi, claims "
        "and malawi were not looked at.",
        "",
        "| corpus | known: codes, segments | others: codes, excerpts | learned, draws "
        "| as many themes as codes: plain | learned | gain | draws that gain "
        "| as many as drafted: plain | learned | gain | draws that gain "
        "| stability: plain, learned | people |",
        "| --- " * 14 + "|",
    ]
    encoder = load_encoder()
    with tempfile.TemporaryDirectory() as folder:
        cache = FolderVectorCache(asked.cache or Path(folder))
        for name in asked.corpora:
            lines.append(row(name, asked.data / name, encoder, cache, n_draws=asked.draws))
            print(lines[-1], file=sys.stderr, flush=True)
    put_section(asked.out, "\n".join(lines))


def row(name: str, folder: Path, encoder, cache: FolderVectorCache, *, n_draws: int) -> str:
    corpus = read_coded_corpus(folder)
    segments = collect_coded_segments(corpus)
    vectors = encode_once(encoder, [s.excerpt for s in segments], cache=cache)
    asked = {
        "n_draws": n_draws,
        "fewest_uses": ThemesProtocol().fewest_uses,
        "seed": ThemesProtocol().seed,
    }
    novel = evaluate_novel_codes(segments, vectors, AutocodeGrouper(), **asked)
    people = measure_coder_agreement(collect_codes_by_person(corpus))
    asked["n_draws"] = STABILITY_DRAWS
    steady = np.mean(
        [stability(segments, vectors, d) for d in draw_novel_codes(segments, **asked)], 0
    )
    cells = [
        name,
        f"{novel.n_known_codes:.0f}, {novel.n_known_segments:.0f}",
        f"{novel.n_novel_codes:.0f}, {novel.n_excerpts:.0f}",
        f"{novel.n_learned} of {novel.n_draws}",
    ]
    for agreement in (novel.at_true_number, novel.by_rule):
        cells += [shown(agreement.plain), shown(agreement.learned), shown(agreement.gain)]
        cells.append(str(agreement.n_gains))
    cells += [f"{steady[0]:.2f}, {steady[1]:.2f}"]
    cells.append("-" if people is None else f"{people.ami:.2f} ({people.n_segments})")
    return f"| {' | '.join(cells)} |"


def stability(segments, vectors: np.ndarray, draw) -> tuple[float, float]:
    """Of the groups of vectors as they are, and in the learned metric if enough is known."""
    rows = vectors[list(draw.novel)]
    metric, _ = learn_metric(collect_known(segments, vectors, draw), rows)
    both = [rows, rows if metric is None else metric.transform(rows)]
    return tuple(recovered(some) for some in both)


def recovered(rows: np.ndarray) -> float:
    generator = np.random.default_rng(0)
    tree = PartitionOptions("ward", n_themes_for(len(rows)))
    groups, values = partition(rows, tree).group, []
    for _ in range(SUBSETS):
        part = np.sort(generator.permutation(len(rows))[: int(SHARE * len(rows))])
        again = partition(rows[part], tree).group
        values.append(clustering_agreement(groups[part], again)["adjusted_rand_index"].value)
    return float(np.mean(values))


def shown(interval) -> str:
    return f"{interval.mean:.3f} [{interval.low:.2f}, {interval.high:.2f}]"


def put_section(out: Path, section: str) -> None:
    """Put the section in the place of the one there, or before that on names."""
    text = out.read_text(encoding="utf-8")
    text = re.sub(rf"{TITLE}\n.*?(?=^## |\Z)", "", text, flags=re.DOTALL | re.MULTILINE)
    at = text.find("## Names and exemplars")
    at = len(text) if at < 0 else at
    out.write_text(f"{text[:at]}{section}\n\n{text[at:]}", encoding="utf-8")
    print(section)


if __name__ == "__main__":
    main()
