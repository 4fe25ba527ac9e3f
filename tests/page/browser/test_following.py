"""Suggestions that follow the coder: what comes next moves, what is looked at stays."""

from __future__ import annotations

import os
import shutil
import signal

import pytest

from autocode.encode.hashing import HashEncoder
from autocode.project import Project

from .support import Screen, expect

READY = "Suggestions of what comes next follow your coding."
FIRST, SECOND, THIRD, FOURTH = (
    "A year of waiting", "My family never knew", "You feel shame", "The bus driver knew me",
)  # fmt: skip


@pytest.fixture
def study(built, tmp_path):
    study = shutil.copy(built, tmp_path / "small.autocode")
    with Project.open(study) as project:
        project.suggest(HashEncoder())
    return study


@pytest.fixture
def screen(chromium, serve, study):
    screen = Screen(chromium, serve(study, follows=True))
    screen.sign_in("Amina")
    yield screen
    screen.close()


def panel(screen):
    return screen.page.locator("#panel-suggestions")


def share(screen, code):
    """The percentage that the panel gives a code on the segment where the reader is."""
    row = panel(screen).locator("li", has_text=code)
    return int(row.locator(".measure span").nth(2).inner_text().removesuffix(" %"))


def open_followed(screen):
    screen.open("t3_cath")
    screen.page.locator("#tab-suggestions").click()
    expect(panel(screen)).to_contain_text(READY, timeout=60_000)


def moves(screen):
    return screen.page.expect_response(
        lambda answer: "/following" in answer.url and answer.json()["suggestions"], timeout=40_000
    )


def test_three_codings_by_hand_move_what_comes_next(screen):
    open_followed(screen)
    screen.focus(FOURTH)
    before = share(screen, "Shame")
    run = screen.server.project.last_run("suggest").number
    for words in (FIRST, SECOND, THIRD):
        screen.focus(words)
        expect(panel(screen).locator("li")).to_have_count(3)
        with moves(screen):
            screen.code("Shame")
        expect(panel(screen)).to_contain_text("Nothing is suggested here.")
    screen.focus(FOURTH)
    expect(panel(screen).locator("li")).to_have_count(3)
    screen.until(lambda: share(screen, "Shame"), lambda now: now > before)
    assert screen.server.project.last_run("suggest").number == run
    for _ in range(3):
        # What comes while the reader looks at a segment waits there until it is asked for.
        with moves(screen):
            screen.press("Control+z")
    expect(screen.page.locator("#undo")).to_be_disabled()
    screen.focus(FIRST)
    screen.focus(FOURTH)
    row = panel(screen).locator("li", has_text="Shame").locator(".measure span").nth(2)
    expect(row).to_have_text(f"{before} %")
    assert screen.faults == []


def test_what_the_reader_looks_at_stays_until_it_is_asked_for(screen):
    open_followed(screen)
    screen.focus(FOURTH)
    expect(panel(screen).locator("li")).to_have_count(3)
    shown = panel(screen).locator(".list").inner_text()
    before = share(screen, "Shame")
    text = screen.server.project.transcript("t3_cath").text
    for words in (FIRST, SECOND, THIRD):
        start = text.index(words)
        span = {"start": start, "end": text.index("\n", start)}
        # Coded by the same coder while the reader stays where they are.
        screen.page.evaluate(
            """async ([transcript, start, end, quote]) => {
              const key = crypto.randomUUID();
              const body = { key, kind: "code", code: "shame", transcript, start, end, quote };
              const headers = { "Content-Type": "application/json" };
              await fetch("/acts", { method: "POST", headers, body: JSON.stringify(body) });
            }""",
            [
                screen.server.project.transcript_numbers()["t3_cath"],
                span["start"], span["end"], text[span["start"] : span["end"]],
            ],
        )  # fmt: skip
    button = panel(screen).get_by_role("button", name="Your coding moved these")
    expect(button).to_be_visible(timeout=40_000)
    assert panel(screen).locator(".list").inner_text() == shown
    screen.press("u")
    screen.says("These follow your coding")
    expect(button).to_be_hidden()
    screen.until(lambda: share(screen, "Shame"), lambda now: now > before)
    screen.press("a")
    screen.saved()
    (decision,) = screen.server.project.decisions()
    assert decision.action == "accept"


def test_the_queue_follows_and_goes_on_when_the_process_is_killed(screen):
    number = screen.server.project.transcript_numbers()["t3_cath"]
    screen.page.goto(f"{screen.origin}/queue?transcript={number}")
    follows = screen.page.locator("#following")
    expect(follows).to_have_text(READY, timeout=60_000)
    options = screen.page.locator("#options")

    def share_of(code):
        row = options.locator("li", has_text=code).locator(".measure span").nth(2)
        return int(row.inner_text().removesuffix(" %"))

    screen.press("n", "n", "n")
    expect(screen.page.locator("#progress")).to_contain_text("Segment 4")
    before = share_of("Shame")
    screen.press("p", "p", "p")
    for at in range(3):
        expect(screen.page.locator("#progress")).to_contain_text(f"Segment {at + 1}")
        screen.press("c")
        screen.type("shame")
        screen.press("Enter")
    expect(screen.page.locator("#progress")).to_contain_text("Segment 4")
    screen.saved()

    def take_what_moved():
        if screen.page.locator("#moved").is_visible():
            screen.press("u")
        return share_of("Shame")

    screen.until(take_what_moved, lambda now: now > before)
    os.kill(screen.server.followers.process_id, signal.SIGKILL)
    screen.press("a")
    screen.saved()
    expect(follows).to_contain_text("no longer follow your coding", timeout=40_000)
    assert len(screen.server.project.decisions()) == 4
    assert screen.faults == []
