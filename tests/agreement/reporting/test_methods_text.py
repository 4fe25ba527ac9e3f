"""The methods paragraph holds the numbers and leaves what only people know in brackets."""

from __future__ import annotations

from autocode.agreement.reporting.methods_text import write_methods
from autocode.agreement.study.decisions import Unit
from autocode.agreement.study.table import measure_agreement
from autocode.core.codebook import Code, Codebook

BOOK = Codebook(
    (
        Code(id="p", name="Parent"),
        Code(id="x", name="X", parent="p"),
        Code(id="y", name="Y", parent="p"),
    )
)


def told(units):
    found = measure_agreement(units, ["Amina", "Jonas"], ["x", "y"], unit_name="turn")
    return found, write_methods(found, BOOK, "9.9")


def unit(transcript, amina, jonas):
    return Unit(
        transcript=transcript,
        excerpt="",
        applied={"Amina": frozenset(amina), "Jonas": frozenset(jonas)},
    )


def test_paragraph_holds_coders_numbers_and_version():
    units = [unit(f"t{i % 12}", "x", "x" if i % 5 else "y") for i in range(60)]
    units += [unit(f"t{i % 12}", "", "") for i in range(60)]
    found, text = told(units)
    assert "Amina" in text
    assert "Jonas" in text
    assert f"{found.overall['krippendorff_alpha'].value:.2f}" in text
    assert "120 units" in text
    assert "autocode 9.9" in text
    assert "\n" not in text


def test_paragraph_leaves_brackets_for_what_only_people_know():
    _, text = told([unit(f"t{i % 3}", "x" if i % 2 else "", "x") for i in range(12)])
    assert text.count("[") == text.count("]") > 0
    assert "There is no interval: 3 transcripts say too little" in text


def test_paragraph_never_prints_an_undefined_number():
    _, text = told([unit("t", "x", "x")] * 3)
    assert "None" not in text
    assert "nan" not in text.split()
