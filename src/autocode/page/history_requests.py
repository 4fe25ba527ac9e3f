"""The act of the history: taking one back that is named, after a look at what goes with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..core.acts import Act
from ..core.errors import InputError, UndoBlocked
from ..project.history import UndoOptions
from .act_requests import Asked, Kinds, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoAct:
    """Take back the act of this number; with `later` what rests on it too.

    A lead undoes whatever anybody did, a coder their own acts.
    """

    act: int
    later: bool = False

    def do(self, asked: Asked) -> Outcome:
        """Do it, or say what would be taken back; what it raises is what `autocode undo` says."""
        if asked.sight.is_blind:
            raise InputError(
                "Blind: single acts are not undone here, as others may rest on them. Ctrl+Z takes "
                "back your own."
            )
        if asked.dry_run:
            return Outcome(act=None, changed=self._preview(asked))
        options = replace(self._options(asked, later=self.later), key=asked.key)
        done = asked.project.undo(coder=asked.coder, options=options)
        return Outcome.of(done, {"undone": [act.describe() for act in done.result or ()]})

    def _preview(self, asked: Asked) -> dict[str, Any]:
        """The acts that go, the rows that change, and why others go too where they must."""
        blocked = ""
        try:
            acts, n_rows = self._try(asked, later=False)
        except UndoBlocked as error:
            blocked = error.on_command_line
            acts, n_rows = self._try(asked, later=True)
        return {
            "acts": [act.describe() for act in acts],
            "n_rows": n_rows,
            "blocked": blocked,
        }

    def _options(self, asked: Asked, *, later: bool) -> UndoOptions:
        return UndoOptions(
            act=self.act,
            with_later=later,
            uncut=True,
            new_coder=True,
            own_only=asked.role != "lead",
        )

    def _try(self, asked: Asked, *, later: bool) -> tuple[tuple[Act, ...], int]:
        options = replace(self._options(asked, later=later), dry_run=True)
        done = asked.project.undo(coder=asked.coder, options=options)
        return done.result or (), len(done.changes)


HISTORY_KINDS: Kinds = {"undo-act": UndoAct}
