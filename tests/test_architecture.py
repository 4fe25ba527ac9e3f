"""The stairs: imports go down the floors only, and each heavy dependency has one door."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "autocode"

# From the ground up. A room may import rooms of lower floors; on the ground floor, the rooms
# named before it. Rooms of one floor do not know each other.
GROUND = [
    "errors",
    "progress",
    "words",
    "transcript",
    "codebook",
    "coding",
    "draft",
    "alignment",
    "speakers",
]
FLOORS = [
    {"segment", "terms", "embed", "io", "store"},
    {"suggest", "cluster", "agreement"},
    {"pipeline"},
    {"project"},
    {"evaluate"},
    {"report"},
    {"cli"},
]
DOORS = {
    "spacy": {"segment/component.py"},
    "torch": {"embed/sentence.py", "embed/words.py"},
    "sentence_transformers": {"embed/sentence.py"},
    "transformers": {"embed/sentence.py"},
    "huggingface_hub": {"embed/sentence.py"},
    # The scores of clusterings are scikit-learn's own; everything else goes through terms.
    "sklearn": {"terms.py", "agreement/clusterings.py"},
    "hdbscan": {"cluster/dense.py"},
    "threadpoolctl": {"cluster/dense.py"},
    "datasets": {"project/dataset.py"},
    "webvtt": {"io/captions.py"},
    "pysubs2": {"io/captions.py"},
    "docx": {"io/word.py"},
    "lxml": {"io/markup.py", "io/word.py", "io/refi.py"},
    "openpyxl": {"io/spreadsheet.py"},
    "pypdf": {"io/pdf.py"},
    "striprtf": {"io/rtf.py"},
    "charset_normalizer": {"io/files.py"},
    "jinja2": {"report/page.py"},
}
FOLDER_DOORS = {"sqlalchemy": "store/", "click": "cli/"}
LIGHT = {"errors", "progress", "transcript", "codebook", "coding", "draft", "alignment", "speakers"}


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def place(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def floor(name: str) -> int:
    if name in GROUND:
        return 0
    return next(number for number, rooms in enumerate(FLOORS, start=1) if name in rooms)


def imports(path: Path) -> list[tuple[str, int]]:
    """Absolute dotted names of everything a module imports, with the line."""
    package = ["autocode", *path.relative_to(SOURCE).parts[:-1]]
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.append((node.module or "", node.lineno))
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1]
            stem = [*base, *(node.module or "").split(".")] if node.module else base
            if node.module:
                found.append((".".join(stem), node.lineno))
            else:
                found += [(".".join([*stem, alias.name]), node.lineno) for alias in node.names]
    return found


def inner(name: str) -> str | None:
    """The room of ours that an import reaches, if any (the package's own version apart)."""
    parts = name.split(".")
    if parts[0] != "autocode" or len(parts) < 2 or parts[1] == "__version__":
        return None
    return parts[1]


def test_every_room_has_a_floor():
    rooms = {room(path) for path in modules()} - {"__init__", "example", "_models"}
    assert rooms == {*GROUND, *(name for floor_ in FLOORS for name in floor_)}


# The façade names rooms of every floor, and loads none.
@pytest.mark.parametrize("path", [p for p in modules() if room(p) != "__init__"], ids=place)
def test_imports_go_down_only(path: Path):
    own = room(path)
    for name, line in imports(path):
        other = inner(name)
        if other is None or other == own:
            continue
        if floor(own) == 0:
            assert other in GROUND, f"{place(path)}:{line} imports {name} from above"
            assert GROUND.index(other) < GROUND.index(own), f"{place(path)}:{line}: {name}"
        else:
            assert floor(other) < floor(own), f"{place(path)}:{line} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=place)
def test_only_the_project_and_what_is_above_know_files_and_store(path: Path):
    if room(path) in {"io", "store"} or floor_of(path) >= floor("project"):
        return
    reached = {inner(name) for name, _ in imports(path)}
    assert not reached & {"io", "store"}, place(path)


@pytest.mark.parametrize("path", modules(), ids=place)
def test_heavy_dependencies_have_one_door(path: Path):
    for name, line in imports(path):
        top = name.split(".")[0]
        if top in DOORS:
            assert place(path) in DOORS[top], f"{place(path)}:{line} imports {name}"
        if top in FOLDER_DOORS:
            assert place(path).startswith(FOLDER_DOORS[top]), f"{place(path)}:{line}: {name}"


def test_ground_floor_imports_only_the_standard_library():
    import sys

    for path in modules():
        if room(path) in LIGHT:
            for name, line in imports(path):
                top = name.split(".")[0]
                assert top in sys.stdlib_module_names | {"autocode"}, f"{place(path)}:{line}"


def test_packages_import_their_modules_not_their_own_front():
    for path in modules():
        if path.name == "__init__.py":
            continue
        own = "autocode." + ".".join(path.relative_to(SOURCE).parts[:-1])
        if own != "autocode.":
            assert own not in {name for name, _ in imports(path)}, place(path)


def floor_of(path: Path) -> int:
    return 0 if room(path) == "__init__" else floor(room(path))
