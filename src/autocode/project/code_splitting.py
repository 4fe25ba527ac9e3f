"""Splitting a code: its codings, one by one, to other codes, as an act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..core.code_change import CodeChange
from ..core.codebook import Code, Codebook, make_code_id
from ..core.errors import InputError, NotFound
from ..core.transcript import Span
from ..store import code_edits as edits
from ..store.codebook import codebook as read_codebook
from ..store.codebook import put_codes
from ..store.file import Connection, StudyFile
from .code_names import name_code
from .codes import EditOptions, act_on_codebook


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitRow:
    """A coding of the code to be split, and the name of the code that it goes to."""

    transcript: str
    span: Span
    coder: str
    to: str


def split_code(
    study: StudyFile, name: str, rows: Iterable[SplitRow], options: EditOptions
) -> CodeChange:
    """Give codings of a code to others, known or new, which stand beside it.

    Codings that no row names stay with the code.

    Raises:
        InputError: if no row says where a coding goes.
        NotFound: if there is no such code, or a row names a coding that is not there.
    """
    wanted = [row for row in rows if row.to.strip()]

    def do(connection: Connection, codebook: Codebook) -> CodeChange:
        code = codebook.find(name)
        if not wanted:
            raise InputError(
                "No row says where a coding goes. Fill in the column 'to' with names of codes."
            )
        groups = _group_rows(wanted, edits.coding_numbers(connection, code.id), code)
        made: list[str] = []
        by_coder: Counter[str] = Counter()
        n_doubled = 0
        for to, its_rows in groups.items():
            target = _find_or_make(connection, to, beside=code)
            made += [] if target.id in codebook else [target.id]
            if target.id != code.id:
                moved = edits.move_codings(connection, code.id, target.id, only=its_rows)
                n_doubled += moved.n_doubled
                by_coder.update(moved.by_coder)
        return CodeChange(
            action="split",
            codes=(code.id,),
            names=(code.name,),
            made=tuple(made),
            n_codings=dict(sorted(by_coder.items())),
            n_doubled=n_doubled,
        )

    return act_on_codebook(study, "split", f"code '{name_code(study, name)}' split", options, do)


def _group_rows(
    rows: Iterable[SplitRow], numbers: Mapping[tuple[str, Span, str], int], code: Code
) -> dict[str, set[int]]:
    """The row numbers of codings by the name of the code that they go to."""
    groups: dict[str, set[int]] = {}
    for row in rows:
        number = numbers.get((row.transcript, row.span, row.coder))
        if number is None:
            raise NotFound(
                f"{row.coder} has not coded {row.span.start} to {row.span.end} of "
                f"'{row.transcript}' with '{code.name}'. Write the sheet anew."
            )
        groups.setdefault(" ".join(row.to.split()), set()).add(number)
    return groups


def _find_or_make(connection: Connection, name: str, *, beside: Code) -> Code:
    codebook = read_codebook(connection)
    folded = name.casefold()
    for code in codebook:
        if folded in (code.name.casefold(), code.id.casefold()):
            return code
    made = Code(
        id=make_code_id(name, codebook.by_id),
        name=name,
        parent=beside.parent,
        family=beside.family,
        memo=f"Split from '{beside.name}'.",
    )
    put_codes(connection, [made])
    return made
