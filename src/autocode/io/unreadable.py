"""Files that cannot be imported as they are: what they are, and what to do with them instead."""

from __future__ import annotations

from collections.abc import Mapping

_MEDIA = (
    ".mp3 .wav .m4a .m4b .aac .ogg .oga .opus .flac .wma .amr .aif .aiff .3ga .dss .ds2 .caf"
    " .mp4 .m4v .mov .avi .mkv .webm .wmv .mpg .mpeg .mts .3gp .flv"
)
_PICTURES = ".jpg .jpeg .png .gif .tif .tiff .bmp .webp .heic .heif .svg"

_TOOLS: Mapping[str, tuple[str, str]] = {
    ".nvp": ("NVivo for Windows", "the coded text of each code as .xlsx"),
    ".nvpx": ("NVivo for Mac", "the coded text of each code as .xlsx"),
    ".nvcx": ("NVivo for Mac", "the coded text of each code as .xlsx"),
    ".atlproj": ("ATLAS.ti", "the quotations with content and codes as .xlsx"),
    ".atlproj9": ("ATLAS.ti", "the quotations with content and codes as .xlsx"),
    ".atlcb": ("ATLAS.ti", "the quotations with content and codes as .xlsx"),
    ".hpr": ("ATLAS.ti", "the quotations with content and codes as .xlsx"),
    ".mex": ("MAXQDA", "the coded segments as .xlsx"),
    ".qda": ("QualCoder", "the coding report as .csv"),
    ".rqda": ("RQDA", "the coding table with file, code and words as .csv"),
    ".requal": ("requal", "the segments as .csv"),
    ".ddx": ("Dedoose", "the excerpts as .xlsx"),
    ".qrk": ("Quirkos", "the coded quotes as .csv"),
    ".tags": ("Taguette", "the highlights as .csv"),
}  # fmt: skip
"""Project files of other tools: the tool, and what to export there in place of the project."""

_WITH_REFI = ("NVivo", "ATLAS.ti", "MAXQDA", "Quirkos")
"""Tools that write their whole project in the exchange format."""

_OTHERS: Mapping[str, tuple[str, str]] = {
    ".doc": ("an old Word document", "Open it in Word or LibreOffice and save it as .docx."),
    ".dot": ("an old Word template", "Open it in Word or LibreOffice and save it as .docx."),
    ".pages": ("a Pages document", "In Pages, export it as Word (.docx)."),
    ".wpd": ("a WordPerfect document", "Open it in LibreOffice and save it as .docx."),
    ".wps": ("a Works document", "Open it in LibreOffice and save it as .docx."),
    ".gdoc": ("a link to a Google document", "In Google Docs, download it as Word (.docx)."),
    ".gsheet": ("a link to a Google sheet", "In Google Sheets, download it as .csv or .xlsx."),
    ".html": ("a web page", "Open it in a browser or Word, and save its text as .docx or .txt."),
    ".htm": ("a web page", "Open it in a browser or Word, and save its text as .docx or .txt."),
    ".mhtml": ("a web page", "Open it in a browser or Word, and save its text as .docx or .txt."),
    ".epub": ("an e-book", "Save its text as .docx or .txt."),
    ".xls": ("an old Excel workbook", "Open it in Excel or LibreOffice and save it as .xlsx."),
    ".xlsm": ("an Excel workbook with macros", "Save it as .xlsx."),
    ".xlsb": ("a binary Excel workbook", "Save it as .xlsx."),
    ".ods": ("an OpenDocument spreadsheet", "Open it in LibreOffice and save it as .xlsx or .csv."),
    ".numbers": ("a Numbers spreadsheet", "In Numbers, export it as .xlsx or .csv."),
    ".sav": ("an SPSS file", "In SPSS or with pandas, save it as .csv or .xlsx."),
    ".dta": ("a Stata file", "In Stata or with pandas, save it as .csv or .xlsx."),
    ".rds": ("an R object", "In R, write it with write.csv()."),
    ".rdata": ("an R workspace", "In R, write its table with write.csv()."),
    ".ppt": ("slides", "Save their text as .docx or .txt."),
    ".pptx": ("slides", "Save their text as .docx or .txt."),
    ".odp": ("slides", "Save their text as .docx or .txt."),
    ".zip": ("an archive", "Unpack it and import the files in it."),
    ".7z": ("an archive", "Unpack it and import the files in it."),
    ".rar": ("an archive", "Unpack it and import the files in it."),
    ".msg": ("an e-mail", "Save its text as .txt or .docx."),
    ".eml": ("an e-mail", "Save its text as .txt or .docx."),
    ".qdpx": (
        "no whole REFI-QDA project",
        "Export the project again in the program it comes from; import it without --as.",
    ),
    ".qde": (
        "no whole REFI-QDA project",
        "Export the project again in the program it comes from; import it without --as.",
    ),
    ".autocode": ("a study", "Give it as STUDY; export its tables to take them into another."),
}
"""Other kinds of file: what each is, and the remedy."""


def explain_unreadable(suffix: str) -> tuple[str, str] | None:
    """What files of this suffix (lower case, with its dot) are and the remedy; None if unknown.

    The first ends a sentence that begins with the file's name, the second is a sentence.
    """
    if suffix in _OTHERS:
        what, remedy = _OTHERS[suffix]
        return f"is {what}, which cannot be imported", remedy
    if tool := _tool_of(suffix):
        name, export = tool
        if name.startswith(_WITH_REFI):
            return (
                f"is a project of {name}, which cannot be imported",
                f"In {name}, export the project as REFI-QDA (.qdpx), and import that.",
            )
        return (
            f"is a project of {name}, which cannot be imported",
            f"In {name}, export the transcripts as .docx or .txt, and {export}.",
        )
    if suffix in _MEDIA.split():
        return (
            "is a recording, and recordings cannot be imported",
            "Transcribe it first, and import the transcript (.docx, .txt, .vtt, .srt, .json).",
        )
    if suffix in _PICTURES.split():
        return (
            "is a picture, and pictures cannot be imported",
            "Type out or recognise (OCR) the text in it, and save that as .docx or .txt.",
        )
    return None


def _tool_of(suffix: str) -> tuple[str, str] | None:
    """The tool whose project has this suffix; MAXQDA's ends in the version (.mx20, .mx24)."""
    if suffix == ".mqda" or (suffix.startswith(".mx") and suffix[3:].isdigit()):
        return "MAXQDA", "the coded segments as .xlsx"
    return _TOOLS.get(suffix)
