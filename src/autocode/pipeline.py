"""The main job on objects: encode, suggest, draft themes, compare coders. No files, no database."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version

import numpy as np
import numpy.typing as npt

from .agreement.machine.plan import MachinePlan, plan_machine_comparison
from .agreement.machine.report import ComparisonOptions, MachineReport, measure_machine_agreement
from .agreement.resampling.intervals import Resampling
from .agreement.spans.continuum import build_continua
from .agreement.study.coding_order import order_by_coding_time
from .agreement.study.decisions import Unit
from .agreement.study.reading import (
    AssumedReading,
    ReadingAccount,
    ReadingRule,
    check_reading_rule,
    count_assumed_units,
    find_assumed_readings,
)
from .agreement.study.span_table import SpanAgreement, measure_span_agreement
from .agreement.study.table import Agreement, attach_memos, measure_agreement
from .agreement.study.units import OVERLAP_SHARE, UnitKind, build_units
from .core.alignment import Aligned, align
from .core.codebook import Code, Codebook
from .core.coding import Coding, Reading
from .core.errors import InputError, NotFound, NothingToDo
from .core.progress import Progress, silent
from .core.run import Run
from .core.suggestion import Suggestion
from .core.theme import ThemeDraft
from .core.transcript import CODABLE_ROLES, Segment, Span, Transcript
from .encode.cache import VectorCache, encode_once
from .encode.load import DEFAULT_MODEL
from .encode.protocol import Encoder
from .segment import Aids, SpeechEnds
from .serialise.plain import to_plain
from .suggest.active_learning import CodingQueue, QueuedSegment, prioritise_segments
from .suggest.calibration.decide import as_suggester
from .suggest.check import run_suggester
from .suggest.code_text import list_phrases
from .suggest.codebook_suggester import CodebookSuggester
from .suggest.corpus import UNRELATED, EncodedCorpus
from .suggest.explain import make_suggestions
from .suggest.protocol import Scorer, Suggester, Task, collect_known_codings
from .text.language import detect_language
from .themes.assign import NewSegments
from .themes.describe import CodeCentroids
from .themes.draft import ThemeOptions as ThemeOptions
from .themes.draft import draft_themes
from .themes.guided import GuidingPhrases as GuidingPhrases
from .themes.guided import GuidingVectors
from .themes.partition import Method
from .themes.partition import PartitionOptions as PartitionOptions
from .themes.update import Update as Update
from .themes.update import list_guiding_phrases, update_draft

_REPORTED = ("numpy", "scikit-learn", "hdbscan", "sentence-transformers", "torch", "spacy")


_ENGLISH_ENCODERS = (DEFAULT_MODEL,)
"""Encoders whose vectors are made for English alone."""

_GROUPING: dict[Method, str] = {
    "combined": "neighbour means + PCA + Ward's tree + hdbscan",
    "ward": "neighbour means + PCA + Ward's tree",
    "hdbscan": "neighbour means + PCA + hdbscan",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What the pipeline needs of a study, in memory; `rejected` holds (transcript, span, code).

    `speech_ends` finds sentence ends in a line without punctuation. `machines` names the coders who
    are no people: nothing is learned from them, and they are compared only where they are named.
    """

    segments: Sequence[Segment]
    codebook: Codebook
    codings: Sequence[Coding]
    readings: Sequence[Reading]
    rejected: frozenset[tuple[str, Span, str]] = frozenset()
    transcripts: Sequence[Transcript] = ()
    speech_ends: SpeechEnds | None = None
    machines: frozenset[str] = frozenset()

    @property
    def people_codings(self) -> list[Coding]:
        """The codings that people made."""
        return [coding for coding in self.codings if coding.coder not in self.machines]

    @property
    def people_readings(self) -> list[Reading]:
        """What people have gone through."""
        return [reading for reading in self.readings if reading.coder not in self.machines]

    @property
    def coders(self) -> set[str]:
        """Everybody who coded or read, people and machines."""
        return {coding.coder for coding in self.codings} | {r.coder for r in self.readings}


@dataclass(frozen=True, slots=True)
class Tools:
    """The encoder, where its vectors are kept, and who is informed of progress."""

    encoder: Encoder
    cache: VectorCache
    progress: Progress = silent


