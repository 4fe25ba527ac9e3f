"""A tiny study for the tests of agreement: two people and a machine on six units."""

from __future__ import annotations

from autocode.agreement import Unit, build_continua
from autocode.core.coding import Coding, Reading
from autocode.core.transcript import Segment, Span

GIVEN = {
    "Amina": ["x", "x", "y", "", "x y", "y"],
    "Jonas": ["x", "", "y", "", "x", "y"],
    "Model": ["x", "x", "y", "x", "", "y"],
}
CODES = ["x", "y"]


def units():
    """Six units of ten characters, three to a transcript."""
    return [
        Unit(
            transcript=f"t{1 + at // 3}",
            excerpt=f"words {at}",
            applied={coder: frozenset(codes[at].split()) for coder, codes in GIVEN.items()},
            span=Span(10 * (at % 3), 10 * (at % 3) + 10),
        )
        for at in range(6)
    ]


def codings():
    """The same as codings of spans; Amina noted something on her first."""
    return [
        Coding(
            transcript=unit.transcript,
            span=unit.span,
            code=code,
            coder=coder,
            memo="why?" if coder == "Amina" and unit.excerpt == "words 1" else "",
        )
        for unit in units()
        for coder, codes in unit.applied.items()
        for code in sorted(codes)
    ]


def texts():
    """What Jonas and the model marked: neither gave one place two codes."""
    names = ("t1", "t2")
    segments = [
        Segment(transcript=name, span=Span(0, 30), excerpt="w" * 30, speaker="a", unit="turn")
        for name in names
    ]
    readings = [
        Reading(transcript=name, span=Span(0, 30), coder=coder)
        for name in names
        for coder in ("Jonas", "Model")
    ]
    return build_continua(segments, codings(), readings, coders=("Jonas", "Model"), codes=CODES)
