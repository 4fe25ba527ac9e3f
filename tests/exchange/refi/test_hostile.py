"""Archives and XML made to do harm: refused in one line each."""

from __future__ import annotations

import io
import stat
import struct
import warnings
import zipfile

import pytest

from autocode.core.errors import FileRefused
from autocode.exchange.refi import container
from autocode.exchange.refi.read import read_refi

from .support import coded_text, project_xml, write_qdpx

XML = project_xml(coded_text())


def archive(path, *entries, **given):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in entries:
            written.writestr(name, content)
    return path


def refusal(path) -> str:
    with pytest.raises(FileRefused) as refused:
        read_refi(path)
    said = str(refused.value)
    assert "\n" not in said
    assert path.name in said
    return said


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil.txt", "C:\\evil.txt", "a/../../b.txt"])
def test_paths_outside_are_refused(name, tmp_path):
    path = archive(tmp_path / "p.qdpx", ("project.qde", XML), (name, b"x"))
    assert "outside the project" in refusal(path)


def test_links_are_refused(tmp_path):
    link = zipfile.ZipInfo("sources/a.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = archive(tmp_path / "p.qdpx", ("project.qde", XML), (link, b"/etc/passwd"))
    assert "links to another file" in refusal(path)


def test_names_that_stand_twice_are_refused(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = archive(tmp_path / "p.qdpx", ("project.qde", XML), ("a.txt", b"1"), ("a.txt", b"2"))
    assert "twice" in refusal(path)


def test_two_projects_or_none_are_refused(tmp_path):
    assert "2 projects" in refusal(archive(tmp_path / "p.qdpx", ("a.qde", XML), ("b.qde", XML)))
    assert "no project" in refusal(archive(tmp_path / "q.qdpx", ("a.txt", b"x")))


def test_passwords_are_refused(tmp_path):
    path = write_qdpx(tmp_path / "p.qdpx", XML, text=b"x")
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(mark)
        while at >= 0:
            (flags,) = struct.unpack_from("<H", raw, at + offset)
            struct.pack_into("<H", raw, at + offset, flags | 1)
            at = raw.find(mark, at + 4)
    path.write_bytes(raw)
    assert "password" in refusal(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = archive(tmp_path / "p.qdpx", ("project.qde", XML), ("a.bin", b"\0" * 12_000_000))
    assert "more than a project may" in refusal(path)


def test_xml_larger_than_it_declares_or_may_be_is_refused(tmp_path, monkeypatch):
    path = write_qdpx(tmp_path / "p.qdpx", XML, text=b"x")
    monkeypatch.setattr(container, "LARGEST_XML", 100)
    assert "more than can be read" in refusal(path)
    counted = container._Counted(io.BytesIO(b"x" * 50), 20, path)
    with pytest.raises(FileRefused, match="more than it declares"):
        counted.read()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_are_refused(encoding, tmp_path):
    bomb = '<!DOCTYPE Project [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + XML.partition("?>")[2]
    padded = f"<!-- {'x' * 100_000} -->" + bomb
    for number, xml in enumerate((bomb, padded)):
        head = f'<?xml version="1.0" encoding="{encoding}"?>'
        path = archive(tmp_path / f"{number}.qdpx", ("project.qde", (head + xml).encode(encoding)))
        assert "XML entities" in refusal(path)


def test_broken_files_are_refused(tmp_path):
    path = write_qdpx(tmp_path / "p.qdpx", XML, text=b"x" * 5000)
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])
    assert "not a whole REFI-QDA project" in refusal(path)
    path = archive(tmp_path / "q.qdpx", ("project.qde", XML[:-20]))
    assert "not a whole REFI-QDA project" in refusal(path)
    deep = project_xml("<CodeBook><Codes>" + '<Code name="a">' * 300 + "</Code>" * 300
                       + "</Codes></CodeBook>")  # fmt: skip
    assert "nested too deeply" in refusal(archive(tmp_path / "r.qdpx", ("project.qde", deep)))
