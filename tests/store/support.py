"""Suggestions with evidence and a draft of themes, for tests of what stores them."""

from __future__ import annotations

from autocode.core.run import Run
from autocode.core.suggestion import (
    CodebookPhrase,
    Evidence,
    NeighbourContribution,
    Precedent,
    Suggestion,
)
from autocode.core.theme import (
    Contrast,
    Member,
    SubTheme,
    Theme,
    ThemeDraft,
    Unassigned,
    UnassignedReason,
)
from autocode.core.theme_diagnostics import DraftDiagnostics, PartitionDiagnostics
from autocode.core.theme_stability import Stability
from autocode.core.transcript import Span
from autocode.store import segments as segment_store

RUN = Run(
    kind="suggest",
    method="m",
    encoder="hash",
    encoder_digest="0" * 64,
    parameters={"top": 3, "é": [1, 2]},
    versions={"numpy": "2"},
    made_at="2024-01-01",
)
WHY = Evidence(
    phrase=CodebookPhrase("definition", "Waiting — “for” a letter", 0.1 + 0.2),
    precedents=(
        Precedent(
            transcript="b",
            span=Span(1, 4),
            excerpt="nte",
            coders=("Amina", "Jonas"),
            similarity=1 / 3,
            codes=("wait",),
        ),
    ),
    counter_examples=(
        Precedent(
            transcript="a", span=Span(2, 4), excerpt="te", coders=("Jonas",), similarity=-0.25
        ),
    ),
    words=(("waiting", 0.125),),
    neighbours=(
        NeighbourContribution(
            span=Span(0, 3), is_before=True, code="family", known=False, part=0.1 + 0.2
        ),
    ),
)


def suggested(connection):
    """Two codes for each of Ann's turns, best first."""
    return [
        Suggestion(
            transcript=s.transcript,
            span=s.span,
            code=code,
            rank=rank,
            score=1.5 - rank,
            probability=0.7 / rank,
            likely=rank == 1,
            evidence=WHY,
        )
        for s in segment_store.segments(connection)
        if s.speaker == "Ann"
        for rank, code in ((1, "wait"), (2, "family"))
    ]


def theme_draft(segments):
    return ThemeDraft(
        (
            Theme(
                key="T1",
                name="waiting, year",
                terms=("waiting", "année"),
                members=(
                    Member(segment=segments[1], strength=0.123456789, exemplar=1, part="T1.1"),
                    Member(
                        segment=segments[4],
                        strength=0.0,
                        edge=1,
                        reason=UnassignedReason.NEAR_TWO_THEMES,
                    ),
                ),
                position=(0.25, 1 / 3),
                near=(("wait", 0.4), ("family", 0.1)),
                parts=(SubTheme("T1.1", "year", ("year",)),),
                contrast=Contrast("T2", ("waiting",), ("sister",)),
                stability=Stability(
                    jaccard=0.7, low=0.5, high=0.9, left_out=0.4, participant="Ana"
                ),
            ),
            Theme(
                key="T2",
                name="sister",
                terms=("sister",),
                members=(Member(segment=segments[2], strength=0.5, exemplar=1),),
            ),
        ),
        (Unassigned(segment=segments[5], reason=UnassignedReason.OUTLIER, nearest="T2"),),
        DraftDiagnostics(partition=PartitionDiagnostics(min_cluster_size=3)),
    )
