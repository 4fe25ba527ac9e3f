"""The server as a process: what it loads, how it starts, and what survives when it is killed."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
import uuid
from contextlib import closing, suppress

import pytest

from autocode.core.errors import InputError
from autocode.page.coder import choose_coder
from autocode.page.server import ServeOptions, serve
from autocode.project import Project

RUN = "from autocode.cli.main import run; run()"
HEAVY = (
    "torch", "spacy", "sklearn", "sentence_transformers", "hdbscan", "datasets", "pandas", "scipy",
)  # fmt: skip


@pytest.mark.slow
def test_the_server_starts_without_encoders_and_what_computes_intervals():
    code = (
        "import sys, autocode.page.server, autocode.page.connection, uvicorn\n"
        f"print(sorted(set(sys.modules) & set({HEAVY!r})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_who_codes_is_the_only_person_or_must_be_said(page):
    with pytest.raises(InputError, match=r"Say who codes.*Amina, Jonas"):
        choose_coder(page.project, None)
    with pytest.raises(InputError, match="No coder 'Aminah'"):
        choose_coder(page.project, "Aminah")
    assert choose_coder(page.project, "Aminah", new=True) == "Aminah"
    assert choose_coder(page.project, " Kim  Lee ") == "Kim Lee"


def test_a_machine_does_not_work_on_the_page(page):
    page.project.set_coder(page.project.coders()[1].__class__("Jonas", "machine"))
    with pytest.raises(InputError, match="is a machine"):
        choose_coder(page.project, "Jonas")
    assert choose_coder(page.project, None) == "Amina"


@pytest.mark.usefixtures("network")
def test_a_port_that_is_taken_is_a_line(page):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"Port {port} cannot be used"):
            serve(page.project, ServeOptions(coder="Amina", port=port, browser=False), print)


class Killed:
    """`autocode open` on a study, asked over the network until it is killed."""

    def __init__(self, study):
        command = [sys.executable, "-c", RUN, "open", str(study), "--coder", "Amina", "--json"]
        self.process = subprocess.Popen(
            [*command, "--no-browser"], stdout=subprocess.PIPE, text=True
        )
        self._enter(json.loads(self._first_object()))

    def _enter(self, start):
        self.origin = f"http://127.0.0.1:{start['port']}"
        token = start["address"].partition("#")[2]
        self.cookie = self.send("/session", {"token": token})[1].partition(";")[0]

    def _first_object(self):
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("}"):
                return "".join(lines)
        raise AssertionError("it did not start")

    def send(self, path, body):
        headers = {
            "Origin": self.origin,
            "Content-Type": "application/json",
            "Cookie": getattr(self, "cookie", ""),
        }
        request = urllib.request.Request(
            self.origin + path, json.dumps(body).encode(), headers, method="POST"
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read()), answer.headers.get("Set-Cookie", "")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)

    def close(self):
        self.process.wait()
        self.process.stdout.close()


class Forked(Killed):
    """A server of `forked_server`, which is there at once."""

    def __init__(self, mother, study):
        mother.stdin.write(f"{study}\n")
        mother.stdin.flush()
        said = [json.loads(mother.stdout.readline()) for _ in range(2)]
        self.number = next(one for one in said if isinstance(one, int))
        self._enter(next(one for one in said if isinstance(one, dict)))

    def kill(self):
        os.kill(self.number, signal.SIGKILL)


@pytest.fixture
def mother():
    command = [sys.executable, "-m", "tests.page.forked_server"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process
    process.stdin.close()
    process.wait()
    process.stdout.close()


def code_until_killed(server, draw, text, number):
    """Code at random without pause; the acts that were acknowledged."""
    acknowledged = []
    timer = threading.Timer(draw.uniform(0.02, 0.4), server.kill)
    timer.start()
    with suppress(OSError, http.client.HTTPException):
        while True:
            start = draw.randrange(len(text) - 30)
            end = start + draw.randint(5, 30)
            key = str(uuid.uuid4())
            body = {"key": key, "kind": "code", "code": "shame", "transcript": number,
                    "start": start, "end": end, "quote": text[start:end]}  # fmt: skip
            if server.send("/acts", body)[0]["number"] is not None:
                acknowledged.append((f"page:{key}", (start, end)))
    timer.join()
    return acknowledged


def check_all_is_there(study, acknowledged):
    assert acknowledged
    with Project.open(study) as project:
        keys = {act.key for act in project.history()}
        spans = {(c.span.start, c.span.end) for c in project.codings(coder="Amina", code="shame")}
        assert {key for key, _ in acknowledged} <= keys
        assert {span for _, span in acknowledged} <= spans
        assert project.verify_history().is_sound


def read_talk(study):
    with Project.open(study) as project:
        return project.transcript("t1_ann").text, project.transcript_numbers()["t1_ann"]


@pytest.mark.slow
@pytest.mark.usefixtures("network")
def test_no_acknowledged_act_is_lost_when_autocode_open_is_killed(study):
    """Killed at random moments while acts come in without pause: what was answered is there."""
    draw, (text, number), acknowledged = random.Random(0), read_talk(study), []
    for _ in range(3):
        server = Killed(study)
        acknowledged += code_until_killed(server, draw, text, number)
        server.close()
    check_all_is_there(study, acknowledged)


@pytest.mark.slow
@pytest.mark.usefixtures("network")
@pytest.mark.parametrize("seed", range(4))
def test_no_acknowledged_act_is_lost_in_fifty_kills(study, mother, seed):
    """Two hundred in all, fifty of them on one study."""
    draw, (text, number), acknowledged = random.Random(seed), read_talk(study), []
    for _ in range(int(os.environ.get("AUTOCODE_KILLS", "50"))):
        server = Forked(mother, study)
        acknowledged += code_until_killed(server, draw, text, number)
    check_all_is_there(study, acknowledged)
