"""Whether the words of a picture can be read: where they stand, and on what."""

from __future__ import annotations

from itertools import combinations

from autocode.report.charts.drawing import width_of

SVG = "{http://www.w3.org/2000/svg}"
BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}


def written(tree):
    """Boxes (left, top, right, bottom, words) of every line of words, as wide as they may be."""
    boxes = []
    for text in tree.iter(f"{SVG}text"):
        words, size = "".join(text.itertext()), float(text.get("font-size"))
        x, y, width = float(text.get("x")), float(text.get("y")), width_of(words, size)
        left = x - width * BEFORE[text.get("text-anchor", "start")]
        boxes.append((left, y - 0.8 * size, left + width, y + 0.2 * size, words))
    return boxes


def overlapping(boxes):
    """Pairs of lines of words that lie on each other."""
    return [
        (one, other)
        for one, other in combinations(boxes, 2)
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]


def outside(tree):
    """Lines of words that reach beyond the picture."""
    left, top, wide, tall = map(float, tree.get("viewBox").split())
    return [
        box
        for box in written(tree)
        if box[0] < left or box[1] < top or box[2] > left + wide or box[3] > top + tall
    ]
