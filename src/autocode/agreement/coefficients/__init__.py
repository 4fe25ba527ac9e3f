"""Coefficients on plain arrays and on tables of counts."""

from .alpha import krippendorff_alpha
from .kappa import cohen_kappa
from .observed import percent

__all__ = ["cohen_kappa", "krippendorff_alpha", "percent"]
