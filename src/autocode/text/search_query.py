"""What somebody looks for, as they type it: words, "phrases", fields and attributes, combined.

All terms must hold of one excerpt; `OR` between two asks for either, a minus for the opposite.
Every fault says at which character it stands, counted from 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, get_args

from ..core.errors import InputError, one_line
from .word_search import compile_words

Field = Literal["words", "code", "case", "coder", "speaker", "transcript", "memo", "attribute"]
FIELDS: tuple[str, ...] = get_args(Field)[1:-1]
"""What may stand before a colon."""

LONGEST_QUERY = 1000
"""Characters of a query."""
MOST_TERMS = 40
_QUOTES = '"\u201c\u201d\u201e\u201f\u00ab\u00bb'
_PART = re.compile(rf"[^\s{_QUOTES}]+")
_NAMED = re.compile(rf"(?P<name>[^\W\d_]\w*):|(?P<attribute>[^\s{_QUOTES}=]+)=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing that must hold of an excerpt, or must not where it is `negated`.

    `name` is that of an attribute. With `beginning` the last word may go on. `at` is the character
    of the query where it begins, from 1.
    """

    kind: Field
    value: str
    name: str = ""
    beginning: bool = False
    negated: bool = False
    at: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A query: of each clause some term must hold."""

    clauses: tuple[tuple[Term, ...], ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms in order."""
        return tuple(term for clause in self.clauses for term in clause)


def parse_query(text: str) -> SearchQuery:
    """A query as it was typed.

    Raises:
        InputError: if it is empty or cannot be understood; the message names the place.
    """
    if len(text) > LONGEST_QUERY:
        raise InputError(f"A search has at most {LONGEST_QUERY} characters, this one {len(text)}.")
    clauses = _Parser(text).parse()
    if not clauses:
        raise InputError('Say what to look for: words, a "phrase", or a field such as code:NAME.')
    if all(term.negated for clause in clauses for term in clause):
        raise InputError(
            "The search only says what must not be there. Add a word or a field that must."
        )
    return SearchQuery(tuple(map(tuple, clauses)))


def fault_at(at: int, words: str, fault: str) -> InputError:
    """A fault of a query, with the character where it stands and the words there."""
    shown = f" ('{one_line(words, 40)}')" if words.strip() else ""
    return InputError(f"Search, character {at}{shown}: {fault}")


class _Parser:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def parse(self) -> list[list[Term]]:
        clauses: list[list[Term]] = []
        joins = 0  # where an OR waits for its second term, from 1
        n_terms = 0
        while self._skip_blanks():
            begin = self.at + 1
            if self._take_or():
                if joins or not clauses:
                    raise fault_at(begin, "OR", "OR stands between two terms.")
                joins = begin
                continue
            term = self._read_term()
            n_terms += 1
            if n_terms > MOST_TERMS:
                raise fault_at(begin, term.value, f"More than {MOST_TERMS} terms. Ask for less.")
            if joins:
                clauses[-1].append(term)
            else:
                clauses.append([term])
            joins = 0
        if joins:
            raise fault_at(joins, "OR", "OR stands between two terms.")
        return clauses

    def _skip_blanks(self) -> bool:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at < len(self.text)

    def _take_or(self) -> bool:
        part = _PART.match(self.text, self.at)
        if part is None or part.group() != "OR":
            return False
        self.at = part.end()
        return True

    def _read_term(self) -> Term:
        begin = self.at
        negated = self.text[begin] == "-"
        self.at += negated
        if negated and (self.at == len(self.text) or self.text[self.at].isspace()):
            raise fault_at(begin + 1, "-", "A minus stands right before what must not be there.")
        kind, name = self._read_name(begin)
        value = self._read_value(begin, kind)
        return self._make(begin, kind, name, value, negated=negated)

    def _read_name(self, begin: int) -> tuple[Field, str]:
        """The field that a term begins with, and the name of an attribute."""
        if self.text[self.at] in _QUOTES:
            after = self.at
            words = self._read_quoted(begin)
            if self.text[self.at : self.at + 1] == "=":
                self.at += 1
                return "attribute", self._named(begin, words)
            self.at = after
            return "words", ""
        match = _NAMED.match(self.text, self.at)
        if match is None:
            return "words", ""
        if match["attribute"]:
            self.at = match.end()
            return "attribute", match["attribute"]
        for known in get_args(Field)[1:-1]:
            if match["name"].casefold() == known:
                self.at = match.end()
                return known, ""
        raise fault_at(
            begin + 1,
            match.group(),
            f"There is no field '{one_line(match['name'], 30)}'. Fields are "
            f"{', '.join(f'{name}:' for name in FIELDS)}; quotation marks look for the words.",
        )

    def _named(self, begin: int, words: str) -> str:
        if not words.strip():
            raise fault_at(begin + 1, "=", "The attribute has no name.")
        return words

    def _read_value(self, begin: int, kind: Field) -> str:
        if self.text[self.at : self.at + 1] and self.text[self.at] in _QUOTES:
            return self._read_quoted(begin)
        part = _PART.match(self.text, self.at)
        if part is None:
            what = "after '='" if kind == "attribute" else f"after '{kind}:'"
            raise fault_at(begin + 1, self.text[begin : self.at], f"Nothing stands {what}.")
        self.at = part.end()
        return part.group()

    def _read_quoted(self, begin: int) -> str:
        opened = self.at
        end = opened + 1
        while end < len(self.text) and self.text[end] not in _QUOTES:
            end += 1
        if end == len(self.text):
            raise fault_at(
                opened + 1, self.text[begin:], "A quotation mark is opened and never closed."
            )
        self.at = end + 1
        return self.text[opened + 1 : end]

    def _make(self, begin: int, kind: Field, name: str, value: str, *, negated: bool) -> Term:
        beginning = value.endswith("*") and kind != "attribute"
        words = value[:-1] if beginning else value
        if "*" in words and kind == "words":
            raise fault_at(begin + 1, value, "A star stands at the end of a word only.")
        if kind != "attribute" and compile_words(words, beginning=beginning) is None:
            raise fault_at(begin + 1, value, "This holds nothing that could be found.")
        return Term(
            kind=kind,
            value=words,
            name=name,
            beginning=beginning,
            negated=negated,
            at=begin + 1,
        )
