"""The results section of a published study: headings, what its authors say, and whom they quote.

In a synthesis of studies the words of quoted participants are first-order constructs and those of
the authors second-order ones (Britten et al. 2002). They are kept apart where quotation marks,
indents or labels show it, as two speakers of the text; a heading is a third, whom nobody codes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ...core.transcript import Role
from .blocks import Block
from .document import DocumentLine
from .unnamed import paragraphs

HEADING, AUTHORS, QUOTED = "Heading", "Authors", "Quoted participant"
ROLES: Mapping[str, Role] = {HEADING: "note", AUTHORS: "unknown", QUOTED: "participant"}
"""The roles of these speakers; words of authors are coded, but they are no participant's."""

_LONGEST_HEADING = 90
_MOST_HEADING_WORDS = 12
_FEWEST_QUOTED_WORDS = 5
_FEWEST_OWN_WORDS = 4
_MARKDOWN = re.compile(r"#{1,6}[ \t]+(?=\S)")
_NO_HEADING_END = re.compile(r"[.!?;:,…。！？]\W*$")
_HEADING_START = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*[.)]?[ \t]+)?[^\W\d_]")
# A quotation, and who is quoted in brackets or after a dash behind it. An apostrophe stands inside
# a word and closes nothing.
_QUOTATION = re.compile(
    r"(?:“[^“”]{1,4000}”|„[^„“”]{1,4000}[“”]|«[^«»]{1,4000}»|»[^«»]{1,4000}«|\"[^\"]{1,4000}\"|"
    r"‘(?:[^‘’]|’(?=\w)){1,4000}’(?!\w)|「[^「」]{1,4000}」|『[^『』]{1,4000}』)"
    r"(?:[.,;]?[ \t]*(?:\([^()\n]{1,80}\)|\[[^\[\]\n]{1,80}\]))?[.,;]?"
)
_TALK = 0.7
_QUOTE_MARKS = '“”„«»"‘’「」『』'
_ATTRIBUTION = re.compile(r"\W*(?:[-–—(\[][^\n]{0,100})?", re.DOTALL)
_LABEL = re.compile(
    r"(?:[A-Z]{1,3}[ -]?\d{1,3}|(?:Participant|Interviewee|Patient)[ ]?\d{1,3})[ \t]*:"
)
_INDENTED = re.compile(r"(?:[ \t\u00a0]{2,}|\t|>[ \t]?)\S")


def is_talk(blocks: Sequence[Block], text: str) -> bool:
    """Whether nearly every paragraph is somebody's turn, so that a text is a conversation."""
    n_turns = sum(block.speaker is not None for block in blocks)
    return n_turns >= _TALK * sum(1 for _ in paragraphs(text))


def find_paper_blocks(
    text: str, start: int, lines: Sequence[DocumentLine] = ()
) -> tuple[list[Block], list[str]]:
    """Headings, quotations and the authors' words from `start` on, and what to say of them.

    Speakers are named only where something sets one of them apart.
    """
    headed = {line.start for line in lines if line.heading or _is_all_bold(line)}
    parts = list(_split_headings(text, start))
    n_indented = sum(_is_indented(text, block) for block in parts)
    may_indent = 0 < n_indented <= len(parts) / 2
    blocks: list[Block] = []
    for at, block in enumerate(parts):
        below = parts[at + 1] if at + 1 < len(parts) else None
        if block.start in headed or _is_heading(text, block, below):
            blocks.append(replace(block, speaker=HEADING))
        elif _is_block_quotation(text, block) or (may_indent and _is_indented(text, block)):
            blocks.append(replace(block, speaker=QUOTED))
        else:
            blocks += _split_quotations(text, block)
    counts = Counter(block.speaker for block in blocks)
    if not counts[QUOTED]:
        blocks = [b if b.speaker == HEADING else replace(b, speaker=None) for b in blocks]
    return blocks, _describe(counts)


def _is_all_bold(line: DocumentLine) -> bool:
    return 0 < line.end - line.start <= min(line.bold, _LONGEST_HEADING)


