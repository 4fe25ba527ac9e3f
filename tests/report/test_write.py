"""The report: one offline file in which every word is escaped and nothing is missing."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from autocode import Project, write_report
from autocode.codebook import Code, Codebook
from autocode.draft import Member, Theme
from autocode.errors import AutocodeError
from autocode.project.importing import ImportOptions
from autocode.report.excerpts import ink
from autocode.report.picture import thematic_map
from autocode.transcript import Segment, Span

NASTY = '<script>alert("x")</script>'


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def page(tmp_path_factory, example):
    from autocode.embed.encoder import HashEncoder

    folder = tmp_path_factory.mktemp("report")
    with Project.open(folder / "s.autocode", create_new=True) as project:
        project.import_paths([example], ImportOptions(join_turns=True))
        project.suggest(HashEncoder())
        project.draft_themes(HashEncoder())
        write_report(project, folder / "r.html")
    return (folder / "r.html").read_text(encoding="utf-8")


def test_report_reaches_for_nothing_outside(page):
    parser = Tags()
    parser.feed(page)
    assert not [t for t, a in parser.tags if t in ("link", "img", "iframe") or a.get("src")]
    targets = [a["href"] for t, a in parser.tags if a.get("href")]
    assert all(target.startswith("#") for target in targets)
    assert "default-src 'none'" in page


def test_report_links_lead_somewhere(page):
    parser = Tags()
    parser.feed(page)
    ids = [a["id"] for _, a in parser.tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for _, a in parser.tags if a.get("href")} <= set(ids)


@pytest.mark.parametrize(
    "words",
    ["Being listened to", "Amina", "podiatry people", "service user", "Krippendorff", "SHA-256"],
)
def test_report_holds_codebook_words_people_and_method(page, words):
    assert words in page


def test_report_escapes_what_people_said_and_wrote(tmp_path, encoder):
    (tmp_path / "a.txt").write_text(
        f"Interviewer: Why?\n\nAnn: {NASTY} she said\n\nInterviewer: Oh."
    )
    (tmp_path / "codebook.csv").write_text(f"code,name,definition\nx,{NASTY!r},{NASTY!r}\n")
    (tmp_path / "codings.csv").write_text(
        f"transcript,excerpt,coder,code,memo\na,she said,{NASTY!r},x,{NASTY!r}\n"
    )
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        report = project.import_paths(
            [tmp_path / n for n in ("a.txt", "codebook.csv", "codings.csv")]
        )
        assert not report.refused
        write_report(project, tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text()
    assert page.count("<script>") == 1, "only the report's own"
    assert "&lt;script&gt;alert" in page


def test_report_of_an_empty_study_is_a_page(tmp_path):
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        assert write_report(project, tmp_path / "r.html") > 1000


def test_report_into_a_place_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").write_text("x")
    with (
        Project.open(tmp_path / "s.autocode", create_new=True) as project,
        pytest.raises(AutocodeError) as caught,
    ):
        write_report(project, tmp_path / "file" / "r.html")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("n_themes", [1, 5, 60])
def test_map_draws_every_theme_and_no_two_boxes_on_each_other(n_themes):
    codebook = Codebook((Code("c", "A code <b>"),))
    themes = [
        Theme(
            f"T{i:02d}",
            f"words {i} / more & more",
            ("words",),
            tuple(
                Member(Segment("t", Span(k, k + 1), "x", f"P{k}"), 1.0) for k in range(1 + i % 7)
            ),
            ((i * 37 % 100) / 100, (i * 61 % 100) / 100),
            (("c", 0.4),),
        )
        for i in range(n_themes)
    ]
    svg = thematic_map(themes, codebook, {"c": "#123456"})
    circles = [
        tuple(map(float, found))
        for found in re.findall(r'<circle cx="([\d.-]+)" cy="([\d.-]+)" r="([\d.]+)"', svg)
    ]
    assert len(circles) == n_themes
    assert "<b>" not in svg
    for at, (x, y, r) in enumerate(circles):
        for other_x, other_y, other_r in circles[at + 1 :]:
            assert ((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5 >= r + other_r - 1


def test_ink_is_readable_on_its_colour():
    assert ink("#1a4a7a") == "#ffffff"
    assert ink("#f3b6b6") == "#1f2933"
    assert ink("#fff") == "#1f2933"
    assert ink("red; background:url(x)") == "#1f2933"
