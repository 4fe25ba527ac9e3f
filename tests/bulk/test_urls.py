"""Input and output on filesystems named by URL: the bytes of a local run."""

from __future__ import annotations

import hashlib
import http.server
import importlib.util
import json
import shutil
import subprocess
import sys
import threading
from functools import partial

import datasets
import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from autocode.bulk.one_run import hold
from autocode.bulk.run import draft_corpus
from autocode.bulk.suggest_codes import BulkCodes
from autocode.core.codebook import Code, Codebook
from autocode.core.errors import FileRefused, InputError
from autocode.encode.hashing import HashEncoder
from autocode.io.url_path import TEMPORARY, UrlPath
from autocode.report.bulk_page import write_bulk_report

from .support import FEW, STOCKS, digest_folder, kill_until_done, make_rows, write_parquet
from .test_read_input import ROWS, WRITERS, read

CODES = BulkCodes(codebook=Codebook(tuple(Code(id=name, name=name) for name in STOCKS)))
COMMAND = [sys.executable, "-c", "from autocode.cli.main import run; run()", "bulk"]
OPTIONS = ["--encoder", "hash:64", "--group-column", "who", "--keep", "wave"]
SIZES = ["--partition-rows", "90", "--split-from", "100"]
SECRET = "pa55word"


class FullFileSystem(MemoryFileSystem):
    """Memory in which the n-th write, and all after it, find the disk full."""

    protocol = "full"
    n_writes, limit = 0, 10**9

    def pipe_file(self, path, value, **more):
        type(self).n_writes += 1
        if self.n_writes >= self.limit:
            raise OSError(28, "No space left on device")
        super().pipe_file(path, value, **more)


fsspec.register_implementation("full", FullFileSystem)


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """An input, and the digests of what a local run makes of it."""
    folder = tmp_path_factory.mktemp("local")
    source = write_parquet(folder / "in.parquet", make_rows(250))
    draft_corpus(source, folder / "out", HashEncoder(), FEW, codes=CODES)
    return source, digest_folder(folder / "out")


def digest_memory(memory, folder="/out/"):
    return {
        path.removeprefix(folder): hashlib.sha256(memory.cat_file(path)).hexdigest()
        for path in memory.find(folder.rstrip("/"))
    }


def test_in_memory_it_is_the_bytes_of_a_local_run(memory, local):
    source, whole = local
    memory.pipe_file("/in.parquet", source.read_bytes())
    result = draft_corpus("memory://in.parquet", "memory://out", HashEncoder(), FEW, codes=CODES)
    assert result.folder == "memory://out"
    assert digest_memory(memory) == whole
    assert write_bulk_report(result, UrlPath("memory://out") / "report.html") > 1000
    assert b"<html" in memory.cat_file("/out/report.html")


@pytest.mark.slow  # several runs
def test_on_a_disk_through_fsspec_and_without_it(local, tmp_path):
    source, whole = local
    for url, place in (
        (f"file://{tmp_path}/plain", "plain"),
        (f"dir://a/b::file://{tmp_path}", "a/b"),
    ):
        draft_corpus(f"file://{source}", url, HashEncoder(), FEW, codes=CODES)
        assert digest_folder(tmp_path / place) == whole


@pytest.mark.slow  # several runs
def test_a_stopped_run_goes_on_and_what_is_damaged_is_made_again(memory, local):
    source, whole = local

    class Stopping(HashEncoder):
        n_left = 2

        def encode(self, texts, **more):
            self.n_left -= 1
            if self.n_left < 0:
                raise KeyboardInterrupt
            return super().encode(texts, **more)

    stopping = Stopping()
    with pytest.raises(KeyboardInterrupt):
        draft_corpus(source, "memory://out", stopping, FEW, codes=CODES)
    kept = {name for name in digest_memory(memory) if name.endswith(".npy")}
    assert len(kept) == 2
    draft_corpus(source, "memory://out", HashEncoder(), FEW, codes=CODES)
    assert digest_memory(memory) == whole
    for kind in ("work/vectors", "work/rows", "work/assigned", "rows", "suggestions"):
        path = memory.find(f"/out/{kind}")[0]
        memory.pipe_file(path, memory.cat_file(path)[:-7])
    draft_corpus(source, "memory://out", HashEncoder(), FEW, codes=CODES)
    assert digest_memory(memory) == whole


