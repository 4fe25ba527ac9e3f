"""A window on the page: what a person does there, and what the study then holds."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

__all__ = ["LOOKS", "Screen", "expect", "violations"]

PATIENCE = 30_000
"""Milliseconds that a step may take: the tests run beside others, two browsers on two cores."""
expect.set_options(timeout=PATIENCE)

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}


def violations(page):
    results = Axe().run(page, options={"runOnly": RULES})
    return [
        (fault["id"], [node["html"][:160] for node in fault["nodes"]][:3])
        for fault in results.response["violations"]
    ]


class Screen:
    """A browser window; it notes every address asked for and every fault of a script."""

    def __init__(self, chromium, server, **options):
        self.server = server
        self.origin = f"http://127.0.0.1:{server.port}"
        self.context = chromium.new_context(
            **{"viewport": {"width": 1440, "height": 900}, **options}
        )
        self.context.set_default_timeout(PATIENCE)
        self.addresses, self.faults = [], []
        self.page = self.context.new_page()
        self.watch(self.page)

    def watch(self, page):
        page.on("request", lambda request: self.addresses.append(request.url))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._note)
        page.on("dialog", lambda dialog: self.faults.append(f"dialog: {dialog.message}"))

    def _note(self, message):
        refusals = "Failed to load resource"  # an answer that is no 200, which a test may want
        if message.type == "error" and refusals not in message.text:
            self.faults.append(message.text)

    def sign_in(self, coder):
        token = self.server.sessions.make_token(coder)
        self.page.goto(f"{self.origin}/start#{token}")
        self.page.wait_for_url(f"{self.origin}/")

    def open(self, transcript):
        number = self.server.project.transcript_numbers()[transcript]
        self.page.goto(f"{self.origin}/t/{number}")
        self.page.locator("#transcripts .n").first.wait_for()

    def unit(self, words):
        return self.page.locator(".unit", has_text=words).first

    def focus(self, words):
        self.unit(words).click(position={"x": 300, "y": 8})
        expect(self.unit(words)).to_be_focused()

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words):
        self.page.keyboard.type(words)

    def code(self, name):
        self.press("c")
        self.type(name)
        self.press("Enter")

    def saved(self, seconds=30):
        """Wait until all is stored; many acts need as many times what one takes."""
        saved = self.page.locator("#saved")
        expect(saved).to_have_text(re.compile("^Saved"), timeout=1000 * seconds)

    def says(self, words):
        expect(self.page.locator("#say")).to_contain_text(words)

    def until(self, read, holds, seconds=30):
        """Read what is on the screen, or stored, until it is so; the assertion shows the last.

        A status in words may come before what it speaks of is drawn.
        """
        for _ in range(20 * seconds):
            if holds(last := read()):
                return
            self.page.wait_for_timeout(50)
        assert holds(last), last

    def codings(self, transcript="t1_ann", coder="Amina"):
        """The words and code of every coding that the study holds."""
        project = self.server.project
        text = project.transcript(transcript).text
        return {
            (c.span.of(text), c.code) for c in project.codings(transcript=transcript, coder=coder)
        }

    def select(self, words):
        """Select words with the mouse, from inside the first to inside the last.

        Not at the very middle of a letter: there Chromium may begin the selection anew.
        """
        boxes = self.page.evaluate(
            """(words) => {
              for (const p of document.querySelectorAll("p[data-start]")) {
                const at = p.textContent.indexOf(words);
                if (at < 0) continue;
                p.scrollIntoView({block: "center"});
                const box = (i) => {
                  const range = document.createRange();
                  range.setStart(p.firstChild, i);
                  range.setEnd(p.firstChild, i + 1);
                  const {x, y, width, height} = range.getBoundingClientRect();
                  return [x + width / 3, y + height / 2];
                };
                return [box(at + 1), box(at + words.length - 2)];
              }
            }""",
            words,
        )
        (x1, y1), (x2, y2) = boxes
        mouse = self.page.mouse
        mouse.move(x1, y1)
        mouse.down()
        mouse.move(x2, y2, steps=4)
        mouse.up()
        expect(self.page.locator("#bar")).to_be_visible()

    def close(self):
        self.context.close()
        assert self.faults == []
        assert {
            address for address in self.addresses if not address.startswith(self.origin)
        } == set()
