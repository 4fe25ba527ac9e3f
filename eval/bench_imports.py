"""What becomes of inputs that people have: right, told, or silent and wrong (which must be 0).

    python eval/bench_imports.py [--shared ../shared] [--list] [--out eval/results/imports.md]

Of `tests/data/cases` each input states what a careful person reads in it; it is checked by
`tests/test_cases.py`, run here. An input that is refused or passed over as stated counts as told.
Of the folders in `../shared` (cases made from public reports; exports of other tools) only the
kind and, for transcripts, the number of speakers are stated here, by hand; `--list` prints what was
read, for a person to look at.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from autocode.core.errors import AutocodeError
from autocode.project import Project

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests" / "data" / "cases"
_OUTCOME = re.compile(r"^(PASSED|FAILED|ERROR) \S*test_case_is_read_as_a_person_reads_it\[(.+)\]")


@dataclass(frozen=True)
class Outcome:
    """What became of one input."""

    kind: str
    name: str
    became: str  # right, told, or wrong
    account: str = ""


def check_own_cases() -> list[Outcome]:
    """The inputs of `tests/data/cases`, as `tests/test_cases.py` finds them."""
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "--tb=no", "-n0", "-p",
               "no:cacheprovider", "tests/test_cases.py"]  # fmt: skip
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    outcomes = []
    for line in printed.splitlines():
        match = _OUTCOME.match(line)
        if match is None:
            continue
        folder, _, name = match[2].partition("/")
        entry = json.loads((CASES / folder / "expected.json").read_text("utf-8"))["files"][name]
        told = "refused" in entry or "skipped" in entry
        became = "wrong" if match[1] != "PASSED" else "told" if told else "right"
        outcomes.append(Outcome(folder, name, became))
    return outcomes


# What a careful person takes the shared inputs for: a pattern of the path, the kind, the number of
# speakers (None: not stated here). The first pattern that fits counts.
SHARED = (
    ("cases/01_*", "transcript", 2),
    ("cases/02_*/cb.csv", "codebook", None),
    ("cases/02_*", "transcript", 2),
    ("cases/03_vtt/graph_plain*", "transcript", 0),
    ("cases/03_vtt/zoom_names.vtt", "transcript", 4),
    ("cases/03_*", "transcript", 2),
    ("cases/04_*", "transcript", 2),
    ("cases/05_*/fw_diar.*", "transcript", 2),
    ("cases/05_*/pipe.txt", "transcript", 2),
    ("cases/05_*", "transcript", 0),
    ("cases/06_*", "transcript", None),
    ("cases/07_*", "transcript", 2),
    ("cases/08_*", "transcript", 2),
    ("cases/09_*", "transcript", 2),
    ("cases/10_*", "transcript", 2),
    ("cases/11_*", "transcript", 2),
    ("cases/1[234]_*", "survey", None),
    ("cases/16_*", "codebook", None),
    ("cases/25_*/*.txt", "transcript", 2),
    ("cases/28_*/focus.vtt", "transcript", None),
    ("cases/32_*guide*", "no transcript", None),
    ("cases/32_*notes*", "no transcript", None),
    ("cases/33_*", "transcript", 2),
    ("cases/*/codebook.csv", "codebook", None),
    ("cases/*/codebook.qdc", "codebook", None),
    ("cases/*/cb*.csv", "codebook", None),
    ("cases/*.qdc", "codebook", None),
    ("cases/1[89]_*.csv", "codings", None),
    ("cases/1[89]_*.xlsx", "codings", None),
    ("cases/1[89]_*.tsv", "codings", None),
    ("cases/22_*readings.csv", "codings", None),
    ("cases/22_*codings.csv", "codings", None),
    ("cases/26_*codings.csv", "codings", None),
    ("cases/17_*codings.csv", "codings", None),
    ("cases/25_*codings.csv", "codings", None),
    ("cases/30_*codings.csv", "codings", None),
    ("cases/*.txt", "transcript", None),
    ("cases/*.docx", "transcript", None),
    ("cases/*.json", "transcript", None),
    ("interop/*.qdc", "codebook", None),
    ("interop/transcripts/*", "transcript", None),
    ("interop/taguette/*codebook.csv", "codebook", None),
    ("interop/atlasti-exports/codebook_full.csv", "codebook", None),
    ("interop/atlasti-exports/quotation_export.csv", "codings", None),
    ("interop/qualcoder/examples/cases*", "cases", None),
    ("interop/qualcoder/examples/survey*", "survey", None),
    ("interop/qualcoder/examples/plain_codes*", "codebook", None),
    ("interop/qualcoder/examples/*", "transcript", None),
)
_BESIDE = ("I01.txt", "t.txt", "codebook.csv")
"""What codings of a folder are about, imported before them."""


def check_shared(root: Path) -> list[Outcome]:
    """The files of the shared folders: right, told (refused or passed over in words), or wrong."""
    outcomes = []
    for part in ("cases", "interop"):
        for path in sorted((root / part).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and ".qda/" not in name:
                kind = name.split("/")[1] if part == "cases" else f"interop: {name.split('/')[1]}"
                outcomes.append(_check_file(path, name, kind))
    return outcomes


def _check_file(path: Path, name: str, kind: str) -> Outcome:
    taken, n_speakers, said = import_alone(path)
    if taken in ("refused", "skipped"):
        return Outcome(kind, name, "told", f"{taken}: {said}")
    account = f"{taken}: {said}"
    wanted = next((row for row in SHARED if fnmatch(name, row[0])), None)
    if wanted is None:
        return Outcome(kind, name, "unstated", account)
    fits = taken == wanted[1] and wanted[2] in (None, n_speakers)
    # Another reading that says so is told; one that says nothing is wrong.
    became = "right" if fits else "told" if "NOTE" in said else "wrong"
    return Outcome(kind, name, became, account)


def import_alone(path: Path) -> tuple[str, int, str]:
    """The kind a file is taken for in a study of its own, how many speak, and all that was said."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with Project.open(Path(folder) / "s.autocode", create_new=True) as project:
                beside = [path.parent / other for other in _BESIDE if other != path.name]
                if path.suffix in (".csv", ".tsv", ".xlsx") and "codebook" not in path.name:
                    held = [other for other in beside if other.exists()]
                    _ = project.import_paths(held) if held else None
                known = {t.name for t in project.transcripts()}
                report = project.import_paths([path])
                speakers = [
                    s for t in project.transcripts() if t.name not in known for s in t.speakers
                ]
        except AutocodeError as error:
            return "refused", 0, str(error)
    if report.refused or not report.imported:
        reasons = (*report.refused, *report.skipped)
        return "refused", 0, reasons[0].reason if reasons else "nothing was found"
    file = report.imported[0]
    said = "; ".join((file.account, *(f"NOTE {note}" for note in file.warnings)))
    return file.kind, len(speakers), said


