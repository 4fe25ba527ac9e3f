from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from autocode.core.codebook import Code, Codebook
from autocode.core.errors import FileRefused, InputError
from autocode.io.tables.codebook import read_codebook
from autocode.io.tables.qdc import NAMESPACE, read_qdc, write_qdc

HEAD = f'<CodeBook xmlns="{NAMESPACE}"><Codes>'
TAIL = "</Codes></CodeBook>"
HEADINGS = ("Include: ", "Exclude: ", "Example: ", "Memo: ")

# What a foreign codebook holds: (name, parent's name) of each code, read off the XML by eye.
KNOWN = {
    "atlasti234win_codebook.qdc": [("code1", None)],
    "taguette141_codebook.qdc": [
        ("xsd:element name", None),
        ("CodeBook", None),
        ("Variables", None),
    ],
    "taguette152_codebook.qdc": [
        ("interesting", None),
        ("belonging", None),
        ("barrier", None),
        ("wellbeing.mental", None),
        ("wellbeing.physical", None),
    ],
    "qualcoder382_Codebook-garden_study.qdc": [
        ("barrier", None),
        ("Wellbeing", None),
        ("mental health", "Wellbeing"),
        ("Work", "Wellbeing"),
        ("work stress", "Work"),
        ("Social", None),
        ("belonging", "Social"),
        ("sub of belonging", "belonging"),
    ],
}


def named(codebook):
    """The codes as a qdc knows them: by names."""
    name = {code.id: code.name for code in codebook}
    return [
        (
            code.name,
            name.get(code.parent),
            code.definition,
            code.inclusion,
            code.exclusion,
            code.examples,
            code.colour,
            code.memo,
        )
        for _, code in codebook.walk()
    ]


def _plain(words):
    kept = (" ".join(line.split()) for line in words.split("\n"))
    return "\n".join(line for line in kept if line and not line.startswith(HEADINGS))


LETTERS = st.one_of(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cn"]), st.sampled_from("\n: <&>\"'")
)
WORDS = st.text(LETTERS, max_size=12).map(_plain)
LINE = WORDS.map(lambda words: " ".join(words.split())).filter(
    lambda line: line and not line.startswith(HEADINGS)
)


@st.composite
def codebooks(draw):
    names = draw(st.lists(LINE, min_size=1, max_size=5, unique=True))
    return Codebook(
        tuple(
            Code(
                id=name,
                name=name,
                definition=draw(WORDS),
                inclusion=draw(WORDS),
                exclusion=draw(WORDS),
                examples=tuple(draw(st.lists(LINE, max_size=2))),
                parent=draw(st.sampled_from([None, *names[:n]])),
                colour=draw(st.sampled_from([None, "#2b6cb0", "#ABC"])),
                memo=draw(WORDS),
            )
            for n, name in enumerate(names)
        )
    )


@pytest.fixture(scope="session")
def schema(shared):
    return etree.XMLSchema(file=str(shared / "interop" / "refi-qda" / "Codebook.xsd"))


def test_read_qdc_reads_the_shared_codebooks(shared):
    paths = sorted((shared / "interop" / "refi-qda").glob("*.qdc"))
    assert paths
    for path in paths:
        try:
            codebook = read_qdc(path)
        except FileRefused:
            assert path.name not in KNOWN, path
            continue
        assert len(codebook)
        if path.name in KNOWN:
            assert [fields[:2] for fields in named(codebook)] == KNOWN[path.name]


def test_read_qdc_reads_what_a_code_holds(write):
    path = write(
        "a.qdc",
        f'{HEAD}<!-- note --><Code guid="1" name=" Getting  in " color="#2b6cb0" isCodable="true">'
        "<Description>How.\nMore.\nInclude: lists\nExclude: phone\nExample: one\nExample: two\n"
        f'Memo: m</Description><Unknown/></Code><Code name="b" color="red"/>{TAIL}',
    )
    assert read_qdc(path).codes == (
        Code(
            id="Getting in",
            name="Getting in",
            definition="How.\nMore.",
            inclusion="lists",
            exclusion="phone",
            examples=("one", "two"),
            colour="#2b6cb0",
            memo="m",
        ),
        Code(id="b", name="b"),
    )


@pytest.mark.parametrize("namespace", [NAMESPACE, "urn:QDA-XML:codebook:0:4", "", "urn:other"])
def test_read_qdc_takes_any_namespace(write, namespace):
    text = f'<CodeBook xmlns="{namespace}"><Codes><Code name="a"/>{TAIL}'
    assert read_qdc(write("a.qdc", text)).codes == (Code(id="a", name="a"),)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_read_qdc_takes_the_declared_encoding(write, encoding):
    declared = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{declared}"?>{HEAD}<Code name="é"/>{TAIL}'
    assert read_qdc(write("a.qdc", text, encoding)).codes[0].name == "é"


def test_read_qdc_tells_equal_names_apart_by_their_parents(write):
    text = (
        f'{HEAD}<Code name="a"><Code name="trust"/></Code><Code name="b"><Code name="trust"/>'
        f'<Code name="trust"/></Code>{TAIL}'
    )
    codes = read_qdc(write("a.qdc", text)).codes
    assert [code.name for code in codes] == ["a", "trust", "b", "trust", "trust"]
    assert len({code.id for code in codes}) == 5
    assert codes[3].id == "b / trust"


