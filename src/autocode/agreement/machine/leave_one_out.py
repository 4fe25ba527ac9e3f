"""Alpha of people with and without a machine, and with the machine instead of each person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..arrays import Floats
from ..coefficients.alpha import alpha_from_coincidences
from ..coefficients.result import Coefficient
from ..resampling.by_transcript import count_coincidences
from .shared_units import build_coefficient, count_values, select_shared_units


@dataclass(frozen=True, slots=True)
class LeaveOneOut:
    """Alpha of all people, of people and machine, and with the machine instead of each person."""

    humans: Coefficient
    everyone: Coefficient
    machine_for: tuple[Coefficient, ...]


def leave_one_out(humans: npt.ArrayLike, machine: npt.ArrayLike) -> LeaveOneOut:
    """Krippendorff's nominal alpha with and without the machine, and with it for each person.

    All on the units that the machine and two or more people (or the one) coded. A drop below the
    people's alpha for every person marks the machine as the outlier.

    Args:
        humans: values, shape (n_humans, n_units); NaN where not coded.
        machine: values, shape (n_units,); NaN where not coded.
    """
    coders = select_shared_units(humans, machine, None).coders
    n_humans = coders.shape[0] - 1
    everyone = np.arange(n_humans + 1)
    return LeaveOneOut(
        _build_alpha("humans", coders[:-1]),
        _build_alpha("everyone", coders),
        tuple(_build_alpha("machine_for", coders[everyone != j]) for j in range(n_humans)),
    )


def _build_alpha(name: str, coders: Floats) -> Coefficient:
    n_units = int(((~np.isnan(coders)).sum(axis=0) >= 2).sum())
    transcript_of = np.zeros(coders.shape[1], dtype=np.int64)
    table = count_coincidences(
        coders, transcripts=transcript_of, n_values=count_values(coders), n_transcripts=1
    )
    reason = "only one value was ever used" if n_units else "no unit has two codings"
    return build_coefficient(name, float(alpha_from_coincidences(table)[0]), n_units, reason)
