"""What `autocode bulk` costs, how it grows, and whether themes of .1 % of the rows are found.

    python eval/bench_bulk.py [10000 50000 200000 1000000]

Each size runs in a process of its own. Rows are mixtures of two vectors of the default encoder (of
excerpts of the bundled study, and of words thrown together): w of the centre of a planted theme and
1 - w of any other, w between .45 and .60. A planted theme has a lognormal share of the rows, and
five rare ones have .1 % each; a fifth of the rows belongs to none. CPU-seconds and memory are those
of everything but the encoder, whose place a table takes: reading, vectors to disk, themes in all
levels, output. A rare theme counts as found where some theme of any level has F1 of .5 with it.
"""

from __future__ import annotations

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
from autocode.encode.load import load_encoder
from autocode.linalg import unit_rows
from autocode.themes.partition import partition

SIZES = (10_000, 50_000, 200_000)
N_BASE, N_RARE, RARE = 2_000, 5, 0.001
MOST_IN_FULL = 50_000
LETTERS = "bcdfghjklmnpqrst"
STUDY = Path(__file__).parents[1] / "src/autocode/example/study"


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
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
        mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
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


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
