"""Any result as plain data: what JSON can hold, and nothing else."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import PurePath
from typing import Any

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_DIRECTION = re.compile(r"[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

SCHEMA = 1
"""The version of every shape in `docs/json.md`; it grows when a key changes its meaning or goes."""


def to_payload(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """A whole result for JSON: its schema version, its kind, and its content as plain data."""
    return {"schema": SCHEMA, "kind": kind, **to_plain(content)}


def to_plain(value: object) -> Any:  # noqa: ANN401 - JSON's own types
    """`value` as dicts, lists, strings, numbers, booleans and None.

    A dataclass becomes a dict of its fields, an array a list, an enumeration its value, a path a
    string; a set is sorted, and a number that is not finite is None, as JSON knows no NaN.

    Raises:
        TypeError: for a value that has no plain form.
    """
    if value is None or isinstance(value, bool | int | str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return _compound(value)


def _compound(value: object) -> Any:  # noqa: ANN401 - JSON's own types
    if isinstance(value, Enum):
        return to_plain(value.value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(to_plain(key)): to_plain(item) for key, item in value.items()}
    if isinstance(value, Set):
        return sorted(to_plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, PurePath | date):
        return readable_text(str(value))
    # numpy's scalars and arrays, without importing numpy where nobody uses it
    as_list = getattr(value, "tolist", None)
    if callable(as_list):
        return to_plain(as_list())
    raise TypeError(f"A {type(value).__name__} has no plain form.")


def readable_text(text: str) -> str:
    r"""`text` as valid Unicode; a byte of a name that is not UTF-8 is written as \xe9.

    Old zip archives and some terminals hand over names in other encodings, which Python keeps as
    lone surrogates; those can neither be stored nor printed. Escapes keep such names apart.
    """
    return _LONE_SURROGATE.sub(_escape, text)


def readable_name(text: str) -> str:
    """`readable_text` of a file's name, without line ends, control characters, direction marks.

    A person has to type the names of transcripts, and tables hold them in one line.
    """
    blank = _CONTROL.sub(" ", _DIRECTION.sub("", readable_text(text)))
    return " ".join(blank.split()) if blank != text else text


def _escape(mark: re.Match[str]) -> str:
    code = ord(mark[0])
    # PEP 383: a byte that could not be decoded is kept as U+DC80 to U+DCFF.
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"
