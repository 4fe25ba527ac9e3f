"""Handing a study back: codings, suggestions, themes and codebook as files other tools read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..core.codebook import Codebook
from ..core.errors import FileRefused
from ..core.suggestion import Evidence, Suggestion
from ..core.theme import ThemeDraft
from ..core.transcript import Segment
from ..io.tables.codebook import codebook_to_rows
from ..io.tables.codings import CODING_COLUMNS, codings_to_rows
from ..io.tables.qdc import write_qdc
from ..io.tables.table import write_table
from ..store import codings as work
from ..store import suggestions as drafts
from ..store import themes as stored_themes
from ..store import transcripts
from ..store.file import StudyFile
from ..themes.wording import describe_reason

CODEBOOK_COLUMNS = (
    "code", "name", "parent", "definition", "inclusion", "exclusion", "example", "colour", "memo",
    "domain",
)  # fmt: skip
SUGGESTION_COLUMNS = (
    "suggestion", "transcript", "start", "end", "speaker", "excerpt", "rank", "code", "code_name",
    "probability", "likely", "in_set", "auto_acceptable", "because_of", "words", "neighbours",
    "precedent", "counter_example", "decision", "to", "coder", "memo",
)  # fmt: skip
THEME_COLUMNS = (
    "theme", "theme_name", "sub_theme", "guided_by", "transcript", "start", "end", "speaker",
    "participant", "excerpt", "strength", "reason", "later",
)  # fmt: skip
DECISION_COLUMNS = (
    "suggestion", "decision", "coder", "made_at", "transcript", "start", "end", "suggested",
    "applied", "memo",
)  # fmt: skip


def export(study: StudyFile, folder: Path) -> dict[Path, int]:
    """Write the study's tables and codebook into `folder`; returns rows by file.

    Raises:
        FileRefused: if the folder cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileRefused.because(
            folder,
            f"cannot be made ({(error.strerror or '').lower()})",
            remedy="Choose a folder you may write to.",
        ) from None
    with study.reading() as connection:
        codebook = work.codebook(connection)
        words = transcripts.texts(connection)
        segments = transcripts.segments(connection)
        codings = work.codings(connection)
        open_suggestions = drafts.suggestions(connection)
        decided = drafts.decisions(connection)
        draft = stored_themes.theme_draft(connection)
    written = {
        folder / "codings.csv": write_table(
            folder / "codings.csv",
            CODING_COLUMNS,
            codings_to_rows(codings, segments, words, codebook),
        ),
        folder / "suggestions.csv": write_table(
            folder / "suggestions.csv",
            SUGGESTION_COLUMNS,
            suggestion_rows(open_suggestions, segments, codebook),
        ),
        folder / "decisions.csv": write_table(
            folder / "decisions.csv",
            DECISION_COLUMNS,
            (
                {
                    "suggestion": d.suggestion,
                    "decision": d.action,
                    "coder": d.coder,
                    "made_at": d.made_at,
                    "transcript": d.transcript,
                    "start": d.span.start,
                    "end": d.span.end,
                    "suggested": d.suggested,
                    "applied": d.applied or "",
                    "memo": d.memo,
                }
                for d in decided
            ),
        ),
    }
    path = folder / "themes.csv"
    written[path] = write_table(path, THEME_COLUMNS, _theme_rows(draft) if draft else ())
    if len(codebook):
        path = folder / "codebook.csv"
        written[path] = write_table(path, CODEBOOK_COLUMNS, codebook_to_rows(codebook))
        write_qdc(codebook, folder / "codebook.qdc")
        written[folder / "codebook.qdc"] = len(codebook)
    return written


def suggestion_rows(
    suggestions: list[Suggestion], segments: list[Segment], codebook: Codebook
) -> Iterator[dict[str, object]]:
    """Suggestions as rows that a person can decide on in a spreadsheet."""
    by_place = {(s.transcript, s.span): s for s in segments}
    for suggestion in suggestions:
        segment = by_place.get((suggestion.transcript, suggestion.span))
        yield {
            "suggestion": suggestion.number,
            "transcript": suggestion.transcript,
            "start": suggestion.span.start,
            "end": suggestion.span.end,
            "speaker": (segment.speaker if segment else None) or "",
            "excerpt": segment.excerpt if segment else "",
            "rank": suggestion.rank,
            "code": suggestion.code,
            "code_name": codebook.by_id[suggestion.code].name,
            "probability": suggestion.probability,
            "likely": "yes" if suggestion.likely else "no",
            "in_set": "yes" if suggestion.in_set else "no",
            "auto_acceptable": "yes" if suggestion.auto_acceptable else "no",
        } | _evidence_cells(suggestion.evidence, codebook)


def _evidence_cells(evidence: Evidence, codebook: Codebook) -> dict[str, object]:
    from ..suggest.explain import describe_neighbour

    phrase = evidence.phrase
    precedent = evidence.precedents[0] if evidence.precedents else None
    counter = evidence.counter_examples[0] if evidence.counter_examples else None
    return {
        "because_of": f"{phrase.part}: {phrase.text} ({phrase.similarity:.2f})" if phrase else "",
        "words": ", ".join(word for word, _ in evidence.words),
        "neighbours": "; ".join(
            describe_neighbour(neighbour, codebook.by_id[neighbour.code].name)
            for neighbour in evidence.neighbours
            if neighbour.code in codebook
        ),
        "precedent": f"{precedent.excerpt} ({', '.join(precedent.coders)})" if precedent else "",
        "counter_example": counter.excerpt if counter else "",
    }


def _theme_rows(draft: ThemeDraft) -> Iterator[dict[str, object]]:
    for theme in draft.themes:
        for member in theme.members:
            yield {
                "theme": theme.key,
                "theme_name": theme.name,
                "sub_theme": member.part or "",
                "guided_by": "; ".join(theme.guidance.phrases) if theme.guidance else "",
                "strength": round(member.strength, 4),
                "reason": describe_reason(member.reason),
                "later": "yes" if member.later else "no",
            } | _segment_cells(member.segment)
    for left in draft.unassigned:
        found = {
            "theme": "",
            "reason": describe_reason(left.reason),
            "later": "yes" if left.later else "no",
        }
        yield found | _segment_cells(left.segment)


def _segment_cells(segment: Segment) -> dict[str, object]:
    return {
        "transcript": segment.transcript,
        "start": segment.span.start,
        "end": segment.span.end,
        "speaker": segment.speaker or "",
        "participant": segment.participant,
        "excerpt": segment.excerpt,
    }
