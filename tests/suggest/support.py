"""What the tests of suggestions are made of: talks, corpora and tasks of a few segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from autocode.core.alignment import Aligned, align
from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Coding, Reading
from autocode.core.suggestion import Suggestion
from autocode.core.transcript import Segment, Span
from autocode.encode.hashing import HashEncoder
from autocode.suggest.code_text import list_phrases
from autocode.suggest.codebook_suggester import CodebookSuggester
from autocode.suggest.corpus import EncodedCorpus
from autocode.suggest.explain import make_suggestions
from autocode.suggest.protocol import KnownCodings, Task, collect_known_codings
from autocode.suggest.zero_shot import VIEWS, ZeroShotScores


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
    entries = list_phrases(codes)
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


def make_wide_task(n_transcripts: int = 6, length: int = 30, n_codes: int = 8) -> Task:
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


def make_lasting_task(
    n_transcripts: int, *, run: int, known: int, coded: float = 1.0, length: int = 24
) -> tuple[Task, np.ndarray]:
    """Talks whose words say nothing of three codes, each of which goes on for `run` segments.

    The first `known` are read; a run is coded with a chance of `coded`. Beside the task, what was
    given to all segments, (n_segments, 3).
    """
    generator = np.random.default_rng(3)
    words = np.array([f"word{number}" for number in range(300)])
    segments, applied = [], []
    for number in range(n_transcripts):
        code = -1
        goes = False
        for at in range(length):
            if at % run == 0:
                code = int((code + generator.integers(1, 3)) % 3)
                goes = bool(generator.random() < coded)
            segments.append(
                Segment(
                    transcript=f"t{number:02}",
                    span=Span(at * 100, at * 100 + 60),
                    excerpt=" ".join(generator.choice(words, 8)),
                    speaker="AB"[at % 2],
                )
            )
            applied.append((np.arange(3) == code) & goes)
    codebook = Codebook(tuple(Code(id=f"c{at}", name=f"Code {at}") for at in range(3)))
    read = np.arange(len(segments)) < known * length
    given = np.array(applied)
    task = Task(
        corpus=encode_with_hashes(segments, codebook),
        known=KnownCodings(read, given & read[:, None]),
        targets=np.flatnonzero(~read),
    )
    return task, given


def align_known(task: Task) -> Aligned:
    """What is known of a task, as the work of one coder."""
    segments, codes = task.corpus.segments, task.corpus.codes
    rows = task.read_rows.tolist()
    return align(
        segments,
        [
            Coding(
                transcript=segments[row].transcript,
                span=segments[row].span,
                code=codes[at].id,
                coder="Kim",
            )
            for row in rows
            for at in np.flatnonzero(task.known.applied[row]).tolist()
        ],
        [
            Reading(transcript=segments[row].transcript, span=segments[row].span, coder="Kim")
            for row in rows
        ],
    )


@dataclass(frozen=True, kw_only=True)
class ScoredCorpus(EncodedCorpus):
    """A corpus whose zero-shot scores `z` and candidates are given, (n_segments, n_codes) each."""

    z: np.ndarray
    candidates: np.ndarray | None = None

    @cached_property
    def zero_shot(self) -> ZeroShotScores:
        """The scores given, each view a copy of them."""
        return ZeroShotScores(
            z=self.z,
            phrase=np.zeros(self.z.shape, dtype=np.intp),
            similarity=self.z,
            views=np.stack([self.z.astype(np.float32)] * len(VIEWS)),
        )

    @cached_property
    def allowed(self) -> np.ndarray:
        """The candidates given; all codes by default."""
        return np.ones(self.z.shape, dtype=bool) if self.candidates is None else self.candidates


SERVICE_CODEBOOK = Codebook(
    (
        Code(id="wait", name="Waiting", definition="Waiting lists and months without news"),
        Code(id="money", name="Money", definition="Bus fares, rent and benefits"),
        Code(id="trust", name="Trust", definition="A worker who keeps promises"),
    )
)


def say(words: str, number: int, transcript: str = "t1", domain: str | None = None) -> Segment:
    """The segment of a participant that holds `words`; `number` sets its position."""
    return Segment(
        transcript=transcript,
        span=Span(number * 1000, number * 1000 + len(words)),
        excerpt=words,
        speaker="P",
        role="participant",
        domain=domain,
    )


def code_segment(segment: Segment, code_id: str, coder: str = "Ana") -> Coding:
    """A coding of the whole segment."""
    return Coding(transcript=segment.transcript, span=segment.span, code=code_id, coder=coder)


@dataclass(frozen=True)
class Given:
    """A task, and the codings it was made from."""

    task: Task
    aligned: Aligned


def make_given(
    segments: Sequence[Segment],
    codings: Sequence[Coding] = (),
    readings: Sequence[Reading] = (),
    codebook: Codebook = SERVICE_CODEBOOK,
) -> Given:
    """The task of suggesting codes for what nobody has read."""
    corpus = encode_with_hashes(segments, codebook, n_dimensions=256)
    aligned = align(segments, codings, readings)
    known = collect_known_codings(aligned, corpus.codes)
    return Given(Task(corpus=corpus, known=known, targets=np.flatnonzero(~known.read)), aligned)


def suggest(given: Given, top: int = 3) -> list[Suggestion]:
    """What the codebook suggester suggests, with evidence."""
    ranking = CodebookSuggester().rank(given.task)
    return make_suggestions(given.task, ranking, aligned=given.aligned, top=top)


def score_corpus(
    segments: Sequence[Segment], z: np.ndarray, *, candidates: np.ndarray | None = None
) -> ScoredCorpus:
    """Segments with given zero-shot scores of as many codes as `z` has columns."""
    codes = [Code(id=f"c{number}", name=f"Code {number}") for number in range(z.shape[1])]
    vectors = np.tile(np.eye(1, 2, dtype=np.float32), (len(segments), 1))
    return ScoredCorpus(
        segments=segments,
        vectors=vectors,
        codebook=Codebook(tuple(codes)),
        codes=codes,
        phrases=[],
        phrase_vectors=vectors[:0],
        z=z,
        candidates=candidates,
    )


def small_task(*, n_targets: int | None = None) -> Task:
    """Eight talks about tea and the sea, six of them coded; two codes have a domain of their own.

    `n_targets` keeps so many of the targets.
    """
    said = ("a cup of tea", "the sea was cold", "so it was", "the tea was cold and so was the sea")
    segments = [
        Segment(
            transcript=f"t{transcript}",
            span=Span(at * 100, at * 100 + 40),
            excerpt=f"{said[(at + transcript) % 4]} {at}",
            speaker="AB"[at % 2],
            domain="Q1" if at % 3 else "Q2",
        )
        for transcript in range(8)
        for at in range(12)
    ]
    codebook = Codebook(
        (
            Code(id="tea", name="Tea", definition="Cups and kettles of tea"),
            Code(id="sea", name="Sea", definition="The sea and the shore"),
            Code(id="first", name="First", definition="So it was", domain="Q1"),
            Code(id="second", name="Second", definition="Cold", domain="Q2"),
        )
    )
    corpus = encode_with_hashes(segments, codebook)
    applied = np.zeros((len(segments), 4), dtype=bool)
    for row, segment in enumerate(segments):
        applied[row, :2] = "tea" in segment.excerpt, "sea" in segment.excerpt
    read = np.array([segment.transcript not in {"t6", "t7"} for segment in segments])
    return Task(
        corpus=corpus,
        known=KnownCodings(read, applied & read[:, None]),
        targets=np.flatnonzero(~read)[:n_targets],
    )
