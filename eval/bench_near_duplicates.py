"""How many excerpts are nearly, but not wholly, the words of another: would grouping them pay?

`bulk` counts excerpts as copies whose words are equal, capitals, numbers and punctuation aside.
Here the wordings that are left are compared by the Jaccard index of their word shingles (Broder
1997), all pairs exactly, on corpora under AUTOCODE_SHARED; some pairs are shown to be judged.

    python eval/bench_near_duplicates.py
"""

from __future__ import annotations

import csv
import gzip
import os
import random
import re
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

CORPORA = (
    "nhs-patient-feedback", "emotional-support-chat", "annomi", "classroom-talk-moves",
)  # fmt: skip
MOST, SHOWN = 8000, 8
NO_LETTERS = re.compile(r"[\W\d_]+")


def read_wordings(folder: Path) -> tuple[list[str], int]:
    """The different wordings of a corpus, and how many excerpts are copies of one."""
    with gzip.open(folder / "segments.csv.gz", "rt", encoding="utf-8") as lines:
        texts = [row["text"] for row in csv.DictReader(lines)][:MOST]
    words = [NO_LETTERS.sub(" ", text.casefold()).strip() for text in texts]
    held = [one for one in words if one]
    return sorted(set(held)), len(held) - len(set(held))


def compare(wordings: list[str], width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The pairs of wordings with a shingle of `width` words in common, and their Jaccard index."""
    counter = CountVectorizer(
        token_pattern=r"\S+", ngram_range=(width, width), binary=True, dtype=np.int32
    )
    shingles = counter.fit_transform(wordings)
    sizes = np.asarray(shingles.sum(axis=1)).ravel()
    common = (shingles @ shingles.T).tocoo()
    upper = common.row < common.col
    first, second, n = common.row[upper], common.col[upper], common.data[upper]
    return first, second, n / (sizes[first] + sizes[second] - n)


def main() -> None:
    root = Path(os.environ["AUTOCODE_SHARED"]) / "data"
    print("corpus, copies, shingle, Jaccard from, pairs, wordings in them, of all wordings")
    for name in CORPORA:
        wordings, n_copies = read_wordings(root / name)
        for width in (1, 2, 3):
            first, second, jaccard = compare(wordings, width)
            for least in (0.7, 0.8, 0.9):
                near = np.flatnonzero(jaccard >= least)
                n = len(set(first[near].tolist()) | set(second[near].tolist()))
                print(name, n_copies, width, least, len(near), n, f"{n / len(wordings):.1%}")
                if (width, least) == (2, 0.7):
                    for at in random.Random(0).sample(near.tolist(), min(SHOWN, len(near))):
                        print("   ", wordings[first[at]][:70], "|", wordings[second[at]][:70])


if __name__ == "__main__":
    main()
