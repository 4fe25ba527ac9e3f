"""What commands that compute nothing new cost from a cold start: time, processor time, memory.

    python eval/bench_commands.py [--study STUDY] [--runs 7] [--output eval/results/commands.md]

Each command runs in a process of its own on the bundled example study (made anew without --study),
round by round, so that other work on the machine falls on all alike; the best of all rounds counts.
A first round, which is not counted, compiles every module, as an installation does. Beside them
`import numpy, sqlalchemy` alone, by which processor times are divided.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from processes import Cost, run_alone

ROOT = Path(__file__).parents[1]
CALL = "import sys; from autocode.cli.main import run; sys.argv[0] = 'autocode'; run()"
BARE = "import numpy, sqlalchemy"
AT_MOST_S, AT_MOST_MB = 0.5, 80

COMMANDS = (
    "--help",
    "show STUDY",
    "show STUDY --json",
    "show STUDY --sections",
    "speakers STUDY",
    "audio list STUDY",
    "codes list STUDY",
    "codes families STUDY",
    "codes outdated STUDY",
    "codes history STUDY waiting",
    "coders list STUDY",
    "passes list STUDY",
    "memo STUDY",
    "themes show STUDY",
    "map show STUDY",
    "map export STUDY OUT/map.svg",
    "search STUDY waiting",
    "tables STUDY --by role",
    "quotes STUDY --code waiting",
    "saturation STUDY",
    "agree STUDY",
    "agree spans STUDY",
    "export STUDY OUT/export",
    "report STUDY --output OUT/report.html",
    "history STUDY",
    "cache show",
)


ADD_THEME = "map add STUDY Waiting --code waiting --coder Amina"
"""So that there is a map to be drawn."""


def main() -> None:
    """Measure and print; write a table where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", type=Path, help="an example study made by `autocode demo`")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--only", default="", help="only commands that hold these words")
    parser.add_argument("--output", type=Path)
    args = parser.parse_args()
    commands = [command for command in COMMANDS if args.only in command]
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder) / "study.autocode"
        shutil.copyfile(args.study or make_example(Path(folder) / "demo"), study)
        run_alone([sys.executable, "-c", CALL, *ADD_THEME.replace("STUDY", str(study)).split()])
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(folder) / "compiled")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        bare, costs = measure(commands, study, args.runs, environment)
    lines = describe(bare, costs, args.runs)
    print("\n".join(lines))
    if args.output:
        args.output.write_text("\n".join([*lines, ""]), encoding="utf-8")


def make_example(folder: Path) -> Path:
    """The example study with suggestions and draft themes."""
    run_alone([sys.executable, "-c", CALL, "demo", str(folder)])
    return folder / "study.autocode"


def measure(
    commands: list[str], study: Path, n_runs: int, environment: dict[str, str]
) -> tuple[Cost, dict[str, Cost]]:
    """The best of so many runs of the bare import and of each command."""
    calls = {command: [sys.executable, "-c", CALL, *command.split()] for command in commands}
    bare: list[Cost] = []
    costs: dict[str, list[Cost]] = {command: [] for command in commands}
    for round_number in range(n_runs + 1):
        if round_number == 1:
            bare.clear()
            for of_command in costs.values():
                of_command.clear()
        bare.append(run_alone([sys.executable, "-c", BARE], environment))
        for command, call in calls.items():
            out = Path(tempfile.mkdtemp(dir=study.parent))
            words = [w.replace("STUDY", str(study)).replace("OUT", str(out)) for w in call]
            costs[command].append(run_alone(words, environment))
    return take_best(bare), {command: take_best(runs) for command, runs in costs.items()}


def take_best(runs: list[Cost]) -> Cost:
    """The least of each."""
    return Cost(
        wall_s=min(run.wall_s for run in runs),
        processor_s=min(run.processor_s for run in runs),
        memory_mb=min(run.memory_mb for run in runs),
    )


def describe(bare: Cost, costs: dict[str, Cost], n_runs: int) -> list[str]:
    """A row for each command, with the bare import first."""
    rows = [(f"`python -c '{BARE}'`", bare)]
    rows += [(f"`autocode {command}`", cost) for command, cost in costs.items()]
    return [
        "# What cached commands cost",
        "",
        f"`python eval/bench_commands.py`, {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}; the example study, best of {n_runs} rounds. Asked for: at "
        f"most {AT_MOST_S} s of processor time and {AT_MOST_MB} MB.",
        "",
        "| command | wall, s | processor, s | memory, MB | processor time, bare import = 1 |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {name} | {cost.wall_s:.2f} | {cost.processor_s:.2f} | {cost.memory_mb:.0f} | "
            f"{cost.processor_s / bare.processor_s:.1f} |"
            for name, cost in rows
        ),
    ]


if __name__ == "__main__":
    main()
