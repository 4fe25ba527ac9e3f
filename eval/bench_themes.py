"""How draft themes compare with people's codes, with other methods, and with themselves.

    python eval/bench_themes.py [--data ../shared/data] [--out eval/results/themes.md]
        [--cache FOLDER] [--peers FOLDER] [--quick]

1. Seven human-coded corpora: `autocode evaluate FOLDER --task themes`, and every method of
   `eval/peers.py` on the same vectors.
2. Names and exemplars: of the themes of the example study and of the corpora, the share of a
   theme's segments that hold a word of its name, and of the segments outside it.
3. Number of themes: planted groups, noise, and the corpora.
4. Small sets: 30 and 100 excerpts drawn from each corpus, 20 times.
5. Determinism: shuffled input, one and two threads, three repeats, 2,000 and 10,000 segments.
6. CPU and memory with topic words, in a process of its own each, beside BERTopic.

BERTopic is no dependency: `--peers` names a site-packages folder that holds it, and without it its
columns are left out. The material of 5 and 6 is real excerpts with their vectors; beyond the number
of real ones, each further row mixes two real vectors three to one and joins their words.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parents[1]))

from eval import peers

from autocode import load_encoder
from autocode.core.theme import ThemeDraft
from autocode.core.transcript import Segment, Span
from autocode.encode.cache import encode_once
from autocode.encode.folder_cache import FolderVectorCache
from autocode.evaluate.coded_corpus import CodedCorpus, read_coded_corpus
from autocode.evaluate.group_excerpts import AutocodeGrouper
from autocode.evaluate.run_facts import measure_peak_rss_mb
from autocode.evaluate.themes import (
    CodedExcerpts,
    ThemesEvaluation,
    ThemesProtocol,
    collect_coded_excerpts,
    digest_groups,
    evaluate_themes,
    score_groups,
)
from autocode.linalg import unit_rows
from autocode.pipeline import Tools
from autocode.project.importing import ImportOptions
from autocode.text.words import n_words
from autocode.themes.draft import CodeCentroids, ThemeOptions, draft_themes
from autocode.themes.partition import partition
from autocode.themes.ward import n_themes_for
from autocode.workflow import open_or_make, unpack_example

CORPORA = (
    "annomi",
    "book-club-discussions",
    "ci-evidence-claims",
    "exam-proctoring-survey",
    "ml-quality-interviews",
    "nhs-patient-feedback",
    "usability-think-aloud",
)
SIZES, SMALL, DRAWS = (2_000, 10_000, 50_000), (30, 100), 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("eval/results/themes.md"))
    parser.add_argument("--cache", type=Path, help="a folder that keeps vectors between runs")
    parser.add_argument("--peers", type=Path, help="a site-packages folder that holds BERTopic")
    parser.add_argument("--quick", action="store_true", help="small sizes, to try the script")
    parser.add_argument("--race", nargs=3, metavar=("WHO", "ROWS", "FILE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    warnings.filterwarnings("ignore")
    if asked.peers:
        sys.path.append(str(asked.peers))
    if asked.race:
        print(json.dumps(raced(asked.race[0], int(asked.race[1]), Path(asked.race[2]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        cache = FolderVectorCache(asked.cache or Path(folder) / "vectors")
        tools = Tools(load_encoder(), cache)
        corpora = [read_coded_corpus(asked.data / name) for name in CORPORA]
        coded = [
            collect_coded_excerpts(corpus, fewest_uses=ThemesProtocol().fewest_uses)
            for corpus in corpora
        ]
        vectors = [encode_once(tools.encoder, c.excerpts, cache=cache) for c in coded]
        pool = Path(folder) / "pool.npy"
        np.save(pool, np.vstack(vectors))
        words = [text for c in coded for text in c.excerpts]
        pool.with_suffix(".json").write_text(json.dumps(words), encoding="utf-8")
        sizes = SIZES[:1] if asked.quick else SIZES
        parts: list[list[str]] = [["# Draft themes"], head()]
        for part in (
            lambda: by_corpus(corpora, tools),
            lambda: names(corpora, coded, vectors, tools, folder=Path(folder)),
            lambda: numbers(vectors),
            lambda: small_sets(coded, vectors, n_draws=3 if asked.quick else DRAWS),
            lambda: determinism(pool, sizes[:2]),
            lambda: race(pool, sizes, asked.peers),
        ):
            parts.append(part())
            # Written after every part: the race takes long.
            text = "\n".join(line for part in parts for line in [*part, ""])
            asked.out.write_text(text.rstrip() + "\n", encoding="utf-8")
    print(text)


def head() -> list[str]:
    return [
        f"`python eval/bench_themes.py`, {time.strftime('%Y-%m-%d')}; {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f} at the start. One code per excerpt (the majority), copies "
        "dropped, codes with fewer than three uses dropped. The number of themes, neighbours and "
        "directions and the two thresholds were chosen on these corpora, one setting for all: "
        "expect a little less elsewhere."
    ]


# --- 1. Corpora


def by_corpus(corpora: list[CodedCorpus], tools: Tools) -> list[str]:
    evaluations = [evaluate_themes(c, tools=tools, others=peers.groupers()) for c in corpora]
    for evaluation in evaluations:
        say(f"{evaluation.corpus}: {evaluation.grouping.scores.ami:.3f}")
    lines = ["## Against people's codes", ""]
    for title, measure, assigned in (
        ("Adjusted mutual information, unassigned excerpts a class of their own", "ami", False),
        (
            "Adjusted mutual information, unassigned excerpts sent to the nearest theme",
            "ami",
            True,
        ),
        ("Share unassigned", "unassigned_share", False),
        ("Number of themes", "n_themes", False),
        ("V-measure", "v_measure", False),
        ("Harmonic purity", "harmonic_purity", False),
    ):
        lines += [f"**{title}**", "", *table(evaluations, measure, assigned=assigned), ""]
    lines += ["**Ours in full**", ""]
    rows = [
        {
            **asdict(evaluation.grouping.scores),
            "stability_ari": evaluation.grouping.stability_ari,
            "deterministic": evaluation.grouping.is_deterministic,
        }
        for evaluation in evaluations
    ]
    lines += [f"| corpus | {' | '.join(rows[0])} | digest |", "| --- " * (len(rows[0]) + 2) + "|"]
    for evaluation, row in zip(evaluations, rows, strict=True):
        cells = " | ".join(map(shown, row.values()))
        lines.append(f"| {evaluation.corpus} | {cells} | {evaluation.grouping.digest} |")
    return lines


def table(evaluations: list[ThemesEvaluation], measure: str, *, assigned: bool) -> list[str]:
    heads = [f"{e.corpus} {e.n_excerpts}/{e.n_codes}" for e in evaluations]
    lines = [f"| method | {' | '.join(heads)} | mean |", "| --- " * (len(heads) + 2) + "|"]
    groupings = [{e.method: e.grouping, **e.others} for e in evaluations]
    for name in groupings[0]:
        scores = [
            by_name[name].scores_when_assigned if assigned else by_name[name].scores
            for by_name in groupings
        ]
        values = [getattr(score, measure) for score in scores]
        lines.append(f"| {name} | {' | '.join(map(shown, values))} | {np.mean(values):.3f} |")
    return lines


def shown(value: float | int | bool | None) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


# --- 2. Names and exemplars


def names(corpora, coded, vectors, tools: Tools, *, folder: Path) -> list[str]:
    lines = [
        "## Names and exemplars",
        "",
        "Words of a name are counted as they are written (small and capital letters alike). Themes "
        "whose segments share too few words are called by a quote; the shares are of the others. "
        "Of exemplars: how many a theme has, the share of themes without any, and the least words "
        "of one.",
        "",
        "| material | themes | named by a quote | most words | in the theme, mean | lowest | "
        "outside, mean | exemplars | none | least words |",
        "| --- " * 10 + "|",
    ]
    examples = []
    drafts = {"example study": example_draft(tools, folder)}
    for corpus, texts, rows in zip(corpora, coded, vectors, strict=True):
        segment_of = {segment.excerpt: segment for segment in corpus.study.segments}
        drafts[corpus.name] = draft_themes(
            [segment_of[text] for text in texts.excerpts],
            rows,
            no_codes(rows),
            options=ThemeOptions(n_draws=0),
        )
    for name, draft in drafts.items():
        lines.append(f"| {name} | {names_of_draft(draft)} |")
        say(lines[-1])
        largest = sorted(draft.themes, key=lambda theme: -theme.n_segments)[:6]
        # The corpora's own sentences stay with them.
        shown_names = ["(a quote)" if t.name.startswith("“") else t.name for t in largest]
        examples.append(f"- {name}: {'; '.join(shown_names)}")
    return [*lines, "", "The names of the six largest themes of each:", "", *examples]


def example_draft(tools: Tools, folder: Path) -> ThemeDraft:
    with open_or_make(folder / "study.autocode") as project:
        project.import_paths(
            [unpack_example(folder / "sources")], options=ImportOptions(join_turns=True)
        )
        project.suggest(tools.encoder)
        return project.draft_themes(tools.encoder, options=ThemeOptions(n_draws=0))


def names_of_draft(draft: ThemeDraft) -> str:
    outside = {member.segment for theme in draft.themes for member in theme.members}
    outside |= {left.segment for left in draft.unassigned}
    worded = [theme for theme in draft.themes if not theme.name.startswith("“")]
    own, other = [], []
    for theme in worded:
        inside = {member.segment for member in theme.members}
        own.append(share_with_a_word(theme.name, inside))
        other.append(share_with_a_word(theme.name, outside - inside))
    shown_ones = [member.segment.excerpt for t in draft.themes for member in t.exemplars]
    cells = [
        len(draft.themes),
        len(draft.themes) - len(worded),
        max((len(words_of(theme.name)) for theme in worded), default=0),
        *(f"{value:.2f}" for value in (np.mean(own), min(own), np.mean(other)) if worded),
        f"{np.mean([len(theme.exemplars) for theme in draft.themes]):.1f}",
        f"{np.mean([not theme.exemplars for theme in draft.themes]):.2f}",
        f"{min(map(n_words, shown_ones), default=0):.0f}",
    ]
    return " | ".join(map(str, cells))


def share_with_a_word(name: str, segments: set[Segment]) -> float:
    return float(np.mean([bool(words_of(name) & words_of(s.excerpt)) for s in segments] or [0]))


def words_of(text: str) -> set[str]:
    plain = re.sub(r"['’](s|d|ll|re|ve|m|t)\b", "", text.casefold())
    return set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", plain))


# --- 3. Number of themes


def numbers(vectors: list) -> list[str]:
    lines = [
        "## Number of themes",
        "",
        "Planted: normal rows around random centres, ten seeds each. By the gap: the number is "
        "that of the gap statistic; otherwise it is the one for so many segments.",
        "",
        "| material | segments | for so many | drafted | by the gap | tighter than noise |",
        "| --- " * 6 + "|",
    ]
    made = [
        (f"{k} groups, {width} dimensions, spread {spread}", k, n, width, spread)
        for k, n, width, spread in (
            (8, 320, 64, 0.6),
            (8, 320, 384, 1.0),
            (8, 320, 64, 1.2),
            (8, 96, 64, 0.6),
            (8, 800, 64, 0.6),
            (3, 320, 64, 0.6),
            (20, 320, 64, 0.6),
            (1, 320, 64, 1.0),
        )
    ]
    for title, k, n, width, spread in made:
        drafts = [partition(planted(k, n, width, spread, seed)) for seed in range(10)]
        lines.append(count_row("noise" if k == 1 else title, n, drafts))
        say(lines[-1])
    lines += [
        count_row(name, len(rows), [partition(rows)])
        for name, rows in zip(CORPORA, vectors, strict=True)
    ]
    return lines


def count_row(title: str, n_rows: int, drafts: list) -> str:
    found = [draft.n_groups for draft in drafts]
    spread = f"{min(found)} to {max(found)}" if min(found) < max(found) else str(found[0])
    by_gap = sum(draft.diagnostics.n_themes_source == "gap" for draft in drafts)
    tighter = sum(bool(draft.diagnostics.is_tighter_than_noise) for draft in drafts)
    n = len(drafts)
    return (
        f"| {title} | {n_rows} | {n_themes_for(n_rows)} | {spread} | {by_gap} of {n} | "
        f"{tighter} of {n} |"
    )


def planted(k: int, n: int, width: int, spread: float, seed: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    centres = generator.normal(size=(k, width)) if k > 1 else np.zeros((1, width))
    rows = np.repeat(centres, n // k, axis=0)
    rows = generator.permutation(rows + spread * generator.normal(size=rows.shape))
    return unit_rows(rows).astype(np.float32)


# --- 4. Small sets


def small_sets(coded: list[CodedExcerpts], vectors: list, *, n_draws: int) -> list[str]:
    lines = [
        "## Small sets",
        "",
        f"{n_draws} draws of each corpus. Nothing found: no theme at all. Missed: nothing found "
        "or AMI of 0 or less, where k-means is above 0.",
        "",
        "| excerpts | corpus | AMI | k-means AMI | unassigned | themes | nothing found | missed |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for size in SMALL:
        for name, excerpts, rows in zip(CORPORA, coded, vectors, strict=True):
            drawn = [small_set(excerpts, rows, size, seed) for seed in range(n_draws)]
            ours, kmeans = ([d[at]["ami"] for d in drawn] for at in (0, 1))
            nothing = [d[0]["n_themes"] == 0 for d in drawn]
            missed = sum(
                k > 0 and (none or o <= 0) for o, k, none in zip(ours, kmeans, nothing, strict=True)
            )
            unassigned = np.mean([d[0]["unassigned_share"] for d in drawn])
            themes = np.mean([d[0]["n_themes"] for d in drawn])
            lines.append(
                f"| {size} | {name} | {np.mean(ours):.3f} | {np.mean(kmeans):.3f} | "
                f"{unassigned:.2f} | {themes:.1f} | {sum(nothing)} | {missed} |"
            )
    return lines


def small_set(coded: CodedExcerpts, vectors: np.ndarray, size: int, seed: int) -> list[dict]:
    rows = np.sort(np.random.default_rng(seed).permutation(len(coded.codes))[:size])
    excerpts = [coded.excerpts[at] for at in rows]
    methods = (AutocodeGrouper(), peers.KMeans())
    return [
        asdict(score_groups(coded.codes[rows], method.groups(vectors[rows], excerpts)))
        for method in methods
    ]


# --- 5. Determinism


def determinism(pool: Path, sizes: tuple[int, ...]) -> list[str]:
    lines = ["## Same input, same output", ""]
    lines += ["| segments | runs | different digests | digest |", "| --- | --- | --- | --- |"]
    for size in sizes:
        segments, vectors = enlarged(pool, size)
        digests = []
        for repeat in range(3):
            order = np.random.default_rng(repeat).permutation(size)
            for threads in (1, 2):
                with threadpool_limits(limits=threads):
                    draft = draft_themes(
                        [segments[i] for i in order],
                        vectors[order],
                        no_codes(vectors),
                        options=ThemeOptions(n_draws=0),
                    )
                digests.append(drafted(draft, segments))
        lines.append(f"| {size:,} | {len(digests)} | {len(set(digests))} | {digests[0]} |")
        say(lines[-1])
    return lines


def drafted(draft: ThemeDraft, segments: list[Segment]) -> str:
    """A digest of which segment is in which theme and how firmly."""
    row = {segment: at for at, segment in enumerate(segments)}
    ids = np.full((len(segments), 2), -1)
    for number, theme in enumerate(draft.themes):
        for member in theme.members:
            ids[row[member.segment]] = number, round(member.strength * 1e6)
    return digest_groups(ids)


def no_codes(vectors: np.ndarray) -> CodeCentroids:
    return CodeCentroids((), np.zeros((0, vectors.shape[1]), dtype=np.float32))


def enlarged(pool: Path, size: int) -> tuple[list[Segment], np.ndarray]:
    """So many segments with unit vectors; the top says what rows beyond the real ones are."""
    texts, real = json.loads(pool.with_suffix(".json").read_text("utf-8")), np.load(pool)
    generator = np.random.default_rng(0)
    picked = generator.permutation(len(texts))[:size]
    words, rows = [texts[i] for i in picked], [real[picked]]
    if size > len(texts):
        pairs = generator.integers(0, len(texts), (size - len(texts), 2))
        mixed = 0.75 * real[pairs[:, 0]] + 0.25 * real[pairs[:, 1]]
        rows.append(mixed / np.linalg.norm(mixed, axis=1, keepdims=True))
        words += [f"{texts[a]} {texts[b]}" for a, b in pairs]
    segments = [
        Segment(
            transcript=f"t{at % 50:02d}",
            span=Span(at, at + len(text)),
            excerpt=text,
            speaker=f"P{at % 50:02d}",
            role="participant",
        )
        for at, text in enumerate(words)
    ]
    return segments, np.vstack(rows).astype(np.float32)


# --- 6. Speed and memory


def race(pool: Path, sizes: tuple[int, ...], peers: Path | None) -> list[str]:
    racers = ["autocode", "BERTopic"] if find_spec("bertopic") else ["autocode"]
    lines = [
        "## Speed and memory",
        "",
        "CPU seconds (user and system) of grouping and naming given vectors, a first small run not "
        "counted; peak memory of the process in MB. Stability is not measured (BERTopic has none).",
        "",
        "| segments | who | CPU s | peak MB | themes | unassigned | CPU ratio | memory share |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for size in sizes:
        costs = {who: in_process(who, size, pool, peers) for who in racers}
        for who, cost in costs.items():
            ratio = cost["cpu"] / costs["autocode"]["cpu"]
            share = costs["autocode"]["peak"] / cost["peak"]
            lines.append(
                f"| {size:,} | {who} | {cost['cpu']:.1f} | {cost['peak']:.0f} | {cost['themes']} | "
                f"{cost['unassigned']:.2f} | {ratio:.1f} | {share:.2f} |"
            )
            say(lines[-1])
    return lines


def in_process(who: str, size: int, pool: Path, peers: Path | None) -> dict[str, float]:
    command = [sys.executable, __file__, "--race", who, str(size), str(pool)]
    if peers:
        command += ["--peers", str(peers)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def raced(who: str, size: int, pool: Path) -> dict[str, float]:
    run = by_autocode if who == "autocode" else by_bertopic
    run(*enlarged(pool, 300))
    segments, vectors = enlarged(pool, size)
    before = cpu()
    themes, share_unassigned = run(segments, vectors)
    return {
        "cpu": cpu() - before,
        "peak": measure_peak_rss_mb() or float("nan"),
        "themes": themes,
        "unassigned": share_unassigned,
    }


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def by_autocode(segments: list[Segment], vectors: np.ndarray) -> tuple[int, float]:
    draft = draft_themes(segments, vectors, no_codes(vectors), options=ThemeOptions(n_draws=0))
    return len(draft.themes), len(draft.unassigned) / len(segments)


def by_bertopic(segments: list[Segment], vectors: np.ndarray) -> tuple[int, float]:
    from bertopic import BERTopic

    topics = BERTopic().fit_transform([s.excerpt for s in segments], vectors)[0]
    return len(set(topics) - {-1}), float((np.asarray(topics) == -1).mean())


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
