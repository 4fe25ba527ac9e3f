"""The queue of suggestions: what a coder may see, what is decided there, and what is undone."""

from __future__ import annotations

import shutil
from dataclasses import replace
from urllib.parse import quote

import pytest

from autocode.core.errors import InputError
from autocode.core.suggestion_scope import SuggestionScope
from autocode.encode.hashing import HashEncoder
from autocode.page import queue_view
from autocode.page.suggested import describe_evidence
from autocode.project import acceptance_checks
from autocode.project.assigning import AssignOptions
from autocode.project.hand_coding import HandOptions, Place
from autocode.project.pass_states import PassOptions
from autocode.text.stop_words import StopWords


@pytest.fixture
def study(suggested, tmp_path):
    return shutil.copy(suggested, tmp_path / "small.autocode")


def queue(page):
    return page.get("/queue/state").json()


def spot(page, item):
    """An item of the queue as acts name it."""
    around = page.get(f"/t/{item['transcript']}/around?start={item['start']}&end={item['end']}")
    return {k: item[k] for k in ("transcript", "start", "end")} | {"quote": around.json()["quote"]}


def decisions(page, coder="Amina"):
    return [
        (d.action, d.suggested, d.applied) for d in page.project.decisions() if d.coder == coder
    ]


def test_the_queue_holds_what_is_open_with_its_worth_in_words(page):
    state = queue(page)
    numbers = [s["number"] for item in state["items"] for s in item["suggestions"]]
    assert sorted(numbers) == sorted(s.number for s in page.project.suggestions())
    assert all(1 <= len(item["suggestions"]) <= 3 for item in state["items"])
    words = {s["words"] for item in state["items"] for s in item["suggestions"]}
    assert words
    assert words <= {"likely", "unsure", "could be accepted unseen"}
    assert {item["case"] for item in state["items"]} == {"A", "B", None}
    order = [(item["transcript"], item["start"]) for item in state["items"]]
    assert order == sorted(order)


def test_a_segment_comes_with_two_before_and_two_after(page):
    item = queue(page)["items"][4]
    path = f"/t/{item['transcript']}/around?start={item['start']}&end={item['end']}"
    around = page.get(path).json()
    assert (len(around["before"]), len(around["after"])) == (2, 2)
    text = page.project.transcripts()[item["transcript"] - 1].text
    assert around["quote"] == text[item["start"] : item["end"]]
    words = [s["words"] for s in around["before"]] + [around["quote"]]
    assert [text.index(w) for w in words] == sorted(text.index(w) for w in words)
    for wrong in ("?start=1", "?start=9&end=3", "?start=0&end=99999999", "?start=x&end=2"):
        assert page.get(f"/t/1/around{wrong}").status_code == 404


def test_a_decision_is_one_act_that_one_undo_takes_back(page):
    item = queue(page)["items"][0]
    before, n_acts = page.project.content_digest(), len(page.project.history())
    code = item["suggestions"][0]["code"]
    place = spot(page, item)
    answers = [page.act("accept", key="a" * 20, suggested=code, **place).json() for _ in range(3)]
    assert [a["repeated"] for a in answers] == [False, True, True]
    assert len(page.project.history()) == n_acts + 1
    assert decisions(page) == [("accept", code, code)]
    assert page.project.history()[-1].summary.startswith(
        f"accepted {page.project.codebook().by_id[code].name} in "
    )
    undone = page.act("undo").json()["changed"]
    assert undone["places"] == [{k: place[k] for k in ("transcript", "start", "end")}]
    assert page.project.content_digest() == before
    assert page.act("undo", redo=True).status_code == 200
    assert decisions(page) == [("accept", code, code)]


@pytest.mark.slow
def test_whoever_goes_back_decides_again_in_one_act(page):
    item = queue(page)["items"][0]
    code, place = item["suggestions"][0]["code"], spot(page, item)
    page.act("accept", suggested=code, **place)
    accepted = page.project.content_digest()
    assert page.act("change", suggested=code, to="family", **place).status_code == 200
    assert decisions(page) == [("change", code, "family")]
    words = page.project.transcripts()[item["transcript"] - 1]
    here = {c.code for c in page.project.codings(transcript=words.name, coder="Amina")
            if c.span.start == item["start"]}  # fmt: skip
    assert here == {"family"}
    page.act("undo")
    assert page.project.content_digest() == accepted


