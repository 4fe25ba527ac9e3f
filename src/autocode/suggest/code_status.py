"""The status of each code: whether enough is coded, and whether its words alone would find it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from ..core.suggestion import CodeStatus, Findable
from .protocol import Floats, Task

Flags = npt.NDArray[np.bool_]

_Z = 1.96
"""Half the width of a 95 % interval in standard errors, for the area under the ROC curve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeStatusConfig:
    """From how many uses the status of a code is assessed, and what it takes.

    Attributes:
        min_uses, min_transcripts: below these nothing is said of a code.
        n_first: the suggestions among which a code must be.
        enough_recall: what the lower end of the 95 % interval of its recall must reach.
        chance_auc: what the 95 % interval of its definition's AUC must lie above, or below.
    """

    min_uses: int = 10
    min_transcripts: int = 3
    n_first: int = 3
    enough_recall: float = 0.6
    chance_auc: float = 0.6


DEFAULTS = CodeStatusConfig()


def assess_codes(
    task: Task, held_out: Floats | None, config: CodeStatusConfig = DEFAULTS
) -> tuple[CodeStatus, ...]:
    """The status of every candidate code; `held_out` are held-out logits of the read segments."""
    rows = task.read_rows
    corpus = task.corpus
    allowed = corpus.allowed[rows]
    applied = task.known.applied[rows] & allowed
    z = corpus.zero_shot.z[rows]
    is_first = None
    if held_out is not None:
        is_first = _among_first(np.where(allowed, held_out, -np.inf), config.n_first)
    return tuple(
        _assess(
            code.id,
            applied[:, column],
            corpus.transcripts[rows],
            is_first=None if is_first is None else is_first[:, column],
            z=np.where(allowed[:, column], z[:, column], np.nan),
            config=config,
        )
        for column, code in enumerate(corpus.codes)
    )


def _assess(
    code: str,
    applied: Flags,
    transcripts: npt.NDArray[np.str_],
    *,
    is_first: Flags | None,
    z: Floats,
    config: CodeStatusConfig,
) -> CodeStatus:
    n_uses, n_transcripts = int(applied.sum()), len(set(transcripts[applied].tolist()))
    is_rare = n_uses < config.min_uses or n_transcripts < config.min_transcripts
    if is_rare or is_first is None:
        return CodeStatus(code=code, n_uses=n_uses, n_transcripts=n_transcripts)
    n_first = int(is_first[applied].sum())
    low, high = _wilson_interval(n_first, n_uses)
    auc, findable = assess_findability(z, applied, config)
    return CodeStatus(
        code=code,
        n_uses=n_uses,
        n_transcripts=n_transcripts,
        recall=round(n_first / n_uses, 3),
        low=round(low, 3),
        high=round(high, 3),
        enough="enough" if low >= config.enough_recall else "more",
        definition_auc=round(auc, 3),
        findable=findable,
    )


def assess_findability(
    z: Floats, applied: Flags, config: CodeStatusConfig = DEFAULTS
) -> tuple[float, Findable]:
    """How well zero-shot scores (n,) tell where a code applies (n,), and whether they find it.

    The first is the area under the ROC curve; rows whose score is no number do not count.
    """
    known = ~np.isnan(z)
    area = _area_under_curve(z[applied & known], z[~applied & known])
    if area.high < config.chance_auc:
        return area.value, "no"
    return area.value, "yes" if area.low > config.chance_auc else "unclear"


def _among_first(logits: Floats, n_first: int) -> Flags:
    """Whether each code is among the first few of its row."""
    ranked = np.argsort(-logits, axis=1, kind="stable")[:, :n_first]
    is_first = np.zeros(logits.shape, dtype=bool)
    np.put_along_axis(is_first, ranked, values=True, axis=1)
    return is_first & np.isfinite(logits)


def _wilson_interval(n_hits: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927), in the form of Newcombe (1998)."""
    # Not scipy.stats, which takes longer to import than all else that is done here.
    z = float(ndtri(0.975))
    share = n_hits / n
    denominator = 2 * (n + z**2)
    centre = (2 * n * share + z**2) / denominator
    half = z / denominator * float(np.sqrt(4 * n * share * (1 - share) + z**2))
    return (
        centre - half if n_hits else 0.0,
        centre + half if n_hits < n else 1.0,
    )


@dataclass(frozen=True, slots=True)
class _Area:
    """An area under a ROC curve and its 95 % interval."""

    value: float
    low: float
    high: float


def _area_under_curve(hits: Floats, others: Floats) -> _Area:
    """Area under the ROC curve with its 95 % interval; a half, and all of 0..1, if one is empty.

    The share of pairs of a hit and another that are in order (Mann & Whitney 1947), with the
    standard error of Hanley & McNeil (1982).
    """
    if not len(hits) or not len(others):
        return _Area(0.5, 0.0, 1.0)
    ordered = np.sort(others)
    below = np.searchsorted(ordered, hits, side="left")
    level = np.searchsorted(ordered, hits, side="right") - below
    area = float((below + level / 2).mean() / len(others))
    # Q1 and Q2 of the paper: two hits above one other, one hit above two others.
    two_hits, two_others = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + (len(hits) - 1) * (two_hits - area**2)
    variance += (len(others) - 1) * (two_others - area**2)
    half = _Z * float(np.sqrt(max(variance, 0.0) / (len(hits) * len(others))))
    return _Area(area, area - half, area + half)
