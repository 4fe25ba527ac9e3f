"""How well each layout explains a file: its turns under every layout, scored and ranked.

A reading is one layout parsed over the whole text. Its score, between 0 and about 1.5, is the share
of paragraphs (or lines) that it opens, times how much its names look and behave like speakers: they
are written like names, recur, alternate, and are followed by words. Times a little for what the
layout has beside the name: prose holds colons and dashes, but no names beside times.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .clocks import WRAPPED, is_of_day, parse_time
from .labels import find_recurring_names, looks_like_a_name, weigh_label
from .layouts import Layout, known_layouts
from .utterances import speaker_key

_SAMPLE = 400_000
"""Characters on which layouts are compared; the best are then parsed over the whole text."""
_FINALISTS = 3
_LOOSE_SHARE = 0.6
"""Share of paragraphs that a layout which prose fits too must open."""
_LOOSE_MOST = 12
_CLOSING = {")": "(", "]": "[", "}": "{"}
_CLOSE = 0.85
"""Share of the best score from which another reading is told."""
_ALIKE = 0.8
_PARAGRAPH = re.compile(r"(?:\A|\n[ \t]*\n)[ \t\n]*(?=\S)")
_BLANK_LINE = re.compile(r"\S[ \t]*\n[ \t]*\n+[ \t]*\S")
_LINE_WITH_WORDS = re.compile(r"^[^\n]*\S", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Where a turn opens, as positions in the folded text, with the name and the times.

    `after` is where a time between the mark and the words begins, if there is a bare one.
    """

    start: int
    words_start: int
    speaker: str
    begin: float | None = None
    finish: float | None = None
    of_day: bool = False
    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The turns that a layout finds, and how well it explains the text."""

    layout: Layout
    openings: tuple[Opening, ...]
    score: float

    @property
    def counts(self) -> Counter[str]:
        """Turns by speaker, in the spelling that comes first."""
        spelled: dict[str, str] = {}
        return Counter(spelled.setdefault(speaker_key(o.speaker), o.speaker) for o in self.openings)


def rank_readings(text: str, masked: str, layouts: Sequence[Layout] = ()) -> list[Reading]:
    """The readings of a folded text that find speakers, best first.

    `masked` is the text with times blotted out. On a long text the layouts are compared on its
    beginning, middle and end, and the best of them parsed over all of it.
    """
    tried = [layout for layout in layouts or known_layouts() if _may_fit(layout, text)]
    if len(text) > 1.5 * _SAMPLE:
        part_text, part_masked = _sample(text), _sample(masked)
        readings = _rank(part_text, part_masked, tried)
        tried = [reading.layout for reading in readings[:_FINALISTS]]
    return _rank(text, masked, tried)


def describe_close_call(readings: Sequence[Reading]) -> list[str]:
    """A warning if a layout that finds other turns explains the text nearly as well as the best."""
    if not readings:
        return []
    best = {o.start for o in readings[0].openings}
    heads = [(o.start, o.words_start) for o in readings[0].openings]
    for reading in readings[1:]:
        # A line below a name, such as a role, is part of the same head.
        other = {o.start for o in reading.openings if not _is_within(o.start, heads)}
        differs = len(best & other) < _ALIKE * len(best | other)
        if other and differs and reading.score >= _CLOSE * readings[0].score:
            names = ", ".join(f"'{name}'" for name, _ in reading.counts.most_common(3))
            return [
                f"the turns could also be read as {reading.layout.form!r} "
                f"({len(other)} turns, of {names})"
            ]
    return []


def _is_within(at: int, heads: Sequence[tuple[int, int]]) -> bool:
    nearest = bisect_right(heads, (at, 0)) - 1
    return nearest >= 0 and heads[nearest][0] < at < heads[nearest][1]


def count_paragraphs(text: str) -> int:
    """Paragraphs between blank lines, or lines where a text has no blank lines."""
    if _BLANK_LINE.search(text):
        return sum(1 for _ in _PARAGRAPH.finditer(text))
    return sum(1 for _ in _LINE_WITH_WORDS.finditer(text))


def _rank(text: str, masked: str, layouts: Sequence[Layout]) -> list[Reading]:
    n_paragraphs = count_paragraphs(text)
    readings = []
    for layout in layouts:
        openings = list(find_openings(text, masked, layout))
        kept = _keep(openings, layout, text, n_paragraphs)
        if kept:
            score = _score(kept, layout, text, n_paragraphs)
            readings.append(Reading(layout=layout, openings=tuple(kept), score=score))
    return sorted(readings, key=lambda reading: -reading.score)


def find_openings(text: str, masked: str, layout: Layout) -> Iterator[Opening]:
    """Every line that looks like the head of a turn in this layout, whoever it names."""
    for match in layout.pattern.finditer(masked):
        start, end = match.span("name")
        if text[end : end + 1] in _CLOSING and _is_open(text[start:end], text[end]):
            end += 1
        name = text[start:end].strip(" \t*")
        if not name or (weigh_label(name) <= -6 and not layout.given):
            continue
        spans = [
            match.span(group)
            for group in ("before", "mid", "after")
            if group in match.re.groupindex
        ]
        written = next((text[a:b] for a, b in spans if a >= 0), None)
        begin, finish = parse_time(written)
        words_start, after = match.start("words"), None
        if "after" in match.re.groupindex and match.start("after") >= 0:
            is_bare = masked[match.start("after")] != WRAPPED
            after = match.start("after") if is_bare else None
        yield Opening(
            start=match.start(),
            words_start=words_start,
            speaker=name,
            begin=begin,
            finish=finish,
            of_day=is_of_day(written),
            after=after,
        )


def _is_open(name: str, closing: str) -> bool:
    """Whether a bracket that closes belongs to the name: "Ngozi (external):"."""
    return name.count(_CLOSING[closing]) > name.count(closing)


def _keep(openings: list[Opening], layout: Layout, text: str, n_paragraphs: int) -> list[Opening]:
    """The openings whose names are speakers."""
    if layout.given:
        return openings
    if layout.coded:
        openings = [o for o in openings if weigh_label(o.speaker) >= 1 and len(o.speaker) <= 16]
        openings = [o for o in openings if weigh_label(o.speaker) >= 3 or o.speaker.isdecimal()]
    if layout.name == "name alone":
        openings = _keep_alone(openings, text)
    keys = find_recurring_names([o.speaker for o in openings], n_paragraphs=n_paragraphs)
    kept = [o for o in openings if speaker_key(o.speaker) in keys]
    if layout.loose and layout.name != "name alone":
        kept = _keep_loose(kept, n_paragraphs)
    return _settle_after(kept)


def _keep_loose(kept: list[Opening], n_paragraphs: int) -> list[Opening]:
    """What a layout that prose fits too may keep: few names that open most paragraphs."""
    counts = Counter(speaker_key(o.speaker) for o in kept)
    again = [o for o in kept if counts[speaker_key(o.speaker)] > 1 and weigh_label(o.speaker) > -2]
    n_names = len({speaker_key(o.speaker) for o in again})
    too_few = len(again) < max(4, _LOOSE_SHARE * n_paragraphs)
    if too_few or not 2 <= n_names <= max(_LOOSE_MOST, 0.2 * len(again)):
        return []
    if len(again) < 0.8 * n_paragraphs:
        return again
    return [o for o in kept if weigh_label(o.speaker) >= 2 or (o in again)]


def _keep_alone(openings: list[Opening], text: str) -> list[Opening]:
    """Lines that hold nothing but a name; a short answer of its own ("Yes") is no name.

    Labels that say a role or count speakers are taken wherever they recur, other names where they
    stand at the head of most paragraphs, or are plainly first and last names.
    """
    openings = _without_words([o for o in openings if o.speaker[-1] not in ".?!…,"], text)
    n_lines = sum(1 for _ in _LINE_WITH_WORDS.finditer(text))
    said = [o for o in openings if weigh_label(o.speaker) >= 3]
    if _are_labels(said) and len(said) >= 0.2 * n_lines:
        counts = Counter(speaker_key(o.speaker) for o in openings if weigh_label(o.speaker) >= 2)
        more = {key for key, n in counts.items() if n >= 3}
        return [
            o for o in openings if weigh_label(o.speaker) >= 3 or speaker_key(o.speaker) in more
        ]
    n_paragraphs = count_paragraphs(text)
    heads = [o for o in openings if _heads_paragraph(o, text) and weigh_label(o.speaker) >= 0]
    likely = [o for o in heads if weigh_label(o.speaker) >= 1]
    if _are_labels(likely) and len(likely) >= _LOOSE_SHARE * n_paragraphs:
        return heads
    if _are_labels(heads, most=0.25) and len(heads) >= 0.8 * n_paragraphs:
        return heads
    full = [o for o in openings if looks_like_a_name(o.speaker) and len(o.speaker.split()) > 1]
    return full if _are_labels(full) and len(full) >= 0.35 * n_lines else []


def _without_words(openings: list[Opening], text: str) -> list[Opening]:
    """Leave out lines right below a name that is taken: a short line there is what was said."""
    counts = Counter(speaker_key(o.speaker) for o in openings)

    def strength(opening: Opening) -> float:
        return weigh_label(opening.speaker) + 2 * (counts[speaker_key(opening.speaker)] >= 3)

    kept: list[Opening] = []
    for opening in openings:
        above = kept[-1] if kept else None
        is_below = above is not None and not text[above.words_start : opening.start].strip()
        if above and is_below and strength(opening) <= strength(above):
            continue
        kept.append(opening)
    return kept


def _are_labels(openings: list[Opening], *, most: float = 0.5) -> bool:
    """Whether there are some names and they recur: at most this share of the lines are new."""
    counts = Counter(speaker_key(o.speaker) for o in openings)
    return len(openings) >= 4 and len(counts) > 1 and len(counts) <= most * len(openings)


def _heads_paragraph(opening: Opening, text: str) -> bool:
    """Whether a line stands after a blank line, with words on the line below."""
    above = text[max(0, opening.start - 200) : opening.start]
    below = text[opening.words_start : opening.words_start + 200].partition("\n")[2]
    is_first = (
        not above.strip()
        or above.rstrip(" \t").endswith("\n\n")
        or re.search(r"\n[ \t]*\n\Z", above)
    )
    return bool(is_first) and bool(below.partition("\n")[0].strip())


def _settle_after(openings: list[Opening]) -> list[Opening]:
    """A bare time before the words is the turn's if most turns have one, else it is talk."""
    n_after = sum(o.after is not None for o in openings)
    if not n_after or n_after >= 0.5 * len(openings):
        return openings
    return [
        o if o.after is None else Opening(start=o.start, words_start=o.after, speaker=o.speaker)
        for o in openings
    ]