@pytest.mark.slow
def test_none_of_these_rejects_all_and_notes_the_reading(page):
    item = next(i for i in queue(page)["items"] if len(i["suggestions"]) > 1)
    codes = [s["code"] for s in item["suggestions"]]
    before = page.project.content_digest()
    assert page.act("reject-all", suggested=codes, **spot(page, item)).status_code == 200
    assert decisions(page) == [("reject", code, None) for code in codes]
    around = page.get(f"/t/{item['transcript']}/around?start={item['start']}&end={item['end']}")
    assert around.json()["is_read"]
    assert len(around.json()["decisions"]) == len(codes)
    assert item["start"] not in {
        i["start"] for i in queue(page)["items"] if i["transcript"] == item["transcript"]
    }
    page.act("undo")
    assert page.project.content_digest() == before


def test_a_rejected_code_leaves_the_others_open(page):
    item = next(i for i in queue(page)["items"] if len(i["suggestions"]) > 1)
    first = item["suggestions"][0]["code"]
    page.act("reject", suggested=first, **spot(page, item))
    (same,) = [i for i in queue(page)["items"]
               if (i["transcript"], i["start"]) == (item["transcript"], item["start"])]  # fmt: skip
    assert [s["code"] for s in same["suggestions"]] == [s["code"] for s in item["suggestions"][1:]]


def test_several_are_accepted_and_undone_together(page):
    listed = page.get("/queue/list").json()["suggestions"]
    assert listed
    assert all(s["likely"] or s["auto_acceptable"] for s in listed)
    texts = {page.number(t.name): t.text for t in page.project.transcripts()}
    assert all(s["quote"] == texts[s["transcript"]][s["start"] : s["end"]] for s in listed)
    before, n_acts = page.project.content_digest(), len(page.project.history())
    numbers = [s["number"] for s in listed]
    assert page.act("accept-many", numbers=numbers).json()["changed"]["n_decided"] == len(numbers)
    assert len(page.project.history()) == n_acts + 1
    assert len(decisions(page)) == len(numbers)
    page.act("undo")
    assert page.project.content_digest() == before


def test_suggestions_made_anew_are_not_accepted_by_their_old_numbers(page):
    numbers = [s["number"] for s in page.get("/queue/list").json()["suggestions"]]
    page.project.suggest(HashEncoder(), top=2)
    before = page.project.content_digest()
    assert page.act("accept-many", numbers=numbers).status_code == 409
    assert page.act("accept-many", numbers=[]).status_code == 409
    assert page.project.content_digest() == before


@pytest.mark.parametrize(
    "fields",
    [{"numbers": "1"}, {"numbers": [True]}, {"numbers": ["1"]}, {"numbers": [2**60]}, {}],
)
def test_a_list_that_is_none_is_refused(page, fields):
    assert page.act("accept-many", **fields).status_code == 422


def test_words_and_codes_that_do_not_fit_are_refused(page):
    item = queue(page)["items"][0]
    place, code = spot(page, item), item["suggestions"][0]["code"]
    before = page.project.content_digest()
    assert page.act("accept", suggested="nothing", **place).status_code == 422
    assert page.act("accept", suggested=code, **{**place, "quote": "other"}).status_code == 422
    assert page.act("change", suggested=code, to="nothing", **place).status_code == 422
    assert page.act("reject-all", suggested=[], **place).status_code == 422
    assert page.project.content_digest() == before


def test_evidence_argues_both_ways_and_says_what_is_not_stored(page):
    seen = []
    for item in queue(page)["items"][::5]:
        for one in item["suggestions"]:
            seen.append(page.get(f"/s/{one['number']}/evidence").json())
    assert any(e["coded_so"] and e["coded_otherwise"] for e in seen)
    for evidence in seen:
        stored = page.project.suggestion(evidence["number"]).evidence
        assert (evidence["phrase"] is None) == (stored.phrase is None)
        nearest = max(stored.precedents, key=lambda p: p.similarity, default=None)
        assert (evidence["coded_so"] or {}).get("excerpt") == (nearest and nearest.excerpt)
        empty = [
            evidence[k] for k in ("phrase", "coded_so", "coded_otherwise", "words", "neighbours")
        ]
        assert len(evidence["missing"]) == sum(not part for part in empty)
    assert page.get("/s/999999/evidence").status_code == 404


def test_function_words_are_shown_only_where_no_other_word_speaks_for_a_code(page):
    suggestion = page.project.suggestions()[0]

    def shown(*words):
        evidence = replace(suggestion.evidence, words=tuple((word, 0.1) for word in words))
        like = replace(suggestion, evidence=evidence)
        return describe_evidence(like, page.project.codebook(), {}, StopWords(("en",)))

    assert shown("and", "bus", "in the", "she")["words"] == ["bus"]
    assert shown("and", "she")["words"] == ["and", "she"]
    assert "no single words speak for it" in shown()["missing"]
    assert "no single words speak for it" not in shown("and")["missing"]


