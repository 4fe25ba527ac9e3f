"""Interviews from the first open coding to a map with a central theme, without a mouse."""

from __future__ import annotations

import csv

import pytest

from autocode.agreement.reporting.methods_text import format_value
from autocode.encode.hashing import HashEncoder
from autocode.pipeline import PartitionOptions, ThemeOptions
from autocode.project import Project

from .support import expect
from .workflow import ask, by_keys, call, code_at, go, reach

TALK = {
    "01_oriel": (
        "The wall sweats. You wipe it and by the evening it is back.",
        "I rang the agent on the Monday and on the Friday, and nobody rang me back.",
        "We all sleep in the front room now, the four of us, because it is the one we heat.",
        "The meter eats it. Ten pounds on a Sunday and it is gone by Tuesday night.",
        "My neighbour brought a heater up, he would not hear of me saying no.",
    ),
    "02_tomasz": (
        "There is black mould behind the cot, and the wall is wet to the hand.",
        "They sent a man who looked at it for a minute and wrote that I should open the windows.",
        "I put money on the meter before I buy the food, that is how it goes in winter.",
        "You do not complain too loud. The contract ends in March and they know it.",
        "The woman downstairs dries our washing at hers, so that ours stays out of the room.",
    ),
    "03_bea": (
        "I rang and rang. In the end I put it down with dates, for when they say they never knew.",
        "The damp gets into the coats. You smell of it, and at work somebody said so.",
        "I was ashamed, I said it was the dog. We have no dog.",
        "The meter went dark twice while I had the soup on.",
        "If I push, they put the rent up. So I bought the paint and did it over again.",
    ),
    "04_idris": (
        "Wet walls, wet windows, the bedding is wet by the morning.",
        "The agent says it is how we live, the cooking and the breathing.",
        "My brother has us over on Saturdays and we sit there until the heating goes off.",
        "I would not let my girl have friends round, for the smell of it.",
        "You count the days to the meter, and then you go to bed early.",
    ),
}


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "talks"
    folder.mkdir()
    for name, answers in TALK.items():
        who = name.partition("_")[2].title()
        talk = "".join(f"Interviewer: And then?\n{who}: {words}\n" for words in answers)
        (folder / f"{name}.txt").write_text(talk, encoding="utf-8")
    call("import", tmp_path / "damp.autocode", folder)
    return tmp_path / "damp.autocode"


def test_a_day_from_open_coding_to_a_map(chromium, serve, study, tmp_path):
    server = serve(study)
    amina = by_keys(chromium, server, "Amina")
    code_openly(amina)
    decide_on_suggestions(amina, study)
    revise_the_frame(amina)
    code_blind_and_settle(chromium, server, study)
    compare_figures(amina, study)
    make_themes(amina)
    draw_the_map(amina)
    amina.close()
    check_what_goes_out(study, tmp_path)


def code_openly(screen):
    page = screen.page
    reach(screen, page.get_by_role("link", name="01_oriel"), "Enter")
    page.locator("#transcripts .n").first.wait_for()
    expect(page.locator(".unit:focus")).to_contain_text("And then?")  # it can be begun at once
    screen.press("J", "]", *["ArrowLeft"] * 11, "Enter")
    screen.press("i", "Enter")
    screen.press("m")  # at once: it is about the coding
    screen.type("Her own word; the wall is alive, and it wins.")
    screen.press("Control+Enter")
    screen.says("Memo kept")
    code_at(screen, "nobody rang me back", "Nobody rings back")
    code_at(screen, "the one we heat", "One warm room")
    code_at(screen, "The meter eats it", "The meter rules")
    code_at(screen, "brought a heater", "Neighbours help")
    screen.press("m")
    screen.type("Help that is not asked for.")
    screen.press("Control+Enter")
    screen.saved()
    screen.press("g", "Tab", "Enter")
    page.wait_for_url("**/t/2")
    page.locator("#transcripts .n").first.wait_for()
    code_at(screen, "black mould", "The wall sweats")
    code_at(screen, "open the windows", "Blamed for it")
    code_at(screen, "money on the meter", "The meter rules")
    code_at(screen, "complain too loud", "Keeping quiet")
    code_at(screen, "dries our washing", "Neighbours help")
    screen.press("g", "Tab", "Enter")
    page.wait_for_url("**/t/3")
    page.locator("#transcripts .n").first.wait_for()
    code_at(screen, "I rang and rang", "Nobody rings back", "Proof kept")
    code_at(screen, "gets into the coats", "The wall sweats", "Shame")
    code_at(screen, "I was ashamed", "Shame", "Hiding it")
    code_at(screen, "If I push", "Keeping quiet")
    screen.press("j")
    assert len(screen.codings("03_bea")) == 7
    memos = {c.memo for c in screen.server.project.codings(coder="Amina") if c.memo}
    assert memos == {"Her own word; the wall is alive, and it wins.", "Help that is not asked for."}