@pytest.mark.slow  # many runs
def test_every_write_that_can_fail(memory, local, monkeypatch):
    source, whole = local
    draft_corpus(source, "full://whole", HashEncoder(), FEW, codes=CODES)
    n_writes, said = FullFileSystem.n_writes, []
    for limit in range(1, n_writes, n_writes // 8):
        monkeypatch.setattr(FullFileSystem, "n_writes", 0)
        monkeypatch.setattr(FullFileSystem, "limit", limit)
        try:
            draft_corpus(source, "full://out", HashEncoder(), FEW, codes=CODES)
        except FileRefused as refused:
            said.append(str(refused))
    assert len(said) > 3
    assert all(words.startswith("full://out/") for words in said)
    assert all("no space left on device" in words for words in said)
    assert all("what is finished is kept" in words for words in said)
    monkeypatch.setattr(FullFileSystem, "limit", 10**9)
    draft_corpus(source, "full://out", HashEncoder(), FEW, codes=CODES)
    made = {path: file.getvalue() for path, file in memory.store.items()}
    assert {
        path.removeprefix("full://out/"): hashlib.sha256(content).hexdigest()
        for path, content in made.items()
        if path.startswith("full://out/")
    } == whole


@pytest.mark.parametrize("name", WRITERS)
def test_formats_give_the_same_rows(memory, name, tmp_path):
    WRITERS[name](tmp_path / name)
    memory.pipe_file(f"/a/{name}", (tmp_path / name).read_bytes())
    assert read(UrlPath(f"memory://a/{name}")) == ROWS
    shutil.make_archive(str(tmp_path / "all"), "zip", tmp_path, name)
    assert read(UrlPath(f"zip://{name}::file://{tmp_path}/all.zip")) == ROWS
    memory.pipe_file(f"/b/2{name}", (tmp_path / name).read_bytes())
    memory.pipe_file(f"/b/1{name}", (tmp_path / name).read_bytes())
    memory.mkdir("/b/folder")
    assert read(UrlPath("memory://b")) == ROWS * 2


def test_a_saved_data_set_is_read(memory, tmp_path):
    datasets.Dataset.from_list(ROWS).save_to_disk(tmp_path / "set")
    memory.put(str(tmp_path / "set"), "/set", recursive=True)
    assert read(UrlPath("memory://set")) == ROWS


@pytest.mark.parametrize("name", ["in.parquet", "in.csv", "in.jsonl"])
def test_a_file_that_is_cut_short_is_one_line(memory, name, tmp_path):
    WRITERS[name](tmp_path / name)
    memory.pipe_file(f"/{name}", (tmp_path / name).read_bytes()[:-9])
    with pytest.raises(FileRefused) as refused:
        read(UrlPath(f"memory://{name}"))
    assert str(refused.value).startswith(f"memory://{name}")
    assert "\n" not in str(refused.value)


def test_no_secret_of_a_url_is_written_or_shown(memory, local, tmp_path):
    source, _ = local
    memory.pipe_file(f"/ann:{SECRET}@host/in.parquet", source.read_bytes())
    result = draft_corpus(
        f"memory://ann:{SECRET}@host/in.parquet", f"memory://ann:{SECRET}@host/o", HashEncoder(),
        FEW, codes=CODES,
    )  # fmt: skip
    folder = UrlPath(f"memory://ann:{SECRET}@host/o")
    write_bulk_report(result, folder / "report.html")
    assert SECRET not in json.dumps(result.to_dict())
    names = memory.find(f"/ann:{SECRET}@host/o")
    assert not [name for name in names if SECRET.encode() in memory.cat_file(name)]
    with pytest.raises(FileRefused) as refused:
        draft_corpus(f"memory://ann:{SECRET}@host/none.csv", tmp_path, HashEncoder(), FEW)
    assert SECRET not in str(refused.value)


def test_workers_elsewhere_do_not_see_the_memory_of_this_process(local):
    class Elsewhere:
        def map(self, function, items):
            return map(function, items)

    with pytest.raises(FileRefused, match="which workers do not see"):
        draft_corpus(local[0], "memory://out", HashEncoder(), FEW, engine=Elsewhere())


def test_of_two_runs_on_a_disk_the_second_is_refused(local, tmp_path):
    with hold(tmp_path / "out/work"), pytest.raises(InputError, match="another run is at work"):
        draft_corpus(local[0], tmp_path / "out", HashEncoder(), FEW)
    draft_corpus(local[0], tmp_path / "out", HashEncoder(), FEW)
    assert not (tmp_path / "out/work/lock").exists()


def test_of_two_runs_on_an_object_store_the_first_stops(memory, local):
    source, whole = local

    class Overtaken(HashEncoder):
        def encode(self, texts, **more):
            if not memory.exists("/out/rows"):
                draft_corpus(source, "memory://out", HashEncoder(), FEW, codes=CODES)
            return super().encode(texts, **more)

    with pytest.raises(InputError, match=r"^memory://out: another run began there after this one"):
        draft_corpus(source, "memory://out", Overtaken(), FEW, codes=CODES)
    assert digest_memory(memory) == whole


@pytest.mark.slow  # processes, killed at several moments
def test_killed_after_every_few_files(local, tmp_path):
    """On a disk through fsspec: a file that is being written is not taken for a finished one."""
    source, _ = local
    url, folder = f"dir://out::file://{tmp_path}", tmp_path / "out"
    command = [*COMMAND, str(source)]
    subprocess.run([*command, str(tmp_path / "whole"), *OPTIONS, *SIZES], check=True)

    def start():
        return subprocess.Popen([*command, url, *OPTIONS, *SIZES], stdout=subprocess.DEVNULL)

    n_killed = kill_until_done(start, folder, n_files=9)
    assert n_killed > 2
    assert digest_folder(folder) == digest_folder(tmp_path / "whole")


def test_what_a_killed_run_left_half_written_goes_wherever_it_lies(tmp_path):
    url, out = f"dir://out::file://{tmp_path}", tmp_path / "out"
    rows = make_rows(120)
    draft_corpus(rows, url, HashEncoder(), FEW)
    whole = digest_folder(out)
    for folder in (out, *(path for path in out.rglob("*") if path.is_dir())):
        (folder / f".part.0a1b2c3d{TEMPORARY}").write_bytes(b"half")
    draft_corpus(rows, url, HashEncoder(), FEW)
    assert digest_folder(out) == whole


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="needs dask.distributed"
)
@pytest.mark.parametrize("url", ["file://{}/there", "dir://there::file://{}"])
def test_dask_workers_write_the_same_bytes(tmp_path, url):
    source = write_parquet(tmp_path / "in.parquet", make_rows(600))
    more = [*OPTIONS, *SIZES]
    subprocess.run([*COMMAND, str(source), str(tmp_path / "here"), *more], check=True)
    subprocess.run(
        [*COMMAND, f"file://{source}", url.format(tmp_path), *more, "--engine", "dask"], check=True
    )
    assert digest_folder(tmp_path / "there") == digest_folder(tmp_path / "here")


@pytest.fixture
def server(tmp_path, socket_enabled):
    """A web server on this machine that sends whole files, of `tmp_path`."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *given):
            pass

    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=tmp_path)
    ) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://ann:{SECRET}@127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.mark.skipif(importlib.util.find_spec("aiohttp") is None, reason="needs aiohttp")
def test_a_web_server_is_read_from(server, tmp_path):
    for name, write in WRITERS.items():
        write(tmp_path / name)
        assert read(UrlPath(f"{server}/{name}?sig={SECRET}")) == ROWS
    with pytest.raises(FileRefused, match="there is no such file"):
        read(UrlPath(f"{server}/none.csv"))
    with pytest.raises(FileRefused) as refused:
        read(UrlPath(f"http://ann:{SECRET}@127.0.0.1:9/in.csv"))
    assert "onnect" in str(refused.value)
    assert SECRET not in str(refused.value)
