"""The themes board: what it shows, every act once and taken back, nothing over newer work."""

from __future__ import annotations

import shutil

import pytest

from autocode.core import map_edits as edits
from autocode.encode.hashing import HashEncoder
from autocode.page.app import build_app
from autocode.page.connection import open_served
from autocode.page.session import Sessions
from autocode.pipeline import PartitionOptions, ThemeOptions
from autocode.project import Project
from autocode.project.assigning import AssignOptions

from .support import PORT, Page

HOW = ThemeOptions(partition=PartitionOptions(n_groups=4), n_draws=0)


@pytest.fixture(scope="module")
def drafted(built, tmp_path_factory):
    """The small study with four draft themes and two themes on the map."""
    study = shutil.copy(built, tmp_path_factory.mktemp("drafted") / "small.autocode")

    def edit(known):
        made = edits.add_theme(known, "Care", definition="Who helps", is_central=True)
        made = edits.place_codes(made, "Care", ["family"])
        return edits.add_theme(made, "Doors")

    with Project.open(study) as project:
        project.draft_themes(HashEncoder(n_dimensions=2048), options=HOW)
        project.edit_map(edit, coder="Jonas")
    return study


@pytest.fixture
def board(drafted, tmp_path):
    sessions = Sessions()
    with open_served(shutil.copy(drafted, tmp_path / "small.autocode")) as project:
        page = Page(build_app(project, sessions, port=PORT), project, sessions)
        page.sign_in("Amina")
        yield page


def state(page):
    return page.get("/themes/state").json()


def theme(page, name):
    return next(one for one in state(page)["themes"] if one["name"] == name)


def test_the_board_counts_as_the_study_does(board):
    shown = state(board)
    rows = {row["theme"]: row for row in board.project.thematic_map().to_rows()}
    for one in shown["themes"]:
        row = rows[one["key"]]
        assert (one["n_segments"], one["n_participants"]) == (
            row["n_segments"], row["n_participants"],
        )  # fmt: skip
    counts = {row["code"]: row for row in board.project.list_codes().to_rows()}
    family = next(code for code in shown["codes"] if code["id"] == "family")
    assert family["n_segments"] == counts["family"]["n_segments"] == 2
    draft = board.project.themes()
    assert [(d["key"], d["n_segments"]) for d in shown["drafts"]] == [
        (one.key, one.n_segments) for one in draft.themes
    ]
    assert shown["n_unassigned"] == len(draft.unassigned)
    assert '"is_drafted": true' in board.get("/themes").text


def test_excerpts_have_the_address_of_their_words(board):
    draft = board.project.themes().themes[0]
    for query, n in ((f"draft={draft.key}", draft.n_segments), ("code=wait", 2), ("theme=M1", 2)):
        answer = board.get(f"/themes/excerpts?{query}").json()
        assert answer["n"] == len(answer["excerpts"]) == n
        for row in answer["excerpts"]:
            number, span = row["address"].removeprefix("/t/").split("#")
            start, end = map(int, span.split("-"))
            assert board.number(row["transcript"]) == int(number)
            text = board.project.transcript(row["transcript"]).text
            assert text[start:end].strip() == row["words"].strip()
    assert board.get("/themes/excerpts?code=nothing").status_code == 404
    assert board.get("/themes/excerpts?draft=T99").status_code == 404


ACTS = (
    ("theme-add", {"name": "Silence", "codes": ["shame"], "above": "M1"}),
    ("theme-add", {"name": "Kin", "codes": ["family"], "origin": "M1"}),
    ("theme-move", {"codes": ["family"], "origin": "M1", "into": "M2"}),
    ("theme-move", {"codes": ["family"], "origin": "M1", "into": ""}),
    ("theme-move", {"codes": ["family"], "into": "M2"}),
    ("theme-move", {"drafts": ["T01"], "into": "M2"}),
    (
        "theme-edit",
        {"theme": "M1", "name": "Caring", "definition": "", "base_name": "Care",
         "base_definition": "Who helps"},
    ),
    ("theme-note", {"theme": "M1", "memo": "why?"}),
    ("theme-under", {"theme": "M2", "above": "M1", "base": ""}),
    ("theme-central", {"theme": "M2", "is_central": True}),
    ("theme-remove", {"theme": "M1", "base": "Care"}),
    ("theme-relate", {"one": "M2", "other": "M1", "name": "undermines", "base": None}),
)  # fmt: skip


