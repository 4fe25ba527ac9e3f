"""Two coders code blind in two windows, finish, compare, and settle every outcome."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from autocode.agreement.reporting.methods_text import format_value
from autocode.cli.main import run
from autocode.project import Project
from autocode.project.assigning import AssignOptions
from autocode.project.hand_coding import Place

from .support import LOOKS, Screen, expect, violations

BUS = "There was one bus in the morning and one bus back at night."
SHAME = "It was shame that kept me quiet, I was ashamed in front of everybody."


@pytest.fixture
def assigned(study):
    with Project.open(study) as project:
        options = AssignOptions(blind=True, double=1.0, assistance="none", transcripts=["t2_bob"])
        project.assign_passes(["Ben", "Zelda"], coder="Lead", options=options)
    return study


def finish(screen):
    page = screen.page
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(page.locator("#pass-dialog .unread li")).to_have_count(5)
    page.get_by_role("button", name="All read, nothing applies: finish").click()
    expect(page.get_by_text("your work here is fixed")).to_be_visible()


def test_blind_passes_are_finished_revealed_and_settled(chromium, serve, assigned):
    server = serve(assigned)
    ben, zelda = Screen(chromium, server), Screen(chromium, server)
    for screen, coder, words, code in ((ben, "Ben", SHAME, "shame"), (zelda, "Zelda", BUS, "wait")):
        screen.sign_in(coder)
        screen.open("t2_bob")
        expect(screen.page.locator("#pass")).to_contain_text("Blind: you do not see other coders")
        screen.focus(words)
        screen.code(code)
        screen.saved()
    expect(zelda.unit(SHAME).locator(".stripe")).to_have_count(0)
    finish(ben)
    finish(zelda)
    assert "Zelda" not in ben.page.content()
    ben.page.goto(ben.origin)
    ben.page.get_by_role("button", name="Reveal t2_bob").click()
    ben.page.get_by_role("button", name="Reveal", exact=True).click()
    expect(ben.page.locator("#passes ~ .scroll")).to_contain_text("revealed")
    ben.page.get_by_role("link", name="Compare t2_bob").click()
    settle_everything(ben)
    for screen in (ben, zelda):
        screen.close()


def settle_everything(screen):
    page = screen.page
    page.locator("[name=pair]").select_option(label="Ben and Zelda")
    cards = page.locator(".difference")
    expect(cards).to_have_count(2)
    numbers = json.loads(
        CliRunner()
        .invoke(run, ["agree", str(screen.server.study), "--coders", "Ben,Zelda", "--json"])
        .output
    )["overall"]
    for name in ("percent", "krippendorff_alpha"):
        row = page.locator(f"#agreement tr[data-name={name}] td")
        expect(row.first).to_have_text(f"{numbers[name]['value']:.2f}")
    first = cards.first
    for key, words in (("1", "As Ben has it"), ("2", "As Zelda has it"), ("3", "As both have it"),
                       ("0", "Not applied"), ("b", "Both readings stand")):  # fmt: skip
        first.focus()
        screen.press(key)
        expect(first.locator(".outcome")).to_contain_text(words)
        expect(cards.nth(1)).to_be_focused()
    first.focus()
    screen.press("c")
    screen.type("family")
    screen.press("Enter")
    expect(first.locator(".outcome")).to_contain_text("Family in its place")
    screen.press("Control+z")
    expect(first.locator(".outcome")).to_contain_text("Both readings stand")
    page.get_by_label("hide names").check()
    expect(page.locator("#differences")).not_to_contain_text("Zelda")
    check_figures_and_export(screen)


def check_figures_and_export(screen):
    """The figures of the page are those of `autocode agree`; what was settled is exported."""
    page, study = screen.page, str(screen.server.study)
    page.get_by_role("link", name="Agreement", exact=True).click()
    for name in ("Amina", "Jonas"):
        page.get_by_role("checkbox", name=name).uncheck()
    page.get_by_role("checkbox", name="Ben").check()
    page.get_by_role("button", name="Calculate").click()
    expect(page.locator("#compared tbody tr")).to_have_count(2)
    agree = ["agree", study, "--coders", "Ben,Zelda", "--json"]
    payload = json.loads(CliRunner().invoke(run, agree).output)
    assert payload["passes"]["n_blind"] == payload["n_units"]
    for name, coefficient in payload["overall"].items():
        row = page.locator(f"tr[data-name={name}] td").first
        if name != "tree_credit_alpha":
            expect(row).to_have_text(format_value(coefficient["value"]))
    for row in payload["per_code"]:
        cells = page.locator(f"tr[data-code={row['code']}] td")
        alpha = format_value(row["coefficients"]["krippendorff_alpha"]["value"])
        assert alpha in cells.all_inner_texts()
    expect(page.locator("#compared")).to_contain_text("1 blind")
    with tempfile.TemporaryDirectory() as folder:
        result = CliRunner().invoke(run, ["export", study, folder])
        assert result.exit_code == 0, result.output
        words = "".join(p.read_text("utf-8") for p in Path(folder).rglob("*.csv"))
    assert "Zelda" in words
    assert [r.outcome for r in screen.server.project.resolutions()] == ["stand"]


@pytest.fixture
def comparing(chromium, serve, study):
    """Amina's window where she and Jonas differ on t2_bob."""
    with Project.open(study) as project:
        project.code(Place(transcript="t2_bob", words=BUS), "wait", coder="Jonas")
    screen = Screen(chromium, serve(study))
    screen.sign_in("Amina")
    screen.page.goto(f"{screen.origin}/compare/2")
    screen.page.locator("#agreement td").first.wait_for(state="attached")
    yield screen
    screen.close()


