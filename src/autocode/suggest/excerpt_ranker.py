"""The codebook suggester for excerpts that come later, each by itself: fitted once, then applied.

`CodebookSuggester.rank` fits and answers in one go, with all segments in memory. Here the same fit
and the same calibration are kept without the segments, so that any number of excerpts is ranked a
block at a time. Nothing stands around an excerpt: so the fit, and what is measured on held-out
transcripts, takes every segment by itself as well. In a study that holds no running text (answers
to a survey) this is what `rank` does, and an excerpt that was among its segments is ranked as
there, but for rounding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..core.transcript import CODABLE_ROLES, text_digest
from ..linalg import one_thread
from .calibration.decide import calibrate
from .calibration.floor import find_common_floor
from .calibration.platt import Calibration
from .corpus import find_candidates
from .excerpt_space import ExcerptSpace, find_nearness, fit_excerpt_space
from .explain import DEFAULTS as EVIDENCE
from .families import OffCodes, find_off_codes
from .fitting import SuggesterConfig, fit_all
from .interpolate import Interpolation
from .linear import FeatureViews, LinearModel
from .nearest_examples import NearestExamplesConfig, list_examples, score_nearness
from .protocol import NEVER, Flags, Floats, Rows, Task

DECIMALS = 9
"""Logits are rounded to so many, so that the size of a block does not show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcerptRanking:
    """Scores of excerpts; arrays are (n_texts, n_codes), `order` holds codes, best first.

    `likely` and `auto_acceptable` are those of `Suggestion`; `phrase` is the number of the codebook
    phrase that an excerpt resembles most, `similarity` its cosine. `is_read` (n_texts,): people
    have read this very excerpt of this transcript.
    """

    probabilities: Floats
    likely: Flags
    auto_acceptable: Flags
    phrase: Rows
    similarity: Floats
    order: Rows
    is_read: Flags


@dataclass(frozen=True, kw_only=True)
class ExcerptRanker:
    """All that ranking an excerpt takes.

    `domains` (n_codes) are those of the codes, empty for a code that fits any excerpt. `floor` is
    the cosine with a code's words from which it may be likely, None where codings say what a score
    is worth.
    `examples` (n_examples, d) are what people coded, in `of_examples`, with the numbers of those
    of each code; `read` the digests of the excerpts that people have read in `transcripts`.
    """

    codes: tuple[str, ...]
    space: ExcerptSpace
    model: LinearModel
    interpolation: Interpolation
    calibration: Calibration
    domains: tuple[str, ...]
    floor: float | None
    off: OffCodes
    examples: Floats
    of_examples: npt.NDArray[np.str_]
    example_columns: tuple[Rows, ...]
    read: frozenset[str]
    transcripts: frozenset[str]
    nearest_config: NearestExamplesConfig

    @property
    def min_likely(self) -> float:
        """The probability below which nothing is called likely."""
        evidence = EVIDENCE
        is_calibrated = self.calibration.calibrated
        return evidence.min_likely if is_calibrated else evidence.min_likely_uncalibrated

    def rank(
        self,
        texts: Sequence[str],
        vectors: npt.NDArray[np.floating],
        transcripts: Sequence[str],
        domains: Sequence[str] | None = None,
    ) -> ExcerptRanking:
        """Rank all codes for excerpts, by texts, unit vectors (n_texts, d), transcripts, domains.

        A transcript that nothing is known of may have any name, the empty one included. An excerpt
        of no domain, the empty name, has no code that is restricted to one.
        """
        with one_thread():
            asked = [""] * len(texts) if domains is None else domains
            return self._rank(texts, vectors.astype(np.float64), transcripts, asked)

    def _rank(
        self,
        texts: Sequence[str],
        vectors: Floats,
        transcripts: Sequence[str],
        domains: Sequence[str],
    ) -> ExcerptRanking:
        allowed = find_candidates(domains, self.domains)
        zero_shot = self.space.score(texts, vectors, allowed)
        nearness = find_nearness(vectors, transcripts, self.examples, self.of_examples)
        nearest = score_nearness(nearness, self.example_columns, allowed, self.nearest_config)
        views = FeatureViews((*zero_shot.views, nearest), tuple(self.model.slopes.tolist()))
        learned = self.model.logits(self._describe(texts, vectors, domains), views)
        logits = self.interpolation.apply_alone(learned, zero_shot.z, allowed)
        logits = np.where(allowed, np.round(logits, DECIMALS), NEVER)
        probabilities = np.where(allowed, self.calibration.probabilities(logits), 0.0)
        likely = self.calibration.likely(probabilities) & allowed
        if self.floor is not None:
            likely &= zero_shot.similarity >= self.floor
        is_off = self.off.find(transcripts)
        logits, probabilities = self.off.lower(logits, probabilities, transcripts)
        is_read = np.array(
            [
                digest_place(*place) in self.read
                for place in zip(transcripts, domains, texts, strict=True)
            ],
            dtype=bool,
        )
        accepted = self.calibration.auto_acceptable(probabilities) & allowed & ~is_off
        return ExcerptRanking(
            probabilities=probabilities,
            likely=likely & ~is_off & (probabilities >= self.min_likely),
            # People have passed what they read and left the code out, or have applied it.
            auto_acceptable=accepted & ~is_read[:, None],
            phrase=zero_shot.phrase,
            similarity=zero_shot.similarity,
            order=np.argsort(-logits, axis=1, kind="stable"),
            is_read=is_read,
        )

    @cached_property
    def known_domains(self) -> frozenset[str]:
        """The domains that count for anything; excerpts of others rank as those of none."""
        return frozenset((*self.domains, *self.space.domains))

    def _describe(self, texts: Sequence[str], vectors: Floats, domains: Sequence[str]) -> Floats:
        if not self.model.weights.any():  # nothing is learned: features would count for nothing
            return np.zeros((len(texts), len(self.model.weights)))
        return self.space.describe(texts, vectors, domains)


