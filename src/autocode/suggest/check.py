"""The answers of a method, checked in one place before anything is made of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..core.errors import InputError
from ..core.suggestion import SuggestionDiagnostics
from .families import withhold_families
from .guide_evidence import follow_guides
from .protocol import NEVER, Floats, Ranking, Suggester, Task


def run_suggester(suggester: Suggester, task: Task) -> Ranking:
    """Let `suggester` rank `task` and check what it returns; then let guides and families speak.

    See `check_ranking`, `follow_guides` and `withhold_families`.
    """
    ranking = check_ranking(suggester.name, task, suggester.rank(task))
    return withhold_families(task, follow_guides(task, ranking))


def check_ranking(name: str, task: Task, ranking: object) -> Ranking:
    """The ranking that the method `name` gave, with codes that are no candidates masked.

    Raises:
        InputError: if it is no `Ranking`, or a part has the wrong shape or holds no numbers.
    """
    if not isinstance(ranking, Ranking):
        raise InputError(
            f"Method '{name}' returned {_kind_of(ranking)} from rank(task), not a Ranking "
            "(autocode.suggest.protocol). Return one; Ranking.from_probabilities(...) makes it of "
            "probabilities alone."
        )
    if not isinstance(ranking.diagnostics, SuggestionDiagnostics):
        raise InputError(
            f"Method '{name}' gave {_kind_of(ranking.diagnostics)} as diagnostics, not "
            "SuggestionDiagnostics (autocode.core.suggestion). Leave them out or extend that class."
        )
    allowed = task.corpus.allowed[task.targets]

    def checked(part: str, masked_with: float) -> Floats:
        return _check_array(name, "rank", part, getattr(ranking, part), task, masked_with)

    return replace(
        ranking,
        logits=checked("logits", NEVER),
        probabilities=np.where(allowed, np.clip(checked("probabilities", 0.0), 0, 1), 0.0),
        likely=checked("likely", 0.0).astype(bool),
        in_set=checked("in_set", 0.0).astype(bool),
        auto_acceptable=checked("auto_acceptable", 0.0).astype(bool),
        remarks=tuple(ranking.remarks),
    )


def check_logits(name: str, task: Task, logits: object) -> Floats:
    """The scores that the method `name` gave, with codes that are no candidates masked.

    Raises:
        InputError: if they have the wrong shape or hold no numbers.
    """
    return _check_array(name, "logits", "scores", logits, task, NEVER)


def _check_array(
    name: str, method: str, part: str, values: object, task: Task, masked_with: float
) -> Floats:
    expected = (len(task.targets), task.corpus.n_codes)
    if values is None:
        raise InputError(
            f"Method '{name}' gave no {part}. Return an array of shape {expected} (targets, codes) "
            f"from {method}(task)."
        )
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(
            f"Method '{name}' gave {part} that are not numbers ({_kind_of(values)}). Return an "
            f"array of shape {expected} (targets, codes) from {method}(task)."
        ) from None
    if array.shape != expected:
        raise InputError(
            f"Method '{name}' answered with {part} of shape {array.shape}, not {expected} "
            f"(targets, codes). Correct its {method}(task)."
        )
    array = np.where(task.corpus.allowed[task.targets], array, masked_with)
    if not np.isfinite(array).all():
        raise InputError(
            f"Method '{name}' gave {part} that are not numbers (NaN or infinite). Return finite "
            f"values for every candidate code from {method}(task)."
        )
    return array


def _kind_of(value: object) -> str:
    return "nothing" if value is None else f"a {type(value).__name__}"
