"""Corpus folders: coded material whose segments came with it and stay as they are."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from ..core.coding import Case, Coding, Reading
from ..core.counted import say_count
from ..core.errors import FileRefused
from ..core.transcript import Span
from ..io.corpus import CorpusFolder, GivenSegment, read_corpus
from ..io.recognise import find_corpus_file
from ..io.source import SourceFile
from ..store.cases import set_case
from ..store.codebook import put_codes
from ..store.codings import add_codings, add_readings
from ..store.segments import replace_segments, segments
from ..store.transcripts import add_transcripts, imported, note_import, transcript_ids
from .import_report import ImportedFile, Into


def take_corpus(into: Into, source: SourceFile) -> ImportedFile:
    """Take a corpus folder whole: codebook, transcripts, given segments, cases and codings.

    Raises:
        FileRefused: if it cannot be read, or a transcript or segment of its name is there.
    """
    folder = source.path
    digest = _corpus_digest(folder)
    with into.study.reading() as connection:
        if imported(connection, digest, "corpus"):
            return ImportedFile(
                path=folder, kind="corpus", account="already in the study", new=False
            )
        clash = transcript_ids(connection)
        taken_names = {s.name for s in segments(connection) if s.name is not None}
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
    codings, readings = _people_s_work(corpus, into.options.coded_share)
    with into.taking(source.name) as connection:
        put_codes(connection, corpus.codebook)
        add_transcripts(connection, corpus.transcripts)
        for name, given in corpus.segments.items():
            replace_segments(connection, name, [_given_row(segment) for segment in given])
        for name, values in corpus.attributes.items():
            if name in corpus.segments:
                set_case(connection, Case(name, dict(values)), transcript=name)
        add_readings(connection, readings)
        add_codings(connection, codings)
        note_import(connection, digest, "corpus", source.name)
    coders = sorted({reading.coder for reading in readings})
    shown = ", ".join(coders[:6]) + (", …" if len(coders) > 6 else "")
    n_segments = sum(map(len, corpus.segments.values()))
    return ImportedFile(
        path=folder,
        kind="corpus",
        account=f"{say_count(len(corpus.transcripts), 'transcript')}, "
        f"{say_count(n_segments, 'given segment')}, "
        f"{say_count(len(corpus.codebook), 'code')}, "
        f"{say_count(len(codings), 'coding')} by {shown or 'nobody'}",
    )


def _people_s_work(corpus: CorpusFolder, share: float) -> tuple[list[Coding], list[Reading]]:
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
            codings.append(Coding(transcript=transcript, span=span, code=code, coder=coder))
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
        path = find_corpus_file(folder, stem)
        digest.update(b"-" if path is None else bytes.fromhex(SourceFile(path).digest))
    return digest.hexdigest()