@pytest.mark.slow
def test_every_act_is_done_once_and_taken_back(board):
    before, shown = board.project.content_digest(), state(board)
    for number, (kind, fields) in enumerate(ACTS):
        key = f"0123456789abcdef{number}"
        answer = board.act(kind, key=key, **fields)
        assert answer.status_code == 200, (kind, answer.text)
        after = board.project.content_digest()
        assert after != before, kind
        assert board.act(kind, key=key, **fields).json()["repeated"]
        assert board.project.content_digest() == after
        assert board.act("undo").status_code == 200
        assert board.project.content_digest() == before, kind
        assert state(board) | {"redo": None} == shown
    assert board.act("undo", redo=True).status_code == 200
    assert board.project.content_digest() == after


def test_a_moved_card_stands_where_it_was_moved(board):
    board.act("theme-move", drafts=["T01"], into="M2")
    n = board.project.themes().themes[0].n_segments
    assert theme(board, "Doors")["drafts"] == [{"key": "T01", "n_segments": n}]
    board.act("theme-move", drafts=["T01"], origin="M2", into="M1")
    assert theme(board, "Doors")["drafts"] == []
    assert theme(board, "Care")["drafts"] == [{"key": "T01", "n_segments": n}]
    board.act("theme-move", codes=["family"], origin="", into="M2")
    assert theme(board, "Doors")["codes"] == theme(board, "Care")["codes"] == ["family"]


STALE = (
    ("theme-move", {"codes": ["shame"], "origin": "M1", "into": "M2"}),
    ("theme-move", {"drafts": ["T01"], "origin": "M2", "into": "M1"}),
    ("theme-move", {"codes": ["shame"], "into": "M9"}),
    (
        "theme-edit",
        {"theme": "M1", "name": "X", "definition": "", "base_name": "Care", "base_definition": ""},
    ),
    ("theme-under", {"theme": "M2", "above": "M1", "base": "M1"}),
    ("theme-remove", {"theme": "M1", "base": "Caring"}),
    ("theme-relate", {"one": "M1", "other": "M2", "name": "x", "base": "feeds"}),
    ("theme-unrelate", {"one": "M1", "other": "M2", "base": "feeds"}),
    ("theme-note", {"theme": "M9", "memo": "why?"}),
    ("draft-decide", {"action": "drop", "drafts": ["T01"], "base": ["Otherwise"]}),
    ("draft-decide", {"action": "drop", "drafts": ["T77"], "base": ["Gone"]}),
)
IMPOSSIBLE = (
    ("theme-add", {"name": " "}),
    ("theme-add", {"name": "care"}),
    ("theme-move", {"into": "M1"}),
    ("theme-move", {"codes": ["nothing"], "into": "M1"}),
    ("theme-under", {"theme": "M1", "above": "M1", "base": ""}),
    ("theme-relate", {"one": "M1", "other": "M1", "name": "", "base": None}),
    ("theme-note", {"theme": "M1", "memo": " "}),
    ("draft-decide", {"action": "marry", "drafts": ["T01"], "base": ["NAME"]}),
    ("draft-decide", {"action": "merge", "drafts": ["T01"], "base": ["NAME"]}),
    ("draft-decide", {"action": "drop", "drafts": ["T01"], "base": []}),
    ("draft-decide", {"action": "code", "drafts": ["T01"], "base": ["NAME"], "name": "Waiting"}),
)


