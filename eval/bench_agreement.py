"""How fast agreement is, beside the public implementations where they are installed.

    python eval/bench_agreement.py [--out eval/results/agreement.md] [--quick]

1. Krippendorff's nominal alpha on a table of coders by units, 20 % missing, 10 values, beside
   `krippendorff`, `simpledorff`, nltk's `AnnotationTask` and `irrCAC`. Each gets its own kind of
   input, made outside the clock, and a process of its own, and races autocode alone over all sizes
   before the next one starts. CPU seconds (user and system), median of three rounds in which the
   two take turns after one round that is not counted; short calls are repeated within a round and
   averaged.
2. Gamma of six transcripts, all codes together and each code alone, beside `pygamma-agreement` on
   texts that it manages.
3. `table.measure_agreement` with 2,000 resamples of transcripts, by parts.

Everything is synthetic and seeded. The peers are no dependencies of autocode (one of them is GPL):
those that are not installed are named as absent. Nothing else should run meanwhile. An environment
with all of them:

    python3 -m venv peers && peers/bin/pip install numpy scipy scikit-learn pandas \
        krippendorff simpledorff nltk pygamma-agreement
    peers/bin/pip install --no-deps irrCAC -e .
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import importlib
import importlib.metadata
import logging
import multiprocessing
import os
import platform
import pstats
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

import numpy as np

from autocode.agreement.coefficients.alpha import krippendorff_alpha
from autocode.agreement.resampling.intervals import Resampling
from autocode.agreement.spans.gamma import best_alignment, gamma, gammas
from autocode.agreement.spans.runs import Spans, select_code
from autocode.agreement.study.decisions import Unit
from autocode.agreement.study.table import measure_agreement

ROUNDS = 3
ENOUGH = 0.05
"""Seconds that one round of a short call is made to last by repeating it."""
PATIENCE = 10.0
"""Seconds: a peer whose next run would take longer is skipped from that size on."""
SAME = 1e-9

CODERS = (2, 3, 5, 10)
UNITS = (1_000, 10_000, 100_000, 1_000_000)
PEERS = {"krippendorff": "krippendorff", "simpledorff": "simpledorff", "irrCAC": "irrCAC.raw"} | {
    "nltk": "nltk"
}
"""In the order of their races; nltk is last, as what it does to memory slows whoever follows."""
VERSIONS = ("numpy", "scipy", "pandas", *PEERS, "pygamma-agreement")

N_CODES, N_TEXTS, WORDS, CHARACTERS_PER_WORD = 40, 6, 10_000, 6
N_SAMPLES = 30
PEER_TEXTS = ((500, 20), (1_250, 50), (2_500, 100), (10_000, 400))
"""Words of a text and passages worth marking in it, for pygamma-agreement."""

N_TRANSCRIPTS, N_SEGMENTS, N_RESAMPLES = 30, 20_000, 2_000
USUAL = (0.35, 0.40, 0.18, 0.07)
DENSE = (0.10, 0.25, 0.30, 0.20, 0.10, 0.05)
"""Shares of segments about 0, 1, 2, ... codes."""


@dataclass(frozen=True)
class Check:
    """One requirement and what came of it."""

    what: str
    found: str
    is_met: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("eval/results/agreement.md"))
    parser.add_argument("--quick", action="store_true", help="small sizes, to try the script")
    asked = parser.parse_args()
    quiet()
    head = machine()
    # The bootstrap goes first: its peak memory is the process's own, before any peer is loaded.
    bootstrap, third = bench_bootstrap(quick=asked.quick)
    spans, second = bench_gamma(quick=asked.quick)
    alpha, first = bench_alpha(quick=asked.quick)
    checks = ["| requirement | found | met |", "| --- | --- | --- |"]
    checks += [
        f"| {check.what} | {check.found} | {'yes' if check.is_met else '**no**'} |"
        for check in (*first, *second, *third)
    ]
    lines = ["# Speed of agreement", "", *head, f"- Load average at the end: {load()}", ""]
    lines += [*checks, "", *alpha, "", *spans, "", *bootstrap]
    text = "\n".join(lines) + "\n"
    print(text)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(text, encoding="utf-8")


def quiet() -> None:
    """Peers warn a lot."""
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)


# --- The machine


def machine() -> list[str]:
    known = {name: version(name) for name in VERSIONS}
    present = ", ".join(f"{name} {number}" for name, number in known.items() if number)
    absent = ", ".join(name for name, number in known.items() if not number) or "none"
    return [
        f"`python eval/bench_agreement.py`, {time.strftime('%Y-%m-%d')}, autocode"
        f" {version('autocode')} at {commit()}",
        "",
        f"- {processor()}, {os.cpu_count()} cores, {memory()}; {platform.system()}"
        f" {platform.machine()}, Python {platform.python_version()}",
        f"- {present}",
        f"- Not installed, so not compared: {absent}",
        f"- Load average at the start: {load()}",
    ]


def version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def commit() -> str:
    home = Path(__file__).parent
    ask = ["git", "-C", str(home), "describe", "--always", "--dirty"]
    try:
        return subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "an unknown commit"


def processor() -> str:
    return field("/proc/cpuinfo", "model name") or platform.processor() or "unknown processor"


def memory() -> str:
    kilobytes = field("/proc/meminfo", "MemTotal").split(" ")[0]
    return f"{int(kilobytes) / 1e6:.0f} GB" if kilobytes else "unknown memory"


def field(path: str, name: str) -> str:
    """The first value of a name in a file of `name : value` lines."""
    file = Path(path)
    lines = file.read_text().splitlines() if file.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def load() -> str:
    return ", ".join(f"{one:.2f}" for one in os.getloadavg()) + " (1, 5, 15 minutes)"


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


# --- Alpha


def codings(n_coders: int, n_units: int) -> np.ndarray:
    """Values that 7 codings in 10 have from the unit and the others by chance, NaN for 2 in 10."""
    generator = np.random.default_rng([n_coders, n_units])
    unit = generator.integers(0, 10, n_units).astype(float)
    chance = generator.integers(0, 10, (n_coders, n_units))
    table = np.where(generator.random(chance.shape) < 0.7, unit, chance)
    table[generator.random(chance.shape) < 0.2] = np.nan
    return table


def prepared(peer: str, table: np.ndarray) -> Callable[[], float]:
    """An alpha of the table as a call; the peer's kind of input is made here, outside the clock."""
    if peer == "autocode":
        return lambda: krippendorff_alpha(table).value
    module = importlib.import_module(PEERS[peer])
    if peer == "krippendorff":
        return lambda: module.alpha(reliability_data=table, level_of_measurement="nominal")
    if peer == "nltk":
        task = importlib.import_module("nltk.metrics.agreement").AnnotationTask
        coder, unit, value = long(table)
        triples = list(zip(coder.tolist(), unit.tolist(), value.tolist(), strict=True))
        return lambda: task(triples).alpha()
    pandas = importlib.import_module("pandas")
    if peer == "simpledorff":
        coder, unit, value = long(table)
        frame = pandas.DataFrame({"coder": coder, "unit": unit, "value": value})
        columns = {"experiment_col": "unit", "annotator_col": "coder", "class_col": "value"}
        return lambda: module.calculate_krippendorffs_alpha_for_df(frame, **columns)
    frame = pandas.DataFrame(table.T)
    return lambda: module.CAC(frame, digits=15).krippendorff()["est"]["coefficient_value"]


