"""What lies in a folder: every file once, in order, within bounds; what names say of files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

MOST_FILES = 20_000
"""Files of a folder that are looked at; a folder that holds more was hardly meant."""
_SYSTEM = {"thumbs.db", "desktop.ini", ".ds_store", ".gitignore", ".gitattributes"}
_LOCK = re.compile(r"~\$|\.~lock\.|\._")
_OLD_FOLDER = re.compile(
    r"(?i)\b(?:old|older|archive[d]?|previous|backup|bak|superseded|obsolete|trash|alt|alte|archiv"
    r"|ancien(?:ne)?s?|antiguo?s?|viejo?s?)\b"
)
_COPY = re.compile(
    r"(?i)(?:^(?:copy of|kopie von|copie de|copia de)\s+"
    r"|[\s_-]*\(\d{1,2}\)$|[\s_-]+(?:copy|kopie|copie|copia)(?:\s*\(?\d{1,2}\)?)?$)"
)
_VERSION = re.compile(
    r"(?i)[\s_.-]+(?:v(?:er(?:sion)?)?[\s_.-]?(?P<number>\d{1,3})"
    r"|(?P<final>final|clean(?:ed)?|endfassung)"
    r"|(?P<old>old|alt|bak|backup|draft|entwurf))$"
)


def walk(folder: Path, is_unit: Callable[[Path], bool]) -> Iterator[Path]:
    """Every file under a folder in order of names, and every folder that `is_unit` takes whole.

    Hidden files and what programs leave behind are passed over; a folder that links lead back to is
    entered once. At most `MOST_FILES` are given.
    """
    seen: set[Path] = set()
    n_files = 0
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        resolved = current.resolve()
        if resolved in seen:
            continue
        seen.add(resolved)
        folders = []
        for child in sorted(current.iterdir()):
            if child.name.lower() in _SYSTEM or (
                child.name.startswith(".") and not _LOCK.match(child.name)
            ):
                continue
            if child.is_dir() and not is_unit(child):
                folders.append(child)
                continue
            n_files += 1
            if n_files > MOST_FILES:
                return
            yield child
        waiting += reversed(folders)


def is_lock_file(path: Path) -> bool:
    """Whether a file is what Word, LibreOffice or macOS keep beside a document that is open."""
    return _LOCK.match(path.name) is not None


def lies_in_old_folder(path: Path, root: Path) -> bool:
    """Whether a folder between `root` and the file is named like one of old versions."""
    parts = path.relative_to(root).parts[:-1] if path.is_relative_to(root) else path.parts[-2:-1]
    return any(_OLD_FOLDER.search(part) for part in parts)


def plain_name(stem: str) -> str:
    """A name without the marks of copies and versions: "Copy of P01_v2 (1)" is "p01"."""
    name = stem.strip()
    for _ in range(4):
        shorter = _VERSION.sub("", _COPY.sub("", name)).strip() or name
        if shorter == name:
            break
        name = shorter
    return name.casefold()


def rank_version(stem: str) -> tuple[int, int]:
    """How late a version is by its name: old, plain, numbered, final; and whether it is a copy."""
    match = _VERSION.search(_COPY.sub("", stem.strip()))
    copied = -1 if _COPY.search(stem.strip()) else 0
    if match is None:
        return 0, copied
    if match["old"]:
        return -1, copied
    return (1000 if match["final"] else int(match["number"] or 0)), copied
