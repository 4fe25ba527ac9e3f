"""Suggesting anew beside the server: begun once, waited for, and never in the server's process."""

from __future__ import annotations

import shutil
import threading
import time

import pytest

from autocode.core.errors import InputError
from autocode.encode.hashing import HashEncoder
from autocode.page.app import build_app
from autocode.page.connection import open_served
from autocode.page.refit import RefitRequest, Refits
from autocode.page.refit_process import draft_anew, suggest_anew
from autocode.page.session import Sessions
from autocode.project import Project
from autocode.project.assigning import AssignOptions

from .support import PORT, Page


def wait(refits, coder="Amina", seconds=60, made="suggestions"):
    until = time.monotonic() + seconds
    while refits.state(coder, made).state == "running":
        assert time.monotonic() < until
        time.sleep(0.01)  # the worker is another process: there is nothing here to wait on
    return refits.state(coder, made)


@pytest.fixture
def study(suggested, tmp_path):
    return shutil.copy(suggested, tmp_path / "small.autocode")


def test_a_page_asks_for_it_and_hears_when_it_is_ready(study):
    asked, go_on = [], threading.Event()

    def work(request):
        asked.append(request)
        assert go_on.wait(10)
        return {"passages": [[1, 0, 50]] if request.passages else None}

    sessions, refits = Sessions(), Refits(study, work=work)
    with open_served(study) as project:
        page = Page(build_app(project, sessions, port=PORT, refits=refits), project, sessions)
        page.sign_in("Amina")
        assert page.get("/refit").json()["state"] == "none"
        for _ in range(3):
            started = page.write("POST", "/refit", {"passages": True}).json()
            assert started["state"] == "running"
        go_on.set()
        wait(refits)
        ready = page.get("/refit").json()
        assert (ready["state"], ready["number"], ready["passages"]) == ("ready", 1, [[1, 0, 50]])
        assert [(one.coder, one.passages) for one in asked] == [("Amina", True)]
        page.write("POST", "/refit", {})
        assert wait(refits).passages == ((1, 0, 50),)  # kept where they were not asked for
        page.sign_in("Jonas")
        assert page.get("/refit").json()["state"] == "none"
        assert page.write("POST", "/refit", {"passages": "yes"}).status_code == 422


@pytest.mark.parametrize("fault", [{"error": "No codebook."}, ValueError("Ann said so")])
def test_what_fails_is_said_without_peoples_words(study, fault):
    def work(request):
        if isinstance(fault, Exception):
            raise fault
        return fault

    refits = Refits(study, work=work)
    refits.start("Amina")
    failed = wait(refits)
    assert failed.state == "failed"
    assert failed.message in ("No codebook.", "Making suggestions anew failed (ValueError).")
    assert failed.number == 0


@pytest.mark.slow
def test_it_is_suggested_as_the_passes_allow(study):
    with Project.open(study) as project:
        request = RefitRequest(path=str(study), coder="Amina")
        assert suggest_anew(request) == {"passages": None}
        assert project.last_run("suggest").parameters["for"] is None
        project.assign_passes(["Amina"], options=AssignOptions(assistance="own"))
        suggest_anew(request)
        run = project.last_run("suggest")
        assert (run.parameters["for"], run.parameters["learned_from"]) == ("Amina", "own")
        assert run.encoder == HashEncoder().name


def test_themes_are_drafted_for_everybody_and_never_for_a_blind_coder(study):
    asked = []

    def work(request):
        asked.append((request.made, request.coder))
        return {"passages": None}

    with Project.open(study) as project:
        options = AssignOptions(blind=True, transcripts=["t2_bob"])
        project.assign_passes(["Ben"], coder="Lead", options=options)
    sessions, refits = Sessions(), Refits(study, work=work)
    with open_served(study) as project:
        page = Page(build_app(project, sessions, port=PORT, refits=refits), project, sessions)
        page.sign_in("Amina")
        assert page.write("POST", "/themes/draft", {}).json()["state"] == "running"
        wait(refits, made="themes")
        assert page.get("/refit").json()["state"] == "none"
        page.sign_in("Jonas")
        assert page.get("/themes/draft").json() == {"state": "ready", "number": 1, "message": ""}
        page.sign_in("Ben")
        assert page.get("/themes/draft").json()["state"] == "none"
        refused = page.write("POST", "/themes/draft", {})
        assert (refused.status_code, "Blind" in refused.json()["error"]) == (422, True)
    assert asked == [("themes", "Amina")]
    with pytest.raises(InputError, match="blind"):
        draft_anew(RefitRequest(path=str(study), coder="Ben", made="themes"))


@pytest.mark.slow
def test_a_process_of_its_own_drafts_themes(study):
    refits = Refits(study)
    refits.start("Amina", made="themes")
    ready = wait(refits, seconds=120, made="themes")
    assert (ready.state, ready.message) == ("ready", "")
    with Project.open(study) as project:
        assert project.themes().themes
        assert project.last_run("themes").encoder == HashEncoder().name


@pytest.mark.slow
def test_a_process_of_its_own_does_it(study):
    refits = Refits(study)
    with Project.open(study) as project:
        project.suggest(HashEncoder(), top=2)  # where nothing has changed, what stands is ready
        before = project.last_run("suggest").number
        refits.start("Amina", passages=True)
        ready = wait(refits, seconds=120)
        assert (ready.state, ready.message) == ("ready", "")
        assert project.last_run("suggest").number > before
        numbers = set(project.transcript_numbers().values())
        assert ready.passages
        assert {number for number, _, _ in ready.passages} <= numbers
    study.unlink()
    refits.start("Amina")
    failed = wait(refits, seconds=120)
    assert failed.state == "failed"
    assert "no such study" in failed.message
    refits.stop()
    assert refits.start("Jonas").state == "none"
