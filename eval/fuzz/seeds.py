# ruff: noqa: E501 - lines of files as they stand in them
"""Small sound files of every kind that is read: made here, and from folders that are present."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

LARGEST_SEED = 24_000
"""Bytes; larger files say nothing more about a reader and take its time."""
SUFFIXES = {
    ".txt", ".md", ".docx", ".odt", ".rtf", ".pdf", ".vtt", ".srt", ".sbv", ".json", ".cha", ".eaf",
    ".textgrid", ".csv", ".tsv", ".xlsx", ".qdc", ".xml",
}  # fmt: skip

_TALK = (
    ("Interviewer", "So how did you come to the service?"),
    ("P01", "My mother rang them, it was 2017. We waited — three weeks, I think…"),
    ("Interviewer", "And then?"),
    ("P01", "They said “no”. Café closed, naïve of me.\nI went home."),
    ("Interviewer", "Who helped?"),
    ("P01", "Nobody did, to be honest."),
)
_CLOCK = "00:00:{:02d}{}000"


def make_seeds() -> dict[str, bytes]:
    """A file or more of every kind, by name."""
    texts = {**_plain(), **_captions(), **_annotations(), **_tables()}
    seeds = {name: text.encode() for name, text in texts.items()}
    seeds["talk16.txt"] = texts["talk.txt"].encode("utf-16")
    seeds["talk1252.txt"] = texts["talk.txt"].encode("cp1252")
    seeds["talk.docx"] = _docx()
    seeds["talk.odt"] = _odt()
    seeds["survey.xlsx"] = _xlsx()
    seeds["talk.pdf"] = _pdf()
    return seeds


def collect_seeds(folders: list[Path]) -> dict[str, bytes]:
    """The made seeds and the small files of known kinds in `folders`, by path."""
    seeds = make_seeds()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            is_file = path.is_file() and not path.is_symlink()
            known = is_file and path.suffix.lower() in SUFFIXES
            if known and 0 < path.stat().st_size <= LARGEST_SEED:
                seeds[path.relative_to(folder.parent).as_posix()] = path.read_bytes()
    return seeds


def _plain() -> dict[str, str]:
    talk = "".join(f"{who}: {words}\n" for who, words in _TALK)
    rich = "".join(
        "{\\b " + who + ":} " + "".join(c if c < "\x80" else f"\\u{ord(c)}?" for c in words)
        + "\\par "
        for who, words in _TALK
    )  # fmt: skip
    return {
        "talk.txt": talk,
        "talk.md": "".join(f"**{who}**: {words}\n\n" for who, words in _TALK),
        "otter.txt": "".join(
            f"{who}  0:{at:02d}\n{words}\n\n" for at, (who, words) in enumerate(_TALK)
        ),
        "chat.txt": "".join(
            f"[12/03/2024, 10:0{at}:11] {who}: {words}\n" for at, (who, words) in enumerate(_TALK)
        ),
        "paper.txt": "Title: Waiting\nAuthors: Ode\nYear: 2017\nCountry: UK\n\nResults\n\n" + talk,
        "yaml.md": "---\ntitle: Waiting\nauthors: Ode\nyear: 2017\n---\n\n" + talk,
        "hebrew.txt": "מראיינת: איך הגעת?\nרות: אמא שלי התקשרה.\n" * 3,
        "talk.rtf": "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 Arial;}"
        "{\\f1\\fcharset204 A;}}" + rich + "{\\v gone}{\\footnote x}{\\*\\atnauthor Ana}"
        "{\\*\\annotation CODE}\\trowd\\intbl a\\cell b\\cell\\row\\pard{\\field{\\*\\fldinst P}"
        "{\\fldrslt c}}{\\f1\\'cf}\\par}",
    }


def _captions() -> dict[str, str]:
    cues = [
        (_CLOCK.format(at * 3, "{0}"), _CLOCK.format(at * 3 + 2, "{0}"), who, words)
        for at, (who, words) in enumerate(_TALK)
    ]
    segments = [
        {
            "start": at * 3.0, "end": at * 3 + 2.0, "text": words, "speaker": who,
            "words": [{"word": words.split()[0], "start": at * 3.0, "end": at * 3 + 0.5}],
        }
        for at, (who, words) in enumerate(_TALK)
    ]  # fmt: skip
    return {
        "talk.vtt": "WEBVTT\n\nNOTE x\n\n"
        + "".join(
            f"{a.format('.')} --> {b.format('.')}\n<v {w}>{t}</v>\n\n" for a, b, w, t in cues
        ),
        "talk.srt": "".join(
            f"{n}\n{a.format(',')} --> {b.format(',')}\n{w}: {t}\n\n"
            for n, (a, b, w, t) in enumerate(cues, start=1)
        ),
        "talk.sbv": "".join(
            f"{a.format('.')},{b.format('.')}\n{w}: {t}\n\n" for a, b, w, t in cues
        ),
        "talk.json": json.dumps({"text": "x", "segments": segments, "language": "en"}),
        "speech.csv": "start,end,speaker,text\n"
        + "".join(f'{n},{n + 1},{w},"{t}"\n' for n, (_, _, w, t) in enumerate(cues)),
        "speech.tsv": "start\tend\ttext\n"
        + "".join(
            f"{n}000\t{n}900\t{t.split()[0]} and more words\n" for n, (*_, t) in enumerate(cues)
        ),
    }


def _annotations() -> dict[str, str]:
    chat = "@UTF8\n@Begin\n@Participants:\tINT Interviewer, PAR Participant\n" + "".join(
        f"*{'INT' if who.startswith('I') else 'PAR'}:\t{words.split()[0]} there . \x15{n}_{n + 1}\x15\n"
        for n, (who, words) in enumerate(_TALK)
    )
    slots = "".join(f'<TIME_SLOT TIME_SLOT_ID="ts{n}" TIME_VALUE="{n * 900}"/>' for n in range(8))
    said = "".join(
        f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{n}" TIME_SLOT_REF1="ts{n}"'
        f' TIME_SLOT_REF2="ts{n + 1}"><ANNOTATION_VALUE>{words}</ANNOTATION_VALUE>'
        "</ALIGNABLE_ANNOTATION></ANNOTATION>"
        for n, (_, words) in enumerate(_TALK)
    )
    grid = "".join(
        f'intervals [{n + 1}]:\nxmin = {n}\nxmax = {n + 1}\ntext = "{words.split()[0]} it"\n'
        for n, (_, words) in enumerate(_TALK)
    )
    return {
        "talk.cha": chat + "%com:\tnoise\n@End\n",
        "talk.eaf": '<?xml version="1.0" encoding="UTF-8"?><ANNOTATION_DOCUMENT><TIME_ORDER>'
        f'{slots}</TIME_ORDER><TIER TIER_ID="Ana" PARTICIPANT="Ana" LINGUISTIC_TYPE_REF="d">'
        f"{said}</TIER></ANNOTATION_DOCUMENT>",
        "talk.TextGrid": 'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = 6'
        '\ntiers? <exists>\nsize = 1\nitem []:\nitem [1]:\nclass = "IntervalTier"\nname = "Ana"\n'
        f"xmin = 0\nxmax = 6\nintervals: size = 6\n{grid}",
    }


def _tables() -> dict[str, str]:
    people = "".join(
        f"R{n},{20 + n},north,We waited long and nobody rang us back {n}\n" for n in range(6)
    )
    return {
        "survey.csv": "id,age,region,What was hard?\n" + people,
        "qualtrics.csv": 'ResponseId,Q1\nResponse ID,What was hard?\n"{""ImportId"":""_recordId""}",'
        '"{""ImportId"":""QID1_TEXT""}"\n'
        + "".join(f"R_{n},It was the waiting and the cost {n}\n" for n in range(4)),
        "codebook.csv": "code,name,parent,definition,example,colour\nbar,Barriers,,What stops,,#ff0000"
        "\ncost,Cost,bar,Money,\"rent, food\",\nwait,Waiting,bar,Time,,\n",
        "paths.csv": "code\nBarriers > Cost\nBarriers > Waiting\nHelp\\Family\n",
        "codings.csv": "transcript,coder,code,start,end,excerpt\ntalk,Ana,cost,0,11,\n"
        "talk,Ben,wait,,,We waited\n",
        "cases.csv": "case,transcript,speaker,age,gender\nP01,talk,P01,34,f\nP02,talk,Interviewer,1,m\n",
        "book.qdc": '<?xml version="1.0" encoding="utf-8"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0"'
        ' origin="x"><Codes><Code guid="0f000000-0000-0000-0000-000000000001" name="Barriers"'
        ' isCodable="false" color="#ff0000"><Description>What stops</Description><Code'
        ' guid="0f000000-0000-0000-0000-000000000002" name="Cost" isCodable="true"/></Code></Codes>'
        "<Sets/></CodeBook>",
    }  # fmt: skip


def _docx() -> bytes:
    names = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="H"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>{who}: </w:t></w:r>'
        f'<w:commentRangeStart w:id="{n}"/><w:r><w:t>{words}</w:t><w:tab/></w:r><w:commentRangeEnd'
        f' w:id="{n}"/><w:ins><w:r><w:t>so</w:t></w:r></w:ins><w:del><w:r><w:delText>no</w:delText>'
        "</w:r></w:del></w:p>"
        for n, (who, words) in enumerate(_TALK)
    )
    body += (
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>P:</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:rPr>"
        "<w:vanish/></w:rPr><w:t>yes</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc><w:p/>"
        "</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl><w:p><w:r><mc:AlternateContent><mc:Choice>"
        "<w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback/>"
        '</mc:AlternateContent><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText>'
        '<w:fldChar w:fldCharType="separate"/><w:t>1</w:t><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    kinds = ("styles", "comments", "header")
    links = "".join(
        f'<Relationship Id="r{n}" Type="{office}/{kind}" Target="{kind}.xml"/>'
        for n, kind in enumerate(kinds)
    )
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml"'
            ' ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
            '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a"'
            f' Type="{office}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}'
            "</Relationships>",
            "word/document.xml": f"<w:document {names}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": f'<w:styles {names}><w:style w:styleId="H"><w:name w:val="heading 1"/>'
            '<w:basedOn w:val="H"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>',
            "word/comments.xml": f'<w:comments {names}><w:comment w:id="0" w:author="Ana"><w:p><w:r>'
            "<w:t>CODE cost</w:t></w:r></w:p></w:comment></w:comments>",
            "word/header.xml": f"<w:hdr {names}><w:p><w:r><w:t>Study</w:t></w:r></w:p></w:hdr>",
        }
    )  # fmt: skip


def _odt() -> bytes:
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("text", "text"), ("table", "table"),
                            ("draw", "drawing"), ("style", "style"))
    )  # fmt: skip
    body = "".join(
        f'<text:p text:style-name="S">{who}:<text:s text:c="2"/>{words}<text:tab/></text:p>'
        for who, words in _TALK
    )
    body += (
        "<text:p>a<office:annotation><text:p>why?</text:p></office:annotation><draw:frame>"
        "<draw:text-box><text:p>box</text:p></draw:text-box></draw:frame><text:note/></text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>P</text:p></table:table-cell>"
        "<table:table-cell><text:p>yes</text:p></table:table-cell></table:table-row></table:table>"
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": f"<office:document-content{names}><office:automatic-styles><style:style"
            ' style:name="S" style:parent-style-name="S"><style:text-properties text:display="none"/>'
            f"</style:style></office:automatic-styles><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>",
        }
    )


def _xlsx() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (
        ("id", "age", "What was hard?"),
        *((f"R{n}", 20 + n, "The waiting " * 5) for n in range(5)),
    ):
        book.active.append(row)
    book.create_sheet("codes").append(("code", "definition"))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _pdf() -> bytes:
    shown = b"".join(
        b"1 0 0 1 50 %d Tm (%s) Tj " % (800 - 14 * n, f"{who}: {words}".encode("cp1252", "replace"))
        for n, (who, words) in enumerate(_TALK)
    )
    content = b"BT /F1 10 Tf " + shown + b"ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 3 0 R >> >> >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, written in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, written)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in places)
    out += b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def zipped(parts: dict[str, str]) -> bytes:
    """An archive of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()
