"""The themes board by keys alone, with the mouse as an extra, and without a violation."""

from __future__ import annotations

import re

import pytest

from autocode.core import map_edits as edits
from autocode.encode.hashing import HashEncoder
from autocode.pipeline import PartitionOptions, ThemeOptions
from autocode.project import Project

from .support import Screen, expect
from .test_accessibility import LOOKS, violations

HOW = ThemeOptions(partition=PartitionOptions(n_groups=4), n_draws=0)


def put_themes(study):
    """Two themes on the map, the one holding a code, and four draft themes."""

    def edit(known):
        made = edits.add_theme(known, "Care", definition="Who helps", is_central=True)
        made = edits.add_theme(edits.place_codes(made, "Care", ["family"]), "Doors")
        return edits.relate_themes(made, "Doors", "Care", "undermines")

    with Project.open(study) as project:
        project.draft_themes(HashEncoder(n_dimensions=2048), options=HOW)
        project.edit_map(edit, coder="Jonas")
    return study


def card(screen, name, column=None):
    within = screen.page.locator(f".column[aria-label='{column}']") if column else screen.page
    return within.locator(".card .item", has_text=name).first


def opened(chromium, serve, study, **look):
    screen = Screen(chromium, serve(study), **look)
    screen.sign_in("Amina")
    screen.page.goto(f"{screen.origin}/themes")
    screen.page.locator(".item").first.wait_for()
    return screen


@pytest.fixture
def board(chromium, serve, study):
    screen = opened(chromium, serve, put_themes(study))
    yield screen
    screen.close()


def test_cards_are_moved_by_keys_and_undone(board):
    page = board.page
    page.locator(".item").first.focus()
    board.press("ArrowDown")
    expect(card(board, "Family")).to_be_focused()
    board.press("m")
    board.type("door")
    board.press("Enter")
    board.says("Moved to 'Doors'")
    expect(card(board, "Family", "Doors")).to_be_focused()
    board.press("Control+z")
    expect(card(board, "Family", "Care")).to_be_visible()
    board.press("Control+Shift+z")
    expect(card(board, "Family", "Doors")).to_be_visible()
    board.press("m")
    board.type("Kin work")
    board.press("Enter")
    board.says("Moved to the new theme 'Kin work'")
    expect(card(board, "Family", "Kin work")).to_be_focused()
    board.press("Delete")
    expect(card(board, "Family", "Not in a theme yet")).to_be_focused()
    board.says("Taken out")
    assert {t.name: t.codes for t in board.server.project.thematic_map().map.themes} == {
        "Care": (), "Doors": (), "Kin work": (),
    }  # fmt: skip


def test_a_name_typed_in_full_comes_before_one_that_holds_it(board):
    def edit(known):
        made = edits.change_theme(known, "Doors", name="Shame and doors")
        return edits.add_theme(made, "Shame")

    board.server.project.edit_map(edit, coder="Jonas")
    board.page.reload()
    card(board, "Waiting").focus()
    board.press("m")
    board.type("shame")
    board.press("Enter")
    expect(card(board, "Waiting", "Shame")).to_be_focused()


def test_a_theme_is_made_named_noted_and_related_by_keys(board):
    page = board.page
    page.locator(".item").first.focus()
    board.press("n")
    board.type("Silence")
    board.press("Tab")
    board.type("What is kept back")
    board.press("Tab", "Tab", "Enter")
    board.says("'Silence' is on the map")
    head = page.locator(".head", has_text="Silence")
    expect(head).to_be_focused()
    board.press("r")
    board.type("Quiet")
    board.press("Enter")
    board.says("Kept")
    board.press("t")
    board.type("ask Jonas")
    board.press("Tab", "Enter")
    board.says("Memo kept")
    panel = page.locator("#panel")
    panel.get_by_role("button", name="Change the memo: ask Jonas").press("Enter")
    board.press("End")
    board.type(" again")
    board.press("Control+Enter")
    expect(panel).to_contain_text("ask Jonas again")
    panel.get_by_role("button", name="Delete the memo: ask Jonas again").press("Enter")
    board.says("Memo deleted")
    expect(panel).not_to_contain_text("ask Jonas")
    board.press("Control+z")
    expect(panel).to_contain_text("ask Jonas again")
    page.locator(".head", has_text="Quiet").focus()
    board.press("l")
    board.type("Care")
    board.press("Tab")
    board.type("protects")
    board.press("Enter")
    board.says("Quiet protects Care")
    board.press("z")
    board.says("is the central theme")
    for words in ("Quiet", "What is kept back", "ask Jonas", "protects", "Central theme"):
        expect(panel).to_contain_text(words)
    board.press("Delete")
    page.locator("#ask").get_by_role("button", name="Remove").press("Enter")
    board.says("Removed")
    known = board.server.project.thematic_map().map
    assert [theme.name for theme in known.themes] == ["Care", "Doors"]


