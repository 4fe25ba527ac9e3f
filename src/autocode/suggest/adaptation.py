"""The linear model moved within one transcript, by what was coded in it so far.

Each observed segment is one preconditioned Newton step of the one-against-rest model, as in
`online`, but taken between the segments of one transcript: their products under the model's inverse
curvature say all that such a step changes there, so that no step costs more than a row of them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .linear import LOGISTIC_CURVATURE

Floats = npt.NDArray[np.float64]
Floats32 = npt.NDArray[np.float32]

BLOCK = 1000
"""Segments that learn from each other; of a longer transcript each block learns by itself."""


class LocalAdaptation:
    """What the codings of a transcript add to the linear model's logits in it: `delta`.

    `delta` has shape (n_segments, n_codes), segments in reading order.
    """

    def __init__(self, design: Floats32, inverse: Floats32, n_codes: int) -> None:
        """Nothing observed.

        Args:
            design: rows of the design matrix in reading order, (n_segments, n_features + 1).
            inverse: inverse curvature of the model as fitted (`linear.invert_curvature`).
            n_codes: candidate codes.
        """
        self.delta: Floats32 = np.zeros((len(design), n_codes), dtype=np.float32)
        self._kernels = [
            np.asarray(block @ inverse @ block.T)
            for block in (design[at : at + BLOCK] for at in range(0, len(design), BLOCK))
        ]

    def observe(self, position: int, residual: Floats32) -> None:
        """Learn from one segment.

        Args:
            position: where the segment stands in the transcript.
            residual: gradient of the loss by its logits, `delta` included, shape (n_codes,).
        """
        block, at = divmod(position, BLOCK)
        kernel = self._kernels[block]
        scale = np.float32(1 + LOGISTIC_CURVATURE * float(kernel[at, at]))
        step = kernel[:, at] / scale
        self.delta[block * BLOCK : block * BLOCK + len(step)] -= np.outer(step, residual)
        # Sherman and Morrison (1950), in the space of the transcript's own segments.
        kernel -= np.outer(step, step) * (scale * np.float32(LOGISTIC_CURVATURE))
