"""Where two coders differ: only that is shown, every outcome is kept, the numbers are agree's."""

from __future__ import annotations

import pytest

from autocode.project.hand_coding import HandOptions, Place

SHAME = "It was shame that kept me quiet, I was ashamed in front of everybody."


@pytest.fixture
def compared(page):
    """The page of a study in which Amina and Jonas differ in three places of t2_bob."""
    place = Place(transcript="t2_bob", words=SHAME)
    page.project.code(place, "shame", coder="Jonas", options=HandOptions(memo="a feeling"))
    return page


def compare(page, transcript="t2_bob"):
    return page.get(f"/compare/{page.number(transcript)}/state").json()


def row_of(page, code):
    (row,) = [row for row in compare(page)["differences"] if row["code"] == code]
    return row


def settle(page, code, outcome, **more):
    row = row_of(page, code)
    fields = {name: row[name] for name in ("start", "end", "quote", "code")}
    return page.act(
        "resolve", transcript=page.number("t2_bob"), outcome=outcome, one="Amina", other="Jonas",
        **fields, **more,
    )  # fmt: skip


def consensus(page):
    return {(c.code, c.span.start) for c in page.project.codings(coder="Consensus")}


def test_only_what_differs_is_shown(compared):
    state = compare(compared)
    assert state["pairs"] == [["Amina", "Jonas"]]
    assert [row["code"] for row in state["differences"]] == ["wait", "family", "shame"]
    row = state["differences"][2]
    assert row["quote"] == SHAME
    assert row["readings"] == [
        [],
        [{"start": row["start"], "end": row["end"], "memo": "a feeling"}],
    ]
    agreed = compare(compared, "t1_ann")["agreed"]
    assert {row["code"] for row in agreed} == {"wait", "shame"}


def test_differences_are_those_of_agree(compared):
    units = compared.project.agree(["Amina", "Jonas"]).disagreements
    expected = {
        (unit.unit.span.start, code)
        for unit in units
        if unit.transcript == "t2_bob"
        for code in set(unit.applied["Amina"]) ^ set(unit.applied["Jonas"])
    }
    assert {(r["start"], r["code"]) for r in compare(compared)["differences"]} == expected


@pytest.mark.parametrize(
    ("outcome", "is_coded"),
    [("one", False), ("other", True), ("both", True), ("neither", False), ("stand", False)],
)
def test_every_outcome_is_kept_and_undone(compared, outcome, is_coded):
    start = row_of(compared, "shame")["start"]
    answer = settle(compared, "shame", outcome, reason="we talked")
    assert answer.status_code == 200
    settled = row_of(compared, "shame")["settled"]
    assert (settled["outcome"], settled["reason"], settled["by"]) == (outcome, "we talked", "Amina")
    assert (("shame", start) in consensus(compared)) is is_coded
    assert compared.act("undo").status_code == 200
    assert row_of(compared, "shame")["settled"] is None
    assert consensus(compared) == set()


def test_another_code_takes_the_place_and_goes_with_a_later_outcome(compared):
    start = row_of(compared, "shame")["start"]
    assert settle(compared, "shame", "neither", instead="family").status_code == 200
    assert consensus(compared) == {("family", start)}
    assert "Family in its place" in row_of(compared, "shame")["settled"]["note"]
    assert settle(compared, "shame", "other").status_code == 200
    assert consensus(compared) == {("shame", start)}


def test_numbers_are_those_of_agree_and_settling_changes_none(compared):
    path = f"/compare/{compared.number('t2_bob')}/agreement"
    before = compared.get(path).json()
    payload = compared.project.agree(["Amina", "Jonas"]).to_dict()
    assert {c["name"] for c in before["coefficients"]} >= {"pooled_kappa", "krippendorff_alpha"}
    for row in before["coefficients"]:
        name = row["name"]
        assert {k: row[k] for k in payload["overall"][name]} == payload["overall"][name]
    settle(compared, "shame", "one")
    assert compared.get(path).json() == before


def test_what_is_no_outcome_or_no_pair_is_refused(compared):
    assert settle(compared, "shame", "span").status_code == 422
    assert settle(compared, "shame", "neither", instead="shame").status_code == 422
    row = row_of(compared, "shame")
    fields = {name: row[name] for name in ("start", "end", "quote", "code")}
    answer = compared.act("resolve", transcript=compared.number("t2_bob"), outcome="one",
                          one="Amina", other="Nobody", **fields)  # fmt: skip
    assert answer.status_code == 422
    assert consensus(compared) == set()


def test_the_screen_is_served_for_every_transcript(compared):
    for number in compared.project.transcript_numbers().values():
        assert compared.get(f"/compare/{number}?pair=99").status_code == 200
    assert compared.get("/compare/99").status_code == 404
