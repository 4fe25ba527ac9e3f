"""Changes of the codebook: codings go along, a trial changes nothing, and undo brings all back."""

from __future__ import annotations

import csv
import threading
from dataclasses import replace

import pytest

from autocode.core.codebook import Code
from autocode.core.coding import Coding
from autocode.core.errors import InputError, NotFound, NothingToDo, StudyChanged
from autocode.core.map_edits import add_theme, place_codes, place_segments
from autocode.core.similar_codes import find_similar_names
from autocode.core.thematic_map import PlacedSegment
from autocode.core.transcript import Span
from autocode.encode.hashing import HashEncoder
from autocode.project import Project
from autocode.project.code_editing import CodeWords
from autocode.project.code_sheets import SplitProposal
from autocode.project.hand_coding import Place
from autocode.project.importing import ImportOptions


def codes_of(project, code):
    return sorted(
        (c.transcript, c.span.start, c.span.end, c.coder) for c in project.codings(code=code)
    )


@pytest.fixture
def both(project):
    """Amina gave one span two codes, with a memo on each."""
    text = project.transcript("t1_ann").text
    start = text.index("I felt ashamed")
    span = Span(start, start + 20)
    for code, memo in (("shame", "says it herself"), ("family", "her sister knows")):
        project.add_codings(
            [Coding(transcript="t1_ann", span=span, code=code, coder="Amina", memo=memo)]
        )
    return project


EDITS = {
    "add": lambda book: book.add("Late buses", parent="access"),
    "rename": lambda book: book.rename("wait", "Limbo", new_meaning=True),
    "define": lambda book: book.define("wait", {"definition": "Time that stands still"}),
    "edit": lambda book: book.edit(
        "wait",
        CodeWords(name="Limbo", examples=("a\n\nb", "a\n\nb"), colour="#102030", memo="m"),
        new_meaning=True,
    ),
    "move": lambda book: book.move("shame", "access"),
    "merge": lambda book: book.merge("family", "shame"),
    "merge-parent": lambda book: book.merge("access", "wait"),
    "archive": lambda book: book.archive("wait"),
    "delete": lambda book: book.delete("wait", with_codings=True),
    "delete-parent": lambda book: book.delete("access"),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_trial_changes_nothing_and_undo_brings_all_back(both, name):
    project, edit = both, EDITS[name]
    project.edit_map(
        lambda known: place_codes(add_theme(known, "T"), "T", ["family", "wait"]), coder="Kim"
    )
    before = project.content_digest()
    tried = edit(project.edit_codebook(coder="Kim", dry_run=True))
    assert tried.act is None
    assert project.content_digest() == before
    done = edit(project.edit_codebook(coder="Kim"))
    assert done.act is not None
    assert (done.n_codings, done.n_doubled) == (tried.n_codings, tried.n_doubled)
    changed = project.content_digest()
    assert changed != before
    project.undo(coder="Kim")
    assert project.content_digest() == before
    project.redo(coder="Kim")
    assert project.content_digest() == changed
    assert project.verify_history().is_sound


def test_merged_codings_are_counted_and_doubles_keep_both_memos(both):
    before = codes_of(both, "family") + codes_of(both, "shame")
    change = both.edit_codebook(coder="Kim").merge("family", "Shame")
    assert change.n_codings == {"Amina": 2, "Jonas": 1}
    assert change.n_doubled == 1
    assert codes_of(both, "shame") == sorted(set(before))
    assert "family" not in both.codebook()
    memos = {c.memo for c in both.codings(code="shame", coder="Amina") if c.memo}
    assert memos == {"says it herself; her sister knows"}


def test_the_map_takes_no_code_and_no_segment_that_the_study_lacks(project):
    project.edit_map(lambda m: add_theme(m, "T"), coder="Kim")
    with pytest.raises(NotFound, match=r"No code 'famly' in this study.*Did you mean 'family'"):
        project.edit_map(lambda m: place_codes(m, "T", ["famly"]), coder="Kim")
    placed = PlacedSegment(transcript="nowhere", span=Span(0, 4), draft="T01")
    with pytest.raises(NotFound, match="No transcript 'nowhere'"):
        project.edit_map(lambda m: place_segments(m, "T", [placed]), coder="Kim")
    (theme,) = project.thematic_map().map.themes
    assert (theme.codes, theme.segments) == ((), ())


def test_decisions_and_the_map_follow_a_merge(project):
    project.suggest(HashEncoder())
    first = next(s for s in project.suggestions() if s.code == "family")
    project.decide(first, "accept", coder="Kim")
    project.edit_map(lambda m: place_codes(add_theme(m, "T"), "T", ["family"]), coder="Kim")
    project.edit_codebook(coder="Kim").merge("family", "shame")
    (decision,) = project.decisions()
    assert (decision.suggested, decision.applied) == ("shame", "shame")
    assert project.thematic_map().map.themes[0].codes == ("shame",)


@pytest.mark.slow
def test_what_was_below_a_merged_code_goes_along(project):
    project.edit_codebook(coder="Kim").merge("access", "shame")
    assert project.codebook().by_id["wait"].parent == "shame"
    project.edit_codebook(coder="Kim").merge("shame", "wait")
    assert project.codebook().by_id["wait"].parent is None


def test_a_code_is_split_by_a_sheet_and_what_has_no_place_stays(project, tmp_path):
    book = project.edit_codebook(coder="Kim")
    sheet = tmp_path / "sheet.csv"
    assert book.write_split_sheet("wait", sheet, SplitProposal(by_coder=True)) == 3
    with sheet.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["to"] for row in rows} == {"Waiting (Amina)", "Waiting (Jonas)"}
    for row, to in zip(rows, ["Letters", "", "shame"], strict=True):
        row["to"] = to
    with sheet.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    change = book.split("wait", sheet)
    assert change.made == ("letters",)
    assert sum(change.n_codings.values()) == 2
    made = project.codebook().by_id["letters"]
    assert (made.name, made.parent) == ("Letters", "access")
    assert [len(project.codings(code=c)) for c in ("letters", "wait")] == [1, 1]
    with pytest.raises(NotFound, match="Write the sheet anew"):
        book.split("wait", sheet)


