"""Draft themes made of nothing but counts, for pictures."""

from __future__ import annotations

from autocode.core.theme import Member, SubTheme, Theme
from autocode.core.transcript import Segment, Span

NASTY = "<b>&\"'"


def segment(transcript="t", start=0, *, words="some words", who="Ann"):
    return Segment(
        transcript=transcript,
        span=Span(start, start + len(words)),
        excerpt=words,
        speaker=who,
        case=who,
    )


def theme(key, segments, *, name="", place=(0.5, 0.5), near=(), parts=()):
    """A theme of these segments; every second one is in the first of its sub-themes."""
    names = tuple(SubTheme(f"{key}.{at}", words, ()) for at, words in enumerate(parts, start=1))
    members = tuple(
        Member(segment=s, strength=1.0, part=names[at % len(names)].key if names else None)
        for at, s in enumerate(segments)
    )
    return Theme(
        key=key,
        name=name or f"name of {key}",
        terms=(),
        members=members,
        place=place,
        near=near,
        parts=names,
    )


def themes(n, *, name="words {i} / more & more / and a third one"):
    """n themes of 1 to 9 segments at scattered places, with a code near and two sub-themes."""
    return [
        theme(
            f"T{i:02d}",
            [segment(start=1000 * k, who=f"P{k}") for k in range(1 + i % 9)],
            name=name.format(i=i),
            place=((i * 37 % 100) / 100, (i * 61 % 100) / 100),
            near=(("c", 0.4),),
            parts=("one part", "another"),
        )
        for i in range(n)
    ]
