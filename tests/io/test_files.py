from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import stat
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.core.errors import FileRefused
from autocode.io import files
from autocode.io.files import read_bytes, read_text, whole_file

FRENCH = (
    "Interviewer: Où est-ce que vous habitez maintenant, et depuis combien de temps?\n"
    "Participant: J'habite à Orléans, près de la gare. Le français, c'est ma langue; déjà vu.\n"
)
ENGLISH = "Ann: It’s been a year – we went to “the café”…\nBen: Why’s that, d’you think?\n"
SPANISH = "Ana: ¿Qué pasó mañana? Sí, así es la situación, señora. El niño está en España.\n"
GERMAN = "Befragte: Schöne Grüße aus Köln, die Straße war weiß, über Ärger reden wir später.\n"


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        (ENGLISH, "utf-8"),
        (ENGLISH, "utf-8-sig"),
        (FRENCH, "utf-16"),
        ("שלום 👋\n", "utf-16"),
        (FRENCH, "latin-1"),
        (FRENCH, "cp1252"),
        (ENGLISH, "cp1252"),
        (SPANISH, "latin-1"),
        (GERMAN, "latin-1"),
    ],
)
def test_read_text_finds_the_encoding_and_reports_it(write, words, encoding):
    path = write("a.txt", words, encoding)
    file = read_text(path)
    assert file.text == words
    assert path.read_bytes().decode(file.encoding) == words


def test_read_text_takes_big_endian_utf16(write):
    path = write("a.txt", b"\xfe\xff" + "שלום".encode("utf-16-be"))
    assert read_text(path).text == "שלום"


def test_read_text_takes_no_utf32_for_utf16(write):
    path = write("a.txt", "Ann: hello there", "utf-32")
    with contextlib.suppress(FileRefused):
        assert read_text(path).text == "Ann: hello there"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff\r"), min_size=1))
def test_read_text_gives_utf8_back(tmp_path_factory, words):
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(words.encode())
    try:
        assert read_text(path).text == words
    except FileRefused:
        assert not words.strip() or any(ord(c) < 32 or c == "\x7f" for c in words)


def test_read_text_makes_line_ends_one_and_takes_the_mark_away(write):
    path = write("a.txt", "one\r\ntwo\rthree\n", "utf-8-sig")
    assert read_text(path).text == "one\ntwo\nthree\n"


def test_read_text_digest_is_of_the_bytes(write):
    path = write("a.txt", b"one\r\n")
    assert read_text(path).digest == hashlib.sha256(b"one\r\n").hexdigest()


def test_read_text_unpacks_gz(write):
    assert read_text(write("a.csv.gz", gzip.compress("é\n".encode()))).text == "é\n"


@pytest.mark.parametrize("content", [b"", b" \n\t\r\n"])
def test_read_bytes_refuses_an_empty_file(write, refusal, content):
    path = write("a.txt", content)
    facts = refusal(path, read_bytes)
    assert (facts["fault"], facts["remedy"]) == ("the file is empty", "Export it again.")


def test_read_bytes_refuses_a_missing_file(tmp_path, refusal):
    assert "no such file" in refusal(tmp_path / "a.txt", read_bytes)["fault"]


def test_read_bytes_refuses_a_file_over_the_limit(write, refusal, monkeypatch):
    monkeypatch.setattr(files, "LARGEST_FILE", 10)
    assert "limit" in refusal(write("a.txt", b"x" * 11), read_bytes)["fault"]


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)),
        b"\x7fELF\x02\x01\x01" + b"\x00" * 64,
        bytes(range(1, 32)) * 20,
        b"\x00" * 50,
    ],
)
def test_read_text_refuses_binary_data(write, refusal, content):
    facts = refusal(write("a.txt", content), read_text)
    assert "binary data" in facts["fault"]
    assert ".docx" in facts["remedy"]


def test_read_text_refuses_a_broken_encoding_with_its_place(write, refusal):
    path = write("a.txt", b"\xef\xbb\xbfab\xff")
    facts = refusal(path, read_text)
    assert facts["place"] == "byte 2"
    assert "utf-8" in facts["remedy"].casefold()


def _damaged_gz():
    raw = bytearray(gzip.compress(b"".join(b"c%d,name %d\n" % (i, i * 7) for i in range(500))))
    raw[200:260] = bytes(byte ^ 0x5A for byte in raw[200:260])
    return bytes(raw)


@pytest.mark.parametrize(
    "content", [b"not gzip at all", gzip.compress(b"words " * 90)[:-12], _damaged_gz()]
)
def test_read_text_refuses_a_broken_gz(write, refusal, content):
    assert "not a whole gzip file" in refusal(write("a.csv.gz", content), read_text)["fault"]


def test_read_text_refuses_a_gz_bomb(write, refusal, monkeypatch):
    monkeypatch.setattr(files, "LARGEST_FILE", 1000)
    facts = refusal(write("a.csv.gz", gzip.compress(b"x" * 5000)), read_text)
    assert "limit" in facts["fault"]


def test_whole_file_writes_and_makes_the_folder(tmp_path):
    path = tmp_path / "new" / "a.csv"
    with whole_file(path) as stream:
        stream.write("é\n")
        assert not path.exists()
    assert path.read_bytes() == "é\n".encode()


def test_whole_file_keeps_the_old_file_when_writing_fails(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old")
    with pytest.raises(TypeError), whole_file(path) as stream:
        stream.writelines(["new", None])
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_whole_file_refuses_a_folder_that_is_a_file(write, refusal):
    path = write("a.txt", "x").parent / "a.txt" / "b.csv"

    def call(path):
        with whole_file(path):
            pass

    assert "cannot be written" in refusal(path, call)["fault"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no umask")
def test_whole_file_heeds_the_umask(tmp_path):
    path = tmp_path / "a.csv"
    before = os.umask(0o077)
    try:
        with whole_file(path) as stream:
            stream.write("confidential")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_read_text_reads_a_file_of_two_encodings_and_says_where(write):
    raw = "Ann: café – é\n".encode() * 3 + "Ben: naïve “so”\n".encode("cp1252")
    file = read_text(write("a.txt", raw))
    assert file.text == "Ann: café – é\n" * 3 + "Ben: naïve “so”\n"
    assert file.doubts == (
        "mixed encodings: line 4 read as cp1252, the rest as utf-8; look at them",
    )


@pytest.mark.parametrize("encoding", ["gb18030", "shift_jis", "cp1251"])
def test_read_text_takes_no_other_encoding_for_a_mixture(write, encoding):
    words = {"cp1251": "Иван: Я думаю, что это было давно, и мы ушли домой.\n"}
    text = words.get(encoding, "山田：それは昔の事だと思います、私達は家に帰りました。\n") * 5
    assert read_text(write("a.txt", text, encoding)).encoding != "utf-8+cp1252"
