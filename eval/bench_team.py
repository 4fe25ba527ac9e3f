"""How fast the page is for a team: eight who decide without pause, evidence, the code picker.

Run: python eval/bench_team.py [--runs 5]
With --acts: only what a decision, a coding and an undo cost the server's processor.
It starts `autocode serve`, and needs Chromium (/usr/bin/chromium) and the package playwright.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from autocode.encode.hashing import HashEncoder
from autocode.page.keeping_users import UserBook
from autocode.project import Project
from bench_page import CHROMIUM, FLAGS, build_study, percentile, read_processor_ms

PASSWORD = "correct horse battery"
CODERS = [f"Coder {letter}" for letter in "ABCDEFGH"]
N_DECISIONS, N_EVIDENCE, N_CODES, N_ACTS = 40, 30, 300, 80
HEAVY = ("/", "/t/1", "/t/1/state", "/queue/state", "/agreement", "/codes/state", "/search")
TYPED = "code 29"
WATCH = """
() => {
  window.frames_ = [];
  addEventListener("keydown", () => {
    const at = performance.now();
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.frames_.push(performance.now() - at);
      channel.port2.postMessage(0);
    });
  }, true);
}
"""


class Client:
    """One coder's connection to the server."""

    def __init__(self, port: int, name: str) -> None:
        self.origin = f"http://127.0.0.1:{port}"
        self.port, self.cookie = port, ""
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        status, answer = self.ask("POST", "/session", {"name": name, "password": PASSWORD})
        assert status == 200, answer
        self.cookie = answer.headers["Set-Cookie"].partition(";")[0]

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The status and the answer, read whole."""
        headers = {"Origin": self.origin, "Content-Type": "application/json"}
        raw = None if body is None else json.dumps(body)
        sent = {**headers, "Cookie": self.cookie}
        try:
            self.connection.request(method, path, raw, sent)
            answer = self.connection.getresponse()
        except (OSError, http.client.HTTPException):  # closed, as it was quiet for so long
            self.connection.close()
            self.connection.request(method, path, raw, sent)
            answer = self.connection.getresponse()
        answer.read()
        return answer.status, answer

    def time(self, method: str, path: str, body: Any = None) -> tuple[int, float]:
        """The status and the milliseconds until it was there."""
        began = time.perf_counter()
        status, _ = self.ask(method, path, body)
        return status, 1000 * (time.perf_counter() - began)


def prepare(folder: Path) -> Path:
    """10,000 coded words, 2,000 with suggestions, 300 codes; and the users."""
    study = folder / "s.autocode"
    build_study(study, 10_000)
    more = folder / "more.csv"
    rows = [f"more{n},Code {n}" for n in range(40, N_CODES)]
    more.write_text("\n".join(["code,name", *rows, ""]), encoding="utf-8")
    other = folder / "other.txt"
    said = (folder / "talk.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    other.write_text("".join(said[:120][::-1]), encoding="utf-8")
    with Project.open(study) as project:
        project.import_paths([more, other])
        project.suggest(HashEncoder())
    book = UserBook.beside(study)
    for name in CODERS:
        book.add(name, "lead", PASSWORD)
    return study


def serve(study: Path) -> tuple[subprocess.Popen[str], int]:
    """`autocode serve`, and its port."""
    run = "from autocode.cli.main import run; run()"
    process = subprocess.Popen(
        [sys.executable, "-c", run, "serve", str(study)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    address = next(line.strip() for line in process.stdout if line.startswith("http"))
    return process, int(address.strip("/").rpartition(":")[2])


def list_decisions(study: Path) -> tuple[list[dict[str, Any]], list[int]]:
    """What can be decided, as the page sends it, and the numbers of suggestions."""
    with Project.open(study) as project, project.snapshot() as snapshot:
        text, number = snapshot.transcript("other").text, snapshot.transcript_numbers()["other"]
        suggestions = snapshot.suggestions()
    places = [
        {
            "transcript": number,
            "start": s.span.start,
            "end": s.span.end,
            "quote": s.span.of(text),
            "suggested": s.code,
        }
        for s in suggestions
    ]
    return places, [s.number for s in suggestions if s.number is not None]


def decide_together(clients: list[Client], places: list[dict[str, Any]]) -> list[tuple[int, float]]:
    """Every coder decides without pause; statuses and milliseconds."""
    answers: list[tuple[int, float]] = []

    def work(client: Client, seed: int) -> None:
        draw = random.Random(seed)
        for place in draw.sample(places, min(N_DECISIONS, len(places))):
            kind = draw.choice(["accept", "reject"])
            body = {"key": str(uuid.uuid4()), "kind": kind, **place}
            answers.append(client.time("POST", "/acts", body))

    threads = [
        threading.Thread(target=work, args=(client, seed)) for seed, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def measure_acts(
    process: subprocess.Popen[str], client: Client, places: list[dict[str, Any]], words: str
) -> dict[str, float]:
    """Milliseconds of the server's processor for an act of each kind, one after the other.

    With what the page asks for after it: the state of the transcript after a coding and an undo.
    """
    draw = random.Random(9)
    decided = iter(draw.sample(places, len(places)))
    starts = iter(draw.sample(range(100, len(words) - 100), 2 * N_ACTS))

    def decide() -> dict[str, Any]:
        return {"kind": draw.choice(["accept", "reject"]), **next(decided)}

    def code() -> dict[str, Any]:
        start, code = next(starts), f"c{draw.randrange(40)}"
        place = {"transcript": 1, "start": start, "end": start + 40}
        return {"kind": "code", "code": code, "quote": words[start : start + 40], **place}

    def undo() -> dict[str, Any]:
        return {"kind": "undo"}

    def mean(make: Callable[[], dict[str, Any]], then: str = "") -> float:
        began = read_processor_ms(process)
        for _ in range(N_ACTS):
            status, _ = client.ask("POST", "/acts", {"key": str(uuid.uuid4()), **make()})
            assert status == 200, status
            if then:
                assert client.ask("GET", then)[0] == 200
        return (read_processor_ms(process) - began) / N_ACTS

    return {
        "a decision (processor)": mean(decide),
        "a coding (processor)": mean(code),
        "an undo (processor)": mean(undo),
        "a coding and the state after it (processor)": mean(code, "/t/1/state"),
        "an undo and the state after it (processor)": mean(undo, "/t/1/state"),
    }


def measure_blocking(clients: list[Client]) -> list[float]:
    """Milliseconds of a small call while a colleague asks for one large page after the other."""
    taken: list[float] = []
    done = threading.Event()

    def ask_heavy() -> None:
        for path in HEAVY:
            clients[0].ask("GET", path)
        done.set()

    thread = threading.Thread(target=ask_heavy)
    thread.start()
    while not done.is_set():
        taken.append(clients[1].time("GET", "/session")[1])
        time.sleep(0.01)  # a small call now and then, not a load of its own
    thread.join()
    return taken


def measure_picker(port: int) -> list[float]:
    """Milliseconds from each letter typed in the code picker to its frame."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"http://127.0.0.1:{port}/")
        page.get_by_label("Name").fill(CODERS[0])
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("link", name="talk", exact=True).first.click()
        page.locator("#transcripts .n").first.wait_for()
        page.locator(".unit").nth(3).focus()
        page.keyboard.press("c")
        page.locator("dialog[open]").wait_for()
        page.evaluate(WATCH)
        for letter in TYPED * 3:
            page.keyboard.press(letter)
            page.wait_for_timeout(80)
        for _ in TYPED * 3:
            page.keyboard.press("Backspace")
            page.wait_for_timeout(80)
        frames: list[float] = page.evaluate("() => window.frames_")
        browser.close()
    return frames