def decide_on_suggestions(screen, study):
    with Project.open(study) as project:
        project.suggest(HashEncoder())
        how = ThemeOptions(partition=PartitionOptions(n_groups=2), n_draws=0)
        project.draft_themes(HashEncoder(), options=how)
    go(screen, "Suggestions")
    page = screen.page
    expect(page.locator("#card")).to_be_focused()
    reach(screen, page.locator("#wanted [name=transcript]"))
    screen.press("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown")
    expect(page.locator("#card-title")).to_contain_text("04_idris")
    n = int(page.locator("#progress").inner_text().split(" of ")[1].split(";")[0])
    assert n >= 3
    reach(screen, page.locator("#card"), "a")
    screen.says("Accepted")
    screen.press("c")
    screen.type("Blamed")
    screen.press("Enter")
    screen.says("changed to Blamed for it")
    screen.press("e")
    expect(page.locator("#evidence")).to_contain_text("Nearest not coded The meter rules")
    screen.press("0")
    expect(page.locator("#progress")).to_contain_text("3 decided")
    screen.saved()
    project = screen.server.project
    assert {d.action for d in project.decisions()} == {"accept", "change", "reject"}
    assert "blamed-for-it" in {code for _, code in screen.codings("04_idris")}


def revise_the_frame(screen):
    page, project = screen.page, screen.server.project
    go(screen, "Codebook")
    page.locator("#tree li").first.wait_for()
    expect(page.locator("#tree li").first).to_be_focused()
    # merged: what was two words for one thing
    find(screen, "Hiding it")
    screen.press("g")
    screen.type("Shame")
    screen.press("Enter")
    expect(page.locator("#code-dialog")).to_contain_text("1 coding")
    screen.press("Enter")
    screen.says("Merged into Shame")
    # a heading, and codes moved under it
    screen.press("n")
    screen.type("Standing up to it")
    screen.press("Control+Enter")
    screen.says("Standing up to it added")
    for name in ("Keeping quiet", "Proof kept", "Blamed for it"):
        find(screen, name)
        screen.press("v")
        screen.type("Standing")
        screen.press("Enter")
        screen.says("Moved under Standing up to it")
    # split by excerpts
    find(screen, "The wall sweats")
    screen.press("s")
    coats = page.get_by_role("checkbox", name="The damp gets into the coats")
    reach(screen, coats, "Space")
    reach(screen, page.get_by_label("Give the ticked excerpts"))
    screen.type("Damp on the body")
    screen.press("Control+Enter")
    expect(page.locator("#code-dialog")).to_contain_text("1 coding")
    screen.press("Enter")
    screen.says("Split")
    # a new meaning, and the codings looked at again
    find(screen, "Neighbours help")
    screen.press("e", "Control+a")
    screen.type("Help from people who live near, given without being asked.")
    reach(screen, page.locator("#code-dialog fieldset input").first, "ArrowDown", "Control+Enter")
    screen.says("Edited")
    screen.press("l")
    rows = page.locator("#outdated li")
    n = rows.count()
    assert n >= 2
    for left in reversed(range(n)):
        screen.press("y")
        expect(rows).to_have_count(left)
    assert project.outdated_codings() == []
    book = project.codebook()
    assert "hiding-it" not in book
    assert book.by_id["keeping-quiet"].parent == book.by_id["proof-kept"].parent != None  # noqa: E711
    assert [c.coder for c in project.codings(code="damp-on-the-body")] == ["Amina"]