def codable(segments: Iterable[Segment], *, include_interviewer: bool = False) -> list[Segment]:
    """The segments that are coded: participants' words, and the interviewer's if asked for."""
    roles = (*CODABLE_ROLES, "interviewer") if include_interviewer else CODABLE_ROLES
    return [segment for segment in segments if segment.role in roles]


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
    run = _run("suggest", method.name, tools.encoder, parameters)
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
        "nothing is likely until enough is coded to calibrate. Name a multilingual encoder "
        "(--encoder).",
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


def themes(
    study: Study,
    suggested: Iterable[Suggestion],
    tools: Tools,
    *,
    options: ThemeOptions | None = None,
    include_interviewer: bool = False,
) -> tuple[ThemeDraft, Run]:
    """Draft themes from segments that have neither a coding nor a likely suggestion.

    Raises:
        NothingToDo: if the codings and likely suggestions cover everything.
        InputError: if the encoder gives values that are no numbers.
    """
    segments = codable(study.segments, include_interviewer=include_interviewer)
    if not segments:
        raise NothingToDo(
            "There is no participant segment to draft themes from. Import transcripts, or check "
            "who interviews with: autocode speakers STUDY"
        )
    left = uncovered(segments, study, suggested)
    if not left:
        raise NothingToDo(
            "Every participant segment has a code or a likely suggestion; nothing is left to "
            "draft themes from."
        )
    codes = study.codebook.candidates({coding.code for coding in study.people_codings})
    centroids = _code_centroids(codes, tools)
    options = options or ThemeOptions()
    vectors = _encode(tools, [s.excerpt for s in left])
    guiding = _guiding_vectors(options.guiding, tools)
    draft = draft_themes(left, vectors, centroids, options=options, guiding=guiding)
    return draft, _run(
        "themes", _GROUPING[options.partition.method], tools.encoder, draft.diagnostics.to_stored()
    )


def update_themes(
    study: Study,
    suggested: Iterable[Suggestion],
    tools: Tools,
    *,
    draft: ThemeDraft,
    run: Run,
) -> tuple[Update, Run]:
    """Take segments that came after a draft into its themes, and draft new ones of the rest.

    They are, as in the draft that `run` made, those with neither a coding nor a likely
    suggestion; an interviewer's if the draft has such.

    Raises:
        NothingToDo: if no such segment came.
        InputError: if the draft was made with another encoder, or values are no numbers.
    """
    if run.encoder_digest != tools.encoder.digest:
        raise InputError(
            f"The themes were drafted with the encoder '{run.encoder}', and this is "
            f"'{tools.encoder.name}' or another version of it: their vectors cannot be compared. "
            "Give the same with --encoder, or draft anew: autocode themes draft STUDY"
        )
    known = draft.segments
    known_starts = {(segment.transcript, segment.span.start) for segment in known}
    asked = any(segment.role == "interviewer" for segment in known)
    segments = codable(study.segments, include_interviewer=asked)
    fresh = [s for s in segments if (s.transcript, s.span.start) not in known_starts]
    left = uncovered(fresh, study, suggested)
    if not left:
        raise NothingToDo(
            "Nothing has come since the themes were drafted that no code covers. Import new "
            "transcripts first: autocode import STUDY PATHS"
        )
    texts = [segment.excerpt for segment in (*known, *left)]
    arrivals = NewSegments(left, dict(zip(texts, _encode(tools, texts), strict=True)))
    codes = study.codebook.candidates({coding.code for coding in study.people_codings})
    guiding = _guiding_vectors(list_guiding_phrases(draft), tools)
    update = update_draft(draft, arrivals, _code_centroids(codes, tools), guiding=guiding)
    return update, replace(run, parameters=run.parameters | update.draft.diagnostics.to_stored())


