from __future__ import annotations

from pathlib import Path

import pytest

from autocode.io.transcripts.odt import read_odt

from ..support import MANIFEST, odt, text_of, zipped

AN_ODT = Path("a.odt")


def read(body, **options):
    return text_of(read_odt, AN_ODT, odt(body, **options))


def test_read_odt_gives_a_line_to_each_paragraph_and_heading():
    assert read("<text:h>One</text:h><text:p/><text:p>Ann: é 👋</text:p>") == "One\n\nAnn: é 👋"


def test_read_odt_folds_white_space_and_keeps_what_is_meant():
    body = '<text:p>Ann:<text:tab/>so\n   then<text:s text:c="3"/>yes<text:line-break/>no</text:p>'
    assert read(body) == "Ann:\tso then   yes\nno"


def test_read_odt_reads_tables_and_lists_in_their_place():
    body = (
        "<text:p>before</text:p><table:table><table:table-row>"
        "<table:table-cell><text:p>Ann</text:p></table:table-cell>"
        "<table:table-cell><text:p>Hi</text:p><text:p>there</text:p></table:table-cell>"
        "</table:table-row></table:table>"
        "<text:list><text:list-item><text:p>item</text:p></text:list-item></text:list>"
    )
    assert read(body) == "before\nAnn\tHi there\nitem"


def test_read_odt_leaves_out_comments_notes_and_deleted_words():
    body = (
        "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
        "<text:p>I <office:annotation><text:p>who?</text:p></office:annotation>"
        "<text:span>stay</text:span><text:note><text:p>foot</text:p></text:note>.</text:p>"
    )
    assert read(body) == "I stay."


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (odt("<text:p>a</text:p>", manifest="<m><encryption-data/></m>"), "password"),
        (odt("<text:p>a</text:p>")[:200], "not a whole OpenDocument text"),
        (odt("<text:p> </text:p>"), "holds no text"),
        (odt("<text:p>&x;</text:p>", head='<!DOCTYPE a [<!ENTITY x "y">]>'), "XML entities"),
        (odt("<text:p>a"), "not a whole OpenDocument text"),
        (zipped((MANIFEST, "<m/>"), ("content.xml", "<sheet/>")), "not a text"),
        (zipped(("a.zip", b"PK")), "not a OpenDocument text"),
    ],
    ids=["password", "cut off", "no words", "entities", "broken", "a sheet", "an archive"],
)
def test_read_odt_refuses_in_one_line(refusal, raw, fault):
    assert fault in refusal(AN_ODT, lambda path: text_of(read_odt, path, raw))["fault"]
