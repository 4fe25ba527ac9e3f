"""What the walks through a whole study share: no mouse, the command line beside the page."""

from __future__ import annotations

import json

from click.testing import CliRunner

from autocode.cli.main import run

from .support import Screen, expect

__all__ = ["ask", "by_keys", "call", "code_at", "go", "reach"]

NO_MOUSE = """
for (const kind of ["pointerdown", "mousedown", "dragstart"]) {
  addEventListener(kind, () => console.error(`the mouse was used: ${kind}`), true);
}
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`against the policy: ${event.violatedDirective} ${event.blockedURI}`));
"""
MOST_TABS = 150


def by_keys(chromium, server, coder, **options):
    """A window in which the mouse, and whatever the policy refuses, is a fault."""
    screen = Screen(chromium, server, **options)
    screen.context.add_init_script(NO_MOUSE)
    screen.sign_in(coder)
    return screen


def reach(screen, locator, *keys):
    """Go there by Tab, or Shift+Tab where it lies before, and press the keys."""
    locator.wait_for()
    target = locator.element_handle()
    forward = "e => !!(document.activeElement.compareDocumentPosition(e) & 4)"
    key = "Tab" if target.evaluate(forward) else "Shift+Tab"
    for _ in range(MOST_TABS):
        if target.evaluate("e => e === document.activeElement"):
            return screen.press(*keys)
        screen.press(key)
    raise AssertionError(f"{locator} is not reached by {key}")


def go(screen, name):
    """To another screen by the bar above."""
    link = screen.page.get_by_role("navigation", name="Screens").get_by_role(
        "link", name=name, exact=True
    )
    reach(screen, link, "Enter")
    expect(link).to_have_attribute("aria-current", "page")


def code_at(screen, words, *names):
    """Go to the segment by keys and put codes on it, new ones where there are none."""
    screen.press("Home")
    for _ in range(30):
        if words in screen.page.locator(".unit:focus").inner_text():
            break
        screen.press("j")
    expect(screen.page.locator(".unit:focus")).to_contain_text(words)
    for name in names:
        screen.code(name)
        screen.says(name)
    screen.saved()


def call(*arguments):
    """What the command line prints."""
    result = CliRunner().invoke(run, [str(one) for one in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def ask(*arguments):
    """What the command line prints as JSON."""
    return json.loads(call(*arguments, "--json"))
