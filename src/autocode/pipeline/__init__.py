"""The main job on objects: encode, suggest, draft themes, compare coders. No files, no database.

Each name is loaded when it is first used, so that a command that computes nothing (a list, a code
by hand) does not wait for what computes.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..themes.draft import ThemeOptions
    from ..themes.guided import GuidingPhrases
    from ..themes.partition import PartitionOptions
    from ..themes.update import Update
    from .comparing import (
        AgreementOptions,
        agree,
        agree_on_spans,
        compared_units,
        machine_beside_people,
        plan_machine_beside_people,
    )
    from .following import CoderWork, FitMemory, TranscriptFollower, follow
    from .study import Study, Tools, codable, encode_corpus, encode_texts, versions
    from .suggesting import next_passages, suggest, what_next
    from .theming import themes, uncovered, update_themes

_HOMES = {
    "..themes.draft": ("ThemeOptions",),
    "..themes.guided": ("GuidingPhrases",),
    "..themes.partition": ("PartitionOptions",),
    "..themes.update": ("Update",),
    ".comparing": (
        "AgreementOptions",
        "agree",
        "agree_on_spans",
        "compared_units",
        "machine_beside_people",
        "plan_machine_beside_people",
    ),
    ".following": ("CoderWork", "FitMemory", "TranscriptFollower", "follow"),
    ".study": ("Study", "Tools", "codable", "encode_corpus", "encode_texts", "versions"),
    ".suggesting": ("next_passages", "suggest", "what_next"),
    ".theming": ("themes", "uncovered", "update_themes"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AgreementOptions",
    "CoderWork",
    "FitMemory",
    "GuidingPhrases",
    "PartitionOptions",
    "Study",
    "ThemeOptions",
    "Tools",
    "TranscriptFollower",
    "Update",
    "agree",
    "agree_on_spans",
    "codable",
    "compared_units",
    "encode_corpus",
    "encode_texts",
    "follow",
    "machine_beside_people",
    "next_passages",
    "plan_machine_beside_people",
    "suggest",
    "themes",
    "uncovered",
    "update_themes",
    "versions",
    "what_next",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name], __name__), name)
    globals()[name] = value
    return value
