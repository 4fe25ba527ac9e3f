"""The page about a corpus in draft themes: one HTML file, bounded whatever the corpus."""

from __future__ import annotations

from dataclasses import dataclass

from ..bulk.result import BulkCode, BulkResult, BulkTheme
from ..core.arguments import checked
from ..core.counted import say_count
from ..io.url_path import AnyPath
from . import templating

MOST_THEMES = 120
MOST_PARTS = 15
MOST_CODES = 200
_LONGEST_SHOWN = 300
_LONGEST_NAME = 120
_TEMPLATE = "bulk.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkThemeView:
    """A theme as shown, with its largest sub-themes and how many are left out."""

    theme: BulkTheme
    name: str
    terms: str
    share: str
    support: str
    quotes: tuple[tuple[str, str], ...]
    parts: tuple[BulkTheme, ...]
    n_more_parts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkView:
    """All that the page shows."""

    result: BulkResult
    themes: tuple[BulkThemeView, ...]
    n_more: int
    missing: str
    reasons: str
    later: str
    suggested: str
    codes: tuple[BulkCode, ...]
    n_more_codes: int


@checked
def write_bulk_report(result: BulkResult, out: str | AnyPath) -> int:
    """Write a page about a corpus to `out`; returns its size in bytes.

    Raises:
        FileRefused: if the file cannot be written.
    """
    return templating.save(render_bulk_report(result), out)


def render_bulk_report(result: BulkResult) -> str:
    """The page as HTML text."""
    largest = sorted(result.first_level, key=lambda theme: -theme.n_rows)
    suggestions = result.suggestions
    codes = suggestions.codes if suggestions else ()
    by_use = sorted(codes, key=lambda code: -code.n_likely)
    view = BulkView(
        result=result,
        themes=tuple(_view_theme(result, theme) for theme in largest[:MOST_THEMES]),
        n_more=max(0, len(largest) - MOST_THEMES),
        missing=result.describe_missing(),
        reasons=result.describe_reasons(),
        later=result.fit.describe(),
        suggested=suggestions.describe(result.n_rows) if suggestions else "",
        codes=tuple(by_use[:MOST_CODES]),
        n_more_codes=max(0, len(codes) - MOST_CODES),
    )
    return templating.fill(_TEMPLATE, page=view)


def _view_theme(result: BulkResult, theme: BulkTheme) -> BulkThemeView:
    parts = sorted(result.list_within(theme.key), key=lambda part: -part.n_rows)
    groups = (
        ""
        if theme.n_groups is None
        else f", {say_count(theme.n_groups, 'participant or document', grouped=True)}"
    )
    rows = say_count(theme.n_rows, "row", grouped=True)
    return BulkThemeView(
        theme=theme,
        name=shorten(theme.name, _LONGEST_NAME),
        terms=", ".join(shorten(term, _LONGEST_NAME) for term in theme.terms),
        share=f"{theme.n_rows / max(1, result.n_rows):.1%}",
        support=f"{rows}{groups}; mean strength {theme.mean_strength:.2f}",
        quotes=tuple(
            (shorten(one.text), shorten(one.group, _LONGEST_NAME)) for one in theme.exemplars
        ),
        parts=tuple(parts[:MOST_PARTS]),
        n_more_parts=max(0, len(parts) - MOST_PARTS),
    )


def shorten(text: str, longest: int = _LONGEST_SHOWN) -> str:
    """At most so many characters of a text."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
