"""The three coefficients every comparison shows, from the modules that hold them.

Plain arrays in, a typed result out. Undefined is a result with a reason, never a number.
"""

from __future__ import annotations

from .alpha import krippendorff_alpha
from .kappa import cohen_kappa
from .percent import percent

__all__ = ["cohen_kappa", "krippendorff_alpha", "percent"]
