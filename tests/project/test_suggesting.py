"""Suggesting again: a new code in what was coded before, and for a coder of one's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autocode.core.coding import Coding, Reading
from autocode.core.errors import InputError, NotFound, NothingToDo
from autocode.core.progress import silent
from autocode.core.suggestion_scope import SuggestionScope
from autocode.encode.hashing import HashEncoder
from autocode.evaluate.methods import load_suggester
from autocode.pipeline import ThemeOptions
from autocode.project import Project
from autocode.project.removing import RemovalTarget
from autocode.store import codings as coding_store
from autocode.store.file import revision

BUS = "code,name,definition,example\nbus,Bus,Travel by bus,The bus was late and the bus fare\n"
AGAIN = SuggestionScope(codes=("bus",), coded_too=True)


def code_all(project: Project, coder: str, code: str = "family") -> list[Coding]:
    """Every participant segment coded by `coder` with one code."""
    codings = [
        Coding(transcript=s.transcript, span=s.span, code=code, coder=coder)
        for s in project.segments(role="participant")
    ]
    project.add_codings(codings)
    return codings


def add_bus(project: Project, folder) -> None:
    path = folder / "bus.csv"
    path.write_text(BUS)
    assert not project.import_paths([path]).refused


def excerpts(project: Project) -> dict:
    return {(s.transcript, s.span): s.excerpt for s in project.segments()}


@pytest.fixture
def coded(project, tmp_path):
    """Every segment is coded by Amina; the code Bus came afterwards."""
    code_all(project, "Amina")
    add_bus(project, tmp_path)
    return project


def test_a_new_code_is_suggested_where_people_have_coded_and_only_it(coded):
    assert coded.suggest(HashEncoder()) == []
    made = coded.suggest(HashEncoder(), scope=AGAIN)
    words = excerpts(coded)
    assert {(s.transcript, s.span) for s in made} == {
        (s.transcript, s.span) for s in coded.segments(role="participant")
    }
    assert {s.code for s in made} == {"bus"}
    assert coded.suggestions() == made
    likely = [words[s.transcript, s.span] for s in made if s.likely]
    assert len(likely) == 3
    assert all("bus" in excerpt for excerpt in likely)
    assert not any(s.auto_acceptable for s in made)
    run = coded.last_run("suggest")
    assert run is not None
    assert run.parameters["remarks"] == [
        "Nothing to learn from is coded with Bus: its words alone count."
    ]


def test_what_is_applied_or_rejected_is_not_suggested_again(coded):
    made = coded.suggest(HashEncoder(), scope=AGAIN)
    coded.decide(made[0], "reject", coder="Jonas")
    coded.decide(made[1], "accept", coder="Amina")
    by_hand = Coding(transcript=made[2].transcript, span=made[2].span, code="bus", coder="Jonas")
    coded.add_codings([by_hand])
    read_only = made[3]
    coded.add_codings([replace(by_hand, span=read_only.span, code="shame")])
    done = {(s.transcript, s.span) for s in made[:3]}
    open_now = {(s.transcript, s.span) for s in coded.suggestions()}
    assert open_now == {(s.transcript, s.span) for s in made[3:]}
    again = {(s.transcript, s.span) for s in coded.suggest(HashEncoder(), scope=AGAIN)}
    assert again == open_now
    assert not again & done


def test_open_suggestions_of_other_codes_stay(suggesting, tmp_path):
    before = suggesting.suggestions()
    add_bus(suggesting, tmp_path)
    made = suggesting.suggest(HashEncoder(), scope=AGAIN)
    assert [s for s in suggesting.suggestions() if s.code != "bus"] == before
    again = suggesting.suggest(HashEncoder(), scope=AGAIN)
    assert len(again) == len(made)
    assert [s for s in suggesting.suggestions() if s.code == "bus"] == again
    suggesting.suggest(HashEncoder())
    assert len(suggesting.suggestions()) == len(before)


class Watching:
    """A suggester that remembers its tasks and answers with the codebook alone."""

    name = "watching"

    def __init__(self) -> None:
        self.tasks = []
        self._inner = load_suggester("codebook")

    def rank(self, task):
        self.tasks.append(task)
        return self._inner.rank(task)


WAIT_AGAIN = SuggestionScope(codes=("wait",), coded_too=True)
FOR_KIM = SuggestionScope(coder="Kim", learn_from="all")


@pytest.mark.parametrize(
    ("scope", "n_done"), [(WAIT_AGAIN, 2), (FOR_KIM, 0)], ids=["coded-too", "for-kim"]
)
def test_a_segment_is_ranked_without_the_codings_of_its_transcript(project, scope, n_done):
    watching = Watching()
    made = project.suggest(HashEncoder(), scope=scope, suggester=watching)
    n_participants = len(project.segments(role="participant"))
    assert sum(len(task.targets) for task in watching.tasks) == n_participants
    assert len({(s.transcript, s.span) for s in made}) == n_participants - n_done
    assert len(watching.tasks[0].read_rows) == 5
    assert len(watching.tasks) == 3  # nobody's own, then the two coded transcripts apart
    for task in watching.tasks[1:]:
        names = task.corpus.transcripts
        assert not set(names[task.targets]) & set(names[task.read_rows])
        assert len(task.read_rows)


def test_a_code_is_learned_from_the_transcripts_that_it_is_applied_in(project, tmp_path):
    add_bus(project, tmp_path)
    watching = Watching()
    scope = SuggestionScope(codes=("bus", "shame"), coded_too=True)
    project.suggest(HashEncoder(), scope=scope, suggester=watching)
    learned = [set(t.corpus.transcripts[t.read_rows].tolist()) for t in watching.tasks]
    # Bus nowhere; shame from t1_ann, but for t1_ann itself.
    assert learned == [set(), {"t1_ann"}, set()]
    main, of_coded = watching.tasks[1:]
    assert not set(main.targets.tolist()) & set(main.read_rows.tolist())
    assert set(of_coded.targets.tolist()) == set(main.read_rows.tolist())


def plain(suggestions) -> list:
    return [replace(s, number=None) for s in suggestions]


OWN = SuggestionScope(coder="Jonas")
BLIND = [OWN, SuggestionScope(coder="Jonas", learn_from="codebook")]


@pytest.mark.parametrize("scope", BLIND, ids=["own", "codebook"])
def test_nothing_of_others_work_reaches_the_suggestions_for_a_coder(project, scope):
    first = project.suggest(HashEncoder(), scope=scope)
    assert {(s.transcript, s.span) for s in first} == {
        (s.transcript, s.span)
        for s in project.segments(role="participant")
        if not any(
            c.coder == "Jonas" and (c.transcript, c.span) == (s.transcript, s.span)
            for c in project.codings()
        )
    }
    listed = plain(project.suggestions())
    assert listed == plain(first)
    code_all(project, "Amina", "shame")
    code_all(project, "Lea", "access")  # a heading, which only Lea applies
    project.decide(first[0], "reject", coder="Amina")
    project.decide(first[1], "accept", coder="Lea")
    assert plain(project.suggestions()) == listed
    assert plain(project.suggest(HashEncoder(), scope=scope)) == listed
    assert plain(project.suggestions()) == listed


def test_a_coder_s_own_work_is_learned_from_and_shown(project):
    made = project.suggest(HashEncoder(), scope=OWN)
    by = {who for s in made for p in s.evidence.precedents for who in p.coders}
    assert by == {"Jonas"}
    blind = project.suggest(HashEncoder(), scope=BLIND[1])
    assert not any(
        s.evidence.precedents or s.evidence.counter_examples or s.evidence.neighbours for s in blind
    )


@pytest.mark.slow
def test_suggestions_for_a_coder_close_with_that_coder_s_work_alone(project):
    made = project.suggest(HashEncoder(), scope=OWN)
    project.decide(made[0], "reject", coder="Jonas")
    place = made[3]
    with project._study.writing("read") as connection:
        coding_store.add_readings(connection, [Reading(place.transcript, place.span, "Jonas")])
    gone = {made[0].number} | {
        s.number for s in made if (s.transcript, s.span) == (place.transcript, place.span)
    }
    assert {s.number for s in project.suggestions()} == {s.number for s in made} - gone
    project.suggest(HashEncoder(), scope=OWN)
    left = {(s.transcript, s.span, s.code) for s in project.suggestions()}
    assert (made[0].transcript, made[0].span, made[0].code) not in left
    assert len(project.decisions()) == 1


@pytest.mark.slow
def test_a_run_keeps_whose_codings_were_learned_from(project):
    project.suggest(HashEncoder(), scope=OWN)
    run = project.last_run("suggest")
    assert run is not None
    assert SuggestionScope.from_parameters(run.parameters).learned_from == "own"
    assert run.parameters["for"] == "Jonas"
    made = project.suggest(HashEncoder(), scope=SuggestionScope(coder="Nadia"))
    assert made
    run = project.last_run("suggest")
    assert run is not None
    assert run.parameters["remarks"] == [
        "Nadia has coded nothing yet: the codebook's words alone count."
    ]


def test_runs_behind_what_is_open_are_the_last_for_all_codes_and_those_after(project):
    for codes in ((), (), ("shame",), ("wait",)):
        project.suggest(HashEncoder(), scope=SuggestionScope(codes=codes))
    runs = project.suggest_runs()
    assert [run.parameters["only_codes"] for run in runs] == [[], ["shame"], ["wait"]]


def test_scopes_that_mean_nothing_are_refused(project):
    with pytest.raises(InputError, match="name the codes"):
        SuggestionScope(coded_too=True)
    with pytest.raises(InputError, match="needs the coder"):
        SuggestionScope(learn_from="own")
    with pytest.raises(NotFound, match="Did you mean 'shame'"):
        project.suggest(HashEncoder(), scope=SuggestionScope(codes=("sham",)))
    with pytest.raises(InputError, match=r"but 'Jonas'\. Use that name\.$"):
        project.suggest(HashEncoder(), scope=SuggestionScope(coder="jonas"))
    assert project.suggestions() == []


class Certain(Watching):
    """A suggester that would have everything accepted."""

    def rank(self, task):
        ranking = super().rank(task)
        return replace(ranking, auto_acceptable=ranking.probabilities > 0)


def test_nobody_auto_accepts_what_was_suggested_for_another(project):
    made = project.suggest(HashEncoder(), top=1, scope=OWN, suggester=Certain())
    with pytest.raises(NothingToDo):
        project.auto_accept(coder="Amina")
    assert len(project.auto_accept(coder="Jonas")) == len(made)


def test_what_people_have_passed_is_never_auto_acceptable(project):
    made = project.suggest(HashEncoder(), scope=WAIT_AGAIN, suggester=Certain())
    assert made
    assert not any(s.auto_acceptable for s in made)
    made = project.suggest(HashEncoder(), top=1, scope=FOR_KIM, suggester=Certain())
    passed = {(c.transcript, c.span) for c in project.codings()}
    assert {(s.transcript, s.span) for s in made if not s.auto_acceptable} == passed


def places(suggestions) -> set:
    return {(s.transcript, s.span, s.code) for s in suggestions}


AMINA = SuggestionScope(coder="Amina")


def test_what_was_suggested_for_one_coder_is_replaced_by_a_run_for_that_coder_only(project):
    of_jonas = project.suggest(HashEncoder(), scope=OWN)
    of_amina = project.suggest(HashEncoder(), scope=AMINA)
    of_all = project.suggest(HashEncoder())
    assert project.suggestions(coder="Jonas") == of_jonas
    assert project.suggestions(coder="Amina") == of_amina
    assert project.suggestions() == of_all
    assert len({s.number for s in (*of_jonas, *of_amina, *of_all)}) == sum(
        map(len, (of_jonas, of_amina, of_all))
    )
    again = project.suggest(HashEncoder(), scope=AMINA, top=1)
    assert project.suggestions(coder="Amina") == again != of_amina
    assert project.suggestions(coder="Jonas") == of_jonas
    assert project.suggestions() == of_all
    newest = project.newest_suggest_runs()
    assert [run.parameters["for"] for run in newest] == ["Jonas", None, "Amina"]
    assert [run.parameters["for"] for run in project.suggest_runs("Jonas")] == ["Jonas"]
    assert [run.parameters["for"] for run in project.suggest_runs()] == [None]
    with pytest.raises(
        NotFound, match="Nothing was suggested for 'Kim' alone, only for Amina, Jon"
    ):
        project.suggestions(coder="Kim")


def test_without_suggestions_for_everybody_the_newest_are_shown(project):
    project.suggest(HashEncoder(), scope=OWN)
    of_amina = project.suggest(HashEncoder(), scope=AMINA)
    assert project.suggestions() == of_amina
    project.suggest(HashEncoder(), scope=OWN)
    assert project.suggestions() == project.suggestions(coder="Jonas")


def test_a_decision_of_one_coder_leaves_open_what_was_suggested_for_another(project):
    of_jonas = project.suggest(HashEncoder(), scope=OWN)
    of_amina = project.suggest(HashEncoder(), scope=AMINA)
    both = sorted(places(of_jonas) & places(of_amina), key=str)
    first = next(s for s in of_jonas if (s.transcript, s.span, s.code) == both[0])
    project.decide(first, "reject", coder="Jonas")
    assert both[0] not in places(project.suggestions(coder="Jonas"))
    assert project.suggestions(coder="Amina") == of_amina


def test_whoever_rejects_all_that_was_suggested_for_them_has_read(project):
    """Though the same span has open suggestions for everybody and for another coder."""
    project.suggest(HashEncoder())
    project.suggest(HashEncoder(), scope=AMINA)
    made = project.suggest(HashEncoder(), scope=OWN)
    place = (made[0].transcript, made[0].span)
    own = [s for s in made if (s.transcript, s.span) == place]
    assert len(own) == 3
    for at, suggestion in enumerate(own):
        read = [
            r for r in project.readings() if (r.transcript, r.span, r.coder) == (*place, "Jonas")
        ]
        assert (at, read) == (at, [])
        project.decide(suggestion, "reject", coder="Jonas")
    (read,) = [
        r for r in project.readings() if (r.transcript, r.span, r.coder) == (*place, "Jonas")
    ]
    assert read.basis == "decision"


def test_one_code_on_one_span_is_auto_accepted_once(project):
    scope = SuggestionScope(coder="Jonas", learn_from="codebook")
    project.suggest(HashEncoder(), top=1, scope=scope, suggester=Certain())
    project.suggest(HashEncoder(), top=1, suggester=Certain())
    made = project.auto_accept(coder="Jonas")
    assert len({(d.transcript, d.span, d.suggested) for d in made}) == len(made)


def test_suggestions_follow_the_name_of_the_coder_they_are_for_and_go_with_the_coder(project):
    project.suggest(HashEncoder())
    blind = SuggestionScope(coder="Jonas", learn_from="codebook")
    made = project.suggest(HashEncoder(), scope=blind)
    project.rename_coder("Jonas", "Jonah", coder="Lead")
    assert places(project.suggestions(coder="Jonah")) == places(made)
    project.undo(coder="Lead")
    assert places(project.suggestions(coder="Jonas")) == places(made)
    before = len(project.suggestions(status="all"))
    tried = project.remove(RemovalTarget(coder="Jonas"), coder="Lead", dry_run=True)
    assert tried.n_suggestions >= len(made)
    project.remove(RemovalTarget(coder="Jonas"), coder="Lead")
    assert project.suggestions(coder="Jonas", status="all") == []
    assert len(project.suggestions(status="all")) <= before


def read_revision(project):
    with project._study.reading() as connection:
        return revision(connection).number


class _CountingEncoder(HashEncoder):
    """Counts how often it is asked for vectors."""

    n_calls = 0

    def encode(self, texts, *, progress=silent):
        self.n_calls += 1
        return super().encode(texts, progress=progress)


def test_where_nothing_has_changed_nothing_is_suggested_anew(project, monkeypatch):
    encoder = _CountingEncoder()
    made = project.suggest(encoder)
    n_calls, before = encoder.n_calls, read_revision(project)
    monkeypatch.setattr("autocode.pipeline.suggest", None)
    again = project.suggest(encoder)
    assert again == made
    assert encoder.n_calls == n_calls
    assert read_revision(project) == before


def test_drafting_themes_leaves_suggestions_and_the_draft_as_they_are(project, monkeypatch):
    encoder, options = _CountingEncoder(), ThemeOptions(n_draws=2)
    made = project.suggest(encoder)
    draft = project.draft_themes(encoder, options=options)
    n_calls, before = encoder.n_calls, read_revision(project)
    with monkeypatch.context() as patched:
        patched.setattr("autocode.pipeline.suggest", None)
        patched.setattr("autocode.pipeline.themes", None)
        assert project.suggest(encoder) == made
        assert project.draft_themes(encoder, options=options) == draft
    assert (encoder.n_calls, read_revision(project)) == (n_calls, before)
    other = project.draft_themes(encoder, options=ThemeOptions(n_draws=3))
    assert other.diagnostics != draft.diagnostics
    segment = draft.themes[0].members[0].segment
    project.add_codings(
        [Coding(transcript=segment.transcript, span=segment.span, code="wait", coder="Ana")]
    )
    after = project.draft_themes(encoder, options=ThemeOptions(n_draws=3))
    assert segment not in {m.segment for theme in after.themes for m in theme.members}


def test_any_change_or_another_question_is_answered_anew(project):
    first = project.suggest(HashEncoder())
    assert {s.number for s in project.suggest(HashEncoder(), top=2)}.isdisjoint(
        s.number for s in first
    )
    second = project.suggest(HashEncoder())
    one = second[0]
    project.decide(one, "reject", coder="Ana")
    third = project.suggest(HashEncoder())
    assert (one.transcript, one.span, one.code) not in {
        (s.transcript, s.span, s.code) for s in third
    }


@pytest.mark.parametrize("name", ["what_next", "next_passages"])
def test_what_to_code_next_stands_where_nothing_has_changed(suggesting, monkeypatch, name):
    encoder = _CountingEncoder()
    ask = getattr(suggesting, name)
    made, before = ask(encoder, n_wanted=4), read_revision(suggesting)
    n_calls = encoder.n_calls
    with monkeypatch.context() as patched:
        patched.setattr(f"autocode.pipeline.{name}", None)
        again = ask(encoder, n_wanted=4)
    assert again == made
    assert repr(again) == repr(made)
    assert (encoder.n_calls, read_revision(suggesting)) == (n_calls, before)
    assert ask(encoder, n_wanted=2) != made


def test_what_to_code_next_is_asked_anew_after_any_change(suggesting):
    before = suggesting.next_passages(HashEncoder())
    first = before.passages[0].segments[0]
    suggesting.add_codings(
        [Coding(transcript=first.transcript, span=first.span, code="family", coder="Ana")]
    )
    after = suggesting.next_passages(HashEncoder())
    assert first not in {s for passage in after.passages for s in passage.segments}


def test_another_method_is_asked_each_time(suggesting):
    method = Watching()
    for _ in range(2):
        suggesting.next_passages(HashEncoder(), suggester=method)
    assert len(method.tasks) == 2
