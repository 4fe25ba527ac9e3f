"""The same bytes from any number of workers; what Dask lacks is said in one line."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from types import SimpleNamespace

import pytest

from autocode.bulk.dask_engine import DaskEngine, open_dask
from autocode.bulk.run import draft_corpus
from autocode.core.errors import InputError
from autocode.encode.hashing import HashEncoder

from .support import FEW, digest_folder, make_rows, write_parquet

HAS_DASK = importlib.util.find_spec("distributed") is not None
COMMAND = [sys.executable, "-c", "from autocode.cli.main import run; run()", "bulk"]
OPTIONS = ["--encoder", "hash:64", "--group-column", "who", "--keep", "wave", "--engine", "dask"]


class PicklingEngine:
    """Maps over copies, as workers elsewhere would."""

    def map(self, function, items):
        import pickle

        for item in items:
            run, given = pickle.loads(pickle.dumps((function, item)))
            yield pickle.loads(pickle.dumps(run(given)))


@pytest.mark.slow
def test_all_that_goes_to_workers_can_be_sent(tmp_path):
    source = write_parquet(tmp_path / "in.parquet", make_rows(250))
    draft_corpus(source, tmp_path / "here", HashEncoder(), FEW)
    draft_corpus(source, tmp_path / "there", HashEncoder(), FEW, engine=PicklingEngine())
    assert digest_folder(tmp_path / "there") == digest_folder(tmp_path / "here")


def test_without_dask_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)  # as if it were not installed
    with pytest.raises(InputError, match=r"pip install 'autocode\[dask\]'"), open_dask():
        pass


@pytest.mark.slow
@pytest.mark.skipif(not HAS_DASK, reason="needs dask.distributed")
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_any_number_of_workers_gives_the_same_bytes(tmp_path, workers):
    source = write_parquet(tmp_path / "in.parquet", make_rows(600))
    sizes = ["--partition-rows", "90", "--split-from", "100"]
    here = [*COMMAND, str(source), str(tmp_path / "here"), *OPTIONS[:-2], *sizes]
    there = [*COMMAND, str(source), str(tmp_path / "there"), *OPTIONS, *sizes]
    subprocess.run(here, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*there, "--workers", str(workers)], check=True, stdout=subprocess.DEVNULL)
    assert digest_folder(tmp_path / "there") == digest_folder(tmp_path / "here")


@pytest.mark.slow
@pytest.mark.skipif(not HAS_DASK, reason="needs dask.distributed")
def test_a_scheduler_that_does_not_answer_is_one_line(tmp_path):
    source = write_parquet(tmp_path / "in.parquet", make_rows(5))
    command = [*COMMAND, str(source), str(tmp_path / "out"), *OPTIONS]
    run = subprocess.run(
        [*command, "--scheduler", "tcp://127.0.0.1:9"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1].startswith("autocode: No scheduler answers at 'tcp://127")
    assert "Traceback" not in run.stderr


@pytest.mark.slow  # distributed takes a second to import
@pytest.mark.skipif(not HAS_DASK, reason="needs dask.distributed")
@pytest.mark.parametrize("name", ["KilledWorker", "CancelledError", "CommClosedError"])
def test_lost_workers_are_one_line(name):
    from concurrent.futures import CancelledError

    from distributed import KilledWorker
    from distributed.comm import CommClosedError

    lost = {
        "KilledWorker": KilledWorker("piece", SimpleNamespace(address="tcp://a:1"), 3),
        "CancelledError": CancelledError(),
        "CommClosedError": CommClosedError("closed"),
    }[name]

    class LostClient:
        def map(self, function, items, **more):
            return [self for _ in items]

        def result(self):
            raise lost

    with pytest.raises(InputError, match=f"workers failed .{name}: .*is kept"):
        list(DaskEngine(LostClient()).map(len, ["a"]))
