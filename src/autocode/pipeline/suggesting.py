"""From a study in memory to suggestions, and to what should be coded next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..core.alignment import Aligned, align
from ..core.code_family import FamilyUse
from ..core.errors import NothingToDo
from ..core.run import Run
from ..core.suggestion import Suggestion
from ..core.suggestion_scope import SuggestionScope
from ..core.transcript import Segment, Span
from ..serialise.plain import to_plain
from ..suggest.active_learning import CodingQueue, QueuedSegment, prioritise_segments
from ..suggest.calibration.decide import as_suggester
from ..suggest.calibration.held_out import deal_folds
from ..suggest.check import run_suggester
from ..suggest.codebook_suggester import CodebookSuggester
from ..suggest.explain import make_suggestions
from ..suggest.families import describe_families, find_family_states
from ..suggest.guide_evidence import describe_guides
from ..suggest.next_passages import LENGTH, PassageQueue, QueuedPassage, prioritise_passages
from ..suggest.part_coded import MEASURED_BY_PASSAGES
from ..suggest.protocol import Flags, Ranking, Scorer, Suggester, Task, collect_known_codings
from .languages import remark_on_languages
from .study import Study, Tools, build_run, codable, encode_corpus, knows_language, order_coded

_ALL = SuggestionScope()
_HELD_OUT_FOLDS = 3


def suggest(
    study: Study,
    tools: Tools,
    *,
    top: int = 3,
    suggester: Suggester | Scorer | None = None,
    include_interviewer: bool = False,
    scope: SuggestionScope = _ALL,
) -> tuple[list[Suggestion], Run]:
    """Rank the codes for every segment that nobody has coded or read.

    `scope` asks for some codes only, in coded segments too, or for what one coder has not read. A
    segment whose codings are learned from is ranked by a model that has not seen its transcript. In
    coded segments too, a code is learned from the transcripts that it is applied in: elsewhere
    people may have read before there was this code. Neither is auto-acceptable, as people have
    passed what was coded and left the code out.

    Raises:
        NothingToDo: if there is no codebook or no participant segment.
        NotFound: if a code of `scope` is no candidate.
    """
    method = as_suggester(suggester or CodebookSuggester())
    asked = ask(study, tools, scope, include_interviewer=include_interviewer)
    answers = [
        (part.codes, task, ranking)
        for part in _part_by_codes(asked, scope)
        for task, ranking in _rank_part(method, part)
    ]
    remarks = (
        *_remark_on_language(study, tools),
        *_remark_on_scope(study, scope),
        *describe_families(find_family_states(asked.task), asked.task.corpus.codes),
        *_remark_on_part_coded(ranking for _, _, ranking in answers),
        *describe_guides(asked.task),
    )
    parameters = to_plain(answers[0][2].diagnostics) | scope.to_parameters()
    parameters |= {"top": top, "remarks": list(remarks)}
    run = build_run("suggest", method.name, tools.encoder, parameters)
    suggestions = [
        suggestion
        for codes, task, ranking in answers
        for suggestion in make_suggestions(
            task,
            ranking,
            aligned=asked.aligned,
            top=top,
            left_out=asked.left_out,
            among=codes or None,
        )
    ]
    if scope.coded_too:
        suggestions = [replace(one, auto_acceptable=False) for one in suggestions]
    row = {(s.transcript, s.span): at for at, s in enumerate(study.segments)}
    suggestions.sort(key=lambda s: (row[s.transcript, s.span], s.rank))
    return suggestions, run


def what_next(
    study: Study,
    tools: Tools,
    *,
    n_wanted: int = 10,
    suggester: Suggester | Scorer | None = None,
    include_interviewer: bool = False,
) -> CodingQueue:
    """The segments whose coding would teach the suggester most, best first.

    Raises:
        NothingToDo: if there is no codebook or no participant segment.
    """
    task = ask(study, tools, _ALL, include_interviewer=include_interviewer).task
    ranking = run_suggester(as_suggester(suggester or CodebookSuggester()), task)
    chosen = prioritise_segments(task, ranking, n_wanted=n_wanted)
    return CodingQueue(
        segments=tuple(
            QueuedSegment(segment=task.corpus.segments[priority.row], priority=priority)
            for priority in chosen
        ),
        diagnostics=ranking.diagnostics,
        remarks=_remarks_on_queue(study, tools, task, ranking),
    )


def next_passages(
    study: Study,
    tools: Tools,
    *,
    n_wanted: int = 10,
    length: int = LENGTH,
    suggester: Suggester | Scorer | None = None,
    include_interviewer: bool = False,
    scope: SuggestionScope = _ALL,
) -> PassageQueue:
    """The passages to code next, spread over all transcripts, best first.

    They hold `length` segments each, where so many stand together. `scope` says whose work counts
    as coded and whose is learned from.

    Raises:
        NothingToDo: if there is no codebook or no participant segment.
    """
    task = ask(study, tools, scope, include_interviewer=include_interviewer).task
    ranking = run_suggester(as_suggester(suggester or CodebookSuggester()), task)
    chosen = prioritise_passages(task, ranking, n_wanted=n_wanted, length=length)
    return PassageQueue(
        passages=tuple(
            QueuedPassage(
                segments=tuple(task.corpus.segments[row] for row in priority.rows),
                priority=priority,
            )
            for priority in chosen
        ),
        diagnostics=ranking.diagnostics,
        remarks=_remarks_on_queue(study, tools, task, ranking),
    )


def _remarks_on_queue(study: Study, tools: Tools, task: Task, ranking: Ranking) -> tuple[str, ...]:
    return (
        *ranking.remarks,
        *_remark_on_language(study, tools),
        *describe_families(find_family_states(task), task.corpus.codes),
        *describe_guides(task),
    )


def _remark_on_language(study: Study, tools: Tools) -> tuple[str, ...]:
    """A remark where the encoder does not know the language of the words, or of a transcript."""
    effect = (
        "rankings are weak"
        if knows_language(study, tools)
        else "rankings are weak, and nothing is likely until enough is coded to calibrate"
    )
    return remark_on_languages(study, tools, effect=effect)


def _remark_on_scope(study: Study, scope: SuggestionScope) -> Iterator[str]:
    """Remarks where there is nothing to learn from."""
    learned = {coding.code for coding in study.people_codings if scope.teaches(coding.coder)}
    if scope.learned_from == "own" and not learned:
        yield f"{scope.coder} has coded nothing yet: the codebook's words alone count."
    elif scope.coded_too and scope.learned_from != "codebook":
        names = [study.codebook.by_id[code].name for code in scope.codes if code not in learned]
        if names:
            yield f"Nothing to learn from is coded with {', '.join(names)}: its words alone count."


def _remark_on_part_coded(rankings: Iterable[Ranking]) -> tuple[str, ...]:
    """What calibrated probabilities in part-coded transcripts mean, where there are some."""
    # Where nothing is calibrated nothing is measured, and the output says that instead.
    is_part = any(
        MEASURED_BY_PASSAGES in ranking.remarks and ranking.diagnostics.calibrated
        for ranking in rankings
    )
    return (MEASURED_BY_PASSAGES,) if is_part else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a suggester is asked, and what its answers are made suggestions with.

    The targets of `task` include those whose codings are learned from. `left_out` holds
    (transcript, span, code) that are done with.
    """

    task: Task
    aligned: Aligned
    left_out: frozenset[tuple[str, Span, str]]


