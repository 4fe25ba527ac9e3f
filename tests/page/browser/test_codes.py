"""The codebook is worked on by keys: acts are tried first, undone, and never over others'."""

from __future__ import annotations

import pytest

from autocode.project import Project
from autocode.project.assigning import AssignOptions

from .support import Screen, expect
from .test_accessibility import LOOKS, violations

WAITED = "I waited nine months on the waiting list"


def open_code(screen, code="wait"):
    number = screen.server.project.code_numbers()[code]
    screen.page.goto(f"{screen.origin}/codes/{number}")
    expect(screen.page.locator("[role=treeitem][aria-selected=true]")).to_be_focused()


def tree(screen):
    rows = """(rows) => rows.map((row) =>
        [row.querySelector(".chip bdi").textContent, row.getAttribute("aria-level")])"""
    return [tuple(row) for row in screen.page.locator("#tree li").evaluate_all(rows)]


def becomes(screen, *wanted):
    """Wait until the tree holds these codes at their levels, and no others."""
    screen.until(lambda: tree(screen), lambda shown: shown == list(wanted))


def has(screen, *code):
    screen.until(lambda: tree(screen), lambda shown: code in shown)


def item(screen, name):
    return screen.page.locator("#tree li", has=screen.page.get_by_text(name, exact=True))


def edit(screen, definition, *, meaning=None):
    screen.press("e", "Control+a")
    screen.type(definition)
    if meaning:
        screen.page.get_by_label(meaning).check()
    screen.press("Control+Enter")


def test_a_code_is_made_said_and_merged_without_a_mouse(screen):
    page, project = screen.page, screen.server.project
    page.goto(f"{screen.origin}/codes")
    expect(page.locator("#tree li").first).to_be_focused()
    screen.press("n")
    screen.type("Waitings")
    expect(page.locator(".near-name")).to_contain_text("'Waiting' is nearly the same name")
    screen.press("Control+Enter")
    screen.says("Waitings added")
    expect(page.locator("h1")).to_contain_text("Waitings")
    edit(screen, "Waiting in a hall")
    screen.says("Edited")
    assert project.codebook().by_id["waitings"].definition == "Waiting in a hall"
    screen.press("g")
    screen.type("wait")
    screen.press("Enter")
    dialog = page.locator("#code-dialog")
    expect(dialog).to_contain_text("No coding is touched")
    screen.press("Enter")
    screen.says("Merged into Waiting")
    expect(page.locator("h1")).to_have_text("WaWaiting")
    assert "waitings" not in project.codebook()
    screen.press("Control+z")
    screen.says("Undone: code 'Waitings' merged into 'Waiting'")
    screen.press("Control+z", "Control+z")
    expect(page.locator("#undo")).to_be_disabled()
    assert len(project.codebook()) == 4


def test_the_window_is_named_by_the_code_as_it_is_written(screen):
    screen.server.project.edit_codebook(coder="Amina").rename("wait", "Costs $1 - $&")
    open_code(screen)
    expect(screen.page).to_have_title("Costs $1 - $& - small")


def test_after_a_new_meaning_the_codings_are_walked_and_ticked_off(screen):
    page, project = screen.page, screen.server.project
    open_code(screen)
    edit(screen, "Waiting for a letter")
    asked = page.locator("fieldset")
    expect(asked).to_contain_text("Does the meaning change?")
    expect(page.locator("#code-dialog [role=alert]")).to_contain_text("Say whether")
    expect(asked.locator("input").first).to_be_focused()
    screen.press("ArrowRight", "Control+Enter")
    screen.says("Edited")
    rows = page.locator("#outdated li")
    expect(rows).to_have_count(3)
    screen.press("l")
    expect(rows.first).to_be_focused()
    screen.press("j", "k", "y")
    screen.says("Still fits")
    expect(rows).to_have_count(2)
    expect(rows.first).to_be_focused()
    screen.press("Delete")
    screen.says("Only your own codings")
    screen.press("j", "Delete")
    screen.says("Taken off")
    expect(rows).to_have_count(1)
    assert len(project.outdated_codings("wait")) == 1
    page.get_by_role("button", name="All of them still fit").click()
    expect(rows).to_have_count(0)
    assert project.outdated_codings("wait") == []
    screen.press("Control+z")
    expect(rows).to_have_count(1)


def test_what_somebody_changed_meanwhile_is_shown_beside_what_was_typed(screen):
    page, project = screen.page, screen.server.project
    open_code(screen)
    project.edit_codebook(coder="Jonas").define("wait", {"definition": "Theirs"}, new_meaning=False)
    edit(screen, "Mine", meaning="No, only the wording")
    dialog = page.locator("#code-dialog")
    expect(dialog).to_contain_text("Somebody changed this code meanwhile")
    expect(dialog.locator(".row", has_text="Definition").locator(".old")).to_contain_text("Theirs")
    expect(dialog.get_by_label("Definition: when it applies")).to_have_value("Mine")
    assert project.codebook().by_id["wait"].definition == "Theirs"
    page.get_by_label("No, only the wording").check()
    screen.press("Control+Enter")
    screen.says("Edited")
    assert project.codebook().by_id["wait"].definition == "Mine"


