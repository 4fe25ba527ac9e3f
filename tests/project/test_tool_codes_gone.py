"""Codes merged, deleted, or one with those of another project: what refers to them goes along."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autocode.core.errors import AutocodeError
from autocode.exchange.formats import read_project
from autocode.exchange.project import (
    Collection,
    Note,
    Selection,
    Source,
    ToolCode,
    ToolCoder,
    ToolCoding,
    ToolProject,
)
from autocode.exchange.refi.write import write_refi
from autocode.project import Project

from ..exchange.refi.support import projects
from .test_tool_changes import find_selection, study, take  # noqa: F401 - a fixture
from .test_tool_projects import RANG, WAITED, WORDS, export, guid, make_project

OTHER_WORDS = "Cem: I came on foot.\n"


def list_dangling(project: ToolProject) -> list[str]:
    """Codings of codes that the project does not hold, and things that share a guid."""
    codes = {code.guid for code in project.codes} | {case.guid for case in project.cases}
    wrong = [coding.guid for coding in project.walk_codings() if coding.code not in codes]
    for things in (project.coders, project.codes, project.sources, project.selections):
        guids = [thing.guid for thing in things]
        wrong += [one for one in set(guids) if guids.count(one) > 1]
    return wrong


def list_codings(project: Project) -> set[tuple[str, str, int, int, str]]:
    names = {code.id: code.name for code in project.codebook()}
    return {
        (c.transcript, names[c.code], c.span.start, c.span.end, c.coder) for c in project.codings()
    }


def come_back(study: Project, tmp_path: Path) -> set[tuple[str, str, int, int, str]]:  # noqa: F811
    """The codings of a new study that the exported project is taken into."""
    export(study, tmp_path)
    with Project.open(tmp_path / "new.autocode", create_new=True) as new:
        (file,) = new.import_paths([tmp_path / "back.qdpx"]).imported
        wrong = ("does not hold", "identifier of something else")
        assert not [i for i in file.losses.items if any(words in i.reason for words in wrong)]
        return list_codings(new)


def count_changes(study: Project, tmp_path: Path) -> dict[str, int]:  # noqa: F811
    """What became of codes and codings, by reason."""
    losses = study.export_project(tmp_path / "counted.qdpx")
    return {i.reason: i.count for i in losses.items if i.outcome == "changed"}


def test_codings_of_a_merged_code_go_out_as_the_same_codings_with_the_other_code(
    study, tmp_path  # noqa: F811
):  # fmt: skip
    take(study, make_project(), tmp_path)
    study.edit_codebook(coder="Kim").merge("Waiting (2)", "Calls")
    after = export(study, tmp_path)
    assert list_dangling(after) == []
    (coding,) = find_selection(after, "s2").codings
    assert (coding.guid, coding.code) == (guid("c3"), guid("calls"))
    assert count_changes(study, tmp_path) == {"were taken out in the study": 1}
    assert come_back(study, tmp_path) == list_codings(study)


@pytest.mark.slow
def test_a_merged_code_stays_for_what_a_study_does_not_show(study, tmp_path):  # noqa: F811
    take(study, make_project(), tmp_path)
    study.edit_codebook(coder="Kim").merge("Waiting", "Calls")
    after = export(study, tmp_path)
    assert list_dangling(after) == []
    assert [c.code for c in find_selection(after, "s4").codings] == [guid("wait")]  # a picture
    first = find_selection(after, "s1")
    assert {(c.guid, c.code) for c in first.codings} == {
        (guid("c1"), guid("calls")), (guid("c2"), guid("calls")),
    }  # fmt: skip
    assert first.description == "first"  # the memo of its first coding, which is still there
    assert count_changes(study, tmp_path) == {
        "were taken out in the study, and stay for what it does not show of a project": 1
    }
    assert come_back(study, tmp_path) == list_codings(study)


def test_two_codings_that_merging_makes_one_are_one_and_that_is_said(study, tmp_path):  # noqa: F811
    project = make_project()
    both = tuple(
        ToolCoding(guid=guid(name), code=guid(code), coder=guid("kim"))
        for name, code in (("c3", "wait 2"), ("c5", "calls"))
    )
    twice = replace(project.selections[1], codings=both)
    project = replace(project, selections=(project.selections[0], twice, *project.selections[2:]))
    take(study, project, tmp_path)
    study.edit_codebook(coder="Kim").merge("Waiting (2)", "Calls")
    after = export(study, tmp_path)
    assert [c.guid for c in find_selection(after, "s2").codings] == [guid("c5")]
    assert count_changes(study, tmp_path) == {
        "were taken out in the study": 1,
        "had a code that was taken out in the study, or merged into one that is there too": 1,
    }


def test_codings_of_a_deleted_code_go_with_it(study, tmp_path):  # noqa: F811
    take(study, make_project(), tmp_path)
    study.edit_codebook(coder="Kim").delete("Waiting (2)", with_codings=True)
    after = export(study, tmp_path)
    assert list_dangling(after) == []
    assert find_selection(after, "s2") is None
    assert guid("wait 2") not in {code.guid for code in after.codes}


def make_other() -> ToolProject:
    """The project of a second coder, made apart: codes and a coder of the same names."""
    kim, ada = guid("kim elsewhere"), guid("ada")

    def select(name: str, source: str, span: tuple[int, int], code: str, coder: str) -> Selection:
        coding = ToolCoding(guid=guid(f"of {name}"), code=guid(code), coder=coder)
        start, end = span
        return Selection(
            guid=guid(name), source=guid(source), start=start, end=end, codings=(coding,)
        )

    return ToolProject(
        name="elsewhere",
        coders=(ToolCoder(guid=kim, name="Kim"), ToolCoder(guid=ada, name="Ada")),
        codes=(
            ToolCode(guid=guid("calls elsewhere"), name="Calls", notes=(guid("on calls"),)),
            ToolCode(guid=guid("walking"), name="Walking"),
        ),
        sources=(
            Source(guid=guid("ann elsewhere"), name="Ann", text=WORDS),
            Source(guid=guid("cem"), name="Cem", text=OTHER_WORDS),
        ),
        selections=(
            select("x1", "ann elsewhere", RANG, "calls elsewhere", kim),
            select("x2", "ann elsewhere", WAITED, "calls elsewhere", ada),
            select("x3", "cem", (5, 19), "calls elsewhere", kim),
            select("x4", "cem", (7, 11), "walking", ada),
        ),
        notes=(Note(guid=guid("on calls"), text="Also knocking"),),
        collections=(
            Collection(
                guid=guid("ways"), name="Ways", codes=(guid("calls elsewhere"), guid("walking"))
            ),
        ),
    )


def test_a_second_project_with_codes_of_the_same_names_goes_out_in_one_piece(
    study, tmp_path  # noqa: F811
):  # fmt: skip
    take(study, make_project(), tmp_path)
    take(study, make_other(), tmp_path, "other")
    after = export(study, tmp_path)
    assert list_dangling(after) == []
    assert [code.name for code in after.codes].count("Calls") == 1
    assert sorted(coder.name for coder in after.coders) == ["Ada", "Kim", "Kim"]
    (coding,) = find_selection(after, "x3").codings
    assert (coding.guid, coding.code) == (guid("of x3"), guid("calls"))
    assert coding.coder in {guid("kim"), guid("kim elsewhere")}
    (group,) = (one for one in after.collections if one.name == "Ways")
    assert set(group.codes) == {guid("calls"), guid("walking")}
    (code,) = (code for code in after.codes if code.name == "Calls")
    assert code.notes == (guid("on calls"),)
    assert count_changes(study, tmp_path) == {}
    assert come_back(study, tmp_path) == list_codings(study)


@pytest.mark.slow
@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(project=projects(), seed=st.integers(0, 2**16))
def test_after_any_merging_and_deleting_nothing_refers_to_what_is_not_there(project, seed):
    draw = random.Random(seed)
    with TemporaryDirectory() as folder:
        came = Path(folder) / "came.qdpx"
        write_refi(project, came)
        with Project.open(Path(folder) / "s.autocode", create_new=True) as changed:
            assert not changed.import_paths([came]).refused
            for _ in range(3):
                codes = [code.id for code in changed.codebook()]
                if len(codes) < 2:
                    break
                one, other = draw.sample(codes, 2)
                book = changed.edit_codebook(coder="Kim")
                try:
                    if draw.random() < 0.7:
                        book.merge(one, other)
                    else:
                        book.delete(one, with_codings=True)
                except AutocodeError:  # a heading that cannot be merged, or has codes below it
                    continue
            assert list_dangling(export(changed, Path(folder))) == []
            again = read_project(Path(folder) / "back.qdpx")
            assert not [i for i in again.report.items if "does not hold" in i.reason]
