"""`import autocode` and every --help load nothing heavy: seen in sys.modules, not by the clock."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autocode.cli.main import run
from autocode.encode.hashing import HashEncoder
from autocode.project import Project

HEAVY = ("torch", "spacy", "sklearn", "hdbscan", "datasets", "sqlalchemy", "numpy", "rich")
TELL = f"""
import sys
heavy = sorted({{name.partition(".")[0] for name in sys.modules}} & set({HEAVY!r}))
sys.stderr.write("loaded:" + ",".join(heavy) + "\\n")
"""
COMMAND = """
import sys
from autocode.cli.main import run
for args in {calls!r}:
    sys.argv = ["autocode", *args]
    try:
        run()
    except SystemExit as done:
        assert done.code == {status}, (args, done.code)
"""


def loaded_by(code):
    """Which heavy packages a fresh interpreter holds after running `code`."""
    done = subprocess.run(
        [sys.executable, "-c", code + TELL],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr.rpartition("loaded:")[2].strip(), done.stdout


def test_the_check_can_see_a_heavy_package():
    assert loaded_by("import numpy.linalg")[0] == "numpy"


@pytest.mark.parametrize(
    "code",
    [
        "import autocode",
        "import autocode; dir(autocode); autocode.__version__",
        "from autocode import Code, Codebook, Coding, Segment, Span, Transcript, AutocodeError",
        "import autocode.cli.main",
    ],
)
def test_importing_loads_nothing_heavy(code):
    assert loaded_by(code)[0] == ""


def test_the_package_runs_as_the_command_does():
    done = subprocess.run(
        [sys.executable, "-m", "autocode", "show", "missing.autocode"],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stderr.startswith("autocode: missing.autocode: no such study")
    assert done.returncode != 0


def test_a_project_loads_only_what_opens_a_study():
    assert loaded_by("from autocode import Project; Project.open")[0] == "sqlalchemy"


def test_help_and_version_load_nothing_heavy():
    heavy, told = loaded_by(COMMAND.format(calls=[["--help"], ["--version"]], status=0))
    assert heavy == ""
    assert "Commands:" in told


def test_help_of_every_command_loads_nothing_heavy():
    calls = [[name, "--help"] for name in run.list_commands()]
    heavy, told = loaded_by(COMMAND.format(calls=calls, status=0))
    assert heavy == ""
    assert told.count("Usage: ") == len(run.list_commands())


def test_wrong_usage_loads_nothing_heavy():
    calls = [["bogus"], ["import"], ["suggest", "s", "--top", "0"]]
    assert loaded_by(COMMAND.format(calls=calls, status=2))[0] == ""


def test_module_run_as_a_script_prints_help():
    done = subprocess.run(
        [sys.executable, "-c", "from autocode.cli.main import run; run()", "--help"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0
    assert "Commands:" in done.stdout
    assert done.stderr == ""


@pytest.mark.slow
def test_looking_at_a_study_loads_no_model(tmp_path):
    code = f"""
from autocode import Project
with Project.open({str(tmp_path / "s.autocode")!r}, create_new=True) as project:
    project.counts()
"""
    assert not {"torch", "spacy", "datasets"} & set(loaded_by(code)[0].split(","))


def test_importing_a_transcript_with_long_turns_loads_no_model(tmp_path):
    talk = tmp_path / "talk.txt"
    talk.write_text("Interviewer: And then?\n\nAnn: " + "It rained. Dr. Lee came late. " * 40)
    calls = [["import", str(tmp_path / "s.autocode"), str(talk)]]
    assert not {"torch", "spacy", "sklearn", "datasets"} & set(
        loaded_by(COMMAND.format(calls=calls, status=0))[0].split(",")
    )


def test_every_public_name_is_there_and_unknown_ones_are_not():
    import autocode

    for name in autocode.__all__:
        assert getattr(autocode, name) is not None
    assert set(autocode.__all__) <= set(dir(autocode))
    with pytest.raises(AttributeError, match="no attribute 'Proejct'"):
        autocode.Proejct  # noqa: B018


NEVER = {
    *("torch", "spacy", "sklearn", "hdbscan", "datasets", "pandas", "onnxruntime", "tokenizers"),
    *("sentence_transformers", "transformers", "openpyxl", "docx", "pypdf", "pysubs2", "yaml"),
    *("uvicorn", "starlette", "distributed", "pyarrow", "autocode.deidentify"),
    *("autocode.exchange", "autocode.io.transcripts.read"),
}
"""What no command loads that computes nothing new: it takes seconds, or a second together."""
AT_TIMES = {"numpy", "scipy", "threadpoolctl", "jinja2", "lxml"}
CACHED = (
    ("show", ()),
    ("show --json", ()),
    ("speakers", ()),
    ("audio list", ()),
    ("codes list", ()),
    ("codes outdated", ()),
    ("codes history", ("wait",)),
    ("coders list", ()),
    ("passes list", ()),
    ("memo", ()),
    ("themes show", ()),
    ("map show", ()),
    ("search", ("waiting",)),
    ("tables", ("--by", "region")),
    ("quotes", ("--code", "wait")),
    ("history", ()),
    ("cache show", None),
)
"""Commands that list and count, with what follows the study (None: there is none).

Not even numpy is loaded.
"""
TELL_EACH = """
import click, sys
from autocode.cli.main import run
watched = {watched!r}
known = set()
for words in {calls!r}:
    try:
        run(words, standalone_mode=False)
    except click.exceptions.Exit as done:
        assert done.exit_code == 0, (words, done.exit_code)
    new = (watched & set(sys.modules)) - known
    known |= new
    sys.stderr.write("loaded:" + " ".join([*words[:2], *sorted(new)]) + "\\n")
"""


@pytest.mark.slow
def test_commands_that_list_and_count_load_nothing_that_computes(suggested):
    """In one process, so that each line says which command was the first to load something."""
    calls = [
        [*command.split(), *(() if words is None else (str(suggested), *words))]
        for command, words in CACHED
    ]
    code = TELL_EACH.format(calls=calls, watched=NEVER | AT_TIMES)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stderr.splitlines() if line.startswith("loaded:")]
    assert told == ["loaded:" + " ".join(call[:2]) for call in calls]


@pytest.mark.slow
def test_asking_again_where_nothing_has_changed_loads_nothing_that_fits(suggested):
    with Project.open(suggested) as project:
        project.next_passages(HashEncoder())
    calls = [[name, str(suggested), "--encoder", "hash:"] for name in ("suggest", "next")]
    code = TELL_EACH.format(calls=calls, watched=NEVER | {"scipy"})
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300
    )
    assert done.stderr.splitlines() == [
        f"loaded:{name} {suggested}" for name in ("suggest", "next")
    ]
    assert "57 suggestions for 19 segments" in done.stdout
