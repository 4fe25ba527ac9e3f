"""A team in the browser: signing in, roles on the screen, and what goes wrong meanwhile."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from autocode.page.keeping_users import UserBook
from autocode.page.passwords import Cost
from autocode.project import Project
from autocode.project.assigning import AssignOptions
from autocode.project.pass_states import PassOptions

from .support import Screen, expect
from .test_accessibility import LOOKS, violations
from .test_every_screen import fill

RUN = "from autocode.cli.main import run; run()"
PASSWORD = "correct horse battery"
BUS = "The bus stopped running on Sundays so nobody could get there."
FELT = "I felt ashamed to ask for help from anybody."


class TeamServer:
    """`autocode serve` as it is run, on a port that stays when it is started again."""

    def __init__(self, study):
        self.study, self.port, self.process = study, 0, None
        self.start()

    def start(self):
        command = [sys.executable, "-c", RUN, "serve", str(self.study), "--port", str(self.port)]
        self.process = subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE, text=True)
        lines = []
        while not lines or not lines[-1].startswith("}"):
            lines.append(self.process.stdout.readline())
            assert lines[-1], "it did not start"
        self.port = json.loads("".join(lines))["port"]

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def team(study, network):
    book = UserBook.beside(study)
    book = UserBook(path=book.path, cost=Cost(n=1024, r=8, p=1))
    for name, role in (("Amina", "coder"), ("Jonas", "coder"), ("Lea", "lead"), ("Rosa", "reader")):
        book.add(name, role, PASSWORD)
    server = TeamServer(study)
    yield server
    server.stop()


def sign_in(screen, name, password=PASSWORD, page=None):
    page = page or screen.page
    page.goto(f"{screen.origin}/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


@pytest.fixture
def window(chromium, team):
    """A window in which nobody has signed in yet; more can be opened."""
    opened = []

    def open_window(**options):
        opened.append(Screen(chromium, team, **options))
        return opened[-1]

    yield open_window
    for screen in opened:
        screen.close()


def open_first(screen):
    screen.page.get_by_role("link", name="t1_ann", exact=True).first.click()
    screen.page.locator("#transcripts .n").first.wait_for()


def test_signing_in_and_out_by_keys(window):
    screen = window()
    page = screen.page
    page.goto(f"{screen.origin}/t/1")
    expect(page.get_by_label("Name")).to_be_focused()
    sign_in(screen, "Amina", "something else")
    expect(page.get_by_role("alert")).to_have_text("That name and password do not go together.")
    expect(page.get_by_label("Password")).to_be_focused()
    expect(page.get_by_label("Password")).to_have_value("")
    screen.type(PASSWORD)
    screen.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("small")
    (cookie,) = screen.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    page.wait_for_load_state()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Sign in")
    page.go_back()
    expect(page.get_by_label("Name")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS)
def test_signing_in_has_no_violation(window, look):
    screen = window(**LOOKS[look])
    faults = {}
    screen.page.goto(f"{screen.origin}/start")
    faults["empty"] = violations(screen.page)
    sign_in(screen, "Amina", "something else")
    screen.page.get_by_role("alert").wait_for()
    faults["refused"] = violations(screen.page)
    sign_in(screen, "Lea")
    screen.page.get_by_role("link", name="t1_ann", exact=True).wait_for()
    faults["lead"] = violations(screen.page)
    assert {state: found for state, found in faults.items() if found} == {}


def test_signing_in_fits_a_small_window(window):
    screen = window(viewport={"width": 320, "height": 500})
    screen.page.goto(f"{screen.origin}/start")
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_reader_sees_everybodys_work_and_is_told_that_it_stays(window):
    screen = window()
    sign_in(screen, "Rosa")
    open_first(screen)
    expect(
        screen.page.locator(".stripe").first
    ).to_be_visible()  # others', as there is none of hers
    screen.focus(BUS)
    before = screen.unit(BUS).locator(".stripe").count()
    screen.code("shame")
    screen.says("needs a coder, and you are a reader")
    expect(screen.unit(BUS).locator(".stripe")).to_have_count(before)


# [role, screen, what is there when it can be looked at, keys that it does not offer]
WITHHELD = [
    ("Rosa", "/t/1", "#transcripts .n", "cqi[]m0ax"),
    ("Rosa", "/queue", "#card .here", "axc0s"),
    ("Rosa", "/codes/2", "#detail section", "nevgszly"),
    ("Rosa", "/themes", ".item", "mbnrtlzcgsx"),
    ("Rosa", "/map", "#picture [data-theme]", "pnrtmlz"),
    ("Rosa", "/search?q=bus", ".hit", "xac"),
    ("Rosa", "/compare/1", ".difference", "1230c[]bfAr"),
    ("Amina", "/codes/2", "#detail section", "evgsz"),
    ("Amina", "/compare/1", ".difference", "1230c[]bfAr"),
]


@pytest.mark.parametrize(("name", "address", "ready", "keys"), WITHHELD)
def test_what_somebody_may_not_do_is_not_offered_and_a_key_says_why(
    window, study, name, address, ready, keys
):
    fill(study)
    screen, sent = window(), []
    page = screen.page
    sign_in(screen, name)
    page.get_by_role("link", name="t1_ann", exact=True).first.wait_for()
    page.goto(screen.origin + address)
    page.locator(ready).first.wait_for()
    page.on("request", lambda request: sent.append(request.url) if request.method != "GET" else 0)
    role, beyond = ("a reader", ["coder", "lead"]) if name == "Rosa" else ("a coder", ["lead"])
    for needed in beyond:
        assert page.locator(f"[data-needs={needed}]:visible").count() == 0
    assert violations(page) == []
    screen.press("?")
    offered = page.locator("#sheet[open] dt kbd").all_text_contents()
    assert not {f"⇧ {key}" if key == "A" else key for key in keys} & set(offered)
    screen.press("Escape")
    for key in [*keys, *(["Control+z"] if name == "Rosa" else [])]:
        page.evaluate(
            "document.getElementById('say') && (document.getElementById('say').textContent = '')"
        )
        screen.press(key)
        screen.says(f", and you are {role} in this study.")
        expect(page.locator("dialog[open]")).to_have_count(0)
    assert sent == []


def test_what_is_said_has_the_width_of_a_small_window(window):
    screen = window(viewport={"width": 390, "height": 844})
    sign_in(screen, "Rosa")
    open_first(screen)
    screen.focus(BUS)
    screen.press("c")
    screen.says("needs a coder")
    box = screen.page.locator("#say").bounding_box()
    assert box["width"] > 300
    assert abs(box["x"] - (390 - box["x"] - box["width"])) <= 1


def test_words_that_a_reader_selects_offer_no_coding(window):
    screen = window()
    sign_in(screen, "Rosa")
    open_first(screen)
    screen.focus(BUS)
    screen.page.evaluate("getSelection().selectAllChildren(document.activeElement)")
    screen.press("Shift+ArrowRight")
    expect(screen.page.locator("#bar")).to_be_hidden()
    expect(screen.page.get_by_role("tab", name="History")).to_be_hidden()
    screen.page.get_by_role("tab", name="Memos").focus()
    screen.press("ArrowRight")
    expect(screen.page.get_by_role("tab", name="Codes")).to_be_focused()
    expect(screen.page.locator("#panel-codes button[data-code]")).to_have_count(0)


def test_two_coders_work_at_once_each_as_themselves(window, study):
    amina, jonas = window(), window()
    for screen, name in ((amina, "Amina"), (jonas, "Jonas")):
        sign_in(screen, name)
        open_first(screen)
        screen.focus(BUS)
        screen.code("shame")
    amina.saved()
    jonas.saved()
    with Project.open(study) as project:
        text = project.transcript("t1_ann").text
        here = [c for c in project.codings(transcript="t1_ann") if c.span.of(text) == BUS]
        assert {c.coder for c in here if c.code == "shame"} == {"Amina", "Jonas"}


def test_a_server_that_is_gone_for_half_a_minute_loses_nothing(window, team, study):
    screen = window()
    sign_in(screen, "Amina")
    open_first(screen)
    screen.focus(BUS)
    team.stop()
    screen.code("shame")
    screen.focus(FELT)
    screen.code("family")
    saved = screen.page.locator("#saved")
    expect(saved).to_contain_text("2 not saved, trying again", timeout=20_000)
    expect(screen.unit(BUS).locator(".stripe").last).to_be_visible()
    time.sleep(30)  # the server is gone for as long as the design asks
    expect(saved).to_contain_text("2 not saved, trying again. The server does not answer.")
    team.start()
    # Sessions end with the server: the work waits until she has signed in again in another tab.
    expect(saved).to_contain_text(
        "The page is locked. Open it again in another tab", timeout=20_000
    )
    tab = screen.context.new_page()
    sign_in(screen, "Jonas", page=tab)
    tab.get_by_role("link", name="t1_ann", exact=True).wait_for()
    expect(saved).to_contain_text("Somebody else is signed in here", timeout=20_000)
    tab.wait_for_load_state()
    tab.get_by_role("button", name="Sign out").click()
    tab.get_by_label("Name").wait_for()
    sign_in(screen, "Amina", page=tab)
    expect(saved).to_have_text(re.compile("^Saved"), timeout=20_000)
    with Project.open(study) as project:
        acts = [act for act in project.history() if act.key.startswith("page:")]
    assert [act.coder for act in acts] == ["Amina", "Amina"]


def test_a_pass_finished_while_coding_takes_the_coding_back_and_says_so(window, study):
    with Project.open(study) as project:
        project.assign_passes(
            ["Amina"], coder="Lea", options=AssignOptions(transcripts=("t1_ann",))
        )
    screen = window()
    sign_in(screen, "Amina")
    open_first(screen)
    screen.focus(BUS)
    with Project.open(study) as project:
        project.finish_pass("Amina", ["t1_ann"], options=PassOptions(unread="leave"))
    screen.code("shame")
    screen.says("finished")
    expect(screen.unit(BUS).locator(".stripe")).to_have_count(0)


@pytest.mark.parametrize("how", ["archive", "merge"])
def test_a_code_that_goes_while_coding_is_said(window, study, how):
    screen = window()
    sign_in(screen, "Amina")
    open_first(screen)
    screen.focus(BUS)
    with Project.open(study) as project:
        editor = project.edit_codebook(coder="Lea")
        editor.archive("shame") if how == "archive" else editor.merge("shame", "family")
    screen.code("shame")
    screen.says("is archived" if how == "archive" else "No code")
    expect(screen.unit(BUS).locator(".stripe")).to_have_count(0)


def test_a_study_that_another_program_writes_is_said_and_waited_for(window, study):
    screen = window()
    sign_in(screen, "Amina")
    open_first(screen)
    screen.focus(BUS)
    saved = screen.page.locator("#saved")
    with closing(sqlite3.connect(study, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        screen.code("shame")
        expect(saved).to_contain_text("another program is writing to it", timeout=20_000)
        expect(screen.unit(BUS).locator(".stripe")).to_have_count(1)
        other.execute("ROLLBACK")
    expect(saved).to_have_text(re.compile("^Saved"), timeout=20_000)


def test_a_study_moved_away_is_said_on_every_screen(window, study, tmp_path):
    screen = window()
    sign_in(screen, "Amina")
    screen.page.get_by_role("link", name="t1_ann", exact=True).wait_for()
    moved = shutil.move(study, tmp_path / "elsewhere.autocode")
    for path in ("/", "/t/1", "/queue"):
        screen.page.goto(screen.origin + path)
        expect(screen.page.get_by_role("heading", level=1)).to_have_text("This cannot be shown")
        expect(screen.page.locator("main")).to_contain_text("small.autocode")
    shutil.move(moved, study)
    screen.page.goto(screen.origin + "/t/1")
    expect(screen.page.get_by_role("heading", level=1)).to_have_text("t1_ann")
