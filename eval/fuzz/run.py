"""Damaged files of every kind, put to every reader: none may raise what is not ours, hang or swell.

    python eval/fuzz/run.py --cases 100000 --seed 1 [--folder ../shared/cases] [--out FILE]
    python eval/fuzz/run.py --projects --cases 100000 --seed 1 [--folder ../shared/interop]
        [--suffix .qdpx --suffix .qdc]    only from seed files of these kinds
    python eval/fuzz/run.py --seed 1 --show 4711 [--save FILE]    one case again

A case follows from the seeds, the seed and its number alone. Cases run in a worker process with
limits: 5 CPU seconds a case, 1 GB of memory above what the worker holds when it starts. A worker
that dies is named with its case and replaced.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).parent))

from mutations import make_case
from project_seeds import collect_project_seeds
from projects import put_to_project_readers
from readers import Fault, put_to_readers
from seeds import collect_seeds

MOST_SECONDS = 5
MOST_MEMORY = 1 << 30
_PROJECTS_FIRST = ("small.qda", "small.qdpx", "small.qdc")
_FILES_FIRST = ("talk.docx", "survey.xlsx", "talk.pdf", "talk1252.txt", "talk.srt", "talk.vtt")


class TooSlow(BaseException):
    """A case took more CPU time than it may; no `except Exception` of a reader swallows it."""


def run_case(
    seeds: dict[str, bytes], seed: int, number: int, *, projects: bool = False
) -> tuple[str, int, float, list[Fault]]:
    """Name, readers that took it, CPU seconds and faults of one case."""
    name, raw = make_case(seeds, seed, number)
    started = time.process_time()
    try:
        taken, faults = (put_to_project_readers if projects else put_to_readers)(name, raw)
    except TooSlow:
        taken, faults = 0, [Fault("any", f"more than {MOST_SECONDS} CPU seconds")]
    except MemoryError:
        taken, faults = 0, [Fault("any", f"more than {MOST_MEMORY >> 20} MB")]
    return name, taken, time.process_time() - started, faults


def work(args: argparse.Namespace) -> None:
    """Run cases from --first on, a line of JSON for each; what a worker process does."""
    seeds = _collect(args)
    # What is loaded by the first file of a kind is no memory of a case.
    put = put_to_project_readers if args.projects else put_to_readers
    for name in _PROJECTS_FIRST if args.projects else _FILES_FIRST:
        if name in seeds:
            put(name, seeds[name])
    _limit_memory()
    signal.signal(signal.SIGPROF, _stop)
    for number in range(args.first, args.cases):
        used = int(time.process_time())
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (used + 4 * MOST_SECONDS, hard))
        signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
        print(json.dumps(number), flush=True)
        name, taken, seconds, faults = run_case(seeds, args.seed, number, projects=args.projects)
        signal.setitimer(signal.ITIMER_PROF, 0)
        row = [number, Path(name).suffix, taken, round(seconds, 3), [asdict(f) for f in faults]]
        print(json.dumps(row), flush=True)
    print(json.dumps({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}), flush=True)


def _collect(args: argparse.Namespace) -> dict[str, bytes]:
    seeds = (collect_project_seeds if args.projects else collect_seeds)(args.folder)
    wanted = {suffix.lower() for suffix in args.suffix}
    return {n: raw for n, raw in seeds.items() if not wanted or Path(n).suffix.lower() in wanted}


def _limit_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MOST_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise TooSlow


class Tally:
    """What came of the cases so far."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.cases: Counter[str] = Counter()
        self.faults: Counter[tuple[str, str, str]] = Counter()
        self.first: dict[tuple[str, str, str], int] = {}
        self.longest = (0.0, -1)
        self.peak = 0

    def add(self, number: int, suffix: str, taken: int, seconds: float, faults: list[dict]) -> None:
        """Count one case."""
        self.cases[suffix] += 1
        self.taken[suffix] += taken > 0
        self.longest = max(self.longest, (seconds, number))
        for fault in faults:
            # The same place is the same finding, whatever the words of the message.
            what = fault["what"] if not fault["where"] else fault["what"].split(":")[0]
            key = (fault["reader"], what[:90], fault["where"])
            if key not in self.faults:
                print(f"case {number}: {' | '.join(key)}", file=sys.stderr, flush=True)
            self.faults[key] += 1
            self.first.setdefault(key, number)

    def write(self, args: argparse.Namespace, seeds: dict[str, bytes], minutes: float) -> str:
        """The tally as Markdown."""
        digest = hashlib.sha256(b"".join(name.encode() + seeds[name] for name in sorted(seeds)))
        n_cases = self.cases.total()
        lines = [
            f"{n_cases:,} cases, seed {args.seed}, {len(seeds)} seed files (SHA-256 of all"
            f" {digest.hexdigest()[:12]}), {minutes:.0f} minutes; taken by a reader or more"
            f" {self.taken.total():,}; longest case {self.longest[0]:.1f} CPU s (number"
            f" {self.longest[1]}); peak memory of a worker {self.peak / 1024:.0f} MB;"
            f" **{self.faults.total()} faults of {len(self.faults)} sorts**.",
            "",
            "| suffix | cases | taken by a reader or more |",
            "| --- | --- | --- |",
            *(
                f"| {suffix or 'none'} | {n:,} | {self.taken[suffix]:,} |"
                for suffix, n in sorted(self.cases.items())
            ),
        ]
        if self.faults:
            lines += [
                "",
                "| reader | fault | place | times | first case |",
                "| --- | --- | --- | --- | --- |",
            ]
            lines += [
                f"| {reader} | {what} | {where} | {n} | {self.first[reader, what, where]} |"
                for (reader, what, where), n in self.faults.most_common()
            ]
        return "\n".join(lines) + "\n"


