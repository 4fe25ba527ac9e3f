"""What a theme is called: words that many of its segments share and few others do, or a quote.

Words are taken one after the other, each that adds most: the share of the theme's segments it
adds less the share of the others. All words together may be in at most half as large a share of
the others as of the theme's own, and of the others in a quarter at most. Words that only one of
several participants uses name a theme only where no others do. A theme whose segments share too
little is called by a short sentence of a typical one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..text.language import detect_language
from ..text.stop_words import LANGUAGES, StopWords
from ..text.words import lacks_blanks, n_words
from .deduplicate import DistinctExcerpts
from .exemplars import list_sentences

MOST_WORDS = 4
LEAST_SHARE = 0.35
"""Of a theme's segments that hold a word of its name; below it the name is a quote."""
_MOST_OUTSIDE = 0.25
_MOST_RATIO = 0.5
_MOST_WEIGHED = 60
_IS_PHRASE = 0.5
"""Of the segments with a word, those that have it beside the same other word, for a phrase."""
_LONGEST_QUOTE, _SHORTEST_QUOTE = 12, 4
_QUOTED_FROM = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of distinct excerpts by which themes are named, from each row and to its rows.

    `words` are the content words of each row without proper names, `pairs` those of them that stand
    side by side; `rows_of` holds the rows of each word.
    """

    excerpts: DistinctExcerpts
    texts: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    pairs: tuple[tuple[str, ...], ...]
    rows_of: Mapping[str, frozenset[int]]
    proper_names: frozenset[str]

    def terms(self, row: int) -> list[str]:
        """All content terms of a row but those with a proper name in them."""
        said = self.excerpts.terms[row]
        return [term for term in said if self.proper_names.isdisjoint(term.split())]


def index_words(excerpts: DistinctExcerpts, proper_names: frozenset[str]) -> Wording:
    """The words of distinct excerpts; letters that stand for words in some scripts are none."""
    words, pairs = [], []
    rows_of: dict[str, set[int]] = {}
    for row, said in enumerate(excerpts.terms):
        kept = [
            term
            for term in dict.fromkeys(said)
            if proper_names.isdisjoint(term.split()) and _may_name(term)
        ]
        words.append(tuple(term for term in kept if " " not in term))
        pairs.append(tuple(term for term in kept if " " in term))
        for word in words[-1]:
            rows_of.setdefault(word, set()).add(row)
    return Wording(
        excerpts=excerpts,
        texts=tuple(excerpts.segments[copies[0]].excerpt for copies in excerpts.copies),
        words=tuple(words),
        pairs=tuple(pairs),
        rows_of={word: frozenset(rows) for word, rows in rows_of.items()},
        proper_names=proper_names,
    )


def _may_name(term: str) -> bool:
    """Whether a term can be read as words: no pair of letters, nothing with a number in it."""
    return not lacks_blanks(term) and not any(map(str.isdigit, term))


def name_group(wording: Wording, ordered: Sequence[int], among: Iterable[int]) -> str:
    """The name of the rows of a group, the most typical first, beside the others of `among`.

    Empty where no sentence could be quoted.
    """
    return name_by_words(wording, ordered, among) or _quote(wording, ordered)


def name_by_words(wording: Wording, ordered: Sequence[int], among: Iterable[int]) -> str:
    """The words that rows of a group share and the others of `among` do not; empty for too few."""
    others = frozenset(among) - frozenset(ordered)
    wording = _without_foreign_stop_words(wording, ordered)
    for is_shared in (True, False):
        chosen = _choose_words(wording, ordered, others, is_shared=is_shared)
        if _share(wording, chosen, frozenset(ordered)) >= LEAST_SHARE:
            named = _join_phrases(wording, ordered, others, chosen)
            return " / ".join(_write_out(wording, ordered, term) for term in named)
    return ""


def _without_foreign_stop_words(wording: Wording, ordered: Sequence[int]) -> Wording:
    """The wording without stop words of the language of the rows, where it is not the study's."""
    language = detect_language(wording.texts[row] for row in ordered)
    if language not in LANGUAGES:
        return wording
    foreign = StopWords((language,)).words
    if foreign.isdisjoint(wording.rows_of):
        return wording
    words = tuple(tuple(w for w in said if w not in foreign) for said in wording.words)
    pairs = tuple(tuple(p for p in said if foreign.isdisjoint(p.split())) for said in wording.pairs)
    return replace(wording, words=words, pairs=pairs)


def _share(wording: Wording, words: Iterable[str], rows: frozenset[int]) -> float:
    """The share of rows that hold any of the words."""
    if not rows:
        return 0.0
    held = frozenset[int]().union(*(wording.rows_of.get(word, frozenset()) for word in words))
    return len(held & rows) / len(rows)


