"""Lists about codes as results: codings to look at again, codes that may be one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..core.code_change import OutdatedCoding
from ..core.codebook import Codebook
from ..core.similar_codes import SimilarCodes
from ..core.transcript import Transcript
from ..serialise.plain import to_payload
from ..serialise.result import Result
from .reader import StudyReader


@dataclass(frozen=True, slots=True)
class OutdatedCodings(Result):
    """Codings made under an earlier meaning of their code, with their words."""

    codings: tuple[OutdatedCoding, ...]
    codebook: Codebook
    transcripts: dict[str, Transcript]

    @classmethod
    def of(cls, study: StudyReader, codings: Sequence[OutdatedCoding]) -> OutdatedCodings:
        """These codings, with the words and places that the study gives them."""
        transcripts = {t.name: t for t in study.transcripts()}
        return cls(tuple(codings), study.codebook(), transcripts)

    def to_dict(self) -> dict[str, Any]:
        """The codings as plain data."""
        rows = [{**row, "span": {n: row[n] for n in ("start", "end")}} for row in self.to_rows()]
        listed = [{k: v for k, v in row.items() if k not in ("start", "end")} for row in rows]
        return to_payload("outdated_codings", {"codings": listed})

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a coding."""
        return [
            {
                "code": one.coding.code,
                "name": self.codebook.by_id[one.coding.code].name,
                "coded_under": one.coded_under,
                "revision": one.revision,
                "coder": one.coding.coder,
                "transcript": one.coding.transcript,
                "start": one.coding.span.start,
                "end": one.coding.span.end,
                "position": self.transcripts[one.coding.transcript].locate(one.coding.span),
                "excerpt": one.coding.span.of(self.transcripts[one.coding.transcript].text),
            }
            for one in self.codings
        ]


@dataclass(frozen=True, slots=True)
class ConfirmedCodings(Result):
    """How many codings of a code were noted as looked at again."""

    code: str
    n_codings: int

    def to_dict(self) -> dict[str, Any]:
        """The number as plain data."""
        return to_payload("confirmed_codings", self.to_rows()[0])

    def to_rows(self) -> list[dict[str, Any]]:
        """One row."""
        return [{"code": self.code, "n_codings": self.n_codings}]


@dataclass(frozen=True, slots=True)
class SimilarCodeList(Result):
    """Pairs of codes that may be one."""

    pairs: tuple[SimilarCodes, ...]
    codebook: Codebook

    def to_dict(self) -> dict[str, Any]:
        """The pairs as plain data."""
        return to_payload("similar_codes", {"pairs": self.to_rows()})

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a pair."""
        names = self.codebook.by_id
        return [
            {
                "one": pair.one,
                "one_name": names[pair.one].name,
                "other": pair.other,
                "other_name": names[pair.other].name,
                "similarity": round(pair.similarity, 3),
                "by": pair.by,
            }
            for pair in self.pairs
        ]
