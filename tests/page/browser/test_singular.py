"""A study of one transcript, one code and one difference: counts stand in the singular."""

from __future__ import annotations

import pytest

from autocode.project import Project
from autocode.project.hand_coding import Place

from ...cli.test_counted import ONE, VERBS
from .support import expect

TALK = "Interviewer: Why did you wait?\nAda: I waited nine months for a letter from the clinic.\n"
PLACE = Place(transcript="talk", words="I waited nine months for a letter from the clinic.")
FIRST = {
    "/": "table",
    "/codes": "#tree li",
    "/codes/1": "#detail section",
    "/themes": ".item",
    "/agreement": "#compared",
    "/agreement/excerpts": ".excerpts li",
    "/compare/1": ".difference",
    "/search?q=waited": ".hit",
    "/history": "#acts tr",
    "/t/1": "#transcripts .n",
}


@pytest.fixture
def study(tmp_path):
    (tmp_path / "talk.txt").write_text(TALK, encoding="utf-8")
    (tmp_path / "codebook.csv").write_text("code,name\nwait,Waiting\n", encoding="utf-8")
    study = tmp_path / "one.autocode"
    with Project.open(study, create_new=True) as project:
        project.import_paths([tmp_path / "talk.txt", tmp_path / "codebook.csv"])
        project.code(PLACE, "wait", coder="Amina")
        project.mark_read(PLACE, coder="Ben")
        project.assign_passes(["Amina"])
    return study


RIGHT = {"1 uses", "1 yes", "1 unit rest"}
"""The end of an axis beside a heading, "1 yes/no decision", "0 of 1 unit rest"."""


def find_faults(page):
    words = " ".join(page.locator("body").inner_text().split())
    found = {one[0] for pattern in (ONE, VERBS) for one in pattern.finditer(words)}
    return found - RIGHT


def test_one_of_each_stands_in_the_singular(screen):
    page, faults = screen.page, {}
    for address, there in FIRST.items():
        page.goto(f"{screen.origin}{address}")
        expect(page.locator(there).first).to_be_visible()
        if found := find_faults(page):
            faults[address] = found
    page.goto(f"{screen.origin}/")
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("dialog[open]")).to_contain_text("The one segment is read.")
    assert faults == {}


def test_codes_that_met_once_met_one_time(screen):
    project = screen.server.project
    project.edit_codebook(coder="Amina").add("Letters")
    project.code(PLACE, "letters", coder="Amina")
    screen.page.goto(f"{screen.origin}/codes/1")
    expect(screen.page.locator(".near")).to_contain_text("on the same words 1 time")
    assert find_faults(screen.page) == set()
