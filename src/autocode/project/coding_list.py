"""Codings as a result: what a command made or lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.coding import Coding
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result


@dataclass(frozen=True, slots=True)
class CodingList(Result):
    """Codings in order."""

    codings: tuple[Coding, ...]

    def to_dict(self) -> dict[str, Any]:
        """The codings as plain data."""
        return to_payload("codings", {"codings": self.codings})

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a coding."""
        rows: list[dict[str, Any]] = to_plain(self.codings)
        return rows
