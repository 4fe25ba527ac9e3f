"""The same bytes from any number of workers; what Dask lacks is said in one line."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from autocode.bulk.dask_engine import DaskEngine, open_dask
from autocode.bulk.run import draft_corpus
from autocode.core.errors import InputError
from autocode.encode.hashing import HashEncoder

from .support import FEW, digest_folder, make_rows, write_codings, write_parquet

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
    codings = write_codings(tmp_path / "coded.csv")
    sizes = ["--partition-rows", "90", "--split-from", "100", "--codings", str(codings)]
    here = [*COMMAND, str(source), str(tmp_path / "here"), *OPTIONS[:-2], *sizes]
    there = [*COMMAND, str(source), str(tmp_path / "there"), *OPTIONS, *sizes]
    subprocess.run(here, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*there, "--workers", str(workers)], check=True, stdout=subprocess.DEVNULL)
    made = digest_folder(tmp_path / "there")
    assert made == digest_folder(tmp_path / "here")
    assert "suggestions/part-00006.parquet" in made


@pytest.fixture
def cluster(tmp_path):
    """The address of a scheduler, and two workers as processes of their own."""
    file = tmp_path / "scheduler.json"
    module = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    running = [subprocess.Popen(
        [*module, "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file",
         str(file)], stderr=subprocess.DEVNULL,
    )]  # fmt: skip
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(file)]
    running += [
        subprocess.Popen(
            [*worker, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name,
             "--local-directory", str(tmp_path / name)], stderr=subprocess.DEVNULL,
        )
        for name in ("a", "b")
    ]  # fmt: skip
    while not file.exists():
        time.sleep(0.05)  # the scheduler writes it when it listens
    yield json.loads(file.read_text())["address"], running[1:]
    for process in running:
        process.kill()
        process.wait()


@pytest.mark.slow
@pytest.mark.skipif(not HAS_DASK, reason="needs dask.distributed")
@pytest.mark.parametrize("stage", ["work/vectors", "suggestions"])
def test_a_killed_worker_changes_no_byte(tmp_path, cluster, stage):
    address, workers = cluster
    source = write_parquet(tmp_path / "in.parquet", make_rows(900))
    codings = write_codings(tmp_path / "coded.csv")
    sizes = ["--partition-rows", "45", "--split-from", "100", "--codings", str(codings)]
    here = [*COMMAND, str(source), str(tmp_path / "here"), *OPTIONS[:-2], *sizes]
    there = [*COMMAND, str(source), str(tmp_path / "there"), *OPTIONS, *sizes]
    subprocess.run(here, check=True, stdout=subprocess.DEVNULL)
    run = subprocess.Popen([*there, "--scheduler", address], stdout=subprocess.DEVNULL)
    while run.poll() is None and len(list((tmp_path / "there" / stage).glob("*"))) < 3:
        time.sleep(0.002)  # a folder tells nobody that a file came
    assert run.poll() is None, "ended before a worker could be killed"
    workers[0].kill()
    assert run.wait() == 0
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
