"""What a person can do with a study: cut, set roles, suggest, decide, draft, compare."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest

from autocode.core.coding import Coding, Memo
from autocode.core.errors import (
    FileRefused,
    InputError,
    NotFound,
    NothingToDo,
    SpanError,
    StudyError,
)
from autocode.core.transcript import Span
from autocode.encode.hashing import HashEncoder
from autocode.pipeline import AgreementOptions
from autocode.project import Project

from ..small_study import TALK, contents, write_corpus


def places(suggestions):
    return {(s.transcript, s.span, s.code) for s in suggestions}


def of_one_segment(project, n_segment=0):
    """The suggestions for one segment, best first."""
    found = project.suggestions()
    spans = list(dict.fromkeys((s.transcript, s.span) for s in found))
    return [s for s in found if (s.transcript, s.span) == spans[n_segment]]


def unchanged(project, before):
    assert contents(project.path) == before


def one_line(caught, *words):
    told = str(caught.value)
    assert "\n" not in told
    for word in words:
        assert word in told


# Opening


def test_open_makes_a_study_only_when_asked(tmp_path):
    with pytest.raises(StudyError):
        Project.open(tmp_path / "s.autocode")
    assert list(tmp_path.iterdir()) == []
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        assert not any(project.counts().values())
        assert "empty" in repr(project)
    with Project.open(str(tmp_path / "s.autocode"), create_new=True) as project:
        assert project.path == tmp_path / "s.autocode"


def test_repr_says_what_is_in_it(project):
    assert "4 transcripts" in repr(project)
    assert "7 codings" in repr(project)


# Taking in


def test_add_transcript_gives_the_transcript(empty, sources):
    found = empty.add_transcript(sources / "t1_ann.txt")
    assert found.name == "t1_ann"
    assert found == empty.transcripts()[0]
    assert [found.words_of(turn) for turn in found.turns][1::2] == list(TALK["t1_ann"])


def test_add_transcript_known_under_another_name_gives_that_one(project, sources):
    copy = (sources / "t1_ann.txt").rename(sources / "copy.txt")
    assert project.add_transcript(copy).name == "t1_ann"


def test_add_transcript_refuses_what_is_no_transcript(project, sources):
    with pytest.raises(FileRefused):
        project.add_transcript(sources / "codebook.csv")


def test_add_transcript_refuses_other_words_under_a_known_name(project, sources):
    (sources / "t1_ann.txt").write_text("Interviewer: What?\nAnn: Other words.\n")
    with pytest.raises(FileRefused, match="other words"):
        project.add_transcript(sources / "t1_ann.txt")


def test_add_codings_keeps_new_ones_only(project):
    coding = Coding(transcript="t1_ann", span=Span(0, 11), code="wait", coder="Kim")
    assert project.add_codings([coding, coding]) == 1
    assert project.add_codings([coding]) == 0
    assert [c.name for c in project.coders()] == ["Amina", "Jonas", "Kim"]


@pytest.mark.parametrize(
    ("coding", "error"),
    [
        (Coding(transcript="t9", span=Span(0, 5), code="wait", coder="Kim"), NotFound),
        (Coding(transcript="t1_ann", span=Span(0, 5), code="wiat", coder="Kim"), NotFound),
        (Coding(transcript="t1_ann", span=Span(0, 99999), code="wait", coder="Kim"), SpanError),
        (Coding(transcript="t1_ann", span=Span(5, 5), code="wait", coder="Kim"), SpanError),
        (Coding(transcript="t1_ann", span=Span(0, 5), code="wait", coder=" "), InputError),
    ],
)
def test_add_codings_refuses_all_when_one_does_not_fit(project, coding, error):
    before = contents(project.path)
    good = Coding(transcript="t1_ann", span=Span(0, 11), code="wait", coder="Kim")
    with pytest.raises(error) as caught:
        project.add_codings([good, coding])
    one_line(caught)
    unchanged(project, before)


def test_memos_are_kept(project):
    memo = Memo(
        about="transcript",
        subject="t1_ann",
        text="Read this again.",
        coder="Kim",
        made_at="2024-01-01T00:00:00+00:00",
    )
    project.add_memo(memo)
    assert project.memos() == [memo]


# Cutting and roles


@pytest.mark.parametrize("unit", ["paragraph", "sentence", "turn"])
def test_cutting_anew_keeps_codings_and_readings(project, unit):
    before = project.codings(), project.readings(), project.transcripts()
    n_segments = project.segment(unit)
    assert (project.codings(), project.readings(), project.transcripts()) == before
    segments = project.segments()
    assert len(segments) == n_segments
    assert {s.unit for s in segments} == {unit}
    texts = {t.name: t.text for t in project.transcripts()}
    assert all(s.excerpt == s.span.of(texts[s.transcript]) for s in segments)


def test_cutting_into_sentences_cuts_turns_of_two(project):
    turns = {(s.transcript, s.span) for s in project.segments()}
    assert project.segment("sentence") > len(turns)
    assert "A year of waiting." in [s.excerpt for s in project.segments("t3_cath")]
    project.segment("turn")
    assert {(s.transcript, s.span) for s in project.segments()} == turns


def test_cutting_anew_drops_open_drafts_and_keeps_decided_ones(suggesting):
    suggesting.draft_themes(HashEncoder())
    first = suggesting.suggestions()[0]
    suggesting.decide(first, "accept", coder="Amina")
    decisions = suggesting.decisions()
    suggesting.segment("sentence")
    assert suggesting.suggestions() == []
    assert suggesting.suggestions(status="all") == [first]
    assert suggesting.decisions() == decisions
    assert suggesting.themes() is None


def test_given_segments_are_never_cut(project, tmp_path):
    project.import_paths([write_corpus(tmp_path / "corpus")])
    before = project.segments("d1")
    project.segment("sentence")
    assert project.segments("d1") == before
    assert {s.unit for s in project.segments("t1_ann")} == {"sentence"}


def test_unknown_unit_is_refused(project):
    with pytest.raises(InputError, match="turn, paragraph, meaning, sentence"):
        project.segment("line")


def test_role_is_set_wherever_the_name_occurs(project):
    assert project.set_role("Interviewer", "note") == 4
    assert {s.role for s in project.segments() if s.speaker == "Interviewer"} == {"note"}
    assert project.set_role("Interviewer", "unknown", transcript="t1_ann") == 1
    roles = {p: v[0].role for p, v in project.speakers().items()}
    assert roles == {"t1_ann": "unknown", "t2_bob": "note", "t3_cath": "note", "t4_dev": "note"}


@pytest.mark.parametrize(
    ("speaker", "role", "transcript", "error"),
    [
        ("Anne", "participant", None, NotFound),
        ("Ann", "participant", "t2_bob", NotFound),
        ("Ann", "participant", "t9", NotFound),
        ("Ann", "boss", None, InputError),
    ],
)
def test_role_of_what_is_not_there_is_refused(project, speaker, role, transcript, error):
    before = contents(project.path)
    with pytest.raises(error) as caught:
        project.set_role(speaker, role, transcript=transcript)
    one_line(caught)
    unchanged(project, before)


# Suggesting


def test_suggestions_are_for_participants_nobody_has_read(suggesting):
    coded = {(c.transcript, c.span) for c in suggesting.codings()}
    open_segments = {
        (s.transcript, s.span) for s in suggesting.segments() if s.role == "participant"
    } - coded
    assert len(coded) == 5
    assert {(s.transcript, s.span) for s in suggesting.suggestions()} == open_segments


def test_suggestions_are_of_leaves_ranked_by_probability(suggesting):
    for at in range(len({(s.transcript, s.span) for s in suggesting.suggestions()})):
        found = of_one_segment(suggesting, at)
        assert [s.rank for s in found] == [1, 2, 3]
        assert {s.code for s in found} == {"wait", "family", "shame"}
        assert [s.probability for s in found] == sorted(
            (s.probability for s in found), reverse=True
        )
        assert all(0 <= s.probability <= 1 for s in found)


def test_suggesting_names_the_plain_cases(suggesting):
    words = {(s.transcript, s.span): s.excerpt for s in suggesting.segments()}
    best = {words[s.transcript, s.span]: s.code for s in suggesting.suggestions() if s.rank == 1}
    assert best[TALK["t1_ann"][4]] == "wait"
    assert best[TALK["t3_cath"][1]] == "family"
    assert best[TALK["t4_dev"][2]] == "shame"


def test_suggesting_twice_gives_the_same_under_new_numbers_once_anything_has_changed(suggesting):
    before = suggesting.suggestions()
    assert suggesting.suggest(HashEncoder()) == before
    suggesting.add_memo(Memo(about="study", subject="", text="changes no suggestion", coder="Ana"))
    after = suggesting.suggest(HashEncoder())
    assert [replace(s, number=None) for s in after] == [replace(s, number=None) for s in before]
    assert min(s.number for s in after) > max(s.number for s in before)


def test_run_says_how_suggestions_were_made(suggesting):
    run = suggesting.last_run("suggest")
    assert (run.encoder, run.encoder_digest) == ("hash:64", HashEncoder().digest)
    assert run.parameters["top"] == 3
    assert run.parameters["calibrated"] is False
    assert "numpy" in run.versions


def test_top_is_how_many_codes_a_segment_gets(project):
    assert {s.rank for s in project.suggest(HashEncoder(), top=1)} == {1}
    with pytest.raises(InputError, match="not 0"):
        project.suggest(HashEncoder(), top=0)


def test_interviewers_are_suggested_for_only_when_asked(project):
    with_them = project.suggest(HashEncoder(), include_interviewer=True)
    voices = {(s.transcript, s.span): s.speaker for s in project.segments()}
    assert "Interviewer" in {voices[s.transcript, s.span] for s in with_them}
    without = project.suggest(HashEncoder())
    assert "Interviewer" not in {voices[s.transcript, s.span] for s in without}


def test_suggesting_without_codebook_or_transcripts_is_nothing_to_do(empty, sources):
    with pytest.raises(NothingToDo, match="no participant segment"):
        empty.suggest(HashEncoder())
    empty.import_paths([sources / "t1_ann.txt"])
    with pytest.raises(NothingToDo, match="no codebook"):
        empty.suggest(HashEncoder())


def test_suggesting_on_a_read_only_study_changes_nothing(project, monkeypatch):
    project.close()
    before = project.path.read_bytes()
    monkeypatch.setattr("os.access", lambda path, mode, **_: mode != 2)
    with Project.open(project.path) as again, pytest.raises(StudyError, match="cannot be written"):
        again.suggest(HashEncoder())
    assert project.path.read_bytes() == before


# Deciding


def test_accepting_makes_a_coding_by_the_person(suggesting):
    first = suggesting.suggestions()[0]
    decision = suggesting.decide(first, "accept", coder="Kim", memo="plain")
    assert suggesting.decisions() == [decision]
    assert (decision.action, decision.suggested, decision.applied) == (
        "accept",
        first.code,
        first.code,
    )
    (made,) = [c for c in suggesting.codings() if c.coder == "Kim"]
    assert made == Coding(
        transcript=first.transcript,
        span=first.span,
        code=first.code,
        coder="Kim",
        made_at=decision.made_at,
        basis="decision",
        memo="plain",
    )
    assert first.number not in {s.number for s in suggesting.suggestions()}


def test_nothing_becomes_a_coding_without_a_decision(project):
    before = project.codings()
    project.suggest(HashEncoder())
    project.draft_themes(HashEncoder())
    assert project.codings() == before


def test_changing_applies_the_other_code_by_id_or_name(suggesting):
    first, second = of_one_segment(suggesting, 0)[0], of_one_segment(suggesting, 1)[0]
    by_id = suggesting.decide(first, "change", coder="Kim", code="access")
    by_name = suggesting.decide(second.number, "change", coder="Kim", code="sHAME")
    assert (by_id.suggested, by_id.applied) == (first.code, "access")
    assert by_name.applied == "shame"
    assert {c.code for c in suggesting.codings() if c.coder == "Kim"} == {"access", "shame"}


def test_rejecting_makes_no_coding(suggesting):
    before = suggesting.codings()
    decision = suggesting.decide(suggesting.suggestions()[0], "reject", coder="Kim")
    assert decision.applied is None
    assert suggesting.codings() == before


def test_rejected_code_is_not_suggested_again_and_others_are(suggesting):
    first, *others = of_one_segment(suggesting)
    suggesting.decide(first, "reject", coder="Kim")
    again = places(suggesting.suggest(HashEncoder()))
    assert (first.transcript, first.span, first.code) not in again
    assert places(others) <= again


def test_rejected_code_takes_no_place_among_the_top(project):
    before = project.suggest(HashEncoder(), top=1)
    project.decide(before[0], "reject", coder="Kim")
    place = (before[0].transcript, before[0].span)
    again = [s for s in project.suggest(HashEncoder(), top=1) if (s.transcript, s.span) == place]
    assert [s.rank for s in again] == [1]
    assert again[0].code != before[0].code


@pytest.mark.slow
def test_segment_with_every_code_rejected_is_left_alone(suggesting):
    found = of_one_segment(suggesting)
    for suggestion in found:
        suggesting.decide(suggestion, "reject", coder="Kim")
    place = (found[0].transcript, found[0].span)
    assert place in {(r.transcript, r.span) for r in suggesting.readings() if r.coder == "Kim"}
    assert place not in {(s.transcript, s.span) for s in suggesting.suggest(HashEncoder())}


def test_decided_suggestions_survive_suggesting_anew(suggesting):
    taken, refused = of_one_segment(suggesting, 0)[0], of_one_segment(suggesting, 1)[0]
    suggesting.decide(taken, "accept", coder="Kim")
    suggesting.decide(refused, "reject", coder="Kim")
    decisions = suggesting.decisions()
    after = suggesting.suggest(HashEncoder())
    assert suggesting.decisions() == decisions
    everything = suggesting.suggestions(status="all")
    assert [s for s in everything if s.number in (taken.number, refused.number)] == [taken, refused]
    assert (taken.transcript, taken.span) not in {(s.transcript, s.span) for s in after}


def test_each_coder_decides_once_on_a_suggestion(suggesting):
    first = suggesting.suggestions()[0]
    suggesting.decide(first, "reject", coder="Kim")
    before = contents(suggesting.path)
    with pytest.raises(InputError) as caught:
        suggesting.decide(first, "accept", coder="Kim")
    one_line(caught, "reject by Kim")
    unchanged(suggesting, before)
    suggesting.decide(first, "accept", coder="Lee")
    assert [(d.coder, d.action) for d in suggesting.decisions()] == [
        ("Kim", "reject"),
        ("Lee", "accept"),
    ]


@pytest.mark.parametrize("number", [0, -1, 10**6, 2**63, 10**20])
def test_unknown_suggestion_is_refused(suggesting, number):
    before = contents(suggesting.path)
    with pytest.raises(NotFound) as caught:
        suggesting.decide(number, "accept", coder="Kim")
    one_line(caught, str(number))
    unchanged(suggesting, before)


@pytest.mark.parametrize(
    ("action", "code", "coder", "error"),
    [
        ("accept", "wait", "Kim", InputError),
        ("reject", "wait", "Kim", InputError),
        ("change", None, "Kim", InputError),
        ("change", "wiat", "Kim", NotFound),
        ("maybe", None, "Kim", InputError),
        ("accept", None, "", InputError),
        ("accept", None, "  ", InputError),
    ],
)
def test_decision_that_does_not_fit_is_refused(suggesting, action, code, coder, error):
    before = contents(suggesting.path)
    with pytest.raises(error) as caught:
        suggesting.decide(suggesting.suggestions()[0], action, coder=coder, code=code)
    one_line(caught)
    unchanged(suggesting, before)


def test_suggestion_that_is_not_stored_cannot_be_decided(suggesting):
    loose = replace(suggesting.suggestions()[0], number=None)
    with pytest.raises(InputError, match="not stored"):
        suggesting.decide(loose, "accept", coder="Kim")


# Decisions from a file


def write_decisions(path, rows, columns=("suggestion", "decision", "to", "coder", "memo")):
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def test_filled_in_suggestions_file_applies(suggesting, tmp_path):
    suggesting.export(tmp_path / "out")
    path = tmp_path / "out" / "suggestions.csv"
    with path.open(newline="", encoding="utf-8") as stream:
        reader = csv.DictReader(stream)
        rows, columns = list(reader), reader.fieldnames
    firsts = [row for row in rows if row["rank"] == "1"]
    firsts[0] |= {"decision": "accept", "coder": "Kim"}
    firsts[1] |= {"decision": "Rejected", "coder": "Kim", "memo": "=not this"}
    firsts[2] |= {"decision": "change", "to": "Shame"}
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerows(rows)
    made = list(suggesting.apply_decisions(path, coder="Lee").kept)
    assert [(d.suggestion, d.action, d.coder, d.applied) for d in made] == [
        (int(firsts[0]["suggestion"]), "accept", "Kim", firsts[0]["code"]),
        (int(firsts[1]["suggestion"]), "reject", "Kim", None),
        (int(firsts[2]["suggestion"]), "change", "Lee", "shame"),
    ]
    assert suggesting.decisions() == made
    assert made[1].memo == "=not this"
    coded = [(made[at].transcript, made[at].span) for at in (0, 2)]
    left = {s.number for s in suggesting.suggestions()}
    assert left == {
        int(row["suggestion"])
        for row in rows
        if (row["transcript"], Span(int(row["start"]), int(row["end"]))) not in coded
        and int(row["suggestion"]) != made[1].suggestion
    }
    assert len([c for c in suggesting.codings() if c.basis == "decision"]) == 2


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ((999999, "accept", "", "Kim", ""), "No suggestion 999999"),
        (("99999999999999999999", "accept", "", "Kim", ""), "99999999999999999999"),
        (("x", "accept", "", "Kim", ""), "'x' is no suggestion number"),
        ((None, "maybe", "", "Kim", ""), "maybe"),
        ((None, "change", "", "Kim", ""), "without a code"),
        ((None, "change", "wiat", "Kim", ""), "wait"),
        ((None, "accept", "wait", "Kim", ""), "accept"),
        ((None, "accept", "", "", ""), "coder"),
        (("first", "reject", "", "Kim", ""), "decided before"),
    ],
)
def test_file_of_decisions_applies_as_a_whole_or_not_at_all(suggesting, tmp_path, row, word):
    first, second = suggesting.suggestions()[:2]
    before = contents(suggesting.path)
    number = {None: second.number, "first": first.number}.get(row[0], row[0])
    rows = [(first.number, "accept", "", "Kim", ""), (number, *row[1:])]
    path = write_decisions(tmp_path / "d.csv", rows)
    with pytest.raises(FileRefused) as caught:
        suggesting.apply_decisions(path)
    one_line(caught, word, str(path), "line 3")
    unchanged(suggesting, before)


def test_file_filled_in_further_applies_what_is_new_and_says_what_was_known(suggesting, tmp_path):
    first, second = suggesting.suggestions()[:2]
    rows = [(first.number, "accept", "", "Kim", "")]
    path = write_decisions(tmp_path / "d.csv", rows)
    suggesting.apply_decisions(path)
    before = suggesting.history()
    assert suggesting.apply_decisions(path).n_known == 1
    assert suggesting.history() == before
    path = write_decisions(tmp_path / "d.csv", [*rows, (second.number, "reject", "", "Kim", "")])
    done = suggesting.apply_decisions(path)
    assert ([d.action for d in done.kept], done.n_known) == (["reject"], 1)


@pytest.mark.slow
def test_decisions_of_a_sheet_survive_a_later_suggest(suggesting, tmp_path):
    suggesting.export(tmp_path / "out")
    with (tmp_path / "out" / "suggestions.csv").open(newline="", encoding="utf-8-sig") as stream:
        row = next(csv.DictReader(stream))
    suggesting.suggest(HashEncoder())
    path = tmp_path / "sheet.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, ["transcript", "start", "end", "code", "decision", "coder"])
        writer.writeheader()
        cells = {name: row[name] for name in ("transcript", "start", "end", "code")}
        writer.writerow(cells | {"decision": "accept", "coder": "Kim"})
    (made,) = suggesting.apply_decisions(path).kept
    assert (made.transcript, made.suggested, made.coder) == (row["transcript"], row["code"], "Kim")


def test_withdrawing_takes_back_the_decision_and_what_it_led_to(suggesting):
    first = suggesting.suggestions()[0]
    before, digest = suggesting.suggestions(), suggesting.content_digest()
    suggesting.decide(first, "accept", coder="Kim")
    withdrawn = suggesting.withdraw(first.number, coder="Kim")
    assert withdrawn.coder == "Kim"
    assert suggesting.suggestions() == before
    assert "Kim" not in {c.coder for c in suggesting.codings()}
    with pytest.raises(NothingToDo, match="Kim has made no decision"):
        suggesting.withdraw(first.number, coder="Kim")
    suggesting.undo(coder="Kim")
    suggesting.undo(coder="Kim")
    assert suggesting.content_digest() == digest


def test_file_without_a_decision_is_refused(suggesting, tmp_path):
    path = write_decisions(tmp_path / "d.csv", [(1, "", "", "", "")])
    with pytest.raises(FileRefused, match="holds no decision"):
        suggesting.apply_decisions(path, coder="Kim")


# Themes


def test_theme_draft_is_kept_as_it_was_given(project):
    draft = project.draft_themes(HashEncoder())
    assert draft.themes
    assert draft.themes[0].members
    assert project.themes() == draft
    assert project.last_run("themes").parameters == draft.diagnostics.to_stored()


@pytest.mark.parametrize("top", [0, 1])
def test_every_uncovered_segment_is_in_one_theme_or_nowhere(project, top):
    if top:
        project.suggest(HashEncoder(), top=top)
    suggesting, draft = project, project.draft_themes(HashEncoder())
    sure = {(s.transcript, s.span) for s in suggesting.suggestions() if s.likely}
    assert bool(sure) == bool(top), "what is suggested with confidence is not drafted again"
    covered = {(c.transcript, c.span) for c in suggesting.codings()} | sure
    left = [
        (s.transcript, s.span)
        for s in suggesting.segments()
        if s.role == "participant" and (s.transcript, s.span) not in covered
    ]
    held = [m.segment for t in draft.themes for m in t.members]
    held += [n.segment for n in draft.unassigned]
    assert sorted((s.transcript, s.span) for s in held) == sorted(left)
    assert all(n.reason for n in draft.unassigned)
    assert all(t.exemplars for t in draft.themes)


def test_themes_of_nothing_is_nothing_to_do(project):
    everything = [
        Coding(transcript=s.transcript, span=s.span, code="wait", coder="Kim")
        for s in project.segments()
        if s.role == "participant"
    ]
    project.add_codings(everything)
    with pytest.raises(NothingToDo, match="nothing is left"):
        project.draft_themes(HashEncoder())


# Comparing


def test_agreement_of_two_coders(project):
    found = project.agree()
    assert found.coders == ("Amina", "Jonas")
    assert found.n_units == 12
    assert project.agree(["Jonas", "Amina"]).n_units == 12
    assert project.agree(options=AgreementOptions(reading="marked")).n_units == 2


def test_agreement_does_not_depend_on_the_order_codings_came_in(project, sources):
    before, codings = project.agree(), project.codings()
    with Project.open(project.path.with_name("other.autocode"), create_new=True) as other:
        other.import_paths(
            [p for p in sources.iterdir() if p.name not in ("codings.csv", "participants.csv")]
        )
        for coding in reversed(codings):
            other.add_codings([coding])
        assert other.agree() == before


@pytest.mark.parametrize(
    ("coders", "error"), [(["Amina", "Nobody"], NotFound), (["Amina"], InputError)]
)
def test_agreement_of_fewer_than_two_is_refused(project, coders, error):
    with pytest.raises(error) as caught:
        project.agree(coders)
    one_line(caught)
