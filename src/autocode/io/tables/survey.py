"""Survey tables: a row per respondent, one or more columns of free text, the rest attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...core.errors import FileRefused
from .headings import RESPONDENT, fold_heading
from .profile import profile_column
from .table import Table, clean_cell

# Prose about a case or a code, not by a respondent.
_ABOUT = frozenset(
    """memo note notes remark remarks background description profile biography summary definition
    meaning examples""".split()  # noqa: SIM905 - as a list it would be a screen
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a respondent wrote in one column of free text."""

    question: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Respondent:
    """A row of a survey: the respondent's id (None: the row has none), answers and attributes."""

    line: int
    name: str | None
    answers: tuple[Answer, ...]
    attributes: Mapping[str, str] = field(default_factory=dict)


def find_text_columns(table: Table) -> list[str]:
    """Columns of free text: several words a cell, hardly ever the same words twice."""
    identifier = find_identifier(table)
    return [
        column
        for column in table.columns
        if column
        and column != identifier
        and fold_heading(column) not in _ABOUT
        and profile_column(table, column).is_free_text
    ]


def find_answer_columns(table: Table) -> list[str]:
    """The columns a survey is read from: those a person named, free text, else short answers."""
    if table.answers:
        return list(table.answers)
    if texts := find_text_columns(table):
        return texts
    identifier = find_identifier(table)
    return [
        column
        for column in table.columns
        if column
        and column != identifier
        and fold_heading(column) not in _ABOUT
        and profile_column(table, column).is_wordy
    ]


def find_identifier(table: Table) -> str | None:
    """The column that names each respondent: by its heading, or "" for the row names of R."""
    named = find_columns_of_ids(table)
    if named:
        return named[0]
    if table.columns and table.columns[0] == "":
        profile = profile_column(table, "")
        return "" if profile.n_rows and profile.n_distinct == profile.n_rows else None
    return None


def find_columns_of_ids(table: Table) -> list[str]:
    """Columns whose headings name respondents, the surest heading first."""
    folded = {fold_heading(column): column for column in reversed(table.columns) if column}
    return [folded[name] for name in RESPONDENT if name in folded]


def read_survey(table: Table) -> tuple[list[Respondent], list[str]]:
    """Respondents and warnings of a survey table.

    Raises:
        FileRefused: if no column holds free text.
    """
    questions = find_answer_columns(table)
    if not questions:
        raise FileRefused.because(
            table.path,
            f"has no column of free text (columns: {', '.join(table.columns)})",
            remedy="Give the answers a column of their own.",
        )
    id_column = find_identifier(table)
    others = [c for c in table.columns if c and c not in questions and c != id_column]
    respondents = [
        Respondent(
            line=row.line,
            name=(row.get(id_column) or None) if id_column is not None else None,
            answers=tuple(
                Answer(table.wording.get(question) or table.spelled.get(question, question), words)
                for question in questions
                if re.search(r"\w", words := clean_cell(row.cells.get(question, "")))
            ),
            attributes={column: row.get(column) for column in others if row.get(column)},
        )
        for row in table.rows
    ]
    return respondents, [*table.notes, *_warnings(respondents, questions, id_column)]


def _warnings(
    respondents: Sequence[Respondent], questions: Sequence[str], id_column: str | None
) -> list[str]:
    warnings = []
    if len(questions) > 1:
        shown = ", ".join(f"'{question}'" for question in questions[:6])
        warnings.append(f"{len(questions)} columns of answers: {shown}")
    if silent := sum(not respondent.answers for respondent in respondents):
        warnings.append(f"{silent} respondents wrote nothing; kept as cases without a transcript")
    if id_column is None:
        warnings.append("no column with an id; respondents are named by their row")
    elif unnamed := sum(respondent.name is None for respondent in respondents):
        warnings.append(f"{unnamed} rows have no {id_column}; they are named by their row")
    return warnings