def ask(study: Study, tools: Tools, scope: SuggestionScope, *, include_interviewer: bool) -> Asked:
    """What a suggester may look at: the words, codings to learn from, and what is to be ranked."""
    segments = list(study.segments)
    chosen = set(codable(segments, include_interviewer=include_interviewer))
    if not chosen:
        raise NothingToDo(
            "There is no participant segment to suggest codes for. Import transcripts, or check "
            "who interviews with: autocode speakers STUDY"
        )
    if not len(study.codebook):
        raise NothingToDo("The study has no codebook. Import one (.csv or .qdc) first.")
    made = study.people_codings if scope.learned_from == "own" else study.settled_codings
    codings = [coding for coding in made if scope.teaches(coding.coder)]
    readings = [reading for reading in study.people_readings if scope.teaches(reading.coder)]
    codes = study.codebook.candidates({coding.code for coding in codings} | set(scope.codes))
    aligned = align(segments, codings, readings)
    mask = np.array([segment in chosen for segment in segments], dtype=bool)
    known = collect_known_codings(aligned, codes, codable=mask)
    own = None
    if scope.coder is not None and scope.learned_from == "all":
        # What stands before and after a segment is the coder's own work, whoever else is learned
        # from.
        mine = align(
            segments,
            [coding for coding in codings if coding.coder == scope.coder],
            [reading for reading in readings if reading.coder == scope.coder],
        )
        own = collect_known_codings(mine, codes, codable=mask)
    is_done, applied = _find_done(study, segments, scope)
    rejected = {(t, span, code) for t, span, code, who in study.rejections if scope.counts(who)}
    return Asked(
        task=Task(
            corpus=encode_corpus(study, codes, tools),
            known=known,
            own=own,
            targets=np.flatnonzero(mask if scope.coded_too else mask & ~is_done),
            families=FamilyUse(study.family_switches, order_coded(codings)),
        ),
        aligned=aligned,
        left_out=frozenset(rejected | applied),
    )


