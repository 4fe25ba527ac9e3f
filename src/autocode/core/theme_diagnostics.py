"""What a theme draft was made with and what was measured of it, as types.

A study file holds these as flat JSON; `to_stored` and `from_stored` say how.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

FEWEST_CODES = 6
"""Codes, each on two segments at least, below which no metric is learned: of four it was a loss."""
FEWEST_SEGMENTS = 40
"""Coded segments, beyond one for each code, below which no metric is learned."""
FEWEST_CLEAR = 2
"""How many distinct segments a guided theme takes."""
_FEWEST_NULL = 5

Method = Literal["combined", "ward", "hdbscan"]
"""Ways to partition segments into themes; see `themes.partition`."""
CountSource = Literal["asked", "gap", "size"]
"""Whose number of themes: the analyst's, the gap statistic's, or the one for so many segments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionDiagnostics:
    """How segments were partitioned; None where a figure has no meaning for the method.

    `n_in_tree` excerpts made the tree, the rest went to the nearest theme; `n_neighbours` and
    `n_directions` are those of the space; `min_cluster_size` is hdbscan's. `n_themes_source` says
    where the number of themes comes from; `gap` is the gap statistic at that number and `gap_error`
    its standard error (see `themes.theme_count`).
    """

    method: Method = "combined"
    n_in_tree: int | None = None
    n_neighbours: int | None = None
    n_directions: int | None = None
    n_themes_asked: int | None = None
    n_themes_source: CountSource | None = None
    gap: float | None = None
    gap_error: float | None = None
    min_cluster_size: int | None = None

    @property
    def is_tighter_than_noise(self) -> bool | None:
        """Whether the gap is more than two standard errors above 0; None if not measured."""
        if self.gap is None or self.gap_error is None:
            return None
        return self.gap > 2 * self.gap_error


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricDiagnostics:
    """What a metric for themes was learned from, or might have been (see `themes.learned_metric`).

    Codes that people gave two segments or more, their codings, and the segments that have some.
    `ridge` is in mean variances within codes; None where the metric is not used.
    """

    is_used: bool
    n_codes: int
    n_codings: int
    n_segments: int
    ridge: float | None = None


