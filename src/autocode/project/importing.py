"""Taking files into a study: each file whole or not at all, the same file never twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .. import segment as cutting
from ..coding import Case, Coding, Reading
from ..errors import FileRefused, InputError
from ..io.codings import read_cases, read_codings
from ..io.corpus import Corpus, GivenSegment, read_corpus
from ..io.files import read_bytes
from ..io.recognise import Found, Kind, Passed, corpus_file, look_through
from ..io.refi import read_qdc
from ..io.tables import read_codebook
from ..io.transcripts import read_document
from ..progress import Progress, silent
from ..segment import Unit
from ..store import texts, work
from ..store.file import StudyFile
from ..transcript import Span, Speaker, Transcript
from .surveys import survey_of

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was imported (`new`) or was in the study already; a transcript under its name."""

    path: Path
    kind: Kind
    account: str
    new: bool = True
    warnings: tuple[str, ...] = ()
    transcript: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be imported, and the one-line reason."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import took, what it knew already, and what it could not take."""

    taken: tuple[Taken, ...] = ()
    refused: tuple[Refused, ...] = ()
    passed: tuple[Passed, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import: the unit to cut, whether to join turns, and the share of codings to take.

    `coded_share` below 1 takes the codings of that share of a corpus's transcripts only, to try
    suggestions on a corpus that is coded already; which ones follows from their names' digests.
    """

    unit: Unit | None = None
    join_turns: bool = False
    coded_share: float = 1.0
    progress: Progress = field(default=silent)

    def __post_init__(self) -> None:
        if not 0 <= self.coded_share <= 1:
            raise InputError(f"The coded share must lie in 0..1, not {self.coded_share}.")


def import_paths(study: StudyFile, paths: Sequence[Path], options: ImportOptions) -> ImportReport:
    """Import everything under `paths`; a file that fails leaves no trace and stops no other.

    Raises:
        FileRefused: if a named path does not exist or is of no known kind.
    """
    found, passed = look_through(list(paths))
    taken: list[Taken] = []
    refused: list[Refused] = []
    for done, item in enumerate(found):
        options.progress("Reading", done, len(found))
        try:
            taken.append(_TAKERS[item.kind](study, item.path, options))
        except InputError as error:
            refused.append(Refused(item.path, _naming(item, error)))
    if found:
        options.progress("Reading", len(found), len(found))
    return ImportReport(tuple(taken), tuple(refused), tuple(passed))


def segment_rows(transcript: Transcript, unit: Unit) -> list[dict[str, Any]]:
    """Rows for the store: every unit of a transcript with its speaker."""
    return [
        {
            "start": span.start,
            "end": span.end,
            "speaker": turn.speaker,
            "unit": unit,
            "given": False,
            "name": None,
            "domain": None,
        }
        for turn, span in cutting.cut(transcript, unit)
    ]


def usual_unit(units: Iterable[str]) -> Unit:
    """The unit a study is cut in so far; meaning units in a new study."""
    found = set(units)
    return next((unit for unit in cutting.UNITS if unit in found), cutting.USUAL)


def _naming(item: Found, error: InputError) -> str:
    reason = str(error)
    reason = " ".join(reason.split())
    return reason if str(item.path) in reason else f"{item.path}: {reason}"


def _take_transcript(study: StudyFile, path: Path, options: ImportOptions) -> Taken:
    transcript, case = read_document(path, join_turns=options.join_turns)
    with study.writing() as connection:
        known = texts.source_digests(connection).get(transcript.source.digest)
        if known is not None:
            return Taken(
                path,
                "transcript",
                f"already in the study as '{known}'",
                new=False,
                transcript=known,
            )
        transcript = _named_apart(transcript, path, texts.source_names(connection))
        texts.add_transcripts(connection, [transcript])
        unit = options.unit or usual_unit(texts.units(connection))
        texts.replace_segments(connection, transcript.name, segment_rows(transcript, unit))
        if case is not None:
            texts.set_case(connection, case, transcript=transcript.name)
    voices = _voices(transcript.speakers)
    if case is not None:
        voices = f"case {case.name}" + (f"; {voices}" if voices else "")
    account = f"{len(transcript.turns)} turns, {len(transcript.text.split())} words"
    encoding = transcript.source.encoding
    if encoding not in ("utf-8", "utf-8-sig"):
        account += f", read as {encoding}"
    return Taken(
        path,
        "transcript",
        f"{account}; {voices or 'no speakers named'}",
        warnings=transcript.warnings,
        transcript=transcript.name,
    )


def _voices(speakers: Sequence[Speaker]) -> str:
    """The first voices with their roles; a question mark stands where the guess is unsure."""
    told = [
        f"{s.name} ({s.role}?)"
        if s.basis == "guessed" and s.confidence < 0.9
        else f"{s.name} ({s.role})"
        for s in speakers[:_SHOWN]
    ]
    rest = len(speakers) - len(told)
    return ", ".join(told) + (f" and {rest} more" if rest > 0 else "")


def _take_survey(study: StudyFile, path: Path, options: ImportOptions) -> Taken:
    survey = survey_of(path)
    n_said = len(survey.transcripts)
    account = (
        f"{len(survey.cases)} respondents, {n_said} of them with words; "
        f"attributes {', '.join(survey.attributes) or 'none'}"
    )
    with study.writing() as connection:
        if texts.imported(connection, survey.digest, "survey"):
            return Taken(path, "survey", f"{account}; already in the study", new=False)
        taken = texts.transcript_ids(connection)
        if clash := next((t.name for t in survey.transcripts if t.name in taken), None):
            raise FileRefused.because(
                path,
                f"a transcript '{clash}' is in the study already",
                remedy="Rename the file to add it; nothing was imported.",
            )
        unit = options.unit or usual_unit(texts.units(connection))
        for case in survey.cases:
            texts.put_case(connection, case)
        texts.add_transcripts(connection, survey.transcripts)
        for transcript in survey.transcripts:
            texts.replace_segments(connection, transcript.name, segment_rows(transcript, unit))
            whose = Case(transcript.case or transcript.name)
            texts.set_case(connection, whose, transcript=transcript.name)
        texts.note_import(connection, survey.digest, "survey", path.name)
    return Taken(path, "survey", account, warnings=survey.warnings)


def _named_apart(transcript: Transcript, path: Path, taken: Mapping[str, str]) -> Transcript:
    """The transcript under a name of its own: sample.srt beside sample.sbv keeps its suffix.

    Raises:
        FileRefused: if a file of this very name with other words is in the study.
    """
    if transcript.name not in taken:
        return transcript
    if path.name in taken or path.name in taken.values():
        raise FileRefused.because(
            path,
            f"a file '{path.name}' with other words is in the study",
            remedy="The text of a transcript is fixed for good; rename the file to add it.",
        )
    return replace(transcript, name=path.name)


def _take_codebook(study: StudyFile, path: Path, options: ImportOptions) -> Taken:
    codebook = read_qdc(path) if path.suffix.lower() in (".qdc", ".xml") else read_codebook(path)
    with study.writing() as connection:
        changed = work.put_codes(connection, codebook)
    parents = len(codebook.parents)
    account = f"{len(codebook)} codes, {parents} of them parents"
    if not changed:
        return Taken(path, "codebook", f"{account}; already in the study", new=False)
    return Taken(path, "codebook", f"{account}; {changed} new or changed")


def _take_codings(study: StudyFile, path: Path, options: ImportOptions) -> Taken:
    with study.reading() as connection:
        transcripts = texts.transcripts(connection)
        codebook = work.codebook(connection)
    table = read_codings(
        path,
        {t.name: t.text for t in transcripts},
        codebook,
        turns={t.name: [turn.span for turn in t.turns] for t in transcripts},
    )
    with study.writing() as connection:
        new = work.add_codings(connection, table.codings)
        new += work.add_readings(connection, table.readings)
    coders = ", ".join(sorted({c.coder for c in table.codings} | {r.coder for r in table.readings}))
    account = f"{len(table.codings)} codings by {coders}"
    if not new:
        return Taken(path, "codings", f"{account}; already in the study", new=False)
    return Taken(path, "codings", account)


def _take_cases(study: StudyFile, path: Path, options: ImportOptions) -> Taken:
    digest = hashlib.sha256(read_bytes(path)).hexdigest()
    with study.reading() as connection:
        voices = texts.speakers(connection)
        known = {
            name: [s.name for s in voices.get(name, ())]
            for name in texts.transcript_ids(connection)
        }
        before = texts.imported(connection, digest, "cases")
    rows = read_cases(path, known)
    names = {row.case.name for row in rows}
    attributes = sorted({name for row in rows for name in row.case.attributes})
    account = f"{len(names)} cases with {', '.join(attributes) or 'no attributes'}"
    if before:
        return Taken(path, "cases", f"{account}; already in the study", new=False)
    with study.writing() as connection:
        for row in rows:
            if row.transcript is None:
                texts.put_case(connection, row.case)
            else:
                texts.set_case(connection, row.case, transcript=row.transcript, speaker=row.speaker)
        texts.note_import(connection, digest, "cases", path.name)
    return Taken(path, "cases", account)


def _take_corpus(study: StudyFile, folder: Path, options: ImportOptions) -> Taken:
    digest = _corpus_digest(folder)
    with study.reading() as connection:
        if texts.imported(connection, digest, "corpus"):
            return Taken(folder, "corpus", "already in the study", new=False)
        clash = texts.transcript_ids(connection)
        taken_names = {s.name for s in texts.segments(connection) if s.name is not None}
    corpus = read_corpus(folder)
    for transcript in corpus.transcripts:
        if transcript.name in clash:
            raise FileRefused.because(
                folder,
                f"a transcript '{transcript.name}' is in the study already",
                remedy="Import the corpus into a study of its own.",
            )
    names = {segment.name for given in corpus.segments.values() for segment in given}
    if twice := sorted(names & taken_names):
        raise FileRefused.because(
            folder,
            f"a segment '{twice[0]}' is in the study already",
            remedy="Import the corpus into a study of its own.",
        )
    codings, readings = _people_s_work(corpus, options.coded_share)
    with study.writing() as connection:
        work.put_codes(connection, corpus.codebook)
        texts.add_transcripts(connection, corpus.transcripts)
        for name, given in corpus.segments.items():
            texts.replace_segments(connection, name, [_given_row(segment) for segment in given])
        for name, values in corpus.attributes.items():
            if name in corpus.segments:
                texts.set_case(connection, Case(name, dict(values)), transcript=name)
        work.add_readings(connection, readings)
        work.add_codings(connection, codings)
        texts.note_import(connection, digest, "corpus", folder.name)
    coders = sorted({reading.coder for reading in readings})
    shown = ", ".join(coders[:6]) + (", …" if len(coders) > 6 else "")
    n_segments = sum(map(len, corpus.segments.values()))
    return Taken(
        folder,
        "corpus",
        f"{len(corpus.transcripts)} transcripts, {n_segments} given segments, "
        f"{len(corpus.codebook)} codes, {len(codings)} codings by {shown or 'nobody'}",
    )


def _people_s_work(corpus: Corpus, share: float) -> tuple[list[Coding], list[Reading]]:
    places = {
        segment.name: (transcript, segment.span)
        for transcript, given in corpus.segments.items()
        for segment in given
    }
    names = sorted(corpus.segments, key=lambda name: hashlib.sha256(name.encode()).digest())
    kept = set(names[: round(share * len(names))])
    codings: list[Coding] = []
    readings: dict[tuple[str, Span, str], Reading] = {}
    for segment, coder, code in corpus.codings:
        transcript, span = places[segment]
        if transcript not in kept:
            continue
        readings.setdefault((transcript, span, coder), Reading(transcript, span, coder))
        if code is not None:
            codings.append(Coding(transcript, span, code, coder))
    return codings, list(readings.values())


def _given_row(segment: GivenSegment) -> dict[str, Any]:
    return {
        "start": segment.span.start,
        "end": segment.span.end,
        "speaker": segment.speaker,
        "unit": "given",
        "given": True,
        "name": segment.name,
        "domain": segment.domain,
    }


def _corpus_digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for stem in ("codebook", "segments", "codings", "docs"):
        path = corpus_file(folder, stem)
        digest.update(b"-" if path is None else hashlib.sha256(read_bytes(path)).digest())
    return digest.hexdigest()


_TAKERS: dict[Kind, Callable[[StudyFile, Path, ImportOptions], Taken]] = {
    "transcript": _take_transcript,
    "codebook": _take_codebook,
    "codings": _take_codings,
    "cases": _take_cases,
    "survey": _take_survey,
    "corpus": _take_corpus,
}
