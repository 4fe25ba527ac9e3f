"""What a search finds in a study, against a reading of every excerpt that knows no index."""

from __future__ import annotations

import re
import shutil

import pytest

from autocode.core.coding import Memo
from autocode.core.errors import InputError, NotFound, NothingToDo
from autocode.core.transcript import Span
from autocode.encode.cache import encode_once
from autocode.encode.hashing import HashEncoder
from autocode.project import Project
from autocode.project.hand_coding import HandOptions, Place
from autocode.project.searched_study import SearchMemory
from autocode.project.searching import SearchOptions, SearchScope, search
from autocode.project.similar_excerpts import find_similar
from autocode.store.vectors import StudyVectorCache

from ..small_study import write_sources

BUS = "The bus stopped running on Sundays so nobody could get there."


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("searching")
    with Project.open(folder / "s.autocode", create_new=True) as project:
        project.import_paths([write_sources(folder / "sources")])
        project.code(
            Place(transcript="t1_ann", words=BUS), "shame", coder="Jonas",
            options=HandOptions(memo="the Sunday question"),
        )  # fmt: skip
        place = Place(transcript="t2_bob", words="There was one bus in the morning")
        project.note_span(place, coder="Amina", options=HandOptions(memo="a Sunday too?"))
        project.add_memo(Memo(about="study", subject="", text="Sunday", coder="Amina"))
    return folder / "s.autocode"


@pytest.fixture
def study(built):
    with Project.open(built) as project:
        yield project


def excerpts(study, query, **options):
    return [hit.excerpt for hit in study.search(query, **options).hits]


@pytest.mark.parametrize("word", ["bus", "waiting", "the", "Ann", "part"])
def test_words_are_found_in_every_segment_that_has_them(study, word):
    expected = [
        s.excerpt for s in study.segments() if re.search(rf"\b{word}\b", s.excerpt, re.IGNORECASE)
    ]
    assert excerpts(study, word, options=SearchOptions(limit=1000)) == expected


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("code:wait", 2),
        ("code:access", 2),
        ("code:wait coder:Jonas", 1),
        ("code:shame coder:amina", 1),
        ("code:shame -coder:amina", 1),
        ("coder:amina", 4),
        ("memo:sunday", 2),
        ("memo:sunday coder:jonas", 1),
        ("memo:sunday code:shame", 1),
        ("memo:sunday code:family", 0),
        ("speaker:bob bus", 1),
        ("case:A bus", 2),
        ("region=SOUTH bus", 1),
        ("transcript:t4_dev bus", 2),
        ("transcript:t4* bus", 2),
        ("bus code:shame OR sundays", 2),
        ("garden -transcript:t4_dev -beans", 1),
    ],
)
def test_fields_and_their_combinations(study, query, n):
    assert study.search(query).n_hits == n


def test_marks_are_the_words_and_without_words_the_codings(study):
    for query, marked in (("sunday*", {"Sundays"}), ("code:shame sunday*", {"Sundays"})):
        hit = study.search(f"{query} speaker:ann").hits[0]
        text = study.transcript_text(hit.transcript)
        assert {span.of(text) for span in hit.marks} == marked
    hit = study.search("code:shame transcript:t1_ann").hits[-1]
    assert hit.marks == (hit.span,)
    assert hit.codes == (("shame", "Jonas"),)
    assert hit.memos == (("Jonas", "the Sunday question"),)


def test_hits_say_where_they_stand_and_what_is_around(study):
    hit = study.search("sundays speaker:ann").hits[0]
    transcript = study.transcript("t1_ann")
    assert hit.span.of(transcript.text) == hit.excerpt == BUS
    assert transcript.locate(hit.span) == f"{hit.speaker}, turn {hit.turn}"
    assert (hit.case, hit.before[-7:], hit.after[-7:]) == ("A", "part 3?", "part 4?")


def test_pages_of_hits_are_all_of_them(study):
    whole = study.search("bus")
    pages = [study.search("bus", options=SearchOptions(limit=2, offset=n)) for n in (0, 2, 4, 6)]
    assert tuple(hit for page in pages for hit in page.hits) == whole.hits
    assert {page.n_hits for page in pages} == {whole.n_hits} == {len(whole.hits)}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("bus code:waitt", "Search, character 5: No code 'waitt'"),
        ("coder:Zelda", "Known: Amina, Jonas"),
        ("speaker:Zed", "No speaker 'Zed'"),
        ("case:Z", "No case 'Z'"),
        ("region=west", "No value of region 'west'"),
        ("age=3", "No attribute 'age'"),
    ],
)
def test_names_that_are_not_there_are_refused_with_their_place(study, query, words):
    with pytest.raises(InputError, match=re.escape(words)):
        study.search(query)


