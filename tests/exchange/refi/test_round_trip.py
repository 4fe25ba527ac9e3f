"""What is written is valid by the schema, and comes back as it was."""

from __future__ import annotations

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autocode.core.errors import InputError
from autocode.exchange.compare import compare_projects
from autocode.exchange.losses import LossLedger
from autocode.exchange.project import Part, Selection, Source, ToolCode, ToolProject, make_guid
from autocode.exchange.refi.case_codes import move_to_cases
from autocode.exchange.refi.profiles import PROFILE_NAMES, get_profile
from autocode.exchange.refi.read import read_refi
from autocode.exchange.refi.write import validate_refi, write_refi

from .support import projects


def goes_round(project: ToolProject, path: Path, profile="refi") -> ToolProject:
    write_refi(project, path, profile)
    assert validate_refi(path) == []
    again = read_refi(path).project
    if fit := get_profile(profile).fit:
        project = fit(project, LossLedger())  # what is done to it stands in the report
        project = move_to_cases(project, {case.guid for case in project.cases}, LossLedger())
    assert compare_projects(project, again).differences == ()
    return again


@pytest.mark.slow
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    project=projects(),
    profile=st.sampled_from([name for name in PROFILE_NAMES if name != "qualcoder"]),
)
def test_random_projects_come_back_as_they_were(project, profile):
    with TemporaryDirectory() as folder:
        goes_round(project, Path(folder) / "p.qdpx", profile)


@settings(deadline=None, max_examples=5, suppress_health_check=list(HealthCheck))
@given(project=projects())
def test_a_few_random_projects_come_back_as_they_were(project):
    with TemporaryDirectory() as folder:
        goes_round(project, Path(folder) / "p.qdpx", "maxqda")


def test_an_empty_project_is_valid_too(tmp_path: Path):
    goes_round(ToolProject(name="empty"), tmp_path / "p.qdpx")
    goes_round(ToolProject(name="empty"), tmp_path / "p.qde")


def test_the_same_project_gives_the_same_bytes(tmp_path: Path):
    project = ToolProject(name="p", sources=(Source(guid=make_guid("a"), text="x"),))
    write_refi(project, tmp_path / "a.qdpx")
    write_refi(project, tmp_path / "b.qdpx")
    assert (tmp_path / "a.qdpx").read_bytes() == (tmp_path / "b.qdpx").read_bytes()


def test_a_bare_qde_holds_its_texts_and_loses_its_recordings(tmp_path: Path):
    text = Source(guid=make_guid("t"), name="t", text="a 🌱\n b")
    sound = Source(
        guid=make_guid("s"), kind="audio", original=Part(name="s.mp3", size=1, content=b"x")
    )
    report = write_refi(ToolProject(name="p", sources=(text, sound)), tmp_path / "p.qde", "nvivo")
    assert validate_refi(tmp_path / "p.qde") == []
    assert report.count("lost", "files") == 1
    again = read_refi(tmp_path / "p.qde").project
    assert [source.text for source in again.sources] == ["a 🌱\n b", None]


def test_profiles_choose_line_ends_and_what_positions_count(tmp_path: Path):
    source = Source(guid=make_guid("t"), name="t", text="a\nb\nc")
    selection = Selection(guid=make_guid("s"), source=source.guid, start=4, end=5)
    project = ToolProject(name="p", sources=(source,), selections=(selection,))
    for profile, raw, start in (("refi", b"a\nb\nc", "4"), ("maxqda", b"a\r\nb\r\nc", "6")):
        path = tmp_path / f"{profile}.qdpx"
        goes_round(project, path, profile)
        with zipfile.ZipFile(path) as archive:
            assert archive.read(f"sources/{source.guid}.txt") == raw
            assert f'startPosition="{start}"' in archive.read("project.qde").decode()


def test_what_the_schema_does_not_allow_is_mended_and_said(tmp_path: Path):
    source = Source(guid="qualcoder:7", name="bell \x07", text="x", made_at="yesterday")
    codes = tuple(
        ToolCode(guid=make_guid(str(n)), name=f"{n}", parent=make_guid(str(n - 1)) if n else None,
                 colour="red")
        for n in range(150)
    )  # fmt: skip
    path = tmp_path / "p.qdpx"
    report = write_refi(ToolProject(name="p", sources=(source,), codes=codes), path)
    assert validate_refi(path) == []
    said = {(item.outcome, item.what): item.count for item in report.items}
    assert said["changed", "identifiers"] == 1
    assert said["changed", "names"] == 1
    assert said["lost", "times"] == 1
    assert said["lost", "colours"] == 150
    assert said["changed", "codes"] > 0
    again = read_refi(path).project
    assert again.sources[0].name == "bell \ufffd"
    assert len(again.codes) == 150


def test_codes_in_a_circle_are_named_as_lost(tmp_path: Path):
    one, other = make_guid("1"), make_guid("2")
    codes = (ToolCode(guid=one, name="a", parent=other), ToolCode(guid=other, name="b", parent=one))
    report = write_refi(ToolProject(name="p", codes=codes), tmp_path / "p.qdpx")
    assert report.count("lost", "codes") == 2
    assert validate_refi(tmp_path / "p.qdpx") == []


def test_a_codebook_needs_codes_and_every_file_a_known_tool(tmp_path: Path):
    with pytest.raises(InputError, match="no codes"):
        write_refi(ToolProject(name="p"), tmp_path / "p.qdc")
    with pytest.raises(InputError, match="Did you mean 'maxqda'"):
        write_refi(ToolProject(name="p"), tmp_path / "p.qdpx", "maxdqa")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"\.qdpx, \.qde or \.qdc"):
        write_refi(ToolProject(name="p"), tmp_path / "p.zip")
    assert not list(tmp_path.iterdir())
