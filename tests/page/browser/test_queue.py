"""The queue and the Suggestions panel in a browser: decided on by keys, and what is then stored."""

from __future__ import annotations

import csv
import shutil

import pytest

from autocode.encode.hashing import HashEncoder
from autocode.project import Project

from ...small_study import CODEBOOK, CODED, TALK
from .support import LOOKS, Screen, expect, violations


@pytest.fixture(scope="session")
def suggested(tmp_path_factory):
    """A study of 60 segments with suggestions: the small one, said again by others."""
    folder = tmp_path_factory.mktemp("queue")
    for again in range(3):
        for name, answers in TALK.items():
            who = name.split("_")[1].title()
            talk = "".join(f"Interviewer: Part {i}?\n{who}: {a}\n" for i, a in enumerate(answers))
            stem = f"{name}_{again}" if again else name
            extra = f"{who}: And that was year {again}.\n" if again else ""
            (folder / f"{stem}.txt").write_text(talk + extra, encoding="utf-8")
    (folder / "codebook.csv").write_text(CODEBOOK, encoding="utf-8")
    with (folder / "codings.csv").open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["transcript", "excerpt", "coder", "code"])
        table.writerows([name, TALK[name][at], coder, code] for name, at, coder, code in CODED)
    study = folder / "many.autocode"
    with Project.open(study, create_new=True) as project:
        project.import_paths([folder])
        project.suggest(HashEncoder())
    return study


@pytest.fixture
def study(suggested, tmp_path):
    return shutil.copy(suggested, tmp_path / "many.autocode")


@pytest.fixture
def queue(screen):
    screen.page.goto(f"{screen.origin}/queue")
    expect(screen.page.locator("#card")).to_be_focused()
    return screen


def decided(screen):
    return [(d.action, d.suggested) for d in screen.server.project.decisions()]


def progress(screen, words):
    expect(screen.page.locator("#progress")).to_contain_text(words)


def test_fifty_are_decided_by_keys_alone(queue):
    for n in range(50):
        queue.press("axas0"[n % 3 * 2])  # accept, accept, none
        progress(queue, f"{n + 1} decided")
    queue.saved(seconds=60)  # fifty acts wait for each other
    spans = {(d.transcript, d.span) for d in queue.server.project.decisions()}
    assert len(spans) == 50
    n_acts = len([a for a in queue.server.project.history() if a.key.startswith("page:")])
    assert n_acts == 50
    queue.press(*["Control+z"] * 50)
    expect(queue.page.locator("#undo")).to_be_disabled(timeout=60_000)
    assert decided(queue) == []


def test_each_key_does_what_it_says(queue):
    first = queue.page.locator("#options .choice").nth(0).locator("bdi").inner_text()
    second = queue.page.locator("#options .choice").nth(1).locator("bdi").inner_text()
    ids = {code.name: code.id for code in queue.server.project.codebook()}
    queue.press("x")
    queue.says(f"Rejected {first}")
    queue.press("a")  # the next one is chosen
    queue.says(f"Accepted {second}")
    progress(queue, "Segment 2")
    queue.press("s")
    progress(queue, "Segment 3")
    queue.press("2", "a")
    progress(queue, "Segment 4")
    queue.press("p", "p")
    progress(queue, "Segment 2")
    queue.press("n", "Backspace")
    progress(queue, "Segment 2")
    queue.saved()
    assert decided(queue)[:2] == [("reject", ids[first]), ("accept", ids[second])]
    assert len(decided(queue)) == 3


def test_another_code_is_put_in_place_and_decided_again_after_going_back(queue):
    queue.press("c")
    queue.type("family")
    queue.press("Enter")
    queue.says("changed to Family")
    progress(queue, "Segment 2")
    queue.press("Backspace")
    expect(queue.page.locator("#options .outcome").first).to_have_text("Changed to Family")
    queue.press("1", "x")
    queue.says("Rejected")
    queue.saved()
    assert {action for action, _ in decided(queue)} == {"reject"}
    queue.press("Control+z")
    queue.says("Undone")
    assert {action for action, _ in decided(queue)} == {"change"}
    expect(queue.page.locator("#options .outcome").first).to_have_text("Changed to Family")


