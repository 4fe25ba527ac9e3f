"""Survey tables: a row per respondent, one or more columns of free text, the rest attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...core.errors import FileRefused
from .table import Row, Table, clean_cell

_ID = (
    "respondent",
    "respondent id",
    "respondentid",
    "response id",
    "responseid",
    "case",
    "case id",
    "participant",
    "participant id",
    "id",
    "record id",
    "token",
    "study id",
    "study",
    "nr",
    "no",
    "number",
)
# What marks a table of something else: our own exchange tables, codebooks, coded words.
_OTHERS = frozenset(
    """transcript coder code suggestion theme definition inclusion exclusion parent doc_id
    segment_id excerpt tag quotation""".split()  # noqa: SIM905 - as a list it would be a screen
)
# Prose about a case or a code, not by a respondent.
_ABOUT = frozenset(
    """memo note notes remark remarks background description profile biography summary definition
    meaning examples""".split()  # noqa: SIM905 - as above
)
_WORDS_OF_TEXT = 5.0
_LONG = 8


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


def is_survey(table: Table) -> bool:
    """Whether a table has a column of free text and none that marks another kind of table."""
    return not set(table.columns) & _OTHERS and bool(find_text_columns(table))


def find_text_columns(table: Table) -> list[str]:
    """Columns of free text: several words a cell, hardly ever the same words twice."""
    return [
        column
        for column in table.columns
        if column and column not in _ID and column not in _ABOUT and _is_free(table, column)
    ]


def read_survey(table: Table) -> tuple[list[Respondent], list[str]]:
    """Respondents and warnings of a survey table.

    Raises:
        FileRefused: if no column holds free text.
    """
    questions = find_text_columns(table)
    if not questions:
        raise FileRefused.because(
            table.path,
            f"has no column of free text (columns: {', '.join(table.columns)})",
            remedy="Give the answers a column of their own.",
        )
    id_column = next((name for name in _ID if name in table.columns), None)
    others = [c for c in table.columns if c and c not in questions and c != id_column]
    respondents = [
        Respondent(
            line=row.line,
            name=(row.get(id_column) or None) if id_column else None,
            answers=tuple(
                Answer(question, words)
                for question in questions
                if re.search(r"\w", words := clean_cell(row.cells.get(question, "")))
            ),
            attributes={column: row.get(column) for column in others if row.get(column)},
        )
        for row in table.rows
    ]
    return respondents, _warnings(respondents, questions, id_column)


def _warnings(
    respondents: Sequence[Respondent], questions: Sequence[str], id_column: str | None
) -> list[str]:
    warnings = []
    if len(questions) > 1:
        warnings.append(f"{len(questions)} columns of free text: {', '.join(questions[:6])}")
    if silent := sum(not respondent.answers for respondent in respondents):
        warnings.append(f"{silent} respondents wrote nothing; kept as cases without a transcript")
    if id_column is None:
        warnings.append("no column with an id; respondents are named by their row")
    elif unnamed := sum(respondent.name is None for respondent in respondents):
        warnings.append(f"{unnamed} rows have no {id_column}; they are named by their row")
    return warnings


def _is_free(table: Table, column: str) -> bool:
    cells = [" ".join(cell.split()) for row in table.rows if (cell := _cell(row, column))]
    if not cells:
        return False
    lengths = [len(cell.split()) for cell in cells]
    # Answers to pick from ("Strongly agree with this") repeat; what people write does not.
    varied = len(set(cells)) >= 0.6 * len(cells)
    return varied and max(lengths) >= _LONG and sum(lengths) / len(lengths) >= _WORDS_OF_TEXT


def _cell(row: Row, column: str) -> str:
    return row.cells.get(column, "").strip()
