"""Imports go down the layers only, in no cycle, and each heavy dependency has one adapter."""

from __future__ import annotations

import ast
import functools
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "autocode"

# From the bottom up. A package may import packages of lower layers; packages of one layer do not
# know each other.
LAYERS = [
    {"serialise"},
    {"core"},
    {"linalg", "untrusted_sqlite", "cores"},
    {"text"},
    {"segment", "encode", "io", "store", "deidentify"},
    {"exchange"},
    {"suggest", "themes", "agreement", "analysis"},
    {"pipeline", "bulk"},
    {"project"},
    {"evaluate"},
    {"report"},
    {"workflow"},
    {"page"},
    {"cli"},
    {"__main__"},
]
ADAPTERS = {
    "spacy": {"segment/spacy_component.py", "deidentify/spacy_names.py"},
    "torch": {
        "encode/sentence_transformers.py",
        "encode/word_states.py",
        "encode/onnx_export.py",
    },
    "onnxruntime": {"encode/onnx_model.py"},
    "tokenizers": {"encode/onnx_model.py", "encode/onnx_export.py", "encode/static.py"},
    "safetensors": {"encode/static.py", "encode/sentence_transformers.py"},
    "sentence_transformers": {"encode/sentence_transformers.py"},
    "transformers": {"encode/sentence_transformers.py"},
    "huggingface_hub": {"encode/sentence_transformers.py"},
    # Scores of clusterings are scikit-learn's own; everything else goes through terms.
    "sklearn": {
        "text/terms.py",
        "text/term_space.py",
        "agreement/coefficients/clusterings.py",
        "themes/stability.py",
    },
    "hdbscan": {"themes/hdbscan.py"},
    "threadpoolctl": {"linalg.py"},
    "distributed": {"bulk/dask_engine.py"},
    "pyarrow": {
        "bulk/read_input.py",
        "bulk/table_readers.py",
        "bulk/check_tables.py",
        "bulk/read_given.py",
        "bulk/partitions.py",
        "bulk/write_rows.py",
        "bulk/suggest_rows.py",
        "bulk/run.py",
    },
    "datasets": {"project/dataset.py"},
    "fsspec": {"io/url_path.py"},
    "webvtt": {"io/transcripts/captions.py"},
    "pysubs2": {"io/transcripts/captions.py"},
    "docx": {"io/word_document.py"},
    "lxml": {"io/xml.py"},
    "openpyxl": {"io/tables/xlsx.py", "io/tables/write_xlsx.py"},
    "pypdf": {"io/transcripts/pdf.py"},
    "charset_normalizer": {"io/decoding.py"},
    "yaml": {"io/transcripts/front_matter.py"},
    "jinja2": {"report/templating.py"},
    "pandas": {"serialise/result.py"},
    "uvicorn": {"page/server.py"},
}
FOLDER_ADAPTERS = {"sqlalchemy": "store/", "click": "cli/", "starlette": "page/"}


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def place(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def package(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def layer(name: str) -> int:
    return next(number for number, names in enumerate(LAYERS) if name in names)


@functools.cache
def imports(path: Path) -> list[tuple[str, int]]:
    """Absolute dotted names of everything a module imports, with the line."""
    home = ["autocode", *path.relative_to(SOURCE).parts[:-1]]
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.append((node.module or "", node.lineno))
        elif isinstance(node, ast.ImportFrom):
            base = home[: len(home) - node.level + 1]
            stem = [*base, *(node.module or "").split(".")] if node.module else base
            if node.module:
                found.append((".".join(stem), node.lineno))
            else:
                found += [(".".join([*stem, alias.name]), node.lineno) for alias in node.names]
    return found


def inner(name: str) -> str | None:
    """The package of ours that an import reaches, if any (the package's own version apart)."""
    parts = name.split(".")
    if parts[0] != "autocode" or len(parts) < 2 or parts[1] in {"__version__", "_version"}:
        return None
    return parts[1]


def reached_modules(path: Path) -> set[Path]:
    """The modules of ours that a module imports, type-only imports included."""
    reached = set()
    for name, _ in imports(path):
        stem = SOURCE.joinpath(*name.split(".")[1:])
        for candidate in (stem.with_suffix(".py"), stem / "__init__.py"):
            if name.startswith("autocode.") and candidate.exists():
                reached.add(candidate)
    return reached - {path}


def test_every_package_has_a_layer():
    packages = {package(path) for path in modules()} - {
        "__init__",
        "_version",
        "example",
        "_models",
    }
    assert packages == set().union(*LAYERS)


def test_imports_go_down_only():
    # The public face names packages of every layer, and loads none.
    paths = [path for path in modules() if package(path) not in {"__init__", "_version"}]
    faults = [
        f"{place(path)}:{line} imports {name}"
        for path in paths
        for name, line in imports(path)
        if (other := inner(name)) not in {None, package(path)}
        and layer(other) >= layer(package(path))
    ]
    assert not faults, "\n".join(faults)


def test_no_modules_import_each_other_in_a_circle():
    graph = {path: reached_modules(path) for path in modules() if package(path) != "__init__"}
    finished: set[Path] = set()

    def visit(path: Path, trail: list[Path]) -> None:
        if path in trail:
            circle = [place(step) for step in trail[trail.index(path) :]]
            raise AssertionError(" -> ".join([*circle, place(path)]))
        if path in finished:
            return
        for other in sorted(graph.get(path, ())):
            visit(other, [*trail, path])
        finished.add(path)

    for path in graph:
        visit(path, [])


def test_only_the_project_and_what_is_above_know_files_and_store():
    for path in modules():
        own = package(path)
        if own in {"__init__", "_version", "io", "store"} or layer(own) >= layer("project"):
            continue
        reached = {inner(name) for name, _ in imports(path)}
        # Projects of other tools, and large corpora, are files; they are read without a study.
        barred = {"store"} if own in {"exchange", "bulk"} else {"io", "store"}
        assert not reached & barred, place(path)


def test_projects_of_other_tools_are_read_without_the_rest():
    for path in (path for path in modules() if package(path) == "exchange"):
        reached = {inner(name) for name, _ in imports(path)}
        assert reached <= {
            None,
            "exchange",
            "core",
            "io",
            "serialise",
            "untrusted_sqlite",
            "_version",
        }, place(path)


def test_heavy_dependencies_have_one_adapter():
    faults = []
    for path in modules():
        for name, line in imports(path):
            top = name.split(".")[0]
            is_at_home = top not in ADAPTERS or place(path) in ADAPTERS[top]
            is_in_folder = place(path).startswith(FOLDER_ADAPTERS.get(top, ""))
            if not (is_at_home and is_in_folder):
                faults.append(f"{place(path)}:{line} imports {name}")
    assert not faults, "\n".join(faults)


def test_the_lowest_layers_import_only_the_standard_library():
    for path in modules():
        if package(path) in {"core", "serialise"}:
            for name, line in imports(path):
                top = name.split(".")[0]
                allowed = sys.stdlib_module_names | {"autocode"} | _adapted(path)
                assert top in allowed, f"{place(path)}:{line}"


def _adapted(path: Path) -> set[str]:
    return {name for name, homes in ADAPTERS.items() if place(path) in homes}


def test_packages_import_their_modules_not_their_own_front():
    for path in modules():
        if path.name == "__init__.py":
            continue
        own = "autocode." + ".".join(path.relative_to(SOURCE).parts[:-1])
        if own != "autocode.":
            assert own not in {name for name, _ in imports(path)}, place(path)


# What the command line may use besides `project`, `workflow`, `report`, `evaluate` and the data
# layers, and why.
COMMAND_LINE_USES = {
    "bulk",
    "core",
    "evaluate",
    "page",
    "project",
    "report",
    "serialise",
    "workflow",
}
COMMAND_LINE_ALSO = {
    "agreement": "types of results, and the headings of coefficients",
    "analysis": "types of results, and the constants of the stopping rule",
    "encode": "the encoder named on the command line is made there",
    "io.transcripts.formats": "the list of formats in the help of import",
    "io.url_path": "a path or a URL on the command line",
    "pipeline": "options of a call, and corpus folders compared without a study",
    "suggest.active_learning": "the type of a queue of segments",
    "suggest.explain": "neighbours in words",
    "suggest.next_passages": "the type of a queue of passages, and their length",
    "suggest.readable": "the part of the evidence that is shown",
    "text.stop_words": "stop words named on the command line are read there",
    "themes.guided": "the type of guiding phrases",
    "themes.update": "the type of an update",
    "themes.wording": "reasons and cautions in words",
}


def test_the_command_line_parses_calls_and_shows():
    used = set()
    for path in (path for path in modules() if package(path) == "cli"):
        for name, line in imports(path):
            reached = inner(name)
            if reached in COMMAND_LINE_USES | {None, "cli"}:
                continue
            dotted = name.removeprefix("autocode.")
            known = {also for also in COMMAND_LINE_ALSO if f"{dotted}.".startswith(f"{also}.")}
            assert known, f"{place(path)}:{line} imports {name}"
            used |= known
    assert used == set(COMMAND_LINE_ALSO), "an exception is no longer needed: take it out"
