"""Why a code is suggested: the words of its entry, and what people did with segments like this."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..core.alignment import Aligned
from ..core.suggestion import CodebookPhrase, Evidence, NeighbourContribution, Precedent
from ..core.transcript import Segment
from .code_text import Phrase

N_PRECEDENTS = 3
N_COUNTER_EXAMPLES = 2


def describe_neighbour(neighbour: NeighbourContribution, code_name: str) -> str:
    """A neighbour's contribution in words: "after Waiting (coded)"."""
    side = "after" if neighbour.is_before else "before"
    return f"{side} {code_name} ({'coded' if neighbour.known else 'likely'})"


class EvidenceFinder:
    """The segments people have read, ready to be searched for precedents.

    `rows` are their numbers in `segments`; `vectors` has a unit row for each of `segments`.
    """

    def __init__(
        self,
        segments: Sequence[Segment],
        vectors: npt.NDArray[np.float32],
        aligned: Aligned,
        *,
        rows: npt.NDArray[np.intp],
    ) -> None:
        self._segments = segments
        self._vectors = vectors
        self._aligned = aligned
        self._rows = rows
        self._codes = [aligned.codes(int(row)) for row in rows]
        self._with_code: dict[str, npt.NDArray[np.bool_]] = {}

    def evidence(
        self, row: int, codes: Sequence[str], found: Sequence[tuple[Phrase, float]]
    ) -> list[Evidence]:
        """Evidence for each of `codes` on segment `row`, with the phrase found for each."""
        nearness = self._vectors[self._rows] @ self._vectors[row]
        nearness[self._rows == row] = -1.0
        order = np.argsort(-nearness, kind="stable")
        return [
            Evidence(
                phrase=CodebookPhrase(phrase.part, phrase.text, round(similarity, 3)),
                precedents=self._nearest(
                    order, nearness, code=code, applied=True, n_wanted=N_PRECEDENTS
                ),
                counter_examples=self._nearest(
                    order, nearness, code=code, applied=False, n_wanted=N_COUNTER_EXAMPLES
                ),
            )
            for code, (phrase, similarity) in zip(codes, found, strict=True)
        ]

    def _nearest(
        self,
        order: npt.NDArray[np.intp],
        nearness: npt.NDArray[np.float32],
        *,
        code: str,
        applied: bool,
        n_wanted: int,
    ) -> tuple[Precedent, ...]:
        having = self._having(code)
        if applied and not having.any():
            return ()
        ranked = order[having[order] == applied][:n_wanted]
        return tuple(self._precedent(int(at), float(nearness[at]), code, applied) for at in ranked)

    def _precedent(self, at: int, similarity: float, code: str, applied: bool) -> Precedent:
        row = int(self._rows[at])
        segment = self._segments[row]
        codings = self._aligned.applied[row]
        coders = (who for who, codes in codings.items() if code in codes or not applied)
        span = self._aligned.marked[row][code] if applied else segment.span
        begin = span.start - segment.span.start
        return Precedent(
            transcript=segment.transcript,
            span=span,
            excerpt=segment.excerpt[begin : begin + len(span)],
            coders=tuple(sorted(coders)),
            similarity=round(similarity, 3),
            codes=tuple(sorted(self._codes[at])),
        )

    def _having(self, code: str) -> npt.NDArray[np.bool_]:
        if code not in self._with_code:
            self._with_code[code] = np.array([code in codes for codes in self._codes], dtype=bool)
        return self._with_code[code]
