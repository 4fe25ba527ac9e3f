"""Which excerpts of a transcript the terms of a query hold of, and the words that say so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from ..analysis.attribute_values import split_values
from ..core.codebook import Codebook
from ..core.errors import NotFound
from ..store.searched import CodingRow
from ..text.search_query import SearchQuery, Term, fault_at
from ..text.word_search import Range, WordPattern, compile_words, make_searchable
from .searched_study import SearchedStudy, SearchedTranscript

WORK = ("code", "coder", "memo")
"""Fields that are about what coders did, and not about what was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoRow:
    """A memo on words of a transcript, which a coder wrote or one of their codings has."""

    transcript: int
    start: int
    end: int
    coder: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedWork:
    """What coders did, as far as it may be seen, and the attributes of cases by the cases' names.

    `coders` are the names that may be asked for.
    """

    codebook: Codebook
    codings: Sequence[CodingRow]
    memos: Sequence[MemoRow]
    coders: Set[str]
    attributes: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Match:
    """Excerpts of one transcript by number (from 0), and for each the places that were found."""

    excerpts: Set[int]
    marks: Mapping[int, Sequence[Range]] = field(default_factory=dict)


Marks = dict[int, list[Range]]
"""What is marked, by the number of the excerpt."""


class Matcher:
    """A query made ready for a study; raises InputError for a name that is not there."""

    def __init__(self, query: SearchQuery, study: SearchedStudy, work: SearchedWork) -> None:
        self._study, self._work, self._query = study, work, query
        self._patterns = {term: _compile(term) for term in query.terms if term.kind != "attribute"}
        self._check_names()
        self._codes = {term: self._find_codes(term) for term in query.terms if term.kind == "code"}
        self._coders = {
            term: {name for name in work.coders if _holds(self._patterns[term], name)}
            for term in query.terms
            if term.kind == "coder"
        }
        self._speakers = {
            term: self._find_speakers(term)
            for term in query.terms
            if term.kind in ("speaker", "case", "attribute")
        }
        self._marks_work = not any(term.kind == "words" for term in query.terms)
        self._bound = [clause for clause in query.clauses if _is_bound(clause)]
        self._loose = [clause for clause in query.clauses if not _is_bound(clause)]

    def match(self, transcript: SearchedTranscript) -> Set[int]:
        """The numbers (from 0) of the excerpts of which every clause holds."""
        return self._match(transcript, None)

    def mark(self, transcript: SearchedTranscript) -> Mapping[int, Sequence[Range]]:
        """What is marked in excerpts, by their numbers; also in some of which not all holds."""
        marks: Marks = {}
        self._match(transcript, marks)
        return marks

    def _match(self, transcript: SearchedTranscript, marks: Marks | None) -> Set[int]:
        wanted: Set[int] | None = None
        for clause in self._loose:
            held = self._hold_any(transcript, clause, marks)
            wanted = held if wanted is None else wanted & held
            if not wanted:
                return wanted
        if self._bound:
            held = self._hold_bound(transcript, marks)
            wanted = held if wanted is None else wanted & held
        return wanted or frozenset()

    def _hold_any(
        self, transcript: SearchedTranscript, clause: Sequence[Term], marks: Marks | None
    ) -> Set[int]:
        held: set[int] = set()
        for term in clause:
            is_marked = marks is not None and not term.negated
            match = self._hold(transcript, term, is_marked=is_marked)
            if term.negated:
                held |= set(range(len(transcript.excerpts))) - match.excerpts
                continue
            held |= match.excerpts
            self._mark(marks, match, term)
        return held

    def _mark(self, marks: Marks | None, match: Match, term: Term) -> None:
        """Note what is marked: where words are asked for these alone, and no whole codings."""
        if marks is not None and (term.kind == "words" or self._marks_work):
            for number, spans in match.marks.items():
                marks.setdefault(number, []).extend(spans)

    def _hold(self, transcript: SearchedTranscript, term: Term, *, is_marked: bool) -> Match:
        if term.kind == "words" and not is_marked:
            return Match(transcript.find_excerpts(self._patterns[term]))
        if term.kind == "words":
            match = transcript.find(self._patterns[term])
            return Match(match.keys(), match)
        if term.kind == "transcript":
            is_meant = _holds(self._patterns[term], transcript.rows.name)
            return Match(frozenset(range(len(transcript.excerpts)) if is_meant else ()))
        if term.kind in WORK:
            number = transcript.rows.number
            if term.kind == "memo":
                rows: Iterable[CodingRow | MemoRow] = self._memos_of.get(number, ())
                return _cover(transcript, (m for m in rows if self._fits(term, m)), marks=is_marked)
            done: Iterable[CodingRow | MemoRow] = self._codings_of.get(number, ())
            return _cover(transcript, (c for c in done if self._fits(term, c)), marks=is_marked)
        speakers, whole = self._speakers[term]
        is_whole = transcript.rows.number in whole
        return Match(
            {
                number
                for number, excerpt in enumerate(transcript.excerpts)
                if (is_whole if excerpt.speaker is None else excerpt.speaker in speakers)
            }
        )

    def _hold_bound(self, transcript: SearchedTranscript, marks: Marks | None) -> Set[int]:
        """Excerpts with one coding for which all terms of code and coder hold.

        So for memos: of one that somebody wrote who is asked for.
        """
        number = transcript.rows.number
        codes, coders = self._bound_names
        is_marked = marks is not None and self._marks_work
        of_memo = [clause for clause in self._bound if clause[0].kind == "memo"]
        held: Set[int] | None = None
        if codes is not None or not of_memo:
            codings = [
                row
                for row in self._codings_of.get(number, ())
                if (codes is None or row.code in codes) and (coders is None or row.coder in coders)
            ]
            match = _cover(transcript, codings, marks=is_marked)
            held = match.excerpts
            self._mark(marks, match, self._bound[0][0])
        if of_memo:
            memos = [
                row
                for row in self._memos_of.get(number, ())
                if (coders is None or row.coder in coders)
                and all(any(self._fits(term, row) for term in clause) for clause in of_memo)
            ]
            match = _cover(transcript, memos, marks=is_marked)
            self._mark(marks, match, of_memo[0][0])
            held = match.excerpts if held is None else held & match.excerpts
        return held or frozenset()

    @cached_property
    def _bound_names(self) -> tuple[Set[str] | None, Set[str] | None]:
        """The codes, and the coders, of which all bound clauses hold; None where none is asked."""
        names: dict[str, Set[str] | None] = {"code": None, "coder": None}
        for clause in self._bound:
            kind = clause[0].kind
            if kind in names:
                known = self._codes if kind == "code" else self._coders
                union: Set[str] = frozenset().union(*(known[term] for term in clause))
                before = names[kind]
                names[kind] = union if before is None else before & union
        return names["code"], names["coder"]

    def _fits(self, term: Term, row: CodingRow | MemoRow) -> bool:
        if term.kind == "coder":
            return row.coder in self._coders[term]
        if term.kind == "memo":
            return isinstance(row, MemoRow) and _holds(self._patterns[term], row.text)
        return isinstance(row, CodingRow) and row.code in self._codes[term]

    @cached_property
    def _codings_of(self) -> dict[int, list[CodingRow]]:
        by_number: dict[int, list[CodingRow]] = {}
        for row in self._work.codings:
            by_number.setdefault(row.transcript, []).append(row)
        return by_number

    @cached_property
    def _memos_of(self) -> dict[int, list[MemoRow]]:
        by_number: dict[int, list[MemoRow]] = {}
        for row in self._work.memos:
            by_number.setdefault(row.transcript, []).append(row)
        return by_number

    def _find_codes(self, term: Term) -> Set[str]:
        """The code that is named, or those whose name holds the words, with all under them."""
        codebook = self._work.codebook
        try:
            named = {codebook.find(term.value).id}
        except NotFound as error:
            pattern = self._patterns[term]
            named = {code.id for code in codebook if _holds(pattern, code.name)}
            if not named:
                raise fault_at(term.at, "", str(error)) from None
        waiting = list(named)
        while waiting:
            for child in codebook.children(waiting.pop()):
                if child.id not in named:
                    named.add(child.id)
                    waiting.append(child.id)
        return named

    def _find_speakers(self, term: Term) -> tuple[Set[int], Set[int]]:
        """The speakers that are meant, and transcripts in which words of nobody are meant."""
        fits = self._make_test(term)
        speakers = {
            number
            for number, speaker in self._study.speakers.items()
            if fits(speaker.name if term.kind == "speaker" else speaker.case)
        }
        whole = {
            transcript.rows.number
            for transcript in self._study.transcripts
            if term.kind != "speaker" and fits(transcript.rows.case)
        }
        return speakers, whole

    def _make_test(self, term: Term) -> Callable[[str | None], bool]:
        if term.kind != "attribute":
            pattern = self._patterns[term]
            return lambda name: name is not None and _holds(pattern, name)
        wanted, name = _folded(term.value), _folded(term.name)
        cases = {
            case
            for case, values in self._work.attributes.items()
            for known, cell in values.items()
            if _folded(known) == name
            and wanted in {_folded(v) for v in (cell, *split_values(cell))}
        }
        return lambda case: case in cases

    def _check_names(self) -> None:
        known: Mapping[str, Set[str]] = {
            "transcript": {t.rows.name for t in self._study.transcripts},
            "speaker": {speaker.name for speaker in self._study.speakers.values()},
            "case": set(self._work.attributes),
            "coder": self._work.coders,
        }
        for term in self._query.terms:
            names = known.get(term.kind)
            if term.kind == "attribute":
                self._check_attribute(term)
            elif names is not None and not any(_holds(self._patterns[term], n) for n in names):
                raise fault_at(term.at, "", str(NotFound.among(term.kind, term.value, names)))

    def _check_attribute(self, term: Term) -> None:
        names = {name for values in self._work.attributes.values() for name in values}
        if _folded(term.name) not in map(_folded, names):
            raise fault_at(term.at, "", str(NotFound.among("attribute", term.name, names)))
        values = {
            cell
            for one in self._work.attributes.values()
            for name, cell in one.items()
            if _folded(name) == _folded(term.name)
        }
        parts = {part for cell in values for part in (cell, *split_values(cell))}
        if _folded(term.value) not in map(_folded, parts):
            fault = NotFound.among(f"value of {term.name}", term.value, parts)
            raise fault_at(term.at, "", str(fault))


