"""The coefficients of a study's table: one specification each, and everything else reads them.

To add one, write its formula in `coefficients` and a `CoefficientSpec` in `SPECS`: the tables in
Python, JSON, terminal and report, their definitions, the bands and the methods paragraph follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ..arrays import Floats
from ..coefficients.alpha import alpha_from_coincidences
from ..coefficients.gwet import ac1_from_shares
from ..coefficients.kappa import brennan_prediger_from_percent, kappa_from_tables
from ..coefficients.observed import percent_from_tables, specific_agreement_from_tables
from ..coefficients.sets import set_distances
from ..coefficients.tree_credit import tree_distances
from ..resampling.jackknife import Scale
from .config import AGREEMENT_CONFIG
from .from_counts import (
    DrawnCounts,
    SetAlpha,
    StudyCounts,
    average_kappa,
    average_kappa_by_code,
    find_frequent,
)

BandOwner = Literal["landis_koch", "gwet", "krippendorff"]
CodeSets = Sequence[frozenset[str]]
Parents = Mapping[str, str | None]

NO_VARIATION = "every coder decided the same on every unit, so there is no variation to agree about"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoefficientSpec:
    """One coefficient of a study's table.

    Attributes:
        name: its key in JSON and in `Agreement.overall`.
        label: its name in tables for people.
        definition: what it is, in one sentence without a full stop.
        source: author and year.
        from_counts: over all codes, from summed counts to shape (n_draws,), NaN where undefined.
        set_distances: instead of `from_counts`, distances of sets of codes, (n_sets, n_sets), from
            the sets and the code tree: the coefficient is alpha over sets with these distances.
        per_code: code by code, from summed counts to shape (n_draws, n_codes).
        column: its heading where columns are narrow; empty leaves it out there.
        sentence: what the methods paragraph calls it; empty leaves it out there.
        undefined: why it may have no value.
        scale: where it lies, for its interval.
        bands: whose words for its size may be asked for.
        is_headline: whether it belongs in a short account.
        is_standard: false for a convention of this library, which is shown apart.
    """

    name: str
    label: str
    definition: str
    source: str = ""
    from_counts: Callable[[DrawnCounts], Floats] | None = None
    set_distances: Callable[[CodeSets, Parents], Floats] | None = None
    per_code: Callable[[DrawnCounts], Floats] | None = None
    column: str = ""
    sentence: str = ""
    undefined: str = NO_VARIATION
    scale: Scale = "kappa"
    bands: tuple[BandOwner, ...] = ()
    is_headline: bool = False
    is_standard: bool = True

    @property
    def is_overall(self) -> bool:
        """Whether it has a value over all codes."""
        return self.from_counts is not None or self.set_distances is not None

    def bind(self, counts: StudyCounts) -> Callable[[DrawnCounts], Floats]:
        """The coefficient over all codes of one study; distances of sets are computed once."""
        if self.set_distances is not None:
            distances = self.set_distances(counts.sets.sets, counts.parents)
            alpha = SetAlpha.of_sets(counts.sets, distances)
            return lambda drawn: alpha.compute(drawn.draws)
        if self.from_counts is None:
            raise TypeError(f"{self.name} has no value over all codes.")
        return self.from_counts


SPECS: tuple[CoefficientSpec, ...] = (
    CoefficientSpec(
        name="percent",
        label="Percent agreement",
        definition="share of (unit, code) yes/no decisions on which a pair of coders agrees, all"
        " pairs pooled; high whenever codes are rare",
        from_counts=lambda drawn: percent_from_tables(drawn.pooled_table),
        per_code=lambda drawn: percent_from_tables(drawn.code_tables),
        column="percent",
        undefined="no unit was coded by both",
        scale="percent",
        is_headline=True,
    ),
    CoefficientSpec(
        name="pooled_kappa",
        label="Cohen's kappa, pooled",
        definition="Cohen's (1960) kappa over all (unit, code) yes/no decisions of all pairs of"
        " coders",
        source="Cohen 1960",
        from_counts=lambda drawn: kappa_from_tables(drawn.pooled_table),
        sentence="Cohen's kappa pooled over decisions and pairs of coders",
        bands=("landis_koch", "gwet"),
        is_headline=True,
    ),
    CoefficientSpec(
        name="kappa_per_code_mean",
        label=f"Cohen's kappa, mean of codes with {AGREEMENT_CONFIG.min_uses} uses",
        definition="Cohen's kappa per code, averaged over pairs of coders weighted by use (units"
        " that either gave the code), then over codes with at least"
        f" {AGREEMENT_CONFIG.min_uses} uses",
        source="Cohen 1960",
        from_counts=lambda drawn: average_kappa(drawn.tables, find_frequent(drawn.uses)),
        undefined=f"no code has {AGREEMENT_CONFIG.min_uses} uses and a defined kappa",
        bands=("landis_koch", "gwet"),
    ),
    CoefficientSpec(
        name="cohen_kappa_mean",
        label="Cohen's kappa, mean of all codes",
        definition="Cohen's kappa per code averaged in the same way, over all codes used",
        source="Cohen 1960",
        from_counts=lambda drawn: average_kappa(drawn.tables, drawn.uses >= 0),
        bands=("landis_koch", "gwet"),
    ),
    CoefficientSpec(
        name="cohen_kappa",
        label="Cohen's kappa",
        definition="Cohen's (1960) kappa of one code, averaged over pairs of coders by use",
        source="Cohen 1960",
        per_code=lambda drawn: average_kappa_by_code(drawn.tables),
        column="kappa",
    ),
    CoefficientSpec(
        name="krippendorff_alpha",
        label="Krippendorff's alpha",
        definition="Krippendorff's (2018) nominal alpha over all (unit, code) yes/no decisions, any"
        " number of coders",
        source="Krippendorff 2018",
        from_counts=lambda drawn: alpha_from_coincidences(drawn.pooled_votes.coincidences),
        per_code=lambda drawn: alpha_from_coincidences(drawn.code_votes.coincidences),
        column="alpha",
        sentence="Krippendorff's nominal alpha over these decisions",
        bands=("landis_koch", "gwet", "krippendorff"),
        is_headline=True,
    ),
    CoefficientSpec(
        name="alpha_masi",
        label="Krippendorff's alpha over sets (MASI)",
        definition="Krippendorff's alpha over the sets of codes given to a unit, with the MASI"
        " distance (Passonneau 2006)",
        source="Krippendorff 2018, Passonneau 2006",
        set_distances=lambda sets, _: set_distances(sets, distance="masi"),
        sentence="alpha over the sets of codes given to a unit (MASI distance)",
        bands=("landis_koch", "gwet", "krippendorff"),
        is_headline=True,
    ),
    CoefficientSpec(
        name="gwet_ac1",
        label="Gwet's AC1",
        definition="Gwet's (2008) AC1 over all (unit, code) yes/no decisions",
        source="Gwet 2008",
        from_counts=lambda drawn: ac1_from_shares(
            drawn.pooled_votes.observed, drawn.pooled_votes.shares
        ),
        per_code=lambda drawn: ac1_from_shares(drawn.code_votes.observed, drawn.code_votes.shares),
        column="AC1",
        sentence="Gwet's AC1",
        bands=("landis_koch", "gwet"),
        is_headline=True,
    ),
    CoefficientSpec(
        name="brennan_prediger",
        label="Brennan-Prediger (PABAK)",
        definition="Brennan & Prediger (1981) over the same yes/no decisions (PABAK)",
        source="Brennan & Prediger 1981",
        from_counts=lambda drawn: brennan_prediger_from_percent(
            percent_from_tables(drawn.pooled_table), n_categories=2
        ),
        bands=("landis_koch", "gwet"),
    ),
    CoefficientSpec(
        name="positive_agreement",
        label="Positive agreement",
        definition="share of the 'yes' decisions of a pair that the other shares (Cicchetti &"
        " Feinstein 1990)",
        source="Cicchetti & Feinstein 1990",
        from_counts=lambda drawn: specific_agreement_from_tables(drawn.pooled_table)[..., 1],
        per_code=lambda drawn: specific_agreement_from_tables(drawn.code_tables)[..., 1],
        column="pos.",
        sentence="positive specific agreement",
        undefined="nobody gave the code",
        scale="percent",
    ),
    CoefficientSpec(
        name="negative_agreement",
        label="Negative agreement",
        definition="the same of the 'no' decisions",
        source="Cicchetti & Feinstein 1990",
        from_counts=lambda drawn: specific_agreement_from_tables(drawn.pooled_table)[..., 0],
        per_code=lambda drawn: specific_agreement_from_tables(drawn.code_tables)[..., 0],
        undefined="every coder gave the code to every unit",
        scale="percent",
    ),
    CoefficientSpec(
        name="tree_credit_alpha",
        label="Tree-credit alpha",
        definition="not a standard coefficient: alpha over sets of codes in which a sibling, parent"
        " or child of a code counts as half right",
        set_distances=tree_distances,
        is_standard=False,
    ),
)
"""Every coefficient of a study's table, in the order of the table."""

PREVALENCE = "share of decisions on a code that are 'yes', over the coders who read the unit"


def build_definitions(specs: Sequence[CoefficientSpec] = SPECS) -> dict[str, str]:
    """The definition of every number of the table, by name."""
    return {spec.name: spec.definition for spec in specs} | {"prevalence": PREVALENCE}


def build_labels(specs: Sequence[CoefficientSpec] = SPECS) -> dict[str, str]:
    """What every number of the table is called for people, by name."""
    return {spec.name: spec.label for spec in specs} | {"prevalence": "Prevalence"}


DEFINITIONS = build_definitions()

HEADLINE = tuple(spec.name for spec in SPECS if spec.is_headline)
"""The overall numbers for a short account; none of them is to be read alone."""
