"""How fast the page is: painting a transcript, a key until it is seen and until it is stored, undo.

Run: python eval/bench_page.py [--words 10000] [--runs 5] [--out eval/results/page.md]
With --following: the same keys while the process beside the server fits and follows the coder.
With --search 30: how long the answer to a search takes, in so many interviews of 14,000 words.
With --screens 30: what each screen of a study of so many interviews costs the server's processor.
It needs Chromium (/usr/bin/chromium) and the package playwright.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Response, sync_playwright

from autocode.core.coding import Coding
from autocode.core.transcript import Span
from autocode.encode.hashing import HashEncoder
from autocode.project import Project

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
N_CODES, N_KEYS = 40, 40
LOOK = """
() => {
  const find = (name) => performance.getEntriesByName(name)[0]?.startTime;
  return [find("first-contentful-paint"), find("painted"), find("drawn")];
}
"""
WATCH = """
() => {
  window.frames_ = [];
  window.stored_ = [];
  const sent = [];
  addEventListener("keydown", (event) => {
    if (event.key !== "q" && event.key !== "z") return;
    const at = performance.now();
    if (event.key === "q") sent.push(at);
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.frames_.push(performance.now() - at);
      channel.port2.postMessage(0);
    });
  }, true);
  const fetch_ = window.fetch;
  window.fetch = async (...request) => {
    const answer = await fetch_(...request);
    if (String(request[0]) === "/acts" && sent.length) {
      window.stored_.push(performance.now() - sent.shift());
    }
    return answer;
  };
}
"""


def suggest_beside(path: Path, n_transcripts: int = 8) -> None:
    """Other interviews come, coded throughout, and codes are suggested."""
    draw = random.Random(1)
    words = [f"{a}{b}" for a in ("wait", "fam", "sham", "bus", "trust") for b in "abcdefghij"]
    with Project.open(path) as project:
        for n in range(n_transcripts):
            lines = [
                f"{speaker}: {' '.join(draw.choices(words, k=k))}.\n"
                for _ in range(60)
                for speaker, k in (("Interviewer", 10), (f"Bo{n}", 56))
            ]
            source = path.parent / f"other{n}.txt"
            source.write_text("".join(lines), encoding="utf-8")
            project.import_paths([source])
            answers = [one for one in project.segments(f"other{n}") if one.role != "interviewer"]
            codes = [f"c{draw.randrange(N_CODES)}" for _ in answers]
            project.add_codings(
                [
                    Coding(transcript=one.transcript, span=one.span, code=code, coder="Ann")
                    for one, code in zip(answers, codes, strict=True)
                ]
            )
        project.suggest(HashEncoder())


def build_study(path: Path, n_words: int, share_coded: float = 1.0) -> None:
    """A study with one interview: a turn every 33 words, a coding every eight words."""
    draw = random.Random(0)
    words = [f"{a}{b}" for a in ("wait", "fam", "sham", "bus", "trust") for b in "abcdefghij"]
    lines = []
    for turn in range(n_words // 33):
        speaker = "Interviewer" if turn % 2 == 0 else "Ann"
        said = " ".join(draw.choices(words, k=10 if turn % 2 == 0 else 56))
        lines.append(f"{speaker}: {said}.\n")
    source = path.parent / "talk.txt"
    source.write_text("".join(lines), encoding="utf-8")
    rows = [f"c{n},Code {n},{'' if n < 8 else f'c{n % 8}'}" for n in range(N_CODES)]
    codebook = path.parent / "codebook.csv"
    codebook.write_text("\n".join(["code,name,parent", *rows, ""]), encoding="utf-8")
    with Project.open(path, create_new=True) as project:
        project.import_paths([source, codebook])
        text = project.transcript("talk").text
        codings = []
        while len(codings) < n_words * 12 // 100:
            start = draw.randrange(len(text) - 400)
            span = Span(start, start + draw.randint(20, 300))
            if span.of(text).strip():
                code = f"c{draw.randrange(N_CODES)}"
                codings.append(Coding(transcript="talk", span=span, code=code, coder="Ann"))
        codings = [one for one in codings if one.span.start < share_coded * len(text)]
        project.add_codings(codings)


def serve(study: Path) -> tuple[subprocess.Popen[str], str, float]:
    """`autocode open`, its address, and the seconds until it was ready."""
    began = time.perf_counter()
    run = "from autocode.cli.main import run; run()"
    command = [sys.executable, "-c", run, "open", str(study), "--coder", "Ann", "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    address = next(line.strip() for line in process.stdout if "/start#" in line)
    return process, address, time.perf_counter() - began


def measure(study: Path, *, follows: bool = False) -> dict[str, float]:
    """One run: milliseconds of each thing; with `follows` of keys only, from when a fit begins."""
    process, address, ready = serve(study)
    learned = 0.0
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(address)
            page.get_by_role("link", name="talk").wait_for()
            page.goto(address.partition("/start")[0] + "/t/1")
            page.locator("#transcripts .n").first.wait_for()
            first, painted, _ = page.evaluate(LOOK)
            page.evaluate(WATCH)
            states: list[str] = []
            page.on("response", lambda answer: _note_state(answer, states))
            units = page.locator(".turn:not(.interviewer) .unit")
            saved = page.locator("#saved")
            began = time.perf_counter()
            for i in range(N_KEYS):
                if follows and i == N_KEYS // 2:
                    while "ready" not in states:
                        page.wait_for_timeout(200)
                    learned = time.perf_counter() - began
                unit = units.nth(i * units.count() // N_KEYS)
                unit.evaluate("(unit) => { unit.scrollIntoView(); unit.focus(); }")
                page.wait_for_timeout(60)
                page.keyboard.press("q")
                saved.filter(has_text="Saved ").wait_for()
                page.wait_for_timeout(60)
            frames, stored = page.evaluate("() => [window.frames_, window.stored_]")
            undo: list[float] = []
            for _ in range(0 if follows else 10):
                began = time.perf_counter()
                with page.expect_response("**/state"):
                    page.keyboard.press("Control+z")
                undo.append(1000 * (time.perf_counter() - began))
                page.wait_for_timeout(80)
            browser.close()
    finally:
        process.terminate()
        process.wait()
    if follows:
        return {
            "key to frame, p95": percentile(frames),
            "key to stored while it fits, p50": statistics.median(stored[: N_KEYS // 2]),
            "key to stored while it fits, p95": percentile(stored[: N_KEYS // 2]),
            "key to stored while it follows, p50": statistics.median(stored[N_KEYS // 2 :]),
            "key to stored while it follows, p95": percentile(stored[N_KEYS // 2 :]),
            "until it follows (s)": learned,
        }
    return {
        "server ready (s)": ready,
        "first paint": first,
        "all painted": painted,
        "key to frame, p95": percentile(frames),
        "key to stored, p50": statistics.median(stored),
        "key to stored, p95": percentile(stored),
        "undo until seen, p50": statistics.median(undo),
    }


def _note_state(answer: Response, states: list[str]) -> None:
    if "/following" in answer.url and answer.ok:
        states.append(answer.json()["state"])


SEARCHES = {
    "a word": "waita",
    "a word of every second excerpt": "the",
    "a phrase": '"the waita"',
    "a beginning": "gard*",
    "two words, not a third": "busa fama -shama",
    "a word coded so": "waitb code:c3",
    "a code": "code:c3",
    "a coder": "coder:ann waitb",
    "nothing": "zebra",
}


def build_interviews(path: Path, n_interviews: int) -> None:
    """A study of interviews of 14,000 words, a turn every 33 words, 400 codings in each."""
    draw = random.Random(0)
    parts = ("wait", "fam", "sham", "bus", "trust", "gard")
    words = [f"{a}{b}" for a in parts for b in "abcdefghij"]
    words += ["the", "and", "I", "was", "don’t", "café"] * 6
    sources = path.parent / "interviews"
    sources.mkdir()
    for n in range(n_interviews):
        lines = [
            f"{speaker}: {' '.join(draw.choices(words, k=k))}.\n"
            for _ in range(14_000 // 66)
            for speaker, k in (("Interviewer", 10), (f"Ann{n}", 56))
        ]
        (sources / f"i{n:02}.txt").write_text("".join(lines), encoding="utf-8")
    rows = [f"c{n},Code {n},{'' if n < 8 else f'c{n % 8}'}" for n in range(N_CODES)]
    codebook = sources / "codebook.csv"
    codebook.write_text("\n".join(["code,name,parent", *rows, ""]), encoding="utf-8")
    with Project.open(path, create_new=True) as project:
        project.import_paths([sources])
        codings = []
        for n in range(n_interviews):
            name = f"i{n:02}"
            text = project.transcript_text(name)
            for start in draw.sample(range(len(text) - 400), 400):
                span, code = (
                    Span(start, start + draw.randint(20, 300)),
                    f"c{draw.randrange(N_CODES)}",
                )
                if span.of(text).strip():
                    codings.append(Coding(transcript=name, span=span, code=code, coder="Ann"))
        project.add_codings(codings)


def measure_search(study: Path, n_runs: int) -> dict[str, float]:
    """Milliseconds until the answer to a search is there: the first, and medians of later ones."""
    process, address, _ = serve(study)
    try:
        connection, cookie = sign_in(address)

        def ask(query: str) -> float:
            began = time.perf_counter()
            connection.request("GET", f"/search/hits?{urlencode({'q': query})}", headers=cookie)
            found = json.loads(connection.getresponse().read())
            taken = 1000 * (time.perf_counter() - began)
            assert not found["fault"], found["fault"]
            return taken

        taken = {"the first search": ask("waita")}
        for name, query in SEARCHES.items():
            taken[name] = statistics.median(ask(query) for _ in range(n_runs))
    finally:
        process.terminate()
        process.wait()
    return taken


SCREENS = {
    "overview": "/",
    "transcript": "/t/1",
    "transcript, its state": "/t/1/state",
    "what stands around": "/t/1/around?start=400&end=500",
    "unread": "/t/1/unread",
    "queue": "/queue",
    "queue, its state": "/queue/state",
    "evidence": "/s/1/evidence",
    "codes": "/codes",
    "codes, the list": "/codes/state",
    "a code": "/codes/3",
    "a code, its state": "/codes/3/state",
    "compare": "/compare/1",
    "compare, its state": "/compare/1/state",
    "compare, agreement": "/compare/1/agreement",
    "agreement": "/agreement",
    "excerpts of agreement": "/agreement/excerpts",
    "board": "/themes",
    "board, its state": "/themes/state",
    "map": "/map",
    "map, its picture": "/map/picture",
    "settled": "/settled",
    "history": "/history",
    "search": "/search/hits?q=waita",
}
"""The addresses that are asked for, in a study of two coders."""


def build_coded(path: Path, n_interviews: int) -> None:
    """Interviews of 240 turns, 40 codes, two coders who read all of it and code 60 % of answers.

    On half of these they agree. There are suggestions, draft themes, and a map of six themes.
    """
    from autocode.core.coding import Reading
    from autocode.core.map_edits import add_theme, place_codes
    from autocode.encode.hashing import HashEncoder
    from autocode.store.codings import add_readings

    draw = random.Random(0)
    parts = ("wait", "fam", "sham", "bus", "trust", "gard")
    words = [f"{a}{b}" for a in parts for b in "abcdefghij"]
    sources = path.parent / "coded"
    sources.mkdir()
    for n in range(n_interviews):
        lines = [
            f"{speaker}: {' '.join(draw.choices(words, k=k))}.\n"
            for _ in range(120)
            for speaker, k in (("Interviewer", 10), (f"Ann{n}", 40))
        ]
        (sources / f"i{n:02}.txt").write_text("".join(lines), encoding="utf-8")
    rows = [f"c{n},Code {n},{'' if n < 8 else f'c{n % 8}'}" for n in range(N_CODES)]
    (sources / "codebook.csv").write_text("\n".join(["code,name,parent", *rows, ""]), "utf-8")
    with Project.open(path, create_new=True) as project:
        project.import_paths([sources])
        answers = [s for s in project.segments() if s.role == "participant"]
        codings, readings = [], []
        for segment in answers[: -len(answers) // 10]:
            agreed = draw.randrange(N_CODES)
            for coder in ("Ann", "Bea"):
                readings.append(Reading(segment.transcript, segment.span, coder, basis="person"))
                if draw.random() < 0.6:
                    code = f"c{agreed if draw.random() < 0.5 else draw.randrange(N_CODES)}"
                    place = {"transcript": segment.transcript, "span": segment.span}
                    codings.append(Coding(**place, code=code, coder=coder))
        project.add_codings(codings)
        with project._study.writing() as connection:
            add_readings(connection, readings)
        project.suggest(HashEncoder())
        project.draft_themes(HashEncoder())
        for n in range(6):
            codes, name = [f"c{c}" for c in range(n, N_CODES, 8)], f"Theme {n}"
            project.edit_map(partial(add_theme, name=name), coder="Ann")
            project.edit_map(partial(place_codes, theme=name, codes=codes), coder="Ann")


def read_processor_ms(process: subprocess.Popen[str]) -> float:
    """Milliseconds of processor time that a process has used so far, to 10 ms."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure_screens(study: Path, n_runs: int) -> dict[str, tuple[float, float]]:
    """Milliseconds of the server's processor for each screen: asked first, and the mean later."""
    process, address, _ = serve(study)
    try:
        connection, cookie = sign_in(address)

        def ask(path: str, times: int) -> float:
            began = read_processor_ms(process)
            for _ in range(times):
                connection.request("GET", path, headers=cookie)
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200, (path, answer.status)
            return (read_processor_ms(process) - began) / times

        ask("/session", 1)
        return {name: (ask(path, 1), ask(path, n_runs)) for name, path in SCREENS.items()}
    finally:
        process.terminate()
        process.wait()


