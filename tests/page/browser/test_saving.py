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


def test_what_waits_is_sent_also_where_a_page_fails_to_show_an_answer(screen):
    screen.open("t1_ann")
    acts = screen.page.evaluate(
        """async (module) => {
            const { Outbox } = await import(module);
            const outbox = new Outbox();
            const told = [];
            const failing = () => { throw new Error("the page cannot show this"); };
            outbox.add({ kind: "no such act" }, { refused: failing });
            await new Promise((resolve) => {
                const refused = (error) => resolve(told.push(error.status));
                outbox.add({ kind: "no such act" }, { refused });
                setTimeout(resolve, 10_000); // or a fault would hang here
            });
            return [told, outbox.waiting.length];
        }""",
        screen.page.locator("script[type=module]").first.get_attribute("src").rpartition("/")[0]
        + "/outbox.js",
    )
    assert acts == [[422], 0]
    assert any("cannot show this" in fault for fault in screen.faults)
    screen.faults.clear()


def test_a_code_made_while_the_server_is_gone_can_be_applied_again(screen, serve, study):
    screen.open("t1_ann")
    screen.focus(BUS)
    n_before = screen.page.locator(".stripe").count()
    port, secrets = screen.server.port, screen.server.sessions
    screen.server.stop()
    screen.code("Sundays")
    screen.press("j")
    screen.code("Sundays")
    screen.press("j")
    screen.code("Sundays")
    saved = screen.page.locator("#saved")
    expect(saved).to_contain_text("3 not saved, trying again", timeout=20_000)
    screen.server = serve(study, port)
    screen.server.sessions._sessions.update(secrets._sessions)
    screen.saved()
    assert sum(code == "sundays" for _, code in screen.codings()) == 3
    screen.until(screen.page.locator(".stripe").count, lambda n: n == n_before + 3)


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


def code_twice(screen):
    """Two acts of Amina on t2_bob, as if made on the page."""
    place = Place(transcript="t2_bob", turn=2)
    for code in ("shame", "family"):
        options = HandOptions(key=f"page:{code:-<20}")
        screen.server.project.code(place, code, coder="Amina", options=options)


def test_a_lost_answer_or_a_refusal_in_the_history_leaves_the_keys_as_they_were(screen):
    code_twice(screen)
    project, page = screen.server.project, screen.page
    page.goto(f"{screen.origin}/history")
    n_lost = []

    def lose(route):
        n_lost.append(route.fetch().status)
        route.abort()

    page.route("**/acts", lose, times=1)
    screen.press("Control+z")
    screen.says("fetch")
    assert n_lost == [200]
    screen.press("Control+z")
    expect(page.locator("#acts tr.undone")).to_have_count(1)
    assert [a.kind for a in project.history()].count("undo") == 1
    refusal = {"error": "Not now."}
    page.route("**/acts", lambda route: route.fulfill(status=409, json=refusal), times=1)
    last = next(a.number for a in project.history() if a.key.startswith("page:shame"))
    page.locator(f"[data-act='{last}']").click()
    page.locator("#ask button.main").press("Enter")
    expect(page.locator("#ask .fault")).to_have_text("Not now.")
    expect(page.locator("#ask button.main")).to_be_focused()
    screen.press("Control+Enter")
    expect(page.locator("#acts tr.undone")).to_have_count(2)


def test_what_cannot_be_read_after_an_act_stops_neither_keys_nor_dialogs(screen):
    code_twice(screen)
    page = screen.page
    page.goto(f"{screen.origin}/queue")
    page.route("**/queue/state", lambda route: route.abort(), times=1)
    page.locator("#undo").click()
    screen.says("fetch")
    page.locator("#undo").click()
    screen.says("Undone")
    assert [a.kind for a in screen.server.project.history()].count("undo") == 2
    page.goto(f"{screen.origin}/compare/1")
    page.locator(".difference").first.focus()
    screen.press("A")
    page.route("**/compare/1/state*", lambda route: route.abort())
    page.get_by_role("button", name="Take all", exact=True).click()
    screen.says("Taken")
    expect(page.locator("#ask")).to_be_hidden()


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


def test_a_memo_typed_for_a_coding_that_was_merged_away_meanwhile_stays_a_draft(screen):
    screen.open("t1_ann")
    screen.focus(BUS)
    screen.code("shame")
    screen.saved()
    screen.press("m")
    screen.type("what I thought")
    screen.server.project.edit_codebook(coder="Jonas").merge("shame", "family")
    screen.press("Control+Enter")
    screen.says("kept as a draft: press m")
    screen.press("m")
    area = screen.page.locator("#memo textarea")
    expect(area).to_have_value("what I thought")
    expect(screen.page.locator("#memo")).to_contain_text("Memo on these words")
    area.press("Control+Enter")
    screen.saved()
    assert "what I thought" in {memo.text for memo in screen.server.project.memos()}
    screen.press("m")
    expect(area).to_have_value("what I thought")
