"""Studies nobody would draw up and somebody has: sensible output, never a traceback or a NaN."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.core.alignment import align
from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Coding, Reading
from autocode.core.transcript import Segment, Span
from autocode.encode.hashing import HashEncoder
from autocode.suggest.active_learning import prioritise_segments
from autocode.suggest.code_text import list_phrases
from autocode.suggest.codebook_suggester import CodebookSuggester
from autocode.suggest.corpus import EncodedCorpus
from autocode.suggest.explain import make_suggestions
from autocode.suggest.protocol import Task, collect_known_codings

WORDS = (
    "we waited for the letter", "the bus was late again", "my sister drove me", "", "🙂", "yes",
    "nous avons attendu la lettre", "我们等了很久", "no", "the letter came too late",
)  # fmt: skip


def segments(n: int, n_transcripts: int) -> list[Segment]:
    return [
        Segment(
            transcript=f"t{i % n_transcripts}",
            span=Span(i * 100, i * 100 + len(WORDS[i % len(WORDS)])),
            excerpt=WORDS[i % len(WORDS)],
            speaker="AB"[i % 2],
        )
        for i in range(n)
    ]


def ranked(given, codings, codes, readings=()):
    codebook = Codebook(tuple(codes))
    encoder = HashEncoder(n_dimensions=64)
    candidates = codebook.candidates({c.code for c in codings})
    found = list_phrases(candidates)
    corpus = EncodedCorpus(
        segments=given,
        vectors=encoder.encode([s.excerpt for s in given]),
        codebook=codebook,
        codes=candidates,
        phrases=found,
        phrase_vectors=encoder.encode([p.text for p in found]),
    )
    aligned = align(given, codings, readings)
    known = collect_known_codings(aligned, candidates)
    task = Task(corpus=corpus, known=known, targets=np.flatnonzero(~known.read))
    ranking = CodebookSuggester().rank(task)
    for part in (ranking.logits, ranking.probabilities):
        assert np.isfinite(part).all()
    assert ((ranking.probabilities >= 0) & (ranking.probabilities <= 1)).all()
    made = make_suggestions(task, ranking, aligned=aligned, top=3)
    prioritise_segments(task, ranking, n_wanted=3)
    return made, ranking


def coding(segment: Segment, code: str) -> Coding:
    return Coding(transcript=segment.transcript, span=segment.span, code=code, coder="Ana")


TWO = (
    Code(id="a", name="Waiting", definition="Waiting for a letter"),
    Code(id="b", name="Buses", definition="The bus was late"),
)


def test_one_coded_segment():
    given = segments(40, 4)
    made, ranking = ranked(given, [coding(given[0], "a")], TWO)
    assert made
    assert not ranking.auto_acceptable.any()
    assert "1 coding in 1 transcript," in " ".join(ranking.remarks)


def test_a_code_without_text_or_examples():
    given = segments(40, 4)
    made, _ = ranked(given, [], (Code(id="x", name="x"), *TWO))
    assert {s.code for s in made} >= {"a", "b"}


@pytest.mark.parametrize("n_transcripts", [1, 2, 8])
def test_all_segments_with_the_same_code(n_transcripts: int):
    given = segments(80, n_transcripts)
    codings = [coding(s, "a") for s in given[:60] if s.span]
    made, _ = ranked(given, codings, TWO)
    assert {s.code for s in made if s.rank == 1} == {"a"}


def test_read_and_nothing_ever_applied():
    given = segments(80, 8)
    readings = [Reading(s.transcript, s.span, "Ana") for s in given[:60] if s.span]
    made, ranking = ranked(given, [], TWO, readings)
    assert not any(s.likely for s in made)
    assert not ranking.auto_acceptable.any()


def test_two_codes_with_the_same_definition_share_the_first_places():
    given = segments(40, 4)
    same = (
        Code(id="one", name="Late", definition="The bus was late"),
        Code(id="two", name="Late", definition="The bus was late"),
    )
    made, _ = ranked(given, [], same)
    pairs = {}
    for suggestion in made:
        pairs.setdefault(suggestion.span, []).append(suggestion.score)
    assert all(len(set(scores)) == 1 for scores in pairs.values())


@pytest.mark.slow
def test_thousands_of_codes():
    given = segments(40, 4)
    codes = [
        Code(id=f"c{i}", name=f"Matter {i}", definition=f"What people say of matter {i}")
        for i in range(1500)
    ]
    codings = [coding(s, f"c{i % 50}") for i, s in enumerate(given[:20]) if s.span]
    made, ranking = ranked(given, codings, codes)
    assert len(ranking.diagnostics.codes) == 1500
    assert all(s.rank <= 3 for s in made)


def test_one_code_only():
    given = segments(60, 6)
    codings = [coding(s, "a") for s in given[:30:2] if s.span]
    readings = [Reading(s.transcript, s.span, "Ana") for s in given[:30] if s.span]
    made, _ = ranked(given, codings, TWO[:1], readings)
    assert {s.code for s in made} == {"a"}


def test_the_order_segments_are_given_in_changes_nothing():
    given = segments(60, 6)
    given = [
        Segment(transcript=s.transcript, span=s.span, excerpt=f"{s.excerpt} {i % 7}")
        for i, s in enumerate(given)
    ]
    codings = [coding(s, "ab"[i % 2]) for i, s in enumerate(given[:40])]
    one, _ = ranked(given, codings, TWO)
    other, _ = ranked(given[::-1], codings[::-1], TWO)
    first = {(s.transcript, s.span, s.code): s.score for s in one}
    again = {(s.transcript, s.span, s.code): s.score for s in other}
    assert first.keys() == again.keys()
    assert max(abs(first[key] - again[key]) for key in first) < 1e-3
