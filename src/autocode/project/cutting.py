"""A study's transcripts cut anew: by rules, and by models where rules find too little.

Vectors and sentence ends are asked for outside any transaction, and for all transcripts at once.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import pipeline
from ..draft import Run
from ..embed import sentence
from ..embed.cache import VectorShelf, encode_once
from ..embed.encoder import Encoder
from ..embed.manifest import models_folder
from ..embed.words import word_states
from ..errors import EncoderError
from ..progress import Progress, silent
from ..segment import UNITS, USUAL, Aids, Unit, check, cut, lacks_punctuation
from ..segment.bare import SpeechHead
from ..store import drafts, texts
from ..store.file import StudyFile
from ..store.shelf import StudyShelf
from ..transcript import Transcript
from .importing import ImportReport

_BARE = "no punctuation: a model (speech-head) found the sentence ends, about half of them rightly"

Rows = list[dict[str, Any]]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Cutting:
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


def cut_anew(study: StudyFile, how: Cutting) -> int:
    """Cut all transcripts whose segments were not given; returns the number of all segments.

    Open suggestions on what is cut, and the theme draft, are dropped.
    """
    with study.reading() as connection:
        given = texts.given_transcripts(connection)
        anew = [t for t in texts.transcripts(connection) if t.name not in given]
    rows = _all_rows(anew, how, StudyShelf(study))
    with study.writing() as connection:
        for name, found in rows.items():
            texts.replace_segments(connection, name, found)
        drafts.forget_drafts_of(connection, list(rows))
        drafts.add_run(connection, _run(anew, how))
        return texts.count(connection)["segments"]


def follow(study: StudyFile, report: ImportReport, progress: Progress = silent) -> ImportReport:
    """Cut transcripts just imported once more where what rules made of them falls short.

    That is where they lack punctuation, and where the study's meaning units span speakers. The
    report comes back with a note where a model was used.
    """
    new = {item.transcript for item in report.taken if item.new and item.transcript}
    if not new:
        return report
    with study.reading() as connection:
        run = drafts.last_run(connection, "segment")
        taken = [t for t in texts.transcripts(connection) if t.name in new]
        unit_of = {name: s.unit for name in new for s in texts.segments(connection, name)[:1]}
    across = bool(run and run.parameters["across_speakers"])
    helped = set()
    for transcript in taken:
        unit: Unit = next((u for u in UNITS if u == unit_of.get(transcript.name)), USUAL)
        how = Cutting(unit, across and unit == "meaning", progress=progress)
        bare = how.parts_sentences and lacks_punctuation(transcript)
        if bare or how.across_speakers:
            rows = _all_rows([transcript], how, StudyShelf(study))
            with study.writing() as connection:
                texts.replace_segments(connection, transcript.name, rows[transcript.name])
        if bare:
            helped.add(transcript.name)
    return _noted(report, helped)


def _noted(report: ImportReport, helped: Container[str | None]) -> ImportReport:
    told = tuple(
        replace(item, warnings=(*item.warnings, _BARE)) if item.transcript in helped else item
        for item in report.taken
    )
    return replace(report, taken=told)


def _all_rows(anew: Sequence[Transcript], how: Cutting, shelf: VectorShelf) -> dict[str, Rows]:
    ends = _SpeechEnds()
    vectors = None
    encoder = how.encoder
    if how.unit == "meaning" and encoder is not None:
        vectors = _vectors(
            anew,
            how,
            ends,
            lambda words: encode_once(encoder, words, shelf=shelf, progress=how.progress),
        )
    found: dict[str, Rows] = {}
    for done, transcript in enumerate(anew, start=1):
        found[transcript.name] = _rows(transcript, how, Aids(vectors, ends))
        how.progress("Cutting", done, len(anew))
    return found


def _rows(transcript: Transcript, how: Cutting, aids: Aids) -> Rows:
    units = cut(transcript, how.unit, aids=aids, across_speakers=how.across_speakers)
    same = {"unit": how.unit, "given": False, "name": None, "domain": None}
    return [
        {"start": span.start, "end": span.end, "speaker": turn.speaker} | same
        for turn, span in units
    ]


def _vectors(
    anew: Sequence[Transcript],
    how: Cutting,
    ends: _SpeechEnds,
    encode: Callable[[list[str]], Floats],
) -> Callable[[Sequence[str]], Floats]:
    """Vectors of the sentences that cutting will ask for, encoded in one go."""
    wanted: dict[str, int] = {}

    def note(sentences: Sequence[str]) -> Floats:
        for words in sentences:
            wanted.setdefault(words, len(wanted))
        return np.zeros((len(sentences), 1), dtype=np.float32)

    for transcript in anew:
        _rows(transcript, how, Aids(note, ends))
    found = encode(list(wanted))
    return lambda sentences: found[[wanted[words] for words in sentences]]


class _SpeechEnds:
    """Sentence ends in a line without punctuation; the model is loaded at the first one."""

    def __init__(self) -> None:
        self._find: Callable[[str], list[int]] | None = None
        self._known: dict[str, list[int]] = {}

    def __call__(self, line: str) -> list[int]:
        if line not in self._known:
            self._find = self._find or _loaded()
            self._known[line] = self._find(line)
        return self._known[line]


def _loaded() -> Callable[[str], list[int]]:
    head, encoder = SpeechHead.load(models_folder()), sentence.load_encoder()
    if head.encoder != encoder.digest:
        raise EncoderError(
            "The model for speech without punctuation belongs to another version of the encoder. "
            "Install autocode again."
        )
    return lambda line: head.ends(line, lambda texts: word_states(encoder, texts))


def _run(anew: Sequence[Transcript], how: Cutting) -> Run:
    bare = [t.name for t in anew if lacks_punctuation(t)] if how.parts_sentences else []
    encoder = how.encoder if how.unit == "meaning" else None
    told: dict[str, Any] = {
        "unit": how.unit,
        "across_speakers": how.across_speakers,
        "transcripts": [t.name for t in anew],
        "without_punctuation": bare,
    }
    name, digest = (encoder.name, encoder.digest) if encoder else ("", "")
    return Run("segment", how.unit, name, digest, told, pipeline.versions())
