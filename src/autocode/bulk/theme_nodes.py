"""One draft of themes as a model: centroids, the cut-offs of each, and names; kept as JSON.

A row goes to the theme with the nearest centroid. It stays out as an outlier where it is further
from it than 95 % of the excerpts that the theme was drafted from, and as near two themes where a
second centroid is so near that, of the excerpts that were drafted from, the same share is left out
as the draft itself left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..core.theme import UnassignedReason
from ..core.transcript import Segment, Span
from ..encode.protocol import Vectors
from ..io.url_path import AnyPath
from ..linalg import DECIMALS, Floats, Ids, one_thread, unit_rows
from ..text.stop_words import StopWords, resolve_stop_words
from ..themes.deduplicate import DistinctExcerpts, deduplicate, find_names_of
from ..themes.describe import describe_groups, name_theme
from ..themes.exemplars import choose_exemplars
from ..themes.fitted import mean_cosine
from ..themes.groups import UNASSIGNED, Groups, compute_centroids
from ..themes.partition import MOST_IN_TREE, PartitionOptions, partition
from ..themes.ward import n_themes_for
from .kept_files import read_json, write_json

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

REST = "rest"
"""The key of the draft of what is far from all themes of the first, beside which its own stand."""
UNUSUAL = 0.05
LEAST_CLOSE_KNIT = 0.25
"""A theme of the rest is as close-knit as three in four of the first draft."""
FEWEST_IN_REST = 5
REST_IS_FINER = 3
"""How many times the usual number of groups the rest is cut into."""
FEWEST_IN_DRAFT = 30
"""Distinct excerpts without which a theme is not drafted anew."""
LONGEST_EXEMPLAR = 500
"""Characters of an excerpt that are shown."""
_BLOCK = 1024
"""Rows that are compared at once: few enough for the cache of a core."""
_LEAST_LENGTH = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemplar:
    """An excerpt that shows a theme, and whose it is (empty: not known)."""

    text: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeTheme:
    """A theme in words.

    `cut_off` is the cosine with its centroid below which a row is out, `cohesion` the mean cosine
    between two of the excerpts it was drafted from.
    """

    key: str
    name: str
    terms: tuple[str, ...]
    exemplars: tuple[Exemplar, ...]
    n_drafted_from: int
    cut_off: float
    cohesion: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeNode:
    """Themes drafted together: the first (`key` empty), of the rest, or within the theme `key`.

    `mean` (d,) is taken from a vector before it is compared with the `centroids` (k, d), whose rows
    are in the order of `themes`. A row is near two themes where its two largest cosines differ by
    less than `close_call`. `languages` are those of the stop words.
    """

    key: str
    themes: tuple[NodeTheme, ...]
    mean: Floats
    centroids: Floats
    close_call: float
    languages: tuple[str, ...]
    n_sampled: int

    @property
    def is_first_level(self) -> bool:
        """Whether its themes are within no other."""
        return self.key in ("", REST)

    def keep_exemplars(self, held: Set[Exemplar]) -> ThemeNode:
        """The same themes, shown by those of their exemplars that are among `held`."""
        return replace(
            self,
            themes=tuple(
                replace(theme, exemplars=tuple(one for one in theme.exemplars if one in held))
                for theme in self.themes
            ),
        )

    def usual_cohesion(self) -> float:
        """The cohesion that three in four of its themes reach; -1 without themes."""
        known = [theme.cohesion for theme in self.themes]
        return float(np.quantile(known, LEAST_CLOSE_KNIT)) if known else -1.0

    def digest_into(self, digest: Hash) -> None:
        """Add all that decides which theme a row is in."""
        cut_offs = [theme.cut_off for theme in self.themes]
        digest.update(repr((self.key, self.languages, self.close_call, cut_offs)).encode())
        digest.update(self.mean.tobytes() + self.centroids.tobytes())

    def assign(self, vectors: npt.NDArray[np.floating[Any]], rows: Ids) -> NodeAssignment:
        """The themes of some `rows` (n,) of vectors (m, d), of any length but 0."""
        theme = np.full(len(rows), UNASSIGNED, dtype=np.intp)
        strength = np.zeros(len(rows))
        reason = np.full(len(rows), UnassignedReason.OUTLIER.value, dtype=object)
        if len(self.themes):
            compared = _Compared.of(self)
            with one_thread():
                for at in range(0, len(rows), _BLOCK):
                    block = slice(at, at + _BLOCK)
                    cosine = compared.cosines(vectors[rows[block]])
                    self._assign_block(cosine, (theme[block], strength[block], reason[block]))
        return NodeAssignment(theme=theme, strength=strength, reason=reason)

    def _assign_block(
        self, cosine: Floats, out: tuple[Ids, Floats, npt.NDArray[np.object_]]
    ) -> None:
        nearest = np.argmax(cosine, axis=1)
        own = np.take_along_axis(cosine, nearest[:, None], axis=1)[:, 0]
        np.put_along_axis(cosine, nearest[:, None], -2.0, axis=1)
        is_far = own < np.array([one.cut_off for one in self.themes])[nearest]
        is_close_call = ~is_far & (own - cosine.max(axis=1) < self.close_call)
        is_in = ~is_far & ~is_close_call
        out[0][:] = np.where(is_in, nearest, UNASSIGNED)
        out[1][:] = np.where(is_in, np.clip(own, 0, 1), 0.0)
        near_two, outlier = UnassignedReason.NEAR_TWO_THEMES, UnassignedReason.OUTLIER
        out[2][:] = np.where(is_in, "", np.where(is_far, outlier.value, near_two.value))

    def to_stored(self) -> dict[str, Any]:
        """As plain data, numbers rounded as they are used."""
        return {
            "key": self.key,
            "themes": [asdict(theme) for theme in self.themes],
            "mean": self.mean.tolist(),
            "centroids": self.centroids.tolist(),
            "close_call": self.close_call,
            "languages": list(self.languages),
            "n_sampled": self.n_sampled,
        }

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> ThemeNode:
        """From what `to_stored` gave."""
        width = len(stored["mean"])
        return cls(
            key=stored["key"],
            themes=tuple(_theme_from_stored(theme) for theme in stored["themes"]),
            mean=np.array(stored["mean"]),
            centroids=np.array(stored["centroids"]).reshape(-1, width),
            close_call=stored["close_call"],
            languages=tuple(stored["languages"]),
            n_sampled=stored["n_sampled"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeAssignment:
    """Of each row (n,) the number of its theme or `UNASSIGNED`, its strength, and why it is out."""

    theme: Ids
    strength: Floats
    reason: npt.NDArray[np.object_]


def _theme_from_stored(stored: Mapping[str, Any]) -> NodeTheme:
    shown = tuple(Exemplar(**one) for one in stored["exemplars"])
    return NodeTheme(**{**stored, "terms": tuple(stored["terms"]), "exemplars": shown})


def write_node(path: AnyPath, node: ThemeNode) -> None:
    """Keep a node as a file."""
    write_json(path, node.to_stored())


def read_node(path: AnyPath) -> ThemeNode:
    """A node that was kept."""
    return ThemeNode.from_stored(read_json(path))


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledExcerpts:
    """Texts with whose they are (None: not known), their domains and unit vectors (n, d)."""

    texts: list[str]
    groups: list[str | None]
    domains: list[str]
    vectors: Vectors


def draft_node(
    key: str,
    sampled: SampledExcerpts,
    *,
    stop_words: StopWords | None = None,
    first: ThemeNode | None = None,
) -> ThemeNode:
    """Themes of sampled excerpts by the method of `themes`, as they are within the theme `key`.

    Those of the rest are numbered after the `first` ones, and are as close-knit.
    """
    segments = [
        _make_segment(text, group)
        for text, group in zip(sampled.texts, sampled.groups, strict=True)
    ]
    stop_words = stop_words or resolve_stop_words(StopWords(()), sampled.texts)
    excerpts = deduplicate(segments, sampled.vectors, stop_words)
    width = sampled.vectors.shape[1]
    if key == REST and first is not None:
        mean = first.mean  # so that cosines can be compared with those of the first draft
    elif len(excerpts.vectors):
        mean = np.round(excerpts.vectors.astype(np.float64).mean(axis=0), DECIMALS)
    else:
        mean = np.zeros(width)
    if key and len(excerpts.vectors) < FEWEST_IN_DRAFT:
        groups, n_groups = None, 0
    else:
        groups = partition(excerpts.vectors, _choose_options(key, len(excerpts.vectors)))
        n_groups = groups.n_groups
    if groups is None or (key and n_groups < 2) or not n_groups:
        return ThemeNode(
            key=key, themes=(), mean=mean, centroids=np.zeros((0, width)),
            close_call=0.0, languages=stop_words.languages, n_sampled=len(segments),
        )  # fmt: skip
    return _describe(key, excerpts, groups, (mean, stop_words), first)


def _choose_options(key: str, n_excerpts: int) -> PartitionOptions:
    """How excerpts are grouped: those of the rest finely, as only what is close-knit is kept."""
    if key == REST:
        n_in_tree = min(n_excerpts, MOST_IN_TREE)
        return PartitionOptions(
            n_groups=min(REST_IS_FINER * n_themes_for(n_in_tree), n_in_tree // 3)
        )
    # Where drafts are many, one draw of noise: it moved the knee by .04 at most, of the .3 that
    # decide (`eval/results/bulk.md`).
    return PartitionOptions(n_null=1) if key else PartitionOptions()


def _describe(
    key: str,
    excerpts: DistinctExcerpts,
    groups: Groups,
    shared: tuple[Floats, StopWords],
    first: ThemeNode | None,
) -> ThemeNode:
    mean, stop_words = shared
    draft = describe_groups(excerpts, groups, proper_names=find_names_of(excerpts.segments))
    centred = unit_rows(excerpts.vectors - mean)
    centroids = compute_centroids(centred, groups.group, groups.n_groups)
    order = sorted(draft.keys, key=lambda number: draft.keys[number])
    cohesion = [mean_cosine(excerpts.vectors[groups.group == n]) for n in range(groups.n_groups)]
    n_before = 0
    if key == REST and first is not None:
        sizes, bound = np.bincount(groups.group[groups.group >= 0]), first.usual_cohesion()
        order = [n for n in order if cohesion[n] >= bound and sizes[n] >= FEWEST_IN_REST]
        n_before = len(first.themes)
    themes = []
    for rank, number in enumerate(order, start=1):
        shown = choose_exemplars(excerpts, draft.rows[number], draft.style)
        rows = centred[groups.group == number]
        themes.append(
            NodeTheme(
                key=f"T{n_before + rank:02d}" if key in ("", REST) else f"{key}.{rank}",
                name=name_theme(draft, number),
                terms=tuple(draft.terms[number]),
                exemplars=tuple(_show(excerpts.segments[at]) for at in shown),
                n_drafted_from=len(rows),
                cut_off=_find_cut_off(rows),
                cohesion=cohesion[number],
            )
        )
    return ThemeNode(
        key=key,
        themes=tuple(themes),
        mean=mean,
        centroids=centroids[order].reshape(-1, centroids.shape[1]),
        close_call=_find_close_call(centred, centroids, groups),
        languages=stop_words.languages,
        n_sampled=len(excerpts.segments),
    )


_NO_GROUP = "\x00"


def _make_segment(text: str, group: str | None) -> Segment:
    # Where nobody is named every excerpt stands for itself.
    case = group or _NO_GROUP + text[:80]
    return Segment(transcript=group or "", span=Span(0, len(text)), excerpt=text, case=case)


def _show(segment: Segment) -> Exemplar:
    return Exemplar(text=segment.excerpt[:LONGEST_EXEMPLAR], group=_shown_group(segment))


def _shown_group(segment: Segment) -> str:
    case = segment.case or ""
    return "" if case.startswith(_NO_GROUP) else case


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    """What vectors are multiplied with: the centroids (k, d) and, last, the mean.

    With v of length 1, m the mean and c a centroid, the cosine of v - m with c is
    (v·c - m·c) / √(1 - 2 v·m + m·m): a vector need not be brought to length 1, nor centred, first.
    """

    factors: Floats
    mean_by_centroid: Floats
    mean_square: float

    @classmethod
    def of(cls, node: ThemeNode) -> _Compared:
        return cls(
            factors=np.vstack([node.centroids, node.mean]),
            mean_by_centroid=node.centroids @ node.mean,
            mean_square=float(node.mean @ node.mean),
        )

    def cosines(self, vectors: npt.NDArray[np.floating[Any]]) -> Floats:
        """The cosines of vectors (n, d) with the centroids (n, k), 0 for one that is the mean."""
        # In double precision, so that rounding gives the same however many rows are in a block.
        rows = vectors.astype(np.float64)
        length = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
        product = rows @ self.factors.T / np.maximum(length, _LEAST_LENGTH)
        square = 1 - 2 * product[:, -1:] + self.mean_square
        is_mean = square < _LEAST_LENGTH**2
        cosine = (product[:, :-1] - self.mean_by_centroid) / np.sqrt(np.where(is_mean, 1, square))
        return np.asarray(np.round(np.where(is_mean, 0.0, cosine), DECIMALS), dtype=np.float64)


def _find_close_call(rows: Floats, centroids: Floats, groups: Groups) -> float:
    """Below which difference as many rows (n, d) are near two themes as the draft left out so.

    A row is compared with the centroid of the others of its theme: no row to come has a part in a
    centroid, which draws its own rows nearer.
    """
    if len(centroids) < 2:
        return 0.0
    cosine, own = rows @ centroids.T, groups.group
    placed = np.flatnonzero(own >= 0)
    total = np.zeros(centroids.shape)
    np.add.at(total, own[placed], rows[placed])
    others = unit_rows(total[own[placed]] - rows[placed])
    cosine[placed, own[placed]] = (rows[placed] * others).sum(axis=1)
    share = np.mean([reason is UnassignedReason.NEAR_TWO_THEMES for reason in groups.reason])
    second, first = np.partition(cosine, cosine.shape[1] - 2, axis=1)[:, -2:].T
    return float(np.floor(np.quantile(first - second, share) * 1e4) / 1e4)


def _find_cut_off(rows: Floats) -> float:
    """The cosine with the centroid of the others that 95 % of a theme's rows (n, d) reach."""
    others = rows.sum(axis=0) - rows
    cosine = (rows * unit_rows(others)).sum(axis=1)
    return float(np.floor(np.quantile(cosine, UNUSUAL) * 1000 - 0.5) / 1000)
