"""What the numbers of a project's selections count, inferred from the selections themselves.

The standard says Unicode code points and says nothing of line ends, byte-order marks and the end.
Programs differ: they count a line break as one or two, characters beyond U+FFFF as one or two (as
UTF-16 does), the mark at the start of a file or not. Each rule is scored on what selections show:
their name, where a program puts the selected words there; ends that lie in the text and between
words. The best rule holds for the whole project; a tie goes to what the program is known to do.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

MOST_SCORED = 3000
"""Selections that are scored; more say nothing new."""

_NAMED, _NEAR = 6.0, 1.0
_BLANKS = re.compile(r"\s+")
_MARGIN = 0.02
"""Share of the best possible score by which a rule must be better than the usual one."""


@dataclass(frozen=True, slots=True, order=True)
class OffsetRule:
    """What one position counts: a line break as 1 or 2, a character beyond U+FFFF as 1 or 2.

    `mark` is 1 where the byte-order mark of a file is counted.
    """

    line_break: int = 1
    beyond: int = 1
    mark: int = 0

    def describe(self) -> str:
        """The rule in words: "code points, a line break counted once, no byte-order mark"."""
        units = "UTF-16 units" if self.beyond == 2 else "code points"
        breaks = "twice" if self.line_break == 2 else "once"
        mark = "counted" if self.mark else "not counted"
        return f"{units}, a line break counted {breaks}, a byte-order mark {mark}"


@dataclass(slots=True)
class StoredText:
    """A text as the project holds it: its words with LF, and whether it had CRLF and a mark."""

    text: str
    has_crlf: bool = False
    has_mark: bool = False
    _breaks: list[int] | None = None
    _beyond: list[int] | None = None
    _tables: dict[OffsetRule, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, raw: str) -> StoredText:
        """A decoded text, whose first byte-order mark is no part of its words."""
        has_mark = raw.startswith("\ufeff")
        text = raw[1:] if has_mark else raw
        has_crlf = "\r\n" in text
        return cls(text.replace("\r\n", "\n").replace("\r", "\n"), has_crlf, has_mark)

    @property
    def breaks(self) -> list[int]:
        """Where line breaks stand, in code points."""
        if self._breaks is None:
            self._breaks = [match.start() for match in re.finditer("\n", self.text)]
        return self._breaks

    @property
    def beyond(self) -> list[int]:
        """Where characters beyond U+FFFF stand."""
        if self._beyond is None:
            self._beyond = (
                []
                if self.text.isascii()
                else [match.start() for match in re.finditer("[\U00010000-\U0010ffff]", self.text)]
            )
        return self._beyond

    def to_ours(self, position: int, rule: OffsetRule) -> int:
        """A position of the tool in code points of `text`; beyond the text where it is there."""
        position -= rule.mark if self.has_mark else 0
        begins = self._begins(rule)
        # inside a doubled character, the place before it is meant
        return position - bisect_left(begins, position) if begins and position > 0 else position

    def to_theirs(self, position: int, rule: OffsetRule) -> int:
        """Our code points as the tool counts them; the inverse of `to_ours`."""
        mark = rule.mark if self.has_mark else 0
        return position + bisect_left(self._doubled(rule), position) + mark

    def _begins(self, rule: OffsetRule) -> list[int]:
        """Where each character that counts twice begins, as the tool counts."""
        begins = self._tables.get(rule)
        if begins is None:
            begins = [at + number for number, at in enumerate(self._doubled(rule))]
            self._tables[rule] = begins
        return begins

    def _doubled(self, rule: OffsetRule) -> Sequence[int]:
        if rule.line_break == 2 and rule.beyond == 2:
            return sorted([*self.breaks, *self.beyond])
        if rule.line_break == 2:
            return self.breaks
        return self.beyond if rule.beyond == 2 else ()


@dataclass(frozen=True, slots=True)
class FittedRule:
    """The rule that fits best, with what it scored of what could be scored (0..1).

    `runner_up` is the next best score. `n_scored` is 0 where the rules could not be parted.
    """

    rule: OffsetRule
    score: float = 1.0
    runner_up: float = 0.0
    n_scored: int = 0

    def describe(self) -> str:
        """The rule in words, with how well it fits."""
        if not self.n_scored:
            return f"positions count {self.rule.describe()}: nothing in the texts tells otherwise"
        return (
            f"positions count {self.rule.describe()}: fits {self.score:.0%} of what "
            f"{self.n_scored} selections show, the next best rule {self.runner_up:.0%}"
        )


def usual_rule(origin: str) -> OffsetRule:
    """What a program is known to do, by how it names itself."""
    folded = origin.casefold()
    if folded.startswith("autocode"):
        return OffsetRule(line_break=2 if "for maxqda" in folded or "for nvivo" in folded else 1)
    return OffsetRule(line_break=2 if "maxqda" in folded or "nvivo" in folded else 1)


def find_rule(
    texts: Mapping[str, StoredText],
    selections: Iterable[tuple[str, int, int, str]],
    *,
    origin: str = "",
) -> FittedRule:
    """The rule by which selections (source, start, end, name) fit their texts best."""
    usual = usual_rule(origin)
    if origin.startswith("autocode"):
        return FittedRule(usual)  # we know what we write
    held = [item for item in selections if item[0] in texts]
    held = [item for item in held if _tells(texts[item[0]])]
    used = [texts[source] for source in {item[0] for item in held}]
    rules = [
        OffsetRule(line_break, beyond, mark)
        for line_break, beyond, mark in product(
            (1, 2),
            (1, 2) if any(text.beyond for text in used) else (1,),
            (0, 1) if any(text.has_mark for text in used) else (0,),
        )
    ]
    if not any(text.has_crlf for text in used):
        usual = OffsetRule()  # the texts hold LF, so that nothing was converted
    telling = [item for item in held if _differs(texts[item[0]], item[1], item[2], rules)]
    telling = telling[:: max(1, len(telling) // MOST_SCORED)]
    if not telling:
        return FittedRule(usual)
    best_possible = sum(_most(name) for _, _, _, name in telling)
    scores = {
        rule: sum(
            _score(texts[source], start, end, name, rule) for source, start, end, name in telling
        )
        / best_possible
        for rule in rules
    }
    best = max(rules, key=lambda rule: scores[rule])
    if scores.get(usual, 0.0) >= scores[best] - _MARGIN:
        best = usual
    others = [score for rule, score in scores.items() if rule != best]
    return FittedRule(best, scores[best], max(others, default=0.0), len(telling))


def _tells(text: StoredText) -> bool:
    """Whether rules differ on a text at all."""
    return bool(text.breaks) or bool(text.beyond) or text.has_mark


def _differs(text: StoredText, start: int, end: int, rules: Sequence[OffsetRule]) -> bool:
    """Whether rules differ on a selection."""
    places = {(text.to_ours(start, rule), text.to_ours(end, rule)) for rule in rules}
    return len(places) > 1


def _most(name: str) -> float:
    return 3 * _NEAR + (_NAMED if _is_words(name) else 0.0)


def _is_words(name: str) -> bool:
    """Whether a selection's name may be the words it selects."""
    return len(name) >= 8 and " " in name


def _score(text: StoredText, start: int, end: int, name: str, rule: OffsetRule) -> float:
    words = text.text
    first, last = text.to_ours(start, rule), text.to_ours(end, rule)
    if not 0 <= first <= last <= len(words):
        return 0.0
    score = _NEAR
    score += _NEAR * _is_edge(words, first, opens=True)
    score += _NEAR * _is_edge(words, last, opens=False)
    if _is_words(name):
        slice_ = _fold(words[first:last])
        wanted = _fold(name)
        short = wanted.rstrip("…. ")
        if slice_ == wanted or (len(short) >= 8 and slice_.startswith(short)):
            score += _NAMED
    return score


def _is_edge(words: str, at: int, *, opens: bool) -> bool:
    """Whether words begin (or end) here: no blank inside the selection, no letter outside."""
    inside = words[at : at + 1] if opens else words[at - 1 : at]
    outside = words[at - 1 : at] if opens else words[at : at + 1]
    return bool(inside.strip()) and not (outside.isalnum() and inside.isalnum())


def _fold(words: str) -> str:
    return _BLANKS.sub(" ", words).strip()
