"""Four studies from first open coding to quotes and map, each step through the command line.

The material is invented and every answer has the code it is meant for, so that each count is known
beforehand: (A) nine interviews coded openly by nine people, (B) two focus groups compared by
profession, (C) a synthesis of six papers, a third of them coded twice, (D) ten interviews shared
out to nine people, who code blind in files of their own.
"""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from autocode.project import Project

from ..small_study import contents

CODERS = ("Ana", "Ben", "Cleo", "Dov", "Elif", "Finn", "Gita", "Hugo", "Ines")
SAID = {
    "waiting": "I was kept on a waiting list for {n} months and no letter ever came",
    "travel": "The bus to the clinic takes {n} changes and I cannot afford the fare",
    "family": "My sister and my {n} cousins drove me there and sat with me",
    "shame": "I felt ashamed in front of {n} of them and said nothing about it",
    "heard": "She listened for {n} whole hours and wrote down what I had said",
    "garden": "We dug the garden with {n} others and planted beans and onions",
}
TOPICS = tuple(SAID)
# Who opened which code under a name of their own; the team makes one code of them later.
OWN_NAMES = {("Dov", "waiting"): "waiting list", ("Finn", "heard"): "being listened to"}


def topic(interview: int, answer: int) -> str:
    """The code meant for an answer; each interview has every topic once."""
    return TOPICS[(interview + answer) % len(TOPICS)]


def interview(number: int) -> str:
    """An interview of six answers; no two sentences of the study are the same."""
    lines = []
    for answer in range(len(TOPICS)):
        words = SAID[topic(number, answer)].format(n=10 * (number + 1) + answer)
        lines.append(
            f"Interviewer: And what about question {answer}?\nP{number + 1:02d}: {words}.\n"
        )
    return "".join(lines)


