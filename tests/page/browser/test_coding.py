"""Reading and coding in a browser: by keys and by mouse, and what the study then holds."""

from __future__ import annotations

import pytest

from autocode.project import Project
from autocode.project.hand_coding import HandOptions, Place

from .support import Screen, expect

BUS = "The bus stopped running on Sundays so nobody could get there."
FARE = "The bus fare went up again and the bus was always late."


def test_a_segment_is_coded_by_keys(screen):
    screen.open("t1_ann")
    screen.focus(BUS)
    screen.code("sham")
    screen.says("Coded Shame")
    screen.saved()
    assert (BUS, "shame") in screen.codings()
    expect(screen.unit(BUS).locator(".stripe")).to_have_text("Sh")
    expect(screen.unit(BUS).locator(".about")).to_have_text("Codes: Shame")
    screen.press("j", "j", "q")
    screen.says("Coded Shame")
    screen.saved()
    assert len([code for _, code in screen.codings() if code == "shame"]) == 3


def test_selected_words_are_coded_as_whole_words(screen):
    screen.open("t1_ann")
    screen.select("stopped running")
    expect(screen.page.locator("#bar")).to_be_visible()
    screen.page.locator("#bar button", has_text="Code").click()
    screen.type("wait")
    screen.press("Enter")
    screen.saved()
    assert ("stopped running", "wait") in screen.codings()


def test_the_ends_of_a_coding_are_moved_by_keys(screen):
    screen.open("t1_ann")
    screen.focus(BUS)
    screen.code("shame")
    screen.press("[", "ArrowRight", "ArrowRight", "Enter")
    screen.says("Moved")
    screen.press("]", "ArrowLeft", "ArrowLeft", "ArrowLeft", "Control+ArrowLeft", "Enter")
    screen.saved()
    assert ("stopped running on Sundays so nobody coul", "shame") in screen.codings()
    screen.press("[", "ArrowLeft", "Escape")
    screen.saved()
    assert ("stopped running on Sundays so nobody coul", "shame") in screen.codings()


def test_words_are_chosen_and_coded_without_a_mouse(screen):
    screen.open("t1_ann")
    screen.focus(BUS)
    screen.press("[", "ArrowRight", "Enter", "]", *["ArrowLeft"] * 7, "Enter")
    screen.press("i")
    expect(screen.page.locator("#picker input")).to_have_value("bus stopped running on")
    screen.type("No bus")
    screen.press("Enter")
    screen.says("New code No bus")
    screen.saved()
    assert ("bus stopped running on", "no-bus") in screen.codings()


def test_overlapping_codings_stand_beside_each_other_and_can_be_picked(screen):
    screen.open("t1_ann")
    screen.focus(BUS)
    screen.press("c")
    screen.type("shame")
    screen.press("Shift+Enter")
    screen.type("family")
    screen.press("Enter")
    screen.saved()
    screen.select("stopped running")
    screen.press("c")
    screen.type("waiting")
    screen.press("Enter")
    screen.saved()
    stripes = screen.unit(BUS).locator(".stripe")
    expect(stripes).to_have_count(3)
    lefts = {round(stripes.nth(i).bounding_box()["x"]) for i in range(3)}
    assert len(lefts) == 3
    screen.press("o", "o", "o")
    expect(screen.unit(BUS).locator(".stripe.chosen")).to_have_text("Wa")
    screen.press("Delete")
    screen.saved()
    assert [code for words, code in screen.codings() if words == "stopped running"] == []
    assert {code for words, code in screen.codings() if words == BUS} == {"shame", "family"}


def test_another_code_is_put_in_place_of_a_chosen_coding(screen):
    screen.open("t1_ann")
    screen.focus(BUS)
    screen.code("shame")
    screen.press("o")
    screen.code("family")
    screen.says("Changed to Family")
    screen.saved()
    assert {code for words, code in screen.codings() if words == BUS} == {"family"}


def test_a_memo_goes_on_the_coding_just_made_and_a_draft_stays(screen):
    screen.open("t1_ann")
    screen.focus(BUS)
    screen.code("shame")
    screen.press("m")
    screen.type("is it shame?")
    screen.press("Escape", "m")
    expect(screen.page.locator("#memo textarea")).to_have_value("is it shame?")
    screen.press("Control+Enter")
    screen.saved()
    kept = screen.server.project.codings(transcript="t1_ann", code="shame", coder="Amina")
    assert "is it shame?" in {coding.memo for coding in kept}
    screen.page.get_by_role("tab", name="Memos").click()
    expect(screen.page.locator("#panel-memos")).to_contain_text("is it shame?")


def test_read_with_no_code_is_noted_and_taken_back(screen):
    screen.open("t1_ann")
    screen.focus(BUS)
    screen.press("0")
    screen.says("Read, no code applies")
    screen.saved()
    assert any(r.coder == "Amina" and r.basis == "person" for r in screen.server.project.readings())
    screen.press("0")
    screen.says("Not read")
    expect(screen.unit(BUS).locator(".about")).to_have_text("")


