"""Files as programs really write them: odd, incomplete, invalid, and read all the same."""

from __future__ import annotations

import zipfile

import pytest

from autocode.core.errors import FileRefused
from autocode.exchange.refi.read import read_refi, sniff_refi

from .support import CODE, HEAD, TEXT, coded_text, project_xml, write_qdpx

GUID = "33333333-3333-3333-3333-333333333333"


@pytest.mark.parametrize(
    "names",
    [
        ("project.qde", f"sources/{TEXT}.txt"),
        ("Project.qde", f"Sources/{TEXT.upper()}.TXT"),
        ("My study.qde", f"{TEXT}.txt"),
        ("sub/project.qde", f"sub\\sources\\{TEXT}.txt"),
    ],
)
def test_parts_are_known_whatever_their_case_and_folder(names, tmp_path):
    path = tmp_path / "p.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(names[0], project_xml(coded_text((0, 4, ""))))
        archive.writestr(names[1], b"\xef\xbb\xbfWait here")
        archive.writestr("sources/.root", b"")
    read = read_refi(path).project
    assert read.sources[0].text == "Wait here"
    assert read.selections[0].end == 4
    assert read.parts == ()


@pytest.mark.parametrize("address", [f"{TEXT}.txt", f"internal://sources/{TEXT}.txt"])
def test_addresses_without_a_scheme_or_with_a_folder_are_understood(address, tmp_path):
    path = write_qdpx(tmp_path / "p.qdpx", project_xml(coded_text(path=address)), text=b"x")
    assert read_refi(path).project.sources[0].text == "x"


@pytest.mark.parametrize("address", ["relative:///../secret.txt", "absolute:///etc/passwd"])
def test_files_outside_are_never_opened(address, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    path = write_qdpx(tmp_path / "p.qdpx", project_xml(coded_text(path=address)))
    read = read_refi(path)
    assert read.project.sources[0].text is None
    assert read.project.sources[0].address == address
    assert read.report.count("changed", "files") == 1


def test_any_namespace_order_and_spelling_of_guids_is_read(tmp_path):
    xml = (
        f'{HEAD}<q:Project xmlns:q="urn:QDA-XML:project:0:4" name="p" extra="1">'
        f'<q:Sources><q:TextSource guid="{{{TEXT}}}"><q:PlainTextContent>Wait</q:PlainTextContent>'
        f'<q:PlainTextSelection startPosition="0" endPosition="4"><q:Coding>'
        f'<q:CodeRef targetGUID="{{{CODE}}}"/></q:Coding></q:PlainTextSelection></q:TextSource>'
        f'</q:Sources><q:Codebook><q:Codes><q:Code guid="{CODE}" name="Waiting"/></q:Codes>'
        "</q:Codebook><q:Odd/><q:Sets/></q:Project>"
    )
    path = tmp_path / "p.qde"
    path.write_text(xml)
    read = read_refi(path).project
    assert read.selections[0].codings[0].code == read.codes[0].guid == CODE
    assert read.codes[0].codable


def test_what_a_project_refers_to_and_lacks_is_made_or_counted(tmp_path):
    inside = coded_text((0, 4, "")).replace(CODE, GUID, 1).replace(
        "</TextSource>", f'<NoteRef targetGUID="{GUID[:-1]}4"/></TextSource>'
    )  # fmt: skip
    inside = inside.replace("<Coding guid", f'<Coding creatingUser="{GUID[:-1]}5" guid')
    path = write_qdpx(tmp_path / "p.qdpx", project_xml(inside), text=b"Wait")
    read = read_refi(path)
    (coding,) = read.project.walk_codings()
    names = {code.guid: code.name for code in read.project.codes}
    assert names[coding.code].startswith("(unknown code")
    assert coding.coder in {coder.guid for coder in read.project.coders}
    assert read.project.sources[0].notes == ()
    assert read.report.count("lost", "references to notes") == 1


def test_positions_beyond_the_text_or_no_numbers_keep_their_codings(tmp_path):
    inside = coded_text((2, 99, ""), (-5, 2, ""), ("9" * 5000, 3, ""), (4, 1, ""), ("x", "y", ""))
    path = write_qdpx(tmp_path / "p.qdpx", project_xml(inside), text=b"Wait here")
    read = read_refi(path)
    places = [(s.start, s.end) for s in read.project.selections]
    assert places == [(2, 9), (0, 2), (None, None), (1, 4), (None, None)]
    assert len(list(read.project.walk_codings())) == 5
    assert read.report.count("changed", "selections") == 5


def test_two_codes_of_one_name_are_two_codes(tmp_path):
    codes = "".join(
        f'<Code guid="{GUID[:-1]}{n}" name="Waiting" isCodable="true"/>' for n in range(2)
    )
    path = tmp_path / "p.qdc"
    path.write_text(f'{HEAD}<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>{codes}</Codes>'
                    "<Sets/></CodeBook>")  # fmt: skip
    assert [code.name for code in read_refi(path).project.codes] == ["Waiting", "Waiting"]


def test_a_guid_given_twice_is_given_to_one(tmp_path):
    inside = coded_text((0, 1, ""), (2, 3, ""))
    inside = inside.replace('isCodable="true"/>', f'/><Code guid="{CODE}" name="Other"/>')
    path = write_qdpx(tmp_path / "p.qdpx", project_xml(inside), text=b"Wait")
    read = read_refi(path)
    assert len({code.guid for code in read.project.codes}) == 2
    assert read.report.count("changed", "codes") == 1


def test_texts_in_other_encodings_are_read_and_said(tmp_path):
    words = "Größe – überall: Straße, Füße, Äpfel und Öl. Das war schön für mich."
    inside = project_xml(coded_text())
    path = write_qdpx(tmp_path / "a.qdpx", inside, text=words.encode("cp1252"))
    read = read_refi(path)
    assert read.project.sources[0].text == words
    assert read.report.count("changed", "texts") == 1
    path = write_qdpx(tmp_path / "b.qdpx", inside, text=words.encode("utf-16"))
    assert read_refi(path).project.sources[0].text == words


def test_what_is_no_project_is_not_taken_for_one(tmp_path):
    (tmp_path / "a.xml").write_text("<a/>")
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    for name in ("a.xml", "a.docx", "missing", "."):
        assert not sniff_refi(tmp_path / name)
    (tmp_path / "b.qde").write_text("<a/>")
    with pytest.raises(FileRefused, match="no REFI-QDA project"):
        read_refi(tmp_path / "b.qde")
