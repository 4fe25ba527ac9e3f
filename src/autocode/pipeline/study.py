"""What the pipeline works on: a study in memory, its tools and vectors, the record of a run."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from ..agreement.study.assistance import Suggested
from ..core.code_family import CodeFamily
from ..core.codebook import Code, Codebook
from ..core.coding import Coding, Reading, Resolution
from ..core.coding_pass import CodingPass
from ..core.progress import Progress, silent
from ..core.run import Run
from ..core.transcript import CODABLE_ROLES, Segment, Span, Transcript

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..encode.cache import VectorCache
    from ..encode.protocol import Encoder
    from ..segment import SpeechEnds
    from ..suggest.corpus import EncodedCorpus
    from ..suggest.kept_fits import FitCache

_REPORTED = ("numpy", "scikit-learn", "hdbscan", "sentence-transformers", "torch", "spacy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What the pipeline needs of a study, in memory.

    `rejections` hold (transcript, span, code, coder). `speech_ends` finds sentence ends in a line
    without punctuation. `machines` names the coders who are no people: nothing is learned from
    them, and they are compared only where they are named, as are those of the `consensus`, which
    people settled on; `resolutions` say which readings it stands in the place of.
    `family_switches` say where a family of codes is on or off, `passes` who codes which transcript,
    `suggested` for whom codes were suggested and how that was shown.
    """

    segments: Sequence[Segment]
    codebook: Codebook
    codings: Sequence[Coding]
    readings: Sequence[Reading]
    rejections: frozenset[tuple[str, Span, str, str]] = frozenset()
    transcripts: Sequence[Transcript] = ()
    speech_ends: SpeechEnds | None = None
    machines: frozenset[str] = frozenset()
    consensus: frozenset[str] = frozenset()
    passes: Sequence[CodingPass] = ()
    resolutions: Sequence[Resolution] = ()
    family_switches: Mapping[tuple[CodeFamily, str], bool] = field(default_factory=dict)
    suggested: Suggested = field(default_factory=Suggested)

    @property
    def people_codings(self) -> list[Coding]:
        """The codings that people made."""
        return [coding for coding in self.codings if coding.coder not in self.machines]

    @property
    def settled_codings(self) -> list[Coding]:
        """The codings that people made, a consensus in the place of the readings it resolves."""
        by_place: dict[tuple[str, str], list[Resolution]] = {}
        for made in self.resolutions:
            by_place.setdefault((made.transcript, made.code), []).append(made)
        return [
            coding
            for coding in self.people_codings
            if not any(
                made.replaces(coding) for made in by_place.get((coding.transcript, coding.code), ())
            )
        ]

    @property
    def people_readings(self) -> list[Reading]:
        """What people have gone through."""
        return [reading for reading in self.readings if reading.coder not in self.machines]

    @property
    def coders(self) -> set[str]:
        """Everybody who coded or read, people and machines."""
        return {coding.coder for coding in self.codings} | {r.coder for r in self.readings}


def _keep_no_fits() -> FitCache:
    from ..suggest.kept_fits import NoFitCache

    return NoFitCache()


@dataclass(frozen=True, slots=True)
class Tools:
    """The encoder, where its vectors are kept, who is informed of progress, where fits are kept."""

    encoder: Encoder
    cache: VectorCache
    progress: Progress = silent
    fits: FitCache = field(default_factory=_keep_no_fits)


def order_coded(codings: Iterable[Coding]) -> tuple[str, ...]:
    """The transcripts of codings by their latest coding, what was coded last at the end.

    Those coded at one time, as by an import, keep the order in which they come.
    """
    latest: dict[str, str] = {}
    for coding in codings:
        latest[coding.transcript] = max(latest.get(coding.transcript, ""), coding.made_at)
    return tuple(sorted(latest, key=lambda name: latest[name]))


def codable(segments: Iterable[Segment], *, include_interviewer: bool = False) -> list[Segment]:
    """The segments that are coded: participants' words, and the interviewer's if asked for."""
    roles = (*CODABLE_ROLES, "interviewer") if include_interviewer else CODABLE_ROLES
    return [segment for segment in segments if segment.role in roles]


def encode_corpus(study: Study, codes: Sequence[Code], tools: Tools) -> EncodedCorpus:
    """The study's words and vectors, and those of the candidate `codes`, for a suggester."""
    from ..suggest.code_text import list_phrases
    from ..suggest.corpus import UNRELATED, EncodedCorpus

    entries = list_phrases(codes)
    vectors = encode_texts(tools, [segment.excerpt for segment in study.segments])
    phrase_vectors = encode_texts(tools, [phrase.text for phrase in entries])
    return EncodedCorpus(
        segments=study.segments,
        vectors=vectors,
        codebook=study.codebook,
        codes=codes,
        phrases=entries,
        phrase_vectors=phrase_vectors,
        unrelated_vectors=encode_texts(tools, UNRELATED),
        knows_language=knows_language(study, tools),
        fits=tools.fits,
    )


def knows_language(study: Study, tools: Tools) -> bool:
    """Whether the encoder is made for the language of most of the study's words."""
    from ..text.language import detect_language

    return (
        not is_for_english(tools.encoder)
        or detect_language(segment.excerpt for segment in study.segments) == "en"
    )


def is_for_english(encoder: Encoder) -> bool:
    """Whether an encoder is made for English alone."""
    from ..encode.load import DEFAULT_MODEL

    return encoder.name == DEFAULT_MODEL


def encode_texts(tools: Tools, texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Vectors of `texts`, (n_texts, n_dimensions); each text is encoded once."""
    from ..encode.cache import encode_once

    return encode_once(tools.encoder, texts, cache=tools.cache, progress=tools.progress)


def build_run(kind: str, method: str, encoder: Encoder, parameters: dict[str, object]) -> Run:
    """The record of a run made now, with the versions of the libraries that matter."""
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
    from .._version import __version__

    installed = {"autocode": __version__, "python": platform.python_version()}
    for package in _REPORTED:
        try:
            installed[package] = version(package)
        except PackageNotFoundError:
            installed[package] = "not installed"
    return installed
