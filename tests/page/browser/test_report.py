"""The report in a browser: its scripts run, and the policy lets no other."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import expect

from autocode.project import Project
from autocode.report.study_page import write_report
from autocode.report.study_view import view_study

from .support import LOOKS, violations


@pytest.fixture
def opened(chromium, suggested, tmp_path):
    study = shutil.copy(suggested, tmp_path / "small.autocode")
    with Project.open(study) as project:
        write_report(project, tmp_path / "report.html")
    context = chromium.new_context()
    page, faults = context.new_page(), []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((tmp_path / "report.html").as_uri())
    yield page, faults
    context.close()


def test_the_report_sifts_with_no_violation_of_its_policy(opened):
    page, faults = opened
    page.locator("#unfold").click()
    expect(page.locator("#unfold")).to_have_text("Close all")
    page.locator("#find").fill("beans")
    shown = page.locator("details.transcript [data-codes]:visible")
    expect(shown.first).to_contain_text("beans")
    assert all("beans" in words for words in shown.all_text_contents())
    assert faults == []


def test_every_suggestion_opens_with_its_own_evidence(opened, suggested):
    page, faults = opened
    with Project.open(suggested) as project:
        view = view_study(project)
    wanted = [
        "\n".join(
            f"{line.label}: " + ", ".join(f"{q.words} ({q.number})" for q in line.quotes)
            for line in one.evidence
        )
        for transcript in view.transcripts
        for row in transcript.rows
        for one in row.suggested
    ]
    page.locator("#unfold").click()
    for summary in page.locator("details.suggested summary").all():
        summary.click()
    # Marks of quotation are drawn by the browser and are no text; a new line stands for each break.
    shown = page.locator("details.suggested .why").evaluate_all(
        """all => all.map(why => [...why.childNodes]
             .map(node => node.nodeName === "BR" ? "\\n" : node.textContent).join(""))"""
    )
    assert len(wanted) > 3
    assert shown == wanted
    assert faults == []


def test_a_script_that_came_with_somebodys_words_would_not_run(opened):
    page, faults = opened
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "document.title = 'run'";
          document.body.append(script);
        }"""
    )
    assert page.title() != "run"
    assert any("Content Security Policy" in fault for fault in faults)


@pytest.fixture(scope="module")
def reports(suggested, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    study = shutil.copy(suggested, folder / "small.autocode")
    with Project.open(study) as project:
        write_report(project, folder / "report.html")
    return folder


@pytest.mark.parametrize("look", LOOKS)
def test_the_report_can_be_read_in_every_look(chromium, reports, look):
    # The policy would keep out the script that measures.
    context = chromium.new_context(bypass_csp=True, **LOOKS[look])
    page = context.new_page()
    page.goto((reports / "report.html").as_uri())
    page.locator("#unfold").click()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert violations(page) == []
    page.emulate_media(media="print")
    printed = page.evaluate("getComputedStyle(document.body).backgroundColor")
    context.close()
    assert printed == "rgb(255, 255, 255)"
    assert (ground == "rgb(19, 23, 28)") == (look == "dark")


def test_the_report_fits_the_narrowest_screen(chromium, reports):
    context = chromium.new_context(viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto((reports / "report.html").as_uri())
    page.locator("#unfold").click()
    width = page.evaluate(
        """() => {
          document.querySelector("#only option").textContent = "a code with a long name ".repeat(4);
          return document.documentElement.scrollWidth;
        }"""
    )
    context.close()
    assert width == 320