def test_what_was_typed_and_not_kept_stays_as_a_draft(screen):
    open_code(screen)
    screen.press("e", "Control+a")
    screen.type("half a thought")
    screen.press("Escape", "e")
    expect(screen.page.locator("#code-dialog")).to_contain_text("your draft")
    expect(screen.page.get_by_label("Definition: when it applies")).to_have_value("half a thought")
    screen.press("Escape")
    assert "half" not in screen.server.project.codebook().by_id["wait"].definition


def test_codes_are_moved_by_keys_and_by_the_mouse(screen):
    open_code(screen, "shame")
    screen.press("Alt+ArrowUp")
    screen.says("Moved up")
    becomes(screen, ("Access", "1"), ("Waiting", "2"), ("Shame", "1"), ("Family", "1"))
    screen.press("Alt+ArrowRight")
    screen.says("Moved under Access")
    has(screen, "Shame", "2")
    expect(item(screen, "Shame")).to_be_focused()
    screen.press("v")
    screen.type("family")
    screen.press("Enter")
    screen.says("Moved under Family")
    item(screen, "Shame").drag_to(item(screen, "Waiting"))
    screen.says("Moved under Waiting")
    has(screen, "Shame", "3")
    for _ in range(4):
        screen.press("Control+z")
        screen.says("Undone")
    expect(screen.page.locator("#undo")).to_be_disabled()
    becomes(screen, ("Access", "1"), ("Waiting", "2"), ("Family", "1"), ("Shame", "1"))


def test_moves_right_after_one_another_all_count(screen):
    open_code(screen, "shame")
    screen.page.keyboard.press("Alt+ArrowUp")
    screen.page.keyboard.press("Alt+ArrowUp")
    expect(screen.page.locator("#tree li").first).to_contain_text("Shame")
    becomes(screen, ("Shame", "1"), ("Access", "1"), ("Waiting", "2"), ("Family", "1"))
    expect(item(screen, "Shame")).to_be_focused()


def test_the_tree_is_walked_closed_and_filtered(screen):
    open_code(screen, "access")
    screen.press("ArrowLeft")
    expect(item(screen, "Waiting")).to_have_count(0)
    screen.press("ArrowRight", "ArrowRight")
    expect(item(screen, "Waiting")).to_be_focused()
    screen.press("End", "Enter")
    expect(screen.page.locator("h1")).to_have_text("ShShame")
    screen.press("/")
    screen.type("relatives")
    expect(screen.page.locator("#found")).to_have_text("1 of 4 codes.")
    screen.press("Enter")
    expect(item(screen, "Family")).to_be_focused()
    screen.page.go_back()
    expect(screen.page.locator("h1")).to_have_text("AcAccess")


def test_a_code_is_split_by_excerpts_and_by_coder(screen):
    page, project = screen.page, screen.server.project
    open_code(screen)
    screen.press("s")
    page.get_by_role("checkbox", name=WAITED).nth(0).check()
    screen.press("Control+Enter")
    expect(page.locator("#code-dialog [role=alert]")).to_contain_text("which code")
    page.get_by_label("Give the ticked excerpts").fill("Assessment")
    screen.press("Control+Enter")
    expect(page.locator("#code-dialog")).to_contain_text("1 coding (Amina 1) goes to another code")
    screen.press("Enter")
    screen.says("Split")
    assert [c.coder for c in project.codings(code="assessment")] == ["Amina"]
    screen.press("s", "ArrowRight")
    page.get_by_label("The 1 of Jonas go to").fill("Assessment")
    screen.press("Control+Enter")
    expect(page.locator("#code-dialog")).to_contain_text("1 coding (Jonas 1) goes")
    screen.press("Enter")
    expect(page.locator("h1 + p")).to_contain_text("1 coding")
    assert {c.coder for c in project.codings(code="assessment")} == {"Amina", "Jonas"}


def test_excerpts_become_examples_and_earlier_words_are_restored(screen):
    page, project = screen.page, screen.server.project
    before = project.codebook().by_id["wait"].examples
    open_code(screen)
    page.get_by_role("button", name="Use as example").first.click()
    screen.says("Kept as an example")
    assert project.codebook().by_id["wait"].examples[1].startswith(WAITED)
    page.locator("summary").click()
    expect(page.locator("ins").first).to_contain_text(WAITED)
    page.get_by_role("button", name="Restore this").last.click()
    expect(page.locator("#code-dialog")).to_be_visible()
    screen.press("Control+Enter")
    screen.says("Edited")
    assert project.codebook().by_id["wait"].examples == before
    start = project.transcript("t2_bob").text.index("There was one bus")
    page.goto(f"{screen.origin}/codes/2?example=2:{start}-{start + 17}")
    expect(page.get_by_label("Examples")).to_have_value(f"{before[0]}\n\nThere was one bus")
    assert page.url == f"{screen.origin}/codes/2"
    screen.press("Escape")