def _find_done(
    study: Study, segments: list[Segment], scope: SuggestionScope
) -> tuple[Flags, set[tuple[str, Span, str]]]:
    """Which segments those who count have gone through, and the codes they gave them."""
    done = align(
        segments,
        [coding for coding in study.people_codings if scope.counts(coding.coder)],
        [reading for reading in study.people_readings if scope.counts(reading.coder)],
    )
    is_done = np.array([done.is_read(row) for row in range(len(segments))], dtype=bool)
    applied = {
        (segment.transcript, segment.span, code)
        for row, segment in enumerate(segments)
        for code in done.codes(row)
    }
    return is_done, applied


@dataclass(frozen=True, slots=True)
class _Part:
    """Codes that are learned from the same transcripts, and their task; no codes for all."""

    codes: frozenset[str]
    task: Task


def _part_by_codes(asked: Asked, scope: SuggestionScope) -> list[_Part]:
    """The task for all codes asked for, or one for each group of codes with common transcripts."""
    task = asked.task
    if not scope.coded_too:
        return [_Part(frozenset(scope.codes), task)]
    names, known = task.corpus.transcripts, task.known
    column = {code.id: at for at, code in enumerate(task.corpus.codes)}
    groups: dict[frozenset[str], set[str]] = {}
    for code in scope.codes:
        within = frozenset(names[known.read & known.applied[:, column[code]]].tolist())
        groups.setdefault(within, set()).add(code)
    parts = []
    for within, codes in groups.items():
        rows = np.flatnonzero(known.read & np.isin(names, sorted(within)))
        own = None if task.own is None else task.own.restrict_to(rows)
        restricted = replace(task, known=known.restrict_to(rows), own=own)
        parts.append(_Part(frozenset(codes), restricted))
    return parts


def _rank_part(method: Suggester, part: _Part) -> Iterator[tuple[Task, Ranking]]:
    """Rankings of what is not learned from, and of the rest without its transcript's codings.

    People have passed the latter, which is no sample of what auto-acceptance speaks of.
    """
    task, read = part.task, part.task.known.read
    unread = replace(task, targets=task.targets[~read[task.targets]])
    yield unread, run_suggester(method, unread)
    rows = task.targets[read[task.targets]]
    if not len(rows):
        return
    names = task.corpus.transcripts
    folds = deal_folds(names[rows].tolist(), n_folds=_HELD_OUT_FOLDS)
    for fold in range(int(folds.max()) + 1):
        targets = rows[folds == fold]
        learned = task.read_rows[np.isin(names[task.read_rows], names[targets])]
        held_out = replace(task.hold_out(learned), targets=targets)
        ranking = run_suggester(method, held_out)
        nothing = np.zeros_like(ranking.auto_acceptable)
        yield held_out, replace(ranking, auto_acceptable=nothing)
