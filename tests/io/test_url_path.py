"""Files named by URL: as paths are, written whole, faults in a line without what is secret."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from autocode.bulk.kept_files import write_json
from autocode.core.errors import FileRefused
from autocode.io.files import write_atomically, write_bytes_atomically
from autocode.io.url_path import UrlPath, as_path
from autocode.io.url_secrets import hide_secrets

SECRET = "http://annabel:pa55word@host:80/a/in.csv?sig=s1gnature&x=1"


@pytest.fixture
def folders(tmp_path):
    """The same empty folder in memory and, through fsspec, on the disk."""
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]
    return {"memory": UrlPath("memory://top/sub"), "disk": UrlPath(f"dir://sub::file://{tmp_path}")}


class Failing(MemoryFileSystem):
    """Raises what is put into `errors`, whatever is asked of it."""

    protocol = "failing"
    errors: list[Exception] = []  # noqa: RUF012 - of the class, as fsspec makes the instances

    def _fail(self, *given, **more):
        raise self.errors[0]

    pipe_file = info = ls = cat_file = rm_file = _open = _fail


fsspec.register_implementation("failing", Failing)


def write(path, content):
    with write_bytes_atomically(path) as stream:
        stream.write(content)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a/b.csv", Path("a/b.csv")),
        ("file:///a/b.csv", Path("/a/b.csv")),
        ("./a://b", Path("a:/b")),
        ("s3://b/a.csv", UrlPath("s3://b/a.csv")),
        ("zip://a.csv::file:///b.zip", UrlPath("zip://a.csv::file:///b.zip")),
        ("simplecache::s3://b/a.csv", UrlPath("simplecache::s3://b/a.csv")),
    ],
)
def test_what_begins_with_a_protocol_is_a_url(given, expected):
    assert as_path(given) == expected
    assert as_path(expected) is expected


@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_a_file_is_written_read_listed_and_removed(folders, kind):
    folder = folders[kind]
    path = folder / "work/rows" / "a.txt"
    assert not folder.exists()
    assert not path.is_file()
    write(path, b"one\n")
    write(path, "two\nthrëe".encode())
    with write_atomically(path.with_name("b.csv")) as text:
        text.write("b")
    assert path.is_file()
    assert path.parent.is_dir()
    assert folder.is_dir()
    assert not path.is_dir()
    assert list(path.parent.iterdir()) == [path, path.with_name("b.csv")]
    assert [one.name for one in folder.iterdir()] == ["work"]
    assert path.read_text("utf-8") == "two\nthrëe"
    with path.open(encoding="utf-8") as lines:
        assert list(lines) == ["two\n", "thrëe"]
    with path.open("rb") as stream:
        stream.seek(4)
        assert stream.read() == "thrëe".encode()
    assert (path.name, path.stem, path.suffix) == ("a.txt", "a", ".txt")
    path.unlink()
    path.unlink(missing_ok=True)
    assert not path.exists()
    with pytest.raises(FileRefused, match=r"cannot be removed .there is no such"):
        path.unlink()
    with pytest.raises(FileRefused, match=r"cannot be read .there is no such"):
        path.read_bytes()


@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_an_error_while_it_is_made_leaves_the_file_as_it_was(folders, kind):
    path = folders[kind] / "a.txt"
    write(path, b"before")

    def stop_halfway():
        with write_bytes_atomically(path) as stream:
            stream.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop_halfway()
    assert path.read_bytes() == b"before"
    assert [one.name for one in path.parent.iterdir()] == ["a.txt"]


def test_on_a_disk_it_is_written_beside_its_place_and_renamed(folders, monkeypatch):
    path = folders["disk"] / "a.txt"
    write(path, b"before")

    def fail(*given, **more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fsspec.implementations.dirfs.DirFileSystem.mv", fail)
    with pytest.raises(FileRefused, match=r"a\.txt::file://.*written .no space left on device"):
        write(path, b"after")
    assert path.read_bytes() == b"before"
    assert [one.name for one in path.parent.iterdir()] == ["a.txt"]


def test_it_is_the_same_in_another_process(folders):
    path = folders["disk"] / "a" / "b.txt"
    again = pickle.loads(pickle.dumps(path))
    assert again == path
    assert hash(again) == hash(path)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (SECRET, "http://…@host:80/a/in.csv?…"),
        ("s3://AKIA:se/cr+et@b/a.csv", "s3://…@b/a.csv"),
        ("zip://a.csv::https://u:p@h/b.zip?sig=1", "zip://a.csv::https://…@h/b.zip?…"),
        ("s3://b/d/a@b.csv", "s3://b/d/a@b.csv"),
        ("ftp://ann@h/a", "ftp://…@h/a"),
    ],
)
def test_what_is_shown_has_no_secret(url, shown):
    assert str(UrlPath(url)) == shown
    assert repr(UrlPath(url)) == f"UrlPath({shown!r})"
    assert hide_secrets(f"cannot get '{url}' now") == f"cannot get '{shown}' now"


def test_names_below_a_chained_url_go_into_its_first_part():
    path = UrlPath("dir://a/::file:///b") / "c" / "d.csv"
    assert str(path) == "dir://a/c/d.csv::file:///b"
    assert UrlPath(SECRET).name == "in.csv"


@pytest.mark.parametrize(
    ("url", "beside"),
    [
        ("s3://b/in.csv", "s3://b/out.csv"),
        ("s3://b/in/", "s3://b/out.csv"),
        ("https://h/a/in.csv?sig=1", "https://h/a/out.csv?sig=1"),
        ("zip://in.csv::s3://b/in.csv", "zip://out.csv::s3://b/in.csv"),
    ],
)
def test_a_file_beside_what_a_url_names(url, beside):
    assert UrlPath(url).with_name("out.csv").url == beside
    assert (UrlPath(url) / "in").with_name("out.csv") == UrlPath(url) / "out.csv"


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("Forbidden for annabel with pa55word at s1gnature\nmore"),
        OSError(f"GET {SECRET} failed"),
        PermissionError(13, "Permission denied"),
        ValueError(""),
    ],
)
@pytest.mark.parametrize(
    "act",
    [
        lambda path: path.is_file(),
        lambda path: path.iterdir(),
        lambda path: path.read_bytes(),
        lambda path: path.open("rb").read(),
        lambda path: path.unlink(missing_ok=True),
        lambda path: write(path, b"a"),
    ],
)
def test_whatever_a_filesystem_raises_is_one_line(monkeypatch, error, act):
    monkeypatch.setattr(Failing, "errors", [error])
    path = UrlPath(SECRET.replace("http", "failing"))
    with pytest.raises(FileRefused) as refused:
        act(path)
    said = str(refused.value)
    assert said.startswith("failing://…@host:80/a/in.csv?…: cannot be ")
    assert "what is finished is kept" in said
    assert "\n" not in said
    assert not [word for word in ("pa55word", "s1gnature", "annabel") if word in said]


def test_an_unknown_protocol_and_a_missing_package_say_what_to_do(monkeypatch):
    with pytest.raises(FileRefused, match=r"^foo://a: .*not known: foo.*Check what stands before"):
        UrlPath("foo://a").exists()
    monkeypatch.setitem(sys.modules, "s3fs", None)  # as if it were not installed
    with pytest.raises(FileRefused, match=r"^s3://b/a: .*not installed.*pip install s3fs$"):
        UrlPath("s3://b/a").exists()


class WithoutBucket(MemoryFileSystem):
    """An object store that has no bucket, and none is made."""

    protocol = "without-bucket"

    def pipe_file(self, path, value, **more):
        raise FileNotFoundError("The specified bucket does not exist")

    def mkdir(self, path, create_parents=True, **more):
        raise FileNotFoundError(path)


fsspec.register_implementation("without-bucket", WithoutBucket)


def test_a_bucket_that_is_not_there_is_to_be_made():
    path = UrlPath("without-bucket://survey/themes") / "work" / "running.json"
    said = (
        r"^without-bucket://survey/themes/work/running\.json: .*the bucket.*is not there.* Make it"
    )
    for act in (lambda: write(path, b"{}"), lambda: write_json(path, {}, kept=False)):
        with pytest.raises(FileRefused, match=said):
            act()


def test_a_line_that_announces_another_is_followed_by_it(monkeypatch):
    error = ValueError('Parameter validation failed:\nInvalid bucket name "annabel:pa55word@host"')
    monkeypatch.setattr(Failing, "errors", [error])
    with pytest.raises(FileRefused, match="validation failed: Invalid bucket name") as refused:
        UrlPath(SECRET.replace("http", "failing")).exists()
    assert "annabel" not in str(refused.value)
    assert "pa55word" not in str(refused.value)


def test_what_a_library_logs_is_shown_to_nobody_who_did_not_ask():
    """gcsfs logs each failed request as an error, with a traceback and the URL in it."""
    code = """
import logging
from autocode.io.url_path import UrlPath
UrlPath("memory://a").exists()
try:
    raise OSError("GET http://ann:pa55word@host failed")
except OSError:
    logging.getLogger("gcsfs").exception("out of retries")
    logging.getLogger("s3fs").warning("http://ann:pa55word@host")
    logging.basicConfig()
    logging.getLogger("gcsfs").warning("asked for")
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stderr == "WARNING:gcsfs:asked for\n"
    assert not run.stdout