def test_a_place_and_a_code_lead_to_each_other(screen):
    page = screen.page
    open_code(screen)
    page.get_by_role("link", name="To the place").first.click()
    page.locator("#transcripts .n").first.wait_for()
    expect(page.locator(".unit", has_text=WAITED)).to_be_focused()
    screen.focus(WAITED)
    screen.press("o")
    page.get_by_role("link", name="In the codebook: Waiting").click()
    expect(page.locator("h1")).to_have_text("WaWaiting")


def test_a_blind_coder_reads_the_codebook_and_changes_nothing(chromium, serve, study):
    with Project.open(study) as project:
        project.assign_passes(["Amina", "Ben"], coder="Lead", options=AssignOptions(blind=True))
    screen = Screen(chromium, serve(study))
    screen.sign_in("Amina")
    open_code(screen)
    expect(screen.page.locator("#detail .blind")).to_contain_text("you do not see other coders")
    assert "Jonas" not in screen.page.content()
    expect(screen.page.get_by_role("button", name="New code")).to_have_count(0)
    screen.press("e")
    screen.says("Blind")
    screen.press("Alt+ArrowUp")
    expect(screen.page.locator("#code-dialog")).to_be_hidden()
    screen.close()


@pytest.mark.parametrize("look", LOOKS)
def test_the_codebook_has_no_violation(chromium, serve, study, tmp_path, look):
    with Project.open(tmp_path / "empty.autocode", create_new=True):
        pass
    nothing = Screen(chromium, serve(tmp_path / "empty.autocode"), **LOOKS[look])
    nothing.sign_in("Amina")
    nothing.page.goto(f"{nothing.origin}/codes")
    faults = {"empty": violations(nothing.page)}
    nothing.close()
    with Project.open(study) as project:
        project.edit_codebook(coder="Jonas").define("wait", {"definition": "Limbo"})
    screen = Screen(chromium, serve(study), **LOOKS[look])
    screen.sign_in("Amina")
    screen.page.goto(f"{screen.origin}/codes")
    screen.page.locator("#tree li").first.wait_for()
    faults["overview"] = violations(screen.page)
    open_code(screen)
    screen.page.locator("summary").click()
    faults["code"] = violations(screen.page)
    for key in "nesvgz?":
        item(screen, "Waiting").focus()
        screen.press(key)
        expect(screen.page.locator("dialog[open]")).to_be_visible()
        faults[key] = violations(screen.page)
        screen.press("Escape")
        expect(screen.page.locator("dialog[open]")).to_have_count(0)
        expect(item(screen, "Waiting")).to_be_focused()
    screen.page.goto(f"{screen.origin}/codes/99")
    faults["fault"] = violations(screen.page)
    screen.close()
    assert {state: found for state, found in faults.items() if found} == {}


@pytest.mark.parametrize(("width", "height"), [(320, 640), (1280, 800), (1920, 1080)])
def test_the_codebook_does_not_run_out_of_the_window(chromium, serve, study, width, height):
    screen = Screen(chromium, serve(study), viewport={"width": width, "height": height})
    screen.sign_in("Amina")
    for path in ("/codes", "/codes/2"):
        screen.page.goto(screen.origin + path)
        screen.page.locator("#tree li").first.wait_for()
        assert screen.page.evaluate("document.documentElement.scrollWidth") <= width
    screen.close()


def test_a_code_that_somebody_made_meanwhile_is_no_fault(screen):
    open_code(screen, "shame")
    screen.server.project.edit_codebook(coder="Jonas").add("Waitings", parent="access")
    item(screen, "Waiting").click()
    expect(screen.page.locator(".near")).to_contain_text("Waitings")
    screen.server.project.edit_codebook(coder="Jonas").delete("family", with_codings=True)
    item(screen, "Family").click()
    expect(screen.page.locator("#fault")).to_contain_text("may have been merged or deleted")


def test_a_code_that_is_alone_says_why_it_can_be_merged_into_nothing(chromium, serve, tmp_path):
    (tmp_path / "codebook.csv").write_text("code,name\nwait,Waiting\n", encoding="utf-8")
    with Project.open(tmp_path / "one.autocode", create_new=True) as project:
        project.import_paths([tmp_path / "codebook.csv"])
    screen = Screen(chromium, serve(tmp_path / "one.autocode"))
    screen.sign_in("Amina")
    open_code(screen)
    for key, act in (("g", "merge it into"), ("v", "move it under")):
        screen.press(key)
        screen.says(f"There is no other code to {act}.")
        expect(screen.page.locator("dialog[open]")).to_have_count(0)
    assert screen.faults == []
    screen.close()
