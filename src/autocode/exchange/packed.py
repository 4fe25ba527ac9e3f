"""A project, or a piece of one, as text that can be kept and taken apart again.

Each thing is a list of its fields' values; which fields, by name, stands once at the head, so that
text written before a field was added can still be read.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from .project import ToolProject

VERSION = 1


def pack_project(project: ToolProject) -> str:
    """A project as JSON; carried bytes that are in memory go along, others by where they lie."""
    names: dict[str, list[str]] = {}
    packed = _pack(project, names)
    return _write({"version": VERSION, "fields": names, "project": packed})


def unpack_project(text: str) -> ToolProject:
    """The project that was packed.

    Raises:
        ValueError: if the text was not made by `pack_project`.
    """
    try:
        read = json.loads(text)
        project = _unpacker(ToolProject)(read["project"], read["fields"])
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"not a packed project ({error})") from None
    assert isinstance(project, ToolProject)
    return project


# Made once: `json.dumps` with options makes an encoder at each call.
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_AS_IT_IS = frozenset((str, int, bool, type(None)))


def _pack(value: Any, names: dict[str, list[str]]) -> Any:  # noqa: ANN401 - fields of any type
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, tuple):
        return [item if type(item) is str else _pack(item, names) for item in value]
    if is_dataclass(value):
        kind = type(value).__name__
        own = names.get(kind)
        if own is None:
            own = names[kind] = [field.name for field in fields(value)]
        return [
            item if type(item) in _AS_IT_IS else _pack(item, names)
            for item in [getattr(value, name) for name in own]
        ]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return str(value)


_Unpack = Callable[[Any, dict[str, list[str]]], Any]


@cache
def _unpacker(kind: Any) -> _Unpack:  # noqa: ANN401 - an annotation
    """What makes a value of an annotated type out of its packed form."""
    if is_dataclass(kind):
        return _unpack_thing(kind)
    if get_origin(kind) is tuple:
        items = get_args(kind)
        if items[-1:] == (Ellipsis,):
            one = _unpacker(items[0])
            return lambda packed, names: tuple(one(item, names) for item in packed)
        each = [_unpacker(item) for item in items]
        return lambda packed, names: tuple(
            unpack(item, names) for unpack, item in zip(each, packed, strict=True)
        )
    parts = [part for part in get_args(kind) if part is not type(None)]
    if len(parts) == 1 and get_origin(kind) is not None and type(None) in get_args(kind):
        one = _unpacker(parts[0])
        return lambda packed, names: None if packed is None else one(packed, names)
    if kind is bytes:
        return lambda packed, names: base64.b64decode(packed)
    if kind is Path:
        return lambda packed, names: Path(packed)
    return lambda packed, names: packed


def _unpack_thing(kind: Any) -> _Unpack:  # noqa: ANN401 - a dataclass
    hints = get_type_hints(kind)

    def unpack(packed: Any, names: dict[str, list[str]]) -> Any:  # noqa: ANN401
        own = names[kind.__name__]
        return kind(
            **{
                name: _unpacker(hints[name])(value, names)
                for name, value in zip(own, packed, strict=True)
                if name in hints
            }
        )

    return unpack
