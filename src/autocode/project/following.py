"""Suggestions that follow a coder through a transcript: each coding moves them, without a refit.

Nothing is written to the study here. What was suggested so is kept when it is decided on
(`followed_kept`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .. import pipeline
from ..core.errors import InputError
from ..core.run import Run
from ..core.suggestion import Suggestion
from ..core.suggestion_scope import SuggestionScope
from ..encode.protocol import Encoder, Vectors
from ..store.file import StudyFile
from ..store.fits import Arrays, StudyFitCache
from .followed_kept import FOLLOWED
from .pass_assistance import Assisted, assist
from .reader import Snapshot
from .suggested_to import scope_for
from .suggesting import read_assisted
from .vector_caches import open_vector_cache

FROM_CODEBOOK = (
    "In this pass suggestions come from the codebook alone and do not follow your coding."
)


class BorrowedVectors:
    """The vectors of a study, with what is missing there kept in memory: the study is only read."""

    def __init__(self, study: StudyFile) -> None:
        self._study = open_vector_cache(study)
        self._own: dict[tuple[str, str], Vectors] = {}

    def get(self, encoder_digest: str, text_digests: Iterable[str]) -> dict[str, Vectors]:
        """The vectors known for these texts, by text digest."""
        wanted = set(text_digests)
        own = {d: self._own[encoder_digest, d] for d in wanted if (encoder_digest, d) in self._own}
        return own | self._study.get(encoder_digest, wanted - own.keys())

    def put(self, encoder_digest: str, vectors: Mapping[str, Vectors]) -> None:
        """Keep vectors until the process ends."""
        self._own |= {(encoder_digest, digest): vector for digest, vector in vectors.items()}


class BorrowedFits:
    """The fits that a study keeps; new ones are used and forgotten: the study is only read."""

    def __init__(self, study: StudyFile) -> None:
        self._study = StudyFitCache(study)

    def get(self, digest: str) -> Arrays | None:
        """The arrays kept under a digest; None where there are none, or they are damaged."""
        return self._study.get(digest)

    def put(self, kind: str, digest: str, arrays: Arrays) -> None:
        """Keep nothing."""


class Following:
    """One coder in one transcript of a study, as their passes allow to learn."""

    def __init__(
        self,
        study: StudyFile,
        encoder: Encoder,
        transcript: str,
        coder: str,
        fits: pipeline.FitMemory,
    ) -> None:
        """Fit, unless `fits` has it: seconds to minutes.

        Raises:
            NotFound: if there is no such transcript.
            InputError: if the coder's passes allow nothing to be learned from codings.
            NothingToDo: if there is no codebook, no participant segment, or no assistance at all.
        """
        self._study, self.transcript, self.coder = study, transcript, coder
        with study.reading() as connection:
            snapshot = Snapshot(study.path, connection)
            snapshot.transcript_text(transcript)  # raises NotFound
            scope = _scope(snapshot, coder)
            in_memory, assisted = read_assisted(snapshot, connection, scope)
            if assisted.scope.learned_from == "codebook" or transcript in assisted.unassisted:
                raise InputError(FROM_CODEBOOK)
        self._basis = _Basis.of(in_memory, assisted)
        self._encoder = encoder
        tools = pipeline.Tools(encoder, BorrowedVectors(study), fits=BorrowedFits(study))
        self._follower = pipeline.follow(in_memory, tools, transcript, assisted.scope, fits)
        self._run = self._describe()
        self.is_stale = False
        """Whether codes or passes have changed since, so that it should be begun anew."""
        self.is_out_of_scope = False
        """Whether the coder's passes have changed since what may be learned from."""

    def move(self) -> list[Suggestion]:
        """What is suggested for the segments that the coder has not read, by all done so far.

        Nothing where `is_out_of_scope`: what was learned from may be kept from the coder by now.
        """
        with self._study.reading() as connection:
            snapshot = Snapshot(self._study.path, connection)
            assisted = assist(connection, _scope(snapshot, self.coder))
            codebook = assisted.codebook or snapshot.codebook()
            self.is_out_of_scope = assisted.scope != self._basis.scope
            self.is_stale = _Basis(assisted.scope, codebook) != self._basis
            if self.is_out_of_scope:
                return []
            work = _read_work(snapshot, self.transcript, self.coder)
        moved = self._follower.move(work)
        return [one for one in moved if one.code in codebook]

    @property
    def run(self) -> Run:
        """What notes how this was suggested."""
        return self._run

    def _describe(self) -> Run:
        parameters = self._basis.scope.to_parameters()
        parameters |= {"transcript": self.transcript, "learned": self._follower.digest}
        return Run(
            kind=FOLLOWED,
            method="codebook words + learned weights, following the coder",
            encoder=self._encoder.name,
            encoder_digest=self._encoder.digest,
            parameters=parameters,
            versions=pipeline.versions(),
        )


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a fit must be made anew for."""

    scope: SuggestionScope
    codebook: object

    @classmethod
    def of(cls, study: pipeline.Study, assisted: Assisted) -> _Basis:
        return cls(assisted.scope, study.codebook)


def _scope(study: Snapshot, coder: str) -> SuggestionScope:
    scope = scope_for(study, coder)
    return scope if scope.coder else SuggestionScope(coder=coder, learn_from="all")


def _read_work(study: Snapshot, transcript: str, coder: str) -> pipeline.CoderWork:
    return pipeline.CoderWork(
        codings=[c for c in study.codings(transcript=transcript) if c.coder == coder],
        readings=[r for r in study.readings(transcript=transcript) if r.coder == coder],
        rejected={
            (made.span, made.suggested)
            for made in study.decisions()
            if (made.transcript, made.coder, made.action) == (transcript, coder, "reject")
        },
        family_switches=study.family_switches(),
    )
