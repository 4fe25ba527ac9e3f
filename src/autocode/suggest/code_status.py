"""The status of each code: whether enough is coded, and whether its words alone would find it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from .protocol import Floats, Task

Enough = Literal["too few to say", "more", "enough"]
Findable = Literal["too few to say", "unclear", "yes", "no"]

FEWEST_USES = 10
FEWEST_TRANSCRIPTS = 3
_FIRST = 3
_WELL_FOUND = 0.6
_BY_CHANCE = 0.6
_Z = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeStatus:
    """One code: uses, transcripts it was used in, and two questions answered from them.

    `found` is the share of its uses on transcripts the learner had not seen where it was among the
    first three suggestions, with a 95 % interval (Wilson 1927) that takes uses as independent.
    `enough` is "enough" when that interval lies above 0.6. `by_words` is the area under the ROC
    curve of the codebook's words alone, on coded segments; `findable` is "no" when its interval
    (Hanley & McNeil 1982) lies below 0.6: codes of what is done in talk (a question, a reflection)
    rather than said cannot be found from their definition.
    """

    code: str
    uses: int
    transcripts: int
    found: float | None = None
    low: float | None = None
    high: float | None = None
    enough: Enough = "too few to say"
    by_words: float | None = None
    findable: Findable = "too few to say"


def assess_codes(task: Task, unseen: Floats | None) -> list[CodeStatus]:
    """The status of every candidate code; `unseen` are held-out logits of the read segments."""
    rows = task.read_rows
    corpus = task.corpus
    allowed = corpus.allowed[rows]
    applied = task.known.applied[rows] & allowed
    z = corpus.zero_shot.z[rows]
    near = None if unseen is None else _among_first(np.where(allowed, unseen, -np.inf))
    return [
        _assess(
            code.id,
            applied[:, at],
            corpus.transcripts[rows],
            near=None if near is None else near[:, at],
            z=np.where(allowed[:, at], z[:, at], np.nan),
        )
        for at, code in enumerate(corpus.codes)
    ]


def as_parameters(statuses: list[CodeStatus]) -> list[dict[str, Any]]:
    """Statuses as they are kept with a run: rounded, undefined parts left out."""
    return [
        {
            key: round(value, 3) if isinstance(value, float) else value
            for key, value in asdict(status).items()
            if value is not None
        }
        for status in statuses
    ]


def _assess(
    code: str,
    applied: npt.NDArray[np.bool_],
    names: npt.NDArray[np.str_],
    *,
    near: npt.NDArray[np.bool_] | None,
    z: Floats,
) -> CodeStatus:
    uses, places = int(applied.sum()), len(set(names[applied].tolist()))
    if uses < FEWEST_USES or places < FEWEST_TRANSCRIPTS or near is None:
        return CodeStatus(code=code, uses=uses, transcripts=places)
    share = float(near[applied].mean())
    low, high = _wilson(share, uses)
    area, findable = findable_by(z, applied)
    return CodeStatus(
        code=code,
        uses=uses,
        transcripts=places,
        found=share,
        low=low,
        high=high,
        enough="enough" if low >= _WELL_FOUND else "more",
        by_words=area,
        findable=findable,
    )


def findable_by(z: Floats, applied: npt.NDArray[np.bool_]) -> tuple[float, Findable]:
    """How well cold scores (n,) set apart where a code applies (n,), and whether they find it.

    The first is the area under the ROC curve; rows whose score is no number do not count.
    """
    known = ~np.isnan(z)
    area, below, above = _area(z[applied & known], z[~applied & known])
    if above < _BY_CHANCE:
        return area, "no"
    return area, "yes" if below > _BY_CHANCE else "unclear"


def _among_first(logits: Floats) -> npt.NDArray[np.bool_]:
    """Whether each code is among the first three of its row."""
    ranked = np.argsort(-logits, axis=1, kind="stable")[:, :_FIRST]
    found = np.zeros(logits.shape, dtype=bool)
    np.put_along_axis(found, ranked, values=True, axis=1)
    return found & np.isfinite(logits)


def _wilson(share: float, n: int) -> tuple[float, float]:
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * np.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return float(middle - half), float(middle + half)


def _area(hits: Floats, others: Floats) -> tuple[float, float, float]:
    """Area under the ROC curve with its 95 % interval; a half, and all of 0..1, if one is empty."""
    if not len(hits) or not len(others):
        return 0.5, 0.0, 1.0
    below = np.searchsorted(np.sort(others), hits, side="left")
    level = np.searchsorted(np.sort(others), hits, side="right") - below
    area = float((below + level / 2).mean() / len(others))
    one, two = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (len(hits) - 1) * (one - area**2)
    spread += (len(others) - 1) * (two - area**2)
    half = _Z * float(np.sqrt(max(spread, 0.0) / (len(hits) * len(others))))
    return area, area - half, area + half
