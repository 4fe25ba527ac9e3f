"""What a table may be, scored over every kind by its headings and by what its cells look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..kinds import Evidence, Recognition
from .codebook_columns import choose_columns
from .codebook_headings import field_of
from .codebook_levels import split_paths
from .codings_columns import Role, find_coding_columns
from .grid import is_grid
from .headings import (
    CASE,
    CODE,
    CODER,
    DOCUMENT,
    EXCERPT,
    PERSON,
    RESPONDENT,
    SPEAKER,
    find_column,
    fold_heading,
    name_set,
)
from .profile import ColumnProfile, profile_column
from .speech import find_speech_columns
from .survey import find_answer_columns, find_identifier, find_text_columns
from .table import Table

# Columns of what we export for people to look at, which no import takes.
_OUR_DRAFTS = ({"suggestion", "transcript"}, {"theme", "sub_theme"}, {"suggestion", "decision"})
# What a codebook of another tool counts for each code.
_COUNTS = name_set(
    """number of highlights;number of documents;number of quotations;grounded;density;files;
    references;frequency;count;code group 1;code groups"""
)
# Headings of what a code means that surveys and tables of speech have too.
_WEAK_MEANINGS = frozenset(
    {"comment", "comments", "description", "note", "notes", "example", "category"}
)
_SHORT_CODE = 8.0
"""Words a code's name has at most, on average; longer ones are excerpts or answers."""


_EXAMPLES = frozenset({"quote", "quotation", "citation", "zitat", "cita", "extrait", "verbatim"})
_LIKELY = 0.85