def measure_processor(folder: Path) -> dict[str, float]:
    """One run on a study of its own: what acts cost the server's processor."""
    study = prepare(folder)
    places, _ = list_decisions(study)
    with Project.open(study) as project:
        words = project.transcript_text("talk")
    process, port = serve(study)
    try:
        return measure_acts(process, Client(port, CODERS[0]), places, words)
    finally:
        process.terminate()
        process.wait()


def measure(folder: Path) -> dict[str, float]:
    """One run on a study of its own: milliseconds of each thing."""
    study = prepare(folder)
    places, numbers = list_decisions(study)
    process, port = serve(study)
    try:
        clients = [Client(port, name) for name in CODERS]
        draw = random.Random(0)
        evidence = [
            clients[0].time("GET", f"/s/{number}/evidence")
            for number in draw.sample(numbers, min(N_EVIDENCE, len(numbers)))
        ]
        idle = [clients[1].time("GET", "/session")[1] for _ in range(50)]
        beside = measure_blocking(clients)
        began, used = time.perf_counter(), read_processor_ms(process)
        answers = decide_together(clients, places)
        seconds = time.perf_counter() - began
        used = read_processor_ms(process) - used
        letters = measure_picker(port)
    finally:
        process.terminate()
        process.wait()
    decided = [taken for _, taken in answers]
    return {
        "a decision of eight at once, p50": statistics.median(decided),
        "a decision of eight at once, p95": percentile(decided),
        "a decision of eight at once, longest": max(decided),
        "decisions refused or failed (number)": sum(status != 200 for status, _ in answers),
        "decisions a second (number)": len(answers) / seconds,
        "a decision of eight at once (processor)": used / len(answers),
        "evidence, p95": percentile([taken for status, taken in evidence if status == 200]),
        "evidence not answered (number)": sum(status != 200 for status, _ in evidence),
        "a letter in the code picker, p95": percentile(letters),
        "a small call alone, p95": percentile(idle),
        "a small call beside large ones, p95": percentile(beside),
        "a small call beside large ones, longest": max(beside),
    }


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--acts", action="store_true")
    wanted = parser.parse_args()
    run = measure_processor if wanted.acts else measure
    runs = []
    for _ in range(wanted.runs):
        with tempfile.TemporaryDirectory() as folder:
            runs.append(run(Path(folder)))
    lines = [f"| a team of eight, median of {wanted.runs} runs | ms |", "| --- | --- |"]
    for name in runs[0]:
        middle = statistics.median(run[name] for run in runs)
        lines.append(f"| {name} | {middle:.0f} |")
    sys.stdout.write("\n".join([*lines, ""]))


if __name__ == "__main__":
    main()