def _split_headings(text: str, start: int) -> Iterator[Block]:
    """Paragraphs; a short first line above a long one is a paragraph of its own."""
    for paragraph in paragraphs(text[start:]):
        block = paragraph.moved(start)
        first, line_end, rest = text[block.start : block.end].partition("\n")
        is_marked = _MARKDOWN.match(first) is not None
        if line_end and (is_marked or (_looks_like_heading(first) and _is_long(rest))):
            end = block.start + len(first.rstrip())
            yield replace(block, end=end)
            begin = block.start + len(first) + 1
            begin += len(rest) - len(rest.lstrip())
            if begin < block.end:
                yield replace(block, start=begin, opens=begin)
        else:
            yield block


def _is_long(words: str) -> bool:
    return len(words.split("\n", 1)[0]) > _LONGEST_HEADING / 2


def _is_heading(text: str, block: Block, below: Block | None) -> bool:
    """Whether a paragraph stands as a heading above another one."""
    words = text[block.start : block.end]
    if _MARKDOWN.match(words):
        return "\n" not in words
    return below is not None and _looks_like_heading(words)


def _looks_like_heading(words: str) -> bool:
    bare = words.strip(" \t*_")
    return (
        "\n" not in bare
        and 0 < len(bare) <= _LONGEST_HEADING
        and len(bare.split()) <= _MOST_HEADING_WORDS
        and _HEADING_START.match(bare) is not None
        and not bare[:1].islower()
        and not _NO_HEADING_END.search(bare)
        and not any(mark in bare for mark in _QUOTE_MARKS.replace("’", ""))
        and not _LABEL.match(bare)
    )


def _is_indented(text: str, block: Block) -> bool:
    begin = text.rfind("\n", 0, block.start) + 1
    lines = text[begin : block.end].split("\n")
    return all(_INDENTED.match(line) for line in lines if line.strip())


def _is_block_quotation(text: str, block: Block) -> bool:
    """A paragraph of a quotation and who said it alone, or under a participant's label."""
    words = text[block.start : block.end]
    if _LABEL.match(words):
        return True
    if match := _QUOTATION.match(words):
        return _ATTRIBUTION.fullmatch(words, match.end()) is not None
    return False


def _split_quotations(text: str, block: Block) -> list[Block]:
    """A paragraph's quotations of some length, and the authors' words around them."""
    pieces: list[Block] = []
    at = block.start
    for match in _QUOTATION.finditer(text, block.start, block.end):
        if len(match[0].split()) < _FEWEST_QUOTED_WORDS:
            continue
        first, last = match.span()
        own = text[at:first]
        if len(own.split()) < _FEWEST_OWN_WORDS and not pieces:
            first = at  # "She said:" goes with what she said
        elif len(own.split()) < _FEWEST_OWN_WORDS:
            pieces[-1] = replace(pieces[-1], end=last)
            at = last
            continue
        else:
            pieces.append(_block(text, at, first, AUTHORS))
        pieces.append(_block(text, first, last, QUOTED))
        at = last
    rest = text[at : block.end]
    if pieces and len(rest.split()) < _FEWEST_OWN_WORDS:
        pieces[-1] = _block(text, pieces[-1].start, block.end, QUOTED)
    elif rest.strip():
        pieces.append(_block(text, at, block.end, AUTHORS))
    return pieces


def _block(text: str, start: int, end: int, speaker: str) -> Block:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return Block(start=start, end=start + len(words.strip()), speaker=speaker, opens=start)


def _describe(counts: Counter[str | None]) -> list[str]:
    notes = []
    if n := counts[HEADING]:
        notes.append(f"{n} {'heading' if n == 1 else 'headings'} kept as structure, not coded")
    if n := counts[QUOTED]:
        quotations = "1 quotation" if n == 1 else f"{n} quotations"
        own = counts[AUTHORS]
        passages = "1 passage" if own == 1 else f"{own} passages"
        notes.append(
            f"{quotations} of participants (speaker '{QUOTED}') and {passages} of the authors' own "
            f"words (speaker '{AUTHORS}') told apart"
        )
    return notes