class _View:
    """A table with its columns looked at once."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.columns = table.columns
        self.folded = {fold_heading(column) for column in table.columns if column}
        self._profiles: dict[str, ColumnProfile] = {}

    def of(self, column: str) -> ColumnProfile:
        """The profile of a column."""
        if column not in self._profiles:
            self._profiles[column] = profile_column(self.table, column)
        return self._profiles[column]

    @property
    def is_empty(self) -> bool:
        """Whether there are headings only."""
        return not self.table.rows


def weigh_table(table: Table) -> Recognition:
    """The kinds that a table fits, best first; none for what we export for people to look at."""
    if any(draft <= set(table.columns) for draft in _OUR_DRAFTS):
        return Recognition()
    if is_grid(table.columns):
        return Recognition.certain("codings", "a coding grid")
    view = _View(table)
    speech = find_speech_columns(table)
    codings = list(_weigh_codings(view))
    # Words that people coded are in the study already; they are never answers of respondents.
    is_coded = any(evidence.score >= _LIKELY for evidence in codings)
    return Recognition.rank(
        [
            *codings,
            *_weigh_speech(view, speech),
            *(() if is_coded else _weigh_survey(view, speech)),
            *_weigh_codebook(view),
            *_weigh_cases(view),
        ]
    )


def _weigh_codings(view: _View) -> Iterator[Evidence]:
    coding = find_coding_columns(view.columns)
    if not coding.has_codes:
        return
    by_role = dict(coding.columns)
    document, code = by_role.get("transcript"), by_role.get("code")
    if document and view.of(document).mean_words > _SHORT_CODE:
        del by_role["transcript"]  # "transcript" is also what people call the words
    if code and not coding.tool and view.of(code).mean_words > 4 * _SHORT_CODE:
        return
    score = _score_codings(view, by_role, tool=coding.tool)
    if score > 0:
        tool = f"as {coding.tool} exports them: " if coding.tool not in ("", "autocode") else ""
        roles: tuple[Role, ...] = ("transcript", "coder", "code", "excerpt")
        named = [by_role[role] for role in roles if role in by_role]
        yield Evidence("codings", score, (tool + _list("columns", named),))


def _score_codings(view: _View, by_role: Mapping[Role, str], *, tool: str) -> float:
    has_words = "excerpt" in by_role or "range" in by_role or {"start", "end"} <= by_role.keys()
    if "transcript" in by_role:
        if tool:
            return 0.95
        return 0.9 if has_words or "coder" in by_role else 0.75
    score = 0.0
    if "coder" in by_role:
        score = 0.85 if has_words else 0.75
    elif "excerpt" in by_role and view.of(by_role["excerpt"]).is_free_text:
        score = 0.65
    return score - 0.3 if "speaker" in by_role else score


def _weigh_speech(view: _View, columns: Mapping[str, str]) -> Iterator[Evidence]:
    if "words" not in columns:
        return
    score = _score_speech(view, columns)
    if not score:
        return
    others = len(view.columns) - len(columns)
    identified = {*RESPONDENT} - {"participant", "id", "nr", "no", "#", "number"}
    if find_column(view.columns, identified):
        score -= 0.2
    if find_column(view.columns, DOCUMENT - {"transcript", columns["words"]}) or others > 6:
        score -= 0.25
    if find_column(view.columns, CODER) or (view.is_empty and "tags" in columns):
        score -= 0.3
    named = [columns[role] for role in ("start", "end", "speaker", "words") if role in columns]
    yield Evidence("transcript", score, (_list("speech under the columns", named),))


def _score_speech(view: _View, columns: Mapping[str, str]) -> float:
    """How well the columns of speakers and times fit speech; 0 where there are neither."""
    speaker, start, end = (columns.get(role) for role in ("speaker", "start", "end"))
    has_times = any(c and (view.is_empty or view.of(c).is_time) for c in (start, end))
    if speaker is None:
        if start and end and has_times:
            return 0.9
        return 0.75 if start and has_times and (view.is_empty or view.of(start).is_clock) else 0.0
    score = (0.9 if fold_heading(speaker) in SPEAKER else 0.7) + (0.05 if has_times else 0.0)
    profile = view.of(speaker)
    if profile.n_filled >= 5 and not profile.repeats:
        return score - 0.35  # somebody else in every row: these are respondents
    if fold_heading(speaker) in PERSON and profile.n_filled >= 4:
        score += 0.15
    return score


def _weigh_survey(view: _View, speech: Mapping[str, str]) -> Iterator[Evidence]:
    if view.is_empty or (view.folded & (CODER | EXCERPT | {"definition", "parent"}) - {"content"}):
        return
    if find_column(view.columns, DOCUMENT - {"source"}) and "code" in view.folded:
        return
    identifier = find_identifier(view.table)
    score, reason = _score_answers(view, identifier)
    if not score:
        return
    reasons = [reason]
    if identifier is not None:
        score += 0.15
        reasons.append(f"ids in '{identifier}'" if identifier else "a row for each respondent")
    if "words" in speech and _score_speech(view, speech) >= _LIKELY:
        score -= 0.2
    if _is_export_of_codings(view):
        score -= 0.3  # Taguette's "id, document, tag, content" look like answers
    yield Evidence("survey", min(score, 0.95), tuple(reasons))


def _score_answers(view: _View, identifier: str | None) -> tuple[float, str]:
    """How well the columns fit answers of respondents, and which they are; 0 where there is none.

    Answers of a word or two count only beside a column that names the respondents.
    """
    texts = [c for c in find_text_columns(view.table) if fold_heading(c) not in CODE]
    if texts:
        return 0.75, _list("free text in", texts[:3])
    wordy = find_answer_columns(view.table)
    if not wordy or identifier is None:
        return 0.0, ""
    # A word or two about a case are its attributes.
    score = 0.35 if fold_heading(identifier) in CASE else 0.55
    return score, _list("short answers in", wordy[:3])


def _is_export_of_codings(view: _View) -> bool:
    """Whether a table has all the columns of codings as some tool names them."""
    coding = find_coding_columns(view.columns)
    return bool(coding.tool) and not coding.missing


def _weigh_codebook(view: _View) -> Iterator[Evidence]:
    parts = choose_columns(view.columns)
    if parts.name is None:
        return
    meanings = [c for part, columns in parts.fields.items() if part != "memo" for c in columns]
    parents = [c for c in (parts.parent, parts.number, *parts.levels) if c]
    counts = find_column(view.columns, _COUNTS)
    supports = [*meanings, *parents, *([counts] if counts else [])]
    role = field_of(parts.name)
    if role == "id" and not meanings:
        return
    n_parts = len(parts.fields.keys() & {"definition", "inclusion", "exclusion", "examples"})
    says_code = role == "code" or len(parts.levels) > 1 or n_parts > 1
    is_weak = all(fold_heading(c) in _WEAK_MEANINGS for c in supports)
    score = 0.7 if says_code else 0.5
    if supports:
        score = 0.95 if says_code else 0.7 if is_weak else 0.85
    names = [cell for row in view.table.rows if (cell := row.get(parts.name))]
    # Names that spell a tree hold those above them, so their length says nothing.
    if role != "code" or split_paths(names) is None:
        score -= _doubt_code_names(view, view.of(parts.name), says_code=says_code)
    score -= 0.3 * _is_export_of_codings(view)
    yield Evidence(
        "codebook",
        score,
        (_list("columns", [c for c in (parts.id, parts.name, *parents, *meanings) if c][:4]),),
    )


def _doubt_code_names(view: _View, names: ColumnProfile, *, says_code: bool) -> float:
    """What speaks against a codebook in the cells of its codes and in the other columns."""
    doubt = 0.0
    longest = 3 * _SHORT_CODE if says_code else _SHORT_CODE
    if names.n_filled and (names.is_numeric or names.mean_words > longest):
        doubt += 0.45
    if names.n_filled >= 5 and names.n_distinct < 0.6 * names.n_filled:
        doubt += 0.3  # one code under several parents is no rare thing, but most of them are
    if view.folded & (CODER | DOCUMENT):
        doubt += 0.3
    if find_column(view.columns, SPEAKER) or find_column(view.columns, EXCERPT - _EXAMPLES):
        doubt += 0.3
    return doubt


def _weigh_cases(view: _View) -> Iterator[Evidence]:
    case = find_column(view.columns, CASE)
    document = find_column(view.columns, {"transcript"})
    if case is None and document is None:
        return
    if find_column(view.columns, CODE | EXCERPT):
        return
    if document and view.of(document).mean_words > _SHORT_CODE:
        return
    score = 0.85 if case else 0.8
    if document and case:
        score = 0.95
    elif find_text_columns(view.table):
        score = 0.55
    named = [c for c in (case, document) if c]
    yield Evidence("cases", score, (_list("columns", named),))


def _list(what: str, columns: list[str]) -> str:
    shown = ", ".join(f"'{column}'" for column in columns)
    return f"{what.removesuffix('s') if len(columns) == 1 and what == 'columns' else what} {shown}"
