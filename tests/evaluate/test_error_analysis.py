"""Mismatches with the reference, and codes whose definitions do not find their segments."""

from __future__ import annotations

from .support import TOWNS, Words, write_folder

MISLED = {
    "Wait,waiting list months": "Fares,bus fare late weather and plain things",
    "Bus,bus fare late": "Queues,waiting list months weather and plain things",
}


def test_mismatches_are_what_the_reference_did_not_give(folder, evaluate):
    mismatches = evaluate(folder, Words(), shares=(0.8,), n_folds=3).errors.mismatches
    assert mismatches
    assert all(mismatch.suggested not in mismatch.applied for mismatch in mismatches)
    probabilities = [mismatch.probability for mismatch in mismatches]
    assert probabilities == sorted(probabilities, reverse=True)


def test_errors_are_at_the_largest_share_whatever_the_order(folder, evaluate):
    assert evaluate(folder, Words(), shares=(0.8, 0.5), n_folds=3).errors.coded_share == 0.8


def test_codes_found_by_their_words_bring_no_remark(folder, evaluate):
    remarks = evaluate(folder, Words(), n_folds=3).remarks
    assert not [remark for remark in remarks if "Not findable" in remark]


def test_codes_with_misleading_definitions_are_named(tmp_path, evaluate):
    folder = write_folder(tmp_path / "misled", towns=(*TOWNS, "Goole", "Hull"))
    table = folder / "codebook.csv"
    text = table.read_text(encoding="utf-8")
    for right, wrong in MISLED.items():
        text = text.replace(right, wrong)
    table.write_text(text, encoding="utf-8")
    remarks = [r for r in evaluate(folder, Words(), n_folds=3).remarks if "Not findable" in r]
    assert len(remarks) == 1
    assert "2 of the 3 codes used 10 times or more (Fares, Queues)" in remarks[0]
