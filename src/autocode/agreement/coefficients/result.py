"""What a coefficient answers: a value or a reason why there is none, and what it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ...serialise.plain import to_payload
from ...serialise.result import Result

Detail = float | int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval(Result):
    """A confidence interval; `method` says how, `n_undefined` how many resamples had no value.

    `standard_error`, on the coefficient's own scale, and the degrees of freedom `df` of Student's t
    are there where the interval rests on them; `n_resamples` is 0 then.
    """

    low: float
    high: float
    level: float
    method: str
    n_resamples: int = 0
    n_undefined: int = 0
    standard_error: float | None = None
    df: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return to_payload("interval", self.to_rows()[0])

    def to_rows(self) -> list[dict[str, Any]]:
        """One row."""
        return [
            {
                "low": self.low,
                "high": self.high,
                "level": self.level,
                "method": self.method,
                "n_resamples": self.n_resamples,
                "n_undefined_resamples": self.n_undefined,
                "standard_error": self.standard_error,
                "df": self.df,
            }
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient(Result):
    """One number about agreement, or why there is none.

    `observed` and `expected` are agreements (percent, kappa and kin) or disagreements (alpha and
    kin). `no_interval` says why a value has no interval. `p_value` is two-sided, of no agreement
    beyond chance (for `bias_index`: of no bias); None where the literature has no such test.
    `details` holds further named quantities such as standard errors.
    """

    name: str
    value: float | None
    n_units: int
    observed: float | None = None
    expected: float | None = None
    reason: str = ""
    interval: Interval | None = None
    no_interval: str = ""
    p_value: float | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)

    @property
    def status(self) -> Literal["defined", "undefined"]:
        """Whether there is a value."""
        return "undefined" if self.value is None else "defined"

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, with how the interval was made."""
        interval = self.interval.to_rows()[0] if self.interval else None
        return to_payload(
            "coefficient",
            {
                "name": self.name,
                "value": self.value,
                "status": self.status,
                "reason": self.reason,
                "n_units": self.n_units,
                "observed": self.observed,
                "expected": self.expected,
                "interval": interval,
                "no_interval": self.no_interval,
                "p_value": self.p_value,
                "details": self.details,
            },
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """One row: its name, then its numbers as in a table of several."""
        return [{"name": self.name, **self.summarise()}]

    def summarise(self) -> dict[str, Any]:
        """Its numbers in brief, as they stand in the tables of larger results."""
        return {
            "value": self.value,
            "low": self.interval.low if self.interval else None,
            "high": self.interval.high if self.interval else None,
            "status": self.status,
            "reason": self.reason,
            "n_units": self.n_units,
            "no_interval": self.no_interval,
            "n_undefined_resamples": self.interval.n_undefined if self.interval else None,
        }


def build_undefined(
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
