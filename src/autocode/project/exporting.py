"""Handing a study back: codings, suggestions, themes and codebook as files other tools read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from ..core.codebook import Codebook
from ..core.coding import Decision
from ..core.errors import FileRefused
from ..core.suggestion import Evidence, Suggestion
from ..core.theme import ThemeDraft
from ..core.transcript import Segment
from ..io.tables.codebook import codebook_to_rows
from ..io.tables.codings_rows import CODING_COLUMNS, codings_to_rows, readings_to_rows
from ..io.tables.qdc import write_qdc
from ..themes.wording import describe_reason
from .dataset import build_dataset, save_dataset
from .export_formats import (
    DATASET_FOLDER,
    ExportFormat,
    check_format,
    put_in_place,
    write_in_format,
)
from .reader import Snapshot

CODEBOOK_COLUMNS = (
    "code", "name", "parent", "definition", "inclusion", "exclusion", "example", "colour", "memo",
    "domain", "codable", "guid", "family",
)  # fmt: skip
SUGGESTION_COLUMNS = (
    "suggestion", "transcript", "start", "end", "speaker", "excerpt", "rank", "code", "code_name",
    "probability", "likely", "in_set", "auto_acceptable", "because_of", "words", "neighbours",
    "guide", "precedent", "counter_example", "decision", "to", "coder", "memo",
)  # fmt: skip
THEME_COLUMNS = (
    "theme", "theme_name", "sub_theme", "guided_by", "transcript", "start", "end", "speaker",
    "participant", "excerpt", "strength", "reason", "later",
)  # fmt: skip
DECISION_COLUMNS = (
    "suggestion", "decision", "coder", "made_at", "transcript", "start", "end", "suggested",
    "applied", "memo",
)  # fmt: skip


def export(
    study: Snapshot, folder: Path, coder: str | None = None, format: ExportFormat = "csv"
) -> dict[Path, int]:
    """Write the study's tables and codebook into `folder`; returns rows by file.

    With `coder` the suggestions are those made for them, to be decided on by them. `format` is that
    of the tables; see `ExportFormat`.

    All are written beside the folder's own files before the first of those is replaced.

    Raises:
        FileRefused: if the folder cannot be made or written; none of its files is then changed.
        InputError: if there is no such format.
    """
    check_format(format, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".export.") as beside:
            n_rows = _write_all(study, Path(beside), coder, format)
            for name in n_rows:
                put_in_place(Path(beside) / name, folder / name)
    except FileRefused as error:
        name = Path(error.path).name
        raise FileRefused.because(folder / name, error.fault, remedy=error.remedy) from None
    except OSError as error:
        raise FileRefused.because(
            folder,
            f"cannot be written ({(error.strerror or '').lower()})",
            remedy="Name a folder; a file stands there."
            if folder.is_file()
            else "Choose a folder you may write to.",
        ) from None
    return {folder / name: n for name, n in n_rows.items()}


def _write_all(
    study: Snapshot, folder: Path, coder: str | None, format: ExportFormat
) -> dict[str, int]:
    """Write every file of an export; returns rows by file name."""
    codebook, segments = study.codebook(), study.segments()
    words = {transcript.name: transcript.text for transcript in study.transcripts()}
    draft, suggestions = study.themes(), study.suggestions(coder=coder)
    tables: tuple[tuple[str, Sequence[str], Iterable[Mapping[str, object]]], ...] = (
        (
            "codings",
            CODING_COLUMNS,
            chain(
                codings_to_rows(study.codings(), segments, words, codebook),
                readings_to_rows(study.readings(timed=True)),
            ),
        ),
        (
            "suggestions",
            suggestion_columns(suggestions),
            (
                row | {"coder": coder or ""}
                for row in suggestion_rows(suggestions, segments, codebook)
            ),
        ),
        ("decisions", DECISION_COLUMNS, map(_decision_row, study.decisions())),
        ("themes", THEME_COLUMNS, _theme_rows(draft) if draft else ()),
    )
    if len(codebook):
        tables = (*tables, ("codebook", CODEBOOK_COLUMNS, codebook_to_rows(codebook)))
    n_rows = dict(
        write_in_format(folder, stem, columns, rows, format) for stem, columns, rows in tables
    )
    if format == "dataset":
        dataset = build_dataset(segments, study.codings(), study.readings())
        n_rows[DATASET_FOLDER] = save_dataset(dataset, folder / DATASET_FOLDER)
    if len(codebook):
        write_qdc(codebook, folder / "codebook.qdc")
        n_rows["codebook.qdc"] = len(codebook)
    return n_rows


def _decision_row(decision: Decision) -> dict[str, object]:
    return {
        "suggestion": decision.suggestion,
        "decision": decision.action,
        "coder": decision.coder,
        "made_at": decision.made_at,
        "transcript": decision.transcript,
        "start": decision.span.start,
        "end": decision.span.end,
        "suggested": decision.suggested,
        "applied": decision.applied or "",
        "memo": decision.memo,
    }


def suggestion_columns(suggestions: Iterable[Suggestion]) -> list[str]:
    """The columns of suggestions; `in_set` only where the prediction set leaves one of them out."""
    has_excluded = any(not suggestion.in_set for suggestion in suggestions)
    return [name for name in SUGGESTION_COLUMNS if has_excluded or name != "in_set"]


def suggestion_rows(
    suggestions: list[Suggestion], segments: list[Segment], codebook: Codebook
) -> Iterator[dict[str, object]]:
    """Suggestions as rows that a person can decide on in a spreadsheet."""
    from ..suggest.readable import EvidenceReader

    reader = EvidenceReader(segments, codebook)
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
        } | _evidence_cells(reader.read(suggestion), suggestion.code, codebook)


def _evidence_cells(evidence: Evidence, code: str, codebook: Codebook) -> dict[str, object]:
    from ..suggest.explain import describe_neighbour

    phrase = evidence.phrase
    precedent = evidence.precedents[0] if evidence.precedents else None
    counter = evidence.counter_examples[0] if evidence.counter_examples else None
    return {
        "because_of": f"{phrase.part}: {phrase.text} ({phrase.similarity:.2f})" if phrase else "",
        "words": ", ".join(word for word, _ in evidence.words),
        "neighbours": "; ".join(
            describe_neighbour(neighbour, codebook.by_id[neighbour.code].name, of=code)
            for neighbour in evidence.neighbours
        ),
        "guide": evidence.guide.describe() if evidence.guide else "",
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
        cells = {
            "theme": "",
            "reason": describe_reason(left.reason),
            "later": "yes" if left.later else "no",
        }
        yield cells | _segment_cells(left.segment)


def _segment_cells(segment: Segment) -> dict[str, object]:
    return {
        "transcript": segment.transcript,
        "start": segment.span.start,
        "end": segment.span.end,
        "speaker": segment.speaker or "",
        "participant": segment.participant,
        "excerpt": segment.excerpt,
    }
