"""Turns cut into units; spans are the truth and units a view, so cutting never moves a coding."""

from .units import UNITS, Aids, Unit, cut, lacks_punctuation

__all__ = ["UNITS", "Aids", "Unit", "cut", "lacks_punctuation"]
