"""From a study in memory to draft themes, and later segments into them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from ..core.alignment import Aligned, align
from ..core.codebook import Code
from ..core.errors import InputError, NothingToDo
from ..core.run import Run
from ..core.suggestion import Suggestion
from ..core.theme import ThemeDraft
from ..core.transcript import Segment, Span, text_digest
from ..suggest.code_text import list_phrases
from ..themes.assign import NewSegments
from ..themes.deduplicate import find_names_of
from ..themes.describe import CodeCentroids
from ..themes.draft import ThemeOptions, draft_themes
from ..themes.guided import GuidingPhrases, GuidingVectors
from ..themes.learned_metric import CodedVectors
from ..themes.partition import Method
from ..themes.update import Update, list_guiding_phrases, update_draft
from .languages import remark_on_languages
from .study import Study, Tools, build_run, codable, encode_texts

_GROUPING: dict[Method, str] = {
    "combined": "neighbour means + PCA + Ward's tree + hdbscan",
    "ward": "neighbour means + PCA + Ward's tree",
    "hdbscan": "neighbour means + PCA + hdbscan",
}

_OTHER_LANGUAGE = "segments are grouped by spelling and shared names more than by meaning"


def themes(
    study: Study,
    suggested: Iterable[Suggestion],
    tools: Tools,
    *,
    options: ThemeOptions | None = None,
    include_interviewer: bool = False,
) -> tuple[ThemeDraft, Run]:
    """Draft themes from segments that have neither a coding nor a likely suggestion.

    What people have coded says which differences matter: where it is enough, segments are grouped
    in a metric learned from it (see `themes.learned_metric`), unless `options` say otherwise.

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
    vectors = encode_texts(tools, [s.excerpt for s in left])
    guiding = _guiding_vectors(options.guiding, tools)
    draft = draft_themes(
        left,
        vectors,
        centroids,
        options=options,
        guiding=guiding,
        proper_names=find_names_of(study.segments),
        coded=_coded_vectors(segments, study, tools) if options.learn_from_codings else None,
    )
    foreign = remark_on_languages(study, tools, effect=_OTHER_LANGUAGE)
    if foreign:
        remarks = (*draft.diagnostics.remarks, *foreign)
        draft = replace(draft, diagnostics=replace(draft.diagnostics, remarks=remarks))
    method = _GROUPING[options.partition.method]
    if draft.metric is not None:
        method = f"within-class covariance normalisation + {method}"
    return draft, build_run("themes", method, tools.encoder, draft.diagnostics.to_stored())


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
    if draft.metric is None and draft.diagnostics.metric and draft.diagnostics.metric.is_used:
        raise InputError(
            "The themes were drafted in a metric learned from codings, which was erased with the "
            "words it rested on. Draft anew: autocode themes draft STUDY"
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
    arrivals = NewSegments(left, dict(zip(texts, encode_texts(tools, texts), strict=True)))
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


def _coded_vectors(segments: Sequence[Segment], study: Study, tools: Tools) -> CodedVectors | None:
    """The segments that people, no machines, have coded, and their codes; None for no coding."""
    aligned: Aligned = align(segments, study.people_codings, ())
    # In the order of their words, so that sums do not depend on the order of import.
    order = sorted(range(len(segments)), key=lambda row: text_digest(segments[row].excerpt))
    given = {row: codes for row in order if (codes := aligned.codes(row))}
    if not given:
        return None
    column = {code: at for at, code in enumerate(sorted(set().union(*given.values())))}
    applied = np.zeros((len(given), len(column)), dtype=bool)
    for at, codes in enumerate(given.values()):
        applied[at, [column[code] for code in codes]] = True
    return CodedVectors(encode_texts(tools, [segments[row].excerpt for row in given]), applied)


def _code_centroids(codes: Sequence[Code], tools: Tools) -> CodeCentroids:
    entries = [phrase for phrase in list_phrases(codes) if phrase.whole]
    vectors = encode_texts(tools, [phrase.text for phrase in entries])
    return CodeCentroids(tuple(codes[phrase.code].id for phrase in entries), vectors)


def _guiding_vectors(guiding: tuple[GuidingPhrases, ...], tools: Tools) -> GuidingVectors:
    phrases = [phrase for wanted in guiding for phrase in wanted.phrases]
    return GuidingVectors(guiding, encode_texts(tools, phrases))
