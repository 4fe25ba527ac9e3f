"""What the tests of suggestions are made of: talks, corpora and tasks of a few segments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autocode.core.codebook import Code, Codebook
from autocode.core.transcript import Segment, Span
from autocode.encode.hashing import HashEncoder
from autocode.suggest.code_text import phrases
from autocode.suggest.corpus import EncodedCorpus
from autocode.suggest.protocol import KnownCodings, Task


def talk(speakers: str, transcript: str = "t") -> list[Segment]:
    """A segment for each letter, said by the speaker of that name; the words say nothing."""
    return [
        Segment(transcript=transcript, span=Span(i * 10, i * 10 + 5), excerpt="words", speaker=who)
        for i, who in enumerate(speakers)
    ]


def encode_with_hashes(
    segments: Sequence[Segment], codebook: Codebook, *, n_dimensions: int = 64
) -> EncodedCorpus:
    """The corpus of segments and a codebook, by an encoder that knows words and no meanings."""
    encoder = HashEncoder(n_dimensions=n_dimensions)
    codes = codebook.candidates()
    entries = phrases(codes)
    return EncodedCorpus(
        segments=segments,
        vectors=encoder.encode([segment.excerpt for segment in segments]),
        codebook=codebook,
        codes=codes,
        phrases=entries,
        phrase_vectors=encoder.encode([entry.text for entry in entries]),
    )


def bare_corpus(
    segments: Sequence[Segment], codes: Sequence[Code], vectors: np.ndarray | None = None
) -> EncodedCorpus:
    """The corpus of segments with given vectors (default: all alike) and codes without words."""
    if vectors is None:
        vectors = np.tile(np.eye(1, 2, dtype=np.float32), (len(segments), 1))
    vectors = np.asarray(vectors, dtype=np.float32)
    return EncodedCorpus(
        segments=segments,
        vectors=vectors,
        codebook=Codebook(tuple(codes)),
        codes=codes,
        phrases=[],
        phrase_vectors=vectors[:0],
    )


def make_wide_task(n_transcripts: int = 8, length: int = 40, n_codes: int = 12) -> Task:
    """A task large enough for linear algebra to spread over threads; every second talk is read."""
    generator = np.random.default_rng(0)
    words = np.array([f"word{number}" for number in range(400)])
    segments = [
        Segment(
            transcript=f"t{transcript}",
            span=Span(at * 200, at * 200 + 60),
            excerpt=" ".join(generator.choice(words, 8)),
            speaker="AB"[at % 2],
        )
        for transcript in range(n_transcripts)
        for at in range(length)
    ]
    codebook = Codebook(
        tuple(
            Code(id=f"c{number}", name=f"word{number}", definition=" ".join(words[number::40]))
            for number in range(n_codes)
        )
    )
    corpus = encode_with_hashes(segments, codebook, n_dimensions=384)
    read = np.arange(len(segments)) // length % 2 == 0
    applied = generator.random((len(segments), n_codes)) < 0.15
    return Task(
        corpus=corpus,
        known=KnownCodings(read, applied & read[:, None]),
        targets=np.flatnonzero(~read),
    )
