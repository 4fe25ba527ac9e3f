"""The array types of this package, and division that leaves undefined values as NaN."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]


def divide(part: npt.ArrayLike, whole: npt.ArrayLike) -> Floats:
    """Part over whole, of any shapes that broadcast; NaN where the whole is 0 or less.

    NaN stands for "undefined" inside this package only: results carry None and a reason.
    """
    numerator = np.asarray(part, dtype=np.float64)
    denominator = np.asarray(whole, dtype=np.float64)
    defined = denominator > 0
    return np.asarray(np.where(defined, numerator / np.where(defined, denominator, 1.0), np.nan))