def fit_excerpt_ranker(task: Task, config: SuggesterConfig | None = None) -> ExcerptRanker:
    """Learn from the codings of `task` what `CodebookSuggester` learns, to rank later excerpts.

    Raises:
        NothingToDo: if there are no candidate codes.
    """
    task = replace(task, corpus=replace(task.corpus, stands_alone=True), own=None)
    config, corpus = config or SuggesterConfig(), task.corpus
    with one_thread():
        fitted = fit_all(task, config)
        calibration = calibrate(task, fitted.held_out, config.calibration)
        applied = task.known.applied & task.known.read[:, None]
        rows, columns = list_examples(corpus, applied, config.nearest)
        read = (corpus.segments[row] for row in task.read_rows.tolist())
        return ExcerptRanker(
            codes=tuple(code.id for code in corpus.codes),
            space=fit_excerpt_space(corpus, role=_find_usual_role(task)),
            model=fitted.model,
            interpolation=fitted.interpolation,
            calibration=calibration,
            domains=tuple(code.domain or "" for code in corpus.codes),
            floor=find_common_floor(task, calibration),
            off=find_off_codes(task),
            examples=corpus.vectors[rows].astype(np.float64),
            of_examples=corpus.transcripts[rows],
            example_columns=tuple(columns),
            # Of an excerpt whose domain is not said, any domain's reading counts.
            read=frozenset(
                digest_place(one.transcript, domain, one.excerpt)
                for one in read
                for domain in ("", one.domain or "")
            ),
            transcripts=frozenset(corpus.transcripts.tolist()),
            nearest_config=config.nearest,
        )


def digest_place(transcript: str, domain: str, excerpt: str) -> str:
    """A digest of a transcript's name, what was asked about, and words in it."""
    return text_digest(f"{transcript}\x00{domain}\x00{excerpt.strip()}")


def _find_usual_role(task: Task) -> str:
    """The role of most segments that people have read, else of most that can be coded."""
    segments = task.corpus.segments
    read = [segments[row].role for row in task.read_rows.tolist()]
    roles = Counter(read or [s.role for s in segments if s.role in CODABLE_ROLES])
    return min(roles, key=lambda role: (-roles[role], role), default="unknown")
