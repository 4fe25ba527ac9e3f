"""Interpolation: how far to follow what was learned, against the zero-shot ranking.

With one or two coded transcripts, or few codings of a code, a learned model can be worse than the
codebook's words alone; where these say nothing, a codebook that is held to is worse than the model.
So the learned logits are interpolated with the zero-shot score, for each code the more the less it
is coded, and the less the less the codings bear the codebook out; and smoothed over what the same
speaker said just before and after where codes last longer than one segment. Another amount is taken
only where it ranks clearly better on held-out transcripts; the largest is the zero-shot ranking
itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from .codebook_slope import CodebookSlopeConfig, measure_codebook_slope
from .corpus import EncodedCorpus
from .linear import ZERO_SHOT_SLOPE
from .protocol import KnownCodings
from .sequence import PairwiseChain, compute_row_means, measure_share_kept

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpolationConfig:
    """The rule for the amounts, and what it takes to depart from it (eval/NOTES.md, Suggestions).

    Attributes:
        zero_shot_weights, smoothing: the amounts that are tried.
        weight, least_learned: the weight of the zero-shot score of a code is `weight` over
            `least_learned` plus what is learned of it ("Zero-shot weight of each code by itself").
        learned_transcripts: coded transcripts that count as one in what is learned.
        learned_uses: codings of a code that count as one; their square counts.
        codebook_slope: how it is measured what the codings say of the codebook.
        usual_smoothing: where a speaker keeps a code as often as `kept_often`; none at
            `kept_seldom`, and in proportion between ("smoothing only where a speaker keeps codes").
        n_first: the suggestions that are measured.
        min_segments, min_transcripts: with fewer held-out segments or transcripts the rule stands.
        confidence: of the interval whose lower end must lie above zero ("gains surely over
            held-out transcripts").
    """

    zero_shot_weights: tuple[float, ...] = (0.0, 0.25, 0.5, 1.0, 2.0, 8.0)
    smoothing: tuple[float, ...] = (0.0, 0.15, 0.3)
    weight: float = 1.0
    least_learned: float = 0.25
    learned_transcripts: float = 2.0
    learned_uses: float = 3.0
    codebook_slope: CodebookSlopeConfig = field(default_factory=CodebookSlopeConfig)
    usual_smoothing: float = 0.15
    kept_seldom: float = 0.4
    kept_often: float = 0.6
    n_first: int = 3
    min_segments: int = 10
    min_transcripts: int = 3
    confidence: float = 0.95


DEFAULTS = InterpolationConfig()


@dataclass(frozen=True, slots=True)
class Interpolation:
    """Learned logits with `zero_shot` parts of 1.2 z to one, and `smoothing` along the speaker.

    `zero_shot` is the mean over codes of `by_code` (n_codes,), where codes differ. All change how
    codes stand to each other within a segment, not the segment's mean logit: that says how much is
    coded at all, which the zero-shot score knows nothing of.
    """

    zero_shot: float = 0.0
    smoothing: float = 0.0
    by_code: tuple[float, ...] = ()

    def apply(self, logits: Floats, corpus: EncodedCorpus) -> Floats:
        """The interpolated logits of all segments, shape (n_segments, n_codes)."""
        mean, above = self._split(logits, corpus.zero_shot.z, corpus.allowed)
        if self.smoothing:
            above = corpus.around.add_own_neighbours(above, self.smoothing)
        return np.asarray(mean + above)

    def apply_alone(self, logits: Floats, z: Floats, allowed: Flags) -> Floats:
        """The same of segments that nothing stands around, with their zero-shot score `z`."""
        mean, above = self._split(logits, z, allowed)
        return np.asarray(mean + above)

    def _split(self, logits: Floats, z: Floats, allowed: Flags) -> tuple[Floats, Floats]:
        """Each segment's mean logit, and how far above it the interpolated ones are."""
        # The mean logit says how much is coded here at all; only the learned model knows that.
        mean = compute_row_means(logits, allowed)
        above = np.where(allowed, logits - mean, 0.0)
        weights = np.asarray(self.by_code or self.zero_shot)
        above = above + weights * ZERO_SHOT_SLOPE * np.where(allowed, z, 0.0)
        # Of all codes alike: divided each by its own, rare codes would be lifted towards the mean.
        above /= 1 + self.zero_shot
        return mean, above


def compute_usual_interpolation(
    corpus: EncodedCorpus, known: KnownCodings, config: InterpolationConfig = DEFAULTS
) -> Interpolation:
    """The interpolation to take unless another proves better, by how much is coded.

    The weight of the zero-shot score of a code is s² / (1/4 + T/2 + (n/3)²) for T coded transcripts
    and n codings of that code: what was never given leans on the codebook, what was given thirty
    times does not. s (0 to 1) is what the codings say of the codebook (`codebook_slope`); what a
    score of slope s tells of a coding grows with s², to second order.
    """
    slope = measure_codebook_slope(
        corpus, known.applied & known.read[:, None], config.codebook_slope
    )
    n_transcripts = len(set(corpus.transcripts[known.read].tolist()))
    n_uses = (known.applied & corpus.allowed).sum(axis=0)
    # Both counts matter: twelve codings in two interviews teach much, two each in ten little.
    learned = n_transcripts / config.learned_transcripts + (n_uses / config.learned_uses) ** 2
    weights = np.round(config.weight * slope**2 / (config.least_learned + learned), 3)
    return Interpolation(
        zero_shot=round(float(weights.mean()), 3) if len(weights) else 0.0,
        smoothing=round(_usual_smoothing(corpus, known, config), 3),
        by_code=tuple(weights.tolist()),
    )


def _usual_smoothing(
    corpus: EncodedCorpus, known: KnownCodings, config: InterpolationConfig
) -> float:
    if not _is_running_text(corpus):
        return 0.0
    seldom, often = config.kept_seldom, config.kept_often
    kept = (measure_share_kept(corpus, known) - seldom) / (often - seldom)
    return config.usual_smoothing * min(max(kept, 0.0), 1.0)


def _is_running_text(corpus: EncodedCorpus) -> bool:
    return bool((corpus.around.previous >= 0).mean() > 0.5)


def choose_interpolation(
    held_out: Floats,
    chain: PairwiseChain,
    *,
    usual: Interpolation,
    applied: Flags,
    rows: Rows,
    config: InterpolationConfig = DEFAULTS,
) -> Interpolation:
    """The interpolation that ranks best on held-out logits, if clearly better than the usual one.

    The measure of a segment is whether its first code is right plus the share of its codes in the
    first three. Another amount must gain surely: the lower end of the 95 % interval of its gain is
    above zero, with transcripts as what varies, since segments of one are alike. Of those that do,
    the one with the highest lower end wins; with fewer than three transcripts none does.

    Args:
        held_out: held-out logits, shape (n_segments, n_codes).
        chain: the sequence model that interpolated logits go through.
        usual: what stands unless another is better.
        applied: the codes people gave, shape (n_segments, n_codes).
        rows: the segments to measure on, each with a code.
        config: the amounts to try, and what it takes.
    """
    corpus = chain.corpus
    transcript = np.unique(corpus.transcripts[rows], return_inverse=True)[1]
    n_transcripts = int(transcript.max(initial=-1)) + 1
    if len(rows) < config.min_segments or n_transcripts < config.min_transcripts:
        return usual

    def measure(interpolation: Interpolation) -> Floats:
        logits = chain.apply(interpolation.apply(held_out, corpus))
        logits = np.where(corpus.allowed, logits, -np.inf)[rows]
        return _rank_quality(logits, applied[rows], config.n_first)

    # Gains are paired by segment, which takes out how hard each segment is.
    before = measure(usual)
    best, best_gain = usual, 0.0
    amounts = config.smoothing if _is_running_text(corpus) else (0.0,)
    for smoothing, zero_shot in product(amounts, config.zero_shot_weights):
        tried = Interpolation(zero_shot, smoothing)
        gain = _lower_bound(measure(tried) - before, transcript, config.confidence)
        # More than rounding, so that of equals the first stays.
        if gain > best_gain + 1e-9:
            best, best_gain = tried, gain
    return best


def _lower_bound(gain: Floats, transcript: Rows, confidence: float) -> float:
    """Lower end of the t-interval of the mean gain, its error taken over transcripts.

    The cluster-robust standard error of a mean (Liang & Zeger 1986) with its small-sample factor.
    """
    sizes = np.bincount(transcript)
    # Sums of deviations by transcript: what varies together is counted as one draw.
    off = np.bincount(transcript, weights=gain) - sizes * gain.mean()
    n = len(sizes)
    error = float(np.sqrt(n / (n - 1) * (off**2).sum())) / len(gain)
    return float(gain.mean()) - float(stdtrit(n - 1, (1 + confidence) / 2)) * error


def _rank_quality(logits: Floats, applied: Flags, n_first: int) -> Floats:
    """For each row: 1 if its first code is right, plus the share of its codes in the first few."""
    ranked = np.argsort(-logits, axis=1, kind="stable")[:, :n_first]
    right = np.take_along_axis(applied, ranked, axis=1)
    return np.asarray(right[:, 0] + right.sum(axis=1) / applied.sum(axis=1))
