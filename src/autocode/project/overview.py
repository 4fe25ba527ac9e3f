"""A study at a glance: its transcripts with their counts, how its drafts were made, its codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..analysis.code_counts import CodeCount, count_codes
from ..core.run import Run
from ..serialise.plain import to_payload
from ..serialise.result import Result
from ..store import codings as coding_store
from ..store import suggestions as suggestion_store
from ..store import transcripts as transcript_store
from ..store.file import StudyFile
from ..text.words import n_words

RUN_KINDS = ("segment", "suggest", "themes")


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptSummary:
    """One transcript: its format, its numbers, and who coded in it."""

    transcript: str
    format: str
    n_turns: int
    n_segments: int
    n_words: int
    n_codings: int
    coders: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview(Result):
    """What a study holds, and the last run of each kind (None where there was none)."""

    study: str
    counts: Mapping[str, int]
    units: tuple[str, ...]
    transcripts: tuple[TranscriptSummary, ...]
    runs: Mapping[str, Run | None]

    def to_dict(self) -> dict[str, Any]:
        """The overview as plain data."""
        return to_payload(
            "overview",
            {
                "study": self.study,
                "counts": self.counts,
                "units": self.units,
                "transcripts": self.transcripts,
                "runs": self.runs,
            },
        )

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a transcript."""
        rows: list[dict[str, Any]] = self.to_dict()["transcripts"]
        return rows


@dataclass(frozen=True, slots=True)
class CodeList(Result):
    """Every code in the order of the codebook, with what people made of it."""

    codes: tuple[CodeCount, ...]

    def to_dict(self) -> dict[str, Any]:
        """The list as plain data."""
        return to_payload("codes", {"codes": self.to_rows()})

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a code."""
        return [
            {
                "code": count.code.id,
                "name": count.code.name,
                "parent": count.code.parent,
                "depth": count.depth,
                "definition": count.code.definition,
                "n_codings": count.n_codings,
                "n_segments": count.n_segments,
                "n_participants": len(count.participants),
                "coders": list(count.coders),
                "n_suggested": count.n_suggested,
            }
            for count in self.codes
        ]


def overview(study: StudyFile) -> Overview:
    """What the study holds, read at one moment."""
    with study.reading() as connection:
        counts = transcript_store.count(connection)
        transcripts = transcript_store.transcripts(connection)
        segments = transcript_store.segments(connection)
        codings = coding_store.codings(connection)
        runs = {kind: suggestion_store.last_run(connection, kind) for kind in RUN_KINDS}
    n_segments = Counter(segment.transcript for segment in segments)
    n_codings = Counter(coding.transcript for coding in codings)
    return Overview(
        study=str(study.path),
        counts=counts,
        units=tuple(sorted({segment.unit for segment in segments})),
        transcripts=tuple(
            TranscriptSummary(
                transcript=t.name,
                format=t.source.format,
                n_turns=len(t.turns),
                n_segments=n_segments[t.name],
                n_words=round(sum(n_words(t.words_of(turn)) for turn in t.turns)),
                n_codings=n_codings[t.name],
                coders=tuple(sorted({c.coder for c in codings if c.transcript == t.name})),
            )
            for t in transcripts
        ),
        runs=runs,
    )


def list_codes(study: StudyFile) -> CodeList:
    """The codes of the study with their counts."""
    with study.reading() as connection:
        codebook = coding_store.codebook(connection)
        segments = transcript_store.segments(connection)
        codings = coding_store.codings(connection)
        suggestions = suggestion_store.suggestions(connection)
        coders = coding_store.coders(connection)
    return CodeList(tuple(count_codes(codebook, segments, codings, suggestions, coders=coders)))
