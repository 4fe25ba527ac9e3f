"""What a page sends: JSON bodies as dataclasses, and numbers in addresses.

A body has exactly the fields of its dataclass, each of its type, or is refused in a line.
"""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from ..core.errors import InputError, one_line

LONGEST_TEXT = 20_000
"""Characters of any one text in a body, such as a memo."""

LONGEST_LIST = 10_000
"""Entries of a list in a body."""

_MOST_DIGITS = 8
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

_Body = TypeVar("_Body")


def read_number(words: str, otherwise: int = 0) -> int:
    """The whole number that stands in an address; `otherwise` for anything else, or a huge one."""
    is_number = words.isascii() and words.isdecimal() and len(words) <= _MOST_DIGITS
    return int(words) if is_number else otherwise


def read_object(raw: bytes) -> dict[str, Any]:
    """The JSON object in a body; raises InputError for anything else."""
    try:
        body = json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise InputError("This is not JSON.") from None
    if not isinstance(body, dict):
        raise InputError("Send one JSON object.")
    return body


def parse_body(kind: type[_Body], body: dict[str, Any]) -> _Body:
    """An object as the dataclass `kind`, whose fields are texts, whole numbers, truth values, None.

    Or lists of texts, of whole numbers or of such objects, which become tuples.

    Raises:
        InputError: if a field is missing, unknown, too long or of another type.
    """
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type] # a dataclass
    strange = sorted(set(body) - set(known))
    if strange:
        raise InputError(f"No field '{one_line(strange[0], 40)}' here.")
    missing = [name for name, field in known.items() if name not in body and _is_needed(field)]
    if missing:
        raise InputError(f"The field '{missing[0]}' is missing.")
    types = get_type_hints(kind)
    return kind(**{name: _read(name, value, types[name]) for name, value in body.items()})


def _read(name: str, value: object, wanted: Any) -> object:  # noqa: ANN401 - a type, union or tuple
    if get_origin(wanted) is not tuple:
        _check(name, value, wanted)
        return value
    if not isinstance(value, list) or len(value) > LONGEST_LIST:
        raise InputError(f"The field '{name}' must be a list of at most {LONGEST_LIST}.")
    kind: Any = get_args(wanted)[0]
    if is_dataclass(kind):
        return tuple(_read_part(name, entry, kind) for entry in value)
    for entry in value:
        _check(name, entry, kind)
    return tuple(value)


def _read_part(name: str, entry: object, kind: Any) -> object:  # noqa: ANN401 - a dataclass
    if not isinstance(entry, dict):
        raise InputError(f"The field '{name}' must be a list of objects.")
    return parse_body(kind, entry)


def _is_needed(field: Any) -> bool:  # noqa: ANN401 - a Field of any type
    return field.default is MISSING and field.default_factory is MISSING


def _check(name: str, value: object, wanted: Any) -> None:  # noqa: ANN401 - a type or a union
    allowed = get_args(wanted) or (wanted,)
    if type(value) not in allowed:  # a truth value is no number here
        names = " or ".join(_WORDS.get(kind, "null") for kind in allowed)
        raise InputError(f"The field '{name}' must be {names}.")
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise InputError(f"'{name}' is longer than {LONGEST_TEXT} characters. Shorten it.")
    if isinstance(value, str) and _LONE_SURROGATE.search(value):
        raise InputError(f"'{name}' holds half a character, which cannot be stored.")
    if isinstance(value, int) and not -(2**53) < value < 2**53:
        raise InputError(f"The number in '{name}' is too large.")


_WORDS: dict[type, str] = {str: "a text", int: "a whole number", bool: "true or false"}


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
