"""A coder followed through one transcript: fitted once, then moved by codings without a refit."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..core.alignment import align
from ..core.code_family import CodeFamily, FamilyUse
from ..core.coding import Coding, Reading
from ..core.suggestion import Suggestion
from ..core.suggestion_scope import SuggestionScope
from ..core.transcript import Segment, Span, text_digest
from ..suggest.codebook_suggester import CodebookSuggester
from ..suggest.explain import make_brief_suggestions
from ..suggest.families import withhold_families
from ..suggest.following import CodebookFollower, FittedCodebook
from ..suggest.guide_evidence import follow_guides
from ..suggest.protocol import Flags, KnownCodings, Rows, Task, collect_known_codings
from .study import Study, Tools, codable
from .suggesting import ask

_KEPT_FITS = 3


class FitMemory:
    """The last fits, by the digest of all that they were learned from."""

    def __init__(self) -> None:
        self._fits: OrderedDict[str, FittedCodebook] = OrderedDict()

    def fit(self, digest: str, task: Task) -> FittedCodebook:
        """The fit of a task, made now unless the digest is known."""
        if digest not in self._fits:
            self._fits[digest] = CodebookSuggester().fit(task)
        self._fits.move_to_end(digest)
        while len(self._fits) > _KEPT_FITS:
            self._fits.popitem(last=False)
        return self._fits[digest]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoderWork:
    """What a coder has done in one transcript; `rejected` are (span, code) that do not apply.

    `family_switches` say where anybody has switched a family of codes on or off.
    """

    codings: Sequence[Coding]
    readings: Sequence[Reading]
    rejected: Collection[tuple[Span, str]] = ()
    family_switches: Mapping[tuple[CodeFamily, str], bool] = field(default_factory=dict)


class TranscriptFollower:
    """The ranking of the rest of a transcript by what its coder has done in it.

    `digest` names what the fit was learned from: all that may be learned from but this transcript.
    """

    def __init__(self, fitted: FittedCodebook, task: Task, rows: Rows, digest: str) -> None:
        self.digest = digest
        self._fitted, self._task, self._rows = fitted, task, rows
        self._segments = [task.corpus.segments[row] for row in rows.tolist()]
        chosen = set(codable(self._segments))
        self._codable = np.array([one in chosen for one in self._segments], dtype=bool)
        self._follower: CodebookFollower = fitted.follow(rows)
        self._observed: list[tuple[int, bytes]] = []

    def move(self, work: CoderWork, *, top: int = 3) -> list[Suggestion]:
        """The `top` codes of each segment that the coder has not read, best first.

        The same work gives the same, whatever was done and undone on the way to it.
        """
        known = self._align(work)
        self._observe(known)
        unread = self._rows[self._codable & ~known.read]
        if not len(unread):
            return []
        name = self._segments[0].transcript
        task = replace(
            self._task,
            targets=unread,
            known=self._add_to_known(known),
            # It is the transcript that was coded last, whatever was before.
            families=FamilyUse(
                work.family_switches,
                (*(one for one in self._task.families.coded_order if one != name), name),
            ),
        )
        ranking = withhold_families(task, follow_guides(task, self._follower.rank(unread)))
        left_out = {(name, span, code) for span, code in work.rejected}
        return make_brief_suggestions(task, ranking, top=top, left_out=left_out)

    def _align(self, work: CoderWork) -> KnownCodings:
        aligned = align(self._segments, work.codings, work.readings)
        return collect_known_codings(aligned, self._task.corpus.codes, codable=self._codable)

    def _add_to_known(self, here: KnownCodings) -> KnownCodings:
        """What is learned from, and what the coder has done in this transcript."""
        others = self._task.known
        read, applied = others.read.copy(), others.applied.copy()
        read[self._rows], applied[self._rows] = here.read, here.applied
        return KnownCodings(read, applied)

    def _observe(self, known: KnownCodings) -> None:
        """Bring what is observed up to `known`, always in the order of reading."""
        wanted = [(at, known.applied[at].tobytes()) for at in np.flatnonzero(known.read).tolist()]
        n_same = len(self._observed)
        if wanted[:n_same] != self._observed:
            # What was learned of codings that have gone, or of later ones, is learned anew.
            self._follower, n_same = self._fitted.follow(self._rows), 0
        for at, _ in wanted[n_same:]:
            self._follower.observe(int(self._rows[at]), known.applied[at])
        self._observed = wanted


def follow(
    study: Study, tools: Tools, transcript: str, scope: SuggestionScope, fits: FitMemory
) -> TranscriptFollower:
    """Fit to all that `scope` lets learn from but this transcript, and start on it.

    Raises:
        NothingToDo: if there is no codebook or no participant segment.
    """
    task = ask(study, tools, scope, include_interviewer=False).task
    rows = np.flatnonzero(task.corpus.transcripts == transcript)
    starts = [task.corpus.segments[row].span.start for row in rows.tolist()]
    rows = rows[np.argsort(starts, kind="stable")].astype(np.intp)
    others = task.hold_out(rows)
    if others.own is not None and not others.own.read.any():
        # Somebody who begins is followed by how codes go on in the work of all.
        others = replace(others, own=None)
    digest = _digest(study.segments, others, tools.encoder.digest)
    return TranscriptFollower(fits.fit(digest, others), others, rows, digest)


def _digest(segments: Iterable[Segment], task: Task, encoder: str) -> str:
    """SHA-256 of all that a fit is made of."""
    digest = hashlib.sha256(encoder.encode())
    for segment in segments:
        place = (segment.transcript, segment.span, segment.speaker, segment.role, segment.domain)
        digest.update(f"{place}{text_digest(segment.excerpt)}".encode("utf-8", "surrogatepass"))
    for code in (*task.corpus.codes, *task.corpus.codebook):
        digest.update(f"{code}".encode("utf-8", "surrogatepass"))
    for known in (task.known, task.own or task.known):
        for flags in (known.read, known.applied):
            digest.update(_pack(flags))
    return digest.hexdigest()


def _pack(flags: Flags) -> bytes:
    return np.packbits(flags).tobytes()
