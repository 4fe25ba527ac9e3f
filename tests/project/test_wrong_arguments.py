"""What a program may give by mistake: unknown names and wrong kinds, each one clear line."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import sys
import typing

import pytest

import autocode
from autocode import (
    AutocodeError,
    Coder,
    HistoryFilter,
    InputError,
    NotFound,
    Place,
    Project,
    SearchOptions,
    Span,
    SpanError,
    load_encoder,
    run_every_step,
    write_quotes,
    write_report,
)
from autocode.core.arguments import TEXT_ALIASES
from autocode.encode.hashing import HashEncoder

from ..test_public_names import load_type_only

WHERE = Place(transcript="t1_ann", turn=1)
WRONG_NAMES = {
    "codings of a code": lambda p: p.codings(code="typo"),
    "codings of a coder": lambda p: p.codings(coder="typo"),
    "codings of a transcript": lambda p: p.codings(transcript="typo"),
    "segments of a speaker": lambda p: p.segments(speaker="typo"),
    "segments of a role": lambda p: p.segments(role="typo"),
    "readings": lambda p: p.readings(transcript="typo"),
    "recording": lambda p: p.recording("typo"),
    "code versions": lambda p: p.code_versions("typo"),
    "suggestions of a transcript": lambda p: p.suggestions(transcript="typo"),
    "suggestions of a code": lambda p: p.suggestions(code="typo"),
    "suggestions of a run": lambda p: p.suggestions(run=99),
    "last run": lambda p: p.last_run("typo"),
    "follow": lambda p: p.follow("typo", coder="Amina", encoder=HashEncoder()),
    "grid": lambda p: p.export_grid("grid.csv", "typo"),
}


@pytest.mark.parametrize("call", WRONG_NAMES.values(), ids=WRONG_NAMES)
def test_a_name_that_is_not_in_the_study_is_not_an_empty_answer(suggesting, call):
    with pytest.raises(NotFound):
        call(suggesting)


def test_names_of_codes_find_what_their_ids_find(suggesting):
    assert suggesting.codings(code="Waiting") == suggesting.codings(code="wait") != []
    named, by_id = suggesting.suggestions(code="Waiting"), suggesting.suggestions(code="wait")
    assert named == by_id != []


def test_a_known_name_without_anything_is_an_empty_answer(project):
    assert project.codings(transcript="t4_dev", code="shame", coder="Jonas") == []
    assert project.readings(transcript="t4_dev") == []
    assert project.suggestions(code="wait") == []
    assert project.recording("t1_ann") is None
    assert project.last_run("themes") is None
    assert project.recent_codes("Nobody yet") == []


WRONG_KINDS = {
    "a path where a list is due": lambda p: p.import_paths("interviews"),
    "a coder where a list is due": lambda p: p.assign_passes("Amina", coder="Lead"),
    "a number that is a text": lambda p: p.codings(limit="3"),
    "a negative number": lambda p: p.segments(limit=-1),
    "a truth value for a number": lambda p: p.suggestions(limit=True),
    "a name for an encoder": lambda p: p.suggest("fast"),
    "a transcript for a place": lambda p: p.code("t1_ann", "wait", coder="Amina"),
    "a turn that is a text": lambda p: p.code(
        Place(transcript="t1_ann", turn="1"), "wait", coder="Amina"
    ),
    "nothing for a name": lambda p: p.transcript(None),
    "a truth value for a suggestion": lambda p: p.decide(True, "accept", coder="Amina"),
    "no coder": lambda p: p.decide(1, "accept", coder=""),
    "a text for options": lambda p: p.history("Amina"),
    "a day that is none": lambda p: p.history(HistoryFilter(since="yesterday")),
    "a limit of hits": lambda p: p.search("wait", options=SearchOptions(limit=-3)),
    "an outcome": lambda p: p.resolve(WHERE, "wait", "most", reason="So", coder="Lead"),
    "a kind of coder": lambda p: p.set_coder(Coder("Amina", "robot")),
    "a code's name": lambda p: p.edit_codebook(coder="Amina").rename("wait", 3),
    "a folder as a transcript": lambda p: p.add_transcript("/"),
    "a study's path for a study": lambda p: write_report(str(p.path), "report.html"),
    "a number for a model": lambda p: load_encoder(3),
    "a study that is None": lambda p: Project.open(None),
}


@pytest.mark.parametrize("call", WRONG_KINDS.values(), ids=WRONG_KINDS)
def test_an_argument_of_the_wrong_kind_is_one_line_and_changes_nothing(
    suggesting, call, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    before = suggesting.content_digest()
    with pytest.raises(AutocodeError) as refused:
        call(suggesting)
    assert isinstance(refused.value, InputError)
    assert str(refused.value).endswith((".", "]", "?"))
    assert suggesting.content_digest() == before


@pytest.mark.parametrize(("start", "end"), [("a", 3), (0, None), (5, 3)])
def test_a_span_of_no_numbers_is_refused(start, end):
    with pytest.raises(SpanError, match="0 <= start <= end"):
        Span(start, end)


def test_files_are_named_by_texts_and_paths_alike(suggesting, sources, tmp_path):
    assert write_quotes(suggesting.quotes(), str(tmp_path / "quotes.md"))
    outcome = run_every_step(
        suggesting, [str(sources)], str(tmp_path / "out"), encoder=HashEncoder()
    )
    assert outcome.files["report"].exists()


def test_a_folder_in_the_place_of_a_file_is_named_as_that(project, tmp_path):
    with pytest.raises(InputError, match="Name a file in it"):
        write_report(project, tmp_path)


def _literals(member: object) -> set[str]:
    """The names in the annotations of a function or dataclass that stand for some words."""
    known = dict(vars(sys.modules[member.__module__])) | load_type_only(member)
    texts = [str(annotation) for annotation in member.__annotations__.values()]
    names = {
        node.id
        for text in texts
        for node in ast.walk(ast.parse(text, mode="eval"))
        if isinstance(node, ast.Name)
    }
    return {name for name in names if typing.get_origin(known.get(name)) is typing.Literal}


def test_every_name_for_some_words_in_a_checked_signature_is_known():
    """Else the words themselves would be refused."""
    members = [
        inspect.unwrap(getattr(method, "__func__", method))
        for name, method in inspect.getmembers(Project, callable)
        if not name.startswith("_")
    ]
    for name in autocode.__all__:
        value = getattr(autocode, name)
        is_options = dataclasses.is_dataclass(value) and hasattr(value.__init__, "__wrapped__")
        if is_options or inspect.isfunction(value):
            members.append(value)
    assert set().union(*map(_literals, members)) <= TEXT_ALIASES
