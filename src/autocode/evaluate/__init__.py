"""How well a method does what people did: splits, a guard against leaks, scores with intervals.

`evaluate_suggestions` measures suggested codes, `evaluate_themes` draft themes; each takes a study,
a corpus folder or a table of coded segments, and the library's own method or one of yours.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .coded_corpus import CodedCorpus, read_coded_corpus, read_coded_dataset
    from .group_excerpts import Grouper
    from .methods import load_grouper, load_suggester
    from .protocol import Protocol
    from .results import Evaluation
    from .runner import evaluate_suggestions
    from .themes import ThemesEvaluation, ThemesProtocol, evaluate_themes

_HOMES = {
    "evaluate_suggestions": ".runner",
    "Protocol": ".protocol",
    "Evaluation": ".results",
    "evaluate_themes": ".themes",
    "ThemesEvaluation": ".themes",
    "ThemesProtocol": ".themes",
    "CodedCorpus": ".coded_corpus",
    "read_coded_corpus": ".coded_corpus",
    "read_coded_dataset": ".coded_corpus",
    "Grouper": ".group_excerpts",
    "load_suggester": ".methods",
    "load_grouper": ".methods",
}

__all__ = [
    "evaluate_suggestions",
    "Protocol",
    "Evaluation",
    "evaluate_themes",
    "ThemesEvaluation",
    "ThemesProtocol",
    "CodedCorpus",
    "read_coded_corpus",
    "read_coded_dataset",
    "Grouper",
    "load_suggester",
    "load_grouper",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public object
    if name in _HOMES:
        return getattr(import_module(_HOMES[name], __name__), name)
    raise AttributeError(f"module 'autocode.evaluate' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
