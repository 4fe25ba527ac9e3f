"""The openings of the best reading, put right: fields above the talk, long names, inner labels."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from .labels import looks_like_a_name, weigh_label
from .readings import Opening
from .utterances import speaker_key

_MOST_FIELDS = 15
_FEW_WORDS = 8
_RULE = re.compile(r"\s*\|?[-:| ]{3,}\Z")
_PREFIX = re.compile(r"[^:\n]{1,40}:(?=[ \t])")
_SENTENCE_END = re.compile(r"[.?!…。？！\"'”’»)\]][ \t]*\n\s*\Z")
# A label inside a paragraph stands after the end of a sentence: "… for you? P: Slowly."
_INSIDE = re.compile(
    r"(?:(?<=[.?!…।。？！])|(?<=[.?!…][\"'”’»)\]]))[ \t]{1,9}(?P<name>[^\s:.?!,;\"“(\[]{1,24}"
    r"(?:[ ][^\s:.?!,;\"“]{1,24}){0,3})[ ]?:(?=[ \t])[ \t]{1,9}"
)


def without_fields(text: str, openings: Sequence[Opening]) -> list[Opening]:
    """Leave out what only looks like turns above the talk: "Date: 3 March", a table's header.

    The first lines up to a blank one are fields if two of them name something that never comes
    again, and few words follow each.
    """
    counts = Counter(speaker_key(o.speaker) for o in openings)
    if len(openings) < 4 or max(counts.values()) < 2:
        return list(openings)
    head: list[Opening] = []
    for opening, following in pairwise(openings):
        if _n_words(text, opening, following.start) > _FEW_WORDS or len(head) == _MOST_FIELDS:
            break
        head.append(opening)
        if re.search(r"\n[ \t]*\n[ \t\n]*\Z", text[opening.words_start : following.start]):
            break
    else:
        return list(openings)
    ended = (
        re.search(r"\n[ \t]*\n", text[head[-1].words_start : openings[len(head)].start])
        if head
        else None
    )
    once = [
        counts[speaker_key(o.speaker)] == 1 and not _ends_sentence(text, o, following)
        for o, following in zip(head, openings[1:], strict=False)
    ]
    # Lines that a blank one sets apart from the talk need less to be taken for fields.
    if sum(once) >= (1 if ended and len(head) > 1 else 2) and len(head) < len(openings) - 2:
        last = max(n for n, is_once in enumerate(once) if is_once)
        return list(openings[len(head) if ended else last + 1 :])
    if once and once[0] and _is_header(text, openings[0], openings[1]):
        return list(openings[1:])
    return list(openings)


def extend_names(text: str, openings: Sequence[Opening]) -> list[Opening]:
    """Give a name that holds the separator its whole length: "Room 4: Ngozi: yes".

    That is where everything a speaker says begins with the same words and the separator.
    """
    starts: dict[str, set[str]] = {}
    counts = Counter(speaker_key(o.speaker) for o in openings)
    for opening in openings:
        prefix = _PREFIX.match(text, opening.words_start)
        starts.setdefault(speaker_key(opening.speaker), set()).add(prefix[0] if prefix else "")
    longer = {
        key: next(iter(prefixes))
        for key, prefixes in starts.items()
        if len(prefixes) == 1 and counts[key] >= 3 and "" not in prefixes
    }
    return [_extend(o, longer.get(speaker_key(o.speaker)), text) for o in openings]


def add_slips(openings: Sequence[Opening], slips: Sequence[Opening]) -> list[Opening]:
    """Add lines on which a typist slipped, where they name a speaker that is known already."""
    known = {speaker_key(opening.speaker) for opening in openings}
    taken = {opening.start for opening in openings}
    more = [o for o in slips if o.start not in taken and speaker_key(o.speaker) in known]
    return sorted([*openings, *more], key=lambda opening: opening.start)


def add_rare_names(
    text: str, openings: Sequence[Opening], all_like: Sequence[Opening]
) -> list[Opening]:
    """Add lines that name, once or twice, what is plainly a name: after the end of a sentence.

    Where lines are wrapped most of them name nobody, so how often a name comes says little.
    """
    if not openings:
        return []
    taken = {opening.start for opening in openings}
    first = openings[0].start
    rare = [
        o
        for o in all_like
        if o.start > first and o.start not in taken and _is_plainly_a_name(o.speaker)
    ]
    more = [o for o in rare if _SENTENCE_END.search(text, max(0, o.start - 40), o.start)]
    return sorted([*openings, *more], key=lambda opening: opening.start)


def find_inside_paragraphs(text: str, openings: Sequence[Opening]) -> list[Opening]:
    """Add the turns that open inside a paragraph: "I: How was it? P: Slow".

    A label counts there if it opens lines elsewhere, or comes nearly as often as those that do.
    """
    counts = Counter(speaker_key(o.speaker) for o in openings)
    known = {key for key, n in counts.items() if n >= 2}
    first = openings[0].words_start if openings else 0
    matches = [match for match in _INSIDE.finditer(text, first) if weigh_label(match["name"]) >= 2]
    inside = Counter(speaker_key(match["name"]) for match in matches)
    enough = max(3, 0.3 * len(openings))
    new = {
        key
        for key, n in inside.items()
        if n >= enough and (len(known) == 1 or weigh_label(key.upper()) >= 3)
    }
    if not inside.keys() & (known | new):
        return list(openings)
    heads = [opening.start for opening in openings]
    merged = list(openings)
    for match in matches:
        if speaker_key(match["name"]) not in known | new:
            continue
        nearest = bisect_left(heads, match.start())
        within = openings[nearest - 1] if nearest else None
        if within is not None and match.start("name") >= within.words_start:
            merged.append(
                Opening(start=match.start("name"), words_start=match.end(), speaker=match["name"])
            )
    return sorted(merged, key=lambda opening: opening.start)


def _is_plainly_a_name(name: str) -> bool:
    is_full = len(name.split()) in (2, 3) and looks_like_a_name(name) and weigh_label(name) >= 2
    return is_full or (weigh_label(name) >= 3 and (len(name) > 4 or name[-1].isdigit()))


def _n_words(text: str, opening: Opening, stop: int) -> int:
    return len(text[opening.words_start : min(stop, opening.words_start + 400)].split())


def _ends_sentence(text: str, opening: Opening, following: Opening) -> bool:
    return text[opening.words_start : following.start].rstrip()[-1:] in (".", "?", "!", "…")


def _is_header(text: str, first: Opening, second: Opening) -> bool:
    """Whether the first row of a table says what its columns hold."""
    row = _RULE.sub("", text[first.start : second.start].strip())
    is_row = ("\t" in row or "|" in row) and "\n" not in row
    return is_row and len(text[first.words_start : first.start + len(row)].split()) <= 2


def _extend(opening: Opening, prefix: str | None, text: str) -> Opening:
    if prefix is None:
        return opening
    words_start = opening.words_start + len(prefix)
    while words_start < len(text) and text[words_start] in " \t":
        words_start += 1
    name = f"{opening.speaker}: {prefix.rstrip(':').strip()}"
    return replace(opening, speaker=name, words_start=words_start)
