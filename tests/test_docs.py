"""What the documents say is so: commands exist, the Python example runs, files named are there."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from autocode.cli.main import run

from .cli.support import parse, walk

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


DOCUMENTS = ["README.md", *(p.relative_to(ROOT).as_posix() for p in sorted(ROOT.glob("docs/*.md")))]


def command_lines(document: str) -> list[str]:
    """The command lines shown in the blocks of a document, and named in backquotes."""
    text = (ROOT / document).read_text(encoding="utf-8")
    shown = re.findall(r"^\$ (autocode [^\n]+)", text, re.MULTILINE)
    return list(dict.fromkeys(line.strip() for line in shown))


LINES = [(document, line) for document in DOCUMENTS for line in command_lines(document)]


@pytest.mark.parametrize(("document", "line"), LINES, ids=[line for _, line in LINES])
def test_commands_shown_in_the_documents_are_commands(document, line):
    parse(line)


COMMANDS_PAGE = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
SECTIONS = dict(
    re.findall(r"^## ([\w -]+)\n(.*?)(?=^## |\Z)", COMMANDS_PAGE, re.MULTILINE | re.DOTALL)
)
TREE = {name: c for name, c in walk() if not isinstance(c, click.Group)}


def test_the_page_of_commands_has_a_section_for_each():
    assert list(SECTIONS) == sorted(TREE, key=list(SECTIONS).index)


@pytest.mark.parametrize("name", TREE)
def test_the_page_of_commands_names_options_that_exist(name):
    known = {option for parameter in TREE[name].params for option in parameter.opts}
    prose = re.sub(r"```.*?```", "", SECTIONS[name], flags=re.DOTALL)
    assert set(re.findall(r"--[\w-]+", prose)) <= known
    assert f"$ autocode {name.removesuffix(' units')}" in SECTIONS[name]


@pytest.mark.slow
def test_python_example_of_the_readme_runs(tmp_path, monkeypatch, encoder):
    from autocode import Project
    from autocode.project.importing import ImportOptions

    monkeypatch.chdir(tmp_path)
    (tmp_path / "autocode-demo").mkdir()
    with Project.open("autocode-demo/study.autocode", create_new=True) as project:
        source = ROOT / "src/autocode/example/study"
        project.import_paths([source], ImportOptions(join_turns=True))
        project.suggest(encoder)
        project.draft_themes(encoder)
    examples = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        exec(compile(example, "README.md", "exec"), {})
    assert (tmp_path / "report.html").stat().st_size > 10_000


@pytest.mark.slow
@pytest.mark.model
def test_what_the_demo_prints_is_what_the_documents_show(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    printed = CliRunner().invoke(run, ["demo", "autocode-demo"]).stdout.splitlines()
    for document in ("README.md", "docs/commands.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        shown = re.findall(r"^read   .*?(?=^```)", text, re.MULTILINE | re.DOTALL)[0]
        for line in shown.splitlines():
            # Seconds differ; a line may be shortened, or stand for several.
            begin = re.sub(r" *\(\d+ s\)$", "", line.removesuffix("..."))
            assert any(real.startswith(begin) for real in printed), line


@pytest.mark.parametrize("document", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_files_named_in_the_documents_exist(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    for name in re.findall(r"`((?:src|tests|eval|models)/[\w./-]+)`", text):
        assert (ROOT / name).exists(), name
    for name in re.findall(r"`([A-Z]+\.md|constraints\.txt|Makefile)`", text):
        assert (ROOT / name).exists(), name


def test_architecture_names_every_package():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    packages = {
        p.stem for p in (ROOT / "src/autocode").iterdir() if not p.name.startswith((".", "_"))
    }
    for package in packages - {"example", "py"}:
        assert f"`{package}`" in text or f"`{package}/`" in text, package


def test_the_page_of_public_names_lists_them_all():
    import autocode
    import autocode.agreement

    page = (ROOT / "docs/python.md").read_text(encoding="utf-8")
    methods = {name for name in vars(autocode.Project) if not name.startswith("_")}
    listed = set(re.findall(r"`(\w+)`", page))
    assert set(autocode.__all__) | set(autocode.agreement.__all__) | methods <= listed


def test_the_page_of_public_names_says_what_their_docstrings_say():
    import autocode
    import autocode.agreement

    page = (ROOT / "docs/python.md").read_text(encoding="utf-8")
    homes = (autocode.Project, autocode, autocode.agreement)
    for name, words in re.findall(r"^\| `(\w+)` \| (.*) \|$", page, re.MULTILINE):
        documented = [getattr(home, name) for home in homes if hasattr(home, name)]
        said = [(inspect.getdoc(value) or "").partition("\n")[0] for value in documented]
        assert words in said or words == "a constant or alias", name