def test_evidence_comes_when_it_is_asked_for_and_stays(queue):
    expect(queue.page.locator("#evidence")).to_be_hidden()
    assert not [address for address in queue.addresses if "/evidence" in address]
    queue.press("e")
    expect(queue.page.locator("#evidence h2")).to_be_visible()
    expect(queue.page.locator("#evidence h3").first).to_be_visible()
    queue.page.reload()
    expect(queue.page.locator("#evidence h3").first).to_be_visible()
    queue.page.locator("#card").focus()
    queue.press("e")
    expect(queue.page.locator("#evidence")).to_be_hidden()


def test_what_is_wanted_and_in_which_order(queue):
    wanted = queue.page.locator("#wanted")
    title = queue.page.locator("#card-title")
    wanted.locator("[name=transcript]").select_option(label="t4_dev")
    expect(title).to_contain_text("t4_dev")
    progress(queue, "of 6;")
    wanted.locator("[name=transcript]").select_option("")
    wanted.locator("[name=order]").select_option("uncertain")
    first = queue.page.locator("#options .measure").first.inner_text()
    wanted.locator("[name=order]").select_option("code")
    queue.page.locator("#card").focus()
    queue.press("p")
    assert "%" in first
    wanted.locator("[name=code]").select_option("shame")
    expect(queue.page.locator("#options")).to_contain_text("Shame")


def test_several_are_looked_through_accepted_and_undone(queue):
    queue.page.locator("#many").click()
    dialog = queue.page.locator("#several")
    dialog.locator("select").select_option("likely")
    listed = dialog.locator("li").count()
    assert listed > 2
    dialog.locator("input[type=checkbox]").first.uncheck()
    expect(dialog.locator("[role=status]")).to_have_text(
        f"{listed - 1} of {listed} would be accepted."
    )
    dialog.get_by_role("button", name="Accept").click()
    queue.says(f"{listed - 1} accepted")
    assert [action for action, _ in decided(queue)] == ["accept"] * (listed - 1)
    expect(queue.page.locator("#card")).to_be_focused()
    queue.press("Control+z")
    queue.says("Undone")
    assert decided(queue) == []


def test_own_code_comes_first_and_then_what_was_suggested(queue):
    queue.page.locator("#wanted [name=showing]").select_option("own")
    title = queue.page.locator("#options-title")
    expect(title).to_contain_text("Your own code first")
    expect(queue.page.locator("#options .measure")).to_have_count(0)
    queue.page.locator("#card").focus()
    queue.press("a")
    queue.says("Nothing is shown here")
    queue.press("c")
    queue.type("shame")
    queue.press("Enter")
    expect(title).to_have_text("Your code: Shame. Suggested:")
    expect(queue.page.locator("#options .measure")).not_to_have_count(0)
    assert [kind for kind, _ in decided(queue)] == []
    queue.press("n")
    expect(title).to_contain_text("Your own code first")
    queue.press("0")
    expect(title).to_have_text("You: no code applies. Suggested:")
    queue.saved()
    queue.press("Control+z")
    expect(title).to_contain_text("Your own code first")


def test_what_is_suggested_anew_waits_until_it_is_asked_for(queue):
    for n in range(6):
        queue.press("a")
        progress(queue, f"{n + 1} decided")
    queue.saved()
    shown = queue.page.locator("#card").inner_text()
    last = queue.server.project.last_run("suggest").number
    queue.page.locator("#anew").click()
    expect(queue.page.locator("#renew")).to_be_visible(timeout=90_000)
    assert queue.server.project.last_run("suggest").number > last
    assert queue.page.locator("#card").inner_text() == shown
    queue.page.locator("#card").focus()
    queue.press("u")
    queue.says("These are the new suggestions")
    expect(queue.page.locator("#renew")).to_be_hidden()
    progress(queue, "0 decided")
    queue.page.locator("#wanted [name=order]").select_option("next")
    expect(queue.page.locator("#card")).to_be_hidden()
    expect(queue.page.locator("#card")).to_be_visible(timeout=90_000)