def test_read_qdc_names_no_parent_where_there_is_none(write):
    codes = read_qdc(write("a.qdc", f'{HEAD}<Code name="a"/><Code name="a"/>{TAIL}')).codes
    assert len({code.id for code in codes}) == 2
    assert not any("None" in code.id for code in codes)


@pytest.mark.parametrize(
    ("content", "place", "fault"),
    [
        ("", None, "empty"),
        ("not xml", "line 1", "not a whole REFI-QDA codebook"),
        (f'{HEAD}\n<Code name="a">\n{TAIL}', "line 3", "not a whole REFI-QDA codebook"),
        (f'{HEAD}<Code name="a"/>', "line 1", "not a whole REFI-QDA codebook"),
        (f"{HEAD}{TAIL}", None, "holds no codes"),
        ("<html/>", None, "holds no codes"),
        (f"<!DOCTYPE CodeBook>{HEAD}<Code name='a'/>{TAIL}", None, "XML entities"),
        (
            f"<!DOCTYPE c SYSTEM 'file:///etc/hostname'>{HEAD}<Code name='a'/>{TAIL}",
            None,
            "XML entities",
        ),
        (
            f"<!DOCTYPE c [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>{HEAD}<Code name='a'>"
            f"<Description>&x;</Description></Code>{TAIL}",
            None,
            "XML entities",
        ),
        (
            "<!DOCTYPE c [<!ENTITY a 'ha'>"
            + "".join(
                f"<!ENTITY {here} '{f'&{last};' * 20}'>"
                for last, here in zip("abcdefgh", "bcdefghi", strict=True)
            )
            + f"]>{HEAD}<Code name='&i;'/>{TAIL}",
            None,
            "",
        ),
        (f"{HEAD}<Code name='&nobody;'/>{TAIL}", "line 1", "not a whole REFI-QDA codebook"),
        (f"{HEAD}{'<Code name=' + repr('a') + '>'} " * 300, "line 1", "nested too deeply"),
        ("\x89PNG\r\n\x1a\n", "line 1", "not a whole REFI-QDA codebook"),
    ],
    ids=["empty", "no xml", "unclosed", "truncated", "no codes", "html", "doctype", "outside dtd",
         "outside entity", "entity bomb", "unknown entity", "too deep", "binary"],
)  # fmt: skip
def test_read_qdc_refuses_what_is_no_codebook(write, refusal, content, place, fault):
    facts = refusal(write("a.qdc", content, "latin-1"), read_qdc)
    assert fault in facts["fault"]
    if fault:
        assert facts["place"] == place


@pytest.mark.slow
@given(codebooks())
def test_codebook_comes_back_from_qdc(tmp_path_factory, codebook):
    path = tmp_path_factory.getbasetemp() / "any.qdc"
    write_qdc(codebook, path)
    assert named(read_qdc(path)) == named(codebook)


@given(codebooks())
def test_write_qdc_is_always_valid(tmp_path_factory, schema, codebook):
    path = tmp_path_factory.getbasetemp() / "valid.qdc"
    write_qdc(codebook, path)
    schema.assertValid(etree.parse(str(path)))


def test_write_qdc_of_the_example_is_valid_and_comes_back(tmp_path, schema, example):
    codebook = read_codebook(example / "codebook.csv")
    write_qdc(codebook, tmp_path / "a.qdc")
    schema.assertValid(etree.parse(str(tmp_path / "a.qdc")))
    assert named(read_qdc(tmp_path / "a.qdc")) == named(codebook)


def test_write_qdc_cleans_what_xml_cannot_hold(tmp_path, schema):
    codebook = Codebook(
        (Code(id="a", name="n\x00\x1b\ud800", definition="d\x07\uffff", colour="red"),)
    )
    write_qdc(codebook, tmp_path / "a.qdc")
    schema.assertValid(etree.parse(str(tmp_path / "a.qdc")))
    code = read_qdc(tmp_path / "a.qdc").codes[0]
    assert (code.name, code.definition, code.colour) == (
        "n\ufffd\ufffd\ufffd",
        "d\ufffd\ufffd",
        None,
    )


def test_write_qdc_gives_the_same_bytes_again(tmp_path):
    codebook = Codebook((Code(id="a", name="A"), Code(id="b", name="B", parent="a")))
    for name in ("one.qdc", "two.qdc"):
        write_qdc(codebook, tmp_path / name)
    assert (tmp_path / "one.qdc").read_bytes() == (tmp_path / "two.qdc").read_bytes()


def test_write_qdc_gives_codes_of_one_name_their_own_guids(tmp_path):
    write_qdc(
        Codebook((Code(id="a", name="Trust"), Code(id="b", name="Trust"))), tmp_path / "a.qdc"
    )
    root = etree.parse(str(tmp_path / "a.qdc"))
    assert len(set(root.xpath("//@guid"))) == 2


def test_write_qdc_refuses_an_empty_codebook(tmp_path):
    with pytest.raises(InputError, match="empty"):
        write_qdc(Codebook(), tmp_path / "a.qdc")
    assert list(tmp_path.iterdir()) == []


def test_write_qdc_writes_codes_nested_deeper_than_we_would_read(tmp_path):
    codes = [Code(id="c0", name="c0")]
    codes += [Code(id=f"c{n}", name=f"c{n}", parent=f"c{n - 1}") for n in range(1, 1500)]
    write_qdc(Codebook(tuple(codes)), tmp_path / "a.qdc")
    assert (tmp_path / "a.qdc").read_text().count("<Code ") == 1500
