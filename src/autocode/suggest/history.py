"""What a coder has done so far in one transcript, as evidence for the codes of its other segments.

People carry codes on from segment to segment and come back to what they have used. `describe` says
of a segment and a code how the codings around stand to it: whether the nearest coded segment has
the code, how long ago it was used, how near in meaning its uses in this transcript are, which codes
are usually followed by it. Nothing here is fitted; `history_model` weighs it.

The nearest observed segment is called near, the nearest on the other side far: whoever codes in
reading order has near before and no far, whoever codes backwards the mirror image, and in a gap
between two coded passages there are both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, logsumexp

from ..core.transcript import CODABLE_ROLES
from ..text.words import n_words
from .adaptation import LocalAdaptation
from .corpus import EncodedCorpus
from .history_features import CODE_FEATURES, SEGMENT_FEATURES, BaseScores, Described
from .persistence import Persistence
from .protocol import NEVER, Flags, Floats, Rows
from .sequence import PairwiseChain

Floats32 = npt.NDArray[np.float32]

_NONE = -1
_USUAL_LOG_LENGTH = 3.0
"""Log of one more than twenty words or so."""
_LEAST_SHARE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryConfig:
    """The constants of the evidence; distances leave an interviewer's words out.

    Attributes:
        reach: over how many segments what stands near fades; next to it, it counts in full.
        recent, lately: over how many segments the last use of a code fades.
        vote_reach: over how many the votes of similar segments fade.
        vote_power, vote_scale: a vote is the cosine to this power, counted on a log scale.
        density_reach: over how many the share of coded segments around fades.
        usual_persistence, usual_pairs: how often a code goes on in the next segment where nothing
            is known, and how many pairs that is worth.
        persistence_pairs: pairs at which a code's own persistence counts as much as all codes'.
        usual_coded, usual_segments: the same for the share of segments with a code.
        density_segments: segments at which the share coded in this transcript counts as much as
            that in others.
        usual_likeness: the cosine of two segments that says nothing.
    """

    reach: float = 8.0
    recent: float = 2.0
    lately: float = 8.0
    vote_reach: float = 10.0
    vote_power: float = 4.0
    vote_scale: float = 20.0
    density_reach: float = 3.0
    usual_persistence: float = 0.35
    usual_pairs: float = 5.0
    persistence_pairs: float = 6.0
    usual_coded: float = 0.6
    usual_segments: float = 10.0
    density_segments: float = 5.0
    usual_likeness: float = 0.3


DEFAULTS = HistoryConfig()


class TranscriptHistory:
    """One transcript and what is observed of it so far."""

    def __init__(
        self,
        corpus: EncodedCorpus,
        rows: Rows,
        base: BaseScores,
        *,
        persistence: Persistence,
        chain: PairwiseChain,
        group: int = 0,
        adaptation: LocalAdaptation | None = None,
        config: HistoryConfig = DEFAULTS,
    ) -> None:
        """Nothing observed.

        Args:
            corpus: the words.
            rows: the transcript's segments in reading order.
            base: their scores without the transcript's codings.
            persistence: of the codes in other transcripts.
            chain: the pairwise potentials of adjoining codes.
            group: which of its tables count here.
            adaptation: the linear model within this transcript; left out where `base` has learned
                of the transcript already.
            config: the constants.
        """
        self.rows = rows
        self._config = config
        self._base = base
        self._allowed = corpus.allowed[rows]
        self._vectors = corpus.vectors[rows]
        self._tables = chain.tables[group]
        self._adaptation = adaptation
        self._links = _locate_links(corpus, rows)
        # Answers and claims have no order: nothing stands next to them.
        around = corpus.around
        self._is_running = bool(
            ((around.previous[rows] >= 0) | (around.following[rows] >= 0)).any()
        )
        segments = [corpus.segments[row] for row in rows.tolist()]
        # What nobody codes, an interviewer's words, is no distance between two answers.
        is_coded = [segment.given or segment.role in CODABLE_ROLES for segment in segments]
        self._clock = np.cumsum(is_coded, dtype=np.float32)
        self._speaker = np.array([segment.speaker or "" for segment in segments], dtype=str)
        self._length = np.log1p([n_words(segment.excerpt) for segment in segments])
        self._length -= _USUAL_LOG_LENGTH
        self._asks = np.array(["?" in segment.excerpt for segment in segments], dtype=np.float32)
        held = np.where(self._allowed, base.scores, NEVER)
        self._total = logsumexp(held, axis=1)
        self._largest = held.max(axis=1)
        n, n_codes = base.scores.shape
        self._kept, self._pairs = persistence.kept.copy(), persistence.pairs.copy()
        usual = config.usual_persistence
        pairs, read = config.usual_pairs, config.usual_segments
        self._pooled = float((self._kept.sum() + pairs * usual) / (self._pairs.sum() + pairs))
        share = (persistence.coded + read * config.usual_coded) / (persistence.read + read)
        self._usual_coded = min(max(share, _LEAST_SHARE), 1 - _LEAST_SHARE)
        self.observed = np.zeros(n, dtype=bool)
        self.applied = np.zeros((n, n_codes), dtype=bool)
        self._nearest_use = np.full((n, n_codes), np.inf, dtype=np.float32)
        self._likest = np.full((n, n_codes), -np.inf, dtype=np.float32)
        self._votes = np.zeros((n, n_codes), dtype=np.float32)
        self._likeness = np.zeros(n, dtype=np.float32)
        self._around = np.zeros((2, n), dtype=np.float32)

    def observe(self, position: int, applied: Flags) -> None:
        """The coder has read the segment at `position` and applied these codes, (n_codes,)."""
        config = self._config
        applied = applied & self._allowed[position]
        before = np.flatnonzero(self.observed[:position])
        if len(before):
            self._pairs += self.applied[before[-1]]
            self._kept += self.applied[before[-1]] & applied
        if self._adaptation is not None:
            logits = self._base.linear[position] + self._adaptation.delta[position]
            residual = (expit(logits) - applied) * self._allowed[position]
            self._adaptation.observe(position, residual.astype(np.float32))
        self.observed[position] = True
        self.applied[position] = applied
        cosine = self._vectors @ self._vectors[position]
        distance = np.abs(self._clock - self._clock[position])
        codes = np.flatnonzero(applied)
        self._likeness += cosine
        self._likest[:, codes] = np.maximum(self._likest[:, codes], cosine[:, None])
        near = np.exp(-distance / np.float32(config.density_reach))
        self._around += np.stack([near * np.float32(applied.any()), near])
        if len(codes) and self._is_running:
            fade = np.exp(-distance / np.float32(config.vote_reach))
            vote = fade * np.maximum(cosine, 0) ** np.float32(config.vote_power)
            self._votes[:, codes] += vote[:, None]
            self._nearest_use[:, codes] = np.minimum(self._nearest_use[:, codes], distance[:, None])

    def describe(self, positions: Rows) -> Described:
        """The evidence for the segments at `positions`, by what is observed of all others."""
        near, far, near2 = self._find_near(positions, np.flatnonzero(self.observed))
        values = self._describe_codes(positions, near, far, near2)
        codes = np.stack([values[name] for name in CODE_FEATURES], axis=-1, dtype=np.float32)
        others = self._describe_segments(positions, near, near2, values["adaptation"])
        segments = np.stack([others[name] for name in SEGMENT_FEATURES], axis=-1, dtype=np.float32)
        codes[~self._allowed[positions]] = 0
        rows = [np.where(of == _NONE, _NONE, self.rows[of]) for of in (near, far)]
        return Described(codes, segments, *rows)

    def _describe_codes(
        self, at: Rows, near: Rows, far: Rows, near2: Rows
    ) -> dict[str, npt.NDArray[np.floating]]:
        config, base = self._config, self._base
        has = self._take(near)
        fade = self._fade(at, near)
        observed = np.flatnonzero(self.observed)
        own_speaker = self._find_same_speaker(at, observed)
        use, likest = self._nearest_use[at], self._likest[at]
        mean = self._likeness[at] / max(len(observed), 1)
        own, other = self._follow_pairs(at)
        return {
            "base": base.scores[at],
            "chain": base.scores[at] - base.interpolated[at],
            "near": has * fade,
            "far": self._take(far) * self._fade(at, far),
            "near2": self._take(near2) * self._fade(at, near2),
            "same speaker": self._take(own_speaker) * self._fade(at, own_speaker),
            "near, persistence": has * fade * self._persistence(),
            "near has others": (1 - has) * has.any(axis=1, keepdims=True) * fade,
            "recent": np.exp(-np.maximum(use - 1, 0) / config.recent),
            "lately": np.exp(-np.maximum(use - 1, 0) / config.lately),
            "likeness": np.where(np.isfinite(likest), likest - mean[:, None], 0.0),
            "votes": np.log1p(config.vote_scale * self._votes[at]),
            "adaptation": np.zeros_like(has)
            if self._adaptation is None
            else self._adaptation.delta[at],
            "follows own": own,
            "follows other": other,
        }

    def _describe_segments(
        self, at: Rows, near: Rows, near2: Rows, delta: npt.NDArray[np.floating]
    ) -> dict[str, npt.NDArray[np.floating]]:
        config, usual = self._config, self._usual_coded
        is_coded = self._take(near).any(axis=1)
        of_near, fade = near != _NONE, self._fade(at, near)[:, 0]
        seen = int(self.observed.sum())
        n_coded = int(self.applied.any(axis=1).sum())
        share = (n_coded + config.density_segments * usual) / (seen + config.density_segments)
        density = logit(share) - logit(usual)
        coded, around = self._around[:, at]
        likeness = np.where(of_near, self._cosine(at, near) - config.usual_likeness, 0.0)
        other_speaker = is_coded & (self._speaker[at] != self._speaker[near])
        total, allowed = self._total[at], self._allowed[at]
        adapted = np.where(allowed, self._base.scores[at] + delta, NEVER)
        return {
            "constant": np.ones(len(at)),
            "near coded": (is_coded - usual) * fade,
            "density": np.full(len(at), density),
            "nothing observed": ~of_near,
            "length": self._length[at],
            "base total": total,
            "near2 coded": (self._take(near2).any(axis=1) - usual) * self._fade(at, near2)[:, 0],
            "density around": (coded + usual) / (around + 1) - usual,
            "likeness to near": likeness * np.where(is_coded, 1, -1) * fade,
            "near coded, other speaker": other_speaker * fade,
            "question": self._asks[at],
            "base largest": self._largest[at] - total,
            "adapted total": logsumexp(adapted, axis=1) - total,
        }

    def _persistence(self) -> Floats:
        """Logit of each code's persistence above that of all codes, (n_codes,)."""
        pairs = self._config.persistence_pairs
        own = (self._kept + pairs * self._pooled) / (self._pairs + pairs)
        low, high = _LEAST_SHARE, 1 - _LEAST_SHARE
        pooled = min(max(self._pooled, low), high)
        return np.asarray(logit(np.clip(own, low, high)) - logit(pooled))

    def _follow_pairs(self, at: Rows) -> tuple[Floats32, Floats32]:
        """What codes of the same speaker's and of others' adjoining segments add, by pairs."""
        shares = self.applied / np.maximum(self.applied.sum(axis=1, keepdims=True), 1)
        shares = shares.astype(np.float32)
        messages = []
        for (previous, following), table in zip(self._links, self._tables, strict=True):
            before, after = (_take(shares, rows[at]) for rows in (previous, following))
            message = np.asarray(before @ table + after @ table.T)
            allowed = self._allowed[at]
            n_allowed = np.maximum(allowed.sum(axis=1, keepdims=True), 1)
            mean = np.where(allowed, message, 0).sum(axis=1, keepdims=True) / n_allowed
            messages.append((message - mean).astype(np.float32))
        return messages[0], messages[1]

    def _fade(self, at: Rows, other: Rows) -> Floats32:
        """How much segments so far away still say, (n, 1): 1 for the next, 0 for none."""
        distance = np.maximum(np.abs(self._clock[at] - self._clock[other]), 1)
        fade = np.exp((1 - distance) / np.float32(self._config.reach))
        return np.asarray(np.where(other == _NONE, np.float32(0), fade)[:, None])

    def _take(self, positions: Rows) -> Floats32:
        return _take(self.applied.astype(np.float32), positions)

    def _cosine(self, at: Rows, other: Rows) -> Floats32:
        return np.asarray((self._vectors[at] * self._vectors[other]).sum(axis=1))

    def _find_near(self, at: Rows, among: Rows) -> tuple[Rows, Rows, Rows]:
        """Nearest of `among` (ascending), nearest on the other side, next on the first side."""
        if not len(among) or not self._is_running:
            nothing = np.full(len(at), _NONE, dtype=np.intp)
            return nothing, nothing, nothing
        left = np.searchsorted(among, at, side="left") - 1
        right = np.searchsorted(among, at, side="right")
        before, after = _pick(among, left), _pick(among, right)
        # Before on ties: what stands before was read first, whatever the order of coding.
        is_before = (before != _NONE) & ((after == _NONE) | (at - before <= after - at))
        near, far = np.where(is_before, before, after), np.where(is_before, after, before)
        return near, far, np.where(is_before, _pick(among, left - 1), _pick(among, right + 1))

    def _find_same_speaker(self, at: Rows, observed: Rows) -> Rows:
        """The nearest observed segment of the same speaker."""
        nearest = np.full(len(at), _NONE, dtype=np.intp)
        for speaker in np.unique(self._speaker[at]).tolist():
            asked = self._speaker[at] == speaker
            among = observed[self._speaker[observed] == speaker]
            nearest[asked] = self._find_near(at[asked], among)[0]
        return nearest


def _locate_links(corpus: EncodedCorpus, rows: Rows) -> tuple[tuple[Rows, Rows], ...]:
    """Positions of the linked neighbours before and after, of the same speaker and of others."""
    position = np.full(corpus.n_segments, _NONE, dtype=np.intp)
    position[rows] = np.arange(len(rows))
    around = corpus.around

    def locate(neighbours: Rows) -> Rows:
        linked = neighbours[rows]
        return np.where(linked == _NONE, _NONE, position[linked])

    return (
        (locate(around.own_previous), locate(around.own_following)),
        (locate(around.other_previous), locate(around.other_following)),
    )


def _take(values: Floats32, positions: Rows) -> Floats32:
    """The rows of `values` at `positions`; zeros where there is none."""
    taken = values[positions]
    taken[positions == _NONE] = 0
    return taken


def _pick(among: Rows, index: Rows) -> Rows:
    """The elements of `among` at `index`; -1 beyond its ends."""
    inside = (index >= 0) & (index < len(among))
    return np.where(inside, among[np.clip(index, 0, len(among) - 1)], _NONE)
