from __future__ import annotations

import pytest

from autocode.io.tables.codings_columns import find_coding_columns, fold_name, recognise_tool

MAXQDA = (
    "color,comment,document group,document name,code,beginning,end,weight score,segment,"
    "modified by,modified on,created by,created on,area,coverage %"
)
MAXQDA_DE = (
    "farbe,kommentar,dokumentgruppe,dokumentname,code,anfang,ende,gewicht,segment,"
    "bearbeitet von,bearbeitet am,erstellt von,erstellt am,fläche,abdeckungsgrad %"
)
MAXQDA_FR = (
    "couleur,commentaire,groupe de documents,nom du document,code,début,fin,segment,créé par"
)
MAXQDA_ES = "color,grupo de documentos,nombre del documento,código,inicio,final,segmento,creado por"
MAXQDA_PT = "cor,grupo de documentos,nome do documento,código,início,fim,segmento,criado por"
MAXQDA_PL = "kolor,komentarz,nazwa dokumentu,kod,początek,koniec,fragment,autor"
ATLAS = "id,document,quotation content,comment,codes,reference,density,created by,created"
ATLAS_DE = "id,dokument,zitatinhalt,kommentar,codes,referenz,erstellt von"
DEDOOSE_CODES = "codes applied combined"
DEDOOSE = f"excerpt copy,media title,excerpt range,excerpt creator,excerpt date,{DEDOOSE_CODES}"
QUALCODER = "file,coder,coded,id,codename,coded_memo,category,codename owner"
REQUAL = (
    "segment_id,doc_id,doc_name,code_id,code_name,user_name,segment_start,segment_end,segment_text"
)
RQDA = "rowid,cid,fid,codename,filename,index1,index2,codinglength"
NVIVO = "hierarchical name,file name,coded text,coded by,reference number,coverage"


@pytest.mark.parametrize(
    ("header", "tool", "transcript", "excerpt", "code", "coder"),
    [
        (MAXQDA, "MAXQDA", "document name", "segment", "code", "created by"),
        (MAXQDA_DE, "MAXQDA", "dokumentname", "segment", "code", "erstellt von"),
        (MAXQDA_FR, "MAXQDA", "nom du document", "segment", "code", "créé par"),
        (MAXQDA_ES, "MAXQDA", "nombre del documento", "segmento", "código", "creado por"),
        (MAXQDA_PT, "MAXQDA", "nome do documento", "segmento", "código", "criado por"),
        (MAXQDA_PL, "MAXQDA", "nazwa dokumentu", "fragment", "kod", "autor"),
        (ATLAS, "ATLAS.ti", "document", "quotation content", "codes", "created by"),
        (ATLAS_DE, "ATLAS.ti", "dokument", "zitatinhalt", "codes", "erstellt von"),
        (DEDOOSE, "Dedoose", "media title", "excerpt copy", DEDOOSE_CODES, "excerpt creator"),
        (QUALCODER, "QualCoder", "file", "coded", "codename", "coder"),
        (REQUAL, "requal", "doc_name", "segment_text", "code_name", "user_name"),
        (RQDA, "RQDA", "filename", None, "codename", None),
        (NVIVO, "NVivo", "file name", "coded text", "hierarchical name", "coded by"),
        ("id,document,tag,content", "Taguette", "document", "content", "tag", None),
        ("transcript,coder,code,excerpt", "autocode", "transcript", "excerpt", "code", "coder"),
    ],
)  # fmt: skip
def test_the_columns_of_an_export_get_their_roles(header, tool, transcript, excerpt, code, coder):
    columns = find_coding_columns(header.split(","))
    assert columns.tool == tool
    roles = ("transcript", "excerpt", "code", "coder")
    assert [columns.columns.get(role) for role in roles] == [transcript, excerpt, code, coder]
    assert columns.missing == ()


def test_the_beginning_of_a_segment_is_a_paragraph_and_ours_a_character():
    of_maxqda = find_coding_columns(MAXQDA.split(",")).columns
    assert (of_maxqda["first paragraph"], of_maxqda["last paragraph"]) == ("beginning", "end")
    assert "start" not in of_maxqda
    ours = find_coding_columns(["transcript", "start", "end", "coder", "code"]).columns
    assert (ours["start"], ours["end"]) == ("start", "end")
    atlas = find_coding_columns(["document", "quotation content", "codes", "start", "end"]).columns
    assert (atlas["first paragraph"], atlas["last paragraph"]) == ("start", "end")


def test_what_has_no_role_is_named_unused():
    assert find_coding_columns(ATLAS.split(",")).unused == ("id", "density")
    assert find_coding_columns(["transcript", "coder", "code", "code_name"]).unused == ()


def test_columns_that_say_of_one_code_whether_it_applies_are_flags():
    columns = find_coding_columns(["excerpt copy", "media title", "code: cost applied"])
    assert columns.flags == {"code: cost applied": "cost"}
    assert columns.missing == ()


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        ("start,end,text", ("transcript", "code")),
        ("speaker,words,tags", ("transcript", "excerpt")),
        ("code,definition", ("transcript", "excerpt")),
        ("respondent,age,answer", ("transcript", "code", "excerpt")),
    ],
)
def test_other_tables_lack_what_codings_need(header, missing):
    columns = find_coding_columns(header.split(","))
    assert columns.missing == missing
    assert recognise_tool(header.split(",")) == ""


@pytest.mark.parametrize("name", ["Code(s)", "CODES", " codes ", "co_des", "\ufeffCodes:"])
def test_names_are_compared_without_case_blanks_and_marks(name):
    assert fold_name(name) == "codes"


def test_each_column_has_one_role():
    columns = find_coding_columns(["document", "text", "code", "note", "comment"]).columns
    assert len(set(columns.values())) == len(columns)