def consensus(screen):
    project = screen.server.project
    return {
        (c.code, c.span.of(project.transcript(c.transcript).text))
        for c in project.codings()
        if c.coder == "Consensus"  # who is nobody in the study while nothing is settled
    }


def test_the_ends_are_moved_by_keys(comparing):
    screen, card = comparing, comparing.page.locator(".difference", has_text=BUS)
    card.focus()
    screen.press("]", "ArrowLeft", "ArrowLeft", "Control+ArrowLeft", "Escape")
    expect(card.locator(".outcome")).to_have_count(0)
    screen.press("[", "ArrowRight", "ArrowRight", "]", *["ArrowLeft"] * 7)
    expect(card.locator(".consensus")).to_have_text("one bus in the morning")
    expect(card).to_be_focused()
    screen.press("Enter")
    expect(card.locator(".outcome")).to_contain_text("On other words")
    expect(card.locator(".consensus")).to_have_text("one bus in the morning")
    assert consensus(screen) == {("wait", "one bus in the morning")}
    screen.press("Control+z")
    screen.says("Undone")
    assert consensus(screen) == set()
    card.get_by_role("button", name="Other end").click()
    screen.press("Control+ArrowLeft", "Enter")
    expect(card.locator(".outcome")).to_contain_text("On other words")
    assert consensus(screen) == {("wait", BUS[:-1])}


def test_ends_leave_the_place_never(comparing):
    screen, card = comparing, comparing.page.locator(".difference", has_text=BUS)
    card.focus()
    screen.press("]", *["ArrowRight"] * 30)
    screen.says("no more words")
    screen.press("[", *["ArrowRight"] * 30)
    expect(card.locator(".consensus")).to_have_text("night.")
    screen.press("Enter")
    expect(card.locator(".outcome")).to_contain_text("On other words")


def test_all_agreed_is_taken_after_a_look_and_undone_at_once(comparing):
    screen, page = comparing, comparing.page
    page.goto(f"{screen.origin}/compare/1")
    page.locator("#agreement td").first.wait_for(state="attached")
    page.locator(".difference").first.focus()
    screen.press("A")
    expect(page.locator("#ask .agreed li")).to_have_count(2)
    assert violations(page) == []
    screen.press("Escape")
    assert consensus(screen) == set()
    expect(page.locator(".difference").first).to_be_focused()
    screen.press("A")
    page.get_by_role("button", name="Take all", exact=True).click()
    screen.says("Taken")
    assert {code for code, _ in consensus(screen)} == {"wait", "shame"}
    expect(page.locator("#agreement tr[data-name=consensus]")).to_have_count(2)
    expect(page.locator("#agreed")).to_be_hidden()
    screen.press("Control+z")
    expect(page.locator("#agreed summary")).to_contain_text("2 codings")
    assert consensus(screen) == set()


def test_a_flag_opens_the_code_with_the_words_as_an_example(comparing):
    screen, page = comparing, comparing.page
    card = page.locator(".difference", has_text=BUS)
    card.focus()
    screen.press("f")
    page.wait_for_url("**/codes/*")
    expect(page.locator("main")).to_contain_text("Waiting")
    expect(page.locator("main")).to_contain_text(BUS)


def test_hidden_names_are_nowhere(comparing):
    screen, page = comparing, comparing.page
    page.get_by_label("hide names").check()
    page.get_by_label("Seed of the sides").fill("4")
    screen.press("Tab")
    for name in ("Jonas", "Amina"):
        expect(page.locator("#differences")).not_to_contain_text(name)
        expect(page.locator("#wanted")).not_to_contain_text(name)
        expect(page.locator("#agreement")).not_to_contain_text(name)
    swapped = page.locator(".difference", has_text=BUS).locator("h3 + p").first.inner_text()
    page.get_by_label("Seed of the sides").fill("5")
    screen.press("Tab")
    other = page.locator(".difference", has_text=BUS).locator("h3 + p").first
    expect(other).not_to_have_text(swapped)


@pytest.mark.parametrize("look", LOOKS)
def test_comparing_has_no_violation(chromium, serve, study, look):
    with Project.open(study) as project:
        project.code(Place(transcript="t2_bob", words=BUS), "wait", coder="Jonas")
    screen = Screen(chromium, serve(study), **LOOKS[look])
    screen.sign_in("Amina")
    screen.page.goto(f"{screen.origin}/compare/2")
    screen.page.locator("#agreement td").first.wait_for(state="attached")
    assert violations(screen.page) == []
    screen.page.locator("#agreement-say").click()
    expect(screen.page.locator("#agreement table")).to_be_visible()
    assert violations(screen.page) == []
    screen.page.locator(".difference").first.focus()
    screen.press("b")
    screen.page.locator(".outcome").wait_for()
    assert violations(screen.page) == []
    screen.close()
