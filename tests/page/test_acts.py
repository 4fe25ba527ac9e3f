"""Acts that the page asks for: each done once, undone without limit, refused when out of date."""

from __future__ import annotations

import shutil

import pytest

from autocode.core.errors import StudyError
from autocode.page import act_requests
from autocode.project.hand_coding import HandOptions, Place
from autocode.project.pass_states import PassOptions
from autocode.store.file import ServedStudyFile
from autocode.store.sqlite_errors import CannotUse

WORDS = "The bus stopped running"


def codings(page, transcript="t1_ann", coder="Amina"):
    return {
        (c["start"], c["end"], c["code"], c["memo"])
        for c in page.state(transcript)["codings"]
        if c["coder"] == coder
    }


def test_a_coding_is_kept_where_the_words_are(page):
    place = page.place("t1_ann", WORDS)
    answer = page.act("code", code="shame", **place).json()
    (added,) = answer["changed"]["codings"]["added"]
    assert (added["start"], added["end"], added["coder"]) == (place["start"], place["end"], "Amina")
    kept = page.project.codings(transcript="t1_ann", code="shame", coder="Amina")
    text = page.project.transcript("t1_ann").text
    assert WORDS in [coding.span.of(text) for coding in kept]
    assert page.project.history()[-1].number == answer["number"]


def test_one_key_is_one_act_however_often_it_is_sent(page):
    place, before = page.place("t1_ann", WORDS), len(page.project.history())
    answers = [page.act("code", key="k" * 20, code="shame", **place).json() for _ in range(5)]
    assert {answer["number"] for answer in answers} == {answers[0]["number"]}
    assert [answer["repeated"] for answer in answers] == [False, True, True, True, True]
    assert len(page.project.history()) == before + 1


def test_an_undo_that_is_sent_twice_undoes_one_act(page):
    for words in (WORDS, "The bus fare"):
        page.act("code", code="shame", **page.place("t1_ann", words))
    first = page.act("undo", key="u" * 20).json()
    again = page.act("undo", key="u" * 20).json()
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert len([c for c in codings(page) if c[2] == "shame"]) == 2  # one of the sources, one kept


def test_words_that_differ_from_the_text_change_nothing(page):
    place, before = page.place("t1_ann", WORDS), page.project.content_digest()
    for wrong in ({"quote": "the bus stopped running"}, {"start": place["start"] + 1},
                  {"end": 10**9}, {"start": -1}, {"start": place["end"]}):  # fmt: skip
        answer = page.act("code", code="shame", **{**place, **wrong})
        assert answer.status_code == 422, wrong
    assert page.project.content_digest() == before


def test_a_code_that_does_not_exist_is_refused(page):
    assert page.act("code", code="nothing", **page.place("t1_ann", WORDS)).status_code == 422


@pytest.mark.slow
def test_twenty_acts_of_every_kind_are_undone_and_redone(page, monkeypatch):
    monkeypatch.setattr(act_requests, "_FIRST_LOOK", 2)  # a longer history is read in steps
    place, more = page.place("t1_ann", WORDS), page.place("t1_ann", "The bus fare")
    moved = {"to_start": more["start"], "to_end": more["end"], "to_quote": more["quote"]}
    steps = [
        ("code", {"code": "shame", **place}),
        ("note-coding", {"code": "shame", "memo": "why?", "base": "", **place}),
        ("recode", {"code": "shame", "to": "family", **place}),
        ("respan", {"code": "family", **moved, **place}),
        ("uncode", {"code": "family", **more}),
        ("code-anew", {"name": "Sundays", **place}),
        ("read", page.place("t1_ann", "Waiting and waiting")),
        ("unread", page.place("t1_ann", "Waiting and waiting")),
        ("note-words", {"memo": "a pattern", **more}),
        *(("code", {"code": "wait", **page.place("t2_bob", w)}) for w in
          ("They", "put", "me", "on", "a", "waiting", "list", "and", "the", "took", "year")),
    ]  # fmt: skip
    states = [page.project.content_digest()]
    for kind, fields in steps:
        answer = page.act(kind, **fields)
        assert answer.status_code == 200, (kind, answer.json())
        states.append(page.project.content_digest())
    assert len(steps) == 20
    for expected in reversed(states[:-1]):
        assert page.act("undo").status_code == 200
        assert page.project.content_digest() == expected
    assert page.act("undo").status_code == 409
    for expected in states[1:]:
        assert page.act("undo", redo=True).status_code == 200
        assert page.project.content_digest() == expected
    assert page.act("undo", redo=True).status_code == 409
    assert page.project.verify_history().is_sound