def write_table(outcomes: list[Outcome]) -> list[str]:
    """A row of counts for each kind of input."""
    names = ("right", "told", "unstated", "wrong")
    counts: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        counts.setdefault(outcome.kind, Counter())[outcome.became] += 1
    lines = [
        "| kind | inputs | right | told | read, not stated | silent and wrong |",
        f"|{' --- |' * 6}",
    ]
    for kind, n in counts.items():
        lines.append(f"| {kind} | {n.total()} | {' | '.join(str(n[name]) for name in names)} |")
    total = sum(counts.values(), Counter())
    shown = " | ".join(f"**{total[name]}**" for name in names)
    return [*lines, f"| **all** | **{total.total()}** | {shown} |"]


def main() -> None:
    """Print the tables, or write them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--list", action="store_true", help="print every input and what was said")
    parser.add_argument("--out", type=Path, help="write the tables to this file")
    args = parser.parse_args()
    own = check_own_cases()
    shared = check_shared(args.shared) if args.shared.exists() else []
    for outcome in (*own, *shared):
        if args.list or outcome.became == "wrong":
            print(outcome.became, "|", outcome.name, "|", outcome.account[:300].replace("\n", " "))
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    page = [
        "# Inputs that people have",
        "",
        f"`python eval/bench_imports.py` at {commit}. Right: read as stated. Told: refused, passed",
        "over, or read otherwise with a note. Silent and wrong must be 0.",
        "",
        "## Our own inputs (`tests/data/cases`)",
        "",
        "Turns, speakers, roles, words, codes, codings, cases and what is said are stated of each,",
        "and checked by `tests/test_cases.py`; told: refused or passed over as stated.",
        "",
        *write_table(own),
    ]
    if shared:
        page += [
            "",
            "## Cases made from public reports, exports of other tools (not in this repository)",
            "",
            "Stated is the kind, and of most transcripts the number of speakers; words and turns",
            "were looked at by a person with `--list`.",
            "",
            *write_table(shared),
        ]
    text = "\n".join(page) + "\n"
    print(text)
    if args.out:
        args.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
