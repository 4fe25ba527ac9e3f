"""The codebook on the page: what stands behind each code, every change tried first and undone."""

from __future__ import annotations

import pytest

from autocode.project import Project
from autocode.project.assigning import AssignOptions
from autocode.project.hand_coding import Place

from ..small_study import contents


def codes(page):
    return {row["id"]: row for row in page.get("/codes/state").json()["codes"]["codes"]}


def detail(page, code, query=""):
    number = page.project.code_numbers()[code]
    return page.get(f"/codes/{number}/state{query}").json()["code"]


def act(page, kind, code, *, path="/acts", key="k" * 16, **fields):
    base = fields.pop("base", None) or page.project.codebook().by_id[code].digest
    body = {"key": key, "kind": kind, "code": code, "base": base, **fields}
    return page.write("POST", path, body)


def edit(page, code, *, new_meaning=False, key="e" * 16, base=None, **words):
    says = detail(page, code)["says"] | words
    return act(page, "code-edit", code, key=key, base=base, new_meaning=new_meaning, **says)


def test_codes_are_listed_with_what_stands_behind_them(page):
    rows = codes(page)
    wait = rows["wait"]
    assert (wait["depth"], wait["parent"], wait["n_codings"]) == (1, "access", 3)
    assert (wait["n_transcripts"], wait["n_participants"]) == (2, 2)
    assert wait["by_coder"] == {"Amina": 2, "Jonas": 1}
    assert rows["access"]["n_below"] == 3
    assert rows["wait"]["number"] == page.project.code_numbers()["wait"]


def test_a_code_is_shown_in_full(page):
    code = detail(page, "wait")
    assert code["says"]["definition"] == "Waiting for an assessment or a letter"
    assert code["by_coder"] == [
        {"coder": "Amina", "kind": "person", "n": 2},
        {"coder": "Jonas", "kind": "person", "n": 1},
    ]
    assert code["by_case"] == [
        {"case": "A", "role": "", "n": 1},
        {"case": "B", "role": "", "n": 1},
    ]
    first = code["excerpts"][0]
    text = page.project.transcript(first["name"]).text
    assert first["words"] == text[first["start"] : first["end"]]
    assert first["transcript"] == page.number(first["name"])
    assert detail(page, "wait", "?from=2")["excerpts"] == code["excerpts"][2:]


@pytest.mark.parametrize("query", ["?from=x", "?from=99999", "?example=1:9-3", "?example=99:1-2"])
def test_a_strange_address_is_no_fault(page, query):
    assert page.get(f"/codes/2{query}").status_code == 200
    assert detail(page, "wait", query)["offered"] is None
    assert page.get("/codes/99").status_code == 404


def test_words_are_offered_as_an_example(page):
    place = page.place("t2_bob", "There was one bus")
    query = f"?example={place['transcript']}:{place['start']}-{place['end']}"
    assert detail(page, "wait", query)["offered"] == "There was one bus"


@pytest.mark.slow
def test_a_new_meaning_lists_the_codings_to_be_looked_at(page):
    answer = edit(page, "wait", definition="Waiting for a letter", new_meaning=True)
    assert answer.status_code == 200
    assert answer.json()["changed"]["codings"] == [
        {"coder": "Amina", "n_codings": 2},
        {"coder": "Jonas", "n_codings": 1},
    ]
    code = detail(page, "wait")
    assert (code["revision"], code["n_outdated"]) == (2, 3)
    assert codes(page)["wait"]["n_outdated"] == 3
    one = {name: code["outdated"][0][name] for name in ("transcript", "start", "end", "coder")}
    assert act(page, "code-confirm", "wait", places=[one]).json()["changed"] == {"n_codings": 1}
    assert detail(page, "wait")["n_outdated"] == 2
    assert page.act("undo").status_code == 200
    assert detail(page, "wait")["n_outdated"] == 3
    assert page.act("undo").status_code == 200
    assert detail(page, "wait")["n_outdated"] == 0


