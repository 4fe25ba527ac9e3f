"""A blind coder sees nothing of others: the same answers, byte for byte, whatever others do.

What cannot be equal: the time of the coder's own acts, and, once a coder has finished, whether the
others have, if they ask to reveal the passes.
"""

from __future__ import annotations

import re
import shutil
import uuid
from contextlib import contextmanager
from urllib.parse import quote

import pytest

from autocode.core import map_edits as edits
from autocode.core.coding import Memo
from autocode.core.suggestion_scope import SuggestionScope
from autocode.encode.hashing import HashEncoder
from autocode.page.app import build_app
from autocode.page.connection import open_served
from autocode.page.search_view import digest_words
from autocode.page.session import Sessions
from autocode.project import Project
from autocode.project.assigning import AssignOptions
from autocode.project.code_editing import CodeWords
from autocode.project.hand_coding import HandOptions, Place

from .support import PORT, Page

SECRETS = ("Zelda", "zelda", "Jonas", "Amina", "Dread", "dread", "secretive")
TIME = re.compile(rb"\d{4}-\d\d-\d\d[T ][0-9:.+Z]+")
"""When the coder did something is their own doing, and differs from one replay to the next."""
SCREENS = [
    *("/", "/progress", "/acts/last", "/queue", "/codes", "/codes/state", "/history", "/agreement"),
    *(f"/codes/{n}{path}" for n in range(1, 8)
      for path in ("", "/state", "/more", "?example=2:1-9")),
    *(f"/t/{n}{path}" for n in range(1, 6) for path in ("", "/state", "/unread", "/following")),
    *(f"/compare/{n}" for n in range(1, 6)),
    *("/map", "/map/picture", "/map/picture?save", "/themes", "/themes/state", "/themes/draft",
      "/themes/excerpts?code=wait", "/themes/excerpts?theme=M1", "/themes/excerpts?draft=T01",
      "/themes/preview?action=drop&drafts=T01"),
    "/settled",
    *("/agreement?coder=1&coder=2&coder=3&coder=4", "/agreement/excerpts",
      "/news", "/news?since=1-1", "/agreement/excerpts?code=wait",
      "/agreement/excerpts?code=dread&met=-"),
    *(f"/compare/{n}/{path}" for n in range(1, 6) for path in ("state", "agreement")),
    *(f"/search/hits?{query}" for query in (
        "q=bus", "q=code:wait", "q=the+-code:wait", "q=coder:Ben", "q=coder:*", "q=memo:secreti*",
        "q=memo:thought", "q=code:hope", "q=shame+OR+bus&from=1", "like=2:45-60")),
    *("/search", "/search?q=shame", "/history?kind=code", "/history?coder=Ben", "/history?from=2",
      "/history/check", "/history.csv", "/history.json", "/history.json?kind=code"),
]  # fmt: skip
BUS = "There was one bus"
SHAME = "It was shame that kept me quiet"


@pytest.fixture(scope="module")
def assigned(built, tmp_path_factory):
    """A study in which Zelda and Ben are to code all transcripts blind."""
    study = shutil.copy(built, tmp_path_factory.mktemp("blind") / "small.autocode")
    with Project.open(study) as project:
        options = AssignOptions(blind=True, double=1.0, assistance="none")
        project.assign_passes(["Ben", "Zelda"], coder="Lead", options=options)
    return study


@contextmanager
def opened(study, coder):
    sessions = Sessions()
    with open_served(study) as project:
        page = Page(build_app(project, sessions, port=PORT), project, sessions)
        page.sign_in(coder)
        yield page


def work_of_zelda(study):
    """Everything that can be done beside Ben: codings, codes, renaming, memos, readings, undo."""
    with Project.open(study) as project:
        note = HandOptions(memo="secretive")
        place = Place(transcript="t2_bob", words=SHAME)
        project.code_anew(place, "Dread", coder="Zelda")
        project.code(Place(transcript="t2_bob", words=BUS), "wait", coder="Zelda", options=note)
        project.code(Place(transcript="t1_ann", turn=2), "family", coder="Jonas")
        project.mark_read(Place(transcript="t2_bob", turn=4), coder="Zelda")
        project.note_span(place, coder="Zelda", options=note)
        project.add_memo(Memo(about="code", subject="wait", text="secretive", coder="Zelda"))
        codes = project.edit_codebook(coder="Zelda")
        codes.add("Zelda's")
        codes.rename("shame", "Dreadful")
        codes.define("shame", {"definition": "secretive"})
        codes.edit("wait", CodeWords(memo="secretive", colour="#123456"), new_meaning=True)
        codes.shift("shame", -1)
        project.undo(coder="Jonas")
        project.edit_map(edit_map, coder="Zelda")
        project.note_theme("M1", "secretive", coder="Zelda")


