"""Tables of speech: a row for each utterance, with who spoke, when, or both."""

from __future__ import annotations

from collections.abc import Mapping

from .headings import (
    END,
    PERSON,
    SPEAKER,
    START,
    TAGS,
    WORDS,
    find_column,
    find_columns,
    fold_heading,
)
from .profile import profile_column
from .table import Table


def find_speech_columns(table: Table) -> dict[str, str]:
    """The columns "speaker", "words", "start", "end" and "tags" of a table, where it has them.

    Where no heading names the words, they are the one column of free text beside a speaker.
    """
    roles: Mapping[str, frozenset[str]] = {"speaker": SPEAKER, "end": END, "start": START}
    columns = find_columns(table.columns, roles)
    free = [c for c in table.columns if c and c not in columns.values()]
    wordy = [
        c
        for c in free
        if fold_heading(c) in WORDS
        and (not table.rows or profile_column(table, c).mean_words >= 1.5)
    ]
    if wordy:
        columns["words"] = max(wordy, key=lambda c: profile_column(table, c).mean_words)
    if "speaker" not in columns and (person := find_column(free, PERSON)) is not None:
        columns["speaker"] = person
    if "words" not in columns and "speaker" in columns:
        texts = [
            c for c in free if c not in columns.values() and profile_column(table, c).is_free_text
        ]
        if len(texts) == 1:
            columns["words"] = texts[0]
    left = [c for c in free if c not in columns.values()]
    if (tags := find_column(left, TAGS)) is not None and not profile_column(
        table, tags
    ).is_free_text:
        columns["tags"] = tags
    return columns