def test_the_coding_view_has_the_suggestions_of_its_transcript(page):
    here = page.state("t4_dev")["suggestions"]
    assert {s["number"] for s in here} == {
        s.number for s in page.project.suggestions(transcript="t4_dev") if s.rank <= 3
    }
    page.act("code", code="wait", **page.place("t4_dev", "The waiting list was two years long and "
                                               "the letter came too late."))  # fmt: skip
    assert len(page.state("t4_dev")["suggestions"]) < len(here)


# Own code first, and segments without suggestions ------------------------------------------------


def show(page, *, own_code_first=False, unassisted=False):
    body = {"own_code_first": own_code_first, "unassisted": unassisted}
    return page.write("POST", "/queue/showing", body)


def test_suggestions_come_after_the_coders_own_answer(page):
    before = queue(page)["items"]
    assert show(page, own_code_first=True).status_code == 200
    shown = page.project.history()[-1]
    assert (shown.kind, shown.coder) == ("show", "Amina")
    assert shown.summary == "suggestions shown after the coder's own answer"
    items = queue(page)["items"]
    places = [(i["transcript"], i["start"], i["end"]) for i in before]
    assert [(i["transcript"], i["start"], i["end"]) for i in items] == places
    assert all(item["suggestions"] == [] for item in items)
    assert page.get("/queue/list").json()["suggestions"] == []
    assert page.state("t4_dev")["suggestions"] == []
    number = before[0]["suggestions"][0]["number"]
    assert page.get(f"/s/{number}/evidence").status_code == 404
    place = spot(page, before[0])
    page.act("code", code="shame", **place)
    path = f"/t/{place['transcript']}/around?start={place['start']}&end={place['end']}"
    assert page.get(path).json()["suggestions"] == before[0]["suggestions"]
    assert page.get(f"/s/{number}/evidence").status_code == 200
    page.sign_in("Jonas")  # for others it is as it was
    assert any(item["suggestions"] for item in queue(page)["items"])


@pytest.mark.slow
def test_a_drawn_share_of_segments_comes_without_suggestions(page, monkeypatch):
    before = queue(page)["items"]
    monkeypatch.setattr(queue_view, "UNASSISTED", 0.5)
    show(page, unassisted=True)
    assert page.project.history()[-1].summary.endswith("not in 50% of the segments (seed 0)")
    items = queue(page)["items"]
    bare = [n for n, item in enumerate(items) if not item["suggestions"]]
    assert 0 < len(bare) < len(items) == len(before)
    for n, item in enumerate(before):
        status = 404 if n in bare else 200
        assert page.get(f"/s/{item['suggestions'][0]['number']}/evidence").status_code == status
    place = spot(page, items[bare[0]])
    page.act("code", code="shame", **place)
    path = f"/t/{place['transcript']}/around?start={place['start']}&end={place['end']}"
    assert page.get(path).json()["suggestions"] == []
    show(page)
    assert all(item["suggestions"] for item in queue(page)["items"])


def test_how_suggestions_are_shown_is_checked(page):
    assert page.write("POST", "/queue/showing", {"own_code_first": 1}).status_code == 422
    with pytest.raises(InputError, match="between 0 and 1"):
        page.project.show_suggestions(coder="Amina", unassisted=2)


# Passes -------------------------------------------------------------------------------------------


def give(page, transcripts, **options):
    page.project.assign_passes(
        ["Amina"], options=AssignOptions(transcripts=tuple(transcripts), **options)
    )


@pytest.mark.slow
def test_in_a_blind_pass_only_what_was_made_for_the_coder_is_shown(page):
    give(page, ["t3_cath", "t4_dev"], blind=True)
    everybodys = page.project.suggestions()[0].number
    assert queue(page)["items"] == []
    assert queue(page)["reason"]
    assert page.get(f"/s/{everybodys}/evidence").status_code == 404
    assert page.get("/queue/list").json()["suggestions"] == []
    assert page.state("t3_cath")["suggestions"] == []
    page.project.suggest(HashEncoder(), scope=SuggestionScope(coder="Amina"))
    state = queue(page)
    assert state["items"]
    for item in state["items"]:
        for one in item["suggestions"]:
            path = f"/s/{one['number']}/evidence?by={quote(state['suggested_by'])}"
            evidence = page.get(path).json()
            named = [evidence[k]["coders"] for k in ("coded_so", "coded_otherwise") if evidence[k]]
            assert "Jonas" not in [coder for coders in named for coder in coders]


def test_a_pass_without_assistance_shows_nothing(page):
    give(page, ["t3_cath"], assistance="none")
    page.project.suggest(HashEncoder())
    assert page.number("t3_cath") not in {item["transcript"] for item in queue(page)["items"]}
    assert page.state("t3_cath")["suggestions"] == []