def test_the_first_suggestions_are_shown_when_they_are_there(chromium, serve, built, tmp_path):
    screen = Screen(chromium, serve(shutil.copy(built, tmp_path / "bare.autocode")))
    screen.sign_in("Amina")
    screen.page.goto(f"{screen.origin}/queue")
    expect(screen.page.locator("#empty")).to_contain_text("Nothing is suggested for you yet")
    screen.page.locator("#anew").click()
    expect(screen.page.locator("#card")).to_be_visible(timeout=90_000)
    screen.says("These are the new suggestions")
    expect(screen.page.locator("#renew")).to_be_hidden()
    screen.close()


def test_suggestions_are_decided_in_the_coding_view(screen):
    screen.open("t1_ann_1")
    screen.focus("I waited nine months")
    unit = screen.unit("I waited nine months")
    expect(unit.locator(".about")).to_contain_text("Suggested: Waiting")
    screen.press("1")
    expect(screen.page.locator("#panel-suggestions .measure").first).to_be_visible()
    screen.press("a")
    screen.says("Accepted Waiting")
    screen.saved()
    assert ("accept", "wait") in decided(screen)
    expect(unit.locator(".stripe")).to_have_text("Wa")
    expect(screen.page.locator("#panel-suggestions")).to_contain_text("Nothing is suggested here.")
    screen.press("Control+z")
    screen.says("Undone")
    expect(unit.locator(".stripe")).to_have_count(0)
    expect(screen.page.locator("#panel-suggestions .measure").first).to_be_visible()
    screen.press("0")
    screen.says("Read, no code applies")
    screen.saved()
    assert {action for action, _ in decided(screen)} == {"reject"}
    assert decided(screen)


@pytest.mark.parametrize("look", LOOKS)
def test_the_queue_has_no_violation(chromium, serve, study, look):
    screen, faults = Screen(chromium, serve(study), **LOOKS[look]), {}
    screen.sign_in("Amina")
    screen.page.goto(f"{screen.origin}/queue")
    expect(screen.page.locator("#card")).to_be_focused()
    screen.press("e")
    expect(screen.page.locator("#evidence h3").first).to_be_visible()
    faults["queue"] = violations(screen.page)
    screen.press("x")
    faults["decided"] = violations(screen.page)
    screen.page.locator("#many").click()
    screen.page.locator("#several select").select_option("likely")
    faults["several"] = violations(screen.page)
    screen.press("Escape")
    screen.page.locator("#wanted [name=transcript]").select_option(label="t1_ann")
    screen.page.locator("#wanted [name=case]").select_option("")
    screen.open("t4_dev")
    screen.focus("The waiting list was two years long")
    screen.press("1", "e")
    expect(screen.page.locator("#panel-suggestions h3").first).to_be_visible()
    faults["panel"] = violations(screen.page)
    screen.close()
    assert {state: found for state, found in faults.items() if found} == {}


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1280, 500), (320, 640)])
def test_what_decides_stays_in_view(chromium, serve, study, width, height):
    screen = Screen(chromium, serve(study), viewport={"width": width, "height": height})
    screen.sign_in("Amina")
    screen.page.goto(f"{screen.origin}/queue")
    expect(screen.page.locator("#card")).to_be_focused()
    # A segment longer than any window.
    screen.page.evaluate("document.getElementById('words').style.minHeight = '3000px'")
    screen.page.evaluate("scrollTo(0, 0)")
    buttons = screen.page.locator("#deciding button")
    expect(buttons).to_have_count(8)
    codes = screen.page.locator("#options li") if height > 640 else screen.page.locator("#none")
    for button in [*buttons.all(), *codes.all()]:
        box = button.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height
    screen.press("x")
    screen.says("Rejected")
    bar = screen.page.locator("#deciding").bounding_box()
    say = screen.page.locator("#say").bounding_box()
    assert say["y"] + say["height"] <= bar["y"] or bar["y"] + bar["height"] <= say["y"]
    screen.close()


@pytest.mark.parametrize("width", [320, 640])
def test_the_queue_fits_a_small_window(chromium, serve, study, width):
    with Project.open(study) as project:  # a name that is wider than the window
        project.edit_codebook(coder="Amina").add("Waiting for an answer that never comes, ever")
    screen = Screen(chromium, serve(study), viewport={"width": width, "height": 640})
    screen.sign_in("Amina")
    screen.page.goto(f"{screen.origin}/queue")
    expect(screen.page.locator("#card")).to_be_focused()
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= width
    screen.close()