def long(table: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    coder, unit = np.nonzero(~np.isnan(table))
    return coder, unit, table[coder, unit].astype(int)


def bench_alpha(*, quick: bool) -> tuple[list[str], list[Check]]:
    sizes = [(c, u) for c in CODERS for u in (UNITS[:2] if quick else UNITS)]
    present = [peer for peer in PEERS if version(peer)]
    duels = {peer: duel(peer, sizes) for peer in present}
    ours = {size: [d[size].ours for d in duels.values() if size in d] for size in sizes}
    lines = [
        "## 1. Krippendorff's alpha, nominal",
        "",
        "20 % missing, 10 values, seeded. Each peer races autocode alone, over all sizes, before"
        " the next one starts: CPU seconds, median of 3 interleaved rounds, each in a process of"
        " its own, one running at a time; in brackets how many times autocode's in the same race."
        " `autocode` is its median over the races, `difference` the largest from its value.",
        "",
        f"| coders | units | autocode | {' | '.join(present)} | difference |",
        "| ---: " * (4 + len(present)) + "|",
    ]
    for size in sizes:
        found = [duels[peer].get(size) for peer in present]
        apart = max((d.difference for d in found if d), default=0.0)
        usual = median(ours[size]) if ours[size] else float("nan")
        row = [str(size[0]), f"{size[1]:,}", shown(usual), *map(cell, found), f"{apart:.0e}"]
        lines.append(f"| {' | '.join(row)} |")
    lines += ["", f"Skipped: ten times the run on a tenth of the units exceeds {PATIENCE:.0f} s."]
    return lines, alpha_checks([d for one in duels.values() for d in one.values()], ours)


def alpha_checks(duels: list[Duel], ours: dict[tuple[int, int], list[float]]) -> list[Check]:
    worst = min((d.theirs / d.ours for d in duels), default=float("nan"))
    apart = max((d.difference for d in duels), default=float("nan"))
    million = median(ours.get((3, 1_000_000)) or [float("nan")])
    return [
        Check("alpha: at least as fast as the fastest peer everywhere", f"{worst:.1f}x", worst >= 1)
        if duels
        else Check("alpha: at least as fast as the fastest peer", "no peer installed", False),
        Check(f"alpha: values equal to {SAME:.0e}", f"{apart:.0e}", apart <= SAME),
        Check("alpha: 3 coders x 1,000,000 units under 1 s", shown(million), million < 1),
    ]


@dataclass(frozen=True)
class Duel:
    """CPU seconds of autocode and of one peer at one size, and how far apart their values are."""

    ours: float
    theirs: float
    difference: float


def duel(peer: str, sizes: list[tuple[int, int]]) -> dict[tuple[int, int], Duel]:
    """Autocode and one peer taking turns at each size that the peer manages."""
    racers = [Racer("autocode"), Racer(peer)]
    found: dict[tuple[int, int], Duel] = {}
    expected = {n_coders: 0.0 for n_coders, _ in sizes}
    for size in sizes:
        n_coders = size[0]
        if expected[n_coders] > PATIENCE:
            continue
        say(f"alpha: {peer}, {n_coders} coders, {size[1]} units")
        seconds, values = race(racers, size)
        difference = abs(values[peer] - values["autocode"])
        found[size] = Duel(seconds["autocode"], seconds[peer], difference)
        expected[n_coders] = 10 * seconds[peer]
    for racer in racers:
        racer.stop()
    return found


class Racer:
    """One implementation in a process of its own.

    In one process, what a peer does to memory makes the next one slow: with nltk taking turns, the
    system time of `krippendorff` at a million units was two to three times what it is alone.
    """

    def __init__(self, name: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.name = name
        self._line, other = context.Pipe()
        self._process = context.Process(target=serve, args=(other, name), daemon=True)
        self._process.start()
        other.close()

    def ask(self, what: tuple[int, int] | int | None) -> tuple[float, float]:
        """A size to make ready: value, CPU seconds. A number of calls, or None to let go."""
        self._line.send(what)
        return self._line.recv()

    def stop(self) -> None:
        self._line.close()
        self._process.join()


def serve(line: Connection, name: str) -> None:
    """Answer what a `Racer` asks, until it hangs up."""
    quiet()
    call: Callable[[], float | None] | None = None
    value = float("nan")
    while True:
        try:
            what = line.recv()
        except EOFError:
            return
        if isinstance(what, tuple):
            call = prepared(name, codings(*what))
            started = time.process_time()
            value = float(call())
            line.send((value, time.process_time() - started))
        elif what is None:
            call = None
            gc.collect()
            line.send((value, 0.0))
        else:
            line.send((value, cpu_seconds(call, times=what)))


def race(racers: list[Racer], size: tuple[int, int]) -> tuple[dict[str, float], dict[str, float]]:
    """Median CPU seconds and values of those who take turns, one running at a time."""
    values, times = {}, {}
    for racer in racers:
        values[racer.name], first = racer.ask(size)
        times[racer.name] = max(1, min(500, int(ENOUGH / first)))
    taken: dict[str, list[float]] = {racer.name: [] for racer in racers}
    for _ in range(ROUNDS):
        for racer in racers:
            taken[racer.name].append(racer.ask(times[racer.name])[1])
    for racer in racers:
        racer.ask(None)
    return {name: median(found) for name, found in taken.items()}, values


def cpu_seconds(call: Callable[[], object], *, times: int = 1) -> float:
    gc.collect()
    started = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - started) / times


def wall_seconds(call: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds of one call."""
    gc.collect()
    started, used = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - started, time.process_time() - used


def cell(found: Duel | None) -> str:
    return f"{shown(found.theirs)} ({found.theirs / found.ours:.1f}x)" if found else "skipped"


def shown(seconds: float) -> str:
    if np.isnan(seconds):
        return "not run"
    return f"{seconds * 1000:.2f} ms" if seconds < 0.1 else f"{seconds:.2f} s"


# --- Gamma


def marked(generator: np.random.Generator, *, words: int, passages: int) -> Spans:
    """Two coders' spans: each finds 4 in 5 of the passages, roughly, and a fifth of its own.

    A passage is 25 words long on average; 4 in 5 found have the passage's own code.
    """
    length = words * CHARACTERS_PER_WORD
    start = generator.integers(0, length - 600, passages)
    size = np.maximum(generator.exponential(150, passages), 20)
    code = generator.integers(0, N_CODES, passages)
    columns = []
    for coder in (0, 1):
        here = generator.random(passages) < 0.8
        n_own = passages // 5
        chance = generator.integers(0, N_CODES, here.sum())
        first = np.r_[start[here], generator.integers(0, length - 600, n_own)]
        first = np.clip(first + generator.integers(-30, 31, first.size), 0, length - 20)
        extent = np.r_[size[here], np.maximum(generator.exponential(150, n_own), 20)]
        extent = np.maximum(extent + generator.integers(-30, 31, extent.size), 10).astype(int)
        given = np.where(generator.random(here.sum()) < 0.8, code[here], chance)
        given = np.r_[given, generator.integers(0, N_CODES, n_own)]
        last = np.minimum(first + extent, length)
        columns.append(np.stack([np.full(first.size, coder), first, last, given]))
    coders, starts, ends, codes = np.concatenate(columns, axis=1)
    return Spans(
        coder=coders,
        start=starts,
        end=ends,
        code=codes,
        n_coders=2,
        n_codes=N_CODES,
        length=length,
    )


def bench_gamma(*, quick: bool) -> tuple[list[str], list[Check]]:
    lines = [
        "## 2. Gamma",
        "",
        f"{N_TEXTS} transcripts of {WORDS:,} words, 2 coders, {N_CODES} codes; {N_SAMPLES} chance"
        " texts each, alpha = beta = 1, seed 0. Spans are 25 words long on average and overlap."
        f" Wall seconds, median of 3. `each code` is {N_TEXTS * N_CODES} gammas, of each code"
        " alone.",
        "",
        "| spans a coder marks per transcript | sampler | all codes | each code | together |",
        "| ---: | --- | ---: | ---: | ---: |",
    ]
    slowest = 0.0
    for passages in (200,) if quick else (200, 400, 1_000):
        generator = np.random.default_rng(passages)
        texts = [marked(generator, words=WORDS, passages=passages) for _ in range(N_TEXTS)]
        alone = [select_code(text, code) for text in texts for code in range(N_CODES)]
        for sampler in ("shuffle", "statistical"):
            say(f"gamma: {passages} passages, {sampler}")
            one, each = (
                median(
                    wall_seconds(lambda g=group, s=sampler: gammas(g, sampler=s))[0]
                    for _ in range(ROUNDS)
                )
                for group in (texts, alone)
            )
            slowest = max(slowest, one + each)
            spans = sum(text.coder.size for text in texts) / N_TEXTS / 2
            row = [f"{spans:.0f}", sampler, shown(one), shown(each), shown(one + each)]
            lines.append(f"| {' | '.join(row)} |")
    what = f"gamma: {N_TEXTS} transcripts x {WORDS:,} words x {N_CODES} codes under 10 s"
    check = Check(what, f"{slowest:.2f} s at most", slowest < 10)
    return [*lines, "", *beside_pygamma(quick=quick)], [check]


def beside_pygamma(*, quick: bool) -> list[str]:
    if not version("pygamma-agreement"):
        return ["pygamma-agreement is not installed, so gamma is compared with nothing."]
    lines = [
        "Beside pygamma-agreement on one text, same dissimilarity (alpha = beta = delta = 1), its"
        " statistical sampler and ours, 30 chance texts. Wall seconds, one run. `disorder` is that"
        " of the best alignment, which knows no chance (theirs is in single precision); gammas"
        " differ by their chance texts.",
        "",
        "| words | spans | autocode | pygamma-agreement | disorder | its disorder | gamma |"
        " its gamma |",
        "| ---: " * 8 + "|",
    ]
    expected, before = 0.0, 0
    for words, passages in PEER_TEXTS[:1] if quick else PEER_TEXTS:
        text = marked(np.random.default_rng(words), words=words, passages=passages)
        expected *= (passages / before) ** 2 if before else 1
        ours = gamma(text, sampler="statistical", n_samples=N_SAMPLES)
        mine = best_alignment(text)
        settings = {"sampler": "statistical", "n_samples": N_SAMPLES}
        seconds, _ = wall_seconds(lambda t=text, s=settings: gamma(t, **s))
        row = [f"{words:,}", str(text.coder.size), shown(seconds)]
        if expected > PATIENCE:
            its = [f"skipped (~{expected:.0f} s)", f"{mine.disorder:.9f}", "", f"{ours.value:.3f}"]
            lines.append(f"| {' | '.join([*row, *its, ''])} |")
            continue
        say(f"pygamma-agreement: {words} words")
        found = of_pygamma(text)
        expected, before = found[0], passages
        ratio = f"{shown(found[0])} ({found[0] / seconds:.0f}x)"
        its = [ratio, f"{mine.disorder:.9f}", f"{found[1]:.9f}", f"{ours.value:.3f}"]
        lines.append(f"| {' | '.join([*row, *its, f'{found[2]:.3f}'])} |")
    return [*lines, "", "Skipped: expected from the size before, by the square of the spans."]


def of_pygamma(text: Spans) -> tuple[float, float, float]:
    """Wall seconds, disorder of the best alignment and gamma by pygamma-agreement."""
    theirs = importlib.import_module("pygamma_agreement")
    segment = importlib.import_module("pyannote.core").Segment
    continuum = theirs.Continuum()
    for coder, start, end, code in zip(text.coder, text.start, text.end, text.code, strict=True):
        continuum.add(f"coder {coder}", segment(float(start), float(end)), str(code))
    apart = theirs.CombinedCategoricalDissimilarity(alpha=1, beta=1, delta_empty=1)
    disorder = continuum.get_best_alignment(apart).disorder  # Also compiles what it compiles.
    np.random.seed(0)  # noqa: NPY002 - its draws come from there
    started = time.perf_counter()
    found = continuum.compute_gamma(apart, n_samples=N_SAMPLES)
    return time.perf_counter() - started, float(disorder), float(found.gamma)


# --- Bootstrap


def study(sizes: tuple[float, ...], *, n_segments: int) -> tuple[list[Unit], list[str]]:
    """Segments that two coders have read, with codes of Zipfian frequency."""
    generator = np.random.default_rng(0)
    names = [f"code {number:02d}" for number in range(N_CODES)]
    share = np.arange(1, N_CODES + 1) ** -0.8
    share /= share.sum()
    places = np.sort(generator.integers(0, N_TRANSCRIPTS, n_segments))
    units = []
    for place in places.tolist():
        n_true = generator.choice(len(sizes), p=sizes)
        true = generator.choice(N_CODES, n_true, replace=False, p=share)
        applied = {}
        for coder in ("ada", "ben"):
            given = set(true[generator.random(n_true) < 0.8].tolist())
            if generator.random() < 0.1:
                given.add(int(generator.choice(N_CODES, p=share)))
            applied[coder] = frozenset(names[code] for code in given)
        units.append(
            Unit(transcript=f"transcript {place:02d}", excerpt="what was said", applied=applied)
        )
    return units, names


def bench_bootstrap(*, quick: bool) -> tuple[list[str], list[Check]]:
    n_segments = 2_000 if quick else N_SEGMENTS
    lines = [
        "## 3. Clustered bootstrap",
        "",
        f"`table.agreement`: {N_TRANSCRIPTS} transcripts, {n_segments:,} segments, {N_CODES} codes"
        f" in a tree of 5, 2 coders, {N_RESAMPLES:,} resamples of transcripts; every coefficient"
        " overall and per code, with intervals. Units are made outside the clock. Median of 3 (the"
        " dense study: one run). Peak memory is that of the process, in brackets without the run.",
        "",
        "| codes per segment and coder | distinct sets | wall | CPU | peak memory |",
        "| ---: | ---: | ---: | ---: | ---: |",
    ]
    found, parts = [], []
    for sizes, rounds in ((USUAL, ROUNDS), (DENSE, 1)):
        say(f"bootstrap: {len(sizes) - 1} codes at most")
        units, codes = study(sizes, n_segments=n_segments)
        before = peak()
        taken = [wall_seconds(lambda u=units, c=codes: compared(u, c)) for _ in range(rounds)]
        wall, cpu = (median(column) for column in zip(*taken, strict=True))
        sets = [given for unit in units for given in unit.applied.values()]
        mean = sum(map(len, sets)) / len(sets)
        row = [f"{mean:.2f}", f"{len(set(sets)):,}", shown(wall), shown(cpu)]
        lines.append(f"| {' | '.join(row)} | {peak():.0f} MB ({before:.0f} MB) |")
        found.append(wall)
        parts = parts or by_parts(units, codes)
    what = f"bootstrap: {n_segments:,} segments, {N_RESAMPLES:,} resamples under 10 s"
    checks = [
        Check(what, shown(found[0]), found[0] < 10),
        Check("the same, a dense study (beyond the requirement)", shown(found[1]), found[1] < 10),
    ]
    return [*lines, "", *parts], checks


def compared(units: list[Unit], codes: list[str]) -> object:
    parents = {code: codes[at - at % 8] if at % 8 else None for at, code in enumerate(codes)}
    resampling = Resampling(n_resamples=N_RESAMPLES, seed=0)
    return measure_agreement(
        units, ["ada", "ben"], codes, unit_name="segment", parents=parents, resampling=resampling
    )


def peak() -> float:
    """The most memory this process has held so far, in megabytes."""
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def by_parts(units: list[Unit], codes: list[str]) -> list[str]:
    """Where a run spends its time: our functions that take 3 % or more, with all they call."""
    profile = cProfile.Profile()
    profile.runcall(compared, units, codes)
    stats = pstats.Stats(profile)
    total = stats.total_tt
    ours = sorted(
        (
            (entry[3], entry[2], f"{Path(file).stem}.{name}")
            for (file, _, name), entry in stats.stats.items()
            if "agreement" in Path(file).parts and not name.startswith("<")
        ),
        reverse=True,
    )
    return [
        f"By parts, the first study under the profiler ({total:.2f} s; parts hold one another):",
        "",
        "| function | with what it calls | share | by itself |",
        "| --- | ---: | ---: | ---: |",
        *(
            f"| `{name}` | {shown(below)} | {below / total:.0%} | {shown(itself)} |"
            for below, itself, name in ours
            if below >= 0.03 * total
        ),
    ]


if __name__ == "__main__":
    main()
