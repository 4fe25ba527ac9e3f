"""Do the intervals of agreement hold what they say? Coverage by simulation, seeds fixed.

    python eval/bench_coverage.py [--simulations 2000] [--out eval/results/coverage.md]

A study has m transcripts of about 45 segments (lognormal), 12 codes (four each of prevalence .02,
.05 and .2) and two or three coders. In each transcript a code has a prevalence of its own
(logit-normal), and coders a reliability of their own (logit-normal): with that probability a coder
sees what is there, else he gives the code at random. `none`, `moderate` and `strong` say how much
transcripts differ (standard deviations on the logit scale: 0 and 0, .8 and .5, 1.5 and 1).

Coverage: the share of intervals, where there is one, that hold the coefficient of very many
transcripts. Size: how often a machine that is exactly the margin worse than people is called
non-inferior, at nominal 5 %. Monte-Carlo error at 2,000 simulations: .5 points.
"""

from __future__ import annotations

import argparse
import platform
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit

from autocode.agreement import Interval, NoInterval, compute_jackknife_intervals, leave_out_each
from autocode.agreement.coefficients.gwet import ac1_from_shares
from autocode.agreement.coefficients.kappa import kappa_from_tables
from autocode.agreement.coefficients.observed import percent_from_tables
from autocode.agreement.machine.comparison import compare_with_humans, non_inferiority
from autocode.agreement.resampling.draws import draw_transcripts
from autocode.agreement.resampling.intervals import compute_intervals

PREVALENCE = np.repeat([0.02, 0.05, 0.2], 4)
N_CODES = len(PREVALENCE)
SEGMENTS = 45
RELIABILITY = 0.82
TRANSCRIPTS = (4, 6, 10, 20, 40)
MARGIN = 0.05


@dataclass(frozen=True)
class Scenario:
    """How much transcripts differ: standard deviations of prevalence and reliability (logits)."""

    name: str
    prevalence: float
    reliability: float


