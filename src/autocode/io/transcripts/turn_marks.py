"""Who speaks where in plain text: the turns of the layout that explains the whole file best.

A layout (`layouts`) is how a transcript marks turns. Each is tried on the whole file and scored
(`readings`), so a stray "The thing is: ..." in somebody's speech is not taken for a speaker. What
stands between turns and is no talk is left out (`blocks`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .blocks import Block, cut_blocks, describe_line_numbers, place, without_last_bar
from .clocks import mask_times
from .document import DocumentLine
from .folding import fold
from .layouts import Layout, slips_of_the_pen
from .openings import (
    add_rare_names,
    add_slips,
    extend_names,
    find_inside_paragraphs,
    without_fields,
)
from .readings import Reading, find_openings, rank_readings
from .unnamed import PARAGRAPHS, find_unnamed

__all__ = ["PARAGRAPHS", "Block", "TurnMarks", "find_blocks", "find_turns"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnMarks:
    """What was found in a text: its turns, the layout that marks them, and what else it could be.

    `layout` is "paragraphs" where no turn is marked. `readings` are the layouts that find speakers,
    best first. `notes` say what was left out of the talk, or that nobody is named.
    """

    blocks: list[Block]
    layout: str
    readings: tuple[Reading, ...] = ()
    notes: list[str] = field(default_factory=list)


def find_turns(
    text: str, lines: Sequence[DocumentLine] = (), *, layouts: Sequence[Layout] = ()
) -> TurnMarks:
    """The turns of a plain text.

    `lines` are those of a document, with its headings and bold words; with `layouts` no others are
    tried. Text before the first marked turn is not part of any block. A turn goes on over unmarked
    lines until the next one opens.
    """
    folded = fold(text, lines)
    masked = mask_times(folded.text)
    readings = tuple(rank_readings(folded.text, masked, layouts))
    if not readings:
        blocks, layout, notes = find_unnamed(folded, masked, text)
        return TurnMarks(blocks=blocks, layout=layout, notes=notes)
    best = readings[0]
    openings = without_fields(folded.text, best.openings)
    if best.layout.name in ("colon", "tight colon"):
        alike = list(find_openings(folded.text, masked, best.layout))
        openings = add_rare_names(folded.text, openings, alike)
        slips = list(find_openings(folded.text, masked, slips_of_the_pen()))
        openings = add_slips(openings, [o for o in slips if o.start > openings[0].start])
        openings = extend_names(folded.text, openings)
        openings = find_inside_paragraphs(folded.text, openings)
    blocks, notes = cut_blocks(folded, masked, openings)
    if best.layout.name == "numbered colon":
        notes += describe_line_numbers(folded.text, blocks)
    if best.layout.name == "bar":
        blocks = [without_last_bar(folded.text, block) for block in blocks]
    return TurnMarks(
        blocks=place(blocks, folded, text),
        layout=best.layout.name,
        readings=readings,
        notes=notes,
    )


def find_blocks(text: str) -> tuple[list[Block], str]:
    """Turns of a plain text and the layout that marks them ("paragraphs" where none does)."""
    marks = find_turns(text)
    return marks.blocks, marks.layout