def test_another_wording_asks_nobody_to_look_again(page):
    assert edit(page, "wait", definition="Waiting", examples=["a", "b"]).status_code == 200
    code = detail(page, "wait")
    assert (code["revision"], code["n_outdated"]) == (1, 0)
    assert code["says"]["examples"] == ["a", "b"]


def test_what_somebody_changed_meanwhile_is_not_written_over(page):
    base = detail(page, "wait")["digest"]
    page.project.edit_codebook(coder="Jonas").define("wait", {"exclusion": "buses"})
    before = contents(page.project.path)
    refused = edit(page, "wait", base=base, definition="mine")
    assert (refused.status_code, "changed meanwhile" in refused.json()["error"]) == (409, True)
    for kind, fields in {
        "code-merge": {"into": "shame"},
        "code-move": {"parent": None},
        "code-shift": {"by": 1},
        "code-archive": {},
        "code-delete": {},
        "code-split": {"parts": [{"to": "x", "coder": "Amina"}]},
        "code-confirm": {"places": []},
    }.items():
        assert act(page, kind, "wait", base=base, **fields).status_code == 409, kind
    assert contents(page.project.path) == before
    page.project.edit_codebook(coder="Jonas").delete("wait", with_codings=True)
    assert act(page, "code-archive", "wait", base=base).status_code == 409


