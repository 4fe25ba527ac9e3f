"""People who code 300 units in twelve transcripts, with slips."""

from __future__ import annotations

import numpy as np

NAN = float("nan")


TRANSCRIPTS = np.repeat(np.arange(12), 25)


def people(n_humans=3, n_units=300, slip=0.2, seed=0, n_codes=3):
    """Coders who see the truth but slip, each with their own chance slips."""
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, n_codes, n_units)
    slips = generator.random((n_humans, n_units)) < slip
    return np.where(slips, generator.integers(0, n_codes, slips.shape), truth).astype(float)
