"""Projects as text that is kept, and taken apart again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from autocode.exchange.packed import pack_project, unpack_project
from autocode.exchange.project import Graph, Part, Source, ToolProject, Vertex

from .refi.support import projects


@settings(deadline=None, max_examples=10, suppress_health_check=list(HealthCheck))
@given(project=projects())
def test_random_projects_are_unpacked_as_they_were(project):
    assert unpack_project(pack_project(project)) == project


def test_places_of_files_and_pairs_come_back():
    part = Part(name="a.mp3", size=9, path=Path("/x/p.qdpx"), member="sources/a.mp3")
    source = Source(guid="a", kind="audio", original=part, other_addresses=(("currentPath", "C:"),))
    graph = Graph(guid="g", vertices=(Vertex(guid="v", place=(1, 2, 3, 4)),))
    project = ToolProject(name="p", sources=(source,), graphs=(graph,), parts=(part,))
    assert unpack_project(pack_project(project)) == project


def test_fields_that_came_or_went_since_do_no_harm():
    packed = json.loads(pack_project(ToolProject(name="p", base_path="x")))
    names = packed["fields"]["ToolProject"]
    packed["project"][names.index("base_path")] = "y"
    names[names.index("base_path")] = "gone"
    assert unpack_project(json.dumps(packed)) == replace(ToolProject(name="p"), base_path="")


@pytest.mark.parametrize("text", ["{}", "[]", '{"fields": {}, "project": [1]}', "x"])
def test_other_text_is_refused(text):
    with pytest.raises(ValueError, match=r"not a packed project|Expecting value"):
        unpack_project(text)
