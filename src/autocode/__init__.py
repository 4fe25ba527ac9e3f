"""autocode: NLP-assisted codebook and framework analysis that runs on your own machine.

The names below load what they need when first used, so that `import autocode` is instant.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .codebook import Code, Codebook
    from .coding import Case, Coder, Coding, Decision, Memo, Reading
    from .draft import Suggestion, Theme, ThemeDraft
    from .embed.encoder import Encoder, HashEncoder
    from .embed.sentence import load_encoder
    from .errors import AutocodeError
    from .project import Project
    from .report.write import write_report
    from .transcript import Segment, Span, Speaker, Transcript, Turn

_HOMES = {
    "Project": ".project",
    "write_report": ".report.write",
    "load_encoder": ".embed.sentence",
    "Encoder": ".embed.encoder",
    "HashEncoder": ".embed.encoder",
    "Transcript": ".transcript",
    "Turn": ".transcript",
    "Speaker": ".transcript",
    "Segment": ".transcript",
    "Span": ".transcript",
    "Code": ".codebook",
    "Codebook": ".codebook",
    "Coder": ".coding",
    "Coding": ".coding",
    "Reading": ".coding",
    "Decision": ".coding",
    "Case": ".coding",
    "Memo": ".coding",
    "Suggestion": ".draft",
    "Theme": ".draft",
    "ThemeDraft": ".draft",
    "AutocodeError": ".errors",
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