def test_a_draft_theme_is_read_and_made_a_code_with_what_is_ticked(board):
    page = board.page
    first = card(board, "T01")
    first.focus()
    board.press("Enter")
    panel = page.locator("#panel")
    n = board.server.project.themes().themes[0].n_segments
    expect(panel.locator(".excerpts li")).to_have_count(n)
    expect(panel.locator("#panel-title")).to_be_focused()
    address = panel.locator(".excerpts a").first.get_attribute("href")
    assert re.fullmatch(r"/t/\d+#\d+-\d+", address)
    board.press("Escape")
    expect(first).to_be_focused()
    board.press("c")
    dialog = page.locator("#ask")
    board.type("Waiting")
    board.press("Enter")
    expect(dialog.locator(".fault")).to_contain_text("There is a code 'Waiting' already")
    dialog.get_by_label("Name of the code").fill("Buses")
    dialog.locator(".ticks input").first.check()
    dialog.get_by_role("button", name="Make the code").press("Enter")
    board.says("1 segment coded")
    expect(card(board, "Buses", "Not in a theme yet")).to_contain_text("1 segment")
    assert [c.code for c in board.server.project.codings(coder="Amina")].count("buses") == 1
    board.press("Control+z")
    expect(card(board, "Buses")).to_have_count(0)


def test_draft_themes_are_merged_and_dropped_after_a_look(board):
    page = board.page
    themes = {theme.key: theme.n_segments for theme in board.server.project.themes().themes}
    one, other, third = list(themes)[:3]
    card(board, one).focus()
    board.press("g")
    dialog = page.locator("#ask")
    dialog.get_by_label(other).check()
    total = themes[one] + themes[other]
    expect(dialog.locator(".becomes")).to_contain_text(f"{one}: {total} segments")
    dialog.get_by_role("button", name="Merge").press("Enter")
    board.says("Merged")
    expect(card(board, other)).to_have_count(0)
    card(board, third).focus()
    board.press("x")
    expect(dialog.locator(".becomes")).to_contain_text(f"{themes[third]} segments")
    dialog.get_by_role("button", name="Drop").press("Enter")
    board.says("Dropped")
    board.press("Control+z", "Control+z")
    expect(card(board, other)).to_be_visible()
    assert {t.key: t.n_segments for t in board.server.project.themes().themes} == themes


def test_themes_are_drafted_beside_the_page(chromium, serve, study):
    with Project.open(study) as project:
        project.suggest(HashEncoder())
    screen = opened(chromium, serve, study)
    screen.page.get_by_role("button", name="Draft themes").press("Enter")
    screen.page.locator("#ask").get_by_role("button", name="Draft", exact=True).press("Enter")
    expect(screen.page.locator("#drafting")).to_contain_text("being drafted")
    expect(card(screen, "T01")).to_be_visible(timeout=90_000)
    expect(screen.page.locator("#drafting")).to_be_empty()
    screen.close()


def test_a_card_can_be_dragged_as_well(board):
    board.page.drag_and_drop(".card:has-text('Shame')", ".column[aria-label='Doors']")
    expect(card(board, "Shame", "Doors")).to_be_visible()
    board.saved()


def test_what_was_changed_elsewhere_is_said_and_shown(board):
    project = board.server.project
    card(board, "Family").focus()
    project.edit_map(lambda m: edits.take_out_codes(m, "Care", ["family"]), coder="Jonas")
    board.press("Delete")
    board.says("no longer under 'Care'")
    expect(card(board, "Family", "Not in a theme yet")).to_be_visible()
    head = board.page.locator(".head", has_text="Care")
    head.focus()
    board.press("r")
    project.edit_map(lambda m: edits.change_theme(m, "Care", name="Caring"), coder="Jonas")
    board.press("Enter")
    fault = board.page.locator("#ask .fault")
    expect(fault).to_contain_text("By now it is 'Caring'")
    expect(board.page.locator(".head", has_text="Caring")).to_be_visible()
    board.press("Enter")  # having read that, to keep one's own name is a decision
    expect(board.page.locator(".head", has_text="Care")).to_be_focused()


@pytest.mark.parametrize("look", LOOKS)
def test_no_state_of_the_board_has_a_violation(chromium, serve, study, look):
    screen, faults = opened(chromium, serve, put_themes(study), **LOOKS[look]), {}
    faults["full"] = violations(screen.page)
    card(screen, "T01").focus()
    screen.press("e")
    screen.page.locator(".excerpts a").first.wait_for()
    faults["open"] = violations(screen.page)
    card(screen, "T01").focus()
    for name, key in (("picker", "m"), ("merge", "g"), ("code", "c"), ("keys", "?")):
        screen.press(key)
        screen.page.locator("dialog[open]").wait_for()
        faults[name] = violations(screen.page)
        screen.press("Escape")
    screen.press("c")
    screen.page.get_by_label("Name of the code").fill("Waiting")
    screen.press("Enter")
    screen.page.locator("#ask .fault").wait_for()
    faults["fault"] = violations(screen.page)
    assert {state: found for state, found in faults.items() if found} == {}
    screen.close()


@pytest.mark.parametrize("width", [320, 1280, 1920])
def test_nothing_runs_out_of_the_window(chromium, serve, study, width):
    screen = opened(chromium, serve, put_themes(study), viewport={"width": width, "height": 720})
    card(screen, "T01").focus()
    screen.press("e")
    screen.page.locator(".excerpts a").first.wait_for()
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= width
    screen.close()
