"""Sections of a study's transcripts as a person looks them up: who speaks there, and of what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ..core.errors import NotFound
from ..core.transcript import Section, Span, Transcript
from ..text import terms
from ..text.words import n_words

_N_TERMS, _N_OPENING = 5, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """One section: its number (from 1), place, first words, who speaks (most first) and of what.

    `turns` are numbers of the first turn and of the one after the last; `begin` is in seconds.
    """

    transcript: str
    number: int
    span: Span
    turns: Section
    opening: str
    speakers: tuple[str, ...]
    terms: tuple[str, ...]
    n_words: int
    begin: float | None = None


def section_views(
    transcripts: Sequence[Transcript], transcript: str | None = None
) -> list[SectionView]:
    """The sections of one transcript or of all, in order; found anew each time.

    Raises:
        NotFound: if there is no such transcript.
    """
    names = [t.name for t in transcripts]
    if transcript is not None and transcript not in names:
        raise NotFound.among("transcript", transcript, names)
    return [view for t in transcripts if transcript in (None, t.name) for view in _views(t)]


def _views(transcript: Transcript) -> list[SectionView]:
    from ..segment.topic_sections import find_sections

    sections = find_sections(transcript)
    said = [[transcript.words_of(t) for t in transcript.turns[s.first : s.last]] for s in sections]
    known = terms.theme_terms(said, n_terms=_N_TERMS)
    return [
        _view(transcript, number, section, tuple(words))
        for number, (section, words) in enumerate(zip(sections, known, strict=True), start=1)
    ]


def _view(
    transcript: Transcript, number: int, section: Section, words: tuple[str, ...]
) -> SectionView:
    turns = transcript.turns[section.first : section.last]
    spoken: dict[str, float] = defaultdict(float)
    for turn in turns:
        spoken[turn.speaker or ""] += n_words(transcript.words_of(turn))
    opening = " ".join(word for t in turns for word in transcript.words_of(t).split()[:_N_OPENING])
    return SectionView(
        transcript=transcript.name,
        number=number,
        span=Span(turns[0].span.start, turns[-1].span.end),
        turns=section,
        opening=" ".join(opening.split()[:_N_OPENING]),
        speakers=tuple(name for name in sorted(spoken, key=lambda n: -spoken[n]) if name),
        terms=words,
        n_words=round(sum(spoken.values())),
        begin=turns[0].begin,
    )