@pytest.mark.slow
def test_a_pass_that_learns_from_the_codebook_alone_shows_nothing_learned_from_people(page):
    give(page, ["t3_cath"], assistance="codebook")
    assert queue(page)["items"] == []
    page.project.suggest(HashEncoder(), scope=SuggestionScope(coder="Amina"))
    assert page.number("t3_cath") in {item["transcript"] for item in queue(page)["items"]}


def test_in_a_finished_pass_nothing_is_decided(page):
    item = next(i for i in queue(page)["items"] if i["transcript"] == page.number("t3_cath"))
    place, code = spot(page, item), item["suggestions"][0]["code"]
    give(page, ["t3_cath"])
    page.project.finish_pass("Amina", ["t3_cath"], options=PassOptions(unread="leave"))
    before = page.project.content_digest()
    for kind, fields in (("accept", {"suggested": code}), ("reject-all", {"suggested": [code]})):
        assert page.act(kind, **fields, **place).status_code == 423
    number = item["suggestions"][0]["number"]
    assert page.act("accept-many", numbers=[number]).status_code == 423
    assert page.project.content_digest() == before
    assert page.number("t3_cath") not in {i["transcript"] for i in queue(page)["items"]}


def test_what_was_made_for_somebody_else_is_not_shown(page):
    with page.project._study.writing("nothing suggested") as connection:
        connection.exec_driver_sql("DELETE FROM suggestions")
        connection.exec_driver_sql("DELETE FROM runs WHERE kind = 'suggest'")
    page.project.suggest(HashEncoder(), scope=SuggestionScope(coder="Jonas"))
    assert queue(page)["items"] == []
    page.sign_in("Jonas")
    assert queue(page)["items"]


def test_decisions_are_made_in_python_too(page):
    one = page.project.suggestions()[0]
    place = Place(transcript=one.transcript, start=one.span.start, end=one.span.end)
    done = page.project.decide_at(place, one.code, "accept", coder="Amina",
                                  options=HandOptions(dry_run=True))  # fmt: skip
    assert done.act is None
    assert len(done.result.kept) == 1
    assert decisions(page) == []


# Accepted together, and looked at again -----------------------------------------------------------


@pytest.mark.slow
def test_one_in_twenty_accepted_together_comes_back_like_any_other(page, monkeypatch):
    monkeypatch.setattr(acceptance_checks, "EVERY", 3)
    before = queue(page)
    numbers = [item["suggestions"][0]["number"] for item in before["items"][:7]]
    assert page.act("accept-many", numbers=numbers).status_code == 200
    after = queue(page)
    assert after["checks"] == {"n_together": 7, "n_checked": 0, "n_otherwise": 0}
    gone = {(i["transcript"], i["start"]) for i in before["items"][:7]}
    back = [item for item in after["items"] if (item["transcript"], item["start"]) in gone]
    assert len(back) == 2
    for item in back:
        path = f"/t/{item['transcript']}/around?start={item['start']}&end={item['end']}"
        around = page.get(path).json()
        assert (around["decisions"], around["codings"], around["is_read"]) == ([], [], False)
    first, second = (dict(spot(page, item)) for item in back)
    code, other = (item["suggestions"][0]["code"] for item in back)
    assert page.act("reject", suggested=code, **first).status_code == 200
    assert queue(page)["checks"] == {"n_together": 7, "n_checked": 1, "n_otherwise": 1}
    assert page.act("accept", suggested=other, **second).status_code == 200
    assert queue(page)["checks"] == {"n_together": 7, "n_checked": 2, "n_otherwise": 1}
    left = {(item["transcript"], item["start"]) for item in queue(page)["items"]}
    assert not gone & left - {(first["transcript"], first["start"])}
    page.act("undo")
    assert queue(page)["checks"]["n_checked"] == 1


def test_a_segment_that_comes_back_shows_none_of_what_was_accepted_with_it(page, monkeypatch):
    monkeypatch.setattr(acceptance_checks, "EVERY", 3)
    (item,) = [i for i in queue(page)["items"] if len(i["suggestions"]) == 3][:1]
    page.act("accept-many", numbers=[one["number"] for one in item["suggestions"]])
    path = f"/t/{item['transcript']}/around?start={item['start']}&end={item['end']}"
    around = page.get(path).json()
    assert (around["decisions"], around["codings"], around["is_read"]) == ([], [], False)


def test_the_attributes_of_cases_come_with_the_queue_and_the_transcript(page):
    assert queue(page)["attributes"] == {"A": ["region: north"], "B": ["region: south"]}
    assert page.state("t1_ann")["attributes"] == {"Ann": ["region: north"]}
    assert page.state("t3_cath")["attributes"] == {}
