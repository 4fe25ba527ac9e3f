"""`import autocode` and every --help load nothing heavy: seen in sys.modules, not by the clock."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autocode.cli.main import run

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


def test_every_public_name_is_there_and_unknown_ones_are_not():
    import autocode

    for name in autocode.__all__:
        assert getattr(autocode, name) is not None
    assert set(autocode.__all__) <= set(dir(autocode))
    with pytest.raises(AttributeError, match="no attribute 'Proejct'"):
        autocode.Proejct  # noqa: B018


@pytest.mark.slow
def test_a_look_at_a_study_loads_nothing_that_computes(plain):
    """Nor what reads files: such commands take half a second."""
    code = (
        "import sys\n"
        f"sys.argv = ['autocode', 'show', {str(plain)!r}]\n"
        "from autocode.cli.main import run\n"
        "try:\n    run()\nexcept SystemExit: pass\n"
        "kept = {'scipy', 'sklearn', 'torch', 'pandas', 'lxml', 'openpyxl', 'onnxruntime'}\n"
        "ours = {'autocode.exchange', 'autocode.io.transcripts.read', 'autocode.deidentify'}\n"
        "print(sorted((kept | ours) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