@dataclass(frozen=True, slots=True)
class MeanInterval:
    """A mean over draws, with the interval that holds 95 % of them."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftStability:
    """How well all themes together are recovered from resampled data: adjusted Rand indices.

    `bootstrap_ari` is over draws of segments, `left_out_ari` over leaving out one participant, and
    `jaccard` the mean over themes of each draw of segments. `null_ari` and `null_jaccard` are the
    same of themes of noise, over `n_null` sets of Gaussian rows with the covariance of the vectors.
    """

    n_draws: int
    random_state: int
    bootstrap_ari: MeanInterval | None
    left_out_ari: MeanInterval | None
    n_left_out: int
    jaccard: MeanInterval | None = None
    null_ari: MeanInterval | None = None
    null_jaccard: MeanInterval | None = None
    n_null: int = 0

    @property
    def is_steadier_than_noise(self) -> bool | None:
        """Whether the themes are recovered better than 97.5 % of themes of noise, by Rand index.

        None where noise was not drawn, or too seldom to say.
        """
        if self.bootstrap_ari is None or self.null_ari is None or self.n_null < _FEWEST_NULL:
            return None
        return self.bootstrap_ari.mean > self.null_ari.high


@dataclass(frozen=True, slots=True)
class Merge:
    """Two themes (keys) or earlier merges (their numbers) that join at a height (1 - cosine)."""

    one: str | int
    other: str | int
    height: float


@dataclass(frozen=True, slots=True)
class NearSegment:
    """A segment (transcript and where it starts) and its cosine with the nearest guiding phrase."""

    transcript: str
    start: int
    cosine: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidingOutcome:
    """What came of guiding phrases: the theme (key), None where too few segments match.

    `clear_from` is the cosine from which a segment clearly matches, `nearest` that of the nearest
    segment; `n_clear` excerpts match clearly, `n_near_two` of them another guided theme as well.
    `nearest_segments` are the five nearest, clear or not, nearest first.
    """

    name: str
    phrases: tuple[str, ...]
    theme: str | None
    clear_from: float
    nearest: float
    n_clear: int
    n_near_two: int
    nearest_segments: tuple[NearSegment, ...] = ()

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> GuidingOutcome:
        """The outcome that a study file holds."""
        near = tuple(NearSegment(**segment) for segment in stored.get("nearest_segments", ()))
        phrases = tuple(stored["phrases"])
        return cls(**{**stored, "phrases": phrases, "nearest_segments": near})


@dataclass(frozen=True, slots=True)
class UpdateRecord:
    """One update of a draft: how many segments were added, and the keys of its new themes."""

    n_segments: int
    new_themes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDiagnostics:
    """What a theme draft was made with and what was measured of it.

    `languages` (ISO 639-1) and `added_stop_words` say which words named no theme. Counts are those
    of the first draft; `n_drafted` is the highest number that a theme has had. `remarks` are what a
    reader must know of the whole draft. `metric` is None where codings were not to be learned from.
    Figures that an older version did not keep are None or empty.
    """

    partition: PartitionDiagnostics = field(default_factory=PartitionDiagnostics)
    languages: tuple[str, ...] = ("en",)
    added_stop_words: tuple[str, ...] = ()
    n_segments: int | None = None
    n_distinct: int | None = None
    n_too_short: int | None = None
    n_near_two_themes: int | None = None
    n_outliers: int | None = None
    n_drafted: int = 0
    stability: DraftStability | None = None
    tree: tuple[Merge, ...] = ()
    guiding: tuple[GuidingOutcome, ...] = ()
    updates: tuple[UpdateRecord, ...] = ()
    remarks: tuple[str, ...] = ()
    metric: MetricDiagnostics | None = None

    def to_stored(self) -> dict[str, Any]:
        """The diagnostics as a study file holds them."""
        counts = {name: getattr(self, name) for name in _COUNTS}
        known = {
            name: value
            for name, value in (counts | asdict(self.partition)).items()
            if value is not None
        }
        known["languages"] = list(self.languages)
        if self.added_stop_words:
            known["added_stop_words"] = list(self.added_stop_words)
        known["tree"] = [[merge.one, merge.other, merge.height] for merge in self.tree]
        if self.stability is not None:
            known["stability"] = asdict(self.stability)
        if self.guiding:
            known["guiding"] = [
                asdict(outcome)
                | {
                    "phrases": list(outcome.phrases),
                    "nearest_segments": [asdict(near) for near in outcome.nearest_segments],
                }
                for outcome in self.guiding
            ]
        if self.metric is not None:
            known["metric"] = asdict(self.metric)
        if self.remarks:
            known["remarks"] = list(self.remarks)
        if self.updates:
            known["updates"] = [
                {"n_segments": update.n_segments, "new_themes": list(update.new_themes)}
                for update in self.updates
            ]
        return known

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> DraftDiagnostics:
        """The diagnostics that a study file holds."""
        partition = PartitionDiagnostics(
            **{name: stored[name] for name in PartitionDiagnostics.__slots__ if name in stored}
        )
        return cls(
            partition=partition,
            languages=tuple(stored.get("languages", ("en",))),
            added_stop_words=tuple(stored.get("added_stop_words", ())),
            **{name: stored[name] for name in _COUNTS if name in stored},
            stability=_stability(stored.get("stability")),
            remarks=tuple(stored.get("remarks", ())),
            metric=MetricDiagnostics(**stored["metric"]) if stored.get("metric") else None,
            tree=tuple(Merge(*merge) for merge in stored.get("tree", ())),
            guiding=tuple(
                GuidingOutcome.from_stored(outcome) for outcome in stored.get("guiding", ())
            ),
            updates=tuple(
                UpdateRecord(update["n_segments"], tuple(update["new_themes"]))
                for update in stored.get("updates", ())
            ),
        )


_COUNTS = (
    "n_segments",
    "n_distinct",
    "n_too_short",
    "n_near_two_themes",
    "n_outliers",
    "n_drafted",
)


def _stability(stored: Mapping[str, Any] | None) -> DraftStability | None:
    if not stored:
        return None
    return DraftStability(
        n_draws=stored["n_draws"],
        random_state=stored["random_state"],
        bootstrap_ari=_interval(stored.get("bootstrap_ari")),
        left_out_ari=_interval(stored.get("left_out_ari")),
        n_left_out=stored.get("n_left_out", 0),
        jaccard=_interval(stored.get("jaccard")),
        null_ari=_interval(stored.get("null_ari")),
        null_jaccard=_interval(stored.get("null_jaccard")),
        n_null=stored.get("n_null", 0),
    )


def _interval(stored: Mapping[str, float] | None) -> MeanInterval | None:
    return MeanInterval(**stored) if stored else None
