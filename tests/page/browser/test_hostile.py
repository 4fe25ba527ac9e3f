"""Three hundred hostile names and texts in every field: no screen runs or breaks one of them."""

from __future__ import annotations

import csv
import re

import pytest

from autocode.core.coding import Coding
from autocode.core.transcript import Span
from autocode.encode.hashing import HashEncoder
from autocode.page.app import ROUTES
from autocode.page.roles import ROUTE_ROLES
from autocode.project import Project
from autocode.project.hand_coding import HandOptions, Place

from .support import Screen, expect

RUNS = "window.ran=1;alert(1)"
WAYS = [
    "<script>{}</script>", "</script><script>{}</script>", "</textarea><script>{}</script>",
    "<img src=x onerror={}>", '"><img src=x onerror={}>', "'><svg onload={}>", "<svg/onload={}>",
    '" onfocus={} autofocus x="', "' onmouseover={} x='", "<iframe srcdoc='<script>{}</script>'>",
    "<a href='javascript:{}'>go</a>", "javascript:{}", "data:text/html,<script>{}</script>",
    "{{{{ {} }}}}", "{{% {} %}}", "${{{}}}", "`${{{}}}`", "<!--{}", "]]>{}<![CDATA[",
    "</title><script>{}</script>", "</style><script>{}</script>", "<base href=//evil.test>{}",
    "<meta http-equiv=refresh content='0;url=//evil.test'>{}", "<form action=//evil.test>{}",
    "\u202e{}\u202c", "\u2066{}", "a\u2028{}\u2029", "\x00{}", "\x1b]0;{}\x07", "=cmd|'{}'!A0",
]  # fmt: skip
HOSTILE = [f"{n} {way.format(RUNS)}" for n in range(10) for way in WAYS]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    study = folder / "<img src=x onerror=alert(1)>.autocode"
    lines = [
        f"Ann <b>{n}: {' '.join(words.replace(chr(0), '').split())}\n"
        for n, words in enumerate(HOSTILE)
    ]
    talk = folder / "x' onload=alert(1) <i>.txt"
    talk.write_text("".join([*lines, f"Ben: {'<b>' * 330_000}\n"]), encoding="utf-8")  # 1 MB
    with (folder / "codebook.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = [[f"c{n}", words[:180], words] for n, words in enumerate(HOSTILE)]
        shown = [[cell.replace(chr(0), "") for cell in row] for row in rows]
        csv.writer(stream).writerows([["code", "name", "definition"], *shown])
    with Project.open(study, create_new=True) as project:
        project.import_paths([talk, folder / "codebook.csv"])
        transcript = project.transcripts()[0]
        # A name with ">" is a path: what stands before it became codes of their own.
        codes = [c.id for c in project.codebook() if re.fullmatch(r"c[0-9]+", c.id)]
        assert len(codes) == len(HOSTILE)
        spans = [turn.span for turn in transcript.turns[:300]]
        coders = ["Ann <script>alert(1)</script>", "Ben' onload=alert(1)"]
        project.add_codings(
            [
                Coding(transcript=transcript.name, span=Span(s.start, s.end), code=c, coder=coder,
                       memo=words)
                for s, c, words in zip(spans[:200], codes[:200], HOSTILE, strict=False)
                for coder in coders
            ]
        )  # fmt: skip
        place = Place(transcript=transcript.name, start=spans[0].start, end=spans[0].end)
        for words in HOSTILE[:30]:
            project.note_span(place, coder=coders[0], options=HandOptions(memo=words))
        project.suggest(HashEncoder())
        project.draft_themes(HashEncoder())
    return study


def screens():
    """The addresses of all screens: those that answer with a page."""
    known = {path for method, path in ROUTE_ROLES if method == "GET"}
    pages = {route.path for route in ROUTES if route.endpoint.__name__.startswith("show_")}
    return sorted(path.replace("{number:int}", "1") for path in known & pages)


def test_no_screen_runs_what_is_hostile(chromium, serve, hostile):
    screen = Screen(chromium, serve(hostile))
    screen.context.set_default_timeout(40_000)  # a page of 600 codes on a busy machine
    screen.sign_in("Ann <script>alert(1)</script>")
    page = screen.page
    assert len(screens()) > 5
    for path in screens():
        page.goto(screen.origin + path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.ran") is None, path
        assert page.locator("main img[src=x], iframe, base, svg[onload]").count() == 0, path
        expect(page.locator("h1")).not_to_have_text("This cannot be shown")
    page.goto(f"{screen.origin}/t/1")
    page.locator("#transcripts .n").first.wait_for()
    page.locator(".unit").nth(250).evaluate("(unit) => unit.focus()")
    screen.press("c")
    screen.type("script")
    screen.press("Enter", "m")
    screen.type(HOSTILE[0])
    screen.press("Control+Enter")
    expect(page.locator("#saved")).to_have_text(re.compile("^Saved"), timeout=20_000)
    for tab in page.get_by_role("tab").all():
        tab.click()
    assert page.evaluate("window.ran") is None
    screen.close()  # which looks for dialogs, refusals of the policy and foreign addresses
