"""Names and docstrings use the field's terms (glossary in ARCHITECTURE.md), no retired word."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "autocode"

# Words that a statistician or a researcher cannot look up, with the term to use.
RETIRED = {
    "middle": "centroid, mean or median",
    "middles": "centroids, means or medians",
    "nowhere": "unassigned",
    "fate": "assignment",
    "fates": "assignments",
    "standing": "fitted themes or code status",
    "voice": "speaker or participant",
    "voices": "speakers or participants",
    "twin": "near-duplicate",
    "twins": "near-duplicates",
    "shelf": "vector cache",
    "exam": "gold data",
    "vault": "held-out",
    "sitting": "evaluator",
    "told": "message, payload or diagnostics",
    "stretch": "slope",
    "crowding": "competition",
    "hears": "is informed by",
    "heard": "context scores",
    "sure": "auto-acceptable or likely",
    "house": "library",
    "room": "package or module",
    "rooms": "packages or modules",
    "door": "adapter",
    "doors": "adapters",
    "stairs": "layers",
    "mother": "parent_a",
    "father": "parent_b",
    "found": "the name of what it is",
    "how": "options",
}
# Words that are at home in prose, but are no names.
NAMES_ONLY = {
    *("found", "how", "middle", "standing", "room", "door", "house", "stretch"),
    *("mother", "father"),  # labels of speakers in family talk
}
# A name that says what any program calls it so.
ALLOWED = {"NotFound"}


def modules() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if "example" not in path.parts)


def place(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def words_of(name: str) -> set[str]:
    """The words of an identifier: `NearWords_of` is near, words, of."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def names_of(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            yield line, node.name
        elif isinstance(node, ast.arg):
            yield line, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield line, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield line, node.attr
        elif isinstance(node, ast.alias) and node.asname:
            yield line, node.asname


def docstrings_of(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield getattr(node, "lineno", 1), text


Words = list[tuple[int, str]]


@functools.cache
def names_and_docstrings() -> dict[Path, tuple[Words, Words]]:
    """Of each module, with the lines; every module is parsed once and its tree is not kept."""
    known = {}
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        known[path] = [*names_of(tree), (1, path.stem)], list(docstrings_of(tree))
    return known


def test_no_name_is_a_retired_word():
    faults = [
        f"{place(path)}:{line}: {name} (say {RETIRED[word]})"
        for path, (names, _) in names_and_docstrings().items()
        for line, name in names
        if name not in ALLOWED
        for word in sorted(words_of(name) & set(RETIRED))
    ]
    assert not faults, "\n".join(faults)


def test_no_docstring_uses_a_retired_word():
    retired = set(RETIRED) - NAMES_ONLY
    faults = [
        f"{place(path)}:{line}: '{word}' (say {RETIRED[word]})"
        for path, (_, docstrings) in names_and_docstrings().items()
        for line, text in docstrings
        for word in sorted(set(re.findall(r"[a-z]+", text.lower())) & retired)
    ]
    assert not faults, "\n".join(faults)


def test_the_glossary_names_every_retired_word():
    glossary = (SOURCE.parents[1] / "ARCHITECTURE.md").read_text(encoding="utf-8").lower()
    words = set(re.findall(r"[a-z]+", glossary))
    missing = [word for word in RETIRED if not {word, word.removesuffix("s")} & words]
    assert not missing
