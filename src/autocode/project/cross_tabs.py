"""A study by attribute and over time: tables and curves of its themes and people's codes."""

from __future__ import annotations

from collections.abc import Sequence

from ..analysis.cross_tabs import CrossTables, cross_tabulate
from ..analysis.saturation import SaturationCurves, trace_saturation
from ..core.errors import NothingToDo
from ..store import codings as coding_store
from ..store import themes as theme_store
from ..store import transcripts
from ..store.file import StudyFile

_NOTHING = "There is neither a draft theme nor a coding. First run: autocode themes draft STUDY"


def cross_tabulate_study(study: StudyFile, by: Sequence[str]) -> CrossTables:
    """The last theme draft, and people's codings, by one attribute of participants or two.

    Raises:
        InputError: if `by` names no attribute, more than two, or one twice.
        NotFound: if no participant has such an attribute.
        NothingToDo: if no participant has any, or there is neither a draft nor a coding.
    """
    with study.reading() as connection:
        tables = cross_tabulate(
            by,
            cases=transcripts.cases(connection),
            segments=transcripts.segments(connection),
            codebook=coding_store.codebook(connection),
            codings=coding_store.codings(connection),
            readings=coding_store.readings(connection),
            coders=coding_store.coders(connection),
            draft=theme_store.theme_draft(connection),
        )
    if tables.codes is None and tables.themes is None:
        raise NothingToDo(_NOTHING)
    return tables


def trace_study_saturation(study: StudyFile) -> SaturationCurves:
    """How many codes and draft themes are seen for the first time in each transcript.

    Raises:
        NothingToDo: if there is neither a draft nor a coding.
    """
    with study.reading() as connection:
        numbers = transcripts.transcript_ids(connection)
        curves = trace_saturation(
            sorted(numbers, key=lambda name: numbers[name]),
            codings=coding_store.codings(connection),
            readings=coding_store.readings(connection),
            coders=coding_store.coders(connection),
            draft=theme_store.theme_draft(connection),
        )
    if curves.codes is None and curves.themes is None:
        raise NothingToDo(_NOTHING)
    return curves
