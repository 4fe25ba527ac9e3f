"""The agreement report: offline, escaped, readable with one code and with many."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from autocode.agreement.resampling.intervals import Resampling
from autocode.agreement.spans.continuum import Continuum
from autocode.agreement.spans.runs import spans_from_rows
from autocode.agreement.study.decisions import Unit
from autocode.agreement.study.span_table import measure_span_agreement
from autocode.agreement.study.table import measure_agreement
from autocode.core.codebook import Code, Codebook
from autocode.core.transcript import Span
from autocode.report.agreement_page import write_agreement

NASTY = '<script>alert("x")</script>'


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def coded(n_codes, *, differ=True, excerpt="some words"):
    generator = np.random.default_rng(0)
    units = []
    for at in range(12 * 20):
        one = frozenset(f"c{c}" for c in np.flatnonzero(generator.random(n_codes) < 0.3))
        other = one ^ {f"c{generator.integers(n_codes)}"} if differ and at % 4 == 0 else one
        span = Span(at * 10, at * 10 + 9)
        units.append(
            Unit(
                transcript=f"t{at % 12}",
                excerpt=excerpt,
                applied={"Amina": one, "Jonas": other},
                span=span,
            )
        )
    codes = [f"c{c}" for c in range(n_codes)]
    book = Codebook(tuple(Code(id=c, name=f"Name of {c} {NASTY}") for c in codes))
    return measure_agreement(units, ["Amina", "Jonas"], codes, unit_name="turn"), book


def page(tmp_path, agreement, book, **memos):
    size = write_agreement(agreement, book, tmp_path / "a.html", **memos)
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert size == len(text.encode())
    return text


@pytest.mark.slow
@pytest.mark.parametrize("n_codes", [1, 5, 120])
def test_report_is_offline_and_whole(tmp_path, n_codes):
    text = page(tmp_path, *coded(n_codes))
    parser = Tags()
    parser.feed(text)
    ids = [a["id"] for _, a in parser.tags if "id" in a]
    assert len(ids) == len(set(ids))
    links = [a["href"] for _, a in parser.tags if a.get("href")]
    assert all(link.startswith("#") for link in links)
    assert not [a for _, a in parser.tags if a.get("src")]
    assert "nan" not in text.lower().replace("binance", "").replace("finance", "").split()
    assert NASTY not in text


def test_report_escapes_excerpts_and_shows_memos(tmp_path):
    agreement, book = coded(3, excerpt=NASTY)
    first = agreement.disagreements[0]
    key = (first.transcript, first.unit.span.start, first.unit.span.end, "Amina")
    text = page(tmp_path, agreement, book, memos={key: f"unsure {NASTY}"})
    assert "unsure &lt;script&gt;" in text
    assert NASTY not in text


def test_report_says_undefined_and_why(tmp_path):
    units = [
        Unit(transcript="t", excerpt="x", applied={"a": frozenset("c"), "b": frozenset("c")})
    ] * 3
    agreement = measure_agreement(units, ["a", "b"], ["c"], unit_name="turn")
    text = page(tmp_path, agreement, Codebook((Code(id="c", name="A code"),)))
    assert agreement.overall["pooled_kappa"].value is None
    assert "undefined" in text
    assert "Fewer than four transcripts" in " ".join(text.split())


def test_report_without_disagreements_says_so(tmp_path):
    agreement, book = coded(2, differ=False)
    assert agreement.disagreements == ()
    assert page(tmp_path, agreement, book)


def test_tree_credit_is_named_as_no_standard_coefficient(tmp_path):
    assert "not a standard" in page(tmp_path, *coded(3)).lower()


def test_section_of_own_spans_is_escaped_and_says_what_is_undefined(tmp_path):
    agreement, book = coded(2)
    rows = [(0, 0, 30, 0), (0, 20, 40, 1), (1, 0, 30, 0)]
    text = Continuum("t", ("<i>a", "b"), spans_from_rows(rows, 100, n_coders=2, n_codes=2))
    spans = measure_span_agreement(
        [text], ["<i>a", "b"], ["c0", "c1"], resampling=Resampling(n_resamples=0)
    )
    shown = page(tmp_path, agreement, book, spans=spans)
    assert '<section id="spans">' in shown
    assert "&lt;i&gt;a gave one place several codes" in shown
    assert "<i>a" not in shown
    assert NASTY not in shown


def test_page_runs_scripts_only_where_there_is_something_to_sift(tmp_path):
    differing = page(tmp_path, *coded(3))
    agreeing = page(tmp_path, *coded(3, differ=False))
    assert "script-src" in differing
    assert differing.count("<script") == 1
    assert "script-src" not in agreeing
    assert "<script" not in agreeing


def test_the_policy_of_a_page_names_its_one_script_and_allows_no_other(tmp_path):
    shown = page(tmp_path, *coded(3))
    (script,) = re.findall(r"<script>(.*?)</script>", shown, re.DOTALL)
    assert shown.index("<script>") < shown.index("</head>")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', shown)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert re.findall(r"script-src ([^;]*);", policy) == [f"'sha256-{digest}'"]
    assert not re.search(r"\son\w+=|javascript:", shown)
