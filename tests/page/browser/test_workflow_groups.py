"""Focus groups by profession, and a synthesis of papers, without a mouse."""

from __future__ import annotations

import csv
import re

import pytest

from autocode.agreement.reporting.methods_text import format_value

from .support import expect
from .workflow import ask, by_keys, call, code_at, go, reach

GROUP = (
    ("Moderator", "What does a handover look like on your ward?"),
    ("Kofi", "Ten minutes at the bed, and the patient hears all of it."),
    ("Ines", "I read it off the sheet in the lift, there is no time for more."),
    ("Ruth", "We write it and nobody reads it, so I ring the ward myself."),
    ("Moderator", "And when something is missing?"),
    ("Ines", "Then I find out at two in the morning, from the patient."),
    ("Kofi", "I ask the family. The family knows what the sheet does not."),
    ("Ruth", "Ring, and ring again. It is the only thing that works."),
)
CASES = """case,transcript,speaker,profession
FG1-1,fg1,Kofi,nurse
FG1-2,fg1,Ines,doctor
FG1-3,fg1,Ruth,pharmacist
"""
PAPERS = {
    "lam_2016": (
        "Title: Waiting for a bed\nAuthors: Lam, D.\nYear: 2016\nSetting: hospital\n---\n",
        "Relatives sat in corridors and were told nothing. Staff said they had no news.",
        "Those who asked were called difficult.",
    ),
    "reid_2019": (
        "Title: At home with a feeding tube\nAuthors: Reid, S.\nYear: 2019\nSetting: home\n---\n",
        "Carers learned the pump from a video, at night, alone.",
        "Nobody had told them whom to ring when it stopped.",
    ),
}


@pytest.fixture
def groups(tmp_path):
    folder = tmp_path / "groups"
    folder.mkdir()
    talk = "".join(f"{who}: {words}\n" for who, words in GROUP)
    (folder / "fg1.txt").write_text(talk, encoding="utf-8")
    (folder / "cases.csv").write_text(CASES, encoding="utf-8")
    call("import", tmp_path / "handover.autocode", folder)
    return tmp_path / "handover.autocode"


def read_all(screen, work):
    """Code a transcript, and note the rest as read."""
    page = screen.page
    reach(screen, page.get_by_role("link", name="fg1"), "Enter")
    page.locator("#transcripts .n").first.wait_for()
    for words, code in work:
        code_at(screen, words, code)
    units = page.locator(".unit")
    for i in range(units.count()):
        unit = units.nth(i)
        screen.press("Home", *["j"] * i)
        expect(unit).to_be_focused()
        if not unit.locator(".about").inner_text():
            screen.press("0")
            screen.says("Read, no code applies")
    screen.saved()


def test_focus_groups_are_read_by_profession(chromium, serve, groups, tmp_path):
    server = serve(groups)
    kim, lou = (by_keys(chromium, server, name) for name in ("Kim", "Lou"))
    ringing, sheet = "Ringing people up", "The sheet"
    read_all(kim, [("ring the ward", ringing), ("off the sheet", sheet), ("Ring, and", ringing)])
    read_all(
        lou, [("ring the ward", ringing), ("off the sheet", sheet), ("the family. The", sheet)]
    )
    lou.close()
    page = kim.page
    # only what doctors say
    field = page.locator("#filters [name=attribute]")
    reach(kim, field)
    kim.type("profession: doctor" if "profession" in field.inner_text() else "doctor")
    expect(page.locator(".unit:not(.off)")).to_have_count(2)
    # searched for, by an attribute
    go(kim, "Search")
    expect(page.locator("#q")).to_be_focused()
    kim.type("ring profession=pharmacist")
    kim.press("Enter")
    page.wait_for_url(re.compile(r"/search\?q="))
    expect(page.locator(".hit")).to_have_count(2)
    expect(page.locator(".hit").first).to_be_focused()
    # agreement as the command line gives it
    go(kim, "Agreement")
    payload = ask("agree", groups, "--coders", "Kim,Lou")
    for name in ("percent", "krippendorff_alpha"):
        value = format_value(payload["overall"][name]["value"])
        expect(page.locator(f"tr[data-name={name}] td").first).to_have_text(value)
    # a theme, and who voices it
    go(kim, "Themes")
    expect(page.locator(".item:focus")).to_have_count(1)
    kim.press("n")
    kim.type("Going round the record")
    kim.press("Control+Enter")
    kim.says("is on the map")
    card = page.locator(".card .item", has_text=ringing)
    for _ in range(10):
        if card.evaluate("e => e === document.activeElement"):
            break
        kim.press("j")
    kim.press("m")
    kim.type("Going")
    kim.press("Enter")
    kim.says("Moved to 'Going round the record'")
    kim.saved()
    kim.close()
    shown = call("tables", groups, "--by", "profession")
    assert re.search(rf"{ringing} +- +- +2/1", shown), shown
    quotes = tmp_path / "quotes.csv"
    call(
        "quotes",
        groups,
        "--theme",
        "Going round the record",
        "--by",
        "profession",
        "--output",
        quotes,
    )
    with quotes.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 2
    assert all("pharmacist" in row.values() for row in rows)


def test_papers_are_coded_and_compared_by_setting(chromium, serve, tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    for name, (head, *results) in PAPERS.items():
        (folder / f"{name}.txt").write_text(head + "\n\n".join(results) + "\n", encoding="utf-8")
    study = tmp_path / "synthesis.autocode"
    call("import", study, folder)
    screen = by_keys(chromium, serve(study), "Ana")
    page = screen.page
    reach(screen, page.get_by_role("link", name="lam_2016"), "Enter")
    page.locator("#transcripts .n").first.wait_for()
    code_at(screen, "told nothing", "Left in the dark")
    code_at(screen, "called difficult", "Asking is held against you")
    screen.press("g", "Tab", "Enter")
    page.wait_for_url("**/t/2")
    page.locator("#transcripts .n").first.wait_for()
    code_at(screen, "whom to ring", "Left in the dark")
    go(screen, "Search")
    expect(page.locator("#q")).to_be_focused()
    screen.type('setting=home code:"Left in the dark"')
    screen.press("Enter")
    page.wait_for_url(re.compile(r"/search\?q="))
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator(".hit")).to_contain_text("whom to ring")
    go(screen, "History")
    expect(page.locator("#acts tr").first).to_contain_text("Left in the dark")
    screen.close()
    shown = call("tables", study, "--by", "setting")
    for words in ("home", "hospital", "Left in the dark"):
        assert words in shown
