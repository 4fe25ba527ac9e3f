"""The main job on objects: encode, suggest, draft themes, compare coders. No files, no database."""

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
from .study import Study, Tools, codable, encode_corpus, encode_texts, versions
from .suggesting import next_passages, suggest, what_next
from .theming import themes, uncovered, update_themes

__all__ = [
    "AgreementOptions",
    "GuidingPhrases",
    "PartitionOptions",
    "Study",
    "ThemeOptions",
    "Tools",
    "Update",
    "agree",
    "agree_on_spans",
    "codable",
    "compared_units",
    "encode_corpus",
    "encode_texts",
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