def test_nothing_is_redone_over_newer_work(page):
    page.act("code", code="shame", **page.place("t1_ann", WORDS))
    page.act("undo")
    page.act("code", code="wait", **page.place("t1_ann", WORDS))
    assert page.state("t1_ann")["redo"] is None
    assert page.act("undo", redo=True).status_code == 409


def test_only_the_coders_own_acts_on_the_page_are_undone(page):
    place = Place(transcript="t1_ann", turn=4)
    page.project.code(place, "shame", coder="Amina", options=HandOptions(new_coder=True))
    page.project.code(place, "wait", coder="Jonas")
    assert page.state("t1_ann")["undo"] is None
    assert page.act("undo").status_code == 409


def test_a_coding_that_was_moved_elsewhere_is_left_alone(page):
    place = page.place("t1_ann", WORDS)
    page.act("code", code="shame", **place)
    shorter = Place(transcript="t1_ann", start=place["start"], end=place["end"] - 8)
    page.project.respan(
        Place(transcript="t1_ann", start=place["start"], end=place["end"]),
        "shame", shorter, coder="Amina",
    )  # fmt: skip
    before = codings(page)
    other = page.place("t1_ann", "The bus fare")
    to = {"to_start": other["start"], "to_end": other["end"], "to_quote": other["quote"]}
    assert page.act("respan", code="shame", **to, **place).status_code == 409
    assert page.act("recode", code="shame", to="wait", **place).status_code == 409
    gone = page.act("uncode", code="shame", **place)
    assert (gone.status_code, gone.json()["number"]) == (200, None)
    assert codings(page) == before


def test_a_memo_that_was_changed_meanwhile_is_not_written_over(page):
    place = page.place("t1_ann", WORDS)
    page.act("code", code="shame", **place)
    page.act("note-coding", code="shame", memo="one", base="", **place)
    late = page.act("note-coding", code="shame", memo="two", base="", **place)
    assert late.status_code == 409
    assert {memo for _, _, code, memo in codings(page) if code == "shame"} == {"", "one"}


def test_a_code_made_in_coding_is_one_act(page):
    place, before = page.place("t1_ann", WORDS), page.project.content_digest()
    page.act("code-anew", name="  No  bus on Sundays ", **place)
    code = page.project.codebook().find("No bus on Sundays")
    assert (place["start"], place["end"], code.id, "") in codings(page)
    assert page.act("code-anew", name="no bus on sundays", **place).status_code == 422
    page.act("undo")
    assert page.project.content_digest() == before


def test_a_coder_touches_nobody_elses_work(page):
    place = page.place("t1_ann", "I felt ashamed to ask for help from anybody.")
    before = codings(page, coder="Jonas")
    assert page.act("uncode", code="shame", **place).status_code == 200
    assert codings(page, coder="Jonas") == before
    page.sign_in("Kim")
    assert page.act("recode", code="shame", to="wait", **place).status_code in (409, 422)
    assert codings(page, coder="Jonas") == before


@pytest.mark.parametrize(("fault", "status"), [(CannotUse, 503), (StudyError, 409)])
def test_only_what_may_pass_is_asked_for_again(page, monkeypatch, fault, status):
    def refuse(self, *use, **options):
        raise fault("small.autocode: cannot be written.")

    monkeypatch.setattr(ServedStudyFile, "_begun", refuse)
    answer = page.act("code", code="shame", **page.place("t1_ann", WORDS))
    assert answer.status_code == status


def test_an_acknowledged_act_is_on_the_disk(page):
    with page.project._study._begun() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2  # FULL


@pytest.mark.parametrize(
    ("steps", "undo", "redo"),
    [
        ("", None, None),
        ("c", 1, None),
        ("c c", 2, None),
        ("c c u2", 1, 3),
        ("c c u2 u1", None, 4),
        ("c c u2 u1 r4", 1, 3),
        ("c c u2 u1 r4 r3", 2, None),
        ("c u1 c", 3, None),
        ("c u1 c u3", None, 4),
    ],
)
def test_what_can_be_undone_and_redone_next(steps, undo, redo):
    kinds = {"c": "code", "u": "undo", "r": "redo"}
    made = [(kinds[step[0]], tuple(map(int, step[1:]))) for step in steps.split()]
    undone_by = {}
    for number in range(len(made), 0, -1):
        if number not in undone_by:
            undone_by |= dict.fromkeys(made[number - 1][1], number)
    acts = [
        act_requests.Act(
            number=number, kind=kind, coder="A", made_at="", summary="", n_changes=1,
            undoes=undoes, undone_by=undone_by.get(number), key=f"page:{number}",
        )
        for number, (kind, undoes) in enumerate(made, start=1)
    ]  # fmt: skip
    state = act_requests.find_undo_state(acts)
    assert (state.undo and state.undo.number, state.redo and state.redo.number) == (undo, redo)


