"""The thematic map by keys and by the mouse: cards, relations, and the same in words."""

from __future__ import annotations

import pytest

from autocode.core import map_edits as edits
from autocode.project import Project

from .support import Screen, expect
from .test_accessibility import LOOKS, violations


def put_map(study):
    def edit(known):
        made = edits.add_theme(known, "Care", definition="Who helps", is_central=True)
        made = edits.place_codes(made, "Care", ["family"])
        made = edits.add_theme(edits.add_theme(made, "Doors"), "Waiting", parent="Doors")
        return edits.relate_themes(made, "Doors", "Care", "undermines")

    with Project.open(study) as project:
        project.edit_map(edit, coder="Jonas")
    return study


def opened(chromium, serve, study, **look):
    screen = Screen(chromium, serve(study), **look)
    screen.sign_in("Amina")
    screen.page.goto(f"{screen.origin}/map")
    return screen


@pytest.fixture
def screen(chromium, serve, study):
    screen = opened(chromium, serve, put_map(study))
    card(screen, "M1").wait_for()
    yield screen
    screen.close()


def card(screen, key):
    return screen.page.locator(f"#picture [data-theme={key}]")


def position(screen, name):
    return screen.server.project.thematic_map().map.find(name).position


def place(screen, key):
    return tuple(int(card(screen, key).get_attribute(name)) for name in ("data-x", "data-y"))


def test_a_card_is_moved_by_arrow_keys_kept_once_and_undone(screen):
    x, y = place(screen, "M1")
    card(screen, "M1").focus()
    screen.press("ArrowRight", "ArrowRight", "Shift+ArrowDown")
    screen.says("Care is moved")
    expect(card(screen, "M1")).to_be_focused()
    assert position(screen, "Care") == (x + 20, y + 50)
    expect(card(screen, "M1")).to_have_attribute("data-y", str(y + 50))
    screen.page.get_by_role("button", name="Move up").click()
    expect(card(screen, "M1")).to_have_attribute("data-y", str(y))
    screen.press("Control+z")
    expect(card(screen, "M1")).to_have_attribute("data-y", str(y + 50))
    screen.press("Control+z")
    expect(card(screen, "M1")).to_have_attribute("data-x", str(x))
    assert position(screen, "Care") is None


def test_a_card_moved_again_before_it_is_drawn_anew_goes_on_from_where_it_is(screen):
    x, y = place(screen, "M1")
    held: list | None = []
    screen.page.route("**/map/picture", lambda r: r.continue_() if held is None else held.append(r))
    card(screen, "M1").focus()
    screen.press("Shift+ArrowRight")
    screen.says("Care is moved")
    screen.press("Shift+ArrowDown")
    expect(card(screen, "M1")).to_have_attribute("transform", "translate(50 50)")
    expect(card(screen, "M1")).to_have_attribute("data-y", str(y + 50))
    screen.says("Care is moved")
    waiting, held = held, None
    for route in waiting:
        route.continue_()
    expect(card(screen, "M1")).to_have_attribute("data-drawn-y", str(y + 50))
    assert place(screen, "M1") == (x + 50, y + 50)
    assert position(screen, "Care") == (x + 50, y + 50)


def test_a_card_is_dragged_as_well(screen):
    box = card(screen, "M2").bounding_box()
    x, y = place(screen, "M2")
    mouse = screen.page.mouse
    mouse.move(box["x"] + 20, box["y"] + 12)
    mouse.down()
    mouse.move(box["x"] + 20, box["y"] + 212, steps=4)
    mouse.up()
    screen.says("Doors is moved")
    left, top = position(screen, "Doors")
    assert abs(left - x) <= 1
    assert top > y + 100


