"""Searching a study: the excerpts that a query holds of, for the command line and the page alike.

What others did is looked at as far as the `SearchScope` shows it, so that a coder in a blind pass
finds what a study without the others would show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..core.arguments import checked
from ..core.codebook import Codebook
from ..core.transcript import Span
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from ..store.searched import CodingRow, coding_rows, search_rows
from ..text.search_query import parse_query
from ..text.word_search import Range
from .search_terms import WORK, Matcher, MemoRow, SearchedWork
from .searched_study import SearchedStudy, SearchedTranscript, SearchMemory
from .stored_parts import StoredParts

_NEIGHBOUR = 160
"""Characters shown of the excerpts before and after."""


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class SearchOptions:
    """How many hits are wanted, in order, and from which on."""

    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchScope:
    """What may be seen of coders' work; by default all of it.

    `shows` says whether the work of a coder in a transcript (by name) is shown, `codebook` is that
    of whoever searches, and `coder` their name, which they may ask for.
    """

    codebook: Codebook | None = None
    shows: Callable[[str, str | None], bool] | None = None
    coder: str = ""


EVERYTHING = SearchScope()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An excerpt that was found, with the spans in the transcript that are marked in it.

    `before` and `after` are words of the excerpts around it. `turn` counts from 1, `begin` is when
    the turn begins (seconds). `codes` are (code id, coder) of the codings on it. `similarity` is
    that to the excerpt that others like it were asked for, from -1 to 1, None for a query.
    """

    transcript: str
    number: int
    span: Span
    excerpt: str
    speaker: str | None
    case: str | None
    turn: int
    begin: float | None
    marks: tuple[Span, ...] = ()
    before: str = ""
    after: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    memos: tuple[tuple[str, str], ...] = ()
    similarity: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult(Result):
    """Hits by transcript and place (or the most alike first), and how many there are in all."""

    query: str
    n_hits: int
    n_transcripts: int
    hits: tuple[Hit, ...]
    offset: int = 0
    like: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The hits as plain data."""
        content = {
            "query": self.query,
            "like": self.like or None,
            "n_hits": self.n_hits,
            "n_transcripts": self.n_transcripts,
            "offset": self.offset,
            "hits": self.to_rows(),
        }
        return to_payload("search", content)

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a hit."""
        return [
            {
                "transcript": hit.transcript,
                "turn": hit.turn,
                "span": to_plain(hit.span),
                "speaker": hit.speaker,
                "case": hit.case,
                "begin": hit.begin,
                "excerpt": hit.excerpt,
                "marks": to_plain(hit.marks),
                "codings": [{"code": code, "coder": coder} for code, coder in hit.codes],
                "memos": [{"coder": coder, "text": text} for coder, text in hit.memos],
                "similarity": hit.similarity,
            }
            for hit in self.hits
        ]


def search(
    study: StoredParts,
    words: str,
    *,
    options: SearchOptions | None = None,
    scope: SearchScope = EVERYTHING,
    memory: SearchMemory | None = None,
) -> SearchResult:
    """The excerpts that a query holds of; `memory` keeps what is made of the words for the next.

    Raises:
        InputError: if the query is empty, cannot be understood, or names what is not there.
    """
    query, options = parse_query(words), options or SearchOptions()
    searched = read_searched(study, memory or SearchMemory())
    everywhere = frozenset(one.rows.number for one in searched.transcripts)
    has_work = any(term.kind in WORK for term in query.terms)
    work = read_work(study, scope, everywhere if has_work else frozenset(), searched)
    matcher = Matcher(query, searched, work)
    tried = [(one, matcher.match(one)) for one in searched.transcripts]
    matches = [(one, numbers) for one, numbers in tried if numbers]
    wanted = [(one, numbers, matcher.mark(one)) for one, numbers in _choose_page(matches, options)]
    if not has_work:
        shown = frozenset(one.rows.number for one, _, _ in wanted)
        work = read_work(study, scope, shown, searched)
    return SearchResult(
        query=words,
        n_hits=sum(len(numbers) for _, numbers in matches),
        n_transcripts=len(matches),
        hits=describe_hits(
            searched,
            work,
            (
                (one, number, _unite(marks.get(number, ())))
                for one, numbers, marks in wanted
                for number in numbers
            ),
        ),
        offset=options.offset,
    )


def _unite(places: Iterable[Range]) -> tuple[Span, ...]:
    """Places in order, put together where they touch."""
    marks: list[Range] = []
    for start, end in sorted(places):
        if marks and start <= marks[-1][1]:
            marks[-1] = (marks[-1][0], max(marks[-1][1], end))
        else:
            marks.append((start, end))
    return tuple(Span(start, end) for start, end in marks)


def _choose_page(
    matches: Sequence[tuple[SearchedTranscript, Set[int]]], options: SearchOptions
) -> Iterator[tuple[SearchedTranscript, list[int]]]:
    """The excerpts of a page of hits, by transcript."""
    skipped, left = options.offset, options.limit
    for transcript, numbers in matches:
        chosen = sorted(numbers)[skipped : skipped + left]
        skipped, left = max(0, skipped - len(numbers)), left - len(chosen)
        if chosen:
            yield transcript, chosen


def read_searched(study: StoredParts, memory: SearchMemory) -> SearchedStudy:
    """The words of a study and who said them."""
    return memory.recall(study.revision().number, lambda: study._read(search_rows))


