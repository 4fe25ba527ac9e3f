"""The method under test by name: one of ours, or any object that follows a protocol of ours."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from ..core.errors import InputError
from ..suggest.calibration.held_out import CalibratedScorer
from ..suggest.codebook_suggester import CodebookSuggester
from ..suggest.protocol import Floats, Scorer, Suggester, Task

DEFAULT = "autocode"
COLD = "codebook"


@dataclass(frozen=True, slots=True)
class CodebookAlone:
    """The ranking by the codebook's words, whatever has been coded."""

    @property
    def name(self) -> str:
        """What the method is called in reports."""
        return "codebook words alone"

    def logits(self, task: Task) -> Floats:
        """Closeness of each target to each code, shape (n_targets, n_codes)."""
        return task.corpus.zero_shot.z[task.targets]


def method(name: str) -> Suggester:
    """The method called `name`: "autocode", "codebook", or "module:object".

    The object is a `Suggester`, a `Scorer` (which is then judged like ours), or a class or function
    that makes one without arguments. Modules of the current folder are found as well.

    Raises:
        InputError: if there is no such module or object, or it follows neither protocol.
    """
    if name == DEFAULT:
        return CodebookSuggester()
    if name == COLD:
        return CalibratedScorer(CodebookAlone())
    module, _, attribute = name.partition(":")
    if not module or not attribute:
        raise InputError(
            f"No method '{name}'. Use {DEFAULT}, {COLD}, or module:object for one of your own."
        )
    return suggester_of(_imported(module, attribute), name)


def suggester_of(made: object, name: str) -> Suggester:
    """A suggester from a suggester, a scorer, or something that makes one.

    Raises:
        InputError: if it is none of these.
    """
    if isinstance(made, type) or not (hasattr(made, "rank") or hasattr(made, "logits")):
        made = _made_by(made, name)
    if hasattr(made, "rank") and hasattr(made, "name"):
        return cast("Suggester", made)
    if hasattr(made, "logits") and hasattr(made, "name"):
        return CalibratedScorer(cast("Scorer", made))
    raise InputError(
        f"Method '{name}' has neither rank(task) nor logits(task) beside a name. See "
        "autocode.suggest.protocol for what a method must do."
    )


def _imported(module: str, attribute: str) -> object:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return getattr(import_module(module), attribute)
    except ImportError as error:
        raise InputError(
            f"Method '{module}:{attribute}' cannot be imported ({error}). Give a module that "
            "Python finds from this folder."
        ) from None
    except AttributeError:
        raise InputError(
            f"Module '{module}' has no '{attribute}'. Name an object after the colon."
        ) from None


def _made_by(maker: object, name: str) -> object:
    if not callable(maker):
        return maker
    try:
        return maker()
    except TypeError as error:
        raise InputError(
            f"Method '{name}' cannot be made without arguments ({error}). Name an object instead."
        ) from None
