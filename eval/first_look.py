"""A first look at suggestions and draft themes on public coded corpora.

    python eval/first_look.py FOLDER_OF_CORPORA [--out eval/results/first_look.md]

Suggestions: the codings of one transcript in five are taken (which ones follows from the digests
of their names), suggestions are made for all other transcripts, and scored against the codes people
gave there. One draw, no interval: the evaluation harness will do better.

Themes: one code per segment (the one most coders gave), copies of the same words dropped, codes
with fewer than three uses dropped, at most 2,500 segments (every n-th by digest); adjusted mutual
information against people's codes with what is nowhere as a class of its own. Beside ours: hdbscan
on the 20 main directions of the raw vectors, same least size. The settings of ours were chosen on
these corpora, so its figures are optimistic.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

import hdbscan
import numpy as np
from sklearn.metrics import adjusted_mutual_info_score

from autocode import Project, load_encoder
from autocode.alignment import align
from autocode.cluster.grouping import Cut, grouped
from autocode.pipeline import codable
from autocode.project.importing import ImportOptions
from autocode.transcript import text_digest

CORPORA = [
    "annomi",
    "book-club-discussions",
    "ci-evidence-claims",
    "exam-proctoring-survey",
    "ml-quality-interviews",
    "nhs-patient-feedback",
    "usability-think-aloud",
]
SHARE = 0.2


def codes_of(corpus: Path, folder: Path) -> tuple[list, list[Counter]]:
    """All codable segments and, for each, how many coders gave which code."""
    with Project.open(folder / "whole.autocode", create_new=True) as project:
        project.import_paths([corpus])
        segments = codable(project.segments())
        aligned = align(segments, project.codings(), project.readings())
    return segments, [
        Counter(code for codes in work.values() for code in codes) for work in aligned.applied
    ]


def suggestions(corpus: Path, folder: Path, given: dict, encoder) -> str:
    started = time.perf_counter()
    with Project.open(folder / "part.autocode", create_new=True) as project:
        project.import_paths([corpus], ImportOptions(coded_share=SHARE))
        found = project.suggest(encoder)
        run = project.last_run("suggest")
    by_place: dict = {}
    for suggestion in found:
        by_place.setdefault((suggestion.transcript, suggestion.span), []).append(suggestion)
    ranked = [(ranks, given[place]) for place, ranks in by_place.items() if given[place]]
    hit = np.mean([ranks[0].code in codes for ranks, codes in ranked])
    recall = np.mean(
        [len({s.code for s in ranks} & set(codes)) / len(codes) for ranks, codes in ranked]
    )
    firsts = [(ranks[0].probability, ranks[0].code in given[p]) for p, ranks in by_place.items()]
    confident = [s.code in given[s.transcript, s.span] for s in found if s.confident]
    right = f"{np.mean(confident):.2f}" if confident else "-"
    return (
        f"| {corpus.name} | {run.parameters['n_codes']} | {run.parameters['n_codings']} | "
        f"{len(ranked)} | {hit:.3f} | {recall:.3f} | {np.mean([p for p, _ in firsts]):.2f} / "
        f"{np.mean([h for _, h in firsts]):.2f} | {len(confident)} | {right} | "
        f"{time.perf_counter() - started:.0f} |"
    )


def themes(corpus: Path, segments: list, counts: list[Counter], encoder) -> tuple[str, tuple]:
    major: dict[str, str] = {}
    for segment, count in zip(segments, counts, strict=True):
        if count:
            major.setdefault(segment.excerpt, min(count, key=lambda c: (-count[c], c)))
    uses = Counter(major.values())
    rows = sorted((text_digest(t), t, c) for t, c in major.items() if uses[c] >= 3)
    rows = rows[:: -(-len(rows) // 2500)]
    vectors = encoder.encode([t for _, t, _ in rows])
    human = [c for _, _, c in rows]
    ours = grouped(vectors, Cut("hdbscan"))
    centred = vectors - vectors.mean(axis=0)
    raw = centred @ np.linalg.svd(centred, full_matrices=False)[2][:20].T
    plain = hdbscan.HDBSCAN(
        min_cluster_size=ours.parameters["min_cluster_size"], core_dist_n_jobs=1
    ).fit(raw.astype(np.float64))
    cells = (
        adjusted_mutual_info_score(human, ours.group),
        float((ours.group < 0).mean()),
        ours.n_groups,
        adjusted_mutual_info_score(human, plain.labels_),
        float((plain.labels_ < 0).mean()),
        int(plain.labels_.max()) + 1,
    )
    told = f"| {corpus.name} | {len(rows)} | {len(set(human))} | {cells[0]:.2f} | {cells[1]:.2f} | "
    return told + f"{cells[2]} | {cells[3]:.2f} | {cells[4]:.2f} | {cells[5]} |", cells


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    encoder = load_encoder()
    suggested, themed, cells = [], [], []
    for name in CORPORA:
        with tempfile.TemporaryDirectory() as folder:
            segments, counts = codes_of(arguments.corpora / name, Path(folder))
            given = {(s.transcript, s.span): set(c) for s, c in zip(segments, counts, strict=True)}
            corpus = arguments.corpora / name
            suggested.append(suggestions(corpus, Path(folder), given, encoder))
            row, found = themes(corpus, segments, counts, encoder)
            themed.append(row)
            cells.append(found)
            print(suggested[-1], themed[-1], sep="\n", flush=True)
    mean = np.mean(cells, axis=0)
    page = "\n".join(
        [
            "# A first look",
            "",
            "`python eval/first_look.py FOLDER_OF_CORPORA --out eval/results/first_look.md`",
            "(default encoder; one draw, no intervals; see the script for what is measured)",
            "",
            "## Suggestions with one transcript in five coded",
            "",
            "| corpus | codes | codings learned from | coded segments scored | first right | recall"
            " in first 3 | mean probability of the first / share right | confident | share of them"
            " right | seconds |",
            "| --- " * 10 + "|",
            *suggested,
            "",
            "## Groups against people's codes",
            "",
            "| corpus | segments | codes | ours: AMI | nowhere | groups | hdbscan on 20 directions:"
            " AMI | nowhere | groups |",
            "| --- " * 9 + "|",
            *themed,
            f"| mean | | | {mean[0]:.2f} | {mean[1]:.2f} | | {mean[3]:.2f} | {mean[4]:.2f} | |",
            "",
        ]
    )
    if arguments.out:
        arguments.out.write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