def sign_in(address: str) -> tuple[http.client.HTTPConnection, dict[str, str]]:
    """A connection to the page, and the header that says whose it is."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc)
    sent = {"Origin": f"http://{parts.netloc}", "Content-Type": "application/json"}
    connection.request("POST", "/session", json.dumps({"token": parts.fragment}), sent)
    answer = connection.getresponse()
    answer.read()
    return connection, {"Cookie": answer.headers["set-cookie"].partition(";")[0]}


def percentile(values: list[float], share: float = 0.95) -> float:
    """The value that this share of values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def write_screens(study: Path, n_interviews: int, n_runs: int) -> None:
    """Print what each screen costs, of a study that is made if it is not there."""
    if not study.exists():
        build_coded(study, n_interviews)
    lines = [
        f"| processor time, {n_interviews} interviews | first, ms | then, ms |",
        "| --- | --- | --- |",
    ]
    for name, (first, later) in measure_screens(study, n_runs).items():
        lines.append(f"| {name} | {first:.0f} | {later:.0f} |")
    sys.stdout.write("\n".join([*lines, ""]))


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--out", default="-")
    parser.add_argument("--following", action="store_true")
    parser.add_argument("--search", type=int, default=0, metavar="INTERVIEWS")
    parser.add_argument("--screens", type=int, default=0, metavar="INTERVIEWS")
    parser.add_argument("--study", type=Path, help="with --screens: a study made before")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder) / "s.autocode"
        runs = []
        if wanted.screens:
            write_screens(wanted.study or study, wanted.screens, wanted.runs)
            return
        if wanted.search:
            build_interviews(study, wanted.search)
            runs.append(measure_search(study, wanted.runs))
            what = f"search in {wanted.search} interviews, {14_000 * wanted.search} words"
        else:
            build_study(study, wanted.words, share_coded=0.25 if wanted.following else 1.0)
            if wanted.following:
                suggest_beside(study)
            for run in range(wanted.runs):
                copy = Path(shutil.copy(study, Path(folder) / f"run{run}.autocode"))
                runs.append(measure(copy, follows=wanted.following))
            what = f"{wanted.words} words{', followed' if wanted.following else ''}"
    lines = [f"| {what}, median of {wanted.runs} runs | ms |", "| --- | --- |"]
    for name in runs[0]:
        middle = statistics.median(run[name] for run in runs)
        lines.append(
            f"| {name} | {middle:.1f} |" if "(s)" in name else f"| {name} | {middle:.0f} |"
        )
    table = "\n".join([*lines, ""])
    if wanted.out == "-":
        sys.stdout.write(table)
    else:
        Path(wanted.out).write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
