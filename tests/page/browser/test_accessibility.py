"""No violation that axe-core can see, on every screen in its states; and what it cannot see."""

from __future__ import annotations

import pytest

from .support import LOOKS, Screen, expect, violations

BUS = "The bus stopped running on Sundays so nobody could get there."


@pytest.fixture(params=LOOKS)
def looked_at(chromium, serve, study, request):
    screen = Screen(chromium, serve(study), **LOOKS[request.param])
    screen.sign_in("Amina")
    yield screen
    screen.close()


def test_no_screen_has_a_violation(looked_at):
    screen, faults = looked_at, {}
    faults["overview"] = violations(screen.page)
    screen.open("t1_ann")
    faults["coding"] = violations(screen.page)
    screen.focus(BUS)
    screen.code("shame")
    screen.press("o")
    faults["coded"] = violations(screen.page)
    screen.press("c")
    faults["picker"] = violations(screen.page)
    screen.press("Escape", "m")
    faults["memo"] = violations(screen.page)
    screen.type("why?")
    screen.press("Control+Enter")
    for name in ("Memos", "History"):
        screen.page.get_by_role("tab", name=name).click()
        faults[name] = violations(screen.page)
    screen.page.locator("#keys").click()
    faults["keys"] = violations(screen.page)
    screen.press("Escape")
    screen.select("stopped running")
    faults["selected"] = violations(screen.page)
    screen.page.goto(f"{screen.origin}/t/99")
    faults["fault"] = violations(screen.page)
    screen.page.goto(f"{screen.origin}/start")
    faults["start"] = violations(screen.page)
    assert {state: found for state, found in faults.items() if found} == {}


@pytest.mark.parametrize(("width", "height"), [(320, 640), (640, 400), (1920, 1080)])
def test_nothing_runs_out_of_the_window(chromium, serve, study, width, height):
    screen = Screen(chromium, serve(study), viewport={"width": width, "height": height})
    screen.sign_in("Amina")
    for path in ("/", "/t/1"):
        screen.page.goto(screen.origin + path)
        assert screen.page.evaluate("document.documentElement.scrollWidth") <= width
    screen.close()


def test_focus_is_never_lost(screen):
    screen.open("t1_ann")
    screen.focus(BUS)
    for keys in (["c", "Escape"], ["c", "Enter"], ["m", "Escape"], ["i", "Escape"], ["?", "Escape"],
                 ["o"], ["Delete"], ["Control+z"]):  # fmt: skip
        screen.press(*keys)
        expect(screen.page.locator(".unit:focus")).to_have_count(1)


def test_every_key_has_a_button(screen):
    screen.open("t1_ann")
    screen.focus(BUS)
    screen.code("shame")
    screen.press("o")
    panel = screen.page.locator("#panel-codes")
    for name in ("Change", "Memo", "Start", "End", "Take away"):
        expect(panel.get_by_role("button", name=f"{name}: Shame")).to_be_visible()
    panel.get_by_role("button", name="Take away: Shame").click()
    screen.says("Taken away")
