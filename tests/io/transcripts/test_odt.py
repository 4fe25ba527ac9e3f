from __future__ import annotations

from pathlib import Path

import pytest

from autocode.io.transcripts.odt import read_odt

from ..support import MANIFEST, odt, source, text_of, zipped

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


STYLES = (
    '<style:style style:name="gone"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="note" style:parent-style-name="gone"/>'
    '<style:style style:name="shown"><style:text-properties text:display="true"/></style:style>'
    '<style:style style:name="B"><style:text-properties fo:font-weight="bold"/></style:style>'
)
CELL = "<table:table-cell>{}</table:table-cell>"
ROW = "<table:table-row>{}</table:table-row>"
PAIR = ROW.format(CELL.format("<text:p>{}</text:p>") * 2)
LINES = {
    "comments, notes, deleted words": (
        "<text:tracked-changes><text:changed-region><text:p>gone</text:p></text:changed-region>"
        "</text:tracked-changes><text:p>I <office:annotation><text:p>who?</text:p>"
        "</office:annotation><text:span>stay</text:span><text:note><text:p>foot</text:p>"
        "</text:note>.</text:p>",
        ["I stay."],
    ),
    "hidden characters": (
        '<text:p>They sent <text:span text:style-name="note">SECRET </text:span>it.</text:p>'
        '<text:p text:style-name="gone">all</text:p>'
        '<text:p text:style-name="gone">but <text:span text:style-name="shown">this</text:span>'
        "</text:p>",
        ["They sent it.", "this"],
    ),
    "hidden paragraphs, sections and fields": (
        '<text:p><text:hidden-paragraph text:is-hidden="true"/>secret</text:p>'
        '<text:section text:display="none"><text:p>secret</text:p></text:section>'
        '<text:p>a<text:hidden-text text:is-hidden="true" text:string-value="x y"/></text:p>',
        ["a"],
    ),
    "text boxes and shapes": (
        "<text:p>P: before<draw:frame><draw:text-box><text:p>I: one</text:p><text:p>P: two</text:p>"
        "</draw:text-box></draw:frame>.<draw:custom-shape><text:p>I: three</text:p>"
        "</draw:custom-shape></text:p><text:p>P: after</text:p>",
        ["P: before.", "I: one", "P: two", "I: three", "P: after"],
    ),
    "ruby": (
        "<text:p><text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>kan</text:ruby-text>"
        "</text:ruby>字</text:p>",
        ["漢字"],
    ),
    "a table in a cell": (
        "<table:table>"
        + ROW.format(
            CELL.format("<text:p>P:</text:p>")
            + CELL.format(
                f"<text:p>Short.</text:p><table:table>{PAIR.format('I:', 'Why?')}</table:table>"
            )
        )
        + "</table:table><text:p>after</text:p>",
        ["P:\tShort.", "I:\tWhy?", "after"],
    ),
    "a box of one cell around running text": (
        "<table:table>"
        + ROW.format(CELL.format("<text:p>I: one</text:p><text:p>P: two</text:p>"))
        + "</table:table>",
        ["I: one", "P: two"],
    ),
}


@pytest.mark.parametrize(("body", "lines"), LINES.values(), ids=LINES)
def test_read_odt_gives_words_once_as_they_are_shown(body, lines):
    assert read(body, styles=STYLES).split("\n") == lines


def test_read_odt_says_what_it_leaves_out():
    raw = odt(
        "<text:tracked-changes><text:changed-region/></text:tracked-changes><text:p>a "
        '<text:span text:style-name="gone">b c</text:span>'
        '<text:note text:note-class="endnote"/></text:p>',
        styles=STYLES,
    )
    assert read_odt(source(AN_ODT, raw)).warnings[-2:] == [
        "2 hidden words, 1 endnote not read",
        "tracked changes are read as accepted",
    ]


def test_read_odt_keeps_comments_at_their_words():
    note = (
        '<office:annotation office:name="{}"><dc:creator>{}</dc:creator>'
        "<dc:date>2024-05-01</dc:date>"
        "<text:p>{}</text:p></office:annotation>"
    )
    raw = odt(
        f"<text:p>P: I {note.format('n1', 'Ana', 'CODE hardship')}lost my job"
        '<office:annotation-end office:name="n1"/> in May.</text:p>'
        f"<text:p>P: last{note.format('', 'Ben', 'end')}</text:p>"
    )
    parsed = read_odt(source(AN_ODT, raw))
    assert [(c.author, c.words, c.span.of(parsed.text)) for c in parsed.comments] == [
        ("Ana", "CODE hardship", "lost my job"),
        ("Ben", "end", "P: last"),
    ]
    assert parsed.warnings[-1].startswith("2 comments are not part of the text; --comments")


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