def find(screen, name):
    """The code in the tree, by its name."""
    screen.press("/")
    screen.press("Control+a")
    screen.type(name)
    screen.press("Enter")
    item = screen.page.locator("#tree li", has=screen.page.get_by_text(name, exact=True))
    expect(item).to_be_focused()
    screen.press("Enter")
    expect(screen.page.locator("h1")).to_contain_text(name)


def code_blind_and_settle(chromium, server, study):
    call(
        "passes", "assign", study, "--coder", "Ben", "--coder", "Zelda", "--double", "1",
        "--blind", "--lead", "Amina", "--transcript", "02_tomasz", "--transcript", "03_bea",
    )  # fmt: skip
    windows = [by_keys(chromium, server, name) for name in ("Ben", "Zelda")]
    for screen, second in zip(windows, ("Blamed for it", "Keeping quiet"), strict=True):
        for name, work in (
            ("02_tomasz", [("black mould", "The wall sweats"), ("open the windows", second)]),
            ("03_bea", [("I was ashamed", "Shame"), ("soup on", "The meter rules")]),
        ):
            go(screen, "Overview")
            passes = screen.page.get_by_role("region", name="Passes")
            reach(screen, passes.get_by_role("link", name=name), "Enter")
            page = screen.page
            page.locator("#transcripts .n").first.wait_for()
            expect(page.locator("#pass")).to_contain_text("you do not see other coders")
            expect(page.locator(".stripe")).to_have_count(0)
            for words, code in work:
                code_at(screen, words, code)
            reach(screen, page.locator("#finish"), "Enter")
            nothing = page.get_by_role("button", name="All read, nothing applies: finish")
            reach(screen, nothing, "Enter")
            screen.says("Your pass is finished")
    ben, zelda = windows
    assert "Zelda" not in ben.page.content()
    go(ben, "Overview")
    for name in ("02_tomasz", "03_bea"):
        reach(ben, ben.page.get_by_role("button", name=f"Reveal {name}"), "Enter")
        reach(ben, ben.page.get_by_role("button", name="Reveal", exact=True), "Enter")
        expect(ben.page.get_by_role("button", name=f"Reveal {name}")).to_have_count(0)
    go(zelda, "Overview")
    reach(zelda, zelda.page.get_by_role("link", name="Compare 02_tomasz"), "Enter")
    page = zelda.page
    cards = page.locator(".difference")
    expect(page.locator("[name=pair]")).to_be_visible()
    reach(zelda, page.locator("[name=pair]"))
    zelda.type("Ben and Zelda")
    expect(cards).to_have_count(2)
    reach(zelda, cards.first, "1")
    expect(cards.first.locator(".outcome")).to_contain_text("As Ben has it")
    zelda.press("b")
    expect(cards.nth(1).locator(".outcome")).to_contain_text("Both readings stand")
    zelda.press("Shift+A")
    expect(page.locator("#ask")).to_be_visible()
    zelda.press("Enter")
    zelda.saved()
    for screen in windows:
        screen.close()


def compare_figures(screen, study):
    go(screen, "Agreement")
    page = screen.page
    page.locator("#compared").wait_for()
    for name, wanted in (("Amina", False), ("Ben", True), ("Zelda", True)):
        box = page.get_by_role("checkbox", name=name)
        if box.is_checked() != wanted:
            reach(screen, box, "Space")
    reach(screen, page.get_by_role("button", name="Calculate"), "Enter")
    expect(page.locator("#compared tbody tr")).to_have_count(2)
    payload = ask("agree", study, "--coders", "Ben,Zelda")
    assert payload["n_units"] == payload["passes"]["n_blind"]
    for name in ("percent", "krippendorff_alpha", "pooled_kappa"):
        value = format_value(payload["overall"][name]["value"])
        expect(page.locator(f"tr[data-name={name}] td").first).to_have_text(value)
    reach(screen, page.locator("a[href^='/agreement/excerpts']").first, "Enter")
    expect(page.locator(".excerpts li")).to_have_count(len(payload["disagreements"]))
    page.go_back()


