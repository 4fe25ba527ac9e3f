"""What docs/commands.md shows is what commands print, on the study that `autocode demo` makes."""

from __future__ import annotations

import csv
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from autocode import Coding, Project
from autocode.cli.main import run

from .conftest import EXAMPLE
from .sounds import write_tone
from .test_docs import SECTIONS

pytestmark = [pytest.mark.slow, pytest.mark.model]

NOT_RUN = {
    "open", "serve",  # run until they are stopped
    "roundtrip", "bulk", "cache show", "cache prune",  # of other files than the example's
}  # fmt: skip

SETUP: dict[str, list[str]] = {
    "audio list": [
        "audio add study.autocode 01_dean recordings/01.wav --coder Amina",
        "audio add study.autocode 02_grace recordings/02.wav --coder Amina",
    ],
    "audio remove": ["audio add study.autocode 01_dean recordings/01.wav --coder Amina"],
    "pseudonyms apply": ["pseudonyms propose study.autocode --output key.csv"],
    "users list": [
        "users add study.autocode Amina --role lead",
        "users add study.autocode Jonas",
        "users add study.autocode Rosa --role reader",
    ],
    "users remove": ["users add study.autocode Jonas"],
    "users password": ["users add study.autocode Jonas"],
    "users role": ["users add study.autocode Jonas"],
    "codes restore": ["codes archive study.autocode peers --coder Amina"],
    "codes families": [
        "codes family study.autocode thresholds endings --as retired --coder Amina",
        "codes family study.autocode --as retired --on 02_grace --coder Amina",
    ],
    "coders list": [
        "code study.autocode waiting --transcript 02_grace --turn 8 --coder amina --new-coder"
    ],
    "coders set": [
        "code study.autocode waiting --transcript 02_grace --turn 8 --coder gpt --new-coder"
    ],
    "passes list": ["ASSIGN"],
    "passes finish": ["ASSIGN"],
    "passes reopen": ["ASSIGN", "passes finish study.autocode --coder Ben 02_grace --all-read"],
    "passes reveal": [
        "ASSIGN",
        "passes finish study.autocode --coder Ben 02_grace --all-read",
        "passes finish study.autocode --coder Cleo 02_grace --all-read",
    ],
    "join": [
        "share study.autocode cleo.autocode --coder Cleo",
        "share study.autocode ben.autocode --coder Ben",
        "code cleo.autocode waiting --transcript 02_grace --turn 8 --coder Cleo",
        "codes rename cleo.autocode peers 'Peer support' --coder Cleo",
        "codes rename study.autocode peers 'Peers' --coder Amina",
        "code ben.autocode trust --transcript 02_grace --turn 8 --coder Ben",
    ],
    "map show": ["MAP"],
    "map change": ["MAP"],
    "map place": ["MAP"],
    "map take-out": ["MAP"],
    "map relate": ["MAP"],
    "map remove": ["MAP"],
    "map export": ["MAP"],
    "redo": [
        "codes rename study.autocode waiting 'In limbo' --coder Amina",
        "undo study.autocode --coder Amina",
    ],
}
SETUP["codes confirm"] = SETUP["codes outdated"] = SETUP["codes history"] = [
    "codes define study.autocode thresholds --definition 'Turned away, or kept waiting'"
    " --coder Amina"
]
SETUP["uncode"] = SETUP["respan"] = SETUP["recode"] = ["CODE"]
SETUP["coders merge"] = SETUP["coders list"]
SHORT = {
    "ASSIGN": [
        "passes assign study.autocode --coder Amina --coder Ben --coder Cleo --double 0.2"
        " --by region --blind --lead Lead"
    ],
    "CODE": [
        "code study.autocode staff --transcript 02_grace --words 'I push' --turn 8 --coder Amina"
    ],
    "MAP": [
        "map add study.autocode 'Relational practice' --central --code trust --code listened"
        " --coder Amina",
        "map add study.autocode 'Kept outside' --code access --coder Amina",
        "map add study.autocode 'Endings that undo it' --under M2 --code endings --coder Amina",
        "map relate study.autocode M2 M1 --name undermines --coder Amina",
    ],
}
PASSWORD = "a long enough password"
PROMPTS = ("Password:", "Repeat for confirmation:")
"""Shown by a terminal alone."""
TYPED = {
    "users add": f"{PASSWORD}\n{PASSWORD}\n",
    "users password": f"{PASSWORD}\n{PASSWORD}\n",
    "remove": "y\n",
    "themes apply": "y\n",
}


