"""Every file that other tools left in the folders of samples goes into a study, or is refused.

A file that is put beside them later must do one or the other before it stands in the table.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from autocode.core.errors import FileRefused
from autocode.project import Project
from autocode.project.importing import ImportOptions

from ..shared import SHARED, present

FOLDERS = (
    "qualcoder",
    "taguette",
    "rqda",
    "requal",
    "maxqda-exports",
    "atlasti-exports",
    "delve-exports",
)

TAKEN = {
    "qualcoder/examples/ID1.docx": "transcript: 3 turns, 117 words",
    "qualcoder/examples/ID2.odt": "transcript: 3 turns, 68 words",
    "qualcoder/examples/NOTES.txt": "transcript: 2 turns, 31 words",
    "qualcoder/examples/cases123.csv": "cases: 3 cases with age, gender, interest",
    "qualcoder/examples/cases456.xlsx": "cases: 3 cases with age, gender, interest",
    "qualcoder/examples/plain_codes_categories_for_import.txt": "codebook: 9 codes, 3 of them",
    "qualcoder/examples/survey456.csv": "survey: 3 respondents, 3 of them with words",
    "qualcoder/examples/transcript.txt": "transcript: 7 turns, 163 words",
    "qualcoder/garden_study.qda/data.qda": "project: 'garden_study': 1 transcript, 8 codes, 2 "
    "coders, 6 codings, 5 memos, 1 case",
    "qualcoder/garden_study.qda/documents/Ana 01.txt": "transcript: 6 turns, 80 words",
    "taguette/garden_study/codebook.csv": "codebook: 5 codes",
    "taguette/garden_study/codebook.xlsx": "codebook: 5 codes",
    "taguette/garden_study/project.sqlite3": "project: 'garden study': 2 transcripts, 5 codes, 1 "
    "coder, 6 codings",
    "taguette/taguette141_codebook.csv": "codebook: 3 codes",
    "rqda/OPCW-CSP-DG.rqda": "project: 'OPCW-CSP-DG': 13 transcripts, 2 codes, 1 coder, 21 codings",
    "requal/test_basic.requal": "project: 'test_basic': nothing that a study shows",
    "maxqda-exports/codings_exchange.mex": "project: 'codings_exchange': 7 codes",
    "atlasti-exports/codebook_full.csv": "codebook: 465 codes, 18 of them parents",
    "delve-exports/Interview_19_coded.pdf": "transcript: 104 turns, 4099 words",
}
REFUSED = {
    "taguette/garden_study/codebook.html": "is a web page",
    "taguette/garden_study/document-Ana 01.html": "is a web page",
    "taguette/garden_study/document-Ana follow-up.html": "is a web page",
    "taguette/garden_study/highlights.html": "is a web page",
    "taguette/garden_study/highlights.csv": "holds codings, and the study has no transcripts yet",
    "taguette/garden_study/highlights.xlsx": "holds codings, and the study has no transcripts yet",
    "maxqda-exports/code-system.pdf": "looks like a codebook, but its codes cannot be told",
    "maxqda-exports/codings_polish_locale.xls": "is an old Excel workbook",
    "atlasti-exports/quotation_export.csv": "holds codings, and the study has no transcripts yet",
}


def files() -> list[str]:
    """Every file in the folders, named from their root."""
    root = SHARED / "interop"
    there = (path for folder in FOLDERS for path in (root / folder).rglob("*") if path.is_file())
    return sorted({path.relative_to(root).as_posix() for path in there} | {*TAKEN, *REFUSED})


def take(study: Project, path: Path, **options: object) -> str:
    """What became of a file: its kind and account, or why it was refused."""
    try:
        report = study.import_paths([path], ImportOptions(**options))
    except FileRefused as refusal:
        return str(refusal)
    if report.refused:
        return report.refused[0].reason
    (imported,) = report.imported
    return f"{imported.kind}: {imported.account}"


@pytest.mark.slow
@pytest.mark.parametrize("name", files())
def test_each_file_goes_into_a_study_or_is_refused_in_one_line(tmp_path, name):
    path = present(SHARED / "interop" / name)
    with Project.open(tmp_path / "s.autocode", create_new=True) as study:
        came_of_it = take(study, path)
        assert "\n" not in came_of_it
        if name in TAKEN:
            assert came_of_it.startswith(TAKEN[name])
        elif name in REFUSED:
            assert REFUSED[name] in came_of_it
            assert not study.transcripts()
            assert not len(study.codebook())


@pytest.mark.slow
def test_quotations_of_atlasti_have_every_code_although_names_hold_commas(shared, tmp_path):
    """Their document is not there: it is made of the quotations, each in its own paragraph."""
    folder = present(shared / "interop" / "atlasti-exports")
    table = folder / "quotation_export.csv"
    with table.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    paragraphs = {int(row["Initial Position"]): row["Text Content"] for row in rows}
    text = "\n".join(
        " ".join(paragraphs.get(number, "Nothing is said here.").split())
        for number in range(1, max(paragraphs) + 1)
    )
    (tmp_path / "[ATLAS] - Codifying Fragments.txt").write_text(text, "utf-8")
    with Project.open(tmp_path / "s.autocode", create_new=True) as study:
        study.import_paths([tmp_path / "[ATLAS] - Codifying Fragments.txt"])
        study.import_paths([folder / "codebook_full.csv"])
        n_codings = sum(int(row["Number of Codes"]) for row in rows)
        account = take(study, table, coder="Ana", new_codes=True)
        assert account.startswith(f"codings: {n_codings} new codings by Ana")
        assert len(study.codings()) == n_codings


@pytest.mark.slow
def test_highlights_of_taguette_find_their_words_in_the_project_beside_them(shared, tmp_path):
    folder = present(shared / "interop" / "taguette" / "garden_study")
    with Project.open(tmp_path / "s.autocode", create_new=True) as study:
        study.import_paths([folder / "project.sqlite3"])
        before = {(c.transcript, c.span, c.code) for c in study.codings()}
        for name, said in (("highlights.csv", "6 new"), ("highlights.xlsx", "6")):
            account = take(study, folder / name, coder="Ben")
            assert account.startswith(f"codings: {said} codings by Ben")
        by_ben = {(c.transcript, c.span, c.code) for c in study.codings() if c.coder == "Ben"}
        assert by_ben == before


@pytest.mark.slow
def test_codings_of_a_maxqda_exchange_file_are_placed_in_transcripts_of_the_same_name(
    shared, tmp_path
):
    path = present(shared / "interop" / "maxqda-exports" / "codings_exchange.mex")
    words = "Lisboa, 1785.\nAVISO do secretário de estado, Diogo de Mendonça Corte Real"
    (tmp_path / "0_229.txt").write_text(words, "utf-8")
    with Project.open(tmp_path / "s.autocode", create_new=True) as study:
        study.import_paths([tmp_path / "0_229.txt"])
        assert take(study, path).startswith("project: 'codings_exchange': 1 transcript, 7 codes")
        codes = study.codebook().by_id
        placed = {codes[c.code].name: c.span.of(words) for c in study.codings()}
        assert placed["TYPE"] == "AVISO"
        assert placed["ROLE"] == "secretário de estado,"
        assert placed["PERSON"] == "Diogo de Mendonça Corte Real"
