"""The agreement of a study's coders: per code and overall, with intervals over transcripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from ..coefficients.result import Coefficient
from ..coefficients.sets import set_distances
from ..coefficients.tree_credit import tree_distances
from ..resampling import draws as resample
from ..resampling.draws import Method
from .decisions import (
    Decisions,
    SetCounts,
    Unit,
    build_decisions,
    count_pairs,
    count_sets,
    count_votes,
)
from .estimates import Estimator
from .from_counts import (
    SetAlpha,
    ac1_from_votes,
    alpha_from_votes,
    kappa_by_code,
    mean_kappa,
    specific_agreement,
)

Floats = npt.NDArray[np.float64]

RARE = 10
"""Codes given fewer times than this (units that at least one of a pair gave it) are too rare."""

NOTHING = "(nothing)"
"""In the confusion of codes: the other coder gave no code that is left to compare."""

DEFINITIONS = {
    "percent": "share of (unit, code) yes/no decisions on which a pair of coders agrees, all pairs"
    " pooled; high whenever codes are rare",
    "pooled_kappa": "Cohen's (1960) kappa over all (unit, code) yes/no decisions of all pairs of"
    " coders",
    "kappa_per_code_mean": "Cohen's kappa per code, averaged over pairs of coders weighted by use"
    " (units that either gave the code), then over codes with at least"
    f" {RARE} uses",
    "cohen_kappa_mean": "Cohen's kappa per code averaged in the same way, over all codes used",
    "krippendorff_alpha": "Krippendorff's (2018) nominal alpha over all (unit, code) yes/no"
    " decisions, any number of coders",
    "alpha_masi": "Krippendorff's alpha over the sets of codes given to a unit, with the MASI"
    " distance (Passonneau 2006)",
    "gwet_ac1": "Gwet's (2008) AC1 over all (unit, code) yes/no decisions",
    "brennan_prediger": "Brennan & Prediger (1981) over the same yes/no decisions (PABAK)",
    "positive_agreement": "share of the 'yes' decisions of a pair that the other shares"
    " (Cicchetti & Feinstein 1990)",
    "negative_agreement": "the same of the 'no' decisions",
    "tree_credit_alpha": "not a standard coefficient: alpha over sets of codes in which a sibling,"
    " parent or child of a code counts as half right",
    "prevalence": "share of decisions on a code that are 'yes', over the coders who read the unit",
}

HEADLINE = ("percent", "pooled_kappa", "krippendorff_alpha", "alpha_masi", "gwet_ac1")
"""The overall numbers for a short account; none of them is to be read alone."""

_PER_CODE = (
    "percent",
    "cohen_kappa",
    "krippendorff_alpha",
    "gwet_ac1",
    "positive_agreement",
    "negative_agreement",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampling:
    """How intervals are made: the number of draws of transcripts, the seed, level and method."""

    n_resamples: int = 2000
    seed: int = 0
    level: float = 0.95
    method: Method = "percentile"

    def estimator(self, n_transcripts: int, why: Callable[[str], str]) -> Estimator:
        """What makes coefficients with such intervals; `why` tells by name why one is undefined."""
        draws = None
        if n_transcripts and self.n_resamples:
            draws = resample.draw_transcripts(
                n_transcripts, n_resamples=self.n_resamples, seed=self.seed
            )
        return Estimator(draws=draws, level=self.level, method=self.method, why=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAgreement:
    """How coders agree on one code; `uses` counts units by coder, `n_uses` units of any of them."""

    code: str
    uses: Mapping[str, float]
    n_uses: float
    prevalence: float
    coefficients: Mapping[str, Coefficient]

    @property
    def is_rare(self) -> bool:
        """Whether the code has too few uses for its coefficients to mean much."""
        return self.n_uses < RARE


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A unit on which coders differ."""

    transcript: str
    excerpt: str
    applied: Mapping[str, tuple[str, ...]]
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptAgreement:
    """One transcript on the way through the study: how coders agreed there, and how much they gave.

    `codes_per_unit` is by coder; `coded_at` is ISO 8601, UTC, or empty where unknown.
    """

    transcript: str
    n_units: int
    percent: Coefficient
    pooled_kappa: Coefficient
    codes_per_unit: Mapping[str, float]
    coded_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Everything about the agreement of some coders; definitions are in `DEFINITIONS`.

    `confusion` counts, over all pairs of coders, a code of one (row) met by a code of the other
    (column) on the same unit, codes both gave set aside on the diagonal.
    """

    unit: str
    coders: tuple[str, ...]
    n_units: int
    n_transcripts: int
    overall: Mapping[str, Coefficient]
    per_code: tuple[CodeAgreement, ...]
    confusion: Mapping[tuple[str, str], float]
    disagreements: tuple[Disagreement, ...]
    drift: tuple[TranscriptAgreement, ...]
    resampling: Resampling
    drift_order: Literal["name", "coded"] = "name"


def measure_agreement(
    units: Sequence[Unit],
    coders: Sequence[str],
    codes: Sequence[str],
    *,
    unit_name: str,
    parents: Mapping[str, str | None] | None = None,
    resampling: Resampling | None = None,
) -> Agreement:
    """Compare coders on the units that at least two of them have read.

    Codes that none of them gave to any of these units play no part. `parents` is the code tree.
    """
    resampling = resampling or Resampling()
    made = build_decisions(units, coders, codes)
    estimator = resampling.estimator(len(made.transcripts), _why)
    tables, votes, sets = count_pairs(made), count_votes(made), count_sets(made)
    return Agreement(
        unit=unit_name,
        coders=tuple(coders),
        n_units=len(made.units),
        n_transcripts=len(made.transcripts),
        overall=_overall(made, tables, votes, sets, estimator, parents or {}),
        per_code=_per_code(made, tables, votes, estimator),
        confusion=_confusion(made),
        disagreements=tuple(
            d for u in made.units if (d := _disagreement(u, made.coders)) is not None
        ),
        drift=_drift(made, tables),
        resampling=resampling,
    )


# --- From counts to results


def _overall(
    made: Decisions,
    tables: Floats,
    votes: Floats,
    sets: SetCounts,
    estimator: Estimator,
    parents: Mapping[str, str | None],
) -> dict[str, Coefficient]:
    names = [name for name in DEFINITIONS if name != "prevalence"]
    if not made.codes:
        reason = (
            "no unit was read by two coders"
            if not made.units
            else "no code was applied to a unit that two coders have read"
        )
        return {
            name: Coefficient(name=name, value=None, n_units=0, reason=reason) for name in names
        }
    uses = (tables.sum(axis=(-1, -2)) - tables[..., 0, 0]).sum(axis=(0, 1))

    def from_tables(summed: Floats) -> Floats:
        pooled = summed.sum(axis=(1, 2))
        positive, negative = specific_agreement(pooled)
        percent = resample.percent_from_tables(pooled)
        every = np.ones(len(made.codes), dtype=bool)
        columns = (percent, resample.kappa_from_tables(pooled), 2 * percent - 1, positive, negative)
        return np.column_stack(
            [*columns, mean_kappa(summed, uses >= RARE), mean_kappa(summed, every)]
        )

    def from_votes(summed: Floats) -> Floats:
        pooled = summed.sum(axis=1)
        return np.column_stack([alpha_from_votes(pooled), ac1_from_votes(pooled)])

    distances = (
        set_distances(sets.sets, distance="masi"),
        tree_distances(sets.sets, parents),
    )
    of_sets = [SetAlpha.of(sets, apart) for apart in distances]

    def from_draws(weights: Floats) -> Floats:
        return np.column_stack([one.on(weights) for one in of_sets])

    found = estimator.coefficients(
        (
            "percent",
            "pooled_kappa",
            "brennan_prediger",
            "positive_agreement",
            "negative_agreement",
            "kappa_per_code_mean",
            "cohen_kappa_mean",
        ),
        tables,
        from_tables,
    ) | estimator.coefficients(("krippendorff_alpha", "gwet_ac1"), votes, from_votes)
    every = np.eye(len(made.transcripts))
    found |= estimator.coefficients(("alpha_masi", "tree_credit_alpha"), every, from_draws)
    n_decisions = round(float(tables.sum()))
    n_units = {"alpha_masi": len(made.units), "tree_credit_alpha": len(made.units)}
    return {
        name: replace(found[name], n_units=n_units.get(name, n_decisions)) for name in names
    }  # fmt: skip


def _per_code(
    made: Decisions, tables: Floats, votes: Floats, estimator: Estimator
) -> tuple[CodeAgreement, ...]:
    if not made.codes:
        return ()

    def statistic(summed: Floats) -> Floats:
        both = summed[..., : tables[0].size].reshape(-1, *tables.shape[1:])
        vote = summed[..., tables[0].size :].reshape(-1, *votes.shape[1:])
        pooled = both.sum(axis=1)
        columns = (
            resample.percent_from_tables(pooled),
            kappa_by_code(both),
            alpha_from_votes(vote),
            ac1_from_votes(vote),
            *specific_agreement(pooled),
        )
        return np.concatenate(columns, axis=1)

    n_transcripts = len(made.transcripts)
    flat = np.concatenate(
        [tables.reshape(n_transcripts, -1), votes.reshape(n_transcripts, -1)], axis=1
    )
    names = [f"{name}:{code}" for name in _PER_CODE for code in made.codes]
    found = estimator.coefficients(names, flat, statistic)
    pooled = tables.sum(axis=(0, 1))
    uses = pooled.sum(axis=(-1, -2)) - pooled[:, 0, 0]
    read = made.read[:, :, None] & made.given
    return tuple(
        CodeAgreement(
            code=code,
            uses={c: float(made.weight @ read[row, :, at]) for row, c in enumerate(made.coders)},
            n_uses=float(uses[at]),
            prevalence=float(votes[:, at, 5].sum() / votes[:, at, 3].sum()),
            coefficients={
                name: replace(
                    found[f"{name}:{code}"], name=name, n_units=round(float(pooled[at].sum()))
                )
                for name in _PER_CODE
            },
        )
        for at, code in enumerate(made.codes)
    )


_NO_VARIATION = (
    "every coder decided the same on every unit, so there is no variation to agree about"
)
_UNDEFINED = {
    "percent": "no unit was coded by both",
    "kappa_per_code_mean": f"no code has {RARE} uses and a defined kappa",
    "positive_agreement": "nobody gave the code",
    "negative_agreement": "every coder gave the code to every unit",
}


def _why(name: str) -> str:
    """Why a coefficient is undefined; its name may end in ":" and a code."""
    return _UNDEFINED.get(name.partition(":")[0], _NO_VARIATION)


def _confusion(made: Decisions) -> dict[tuple[str, str], float]:
    """Codes of one coder against codes of the other on the same unit, over ordered pairs."""
    counts: Counter[tuple[str, str]] = Counter()
    for unit in made.units:
        readers = [unit.applied[c] for c in made.coders if c in unit.applied]
        for first, one in enumerate(readers):
            for second, other in enumerate(readers):
                if first == second:
                    continue
                for code in one & other:
                    counts[code, code] += unit.weight  # type: ignore[assignment]
                for code in one - other:
                    rest = (other - one) or {NOTHING}
                    for met in rest:
                        counts[code, met] += unit.weight / len(rest)  # type: ignore[assignment]
    return dict(counts)


def _disagreement(unit: Unit, coders: Sequence[str]) -> Disagreement | None:
    given = {coder: tuple(sorted(unit.applied[coder])) for coder in coders if coder in unit.applied}
    if len(set(given.values())) < 2:
        return None
    return Disagreement(transcript=unit.transcript, excerpt=unit.excerpt, applied=given, unit=unit)


def _drift(made: Decisions, tables: Floats) -> tuple[TranscriptAgreement, ...]:
    """Agreement transcript by transcript, in order of name."""
    if not made.codes:
        return ()
    pooled = tables.sum(axis=(1, 2))
    percent, kappa = resample.percent_from_tables(pooled), resample.kappa_from_tables(pooled)
    steps = []
    for at, name in enumerate(made.transcripts):
        here = made.place == at
        n_units = int(here.sum())
        steps.append(
            TranscriptAgreement(
                transcript=name,
                n_units=n_units,
                percent=_plain("percent", float(percent[at]), n_units),
                pooled_kappa=_plain("pooled_kappa", float(kappa[at]), n_units),
                codes_per_unit={
                    coder: float(made.given[row][here].sum() / max(made.read[row][here].sum(), 1))
                    for row, coder in enumerate(made.coders)
                },
            )
        )
    return tuple(steps)


def _plain(name: str, value: float, n_units: int) -> Coefficient:
    if np.isnan(value):
        return Coefficient(name=name, value=None, n_units=n_units, reason=_why(name))
    return Coefficient(name=name, value=value, n_units=n_units)
