"""How long acts take: deciding, joining nine studies, listing and verifying a long history.

    python eval/bench_acts.py [--output eval/results/acts.md]

Studies are invented and hold no words worth reading; no encoder is used. Times are wall clock, one
run each, as a person waits for them.
"""

from __future__ import annotations

import argparse
import platform
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from autocode.core.acts import Change, NewAct
from autocode.core.codebook import Code
from autocode.core.coding import Coding, Reading
from autocode.core.run import Run
from autocode.core.suggestion import Evidence, Suggestion
from autocode.core.transcript import Span
from autocode.io.tables.decisions import DecisionRow
from autocode.project import Project
from autocode.project.deciding import decide_all
from autocode.store import acts
from autocode.store.codebook import put_codes
from autocode.store.codings import add_readings
from autocode.store.suggestions import replace_suggestions

N_TRANSCRIPTS, N_TURNS, N_CODES = 30, 300, 40
N_CODERS, N_CODINGS, N_DECISIONS, N_ACTS = 9, 3_000, 1_000, 100_000


def main() -> None:
    """Measure and print; write a table where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path)
    output = parser.parse_args().output
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder))
    lines = [
        "# How long acts take",
        "",
        f"`python eval/bench_acts.py`, {platform.machine()}, Python {platform.python_version()}, "
        "one run on a shared machine; invented studies, no encoder. Seconds as a person waits.",
        "",
        "| what | seconds | at most |",
        "| --- | --- | --- |",
        *(f"| {what} | {seconds:.2f} | {most} |" for what, seconds, most in rows),
    ]
    print("\n".join(lines))
    if output:
        output.write_text("\n".join([*lines, ""]), encoding="utf-8")


def measure(folder: Path) -> list[tuple[str, float, int]]:
    """Each job with its seconds and the target."""
    base = make_study(folder)
    pieces = [add_work(base, folder / f"coder{n}.autocode", n) for n in range(N_CODERS)]
    with Project.open(pieces[0]) as study:
        joining = seconds(lambda: study.join(pieces[1:], coder="Lead"))
        again = seconds(lambda: study.join(pieces[1:], coder="Lead"))
        assert len(study.codings()) == N_CODERS * N_CODINGS
    deciding = time_decisions(base)
    listing = time_history(base)
    words = f"{N_CODERS} studies of {N_CODINGS:,} codings and as many readings each"
    return [
        (f"deciding {N_DECISIONS:,} rows", deciding, 2),
        (f"joining {words}", joining, 10),
        ("joining them again, which changes nothing", again, 10),
        (f"listing and verifying {N_ACTS:,} acts", listing, 5),
    ]


def make_study(folder: Path) -> Path:
    """A study of invented talk with a flat codebook."""
    draw = random.Random(0)
    sources = folder / "sources"
    sources.mkdir()
    for n in range(N_TRANSCRIPTS):
        lines = [
            f"{'Interviewer' if at % 2 else 'Ann'}: "
            + " ".join(f"w{draw.randrange(2000)}" for _ in range(12))
            for at in range(N_TURNS)
        ]
        (sources / f"t{n:02}.txt").write_text("\n".join(lines), encoding="utf-8")
    with Project.open(folder / "base.autocode", create_new=True) as study:
        study.import_paths([sources])
        with study._study.writing() as connection:
            put_codes(connection, [Code(id=f"c{n}", name=f"Code {n}") for n in range(N_CODES)])
    return folder / "base.autocode"


def add_work(base: Path, path: Path, n: int) -> Path:
    """A copy of the study in which one coder has coded."""
    shutil.copyfile(base, path)
    draw = random.Random(n)
    with Project.open(path) as study:
        places = [(t.name, turn.span) for t in study.transcripts() for turn in t.turns]
        chosen = draw.sample(places, N_CODINGS)
        study.add_codings(
            [
                Coding(
                    transcript=name,
                    span=span,
                    code=f"c{draw.randrange(N_CODES)}",
                    coder=f"Coder {n}",
                )
                for name, span in chosen
            ]
        )
        with study._study.writing() as connection:
            add_readings(connection, [Reading(name, span, f"Coder {n}") for name, span in chosen])
    return path


def time_decisions(path: Path) -> float:
    """Seconds for a sheet of decisions on suggestions."""
    with Project.open(path) as study:
        segments = study.segments()[:N_DECISIONS]
        run = Run(
            kind="suggest",
            method="none",
            encoder="none",
            encoder_digest="",
            parameters={},
            versions={},
            made_at="2026-01-01T00:00:00+00:00",
        )
        suggested = [
            Suggestion(
                transcript=s.transcript,
                span=s.span,
                code="c0",
                rank=1,
                score=1.0,
                probability=0.9,
                likely=True,
                evidence=Evidence(),
            )
            for s in segments
        ]
        with study._study.writing() as connection:
            replace_suggestions(connection, run, suggested)
        rows = [
            DecisionRow(
                line=n,
                action="accept",
                transcript=s.transcript,
                span=Span(s.span.start, s.span.end),
                suggested="c0",
                coder="Kim",
            )
            for n, s in enumerate(segments, start=2)
        ]
        return seconds(lambda: decide_all(study._study, rows, "Kim"))


def time_history(path: Path) -> float:
    """Seconds for listing and verifying a long history."""
    columns = ("id", "transcript_id", "start", "end", "code_id", "coder_id", "made_at", "memo")
    at = "2026-11-30T02:40:11+00:00"
    with Project.open(path) as study:
        with study._study.keeping() as connection:
            for n in range(N_ACTS):
                change = Change(
                    table="codings",
                    row=(n,),
                    columns=columns,
                    before=None,
                    after=(n, 1, n, n + 9, 2, 3, at, ""),
                )
                new = NewAct(kind="code", summary=f"coding {n}", coder="Amina", key=str(n))
                acts.append_act(connection, new, [change], at)

        def look() -> None:
            assert len(study.history()) > N_ACTS
            assert study.verify_history().is_sound

        return seconds(look)


def seconds(do: Callable[[], object]) -> float:
    """How long it takes to do this."""
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
