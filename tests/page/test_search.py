"""The search: the hits that the project's search gives, what is sent of them, coding several."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from autocode.core.transcript import Span
from autocode.encode.cache import encode_once
from autocode.encode.hashing import HashEncoder
from autocode.page.search_view import describe_result, digest_words
from autocode.project.hand_coding import Place
from autocode.project.searching import Hit, SearchOptions, SearchResult
from autocode.store.vectors import StudyVectorCache

BUS = "The bus stopped running on Sundays so nobody could get there."


def ask(page, **query):
    return page.get(f"/search/hits?{urlencode(query)}").json()


def code(page, hits, code="family", **more):
    fields = {
        "transcripts": [hit["number"] for hit in hits],
        "starts": [hit["start"] for hit in hits],
        "ends": [hit["end"] for hit in hits],
        "digests": [hit["digest"] for hit in hits],
    }
    return page.act("code-many", code=code, **{**fields, **more})


@pytest.mark.parametrize(
    "query", ["bus", "code:wait", '"waiting list" -coder:Jonas', "region=north"]
)
def test_hits_are_those_of_the_project(page, query):
    result = ask(page, q=query)["result"]
    expected = page.project.search(query)
    assert result["n_hits"] == expected.n_hits > 0
    assert [(h["name"], h["start"], h["end"]) for h in result["hits"]] == [
        (hit.transcript, hit.span.start, hit.span.end) for hit in expected.hits
    ]
    for hit in result["hits"]:
        text = page.project.transcript_text(hit["name"])
        assert text[hit["shown"] : hit["shown"] + len(hit["words"])] == hit["words"]
        assert hit["digest"] == digest_words(text[hit["start"] : hit["end"]])


def test_further_hits_come_by_the_page(page):
    whole = ask(page, q="bus")["result"]["hits"]
    assert [
        ask(page, q="bus", n=1, **{"from": i})["result"]["hits"] for i in range(len(whole))
    ] == [[hit] for hit in whole]


@pytest.mark.parametrize("n_before", [0, 10, 400])
def test_a_long_excerpt_is_shown_around_the_first_mark(n_before):
    words = " ".join(["word"] * n_before + ["needle"] + ["word"] * 400)
    start = words.index("needle")
    hit = Hit(
        transcript="t", number=1, span=Span(7, 7 + len(words)), excerpt=words, speaker=None,
        case=None, turn=1, begin=None, marks=(Span(7 + start, 13 + start),),
    )  # fmt: skip
    found = SearchResult(query="needle", n_hits=1, n_transcripts=1, hits=(hit,))
    (sent,) = describe_result(found)["hits"]
    assert 300 < len(sent["words"]) <= 600
    at = sent["shown"] - 7
    assert words[at : at + len(sent["words"])] == sent["words"]
    assert sent["marks"] == [[7 + start, 13 + start]]
    assert "needle" in sent["words"].split()
    assert sent["end"] - sent["start"] == len(words)


def test_faults_and_nothing_are_said_in_words(page):
    assert ask(page, q='"bus')["fault"].startswith("Search, character 1")
    assert ask(page, q="code:dread")["fault"].startswith("Search, character 1: No code 'dread'")
    assert ask(page, q="")["result"] is None
    assert ask(page, q="zebra")["result"]["hits"] == []
    assert "2:120-240" in ask(page, like="x")["fault"]
    assert ask(page, like="99:1-5")["fault"]
    assert ask(page, like="1:5-5")["fault"]
    assert ask(page, like="1:0-5")["fault"]
    assert "autocode suggest" in ask(page, like="1:45-60")["fault"]
    for path in (
        "/search",
        "/search?q=bus",
        "/search?q=%22",
        "/search?like=1:2-3",
        "/search?q=a&from=9",
    ):
        assert page.get(path).status_code == 200  # fmt: skip


def test_excerpts_like_one_by_stored_vectors(page, monkeypatch):
    texts = [segment.excerpt for segment in page.project.segments()]
    encode_once(HashEncoder(), texts, cache=StudyVectorCache(page.project._study))
    monkeypatch.setattr(HashEncoder, "encode", None)
    place = page.place("t1_ann", BUS)
    state = ask(page, like=f"{place['transcript']}:{place['start']}-{place['end']}")
    assert state["result"]["like"] == BUS
    expected = page.project.find_similar(
        Place(transcript="t1_ann", words=BUS), options=SearchOptions(limit=100)
    )
    assert [hit["similarity"] for hit in state["result"]["hits"]] == [
        hit.similarity for hit in expected.hits
    ]


def test_several_hits_are_coded_in_one_act_and_undone_in_one(page):
    before = page.project.content_digest()
    hits = ask(page, q="bus")["result"]["hits"]
    n_acts = len(page.project.history())
    answer = code(page, hits)
    assert answer.json()["changed"] == {"n_made": len(hits), "n_known": 0}
    assert len(page.project.history()) == n_acts + 1
    assert ask(page, q="bus code:family coder:Amina")["result"]["n_hits"] == len(hits)
    again = code(page, hits)
    assert again.json()["changed"] == {"n_made": 0, "n_known": len(hits)}
    assert again.json()["number"] is None
    assert page.act("undo").status_code == 200
    assert page.project.content_digest() == before


def test_the_same_request_twice_is_one_act(page):
    hits = ask(page, q="bus")["result"]["hits"]
    key = "12345678-1234-1234"
    assert not code(page, hits, key=key).json()["repeated"]
    assert code(page, hits, key=key).json()["repeated"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"digests": ["0" * 16, "0" * 16]}, 409),
        ({"starts": [1, 2, 3]}, 422),
        ({"ends": [-5, 3]}, 409),
        ({"transcripts": [99, 98]}, 422),
        ({"code": "access-denied"}, 422),
        ({"transcripts": [], "starts": [], "ends": [], "digests": []}, 422),
        ({"starts": "all"}, 422),
    ],
)
def test_what_does_not_fit_codes_nothing(page, change, status):
    before = page.project.content_digest()
    hits = ask(page, q="bus speaker:ann")["result"]["hits"]
    assert len(hits) == 2
    answer = code(page, hits, **change)
    assert answer.status_code == status
    assert page.project.content_digest() == before


def test_words_of_people_close_no_element(page, tmp_path):
    (tmp_path / "bad.txt").write_text("Eve: </script><b>bus</b>\nEve: more bus\n", encoding="utf-8")
    page.project.import_paths([tmp_path / "bad.txt"])
    body = page.get(f"/search?{urlencode({'q': 'bus </script><i>'})}").text
    assert "<b>bus" not in body
    assert "<i>" not in body
