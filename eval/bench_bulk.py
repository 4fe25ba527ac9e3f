"""What `autocode bulk` costs, how it grows, and whether themes of .1 % of the rows are found.

    python eval/bench_bulk.py [10000 50000 200000 1000000]
    python eval/bench_bulk.py --texts 1000000
    python eval/bench_bulk.py --codes ../shared/data [--encoder fast] [--cache FOLDER]

Each size runs in a process of its own. Rows are mixtures of two vectors of the default encoder (of
excerpts of the bundled study, and of words thrown together): w of the centre of a planted theme and
1 - w of any other, w between .45 and .60. A planted theme has a lognormal share of the rows, and
five rare ones have .1 % each; a fifth of the rows belongs to none. CPU-seconds and memory are those
of everything but the encoder, whose place a table takes: reading, vectors to disk, themes in all
levels, output. A rare theme counts as found where some theme of any level has F1 of .5 with it.

`--texts` goes from texts to themes with the fast encoder: invented excerpts of 6 to 25 words, a
third of them from the 12 words of one of 200 subjects, the others from all words of the bundled
study, so that hardly two are alike. CPU-seconds by stage, and peak memory of the process and its
children.

`--codes` compares themes with people's codes, of human-coded corpora and of all of them together
(codes of different corpora differ there): adjusted mutual information of the full method, of `bulk`
as it is, and of `bulk` with a first sample of a fifth of the excerpts. One code an excerpt, as in
`bench_themes.py`. Each seed draws 80 % of the excerpts, the same for all three. What is in no theme
is a class of its own, or is sent to the nearest theme.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from autocode.bulk.options import BulkOptions
from autocode.bulk.run import draft_corpus
from autocode.core.progress import silent
from autocode.encode.cache import encode_once
from autocode.encode.folder_cache import FolderVectorCache
from autocode.encode.load import load_encoder
from autocode.encode.sentence_transformers import DEFAULT_MODEL
from autocode.evaluate.coded_corpus import read_coded_corpus
from autocode.evaluate.group_excerpts import AutocodeGrouper
from autocode.evaluate.run_facts import measure_peak_rss_mb
from autocode.evaluate.themes import assign_to_nearest, collect_coded_excerpts
from autocode.linalg import unit_rows
from autocode.themes.partition import partition

SIZES = (10_000, 50_000, 200_000)
N_BASE, N_RARE, RARE = 2_000, 5, 0.001
MOST_IN_FULL = 50_000
LETTERS = "bcdfghjklmnpqrst"
CORPORA = (
    "annomi",
    "book-club-discussions",
    "exam-proctoring-survey",
    "gay-rodeo-interviews",
    "ml-quality-interviews",
    "nhs-patient-feedback",
    "peer-review-discourse",
    "usability-think-aloud",
)
N_SEEDS, SHARE_DRAWN = 5, 0.8
STUDY = Path(__file__).parents[1] / "src/autocode/example/study"


def main(sizes: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "base.npy"
        np.save(base, make_base())
        rows = [in_process(n, base) for n in sizes]
    head = (
        "| rows | CPU s | peak MB | exponent | themes, sub-themes | in none | ARI, AMI first level "
        "| ARI, AMI finest | full method CPU s, ARI, AMI | rare found (best F1) |"
    )
    print(head, "|" + " --- |" * 10, sep="\n")
    for at, row in enumerate(rows):
        before = rows[at - 1] if at else None
        print(show(row, before))


def show(row: dict, before: dict | None) -> str:
    grown = "-"
    if before:
        ratio = np.log(row["cpu"] / before["cpu"]) / np.log(row["n"] / before["n"])
        grown = f"{ratio:.2f}"
    full = "-" if row["full"] is None else "{:.1f}, {:.3f}, {:.3f}".format(*row["full"])
    return (
        f"| {row['n']:,} | {row['cpu']:.1f} | {row['mb']:.0f} | {grown} | {row['themes']}, "
        f"{row['parts']} | {row['none']:.1%} | {row['first'][0]:.3f}, {row['first'][1]:.3f} | "
        f"{row['finest'][0]:.3f}, {row['finest'][1]:.3f} | {full} | "
        f"{sum(f >= 0.5 for f in row['rare'])} of {N_RARE} "
        f"({', '.join(f'{f:.2f}' for f in row['rare'])}) |"
    )


def make_base() -> np.ndarray:
    """Vectors that mixtures are made of."""
    draw = np.random.default_rng(0)
    text = " ".join(p.read_text("utf-8", "replace") for p in sorted(STUDY.glob("*.txt")))
    sentences = sorted({s.strip() for s in text.replace("\n", ". ").split(". ") if len(s) > 30})
    words = sorted({w.strip(".,?!").lower() for w in text.split() if len(w) > 4})
    n_more = max(0, N_BASE - len(sentences))
    sentences += [" ".join(draw.choice(words, 7)) for _ in range(n_more)]
    return load_encoder().encode(sentences[:N_BASE])


def in_process(n: int, base: Path) -> dict:
    shown = subprocess.run(
        [sys.executable, __file__, "--one", str(n), str(base)], check=True, stdout=subprocess.PIPE
    )
    return json.loads(shown.stdout)


class Mixtures:
    """An encoder that looks a row's mixture up: the text holds the row's number in letters."""

    name, digest, n_dimensions = "mixtures", "m" * 64, 384

    def __init__(self, base: np.ndarray, n: int) -> None:
        draw = np.random.default_rng(n)
        n_themes = int(np.clip(1.4 * n**0.4, 20, 300))
        shares = draw.lognormal(0, 0.8, n_themes)
        shares *= (0.8 - N_RARE * RARE) / shares.sum()
        shares = np.concatenate([[0.2], shares, np.full(N_RARE, RARE)])
        self.base = base
        self.truth = draw.choice(len(shares), n, p=shares / shares.sum())
        centres = draw.choice(len(base), len(shares), replace=False)
        self.centre = np.where(
            self.truth == 0, draw.integers(len(base), size=n), centres[self.truth]
        )
        self.other = draw.integers(len(base), size=n)
        self.weight = draw.uniform(0.45, 0.6, n)
        self.seconds = 0.0

    @property
    def rare(self) -> range:
        return range(self.truth.max() + 1 - N_RARE, self.truth.max() + 1)

    def encode(self, texts, *, progress=silent) -> np.ndarray:
        began = time.process_time()
        rows = np.array([read_number(text) for text in texts])
        w = self.weight[rows, None]
        mixed = w * self.base[self.centre[rows]] + (1 - w) * self.base[self.other[rows]]
        vectors = unit_rows(mixed).astype(np.float32)
        self.seconds += time.process_time() - began
        return vectors


def write_number(n: int) -> str:
    return "".join(LETTERS[int(mark, 16)] for mark in f"{n:08x}")


def read_number(text: str) -> int:
    return int("".join(f"{LETTERS.index(mark):x}" for mark in text.split()[-1]), 16)


def one(n: int, base: Path) -> None:
    encoder = Mixtures(np.load(base), n)
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        texts = [f"theme{t} excerpt {write_number(row)}" for row, t in enumerate(encoder.truth)]
        pq.write_table(pa.table({"text": texts}), folder / "in.parquet", row_group_size=50_000)
        del texts
        began = time.process_time()
        result = draft_corpus(folder / "in.parquet", folder / "out", encoder, BulkOptions())
        cpu = time.process_time() - began - encoder.seconds
        mb = measure_peak_rss_mb() or 0.0
        table = pq.read_table(folder / "out/rows")
    theme = np.array([t or "" for t in table["theme"].to_pylist()])
    finest = np.array([s or t for s, t in zip(table["sub_theme"].to_pylist(), theme, strict=True)])
    is_planted = encoder.truth > 0
    full = None
    if n <= MOST_IN_FULL:
        vectors = encoder.encode([f"a {write_number(row)}" for row in range(n)])
        began = time.process_time()
        groups = partition(vectors).group
        full = (time.process_time() - began, *agree(encoder.truth[is_planted], groups[is_planted]))
    print(
        json.dumps(
            {
                "n": n,
                "cpu": cpu,
                "mb": mb,
                "themes": len(result.first_level),
                "parts": len(result.themes) - len(result.first_level),
                "none": float((theme == "").mean()),
                "first": agree(encoder.truth[is_planted], theme[is_planted]),
                "finest": agree(encoder.truth[is_planted], finest[is_planted]),
                "full": full,
                "rare": [best_f1(encoder.truth == rare, finest, result) for rare in encoder.rare],
            }
        )
    )


def agree(truth: np.ndarray, groups: np.ndarray) -> tuple[float, float]:
    return (
        float(adjusted_rand_score(truth, groups)),
        float(adjusted_mutual_info_score(truth, groups)),
    )


def best_f1(wanted: np.ndarray, finest: np.ndarray, result) -> float:
    """The F1 of the theme of any level that is nearest to the rows of a planted one."""
    keys, inside = np.unique(finest[wanted], return_counts=True)
    best = 0.0
    for key in {k[:at] for k in keys.tolist() if k for at in [*prefix_ends(k)]}:
        n_hit = sum(
            c for k, c in zip(keys.tolist(), inside.tolist(), strict=True) if within(k, key)
        )
        size = next(theme.n_rows for theme in result.themes if theme.key == key)
        best = max(best, 2 * n_hit / (size + int(wanted.sum())))
    return best


def prefix_ends(key: str) -> list[int]:
    return [at for at, mark in enumerate(key) if mark == "."] + [len(key)]


def within(key: str, theme: str) -> bool:
    return f"{key}.".startswith(f"{theme}.")


# --- From texts to themes


def write_texts(path: Path, n: int) -> None:
    draw = np.random.default_rng(0)
    study = " ".join(p.read_text("utf-8", "replace") for p in sorted(STUDY.glob("*.txt")))
    words = np.array(sorted({w.strip('.,?!:;"()').lower() for w in study.split() if len(w) > 2}))
    stocks = draw.choice(words, size=(200, 12))
    schema = pa.schema([("text", pa.string()), ("person", pa.string())])
    with pq.ParquetWriter(path, schema) as writer:
        for at in range(0, n, 50_000):
            size = min(50_000, n - at)
            length, subject = draw.integers(6, 26, size), draw.integers(200, size=size)
            texts = []
            for k, own in zip(length.tolist(), stocks[subject], strict=True):
                said = np.where(draw.random(k) < 1 / 3, draw.choice(own, k), draw.choice(words, k))
                texts.append(" ".join(said.tolist()).capitalize() + ".")
            people = [f"p{number}" for number in draw.integers(n // 20 + 1, size=size)]
            writer.write_table(pa.table({"text": texts, "person": people}, schema=schema))


def go_from_texts(n: int) -> None:
    stages: dict[str, float] = {}
    last = 0.0

    def note(stage: str, done: int, of: int) -> None:
        nonlocal last
        now = measure_cpu()
        stages[stage] = stages.get(stage, 0) + now - last
        last = now

    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        write_texts(folder / "in.parquet", n)
        encoder = load_encoder("fast")
        options = BulkOptions(group_column="person")
        began, last = time.perf_counter(), measure_cpu()
        start = last
        result = draft_corpus(
            folder / "in.parquet", folder / "out", encoder, options, progress=note
        )
        cpu, wall = measure_cpu() - start, time.perf_counter() - began
        size = sum(path.stat().st_size for path in (folder / "out").rglob("*") if path.is_file())
    mb = [
        measure_peak_rss_mb() or 0.0,
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    ]
    print(
        f"{n:,} rows, {result.n_distinct:,} distinct: {cpu:.1f} CPU-s ({wall:.0f} s by the clock), "
        f"peak {mb[0]:.0f} MB and {mb[1]:.0f} MB in a child, {size / 1e6:.0f} MB written; "
        f"{len(result.first_level)} themes, {len(result.themes) - len(result.first_level)} "
        f"sub-themes, {result.n_unassigned / n:.1%} in none"
    )
    for stage, seconds in stages.items():
        print(f"| {stage} | {seconds:.1f} | {n / max(seconds, 0.1):,.0f} rows a CPU-s |")


def measure_cpu() -> float:
    used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


# --- Against people's codes


class Known:
    """An encoder that looks vectors up."""

    name, digest = "known", "k" * 64

    def __init__(self, texts: list[str], vectors: np.ndarray) -> None:
        self.n_dimensions = vectors.shape[1]
        self._vectors = dict(zip(texts, vectors, strict=True))

    def encode(self, texts, *, progress=silent) -> np.ndarray:
        return np.stack([self._vectors[text] for text in texts])


def compare_with_codes(data: Path, model: str, cache: Path | None) -> None:
    encoder = load_encoder(model)
    corpora = [read_coded(data / name, encoder, cache) for name in CORPORA]
    texts, codes, vectors = [], [], []
    for some, given, rows in corpora:
        texts += some
        codes.append(given + sum(int(c.max()) + 1 for c in codes))
        vectors.append(rows)
    # A text of two corpora counts once.
    first = {text: at for at, text in reversed(list(enumerate(texts)))}
    kept = np.array(sorted(first.values()))
    pooled = [texts[at] for at in kept], np.concatenate(codes)[kept], np.concatenate(vectors)[kept]
    names = ("full", "bulk", "bulk, a fifth sampled")
    print(
        f"| {encoder.name} | excerpts, codes | themes | in no theme "
        "| AMI: mean (worst seed) | loss to full: mean (worst) | AMI, all sent to the nearest "
        "| loss to full: mean (worst) |",
        "|" + " --- |" * 8,
        sep="\n",
    )
    for corpus, (some, given, rows) in zip((*CORPORA, "all"), (*corpora, pooled), strict=True):
        scores = np.array(
            [score_draw(some, given, rows, seed) for seed in range(N_SEEDS)]
        )  # (seeds, methods, measures)
        losses = scores[:, :1, 2:] - scores[:, :, 2:]
        for at, name in enumerate(names):
            themes, none = scores[:, at, :2].mean(axis=0)
            cells = [
                f"{corpus}: {name}",
                f"{round(SHARE_DRAWN * len(some))}, {len(set(given.tolist()))}",
                f"{themes:.0f}",
                f"{none:.0%}",
            ]
            for measure in (0, 1):
                values, lost = scores[:, at, 2 + measure], losses[:, at, measure]
                cells.append(f"{values.mean():.3f} ({values.min():.3f})")
                cells.append(f"{lost.mean():+.3f} ({lost.max():+.3f})" if at else "-")
            print(f"| {' | '.join(cells)} |", flush=True)


def read_coded(path: Path, encoder, cache: Path | None) -> tuple[list[str], np.ndarray, np.ndarray]:
    coded = collect_coded_excerpts(read_coded_corpus(path), fewest_uses=3)
    held = FolderVectorCache(cache) if cache else None
    vectors = encode_once(encoder, coded.excerpts, cache=held)
    return list(coded.excerpts), coded.codes, np.asarray(vectors)


def score_draw(texts: list[str], codes: np.ndarray, vectors: np.ndarray, seed: int) -> list:
    """Of each method the number of themes, the share in none, and both AMI."""
    drawn = np.random.default_rng(seed).permutation(len(texts))[: round(SHARE_DRAWN * len(texts))]
    rows = np.sort(drawn)
    texts, codes, vectors = [texts[at] for at in rows], codes[rows], vectors[rows]
    found = [AutocodeGrouper().groups(vectors, texts)]
    for options in (BulkOptions(), BulkOptions(first_sample=len(texts) // 5)):
        found.append(group_in_bulk(texts, vectors, options))
    return [
        [
            len(set(groups.tolist()) - {-1}),
            (groups < 0).mean(),
            adjusted_mutual_info_score(codes, groups),
            adjusted_mutual_info_score(codes, assign_to_nearest(vectors, groups)),
        ]
        for groups in found
    ]


def group_in_bulk(texts: list[str], vectors: np.ndarray, options: BulkOptions) -> np.ndarray:
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        pq.write_table(pa.table({"text": texts}), folder / "in.parquet")
        draft_corpus(folder / "in.parquet", folder / "out", Known(texts, vectors), options)
        theme = pq.read_table(folder / "out/rows")["theme"].to_pylist()
    return np.array([int(key[1:]) if key else -1 for key in theme])


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--texts", type=int, metavar="N", help="from so many texts to themes")
    parser.add_argument("--codes", type=Path, metavar="FOLDER", help="human-coded corpora")
    parser.add_argument("--encoder", default=DEFAULT_MODEL, help="for --codes")
    parser.add_argument("--cache", type=Path, help="a folder that keeps vectors between runs")
    return parser.parse_args()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]), Path(sys.argv[3]))
    elif (asked := read_arguments()).codes:
        compare_with_codes(asked.codes, asked.encoder, asked.cache)
    elif asked.texts:
        go_from_texts(asked.texts)
    else:
        main(asked.sizes)
