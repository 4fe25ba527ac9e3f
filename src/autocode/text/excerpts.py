"""Where an excerpt stands in a transcript, whatever happened to its typography on the way.

An excerpt is looked for as it is, then without what typography changes, then without case, then
without punctuation (`folding.Strength`). It counts as found only where one place fits; an excerpt
that is not to the letter must be the only one even without regard to case.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

from ..core.transcript import Span, Transcript
from .folding import FoldedText, Strength, fold, is_mark, trim_marks

MOST_PLACES = 200
"""How many places of an excerpt are looked at; one that occurs more often is not found by words."""
LONGEST_ELISION = 3000
"""How many characters may be left out at "(...)" in an excerpt."""

_UNKNOWN = 0.3
"""Weight of a word that the transcript lacks, beside 1 for one that stands in it once."""

# "(...)", "[…]", "[. . .]" and such, which stand for words left out.
# Blanks are taken from where they begin only, else a line of them takes quadratic time.
_ELISION = re.compile(r"(?<!\s)\s*+[\[(<{]\s*(?:\.\s*\.\s*\.?\s*\.?|…)\s*[\])>}]\s*")
_ELLIPSIS = re.compile(r"(?<!\s)\s*+[\[(<{]?\s*+(?:…|\.\s?\.\s?\.)\s*[\])>}]?\s*")
# A speaker's name in front of a line: "P:", "[Ana]", "Interviewer 2 (00:12:01):".
_LABEL = re.compile(
    r"^[ \t]*(?:[\[(<]?(?P<name>[^\W_][^\n:\]>)]{0,39}?)[\])>]?[ \t\u00a0\u202f]{0,9}"
    r"(?:[\[(][\d:.,\- ]{1,40}[\])])?[ \t\u00a0\u202f]{0,9}[:：])[ \t\u00a0\u202f]*",
    re.MULTILINE,
)
# Names that nobody in the transcript has: "P1", "INT", "Interviewer 2", "Ana Lee"; not "He said".
_NAME = re.compile(r"\S+(?:[ \u00a0](?:[^\Wa-z_]\S*))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """The places where an excerpt stands, and what had to be left out of account to see it.

    `elided`: words are left out of the excerpt, and the span runs over them. `unlabelled`: the
    name in front of the excerpt does not stand in the transcript's words.
    """

    spans: tuple[Span, ...] = ()
    strength: Strength = Strength.BLANKS
    elided: bool = False
    unlabelled: bool = False

    @property
    def span(self) -> Span | None:
        """The place, if there is exactly one."""
        return self.spans[0] if len(self.spans) == 1 else None


class ExcerptIndex:
    """The words spoken in one transcript, folded when first asked for."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self._text = transcript.text
        self._spoken = [turn.span for turn in transcript.turns] or [Span(0, len(self._text))]
        self._folded: dict[tuple[Strength, bool], FoldedText] = {}

    def locate(self, excerpt: str) -> Location:
        """Every place of `excerpt` in the spoken words; several where they are all alike.

        The spoken words are tried first, then the text with the speakers' names in it, then the
        excerpt without names in front of its lines, then its parts around "(...)".
        """
        location = self._whole(excerpt, spoken=True) or self._with_names(excerpt)
        if location:
            return location
        for name, words in self._without_names(excerpt):
            if location := self._whole(words, spoken=True):
                return self._said_by(name, location)
        for pattern in (_ELISION, _ELLIPSIS):
            if location := self._elided(excerpt, pattern):
                return location
        return Location()

    def nearest(self, excerpt: str, *, least: float = 0.4) -> Span | None:
        """The stretch that shares most words with `excerpt`, each weighed by how rare it is.

        None where less than `least` of the weight is shared. Time grows with the transcript only.
        """
        wanted = [word for word, _, _ in _words(excerpt)]
        frequency = self._frequencies
        weights = {w: 1 / (1 + log(frequency[w])) if w in frequency else _UNKNOWN for w in wanted}
        best, last = 0.0, 0
        n_wanted = Counter(wanted)
        n_held: Counter[str] = Counter()
        shared = 0.0
        spoken = self._spoken_words
        width = len(wanted) + max(2, len(wanted) // 4)
        for at, (word, _, _) in enumerate(spoken):
            if word in n_wanted:
                n_held[word] += 1
                shared += weights[word] * (n_held[word] <= n_wanted[word])
            if at >= width and (left := spoken[at - width][0]) in n_wanted:
                shared -= weights[left] * (n_held[left] <= n_wanted[left])
                n_held[left] -= 1
            if shared > best + 1e-9:
                best, last = shared, at
        if not wanted or best < least * sum(weights[word] for word in wanted):
            return None
        window = spoken[max(0, last - width + 1) : last + 1]
        first = next(start for word, start, _ in window if word in weights)
        return Span(first, window[-1][2])

    @cached_property
    def _spoken_words(self) -> list[tuple[str, int, int]]:
        return [word for span in self._spoken for word in _words(self._text, span)]

    @cached_property
    def _frequencies(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for word, _, _ in self._spoken_words:
            counts[word] = counts.get(word, 0) + 1
        return counts

    def _fold(self, strength: Strength, *, spoken: bool) -> FoldedText:
        key = (strength, spoken)
        if key not in self._folded:
            self._folded[key] = fold(self._text, strength, self._spoken if spoken else None)
        return self._folded[key]

    def _places(self, words: str, strength: Strength, *, spoken: bool) -> list[Span]:
        folded = self._fold(strength, spoken=spoken)
        wanted = fold(words, strength).text
        return [folded.span(at, at + len(wanted)) for at in folded.occurrences(wanted, MOST_PLACES)]

    def _whole(self, words: str, *, spoken: bool) -> Location | None:
        """The places of all these words in a row, None if there is no place."""
        verbatim = self._places(words, Strength.BLANKS, spoken=spoken)
        strengths = [Strength.TYPOGRAPHY, Strength.CASE, Strength.PUNCTUATION]
        # "I … slept" may be "I went home and slept" as well as "I slept"; "I: t" is not "it".
        if _ELLIPSIS.search(words) or self._begins_with_speaker(words):
            strengths.pop()
        for strength in strengths:
            places = self._places(words, strength, spoken=spoken)
            if not places:
                continue
            if verbatim:
                return Location(spans=self._distinct([*verbatim, *places]))
            if strength is Strength.TYPOGRAPHY:
                # Somebody typed it anew, perhaps in another case as well.
                places = self._places(words, Strength.CASE, spoken=spoken)
            marked = [self._with_marks(words, place) for place in places]
            return Location(spans=self._distinct(marked), strength=strength)
        return Location(spans=tuple(verbatim)) if verbatim else None

    def _distinct(self, spans: Sequence[Span]) -> tuple[Span, ...]:
        """The spans in order; of those that differ in nothing but marks at their ends the first."""
        kept: dict[tuple[int, int], Span] = {}
        for span in spans:
            kept.setdefault(trim_marks(self._text, span), span)
        return tuple(kept[place] for place in sorted(kept))

    def _with_names(self, words: str) -> Location | None:
        """The places in the text with the speakers' names, cut to what is spoken there."""
        location = self._whole(words, spoken=False)
        if location is None:
            return None
        spans = [spoken for span in location.spans if (spoken := self._cut_to_spoken(span))]
        if not spans:
            return None
        return Location(spans=self._distinct(spans), strength=location.strength)

    def _cut_to_spoken(self, span: Span) -> Span | None:
        parts = [part for part in self._spoken if part.overlap(span)]
        if not parts:
            return None
        return Span(max(span.start, parts[0].start), min(span.end, parts[-1].end))

    def _without_names(self, excerpt: str) -> Iterator[tuple[str, str]]:
        """The name in front of the excerpt, and the excerpt without names in front of lines."""
        name, bare = self._strip_names(excerpt)
        if bare != excerpt and bare.strip():
            yield name, bare
        words = excerpt.strip().lstrip("[(<")
        # The longest first: "Ann" begins "Ann Lee" too.
        names = {speaker.name for speaker in self.transcript.speakers}
        for name in sorted(names, key=lambda name: (-len(name), name)):
            rest = words[len(name) :]
            if words.casefold().startswith(name.casefold()) and rest and not rest[0].isalnum():
                yield name, rest.lstrip(" \t\u00a0-–—.:)]>")

    def _begins_with_speaker(self, words: str) -> bool:
        label = _LABEL.match(words)
        names = {speaker.name.casefold() for speaker in self.transcript.speakers}
        return label is not None and label["name"].strip().casefold() in names

    def _strip_names(self, excerpt: str) -> tuple[str, str]:
        """The name in front of the first line, and the excerpt without names in front of lines."""
        known = {speaker.name.casefold() for speaker in self.transcript.speakers}
        first = ""

        def take_away(label: re.Match[str]) -> str:
            nonlocal first
            name = label["name"].strip()
            if name.casefold() not in known and not _NAME.fullmatch(name):
                return label[0]
            if not excerpt[: label.start()].strip():
                first = name
            return ""

        bare = _LABEL.sub(take_away, excerpt)
        return first, bare

    def _said_by(self, name: str, location: Location) -> Location:
        """The places whose turn is this speaker's, where the transcript has one of that name."""
        spans = location.spans
        named = [s.name for s in self.transcript.speakers if s.name.casefold() == name.casefold()]
        if named:
            turns = [turn.span for turn in self.transcript.turns if turn.speaker in named]
            spans = tuple(s for s in spans if any(turn.overlap(s) for turn in turns))
        return Location(spans=spans, strength=location.strength, unlabelled=True)

    def _elided(self, excerpt: str, pattern: re.Pattern[str]) -> Location | None:
        """The stretches that begin with the excerpt's first part and end with its last."""
        parts = [self._strip_names(part)[1] for part in pattern.split(excerpt)]
        parts = [part for part in parts if fold(part, Strength.PUNCTUATION).text]
        if not parts or not pattern.search(excerpt):
            return None
        locations = [self._whole(part, spoken=True) for part in parts]
        chains: list[tuple[int, Span]] = []
        for number, location in enumerate(locations):
            if location is None or len(location.spans) >= MOST_PLACES:
                return None
            chains = (
                [(span.start, span) for span in location.spans]
                if number == 0
                else _continue(chains, location.spans)
            )
        spans = self._distinct([Span(start, last.end) for start, last in chains])
        if not spans:
            return None
        strength = max(location.strength for location in locations if location)
        return Location(spans=spans, strength=strength, elided=True)

    def _with_marks(self, words: str, place: Span) -> Span:
        """The place with the quotes and dashes around it that the excerpt has as well."""
        start, end = place.start, place.end
        for _ in range(_n_marks(words)):
            if start > 0 and is_mark(self._text[start - 1]):
                start -= 1
        for _ in range(_n_marks(words[::-1])):
            if end < len(self._text) and is_mark(self._text[end]):
                end += 1
        return Span(start, end)


def _continue(chains: Sequence[tuple[int, Span]], spans: Sequence[Span]) -> list[tuple[int, Span]]:
    """Each chain of parts with each next part that comes soon enough after it."""
    longer = [
        (start, span)
        for start, last in chains
        for span in spans
        if last.end <= span.start <= last.end + LONGEST_ELISION
    ]
    return longer[: MOST_PLACES * 2]


def _n_marks(words: str) -> int:
    """How many quotes and dashes the words begin with."""
    n = 0
    for character in words.lstrip():
        if not is_mark(character):
            break
        n += 1
    return n


_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|(?:[^\W_][\u0300-\u036f\u00ad]*)+")


def _words(text: str, span: Span | None = None) -> Iterator[tuple[str, int, int]]:
    """The words of a text or a span of it in lower case, each with its start and end."""
    bounds = Span(0, len(text)) if span is None else span
    for match in _WORD.finditer(text, bounds.start, bounds.end):
        yield fold(match[0], Strength.CASE).text, match.start(), match.end()
