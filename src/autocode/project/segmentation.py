"""How a study's transcripts are segmented: anew on demand, and later ones as those before them.

Rules find most units; models help where rules find too little. Vectors and sentence ends are asked
for outside any transaction, and for all transcripts at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import pipeline
from ..core.acts import NewAct
from ..core.errors import EncoderError
from ..core.progress import Progress, silent
from ..core.run import Run
from ..core.transcript import Transcript
from ..encode.cache import VectorCache, encode_once
from ..encode.load import load_encoder
from ..encode.protocol import Encoder
from ..segment import UNITS, USUAL, Aids, SpeechEnds, Unit, check, cut, lacks_punctuation
from ..segment.meaning_units import Vectors
from ..store.file import Connection, StudyFile
from ..store.runs import add_run, last_run
from ..store.segments import given_transcripts, replace_segments, units
from ..store.suggestions import forget_drafts_of
from ..store.themes import theme_decisions
from ..store.transcripts import count, transcripts
from .sentence_ends import CarriedSentenceEnds
from .vector_caches import open_vector_cache

Rows = list[dict[str, Any]]
Floats = npt.NDArray[np.float32]


_BARE = "no punctuation: a model (speech-head) found the sentence ends, about half of them rightly"


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentationOptions:
    """How to cut; `encoder` compares sentences for meaning units in place of their words.

    Raises:
        InputError: for a unit that does not exist, or one that cannot span speakers.
    """

    unit: Unit = USUAL
    across_speakers: bool = False
    encoder: Encoder | None = None
    progress: Progress = field(default=silent)

    def __post_init__(self) -> None:
        check(self.unit, across_speakers=self.across_speakers)

    @property
    def parts_sentences(self) -> bool:
        """Whether sentence ends play a part."""
        return self.unit in ("sentence", "meaning")


def resegment(study: StudyFile, options: SegmentationOptions) -> int:
    """Segment anew whatever did not come with segments; returns the number of all segments.

    Open suggestions on what is segmented anew, and the theme draft, are dropped.

    Raises:
        StudyChanged: if somebody decided on draft themes meanwhile, which would be lost.
    """

    def read(connection: Connection) -> list[Transcript]:
        given = given_transcripts(connection)
        return [t for t in transcripts(connection) if t.name not in given]

    def keep(connection: Connection, anew: list[Transcript], rows: dict[str, Rows]) -> None:
        for name, rows_of_one in rows.items():
            replace_segments(connection, name, rows_of_one)
        forget_drafts_of(connection, list(rows))
        add_run(connection, _run(anew, options))

    study.recompute(
        NewAct(kind="segment", summary=f"transcripts segmented anew ({options.unit})"),
        read=read,
        compute=lambda anew: _all_rows(anew, options, open_vector_cache(study)),
        keep=keep,
        unless_changed=theme_decisions,
    )
    with study.reading() as connection:
        return count(connection)["segments"]


def _all_rows(
    anew: Sequence[Transcript], options: SegmentationOptions, cache: VectorCache
) -> dict[str, Rows]:
    ends = CarriedSentenceEnds()
    ends.look_up_all(anew, options.unit, options.progress)
    vectors = None
    if options.encoder is not None:
        sentences = sentences_compared(anew, options, ends)
        vectors = vectors_by_sentence(options.encoder, sentences, cache, options.progress)
    rows: dict[str, Rows] = {}
    for done, transcript in enumerate(anew, start=1):
        rows[transcript.name] = unit_rows(transcript, options, Aids(vectors, ends))
        options.progress("Segmenting", done, len(anew))
    return rows


def unit_rows(transcript: Transcript, options: SegmentationOptions, aids: Aids) -> Rows:
    """Rows for the store: every unit of a transcript with its speaker."""
    spans = cut(transcript, options.unit, aids=aids, across_speakers=options.across_speakers)
    same = {"unit": options.unit, "given": False, "name": None, "domain": None}
    return [
        {"start": span.start, "end": span.end, "speaker": turn.speaker} | same
        for turn, span in spans
    ]


def sentences_compared(
    anew: Sequence[Transcript], options: SegmentationOptions, ends: SpeechEnds
) -> list[str]:
    """The sentences, each once, whose likeness decides where meaning units end."""
    wanted: dict[str, None] = {}

    def note(sentences: Sequence[str]) -> Floats:
        wanted.update(dict.fromkeys(sentences))
        return np.zeros((len(sentences), 1), dtype=np.float32)

    if options.unit == "meaning":
        for transcript in anew:
            cut(transcript, options.unit, aids=Aids(note, ends))
    return list(wanted)


def vectors_by_sentence(
    encoder: Encoder, sentences: Sequence[str], cache: VectorCache, progress: Progress
) -> Vectors:
    """What gives the vectors of any of these `sentences`, which are encoded in one go."""
    vectors = encode_once(encoder, sentences, cache=cache, progress=progress)
    row = {words: number for number, words in enumerate(sentences)}
    return lambda asked: vectors[[row[words] for words in asked]]


def _run(anew: Sequence[Transcript], options: SegmentationOptions) -> Run:
    bare = [t.name for t in anew if lacks_punctuation(t)] if options.parts_sentences else []
    encoder = options.encoder if options.unit == "meaning" else None
    parameters: dict[str, Any] = {
        "unit": options.unit,
        "across_speakers": options.across_speakers,
        "transcripts": [t.name for t in anew],
        "without_punctuation": bare,
    }
    name, digest = (encoder.name, encoder.digest) if encoder else ("", "")
    return Run(
        kind="segment",
        method=options.unit,
        encoder=name,
        encoder_digest=digest,
        parameters=parameters,
        versions=pipeline.versions(),
    )


def usual_unit(known_units: Iterable[str]) -> Unit:
    """The unit a study is cut in so far; meaning units in a new study."""
    in_use = set(known_units)
    return next((unit for unit in UNITS if unit in in_use), USUAL)


@dataclass(frozen=True, slots=True)
class SegmentedTranscripts:
    """Rows for the store by transcript, and what a person should know of how they were cut."""

    rows: dict[str, Rows]
    notes: tuple[str, ...] = ()


class Segmenter:
    """SegmentedTranscripts transcripts as the last `segment` cut the study; without one, by rules.

    `unit` is one that was asked for in place of the study's. What was done then is looked up at
    the first transcript.
    """

    def __init__(self, study: StudyFile, unit: Unit | None, progress: Progress) -> None:
        self._study = study
        self._unit = unit
        self._progress = progress
        self._ends = CarriedSentenceEnds()

    def cut(self, transcripts: Sequence[Transcript]) -> SegmentedTranscripts:
        """The units of transcripts that are not in the study yet; to be called in no transaction.

        Where the encoder by which the study was cut cannot be had, words are compared, and a note
        says so. Raises EncoderError if speech without punctuation cannot be read.
        """
        options, notes, before = self._options, [], self._ends.n_asked
        self._ends.look_up_all(transcripts, options.unit, options.progress)
        vectors = None
        sentences = (
            sentences_compared(transcripts, options, self._ends) if self._encoder_name else []
        )
        if sentences:
            try:
                vectors = self._vectors(sentences)
            except EncoderError as error:
                notes.append(self._note(error))
        aids = Aids(vectors, self._ends)
        rows: dict[str, Rows] = {}
        for done, transcript in enumerate(transcripts, start=1):
            rows[transcript.name] = unit_rows(transcript, options, aids)
            if len(transcripts) > 1:  # one of many files says nothing of the whole
                self._progress("Segmenting", done, len(transcripts))
        if self._ends.n_asked > before:
            notes.append(_BARE)
        return SegmentedTranscripts(rows, tuple(notes))

    @cached_property
    def _run(self) -> Run | None:
        with self._study.reading() as connection:
            return last_run(connection, "segment")

    @cached_property
    def _options(self) -> SegmentationOptions:
        with self._study.reading() as connection:
            unit = self._unit or usual_unit(units(connection))
        across = self._run is not None and bool(self._run.parameters["across_speakers"])
        return SegmentationOptions(
            unit=unit, across_speakers=across and unit == "meaning", progress=self._progress
        )

    @property
    def _encoder_name(self) -> str:
        """The encoder by which the study's meaning units were cut, if any."""
        return self._run.encoder if self._run and self._options.unit == "meaning" else ""

    @cached_property
    def _encoder(self) -> Encoder:
        encoder = load_encoder(self._encoder_name)
        if self._run is not None and encoder.digest != self._run.encoder_digest:
            raise EncoderError(f"The model '{encoder.name}' has changed since the study was cut.")
        return encoder

    def _vectors(self, sentences: Sequence[str]) -> Vectors:
        return vectors_by_sentence(
            self._encoder, sentences, open_vector_cache(self._study), self._progress
        )

    def _note(self, error: EncoderError) -> str:
        reason = str(error).partition(". ")[0].rstrip(".")
        return (
            f"cut by the words sentences share, unlike the study so far: {reason}. When it is "
            f"there, cut all alike: autocode segment {self._study.path} --encoder "
            f"{self._encoder_name}"
        )
