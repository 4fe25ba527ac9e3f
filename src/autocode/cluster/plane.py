"""Where themes lie on the thematic map, so that near ones are close."""

from __future__ import annotations

import numpy as np

from .groups import Floats


def places(middles: Floats) -> list[tuple[float, float]]:
    """Points in [0, 1]² of unit rows (n, d): two main directions, each scaled to 0..1."""
    if len(middles) < 2:
        return [(0.5, 0.5)] * len(middles)
    centred = middles - middles.mean(axis=0)
    values, vectors = np.linalg.eigh(centred @ centred.T)
    order = np.argsort(-values, kind="stable")[:2]
    plane = vectors[:, order] * np.sqrt(np.maximum(values[order], 0))
    if plane.shape[1] < 2:
        plane = np.column_stack([plane, np.zeros(len(plane))])
    signs = np.sign(plane[np.abs(plane).argmax(axis=0), [0, 1]])
    plane = plane * np.where(signs == 0, 1, signs)
    low, high = plane.min(axis=0), plane.max(axis=0)
    scaled = (plane - low) / np.where(high - low < 1e-9, 1, high - low)
    return [(round(float(x), 4), round(float(y), 4)) for x, y in scaled]