def _choose_words(
    wording: Wording, ordered: Sequence[int], others: frozenset[int], *, is_shared: bool
) -> list[str]:
    """At most four words, best first; `is_shared`: each of two participants, if there are two."""
    inside = frozenset(ordered)
    known = _weigh(wording, ordered, others, is_shared=is_shared)
    chosen: list[str] = []
    own: frozenset[int] = frozenset()
    foreign: frozenset[int] = frozenset()
    while len(chosen) < MOST_WORDS:
        best, most = "", 0.0
        for word in known:
            rows = wording.rows_of[word]
            n_more = len((rows & inside) - own)
            more_outside = len((rows & others) - foreign) / max(1, len(others))
            gain = round(n_more / len(inside) - more_outside, 9)
            if n_more and gain > most and not any(_is_echo(word, other) for other in chosen):
                share = len((rows & inside) | own) / len(inside)
                outside = len((rows & others) | foreign) / max(1, len(others))
                if outside <= min(_MOST_RATIO * share, _MOST_OUTSIDE):
                    best, most = word, gain
        if not best:
            break
        chosen.append(best)
        own |= wording.rows_of[best] & inside
        foreign |= wording.rows_of[best] & others
    return chosen


def _weigh(
    wording: Wording, ordered: Sequence[int], others: frozenset[int], *, is_shared: bool
) -> list[str]:
    """The words that two rows of a group hold, those first that set it apart most."""
    counts = Counter(word for row in ordered for word in wording.words[row])
    participants = {row: wording.excerpts.participants(row) for row in ordered}
    n_participants = len(set[str]().union(*participants.values())) if participants else 0
    kept = []
    for word, n in counts.items():
        if n < 2:
            continue
        inside = n / len(ordered)
        outside = (len(wording.rows_of[word]) - n) / max(1, len(others))
        if outside > min(_MOST_RATIO * inside, _MOST_OUTSIDE):
            continue
        if is_shared and n_participants > 1:
            said_by = (participants[row] for row in ordered if row in wording.rows_of[word])
            if len(set[str]().union(*said_by)) < 2:
                continue
        kept.append((-round(inside - outside, 9), word))
    return [word for _, word in sorted(kept)[:_MOST_WEIGHED]]


def _is_echo(word: str, other: str) -> bool:
    """Whether two words look like forms of one."""
    short, long = sorted((word, other), key=len)
    if len(short) >= 3 and long.startswith(short):
        return True
    n_shared = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), 0)
    return n_shared >= 5 and n_shared >= 0.6 * len(long)


def _join_phrases(
    wording: Wording, ordered: Sequence[int], others: frozenset[int], chosen: Sequence[str]
) -> list[str]:
    """The words, those in their usual company as phrases; at most four words together."""
    inside = frozenset(ordered)
    counts = Counter(pair for row in ordered for pair in wording.pairs[row])
    named, words = list(chosen), list(chosen)
    for word in chosen:
        n_needed = max(2, _IS_PHRASE * len(wording.rows_of[word] & inside))
        usual = [
            pair
            for pair, n in counts.items()
            if word in pair.split() and n >= n_needed and word in named
        ]
        for pair in sorted(usual, key=lambda pair: (-counts[pair], pair))[:1]:
            beside = [other for other in pair.split() if other != word]
            new = [other for other in beside if other not in words]
            if any(other in words and other not in named for other in beside):
                continue
            share = _share(wording, [*words, *new], inside)
            outside = _share(wording, [*words, *new], others)
            if len(words) + len(new) > MOST_WORDS or outside > _MOST_RATIO * share:
                continue
            words += new
            named[named.index(word)] = pair
            named = [term for term in named if term not in beside]
    return named


def _write_out(wording: Wording, ordered: Sequence[int], term: str) -> str:
    """A term as it is written: in small letters if it ever is, else as it is most often."""
    return " ".join(_usual_form(wording, ordered, word) for word in term.split())


def _usual_form(wording: Wording, ordered: Sequence[int], word: str) -> str:
    pattern: re.Pattern[str] = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
    forms: Counter[str] = Counter(
        form
        for row in ordered
        if row in wording.rows_of[word] and not wording.texts[row].isupper()
        for form in pattern.findall(wording.texts[row])
    )
    if not forms or word in forms:
        return word
    return min(forms, key=lambda form: (-forms[form], form))


def _quote(wording: Wording, ordered: Sequence[int]) -> str:
    """A short sentence of one of the most typical rows, in quotation marks, cut if need be."""
    sentences = [
        (rank, sentence)
        for rank, row in enumerate(ordered[:_QUOTED_FROM])
        for sentence in list_sentences(wording.texts[row])
    ]
    if not sentences:
        return ""

    def rate(item: tuple[int, str]) -> tuple[bool, int, float]:
        length = n_words(item[1])
        return not _SHORTEST_QUOTE <= length <= _LONGEST_QUOTE, item[0], -length

    return f"“{_shorten(min(sentences, key=rate)[1])}”"


def _shorten(sentence: str) -> str:
    """A sentence of at most a dozen words, cut before that with dots."""
    if n_words(sentence) <= _LONGEST_QUOTE:
        return sentence
    words = sentence.split()
    if len(words) > 1 and n_words(" ".join(words[:2])) <= _LONGEST_QUOTE:
        kept = words[:1]
        for word in words[1:]:
            if n_words(" ".join([*kept, word])) > _LONGEST_QUOTE:
                break
            kept.append(word)
        return " ".join(kept).rstrip(",;:") + " …"
    share = _LONGEST_QUOTE / n_words(sentence)
    return sentence[: max(1, int(share * len(sentence)))] + "…"
