from __future__ import annotations

import docx
import pytest

from autocode.core.errors import FileRefused
from autocode.io.source import SourceFile
from autocode.io.tables.codebook_document import read_codebook_document, weigh_codebook_document

TREE = [("Barriers",), ("Barriers", "Fares"), ("Barriers", "Rent"), ("Helps",), ("Helps", "Rent")]

CODEBOOKS = {
    "qualcoder.txt": """Codebook for project study

CATEGORY: Barriers
MEMO: of Barriers
    CODE: Fares
    MEMO: of Fares
    CODE: Rent
    MEMO: of Rent
CATEGORY: Helps
MEMO: of Helps
    CODE: Rent
    MEMO: of Rent
""",
    "paths.txt": "Barriers\tof Barriers\nBarriers>>Fares\tof Fares\nBarriers>>Rent\tof Rent\n"
    "Helps\tof Helps\nHelps>>Rent\tof Rent\n",
    "headings.md": "# Codebook\n\n## Barriers\nof Barriers\n\n### Fares\nDefinition: of Fares\n\n"
    "### Rent\nof Rent\n\n## Helps\nof Helps\n\n### Rent\nof Rent\n",
    "numbers.txt": "Coding frame, version 3\n\n1 Barriers: of Barriers\n1.1 Fares: of Fares\n"
    "1.2 Rent: of Rent\n2 Helps: of Helps\n2.1 Rent: of Rent\n",
    "bullets.md": "Kodierleitfaden\n\n- Barriers: of Barriers\n    - Fares – of Fares\n"
    "    - Rent – of Rent\n- Helps: of Helps\n    - Rent: of Rent\n",
    "table.md": "| Parent | Code | Definition |\n|---|---|---|\n| | Barriers | of Barriers |\n"
    "| Barriers | Fares | of Fares |\n| Barriers | Rent | of Rent |\n| | Helps | of Helps |\n"
    "| Helps | Rent | of Rent |\n",
    "fields.txt": "Kategorie: Barriers\nBeschreibung: of Barriers\n\nCode: Fares\n"
    "Beschreibung: of Fares"
    "\n\nCode: Rent\nBeschreibung: of Rent\n\nKategorie: Helps\nBeschreibung: of Helps\n\n"
    "Code: Rent\nBeschreibung: of Rent\n",
}


def write_word(path, *, how):
    document = docx.Document()
    document.add_heading("Codebook", 0)
    if how == "headings":
        for names in TREE:
            document.add_heading(names[-1], len(names))
            document.add_paragraph(f"of {names[-1]}")
    else:
        rows = [("Parent", "Code", "Definition")]
        rows += [("".join(p[:-1]), p[-1], f"of {p[-1]}") for p in TREE]
        table = document.add_table(len(rows), 3)
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
    document.save(path)
    return path


@pytest.mark.parametrize("name", [*CODEBOOKS, "headings.docx", "table.docx"])
def test_a_codebook_is_read_from_every_kind_of_document(tmp_path, name):
    path = tmp_path / name
    if path.suffix == ".docx":
        write_word(path, how=path.stem)
    else:
        path.write_text(CODEBOOKS[name], encoding="utf-8")
    source = SourceFile(path)
    score, reason = weigh_codebook_document(source)
    assert score > 0.8
    assert reason
    codebook = read_codebook_document(source).codebook
    assert list(codebook.paths.values()) == TREE
    assert [code.definition for code in codebook] == [f"of {code.name}" for code in codebook]


TALK = {
    "a speaker called Code": "Code: Hello there, how are you?\nAnn: Fine.\nCode: And now?\n"
    "Ann: Well.\n",
    "about a codebook": "Codebook meeting\n\nAnn: We should merge the codes.\nBen: Why should we?\n"
    "Ann: They overlap.\nBen: A little.\n",
    "angles": "<Ann> We went there > twice.\n<Ben> Did you?\n<Ann> Yes.\n<Ben> Oh.\n",
    "behind names": "Ann> We went there.\nBen> Did you?\nAnn> Yes, we did.\nBen> Oh.\n",
    "quoted mail": "> We went there.\n>> Did you?\n> Yes, we did.\n>> Oh.\n",
    "a form": "Name: Ann\nAge: 34\nNotes: came late\n\nInterviewer: So?\nAnn: I came.\n",
    "prose": "The bus was late.\n\nNobody told us that the ward had moved.\n",
    "a list of questions": "1. How are you?\n2. Who helps?\n3. What would you change?\n",
}


@pytest.mark.parametrize("text", TALK.values(), ids=TALK)
def test_talk_and_prose_are_no_codebook(tmp_path, text):
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    assert weigh_codebook_document(SourceFile(path)) == (0.0, "")


def test_a_codebook_in_prose_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "codebook.txt"
    path.write_text("We coded what people said of money.\n\nThen we went on.\n", encoding="utf-8")
    source = SourceFile(path)
    assert weigh_codebook_document(source) == (0.75, "named 'codebook'")
    with pytest.raises(FileRefused, match="columns code, parent and definition"):
        read_codebook_document(source)


def test_categories_of_a_document_cannot_be_applied(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(CODEBOOKS["qualcoder.txt"], encoding="utf-8")
    file = read_codebook_document(SourceFile(path))
    assert [code.name for code in file.codebook if not code.codable] == ["Barriers", "Helps"]
    assert file.notes == ("2 categories that cannot be applied",)


def test_fields_of_a_code_are_told_apart(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(
        "Code: Fares\nDefinition: bus\nfares\nInclusion criteria: taxi\nExclude: petrol\n"
        'Example: "two buses"\n\nCode: Rent\nDefinition: the room\n',
        encoding="utf-8",
    )
    fares, rent = read_codebook_document(SourceFile(path)).codebook
    assert (fares.definition, fares.inclusion, fares.exclusion) == ("bus\nfares", "taxi", "petrol")
    assert fares.examples == ('"two buses"',)
    assert rent.definition == "the room"