def read_work(
    study: StoredParts, scope: SearchScope, numbers: frozenset[int], searched: SearchedStudy
) -> SearchedWork:
    """What coders did in these transcripts, as far as it is shown."""
    names = {one.rows.number: one.rows.name for one in searched.transcripts}
    shows = scope.shows

    @cache
    def is_shown(number: int, coder: str) -> bool:
        return shows is None or shows(names[number], coder)

    codings = study._read(coding_rows, numbers)
    if shows is not None:
        codings = [row for row in codings if is_shown(row.transcript, row.coder)]
    by_name = {name: number for number, name in names.items()}
    memos = [
        MemoRow(
            transcript=by_name[memo.subject],
            start=memo.span.start,
            end=memo.span.end,
            coder=memo.coder or "",
            text=memo.text,
        )
        for memo in study.memos()
        if memo.about == "span" and memo.span is not None and by_name.get(memo.subject) in numbers
    ]
    memos = [memo for memo in memos if is_shown(memo.transcript, memo.coder)]
    memos += [_memo_of(row) for row in codings if row.memo]
    if scope.shows is None:
        coders = {coder.name for coder in study.coders()}
    else:
        coders = {row.coder for row in codings} | {memo.coder for memo in memos} | {scope.coder}
    return SearchedWork(
        codebook=scope.codebook or study.codebook(),
        codings=codings,
        memos=memos,
        coders=coders - {""},
        attributes={case.name: case.attributes for case in study.cases()},
    )


def _memo_of(row: CodingRow) -> MemoRow:
    return MemoRow(
        transcript=row.transcript, start=row.start, end=row.end, coder=row.coder, text=row.memo
    )


def describe_hits(
    searched: SearchedStudy,
    work: SearchedWork,
    wanted: Iterable[tuple[SearchedTranscript, int, tuple[Span, ...]]],
    similarities: Sequence[float] = (),
) -> tuple[Hit, ...]:
    """Excerpts by transcript and number, each with what stands around it and what is on it."""
    on_it = _WorkByExcerpt(work)
    scores = iter(similarities)
    return tuple(
        _describe_hit(searched, on_it, transcript, at, marks, next(scores, None))
        for transcript, at, marks in wanted
    )


class _WorkByExcerpt:
    """What is on each excerpt, worked out for a transcript when it is first asked for."""

    def __init__(self, work: SearchedWork) -> None:
        self._codings: dict[int, list[CodingRow]] = {}
        for row in work.codings:
            self._codings.setdefault(row.transcript, []).append(row)
        self._memos_on: dict[int, list[MemoRow]] = {}
        for memo in work.memos:
            self._memos_on.setdefault(memo.transcript, []).append(memo)
        self._codes: dict[int, dict[int, set[tuple[str, str]]]] = {}
        self._memos: dict[int, dict[int, list[tuple[str, str]]]] = {}

    def of(
        self, transcript: SearchedTranscript, at: int
    ) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
        number = transcript.rows.number
        if number not in self._codes:
            codes = self._codes.setdefault(number, {})
            memos = self._memos.setdefault(number, {})
            for row in self._codings.get(number, ()):
                for excerpt in transcript.covered(row.start, row.end):
                    codes.setdefault(excerpt, set()).add((row.code, row.coder))
            for memo in self._memos_on.get(number, ()):
                for excerpt in transcript.covered(memo.start, memo.end):
                    memos.setdefault(excerpt, []).append((memo.coder, memo.text))
        return (
            tuple(sorted(self._codes[number].get(at, ()))),
            tuple(self._memos[number].get(at, ())),
        )


def _describe_hit(
    searched: SearchedStudy,
    on_it: _WorkByExcerpt,
    transcript: SearchedTranscript,
    at: int,
    marks: tuple[Span, ...],
    similarity: float | None,
) -> Hit:
    excerpt, text = transcript.excerpts[at], transcript.rows.text
    end = max([excerpt.end, *(span.end for span in marks)])  # a phrase may go on in the next one
    codes, memos = on_it.of(transcript, at)
    return Hit(
        transcript=transcript.rows.name,
        number=transcript.rows.number,
        span=Span(excerpt.start, end),
        excerpt=text[excerpt.start : end],
        speaker=searched.name_speaker(excerpt),
        case=searched.name_case(transcript, excerpt),
        turn=excerpt.turn,
        begin=excerpt.begin,
        marks=marks,
        before=_shorten_start(_read_excerpt(transcript, at - 1)),
        after=_shorten_end(_read_excerpt(transcript, at + 1)),
        codes=codes,
        memos=memos,
        similarity=similarity,
    )


def _shorten_start(words: str) -> str:
    """The last words of what stands before."""
    if len(words) <= _NEIGHBOUR:
        return words
    last = words[-_NEIGHBOUR:]
    return f"… {last.partition(' ')[2] or last}"


def _shorten_end(words: str) -> str:
    """The first words of what stands after."""
    if len(words) <= _NEIGHBOUR:
        return words
    first = words[:_NEIGHBOUR]
    return f"{first.rpartition(' ')[0] or first} …"


def _read_excerpt(transcript: SearchedTranscript, at: int) -> str:
    """The words of the excerpt of this number in one line, nothing where there is none."""
    if not 0 <= at < len(transcript.excerpts):
        return ""
    excerpt = transcript.excerpts[at]
    return " ".join(transcript.rows.text[excerpt.start : excerpt.end].split())
