"""A study's transcripts cut anew: by rules, and by models where rules find too little.

Vectors and sentence ends are asked for outside any transaction, and for all transcripts at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import pipeline
from ..core.errors import EncoderError
from ..core.progress import Progress, silent
from ..core.run import Run
from ..core.transcript import Transcript
from ..encode import sentence_transformers
from ..encode.cache import VectorCache, encode_once
from ..encode.manifest import models_folder
from ..encode.protocol import Encoder
from ..encode.word_states import compute_word_states
from ..segment import USUAL, Aids, SpeechEnds, Unit, check, cut, lacks_punctuation
from ..segment.meaning_units import Vectors
from ..segment.unpunctuated import SpeechHead
from ..store import suggestions as drafts
from ..store import transcripts as texts
from ..store.file import StudyFile
from ..store.vectors import StudyVectorCache

Rows = list[dict[str, Any]]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
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
    rows = _all_rows(anew, how, StudyVectorCache(study))
    with study.writing() as connection:
        for name, found in rows.items():
            texts.replace_segments(connection, name, found)
        drafts.forget_drafts_of(connection, list(rows))
        drafts.add_run(connection, _run(anew, how))
        return texts.count(connection)["segments"]


def _all_rows(anew: Sequence[Transcript], how: Cutting, cache: VectorCache) -> dict[str, Rows]:
    ends = CarriedEnds()
    vectors = None
    if how.encoder is not None:
        sentences = compared(anew, how, ends)
        vectors = by_sentence(how.encoder, sentences, cache, how.progress)
    found: dict[str, Rows] = {}
    for done, transcript in enumerate(anew, start=1):
        found[transcript.name] = unit_rows(transcript, how, Aids(vectors, ends))
        how.progress("Cutting", done, len(anew))
    return found


def unit_rows(transcript: Transcript, how: Cutting, aids: Aids) -> Rows:
    """Rows for the store: every unit of a transcript with its speaker."""
    units = cut(transcript, how.unit, aids=aids, across_speakers=how.across_speakers)
    same = {"unit": how.unit, "given": False, "name": None, "domain": None}
    return [
        {"start": span.start, "end": span.end, "speaker": turn.speaker} | same
        for turn, span in units
    ]


def compared(anew: Sequence[Transcript], how: Cutting, ends: SpeechEnds) -> list[str]:
    """The sentences, each once, whose likeness decides where meaning units end."""
    wanted: dict[str, None] = {}

    def note(sentences: Sequence[str]) -> Floats:
        wanted.update(dict.fromkeys(sentences))
        return np.zeros((len(sentences), 1), dtype=np.float32)

    if how.unit == "meaning":
        for transcript in anew:
            cut(transcript, how.unit, aids=Aids(note, ends))
    return list(wanted)


def by_sentence(
    encoder: Encoder, sentences: Sequence[str], cache: VectorCache, progress: Progress
) -> Vectors:
    """What gives the vectors of any of these `sentences`, which are encoded in one go."""
    found = encode_once(encoder, sentences, cache=cache, progress=progress)
    row = {words: number for number, words in enumerate(sentences)}
    return lambda asked: found[[row[words] for words in asked]]


class CarriedEnds:
    """Sentence ends in a line without punctuation; the model is loaded at the first one.

    Raises EncoderError, when asked, if the model does not fit the carried encoder.
    """

    def __init__(self) -> None:
        self._find: Callable[[str], list[int]] | None = None
        self._known: dict[str, list[int]] = {}
        self.n_asked = 0
        """How many lines' ends were asked for."""

    def __call__(self, line: str) -> list[int]:
        """Offsets in `line` at which a sentence ends and another one follows, in order."""
        self.n_asked += 1
        if line not in self._known:
            self._find = self._find or _loaded()
            self._known[line] = self._find(line)
        return self._known[line]


def _loaded() -> Callable[[str], list[int]]:
    head, encoder = SpeechHead.load(models_folder()), sentence_transformers.load_sentence_encoder()
    if head.encoder != encoder.digest:
        raise EncoderError(
            "The model for speech without punctuation belongs to another version of the encoder. "
            "Install autocode again."
        )
    return lambda line: head.ends(line, lambda texts: compute_word_states(encoder, texts))


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
    return Run(
        kind="segment",
        method=how.unit,
        encoder=name,
        encoder_digest=digest,
        parameters=told,
        versions=pipeline.versions(),
    )
