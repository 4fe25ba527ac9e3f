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
from .material import Material
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
    """Learned logits with `cold` parts of 1.2 z to one, and `smoothing` of those before and after.

    Both change how codes stand to each other within a segment, not the segment's mean logit: that
    says how much is coded at all, which the cold score knows nothing of.
    """

    cold: float = 0.0
    smoothing: float = 0.0

    def apply(self, logits: Floats, material: Material) -> Floats:
        """The blended logits of all segments, shape (n_segments, n_codes)."""
        allowed, z = material.allowed, material.cold.z
        mean = _row_means(logits, allowed)
        above = np.where(allowed, logits - mean, 0.0)
        above = (above + self.cold * COLD_SLOPE * np.where(allowed, z, 0.0)) / (1 + self.cold)
        if self.smoothing:
            above = material.around.beside(above, self.smoothing)
        return np.asarray(mean + above)


def usual_blend(n_transcripts: int, around: Neighbours) -> Blend:
    """The blend to take unless another proves better, by the number of coded transcripts."""
    running = (around.previous >= 0).mean() > 0.5
    cold = round(1 / (1 + n_transcripts / _HALF_LEARNED), 3)
    return Blend(cold, _USUAL_SMOOTHING if running else 0.0)


def choose_blend(
    held_out: Floats, material: Material, *, usual: Blend, applied: Flags, rows: Rows
) -> Blend:
    """The blend that ranks best on held-out logits, if it is clearly better than the usual one.

    `held_out` and `applied` are (n_segments, n_codes); `rows` the segments to measure on, each with
    a code. The measure of a segment is whether its first code is right plus the share of its codes
    in the first three. A blend must gain more than two standard errors over the usual blend
    (choosing on one was worse than not choosing); of those that do, the one with the most beyond
    that wins.
    """
    if len(rows) < _FEWEST:
        return usual

    def ranked_well(blend: Blend) -> Floats:
        logits = np.where(material.allowed, blend.apply(held_out, material), -np.inf)[rows]
        return _ranked_well(logits, applied[rows])

    before = ranked_well(usual)
    best, most = usual, 0.0
    for amount, cold in product(_SMOOTHING if usual.smoothing else (0.0,), _COLD):
        gain = ranked_well(Blend(cold, amount)) - before
        surely = float(gain.mean() - 2 * gain.std(ddof=1) / np.sqrt(len(gain)))
        if surely > most + 1e-9:
            best, most = Blend(cold, amount), surely
    return best


def _ranked_well(logits: Floats, applied: Flags) -> Floats:
    """For each row: 1 if its first code is right, plus the share in the first three."""
    ranked = np.argsort(-logits, axis=1, kind="stable")[:, :_FIRST]
    right = np.take_along_axis(applied, ranked, axis=1)
    return np.asarray(right[:, 0] + right.sum(axis=1) / applied.sum(axis=1))


def _row_means(values: Floats, allowed: Flags) -> Floats:
    """Mean over the candidates of each row, shape (n_segments, 1)."""
    counts = np.maximum(allowed.sum(axis=1, keepdims=True), 1)
    return np.asarray(np.where(allowed, values, 0.0).sum(axis=1, keepdims=True) / counts)