def test_relations_are_worded_changed_and_removed_by_keys(screen):
    page = screen.page
    card(screen, "M2").focus()
    screen.press("k")
    expect(card(screen, "M1")).to_be_focused()
    screen.press("l")
    expect(page.locator("#ask select")).to_be_focused()
    expect(page.locator("#ask select")).to_have_value("")
    screen.press("Control+Enter")  # nothing is chosen yet
    expect(page.locator("#ask select")).to_be_focused()
    screen.type("Wai")
    screen.press("Tab")
    screen.type("rests on")
    screen.press("Enter")
    screen.says("Care rests on Waiting")
    expect(page.locator("#picture")).to_contain_text("rests on → Waiting")
    change = page.get_by_role("button", name="Change: Care rests on Waiting")
    change.press("Enter")
    screen.type("waits for")
    screen.press("Enter")
    screen.says("Care waits for Waiting")
    page.get_by_role("button", name="Remove: Doors undermines Care").press("Enter")
    screen.says("The relation is gone")
    expect(page.locator("#relations li")).to_have_count(1)
    relations = screen.server.project.thematic_map().map.relations
    assert [(r.one, r.other, r.name) for r in relations] == [("M1", "M3", "waits for")]


def test_a_relation_is_reversed_and_undone(screen):
    page = screen.page
    page.get_by_role("button", name="Reverse: Doors undermines Care").press("Enter")
    screen.says("Care undermines Doors. Ctrl+Z undoes.")
    expect(page.locator("#relations")).to_contain_text("Care undermines Doors")
    expect(page.locator("#picture")).to_contain_text("undermines")
    expect(card(screen, "M2")).to_be_focused()
    screen.press("Control+z")
    expect(page.locator("#relations")).to_contain_text("Doors undermines Care")


def test_words_of_a_relation_that_is_there_are_not_replaced_unseen(screen):
    card(screen, "M2").focus()
    screen.press("l")
    screen.type("Care")
    expect(screen.page.locator("#ask input")).to_have_value("undermines")
    screen.press("Escape")


def test_the_list_says_what_the_picture_shows_and_reaches_every_theme(screen):
    page = screen.page
    for words in ("Care (central)", "2 segments, 2 participants", "Family", "Waiting"):
        expect(page.locator("#list")).to_contain_text(words)
    expect(page.locator("#relations")).to_contain_text("Doors undermines Care")
    page.locator("#list [data-theme=M1]").focus()
    screen.press("ArrowDown", "ArrowDown")
    expect(page.locator("#list [data-theme=M3]")).to_be_focused()
    expect(page.locator("#panel")).to_contain_text("written in the card of Doors")
    screen.press("n")
    screen.type("Quiet")
    screen.press("Enter")
    screen.says("'Quiet' is on the map")
    expect(card(screen, "M4")).to_be_focused()


def test_an_empty_map_says_what_to_do(chromium, serve, study):
    screen = opened(chromium, serve, study)
    expect(screen.page.locator("#empty")).to_contain_text("no themes yet")
    assert violations(screen.page) == []
    screen.page.locator("#new").press("Enter")
    screen.type("Care")
    screen.press("Enter")
    expect(card(screen, "M1")).to_contain_text("Care")
    screen.close()


@pytest.mark.parametrize("look", LOOKS)
def test_no_state_of_the_map_has_a_violation(chromium, serve, study, look):
    screen, faults = opened(chromium, serve, put_map(study), **LOOKS[look]), {}
    card(screen, "M1").wait_for()
    faults["full"] = violations(screen.page)
    card(screen, "M1").focus()
    screen.press("l")
    faults["relate"] = violations(screen.page)
    screen.press("Escape", "?")
    faults["keys"] = violations(screen.page)
    screen.press("Escape")
    assert {state: found for state, found in faults.items() if found} == {}
    screen.close()


@pytest.mark.parametrize("width", [320, 1280, 1920])
def test_nothing_runs_out_of_the_window(chromium, serve, study, width):
    screen = opened(chromium, serve, put_map(study), viewport={"width": width, "height": 720})
    card(screen, "M1").wait_for()
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= width
    words = screen.page.locator("#relations li > :first-child")
    assert words.bounding_box()["width"] > 200  # beside its buttons, or above them
    screen.close()


def test_the_first_theme_is_removed_with_its_relations_and_comes_back(screen):
    card(screen, "M1").focus()
    screen.press("Delete")
    expect(screen.page.locator("dialog[open]")).to_contain_text(
        "1 card in it and its codings stay in the study. 1 relation of it goes."
    )
    screen.press("Enter")
    screen.says("Removed")
    expect(screen.page.locator("#panel-title")).to_have_text("Doors")
    expect(screen.page.locator("#relations li")).to_have_count(0)
    screen.press("Control+z")
    expect(screen.page.locator("#relations li")).to_have_count(1)
    assert screen.faults == []
