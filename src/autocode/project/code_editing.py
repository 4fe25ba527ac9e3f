"""Editing all that a code says in one act, and its place among the codes beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ..core.arguments import checked
from ..core.code_change import CodeAction, CodeChange
from ..core.codebook import Code, Codebook
from ..core.errors import InputError, one_line
from ..store import code_edits as edits
from ..store.file import Connection, StudyFile
from .code_names import name_code
from .codes import EditOptions, act_on_codebook, changed_by, refuse_taken

_COLOUR = re.compile("#[0-9a-fA-F]{6}")


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class CodeWords:
    """What is to be said of a code, None for what stays; an empty `colour` takes it away."""

    name: str | None = None
    definition: str | None = None
    inclusion: str | None = None
    exclusion: str | None = None
    examples: tuple[str, ...] | None = None
    colour: str | None = None
    memo: str | None = None

    def apply(self, code: Code) -> Code:
        """The code with these words; raises InputError for a colour that is none."""
        values: dict[str, Any] = {}
        for part in ("definition", "inclusion", "exclusion", "memo"):
            if (words := getattr(self, part)) is not None:
                values[part] = words.strip()
        if self.name is not None:
            values["name"] = " ".join(self.name.split())
        if self.examples is not None:
            values["examples"] = tuple(_without_repeats(self.examples))
        if self.colour is not None:
            if self.colour and not _COLOUR.fullmatch(self.colour):
                raise InputError(
                    f"'{one_line(self.colour, 20)}' is no colour. Write it as #rrggbb."
                )
            values["colour"] = self.colour or None
        return replace(code, **values)


def _without_repeats(examples: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(words for one in examples if (words := one.strip()))


def edit_code(
    study: StudyFile, name: str, words: CodeWords, options: EditOptions, *, new_meaning: bool
) -> CodeChange:
    """Say other things of a code; with `new_meaning` it is a new revision of it.

    Raises:
        InputError: if nothing is said that is new, the name is empty or taken, or a colour is none.
        NotFound: if there is no such code.
    """

    def do(connection: Connection, codebook: Codebook) -> CodeChange:
        code = codebook.find(name)
        edited = words.apply(code)
        if edited == code:
            raise InputError(f"Code '{code.name}' says so already. Nothing was changed.")
        refuse_taken(codebook, edited.name, but=code)
        edits.put_code(connection, edited, new_meaning=new_meaning)
        action: CodeAction = "rename" if edited.name != code.name else "edit"
        return replace(
            changed_by(action, connection, edited, codebook, is_new=new_meaning),
            action="edit",
            names=(code.name, edited.name) if action == "rename" else (code.name,),
        )

    return act_on_codebook(study, "edit", f"code '{name_code(study, name)}' edited", options, do)


def shift_code(study: StudyFile, name: str, by: int, options: EditOptions) -> CodeChange:
    """Let a code change places with the one before it under the same code (-1), or after it (1).

    Raises:
        InputError: if there is none.
        NotFound: if there is no such code.
    """

    def do(connection: Connection, codebook: Codebook) -> CodeChange:
        code = codebook.find(name)
        beside = [one.id for one in codebook.children(code.parent)]
        at = beside.index(code.id) + by
        if by not in (-1, 1) or not 0 <= at < len(beside):
            raise InputError(f"Code '{code.name}' is at the end of its row. Nothing was changed.")
        swapped = {code.id: beside[at], beside[at]: code.id}
        edits.order_codes(connection, [swapped.get(one.id, one.id) for one in codebook])
        return changed_by("move", connection, code, codebook)

    where = "up" if by < 0 else "down"
    return act_on_codebook(
        study, "move", f"code '{name_code(study, name)}' moved {where}", options, do
    )
