"""What others do while a page is open: offered or taken in, and nothing moves under the reader."""

from __future__ import annotations

import shutil

from autocode.project import Project
from autocode.project.assigning import AssignOptions
from autocode.project.hand_coding import Place

from .support import Screen, expect, violations

BUS = Place(transcript="t2_bob", words="There was one bus")
FARE = Place(transcript="t1_ann", words="The bus fare went up")


def look(screen):
    """Come back to the window, as a person does: what others did is asked for at once."""
    screen.page.evaluate("dispatchEvent(new Event('focus'))")


def notice(screen):
    return screen.page.locator("#news")


def test_codings_of_others_are_taken_in_and_offered_where_they_are_hidden(screen):
    screen.open("t2_bob")
    page = screen.page
    page.set_viewport_size({"width": 1280, "height": 420})
    screen.focus("There was one bus")
    others = page.locator(".stripe.others")
    top = "document.activeElement.getBoundingClientRect().top"
    before = page.evaluate(top)
    screen.server.project.code(BUS, "wait", coder="Ben")
    screen.server.project.code(FARE, "wait", coder="Ben")
    look(screen)
    expect(notice(screen)).to_contain_text("1 new coding by Ben here")
    expect(others).to_have_count(0)
    assert page.evaluate(top) == before
    assert violations(page) == []
    page.locator("#news button", has_text="Show").focus()
    screen.press("Enter")
    expect(others).not_to_have_count(0)
    expect(notice(screen)).to_have_count(0)
    expect(screen.unit("There was one bus")).to_be_focused()
    assert abs(page.evaluate(top) - before) < 1
    screen.server.project.code(BUS, "family", coder="Ben")
    look(screen)
    screen.says("1 new coding by Ben")
    expect(others).not_to_have_count(1)
    expect(notice(screen)).to_have_count(0)


def test_nothing_is_asked_for_while_a_dialog_or_a_selection_is_open(screen):
    screen.open("t2_bob")
    page = screen.page
    screen.focus("There was one bus")
    screen.press("c")
    expect(page.locator("#picker")).to_be_visible()
    n_asked = len(screen.addresses)
    screen.server.project.code(BUS, "wait", coder="Ben")
    look(screen)
    screen.press("Escape")
    expect(page.locator("#picker")).to_be_hidden()
    screen.select("There was one bus")
    look(screen)
    assert [a for a in screen.addresses[n_asked:] if "/news?" in a] == []
    screen.press("Escape")
    expect(page.locator("#bar")).to_be_hidden()
    page.evaluate("getSelection().removeAllRanges()")
    look(screen)
    expect(notice(screen)).to_contain_text("1 new coding by Ben here")
    screen.press("Escape")


def test_own_work_is_no_news(screen):
    screen.open("t2_bob")
    screen.focus("There was one bus")
    screen.code("wait")
    screen.saved()
    with screen.page.expect_response(lambda answer: "/news?" in answer.url) as asked:
        look(screen)
    assert asked.value.json()["by"] == []
    expect(notice(screen)).to_have_count(0)
    with screen.page.expect_response(lambda answer: "/news?" in answer.url) as asked:
        look(screen)
    assert asked.value.status == 304


def test_own_work_outside_the_page_is_taken_in_and_offered(screen):
    page, project = screen.page, screen.server.project
    screen.open("t2_bob")
    screen.focus("There was one bus")
    own = screen.unit("There was one bus").locator(".stripe")
    expect(own).to_have_count(0)
    project.code(BUS, "wait", coder="Amina")
    look(screen)
    expect(own).to_have_count(1)
    screen.says("1 new coding by you, outside this page")
    expect(notice(screen)).to_have_count(0)
    page.goto(f"{screen.origin}/codes")
    project.edit_codebook(coder="Amina").add("Dread")
    look(screen)
    expect(notice(screen)).to_contain_text("changes by you, outside this page")
    page.locator("#news button", has_text="Show").click()
    expect(page.locator("#tree")).to_contain_text("Dread")


def test_what_nobody_in_particular_did_is_said_without_a_name(screen, tmp_path):
    screen.page.goto(f"{screen.origin}/codes")
    (tmp_path / "later.txt").write_text("Interviewer: And then?\nEve: Nothing.\n", encoding="utf-8")
    screen.server.project.import_paths([tmp_path / "later.txt"])
    look(screen)
    expect(notice(screen).locator("p")).to_have_text("changes in the study")


def test_other_screens_offer_and_show_when_asked(screen):
    page, project = screen.page, screen.server.project
    codes = project.edit_codebook(coder="Dora")
    shown = {
        "/": page.locator("th", has_text="codings of Dora"),
        "/codes": page.locator("#tree", has_text="Dread 1"),
        "/themes": page.locator("#board", has_text="Dread 2"),
        "/history": page.locator("#acts", has_text="Dread 3"),
    }
    for n, (path, what) in enumerate(shown.items()):
        page.goto(f"{screen.origin}{path}")
        codes.add(f"Dread {n}")
        project.code(BUS, f"dread-{n}", coder="Dora")
        look(screen)
        expect(notice(screen)).to_contain_text("1 new coding by Dora")
        expect(what).to_have_count(0)
        page.locator("#news button", has_text="Show").click()
        expect(what).to_be_visible()
        expect(notice(screen)).to_have_count(0)


def test_what_is_not_wanted_now_is_offered_with_what_comes_later(screen):
    page, project = screen.page, screen.server.project
    page.goto(f"{screen.origin}/codes")
    project.code(BUS, "wait", coder="Ben")
    look(screen)
    expect(notice(screen)).to_contain_text("1 new coding by Ben")
    project.code(FARE, "wait", coder="Ben")
    look(screen)
    expect(notice(screen)).to_contain_text("2 new codings by Ben")
    page.locator("#news button", has_text="Not now").focus()
    screen.press("Escape")
    expect(notice(screen)).to_have_count(0)
    project.edit_codebook(coder="Lead").add("Dread")
    look(screen)
    expect(notice(screen)).to_contain_text("changes by Lead")


def test_a_page_of_a_blind_coder_asks_for_nothing(chromium, serve, built, tmp_path):
    study = shutil.copy(built, tmp_path / "small.autocode")
    with Project.open(study) as project:
        options = AssignOptions(blind=True, double=1.0, assistance="none")
        project.assign_passes(["Ben", "Zelda"], coder="Lead", options=options)
    screen = Screen(chromium, serve(study))
    screen.sign_in("Ben")
    screen.open("t2_bob")
    look(screen)
    screen.focus("There was one bus")
    screen.code("wait")
    screen.saved()
    assert [address for address in screen.addresses if "/news?" in address] == []
    screen.close()


def test_a_transcript_that_is_replaced_while_it_is_open_is_said(screen, tmp_path):
    page, project = screen.page, screen.server.project
    screen.open("t2_bob")
    table = tmp_path / "key.csv"
    table.write_text("name,stand_in\nThere was one bus,There was one tram\n", encoding="utf-8")
    project.apply_pseudonyms(table, coder="Ben")
    look(screen)
    expect(notice(screen)).to_contain_text("This transcript was replaced or removed")
    page.locator("#news button", has_text="Show").click()
    page.wait_for_url(f"{screen.origin}/")
    screen.open("t2_bob")
    expect(page.locator("#text")).not_to_contain_text("There was one bus")
    assert screen.faults == []
