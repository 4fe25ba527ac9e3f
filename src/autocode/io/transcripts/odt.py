"""OpenDocument texts (.odt) as lines of text: a line per paragraph, heading and table row."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import FileRefused
from ..archive import DAMAGE, STARTS, open_archive, read_part
from ..source import SourceFile
from ..xml import local_name, parse_xml
from .document import finish
from .odt_body import OdtWalk, read_styles
from .plain import parse_document
from .reader import ParsedTranscript, TranscriptReader

if TYPE_CHECKING:
    from ..xml import XmlElement

_WHAT = "OpenDocument text"


def read_odt(source: SourceFile) -> ParsedTranscript:
    """Read an .odt as text: a line per paragraph and per table row (cells parted by tabs).

    Raises:
        FileRefused: if it is encrypted, broken, a zip bomb, holds entities, or holds no words.
    """
    path = source.path
    archive = open_archive(source.content, path, what=_WHAT, needs="META-INF/manifest.xml")
    manifest = read_part(archive, "META-INF/manifest.xml", path, what=_WHAT)
    if b"encryption-data" in manifest or "encrypted-package" in archive.namelist():
        raise FileRefused.because(
            path, "is protected by a password", remedy="Save it without a password."
        )
    root = parse_xml(read_part(archive, "content.xml", path, what=_WHAT), path, what=_WHAT)
    body = next(
        (e for e in root.iter() if local_name(e) == "text" and "office" in str(e.tag)), None
    )
    if body is None:
        raise FileRefused.because(
            path,
            "is an OpenDocument file but not a text (a spreadsheet or slides?)",
            remedy="Save the text as .odt or .docx, a table as .xlsx or .csv.",
        )
    walk = OdtWalk(read_styles([*_parse_style_sheet(archive, path), root]))
    walk.read_body(body)
    document = finish(walk.lines, walk.notes, left_out=walk.left_out, n_changes=walk.n_changes)
    if not document.text.strip():
        raise FileRefused.because(
            path,
            "holds no text (it may hold pictures of text)",
            remedy="Paste the words into the document's body.",
        )
    return parse_document(document, path, format="odt", patterns=source.options.speaker_patterns)


def _parse_style_sheet(archive: zipfile.ZipFile, path: Path) -> list[XmlElement]:
    """The styles that the document shares with others, where it has some."""
    if "styles.xml" not in archive.namelist():
        return []
    return [parse_xml(read_part(archive, "styles.xml", path, what=_WHAT), path, what=_WHAT)]


def _is_odt(source: SourceFile) -> bool:
    archived = source.content.startswith(STARTS) or source.has_suffix(".docx", ".odt")
    return archived and _holds_odt(source)


def _holds_odt(source: SourceFile) -> bool:
    """Whether an archive is OpenDocument; the name decides for one that cannot be looked into."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            names = set(archive.namelist())
    except DAMAGE:
        return source.has_suffix(".odt")
    if "[Content_Types].xml" in names:
        return False
    return "META-INF/manifest.xml" in names or source.has_suffix(".odt")


ODT = TranscriptReader(
    name="odt",
    label="OpenDocument",
    suffixes=(".odt",),
    sniff=_is_odt,
    read=read_odt,
    takes_text=False,
)
