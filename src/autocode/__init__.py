"""autocode: NLP-assisted codebook and framework analysis that runs on your own machine.

The names below load what they need when first used, so that `import autocode` is instant.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__ as __version__

if TYPE_CHECKING:
    from .core.codebook import Code, Codebook
    from .core.coding import Case, Coder, Coding, Decision, Memo, Reading
    from .core.errors import AutocodeError
    from .core.suggestion import Suggestion
    from .core.theme import Theme, ThemeDraft
    from .core.transcript import Segment, Span, Speaker, Transcript, Turn
    from .encode.hashing import HashEncoder
    from .encode.load import load_encoder
    from .encode.protocol import Encoder
    from .project import Project
    from .report.study_page import write_report

_HOMES = {
    "Project": ".project",
    "write_report": ".report.study_page",
    "load_encoder": ".encode.load",
    "Encoder": ".encode.protocol",
    "HashEncoder": ".encode.hashing",
    "Transcript": ".core.transcript",
    "Turn": ".core.transcript",
    "Speaker": ".core.transcript",
    "Segment": ".core.transcript",
    "Span": ".core.transcript",
    "Code": ".core.codebook",
    "Codebook": ".core.codebook",
    "Coder": ".core.coding",
    "Coding": ".core.coding",
    "Reading": ".core.coding",
    "Decision": ".core.coding",
    "Case": ".core.coding",
    "Memo": ".core.coding",
    "Suggestion": ".core.suggestion",
    "Theme": ".core.theme",
    "ThemeDraft": ".core.theme",
    "AutocodeError": ".core.errors",
}

__all__ = [
    "Project",
    "write_report",
    "load_encoder",
    "Encoder",
    "HashEncoder",
    "Transcript",
    "Turn",
    "Speaker",
    "Segment",
    "Span",
    "Code",
    "Codebook",
    "Coder",
    "Coding",
    "Reading",
    "Decision",
    "Case",
    "Memo",
    "Suggestion",
    "Theme",
    "ThemeDraft",
    "AutocodeError",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public object
    if name in _HOMES:
        return getattr(import_module(_HOMES[name], __name__), name)
    raise AttributeError(f"module 'autocode' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