def _score(openings: list[Opening], layout: Layout, text: str, n_paragraphs: int) -> float:
    n = len(openings)
    keys = [speaker_key(o.speaker) for o in openings]
    looks = sum(min(1.0, max(0.0, (weigh_label(o.speaker) + 1) / 4)) for o in openings) / n
    changes = sum(a != b for a, b in pairwise(keys)) / (n - 1) if n > 1 else 0.5
    recurs = 1 - (len(set(keys)) - 1) / n
    stops = [o.start for o in openings[1:]] + [len(text)]
    speaks = (
        sum(
            not text[o.words_start : min(stop, o.words_start + 400)].isspace()
            and stop > o.words_start
            for o, stop in zip(openings, stops, strict=True)
        )
        / n
    )
    behaves = 0.4 * looks + 0.2 * min(1.0, 2 * changes) + 0.2 * recurs + 0.2 * speaks
    timed = sum(o.begin is not None for o in openings) / n
    return round(
        min(1.0, n / max(1, n_paragraphs)) * behaves * layout.prior * (1 + 0.05 * timed), 3
    )


def _may_fit(layout: Layout, text: str) -> bool:
    return not layout.needs or any(char in text for char in layout.needs)


def _sample(text: str) -> str:
    """The beginning, a piece of the middle, and the end of a long text, cut at line ends."""
    half = text.find("\n", len(text) // 2) + 1
    end = text.find("\n", len(text) - _SAMPLE // 4) + 1
    return (
        text[: text.rfind("\n", 0, _SAMPLE // 2) + 1]
        + text[half : text.rfind("\n", 0, half + _SAMPLE // 4) + 1]
        + (text[end:] if end else "")
    )
