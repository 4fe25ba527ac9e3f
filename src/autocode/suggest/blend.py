"""How far to follow what was learned: against the cold ranking, and along the conversation.

With one or two coded transcripts a learner can be worse than the codebook's words alone. So its
logits are blended with the cold score, the more the fewer transcripts are coded, and in running
text smoothed over neighbouring segments. Another amount is taken only where it ranks clearly
better on coded transcripts the learner had not seen; the largest is the cold ranking itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from .learner import COLD_SLOPE
from .neighbours import Neighbours

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]

_COLD = (0.0, 0.25, 0.5, 1.0, 2.0, 8.0)
_SMOOTHING = (0.0, 0.15, 0.3)
_USUAL_SMOOTHING = 0.15
_HALF_LEARNED = 5
"""With this many coded transcripts the usual amount of cold is half of what it is with none."""
_FIRST = 3
_FEWEST = 10


@dataclass(frozen=True, slots=True)
class Blend:
    """Logits = (learned + `cold` · 1.2 z) / (1 + `cold`), plus some of those before and after."""

    cold: float = 0.0
    smoothing: float = 0.0

    def apply(self, logits: Floats, z: Floats, around: Neighbours) -> Floats:
        """The blended logits of all segments, shape (n_segments, n_codes)."""
        blended: Floats = (logits + self.cold * COLD_SLOPE * z) / (1 + self.cold)
        if not self.smoothing:
            return blended
        # What neighbours share with everything (a common code) must not be counted again.
        above: Floats = blended - blended.mean(axis=1, keepdims=True)
        return blended + (around.beside(above, self.smoothing) - above)


def usual_blend(n_transcripts: int, around: Neighbours) -> Blend:
    """The blend to take unless another proves better, by the number of coded transcripts."""
    running = (around.previous >= 0).mean() > 0.5
    cold = round(1 / (1 + n_transcripts / _HALF_LEARNED), 3)
    return Blend(cold, _USUAL_SMOOTHING if running else 0.0)


def choose_blend(
    held_out: Floats, z: Floats, around: Neighbours, *, usual: Blend, codings: Codings
) -> Blend:
    """The blend that ranks best on held-out logits, if it is clearly better than the usual one.

    The measure of a segment is whether its first code is right plus the share of its codes among
    the first three. A blend must gain more than two standard errors over the usual blend (choosing
    on one was worse than not choosing); of those that do, the one with the most beyond that wins.
    Arrays cover all segments.
    """
    if len(codings.rows) < _FEWEST:
        return usual
    before = codings.ranked_well(usual.apply(held_out, z, around))
    smoothing = _SMOOTHING if usual.smoothing else (0.0,)
    best, most = usual, 0.0
    for amount, cold in product(smoothing, _COLD):
        blend = Blend(cold, amount)
        gain = codings.ranked_well(blend.apply(held_out, z, around)) - before
        surely = float(gain.mean() - 2 * gain.std(ddof=1) / np.sqrt(len(gain)))
        if surely > most + 1e-9:
            best, most = blend, surely
    return best


@dataclass(frozen=True, slots=True)
class Codings:
    """What people applied, (n_segments, n_codes); `rows` are the segments to measure on."""

    applied: Flags
    allowed: Flags
    rows: Rows

    def ranked_well(self, logits: Floats) -> Floats:
        """For each of `rows`: 1 if its first code is right, plus the share in the first three."""
        applied = self.applied[self.rows]
        held = np.where(self.allowed[self.rows], logits[self.rows], -np.inf)
        ranked = np.argsort(-held, axis=1, kind="stable")[:, :_FIRST]
        right = np.take_along_axis(applied, ranked, axis=1)
        return np.asarray(right[:, 0] + right.sum(axis=1) / applied.sum(axis=1))
