"""Inputs that people have, each with what a careful person reads in it.

A folder `tests/data/cases/NN_kind/` holds input files and `expected.json`:

    {"options": {"join_turns": true, "kind": "survey", "columns": [["speaker", "Who"]]},
     "as_folder": false,
     "with": ["codebook.csv"],
     "together": false,
     "files": {"name.csv": {"kind": "transcript", ...}}}

Each file is imported into a study of its own, after the files of `with`; with `together` all of
`files` go into one study in one call, with `as_folder` the whole folder does. Of each file is
checked what its entry names: `kind`; `turns` as [speaker, role, words]; `speakers` as {name: role};
`codes` as [path, definition] of the whole codebook, a path as "Parent > Child"; `codings` as
[coder, code name, excerpt], all of the study's; `cases` as {case: {attribute: value}}, `answers` as
{case: [words]}; `said`, texts in the account, reasons and warnings; `unsaid`, texts that are not in
them; `language`, as identified; `refused` and `skipped`, a text of the reason. Text of a transcript
with another name than the file's is found under `transcript`.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from autocode.core.codebook import Codebook
from autocode.core.errors import FileRefused
from autocode.core.transcript import Transcript
from autocode.project import Project
from autocode.project.import_report import ImportOptions, ImportReport

CASES = Path(__file__).parent / "data" / "cases"
FOLDERS = sorted(path.parent for path in CASES.glob("*/expected.json"))
ENTRIES = [
    (folder, name)
    for folder in FOLDERS
    for name in json.loads((folder / "expected.json").read_text(encoding="utf-8"))["files"]
]
CHECKED = {
    "kind", "turns", "speakers", "codes", "codings", "cases", "answers", "said", "unsaid",
    "refused", "skipped", "transcript", "comment", "language",
}  # fmt: skip


@pytest.mark.parametrize(
    ("folder", "name"), ENTRIES, ids=[f"{folder.name}/{name}" for folder, name in ENTRIES]
)
def test_case_is_read_as_a_person_reads_it(folder, name, tmp_path):
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    entry = expected["files"][name]
    assert entry.keys() <= CHECKED, entry.keys() - CHECKED
    assert entry.keys() - {"comment"}, "an entry that states nothing"
    inputs = shutil.copytree(folder, tmp_path / folder.name)
    (inputs / "expected.json").unlink()
    with Project.open(tmp_path / "study.autocode", create_new=True) as project:
        before = [inputs / other for other in expected.get("with", ())]
        if before:
            assert not project.import_paths(before).refused
        report = _import(project, inputs, name, expected)
        _check_report(report, inputs / name, entry)
        _check_study(project, Path(name), entry, report)


def test_every_case_folder_names_all_its_inputs():
    for folder in FOLDERS:
        expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        listed = {*expected["files"], *expected.get("with", ()), "expected.json"}
        inputs = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
        assert inputs == listed, folder.name


def _import(project: Project, inputs: Path, name: str, expected: dict[str, Any]) -> ImportReport:
    options = dict(expected.get("options", {}))
    if "columns" in options:
        options["columns"] = tuple(tuple(pair) for pair in options["columns"])
    paths = [inputs / name]
    if expected.get("as_folder"):
        paths = [inputs]
    elif expected.get("together"):
        paths = [inputs / other for other in expected["files"]]
    try:
        return project.import_paths(paths, ImportOptions(**options))
    except FileRefused as error:
        from autocode.project.import_report import RefusedFile

        return ImportReport(refused=(RefusedFile.of(Path(error.path), error),))


def _check_report(report: ImportReport, path: Path, entry: dict[str, Any]) -> None:
    refused = [file.reason for file in report.refused if file.path == path]
    skipped = [file.reason for file in report.skipped if file.path == path]
    taken = [file for file in report.imported if file.path == path]
    if "refused" in entry:
        assert len(refused) == 1, report
        assert entry["refused"] in refused[0]
        assert "\n" not in refused[0]
        return
    if "skipped" in entry:
        assert len(skipped) == 1, report
        assert entry["skipped"] in skipped[0]
        return
    assert not refused, refused
    assert not skipped, skipped
    assert len(taken) == 1, report
    if "kind" in entry:
        assert taken[0].kind == entry["kind"]
        assert taken[0].reasons, "no word of why"
    said = "\n".join([taken[0].account, *taken[0].reasons, *taken[0].warnings])
    for part in entry.get("said", ()):
        assert part in said
    for part in entry.get("unsaid", ()):
        assert part not in said


def _check_study(project: Project, name: Path, entry: dict[str, Any], report: ImportReport) -> None:
    if entry.keys() & {"turns", "speakers", "language"}:
        _check_transcript(project.transcript(entry.get("transcript", name.stem)), entry)
    codebook = project.codebook()
    if "codes" in entry:
        codes = [[_path(codebook, code.id), code.definition] for code in codebook]
        assert codes == entry["codes"]
    if "codings" in entry:
        texts = {t.name: t.text for t in project.transcripts()}
        codings = [
            [c.coder, codebook.by_id[c.code].name, _fold(c.span.of(texts[c.transcript]))]
            for c in project.codings()
        ]
        assert sorted(codings) == sorted(entry["codings"])
    if "cases" in entry:
        assert {case.name: dict(case.attributes) for case in project.cases()} == entry["cases"]
    if "answers" in entry:
        answers = {
            t.case or t.name: [_fold(t.words_of(turn)) for turn in t.turns]
            for t in project.transcripts()
        }
        assert answers == entry["answers"]


def _check_transcript(transcript: Transcript, entry: dict[str, Any]) -> None:
    roles = {speaker.name: speaker.role for speaker in transcript.speakers}
    turns = [
        [turn.speaker, roles.get(turn.speaker or ""), transcript.words_of(turn)]
        for turn in transcript.turns
    ]
    if "turns" in entry:
        assert [[s, r, _fold(w)] for s, r, w in turns] == entry["turns"]
    if "speakers" in entry:
        assert roles == entry["speakers"]
    if "language" in entry:
        assert transcript.language == entry["language"]


def _fold(words: str) -> str:
    return " ".join(words.split())


def _path(codebook: Codebook, code: str) -> str:
    names = []
    at: str | None = code
    while at is not None:
        names.append(codebook.by_id[at].name)
        at = codebook.by_id[at].parent
    return " > ".join(reversed(names))
