"""Turns cut into units; spans are the truth and units a view, so cutting never moves a coding."""

from ..text.questions import questions
from .units import UNITS, USUAL, Aids, SpeechEnds, Unit, check, cut, lacks_punctuation

__all__ = [
    "UNITS",
    "USUAL",
    "Aids",
    "SpeechEnds",
    "Unit",
    "check",
    "cut",
    "lacks_punctuation",
    "questions",
]
