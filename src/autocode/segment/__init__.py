"""Turns cut into units; spans are the truth and units a view, so cutting never moves a coding."""

from .units import UNITS, Unit, cut

__all__ = ["UNITS", "Unit", "cut"]
