"""Where what can be made again is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from autocode.encode.cache_folder import find_cache_folder


def test_named_folder_comes_first():
    named = {"AUTOCODE_CACHE": "~/vectors", "XDG_CACHE_HOME": "/elsewhere"}
    assert find_cache_folder(named) == Path.home() / "vectors"


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, Path.home() / ".cache" / "autocode"),
        ("linux", {"XDG_CACHE_HOME": "/x", "AUTOCODE_CACHE": ""}, Path("/x/autocode")),
        ("darwin", {}, Path.home() / "Library" / "Caches" / "autocode"),
        ("win32", {"LOCALAPPDATA": "/l"}, Path("/l/autocode")),
    ],
)
def test_else_the_platforms_own(monkeypatch, platform, environment, expected):
    monkeypatch.setattr("sys.platform", platform)
    assert find_cache_folder(environment) == expected
