"""What the codebook suggester says of its own answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..core.suggestion import SuggestionDiagnostics


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookDiagnostics(SuggestionDiagnostics):
    """What the codebook suggester says of its answer beside what every method may.

    `slopes` are the learned weights of its views by name; `zero_shot_weight` and `smoothing` the
    interpolation; `config` all constants, as plain data.
    """

    n_read_segments: int
    n_codes_applied: int
    n_codes: int
    slopes: Mapping[str, float]
    zero_shot_weight: float
    smoothing: float
    config: Mapping[str, Any]