def test_twenty_acts_are_undone_and_redone_by_keys(screen):
    screen.open("t1_ann")
    before = screen.server.project.content_digest()
    screen.focus("I waited nine months")
    for code in ("shame", "family", "access"):
        screen.code(code)
    screen.press("Escape")
    for _ in range(4):
        screen.press("j", "j")
        for code in ("shame", "family", "access", "waiting"):
            screen.code(code)
    screen.press("0")
    screen.saved()
    after = screen.server.project.content_digest()
    n_acts = len([a for a in screen.server.project.history() if a.key.startswith("page:")])
    assert n_acts >= 15
    for _ in range(n_acts):
        screen.press("Control+z")
    expect(screen.page.locator("#undo")).to_be_disabled()
    assert screen.server.project.content_digest() == before
    for _ in range(n_acts):
        screen.press("Control+Shift+Z")
    expect(screen.page.locator("#redo")).to_be_disabled()
    assert screen.server.project.content_digest() == after


def test_filters_say_whose_and_which_codings_are_shown(screen):
    screen.open("t1_ann")
    ashamed = "I felt ashamed to ask for help"
    expect(screen.unit(ashamed).locator(".stripe")).to_have_count(1)
    screen.page.locator("#filters [name=coder]").select_option(label="everybody")
    expect(screen.unit(ashamed).locator(".stripe")).to_have_count(2)
    screen.page.locator("#filters [name=code]").select_option("family")
    expect(screen.unit(ashamed).locator(".stripe")).to_have_count(0)
    screen.focus("I waited nine months")
    screen.press("j")
    expect(screen.unit("My sister drove me")).to_be_focused()


@pytest.mark.parametrize("key", ["c", "q", "Delete", "0", "m"])
def test_letters_do_nothing_outside_the_text(screen, key):
    screen.open("t1_ann")
    before = screen.server.project.revision()
    screen.page.locator("#tab-codes").focus()
    screen.press(key)
    expect(screen.page.locator("dialog[open]")).to_have_count(0)
    assert screen.server.project.revision() == before


def test_an_address_leads_to_words(screen):
    screen.open("t1_ann")
    text = screen.server.project.transcript("t1_ann").text
    start = text.index("stopped running")
    screen.page.goto(f"{screen.origin}/t/1#{start}-{start + 15}")
    screen.page.reload()
    expect(screen.page.locator("#bar")).to_be_visible()
    expect(screen.unit(BUS)).to_be_focused()
    screen.code("shame")
    screen.saved()
    assert ("stopped running", "shame") in screen.codings()


def test_one_speaker_can_be_walked_through(screen):
    screen.open("t1_ann")
    screen.page.locator("#filters [name=speaker]").select_option("Interviewer")
    screen.focus("And what about part 0?")
    screen.press("j")
    expect(screen.unit("And what about part 1?")).to_be_focused()


def test_hostile_words_are_shown_as_they_are(chromium, serve, tmp_path):
    words = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
    (tmp_path / "talk.txt").write_text(f"Ann: {words}\nBen: so\n", encoding="utf-8")
    with Project.open(tmp_path / "h.autocode", create_new=True) as project:
        project.import_paths([tmp_path / "talk.txt"])
        project.edit_codebook(coder="Kim").add(words, definition=words)
    screen = Screen(chromium, serve(tmp_path / "h.autocode"))
    screen.sign_in(words)
    screen.open("talk")
    screen.unit("onerror").evaluate("(unit) => unit.focus()")
    screen.press("c")
    screen.type("img")
    screen.press("Enter", "m")
    screen.type(words)
    screen.press("Control+Enter")
    screen.saved()
    for name in ("Memos", "History", "Codes"):
        screen.page.get_by_role("tab", name=name).click()
    expect(screen.page.locator("#panel-codes")).to_contain_text(words)
    assert screen.page.locator("img, #text script").count() == 0
    screen.close()


def test_a_stripe_of_some_words_stands_beside_their_lines(screen):
    screen.page.set_viewport_size({"width": 900, "height": 900})
    screen.open("t1_ann")
    screen.page.evaluate("document.querySelector('#text').style.maxWidth = '260px'")
    screen.select("nobody could")
    screen.code("shame")
    screen.saved()
    assert ("nobody could", "shame") in screen.codings()
    stripe = screen.unit(BUS).locator(".stripe").bounding_box()
    words = screen.unit(BUS).locator("p").bounding_box()
    assert words["height"] > 60
    assert stripe["y"] > words["y"] + words["height"] / 3
    assert stripe["height"] < words["height"] / 1.5