def test_what_may_not_be_seen_is_not_found(study):
    scope = SearchScope(
        codebook=study.codebook(), shows=lambda transcript, coder: coder == "Amina", coder="Amina"
    )
    with study.snapshot() as state:
        assert search(state, "code:shame", scope=scope).n_hits == 1
        assert search(state, "memo:sunday", scope=scope).n_hits == 1
        assert all(
            {coder for _, coder in hit.codes} <= {"Amina"}
            for hit in search(state, "the", scope=scope).hits
        )
        with pytest.raises(InputError, match="No coder 'Jonas'"):
            search(state, "coder:Jonas", scope=scope)


def test_what_is_remembered_of_a_study_follows_its_changes(built, tmp_path):
    memory = SearchMemory()
    with Project.open(shutil.copy(built, tmp_path / "s.autocode")) as project:

        def ask(query):
            with project.snapshot() as state:
                return search(state, query, memory=memory)

        before = ask("sundays speaker:ann").hits[0].span
        assert ask("code:family sundays").n_hits == 0
        project.code(Place(transcript="t1_ann", words=BUS), "family", coder="Amina")
        assert ask("code:family sundays").n_hits == 1
        project.rename_coder("Jonas", "Jo", coder="Amina")
        assert ask("coder:Jo sundays").n_hits == 1
        project.set_role("Ann", "interviewer")
        assert ask("sundays speaker:ann").hits[0].span == before


def test_words_in_no_segment_are_found_and_a_phrase_over_two_is_one_hit(built, tmp_path):
    study = shutil.copy(built, tmp_path / "s.autocode")
    with Project.open(study) as project, project._study.writing("cut") as connection:
        text = project.transcript_text("t1_ann")
        start = text.index(BUS)
        connection.exec_driver_sql(
            "DELETE FROM segments WHERE transcript_id = 1 AND start = ?", (start,)
        )
        connection.exec_driver_sql(
            'INSERT INTO segments (transcript_id, start, "end", unit, given)'
            " VALUES (1, ?, ?, 'x', 0)",
            (start, start + len("The bus stopped")),
        )  # fmt: skip
    with Project.open(study) as project:
        assert excerpts(project, '"nobody could"') == [BUS.removeprefix("The bus stopped")]
        hit = project.search('"stopped running"').hits[0]
        assert hit.excerpt == "The bus stopped running"
        assert hit.marks == (Span(start + 8, start + 23),)


def test_one_code_on_several_places_is_one_act_and_one_undo(built, tmp_path):
    with Project.open(shutil.copy(built, tmp_path / "s.autocode")) as project:
        before = project.content_digest()
        hits = project.search("bus").hits
        places = [Place(transcript=h.transcript, start=h.span.start, end=h.span.end) for h in hits]
        project.code(places[0], "family", coder="Amina")
        done = project.code_many(places, "Family", coder="Amina")
        assert (len(done.result.made), done.result.n_known) == (len(hits) - 1, 1)
        assert done.act.summary == f"coded Family in {len(hits)} places of 4 transcripts"
        assert project.search("bus code:family").n_hits == len(hits)
        project.undo(coder="Amina")
        project.undo(coder="Amina")
        assert project.content_digest() == before
        with pytest.raises(InputError, match="No place"):
            project.code_many([], "family", coder="Amina")
        wordless = Place(transcript="t1_ann", start=5, end=5)
        with pytest.raises(InputError):
            project.code_many([*places, wordless], "family", coder="Amina")
        assert project.content_digest() == before


def test_likeness_is_by_stored_vectors_and_nothing_is_encoded(built, tmp_path, monkeypatch):
    with Project.open(shutil.copy(built, tmp_path / "s.autocode")) as project:
        place = Place(transcript="t1_ann", words=BUS)
        with pytest.raises(NothingToDo, match=r"autocode suggest s\.autocode"):
            project.find_similar(place)
        encode_once(
            HashEncoder(),
            [segment.excerpt for segment in project.segments()],
            cache=StudyVectorCache(project._study),
        )
        monkeypatch.setattr(HashEncoder, "encode", None)
        found = project.find_similar(place)
        assert found.like == BUS
        assert BUS not in [hit.excerpt for hit in found.hits]
        scores = [hit.similarity for hit in found.hits]
        assert scores == sorted(scores, reverse=True)
        assert "bus" in found.hits[0].excerpt
        assert all(hit.speaker != "Interviewer" for hit in found.hits)
        with pytest.raises(NotFound):
            project.find_similar(Place(transcript="nobody", turn=1))


def test_vectors_are_not_kept_with_the_state_of_the_study(built, tmp_path):
    with Project.open(shutil.copy(built, tmp_path / "s.autocode")) as project:
        words = [segment.excerpt for segment in project.segments()]
        encode_once(HashEncoder(), words, cache=StudyVectorCache(project._study))
        with project.snapshot() as study:
            find_similar(study, Place(transcript="t1_ann", words=BUS))
            n_kept = len(study._known)
            find_similar(study, Place(transcript="t1_ann", turn=2))
            assert len(study._known) == n_kept
