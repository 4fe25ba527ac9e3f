from __future__ import annotations

import contextlib
import gzip
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.core.errors import FileRefused
from autocode.io import limits
from autocode.io.source import SourceFile

FRENCH = (
    "Interviewer: Où est-ce que vous habitez maintenant, et depuis combien de temps?\n"
    "Participant: J'habite à Orléans, près de la gare. Le français, c'est ma langue; déjà vu.\n"
)
ENGLISH = "Ann: It’s been a year – we went to “the café”…\nBen: Why’s that, d’you think?\n"
SPANISH = "Ana: ¿Qué pasó mañana? Sí, así es la situación, señora. El niño está en España.\n"
GERMAN = "Befragte: Schöne Grüße aus Köln, die Straße war weiß, über Ärger reden wir später.\n"


def content_of(path):
    return SourceFile(path).content


def text_of(path):
    return SourceFile(path).text


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
def test_text_finds_the_encoding_and_reports_it(write, words, encoding):
    path = write("a.txt", words, encoding)
    file = SourceFile(path)
    assert file.text == words
    assert path.read_bytes().decode(file.decoded.encoding) == words


def test_text_takes_big_endian_utf16(write):
    path = write("a.txt", b"\xfe\xff" + "שלום".encode("utf-16-be"))
    assert SourceFile(path).text == "שלום"


def test_text_takes_no_utf32_for_utf16(write):
    path = write("a.txt", "Ann: hello there", "utf-32")
    with contextlib.suppress(FileRefused):
        assert SourceFile(path).text == "Ann: hello there"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff\r"), min_size=1))
def test_text_gives_utf8_back(tmp_path_factory, words):
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(words.encode())
    try:
        assert SourceFile(path).text == words
    except FileRefused:
        assert not words.strip() or any(ord(c) < 32 or c == "\x7f" for c in words)


def test_text_makes_line_ends_one_and_takes_the_mark_away(write):
    path = write("a.txt", "one\r\ntwo\rthree\n", "utf-8-sig")
    assert SourceFile(path).text == "one\ntwo\nthree\n"


def test_digest_is_of_the_bytes(write):
    path = write("a.txt", b"one\r\n")
    assert SourceFile(path).digest == hashlib.sha256(b"one\r\n").hexdigest()


def test_text_unpacks_gz(write):
    assert SourceFile(write("a.csv.gz", gzip.compress("é\n".encode(), mtime=0))).text == "é\n"


@pytest.mark.parametrize("content", [b"", b" \n\t\r\n"])
def test_content_refuses_an_empty_file(write, refusal, content):
    path = write("a.txt", content)
    facts = refusal(path, content_of)
    assert (facts["fault"], facts["remedy"]) == ("the file is empty", "Export it again.")


def test_content_refuses_a_missing_file(tmp_path, refusal):
    assert "no such file" in refusal(tmp_path / "a.txt", content_of)["fault"]


def test_content_refuses_a_file_over_the_limit(write, refusal, monkeypatch):
    monkeypatch.setattr(limits, "LARGEST_FILE", 10)
    assert "limit" in refusal(write("a.txt", b"x" * 11), content_of)["fault"]


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)),
        b"\x7fELF\x02\x01\x01" + b"\x00" * 64,
        bytes(range(1, 32)) * 20,
        b"\x00" * 50,
    ],
)
def test_text_refuses_binary_data(write, refusal, content):
    facts = refusal(write("a.txt", content), text_of)
    assert "binary data" in facts["fault"]
    assert ".docx" in facts["remedy"]


def test_text_refuses_a_broken_encoding_with_its_place(write, refusal):
    path = write("a.txt", b"\xef\xbb\xbfab\xff")
    facts = refusal(path, text_of)
    assert facts["place"] == "byte 2"
    assert "utf-8" in facts["remedy"].casefold()


def _damaged_gz():
    raw = bytearray(
        gzip.compress(b"".join(b"c%d,name %d\n" % (i, i * 7) for i in range(500)), mtime=0)
    )
    raw[200:260] = bytes(byte ^ 0x5A for byte in raw[200:260])
    return bytes(raw)


@pytest.mark.parametrize(
    "content", [b"not gzip at all", gzip.compress(b"words " * 90, mtime=0)[:-12], _damaged_gz()]
)
def test_text_refuses_a_broken_gz(write, refusal, content):
    assert "not a whole gzip file" in refusal(write("a.csv.gz", content), text_of)["fault"]


def test_text_refuses_a_gz_bomb(write, refusal, monkeypatch):
    monkeypatch.setattr(limits, "LARGEST_FILE", 1000)
    facts = refusal(write("a.csv.gz", gzip.compress(b"x" * 5000, mtime=0)), text_of)
    assert "limit" in facts["fault"]


def test_text_reads_a_file_of_two_encodings_and_says_where(write):
    raw = "Ann: café – é\n".encode() * 3 + "Ben: naïve “so”\n".encode("cp1252")
    file = SourceFile(write("a.txt", raw))
    assert file.text == "Ann: café – é\n" * 3 + "Ben: naïve “so”\n"
    assert file.decoded.doubts == (
        "mixed encodings: line 4 read as cp1252, the rest as utf-8; look at them",
    )


@pytest.mark.parametrize("encoding", ["gb18030", "shift_jis", "cp1251"])
def test_text_takes_no_other_encoding_for_a_mixture(write, encoding):
    words = {"cp1251": "Иван: Я думаю, что это было давно, и мы ушли домой.\n"}
    text = words.get(encoding, "山田：それは昔の事だと思います、私達は家に帰りました。\n") * 5
    assert SourceFile(write("a.txt", text, encoding)).decoded.encoding != "utf-8+cp1252"
