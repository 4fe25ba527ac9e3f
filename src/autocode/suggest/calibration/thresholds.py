"""Cut-offs on probabilities, chosen on held-out segments: deciding, covering, accepting.

Throughout `probabilities` and `applied` have shape (n_read, n_codes), 0 and false where a code is
no candidate; `transcript` (n_read,) numbers each row's transcript.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .folds import folds

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.intp]

_FEWEST_USES = 4
_SHRINK = 10.0
_TINY = 1e-6
FEWEST_TRANSCRIPTS_TO_COVER = 10
FEWEST_TRANSCRIPTS_TO_ACCEPT = 5
_EXPECTED_ACCEPTS = 20.0
_MOST_LEFT_OUT, _MOST_AIMS, _STRICTER = 20, 6, 0.8


def decided(probabilities: Floats, cut: Floats | float, *, first: bool) -> Flags:
    """Codes at or above the cut; with `first` the best candidate of a row in any case."""
    found = probabilities >= cut
    if first and probabilities.size:
        best = probabilities.argmax(axis=1)
        rows = np.flatnonzero(probabilities.max(axis=1) > 0)
        found[rows, best[rows]] = True
    return found


def deciding(
    probabilities: Floats, applied: Flags, transcript: Numbers
) -> tuple[Floats | float, bool]:
    """The cut-offs to decide with, and whether the best code is always applied.

    One cut-off for all codes (best micro F1), or one per code (best F1 of the code, pulled towards
    the common one by ten uses), each with and without the first code, or the first code and no
    other: whichever has the best micro F1 plus half the macro F1 when its cut-offs come from other
    transcripts. On the transcripts they were fitted to, cut-offs per code would always win.
    """
    fold = folds([str(number) for number in transcript.tolist()])
    tried = [np.zeros_like(applied) for _ in _choices(probabilities[:0], applied[:0])]
    for number in range(int(fold.max(initial=-1)) + 1):
        test = fold == number
        choices = _choices(probabilities[~test], applied[~test])
        for found, (cut, first) in zip(tried, choices, strict=True):
            found[test] = decided(probabilities[test], cut, first=first)
    scores = [micro + macro / 2 for micro, macro in (_f1(found, applied) for found in tried)]
    return _choices(probabilities, applied)[int(np.argmax(np.round(scores, 9)))]


def _choices(probabilities: Floats, applied: Flags) -> list[tuple[Floats | float, bool]]:
    common = _best_cut(probabilities.ravel(), applied.ravel())
    each = _cut_per_code(probabilities, applied, common)
    return [(common, False), (each, False), (common, True), (each, True), (np.inf, True)]


def covering(
    probabilities: Floats, applied: Flags, transcript: Numbers, *, share: float
) -> tuple[float, str]:
    """The cut-off from which on a set holds `share` of people's codes, and a remark if unsure.

    Conformal risk control (Angelopoulos, Bates, Fisch, Lei & Schuster 2024) with a transcript as
    the unit: the mean over transcripts of the share of codings missed, with one transcript more
    that is missed whole. Below ten transcripts that is vacuous at 90 %; then codings are counted
    instead, and the remark says that nothing is guaranteed.
    """
    row, code = np.nonzero(applied)
    reached = probabilities[row, code]
    place = np.unique(transcript[row], return_inverse=True)[1]
    n_transcripts = int(place.max(initial=-1)) + 1
    if n_transcripts < FEWEST_TRANSCRIPTS_TO_COVER:
        weight = np.ones(len(reached))
        remark = (
            f"Prediction sets are an estimate: {n_transcripts} coded transcripts are too few for a "
            f"guarantee ({FEWEST_TRANSCRIPTS_TO_COVER} needed)."
        )
    else:
        weight = 1 / np.bincount(place)[place]
        remark = ""
    # Of all misses one whole unit is kept in reserve for the transcript (or coding) to come.
    room = (1 - share) * (weight.sum() + 1) - 1
    order = np.argsort(reached, kind="stable")
    missed = np.cumsum(weight[order]) - weight[order]
    inside = np.flatnonzero(missed <= room + 1e-9)
    return (float(reached[order[inside[-1]]]) if len(inside) else 0.0), remark


def accepting(
    probabilities: Floats, applied: Flags, transcript: Numbers, *, errors: float
) -> Floats:
    """For each code the lowest cut-off with at most `errors` wrong; infinite where none will do.

    A cut-off is chosen where errors happen to be few, and a code because its cut-off does. So the
    whole choice is tried on transcripts left out of it: where those have more than `errors` wrong,
    counting one more than was seen, it is made again with a stricter aim. Once it holds, the codes
    stay that hold there by themselves.
    """
    fold = folds([str(number) for number in transcript.tolist()], most=_MOST_LEFT_OUT)
    aim = errors
    for _ in range(_MOST_AIMS):
        wrong, n = np.zeros((2, probabilities.shape[1]))
        for number in range(int(fold.max(initial=-1)) + 1):
            test = fold == number
            cut = _lowest(probabilities[~test], applied[~test], transcript[~test], errors=aim)
            taken = probabilities[test] >= cut
            wrong += (taken & ~applied[test]).sum(axis=0)
            n += taken.sum(axis=0)
        if not n.any():
            break
        if wrong.sum() + 1 <= errors * n.sum() + 1e-9:
            holds = wrong + 1 <= errors * n + 1e-9
            return np.where(holds, _lowest(probabilities, applied, transcript, errors=aim), np.inf)
        aim *= _STRICTER
    return np.full(probabilities.shape[1], np.inf)


def _lowest(probabilities: Floats, applied: Flags, transcript: Numbers, *, errors: float) -> Floats:
    """The lowest cut-off of each code by its own counts, from five transcripts at least.

    More errors are reckoned with than were seen: one, and about a standard error of their count.
    Twenty accepts more are reckoned with that are as often wrong as the probabilities say: these
    rest on all codes, so a code that was lucky on its own few is not taken at its word.
    """
    found = np.full(probabilities.shape[1], np.inf)
    for code in np.flatnonzero(applied.sum(axis=0) >= 1 / errors):
        order = np.argsort(-probabilities[:, code], kind="stable")
        right = applied[order, code]
        n = np.arange(1, len(order) + 1)
        wrong = np.cumsum(~right) + 1.0
        expected = _EXPECTED_ACCEPTS * np.cumsum(1 - probabilities[order, code]) / n
        bound = (wrong + np.sqrt(wrong) + expected) / (n + _EXPECTED_ACCEPTS)
        good = np.flatnonzero(bound <= errors + 1e-12)
        if not len(good):
            continue
        last = int(good[-1])
        hits = transcript[order[: last + 1]][right[: last + 1]]
        if len(set(hits.tolist())) >= FEWEST_TRANSCRIPTS_TO_ACCEPT:
            found[code] = max(float(probabilities[order[last], code]), _TINY)
    return found


def _cut_per_code(probabilities: Floats, applied: Flags, common: float) -> Floats:
    uses = applied.sum(axis=0)
    found = np.full(len(uses), _logit(common))
    for code in np.flatnonzero(uses >= _FEWEST_USES):
        own = _logit(_best_cut(probabilities[:, code], applied[:, code]))
        found[code] = (uses[code] * own + _SHRINK * found[code]) / (uses[code] + _SHRINK)
    return np.asarray(1 / (1 + np.exp(-found)))


def _best_cut(probabilities: Floats, applied: Flags) -> float:
    """The probability from which on deciding gives the best F1."""
    if not probabilities.size:
        return _TINY
    order = np.argsort(-probabilities, kind="stable")
    right = np.cumsum(applied[order])
    f1 = 2 * right / (np.arange(1, len(order) + 1) + max(int(applied.sum()), 1))
    return max(float(probabilities[order[int(np.argmax(f1))]]), _TINY)


def _f1(found: Flags, applied: Flags) -> tuple[float, float]:
    """Micro F1, and macro F1 over the codes that were applied at all."""
    right = (found & applied).sum(axis=0)
    both = found.sum(axis=0) + applied.sum(axis=0)
    used = applied.any(axis=0)
    micro = 2 * right.sum() / max(both.sum(), 1)
    macro = (2 * right[used] / both[used]).mean() if used.any() else 0.0
    return float(micro), float(macro)


def _logit(share: float) -> float:
    held = min(max(share, _TINY), 1 - _TINY)
    return float(np.log(held / (1 - held)))