def edit_map(known):
    made = edits.add_theme(known, "Dread of all", definition="secretive")
    return edits.place_codes(made, "Dread of all", ["shame"])


def suggest_for_ben(study):
    with Project.open(study) as project:
        project.suggest(HashEncoder(), scope=SuggestionScope(coder="Ben"))


def suggest_beside(study):
    """Runs for others: their rows come between those of Ben's, and they use another encoder."""
    with Project.open(study) as project:
        project.suggest(HashEncoder(), scope=SuggestionScope(coder="Zelda"))
        project.suggest(HashEncoder())


def decide_as_ben(page, between=lambda: None):
    """What Ben asks for and does where codes are suggested for him, with every answer."""
    keys = (str(uuid.UUID(int=n)) for n in range(1, 100))
    answers = []

    def note(answer):
        answers.append((answer.request.url.path, answer.status_code, TIME.sub(b"", answer.content)))
        return answer

    def look():
        state = note(page.get("/queue/state")).json()
        note(page.get("/queue", Accept="text/html"))
        note(page.get("/queue/list"))
        for item in state["items"]:
            path = f"/t/{item['transcript']}/around?start={item['start']}&end={item['end']}"
            note(page.get(path))
            for one in item["suggestions"]:
                note(page.get(f"/s/{one['number']}/evidence?by={quote(state['suggested_by'])}"))
        for number in range(1, 5):
            note(page.get(f"/t/{number}/state"))
            note(page.get(f"/t/{number}", Accept="text/html"))
        return state

    def act(kind, **fields):
        return note(page.act(kind, key=next(keys), **fields))

    state = look()
    items = state["items"]
    spots = []
    for item in items[:4]:
        path = f"/t/{item['transcript']}/around?start={item['start']}&end={item['end']}"
        words = {"quote": page.get(path).json()["quote"]}
        spots.append({key: item[key] for key in ("transcript", "start", "end")} | words)
    codes = [[one["code"] for one in item["suggestions"]] for item in items[:4]]
    act("accept", suggested=codes[0][0], **spots[0])
    act("reject", suggested=codes[1][0], **spots[1])
    act("change", suggested=codes[2][0], to="wait", **spots[2])
    act("reject-all", suggested=codes[3], **spots[3])
    between()
    numbers = [items[i]["suggestions"][0]["number"] for i in (4, 5)]
    act("accept-many", numbers=numbers, by=state["suggested_by"])
    act("accept-many", numbers=[1], by="2020-01-01T00:00:00+00:00")
    act("undo")
    act("undo", redo=True)
    note(page.write("POST", "/queue/showing", {"own_code_first": True, "unassisted": True}))
    look()
    return answers


def session_of_ben(page):
    """What Ben asks for and does, with every answer: status and body."""
    keys = (str(uuid.UUID(int=n)) for n in range(1, 100))
    answers = []

    def note(answer):
        answers.append((answer.request.url.path, answer.status_code, TIME.sub(b"", answer.content)))

    def look():
        for path in SCREENS:
            note(page.get(path, Accept="text/html"))

    def act(kind, **fields):
        note(page.act(kind, key=next(keys), **fields))

    look()
    bus, shame = page.place("t2_bob", BUS), page.place("t2_bob", SHAME)
    act("code", code="wait", **bus)
    act("code", code="dread", **bus)  # a code that others made is as one that is not there
    act("code", code="Dread", **bus)
    act("recode", code="wait", to="Dreadful", **bus)
    act("code-anew", name="Hope", **shame)
    act("note-coding", code="wait", memo="mine", base="", **bus)
    act("note-words", memo="a thought", **shame)
    for code in ("wait", "dread"):  # the codebook is as it was, and stays so
        act("code-archive", code=code, base="0" * 16)
        body = {"key": next(keys), "kind": "code-delete", "code": code, "base": "0" * 16}
        note(page.write("POST", "/codes/preview", body))
    act("code-add", name="Dread")
    act("code-confirm", code="wait", base="0" * 16, places=[])
    act("read", **page.place("t2_bob", "Nobody rang while I sat waiting"))
    act("undo")
    act("undo", redo=True)
    act("theme-add", name="Dread")
    act("map-move", theme="M1", position=[300, 300], base=[])
    act("theme-move", codes=["shame"], into="M1")
    act("draft-decide", action="drop", drafts=["T01"], base=["Dread"])
    act("reveal", transcript=page.number("t2_bob"))
    look()
    act("finish", transcript=page.number("t2_bob"))
    act("finish", transcript=page.number("t2_bob"), unread="read")
    act("code", code="wait", **shame)
    act("undo")
    act("reveal", transcript=page.number("t2_bob"))
    look()
    return answers