def uncovered(
    segments: Sequence[Segment], study: Study, suggested: Iterable[Suggestion]
) -> list[Segment]:
    """Segments with neither a coding nor a likely suggestion."""
    aligned: Aligned = align(segments, study.people_codings, ())
    likely: set[tuple[str, Span]] = {(s.transcript, s.span) for s in suggested if s.likely}
    return [
        segment
        for row, segment in enumerate(segments)
        if not aligned.codes(row) and (segment.transcript, segment.span) not in likely
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementOptions:
    """How to compare coders: who, on which units, and how intervals are made.

    `reading` says what counts as read without a code: "assumed", all of a transcript that a coder
    coded by hand, unless readings of theirs are recorded in it; "marked", only what is recorded.
    """

    coders: Sequence[str] = ()
    unit: UnitKind = "segment"
    share: float = OVERLAP_SHARE
    reading: ReadingRule = "assumed"
    resampling: Resampling = field(default_factory=Resampling)


def agree(study: Study, comparison: AgreementOptions | None = None) -> Agreement:
    """Compare coders on the units that two or more of them have read.

    Raises:
        NotFound: if a coder is not in the study.
        InputError: if fewer than two coders are left, or no unit was read by two.
    """
    comparison = comparison or AgreementOptions()
    chosen = _chosen(study, comparison.coders)
    units, reading = _units(study, comparison, chosen)
    kinds = {s.unit for s in study.segments} if comparison.unit == "segment" else {comparison.unit}
    table = measure_agreement(
        units,
        chosen,
        [code.id for code in study.codebook],
        unit_name=" and ".join(sorted(kinds)),
        parents={code.id: code.parent for code in study.codebook},
        resampling=comparison.resampling,
    )
    if not table.n_units:
        raise InputError(
            f"No segment was read by two of {', '.join(chosen)}. "
            "Let a second coder code some of the same transcripts."
        )
    table = replace(table, reading=reading)
    return attach_memos(order_by_coding_time(table, study.codings), study.codings)


def agree_on_spans(study: Study, comparison: AgreementOptions | None = None) -> SpanAgreement:
    """Compare coders on their own spans, on the text that both of a pair have read.

    The unit of `comparison` plays no part.

    Raises:
        NotFound: if a coder is not in the study.
        InputError: if fewer than two coders are left.
    """
    comparison = comparison or AgreementOptions()
    chosen = _chosen(study, comparison.coders)
    codes = [code.id for code in study.codebook]
    # A mark is read text, and says so here: without any reading the whole would count as read.
    recorded = [*study.readings, *(Reading(c.transcript, c.span, c.coder) for c in study.codings)]
    assumed = _assume_readings(study, comparison, chosen)
    marked, whole = (
        build_continua(
            _compared_segments(study), study.codings, readings, coders=chosen, codes=codes
        )
        for readings in (recorded, [*recorded, *_as_readings(assumed)])
    )
    texts = whole if comparison.reading == "assumed" else marked
    n_assumed = sum(t.spans.length for t in whole) - sum(t.spans.length for t in marked)
    spans = measure_span_agreement(texts, chosen, codes, resampling=comparison.resampling)
    reading = ReadingAccount(rule=comparison.reading, n_assumed=n_assumed, assumed=assumed)
    return replace(spans, reading=reading)


def machine_beside_people(
    study: Study,
    machine: str,
    comparison: AgreementOptions | None = None,
    *,
    options: ComparisonOptions | None = None,
) -> MachineReport:
    """Set a machine, one of the study's coders, beside the people on units both have read.

    Raises:
        NotFound: if a coder is not in the study.
        InputError: if there are not two people beside it, or nothing both have read.
    """
    comparison = comparison or AgreementOptions()
    people = _people_beside(study, machine, comparison)
    units, reading = _units(study, comparison, (*people, machine))
    codes = [code.id for code in study.codebook]
    report = measure_machine_agreement(units, people, machine, codes, options=options)
    return replace(report, reading=reading)


def plan_machine_beside_people(
    study: Study,
    machine: str | None = None,
    comparison: AgreementOptions | None = None,
    *,
    margin: float = 0.05,
) -> MachinePlan:
    """What setting a machine beside the people would show; a `machine` named is left out of them.

    Raises:
        NotFound: if a coder is not in the study.
        InputError: if there are fewer than two people, or nothing two have read.
    """
    comparison = comparison or AgreementOptions()
    people = _people_beside(study, machine, comparison)
    codes = [code.id for code in study.codebook]
    units, reading = _units(study, comparison, people)
    plan = plan_machine_comparison(units, people, codes, margin=margin)
    return replace(plan, reading=reading)


def _people_beside(
    study: Study, machine: str | None, comparison: AgreementOptions
) -> tuple[str, ...]:
    """The people whom a machine is set beside: those named, or everybody but machines."""
    known = study.coders
    for coder in (*([] if machine is None else [machine]), *comparison.coders):
        if coder not in known:
            raise NotFound.among("coder", coder, known)
    return tuple(c for c in comparison.coders or sorted(known - study.machines) if c != machine)


def _chosen(study: Study, coders: Sequence[str]) -> tuple[str, ...]:
    """The coders to compare: those named, or everybody in the study."""
    known = study.coders
    for coder in coders:
        if coder not in known:
            raise NotFound.among("coder", coder, known)
    chosen = tuple(dict.fromkeys(coders)) or tuple(sorted(known - study.machines))
    if len(chosen) < 2:
        raise InputError(
            f"Agreement needs two coders; this study has {len(chosen)}. "
            "Import the codings of another person."
        )
    return chosen


def _compared_segments(study: Study) -> list[Segment]:
    # A coder who has read a transcript has coded what participants say; segments that came with
    # a corpus are units whoever speaks.
    return [s for s in study.segments if s.given or s.role in CODABLE_ROLES]


def _assume_readings(
    study: Study, comparison: AgreementOptions, coders: Sequence[str]
) -> tuple[AssumedReading, ...]:
    check_reading_rule(comparison.reading)
    return find_assumed_readings(
        _compared_segments(study),
        [c for c in study.codings if c.coder in coders],
        study.readings,
    )


def _as_readings(assumed: Iterable[AssumedReading]) -> list[Reading]:
    return [Reading(a.transcript, a.span, a.coder) for a in assumed]


def _units(
    study: Study, comparison: AgreementOptions, coders: Sequence[str]
) -> tuple[list[Unit], ReadingAccount]:
    """The units compared, and what they take as read."""
    assumed = _assume_readings(study, comparison, coders)
    recorded = [r for r in study.readings if r.coder in coders]
    marked = _build_units(study, comparison, coders, recorded)
    if not assumed:
        return marked, ReadingAccount(rule=comparison.reading)
    whole = _build_units(study, comparison, coders, [*recorded, *_as_readings(assumed)])
    n_assumed = count_assumed_units(whole, marked, coders)
    account = ReadingAccount(rule=comparison.reading, n_assumed=n_assumed, assumed=assumed)
    return (whole if comparison.reading == "assumed" else marked), account


def _build_units(
    study: Study, comparison: AgreementOptions, coders: Sequence[str], readings: Sequence[Reading]
) -> list[Unit]:
    return build_units(
        comparison.unit,
        _compared_segments(study),
        study.transcripts,
        codings=[c for c in study.codings if c.coder in coders],
        readings=readings,
        share=comparison.share,
        aids=Aids(speech_ends=study.speech_ends),
    )


def encode_corpus(study: Study, codes: Sequence[Code], tools: Tools) -> EncodedCorpus:
    """The study's words and vectors, and those of the candidate `codes`, for a suggester."""
    entries = list_phrases(codes)
    vectors = _encode(tools, [segment.excerpt for segment in study.segments])
    phrase_vectors = _encode(tools, [phrase.text for phrase in entries])
    return EncodedCorpus(
        segments=study.segments,
        vectors=vectors,
        codebook=study.codebook,
        codes=codes,
        phrases=entries,
        phrase_vectors=phrase_vectors,
        unrelated_vectors=_encode(tools, UNRELATED),
        knows_language=tools.encoder.name not in _ENGLISH_ENCODERS
        or detect_language(segment.excerpt for segment in study.segments) == "en",
    )


def _code_centroids(codes: Sequence[Code], tools: Tools) -> CodeCentroids:
    entries = [phrase for phrase in list_phrases(codes) if phrase.whole]
    vectors = _encode(tools, [phrase.text for phrase in entries])
    return CodeCentroids(tuple(codes[phrase.code].id for phrase in entries), vectors)


def _guiding_vectors(guiding: tuple[GuidingPhrases, ...], tools: Tools) -> GuidingVectors:
    phrases = [phrase for wanted in guiding for phrase in wanted.phrases]
    return GuidingVectors(guiding, _encode(tools, phrases))


def _encode(tools: Tools, texts: Sequence[str]) -> npt.NDArray[np.float32]:
    return encode_once(tools.encoder, texts, cache=tools.cache, progress=tools.progress)


def _run(kind: str, method: str, encoder: Encoder, parameters: dict[str, object]) -> Run:
    return Run(
        kind=kind,
        method=method,
        encoder=encoder.name,
        encoder_digest=encoder.digest,
        parameters=parameters,
        versions=versions(),
    )


def versions() -> dict[str, str]:
    """Versions of everything that shapes a result, for the methods box."""
    from ._version import __version__

    installed = {"autocode": __version__, "python": platform.python_version()}
    for package in _REPORTED:
        try:
            installed[package] = version(package)
        except PackageNotFoundError:
            installed[package] = "not installed"
    return installed
