"""Praat TextGrids, long and short, as utterances.

The format is described in the Praat manual ("TextGrid file formats"): after the header, values
stand in a fixed order, and all words between them are for people's eyes only. So a file is read as
the sequence of its values: numbers that stand alone, quoted strings, and flags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...core.errors import FileRefused
from ..source import SourceFile
from .reader import ParsedTranscript, TranscriptReader
from .utterances import Utterance

_VALUE = re.compile(
    r'"(?P<string>(?:[^"]|"")*+)"|<(?P<flag>exists|absent)>'
    r"|(?<![^\s])(?P<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![^\s])|![^\n]*+"
)
_SILENCE = frozenset(["", "sp", "sil", "sp.", "<sil>", "<p:>", "#", "_", "-", "xxx", "silence"])
_MOST_TIERS = 1000
_MOST_MARKS = 10_000_000


@dataclass(frozen=True, slots=True)
class _Tier:
    """A tier's name and its intervals or points, empty ones included."""

    name: str
    utterances: list[Utterance]


def read_textgrid(source: SourceFile) -> ParsedTranscript:
    """Read a TextGrid; its utterances are in order of time, and silences are left out.

    Where a tier holds sentences, tiers of single words and sounds beside it are left out. Where the
    longest words stand one to an interval, the intervals between two silences are one utterance.

    Raises:
        FileRefused: if it is not a whole TextGrid or holds no words.
    """
    path = source.path
    try:
        tiers = [tier for tier in _tiers(_Values(source.text)) if tier.utterances]
    except ValueError:
        raise FileRefused.because(
            path, "is not a whole TextGrid", remedy="Save it again in Praat as a text file."
        ) from None
    if not tiers:
        raise FileRefused.because(
            path, "holds no tier with words", remedy="Check the tiers in Praat."
        )
    kept, words = _talk(tiers)
    left = [tier.name for tier in tiers if tier not in kept]
    warnings = [f"tiers left out: {', '.join(left[:8])}"] if left else []
    several = len(kept) > 1
    utterances = [
        Utterance(
            words=u.words, speaker=tier.name if several else None, begin=u.begin, finish=u.finish
        )
        for tier in kept
        for u in (_join_between_silences(tier.utterances) if words else tier.utterances)
    ]
    utterances = [u for u in utterances if u.words.casefold() not in _SILENCE]
    if not utterances:
        raise FileRefused.because(path, "holds silences only", remedy="Check the tiers in Praat.")
    utterances.sort(key=lambda u: u.begin or 0.0)
    return ParsedTranscript(format="textgrid", utterances=utterances, warnings=warnings)


class _Values:
    """Strings (quotes undoubled, flags in angle brackets) and numbers of a file, in order.

    Each method raises ValueError if the next value is of another kind or there is none.
    """

    def __init__(self, text: str) -> None:
        self._values = (match for match in _VALUE.finditer(text) if match.lastgroup)

    def string(self) -> str:
        match = self._next()
        if match["string"] is None:
            raise ValueError
        return match["string"].replace('""', '"')

    def flag(self) -> bool:
        return self._next()["flag"] == "exists"

    def number(self) -> float:
        match = self._next()
        if match["number"] is None:
            raise ValueError
        return float(match["number"])

    def count(self, most: int) -> int:
        value = self.number()
        if not 0 <= value <= most:
            raise ValueError
        return int(value)

    def _next(self) -> re.Match[str]:
        match = next(self._values, None)
        if match is None:
            raise ValueError
        return match


def _tiers(values: _Values) -> list[_Tier]:
    values.string()
    if values.string() != "TextGrid":
        raise ValueError
    values.number(), values.number()  # where the recording begins and ends
    return [_tier(values) for _ in range(values.count(_MOST_TIERS) if values.flag() else 0)]


def _tier(values: _Values) -> _Tier:
    kind, name = values.string(), values.string()
    values.number(), values.number()
    n_marks = values.count(_MOST_MARKS)
    return _Tier(name, [_mark(values, kind) for _ in range(n_marks)])


def _mark(values: _Values, kind: str) -> Utterance:
    """An interval (begin, finish, words) or a point (time, words)."""
    begin = values.number()
    finish = values.number() if kind == "IntervalTier" else begin
    return Utterance(
        words=" ".join(values.string().split()), speaker=None, begin=begin, finish=finish
    )


def _talk(tiers: list[_Tier]) -> tuple[list[_Tier], bool]:
    """The tiers that hold talk, and whether they hold it word by word."""
    said = {tier.name: [u for u in tier.utterances if _is_word(u)] for tier in tiers}
    tiers = [tier for tier in tiers if said[tier.name]]
    size = {name: sum(len(u.words.split()) for u in words) for name, words in said.items()}
    # A remark or two on another tier is no talk.
    most = max(size.values(), default=0)
    sentences = [
        tier
        for tier in tiers
        if size[tier.name] >= 2 * len(said[tier.name]) and size[tier.name] >= 0.1 * most
    ]
    if sentences:
        return sentences, False
    called = [tier for tier in tiers if re.search(r"(?i)\b(words?|ort|orthograph\w*)\b", tier.name)]
    return called or tiers[:1], True


def _is_word(utterance: Utterance) -> bool:
    return utterance.words.casefold() not in _SILENCE and bool(re.search(r"\w", utterance.words))


def _join_between_silences(utterances: list[Utterance]) -> Iterator[Utterance]:
    """Words between two silences as one utterance."""
    held: list[Utterance] = []
    for utterance in [*utterances, Utterance(words="")]:
        if _is_word(utterance):
            held.append(utterance)
        elif held:
            words = " ".join(u.words for u in held)
            yield Utterance(words=words, speaker=None, begin=held[0].begin, finish=held[-1].finish)
            held = []


def _is_textgrid(source: SourceFile) -> bool:
    head = source.text[:200]
    return source.has_suffix(".textgrid") or ('"TextGrid"' in head and "ooTextFile" in head)


TEXTGRID = TranscriptReader(
    name="textgrid",
    label="Praat",
    suffixes=(".textgrid",),
    sniff=_is_textgrid,
    read=read_textgrid,
)