def test_a_memo_on_words_is_changed_and_deleted(screen):
    screen.open("t1_ann")
    screen.focus(FARE)
    screen.press("m")
    screen.type("dear")
    screen.press("Control+Enter")
    screen.saved()
    screen.press("m")
    expect(screen.page.locator("#memo textarea")).to_have_value("dear")
    screen.press("End")
    screen.type(" and late")
    screen.press("Control+Enter")
    screen.saved()
    screen.page.get_by_role("tab", name="Memos").click()
    memos = screen.page.locator("#panel-memos")
    expect(memos).to_contain_text("dear and late")
    project = screen.server.project
    assert [m.text for m in project.memos()] == ["dear and late"]
    # Changed elsewhere meanwhile: nothing is written over, and both are shown.
    start = project.transcript_text("t1_ann").index(FARE)
    place = Place(transcript="t1_ann", start=start, end=start + len(FARE))
    note = HandOptions(memo="from elsewhere")
    memos.get_by_role("button", name="Change").click()
    project.change_memo(place, "dear and late", coder="Amina", options=note)
    screen.type(", mine")
    screen.press("Control+Enter")
    screen.says("By now it says: from elsewhere")
    screen.press("m")
    expect(screen.page.locator("#memo textarea")).to_have_value("dear and late, mine")
    expect(screen.page.locator("#memo")).to_contain_text("Kept now: from elsewhere")
    screen.press("Escape")
    memos.get_by_role("button", name="Delete").click()
    screen.says("Memo deleted")
    screen.saved()
    assert project.memos() == []
    screen.press("Control+z")
    expect(memos).to_contain_text("from elsewhere")


def test_segments_are_chosen_by_an_attribute_of_who_speaks(screen):
    screen.open("t1_ann")
    screen.page.locator("#filters [name=attribute]").select_option("region: north")
    expect(screen.page.locator("#shown")).to_contain_text("6 of 12 segments")
    expect(screen.unit(BUS)).not_to_have_class("unit off")
    screen.open("t3_cath")
    expect(screen.page.locator("#filters [name=attribute]")).to_be_hidden()


def test_words_beside_a_hundred_thousand_characters_without_a_break_can_be_coded(
    chromium, serve, tmp_path
):
    # Chromium's parser makes several text nodes of so much text.
    words = "🙂" + "ab" * 50_000
    talk = tmp_path / "talk.txt"
    talk.write_text(f"Ann: {words}\nBen: We waited.\n", encoding="utf-8")
    (tmp_path / "codebook.csv").write_text("code,name\nwait,Waiting\n")
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        project.import_paths([talk, tmp_path / "codebook.csv"])
    screen = Screen(chromium, serve(tmp_path / "s.autocode"))
    screen.context.set_default_timeout(40_000)
    screen.sign_in("Kim")
    screen.open("talk")
    screen.unit("We waited.").evaluate("(unit) => unit.focus()")
    screen.press("c")
    screen.type("wait")
    screen.press("Enter")
    screen.saved()
    screen.close()
    with Project.open(tmp_path / "s.autocode") as project:
        [coding] = project.codings()
        assert coding.span.of(project.transcript("talk").text) == "We waited."


def test_how_far_the_coder_is_changes_with_every_act(screen):
    screen.open("t1_ann")
    shown = screen.page.locator("#transcripts [aria-current] .n")
    before = screen.page.evaluate("fetch('/progress').then((a) => a.json())")["transcripts"][0]
    n, of = before["n_done"], before["n_segments"]
    expect(shown).to_have_text(f" {n} of {of}")
    screen.focus(BUS)
    screen.code("shame")
    expect(shown).to_have_text(f" {n + 1} of {of}")
    screen.press("J", "0")
    expect(shown).to_have_text(f" {n + 2} of {of}")
    screen.saved()
    after = screen.page.evaluate("fetch('/progress').then((a) => a.json())")["transcripts"][0]
    assert (after["n_done"], after["n_segments"]) == (n + 2, of)
    screen.press("Control+z", "Control+z")
    expect(shown).to_have_text(f" {n} of {of}")


def test_the_first_code_can_be_made_where_there_is_none(chromium, serve, tmp_path):
    study, said = tmp_path / "bare.autocode", tmp_path / "t1_ann.txt"
    said.write_text(f"I: How was it?\nAnn: {BUS}\n")
    with Project.open(study, create_new=True) as project:
        project.import_paths([said])
    screen = Screen(chromium, serve(study))
    try:
        screen.sign_in("Amina")
        screen.open("t1_ann")
        panel = screen.page.locator("#panel-codes")
        expect(panel).to_contain_text("There are no codes yet. Make the first with c")
        screen.focus(BUS)
        screen.press("c")
        asked = screen.page.locator("#picker input")
        expect(asked).to_have_attribute("placeholder", "type the name of a new code")
        screen.type("No bus")
        screen.press("Enter")
        screen.saved()
        assert screen.codings() == {(BUS, "no-bus")}
        expect(panel).to_contain_text("A click puts the code on the selected words")
        screen.press("c")
        expect(asked).to_have_attribute("placeholder", "type to find a code, or a new name")
    finally:
        screen.close()