@pytest.mark.slow
def test_answers_to_a_blind_coder_are_equal_whatever_others_do(assigned, tmp_path):
    (tmp_path / "beside").mkdir()
    alone = shutil.copy(assigned, tmp_path / "small.autocode")
    beside = shutil.copy(assigned, tmp_path / "beside" / "small.autocode")
    work_of_zelda(beside)
    with opened(alone, "Ben") as page:
        expected = session_of_ben(page)
    with opened(beside, "Ben") as page:
        answers = session_of_ben(page)
    for one, other in zip(expected, answers, strict=True):
        assert one == other
    statuses = [status for path, status, _ in answers if path == "/acts"]
    assert statuses == [200, 422, 422, 422, 200, 200, 200, *4 * [422], 200, 200, 200, 422,
                        422, 422, 422, 422, 422, 200, 423, 423, 409]  # fmt: skip
    for path, _, body in answers:
        if path not in ("/acts", "/codes/preview"):  # those answer with what was asked for
            assert not [word for word in SECRETS if word.encode() in body], path


@pytest.mark.slow
def test_what_is_suggested_to_a_blind_coder_is_equal_whatever_others_do(built, tmp_path):
    (tmp_path / "beside").mkdir()
    alone = shutil.copy(built, tmp_path / "small.autocode")
    with Project.open(alone) as project:
        options = AssignOptions(blind=True, double=1.0, assistance="own")
        project.assign_passes(["Ben", "Zelda"], coder="Lead", options=options)
    beside = shutil.copy(alone, tmp_path / "beside" / "small.autocode")
    work_of_zelda(beside)
    suggest_beside(beside)
    suggest_for_ben(alone)
    suggest_for_ben(beside)
    with opened(alone, "Ben") as page:
        expected = decide_as_ben(page)
    with opened(beside, "Ben") as page:
        answers = decide_as_ben(page, between=lambda: suggest_beside(beside))
    for one, other in zip(expected, answers, strict=True):
        assert one == other
    statuses = [status for path, status, _ in answers if path == "/acts"]
    assert statuses == [200, 200, 200, 200, 200, 409, 200, 200]
    evidence = [status for path, status, _ in answers if path.startswith("/s/")]
    assert len(evidence) > 20
    assert set(evidence) == {200}
    for path, _, body in answers:
        assert not [word for word in SECRETS if word.encode() in body], path


@pytest.mark.slow
def test_others_who_are_not_blind_see_that_work(assigned, tmp_path):
    study = shutil.copy(assigned, tmp_path / "small.autocode")
    work_of_zelda(study)
    with opened(study, "Lead") as page:
        bodies = [page.get("/").text, page.get(f"/t/{page.number('t2_bob')}/state").text]
        assert page.get("/acts/last").json()["acts"][0]["number"]
    assert all("Zelda" in body for body in bodies)
    assert "secretive" in bodies[1]
    assert "Dread" in bodies[1]


def finish(page, transcript="t2_bob"):
    number = page.number(transcript)
    return page.act("finish", transcript=number, unread="read")


def test_a_finished_pass_is_fixed_and_says_what_can_be_done(assigned, tmp_path):
    with opened(shutil.copy(assigned, tmp_path / "small.autocode"), "Ben") as page:
        number = page.number("t2_bob")
        left = page.get(f"/t/{number}/unread").json()
        assert left["state"] == "open"
        assert len(left["unread"]) == left["n_segments"] == 6
        assert BUS in left["unread"][3]["excerpt"]
        refused = page.act("finish", transcript=number)
        assert (refused.status_code, "6 of 6" in refused.json()["error"]) == (422, True)
        assert finish(page).status_code == 200
        assert page.state("t2_bob")["pass"] == {"state": "finished", "is_blind": True}
        answer = page.act("code", code="wait", **page.place("t2_bob", BUS))
        assert answer.status_code == 423
        assert "autocode passes reopen" in answer.json()["error"]
        assert finish(page).status_code == 409


