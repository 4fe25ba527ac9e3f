"""The agreement screen: the numbers of `autocode agree`, and the excerpts behind each."""

from __future__ import annotations

import html
import json
import re
import shutil

import pytest
from click.testing import CliRunner

from autocode.agreement.reporting.methods_text import format_value
from autocode.agreement.study.specs import SPECS
from autocode.cli.main import run
from autocode.core.showing import Showing
from autocode.page.agreement_excerpts import NOTHING, count_differences, select_differences
from autocode.page.app import build_app
from autocode.page.connection import open_served
from autocode.page.session import Sessions
from autocode.project import Project
from autocode.project.assigning import AssignOptions
from autocode.project.hand_coding import HandOptions, Place

from .support import PORT, Page

SHAME = "It was shame that kept me quiet, I was ashamed in front of everybody."


@pytest.fixture
def coded(page):
    """Amina and Jonas differ on t2_bob, where Jonas has a memo."""
    place = Place(transcript="t2_bob", words=SHAME)
    page.project.code(place, "shame", coder="Jonas", options=HandOptions(memo="a feeling"))
    return page


def agree(page, *options):
    words = ["agree", str(page.project.path), *options, "--json"]
    return json.loads(CliRunner().invoke(run, words).stdout)


def cells(text, table, row):
    """The words in the cells of a row of a table, by the value of its data attribute."""
    (found,) = re.findall(rf'<tr data-{table}="{row}">(.*?)</tr>', text, re.DOTALL)
    inner = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", found, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in inner]


@pytest.mark.parametrize("unit", ["segment", "turn", "character", "overlap"])
def test_numbers_are_those_of_agree(coded, unit):
    text = coded.get(f"/agreement?unit={unit}").text
    payload = agree(coded, "--unit", unit)
    assert f"{payload['n_units']} units" in text
    for spec in SPECS:
        expected = payload["overall"].get(spec.name)
        if expected is None or not spec.is_standard:
            continue
        _, value, limits, note = cells(text, "name", spec.name)
        assert value == format_value(expected["value"])
        low, high = (format_value(expected[name]) for name in ("low", "high"))
        assert limits == ("none" if expected["low"] is None else f"{low} to {high}")
        assert note == (expected["reason"] or expected.get("no_interval") or "")
    shown = [spec.name for spec in SPECS if spec.per_code is not None]
    for code in payload["per_code"]:
        _, differ, *rest = cells(text, "code", code["code"])
        assert rest[:2] == [f"{code['uses'][who]:.0f}" for who in payload["coders"]]
        values = [c for c in rest[3:-1] if " to " not in c and c != "none"]
        assert values == [format_value(code["coefficients"][name]["value"]) for name in shown]
        given = [unit["codes"] for unit in payload["disagreements"]]
        assert int(differ) == sum(
            len({code["code"] in codes for codes in unit.values()}) == 2 for unit in given
        )


def test_coders_and_what_they_could_see_are_named(suggested, tmp_path):
    study, sessions = shutil.copy(suggested, tmp_path / "s.autocode"), Sessions()
    with open_served(study) as project:
        page = Page(build_app(project, sessions, port=PORT), project, sessions)
        page.sign_in("Lead")
        number = project.suggestions(transcript="t2_bob")[0].number
        project.decide(number, "accept", coder="Jonas")
        shown = {"own_code_first": True, "unassisted": 0.1, "random_state": 3}
        project.show_suggestions(coder="Jonas", **shown)
        options = AssignOptions(assistance="own", transcripts=["t2_bob"])
        project.assign_passes(["Jonas"], coder="Lead", options=options)
        text, payload = page.get("/agreement").text, agree(page)
    amina, jonas = payload["assistance"]
    assert (amina["assisted"], jonas["assisted"]) == (False, True)
    assert jonas["passes"] == [
        {"assistance": "own", "n": 1},
        {"assistance": "no pass", "n": 1},
    ]
    assert jonas["n_taken"] == 1
    (row,) = re.findall(r"<tr><th scope=\"row\"><bdi>Jonas</bdi>.*?</tr>", text)
    assert "1 not blind, 1 without a pass, 1 not finished" in row
    assert Showing(**shown).describe() in html.unescape(row)
    assert f"1 of {jonas['n_codings']}" in row
    # The methods paragraph says the same.
    assert html.unescape(text).count("Suggestions that could be seen. Amina: none; Jonas:") == 2


