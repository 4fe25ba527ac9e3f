"""Taguette's HTML, its positions in bytes, and files of its that we write."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autocode.exchange.formats import read_project
from autocode.exchange.project import (
    MACHINE,
    Note,
    Selection,
    Source,
    ToolCode,
    ToolCoder,
    ToolCoding,
    ToolProject,
)
from autocode.exchange.taguette_html import read_html, write_html
from autocode.exchange.taguette_writer import write_taguette

from ..shared import present
from .support import WORDS, coded_projects, list_codings

SCRIPT = Path(__file__).parent / "tools" / "show_taguette.py"


def counted(html: str) -> str:
    """The words in which Taguette counts, without the line ends that we put in."""
    read = read_html(html)
    text = read.text
    for at in reversed([place + n for n, place in enumerate(read.breaks)]):
        assert text[at] == "\n"
        text = text[:at] + text[at + 1 :]
    return text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p>\n<p>b</p>", "a\nb"),
        ("<p>a</p><p>b</p>", "a\nb"),
        ("<p>a<br>b</p>", "a\nb"),
        ("  \n <p>a</p>", "a"),
        ("<p>a &amp; b &lt;c&gt; &#233;&nbsp;d</p>", "a & b <c> é\u00a0d"),
        ("<p><b>bo</b>ld</p>", "bold"),
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("<pre>\ncode\n</pre><p>x</p>", "code\nx"),
        ("<p>a</p><script>alert('b')</script>", "a"),
        ("a\r\nb", "a\nb"),
        ("", ""),
    ],
)
def test_words_of_html_are_read_as_people_read_them(html, text):
    assert read_html(html).text == text


def test_bytes_are_turned_into_code_points_around_line_ends_that_were_put_in():
    html = read_html("<p>é🌱</p><p>b</p>")
    assert html.text == "é🌱\nb"
    assert html.n_bytes == 7
    assert [html.find_start(n) for n in (0, 2, 6)] == [0, 1, 3]
    assert [html.find_end(n) for n in (2, 6, 7)] == [1, 2, 4]
    assert html.find_start(4) == 3  # inside the plant: after it, as Taguette splits
    assert html.find_end(9) > len(html.text)


@pytest.mark.slow
@settings(max_examples=40)
@given(WORDS)
def test_what_is_written_as_html_is_counted_as_it_was(text):
    read = read_html(write_html(text))
    assert read.text == text
    assert read.breaks == ()
    assert read.n_bytes == len(text.encode())


@pytest.mark.slow
@settings(max_examples=25)
@given(coded_projects())
def test_a_project_comes_back_from_a_taguette_file(tmp_path_factory, project):
    path = tmp_path_factory.mktemp("taguette") / "a.sqlite3"
    report = write_taguette(project, path)
    read = read_project(path)
    assert report.count("lost") == 0
    assert read.report.is_lossless, read.report.to_lines()
    back = read.project
    assert [(s.name, s.text) for s in back.sources] == [(s.name, s.text) for s in project.sources]
    assert [c.name for c in back.codes] == [c.name for c in project.codes]
    named = [(*rest, coder or "admin") for *rest, coder in list_codings(project)]
    assert list_codings(back) == sorted(named)


def test_taguettes_own_project_comes_back_the_same_to_the_last_guid(shared, tmp_path):
    path = present(shared / "interop" / "taguette" / "garden_study" / "project.sqlite3")
    project = read_project(path).project
    report = write_taguette(project, tmp_path / "b.sqlite3")
    assert report.is_lossless
    assert read_project(tmp_path / "b.sqlite3").project == project


def code_project() -> ToolProject:
    """Two levels, a folder, long names, two people and the machine on the same words."""
    coders = (ToolCoder(guid="a", name="Ana"), ToolCoder(guid="m", name=MACHINE))
    codes = (
        ToolCode(guid="f", name="Care", codable=False),
        ToolCode(guid="c", name="waiting", parent="f", colour="#ff0000", description="to be seen"),
        ToolCode(guid="l", name="x" * 300),
    )
    selection = Selection(
        guid="s", source="t", start=0, end=3, name="Two", description="why",
        codings=(
            ToolCoding(guid="1", code="c", coder="a"),
            ToolCoding(guid="2", code="c", coder="m"),
            ToolCoding(guid="3", code="gone", coder="a"),
        ),
    )  # fmt: skip
    return ToolProject(
        name="p" * 60,
        coders=coders,
        codes=codes,
        sources=(
            Source(guid="t", name="P01", text="Two words\x00"),
            Source(guid="v", name="film.mp4", kind="video"),
        ),
        selections=(selection, dataclasses.replace(selection, guid="n", codings=())),
    )


def test_what_taguette_cannot_hold_is_said_item_by_item(tmp_path):
    report = write_taguette(code_project(), tmp_path / "a.sqlite3")
    items = {(item.outcome, item.what): item.count for item in report.items}
    assert items == {
        ("kept", "codes"): 1,
        ("kept", "codings"): 2,
        ("changed", "names of projects"): 1,
        ("changed", "names of codes"): 1,
        ("changed", "codes"): 1,
        ("changed", "texts"): 1,
        ("lost", "levels with codes"): 1,
        ("lost", "colours"): 1,
        ("lost", "sources"): 1,
        ("lost", "codings"): 1,
        ("lost", "memos on codings"): 2,
        ("lost", "memos on words"): 1,
    }
    project = read_project(tmp_path / "a.sqlite3").project
    assert [code.name for code in project.codes][::2] == [
        "Care.waiting", f"{MACHINE}: Care.waiting",
    ]  # fmt: skip
    assert {(code, coder) for *_, code, coder in list_codings(project)} == {
        ("Care.waiting", "Ana"),
        (f"{MACHINE}: Care.waiting", MACHINE),
    }


def ask_taguette(given_file: Path) -> Any:
    """What Taguette makes of a file, where it is installed."""
    python = os.environ.get("AUTOCODE_TAGUETTE_PYTHON")
    if not python:
        pytest.skip("set AUTOCODE_TAGUETTE_PYTHON to a Python in which Taguette is installed")
    run = subprocess.run(
        [python, str(SCRIPT), str(given_file)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.slow
def test_taguette_itself_imports_what_we_write_and_shows_the_same_highlights(shared, tmp_path):
    for name in ("qualcoder/garden_study.qda", "rqda/OPCW-CSP-DG.rqda"):
        project = read_project(present(shared / "interop" / name)).project
        path = tmp_path / "ours.sqlite3"
        write_taguette(project, path)
        shown = ask_taguette(path)
        assert [d["words"] for d in shown["documents"]] == [s.text for s in project.sources]
        expected = [
            (text[start:end], [code]) for text, start, end, code, _ in
            list_codings(read_project(path).project)
        ]  # fmt: skip
        assert sorted((h["shown"], h["tags"]) for h in shown["highlights"]) == sorted(expected)
        assert all(h["shown"] == h["snippet"] for h in shown["highlights"])


@pytest.mark.slow
def test_taguette_counts_in_the_words_that_we_read(tmp_path):
    pages = [
        "<html><head><title>t</title></head><body> \n<h1>A &amp; B</h1><p>c<p>d<br/>e</body>",
        "<table>stray<tr><td>1<td>2</table> after",
        "<pre>\n\nx\n</pre><div>in a <span>div</span></div>text<!-- c -->more",
        "<ul><li>a<ul><li>b</ul></ul>&notanentity; &#x1F331; &lt;p&gt; &nbsp;",
        "plain\r\nlines\rend\x0c <a>no link</a> <a href='javascript:x'>link</a>",
        "<script>x</script><style>y</style><p>z</p><textarea>\n<b>t</b></textarea>",
        "<p>unclosed <b>bold <i>both</b> italic</i> &copy <svg><text>svg</text></svg>",
    ]
    (tmp_path / "pages.json").write_text(json.dumps(pages), "utf-8")
    for kept in ask_taguette(tmp_path / "pages.json"):
        assert counted(kept["html"]) == kept["words"], kept["html"]


@given(st.text(st.sampled_from("<>&;#!-/ abprtd=\"'\n"), max_size=40))
def test_no_html_is_too_broken_to_read(html):
    read = read_html(html)
    assert read.find_end(read.n_bytes) == len(read.text)


def test_a_memo_on_a_coding_is_counted_as_lost_once(tmp_path):
    project = code_project()
    notes = (Note(guid="n1", text="Why?"), Note(guid="n2", text="Free"))
    coded, _ = project.selections
    coding = dataclasses.replace(coded.codings[0], notes=("n1",))
    coded = dataclasses.replace(coded, description="", notes=("n1",), codings=(coding,))
    project = dataclasses.replace(project, selections=(coded,), notes=notes)
    report = write_taguette(project, tmp_path / "a.sqlite3")
    lost = {item.what: item.count for item in report.items if item.outcome == "lost"}
    assert (lost["memos on codings"], lost["memos"]) == (1, 1)
