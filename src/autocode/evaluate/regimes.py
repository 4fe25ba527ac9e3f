"""How one draw of an evaluation goes, regime by regime: what is learned from, who is asked what.

*A new transcript*: whole transcripts are learned from, others tested, and nothing of these is
known. *While coding*: the same transcripts are learned from, but each tested one is followed in
reading order, and what its coder did before a segment is known when that segment is asked about.
*Part-coded*: some segments of every transcript are known, and the others are tested. A figure of
one regime says nothing about another, so no two are ever averaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..core.errors import NothingToDo
from ..suggest.protocol import Aims, Flags, Suggester
from .following import as_sequential
from .gold import GoldData
from .leakage import HeldOutLabels, fit_isolated, run_isolated
from .metrics.human import list_double_coded
from .part_coded import draw_known
from .passages import find_previous_read, list_in_reading_order, take_codes_before
from .predictions import Draw, Predictions
from .protocol import Sampling
from .splits import Splits

_LEAST_RUNNING = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawRun:
    """A draw with how many transcripts each fold learned from, and what the method remarked."""

    draw: Draw
    n_trained: tuple[float, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What every regime needs: the gold data, who is tested on what, and the method.

    Of the folds the first `n_folds_tested` are tested, all where it is None.
    """

    gold: GoldData
    splits: Splits
    held_out: HeldOutLabels
    suggester: Suggester
    allowed: Flags
    aims: Aims
    sampling: Sampling
    n_folds_tested: int | None = None


def run_new_transcript(setup: Setup, share: float, repeat: int) -> DrawRun:
    """Rank codes for transcripts of which nothing is known."""
    gold, predictions = setup.gold, Predictions.empty(setup.gold)
    n_trained: list[float] = []
    remarks: tuple[str, ...] = ()
    for part in list_parts(setup, share, repeat):
        rows = np.flatnonzero(np.isin(gold.transcript_index, part.tested) & gold.targets)
        task = setup.held_out.make_task(part.training, rows, aims=setup.aims)
        ranking = run_isolated(setup.suggester, task)
        predictions.enter(rows, ranking, setup.allowed[rows])
        n_trained.append(float(len(part.training)))
        remarks = ranking.remarks
    _mark_starts(predictions, gold, gold.targets, predictions.likely)
    return DrawRun(
        draw=Draw(gold=gold, predictions=predictions), n_trained=tuple(n_trained), remarks=remarks
    )


def run_while_coding(setup: Setup, share: float, repeat: int) -> DrawRun:
    """Follow each coder through each tested transcript of running text."""
    gold = setup.gold
    predictions = Predictions.empty(gold)
    following = {coder: Predictions.empty(gold) for coder in _list_followed(gold)}
    suggester = as_sequential(setup.suggester)
    n_trained: list[float] = []
    remarks: tuple[str, ...] = ()
    for part in list_parts(setup, share, repeat):
        rows = np.flatnonzero(
            np.isin(gold.transcript_index, part.tested) & gold.targets & gold.running
        )
        task = setup.held_out.make_task(part.training, rows, aims=setup.aims)
        fitted = fit_isolated(suggester, task)
        n_trained.append(float(len(part.training)))
        for number in sorted(set(gold.transcript_index[rows].tolist())):
            name = gold.transcripts[number]
            reference = gold.reference_coder[name]
            for coder in sorted({reference, *_list_followed(gold, name)}):
                asked = setup.held_out.follow(suggester.name, fitted, task, name, coder)
                for row, ranking in asked:
                    at = np.array([row])
                    if coder == reference:
                        predictions.enter(at, ranking, setup.allowed[at])
                    if coder in following:
                        following[coder].enter(at, ranking, setup.allowed[at])
                    remarks = ranking.remarks
    _mark_starts(predictions, gold, gold.scored, gold.reference_codings.applied)
    for coder, of_coder in following.items():
        codings = gold.list_codings_of(coder)
        _mark_starts(of_coder, gold, codings.read, codings.applied)
    return DrawRun(
        draw=Draw(gold=gold.leave_out(~gold.running), predictions=predictions, following=following),
        n_trained=tuple(n_trained),
        remarks=remarks,
    )


