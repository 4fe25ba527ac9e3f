"""What is built holds what is needed: the models in the wheel, and all of a clone in the sdist."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
from hatchling import build

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_wheel_carries_every_file_of_the_models_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    with zipfile.ZipFile(tmp_path / build.build_wheel(str(tmp_path))) as wheel:
        names = set(wheel.namelist())
        carried = {
            name.removeprefix("autocode/_models/"): hashlib.sha256(wheel.read(name)).hexdigest()
            for name in names
            if name.startswith("autocode/_models/")
        }
    models = ROOT / "models"
    assert carried == {
        path.relative_to(models).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in models.rglob("*")
        if path.is_file()
    }
    assert "speech-head/weights.npz" in carried
    assert "autocode/report/templates/report.html" in names
    assert "autocode/example/study/codebook.csv" in names
    assert {"autocode/page/templates/coding.html", "autocode/page/static/coding.js"} <= names


@pytest.mark.slow
def test_sdist_carries_every_tracked_file(tmp_path, monkeypatch):
    if not (ROOT / ".git").exists():
        pytest.skip("no git repository here: what is tracked is not known")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    tracked = {name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()}
    monkeypatch.chdir(ROOT)
    with tarfile.open(tmp_path / build.build_sdist(str(tmp_path))) as archive:
        carried = {name.partition("/")[2] for name in archive.getnames()}
    assert tracked <= carried, sorted(tracked - carried)
