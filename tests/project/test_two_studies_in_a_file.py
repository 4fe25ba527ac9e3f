"""A file that one study wrote is imported into another: what both name alike stays apart."""

from __future__ import annotations

from collections import Counter

import pytest

from autocode.core import map_edits as edits
from autocode.exchange.formats import read_project
from autocode.exchange.refi.write import validate_refi
from autocode.project import Project
from autocode.project.hand_coding import Place


def make(path, name, theme):
    """A study of one transcript that Amina coded and read, with a theme and a map."""
    file = path.with_name(f"{name}.txt")
    file.write_text(
        f"Interviewer: And then, {name}?\nAnn: I waited for months, and nobody rang.\n", "utf-8"
    )
    project = Project.open(path, create_new=True)
    project.add_transcript(file)
    project.code_anew(Place(transcript=name, words="waited"), f"Wait {name}", coder="Amina")
    for at in range(len(project.transcript(name).turns)):
        project.mark_read(Place(transcript=name, turn=at + 1), coder="Amina")
    project.edit_map(
        lambda known: edits.place_codes(
            edits.add_theme(known, theme), theme, [project.codebook().candidates()[0].id]
        ),
        coder="Amina",
    )
    return project


def list_guids(written):
    """Every guid of sets and maps in a file."""
    graphs = [part.guid for g in written.graphs for part in (g, *g.vertices, *g.edges)]
    return Counter([*(one.guid for one in written.collections), *graphs])


@pytest.mark.parametrize("theme", ["Another theme", "A theme"])
def test_sets_and_maps_of_both_are_in_the_file_once(theme, tmp_path):
    with make(tmp_path / "b.autocode", "second", theme) as other:
        other.export_project(tmp_path / "b.qdpx")
    with make(tmp_path / "a.autocode", "first", "A theme") as project:
        project.import_paths([tmp_path / "b.qdpx"])
        project.export_project(tmp_path / "a.qdpx")
    written = read_project(tmp_path / "a.qdpx").project
    assert validate_refi(tmp_path / "a.qdpx") == []
    assert {n for n in list_guids(written).values()} == {1}
    names = Counter(one.name for one in written.collections)
    assert names["read by Amina"] == 1
    (read,) = [one for one in written.collections if one.name == "read by Amina"]
    assert len(read.sources) == 2
    assert set(names) >= {"A theme", theme}
    drawn = {v.represents for graph in written.graphs for v in graph.vertices}
    assert {one.guid for one in written.collections if one.codes} <= drawn


def test_a_file_of_the_study_itself_comes_back_as_it_was(tmp_path):
    with make(tmp_path / "a.autocode", "first", "A theme") as project:
        project.export_project(tmp_path / "one.qdpx")
    with Project.open(tmp_path / "again.autocode", create_new=True) as project:
        project.import_paths([tmp_path / "one.qdpx"])
        project.export_project(tmp_path / "two.qdpx")
    one, two = (read_project(tmp_path / name).project for name in ("one.qdpx", "two.qdpx"))
    assert list_guids(two) == list_guids(one)
