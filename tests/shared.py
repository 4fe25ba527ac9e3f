"""Where the shared corpora and samples lie, and what is said where they do not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("AUTOCODE_SHARED", Path(__file__).parents[2] / "shared"))


def present(path: Path) -> Path:
    """The path if it is there, else the test is skipped: shared files are not ours to carry."""
    if not path.exists():
        pytest.skip(f"no {path}: set AUTOCODE_SHARED to the folder of shared corpora and samples")
    return path
