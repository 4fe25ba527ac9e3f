"""What became of a project, as lines and as data."""

from __future__ import annotations

from autocode.exchange.losses import MOST_PLACES, LossLedger


def test_everything_is_counted_and_some_of_it_named():
    ledger = LossLedger()
    ledger.keep("codes", 4)
    ledger.keep("codings", 0)
    for number in range(MOST_PLACES + 5):
        ledger.lose("pictures", "a study holds words only", f"{number}.png")
    ledger.change("codings", "the end lay beyond the text", "Ann, 7..99")
    report = ledger.close()

    assert [(item.outcome, item.what, item.count) for item in report.items] == [
        ("kept", "codes", 4),
        ("changed", "codings", 1),
        ("lost", "pictures", MOST_PLACES + 5),
    ]
    assert len(report.items[2].places) == MOST_PLACES
    assert not report.is_lossless
    assert report.count("lost") == MOST_PLACES + 5
    assert report.to_lines()[0] == "kept    4 codes"
    assert report.to_lines()[2].endswith("(0.png, 1.png, 2.png and 22 more)")
    assert report.to_dict()["items"][1]["reason"] == "the end lay beyond the text"


def test_how_many_more_there_are_is_said_only_where_each_is_named():
    ledger = LossLedger()
    for coder, count in (("Ann", 90), ("Bob", 2), ("Cy", 5), ("Dee", 1)):
        ledger.lose("readings", "have no place", coder, count)
    ledger.lose("turns", "have no place", "Ann", 7)
    assert ledger.close().to_lines() == [
        "lost    98 readings: have no place (Ann, Bob, Cy and others)",
        "lost    7 turns: have no place (Ann)",
    ]


def test_a_report_of_what_was_kept_is_lossless_and_says_facts_once():
    ledger = LossLedger()
    ledger.keep("codes")
    ledger.note("offsets count code points")
    ledger.note("offsets count code points")
    report = ledger.close()
    assert report.is_lossless
    assert report.to_lines() == ["kept    1 code", "note    offsets count code points"]


def test_what_is_kept_unseen_has_a_line_of_its_own_and_a_place_is_named_once():
    ledger = LossLedger()
    ledger.keep("codes", 2)
    ledger.keep("codings of pictures, recordings or no words, kept unseen", 3)
    ledger.keep("links, kept unseen")
    ledger.change("files", "are missing", "a.docx")
    ledger.change("files", "are missing", "a.docx")
    assert ledger.close().to_lines() == [
        "kept    2 codes",
        "unseen  3 codings of pictures, recordings or no words; 1 link (kept for export)",
        "changed 2 files: are missing (a.docx)",
    ]
