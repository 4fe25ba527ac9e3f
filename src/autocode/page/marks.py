"""People's work as the page gets it: codings, readings, memos, codes, as plain data."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

from ..core.codebook import Code, Codebook
from ..core.coding import Coding, Memo, Reading
from ..core.errors import one_line
from ..report.palette import assign_code_colours, choose_letter_colour

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_WORD = re.compile(r"[^\W_]+")
_NO_COLOUR = "#52606d"
_LONGEST_QUOTE = 2000


def shorten_quote(words: str) -> str:
    """What stands for words in an act (`quote.js`): of very many the first and the last."""
    if len(words) <= _LONGEST_QUOTE:
        return words
    half = _LONGEST_QUOTE // 2
    return f"{words[:half]}…{words[-half:]}"


def describe_coding(coding: Coding) -> dict[str, Any]:
    """A coding: where, code id, coder, memo."""
    return {
        "start": coding.span.start,
        "end": coding.span.end,
        "code": coding.code,
        "coder": coding.coder,
        "memo": coding.memo,
    }


def describe_reading(reading: Reading) -> dict[str, Any]:
    """A reading: where, and by whom."""
    return {
        "start": reading.span.start,
        "end": reading.span.end,
        "coder": reading.coder,
    }


def describe_memo(memo: Memo) -> dict[str, Any]:
    """A memo on words: where, by whom, and what it says."""
    span = memo.span
    return {
        "start": span.start if span else 0,
        "end": span.end if span else 0,
        "coder": memo.coder or "",
        "text": memo.text,
    }


def describe_codes(codebook: Codebook) -> list[dict[str, Any]]:
    """The codes in the order of the tree, each with what a list or a stripe shows of it."""
    colours = assign_code_colours(codebook)
    return [
        describe_code(code, depth, colours, " › ".join(codebook.paths[code.id][:-1]))
        for depth, code in codebook.walk()
    ]


def describe_code(code: Code, depth: int, colours: Mapping[str, str], path: str) -> dict[str, Any]:
    """A code with its depth in the tree, its colour, and the codes above it in words."""
    colour = colours[code.id] if _COLOUR.fullmatch(colours[code.id]) else _NO_COLOUR
    return {
        "id": code.id,
        "name": one_line(code.name, 200),
        "path": one_line(path, 200),
        "depth": depth,
        "definition": code.definition,
        "inclusion": code.inclusion,
        "exclusion": code.exclusion,
        "examples": list(code.examples[:3]),
        "colour": colour,
        "ink": choose_letter_colour(colour),
        "letters": abbreviate(code.name),
        "codable": code.codable,
        "archived": code.archived,
        "revision": code.revision,
    }


@functools.lru_cache(maxsize=4096)
def abbreviate(name: str) -> str:
    """Two letters for a stripe: of the first two words of a name, or of its only one."""
    words = _WORD.findall(name)
    if not words:
        return "?"
    if len(words) == 1:
        return f"{words[0][:1].upper()}{words[0][1:2].lower()}"
    return f"{words[0][:1].upper()}{words[1][:1].lower()}"
