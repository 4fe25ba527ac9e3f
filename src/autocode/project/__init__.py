"""The study as a whole: the one floor that knows files, the store and the pipeline."""

from .facade import Project
from .importing import ImportReport, Refused, Taken

__all__ = ["ImportReport", "Project", "Refused", "Taken"]
