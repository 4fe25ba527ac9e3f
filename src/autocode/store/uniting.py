"""The content of several studies as that of one: a pure function, in any order of the studies."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..core.joining import JoinLedger, show_value
from .content import ContentTable
from .joining_names import JoinedNames, Names, name_rows
from .joining_rules import JOINED, LAYOUTS, WORK_IN_PASSES, JoinRule, rule_of
from .pieces import Piece, Row

Identity = tuple[Any, ...]
References = Mapping[str, Mapping[str, str]]
"""By table, for each column that holds row numbers the table whose they are."""

_EMPTY = (None, "", "[]")


@dataclass(slots=True)
class United:
    """Rows by table and identity, with names in place of row numbers.

    `own` gives for each piece the identities of its rows, in the order of the rows; None stands
    for a row of a transcript that is left out (see `left_out`: the piece's number and the name), or
    of work that a revealed pass does not have (`n_fixed` counts it by piece).
    """

    rows: dict[str, dict[Identity, Row]] = field(default_factory=dict)
    own: dict[str, list[list[Identity | None]]] = field(default_factory=dict)
    left_out: list[tuple[int, str]] = field(default_factory=list)
    n_fixed: Counter[int] = field(default_factory=Counter)


def unite(
    pieces: Sequence[Piece],
    references: References,
    ledger: JoinLedger,
    *,
    one_coder: Mapping[str, str] | None = None,
    asks_new: bool = False,
) -> United:
    """Unite pieces, the study itself first; what differs is settled by the ledger.

    Codings, readings, decisions, memos and whatever else lies in rows is united as sets. See
    `name_rows` for `one_coder` and `asks_new`.
    """
    names = name_rows(pieces, ledger, one_coder=one_coder, asks_new=asks_new)
    united = United(left_out=names.left_out)
    revealed = _find_revealed(pieces, names)
    kept = _unite_layouts(pieces, references, ledger, names, united)
    for table in JOINED:
        named = [
            _named_rows(table, piece, names.of_pieces[at], references)
            for at, piece in enumerate(pieces)
        ]
        columns = next((tuple(row) for rows in named for row in rows if row), ())
        rule = rule_of(table, columns)
        late: list[list[Row]] = []
        if table.name in WORK_IN_PASSES:
            named, late = _keep_revealed(named, revealed)
        if table.name == "speakers":
            # Where the turns of one piece were taken, so are its speakers.
            named = [
                [r if r and at in kept.get(r["transcript_id"], (at,)) else None for r in rows]
                for at, rows in enumerate(named)
            ]
        _unite_table(table, rule, named, ledger, united)
        for at, rows in enumerate(late):
            united.n_fixed[at] += sum(
                tuple([row[c] for c in rule.identity]) not in united.rows[table.name]
                for row in rows
            )
    return united


def _find_revealed(pieces: Sequence[Piece], names: JoinedNames) -> dict[tuple[Any, Any], set[int]]:
    """The pieces in which a pass is revealed, by the names of transcript and coder."""
    revealed: dict[tuple[Any, Any], set[int]] = {}
    for at, piece in enumerate(pieces):
        known = names.of_pieces[at]
        for row in piece.rows["passes"]:
            if row["state"] == "revealed":
                key = (
                    known["transcripts"].get(row["transcript_id"]),
                    known["coders"][row["coder_id"]],
                )
                revealed.setdefault(key, set()).add(at)
    return revealed


def _keep_revealed(
    named: Sequence[Sequence[Row | None]], revealed: Mapping[tuple[Any, Any], set[int]]
) -> tuple[list[list[Row | None]], list[list[Row]]]:
    """Rows without work in passes that are revealed elsewhere, where it is fixed; and that work.

    What any piece has in a pass that is revealed there stays, so that the order of the pieces does
    not matter.
    """
    kept: list[list[Row | None]] = []
    late: list[list[Row]] = []
    for at, rows in enumerate(named):
        is_late = [
            row is not None
            and at not in revealed.get((row["transcript_id"], row["coder_id"]), (at,))
            for row in rows
        ]
        kept.append([None if out else row for row, out in zip(rows, is_late, strict=True)])
        late.append([row for row, out in zip(rows, is_late, strict=True) if out and row])
    return kept, late


def _named_rows(
    table: ContentTable, piece: Piece, names: Names, references: References
) -> list[Row | None]:
    """A piece's rows with names for numbers; None for one whose transcript is left out."""
    refers = references[table.name]
    named: list[Row | None] = []
    codes = {row["code"]: names["codes"][row["id"]] for row in piece.rows["codes"]}
    texts = {row["name"]: names["transcripts"].get(row["id"]) for row in piece.rows["transcripts"]}
    for row in piece.rows[table.name]:
        new = dict(row)
        number = new.pop("id", None)
        whole = True
        for column, parent in refers.items():
            if row[column] is not None:
                new[column] = names[parent].get(row[column])
                # Of a case that is left out a speaker or transcript stays.
                optional = parent == "cases" and table.name != "attributes"
                whole = whole and (optional or new[column] is not None)
        if table.name in ("transcripts", "codes", "coders", "cases"):
            new[table.natural[0]] = names[table.name].get(number)
            whole = new[table.natural[0]] is not None
        if table.name == "codes" and row["parent"] is not None:
            # One that was brought up to date may stand below a code that its piece never had.
            new["parent"] = codes.get(row["parent"], row["parent"])
        if table.name == "memos" and row["about"] in ("transcript", "span"):
            new["subject"] = texts.get(row["subject"], row["subject"])
            whole = whole and new["subject"] is not None
        if table.name == "memos" and row["about"] == "code":
            new["subject"] = codes.get(row["subject"], row["subject"])
        named.append(new if whole else None)
    return named


def _unite_table(
    table: ContentTable,
    rule: JoinRule,
    named: Sequence[Sequence[Row | None]],
    ledger: JoinLedger,
    united: United,
) -> None:
    held: dict[Identity, list[tuple[int, Row]]] = {}
    own: list[list[Identity | None]] = []
    for at, rows in enumerate(named):
        seen: Counter[Identity] = Counter()
        mine: list[Identity | None] = [None] * len(rows)
        order = range(len(rows))
        if rule.counted:
            order = sorted(order, key=lambda n: (rows[n] or {}).get("made_at") or "")  # type: ignore[assignment]
        for n in order:
            row = rows[n]
            if row is None:
                continue
            identity: Identity = tuple([row[column] for column in rule.identity])
            if rule.counted:
                seen[identity] += 1
                identity = (*identity, seen[identity])
            mine[n] = identity
            held.setdefault(identity, []).append((at, row))
        own.append(mine)
    united.own[table.name] = own
    united.rows[table.name] = {
        identity: rows[0][1] if len(rows) == 1 else _one_row(rule, identity, rows, ledger)
        for identity, rows in held.items()
    }


def _one_row(
    rule: JoinRule, identity: Identity, rows: Sequence[tuple[int, Row]], ledger: JoinLedger
) -> Row:
    """The row that several rows of one identity become."""
    first = rows[0][1]
    if all(row == first for _, row in rows[1:]):
        return first
    made, subject = dict(first), show_value(identity)
    done = {*rule.identity, *rule.first, *rule.guesses, *rule.greatest}
    made |= {column: max(row[column] for _, row in rows) for column in rule.greatest}
    if rule.guesses:
        made |= _given(rule, subject, rows, ledger)
    for group in rule.least:
        made |= zip(group, min(_cells(group, rows), key=_in_order), strict=True)
        done |= set(group)
    if (rank := rule.rank) is not None:
        last = max(_cells(rule.furthest, rows), key=lambda cells: rank(*cells))
        made |= zip(rule.furthest, last, strict=True)
        done |= set(rule.furthest)
    if rule.together:
        values = zip(_cells(rule.together, rows), (at for at, _ in rows), strict=True)
        settled = ledger.settle(rule.what, subject, rule.together[0], _held(values))
        made |= zip(rule.together, settled, strict=True)
        done |= set(rule.together)
    for column in first:
        if column not in done:
            made[column] = _one_value(rule, subject, column, rows, ledger)
    return made


def _cells(columns: Sequence[str], rows: Sequence[tuple[int, Row]]) -> list[tuple[Any, ...]]:
    return [tuple([row[column] for column in columns]) for _, row in rows]


def _one_value(
    rule: JoinRule,
    subject: str,
    column: str,
    rows: Sequence[tuple[int, Row]],
    ledger: JoinLedger,
) -> object:
    held = _held((row[column], at) for at, row in rows)
    if column not in rule.strict:
        # What is empty gives way; of two ways to be empty the first in order stays.
        full = {value: at for value, at in held.items() if value not in _EMPTY}
        held = full or {min(held, key=lambda value: _in_order((value,))): [0]}
    return ledger.settle(rule.what, subject, column, held)


def _given(
    rule: JoinRule, subject: str, rows: Sequence[tuple[int, Row]], ledger: JoinLedger
) -> Row:
    """Values that the machine guessed, or that deciding left, give way to those somebody gave."""
    firm = [(at, row) for at, row in rows if row["basis"] not in ("guessed", "decision")]
    if rule.what != "speaker":
        return dict(zip(rule.guesses, min(_cells(rule.guesses, firm or rows)), strict=True))
    alike = [row for _, row in rows]
    if firm:
        role = ledger.settle(rule.what, subject, "role", _held((r["role"], at) for at, r in firm))
        alike = [row for _, row in firm if row["role"] == role]
    best = max(
        alike, key=lambda row: (row["basis"] == "set", row["confidence"], row["role"], row["basis"])
    )
    return {column: best[column] for column in rule.guesses}


def _held(values: Any) -> dict[Any, list[int]]:  # noqa: ANN401 - pairs of a value and a piece
    held: dict[Any, list[int]] = {}
    for value, at in values:
        held.setdefault(value, []).append(at)
    return held


def _in_order(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple((value is not None, value if value is not None else 0) for value in values)


def _unite_layouts(
    pieces: Sequence[Piece],
    references: References,
    ledger: JoinLedger,
    names: JoinedNames,
    united: United,
) -> dict[str, tuple[int, ...]]:
    """Unite turns, times and given segments by transcript; whose turns count, by transcript."""
    kept: dict[str, tuple[int, ...]] = {}
    for name in LAYOUTS:
        table = ContentTable(name=name)
        rows_of = [
            _named_rows(table, piece, names.of_pieces[at], references)
            for at, piece in enumerate(pieces)
        ]
        united.own[name] = [
            [None if row is None else (row["transcript_id"], row["start"]) for row in rows]
            for rows in rows_of
        ]
        united.rows[name] = {}
        for text, layouts in _layouts_held(rows_of).items():
            chosen = ledger.settle("transcript", text, name, layouts)
            if len(layouts) > 1 and name == "turns":
                kept[text] = tuple(layouts[chosen])
            for cells in chosen.cells:
                row = dict(cells)
                united.rows[name][text, row["start"]] = row
    return kept


def _layouts_held(
    rows_of: Sequence[Sequence[Row | None]],
) -> dict[str, dict[_Layout, list[int]]]:
    """For each transcript its layouts, and the pieces that have each."""
    held: dict[str, dict[_Layout, list[int]]] = {}
    for at, rows in enumerate(rows_of):
        by_text: dict[str, list[Row]] = {}
        for row in rows:
            if row is not None:
                by_text.setdefault(row["transcript_id"], []).append(row)
        for text, its_rows in by_text.items():
            in_order = sorted(its_rows, key=lambda row: row["start"])
            layout = _Layout(tuple(tuple(row.items()) for row in in_order))
            held.setdefault(text, {}).setdefault(layout, []).append(at)
    return held


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a text is divided, shown to people by what it consists of."""

    cells: tuple[tuple[tuple[str, Any], ...], ...]

    def __str__(self) -> str:
        said: Counter[str] = Counter()
        for row in self.cells:
            speaker = dict(row).get("speaker_id")
            said[speaker[1] if speaker else "-"] += 1
        whose = ", ".join(f"{n} of {who}" for who, n in sorted(said.items()))
        digest = hashlib.sha256(repr(self.cells).encode()).hexdigest()
        return f"{len(self.cells)}: {whose} ({digest[:8]})"
