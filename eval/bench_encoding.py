"""How fast are texts encoded, beside sentence-transformers, and are the vectors the same?

    python eval/bench_encoding.py FOLDER_OF_CORPORA [--texts N] [--rounds N]
        [--out eval/results/encoding.md]

The texts are segments of all corpora of the folder, drawn with a seed. Unit: CPU-seconds of one
thread, per 1,000 texts, the median of rounds in which every way comes once, one after the other in
one process. The limit is that of this core's own matrix product: the multiplications that the
model's layers need, at the rate of the fastest of some float32 products measured in each round.
Needs onnxruntime's threads to be one: the script sets OMP_NUM_THREADS itself.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

from autocode import load_encoder
from autocode.core.errors import AutocodeError
from autocode.evaluate.coded_corpus import read_coded_corpus
from autocode.linalg import one_thread

LAYERS, WIDTH, INNER = 6, 384, 1536
SHAPES = ((1024, 384, 1536), (1024, 1536, 384), (768, 384, 384), (1024, 1024, 1024))
QUERY = (
    "import resource\n"
    "from autocode.encode.load import load_encoder\n"
    "load_encoder().encode(['We waited for months.'])\n"
    "used = resource.getrusage(resource.RUSAGE_SELF)\n"
    "peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
    "print(used.ru_utime + used.ru_stime, int(peak.split()[1]) / 1024)"
)


def read_texts(folder: Path, n_texts: int) -> list[str]:
    """Segments with words of all corpora, `n_texts` of them drawn with the seed 0."""
    texts = []
    for path in sorted(path for path in folder.iterdir() if path.is_dir()):
        try:
            corpus = read_coded_corpus(path)
        except AutocodeError:
            continue  # no corpus of codings
        texts += [segment.excerpt for segment in corpus.study.segments]
    texts = [text for text in texts if any(map(str.isalnum, text))]
    drawn = np.random.default_rng(0).choice(len(texts), min(n_texts, len(texts)), replace=False)
    return [texts[row] for row in drawn]


def measure(compute: Callable[[], object]) -> float:
    """CPU-seconds of this process for one call."""
    began = time.process_time()
    compute()
    return time.process_time() - began


def measure_product() -> float:
    """The most floating-point operations a CPU-second, over some shapes of matrices."""
    rates = []
    with one_thread():
        for rows, inner, columns in SHAPES:
            left = np.ones((rows, inner), dtype=np.float32)
            right = np.ones((inner, columns), dtype=np.float32)
            seconds = measure(lambda left=left, right=right: [left @ right for _ in range(40)])
            rates.append(40 * 2 * rows * inner * columns / seconds)
    return max(rates)


def count_operations(n_tokens: int) -> float:
    """Floating-point operations of the products in the layers, for a text of so many tokens."""
    dense = 2 * n_tokens * (4 * WIDTH * WIDTH + 2 * WIDTH * INNER)
    attention = 2 * 2 * n_tokens * n_tokens * WIDTH
    return LAYERS * (dense + attention)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", default="-")
    chosen = parser.parse_args()
    texts = read_texts(chosen.folder, chosen.texts)

    encoder = load_encoder()
    original = encoder.load_model()
    import torch

    torch.set_num_threads(1)
    tokens = [
        len(row) for row in original.tokenizer(texts, truncation=True, max_length=256).input_ids
    ]
    ways: dict[str, Callable[[], object]] = {
        "sentence-transformers": lambda: original.encode(
            texts, normalize_embeddings=True, show_progress_bar=False
        ),
        f"autocode ({encoder.runtime})": lambda: encoder.encode(texts),
    }
    for compute in ways.values():
        compute()
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    products = []
    for _ in range(chosen.rounds):
        for name, compute in ways.items():
            seconds[name].append(measure(compute))
        products.append(measure_product())

    limit = sum(map(count_operations, tokens)) / statistics.median(products)
    peer = statistics.median(seconds["sentence-transformers"])
    lines = [
        f"{len(texts)} texts of {statistics.mean(tokens):.0f} tokens (median"
        f" {statistics.median(tokens):.0f}), median of {chosen.rounds} rounds; matrix product"
        f" {statistics.median(products) / 1e9:.0f} GFLOP a CPU-second.",
        "",
        "| way | CPU-seconds per 1,000 texts | texts per CPU-second | beside sentence-transformers"
        " | share of the product's limit |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, taken in seconds.items():
        middle = statistics.median(taken)
        lines.append(
            f"| {name} | {1000 * middle / len(texts):.1f} | {len(texts) / middle:.0f} |"
            f" {peer / middle:.2f} | {limit / middle:.2f} |"
        )
    reference = original.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    ours = encoder.encode(texts)
    order = np.random.default_rng(1).permutation(len(texts))
    shuffled = encoder.encode([texts[row] for row in order])
    bits = "the same" if shuffled.tobytes() == ours[order].tobytes() else "OTHER"
    difference = np.abs(ours - reference).max()
    query = [sys.executable, "-c", QUERY]
    used = [
        [float(word) for word in subprocess.check_output(query, text=True).split()]
        for _ in range(3)
    ]
    cold, memory = (statistics.median(column) for column in zip(*used, strict=True))
    lines += [
        "",
        f"Largest difference of a number from sentence-transformers': {difference:.1e}. In another"
        f" order, texts get {bits} bits.",
        f"One query from a process that has just begun: {cold:.2f} CPU-seconds, {memory:.0f} MB.",
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    if chosen.out != "-":
        head = "# Encoding\n\n`python eval/bench_encoding.py FOLDER_OF_CORPORA`.\n\n"
        Path(chosen.out).write_text(head + text, encoding="utf-8")


if __name__ == "__main__":
    main()
