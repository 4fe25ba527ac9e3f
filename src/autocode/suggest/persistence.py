"""How often codes go on from one segment to the next in what people coded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .corpus import EncodedCorpus
from .protocol import Floats, KnownCodings, Rows


@dataclass(frozen=True, slots=True)
class Persistence:
    """How codes went on in coded transcripts: `kept` of `pairs` of each code, (n_codes,) each.

    A pair is a read segment with the code and the next read one. `coded` of `read` segments have a
    code at all.
    """

    kept: Floats
    pairs: Floats
    coded: int
    read: int


def measure_persistence(corpus: EncodedCorpus, known: KnownCodings) -> Persistence:
    """Count in what is known how often each code goes on in the next read segment."""
    kept, pairs = np.zeros((2, corpus.n_codes))
    for rows in list_transcripts(corpus, np.flatnonzero(known.read)):
        applied = known.applied[rows] & corpus.allowed[rows]
        kept += (applied[1:] & applied[:-1]).sum(axis=0)
        pairs += applied[:-1].sum(axis=0)
    coded = int((known.applied & known.read[:, None]).any(axis=1).sum())
    return Persistence(kept, pairs, coded, int(known.read.sum()))


def list_transcripts(corpus: EncodedCorpus, rows: Rows) -> list[Rows]:
    """`rows` by transcript, in order of name, each in reading order."""
    names = corpus.transcripts[rows]
    starts = np.array([corpus.segments[row].span.start for row in rows.tolist()], dtype=np.intp)
    order = np.lexsort((starts, names))
    bounds = np.flatnonzero(names[order][1:] != names[order][:-1]) + 1
    return [part for part in np.split(rows[order], bounds) if len(part)]
