"""What comes into a study later, cut as the study was cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..core.errors import EncoderError
from ..core.progress import Progress
from ..core.run import Run
from ..core.transcript import Transcript
from ..encode.load import load_encoder
from ..encode.protocol import Encoder
from ..segment import UNITS, USUAL, Aids, Unit
from ..segment.meaning_units import Vectors
from ..store import suggestions
from ..store import transcripts as texts
from ..store.file import StudyFile
from ..store.vectors import StudyVectorCache
from .cutting import CarriedEnds, Cutting, Rows, by_sentence, compared, unit_rows

_BARE = "no punctuation: a model (speech-head) found the sentence ends, about half of them rightly"


def usual_unit(units: Iterable[str]) -> Unit:
    """The unit a study is cut in so far; meaning units in a new study."""
    found = set(units)
    return next((unit for unit in UNITS if unit in found), USUAL)


@dataclass(frozen=True, slots=True)
class Cuts:
    """Rows for the store by transcript, and what a person should know of how they were cut."""

    rows: dict[str, Rows]
    notes: tuple[str, ...] = ()


class Follower:
    """Cuts transcripts as the last `segment` cut the study; without one, by rules.

    `unit` is one that was asked for in place of the study's. What was done then is looked up at
    the first transcript.
    """

    def __init__(self, study: StudyFile, unit: Unit | None, progress: Progress) -> None:
        self._study = study
        self._unit = unit
        self._progress = progress
        self._ends = CarriedEnds()

    def cut(self, transcripts: Sequence[Transcript]) -> Cuts:
        """The units of transcripts that are not in the study yet; to be called in no transaction.

        Where the encoder by which the study was cut cannot be had, words are compared, and a note
        says so. Raises EncoderError if speech without punctuation cannot be read.
        """
        how, notes, before = self._how, [], self._ends.n_asked
        vectors = None
        sentences = compared(transcripts, how, self._ends) if self._encoder_name else []
        if sentences:
            try:
                vectors = self._vectors(sentences)
            except EncoderError as error:
                notes.append(self._told(error))
        aids = Aids(vectors, self._ends)
        rows = {t.name: unit_rows(t, how, aids) for t in transcripts}
        if self._ends.n_asked > before:
            notes.append(_BARE)
        return Cuts(rows, tuple(notes))

    @cached_property
    def _run(self) -> Run | None:
        with self._study.reading() as connection:
            return suggestions.last_run(connection, "segment")

    @cached_property
    def _how(self) -> Cutting:
        with self._study.reading() as connection:
            unit = self._unit or usual_unit(texts.units(connection))
        across = self._run is not None and bool(self._run.parameters["across_speakers"])
        return Cutting(
            unit=unit, across_speakers=across and unit == "meaning", progress=self._progress
        )

    @property
    def _encoder_name(self) -> str:
        """The encoder by which the study's meaning units were cut, if any."""
        return self._run.encoder if self._run and self._how.unit == "meaning" else ""

    @cached_property
    def _encoder(self) -> Encoder:
        encoder = load_encoder(self._encoder_name)
        if self._run is not None and encoder.digest != self._run.encoder_digest:
            raise EncoderError(f"The model '{encoder.name}' has changed since the study was cut.")
        return encoder

    def _vectors(self, sentences: Sequence[str]) -> Vectors:
        return by_sentence(self._encoder, sentences, StudyVectorCache(self._study), self._progress)

    def _told(self, error: EncoderError) -> str:
        reason = str(error).partition(". ")[0].rstrip(".")
        return (
            f"cut by the words sentences share, unlike the study so far: {reason}. When it is "
            f"there, cut all alike: autocode segment {self._study.path} --encoder "
            f"{self._encoder_name}"
        )
