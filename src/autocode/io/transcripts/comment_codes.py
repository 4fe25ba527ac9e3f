"""What a comment in the margin says: codes, or a remark that is none.

People code in a word processor by commenting on words: with the name of a code, with "CODE" before
it, or with several names. A comment that is a sentence is a remark.
"""

from __future__ import annotations

import re

from ...core.codebook import Codebook
from ...core.errors import NotFound

_MARK = re.compile(r"(?i)#|(?:codes?|kodes?|c[oó]digos?|codice|nodes?)(?:\s*[:=–-]\s*|\s+)")
_MOST_WORDS = 4
_MOST_LETTERS = 40
"""A name without a mark is no longer than this; what is longer is a remark."""
_SENTENCE_ENDS = ".?!…。？！؟"


def find_codes(words: str, codebook: Codebook) -> tuple[str, ...]:
    """The codes that a comment names, as it names them; none where it is a remark.

    A name counts if "CODE", "Code:" or "#" stands before it, if the codebook has it, or if it is
    short and no sentence. Names are parted by line ends and semicolons, and by commas where they
    all are codes or marked as such.
    """
    marked = _MARK.match(words.strip())
    bare = words.strip()[marked.end() if marked else 0 :]
    names = _split(bare, r"[;\n]")
    parts = _split(bare, r"[;,\n]")
    if len(parts) > len(names) and (marked or all(_is_known(part, codebook) for part in parts)):
        names = parts
    if marked or all(_is_known(name, codebook) or _is_short(name) for name in names):
        return tuple(dict.fromkeys(names))
    return ()


def _split(words: str, marks: str) -> list[str]:
    names = (" ".join(part.split()).lstrip("#").strip() for part in re.split(marks, words))
    return [name for name in names if name]


def _is_known(name: str, codebook: Codebook) -> bool:
    try:
        codebook.find(name)
    except NotFound:
        return False
    return True


def _is_short(name: str) -> bool:
    short = len(name) <= _MOST_LETTERS and len(name.split()) <= _MOST_WORDS
    return short and name[-1] not in _SENTENCE_ENDS
