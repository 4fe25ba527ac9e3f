"""What a coefficient answers: a value or a reason why there is none, and what it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Detail = float | int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A confidence interval; `method` says how, `n_undefined` how many resamples had no value."""

    low: float
    high: float
    level: float
    method: str
    n_resamples: int = 0
    n_undefined: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """One number about agreement, or why there is none.

    `observed` and `expected` are agreements (percent, kappa and kin) or disagreements (alpha and
    kin). `details` holds further named quantities such as standard errors.
    """

    name: str
    value: float | None
    n_units: int
    observed: float | None = None
    expected: float | None = None
    reason: str = ""
    interval: Interval | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)

    @property
    def status(self) -> Literal["defined", "undefined"]:
        """Whether there is a value."""
        return "undefined" if self.value is None else "defined"


def undefined(
    name: str,
    reason: str,
    *,
    n_units: int = 0,
    observed: float | None = None,
    expected: float | None = None,
) -> Coefficient:
    """A coefficient without a value, and why."""
    return Coefficient(
        name=name, value=None, n_units=n_units, observed=observed, expected=expected, reason=reason
    )
