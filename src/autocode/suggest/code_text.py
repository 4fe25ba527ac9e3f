"""What a code says in words: the phrases of a codebook entry that a segment may resemble."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..core.codebook import Code, Codebook
from ..text.words import n_words

_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])\s*")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")
_FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One part of a codebook entry; `whole` marks "name. definition", the entry at a glance."""

    code: int
    part: str
    text: str
    whole: bool = False


def list_phrases(codes: Sequence[Code]) -> list[Phrase]:
    """Every phrase of every code, in order; `code` counts from 0.

    Exclusion notes are left out: they say what the code is not.
    """
    entries: list[Phrase] = []
    for number, code in enumerate(codes):
        name = clean_name(code.name)
        entries.append(Phrase(code=number, part="definition", text=_entry(code), whole=True))
        entries.append(Phrase(code=number, part="name", text=name))
        for part, text in (("definition", code.definition), ("inclusion", code.inclusion)):
            sentences = [s.strip() for s in _SENTENCE_END.split(text) if s.strip()]
            entries += [
                Phrase(code=number, part=part, text=sentence)
                for sentence in sentences
                if n_words(sentence) >= _FEWEST_WORDS
            ]
        entries += [Phrase(code=number, part="example", text=example) for example in code.examples]
    return entries


def collect_words(code: Code, codebook: Codebook) -> str:
    """All words of a code with its parent's name, for matching by words."""
    parent = codebook.by_id[code.parent].name if code.parent else ""
    words = [clean_name(parent), _entry(code), code.inclusion, *code.examples]
    return " ".join(word for word in words if word)


def clean_name(name: str) -> str:
    """A code name as words: joints such as "_" and camelCase opened up."""
    spaced = _CAMEL.sub(" ", re.sub(r"[_:/>|#-]+", " ", name))
    return " ".join(spaced.split()) or name


def _entry(code: Code) -> str:
    name = clean_name(code.name)
    return f"{name}. {code.definition}" if code.definition else name
