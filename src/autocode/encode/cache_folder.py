"""Where what can be made again is kept between runs: exported models, and vectors if asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

CACHE_VARIABLE = "AUTOCODE_CACHE"
"""Names the cache folder; where it is set, studies also share their vectors there."""

RECORD = "export.json"
"""The record in the folder of each exported model."""


def find_shared_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The folder in which studies share their vectors, or None where nobody asked for it."""
    return find_cache_folder(environment) if environment.get(CACHE_VARIABLE) else None


def find_cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder that AUTOCODE_CACHE names, else the platform's own for caches of a user.

    The folder need not exist.
    """
    named = environment.get(CACHE_VARIABLE, "")
    if named:
        return Path(named).expanduser()
    home = Path.home()
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / "autocode"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "autocode"
    return Path(environment.get("XDG_CACHE_HOME") or home / ".cache") / "autocode"


def locate_exports(cache: Path) -> list[Path]:
    """The folders of all exported models in a cache folder."""
    return sorted(path.parent for path in (cache / "models").glob(f"*/{RECORD}"))
