"""The page about a corpus: words escaped, and bounded in size whatever the corpus."""

from __future__ import annotations

from dataclasses import replace

from autocode.bulk.result import BulkCode, BulkResult, BulkSuggestions, BulkTheme, Fit
from autocode.bulk.theme_nodes import Exemplar
from autocode.report.bulk_page import MOST_PARTS, MOST_THEMES, render_bulk_report


def theme(key: str, parent: str = "", text: str = "A short one.") -> BulkTheme:
    return BulkTheme(
        key=key, parent=parent, level=1 + key.count("."), name=f"name of {key}", terms=("a", "b"),
        n_rows=7, n_groups=3, mean_strength=0.5, cut_off=0.3,
        exemplars=(Exemplar(text=text, group="Ann"),),
    )  # fmt: skip


def corpus(*themes: BulkTheme, n_later_unplaced: int = 0) -> BulkResult:
    return BulkResult(
        folder="out", n_rows=100, n_distinct=90, n_copies=10, n_partitions=1,
        reasons={"outlier": 5}, themes=themes,
        fit=Fit(n_rows=80, n_unplaced=4, n_later=20, n_later_unplaced=n_later_unplaced),
        encoder="fast", encoder_digest="d" * 64, languages=("en",),
    )  # fmt: skip


def test_words_are_escaped_and_long_ones_cut():
    page = render_bulk_report(corpus(theme("T01", text="<b>no</b> " + "x" * 900)))
    assert "&lt;b&gt;no&lt;/b&gt;" in page
    assert "<b>no" not in page
    assert "x" * 300 not in page


def test_without_themes_it_says_why():
    page = render_bulk_report(corpus())
    assert "No themes were drafted: the excerpts are too few, or too unlike each other" in page
    assert "(with different words: 90)" in page
    assert "Themes, the largest first" not in page
    assert "<th>Theme</th>" not in page


def test_what_is_left_out_is_counted():
    many = [theme(f"T{n:03d}") for n in range(1, MOST_THEMES + 31)]
    parts = [theme(f"T001.{n}", "T001") for n in range(1, MOST_PARTS + 5)]
    page = render_bulk_report(corpus(*many, *parts))
    assert page.count('<div class="theme"') == MOST_THEMES
    assert "30 smaller themes are not shown" in page
    assert "4 smaller ones are in themes.csv" in page
    more = render_bulk_report(corpus(*many, *parts, *[theme(f"T{n}") for n in range(500, 3000)]))
    assert len(more) < len(page) + 1000


def test_its_size_is_bounded_whatever_the_words():
    """Names, terms, groups and codes come from the input, and may be of any length."""
    long = "w" * 100_000
    themes = [
        BulkTheme(
            key=key, parent="" if "." not in key else "T001", level=1, name=long,
            terms=(long,) * 8, n_rows=10**9, n_groups=3, mean_strength=0.5, cut_off=0.3,
            exemplars=(Exemplar(text=long, group=long),) * 4,
        )
        for key in [f"T{n:03d}" for n in range(1, 200)] + [f"T001.{n}" for n in range(1, 99)]
    ]  # fmt: skip
    code = BulkCode(
        code=long, name=f"{long}!", n_coded=1, n_first=1, n_likely=1, n_auto_acceptable=0,
        n_expected=1234567.8, auto_accept_from=None,
    )  # fmt: skip
    suggestions = BulkSuggestions(
        calibrated=True, n_read=1, n_transcripts=1, n_likely=1, n_auto_acceptable=0, n_read_rows=0,
        codes=(code,) * 5000, digests=(),
    )  # fmt: skip
    page = render_bulk_report(replace(corpus(*themes), suggestions=suggestions))
    assert len(page) < 700_000
    assert "1,000,000,000 rows" in page
    assert "1,234,568" in page
    assert "4,800 rarer codes are not shown" in page


def test_it_says_when_the_themes_no_longer_fit():
    assert "no longer fit" not in render_bulk_report(corpus(theme("T01"), n_later_unplaced=1))
    assert "no longer fit" in render_bulk_report(corpus(theme("T01"), n_later_unplaced=9))