SCENARIOS = (
    Scenario("moderate", 0.8, 0.5),
    Scenario("none", 0.0, 0.0),
    Scenario("strong", 1.5, 1.0),
)
OVERALL = ("pooled kappa", "AC1", "percent", "mean kappa of codes")
PER_CODE = ("kappa", "percent", "AC1")
ROWS = [*OVERALL, *(f"{name}, code at {p:g}" for name in PER_CODE for p in (0.2, 0.05, 0.02))]
SCALES = ["kappa", "kappa", "percent", "kappa"]
SCALES += ["kappa"] * N_CODES + ["percent"] * N_CODES + ["kappa"] * N_CODES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--simulations", type=int, default=2000)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    begin = time.perf_counter()
    parts = [
        "# Coverage of the intervals of agreement\n",
        f"`python eval/bench_coverage.py --simulations {given.simulations}`; seeds fixed, protocol"
        " in the script. Cells: coverage in % (nominal 95), in brackets the share of values without"
        " an interval, where there is any.\n",
        *(
            table_of_coverage(scenario, n_coders, given.simulations)
            for scenario in SCENARIOS
            for n_coders in (2, 3)
        ),
        table_of_percentiles(max(given.simulations // 10, 20)),
        table_of_sizes(given.simulations),
        f"{time.perf_counter() - begin:.0f} s on {platform.machine()}.\n",
    ]
    text = "\n".join(parts)
    print(text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


# --- Simulated studies


def draw_rates(generator, shape, scenario):
    """Prevalence (*shape, codes) and reliability (*shape, 1) of each transcript."""
    deviation = scenario.prevalence
    # The mean of a logit-normal lies nearer to one half than its centre: move the centre back.
    centre = logit(PREVALENCE) - 0.5 * deviation**2 * (1 - 2 * PREVALENCE)
    prevalence = expit(centre + deviation * generator.normal(size=(*shape, N_CODES)))
    spread = scenario.reliability * generator.normal(size=(*shape, 1))
    return prevalence, expit(logit(RELIABILITY) + spread)


def chance_of_patterns(prevalence, reliabilities):
    """Probability of each pattern of yes and no of the coders, (..., 2 ** n_coders)."""
    patterns = []
    for pattern in range(2 ** len(reliabilities)):
        there, not_there = prevalence, 1 - prevalence
        for coder, reliability in enumerate(reliabilities):
            guess = (1 - reliability) * prevalence
            if pattern >> coder & 1:
                there, not_there = there * (reliability + guess), not_there * guess
            else:
                miss = (1 - reliability) * (1 - prevalence)
                there, not_there = there * miss, not_there * (reliability + miss)
        patterns.append(there + not_there)
    return np.stack(patterns, axis=-1)


def draw_sizes(generator, shape):
    sizes = np.exp(generator.normal(np.log(SEGMENTS) - 0.08, 0.4, shape))
    return np.maximum(np.rint(sizes), 5).astype(int)


def draw_tables(generator, n_studies, m, scenario, n_coders):
    """2 x 2 tables summed over pairs of coders, (n_studies, m, codes, 2, 2)."""
    prevalence, reliability = draw_rates(generator, (n_studies, m), scenario)
    chances = chance_of_patterns(prevalence, [reliability] * n_coders)
    sizes = draw_sizes(generator, (n_studies, m))
    counts = generator.multinomial(np.broadcast_to(sizes[..., None], prevalence.shape), chances)
    tables = np.zeros((*prevalence.shape, 2, 2))
    for pattern in range(2**n_coders):
        given = [pattern >> coder & 1 for coder in range(n_coders)]
        for first in range(n_coders):
            for second in range(first + 1, n_coders):
                tables[..., given[first], given[second]] += counts[..., pattern]
    return tables


def compute_all(tables):
    """Every coefficient from tables (n_draws, codes, 2, 2), shape (n_draws, n_values)."""
    pooled = tables.sum(axis=-3)
    kappa = kappa_from_tables(tables)
    defined = ~np.isnan(kappa)
    mean = np.where(defined, kappa, 0).sum(axis=-1) / np.maximum(defined.sum(axis=-1), 1)
    whole = [kappa_from_tables(pooled), ac1(pooled), percent_from_tables(pooled), mean]
    return np.concatenate(
        [np.stack(whole, axis=-1), kappa, percent_from_tables(tables), ac1(tables)], axis=-1
    )


def ac1(tables):
    yes = (tables[..., 1, :].sum(axis=-1) + tables[..., :, 1].sum(axis=-1)) / 2
    share = yes / tables.sum(axis=(-1, -2))
    return ac1_from_shares(percent_from_tables(tables), np.stack([1 - share, share], axis=-1))


def compute_truth(scenario, n_coders):
    generator = np.random.default_rng(99)
    total = sum(
        draw_tables(generator, 1, 2000, scenario, n_coders).sum(axis=(0, 1)) for _ in range(20)
    )
    return compute_all(total[None])[0]


# --- Coverage


def row_of(value: int) -> int:
    """Which row of the table a value counts into: codes of one prevalence share a row."""
    if value < len(OVERALL):
        return value
    coefficient, code = divmod(value - len(OVERALL), N_CODES)
    return len(OVERALL) + 3 * coefficient + [0.2, 0.05, 0.02].index(PREVALENCE[code])


def count_coverage(m, scenario, n_coders, n_studies, truth, method="jackknife"):
    """How many intervals hold the truth, are there, and could be, by row: three (n_rows,)."""
    generator = np.random.default_rng(1000 + m)
    hold, there, all_ = np.zeros((3, len(ROWS)))
    draws = draw_transcripts(m) if method != "jackknife" else None
    for tables in draw_tables(generator, n_studies, m, scenario, n_coders):
        if draws is None:
            used = (tables.sum(axis=(-1, -2)) > tables[..., 0, 0]).sum(axis=0)
            limits = compute_jackknife_intervals(
                leave_out_each(tables, compute_all),
                scales=SCALES,
                n_with_code=[m] * len(OVERALL) + [*used, *used, *used],
            )
        else:
            limits = compute_intervals(tables, compute_all, draws=draws, method=method)
        for value, limit in enumerate(limits):
            row = row_of(value)
            all_[row] += 1
            if isinstance(limit, Interval):
                there[row] += 1
                hold[row] += limit.low <= truth[value] <= limit.high
            elif limit is not None and not isinstance(limit, NoInterval):
                raise TypeError(limit)
    return hold, there, all_


def table_of_coverage(scenario, n_coders, n_studies):
    truth = compute_truth(scenario, n_coders)
    columns = [count_coverage(m, scenario, n_coders, n_studies, truth) for m in TRANSCRIPTS]
    heading = f"\n## {scenario.name.capitalize()} heterogeneity, {n_coders} coders\n"
    return "\n".join([heading, *rows_of(columns, TRANSCRIPTS)])


def table_of_percentiles(n_studies):
    """The other methods, for comparison, on fewer studies."""
    lines = ["\n## Percentile and BCa, moderate heterogeneity, 2 coders\n"]
    lines.append(f"{n_studies} simulations a cell (Monte-Carlo error 1.5 points at 200).\n")
    truth = compute_truth(SCENARIOS[0], 2)
    for method in ("percentile", "bca"):
        columns = [count_coverage(m, SCENARIOS[0], 2, n_studies, truth, method) for m in (4, 6, 10)]
        lines += [f"\n{method}:\n", *rows_of(columns, (4, 6, 10))]
    return "\n".join(lines)


def rows_of(columns, sizes):
    yield "| | " + " | ".join(f"m = {m}" for m in sizes) + " |"
    yield "| --- |" + " --- |" * len(sizes)
    for at, name in enumerate(ROWS):
        cells = []
        for hold, there, all_ in columns:
            covered = f"{100 * hold[at] / there[at]:.1f}" if there[at] else "-"
            absent = 100 * (1 - there[at] / all_[at])
            cells.append(f"{covered} ({absent:.0f}% none)" if absent >= 0.5 else covered)
        yield f"| {name} | " + " | ".join(cells) + " |"


# --- Non-inferiority at the margin


def draw_decisions(generator, m, scenario, n_people, machine):
    """Decisions of people and machine, (n_people + 1, n), and the transcript of each, (n,)."""
    prevalence, reliability = draw_rates(generator, (m,), scenario)
    worse = expit(logit(reliability) + machine)
    sizes = draw_sizes(generator, (m,))
    transcript = np.repeat(np.arange(m), sizes)
    rates = prevalence[transcript]
    there = generator.random(rates.shape) < rates
    decisions = []
    for coder in range(n_people + 1):
        sees = (worse if coder == n_people else reliability)[transcript]
        guess = generator.random(rates.shape) < rates
        decisions.append(np.where(generator.random(rates.shape) < sees, there, guess))
    table = np.array(decisions, dtype=float).reshape(n_people + 1, -1)
    return table, np.repeat(transcript, N_CODES)


def find_machine(scenario):
    """How much less reliable (logits) a machine is that is exactly the margin worse than people."""
    generator = np.random.default_rng(5)
    prevalence, reliability = draw_rates(generator, (40_000,), scenario)

    def difference(machine):
        worse = expit(logit(reliability) + machine)
        return (
            pooled_kappa(prevalence, reliability, worse)
            - pooled_kappa(prevalence, reliability, reliability)
            + MARGIN
        )

    return brentq(difference, -3, 0)


def pooled_kappa(prevalence, first, second):
    chances = chance_of_patterns(prevalence, [first, second]).sum(axis=(0, 1))
    return float(kappa_from_tables(chances.reshape(2, 2)[None])[0])


def table_of_sizes(n_studies):
    """How often non-inferiority is claimed where the machine is exactly the margin worse."""
    scenario = SCENARIOS[0]
    machine = find_machine(scenario)
    lines = [
        "\n## Non-inferiority of a machine exactly the margin worse than people\n",
        f"Moderate heterogeneity, kappa on pooled decisions, margin {MARGIN}, nominal 5 %. Share of"
        " simulations that claim non-inferiority, in %.\n",
        "| people | " + " | ".join(f"m = {m}" for m in (4, 6, 10, 20)) + " |",
        "| --- |" + " --- |" * 4,
    ]
    for n_people in (2, 3):
        cells = []
        for m in (4, 6, 10, 20):
            generator = np.random.default_rng(300 + m)
            claims = 0
            for _ in range(n_studies):
                table, transcripts = draw_decisions(generator, m, scenario, n_people, machine)
                comparison = compare_with_humans(
                    table[:-1], table[-1], coefficient="cohen_kappa", transcripts=transcripts
                )
                verdict = non_inferiority(comparison, MARGIN).verdict
                claims += verdict in ("non-inferior", "superior")
            cells.append(f"{100 * claims / n_studies:.1f}")
        lines.append(f"| {n_people} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
