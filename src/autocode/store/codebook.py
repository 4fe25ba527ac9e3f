"""Rows and objects of the codebook."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, update

from ..core.code_family import CodeFamily
from ..core.codebook import Code, Codebook
from . import schema as t
from .capture import driver_of
from .decoding import decode_rows, decode_whole

_Rows = tuple[tuple[Any, ...], ...]


def put_codes(connection: Connection, codes: Iterable[Code]) -> int:
    """Add codes that are new and update those that are known by id; returns how many changed."""
    known = {code.id: code for code in codebook(connection)}
    known_before = dict(known)
    stored = set(known)
    new: dict[str, dict[str, Any]] = {}
    changed: dict[str, dict[str, Any]] = {}
    for code in codes:
        if known.get(code.id) == code:
            continue
        known[code.id] = code
        if code.id in stored:
            before = known_before[code.id]
            revision = before.revision + (meaning_of(code) != meaning_of(before))
            changed[code.id] = _row(code) | {"known_id": code.id, "revision": revision}
        else:
            position = new[code.id]["position"] if code.id in new else len(known) - 1
            new[code.id] = _row(code) | {"code": code.id, "position": position}
    if changed:
        connection.execute(
            update(t.codes).where(t.codes.c.code == bindparam("known_id")), list(changed.values())
        )
    if new:
        connection.execute(insert(t.codes), list(new.values()))
    return len(changed) + len(new)


def meaning_of(code: Code) -> tuple[object, ...]:
    """What says when a code applies; a change of it makes a new revision of the code."""
    return code.definition, code.inclusion, code.exclusion, code.examples


def codebook(connection: Connection) -> Codebook:
    """The codebook in its own order."""
    return _codebook_of(_list_rows(connection))


def _list_rows(connection: Connection) -> _Rows:
    listed = ", ".join(f'"{name}"' for name in _CodeRow._fields)
    query = f"SELECT {listed} FROM codes ORDER BY position, id"
    return tuple(driver_of(connection).execute(query))


def _codes_of(rows: _Rows) -> list[Code]:
    return decode_rows("codes", map(_CodeRow._make, rows), _code)


def check_codebook(connection: Connection) -> None:
    """Refuse stored codes that form no codebook.

    Raises:
        InputError: if a code has no parent where it names one, or codes are each other's parents.
    """
    Codebook(tuple(_codes_of(_list_rows(connection))))


@functools.lru_cache(maxsize=8)
def _codebook_of(rows: _Rows) -> Codebook:
    """The codebook that is stored so: of the same rows the same one, made and checked once."""
    codes = _codes_of(rows)
    return decode_whole("codes", lambda: Codebook(tuple(codes)))


def codes_of_rows(rows: Iterable[Mapping[str, Any]]) -> list[Code]:
    """Codes from rows of their table that were read otherwise."""
    return decode_rows("codes", [SimpleNamespace(**row) for row in rows], _code)


def code_numbers(connection: Connection) -> dict[str, int]:
    """Row numbers of codes by their id."""
    return dict(driver_of(connection).execute("SELECT code, id FROM codes"))


class _CodeRow(NamedTuple):
    """A stored code, its cells as they are."""

    id: Any
    code: Any
    name: Any
    definition: Any
    inclusion: Any
    exclusion: Any
    examples: Any
    parent: Any
    colour: Any
    memo: Any
    domain: Any
    codable: Any
    guid: Any
    family: Any
    revision: Any
    archived: Any


def _row(code: Code) -> dict[str, Any]:
    return {
        "name": code.name,
        "definition": code.definition,
        "inclusion": code.inclusion,
        "exclusion": code.exclusion,
        "examples": json.dumps(code.examples, ensure_ascii=False),
        "parent": code.parent,
        "colour": code.colour,
        "memo": code.memo,
        "domain": code.domain,
        "codable": int(code.codable),
        "guid": code.guid,
        "family": None if code.family is None else str(code.family),
    }


def _code(row: Any) -> Code:  # noqa: ANN401 - a row with these columns
    return Code(
        id=row.code,
        name=row.name,
        definition=row.definition,
        inclusion=row.inclusion,
        exclusion=row.exclusion,
        examples=tuple(str(example) for example in json.loads(row.examples)),
        parent=row.parent,
        colour=row.colour,
        memo=row.memo,
        domain=row.domain,
        codable=bool(row.codable),
        guid=row.guid,
        family=None if row.family is None else CodeFamily.parse(row.family),
        revision=row.revision,
        archived=bool(row.archived),
    )
