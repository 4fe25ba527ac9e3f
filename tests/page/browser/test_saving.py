"""Saving: nothing is lost when the server goes, and nothing newer is written over."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest

from autocode.project.hand_coding import HandOptions, Place

from .support import expect

BUS = "The bus stopped running on Sundays so nobody could get there."


def test_work_done_while_the_server_is_gone_arrives_once(screen, serve, study):
    screen.open("t1_ann")
    screen.focus(BUS)
    port = screen.server.port
    secrets = screen.server.sessions
    screen.server.stop()
    screen.code("shame")
    screen.code("family")
    saved = screen.page.locator("#saved")
    expect(saved).to_contain_text("2 not saved, trying again", timeout=20_000)
    expect(screen.unit(BUS).locator(".stripe")).to_have_count(2)
    screen.server = serve(study, port)
    screen.server.sessions._sessions.update(secrets._sessions)
    expect(saved).to_have_text(re.compile("^Saved"), timeout=20_000)
    assert {code for words, code in screen.codings() if words == BUS} == {"shame", "family"}
    acts = [a for a in screen.server.project.history() if a.key.startswith("page:")]
    assert len(acts) == 2


def test_an_answer_that_is_lost_on_its_way_makes_no_second_act(screen):
    screen.open("t1_ann")
    n_lost = []

    def lose(route):
        if len(n_lost) < 2:
            n_lost.append(route.fetch().status)  # the server did it; the page never hears of it
            route.abort()
        else:
            route.continue_()

    screen.page.route("**/acts", lose)
    screen.focus(BUS)
    screen.code("shame")
    expect(screen.page.locator("#saved")).to_have_text(re.compile("^Saved"), timeout=20_000)
    assert n_lost == [200, 200]
    acts = [a for a in screen.server.project.history() if a.key.startswith("page:")]
    assert len(acts) == 1
    expect(screen.unit(BUS).locator(".stripe")).to_have_count(1)


def test_leaving_with_unsaved_work_warns(screen):
    screen.faults.clear()
    screen.open("t1_ann")
    screen.page.route("**/acts", lambda route: route.abort())
    screen.focus(BUS)
    screen.code("shame")
    expect(screen.page.locator("#saved")).to_contain_text("not saved")
    screen.page.close(run_before_unload=True)
    screen.page.wait_for_event("dialog").accept()
    screen.faults.clear()


def test_another_tab_shows_what_was_done_in_this_one(screen):
    screen.open("t1_ann")
    other = screen.context.new_page()
    screen.watch(other)
    other.goto(screen.page.url)
    screen.page.bring_to_front()
    screen.focus(BUS)
    screen.code("shame")
    screen.saved()
    expect(other.locator(".unit", has_text=BUS).locator(".stripe")).to_have_count(1)


def test_what_was_changed_elsewhere_is_shown_and_not_written_over(screen):
    screen.open("t1_ann")
    screen.focus(BUS)
    screen.code("shame")
    screen.saved()
    text = screen.server.project.transcript("t1_ann").text
    start = text.index(BUS)
    here = Place(transcript="t1_ann", start=start, end=start + len(BUS))
    screen.server.project.note_coding(
        here, "shame", coder="Amina", options=HandOptions(memo="from the command line")
    )
    screen.press("m")
    screen.type("from the page")
    screen.press("Control+Enter")
    screen.says("changed meanwhile")
    screen.press("m")
    expect(screen.page.locator("#memo textarea")).to_have_value("from the page")
    expect(screen.page.locator("#memo")).to_contain_text("Kept now: from the command line")
    screen.press("Escape")
    screen.page.get_by_role("tab", name="Memos").click()
    expect(screen.page.locator("#panel-memos")).to_contain_text("from the command line")
    (coding,) = [
        c
        for c in screen.server.project.codings(code="shame", coder="Amina")
        if c.span.start == start
    ]
    assert coding.memo == "from the command line"


def test_a_session_that_ended_keeps_the_work_on_the_screen(screen):
    screen.open("t1_ann")
    kept = dict(screen.server.sessions._sessions)
    screen.server.sessions._sessions.clear()
    screen.focus(BUS)
    screen.code("shame")
    expect(screen.page.locator("#saved")).to_contain_text("The page is locked")
    screen.server.sessions._sessions.update(kept)
    expect(screen.page.locator("#saved")).to_have_text(re.compile("^Saved"), timeout=20_000)


def test_a_study_that_was_moved_away_is_said_and_waited_for(screen, study, tmp_path):
    screen.open("t1_ann")
    screen.focus(BUS)
    moved = shutil.move(study, tmp_path / "elsewhere.autocode")
    screen.code("shame")
    expect(screen.page.locator("#saved")).to_contain_text("1 not saved")
    expect(screen.page.locator("#saved")).to_contain_text("small.autocode")
    shutil.move(moved, study)
    expect(screen.page.locator("#saved")).to_have_text(re.compile("^Saved"), timeout=20_000)


@pytest.fixture
def started(study):
    """`autocode open` as it is run, and the address that it prints."""
    run = "from autocode.cli.main import run; run()"
    done = subprocess.Popen(
        [sys.executable, "-c", run, "open", str(study), "--coder", "Amina", "--no-browser"],
        stdout=subprocess.PIPE,
        text=True,
    )
    address = next(line.strip() for line in done.stdout if "/start#" in line)
    yield address
    done.terminate()
    done.wait(10)
    done.stdout.close()


def test_the_page_is_started_by_the_address_once(chromium, network, started, tmp_path):
    file = tmp_path / "start.html"
    file.write_text(f'<meta http-equiv="refresh" content="0; url={started}">', encoding="utf-8")
    first, second = chromium.new_context(), chromium.new_context()
    page = first.new_page()
    page.goto(file.as_uri())  # from a file, as a browser is opened
    page.get_by_role("link", name="t1_ann", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("t1_ann")
    assert "#" not in page.evaluate("performance.getEntriesByType('navigation')[0].name")
    late = second.new_page()
    late.goto(started)
    expect(late.locator("#say")).to_contain_text("was used or is more than a minute old")
    late.goto(page.url)
    expect(late.locator("#say")).to_contain_text("This page is locked")
    page.get_by_role("button", name="Leave").click()
    expect(page.locator("#say")).to_contain_text("This page is locked")
    first.close()
    second.close()
