"""Files that are named by URL."""

from __future__ import annotations

import fsspec
import pytest


@pytest.fixture
def memory():
    """The files of this process, none to begin with."""
    filesystem = fsspec.filesystem("memory")
    filesystem.store.clear()
    filesystem.pseudo_dirs[:] = [""]
    return filesystem
