"""Codebooks and codings named by URL: what the same files on this machine give."""

from __future__ import annotations

import tempfile

import numpy as np
import pytest

from autocode.core.errors import FileRefused, InputError
from autocode.encode.hashing import HashEncoder
from autocode.io.url_copy import copy_here
from autocode.io.url_path import UrlPath
from autocode.project import Project
from autocode.project.bulk_codes import read_bulk_codes

from .support import STOCKS, write_codings

SEGMENTS = "doc_id,segment_id,text\nd1,s1,It rained all day.\nd2,s2,I trust nobody.\n"


@pytest.fixture
def files(tmp_path, memory):
    """A codebook, a table of codings, a corpus folder and a study, here and in memory."""
    (tmp_path / "book.csv").write_text(
        "code,definition\n" + "\n".join(f"{code},{' '.join(STOCKS[code])}" for code in STOCKS)
    )
    write_codings(tmp_path / "coded.csv", 12)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/segments.csv").write_text(SEGMENTS)
    (tmp_path / "corpus/codebook.csv").write_text("code,name\nrain,Rain\ntrust,Trust\n")
    (tmp_path / "corpus/codings.csv").write_text("segment_id,coder,code\ns1,A,rain\ns2,A,trust\n")
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        project.import_paths([tmp_path / "corpus"])
    for name in ("book.csv", "coded.csv", "s.autocode"):
        memory.pipe_file(f"/{name}", (tmp_path / name).read_bytes())
    memory.put(str(tmp_path / "corpus"), "/corpus", recursive=True)
    return tmp_path


@pytest.mark.parametrize(
    ("book", "coded"),
    [
        ("book.csv", None),
        ("book.csv", "coded.csv"),
        (None, "coded.csv"),
        (None, "corpus"),
        (None, "s.autocode"),
    ],
)
def test_a_url_gives_what_the_file_gives(files, monkeypatch, tmp_path, book, coded):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    here = [None if name is None else files / name for name in (book, coded)]
    there = [None if name is None else f"memory://{name}" for name in (book, coded)]
    local, given = (read_bulk_codes(HashEncoder(), *paths) for paths in (here, there))
    assert given.codebook == local.codebook
    assert (given.task is None) == (local.task is None) == (coded is None)
    if local.task is not None:
        assert list(given.task.corpus.segments) == list(local.task.corpus.segments)
        assert np.array_equal(given.task.known.applied, local.task.known.applied)
        assert given.task.known.applied.any()
    assert not list((tmp_path / "temporary").iterdir())


def test_what_is_wrong_with_a_file_names_its_url(files, memory):
    memory.pipe_file("/ann:pa55word@host/coded.csv", b"text,code\nThe rent is high,rents")
    url = "memory://ann:pa55word@host/coded.csv"
    with pytest.raises(FileRefused) as refused:
        read_bulk_codes(HashEncoder(), "memory://book.csv", url)
    said = "memory://…@host/coded.csv, line 2: the codebook has no code 'rents'"
    assert str(refused.value).startswith(said)
    assert refused.value.path == "memory://…@host/coded.csv"
    with pytest.raises(InputError, match=r"^memory://s\.autocode is a study: name it as codings"):
        read_bulk_codes(HashEncoder(), "memory://s.autocode")
    with pytest.raises(InputError, match=r"^memory://s\.autocode has a codebook.*memory://book"):
        read_bulk_codes(HashEncoder(), "memory://book.csv", "memory://s.autocode")
    with pytest.raises(FileRefused, match=r"^memory://none\.csv: there is no such file"):
        read_bulk_codes(HashEncoder(), "memory://none.csv")


def test_a_study_with_work_in_the_file_beside_it_is_refused(files, memory):
    memory.pipe_file("/s.autocode-wal", b"work")
    with pytest.raises(FileRefused, match=r"^memory://s\.autocode: is a study that is open.*Close"):
        read_bulk_codes(HashEncoder(), None, "memory://s.autocode")


def test_a_copy_stays_in_its_folder(memory, monkeypatch):
    memory.pipe_file("/corpus/codes.csv", b"code\nrent")
    monkeypatch.setattr(
        UrlPath, "iterdir", lambda self: iter([self / "codes.csv", UrlPath(self.url, ("..",))])
    )
    with (
        pytest.raises(FileRefused, match=r"memory://corpus: holds something named '\.\.'"),
        copy_here(UrlPath("memory://corpus")),
    ):
        pass


def test_a_full_disk_is_said_of_the_url(memory, monkeypatch):
    memory.pipe_file("/book.csv", b"code\nrent")

    def fail(*given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("autocode.io.url_copy.shutil.copyfileobj", fail)
    said = r"^memory://book\.csv: cannot be copied to this machine \(no space left"
    with pytest.raises(FileRefused, match=said), copy_here(UrlPath("memory://book.csv")):
        pass