def run(args: argparse.Namespace) -> Tally:
    """Run all cases in workers, a new one where one dies."""
    tally = Tally()
    at, running = args.first, -1
    while at < args.cases:
        which = f"--first={at}", f"--cases={args.cases}", f"--seed={args.seed}"
        folders = (f"--folder={folder}" for folder in args.folder)
        kind = ["--projects"] if args.projects else []
        kind += [f"--suffix={suffix}" for suffix in args.suffix]
        command = [sys.executable, __file__, "--work", *kind, *which, *folders]
        worker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert worker.stdout
        for line in worker.stdout:
            try:
                told = json.loads(line)
            except ValueError:
                continue  # cut off by the worker's death
            if isinstance(told, int):
                running = told
            elif isinstance(told, dict):
                tally.peak = max(tally.peak, told["peak"])
            else:
                tally.add(*told)
                at = told[0] + 1
                if at % 5000 == 0:
                    print(
                        f"{at:,} cases, {tally.faults.total()} faults", file=sys.stderr, flush=True
                    )
        status = worker.wait()
        if at < args.cases:
            died = {"reader": "any", "what": f"worker died ({status})", "where": ""}
            tally.add(running, "", 0, 0.0, [died])
            at = running + 1
    return tally


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, action="append", default=[], help="more seed files")
    parser.add_argument("--suffix", action="append", default=[], help="seed files of this kind")
    parser.add_argument("--projects", action="store_true", help="projects of other tools")
    parser.add_argument("--out", type=Path, help="write the tally to this file")
    parser.add_argument("--show", type=int, help="run this case alone, without limits")
    parser.add_argument("--save", type=Path, help="with --show: write its bytes to this file")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.work:
        work(args)
        return
    seeds = _collect(args)
    if args.show is not None:
        name, raw = make_case(seeds, args.seed, args.show)
        if args.save:
            args.save.write_bytes(raw)
        print(name, len(raw), raw[:300])
        print(*run_case(seeds, args.seed, args.show, projects=args.projects), sep="\n")
        return
    started = time.monotonic()
    tally = run(args)
    report = tally.write(args, seeds, (time.monotonic() - started) / 60)
    print(report)
    if args.out:
        args.out.write_text(report)
    sys.exit(1 if tally.faults else 0)


if __name__ == "__main__":
    main()
