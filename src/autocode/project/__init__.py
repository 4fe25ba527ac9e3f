"""The study as a whole: the one layer that knows files, the store and the pipeline."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .facade import Project
    from .importing import ImportedFile, ImportReport, RefusedFile

_HOMES = {
    "Project": ".facade",
    "ImportReport": ".importing",
    "ImportedFile": ".importing",
    "RefusedFile": ".importing",
}

__all__ = ["ImportReport", "ImportedFile", "Project", "RefusedFile"]


def __getattr__(name: str) -> object:
    # What imports files is loaded by those who import.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name], __name__), name)
