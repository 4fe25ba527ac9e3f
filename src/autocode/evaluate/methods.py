"""The method under test by name: one of ours, or any object that follows a protocol of ours."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from traceback import extract_tb
from typing import cast

from ..core.errors import AutocodeError, InputError
from ..suggest.calibration.decide import CalibratedScorer
from ..suggest.codebook_suggester import CodebookSuggester
from ..suggest.protocol import Floats, Scorer, Suggester, Task
from .baselines import MostFrequent, RepeatLast
from .group_excerpts import AutocodeGrouper, Grouper

DEFAULT = "autocode"
CODEBOOK = "codebook"
REPEAT_LAST = "repeat-last"
MOST_FREQUENT = "most-frequent"
EMBEDDING = "embedding-lr"
NAMED = (DEFAULT, CODEBOOK, REPEAT_LAST, MOST_FREQUENT, EMBEDDING)
"""Methods that have a name here."""

# What a module of the user's may raise while it is imported or makes its method.
_FAULTS = (
    ArithmeticError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


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


def load_suggester(name: str) -> Suggester:
    """The suggester called `name`: one of `NAMED`, or "module:object".

    The object is a `Suggester`, a `Scorer` (which is then calibrated like ours), or a class or
    function that makes one without arguments. Modules of the current folder are found as well.

    Raises:
        InputError: if there is no such module or object, or it follows neither protocol.
    """
    if name == DEFAULT:
        return CodebookSuggester()
    if name == CODEBOOK:
        return CalibratedScorer(CodebookAlone())
    if name == REPEAT_LAST:
        return RepeatLast()
    if name == MOST_FREQUENT:
        return MostFrequent()
    if name == EMBEDDING:
        from .embedding_baseline import EmbeddingLogistic  # scipy.optimize is slow to import

        return EmbeddingLogistic()
    return as_suggester(_load_object(name, known=", ".join(NAMED)), name)


def load_grouper(name: str) -> Grouper:
    """The way of grouping excerpts called `name`: "autocode" or "module:object".

    Raises:
        InputError: if there is no such module or object, or it has no groups(vectors, excerpts).
    """
    if name == DEFAULT:
        return AutocodeGrouper()
    return as_grouper(_load_object(name, known=DEFAULT), name)


def as_suggester(method: object, name: str = "") -> Suggester:
    """A suggester from a suggester, a scorer, or something that makes one.

    Raises:
        InputError: if it is none of these.
    """
    name = name or _describe(method)
    if isinstance(method, type) or not (hasattr(method, "rank") or hasattr(method, "logits")):
        method = _make(method, name)
    if hasattr(method, "rank") and hasattr(method, "name"):
        return cast("Suggester", method)
    if hasattr(method, "logits") and hasattr(method, "name"):
        return CalibratedScorer(cast("Scorer", method))
    raise InputError(
        f"Method '{name}' has neither rank(task) nor logits(task) beside a name. See "
        "autocode.suggest.protocol for what a method must do."
    )


def as_grouper(method: object, name: str = "") -> Grouper:
    """A way of grouping excerpts from one, or from something that makes one.

    Raises:
        InputError: if it is neither.
    """
    name = name or _describe(method)
    if isinstance(method, type) or not hasattr(method, "groups"):
        method = _make(method, name)
    if hasattr(method, "groups") and hasattr(method, "name"):
        return cast("Grouper", method)
    raise InputError(
        f"Method '{name}' has no groups(vectors, excerpts) beside a name. See "
        "autocode.evaluate.group_excerpts for what a method must do."
    )


@contextmanager
def refuse_faults_of(name: str) -> Iterator[None]:
    """Report in one line what goes wrong inside the user's module that `name` was loaded from.

    For the command line, whose users see no traceback. Errors that did not pass through the module
    are left as they are, and so is everything where the method is one of ours.

    Raises:
        InputError: naming file, line and error.
    """
    try:
        yield
    except _FAULTS as error:
        module = sys.modules.get(name.partition(":")[0])
        path = getattr(module, "__file__", None)
        frames = [frame for frame in extract_tb(error.__traceback__) if frame.filename == path]
        if isinstance(error, AutocodeError) or not frames:
            raise
        raise InputError(
            f"Method '{name}' failed: {frames[-1].filename}, line {frames[-1].lineno}: "
            f"{type(error).__name__}: {error}. Correct the module."
        ) from error


def _load_object(name: str, *, known: str) -> object:
    module_name, _, attribute = name.partition(":")
    if not module_name or not attribute:
        raise InputError(f"No method '{name}'. Use {known}, or module:object for one of your own.")
    try:
        with _put_folder_on_path():
            module = import_module(module_name)
    except _FAULTS as error:
        if isinstance(error, ModuleNotFoundError) and error.name in _list_parents(module_name):
            raise InputError(
                f"Method '{name}' cannot be imported ({error}). Give a module that Python finds "
                "from this folder."
            ) from None
        raise InputError(
            f"Method '{name}' cannot be imported: {_locate(error)}. Correct the module."
        ) from error
    # Looked up apart from the import, so that an AttributeError of the module's own is not taken
    # for a name that it lacks.
    if not hasattr(module, attribute):
        raise InputError(
            f"Module '{module_name}' has no '{attribute}'. Name an object after the colon."
        )
    return getattr(module, attribute)


@contextmanager
def _put_folder_on_path() -> Iterator[None]:
    """Let modules of the current folder be imported; the path is afterwards as it was."""
    before = list(sys.path)
    sys.path.insert(0, str(Path.cwd()))
    try:
        yield
    finally:
        sys.path[:] = before


def _list_parents(module_name: str) -> set[str]:
    """A module's dotted name and those of the packages it is in."""
    parts = module_name.split(".")
    return {".".join(parts[: n + 1]) for n in range(len(parts))}


def _make(maker: object, name: str) -> object:
    if not callable(maker):
        return maker
    try:
        return maker()
    except _FAULTS as error:
        raise InputError(
            f"Method '{name}' cannot be made without arguments: {_locate(error)}. Name an object "
            "instead."
        ) from error


def _locate(error: BaseException) -> str:
    """An error of the user's own code in words: file, line, kind and message."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}, line {error.lineno}: {error.msg}"
    frame = extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}, line {frame.lineno}: {type(error).__name__}: {error}"


def _describe(method: object) -> str:
    name = getattr(method, "name", None) or getattr(method, "__name__", None)
    return name if isinstance(name, str) else type(method).__name__