CHANGES = {
    "code-edit": {
        "name": "Limbo", "definition": "", "inclusion": "x", "exclusion": "", "examples": [],
        "colour": "#123456", "memo": "m", "new_meaning": True,
    },
    "code-move": {"parent": "shame"},
    "code-merge": {"into": "shame"},
    "code-split": {
        "parts": [{"to": "By Jonas", "coder": "Jonas"}, {"to": "Shame", "coder": "Amina"}]
    },
    "code-archive": {},
    "code-delete": {"with_codings": True},
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("kind", CHANGES)
def test_every_change_can_be_tried_first_and_is_undone_as_one_act(page, kind):
    before = contents(page.project.path)
    digest = page.project.content_digest()
    tried = act(page, kind, "wait", path="/codes/preview", **CHANGES[kind]).json()
    assert contents(page.project.path) == before
    done = act(page, kind, "wait", **CHANGES[kind]).json()
    assert done["number"] == page.project.history()[-1].number
    for name in ("action", "codings", "names", "n_doubled", "n_children"):
        assert tried["changed"][name] == done["changed"][name]
    assert sum(one["n_codings"] for one in done["changed"]["codings"]) in (0, 3)
    assert page.project.content_digest() != digest
    again = act(page, kind, "wait", base="x" * 16, **CHANGES[kind])
    assert again.status_code in (200, 409)
    assert page.act("undo").status_code == 200
    assert page.project.content_digest() == digest


def test_only_acts_on_the_codebook_can_be_tried(page):
    place = page.place("t2_bob", "There was one bus")
    body = {"key": "k" * 16, "kind": "code", "code": "wait", **place}
    before = contents(page.project.path)
    assert page.write("POST", "/codes/preview", body).status_code == 422
    assert contents(page.project.path) == before


def test_chosen_excerpts_go_to_a_new_code(page):
    bob = [row for row in detail(page, "wait")["excerpts"] if row["name"] == "t2_bob"]
    places = [{name: row[name] for name in ("transcript", "start", "end", "coder")} for row in bob]
    answer = act(page, "code-split", "wait", parts=[{"to": "Long wait", "places": places}])
    made = answer.json()["changed"]
    assert made["made"] == ["long-wait"]
    assert made["number"] == page.project.code_numbers()["long-wait"]
    assert {c.transcript for c in page.project.codings(code="long-wait")} == {"t2_bob"}
    places[0]["start"] += 1
    assert act(page, "code-split", "wait", parts=[{"to": "x", "places": places}],
               key="m" * 16).status_code in (409, 422)  # fmt: skip


def test_a_code_changes_places_with_the_one_beside_it(page):
    def order():
        return [row["id"] for row in page.get("/codes/state").json()["codes"]["codes"]]

    assert order() == ["access", "wait", "family", "shame"]
    assert act(page, "code-shift", "shame", by=-1).status_code == 200
    assert order() == ["access", "wait", "shame", "family"]
    assert act(page, "code-shift", "wait", by=1, key="m" * 16).status_code == 422
    page.act("undo")
    assert order() == ["access", "wait", "family", "shame"]


def test_codes_of_one_place_change_places_too(page):
    editor = page.project.edit_codebook(coder="Jonas")
    editor.delete("family", with_codings=True)
    editor.add("Late")  # takes the place of the last code, which is one more than there are codes
    assert act(page, "code-shift", "late", by=-1).status_code == 200
    assert [row.id for row in page.project.codebook()][-2:] == ["late", "shame"]


def test_a_new_name_that_is_nearly_a_known_one_is_pointed_out(page):
    body = {"key": "k" * 16, "kind": "code-add", "name": "waiting "}
    refused = page.write("POST", "/codes/preview", body)
    assert (refused.status_code, "'Waiting' already" in refused.json()["error"]) == (422, True)
    notes = page.write("POST", "/codes/preview", body | {"name": "Waitings"}).json()["changed"]
    assert "'Waiting' is nearly the same name" in notes["notes"][0]
    made = page.act("code-add", name="Hope", parent="shame", definition="looks ahead")
    assert made.status_code == 200
    assert detail(page, "hope")["number"] == made.json()["changed"]["number"]


@pytest.mark.parametrize(
    ("words", "fault"),
    [({"name": " "}, "needs a name"), ({"name": "Shame"}, "already"), ({"colour": "red"}, "colour"),
     ({"examples": "x"}, "list"), ({}, "says so already")],
)  # fmt: skip
def test_what_cannot_be_said_of_a_code_is_refused(page, words, fault):
    refused = edit(page, "wait", **words)
    assert (refused.status_code, fault in refused.json()["error"]) == (422, True)


def test_parts_that_are_no_objects_are_refused(page):
    for parts in (["x"], [{"to": "x", "places": [1]}], [{"to": "x", "other": 1}], [{"to": 1}]):
        assert act(page, "code-split", "wait", parts=parts).status_code == 422


def test_the_history_of_a_code_says_what_changed_and_what_it_was(page):
    edit(page, "wait", definition="Waiting for a letter", new_meaning=True)
    act(page, "code-move", "wait", parent=None)
    moved, edited, first = detail(page, "wait")["versions"]
    assert moved["changes"] == [{"part": "under", "before": "Access", "after": ""}]
    assert {
        "part": "definition",
        "before": "Waiting for an assessment or a letter",
        "after": "Waiting for a letter",
    } in edited["changes"]
    assert (edited["coder"], edited["is_undone"]) == ("Amina", False)
    assert edit(page, "wait", key="m" * 16, **first["says"]).status_code == 200
    assert detail(page, "wait")["says"] == first["says"]


@pytest.fixture
def blind(study):
    """Amina is to code blind."""
    with Project.open(study) as project:
        project.assign_passes(["Amina", "Ben"], coder="Lead", options=AssignOptions(blind=True))
        project.edit_codebook(coder="Jonas").define("wait", {"definition": "secretive"})
        project.code(Place(transcript="t4_dev", turn=2), "wait", coder="Jonas")


def test_a_blind_coder_sees_the_frozen_codebook_and_own_counts(blind, page):
    row, code = codes(page)["wait"], detail(page, "wait")
    assert (row["by_coder"], row["n_outdated"]) == ({"Amina": 2}, 0)
    assert (code["revision"], code["versions"], code["outdated"]) == (1, [], [])
    assert "secretive" not in page.get("/codes/2").text
    assert "Jonas" not in page.get("/codes/2").text


def test_a_blind_coder_changes_no_codes(blind, page):
    for kind, fields in CHANGES.items():
        for path in ("/acts", "/codes/preview"):
            refused = act(page, kind, "wait", path=path, **fields)
            assert (refused.status_code, "Blind" in refused.json()["error"]) == (422, True), kind
