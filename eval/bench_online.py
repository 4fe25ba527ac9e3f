"""How fast a decision moves the ranking, and how long a full refit takes.

    python eval/bench_online.py [--segments 20000] [--codes 60] [--read 2000] [--out FILE.md]

Synthetic numbers of the real shapes (384 meaning, 150 word, 100 spelling, and the context columns),
as the time does not depend on what they mean. Peer in the same run: scikit-learn's one-vs-rest
logistic regression on the same matrix, fitted anew after the decision, which is what one would do
without the update. A decision moves the scores by the linear model, by the pairs of codes and by
the codings around it. Seconds are of the processor, on one thread, so that what else runs does not
count; the least of several runs on one machine; read the ratio.
"""

from __future__ import annotations

import argparse
import time
import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from autocode.core.codebook import Code, Codebook
from autocode.core.transcript import Segment, Span
from autocode.linalg import one_thread
from autocode.suggest.corpus import EncodedCorpus
from autocode.suggest.features import Features, WordFeatures
from autocode.suggest.online import OnlineRanking
from autocode.suggest.protocol import KnownCodings, Task
from autocode.suggest.zero_shot import VIEWS, ZeroShotScores
from autocode.text.terms import WordSpace

WIDTH = 1640
SEED = 0


@dataclass(frozen=True, kw_only=True)
class Synthetic(EncodedCorpus):
    """A corpus whose features and zero-shot scores are given."""

    matrix: np.ndarray
    z: np.ndarray

    @cached_property
    def features(self) -> Features:
        space = WordSpace(
            factors=np.zeros((self.n_segments, 1)), terms=(), counts=None, axes=np.zeros((0, 1))
        )
        words = WordFeatures(columns=slice(384, 534), space=space)
        return Features(matrix=self.matrix, words=words)

    @cached_property
    def zero_shot(self) -> ZeroShotScores:
        return ZeroShotScores(
            z=self.z,
            phrase=np.zeros(self.z.shape, dtype=np.intp),
            similarity=self.z,
            views=np.stack([self.z.astype(np.float32) / len(VIEWS)] * len(VIEWS)),
        )


def task(n_segments: int, n_codes: int, n_read: int) -> Task:
    generator = np.random.default_rng(SEED)
    codes = [Code(id=f"c{at}", name=f"Code {at}") for at in range(n_codes)]
    segments = [
        Segment(
            transcript=f"t{i // 400}",
            span=Span(i % 400 * 9, i % 400 * 9 + 5),
            excerpt="words",
            speaker="AB"[i % 2],
        )
        for i in range(n_segments)
    ]
    vectors = generator.normal(size=(n_segments, 384)).astype(np.float32) / np.float32(384**0.5)
    matrix = generator.normal(size=(n_segments, WIDTH)).astype(np.float32) * (1.6 / np.sqrt(WIDTH))
    corpus = Synthetic(
        segments=segments,
        vectors=vectors,
        codebook=Codebook(tuple(codes)),
        codes=codes,
        phrases=[],
        phrase_vectors=vectors[:0],
        matrix=matrix,
        z=generator.normal(size=(n_segments, n_codes)),
    )
    read = np.arange(n_segments) < n_read
    applied = (generator.random((n_segments, n_codes)) < 1.5 / n_codes) & read[:, None]
    return Task(corpus=corpus, known=KnownCodings(read, applied), targets=np.flatnonzero(~read))


def least(work, n: int) -> float:
    found = []
    for at in range(n):
        began = time.process_time()
        work(at)
        found.append(time.process_time() - began)
    return min(found)


def peer(given: Task) -> float:
    rows = given.read_rows
    matrix = given.corpus.features.matrix
    began = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for code in range(given.corpus.n_codes):
            wanted = given.known.applied[rows, code]
            if wanted.any():
                LogisticRegression(max_iter=200).fit(matrix[rows], wanted).decision_function(matrix)
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--segments", type=int, default=20_000)
    parser.add_argument("--codes", type=int, default=60)
    parser.add_argument("--read", type=int, default=2_000)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    given = task(asked.segments, asked.codes, asked.read)
    online = OnlineRanking(given)

    def decide(at: int) -> None:
        online.decide(asked.read + at, [at % asked.codes])
        online.scores()

    update = least(decide, 15)
    refit = least(lambda _: online.refit(), 2)
    with one_thread():
        other = peer(given)
    page = "\n".join(
        [
            "# Online ranking",
            "",
            f"`python eval/bench_online.py --segments {asked.segments} --codes {asked.codes} "
            f"--read {asked.read}`",
            "",
            "| what | seconds | scikit-learn one-vs-rest, fitted anew, over this |",
            "| --- | --- | --- |",
            f"| a decision, all scores after it | {update:.3f} | {other / update:.0f}x |",
            f"| full refit | {refit:.2f} | {other / refit:.1f}x |",
            f"| scikit-learn one-vs-rest | {other:.2f} | 1x |",
            "",
        ]
    )
    if asked.out:
        asked.out.write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
