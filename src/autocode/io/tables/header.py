"""Where the headings of a table stand, and what stands above and below them that is no row of it.

Titles above the headings, a second row of headings, and the rows that survey services write under
them (the wording of the questions, their identifiers) are kept apart from the table's own rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .codebook_headings import field_of
from .codings_columns import find_coding_columns
from .csv_rows import NumberedRow
from .headings import CASE, END, RESPONDENT, SPEAKER, START, WORDS, fold_heading
from .sheets import RawSheet

_LOOKED_AT = 20
"""Rows from the top among which the headings are looked for."""
_SAMPLE = 200
_SERVICE_NAMES = frozenset(
    """startdate enddate status ipaddress progress finished recordeddate responseid
    distributionchannel userlanguage submitdate lastpage startlanguage seed token datestamp ipaddr
    refurl respondentid collectorid datecreated datemodified""".split()  # noqa: SIM905
)
"""Headings that survey services write, without blanks."""
_SUB_HEADINGS = frozenset(
    ["open-ended response", "response", "other (please specify)", "antwort", "réponse", "respuesta"]
)
_IMPORT_ID = re.compile(r"\s*\{\s*\"ImportId\"", re.IGNORECASE)
_KNOWN = SPEAKER | WORDS | START | END | CASE | {*RESPONDENT} - {"#", "no", "nr", "number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The headings of a sheet: their row, the first row below them, and the questions' wording.

    `wording` are the words of each question by the position of its column, where they stand in a
    row of their own. `notes` say what was left out.
    """

    row: NumberedRow
    first: int
    wording: dict[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def find_header(sheet: RawSheet, *, at_line: int | None = None) -> Header | None:
    """The headings of a sheet: on the line that a person named, or where they are likeliest.

    None if the sheet has no row, or none on that line or below.
    """
    rows = sheet.rows
    if at_line is not None:
        index = next((n for n, row in enumerate(rows) if row.line >= at_line), None)
    else:
        index = _likeliest(rows)
    if index is None:
        return None
    notes = []
    if index and at_line is None:
        above = " / ".join(" ".join(c for c in row.cells if c.strip()) for row in rows[:index])
        word = "row" if index == 1 else "rows"
        notes.append(f"{index} {word} above the headings left out: '{_shorten(above)}'")
    row, first = rows[index], index + 1
    if row.line in sheet.merged and first < len(rows):
        row, first = _join_headings(row, rows[first]), first + 1
        notes.append("two rows of headings joined, since a heading is merged over both")
    row, first, joined = _join_sub_headings(row, rows, first)
    wording, skipped = _find_wording(row, rows[first : first + _SAMPLE])
    if skipped:
        what = "the wording of the questions" if wording else "no answers"
        word = "row" if skipped == 1 else "rows"
        notes.append(f"{skipped} {word} under the headings read as {what}, not as respondents")
    return Header(row=row, first=first + skipped, wording=wording, notes=(*notes, *joined))


def count_known(cells: Sequence[str]) -> int:
    """How many of these headings any table that we read has."""
    coding = set(find_coding_columns(cells).columns.values())
    return sum(
        bool(cell.strip())
        and (cell in coding or fold_heading(cell) in _KNOWN or field_of(cell) is not None)
        for cell in cells
    )


def _likeliest(rows: Sequence[NumberedRow]) -> int | None:
    """The first row that is as full as the table is wide, if only titles stand above it."""
    if not rows:
        return None
    top = rows[:_LOOKED_AT]
    first = _n_filled(top[0])
    if first > 1 and count_known(top[0].cells):
        return 0
    widths = sorted(_n_filled(row) for row in rows[:_SAMPLE])
    usual = widths[len(widths) // 2]
    for index, row in enumerate(top):
        filled = _n_filled(row)
        if filled < 2 or index + 1 >= len(rows) or not _could_be_headings(row):
            continue
        is_wide = filled >= 0.6 * usual and filled > first
        # Titles are cells that stand alone; a pair of cells above is one only if it is known less.
        if index == 0:
            if first >= 0.6 * usual and first > 1:
                return 0
        elif is_wide and (first == 1 or count_known(row.cells) >= 2):
            return index
    return 0


def _could_be_headings(row: NumberedRow) -> bool:
    """Words, each once, none of them a number."""
    cells = [cell.strip() for cell in row.cells if cell.strip()]
    numbers = sum(re.fullmatch(r"[-+\d.,:/ ]+", cell) is not None for cell in cells)
    return numbers == 0 and len(set(cells)) == len(cells) and max(map(len, cells)) <= 300


def _join_headings(upper: NumberedRow, lower: NumberedRow) -> NumberedRow:
    """One row of headings from two, of which the upper names groups."""
    cells = []
    group = ""
    for n in range(max(len(upper.cells), len(lower.cells))):
        above = upper.cells[n] if n < len(upper.cells) else ""
        below = lower.cells[n] if n < len(lower.cells) else ""
        group = above or group
        cells.append(above if above == below or not below else f"{group} {below}".strip())
    return NumberedRow(lower.line, cells)


def _join_sub_headings(
    row: NumberedRow, rows: Sequence[NumberedRow], first: int
) -> tuple[NumberedRow, int, list[str]]:
    """Headings with the second row that SurveyMonkey writes ("Open-Ended Response", choices)."""
    if first >= len(rows):
        return row, first, []
    below = rows[first]
    subs = [cell.strip().casefold() for cell in below.cells]
    if not (subs and not subs[0] and set(subs) & _SUB_HEADINGS):
        return row, first, []
    cells = []
    question = ""
    for n in range(max(len(row.cells), len(below.cells))):
        own = row.cells[n].strip() if n < len(row.cells) else ""
        sub = below.cells[n].strip() if n < len(below.cells) else ""
        question = own or question
        is_plain = not sub or (own and sub.casefold() in _SUB_HEADINGS)
        cells.append(own if is_plain else f"{question} - {sub}")
    note = "a second row of headings joined to the first"
    return NumberedRow(below.line, cells), first + 1, [note]


def _find_wording(row: NumberedRow, below: Sequence[NumberedRow]) -> tuple[dict[int, str], int]:
    """The wording of the questions by column, and how many rows below the headings are no answers.

    Qualtrics writes the wording and a row of identifiers (JSON with "ImportId"); others the wording
    alone, which shows where all other rows have numbers or dates.
    """
    for n, candidate in enumerate(below[:3]):
        marks = sum(_IMPORT_ID.match(cell) is not None for cell in candidate.cells)
        if marks and marks >= 0.5 * _n_filled(candidate):
            return _wording(below[0]) if n else {}, n + 1
    if len(below) >= 2 and _is_wording(row, below[0], below[1:]):
        return _wording(below[0]), 1
    return {}, 0


def _wording(row: NumberedRow) -> dict[int, str]:
    return {n: " ".join(cell.split()) for n, cell in enumerate(row.cells) if cell.strip()}


def _is_wording(header: NumberedRow, row: NumberedRow, others: Sequence[NumberedRow]) -> bool:
    """Whether a row repeats or words the headings, where other rows hold numbers, dates or ids."""
    n_against = n_named = n_worded = 0
    for n, heading in enumerate(header.cells):
        cell = row.cells[n].strip() if n < len(row.cells) else ""
        rest = [value for r in others if n < len(r.cells) and (value := r.cells[n].strip())]
        name = re.sub(r"[\s_]", "", heading).casefold()
        if cell and name in _SERVICE_NAMES and re.sub(r"[\s_]", "", cell).casefold() == name:
            n_named += 1
        if not cell or len(rest) < 2:
            continue
        numeric = sum(_is_plain_value(value) for value in rest) >= 0.95 * len(rest)
        if numeric:
            if _is_plain_value(cell) or not re.search(r"[^\W\d_]{2}", cell):
                n_against += 1
            elif name in _SERVICE_NAMES or fold_heading(heading) in RESPONDENT:
                n_named += 1
            elif len(cell) > 12:
                n_worded += 1
    # One long answer in a column of numbers is an answer; several such cells are headings.
    return not n_against and (n_named > 0 or n_worded > 1)


def _is_plain_value(cell: str) -> bool:
    """A number, a date, or an identifier such as R_1aBc."""
    return re.fullmatch(r"[-+\d.,:/T ZUTC]*\d[-+\d.,:/T ZUTC]*|R_\w+", cell) is not None


def _n_filled(row: NumberedRow) -> int:
    return sum(bool(cell.strip()) for cell in row.cells)


def _shorten(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 80 else f"{words[:80]}…"
