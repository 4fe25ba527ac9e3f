"""What each command prints with --json on a small study; `python -m tests.json_examples` stores it.

The stored examples in `tests/data/json` show the shapes that `docs/json.md` describes. Those of
results that a package tests for itself (agreement, evaluation) are written there.
"""

from __future__ import annotations

import json
import os
import tempfile
import wave
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from unittest import mock

from click.testing import CliRunner

from autocode.cli.main import run
from autocode.core.coding import Coding
from autocode.encode.hashing import HashEncoder
from autocode.project import Project

from .evaluate.support import write_folder
from .small_study import TALK, write_sources

STORED = Path(__file__).parent / "data" / "json"
FEW = ("--resamples", "10")
DECISIONS = "suggestion,decision,to,coder\n{},accept,,Kim\n{},change,shame,Kim\n"


def printed(folder: Path) -> Iterator[tuple[str, dict]]:
    """Each command with --json, run in `folder`: the command line and what it printed."""
    encoder = mock.patch("autocode.encode.load.load_encoder", return_value=HashEncoder())
    with encoder, chdir(folder):
        write_sources(Path("sources"))
        write_folder(Path("towns"))
        for words in _commands():
            result = CliRunner().invoke(run, [*words, "--json"])
            if result.exit_code:
                raise RuntimeError(f"autocode {' '.join(words)}: {result.output}")
            yield " ".join(words), json.loads(result.stdout)


def _commands() -> Iterator[tuple[str, ...]]:
    study = "study.autocode"
    with mock.patch.dict(os.environ, AUTOCODE_CACHE="cache"):
        yield ("cache", "show")
        yield ("cache", "prune", "--older-than", "90")
    yield ("import", study, "sources")
    yield ("segment", study, "--unit", "meaning")
    yield ("themes", "draft", study, "--themes", "3", "--draws", "2", "--about", "garden: garden")
    yield ("themes", "show", study)
    yield ("suggest", study, "--top", "1", "--transcript", "t3_cath")
    yield ("next", study, "--n", "2")
    yield ("next", study, "--segments", "--n", "2")
    yield ("themes", "assign", study)
    yield ("themes", "decide", study, "drop", "T01", "--coder", "Kim")
    _add_transcript(study)
    yield ("themes", "update", study)
    yield ("decide", study, _write_decisions(study))
    yield ("show", study)
    yield ("show", study, "--sections")
    yield ("speakers", study)
    yield ("speakers", "--preview", "sources/t1_ann.txt")
    yield ("codes", "list", study)
    yield ("tables", study, "--by", "region")
    by = ("--coder", "Kim")
    yield ("codes", "add", study, "Shames", "--key", "shames", *by)
    yield ("codes", "similar", study, "--by-words")
    yield ("codes", "merge", study, "shames", "shame", *by)
    yield ("codes", "define", study, "wait", "--definition", "Being kept waiting", *by)
    yield ("codes", "outdated", study)
    yield ("codes", "confirm", study, "wait", *by)
    yield ("codes", "family", study, "wait", "shame", "--as", "structural: guide B", *by)
    yield ("codes", "families", study)
    yield ("map", "add", study, "Getting in", "--code", "access", "--central", "--coder", "Kim")
    yield ("quotes", study, "--code", "wait")
    yield ("search", study, "waiting code:wait", "--limit", "2")
    yield ("saturation", study)
    yield ("agree", "units", study, *FEW)
    yield ("agree", "spans", study, *FEW)
    _let_a_third_coder_agree(study)
    yield ("agree", "machine", study, "Model", *FEW)
    yield ("export", study, "out")
    yield ("export", study, "out.qdpx", "--for", "refi")
    yield ("roundtrip", "out.qdpx")
    yield ("report", study, "--output", "report.html")
    yield ("evaluate", "towns", "--coded", "0,0.5", "--folds", "3")
    yield ("evaluate", "towns", "--task", "themes")
    yield ("themes", "apply", study, "T02", "--code", "wait", "--coder", "Lou", "--yes")
    yield ("run", "new.autocode", "sources")
    place = ("--transcript", "t2_bob", "--turn", "6", "--coder", "Amina")
    yield ("code", study, "shame", *place, "--memo", "Sure?")
    yield ("recode", study, "shame", "family", *place)
    yield ("respan", study, "family", *place, "--to-words", "It was shame")
    yield ("memo", study)
    yield ("uncode", study, "family", *place)
    yield ("coders", "list", study)
    yield (
        "passes",
        "assign",
        study,
        "--coder",
        "Lou",
        "--coder",
        "Kim",
        "--double",
        "0.4",
        "--blind",
    )
    yield ("passes", "list", study)
    yield ("passes", "finish", study, "t1_ann", "--coder", "Kim", "--dry-run")
    yield ("share", study, "lou.autocode", "--coder", "Lou", "--blind")
    yield (
        *("resolve", study, "--transcript", "t1_ann", "--turn", "2", "--code", "wait"),
        *("--one", "Amina", "--other", "Jonas"),
        *("--outcome", "one", "--reason", "As defined", "--coder", "Kim"),
    )
    yield ("resolve", study)
    yield (
        *("resolve", study, "--agreed", "--transcript", "t1_ann", "--dry-run"),
        *("--one", "Amina", "--other", "Jonas", "--coder", "Kim"),
    )
    yield ("join", study, "new.autocode", "--coder", "Kim", "--dry-run")
    yield ("history", study, "--verify")
    yield ("history", study, "--act", "2")
    yield ("undo", study, "--act", _last_act(study), "--coder", "Kim")
    yield ("redo", study, "--coder", "Kim")
    yield ("pseudonyms", "propose", study)
    Path("key.csv").write_text("name,stand_in\nCath,Person 3\n", encoding="utf-8")
    yield ("pseudonyms", "apply", study, "key.csv", "--coder", "Kim", "--yes")
    yield ("replace", study, "t2_bob", _write_version(), "--drop-lost", "--coder", "Kim")
    _write_corpus()
    grouped = ("--group-column", "who", "--split-from", "60")
    yield ("bulk", "corpus.jsonl", "bulk", *grouped, "--codings", study)
    _write_recording()
    yield ("audio", "add", study, "t1_ann", "ann.wav", "--coder", "Kim")
    yield ("audio", "list", study)
    yield ("remove", study, "--transcript", "t2_bob", "--coder", "Kim")
    yield ("remove", study, "--erase", "--case", "A", "--coder", "Kim", "--yes")


