"""Small files of formats that need building, and readers asked about bytes in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from autocode.io.source import SourceFile

MANIFEST = "META-INF/manifest.xml"
_ODT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
)


def source(path: Path, content: str | bytes) -> SourceFile:
    """A file of this name that is in memory only."""
    return SourceFile(path, content if isinstance(content, bytes) else content.encode())


def utterances_of(read, path: Path, content: str | bytes):
    """The utterances and warnings that a reader makes of a content."""
    parsed = read(source(path, content))
    return parsed.utterances, parsed.warnings


def text_of(read, path: Path, content: bytes) -> str:
    """The text that a reader of documents keeps."""
    return read(source(path, content)).text


def zipped(*parts: tuple[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return stream.getvalue()


def odt(body: str, *, manifest: str = "<manifest/>", head: str = "", styles: str = "") -> bytes:
    """An OpenDocument text whose body is this XML (prefixes text, table, draw, office, dc)."""
    content = head + _ODT.format(body=body, styles=styles)
    return zipped((MANIFEST, manifest), ("content.xml", content))


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = {
    _WORD: "http://purl.oclc.org/ooxml/wordprocessingml/main",
    _OFFICE: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def word(
    body: str, *, styles: str = "", comments: str = "", header: str = "", strict: bool = False
) -> bytes:
    """A Word document whose body and parts are this XML (prefixes w and mc)."""
    names = (
        f'xmlns:w="{_WORD}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    )
    parts = {"styles": styles, "comments": comments, "header": header}
    held = {kind: xml for kind, xml in parts.items() if xml}
    types = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    files = [
        (
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"'
            ' ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{types}"/></Types>',
        ),
        ("_rels/.rels", _relations({"officeDocument": "word/document.xml"})),
        ("word/_rels/document.xml.rels", _relations({kind: f"{kind}.xml" for kind in held})),
        ("word/document.xml", f"<w:document {names}><w:body>{body}</w:body></w:document>"),
        *(
            (f"word/{kind}.xml", f"<w:{kind} {names}>{xml}</w:{kind}>")
            for kind, xml in held.items()
        ),
    ]
    if strict:
        for usual, other in _STRICT.items():
            files = [(name, content.replace(usual, other)) for name, content in files]
    return zipped(*files)


def comment(number: str, author: str, words: str) -> str:
    """A comment of a Word document as XML."""
    return (
        f'<w:comment w:id="{number}" w:author="{author}" w:date="2024-05-01T10:00:00Z"><w:p><w:r>'
        f"<w:annotationRef/></w:r><w:r><w:t>{words}</w:t></w:r></w:p></w:comment>"
    )


def _relations(targets: dict[str, str]) -> str:
    entries = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def pdf(pages: Iterable[Sequence[str]]) -> bytes:
    """A PDF with these lines on its pages, top to bottom; an empty page has no text at all."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1"
               b" /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]  # fmt: skip
    kids = []
    for lines in pages:
        shown = b"".join(
            b"1 0 0 1 50 %d Tm (%s) Tj " % (800 - 14 * n, _escaped(line))
            for n, line in enumerate(lines)
        )
        content = b"BT /F1 10 Tf " + shown + b"ET" if lines else b""
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return _assembled(objects)


def workbook(rows: Iterable[Sequence[object]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _escaped(line: str) -> bytes:
    plain = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return plain.encode("cp1252")


def _assembled(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)
