"""A full disk, or a folder that may not be written: one line, and what is finished stays."""

from __future__ import annotations

import errno
import os

import pytest

from autocode.bulk.run import draft_corpus
from autocode.bulk.suggest_codes import BulkCodes
from autocode.core.codebook import Code, Codebook
from autocode.core.errors import FileRefused
from autocode.encode.hashing import HashEncoder
from autocode.io import files

from .support import FEW, STOCKS, digest_folder, make_rows, write_parquet

CODES = BulkCodes(codebook=Codebook(tuple(Code(id=name, name=name) for name in STOCKS)))


class FailingStream:
    """A file whose n-th write fails, as all files together count it."""

    def __init__(self, stream, fail):
        self._stream, self._fail = stream, fail

    def write(self, content):
        self._fail()
        return self._stream.write(content)

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stream.close()


def fail_at(monkeypatch, limit, error):
    """Let the write with this number fail, and all after it; returns a list that counts them."""
    written = []

    def fail():
        written.append(1)
        if len(written) >= limit:
            raise OSError(error, os.strerror(error))

    fdopen = os.fdopen
    monkeypatch.setattr(files.os, "fdopen", lambda *of: FailingStream(fdopen(*of), fail))
    return written


def run(source, folder):
    return draft_corpus(source, folder, HashEncoder(), FEW, codes=CODES)


@pytest.mark.slow
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EACCES, errno.EDQUOT])
def test_every_write_that_can_fail(tmp_path, monkeypatch, error):
    source = write_parquet(tmp_path / "in.parquet", make_rows(120))
    with monkeypatch.context() as patched:
        written = fail_at(patched, 10**9, error)
        run(source, tmp_path / "whole")
        n_writes = len(written)
    whole = digest_folder(tmp_path / "whole")
    folder, kept, n_refused = tmp_path / "out", {}, 0
    # One and the same folder, so that each run goes on from what the one before has left.
    for limit in range(1, n_writes + 1, max(1, n_writes // 24)):
        with monkeypatch.context() as patched:
            written = fail_at(patched, limit, error)
            said: list[str] = []
            try:
                run(source, folder)
            except FileRefused as refused:
                said = [str(refused)]
        n_refused += len(said)
        for words in said:
            assert "\n" not in words
            assert str(folder) in words
            assert "what is finished is kept" in words
        now = digest_folder(folder) if folder.exists() else {}
        assert not [name for name in now if name.endswith(".autocode-part")]
        assert all(now.get(name) == digest for name, digest in kept.items() if name in whole)
        assert all(whole[name] == now[name] for name in now if "work/" in name and name in whole)
        kept = {name: digest for name, digest in now.items() if name.endswith(".npy")}
    assert n_refused > 5
    run(source, folder)
    assert digest_folder(folder) == whole
