"""Excerpts like one of a study, by the vectors that are stored in it: nothing is encoded here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.errors import InputError, NotFound, NothingToDo
from ..core.transcript import Span, text_digest
from ..linalg import one_thread, unit_rows
from ..store.vectors import Vectors, vectors_beside
from .hand_coding import Place
from .searched_study import SearchedStudy, SearchedTranscript, SearchMemory
from .searching import (
    EVERYTHING,
    SearchOptions,
    SearchResult,
    SearchScope,
    describe_hits,
    read_searched,
    read_work,
)
from .stored_parts import StoredParts

MOST_ALIKE = 200
"""Excerpts that are listed: further ones have little in common with it."""


def find_similar(
    study: StoredParts,
    place: Place,
    *,
    options: SearchOptions | None = None,
    scope: SearchScope = EVERYTHING,
    memory: SearchMemory | None = None,
) -> SearchResult:
    """Excerpts by cosine similarity to the one at a place, the most alike first.

    What an interviewer says is left out, unless it is an interviewer's excerpt that is meant.

    Raises:
        NotFound: if there is no such transcript.
        InputError: if the place is none.
        NothingToDo: if no vector is stored for the excerpt.
    """
    options = options or SearchOptions()
    searched = read_searched(study, memory or SearchMemory())
    transcript, at = _find_excerpt(searched, study, place)
    own = transcript.excerpts[at]
    is_interviewer = _is_interviewer(searched, own.speaker)
    listed = [
        (one, number)
        for one in searched.transcripts
        for number, excerpt in enumerate(one.excerpts)
        if is_interviewer or not _is_interviewer(searched, excerpt.speaker)
    ]
    digests = [_digest(one, number) for one, number in listed]
    seed = _digest(transcript, at)
    # Not kept with the state of the study: that would be a copy of all vectors for each excerpt.
    digest_list, vectors = study._read_anew(vectors_beside, seed)
    if not digest_list:
        raise NothingToDo(
            "No vector of this excerpt is stored, so that none is near it. Store vectors first: "
            f"autocode suggest {study.path.name}"
        )
    scores = dict(zip(digest_list, _compare(vectors, digest_list.index(seed)), strict=True))
    alike = [
        (scores[digest], one, number)
        for (one, number), digest in zip(listed, digests, strict=True)
        if digest in scores and not (one is transcript and number == at)
    ]
    alike.sort(key=lambda row: (-row[0], row[1].rows.name, row[2]))
    alike = alike[:MOST_ALIKE]
    shown = alike[options.offset : options.offset + options.limit]
    work = read_work(study, scope, frozenset(one.rows.number for _, one, _ in shown), searched)
    return SearchResult(
        query="",
        like=transcript.rows.text[own.start : own.end],
        n_hits=len(alike),
        n_transcripts=len({one.rows.number for _, one, _ in alike}),
        hits=describe_hits(
            searched,
            work,
            [(one, number, ()) for _, one, number in shown],
            [round(score, 4) for score, _, _ in shown],
        ),
        offset=options.offset,
    )


def _find_excerpt(
    searched: SearchedStudy, study: StoredParts, place: Place
) -> tuple[SearchedTranscript, int]:
    """The excerpt that holds most of a place."""
    by_name = {one.rows.name: one for one in searched.transcripts}
    if place.transcript not in by_name:
        raise NotFound.among("transcript", place.transcript, by_name)
    transcript = by_name[place.transcript]
    if place.is_characters:
        span = place.find_characters(place.transcript, transcript.rows.text)
    else:
        span = place.find(study.transcript(place.transcript))
    covered = transcript.covered(span.start, span.end)
    if not covered:
        raise InputError(
            f"Nothing is said at {span.start}..{span.end} of '{place.transcript}'. Name words of a "
            "turn."
        )
    return transcript, _choose(transcript, span, covered)


def _choose(transcript: SearchedTranscript, span: Span, covered: Sequence[int]) -> int:
    """The excerpt that holds most of a span, the first of equals."""
    shares = [
        span.overlap(Span(transcript.excerpts[number].start, transcript.excerpts[number].end))
        for number in covered
    ]
    return covered[shares.index(max(shares))]


def _is_interviewer(searched: SearchedStudy, speaker: int | None) -> bool:
    return speaker is not None and searched.speakers[speaker].role == "interviewer"


def _digest(transcript: SearchedTranscript, number: int) -> str:
    excerpt = transcript.excerpts[number]
    return text_digest(transcript.rows.text[excerpt.start : excerpt.end])


def _compare(vectors: Vectors, seed: int) -> list[float]:
    with one_thread():
        rows = unit_rows(vectors)
        products: list[float] = np.asarray(rows @ rows[seed], dtype=float).tolist()
    return products
