"""Agreement on the screen: from a figure to its excerpts by keys, and told when it is outdated."""

from __future__ import annotations

import pytest

from autocode.project import Project
from autocode.project.hand_coding import Place
from autocode.project.resolving import ResolveOptions

from .support import Screen, expect
from .test_accessibility import LOOKS, violations

BUS = "There was one bus in the morning and one bus back at night."
SHAME = "It was shame that kept me quiet, I was ashamed in front of everybody."


@pytest.fixture
def differing(study):
    with Project.open(study) as project:
        project.code(Place(transcript="t2_bob", words=BUS), "wait", coder="Jonas")
        project.code(Place(transcript="t2_bob", words=SHAME), "shame", coder="Amina")
        project.code(Place(transcript="t2_bob", words=SHAME), "family", coder="Jonas")
        options = ResolveOptions(one="Amina", other="Jonas")
        place = Place(transcript="t2_bob", words=BUS)
        project.resolve(place, "wait", "other", reason="so", coder="Jonas", options=options)
    return study


def test_figures_lead_to_excerpts_and_to_settling_without_a_mouse(chromium, serve, differing):
    screen = Screen(chromium, serve(differing))
    screen.sign_in("Amina")
    page = screen.page
    page.get_by_role("link", name="Agreement").click()
    cells = page.locator("#confusion a")
    n_cells = cells.count()
    assert n_cells >= 4
    cells.first.focus()
    names = [page.locator("#confusion a:focus").get_attribute("aria-label")]
    for _ in range(n_cells - 1):
        screen.press("ArrowRight")
        names.append(page.locator("#confusion a:focus").get_attribute("aria-label"))
    assert len(set(names)) == n_cells
    screen.press("ArrowUp")
    expect(page.locator("#confusion tr:has(a:focus) th")).not_to_have_text("Shame")
    expect(page.locator("#confusion a[tabindex='0']")).to_have_count(1)
    page.get_by_role("link", name="Shame met by Family").focus()
    screen.press("Enter")
    expect(page.locator("h1")).to_have_text("Where Amina and Jonas differ: Shame met by Family")
    expect(page.locator(".excerpts li")).to_have_count(1)
    expect(page.locator(".excerpts")).to_contain_text(SHAME)
    page.get_by_role("link", name="Compare and settle").focus()
    screen.press("Enter")
    expect(page.locator(".difference:focus")).to_contain_text(SHAME)
    screen.close()


def test_figures_that_are_outdated_say_so(chromium, serve, differing):
    server = serve(differing)
    screen = Screen(chromium, server)
    screen.sign_in("Amina")
    page = screen.page
    page.goto(f"{screen.origin}/agreement")
    expect(page.locator("#stale")).to_be_hidden()
    before = page.locator("tr[data-code=wait] td").first.inner_text()
    server.project.code(Place(transcript="t2_bob", words=BUS), "wait", coder="Amina")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#stale")).to_be_visible()
    page.get_by_role("link", name="Recalculate").click()
    expect(page.locator("#stale")).to_be_hidden()
    assert page.locator("tr[data-code=wait] td").first.inner_text() != before
    screen.close()


@pytest.mark.parametrize("look", LOOKS)
def test_agreement_has_no_violation(chromium, serve, differing, look):
    screen = Screen(chromium, serve(differing), **LOOKS[look])
    screen.sign_in("Amina")
    page, faults = screen.page, {}
    for name, path in {
        "full": "/agreement",
        "empty": "/agreement?coder=1",
        "excerpts": "/agreement/excerpts",
        "none": "/agreement/excerpts?code=wait&met=shame",
        "fault": "/agreement/excerpts?code=moon",
        "settled": "/settled",
    }.items():
        page.goto(screen.origin + path)
        for details in page.locator("summary").all():
            details.click()
        faults[name] = violations(page)
    assert {name: found for name, found in faults.items() if found} == {}
    screen.close()


@pytest.mark.parametrize("width", [320, 1920])
def test_agreement_runs_not_out_of_the_window(chromium, serve, differing, width):
    screen = Screen(chromium, serve(differing), viewport={"width": width, "height": 700})
    screen.sign_in("Amina")
    for path in ("/agreement", "/agreement/excerpts", "/compare/2", "/settled"):
        screen.page.goto(screen.origin + path)
        assert screen.page.evaluate("document.documentElement.scrollWidth") <= width
    screen.close()
