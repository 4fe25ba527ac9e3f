"""A study by attribute and over time: tables and curves of its themes and people's codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..analysis.cross_tabs import CrossTable, crossed
from ..analysis.saturation import Saturation, saturation
from ..core.alignment import align
from ..core.codebook import Codebook
from ..core.coding import Case, Coder, Coding, Reading
from ..core.errors import NotFound, NothingToDo
from ..core.transcript import Segment
from ..pipeline import CODABLE
from ..store import codings as work
from ..store import themes as stored
from ..store import transcripts
from ..store.file import StudyFile

_NOTHING = "There is neither a draft theme nor a coding. First run: autocode themes draft STUDY"


@dataclass(frozen=True, slots=True)
class _Given:
    """Codes that people gave: (id, name, segments), and the segments they have read."""

    rows: Sequence[tuple[str, str, Sequence[Segment]]]
    among: Sequence[Segment]


@dataclass(frozen=True, slots=True)
class Crossing:
    """Draft themes and people's codes by an attribute; None where there are none."""

    themes: CrossTable | None
    codes: CrossTable | None


@dataclass(frozen=True, slots=True)
class Curves:
    """New codes that people gave, and new draft themes, per transcript; None where there are none.

    Transcripts stand in the order in which they were imported.
    """

    codes: Saturation | None
    themes: Saturation | None


def by_attribute(study: StudyFile, attribute: str) -> Crossing:
    """Cross the last theme draft, and people's codings, with an attribute of participants.

    Raises:
        NotFound: if no participant has such an attribute.
        NothingToDo: if no participant has any, or there is neither a draft nor a coding.
    """
    with study.reading() as connection:
        value_of = _values(transcripts.cases(connection), attribute)
        draft = stored.theme_draft(connection)
        segments = transcripts.segments(connection)
        codebook = work.codebook(connection)
        given = _of_people(
            work.coders(connection), work.codings(connection), work.readings(connection)
        )
    themes = None
    if draft is not None:
        rows = [(t.key, t.name, [m.segment for m in t.members]) for t in draft.themes]
        themes = crossed(attribute, value_of, rows, among=draft.segments)
    codes = _codes(segments, codebook, given)
    if themes is None and codes is None:
        raise NothingToDo(_NOTHING)
    if codes is None:
        return Crossing(themes, None)
    return Crossing(themes, crossed(attribute, value_of, codes.rows, among=codes.among))


def curves(study: StudyFile) -> Curves:
    """How many codes and draft themes are seen for the first time in each transcript.

    A transcript counts for codes once a person has coded or read some of it, for themes once the
    draft has placed or left out some of it.

    Raises:
        NothingToDo: if there is neither a draft nor a coding.
    """
    with study.reading() as connection:
        places = transcripts.transcript_ids(connection)
        draft = stored.theme_draft(connection)
        codings, readings = _of_people(
            work.coders(connection), work.codings(connection), work.readings(connection)
        )
    order = sorted(places, key=lambda name: places[name])
    codes = [(c.transcript, c.code) for c in codings]
    read = {c.transcript for c in codings} | {r.transcript for r in readings}
    themes = (
        [(m.segment.transcript, t.key) for t in draft.themes for m in t.members] if draft else []
    )
    drafted = {segment.transcript for segment in draft.segments} if draft and themes else set()
    if not read and not drafted:
        raise NothingToDo(_NOTHING)
    return Curves(_curve(order, read, codes), _curve(order, drafted, themes))


def _curve(
    order: Sequence[str], counted: set[str], found: Sequence[tuple[str, str]]
) -> Saturation | None:
    seen: dict[str, set[str]] = {name: set() for name in order if name in counted}
    for name, thing in found:
        seen[name].add(thing)
    return (
        saturation([(name, frozenset(things)) for name, things in seen.items()]) if seen else None
    )


def _values(cases: Sequence[Case], attribute: str) -> dict[str, str]:
    """The attribute by participant, blanks left out."""
    known = sorted({name for case in cases for name in case.attributes})
    if not known:
        raise NothingToDo(
            "No participant of this study has attributes. Import a table of cases (case, "
            "transcript, speaker, attributes) first: autocode import STUDY participants.csv"
        )
    if attribute not in known:
        raise NotFound(
            f"No attribute '{attribute}' in this study. Choose one of: {', '.join(known)}."
        )
    values = {case.name: case.attributes.get(attribute, "").strip() for case in cases}
    return {name: value for name, value in values.items() if value}


def _of_people(
    coders: Sequence[Coder], codings: Sequence[Coding], readings: Sequence[Reading]
) -> tuple[list[Coding], list[Reading]]:
    """Codings and readings, a machine's left out."""
    people = {coder.name for coder in coders if coder.kind == "person"}
    return (
        [coding for coding in codings if coding.coder in people],
        [reading for reading in readings if reading.coder in people],
    )


def _codes(
    segments: Sequence[Segment],
    codebook: Codebook,
    given: tuple[Sequence[Coding], Sequence[Reading]],
) -> _Given | None:
    """The segments of each code, in the order of the codebook; None where nothing is coded."""
    aligned = align(segments, *given)
    # Whoever has read a transcript has read its questions too; those count where they are coded.
    said = [segment.given or segment.role in CODABLE for segment in segments]
    read = [
        row
        for row in range(len(segments))
        if aligned.codes(row) or (said[row] and aligned.is_read(row))
    ]
    found: dict[str, list[Segment]] = {}
    for row in read:
        for code in sorted(aligned.codes(row)):
            found.setdefault(code, []).append(segments[row])
    if not found:
        return None
    rows = [(code.id, code.name, found[code.id]) for _, code in codebook.walk() if code.id in found]
    return _Given(rows, [segments[row] for row in read])