def run_part_coded(setup: Setup, share: float, repeat: int) -> DrawRun:
    """Rank codes for what is left of transcripts of which a share is coded."""
    gold = setup.gold
    # The second number keeps this stream apart from those of the folds (0) and training sets (1).
    generator = np.random.default_rng([setup.splits.seed, 2, repeat])
    known = [np.zeros(0, dtype=np.intp)]
    order = list_in_reading_order(gold.segments)
    for name in gold.transcripts:
        rows = order[name][gold.scored[order[name]] & gold.running[order[name]]]
        known.append(draw_known(rows, share, sampling=setup.sampling, generator=generator))
    learned = np.sort(np.concatenate(known))
    is_known = np.zeros(len(gold.segments), dtype=bool)
    is_known[learned] = True
    targets = np.flatnonzero(gold.targets & gold.running & ~is_known)
    task = setup.held_out.make_part_task(learned, targets, aims=setup.aims)
    ranking = run_isolated(setup.suggester, task)
    predictions = Predictions.empty(gold)
    predictions.enter(targets, ranking, setup.allowed[targets])
    codes = np.where(is_known[:, None], gold.reference_codings.applied, predictions.likely)
    _mark_starts(predictions, gold, gold.targets, codes)
    tested = gold.leave_out(~gold.running).restrict_to(~is_known)
    n_trained = sum(len(rows) > 0 for rows in known)
    return DrawRun(
        draw=Draw(gold=tested, predictions=predictions),
        n_trained=(float(n_trained),),
        remarks=ranking.remarks,
    )


def keep_running_text(gold: GoldData) -> GoldData:
    """The gold data with a remark on transcripts that have no order, which take no part.

    Raises:
        NothingToDo: if most of what people have read stands in such transcripts.
    """
    n_read, n_running = int(gold.scored.sum()), int((gold.scored & gold.running).sum())
    if n_running < _LEAST_RUNNING * n_read:
        raise NothingToDo(
            f"{gold.name}: {n_read - n_running} of {n_read} coded segments stand in transcripts "
            "that are no running text (one speaker, fewer than ten segments: answers, claims, "
            "comments), so nothing stands before them. Evaluate with --regime new-transcript."
        )
    index = gold.transcript_index[~gold.running & (gold.transcript_index >= 0)]
    n_left = len(set(index.tolist()))
    if not n_left:
        return gold
    remark = (
        f"{n_left} transcripts are no running text (one speaker, fewer than ten segments) and are "
        "not tested: nothing stands before their segments."
    )
    return replace(gold, remarks=(*gold.remarks, remark))


@dataclass(frozen=True, slots=True)
class Part:
    """Transcripts tested, and transcripts learned from, by number."""

    tested: Sequence[int]
    training: Sequence[int]


def list_parts(setup: Setup, share: float, repeat: int) -> list[Part]:
    """Who is tested and who is learned from; without training one part holds everything."""
    splits = setup.splits
    if share <= 0:
        return [Part(range(splits.n_transcripts), ())]
    return [
        Part(splits.list_tested(fold), splits.draw_training(fold, share, repeat=repeat))
        for fold in range(len(splits.folds))[: setup.n_folds_tested]
    ]


def _list_followed(gold: GoldData, transcript: str | None = None) -> list[str]:
    """Coders of segments that two people coded independently, in one transcript or in any."""
    double = set(list_double_coded(gold))
    return sorted(
        {
            coder
            for segment, given in zip(gold.segments, gold.codes_by_person, strict=True)
            if len(given) > 1
            and segment.transcript in double
            and transcript in (None, segment.transcript)
            for coder in given
        }
    )


def _mark_starts(predictions: Predictions, gold: GoldData, read: Flags, codes: Flags) -> None:
    """Say where the method starts a passage: a likely code that `codes` do not have before.

    Args:
        predictions: to be marked.
        gold: whose segments they are about.
        read: segments that may stand before others, (n_segments,).
        codes: of the segments before, as far as the method knows them, (n_segments, n_codes).
    """
    order = [
        rows for rows in list_in_reading_order(gold.segments).values() if gold.running[rows[0]]
    ]
    before = take_codes_before(codes, find_previous_read(order, read))
    predictions.starts[:] = (predictions.likely & ~before).any(axis=1)
