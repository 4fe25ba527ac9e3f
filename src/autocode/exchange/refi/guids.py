"""Identifiers of a project while it is read: one spelling for each, and what refers to nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..losses import LossLedger
from ..project import fold_guid, make_guid

GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


@dataclass(slots=True)
class Guids:
    """The spelling of each guid as it is first met, and which of them name something."""

    ledger: LossLedger
    _spelling: dict[str, str] = field(default_factory=dict)
    _defined: set[str] = field(default_factory=set)
    referred: dict[str, dict[str, int]] = field(default_factory=dict)
    """How often each guid is referred to, by the kind of thing that is meant."""
    _referred_as: dict[str, str] = field(default_factory=dict)
    """The spelling by how a reference has it: few things are referred to very often."""

    def define(self, raw: str | None, what: str, *place: str) -> str:
        """The guid of a thing (`what`, plural); one that is missing or taken is made anew."""
        folded = fold_guid(raw or "")
        if not folded:
            made = make_guid(what, *place)
            self.ledger.change(what, "had no identifier; one was made", place[-1] if place else "")
            folded = made
        spelling = self._spell(folded, raw)
        if spelling in self._defined:
            number = 2
            while (again := make_guid(spelling, what, str(number))) in self._defined:
                number += 1
            self.ledger.change(
                what, "had the identifier of something else; another was made", spelling
            )
            spelling = self._spell(again, again)
        self._defined.add(spelling)
        return spelling

    def find(self, raw: str | None) -> str | None:
        """The spelling of a guid that names something already, else None."""
        spelling = self._spelling.get(fold_guid(raw or ""))
        return spelling if spelling in self._defined else None

    def refer(self, raw: str | None, what: str) -> str | None:
        """The guid that is referred to, None where none is named."""
        if not raw:
            return None
        spelling = self._referred_as.get(raw)
        if spelling is None:
            folded = fold_guid(raw)
            if not folded:
                return None
            spelling = self._referred_as[raw] = self._spell(folded, raw)
        counts = self.referred.setdefault(what, {})
        counts[spelling] = counts.get(spelling, 0) + 1
        return spelling

    def unresolved(self, what: str) -> dict[str, int]:
        """Guids meant as things of this kind that name nothing, with how often."""
        return {
            guid: count
            for guid, count in self.referred.get(what, {}).items()
            if guid not in self._defined
        }

    def _spell(self, folded: str, raw: str | None) -> str:
        spelling = self._spelling.get(folded)
        if spelling is None:
            spelling = (raw or folded).strip().strip("{}")
            self._spelling[folded] = spelling
        return spelling
