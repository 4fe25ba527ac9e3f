"""The agreement of a study's coders: per code and overall, on units that two or more have read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from .coefficients import cohen_kappa, krippendorff_alpha, percent
from .result import Coefficient

Floats = npt.NDArray[np.float64]

RARE = 10
"""Codes with fewer positive decisions than this are too rare to say much about."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing several coders have read: where it lies, and the codes each coder gave it."""

    transcript: str
    excerpt: str
    applied: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class CodeAgreement:
    """How two or more coders agree on one code; `uses` counts units by coder."""

    code: str
    uses: Mapping[str, int]
    prevalence: float
    percent: Coefficient
    cohen_kappa: Coefficient
    krippendorff_alpha: Coefficient

    @property
    def is_rare(self) -> bool:
        """Whether the code has too few uses for its coefficients to mean much."""
        return sum(self.uses.values()) < RARE


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A unit on which coders differ."""

    transcript: str
    excerpt: str
    applied: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Everything about the agreement of some coders; definitions are in `DEFINITIONS`."""

    unit: str
    coders: tuple[str, ...]
    n_units: int
    n_transcripts: int
    overall: Mapping[str, Coefficient]
    per_code: tuple[CodeAgreement, ...]
    disagreements: tuple[Disagreement, ...]


DEFINITIONS = {
    "percent": "share of (unit, code) yes/no decisions on which a pair of coders agrees, all pairs"
    " pooled; high whenever codes are rare",
    "pooled_kappa": "Cohen's (1960) kappa over all (unit, code) yes/no decisions of all pairs of"
    " coders",
    "kappa_per_code_mean": "Cohen's kappa per code, averaged over pairs weighted by use, then over"
    f" codes with at least {RARE} positive decisions",
    "krippendorff_alpha": "Krippendorff's (2018) nominal alpha over all (unit, code) yes/no"
    " decisions, any number of coders",
    "prevalence": "share of decisions on a code that are 'yes', over the coders who read the unit",
}


def agreement(
    units: Sequence[Unit], coders: Sequence[str], codes: Sequence[str], *, unit_name: str
) -> Agreement:
    """Compare coders on the units that at least two of them have read.

    Codes that none of them gave to any of these units play no part.
    """
    shared = [u for u in units if sum(coder in u.applied for coder in coders) >= 2]
    used = {c for u in shared for coder in coders for c in u.applied.get(coder, ())}
    tables = {code: _decisions(shared, coders, code) for code in codes if code in used}
    per_code = tuple(_per_code(code, table, coders) for code, table in tables.items())
    return Agreement(
        unit_name,
        tuple(coders),
        len(shared),
        len({u.transcript for u in shared}),
        _overall(tables, coders),
        per_code,
        tuple(d for u in shared if (d := _disagreement(u, coders)) is not None),
    )


def _decisions(units: Sequence[Unit], coders: Sequence[str], code: str) -> Floats:
    """Shape (n_coders, n_units): 1 applied, 0 read and not applied, NaN not read."""
    return np.array(
        [
            [float(code in u.applied[coder]) if coder in u.applied else np.nan for u in units]
            for coder in coders
        ]
    )


def _per_code(code: str, table: Floats, coders: Sequence[str]) -> CodeAgreement:
    pairs = list(combinations(range(len(coders)), 2))
    kappas = [cohen_kappa(table[a], table[b]) for a, b in pairs]
    pooled = np.hstack([table[[a, b]] for a, b in pairs])
    uses = {coder: int(np.nansum(table[row])) for row, coder in enumerate(coders)}
    return CodeAgreement(
        code,
        uses,
        float(np.nanmean(table)),
        percent(pooled[0], pooled[1]),
        _mean_kappa(kappas, _pair_uses(table, pairs)),
        krippendorff_alpha(table),
    )


def _pair_uses(table: Floats, pairs: Sequence[tuple[int, int]]) -> list[float]:
    """How often each pair used the code on units both have read."""
    uses = []
    for a, b in pairs:
        both = ~np.isnan(table[a]) & ~np.isnan(table[b])
        uses.append(float(table[a, both].sum() + table[b, both].sum()))
    return uses


def _mean_kappa(kappas: Sequence[Coefficient], uses: Sequence[float]) -> Coefficient:
    """Kappa over pairs of coders, weighted by use; the one kappa where there is one pair."""
    if len(kappas) == 1:
        return kappas[0]
    defined = [(k, n) for k, n in zip(kappas, uses, strict=True) if k.value is not None and n > 0]
    n_units = sum(k.n_units for k in kappas)
    if not defined:
        return Coefficient(
            "cohen_kappa", None, n_units, reason="undefined for every pair of coders"
        )
    total = sum(n for _, n in defined)
    value = sum((k.value or 0.0) * n for k, n in defined) / total
    return Coefficient("cohen_kappa", value, n_units)


def _overall(tables: Mapping[str, Floats], coders: Sequence[str]) -> dict[str, Coefficient]:
    if not tables:
        reason = "no code was applied to a unit that two coders have read"
        names = ("percent", "pooled_kappa", "kappa_per_code_mean", "krippendorff_alpha")
        return {name: Coefficient(name, None, 0, reason=reason) for name in names}
    stacked = np.hstack(list(tables.values()))
    pairs = list(combinations(range(len(coders)), 2))
    pooled = np.hstack([stacked[[a, b]] for a, b in pairs])
    kappa = cohen_kappa(pooled[0], pooled[1])
    return {
        "percent": percent(pooled[0], pooled[1]),
        "pooled_kappa": Coefficient(
            "pooled_kappa", kappa.value, kappa.n_units, kappa.observed, kappa.expected, kappa.reason
        ),
        "kappa_per_code_mean": _kappa_per_code_mean(tables, pairs),
        "krippendorff_alpha": krippendorff_alpha(stacked),
    }


def _kappa_per_code_mean(
    tables: Mapping[str, Floats], pairs: Sequence[tuple[int, int]]
) -> Coefficient:
    means = []
    for table in tables.values():
        uses = _pair_uses(table, pairs)
        if sum(uses) < RARE:
            continue
        kappa = _mean_kappa([cohen_kappa(table[a], table[b]) for a, b in pairs], uses)
        if kappa.value is not None:
            means.append(kappa.value)
    if not means:
        reason = f"no code has {RARE} positive decisions and a defined kappa"
        return Coefficient("kappa_per_code_mean", None, 0, reason=reason)
    return Coefficient("kappa_per_code_mean", float(np.mean(means)), len(means))


def _disagreement(unit: Unit, coders: Sequence[str]) -> Disagreement | None:
    given = {coder: tuple(sorted(unit.applied[coder])) for coder in coders if coder in unit.applied}
    if len(set(given.values())) < 2:
        return None
    return Disagreement(unit.transcript, unit.excerpt, given)
