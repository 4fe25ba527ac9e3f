from __future__ import annotations

from collections import Counter
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from autocode.io import transcripts
from autocode.io.transcripts.formats import READERS, SUFFIXES, choose_reader, describe_formats
from autocode.io.transcripts.reader import TranscriptReader

from ..support import odt, pdf, source


def test_every_reader_that_a_module_defines_is_asked():
    defined = [
        value
        for module in iter_modules(transcripts.__path__)
        if module.name != "formats"
        for value in vars(import_module(f"{transcripts.__name__}.{module.name}")).values()
        if isinstance(value, TranscriptReader)
    ]
    assert {reader.name for reader in defined} == {reader.name for reader in READERS}


def test_names_and_suffixes_belong_to_one_reader():
    assert max(Counter(reader.name for reader in READERS).values()) == 1
    assert max(Counter(s for reader in READERS for s in reader.suffixes).values()) == 1
    assert all(suffix in describe_formats() for suffix in SUFFIXES)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_a_suffix_chooses_its_reader_where_the_content_says_nothing(reader):
    for suffix in reader.suffixes:
        assert choose_reader(source(Path(f"a{suffix}"), "so it was")) is reader


@pytest.mark.parametrize(
    ("name", "content", "chosen"),
    [
        ("a.txt", "WEBVTT\n", "vtt"),
        ("a.srt", "WEBVTT\n", "vtt"),
        ("a.vtt", "1\n00:00:01,000 --> 00:00:02,000\nso\n", "vtt"),
        ("a.txt", "1\n00:00:01,000 --> 00:00:02,000\nso\n", "srt"),
        ("a.txt", "0:00:01.000,0:00:02.000\nso\n", "sbv"),
        ("a", "@UTF8\n@Begin\n", "chat"),
        ("a.txt", '{"segments": []}', "json"),
        ("a.txt", pdf([["so"]]), "pdf"),
        ("a.docx", odt("<text:p>so</text:p>"), "odt"),
        ("a.txt", "{\\rtf1 so}", "rtf"),
        ("a.xml", "<ANNOTATION_DOCUMENT/>", "eaf"),
        ("a.txt", 'File type = "ooTextFile"\nObject class = "TextGrid"', "textgrid"),
        ("a.txt", "Ann: so", "txt"),
    ],
)
def test_content_chooses_before_the_name_in_the_order_of_the_readers(name, content, chosen):
    assert choose_reader(source(Path(name), content)).name == chosen
