"""What a suggester may know without anybody's codings: the words, their vectors, the codebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..core.codebook import Code, Codebook
from ..core.transcript import Segment
from ..linalg import one_thread
from ..text import terms
from .code_text import Phrase, collect_words
from .context import Neighbours, find_neighbours, stand_alone
from .features import (
    FeatureConfig,
    Features,
    WordFeatures,
    build_features,
    build_word_features,
)
from .kept_fits import FitCache, NoFitCache, compute_digest, take_or_make
from .zero_shot import ZeroShotConfig, ZeroShotScores, score_zero_shot

UNRELATED = (
    "Whisk the egg whites until they are stiff, then fold in the sugar.",
    "The bishop moves along the diagonal and takes the pawn.",
    "The volcano threw ash over the harbour for three days.",
    "Tighten the chain before you put the back wheel on again.",
    "The choir sang the second verse in four parts.",
    "Snow is expected above six hundred metres from Friday.",
    "The goalkeeper let the ball through in the last minute.",
    "Penguins take turns to keep the egg warm.",
    "The treaty was signed in the summer of that year.",
    "Prune the apple trees before the buds open.",
    "The telescope shows the rings of the planet.",
    "The ferry leaves the island twice a day.",
    "He painted the sky in thin layers of blue.",
    "The dog ran after the stick and into the pond.",
    "Shares in steel and copper fell at the close.",
    "The castle had two towers and a dry moat.",
    "The knitting pattern asks for eight balls of wool.",
    "The river bends south below the old mill.",
    "A triangle with three equal sides has three equal angles.",
    "The film ends with a chase over the roofs.",
    "The bread needs an hour to rise in a warm corner.",
    "Bees find their way by the position of the sun.",
    "The drummer lost a stick in the middle of the song.",
    "The tent leaked at the seams all night.",
)
"""Sentences about things that few studies ask about: what any text is like to an encoder."""


@dataclass(frozen=True, kw_only=True)
class EncodedCorpus:
    """Segments and candidate codes; everything here is computed once and never from codings.

    `segments` are all segments of the transcripts, coded or not, the interviewer's too: they are
    each other's context. `vectors` (n_segments, d) and `phrase_vectors` (n_phrases, d) have unit
    rows; `codes` are the candidates and `phrases` their words. `unrelated_vectors` (n, d), if
    given, are those of `UNRELATED`; `knows_language` says whether the encoder knows the language
    of the segments. With `stands_alone` no segment is context of another. What `fits` keeps is not
    computed again.
    """

    segments: Sequence[Segment]
    vectors: npt.NDArray[np.float32]
    codebook: Codebook
    codes: Sequence[Code]
    phrases: Sequence[Phrase]
    phrase_vectors: npt.NDArray[np.float32]
    unrelated_vectors: npt.NDArray[np.float32] | None = None
    knows_language: bool = True
    stands_alone: bool = False
    feature_config: FeatureConfig = field(default_factory=FeatureConfig)
    zero_shot_config: ZeroShotConfig = field(default_factory=ZeroShotConfig)
    fits: FitCache = field(default_factory=NoFitCache)

    @property
    def n_segments(self) -> int:
        """How many segments."""
        return len(self.segments)

    @property
    def n_codes(self) -> int:
        """How many candidate codes."""
        return len(self.codes)

    @cached_property
    def transcripts(self) -> npt.NDArray[np.str_]:
        """The transcript of each segment, shape (n_segments,)."""
        return np.array([segment.transcript for segment in self.segments])

    @cached_property
    def allowed(self) -> npt.NDArray[np.bool_]:
        """Candidates, shape (n_segments, n_codes): all codes, unless both sides name a domain."""
        return find_candidates(
            [segment.domain or "" for segment in self.segments],
            [code.domain or "" for code in self.codes],
        )

    @cached_property
    def around(self) -> Neighbours:
        """What stands before and after each segment."""
        return stand_alone(self.n_segments) if self.stands_alone else find_neighbours(self.segments)

    @cached_property
    def zero_shot(self) -> ZeroShotScores:
        """How near each segment is to what the codebook says of each code."""
        excerpts = [segment.excerpt for segment in self.segments]
        entries = [collect_words(code, self.codebook) for code in self.codes]
        lexical = take_or_make(
            self.fits,
            "codebook's spelling",
            (excerpts, entries),
            lambda: {"similarity": terms.lexical_similarity(excerpts, entries)},
        )["similarity"]
        with one_thread():
            return score_zero_shot(
                self.vectors,
                self.phrase_vectors,
                self.phrases,
                lexical=lexical,
                allowed=self.allowed,
                around=self.around,
                config=self.zero_shot_config,
            )

    @cached_property
    def features(self) -> Features:
        """What a model sees of each segment."""
        with one_thread():
            return build_features(
                self.segments,
                self.vectors,
                self.around,
                config=self.feature_config,
                words=self.word_features,
                fits=self.fits,
            )

    @cached_property
    def word_features(self) -> WordFeatures:
        """The words of each segment, by which a score is explained."""
        excerpts = [segment.excerpt for segment in self.segments]
        with one_thread():
            return build_word_features(
                excerpts, self.vectors.shape[1], self.feature_config, self.fits
            )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that is known without codings, and of how it is weighed."""
        return compute_digest(
            (
                *self.segments,
                self.stands_alone,
                self.vectors,
                self.codes,
                tuple(self.codebook),
                self.phrases,
                self.phrase_vectors,
                self.feature_config,
                self.zero_shot_config,
            )
        )


def find_candidates(of_excerpts: Sequence[str], of_codes: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which codes may be those of which excerpts (n_excerpts, n_codes), by their domains.

    A code without a domain (the empty name) is a candidate everywhere, another one where the
    excerpt is of its domain.
    """
    domains = np.array(of_codes, dtype=str)
    asked = np.array(of_excerpts, dtype=str)[:, None]
    return np.asarray((domains == "") | (domains == asked))