def test_finishing_is_not_undone_on_the_page(assigned, tmp_path):
    with opened(shutil.copy(assigned, tmp_path / "small.autocode"), "Ben") as page:
        page.act("code", code="wait", **page.place("t1_ann", "The bus fare went up"))
        finish(page)
        assert page.state("t1_ann")["undo"].startswith("coded Waiting")
        assert page.act("undo").status_code == 200
        assert page.get(f"/t/{page.number('t2_bob')}/unread").json()["state"] == "finished"


@pytest.mark.slow
def test_what_is_revealed_is_seen_there_and_nowhere_else(assigned, tmp_path):
    study = shutil.copy(assigned, tmp_path / "small.autocode")
    work_of_zelda(study)
    with opened(study, "Zelda") as page:
        assert finish(page).status_code == 200
    with opened(study, "Ben") as page:
        number = page.number("t2_bob")
        early = page.act("reveal", transcript=number)
        assert (early.status_code, "Finish your pass" in early.json()["error"]) == (422, True)
        finish(page)
        assert page.act("reveal", transcript=number).status_code == 200
        state = page.state("t2_bob")
        assert state["pass"] == {"state": "revealed", "is_blind": False}
        assert {c["coder"] for c in state["codings"]} >= {"Zelda", "Amina"}
        assert "Dread" in {code["name"] for code in state["codes"]}
        other = page.state("t1_ann")
        assert other["pass"] == {"state": "open", "is_blind": True}
        assert {c["coder"] for c in other["codings"]} == set()
        assert [coder["name"] for coder in other["coders"]] == ["Ben"]
        figures = page.get(f"/compare/{number}/agreement").json()
        assert figures["reason"].startswith("Blind: you do not see other coders, so there are no")


def make_codes_as_ben(study):
    """Codes that Ben makes, taken back and made again, with every answer."""
    with opened(study, "Ben") as page:
        bus, shame = page.place("t2_bob", BUS), page.place("t2_bob", SHAME)
        answers = [
            page.act("code-anew", name="dread", **bus),
            page.act("code-anew", name="Hope", parent="wait", **shame),
            page.act("undo"),
            page.act("code-anew", name="Hope", **bus),
            page.act("code-anew", name="Dread!", **shame),
            page.act("code-anew", name="DREAD", **shame),
            page.act("code", code="dread", **shame),
            *(page.get(path) for path in SCREENS),
        ]
        return [(answer.status_code, TIME.sub(b"", answer.content)) for answer in answers]


def rename_into(codes):
    codes.add("Fear")
    codes.rename("fear", "Dread")


CODES_OF_OTHERS = {
    "the name": lambda codes: codes.add("Dread", definition="secretive"),
    "the key of the name": lambda codes: codes.add("Zelda's", key="dread"),
    "the name under another key": lambda codes: codes.add("Hope", key="zelda"),
    "a name that has the same key": lambda codes: codes.add("Dread?"),
    "a name given later": rename_into,
    "the name, archived": lambda codes: (codes.add("Hope"), codes.archive("hope")),
}