def fill_grid(path: Path, coder: str, code_of: dict[tuple[str, int], str]) -> int:
    """Fill in a coder's column: by transcript and answer; returns the number of cells."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    header = [cell.value for cell in sheet[1]]
    column = header.index(f"coder: {coder}") + 1
    answers: dict[str, int] = {}
    n_filled = 0
    for row in range(2, sheet.max_row + 1):
        name = sheet.cell(row, header.index("transcript") + 1).value
        answer = answers[name] = answers.get(name, -1) + 1
        if (name, answer) in code_of:
            sheet.cell(row, column).value = code_of[name, answer]
            n_filled += 1
    book.save(path)
    return n_filled


@pytest.mark.slow
def test_nine_people_code_nine_interviews_openly_and_end_with_a_map(cli, cli_json, tmp_path):
    study = tmp_path / "all.autocode"
    sources = tmp_path / "interviews"
    sources.mkdir()
    for number in range(9):
        (sources / f"P{number + 1:02d}.txt").write_text(interview(number), encoding="utf-8")
    (tmp_path / "people.csv").write_text(
        "case,transcript,speaker,service\n"
        + "".join(
            f"P{n:02d},P{n:02d},P{n:02d},{'generic' if n % 2 else 'specialist'}\n"
            for n in range(1, 10)
        ),
        encoding="utf-8",
    )
    cli("import", study, sources, tmp_path / "people.csv")
    cli("segment", study, "--unit", "turn")
    assert cli_json("show", study)["counts"]["transcripts"] == 9
    _code_openly(cli, study, tmp_path)
    counts = {row["code"]: row["n_codings"] for row in cli_json("codes", "list", study)["codes"]}
    assert sum(counts.values()) == 2 * 9 * 6
    assert len(counts) == len(TOPICS) + len(OWN_NAMES)
    # The frame is made one: two names of one idea are merged, after the preview was looked at.
    by = ("--coder", "Ana")
    for one, into in (("waiting-list", "waiting"), ("being-listened-to", "heard")):
        preview = cli("codes", "merge", study, one, into, *by, "--dry-run").stdout
        assert "2 codings go along" in preview
        cli("codes", "merge", study, one, into, *by)
    counts = {row["code"]: row["n_codings"] for row in cli_json("codes", "list", study)["codes"]}
    assert counts == dict.fromkeys(counts, 18)
    _build_the_tree(cli, cli_json, study)
    _change_a_meaning(cli, cli_json, study)
    _work_on_the_map(cli, cli_json, study, tmp_path)
    quotes = tmp_path / "quotes.docx"
    shown = cli("quotes", study, "--code", "waiting", "--by", "service", "--output", quotes).stdout
    assert "9 quotes" in shown
    assert "each as it was made" in cli("history", study, "--verify").stdout


def _code_openly(cli, study, folder):
    """Each coder codes two interviews in a grid, with codes of their own."""
    for number, coder in enumerate(CODERS):
        cli("export", study, folder / coder, "--grid", "coders", "--coders", coder)
        grid = folder / coder / "grid.xlsx"
        wanted = {}
        for at in (number, (number + 1) % 9):
            for answer in range(len(TOPICS)):
                meant = topic(at, answer)
                wanted[f"P{at + 1:02d}", answer] = OWN_NAMES.get((coder, meant), meant)
        assert fill_grid(grid, coder, wanted) == 12
        assert "12 new codings" in cli("import", study, grid, "--new-codes").stdout
        assert "already in the study" in cli("import", study, grid).stdout


def _build_the_tree(cli, cli_json, study):
    by = ("--coder", "Ben")
    cli("codes", "add", study, "Getting there", *by)
    for code in ("waiting", "travel"):
        cli("codes", "move", study, code, "--under", "getting-there", *by)
    rows = {row["code"]: row for row in cli_json("codes", "list", study)["codes"]}
    top = rows["getting-there"]["rolled_up"]
    # Two coders read each interview: 18 codings of each code on 9 segments of 9 people.
    assert (top["n_codings"], top["n_segments"], top["n_participants"]) == (36, 18, 9)
    # A slip is taken back, and what stood before stands again.
    cli("codes", "delete", study, "garden", "--with-codings", *by)
    assert "garden" not in {row["code"] for row in cli_json("codes", "list", study)["codes"]}
    cli("undo", study, *by)
    rows = {row["code"]: row for row in cli_json("codes", "list", study)["codes"]}
    assert rows["garden"]["n_codings"] == 18


def _change_a_meaning(cli, cli_json, study):
    by = ("--coder", "Cleo")
    cli("codes", "define", study, "shame", "--definition", "Ashamed in front of others", *by)
    assert len(cli_json("codes", "outdated", study)["codings"]) == 18
    cli("codes", "confirm", study, "shame", *by)
    assert not cli_json("codes", "outdated", study)["codings"]


def _work_on_the_map(cli, cli_json, study, folder):
    by = ("--coder", "Dov")
    cli("map", "add", study, "Being met", "--central", "--code", "heard", "--code", "family", *by)
    cli("map", "add", study, "Kept outside", "--code", "getting-there", "--code", "shame", *by)
    cli("map", "relate", study, "Kept outside", "Being met", "--name", "undoes", *by)
    rows = {row["name"]: row for row in cli_json("map", "show", study)["themes"]}
    assert (rows["Being met"]["n_segments"], rows["Being met"]["n_participants"]) == (18, 9)
    assert (rows["Kept outside"]["n_segments"], rows["Kept outside"]["n_participants"]) == (27, 9)
    cli("map", "export", study, folder / "map.svg")
    assert "Kept outside" in (folder / "map.svg").read_text(encoding="utf-8")
    cli("report", study, "--output", folder / "report.html")
    assert 'class="thematic-map"' in (folder / "report.html").read_text(encoding="utf-8")


PROFESSIONS = {
    "Kofi": "nurse", "Rosa": "nurse", "Lin": "doctor", "Omar": "doctor",
    "Tess": "nurse", "Ravi": "doctor",
}  # fmt: skip
GROUPS = {"FG1": ("Kofi", "Rosa", "Lin"), "FG2": ("Omar", "Tess", "Ravi")}


def test_two_focus_groups_are_compared_by_profession(cli, cli_json, tmp_path):
    study = tmp_path / "groups.autocode"
    codings = [("transcript", "coder", "code", "excerpt")]
    for name, people in GROUPS.items():
        lines = []
        for round_ in range(4):
            lines.append(f"Moderator: Round {round_}, who wants to begin?\n")
            for at, person in enumerate(people):
                code = "load" if PROFESSIONS[person] == "nurse" else "trust"
                words = f"{person} speaks of {code} number {round_} as the group goes round"
                lines.append(f"{person}: {words}.\n")
                codings.append((name, "Ana", code, words))
                # Ben reads the same and leaves one of the three people's words uncoded.
                if at < 2:
                    codings.append((name, "Ben", code, words))
        (tmp_path / f"{name}.txt").write_text("".join(lines), encoding="utf-8")
    (tmp_path / "codebook.csv").write_text("code,name\nload,Workload\ntrust,Trust\n")
    _write(tmp_path / "codings.csv", codings)
    _write(
        tmp_path / "people.csv",
        [("case", "transcript", "speaker", "profession")]
        + [(p, name, p, PROFESSIONS[p]) for name, people in GROUPS.items() for p in people],
    )
    names = ("FG1.txt", "FG2.txt", "codebook.csv", "people.csv", "codings.csv")
    cli("import", study, *(tmp_path / name for name in names))
    cli("segment", study, "--unit", "turn")
    table = cli_json("tables", study, "--by", "Profession")["codes"]
    cells = {
        (row["key"], column["profession"]): (count["n_segments"], count["n_participants"])
        for row in table["rows"]
        for column, count in zip(table["columns"], row["counts"], strict=True)
    }
    assert cells["load", "nurse"] == (12, 3)
    assert cells["trust", "doctor"] == (12, 3)
    assert cells["load", "doctor"] == cells["trust", "nurse"] == (0, 0)
    agreement = cli_json("agree", "units", study, "--unit", "turn", "--resamples", "0")
    # 24 answers, of which Ben coded 16: what one of them left out is a disagreement.
    assert agreement["n_units"] >= 24
    assert len(agreement["disagreements"]) == 8
    shown = cli("agree", "units", study, "--resamples", "0").stdout
    assert "Ana" in shown
    assert "Ben" in shown
    cli("quotes", study, "--code", "load", "--by", "profession", "--output", tmp_path / "q.csv")
    with (tmp_path / "q.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["profession"] for row in rows} == {"nurse"}
    assert {row["participant"] for row in rows} == {"Kofi", "Rosa", "Tess"}
    assert {row["coders"] for row in rows} == {"Ana; Ben"}


PAPERS = {f"paper_{n}": ("rural" if n % 2 else "urban", 2000 + n) for n in range(1, 7)}


def test_six_papers_are_synthesised_and_a_third_is_coded_twice(cli, cli_json, tmp_path):
    study = tmp_path / "papers.autocode"
    codings = [("transcript", "coder", "code", "excerpt")]
    for number, (name, (setting, year)) in enumerate(PAPERS.items()):
        first = f"Clinicians in study {number} described the cost of travel to rural clinics"
        second = f"Nurses of study {number} valued the time that they had for each visit"
        (tmp_path / f"{name}.txt").write_text(
            f"Title: Paper {number}\nAuthors: Lam, D.\nYear: {year}\nSetting: {setting}\n---\n"
            f"{first}.\n\n{second}.\n",
            encoding="utf-8",
        )
        codings += [(name, "Ana", "travel", first), (name, "Ana", "time", second)]
        if number < 2:
            codings += [(name, "Ben", "travel", first), (name, "Ben", "time", second)]
    (tmp_path / "codebook.csv").write_text("code,name\ntravel,Travel\ntime,Time\n")
    _write(tmp_path / "codings.csv", codings)
    _write(
        tmp_path / "casp.csv",
        [
            ("transcript", "quality"),
            *((name, "high" if n < 3 else "low") for n, name in enumerate(PAPERS)),
        ],
    )
    files = [tmp_path / f"{name}.txt" for name in PAPERS]
    cli("import", study, *files, tmp_path / "codebook.csv", tmp_path / "codings.csv")
    cli("import", study, tmp_path / "casp.csv")
    # A second table adds to the characteristics of the papers and takes none away.
    with Project.open(study) as project:
        attributes = [case.attributes for case in project.cases()]
    assert len(attributes) == 6
    assert {a["setting"] for a in attributes} == {"rural", "urban"}
    assert {a["quality"] for a in attributes} == {"high", "low"}
    table = cli_json("tables", study, "--by", "Setting")["codes"]
    assert [row["key"] for row in table["rows"]] == ["travel", "time"]
    agreement = cli_json("agree", "units", study, "--resamples", "0")
    assert agreement["n_transcripts"] == 2
    by = ("--coder", "Ana")
    cli(
        "map", "add", study, "What it takes", "--central", "--code", "travel", "--code", "time", *by
    )
    (theme,) = cli_json("map", "show", study)["themes"]
    assert (theme["n_segments"], theme["n_participants"]) == (12, 6)
    cli("quotes", study, "--by", "setting", "--at-most", "1", "--output", tmp_path / "q.md")
    assert (tmp_path / "q.md").read_text(encoding="utf-8").count("> ") == 12


def _write(path: Path, rows: list[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


@pytest.mark.slow
def test_nine_people_code_blind_in_files_of_their_own_and_agree(cli, cli_json, fails, tmp_path):
    study = tmp_path / "all.autocode"
    sources = tmp_path / "interviews"
    sources.mkdir()
    for number in range(10):
        (sources / f"P{number + 1:02d}.txt").write_text(interview(number), encoding="utf-8")
    rows = "".join(f"{topic},{topic.title()}\n" for topic in TOPICS)
    (tmp_path / "codebook.csv").write_text(f"code,name\n{rows}", encoding="utf-8")
    cli("import", study, sources, tmp_path / "codebook.csv")
    cli("segment", study, "--unit", "turn")
    given = _share_out_blind(cli, cli_json, study, tmp_path)
    for coder in CODERS:
        _code_blind(cli, cli_json, fails, tmp_path / f"{coder}.autocode", coder, given)
    pieces = [tmp_path / f"{coder}.autocode" for coder in CODERS]
    digests = set()
    for name, order in (("one", pieces), ("two", pieces[::-1])):
        copy = tmp_path / f"{name}.autocode"
        shutil.copyfile(study, copy)
        cli("join", copy, *order, "--coder", "Lead")
        assert "Nothing is new" in cli("join", copy, *order, "--coder", "Lead").stdout
        with Project.open(copy) as project:
            digests.add(project.content_digest())
    assert len(digests) == 1
    _reveal_and_agree(cli, cli_json, fails, tmp_path / "one.autocode", given)


def _share_out_blind(cli, cli_json, study, folder):
    """Assign ten interviews, two of them twice, and make nine files; who codes each, in order."""
    names = [word for coder in CODERS for word in ("--coder", coder)]
    wanted = (*names, "--double", "0.2", "--blind", "--lead", "Lead")
    tried = cli_json("passes", "assign", study, *wanted, "--dry-run")["passes"]
    made = cli_json("passes", "assign", study, *wanted)["passes"]
    assert [(p["transcript"], p["coder"]) for p in tried] == [
        (p["transcript"], p["coder"]) for p in made
    ]
    assert [p["kind"] for p in made].count("first") == 10
    assert sorted(p["draw_order"] for p in made if p["kind"] == "second") == [1, 2]
    given: dict[str, list[str]] = {}
    for one in sorted(made, key=lambda p: p["kind"]):
        given.setdefault(one["transcript"], []).append(one["coder"])
    # One of them goes on in the study itself, where the others must not see it.
    first, first_transcript = given["P01"][0], "P01"
    cli("codes", "add", study, "Grievance", "--definition", "Wrath of Grimble", "--coder", first)
    place = ("--transcript", first_transcript, "--turn", "1", "--coder", first)
    cli("code", study, "grievance", *place, "--memo", "Sardonic")
    for coder in CODERS:
        path = folder / f"{coder}.autocode"
        shown = cli("share", study, path, "--coder", coder).stdout
        n = sum(coder in coders for coders in given.values())
        assert f"{n} transcript{'s' * (n > 1)}, {7 if coder == first else 6} codes" in shown
        assert "(blind)" in shown
        raw, dump = path.read_bytes(), "\n".join(contents(path))
        others = {name for name in CODERS if name != coder and re.search(rf"\b{name}\b", dump)}
        assert not others
        if coder != first:
            for words in (b"Grievance", b"grievance", b"Grimble", b"Sardonic"):
                assert words not in raw
    return given


def _code_blind(cli, cli_json, fails, path, coder, given):
    """Code every answer in the coder's file; a second coder takes gardens for family."""
    for name, coders in given.items():
        if coder not in coders:
            continue
        for answer in range(len(TOPICS)):
            meant = topic(int(name[1:]) - 1, answer)
            code = "family" if coder in coders[1:] and meant == "garden" else meant
            turn = str(2 * answer + 2)
            cli("code", path, code, "--transcript", name, "--turn", turn, "--coder", coder)
            if answer == 0 and name == "P01":
                assert "has not read 5 of 6" in fails(
                    "passes", "finish", path, "--coder", coder, name
                )
    cli("passes", "finish", path, "--coder", coder)
    listed = cli_json("passes", "list", path)["passes"]
    assert {(p["coder"], p["state"], p["n_read"]) for p in listed} == {(coder, "finished", 6)}


