"""One tree of codes in every layout that people keep it in."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autocode.io.tables.codebook import read_codebook_table

NAMES = ("Barriers", "Money", "Fares", "Rent and bills", "Distance", "Helps", "Neighbours", "Trust")


@st.composite
def trees(draw):
    """Paths of a tree, parents before children; one name may stand under two parents."""
    paths: list[tuple[str, ...]] = []
    n_tops = draw(st.integers(2, 3))
    for top in range(n_tops):
        paths.append((NAMES[top],))
        below = st.lists(st.sampled_from(NAMES[3:]), min_size=2, max_size=3, unique=True)
        for child in draw(below):
            paths.append((NAMES[top], child))
            if draw(st.booleans()):
                paths.append((NAMES[top], child, "Deeper"))
    return paths


def as_paths(mark):
    return lambda paths: [["Code", "Definition"], *([mark.join(p), f"of {p}"] for p in paths)]


def as_indents(step):
    return lambda paths: [
        ["code", "description"],
        *([step * (len(p) - 1) + p[-1], f"of {p}"] for p in paths),
    ]


def as_bullets(paths):
    marks = ("• ", "◦ ", "▪ ")
    return [["Code", "Meaning"], *([marks[len(p) - 1] + p[-1], f"of {p}"] for p in paths)]


def as_numbers(paths):
    counts: dict[tuple[str, ...], int] = {}
    numbers: dict[tuple[str, ...], str] = {}
    for path in paths:
        counts[path[:-1]] = counts.get(path[:-1], 0) + 1
        above = numbers.get(path[:-1], "")
        numbers[path] = f"{above}.{counts[path[:-1]]}" if above else f"{counts[path[:-1]]}"
    return [["Kode", "Beschreibung"], *([f"{numbers[p]} {p[-1]}", f"of {p}"] for p in paths)]


def as_levels(paths):
    width = max(map(len, paths))
    return [
        [*(f"Level {n + 1}" for n in range(width)), "Definition"],
        *([*([""] * (len(p) - 1)), p[-1], *([""] * (width - len(p))), f"of {p}"] for p in paths),
    ]


def as_full_levels(paths):
    width = max(map(len, paths))
    return [
        [*("Theme", "Category", "Code")[:width], "Full definition"],
        *([*p, *([""] * (width - len(p))), f"of {p}"] for p in paths),
    ]


def as_parent_paths(paths):
    return [
        ["Parent code", "Code", "Code memo", "Code description"],
        *(["\\".join(p[:-1]), p[-1], "", f"of {p}"] for p in paths),
    ]


LAYOUTS = {
    "greater": as_paths(" > "),
    "greater tight": as_paths(">"),
    "double greater": as_paths(">>"),
    "arrow": as_paths(" → "),
    "backslash": as_paths("\\"),
    "double backslash": as_paths("\\\\"),
    "colons": as_paths("::"),
    "slash": as_paths("/"),
    "dot": lambda paths: as_paths(".")([tuple(n.replace(" ", "_") for n in p) for p in paths]),
    "two blanks": as_indents("  "),
    "tabs": as_indents("\t"),
    "hard blanks": as_indents("\u00a0\u00a0\u00a0"),
    "bullets": as_bullets,
    "numbers": as_numbers,
    "levels": as_levels,
    "full levels": as_full_levels,
    "parent paths": as_parent_paths,
}


def write_rows(path, rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=25)
@given(paths=trees())
def test_a_tree_is_read_from_every_layout(tmp_path_factory, layout, paths):
    path = write_rows(tmp_path_factory.getbasetemp() / "any.csv", LAYOUTS[layout](paths))
    codebook = read_codebook_table(path).codebook
    read = [tuple(n.replace("_", " ") for n in p) for p in codebook.paths.values()]
    assert sorted(read) == sorted(paths)
    assert all(codebook.by_id[code_id].definition for code_id in codebook.paths)
    assert all(code.codable for code in codebook)


def read(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    return read_codebook_table(path)


@pytest.mark.parametrize(
    "names",
    [
        ["and/or", "Trust", "Money"],
        ["Cost/benefit", "Wear/tear"],
        ["BMI > 30", "Diet", "Sleep"],
        ["z.B. Fahrgeld", "Miete", "Strom"],
        ["1.2 Rent", "Fares", "Help"],
        ["Fares: bus", "Help", "Trust", "Rent"],
        ["Rent - late", "Help", "Trust", "Self-care"],
        ["v1.0", "v1.1", "v2.0"],
        ["A (x > y)", "A (x > z)"],
        [" Rent", "Fares", "Help", "Trust"],
        ["- Rent", "- Fares", "- Help"],
        ["own room", "o-ring", "odd"],
    ],
    ids=lambda names: names[0],
)
def test_marks_inside_single_names_are_kept(tmp_path, names):
    file = read(tmp_path, "code\n" + "\n".join(f'"{name}"' for name in names) + "\n")
    assert [code.parent for code in file.codebook] == [None] * len(names)
    assert [code.name for code in file.codebook] == [name.strip() for name in names]


def test_parents_that_are_only_named_are_made_and_said(tmp_path):
    file = read(tmp_path, "code\nBarriers > Cost\nBarriers > Distance\nHelps > Cost\n")
    assert file.account == (
        "5 codes, 2 of them parents; paths split at '>': 3 codes under 2 parents, 2 parents made "
        "that cannot be applied: Barriers, Helps"
    )
    assert [(c.id, c.codable) for c in file.codebook] == [
        ("Barriers", False),
        ("Barriers > Cost", True),
        ("Distance", True),
        ("Helps", False),
        ("Helps > Cost", True),
    ]


def test_a_parent_that_comes_later_is_no_made_one(tmp_path):
    file = read(tmp_path, "code,category\nFares,Barriers\nBarriers,\nTrust,Hopes\n")
    assert {c.id: (c.parent, c.codable) for c in file.codebook} == {
        "Fares": ("Barriers", True),
        "Barriers": (None, True),
        "Trust": ("Hopes", True),
        "Hopes": (None, False),
    }


@pytest.mark.parametrize(
    ("table", "parents"),
    [
        ("Category,Code\nBarriers,Fares\n,Rent\nHelps,Neighbours\n,Music\n", ["Barriers", "Helps"]),
        ("Category,Code\nBarriers,Fares\nBarriers,Rent\n,Music\n", ["Barriers", None]),
        ("Category,Code\nBarriers,Fares\n,Rent\n,Barriers\n", ["Barriers", None]),
        ("Category,Code\n,Fares\nHelps,Rent\n,Music\n", [None, None]),
    ],
    ids=["merged", "written out", "a row of its own", "first blank"],
)
def test_blank_parents_are_filled_only_where_they_come_of_merged_cells(tmp_path, table, parents):
    file = read(tmp_path, table)
    read_parents = [code.parent for code in file.codebook if code.codable]
    assert [read_parents[0], read_parents[-1]] == parents


def test_a_code_that_is_its_own_category_is_at_the_top(tmp_path):
    file = read(tmp_path, "Theme,Code\nTrust,Trust\nTrust,Doctors\n")
    assert list(file.codebook.paths.values()) == [("Trust",), ("Trust", "Doctors")]


HEADINGS = {
    "de": "Code;Oberkategorie;Definition;Kodierregel;Abgrenzung;Ankerbeispiel;Farbe;Anmerkung",
    "fr": "Nom du code;Catégorie;Définition;Critères d'inclusion;Critères d'exclusion;"
    "Exemples;Couleur;Remarques",
    "es": "Código;Categoría;Descripción;Criterios de inclusión;Criterios de exclusión;"
    "Cita;Color;Notas",
    "pt": "Código;Categoria;Descrição;Critérios de inclusão;Critérios de exclusão;"
    "Exemplo;Cor;Observações",
    "it": "Codice;Categoria;Descrizione;Criteri di inclusione;Criteri di esclusione;"
    "Esempi;Colore;Note",
    "nl": "Naam;Categorie;Omschrijving;Inclusiecriteria;Exclusiecriteria;"
    "Voorbeeldcitaat;Kleur;Opmerkingen",
    "sv": "Kod;Kategori;Beskrivning;Inklusionskriterier;Exklusionskriterier;"
    "Exempel;Färg;Anteckningar",
    "en": "CODE_NAME;Parent Code;Full definition;Inclusion criteria;Exclusion Criteria;"
    "Example quotes;Color;Notes",
    "en too": "Code label;Category;Code description;When to use;When not to use;"
    "Anchor example(s);Colour;Memo",
}


@pytest.mark.parametrize("header", HEADINGS.values(), ids=HEADINGS)
def test_headings_are_known_in_many_languages(tmp_path, header):
    file = read(tmp_path, f"{header}\nFares;Money;d;i;e;q;rgb(1, 2,255);m\n")
    (code,) = (code for code in file.codebook if code.codable)
    assert (code.name, code.parent, code.definition, code.inclusion) == ("Fares", "Money", "d", "i")
    assert (code.exclusion, code.examples, code.colour) == ("e", ("q",), "#0102ff")
    assert code.memo == "m"
    assert not any("not used" in note for note in file.notes)


def test_columns_not_used_are_named(tmp_path):
    file = read(tmp_path, "Tag,Description,Number of highlights,Empty\na,b,3,\n")
    assert file.notes == ("columns not used: number of highlights",)


def test_ids_and_names_of_other_tools_are_told_apart(tmp_path):
    file = read(tmp_path, "code_id,code_name,code_description\n1,barriers,away\n2,helps,near\n")
    assert [(c.id, c.name, c.definition) for c in file.codebook] == [
        ("1", "barriers", "away"),
        ("2", "helps", "near"),
    ]
    assert file.has_ids


def test_a_column_of_numbers_makes_levels(tmp_path):
    file = read(tmp_path, "No.,Code\n1,Barriers\n1.1,Fares\n1.2,Rent\n2,Helps\n2.1,Fares\n")
    assert ("Helps", "Fares") in file.codebook.paths.values()
    assert "numbers in 'no.'" in file.account


def test_the_root_of_another_program_is_left_out(tmp_path):
    file = read(tmp_path, "Name\nNodes\\\\Barriers\nNodes\\\\Barriers\\\\Cost\n")
    assert list(file.codebook.paths.values()) == [("Barriers",), ("Barriers", "Cost")]


def test_repeated_rows_are_taken_once_and_said(tmp_path):
    file = read(tmp_path, "code,definition\nRent,dear\nFares,\nRent,dear\nFares,bus\n")
    assert [(c.name, c.definition) for c in file.codebook] == [("Rent", "dear"), ("Fares", "bus")]
    assert file.notes == ("2 rows repeat a code without contradicting it; taken once",)


@pytest.mark.slow
def test_fifty_thousand_codes_are_read(tmp_path):
    rows = "".join(f"Theme {n // 50} > Code {n},d{n}\n" for n in range(50_000))
    assert len(read(tmp_path, f"code,definition\n{rows}").codebook) == 51_000


def write_sheets(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in (["Code", "Definition"], *rows):
            sheet.append(row)
    book.save(path)
    return read_codebook_table(path)


def paths_of(read):
    return sorted(" > ".join(path) for path in read.codebook.paths.values())


def test_sheets_named_like_themes_are_parents(tmp_path):
    read = write_sheets(
        tmp_path / "a.xlsx",
        Barriers=[["Fares", "bus"], ["Other", "rest"]],
        Helps=[["Helps", "what helps"], ["Family", "kin"], ["Other", "rest too"]],
    )
    assert paths_of(read) == [
        "Barriers", "Barriers > Fares", "Barriers > Other",
        "Helps", "Helps > Family", "Helps > Other",
    ]  # fmt: skip
    assert "sheets 'Barriers', 'Helps' read as parents" in read.account
    made = {read.codebook.by_id[code_id].name for code_id in read.made}
    assert made == {"Barriers"}


@pytest.mark.parametrize(
    ("one", "two"),
    [("Sheet1", "Sheet2"), ("Tabelle1", "Barriers"), ("v1", "v 2"), ("2023", "2024")],
)
def test_sheets_whose_names_say_nothing_are_no_parents(tmp_path, one, two):
    read = write_sheets(tmp_path / "a.xlsx", **{one: [["Fares", "bus"]], two: [["Kin", "family"]]})
    assert paths_of(read) == ["Fares", "Kin"]


def test_sheets_that_repeat_one_list_are_no_parents(tmp_path):
    rows = [["Fares", "bus"], ["Kin", "family"]]
    read = write_sheets(tmp_path / "a.xlsx", Anna=rows, Jonas=rows)
    assert paths_of(read) == ["Fares", "Kin"]
