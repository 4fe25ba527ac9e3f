"""Searching and the history by keys alone: hits are walked, opened, ticked, coded, undone."""

from __future__ import annotations

import json
import re

import pytest

from autocode.encode.cache import encode_once
from autocode.encode.hashing import HashEncoder
from autocode.project import Project
from autocode.project.hand_coding import Place
from autocode.store.vectors import StudyVectorCache

from .support import Screen, expect
from .test_accessibility import BUS, LOOKS, violations


def look_for(screen, words):
    screen.press("/")
    expect(screen.page.locator("#q")).to_be_focused()
    screen.type(words)
    screen.press("Enter")
    screen.page.wait_for_url(re.compile(r"/search\?q="))


def test_hits_are_walked_opened_and_coded_in_one_act(screen):
    page = screen.page
    screen.open("t1_ann")
    screen.press("/")
    page.wait_for_url("**/search")
    look_for(screen, "BUS")
    hits = page.locator(".hit")
    expect(page.locator("#count")).to_have_text("6 excerpts in 4 transcripts.")
    expect(hits.first).to_be_focused()
    assert hits.first.locator("mark").all_text_contents() == ["bus"]
    screen.press("x", "j", "j", "x")
    expect(page.locator("#count")).to_contain_text("2 ticked")
    screen.press("k", "Enter")
    page.wait_for_url(re.compile(r"/t/1#\d+-\d+$"))
    expect(page.locator(".unit:focus")).to_contain_text("The bus fare went up")
    page.go_back()
    expect(hits.first).to_be_focused()
    n_acts = len(screen.server.project.history())
    screen.press("a", "c")
    screen.type("family")
    screen.press("Enter")
    screen.says("Coded Family on 6. Ctrl+Z undoes.")
    assert len(screen.server.project.history()) == n_acts + 1
    expect(hits.first.locator(".on")).to_contain_text("Family")
    assert screen.server.project.search("bus code:family coder:Amina").n_hits == 6
    screen.press("Control+z")
    screen.says("Undone")
    assert screen.server.project.search("bus code:family").n_hits == 0
    screen.press("?")
    expect(page.locator("#sheet")).to_contain_text("one code on all that are ticked")


def test_marks_stand_on_the_words_whatever_stands_before_them(chromium, serve, study, tmp_path):
    words = "👩‍🚀😀 Straße, it’s e\u0301tait — the NEEDLE, 𝒳 needle."
    (tmp_path / "t9.txt").write_text(f"Eve: {words}\n", encoding="utf-8")
    with Project.open(study) as project:
        project.import_paths([tmp_path / "t9.txt"])
    screen = Screen(chromium, serve(study))
    screen.sign_in("Amina")
    for query, marked in (("needle", ["NEEDLE", "needle"]), ("strasse it's", ["Straße", "it’s"])):
        look_for(screen, query)
        expect(screen.page.locator(".hit mark")).to_have_text(marked)
        expect(screen.page.locator(".hit .words")).to_contain_text(words)
    screen.close()


def test_excerpts_like_a_segment_and_why_there_are_none(chromium, serve, study):
    server = serve(study)
    screen = Screen(chromium, server)
    screen.sign_in("Amina")
    screen.open("t1_ann")
    screen.focus(BUS)
    screen.press("l")
    expect(screen.page.locator("#fault")).to_contain_text("autocode suggest small.autocode")
    texts = [segment.excerpt for segment in server.project.segments()]
    encode_once(HashEncoder(), texts, cache=StudyVectorCache(server.project._study))
    screen.page.reload()
    expect(screen.page.locator(".like")).to_have_text(BUS)
    expect(screen.page.locator(".hit").first).to_contain_text("alike 0.")
    screen.press("l")
    expect(screen.page.locator(".like")).not_to_have_text(BUS)
    screen.close()


def test_an_act_is_undone_from_the_history_after_a_preview(screen):
    page, project = screen.page, screen.server.project
    project.code(Place(transcript="t2_bob", turn=2), "shame", coder="Jonas")
    before = project.content_digest()
    page.get_by_role("link", name="History").click()
    page.wait_for_load_state("networkidle")
    number = project.history()[-1].number
    page.get_by_role("button", name=f"Undo act {number}").press("Enter")
    dialog = page.locator("#ask")
    expect(dialog).to_contain_text("coded Shame in t2_bob, by Jonas")
    screen.press("Escape")
    assert project.content_digest() == before
    page.get_by_role("button", name=f"Undo act {number}").press("Enter")
    dialog.get_by_role("button", name="Undo").press("Enter")
    expect(page.locator("#acts tr").first).to_contain_text("undone: act")
    assert project.content_digest() != before
    screen.press("Control+Shift+z")
    expect(page.locator("#acts tr").first).to_contain_text("redone: act")
    assert project.content_digest() == before
    page.get_by_label("Coder").select_option("Jonas")
    page.get_by_role("button", name="Show").press("Enter")
    expect(page.locator("#acts tr")).to_have_count(1)
    page.get_by_role("button", name="Verify").press("Enter")
    expect(page.locator("#check")).to_contain_text("each as it was made")
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    assert download.value.suggested_filename == "small-history.json"
    kept = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert [act["coder"] for act in kept["acts"]] == ["Jonas"]


@pytest.mark.parametrize("look", LOOKS)
def test_neither_screen_has_a_violation(chromium, serve, study, look):
    screen, faults = Screen(chromium, serve(study), **LOOKS[look]), {}
    screen.sign_in("Amina")
    searches = ("", "?q=bus", "?q=%22", "?q=zebra", "?like=1:45-60")
    histories = ("", "?kind=x", "?coder=x")
    for path in (*(f"/search{q}" for q in searches), *(f"/history{q}" for q in histories)):
        screen.page.goto(screen.origin + path)
        faults[path] = violations(screen.page)
    screen.page.goto(f"{screen.origin}/search?q=bus")
    screen.press("a")
    faults["ticked"] = violations(screen.page)
    screen.press("c")
    faults["picker"] = violations(screen.page)
    screen.page.goto(f"{screen.origin}/history")
    screen.page.locator("[data-act]").first.click()
    screen.page.locator("#ask[open]").wait_for()
    faults["preview"] = violations(screen.page)
    assert {state: found for state, found in faults.items() if found} == {}
    screen.close()


@pytest.mark.parametrize("width", [320, 640, 1920])
def test_nothing_runs_out_of_the_window(chromium, serve, study, width):
    screen = Screen(chromium, serve(study), viewport={"width": width, "height": 640})
    screen.sign_in("Amina")
    for path in ("/search", "/search?q=bus", "/search?q=%22", "/history"):
        screen.page.goto(screen.origin + path)
        assert screen.page.evaluate("document.documentElement.scrollWidth") <= width
    screen.close()