def test_work_in_a_finished_pass_stays_as_it_is(page):
    page.project.assign_passes(["Amina"], coder="Lead")
    page.project.finish_pass("Amina", ["t2_bob"], options=PassOptions(unread="leave"))
    before = page.project.content_digest()
    answer = page.act("code", code="shame", **page.place("t2_bob", "There was one bus"))
    assert answer.status_code == 423
    assert "finished" in answer.json()["error"]
    assert page.project.content_digest() == before
    assert page.act("code", code="shame", **page.place("t1_ann", WORDS)).status_code == 200


def test_a_study_that_was_moved_away_is_asked_for_again(page, study, tmp_path):
    place = page.place("t1_ann", WORDS)
    moved = shutil.move(study, tmp_path / "elsewhere.autocode")
    answer = page.act("code", code="shame", **place)
    assert answer.status_code == 503
    assert "small.autocode" in answer.json()["error"]
    shutil.move(moved, study)
    assert page.act("code", code="shame", **place).status_code == 200


def test_a_memo_on_words_is_changed_and_deleted(page):
    place = page.place("t1_ann", WORDS)
    page.act("note-words", memo="one", **place)
    assert page.act("change-memo", memo="two", base="one", **place).status_code == 200
    assert [m["text"] for m in page.state("t1_ann")["memos"]] == ["two"]
    late = page.act("change-memo", memo="three", base="one", **place)
    assert (late.status_code, "By now it says: two" in late.json()["error"]) == (409, True)
    assert page.act("change-memo", memo="", base="two", **place).status_code == 200
    assert page.state("t1_ann")["memos"] == []
    gone = page.act("change-memo", memo="four", base="two", **place)
    assert (gone.status_code, "It was deleted" in gone.json()["error"]) == (409, True)
    for text in ("two", "one"):
        page.act("undo")
        assert [m["text"] for m in page.state("t1_ann")["memos"]] == [text]


def test_nobody_changes_the_memo_of_another(page):
    here = Place(transcript="t1_ann", words=WORDS)
    page.project.note_span(here, coder="Jonas", options=HandOptions(memo="his"))
    place = page.place("t1_ann", WORDS)
    assert page.act("change-memo", memo="", base="his", **place).status_code == 409
    assert [m.text for m in page.project.memos()] == ["his"]


def test_the_history_calls_codes_by_their_names(page):
    bus = page.place("t1_ann", "The bus fare went up")
    page.project.edit_codebook(coder="Lead").rename("wait", "Time lost")
    for kind, fields, words in (
        ("code", {"code": "wait"}, "coded Time lost in t1_ann"),
        (
            "note-coding",
            {"code": "wait", "memo": "why?", "base": ""},
            "memo on Time lost in t1_ann",
        ),
        ("recode", {"code": "wait", "to": "shame"}, "Time lost to Shame in t1_ann"),
        ("uncode", {"code": "shame"}, "Shame taken off in t1_ann"),
    ):
        assert page.act(kind, **fields, **bus).status_code == 200, kind
        assert page.state("t1_ann")["undo"] == words
    code = page.project.codebook().by_id["wait"]
    page.act("code-archive", code="wait", base=code.digest)
    assert page.project.history()[-1].summary == "code 'Time lost' archived"


def test_a_segment_of_any_length_is_coded_by_its_first_and_last_words(page, tmp_path):
    talk = "It went on and on \U0001f600 for years. " * 4000
    (tmp_path / "long.txt").write_text(f"Interviewer: How was it?\nAnn: {talk}\n", encoding="utf-8")
    page.project.import_paths([tmp_path / "long.txt"])
    text = page.project.transcript_text("long")
    start = text.index("It went on")
    words = text[start:].rstrip()
    assert len(words.encode()) > 128 * 1024
    place = {"transcript": page.number("long"), "start": start, "end": start + len(words)}
    quote = f"{words[:1000]}…{words[-1000:]}"
    assert page.act("code", code="wait", quote=quote, **place).status_code == 200
    for other in (words[:1000], f"{words[1:1001]}…{words[-1000:]}", f"{words[:1000]}…{'x' * 1000}"):
        assert page.act("uncode", code="wait", quote=other, **place).status_code == 422
    number = page.project.code_numbers()["wait"]
    rows = page.get(f"/codes/{number}/more").json()["code"]["excerpts"]
    (row,) = [one for one in rows if one["name"] == "long"]
    assert page.act("uncode", code="wait", quote=row["quote"], **place).status_code == 200
