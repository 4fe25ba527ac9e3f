"""How long one waits for `suggest` and `next`: in the example, and in a study of 30 interviews.

Run: python eval/bench_study.py [--before CHECKOUT] [--interviews 30] [--encoder fast]
                                [--out eval/results/study.md]
Each command is a process of its own; wall and processor seconds and the peak of memory are those
that the system counts. With --before each command is also run by another checkout on its own copy
of the study, right after ours, so that both meet the same machine; suggestions are compared.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from autocode.core.coding import Coding
from autocode.project import Project
from autocode.workflow import unpack_example
from make_study import make_study
from processes import Cost, run_alone

HERE = Path(__file__).parents[1]
RUN = "from autocode.cli.main import run; run()"
DECIDE = "import bench_study, pathlib, sys; bench_study.decide_once(pathlib.Path(sys.argv[1]))"


def run(checkout: Path, *arguments: object, code: str = RUN) -> Cost:
    """Run `autocode` of a checkout, one thread for linear algebra; stops if it fails."""
    one = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment = os.environ | one | {"PYTHONPATH": f"{checkout / 'src'}:{HERE / 'eval'}"}
    return run_alone([sys.executable, "-c", code, *map(str, arguments)], environment)


def digest_suggestions(study: Path) -> str:
    """SHA-256 of all suggestions with their evidence; their numbers left out."""
    # Of a copy, as opening brings a study to our schema, which the other checkout may not know.
    with tempfile.TemporaryDirectory() as kept, Project.open(copy_study(study, kept)) as project:
        made = [repr(one).replace(f"number={one.number}", "") for one in project.suggestions()]
    return hashlib.sha256("\n".join(made).encode()).hexdigest()


def copy_study(study: Path, folder: str) -> Path:
    """A copy with all that is written so far."""
    return Path(shutil.copyfile(study, Path(folder) / study.name))


def forget_fits(study: Path) -> None:
    """Drop what a study keeps of earlier runs, so that each checkout begins without."""
    with contextlib.closing(sqlite3.connect(study)) as connection, connection:
        connection.execute("DELETE FROM fits")


def decide_once(study: Path) -> None:
    """A person codes one more segment, in a transcript in which others are coded."""
    with Project.open(study) as project:
        coded = {(one.transcript, one.span) for one in project.codings()}
        names = {name for name, _ in coded}
        segment = next(
            one
            for one in project.segments()
            if one.role == "participant"
            and one.transcript in names
            and (one.transcript, one.span) not in coded
        )
        ((code, _),) = Counter(one.code for one in project.codings()).most_common(1)
        where, span = segment.transcript, segment.span
        project.add_codings([Coding(transcript=where, span=span, code=code, coder="Amina")])


def decide(checkout: Path, study: Path) -> None:
    """`decide_once` by a checkout."""
    run(checkout, study, code=DECIDE)


def measure(
    study: Path,
    checkouts: Sequence[Path],
    encoder: Sequence[str],
    *,
    code_transcript: Callable[[Path, Path], object] | None = None,
) -> list[tuple[str, list[Cost], bool]]:
    """Each step by each checkout, and whether all give the same suggestions after it."""
    copies = [study.with_name(f"{number}-{study.name}") for number in range(len(checkouts))]
    for copy in copies:
        shutil.copyfile(study, copy)
        forget_fits(copy)
    steps: list[tuple[str, str, Callable[[Path, Path], object] | None]] = [
        ("suggest, cold", "suggest", None),
        ("suggest, nothing changed", "suggest", None),
        ("suggest, one decision later", "suggest", decide),
        ("next", "next", None),
        ("next, nothing changed", "next", None),
        ("next, one decision later", "next", decide),
    ]
    if code_transcript is not None:
        steps.append(("suggest, one transcript coded more", "suggest", code_transcript))
    rows = []
    for name, command, before in steps:
        taken = []
        for checkout, copy in zip(checkouts, copies, strict=True):
            if before is not None:
                before(checkout, copy)
            taken.append(run(checkout, command, copy, *encoder))
            print(name, checkout.name, taken[-1], file=sys.stderr, flush=True)
        rows.append((name, taken, len({digest_suggestions(copy) for copy in copies}) == 1))
    return rows


def write_table(rows: Sequence[tuple[str, list[Cost], bool]]) -> list[str]:
    """The rows as Markdown, with what the other checkout took where there is one."""
    lines = [
        "| | wall s | CPU s | peak MB | before: wall s | CPU s | peak MB | CPU, ratio | same |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, taken, same in rows:
        cells = [f"{one.wall_s:.1f} | {one.processor_s:.1f} | {one.memory_mb:.0f}" for one in taken]
        ratio = f"{taken[1].processor_s / taken[0].processor_s:.1f}" if len(taken) > 1 else ""
        cells += ["| |"] * (len(taken) < 2)
        lines.append(f"| {name} | {' | '.join(cells)} | {ratio} | {'yes' if same else 'NO'} |")
    return lines


def main() -> None:
    """Measure both studies and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--before", type=Path, help="another checkout to measure beside ours")
    parser.add_argument("--interviews", type=int, default=30, help="0: only the example")
    parser.add_argument("--encoder", default="fast", help="of the study of many interviews")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    checkouts = [HERE, *([options.before.resolve()] if options.before else [])]
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        study = folder / "example.autocode"
        # Made by the other checkout, where there is one: it cannot read what a later one makes.
        run(checkouts[-1], "import", study, unpack_example(folder / "sources"), "--join-turns")
        run(checkouts[-1], "suggest", study)
        lines = ["## The example (8 interviews and a group, default encoder)", ""]
        lines += write_table(measure(study, checkouts, ()))
        if options.interviews:
            coded = options.interviews // 3
            made = make_study(folder / "made", interviews=options.interviews, coded=coded)
            more = make_study(folder / "more", interviews=options.interviews, coded=coded + 1)
            study = folder / "study.autocode"
            taken = run(checkouts[-1], "import", study, made)
            with Project.open(copy_study(study, str(made))) as project:
                n = len(project.segments())
            words = sum(len(path.read_text("utf-8").split()) for path in made.glob("*.txt"))
            lines += ["", f"## {options.interviews} interviews", ""]
            lines += [f"{words:,} words, {n:,} segments, {coded} interviews coded; encoder"]
            lines[-1] += (
                f" {options.encoder}; import: {taken.wall_s:.1f} s, {taken.processor_s:.1f} CPU s."
            )
            lines += ["", *write_table(
                measure(
                    study,
                    checkouts,
                    ("--encoder", options.encoder),
                    code_transcript=lambda checkout, path: run(
                        checkout, "import", path, more / "codings.csv"
                    ),
                )
            )]  # fmt: skip
    print("\n".join(lines))
    if options.out:
        head = ["# Waiting in a study", "", f"`{' '.join(['python', *sys.argv])}`", ""]
        options.out.write_text("\n".join([*head, *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
