"""What others did since a page was drawn: counted, cheap where nothing did, hidden where blind."""

from __future__ import annotations

import re
import shutil

from autocode.page import news
from autocode.page.app import build_app
from autocode.page.connection import open_served
from autocode.page.session import Sessions
from autocode.project import Project
from autocode.project.assigning import AssignOptions
from autocode.project.hand_coding import Place

from .support import PORT, Page

BUS = Place(transcript="t2_bob", words="There was one bus")
FARE = Place(transcript="t1_ann", words="The bus fare went up")


def state_of(page, path="/"):
    """The state of the study that a page carries, None for a page without one."""
    found = re.search(r' data-state="([^"]+)"', page.get(path, Accept="text/html").text)
    return found and found[1]


def test_others_are_named_with_how_many_codings_there_are_more(page):
    since = state_of(page)
    assert page.get("/news", **{"If-None-Match": f'"{since}"'}).status_code == 304
    page.project.code(BUS, "wait", coder="Ben")
    page.project.code(FARE, "wait", coder="Ben")
    page.project.uncode(FARE, "wait", coder="Ben")
    page.project.edit_codebook(coder="Lead").add("Dread")
    page.act("code", code="wait", **page.place("t1_ann", "The bus fare went up"))
    answer = page.get(f"/news?since={since}", **{"If-None-Match": f'"{since}"'})
    assert answer.json()["by"] == [
        {"coder": "Ben", "n_acts": 3, "n_codings": 1, "is_own": False},
        {"coder": "Lead", "n_acts": 1, "n_codings": 0, "is_own": False},
    ]
    now = answer.json()["state"]
    assert now == state_of(page) != since
    assert answer.headers["etag"] == f'"{now}"'
    assert page.get(f"/news?since={now}").json()["by"] == []


def test_own_work_counts_where_it_was_not_done_on_the_page(page):
    since = state_of(page)
    page.act("code", code="wait", **page.place("t1_ann", "The bus fare went up"))
    page.write("POST", "/queue/showing", {"own_code_first": True, "unassisted": False})
    page.act("undo")
    assert page.get(f"/news?since={since}").json()["by"] == []
    page.project.code(BUS, "wait", coder="Amina")
    page.project.code(FARE, "wait", coder="Amina")
    by = page.get(f"/news?since={since}").json()["by"]
    assert by == [{"coder": "Amina", "n_acts": 2, "n_codings": 2, "is_own": True}]


def test_an_address_that_names_no_state_is_answered(page):
    for since in ("", "x", "1", "1-", "-1", "9" * 40 + "-1"):
        assert page.get(f"/news?since={since}").json()["by"] == []


def test_a_page_carries_the_state_it_was_drawn_from(page, monkeypatch):
    """What is done while a page is drawn is news to it."""
    from autocode.page import overview_page

    before = state_of(page)
    original = overview_page.view_overview

    def view(study, coder):
        page.project.code(BUS, "wait", coder="Ben")
        return original(study, coder)

    monkeypatch.setattr(overview_page, "view_overview", view)
    since = state_of(page)
    assert since == before
    assert [one["coder"] for one in page.get(f"/news?since={since}").json()["by"]] == ["Ben"]


def test_one_revision_is_read_where_nothing_changed(page, monkeypatch):
    statements = []
    since = state_of(page)
    page.get("/news")
    original = news.read_study_state

    def read(study, coder):
        study._connection.connection.driver_connection.set_trace_callback(statements.append)
        try:
            return original(study, coder)
        finally:
            study._connection.connection.driver_connection.set_trace_callback(None)

    monkeypatch.setattr(news, "read_study_state", read)
    assert page.get("/news", **{"If-None-Match": f'"{since}"'}).status_code == 304
    assert statements == []  # the revision was read as the study was looked at


def test_a_blind_coder_hears_nothing_whatever_others_do(built, tmp_path):
    study = shutil.copy(built, tmp_path / "small.autocode")
    with Project.open(study) as project:
        options = AssignOptions(blind=True, double=1.0, assistance="none")
        project.assign_passes(["Ben", "Zelda"], coder="Lead", options=options)
    sessions = Sessions()
    with open_served(study) as project:
        page = Page(build_app(project, sessions, port=PORT), project, sessions)
        page.sign_in("Lead")
        state = state_of(page)
        page.sign_in("Ben")

        def ask():
            answers = [
                page.get("/news"),
                page.get(f"/news?since={state}"),
                page.get("/news", **{"If-None-Match": f'"{state}"'}),
            ]
            return [(one.status_code, one.content, sorted(one.headers.items())) for one in answers]

        before = ask()
        assert {content for _, content, _ in before} == {b"{}"}
        assert state_of(page) is None
        project.code(BUS, "wait", coder="Zelda")
        assert ask() == before
