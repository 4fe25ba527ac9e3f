"""Codes whose words lead nowhere are named, others are not."""

from __future__ import annotations

from .small_exam import TOWNS, Words, write_folder

MISLED = {
    "Wait,waiting list months": "Fares,bus fare late weather and plain things",
    "Bus,bus fare late": "Queues,waiting list months weather and plain things",
}


def test_codes_found_by_their_words_bring_no_remark(folder, sit):
    assert not [r for r in sit(folder, Words(), n_folds=3).remarks if "Not findable" in r]


def test_codes_with_misleading_definitions_are_named(tmp_path, sit):
    folder = write_folder(tmp_path / "misled", towns=(*TOWNS, "Goole", "Hull"))
    table = folder / "codebook.csv"
    told = table.read_text(encoding="utf-8")
    for right, wrong in MISLED.items():
        told = told.replace(right, wrong)
    table.write_text(told, encoding="utf-8")
    found = [r for r in sit(folder, Words(), n_folds=3).remarks if "Not findable" in r]
    assert len(found) == 1
    assert "2 of the 3 codes used 10 times or more (Fares, Queues)" in found[0]
