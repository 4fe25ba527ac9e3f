"""What transcripts, codes and coders of several studies are called where they are one.

Rows of a study refer to each other by numbers that mean nothing in another study. Here each number
gets a name that holds in all of them: two rows of one name are one row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core.errors import InputError
from ..core.joining import JoinConflict, JoinLedger, alike_names
from .pieces import Piece, Row

Names = dict[str, dict[Any, Any]]
"""By table, for each row number its name; rows of transcripts that are left out have none."""


@dataclass(slots=True)
class JoinedNames:
    """The names of each piece's rows, and the transcripts that are left out, by piece number."""

    of_pieces: list[Names]
    left_out: list[tuple[int, str]] = field(default_factory=list)


def name_rows(
    pieces: Sequence[Piece],
    ledger: JoinLedger,
    *,
    one_coder: Mapping[str, str] | None = None,
    asks_new: bool = False,
) -> JoinedNames:
    """Find what is the same in several pieces; `one_coder` says which coders are whom.

    With `asks_new` transcripts and cases that the first piece lacks are conflicts: where somebody
    was erased, they may be what was erased.
    """
    names = JoinedNames([{} for _ in pieces])
    _name_transcripts(pieces, ledger, names, asks_new=asks_new)
    _name_codes(pieces, ledger, names)
    _name_coders(pieces, ledger, names, one_coder or {})
    cases = _kept_cases(pieces, ledger, asks_new=asks_new)
    for at, piece in enumerate(pieces):
        known = names.of_pieces[at]
        known["cases"] = {
            row["id"]: row["name"] for row in piece.rows["cases"] if row["name"] in cases
        }
        known["map_themes"] = {row["id"]: row["key"] for row in piece.rows["map_themes"]}
        known["speakers"] = {
            row["id"]: (known["transcripts"][row["transcript_id"]], row["name"])
            for row in piece.rows["speakers"]
            if row["transcript_id"] in known["transcripts"]
        }
    return names


@dataclass(slots=True)
class _Entity:
    """One transcript or code: its name so far, and its row in each piece that has it."""

    name: str
    rows: dict[int, Row]


def _kept_cases(pieces: Sequence[Piece], ledger: JoinLedger, *, asks_new: bool) -> set[str]:
    held: dict[str, list[int]] = {}
    for at, piece in enumerate(pieces):
        for row in piece.rows["cases"]:
            held.setdefault(row["name"], []).append(at)
    return {
        name
        for name, where in held.items()
        if not asks_new or 0 in where or _is_taken("case", name, where, ledger)
    }


def _is_taken(what: str, name: str, where: Sequence[int], ledger: JoinLedger) -> bool:
    """Whether somebody decided to take in what may have been erased."""
    conflict = JoinConflict(
        what=what,
        subject=name,
        field="erased?",
        this="not here, where somebody was erased",
        other="there",
        files=tuple(ledger.files[at] for at in where),
    )
    return ledger.choose(conflict) == "other"


def _name_transcripts(
    pieces: Sequence[Piece], ledger: JoinLedger, names: JoinedNames, *, asks_new: bool
) -> None:
    """Transcripts of one text are one; of those in one study the one that is named alike."""
    entities = _group_texts(pieces)
    for entity in entities:
        entity.name = ledger.settle("transcript", entity.name, "name", _held(entity, "name"))
    for entity in entities:
        may_be_erased = asks_new and 0 not in entity.rows
        if may_be_erased and not _is_taken("transcript", entity.name, sorted(entity.rows), ledger):
            _leave_out(entity, names)
    _part_texts([entity for entity in entities if entity.name], pieces, ledger, names)
    _keep_names("transcripts", [entity for entity in entities if entity.name], names)


def _group_texts(pieces: Sequence[Piece]) -> list[_Entity]:
    known: dict[str, list[_Entity]] = {}
    for at, piece in enumerate(pieces):
        for row in sorted(piece.rows["transcripts"], key=lambda row: row["name"]):
            same = [e for e in known.get(row["text_digest"], []) if at not in e.rows]
            entity = next((e for e in same if e.name == row["name"]), None) or next(
                iter(_unless_named(same, row, piece)), None
            )
            if entity is None:
                entity = _Entity(row["name"], {})
                known.setdefault(row["text_digest"], []).append(entity)
            entity.rows[at] = row
    return [entity for same in known.values() for entity in same]


def _keep_names(table: str, entities: Iterable[_Entity], names: JoinedNames) -> None:
    for known in names.of_pieces:
        known[table] = {}
    for entity in entities:
        for at, row in entity.rows.items():
            names.of_pieces[at][table][row["id"]] = entity.name


def _unless_named(same: Iterable[_Entity], row: Row, piece: Piece) -> list[_Entity]:
    """Those whose name no other transcript of the piece with this text has."""
    alike = {
        other["name"]
        for other in piece.rows["transcripts"]
        if other["text_digest"] == row["text_digest"] and other is not row
    }
    return [entity for entity in same if entity.name not in alike]


