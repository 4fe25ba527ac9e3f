"""Where sentences end in one line of talk or writing, by rules over the marks people use.

A boundary is looked for at blanks that follow a mark (and directly after the marks of Chinese and
Japanese and the quotes that close after them). What stands before and after decides:
abbreviations, initials and list numbers, quotes and brackets, citation marks, dashes and dots at
which speakers break off, capitals. A line without any capital so far is read as lower-cased talk,
where a small letter may open a sentence. English; other languages get the marks alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ..text.words import UNSPACED
from .sentence_marks import (
    CLOSING,
    DASHES,
    ENDING,
    MAYBE_LAST,
    NEVER_LAST,
    OPENING,
    STARTERS,
    WIDE,
)

_LONGEST = 100_000
"""Characters that are looked at as one line; so memory and time stay bounded."""
_REACH = 200  # characters looked at on either side: time stays linear in very long lines
_SHUT = re.escape(CLOSING)
_GOES_ON = rf"(?=[^\s{WIDE}{_SHUT}…?!])"
_GAP = re.compile(
    rf"(?<=[{re.escape(ENDING + DASHES)}{_SHUT}])\s+"
    rf"|(?:(?<=[{WIDE}])|(?<=[{WIDE}…][{_SHUT}])|(?<=[{WIDE}…][{_SHUT}][{_SHUT}])){_GOES_ON}"
    rf"|(?:(?<=[{UNSPACED}][?!])|(?<=…))(?=[“「『（《]?[{UNSPACED}])"
)
_QUOTING = re.compile("[とって]|という|など|[他她我你您它]们?[说道问答]|[说道问答][，：。]")
"""After a closing quote: the sentence that quotes goes on."""
_HESITATES = 4
_WORD = re.compile(r"[^\s,;:.!?…–—―]*")
_NUMBER = re.compile(r"(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4}|[IVX]{1,4})[.)]")
_LETTERS = re.compile(r"(?:[a-z]\.)+[a-z]?")
_CITED = re.compile(r"\[(?:\d+|[a-z ]+ needed)\](?=\s|\Z)")
_ASIDE_BEFORE = re.compile(r"\s*\[[^\[\]]{1,24}\]\Z")
_SMILE = re.compile(r"[:;]-?[()DP](?=\s|\Z)")
_SMILED = re.compile(r"\s[:;]-?[()DP]\Z")
_DOTS = re.compile(r"(?:\.{2,}|…)(?=\s|\Z)")
_CREDIT = re.compile(r"(?:--?|[–—―])\s*[A-Z][\w'’.]*(?: [A-Z][\w'’.]*){0,3}\s*\Z")
_SHUTS = {"(": ")", "[": "]"}


def split_sentences(line: str) -> Iterator[tuple[int, int]]:
    """Start and end of every sentence of `line`, without a gap; an empty line is one.

    A very long line is read in pieces; the last sentence of each is read again with the next.
    """
    if not _may_part(line):
        yield 0, len(line)
        return
    start = 0
    while start < len(line):
        stop = _end_of_piece(line, start)
        ends = [*find_sentence_ends(line[start:stop]), stop - start]
        if stop < len(line) and len(ends) > 1:
            ends.pop()
        yield from ((start + begin, start + end) for begin, end in pairwise([0, *ends]))
        start += ends[-1]


def _end_of_piece(line: str, start: int) -> int:
    stop = start + _LONGEST
    if stop >= len(line):
        return len(line)
    blank = line.rfind(" ", start + 1, stop)
    return blank if blank > 0 else stop


def _may_part(line: str) -> bool:
    """Whether a line holds a mark at all where a sentence could end and another follow."""
    return _GAP.search(line) is not None


def find_sentence_ends(line: str) -> list[int]:
    """Offsets in `line` at which a sentence ends and another one follows, in order.

    Cutting a sentence that was cut already finds nothing more.
    """
    ends: list[int] = []
    todo = [(0, len(line))]
    while todo:
        start, stop = todo.pop()
        begin = start + len(line[start:stop]) - len(line[start:stop].lstrip())
        new = [begin + end for end in _pass(line[begin:stop].rstrip())]
        ends += new
        if new:
            todo += zip([begin, *new], [*new, stop], strict=True)
    return sorted(ends)


def _pass(line: str) -> list[int]:
    ends: list[int] = []
    begin = 0
    for gap in _GAP.finditer(line):
        at, follows = gap.span()
        if follows < len(line) and at > begin and _parts(line, begin, at=at, follows=follows):
            ends.append(at)
            begin = follows
    return ends


def _parts(line: str, begin: int, *, at: int, follows: int) -> bool:
    """Whether the sentence from `begin` ends at `at`, given that words go on at `follows`."""
    before = _without_asides(line[max(begin, at - _REACH) : at])
    said = before.rstrip(CLOSING)
    after = line[follows : follows + _REACH]
    if not said or not after.lstrip(OPENING) or _belongs_before(after):
        return False
    if said[-1] in WIDE or (at == follows and said[-1] in "?!…"):
        return _ends_wide(said, before, after=after)
    if _quote_goes_on(line[max(begin, at - _REACH) : at], after):
        return False
    next_ = _Next(_going_on(after), cased=_has_capital(line, begin, at))
    if said[-1] in DASHES:
        return _breaks_off(said, next_)
    if said[-1] not in ENDING or next_.small:
        return False
    if said[-1] == "…" or said.endswith(".."):
        return next_.capital and not next_.is_i
    return said[-1] != "." or _stops(said, next_, alone=_is_first_word(line, begin, at))


def _ends_wide(said: str, before: str, *, after: str) -> bool:
    """Whether a sentence of Chinese or Japanese ends: not if it quotes, nor if one hesitates."""
    if said != before:
        return not _QUOTING.match(after) and (before[-1] != '"' or before.count('"') % 2 == 0)
    words = said.rstrip("…")
    if words == said:
        return True
    return len(words) > _HESITATES and words[-1] != after.lstrip(OPENING)[0]


class _Next:
    """How the words after a gap begin."""

    __slots__ = ("capital", "first", "is_i", "small", "starter")

    def __init__(self, after: str, *, cased: bool) -> None:
        bare = after.lstrip(OPENING)
        match = _WORD.match(bare)
        word = match.group().replace("’", "'") if match else ""
        self.first = bare[0]
        self.starter = word.lower() in STARTERS
        self.is_i = word.split("'")[0] == "I"
        self.capital = bare[0].isupper() and cased
        mixed = any(map(str.isupper, word[1:])) or word in ("http", "https", "www")
        self.small = bare[0] in ",;:)" or (bare[0].islower() and cased and not mixed)
        if word.isupper() and len(word) > 1 and not self.starter:
            self.capital = False


def _has_capital(line: str, begin: int, at: int) -> bool:
    return any(map(str.isupper, line[max(begin, at - _REACH) : at]))


def _is_first_word(line: str, begin: int, at: int) -> bool:
    return at - begin < 8 and len(line[begin:at].split()) == 1


def _without_asides(before: str) -> str:
    """`before` less citation marks, notes in brackets and smileys at its end, if words are left."""
    shorter = before
    while match := _ASIDE_BEFORE.search(shorter) or _SMILED.search(shorter):
        shorter = shorter[: match.start()].rstrip()
    return shorter if shorter.rstrip(CLOSING)[-1:] in tuple(ENDING) else before


def _belongs_before(after: str) -> bool:
    """Whether what follows belongs to the sentence: citation, smiley, dots, credit, aside."""
    if any(pattern.match(after) for pattern in (_CITED, _SMILE, _DOTS, _CREDIT)):
        return True
    if after[0] not in _SHUTS:
        return False
    inner, rest = _aside(after)
    worded = any(map(str.isalpha, inner))
    return not worded or rest[:1].islower() or rest[:1] in {",", ";"}


def _aside(after: str) -> tuple[str, str]:
    """What stands in the brackets that `after` opens with, and what follows them."""
    inner, _, rest = after[1:].partition(_SHUTS[after[0]])
    return inner, rest.strip()


def _going_on(after: str) -> str:
    """The words that tell whether a sentence begins: those after a bracketed note."""
    if after[0] not in _SHUTS:
        return after
    inner, rest = _aside(after)
    return rest if rest.lstrip(OPENING) and inner[:1].islower() and rest[0].isupper() else after


def _quote_goes_on(said: str, after: str) -> bool:
    """Whether both stand in one quotation after which the sentence goes on in small letters."""
    if said.count('"') % 2 == 0:
        return False
    shut = after.find('"')
    return shut >= 0 and after[shut + 1 : shut + 2] == " " and after[shut + 2 : shut + 3].islower()


def _breaks_off(said: str, next_: _Next) -> bool:
    """Whether a speaker who breaks off at a dash starts anew: a capital that is no name."""
    words = said.rstrip(DASHES).rstrip()
    if not words or words[-1] in ENDING:
        return False
    return next_.capital and next_.starter and not next_.is_i


def _stops(said: str, next_: _Next, *, alone: bool) -> bool:
    """Whether the one full stop at the end of `said` ends a sentence."""
    word = said.split()[-1].lstrip(OPENING)
    bare = word.rstrip(".").lower()
    if alone and _NUMBER.fullmatch(word):
        return False
    if bare == "no":
        return not next_.first.isdigit()
    if bare in NEVER_LAST:
        return False
    if bare in MAYBE_LAST or _LETTERS.fullmatch(bare):
        return next_.starter or (bare in ("a.m", "p.m", "etc") and next_.capital)
    return next_.starter or not (len(bare) == 1 and bare.isalpha())