def test_nothing_is_done_over_newer_work_or_that_is_impossible(board):
    before, name = board.project.content_digest(), state(board)["drafts"][0]["name"]
    for status, acts in ((409, STALE), (422, IMPOSSIBLE)):
        for kind, fields in acts:
            if fields.get("base") == ["NAME"]:
                fields = fields | {"base": [name]}
            answer = board.act(kind, **fields)
            assert answer.status_code == status, (kind, fields, answer.text)
            assert "\n" not in answer.json()["error"]
    assert board.project.content_digest() == before


def decide(page, action, *keys, **more):
    names = {draft["key"]: draft["name"] for draft in state(page)["drafts"]}
    base = [names[key] for key in keys]
    return page.act("draft-decide", action=action, drafts=list(keys), base=base, **more)


def test_what_was_done_is_not_refused_when_it_is_sent_again(board):
    sent = {"codes": ["family"], "origin": "M1", "into": "M2"}
    first = board.act("theme-move", key="d" * 20, **sent).json()
    board.project.edit_codebook(coder="Jonas").delete("family", with_codings=True)
    before = board.project.content_digest()
    again = board.act("theme-move", key="d" * 20, **sent)
    assert again.status_code == 200, again.text
    assert (again.json()["repeated"], again.json()["number"]) == (True, first["number"])
    assert board.act("theme-move", key="e" * 20, **sent).status_code == 422
    assert board.project.content_digest() == before


def test_a_draft_theme_becomes_a_code_with_the_segments_that_were_ticked(board):
    draft = board.project.themes().themes[0]
    rows = board.get(f"/themes/excerpts?draft={draft.key}").json()["excerpts"]
    ticked = [row["address"].removeprefix("/t/") for row in rows[:2]]
    before = board.project.content_digest()
    answer = decide(board, "code", draft.key, name="Buses", coded=ticked)
    assert answer.status_code == 200, answer.text
    made = [c for c in board.project.codings(coder="Amina") if c.code == "buses"]
    texts = [c.span.of(board.project.transcript(c.transcript).text).strip() for c in made]
    assert sorted(texts) == sorted(row["words"].strip() for row in rows[:2])
    assert board.act("undo").status_code == 200
    assert board.project.content_digest() == before
    other = board.project.themes().themes[1].members[0].segment
    wrong = f"{board.number(other.transcript)}#{other.span.start}-{other.span.end}"
    assert decide(board, "code", draft.key, name="Buses", coded=[wrong]).status_code == 409
    assert decide(board, "drop", draft.key, coded=ticked).status_code == 422
    assert board.project.content_digest() == before


@pytest.mark.parametrize(("action", "n"), [("merge", 2), ("drop", 1)])
def test_what_a_preview_says_is_what_comes_of_it(board, action, n):
    keys = [draft["key"] for draft in state(board)["drafts"]][:n]
    before = board.project.content_digest()
    path = f"/themes/preview?action={action}&drafts={','.join(keys)}"
    said = board.get(path).json()
    assert board.project.content_digest() == before
    n_before = state(board)["n_unassigned"]
    assert decide(board, action, *keys, name="Both").status_code == 200
    shown = state(board)
    assert shown["n_unassigned"] - n_before == said["n_left"]
    after = {draft["key"]: draft["n_segments"] for draft in shown["drafts"]}
    assert {row["key"]: row["n_segments"] for row in said["themes"]} == {
        key: after[key] for key in keys if key in after
    }
    assert board.act("undo").status_code == 200
    assert state(board)["n_unassigned"] == n_before
    assert [draft["key"] for draft in state(board)["drafts"]][:n] == keys


def test_a_preview_of_what_is_impossible_says_why(board):
    answer = board.get("/themes/preview?action=split&drafts=T99")
    assert (answer.status_code, "T99" in answer.json()["error"]) == (422, True)