def _is_bound(clause: Sequence[Term]) -> bool:
    """Whether a clause is about one and the same piece of work as others of its kind."""
    return (
        clause[0].kind in WORK
        and all(term.kind == clause[0].kind for term in clause)
        and not any(term.negated for term in clause)
    )


def _cover(
    transcript: SearchedTranscript, rows: Iterable[CodingRow | MemoRow], *, marks: bool = True
) -> Match:
    """The excerpts that rows touch, and unless they are not wanted the parts of them."""
    if not marks:
        touched: set[int] = set()
        for row in rows:
            touched.update(transcript.covered(row.start, row.end))
        return Match(touched)
    parts: dict[int, list[Range]] = {}
    for row in rows:
        for number in transcript.covered(row.start, row.end):
            excerpt = transcript.excerpts[number]
            start, end = max(row.start, excerpt.start), min(row.end, excerpt.end)
            parts.setdefault(number, []).append((start, end))
    return Match(parts.keys(), parts)


def _compile(term: Term) -> WordPattern:
    pattern = compile_words(term.value, beginning=term.beginning)
    if pattern is None:
        raise fault_at(term.at, term.value, "This holds nothing that could be found.")
    return pattern


def _holds(pattern: WordPattern, text: str) -> bool:
    return next(pattern.find(make_searchable(text)), None) is not None


def _folded(name: str) -> str:
    return " ".join(make_searchable(name).text.split())