@pytest.fixture(scope="module")
def made_alone(assigned, tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone")
    return make_codes_as_ben(shutil.copy(assigned, folder / "small.autocode"))


@pytest.mark.slow
@pytest.mark.parametrize("others", CODES_OF_OTHERS)
def test_the_key_of_a_new_code_tells_nothing_of_codes_that_others_have(
    others, assigned, made_alone, tmp_path
):
    study = shutil.copy(assigned, tmp_path / "small.autocode")
    with Project.open(study) as project:
        CODES_OF_OTHERS[others](project.edit_codebook(coder="Zelda"))
    answers = make_codes_as_ben(study)
    for one, other in zip(made_alone, answers, strict=True):
        assert one == other
    assert [status for status, _ in answers[:7]] == [200, 200, 200, 200, 200, 422, 200]


def test_an_act_that_later_work_rests_on_is_changed_by_hand(assigned, tmp_path):
    study = shutil.copy(assigned, tmp_path / "small.autocode")
    with opened(study, "Ben") as page:
        place = page.place("t2_bob", SHAME)
        page.act("code-anew", name="Hope", **place)
        code = next(one["id"] for one in page.state("t2_bob")["codes"] if one["name"] == "Hope")
        page.project.code(Place(transcript="t2_bob", words=BUS), code, coder="Zelda")
        refused = page.act("undo")
        assert refused.status_code == 409
        words = refused.json()["error"]
        assert "Delete takes a coding of yours away" in words
        assert "A code that you made stays" in words
        assert not [one for one in (*SECRETS, "act ", "rests") if one in words]
        assert page.act("uncode", code=code, **place).status_code == 200
        state = page.state("t2_bob")
        assert (state["codings"], "Hope" in {one["name"] for one in state["codes"]}) == ([], True)
        assert page.act("undo").status_code == 200  # what was done by hand is undone as ever
        assert len(page.state("t2_bob")["codings"]) == 1


def test_two_blind_coders_who_make_a_code_of_one_name_have_two(assigned, tmp_path):
    study = shutil.copy(assigned, tmp_path / "small.autocode")
    with opened(study, "Ben") as page:
        for coder in ("Ben", "Zelda"):
            page.sign_in(coder)
            answer = page.act("code-anew", name="Dread", **page.place("t2_bob", BUS))
            assert answer.status_code == 200
        page.sign_in("Lead")
        made = [code for code in page.project.codebook() if code.name == "Dread"]
        assert len({code.id for code in made}) == 2
        alike = page.get("/codes/state").json()["codes"]["similar"]
        assert sorted(code.id for code in made) in [sorted(pair) for pair in alike]
        page.project.edit_codebook(coder="Lead").merge(made[1].id, made[0].id)
        coded = page.project.codings(transcript="t2_bob", code=made[0].id)
        assert {coding.coder for coding in coded} == {"Ben", "Zelda"}


def test_what_others_make_of_the_codebook_is_in_no_answer(assigned, tmp_path):
    def code_as_ben(study):
        with opened(study, "Ben") as page:
            bus, shame = page.place("t2_bob", BUS), page.place("t2_bob", SHAME)
            spot = page.place("t1_ann", "The bus fare went up")
            answers = [
                page.act("code", code="wait", **bus),
                page.act("recode", code="wait", to="shame", **bus),
                page.act(
                    "code-many",
                    code="wait",
                    transcripts=[spot["transcript"]],
                    starts=[spot["start"]],
                    ends=[spot["end"]],
                    digests=[digest_words(spot["quote"])],
                ),
                page.act("code-anew", name="Waiting", **shame),  # as it is called by Ben
                page.act("code-anew", name="Queueing", **shame),
                page.act("code-anew", name="Dread", **shame),
            ]
            return [(answer.status_code, TIME.sub(b"", answer.content)) for answer in answers]

    (tmp_path / "beside").mkdir()
    alone = shutil.copy(assigned, tmp_path / "small.autocode")
    beside = shutil.copy(assigned, tmp_path / "beside" / "small.autocode")
    with Project.open(beside) as project:
        codes = project.edit_codebook(coder="Lead")
        codes.rename("wait", "Queueing")
        codes.add("Dread")
        for code in ("wait", "shame", "dread"):
            codes.archive(code)
    expected, answers = code_as_ben(alone), code_as_ben(beside)
    assert answers == expected
    assert [status for status, _ in answers] == [200, 200, 200, 422, 200, 200]


@pytest.mark.slow
def test_what_the_server_keeps_for_others_is_not_shown_to_ben(assigned, tmp_path):
    """Whoever asks first: what is kept of a state of the study is not what somebody else sees."""
    study = shutil.copy(assigned, tmp_path / "s.autocode")
    work_of_zelda(study)
    screens = [
        *("/", "/codes/state", "/codes/1/state", "/codes/2/state", "/t/2/state", "/themes/state"),
        *("/compare/2/state", "/agreement", "/settled", "/map/picture", "/queue/state"),
    ]

    def look(coder, *, after=()):
        with opened(study, coder) as page:
            for other in after:
                page.sign_in(other)
                for path in screens:
                    page.get(path, Accept="text/html")
            page.sign_in(coder)
            return [TIME.sub(b"", page.get(path).content) for path in screens]

    ben = look("Ben")
    assert look("Ben", after=["Lead", "Zelda"]) == ben
    lead = look("Lead")
    assert look("Lead", after=["Ben", "Zelda"]) == lead
    assert sum(one != other for one, other in zip(ben, lead, strict=True)) > 5
