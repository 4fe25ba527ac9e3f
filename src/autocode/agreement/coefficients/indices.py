"""Prevalence and bias of two coders' yes/no decisions, which kappa depends on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...core.errors import InputError
from ..arrays import Floats
from .inference import report_error
from .observed import NOT_BOTH, as_table
from .result import Coefficient, build_undefined


def prevalence_index(table: npt.ArrayLike) -> Coefficient:
    """Joint yes minus joint no over units (Byrt, Bishop & Carlin 1993); 0 when balanced.

    Args:
        table: shape (2, 2), counts of units; rows are the first coder, the first category is yes.
    """
    counts = _as_yes_no(table)
    return _build_index("prevalence_index", counts[0, 0], counts[1, 1], counts.sum())


def bias_index(table: npt.ArrayLike) -> Coefficient:
    """How much more often the first coder said yes, over units (Byrt, Bishop & Carlin 1993).

    The p-value is McNemar's (1947): that neither coder says yes more often.

    Args:
        table: shape (2, 2), counts of units; rows are the first coder, the first category is yes.
    """
    counts = _as_yes_no(table)
    return _build_index("bias_index", counts[0, 1], counts[1, 0], counts.sum(), has_test=True)


def _as_yes_no(table: npt.ArrayLike) -> Floats:
    counts = as_table(table)
    if counts.shape != (2, 2):
        raise InputError(
            f"Prevalence and bias are of a yes/no decision; this table has {counts.shape[0]}"
            " categories. Collapse it to one category against the rest."
        )
    return counts


def _build_index(
    name: str, first: float, second: float, n_units: float, *, has_test: bool = False
) -> Coefficient:
    """The difference of two cells over all units, with the error of a multinomial."""
    if not n_units:
        return build_undefined(name, NOT_BOTH)
    value = float((first - second) / n_units)
    plain = Coefficient(name=name, value=value, n_units=round(n_units))
    error = float(np.sqrt(max((first + second) / n_units - value**2, 0.0) / n_units))
    # McNemar: under no bias the two cells are even, so only their sum says how far they differ.
    null = float(np.sqrt(first + second) / n_units) if has_test else None
    return report_error(
        plain, error, method="normal (multinomial)", null_error=null, has_test=has_test
    )