def test_a_figure_leads_to_its_excerpts_and_those_to_comparing(coded):
    text = coded.get("/agreement").text
    (row,) = re.findall(r'<tr data-code="shame">.*?</tr>', text, re.DOTALL)
    address = html.unescape(re.search(r'href="(/agreement/excerpts[^"]*)"', row).group(1))
    page = coded.get(address).text
    assert SHAME in page
    assert page.count("<blockquote") == 1
    assert "a feeling" in page
    (compare,) = re.findall(r'href="(/compare/[^"]*)"', page)
    number = coded.number("t2_bob")
    start = coded.project.transcript("t2_bob").text.index(SHAME)
    assert html.unescape(compare) == f"/compare/{number}?pair=0&code=shame&at={start}"
    assert coded.get(html.unescape(compare)).status_code == 200


def test_every_cell_of_the_grid_leads_to_as_many_excerpts_as_it_counts(coded):
    coded.act("code", code="family", **coded.place("t2_bob", SHAME))
    agreement = coded.project.agree()
    text = coded.get("/agreement").text
    links = re.findall(r'href="(/agreement/excerpts[^"]*met=[^"]*)" aria-label="([^"]*)"', text)
    assert len(links) >= 3
    for address, words in links:
        page = coded.get(html.unescape(address)).text
        assert page.count("<blockquote") == int(words.rpartition(": ")[2]), words
    assert len(select_differences(agreement, "family", "shame")) == 1
    assert len(select_differences(agreement, "shame", "family")) == 1
    assert select_differences(agreement, "shame", NOTHING) == []
    assert select_differences(agreement) == list(agreement.disagreements)
    assert sum(count_differences(agreement).values()) > 0
    for code in agreement.per_code:
        n_differ = len(select_differences(agreement, code.code))
        assert count_differences(agreement)[code.code] == n_differ


@pytest.mark.parametrize("query", ["?coder=1", "?coder=999&coder=x", "?coder="])
def test_two_coders_are_needed(coded, query):
    answer = coded.get(f"/agreement{query}")
    assert answer.status_code == 200
    assert "Choose two coders or more" in answer.text
    assert "All codes together" not in answer.text


@pytest.mark.slow
def test_strange_addresses_are_answered_in_words(coded):
    assert coded.get("/agreement?unit=moon&coefficient=moon").status_code == 200
    answer = coded.get("/agreement/excerpts?code=moon")
    assert (answer.status_code, "moon" in answer.text) == (404, True)
    assert "They do not differ here" in coded.get("/agreement/excerpts?code=wait&met=shame").text


def test_figures_are_computed_once_for_each_state(coded, monkeypatch):
    calls = []
    original = type(coded.project).agree
    from autocode.project.reader import Snapshot

    monkeypatch.setattr(
        Snapshot, "agree", lambda *a, **more: calls.append(1) or original(*a, **more)
    )
    coded.get("/agreement")
    coded.get("/agreement?coefficient=gwet_ac1")
    coded.get("/agreement/excerpts")
    assert len(calls) == 1
    coded.act("code", code="family", **coded.place("t2_bob", SHAME))
    coded.get("/agreement")
    assert len(calls) == 2


def test_a_blind_coder_gets_no_figures(built, coded, tmp_path):
    options = AssignOptions(blind=True, double=1.0, assistance="none", transcripts=["t2_bob"])
    coded.project.assign_passes(["Ben", "Zelda"], coder="Lead", options=options)
    coded.client.cookies.clear()
    coded.sign_in("Ben")
    for path in ("/agreement", "/agreement?coder=1&coder=2", "/agreement/excerpts"):
        answer = coded.get(path)
        assert answer.status_code == 403
        assert "Blind" in answer.text
        assert "Amina" not in answer.text


def test_what_is_missing_is_said_where_nobody_has_coded(tmp_path):
    sessions = Sessions()
    Project.open(tmp_path / "empty.autocode", create_new=True).close()
    with open_served(tmp_path / "empty.autocode") as project:
        page = Page(build_app(project, sessions, port=PORT), project, sessions)
        page.sign_in("Amina")
        text = page.get("/agreement").text
    assert "Agreement needs two coders" in text
    assert "autocode passes assign" in text
    assert "Calculate" not in text
