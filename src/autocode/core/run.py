"""Runs: one pass of a method, and what it was made with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One pass of a method: what made the drafts, with what encoder and parameters.

    `parameters` is plain data, as it is stored: what the method recorded of itself, made by
    `serialise.plain.to_plain` from the dataclass of that method (for suggestions
    `SuggestionDiagnostics` or one that extends it).
    """

    kind: str
    method: str
    encoder: str
    encoder_digest: str
    parameters: dict[str, Any]
    versions: dict[str, str]
    made_at: str = ""
    number: int | None = None
