"""Where two coders differ: only that is shown, every outcome is kept, the numbers are agree's."""

from __future__ import annotations

import shutil

import pytest

from autocode.page.app import build_app
from autocode.page.compare_view import draw_side
from autocode.page.connection import open_served
from autocode.page.session import Sessions
from autocode.project.assigning import AssignOptions
from autocode.project.hand_coding import HandOptions, Place

from .support import PORT, Page

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
    return {(c.code, c.span.start) for c in page.project.codings() if c.coder == "Consensus"}


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
    after = compared.get(path).json()
    assert after | {"consensus": []} == before
    assert [row["coder"] for row in after["consensus"]] == ["Amina", "Jonas"]


def test_what_is_no_outcome_or_no_pair_is_refused(compared):
    assert settle(compared, "shame", "span").status_code == 422
    start = row_of(compared, "shame")["start"]
    for ends in ((start, start), (start - 1, -1), (0, 5), (10**7, 10**7 + 3)):
        answer = settle(compared, "shame", "span", to_start=ends[0], to_end=ends[1])
        assert answer.status_code == 422, ends
    assert settle(compared, "shame", "one", to_start=start, to_end=start + 5).status_code == 422
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


def test_other_ends_are_kept_and_shown(compared):
    row = row_of(compared, "shame")
    assert row["words"].startswith("Bob: ") or row["shown"] <= row["start"]
    ends = (row["start"], row["start"] + len("It was shame"))
    answer = settle(compared, "shame", "span", to_start=ends[0], to_end=ends[1])
    assert answer.status_code == 200
    (coding,) = compared.project.codings(coder="Consensus")
    assert (coding.span.start, coding.span.end) == ends
    settled = row_of(compared, "shame")["settled"]
    assert (settled["outcome"], settled["spans"]) == ("span", [list(ends)])


def take(page, n, one="Amina", other="Jonas"):
    number = page.number("t1_ann")
    return page.act("take-agreed", transcript=number, one=one, other=other, n=n)


def test_all_that_is_agreed_is_taken_as_one_act_after_it_was_seen(compared):
    agreed = compare(compared, "t1_ann")["agreed"]
    assert len(agreed) == 2
    assert not any(row["differs"] for row in agreed)
    stale = take(compared, 3)
    assert (stale.status_code, "not 3" in stale.json()["error"]) == (409, True)
    assert take(compared, 2, other="Nobody").status_code == 422
    assert take(compared, 2).status_code == 200
    assert len(consensus(compared)) == 2
    assert compare(compared, "t1_ann")["agreed"] == []
    assert take(compared, 0).status_code == 409
    assert compared.act("undo").status_code == 200
    assert consensus(compared) == set()
    assert len(compare(compared, "t1_ann")["agreed"]) == 2


def test_alpha_with_the_consensus_is_that_of_agree(compared):
    take(compared, 2)
    settle(compared, "shame", "other")
    answer = compared.get(f"/compare/{compared.number('t2_bob')}/agreement").json()
    for row in answer["consensus"]:
        agreement = compared.project.agree([row["coder"], "Consensus"]).to_dict()
        assert row["n_units"] == agreement["n_units"] > 0
        assert row["value"] == agreement["overall"]["krippendorff_alpha"]["value"]
    assert [row["coder"] for row in answer["consensus"]] == ["Amina", "Jonas"]


def test_sides_are_drawn_for_each_transcript_by_a_seed(compared):
    pair = ("Amina", "Jonas")

    def draw(seed):
        return tuple(draw_side(number, pair, seed) for number in range(1, 5))

    assert draw(7) == draw(7)
    assert len({draw(seed) for seed in range(40)}) > 8
    number = compared.number("t2_bob")
    for seed in (0, 3):
        state = compared.get(f"/compare/{number}/state?seed={seed}").json()
        assert (state["is_swapped"], state["seed"]) == (draw_side(number, pair, seed), seed)
    assert compared.get("/compare/1/state?seed=x").json()["seed"] == 0


def test_codes_have_the_numbers_of_the_codebook(compared):
    numbers = compared.project.code_numbers()
    assert {c["id"]: c["number"] for c in compare(compared)["codes"]} == numbers


@pytest.mark.slow
def test_it_is_said_whether_a_suggestion_was_shown(suggested, tmp_path, compared):
    assert {tuple(row["suggested"]) for row in compare(compared)["differences"]} == {
        ("coded elsewhere and imported", ""), ("", "coded elsewhere and imported"), ("", ""),
    }  # fmt: skip
    study = shutil.copy(suggested, tmp_path / "suggested.autocode")
    sessions = Sessions()
    with open_served(study) as project:
        page = Page(build_app(project, sessions, port=PORT), project, sessions)
        page.sign_in("Amina")
        open_ones = project.suggestions(transcript="t2_bob")
        accepted, rejected = open_ones[0], open_ones[-1]
        project.decide(accepted.number, "accept", coder="Jonas")
        project.decide(rejected.number, "reject", coder="Amina")
        place = Place(transcript="t2_bob", start=rejected.span.start, end=rejected.span.end)
        project.code(place, rejected.code, coder="Jonas")
        rows = {(r["code"], r["start"]): r["suggested"] for r in compare(page)["differences"]}
        assert rows[accepted.code, accepted.span.start][1] == "a suggestion of it was accepted"
        assert rows[rejected.code, rejected.span.start] == [
            "a suggestion of it was rejected", "suggested",
        ]  # fmt: skip
        options = AssignOptions(assistance="none", transcripts=["t2_bob"])
        project.assign_passes(["Amina"], coder="Lead", options=options)
        assert "no suggestions in this pass" in {
            r["suggested"][0] for r in compare(page)["differences"]
        }
