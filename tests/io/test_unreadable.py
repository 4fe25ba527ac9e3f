from __future__ import annotations

import pytest

from autocode.io.recognise import recognise_paths
from autocode.io.transcripts.formats import SUFFIXES
from autocode.io.unreadable import explain_unreadable


@pytest.mark.parametrize(
    ("suffix", "what", "remedy"),
    [
        (".doc", "old Word document", "save it as .docx"),
        (".html", "web page", ".docx or .txt"),
        (".ods", "OpenDocument spreadsheet", ".xlsx or .csv"),
        (".xls", "old Excel workbook", ".xlsx"),
        (".qdpx", "REFI-QDA project", "Export the project again"),
        (".nvpx", "NVivo for Mac", "export"),
        (".nvp", "NVivo for Windows", "export"),
        (".mx22", "MAXQDA", ".qdpx"),
        (".mx24", "MAXQDA", ".qdpx"),
        (".mqda", "MAXQDA", ".qdpx"),
        (".atlproj", "ATLAS.ti", ".qdpx"),
        (".qda", "QualCoder", ".csv"),
        (".rqda", "RQDA", ".csv"),
        (".mp3", "recording", "Transcribe it"),
        (".mp4", "recording", "Transcribe it"),
        (".jpg", "picture", "OCR"),
        (".sav", "SPSS", ".csv"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_its_remedy(tmp_path, suffix, what, remedy):
    path = tmp_path / f"P01{suffix.upper()}"
    path.write_bytes(b"\xd0\xcf\x11\xe0 anything")
    (refused,) = recognise_paths([path]).refused
    assert what in refused.fault
    assert remedy in refused.remedy
    (skipped,) = recognise_paths([tmp_path]).skipped
    assert remedy in skipped.reason


def test_nothing_that_is_read_has_a_remedy():
    readable = {*SUFFIXES, ".csv", ".tsv", ".xlsx", ".qdc", ".gz", ""}
    assert {suffix for suffix in readable if explain_unreadable(suffix)} == set()
    assert explain_unreadable(".mx") is None
    assert explain_unreadable(".xyz") is None