def test_a_memo_on_a_theme_is_changed_and_deleted_by_who_wrote_it(board):
    board.act("theme-note", theme="M2", memo="about doors")
    stale = board.act("theme-memo", theme="M2", memo="other", base="about dors")
    assert (stale.status_code, "about doors" in stale.json()["error"]) == (409, True)
    board.sign_in("Jonas")
    assert board.act("theme-memo", theme="M2", memo="", base="about doors").status_code == 409
    board.sign_in("Amina")
    assert (
        board.act("theme-memo", theme="M2", memo="on doors", base="about doors").status_code == 200
    )
    assert theme(board, "Doors")["memos"] == [{"text": "on doors", "coder": "Amina"}]
    assert board.act("theme-memo", theme="M2", memo=" ", base="on doors").status_code == 200
    assert theme(board, "Doors")["memos"] == []
    assert state(board)["undo"] == "memo on the theme 'Doors' deleted"
    board.act("undo")
    assert theme(board, "Doors")["memos"] == [{"text": "on doors", "coder": "Amina"}]


def test_the_history_names_codes_and_themes(board):
    draft = state(board)["drafts"][0]
    for kind, fields, words in (
        ("theme-move", {"codes": ["shame"], "into": "M1"}, "Shame moved to 'Care' on the map"),
        (
            "theme-move",
            {"drafts": [draft["key"]], "into": "M2"},
            f"draft theme '{draft['name']}' moved to 'Doors' on the map",
        ),
        (
            "theme-under",
            {"theme": "M2", "above": "M1", "base": ""},
            "theme 'Doors' put under 'Care'",
        ),
        (
            "theme-central",
            {"theme": "M2", "is_central": True},
            "theme 'Doors' made the central one",
        ),
        (
            "theme-relate",
            {"one": "M2", "other": "M1", "name": "feeds", "base": None},
            "relation of 'Doors' to 'Care' drawn",
        ),
        ("theme-note", {"theme": "M1", "memo": "why?"}, "memo on the theme 'Care'"),
    ):
        assert board.act(kind, **fields).status_code == 200, kind
        assert board.project.history()[-1].summary == words


def test_what_was_noted_on_a_removed_theme_is_not_on_the_next(board):
    board.act("theme-note", theme="M2", memo="about doors")
    assert theme(board, "Doors")["memos"] == [{"text": "about doors", "coder": "Amina"}]
    board.act("theme-remove", theme="M2", base="Doors")
    board.act("theme-add", name="Another")
    assert theme(board, "Another") | {"memos": []} == theme(board, "Another")
    board.act("undo")
    board.act("undo")
    assert theme(board, "Doors")["memos"] == [{"text": "about doors", "coder": "Amina"}]


def test_without_codes_and_drafts_the_board_is_empty(built, tmp_path):
    with Project.open(tmp_path / "none.autocode", create_new=True):
        pass
    sessions = Sessions()
    with open_served(tmp_path / "none.autocode") as project:
        page = Page(build_app(project, sessions, port=PORT), project, sessions)
        page.sign_in("Amina")
        assert page.get("/themes").status_code == 200
        shown = state(page)
    assert (shown["themes"], shown["codes"], shown["drafts"]) == ([], [], [])


def test_a_blind_coder_sees_no_themes_and_changes_none(drafted, tmp_path):
    study = shutil.copy(drafted, tmp_path / "small.autocode")
    with Project.open(study) as project:
        options = AssignOptions(blind=True, double=1.0, assistance="none")
        project.assign_passes(["Ben", "Zelda"], coder="Lead", options=options)
    sessions = Sessions()
    with open_served(study) as project:
        page = Page(build_app(project, sessions, port=PORT), project, sessions)
        page.sign_in("Ben")
        before = project.content_digest()
        shown = state(page)
        assert shown["is_blind"]
        assert [shown[name] for name in ("themes", "codes", "drafts", "relations")] == [[]] * 4
        assert "Care" not in page.get("/themes").text
        assert page.get("/themes/excerpts?draft=T01").json() == {"n": 0, "excerpts": []}
        assert page.get("/themes/preview?action=drop&drafts=T01").json()["themes"] == []
        answers = [page.act(kind, **fields) for kind, fields in ACTS]
        answers.append(page.act("draft-decide", action="drop", drafts=["T01"], base=["x"]))
        assert {answer.status_code for answer in answers} == {422}
        assert all("Blind" in answer.json()["error"] for answer in answers)
        assert project.content_digest() == before
