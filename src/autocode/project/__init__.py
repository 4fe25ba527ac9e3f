"""The study as a whole: the one layer that knows files, the store and the pipeline."""

from .facade import Project
from .importing import ImportedFile, ImportReport, RefusedFile

__all__ = ["ImportReport", "ImportedFile", "Project", "RefusedFile"]