def test_a_sheet_can_be_drafted_by_like_excerpts(project, tmp_path):
    for name in ("t1_ann", "t2_bob", "t3_cath", "t4_dev"):
        segments = [s for s in project.segments(name) if s.role == "participant"]
        project.add_codings(
            [Coding(transcript=name, span=s.span, code="family", coder="Kim") for s in segments]
        )
    book = project.edit_codebook(coder="Kim")
    options = {"encoder": HashEncoder()}
    book.write_split_sheet("family", tmp_path / "a.csv", SplitProposal(n_groups=3), **options)
    rows = (tmp_path / "a.csv").read_text(encoding="utf-8")
    assert "Family (1)" in rows
    assert "Family (3)" in rows
    book.write_split_sheet("family", tmp_path / "b.csv", SplitProposal(n_groups=3), **options)
    assert (tmp_path / "b.csv").read_text(encoding="utf-8") == rows


def test_a_new_meaning_makes_a_revision_and_a_list_to_look_at(project):
    book = project.edit_codebook(coder="Kim")
    assert not project.outdated_codings()
    book.define("wait", {"exclusion": "Waiting rooms"})
    book.define("wait", {"definition": "A year and more"})
    outdated = project.outdated_codings("Waiting")
    assert {(o.coded_under, o.revision) for o in outdated} == {(1, 3)}
    assert len(outdated) == len(project.codings(code="wait"))
    text = project.transcript("t3_cath").text
    start = text.index("A year of waiting")
    project.add_codings(
        [Coding(transcript="t3_cath", span=Span(start, start + 9), code="wait", coder="Kim")]
    )
    assert len(project.outdated_codings()) == len(outdated)
    assert book.confirm("wait", of="Amina") == 2
    assert {o.coding.coder for o in project.outdated_codings()} == {"Jonas"}
    project.undo(coder="Kim")
    assert len(project.outdated_codings()) == len(outdated)


def test_a_rename_and_a_slip_of_the_typist_are_no_revision(project):
    book = project.edit_codebook(coder="Kim")
    book.rename("wait", "Limbo")
    book.define("wait", {"definition": "Waiting for an assessment or letter"}, new_meaning=False)
    assert project.codebook().by_id["wait"].revision == 1
    assert not project.outdated_codings()
    assert [act.kind for act in project.code_history("Limbo")][-2:] == [
        "rename-code", "define-code",
    ]  # fmt: skip


def test_an_archived_code_keeps_its_codings_and_is_not_suggested(project):
    book = project.edit_codebook(coder="Kim")
    n_before = len(project.codings(code="wait"))
    book.archive("wait")
    project.suggest(HashEncoder())
    assert "wait" not in {s.code for s in project.suggestions()}
    assert len(project.codings(code="wait")) == n_before
    with pytest.raises(InputError, match="archived already"):
        book.archive("wait")
    book.restore("wait")
    project.suggest(HashEncoder())
    assert "wait" in {s.code for s in project.suggestions()}