def make_themes(screen):
    go(screen, "Themes")
    page = screen.page
    expect(page.locator(".item:focus")).to_have_count(1)  # it can be begun at once
    for name, says in (
        ("Left alone with it", "Whoever could mend it does not answer, and those who ask pay"),
        ("The house gets in", "Damp and cold in walls, coats and bodies"),
        ("Holding each other up", "People who are not paid to help"),
    ):
        screen.press("n")
        screen.type(name)
        screen.press("Tab")
        screen.type(says)
        screen.press("Control+Enter")
        screen.says(f"'{name}' is on the map")
    for card, theme in (
        ("Nobody rings back", "Left alone"),
        ("Standing up to it", "Left alone"),
        ("The wall sweats", "The house"),
        ("Damp on the body", "The house"),
        ("One warm room", "The house"),
        ("The meter rules", "The house"),
        ("Neighbours help", "Holding"),
    ):
        item = page.locator(".card .item", has_text=card).first
        walk_to(screen, item)
        screen.press("m")
        screen.type(theme)
        screen.press("Enter")
        screen.says(f"Moved to '{theme}")
        screen.saved()
    draft = page.locator(".card .item", has_text="T01").first
    walk_to(screen, draft)
    screen.press("Enter")
    expect(page.locator("#panel .excerpts li").first).to_be_visible()
    screen.press("Escape", "x")
    page.locator("#ask").get_by_role("button", name="Drop").wait_for()
    reach(screen, page.locator("#ask").get_by_role("button", name="Drop"), "Enter")
    screen.says("Dropped")


def walk_to(screen, item):
    """Through the board, card by card."""
    screen.page.locator(".item:focus").wait_for()
    for key in ("ArrowUp", "ArrowDown"):
        for _ in range(30):
            if item.evaluate("e => e === document.activeElement"):
                return
            screen.press(key)
    raise AssertionError("the card is not reached by the arrows")


def draw_the_map(screen):
    go(screen, "Map")
    page = screen.page
    expect(page.locator("#picture [data-theme]:focus")).to_have_count(1)
    screen.press("z")
    screen.says("is the central theme")
    screen.press("l")
    screen.type("The house")
    screen.press("Tab")
    screen.type("lets in")
    screen.press("Enter")
    screen.says("Left alone with it lets in The house gets in")
    expect(page.locator("#picture [data-theme]:focus")).to_have_count(1)
    screen.press("j", "j", "l")
    screen.type("Left")
    screen.press("Tab")
    screen.type("stands in for")
    screen.press("Enter")
    screen.says("Holding each other up stands in for Left alone with it")
    expect(page.locator("#picture [data-theme]:focus")).to_have_count(1)
    screen.press("ArrowDown", "Shift+ArrowRight")
    screen.says("Holding each other up is moved")
    screen.saved()
    for words in ("Left alone with it (central)", "Nobody rings back"):
        expect(page.locator("#list")).to_contain_text(words)


def check_what_goes_out(study, tmp_path):
    out, report = tmp_path / "out", tmp_path / "damp.html"
    call("export", study, out)
    call("report", study, "--output", report)
    html = report.read_text("utf-8")
    for words in ("Left alone with it", "lets in", "stands in for", "Damp on the body"):
        assert words in html
    with (out / "codings.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with Project.open(study) as project:
        known = project.codings()
        assert len([row for row in rows if row["code"]]) == len(known)
        themes = {one.name: one for one in project.thematic_map().map.themes}
    assert themes["Left alone with it"].is_central
    assert themes["Holding each other up"].position is not None
    assert {"Ben", "Zelda", "Amina", "Consensus"} <= {row["coder"] for row in rows}
    assert any(row["memo"] == "Help that is not asked for." for row in rows)