def _part_texts(
    entities: Sequence[_Entity], pieces: Sequence[Piece], ledger: JoinLedger, names: JoinedNames
) -> None:
    """Where one name stands for several texts, the others' is left out or named anew."""
    taken = {entity.name: entity for entity in reversed(entities)}
    for entity in entities:
        if taken[entity.name] is entity:
            continue
        rows = [next(iter(e.rows.values())) for e in (taken[entity.name], entity)]
        this, other = (f"{len(r['text'])} characters, {r['text_digest'][:12]}" for r in rows)
        conflict = JoinConflict(
            what="transcript",
            subject=entity.name,
            field="text",
            this=this,
            other=other,
            files=tuple(ledger.files[at] for at in sorted(entity.rows)),
            options=("this", "both"),
        )
        if ledger.choose(conflict) == "both":
            stem = Path(pieces[min(entity.rows)].name).stem
            entity.name = _free(f"{entity.name} ({stem})", taken)
            taken[entity.name] = entity
        else:
            _leave_out(entity, names)


def _name_codes(pieces: Sequence[Piece], ledger: JoinLedger, names: JoinedNames) -> None:
    """Codes of one identifier are one, else those of one id, else those of one name."""
    entities = _group_codes(pieces, ledger)
    for entity in entities:
        keys = _held(entity, "code")
        entity.name = ledger.settle(
            "code", entity.name, "id", keys, options=("this", "other", "both")
        )
    _refuse_one_key(entities)
    _keep_names("codes", entities, names)


def _leave_out(entity: _Entity, names: JoinedNames) -> None:
    names.left_out += [(at, row["name"]) for at, row in entity.rows.items()]
    entity.name = ""


def _group_codes(pieces: Sequence[Piece], ledger: JoinLedger) -> list[_Entity]:
    entities: list[_Entity] = []
    for at, piece in enumerate(pieces):
        rest: list[Row] = []
        for row in piece.rows["codes"]:
            if entity := _by_identity(entities, row, at):
                entity.rows[at] = row
            else:
                rest.append(row)
        for row in rest:
            if entity := _by_name(entities, row, at, piece, ledger):
                entity.rows[at] = row
            else:
                entities.append(_Entity(row["code"], {at: row}))
    return entities


def _refuse_one_key(entities: Sequence[_Entity]) -> None:
    names = Counter(entity.name for entity in entities)
    if twice := next((name for name, n in names.items() if n > 1), None):
        raise InputError(
            f"Two codes would have the id '{twice}'. Decide otherwise on their ids: take this."
        )


def _by_identity(entities: Sequence[_Entity], row: Row, at: int) -> _Entity | None:
    free = [entity for entity in entities if at not in entity.rows]
    for column in ("guid", "code"):
        for entity in free:
            if row[column] and any(row[column] == r[column] for r in entity.rows.values()):
                return entity
    return None


def _by_name(
    entities: Sequence[_Entity], row: Row, at: int, piece: Piece, ledger: JoinLedger
) -> _Entity | None:
    """The only other code of this name, unless somebody decided that they are two."""
    name = " ".join(row["name"].split()).casefold()

    def is_named(other: Row) -> bool:
        return " ".join(other["name"].split()).casefold() == name

    same = [e for e in entities if any(is_named(r) for r in e.rows.values())]
    if len(same) != 1 or at in same[0].rows or sum(map(is_named, piece.rows["codes"])) != 1:
        return None
    apart = JoinConflict(
        what="code",
        subject=same[0].name,
        field="id",
        this=same[0].name,
        other=row["code"],
        files=(piece.name,),
        options=("this", "other", "both"),
    )
    if ledger.decisions.of(apart) == "both":
        ledger.choose(apart)
        return None
    return same[0]


def _name_coders(
    pieces: Sequence[Piece], ledger: JoinLedger, names: JoinedNames, one_coder: Mapping[str, str]
) -> None:
    """Coders go by name; names that are spelled alike are one if so decided."""
    held: dict[str, list[int]] = {}
    for at, piece in enumerate(pieces):
        for row in piece.rows["coders"]:
            held.setdefault(one_coder.get(row["name"], row["name"]), []).append(at)
    # A study alone is not asked about its own coders' names.
    final = _one_spelling(held, ledger) if len(pieces) > 1 else {name: name for name in held}
    for at, piece in enumerate(pieces):
        names.of_pieces[at]["coders"] = {
            row["id"]: final[one_coder.get(row["name"], row["name"])]
            for row in piece.rows["coders"]
        }


def _one_spelling(held: Mapping[str, Sequence[int]], ledger: JoinLedger) -> dict[str, str]:
    """The spelling of each coder, where names differ in case, accents or blanks only."""
    final = {name: name for name in held}
    for this, *others in alike_names(sorted(held, key=lambda name: (held[name][0], name))):
        for other in others:
            conflict = JoinConflict(
                what="coder",
                subject=this,
                field="spelling",
                this=this,
                other=other,
                files=tuple(ledger.files[at] for at in dict.fromkeys(held[other])),
                options=("this", "other", "both"),
            )
            take = ledger.choose(conflict)
            if take == "other":
                final |= {name: other for name, now in final.items() if now == final[this]}
            elif take == "this":
                final[other] = final[this]
    return final


def _held(entity: _Entity, column: str) -> dict[Any, list[int]]:
    held: dict[Any, list[int]] = {}
    for at, row in entity.rows.items():
        held.setdefault(row[column], []).append(at)
    return held


def _free(name: str, taken: Mapping[str, object]) -> str:
    free, n = name, 2
    while free in taken:
        free, n = f"{name} {n}", n + 1
    return free