def test_a_deleted_code_says_which_act_brings_it_back(project):
    book = project.edit_codebook(coder="Kim")
    gone = book.delete("wait", with_codings=True)
    with pytest.raises(NotFound, match=rf"undo STUDY --act {gone.act}"):
        book.restore("wait")


@pytest.mark.parametrize(
    ("edit", "error", "words"),
    [
        (lambda b: b.add("waiting"), InputError, "already"),
        (lambda b: b.add("Buses", key="wait"), InputError, "key"),
        (lambda b: b.add("Buses", parent="acces"), NotFound, "access"),
        (lambda b: b.rename("wait", "shame"), InputError, "merge the two"),
        (lambda b: b.rename("wait", "  "), InputError, "name"),
        (lambda b: b.define("wait", {"definition": "Waiting for an assessment or a letter"}),
         InputError, "says so already"),
        (lambda b: b.move("access", "wait"), InputError, "parents"),
        (lambda b: b.merge("wait", "Waiting"), InputError, "itself"),
        (lambda b: b.delete("wait"), InputError, "--with-codings"),
        (lambda b: b.restore("wait"), InputError, "in use"),
        (lambda b: b.restore("nothing"), NotFound, "nothing"),
        (lambda b: b.split("wait", []), InputError, "'to'"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_changes_nothing(project, edit, error, words):
    before = project.content_digest()
    with pytest.raises(error, match=words):
        edit(project.edit_codebook(coder="Kim"))
    assert project.content_digest() == before


def test_nobody_changes_a_codebook(project):
    with pytest.raises(InputError, match="Nobody"):
        project.edit_codebook(coder=" ").archive("wait")


def test_a_request_sent_twice_is_done_once(project):
    change = project.edit_codebook(coder="Kim", key="k1").add("Late buses")
    again = project.edit_codebook(coder="Kim", key="k1").add("Late buses")
    assert again.act == change.act
    assert again.notes == ("done before",)


def test_nearly_equal_names_are_pointed_out(project):
    change = project.edit_codebook(coder="Kim").add("Waitings")
    assert "nearly the same name" in change.notes[0]
    pairs = project.similar_codes(HashEncoder())
    assert {pairs[0].one, pairs[0].other} == {"wait", "waitings"}
    codes = [
        Code(id=str(n), name=name)
        for n, name in enumerate(("Trust in staff", "Staff, in trust", "Food"))
    ]
    assert [(p.one, p.other) for p in find_similar_names(codes)] == [("0", "1")]


def test_a_code_without_codings_has_nothing_to_split(project, tmp_path):
    with pytest.raises(NothingToDo, match="nothing to split"):
        project.edit_codebook(coder="Kim").write_split_sheet("access", tmp_path / "s.csv")


def test_a_coding_given_another_code_is_made_under_its_meaning_of_today(project):
    book = project.edit_codebook(coder="Kim")
    book.define("shame", {"definition": "Ashamed before others"})
    book.confirm("shame")
    coding = project.codings(code="family", coder="Amina")[0]
    place = Place(transcript=coding.transcript, start=coding.span.start, end=coding.span.end)
    project.recode(place, "family", "shame", coder="Amina")
    assert not project.outdated_codings()


def test_of_two_people_changing_one_code_the_slower_is_told_and_changes_nothing(project):
    seen = project.revision().number
    with Project.open(project.path) as other:
        other.edit_codebook(coder="Lee").rename("wait", "Limbo")
    before = project.content_digest()
    with pytest.raises(StudyChanged, match="Limbo"):
        project.edit_codebook(coder="Kim", since=seen).rename("wait", "Delay")
    assert project.content_digest() == before
    project.edit_codebook(coder="Kim", since=project.revision().number).rename("wait", "Delay")


def test_two_people_at_once_lose_nothing(project):
    def work(coder):
        with Project.open(project.path) as own:
            for number in range(5):
                own.edit_codebook(coder=coder).add(f"{coder} {number}")

    threads = [threading.Thread(target=work, args=(coder,)) for coder in ("Kim", "Lee")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = {code.name for code in project.codebook()}
    assert {f"{coder} {n}" for coder in ("Kim", "Lee") for n in range(5)} <= names
    assert project.verify_history().is_sound


@pytest.mark.parametrize(
    "edit",
    [lambda book: book.merge("wait", "shame"), lambda book: book.delete("wait", with_codings=True)],
)
def test_suggestions_that_a_code_takes_with_it_are_counted_beforehand(suggesting, edit):
    before = suggesting.suggestions()
    naming = {
        s.number
        for s in before
        if s.code != "wait"
        and (
            any("wait" in p.codes for p in (*s.evidence.precedents, *s.evidence.counter_examples))
            or any(n.code == "wait" for n in s.evidence.neighbours)
        )
    }
    tried = edit(suggesting.edit_codebook(coder="Amina", dry_run=True))
    assert suggesting.suggestions() == before
    assert tried.n_suggestions == sum(s.code == "wait" for s in before) > 0
    assert tried.n_suggestions_naming == len(naming)
    edit(suggesting.edit_codebook(coder="Amina"))
    left = {s.number for s in suggesting.suggestions()}
    gone = {s.number for s in before} - left
    assert gone == naming | {s.number for s in before if s.code == "wait"}


def test_suggestions_of_an_archived_code_are_set_aside_until_it_is_restored(suggesting):
    before = suggesting.suggestions()
    n = sum(s.code == "wait" for s in before)
    book = suggesting.edit_codebook(coder="Amina")
    assert book.archive("wait").n_suggestions == n
    assert suggesting.suggestions() == [s for s in before if s.code != "wait"]
    assert len(suggesting.suggestions(status="superseded", code="wait")) == n
    assert book.restore("wait").n_suggestions == n
    assert suggesting.suggestions() == before


def test_a_rename_names_both_and_an_unknown_code_says_how_many_there_are(project):
    change = project.edit_codebook(coder="Amina").rename("wait", "Waiting about")
    assert change.names == ("Waiting", "Waiting about")
    with pytest.raises(NotFound, match=r"No code 'volcano' in this study \(4 known\)"):
        project.edit_codebook(coder="Amina").archive("volcano")


def test_a_second_codebook_without_parents_says_nothing_of_them(project, tmp_path):
    path = tmp_path / "second.csv"
    path.write_text("code,name,definition\nwait,Waiting,Waiting anew\n", encoding="utf-8")
    project.import_paths([path], ImportOptions(update_codes=True))
    code = project.codebook().by_id["wait"]
    assert (code.definition, code.parent) == ("Waiting anew", "access")


def test_what_is_not_said_of_a_code_stays(project):
    before = project.codebook().by_id["wait"]
    project.edit_codebook(coder="Kim").edit("wait", CodeWords(memo=" m ", colour="#102030"))
    assert project.codebook().by_id["wait"] == replace(before, memo="m", colour="#102030")
    project.edit_codebook(coder="Kim").edit("wait", CodeWords(memo="", colour=""))
    assert project.codebook().by_id["wait"] == replace(before, memo="", colour=None)
    with pytest.raises(InputError, match="already"):
        project.edit_codebook(coder="Kim").edit("wait", CodeWords(name="shame"))


def test_only_the_codings_that_are_named_are_confirmed(project):
    project.edit_codebook(coder="Kim").define("wait", {"definition": "Limbo"})
    first, *rest = [one.coding for one in project.outdated_codings("wait")]
    only = [(first.transcript, first.span, first.coder), (first.transcript, Span(0, 1), "Nobody")]
    assert project.edit_codebook(coder="Kim").confirm("wait", only=only) == 1
    assert [one.coding for one in project.outdated_codings()] == rest
    assert project.edit_codebook(coder="Kim").confirm("wait", only=[]) == 0


def test_a_code_that_somebody_changed_is_left_alone(project):
    base = {"wait": project.codebook().by_id["wait"].digest}
    project.edit_codebook(coder="Jonas").archive("wait")
    with pytest.raises(StudyChanged, match="changed meanwhile"):
        project.edit_codebook(coder="Kim", base=base).rename("wait", "Limbo")
    project.edit_codebook(coder="Jonas").restore("wait")
    project.edit_codebook(coder="Kim", base=base).rename("wait", "Limbo")
    with pytest.raises(StudyChanged, match="no code"):
        project.edit_codebook(coder="Kim", base={"gone": "x"}).archive("wait")


def test_the_versions_of_a_code_are_what_each_act_made_of_it(project):
    editor = project.edit_codebook(coder="Kim")
    editor.rename("wait", "Limbo")
    editor.shift("shame", -1)
    editor.archive("wait")
    project.undo(coder="Kim")
    versions = project.code_versions("wait")
    assert versions[0].before is None
    assert [v.after and v.after.name for v in versions] == ["Waiting", "Limbo", "Limbo", "Limbo"]
    assert [v.after.archived for v in versions] == [False, False, True, False]
    assert len(project.code_versions("shame")) == 1  # its place in the order says nothing of it
