from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from autocode.io import archive, limits
from autocode.io.archive import open_archive

from .support import zipped

A_DOCX = Path("a.docx")


def faults(refusal, raw):
    facts = refusal(
        A_DOCX, lambda path: open_archive(raw, path, what="Word document", needs="a.xml")
    )
    return facts["fault"]


def test_open_archive_gives_the_archive():
    raw = zipped(("a.xml", "<a/>"), ("picture.png", b"\x89PNG"))
    assert open_archive(raw, A_DOCX, what="x", needs="a.xml").read("a.xml") == b"<a/>"


def test_open_archive_refuses_a_bomb_before_reading_it(refusal):
    raw = zipped(("a.xml", b" " * (limits.MOST_TEXT + 1)))
    assert len(raw) < 100_000
    assert "more than a transcript needs" in faults(refusal, raw)


def test_open_archive_refuses_too_many_parts(refusal, monkeypatch):
    monkeypatch.setattr(archive, "MOST_PARTS", 2)
    raw = zipped(("a.xml", ""), ("b", ""), ("c", ""))
    assert "3 parts" in faults(refusal, raw)


def test_open_archive_refuses_parts_of_one_name(refusal):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("a.xml", "<a/>")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("a.xml", "<b/>")
    assert "'a.xml' twice" in faults(refusal, stream.getvalue())


def test_open_archive_refuses_a_password(refusal):
    raw = bytearray(zipped(("a.xml", "<a/>")))
    raw[raw.index(b"PK\x01\x02") + 8] |= 1  # the flag of an encrypted part
    assert "password" in faults(refusal, bytes(raw))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_open_archive_refuses_entities_in_any_part(refusal, encoding):
    raw = zipped(
        ("a.xml", "<a/>"), ("b.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode(encoding))
    )
    facts = refusal(
        A_DOCX, lambda path: open_archive(raw, path, what="Word document", needs="a.xml")
    )
    assert facts["place"] == "part b.xml"
    assert "entities" in facts["fault"]
