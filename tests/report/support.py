"""Draft themes for pictures, and whether the words of a picture can be read."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

from autocode.core.theme import Member, SubTheme, Theme
from autocode.core.transcript import Segment, Span
from autocode.report.charts.svg import measure_width

SVG = "{http://www.w3.org/2000/svg}"
NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'
BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}


def list_words(tree):
    """Boxes (left, top, right, bottom, words) of every line of words, as wide as they may be."""
    boxes = []
    for text in tree.iter(f"{SVG}text"):
        words, size = "".join(text.itertext()), float(text.get("font-size"))
        x, y, width = float(text.get("x")), float(text.get("y")), measure_width(words, size)
        left = x - width * BEFORE[text.get("text-anchor", "start")]
        boxes.append((left, y - 0.8 * size, left + width, y + 0.2 * size, words))
    return boxes


def find_overlapping(boxes):
    """Pairs of lines of words that lie on each other."""
    return [
        (first, second)
        for first, second in combinations(boxes, 2)
        if first[0] < second[2]
        and second[0] < first[2]
        and first[1] < second[3]
        and second[1] < first[3]
    ]


def find_outside(tree):
    """Lines of words that reach beyond the picture."""
    left, top, wide, tall = map(float, tree.get("viewBox").split())
    return [
        box
        for box in list_words(tree)
        if box[0] < left or box[1] < top or box[2] > left + wide or box[3] > top + tall
    ]


NASTY = "<b>&\"'"


def segment(transcript="t", start=0, *, words="some words", participant="Ann"):
    return Segment(
        transcript=transcript,
        span=Span(start, start + len(words)),
        excerpt=words,
        speaker=participant,
        case=participant,
    )


def theme(key, segments, *, name="", position=(0.5, 0.5), near=(), parts=()):
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
        position=position,
        near=near,
        parts=names,
    )


def themes(n, *, name="words {i} / more & more / and a third one"):
    """n themes of 1 to 9 segments at scattered positions, with a code near and two sub-themes."""
    return [
        theme(
            f"T{i:02d}",
            [segment(start=1000 * k, participant=f"P{k}") for k in range(1 + i % 9)],
            name=name.format(i=i),
            position=((i * 37 % 100) / 100, (i * 61 % 100) / 100),
            near=(("c", 0.4),),
            parts=("one part", "another"),
        )
        for i in range(n)
    ]


def parse_svg(svg):
    """A picture's elements, without the namespace in their names."""
    return ElementTree.fromstring(svg.replace(NAMESPACE, ""))