@pytest.fixture(scope="session")
def start(tmp_path_factory):
    """The folder in which the examples begin: the demo's study with its sources beside it."""
    folder = tmp_path_factory.mktemp("start")
    CliRunner().invoke(run, ["demo", str(folder / "autocode-demo")], catch_exceptions=False)
    shutil.move(folder / "autocode-demo" / "study.autocode", folder / "study.autocode")
    shutil.rmtree(folder / "autocode-demo")
    (folder / "interviews").mkdir()
    for source in EXAMPLE.iterdir():
        shutil.copy(source, folder / ("interviews" if source.name[0] == "0" else "."))
    corrected = (EXAMPLE / "07_psychiatrist.txt").read_text(encoding="utf-8")
    corrected = corrected.replace("For me, five months.", "For me, nearly five months.")
    (folder / "corrected.txt").write_text(corrected, encoding="utf-8")
    (folder / "tenth_interview.txt").write_text(
        "Interviewer: What would you change here?\n"
        "P10: The chairs in the corridor are old, and it is loud, and the door is always shut.\n"
    )
    (folder / "recordings").mkdir()
    for name in ("01.wav", "02.wav"):
        write_tone(folder / "recordings" / name, seconds=60)
    return folder


def split_blocks(section: str) -> list[tuple[str, str]]:
    """The command lines that a section shows, each with what stands below it."""
    blocks = "".join(re.findall(r"^```console\n(.*?)^```", SECTIONS[section], re.M | re.S))
    parts = [part.partition("\n") for part in re.split(r"^\$ ", blocks, flags=re.M)[1:]]
    return [(line.partition("   #")[0].strip(), shown) for line, _, shown in parts]


def ask(line: str, typed: str | None = None):
    result = CliRunner(env={"COLUMNS": "160"}).invoke(run, shlex.split(line), input=typed)
    assert result.exception is None or isinstance(result.exception, SystemExit), line
    return result


def set_up(section: str) -> None:
    """Do what an example takes for granted."""
    for name in SETUP.get(section, []):
        for line in SHORT.get(name, [name]):
            done = ask(line, TYPED["users add"])
            assert done.exit_code == 0, (line, done.output)
    if section == "audio list":
        Path("recordings/02.wav").unlink()
    if section == "decide":
        ask("export study.autocode out")
        table = Path("out/suggestions.csv")
        with table.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows[:2]:
            row["decision"] = "accept"
        with table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    if section == "agree machine":
        with Project.open("study.autocode") as project:
            of_jonas = [c for c in project.codings(coder="Jonas")]
            machine = [
                Coding(transcript=c.transcript, span=c.span, code=c.code, coder="Model")
                for c in of_jonas
            ]
            project.add_codings(machine, machines=["Model"])


def fold(text: str) -> str:
    """The text without what differs from day to day: blanks, rules of tables, times, sizes."""
    text = re.sub(r"\d{4}-\d\d-\d\d(T[\d:+]+)?", "TIME", text)
    text = re.sub(r"\d+(\.\d)? [kM]B", "SIZE", text)
    return " ".join(re.sub(r"\(\d+ s\)|-{4,}", " ", text).split())


@pytest.mark.parametrize("section", [name for name in SECTIONS if name not in NOT_RUN])
def test_what_a_section_shows_is_printed(section, start, tmp_path, monkeypatch):
    shutil.copytree(start, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    set_up(section)
    for line, shown in split_blocks(section):
        result = ask(line.removeprefix("autocode "), TYPED.get(section))
        refused = shown.startswith("autocode: ")
        assert (result.exit_code != 0) == refused, (line, result.output)
        printed, at = fold(result.output), 0
        for words in (line for line in shown.splitlines() if line not in PROMPTS):
            wanted = fold(words.rstrip().removesuffix("..."))
            found = printed.find(wanted, at)
            assert found >= 0, f"$ {line}\nshown, and not printed: {words}\n{result.output}"
            at = found + len(wanted)
