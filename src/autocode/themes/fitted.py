"""The themes of a stored draft as a model that assigns later segments.

The centroid of a theme is that of the segments it was drafted from. Segments added later do not
move it, so the assignment of a segment does not depend on what else was added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.theme import ThemeDraft, UnassignedReason
from ..core.transcript import Segment
from ..linalg import DECIMALS, Floats, Ids
from .deduplicate import DistinctExcerpts
from .groups import UNASSIGNED, compute_centroids, to_reasons
from .hdbscan import cores
from .learned_metric import LearnedMetric
from .partition import (
    CLOSE_CALL,
    FAR,
    FEWEST_FOR_DIRECTIONS,
    MOST_IN_TREE,
    closeness,
    nn_threshold,
    plain_space,
    sample_space,
)
from .preprocess import Embedded, Space, Vectors

_UNUSUAL = 0.05
_LEAST_CLOSE_KNIT = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """Themes of later rows (n,): a number, or `UNASSIGNED` with a reason (None if assigned).

    `nearest` is the nearest theme's number, `UNASSIGNED` where there is none; `strength` 0..1.
    """

    theme: Ids
    nearest: Ids
    strength: Floats
    reason: tuple[UnassignedReason | None, ...]
    points: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedThemes:
    """The rows that themes were drafted from, and what decides on later ones.

    Theme numbers count `keys`. `excerpts` are the rows' words, `vectors` (m, d) their meaning,
    `assignment` (m,) their themes, `points` (m, k) their coordinates, and `core_strength` how
    firmly each sits in a dense core (0..1). Where the draft was made in a learned `metric`, points
    are of rows in it, while vectors stay as they are. `open_themes` take what is near them; guided
    themes do not. `membership_threshold` is the cosine with its theme's centroid that 95 % of the
    rows reach, `nn_threshold` the cosine with its nearest other row below which a row is an
    outlier.
    """

    keys: tuple[str, ...]
    excerpts: tuple[str, ...]
    vectors: Vectors
    assignment: Ids
    points: Floats
    space: Space
    core_strength: Floats
    open_themes: Ids
    membership_threshold: float
    nn_threshold: float
    metric: LearnedMetric | None = None

    @property
    def centroids(self) -> Floats:
        """The centroids of the themes as points (n_themes, k)."""
        return compute_centroids(self.points, self.assignment, len(self.keys))

    @property
    def vector_centroids(self) -> Floats:
        """The centroids of the themes as vectors (n_themes, d)."""
        return compute_centroids(self.vectors, self.assignment, len(self.keys))

    def usual_cohesion(self) -> float | None:
        """The mean cosine between two rows of a theme that three in four themes reach."""
        groups = [self.vectors[self.assignment == number] for number in self.open_themes]
        known = [mean_cosine(rows) for rows in groups if len(rows) > 1]
        return float(np.quantile(known, _LEAST_CLOSE_KNIT)) if known else None

    def predict(self, vectors: Vectors) -> Prediction:
        """The themes of unit rows (n, d).

        As in a draft, a row is near two themes when it is in no dense core and a second theme is as
        near, and an outlier when it is far from all centroids or from every other row. It is an
        outlier as well below the membership threshold of the rows that the themes were drafted
        from.
        """
        n_rows = len(vectors)
        if not len(self.vectors):
            return _nobody(np.zeros((n_rows, self.points.shape[1])))
        points, like = self.space.points(_in_metric(vectors, self.metric))
        if not len(self.open_themes):
            return _nobody(points)
        near = closeness(points, self.centroids[self.open_themes], np.full(n_rows, UNASSIGNED))
        nearest = self.open_themes[near.nearest]
        core_strength = self.core_strength[like.row]
        alone = (near.own < FAR) | (like.cosine < self.nn_threshold)
        alone |= (
            np.round((vectors * self.vector_centroids[nearest]).sum(axis=1), DECIMALS)
            < self.membership_threshold
        )
        between = ~alone & (core_strength == 0) & (near.own - near.other < CLOSE_CALL)
        outlier, near_two = UnassignedReason.OUTLIER, UnassignedReason.NEAR_TWO_THEMES
        reason = np.where(alone, outlier.value, np.where(between, near_two.value, ""))
        placed = ~alone & ~between
        strength = np.round(np.clip(near.own, 0, 1) * (1 + core_strength) / 2, DECIMALS)
        return Prediction(
            theme=np.where(placed, nearest, UNASSIGNED).astype(np.intp),
            nearest=nearest,
            strength=np.where(placed, strength, 0.0),
            reason=to_reasons(reason),
            points=points,
        )


def _nobody(points: Floats) -> Prediction:
    """All of these points where no theme takes any."""
    n_rows = len(points)
    nobody = np.full(n_rows, UNASSIGNED, dtype=np.intp)
    return Prediction(
        theme=nobody,
        nearest=nobody,
        strength=np.zeros(n_rows),
        reason=(UnassignedReason.OUTLIER,) * n_rows,
        points=points,
    )


def fit_themes(
    draft: ThemeDraft, founders: DistinctExcerpts, theme_of: Mapping[Segment, str], *, method: str
) -> FittedThemes:
    """The themes of a draft as a model; `theme_of` gives their keys, dropped ones included."""
    keys = tuple(dict.fromkeys([*(t.key for t in draft.themes), *sorted(set(theme_of.values()))]))
    number = {key: at for at, key in enumerate(keys)}
    assignment = np.array(
        [
            _assigned_theme([founders.segments[i] for i in copies], theme_of, number)
            for copies in founders.copies
        ],
        dtype=np.intp,
    )
    match_guiding_phrases = {theme.key for theme in draft.themes if theme.guidance}
    known = set(assignment.tolist())
    open_themes = [
        at for at, key in enumerate(keys) if key not in match_guiding_phrases and at in known
    ]
    metric = LearnedMetric.from_stored(draft.metric) if draft.metric else None
    rows = _in_metric(founders.vectors, metric)
    sample = rows[:MOST_IN_TREE]
    embedded = _embed(sample)
    space, points = embedded.space, embedded.points
    is_plain = not space.n_neighbours
    core_strength = np.ones(len(sample)) if is_plain or method == "ward" else cores(points)
    if len(rows) > len(sample):
        points = np.vstack([points, space.points(rows[len(sample) :])[0]])
    return FittedThemes(
        keys=keys,
        excerpts=tuple(founders.segments[copies[0]].excerpt for copies in founders.copies),
        vectors=founders.vectors,
        assignment=assignment,
        points=points,
        space=space,
        core_strength=core_strength,
        open_themes=np.array(open_themes, dtype=np.intp),
        membership_threshold=_membership_threshold(founders.vectors, assignment, open_themes),
        nn_threshold=-1.0
        if is_plain or not len(embedded.nn_cosine)
        else nn_threshold(embedded.nn_cosine),
        metric=metric,
    )


def mean_cosine(rows: Vectors) -> float:
    """The mean cosine between two different unit rows (n, d), rounded; 0 for fewer than two."""
    n = len(rows)
    if n < 2:
        return 0.0
    length = np.linalg.norm(rows.astype(np.float64).sum(axis=0))
    return round(float((length**2 - n) / (n * (n - 1))), DECIMALS)


def _in_metric(vectors: Vectors, metric: LearnedMetric | None) -> Vectors:
    return vectors if metric is None else metric.transform(vectors)


def _embed(sample: Vectors) -> Embedded:
    if len(sample) >= FEWEST_FOR_DIRECTIONS:
        embedded = sample_space(sample)
        if embedded.points.any():
            return embedded
    return plain_space(sample)


def _assigned_theme(
    copies: Sequence[Segment], theme_of: Mapping[Segment, str], number: dict[str, int]
) -> int:
    return next((number[theme_of[s]] for s in copies if s in theme_of), UNASSIGNED)


def _membership_threshold(vectors: Vectors, assignment: Ids, open_themes: Sequence[int]) -> float:
    """The cosine with the centroid of the others in its theme that 95 % of the rows reach."""
    cosines: list[float] = []
    for number in open_themes:
        rows = vectors[assignment == number].astype(np.float64)
        others = rows.sum(axis=0) - rows
        norms = np.linalg.norm(others, axis=1)
        cosine = (rows * others).sum(axis=1) / np.where(norms < 1e-9, 1, norms)
        cosines += cosine.tolist() if len(rows) > 1 else []
    # Rounded down, so that a row like all others is never below by a rounding error.
    return float(np.floor(np.quantile(cosines, _UNUSUAL) * 1000 - 0.5) / 1000) if cosines else -1.0
