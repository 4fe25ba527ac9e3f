"""A study at a glance: its transcripts with their counts, how its drafts were made, its codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.coding import Coder
from ..core.run import Run
from ..core.suggestion import Suggestion
from ..pipeline import Study
from ..serialise.plain import to_payload
from ..serialise.result import Result
from ..text.words import n_words

if TYPE_CHECKING:
    from ..analysis.code_counts import CodeCount

RUN_KINDS = ("segment", "suggest", "themes")


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptSummary:
    """One transcript: its format, its numbers, who coded in it; `language` is None if unclear."""

    transcript: str
    format: str
    n_turns: int
    n_segments: int
    n_words: int
    n_codings: int
    coders: tuple[str, ...]
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview(Result):
    """What a study holds, and the last run of each kind (None where there was none).

    `suggest_runs` are the newest for everybody and for each coder that codes were suggested for.
    """

    study: str
    counts: Mapping[str, int]
    units: tuple[str, ...]
    transcripts: tuple[TranscriptSummary, ...]
    runs: Mapping[str, Run | None]
    suggest_runs: tuple[Run, ...] = ()

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
                "suggest_runs": [
                    {
                        "number": run.number,
                        "for": run.parameters.get("for"),
                        "learned_from": run.parameters.get("learned_from"),
                        "method": run.method,
                        "made_at": run.made_at,
                    }
                    for run in self.suggest_runs
                ],
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
                "family": None if count.code.family is None else str(count.code.family),
                "is_archived": count.code.archived,
                "n_codings": count.n_codings,
                "n_segments": count.n_segments,
                "n_participants": len(count.participants),
                "coders": list(count.coders),
                "n_suggested": count.n_suggested,
                "rolled_up": {
                    "n_codings": count.rolled_up.n_codings,
                    "n_segments": count.rolled_up.n_segments,
                    "n_participants": len(count.rolled_up.participants),
                    "coders": list(count.rolled_up.coders),
                },
            }
            for count in self.codes
        ]


def overview(
    study: Study,
    path: Path,
    counts: Mapping[str, int],
    runs: Mapping[str, Run | None],
    suggest_runs: Sequence[Run] = (),
) -> Overview:
    """What the study at `path` holds, with the last run of each of `RUN_KINDS`."""
    transcripts, segments, codings = study.transcripts, study.segments, study.codings
    n_segments = Counter(segment.transcript for segment in segments)
    n_codings = Counter(coding.transcript for coding in codings)
    return Overview(
        study=str(path),
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
                language=t.language,
            )
            for t in transcripts
        ),
        runs=runs,
        suggest_runs=tuple(suggest_runs),
    )


def list_codes(
    study: Study, suggestions: Sequence[Suggestion], coders: Sequence[Coder]
) -> CodeList:
    """The codes of the study with their counts: people's codings, and open suggestions."""
    from ..analysis.code_counts import count_codes

    counts = count_codes(study.codebook, study.segments, study.codings, suggestions, coders=coders)
    return CodeList(tuple(counts))