def _write_corpus() -> None:
    words = [("queue", "clinic", "doctor"), ("rent", "bills", "wages"), ("soil", "seeds", "spade")]
    rows = [
        {"text": f"About {a}, {b} and number {n}", "who": f"p{n % 7}"}
        for n in range(60)
        for a, b, _ in [words[n % 3][n % 2 :] + words[n % 3][: n % 2]]
    ]
    rows.append({"text": "Yes", "who": "p1"})
    Path("corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def _add_transcript(study: str) -> None:
    talk = "".join(f"Interviewer: And {i}?\nEve: {a}\n" for i, a in enumerate(TALK["t3_cath"]))
    Path("t5_eve.txt").write_text(talk, encoding="utf-8")
    with Project.open(study) as project:
        project.import_paths(["t5_eve.txt"])


def _write_recording() -> None:
    """A second of silence."""
    with wave.open("ann.wav", "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * 8000)


def _last_act(study: str) -> str:
    with Project.open(study) as project:
        return str([act.number for act in project.history() if act.n_changes][-1])


def _write_version() -> str:
    text = Path("sources/t2_bob.txt").read_text(encoding="utf-8")
    text = text.replace("the waiting took a year", "waiting took a whole year")
    text = text.replace("My brother and my mother kept the family going all that time.", "[cut]")
    Path("t2_bob_corrected.txt").write_text(text, encoding="utf-8")
    return "t2_bob_corrected.txt"


def _write_decisions(study: str) -> str:
    with Project.open(study) as project:
        first, second = [s.number for s in project.suggestions() if s.rank == 1][:2]
    Path("decisions.csv").write_text(DECISIONS.format(first, second), encoding="utf-8")
    return "decisions.csv"


def _let_a_third_coder_agree(study: str) -> None:
    with Project.open(study) as project:
        codings = [c for c in project.codings() if c.coder == "Amina"]
        project.add_codings(
            [
                Coding(transcript=c.transcript, span=c.span, code=c.code, coder="Model")
                for c in codings
            ]
        )


def stored() -> dict[str, dict]:
    """The stored examples, by kind."""
    payloads = [json.loads(p.read_text(encoding="utf-8")) for p in sorted(STORED.glob("*.json"))]
    return {payload["kind"]: payload for payload in payloads}


def main() -> None:
    """Store what is printed now, a file a kind; examples that a package tests itself are kept."""
    STORED.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        payloads = {payload["kind"]: payload for _, payload in printed(Path(folder))}
    for kind, payload in payloads.items():
        if kind not in TESTED_ELSEWHERE:
            text = json.dumps(payload, ensure_ascii=False, indent=1)
            (STORED / f"{kind}.json").write_text(f"{text}\n", encoding="utf-8")


TESTED_ELSEWHERE = {
    "agreement",
    "coding_queue",
    "evaluation",
    "machine_agreement",
    "page_start",
    "span_agreement",
    "team_start",
    "theme_draft",
    "themes_evaluation",
    "user_change",
    "users",
}

if __name__ == "__main__":
    main()
