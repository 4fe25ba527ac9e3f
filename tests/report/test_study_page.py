"""The report: one offline file in which every word is escaped and nothing is missing."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from sqlalchemy import Engine, event

from autocode import Project, write_report
from autocode.core.coding import Coding
from autocode.core.errors import AutocodeError, FileRefused
from autocode.core.theme_diagnostics import DraftDiagnostics, Merge
from autocode.encode.hashing import HashEncoder
from autocode.pipeline import GuidingPhrases, PartitionOptions, ThemeOptions
from autocode.project.importing import ImportOptions
from autocode.project.listing import list_suggestions
from autocode.report.palette import assign_code_colours
from autocode.report.study_view import view_study
from autocode.report.themes_view import view_themes
from autocode.suggest.protocol import Ranking
from autocode.themes.wording import describe_additions

from ..small_study import TALK, write_sources

NASTY = '<script>alert("x")</script>'


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def page(tmp_path_factory, example):
    folder = tmp_path_factory.mktemp("report")
    with Project.open(folder / "s.autocode", create_new=True) as project:
        project.import_paths([example], ImportOptions(join_turns=True))
        project.suggest(HashEncoder())
        project.draft_themes(HashEncoder())
        write_report(project, folder / "r.html")
    return (folder / "r.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_report_reaches_for_nothing_outside(page):
    parser = Tags()
    parser.feed(page)
    assert not [t for t, a in parser.tags if t in ("link", "img", "iframe") or a.get("src")]
    targets = [a["href"] for t, a in parser.tags if a.get("href")]
    assert all(target.startswith("#") for target in targets)
    assert "default-src 'none'" in page


@pytest.mark.slow
@pytest.mark.slow
def test_report_links_lead_somewhere(page):
    parser = Tags()
    parser.feed(page)
    ids = [a["id"] for _, a in parser.tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for _, a in parser.tags if a.get("href")} <= set(ids)


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    ["Being listened to", "Amina", "podiatry people", "service user", "Krippendorff", "SHA-256"],
)
def test_report_holds_codebook_words_people_and_method(page, words):
    assert words in page


@pytest.mark.parametrize(
    "shown",
    [
        'class="themes"',
        'class="dendrogram"',
        'class="excerpts"',
        'class="saturation"',
        "Codes seen with each transcript",
        "Themes seen with each transcript",
        "Themes by attribute",
    ],
)
def test_report_draws_what_the_study_holds(page, shown):
    assert shown in page


@pytest.mark.slow
def test_report_draws_the_tree_that_a_draft_holds(tmp_path, example):
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        project.import_paths([example], ImportOptions(join_turns=True))
        project.draft_themes(HashEncoder())
        draft, codebook = project.themes(), project.codebook()
    first, second = (theme.key for theme in draft.themes[:2])
    draft = replace(draft, diagnostics=DraftDiagnostics(tree=(Merge(first, second, 0.25),)))
    view = view_themes(draft, codebook, assign_code_colours(codebook))
    assert f"{first} and {second} merge at 0.25" in view.dendrogram


@pytest.mark.slow
def test_report_says_what_guided_a_theme_and_what_was_added(tmp_path):
    encoder = HashEncoder(n_dimensions=2048)
    seeds = (
        GuidingPhrases(("onions and beans in the garden", "the garden"), "Garden"),
        GuidingPhrases(("nuclear submarines",), "Submarines"),
    )
    (tmp_path / "later.txt").write_text(f"Interviewer: And?\nEve: {TALK['t3_cath'][4]}\n")
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        project.import_paths([write_sources(tmp_path / "sources")])
        project.draft_themes(
            encoder,
            options=ThemeOptions(partition=PartitionOptions("ward", 3), n_draws=0, guiding=seeds),
        )
        project.import_paths([tmp_path / "later.txt"])
        project.update_themes(encoder)
        (changed,) = [theme for theme in project.themes().themes if theme.n_later]
        write_report(project, tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Guided by: onions and beans in the garden; the garden (leaving out one phrase" in page
    assert "Guiding phrases: Submarines" in page
    assert "1 segment was added after the first draft" in page
    assert describe_additions(changed).endswith(
        f"1 of its {changed.n_segments} segments was added later"
    )
    assert page.count(f"Name, words and figures are {describe_additions(changed)}.") == 1
    assert "ringed: added later (1)" in page


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
    assert page.count("<script") == 2, "only the report's own"
    assert "&lt;script&gt;alert" in page


HEBREW = (
    "מראיינת: איך הגעת לכאן?\nרות: אמא שלי התקשרה אליהם בבוקר.\n"
    'מראיינת: ומה קרה אז?\nרות: הם אמרו "לא".\n'
)


def test_report_says_in_which_language_and_direction_words_are_written(tmp_path):
    (tmp_path / "ruth.txt").write_text(HEBREW, encoding="utf-8")
    (tmp_path / "short.txt").write_text("Ann: Aha.\nBen: Hm.\nAnn: So.\n", encoding="utf-8")
    (tmp_path / "codebook.csv").write_text("code,definition\nעזרה,מי עזר\n", encoding="utf-8")
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        project.import_paths([tmp_path])
        assert {t.name: t.language for t in project.transcripts()} == {"ruth": "he", "short": None}
        project.suggest(HashEncoder())
        project.draft_themes(HashEncoder())
        write_report(project, tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    parser = Tags()
    parser.feed(page)
    assert [a for t, a in parser.tags if t == "html"] == [{"lang": "en", "dir": "ltr"}]
    excerpts = [
        a for t, a in parser.tags if t == "blockquote" or a.get("class") in ("words", "excerpt")
    ]
    assert {(a.get("lang"), a["dir"]) for a in excerpts} == {("he", "rtl"), (None, "auto")}


@pytest.mark.slow
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


@pytest.mark.slow
def test_report_shows_precedents_and_counter_examples_in_full(tmp_path):
    long = "They wrote it down and the next one read it out as if I had said it. " * 8
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        for name in ("t1", "t2", "t3"):
            (tmp_path / f"{name}.txt").write_text(f"Interviewer: And?\nAnn: {long} {name}.\n")
        (tmp_path / "codebook.csv").write_text("code,name\nheard,Being heard\nfamily,Family\n")
        project.import_paths([tmp_path / "codebook.csv", *sorted(tmp_path.glob("t?.txt"))])
        project.segment("turn")
        codes = {"t1": "heard", "t2": "family"}
        turns = [s for s in project.segments() if s.role != "interviewer"]
        project.add_codings(
            [
                Coding(transcript=s.transcript, span=s.span, code=codes[s.transcript], coder="Kim")
                for s in turns
                if s.transcript in codes
            ]
        )
        project.suggest(HashEncoder())
        view = view_study(project)
    lines = [
        line
        for transcript in view.transcripts
        for row in transcript.rows
        for suggested in row.suggested
        for line in suggested.evidence
    ]
    quoted = {line.label: line.quotes[0].words for line in lines}
    full = {s.transcript: s.excerpt for s in turns}
    assert quoted["Coded so by Kim"] in full.values()
    assert quoted["Coded otherwise (Family)"] == full["t2"]
    assert quoted["Coded otherwise (Being heard)"] == full["t1"]
    assert "Name" not in quoted
    assert "Definition" not in quoted


class Minimal:
    """A suggester that answers what it must, and nothing more."""

    name = "minimal"

    def rank(self, task):
        logits = np.zeros((len(task.targets), task.corpus.n_codes))
        logits[:, 0] = 1.0
        marks = logits > 0
        return Ranking(
            logits=logits,
            probabilities=1 / (1 + np.exp(-logits)),
            likely=marks,
            in_set=marks,
            auto_acceptable=~np.ones_like(marks),
        )


def test_report_shows_the_suggestions_of_a_minimal_suggester(tmp_path):
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        project.import_paths([write_sources(tmp_path / "sources")])
        project.suggest(HashEncoder(), suggester=Minimal())
        write_report(project, tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<td>minimal" in page
    assert "The method does not say how its probabilities were made." in page


@pytest.mark.slow
def test_report_reads_one_state_of_the_study_in_few_statements(tmp_path):
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        project.import_paths([write_sources(tmp_path / "sources")])
        project.suggest(HashEncoder())
        project.draft_themes(HashEncoder())
        event.listen(Engine, "before_cursor_execute", note)
        try:
            write_report(project, tmp_path / "r.html")
        finally:
            event.remove(Engine, "before_cursor_execute", note)
    assert statements.count("BEGIN") == 1
    assert len(statements) - 1 <= 29


def test_report_counts_the_codings_of_people_only(tmp_path):
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        project.import_paths([write_sources(tmp_path / "sources")])
        before = view_study(project)
        coding = project.codings()[0]
        project.add_codings([replace(coding, coder="Model")], machines=["Model"])
        after = view_study(project)
    assert after.facts == before.facts
    assert after.codes == before.codes
    assert "Model (machine): 1 coding" in after.people


def _visible(path):
    """The words of a page without its style and script."""
    words = path.read_text(encoding="utf-8")
    return re.sub(r"<(style|script).*?</\1>|<[^>]*>", " ", words, flags=re.DOTALL)


@pytest.mark.slow
def test_report_of_a_study_coded_by_people_speaks_of_no_machine(tmp_path):
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        project.import_paths([write_sources(tmp_path / "sources")])
        write_report(project, tmp_path / "r.html")
    words = _visible(tmp_path / "r.html")
    assert "All codings were made by people." in words
    assert not re.search(r"suggest|machine|probabilit|likely|dashed|0 draft", words, re.IGNORECASE)


@pytest.mark.slow
def test_report_methods_speak_of_what_was_run(tmp_path):
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        project.import_paths([write_sources(tmp_path / "sources")])
        project.draft_themes(HashEncoder())
        drafted = " ".join(view_study(project).methods.statements)
        project.suggest(HashEncoder())
        suggested = " ".join(view_study(project).methods.statements)
    assert "Draft themes" in drafted
    assert "Suggestions" not in drafted
    assert "machine" not in drafted
    assert "Suggestions" in suggested


@pytest.mark.slow
def test_report_counts_no_suggestion_for_a_segment_since_coded(tmp_path):
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        project.import_paths([write_sources(tmp_path / "sources")])
        project.suggest(HashEncoder())
        project.add_codings(
            [
                Coding(transcript=s.transcript, span=s.span, code="shame", coder="Kim")
                for s in project.segments()
                if s.role == "participant"
            ]
        )
        view = view_study(project)
        assert not any(code.n_suggested for code in project.list_codes().codes)
        project.export(tmp_path / "out")
        assert list_suggestions(project).suggestions == ()
    assert not [fact for fact in view.facts if "suggestion" in fact.label]
    assert not any(row.suggested for t in view.transcripts for row in t.rows)
    assert len((tmp_path / "out" / "suggestions.csv").read_text().splitlines()) == 1


@pytest.mark.parametrize(("name", "is_taken"), [("r.html", True), ("r", True), ("r.pdf", False)])
def test_a_report_is_named_like_a_page(tmp_path, name, is_taken):
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        project.import_paths([write_sources(tmp_path / "sources")])
        if is_taken:
            assert write_report(project, tmp_path / name)
        else:
            with pytest.raises(FileRefused, match=r"ends with \.html"):
                write_report(project, tmp_path / name)
    assert (tmp_path / name).exists() == is_taken
