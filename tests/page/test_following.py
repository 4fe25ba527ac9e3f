"""Suggestions that follow the coder: beside the server, which never waits for them."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import time
from dataclasses import asdict, replace

import pytest

from autocode import pipeline
from autocode.core.suggestion import Suggestion
from autocode.core.suggestion_scope import SuggestionScope
from autocode.core.transcript import Span
from autocode.encode.hashing import HashEncoder
from autocode.page.app import build_app
from autocode.page.connection import open_served
from autocode.page.follow_process import Worker
from autocode.page.followers import Followers, write_suggestion
from autocode.page.session import Sessions
from autocode.project import Project
from autocode.project.assigning import AssignOptions

from .support import PORT, Page

CATH = ("A year of waiting", "My family never knew", "You feel shame")


class FakeProcess:
    """A process that never answers by itself; what is sent to it is kept."""

    pid = 1

    def __init__(self):
        self.stdin, self.answers = io.StringIO(), []
        self.stdin.flush = lambda: None

    @property
    def stdout(self):
        while True:
            while self.answers:
                answer = self.answers.pop(0)
                if answer is None:
                    return
                yield json.dumps(answer)
            time.sleep(0.005)  # as a process that has nothing to say

    def wait(self):
        return 0

    def kill(self):
        self.answers.append(None)

    @property
    def sent(self):
        return [json.loads(line) for line in self.stdin.getvalue().splitlines()]


def open_page(study, followers):
    sessions, project = Sessions(), open_served(study)
    page = Page(build_app(project, sessions, port=PORT, followers=followers), project, sessions)
    page.sign_in("Amina")
    return page


def wait_for(page, path, seconds=60, **wanted):
    until = time.monotonic() + seconds
    while True:
        answer = page.get(path).json()
        if all(answer[name] == value for name, value in wanted.items()):
            return answer
        assert time.monotonic() < until, answer
        time.sleep(0.02)  # the process answers when it has learned


def code(page, words, name="shame"):
    place = page.place("t3_cath", words)
    text = page.project.transcript("t3_cath").text
    end = text.index("\n", place["start"])
    place |= {"end": end, "quote": text[place["start"] : end]}
    assert page.act("code", code=name, **place).status_code == 200


@pytest.fixture
def study(suggested, tmp_path):
    return shutil.copy(suggested, tmp_path / "small.autocode")


def test_it_is_told_of_what_was_stored_and_not_of_what_was_refused(study):
    process = FakeProcess()
    page = open_page(study, Followers(study, start_process=lambda: process))
    path = f"/t/{page.number('t3_cath')}/following"
    assert page.get(path).json()["state"] == "none"
    page.act("read", **page.place("t3_cath", "A year of waiting"))
    assert process.sent == []  # nobody is followed yet
    assert page.write("POST", path, {}).json()["state"] == "learning"
    assert "do not follow your coding yet" in page.get(path).json()["words"]
    code(page, CATH[0])
    page.act("code", code="nothing", **page.place("t3_cath", "garden"))
    asked = {"path": str(study), "coder": "Amina", "transcript": "t3_cath"}
    assert process.sent == [asked, asked]
    page.sign_in("Jonas")
    assert page.get(path).json()["state"] == "none"
    process.kill()
    page.project.close()


class StubFollower:
    """Suggests by the scope that it was made for, without a fit."""

    digest = "0"

    def __init__(self, study, tools, transcript, scope, fits):
        span = Span(0, 9)
        self.made = Suggestion(
            transcript=transcript, span=span, code="shame", rank=1, score=1.0,
            probability={"all": 0.9, "own": 0.1}[scope.learned_from], likely=True,
        )  # fmt: skip

    def move(self, work):
        return [self.made]


def assign_blind(project):
    options = AssignOptions(blind=True, double=1.0, assistance="own")
    project.assign_passes(["Amina", "Jonas"], coder="Lead", options=options)
    project.suggest(HashEncoder(), scope=SuggestionScope(coder="Amina"))


def test_what_was_learned_from_others_ends_when_a_blind_pass_is_assigned(study, monkeypatch):
    monkeypatch.setattr(pipeline, "follow", StubFollower)
    said = []
    with Project.open(study) as project:
        worker = Worker(project, said.append)
        worker.move("Amina", "t3_cath")
        assign_blind(project)
        worker.move("Amina", "t3_cath")
    learned = [
        (answer["run"]["parameters"]["learned_from"], one["probability"])
        for answer in said
        for one in answer["suggestions"]
    ]
    assert learned == [("all", 0.9), ("own", 0.1)]


def test_what_is_kept_of_it_is_not_sent_again_after_that(study):
    process = FakeProcess()
    page = open_page(study, followers := Followers(study, start_process=lambda: process))
    path = f"/t/{page.number('t3_cath')}/following"
    page.write("POST", path, {})
    one = page.project.suggestions(transcript="t3_cath")[0]
    run = asdict(page.project.last_run("suggest"))

    def answer(probability, scope):
        made = [write_suggestion(replace(one, probability=probability))]
        about = {"coder": "Amina", "transcript": "t3_cath", "suggestions": made}
        process.answers.append({**about, "run": {**run, "parameters": scope.to_parameters()}})

    answer(0.9, SuggestionScope(coder="Amina", learn_from="all"))
    assert wait_for(page, path, state="ready")["suggestions"]
    assign_blind(page.project)
    assert page.get(path).json()["suggestions"] == []
    n_sent = len(process.sent)
    page.write("POST", path, {})
    assert len(process.sent) == n_sent + 1  # which has it begun anew
    answer(0.1, SuggestionScope(coder="Amina"))
    moved = wait_for(page, path, number=2)["suggestions"]
    assert [one["probability"] for one in moved] in ([0.1], [])
    (kept,) = followers.of("Amina").offered.values()
    assert kept.probability == 0.1
    process.kill()
    page.project.close()


def test_a_process_that_is_just_ending_refuses_no_act(study):
    process = FakeProcess()
    followers = Followers(study, start_process=lambda: process)
    followers.begin("Amina", "t3_cath")
    process.stdin.close()
    followers.tell("Amina")
    process.kill()


def test_where_no_process_starts_that_is_said_and_tried_again(study):
    def refuse():
        raise OSError("no memory")

    starts = iter([refuse, FakeProcess])
    followers = Followers(study, start_process=lambda: next(starts)())
    assert followers.begin("Amina", "t3_cath").state == "stopped"
    assert followers.begin("Amina", "t3_cath").state == "learning"
    followers.stop()


def test_where_nothing_is_suggested_nobody_is_followed(built, tmp_path):
    study = shutil.copy(built, tmp_path / "bare.autocode")
    page = open_page(study, Followers(study, start_process=lambda: pytest.fail("started")))
    path = f"/t/{page.number('t3_cath')}/following"
    assert page.write("POST", path, {}).json() == {
        "state": "none", "number": 0, "words": "", "suggestions": None,
    }  # fmt: skip
    page.project.close()


@pytest.mark.slow
def test_the_process_answers_for_each_coder_and_says_why_where_it_cannot(study):
    said = []
    with Project.open(study) as project:
        worker = Worker(project, said.append)
        worker.move("Amina", "t3_cath")
        options = AssignOptions(assistance="codebook", transcripts=["t3_cath"])
        project.assign_passes(["Jonas"], coder="Lead", options=options)
        worker.move("Jonas", "t3_cath")
    assert said[0]["suggestions"]
    assert said[0]["run"]["encoder"] == HashEncoder().name
    assert said[1]["error"] == "Nothing is suggested for you yet."


@pytest.mark.slow
def test_each_coding_moves_what_comes_next_and_a_killed_process_is_said(study):
    page = open_page(study, followers := Followers(study))
    path = f"/t/{page.number('t3_cath')}/following"
    page.write("POST", path, {})
    before = wait_for(page, path, state="ready")
    stored = page.state("t3_cath")["suggestions"]
    runs = [act.kind for act in page.project.history()]
    for words in CATH:
        code(page, words)
    until = time.monotonic() + 30
    while (after := page.get(path).json())["number"] < before["number"] + 1:
        assert time.monotonic() < until
    time.sleep(0.5)  # what was stored last may still be looked at
    after = page.get(path).json()
    was, now = ({(s["start"]): s for s in answer["suggestions"] if s["code"] == "shame"}
                for answer in (before, after))  # fmt: skip
    assert len(now) == 3
    assert all(one["probability"] > was[start]["probability"] for start, one in now.items())
    assert [act.kind for act in page.project.history()] == [*runs, "code", "code", "code"]
    left = page.state("t3_cath")["suggestions"]  # what is stored is as it was
    assert [one for one in stored if one["start"] in now] == left
    since = page.get(f"{path}?since={after['number']}").json()
    assert since["suggestions"] is None
    os.kill(followers.process_id, signal.SIGKILL)
    stopped = wait_for(page, path, state="stopped")
    assert "stay as they were made" in stopped["words"]
    code(page, "The bus driver knew me", "wait")  # the page goes on
    page.write("POST", path, {})
    assert wait_for(page, path, state="ready")["suggestions"]
    followers.stop()
    page.project.close()


@pytest.mark.slow
def test_what_was_shown_is_kept_when_it_is_decided_on(study):
    with Project.open(study) as project:
        project.suggest(HashEncoder(), top=1)
    page = open_page(study, followers := Followers(study))
    path = f"/t/{page.number('t3_cath')}/following"
    page.write("POST", path, {})
    moved = wait_for(page, path, state="ready")["suggestions"]
    one = next(s for s in moved if s["number"] is None)
    text = page.project.transcript("t3_cath").text
    place = {"transcript": page.number("t3_cath"), "start": one["start"], "end": one["end"]}
    place["quote"] = text[one["start"] : one["end"]]
    assert page.act("accept", suggested=one["code"], **place).status_code == 200
    (made,) = page.project.decisions()
    assert page.project.suggestion(made.suggestion).probability == one["probability"]
    followers.stop()
    page.project.close()
