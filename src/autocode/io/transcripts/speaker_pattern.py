r"""How a person says that turns are marked: "[{time}] {speaker} - {words}".

A pattern is text with the names {speaker}, {time} and {words} in it, matched at the beginning of a
line: a run of blanks stands for any run of blanks, "\n" for the end of a line, everything else for
itself. It is no regular expression, so that no pattern can take long.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ...core.errors import InputError
from .clocks import BARE, WRAPPED
from .folding import fold
from .layouts import Layout

_FIELD = re.compile(r"(\{[^{}]*\})")
_FIELDS = ("{speaker}", "{time}", "{words}")
_LONGEST = 200
_ANY_TIME = f"[{BARE}{WRAPPED}]+"
# A time in brackets is blotted out with them.
_BRACKETS = re.compile(r"(?:\[|\(|<|#)[ ]?\{time\}[ ]?(?:\]|\)|>|#)")
_REMEDY = 'Write it like "{speaker}: {words}" or "[{time}] {speaker} - {words}".'


@lru_cache(maxsize=64)
def compile_patterns(patterns: Sequence[str]) -> tuple[Layout, ...]:
    """The layouts of patterns as people write them; several are tried, the best one is taken.

    Raises:
        InputError: if one has no {speaker}, another name in braces, or nothing that ends the name.
    """
    return tuple(_compile(pattern) for pattern in patterns)


def _compile(pattern: str) -> Layout:
    written = fold(pattern.replace("\\n", "\n").replace("\\t", "\t")).text.strip(" ")
    fields = _FIELD.findall(written)
    if len(pattern) > _LONGEST:
        raise _wrong(pattern, f"is longer than {_LONGEST} characters")
    if unknown := next((field for field in fields if field not in _FIELDS), None):
        raise _wrong(pattern, f"has {unknown}; the names are {', '.join(_FIELDS)}")
    if fields.count("{speaker}") != 1 or any(fields.count(field) > 1 for field in fields):
        raise _wrong(pattern, "must have {speaker} once, and {time} and {words} at most once")
    if "{words}" in written and not written.endswith("{words}"):
        raise _wrong(pattern, "must end in {words}")
    if re.search(r"\}[ \t]*\{words\}$", written) and "{speaker}{" in written.replace(" ", ""):
        raise _wrong(pattern, "has nothing between {speaker} and what follows")
    body = written.removesuffix("{words}")
    pieces = [
        _translate(piece) for piece in _FIELD.split(_BRACKETS.sub("{wrapped time}", body)) if piece
    ]
    end = r"[ \t]{0,20}(?P<words>.*)" if "{words}" in written else r"[ \t]{0,20}$(?P<words>)"
    head = "".join(pieces)
    try:
        compiled = re.compile(rf"^[ \t]*+{head}{end}", re.MULTILINE)
    except re.error:
        raise _wrong(pattern, "cannot be read") from None
    return Layout(name="given", form=pattern, pattern=compiled, given=True)


def _translate(piece: str) -> str:
    if piece == "{speaker}":
        return rf"(?P<name>[^\s{BARE}{WRAPPED}](?:[^\n{BARE}{WRAPPED}]{{0,78}}?[^\s])??)"
    if piece == "{time}":
        return f"(?P<mid>{_ANY_TIME})"
    if piece == "{wrapped time}":
        return f"(?P<mid>{WRAPPED}+)"
    escaped = re.escape(piece)
    escaped = re.sub(r"(?:\\[ ])+", r"[ \\t]{1,20}", escaped)
    escaped = re.sub(r"\\?\n", r"[ \\t]{0,20}\\n[ \\t]*+", escaped)
    return re.sub(r"(?:\\\t)+", r"\\t{1,20}", escaped)


def _wrong(pattern: str, fault: str) -> InputError:
    return InputError(f"The speaker pattern '{pattern[:80]}' {fault}. {_REMEDY}")