def _reveal_and_agree(cli, cli_json, fails, study, given):
    twice = sorted(name for name, coders in given.items() if len(coders) == 2)
    again, second = twice[0], given[twice[0]][1]
    place = ("--transcript", again, "--turn", "2", "--coder", second)
    assert "is finished" in fails("code", study, "shame", *place)
    whose = (again, "--coder", second, "--reason", "A slip", "--lead", "Lead")
    cli("passes", "reopen", study, *whose)
    assert f"waits for {second}" in fails("passes", "reveal", study, again, "--lead", "Lead")
    cli("passes", "finish", study, "--coder", second)
    revealed = cli_json("passes", "reveal", study, "--lead", "Lead")["passes"]
    assert sorted({p["transcript"] for p in revealed}) == twice
    assert "is revealed" in fails("code", study, "shame", *place)
    assert "is revealed" in fails("passes", "reopen", study, *whose)
    agreement = cli_json("agree", "units", study, "--resamples", "0")
    # Twelve answers were coded twice; in each interview one garden was taken for family.
    assert agreement["n_units"] == 12
    assert agreement["n_transcripts"] == 2
    assert len(agreement["disagreements"]) == 2
    assert agreement["passes"]["n_blind"] == 12
    assert agreement["passes"]["blind"] == twice
    assert [(p["coder"], p["transcript"]) for p in agreement["passes"]["reopened"]] == [
        (second, again)
    ]
    shown = cli("agree", study, "--resamples", "0").stdout
    assert f"12 of 12 units were coded blind ({', '.join(twice)})." in shown
    assert f"Opened again after finishing: {second} in {again}." in shown
    counts = {row["code"]: row["n_codings"] for row in cli_json("codes", "list", study)["codes"]}
    assert counts == {
        **dict.fromkeys(TOPICS, 12), "family": 14, "garden": 10, "grievance": 1,
    }  # fmt: skip
    assert "each as it was made" in cli("history", study, "--verify").stdout
