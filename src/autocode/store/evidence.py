"""Evidence of suggestions, stored by reference: row numbers, spans and numbers, hardly any text.

A suggestion's evidence names up to five excerpts of a few hundred letters each; copied, it would be
many times the talk itself. Excerpts are sliced on reading from the fixed texts, and phrases of the
codebook, which may be edited later, are stored once each.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from ..core.suggestion import (
    CodebookPhrase,
    Evidence,
    GuideEvidence,
    NeighbourContribution,
    Precedent,
)
from ..core.transcript import Span
from . import schema as t

Stored = list[Any]
_THOUSANDTHS = 1000
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Row numbers of what evidence refers to, by name."""

    transcripts: Mapping[str, int]
    coders: Mapping[str, int]
    codes: Mapping[str, int]
    phrases: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What row numbers in evidence stand for; `texts` are the transcripts' whole texts."""

    transcripts: Mapping[int, str]
    texts: Mapping[int, str]
    coders: Mapping[int, str]
    codes: Mapping[int, str]
    phrases: Mapping[int, str]


def number_all(connection: Connection, phrases: Iterable[str]) -> Numbers:
    """The row numbers evidence needs; the codebook's `phrases` are stored where they are new."""
    texts = sorted(set(phrases))
    if texts:
        rows = [{"text": text} for text in texts]
        connection.execute(insert(t.phrases).on_conflict_do_nothing(), rows)
    return Numbers(
        transcripts=_numbers(connection, t.transcripts.c.name, t.transcripts.c.id),
        coders=_numbers(connection, t.coders.c.name, t.coders.c.id),
        codes=_numbers(connection, t.codes.c.code, t.codes.c.id),
        phrases=_numbers(connection, t.phrases.c.text, t.phrases.c.id),
    )


def name_all(connection: Connection) -> Names:
    """What every row number in evidence stands for."""
    rows = connection.execute(
        select(t.transcripts.c.id, t.transcripts.c.name, t.transcripts.c.text)
    )
    transcripts = {row.id: (row.name, row.text) for row in rows}
    return Names(
        transcripts={number: name for number, (name, _) in transcripts.items()},
        texts={number: text for number, (_, text) in transcripts.items()},
        coders=_names(connection, t.coders.c.id, t.coders.c.name),
        codes=_names(connection, t.codes.c.id, t.codes.c.code),
        phrases=_names(connection, t.phrases.c.id, t.phrases.c.text),
    )


def encode(evidence: Evidence, numbers: Numbers, texts: Mapping[str, str]) -> str:
    """Evidence as JSON: [phrase, precedents, counter-examples, words, neighbours, guide if any].

    `texts` are the transcripts' by name; an excerpt that is no slice of its text is stored itself.
    """
    phrase = evidence.phrase
    stored: Stored = [
        phrase and [phrase.part, numbers.phrases[phrase.text], _shorten(phrase.similarity)],
        [_stored_precedent(precedent, numbers, texts) for precedent in evidence.precedents],
        [_stored_precedent(precedent, numbers, texts) for precedent in evidence.counter_examples],
        [[word, _shorten(part)] for word, part in evidence.words],
        [_stored_neighbour(neighbour, numbers) for neighbour in evidence.neighbours],
    ]
    if evidence.guide is not None:
        stored.append(_stored_guide(evidence.guide))
    return _to_json(stored)


def decode(stored: str, names: Names) -> Evidence:
    """Evidence from what `encode` made of it."""
    phrase, precedents, counter_examples, words, neighbours, *guide = json.loads(stored)
    return Evidence(
        phrase=phrase and CodebookPhrase(phrase[0], names.phrases[phrase[1]], _full(phrase[2])),
        precedents=tuple(_precedent(item, names) for item in precedents),
        counter_examples=tuple(_precedent(item, names) for item in counter_examples),
        words=tuple((str(word), _full(part)) for word, part in words),
        neighbours=tuple(_neighbour(item, names) for item in neighbours),
        guide=_guide(guide[0]) if guide else None,
    )


def _stored_guide(guide: GuideEvidence) -> Stored:
    span, numbers = guide.span, [guide.question, guide.n_questions]
    return [*numbers, span.start, len(span), _shorten(guide.similarity), int(guide.begins)]


def _guide(stored: Stored) -> GuideEvidence:
    question, n_questions, start, length, similarity, begins = stored
    return GuideEvidence(
        question=question,
        n_questions=n_questions,
        span=Span(start, start + length),
        similarity=_full(similarity),
        begins=bool(begins),
    )


def _stored_precedent(precedent: Precedent, numbers: Numbers, texts: Mapping[str, str]) -> Stored:
    span = precedent.span
    stored: Stored = [
        numbers.transcripts[precedent.transcript],
        span.start,
        len(span),
        _shorten(precedent.similarity),
        [numbers.coders.get(coder, coder) for coder in precedent.coders],
        [numbers.codes.get(code, code) for code in precedent.codes],
    ]
    if span.of(texts[precedent.transcript]) != precedent.excerpt:
        stored.append(precedent.excerpt)
    return stored


def _precedent(stored: Stored, names: Names) -> Precedent:
    transcript, start, length, similarity, coders, codes, *excerpt = stored
    span = Span(start, start + length)
    return Precedent(
        transcript=names.transcripts[transcript],
        span=span,
        excerpt=excerpt[0] if excerpt else span.of(names.texts[transcript]),
        coders=tuple(_name(coder, names.coders) for coder in coders),
        similarity=_full(similarity),
        codes=tuple(_name(code, names.codes) for code in codes),
    )


def _stored_neighbour(neighbour: NeighbourContribution, numbers: Numbers) -> Stored:
    span, code = neighbour.span, numbers.codes[neighbour.code]
    flags = [int(neighbour.is_before), code, int(neighbour.known)]
    return [span.start, len(span), *flags, _shorten(neighbour.part)]


def _neighbour(stored: Stored, names: Names) -> NeighbourContribution:
    start, length, is_before, code, known, part = stored
    return NeighbourContribution(
        span=Span(start, start + length),
        is_before=bool(is_before),
        code=names.codes[code],
        known=bool(known),
        part=_full(part),
    )


def _name(stored: int | str, names: Mapping[int, str]) -> str:
    """What a row number stands for; a name that had no row number is stored itself."""
    return names[stored] if isinstance(stored, int) else str(stored)


def _shorten(number: float) -> float:
    """A number of at most three decimals as a whole number of thousandths, another as it is."""
    thousandths = round(number * _THOUSANDTHS)
    return thousandths if thousandths / _THOUSANDTHS == number else float(number)


def _full(stored: float) -> float:
    return stored / _THOUSANDTHS if isinstance(stored, int) else float(stored)


def _numbers(connection: Connection, name: Any, number: Any) -> dict[str, int]:  # noqa: ANN401 - columns
    rows: Iterable[Sequence[Any]] = connection.execute(select(name, number))
    return {key: value for key, value in rows}


def _names(connection: Connection, number: Any, name: Any) -> dict[int, str]:  # noqa: ANN401 - columns
    rows: Iterable[Sequence[Any]] = connection.execute(select(number, name))
    return {key: value for key, value in rows}
