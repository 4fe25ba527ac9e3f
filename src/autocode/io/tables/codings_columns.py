"""What each column of a table of codings holds, by the names that tools give their columns.

MAXQDA, ATLAS.ti, NVivo, Dedoose, QualCoder, Taguette, requal, RQDA and others export the same few
things (which document, which words, which code, who) under names of their own, in the language of
the program. Names are compared without case, accents, blanks and marks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

Role = Literal[
    "transcript",
    "excerpt",
    "code",
    "coder",
    "start",
    "end",
    "range",
    "first paragraph",
    "last paragraph",
    "turn",
    "speaker",
    "memo",
    "made_at",
    "basis",
]
"""What a column of codings is for; `start` and `end` count characters, `range` is both in one."""
ROLES: tuple[Role, ...] = get_args(Role)

NAMES: Mapping[Role, str] = {
    "transcript": "transcript, document, document name, document title, doc name, doc, media title,"
    " media name, file, file name, filename, source, source name, transcript name,"
    " transcript title,"
    " interview, dokument, dokumentname, datei, dateiname, quelle, transkript, nom du document,"
    " nom de document, titre du document, fichier, nom du fichier, entretien, documento,"
    " nombre del documento, nombre de documento, archivo, nombre del archivo, fuente, entrevista,"
    " nome do documento, arquivo, nome do arquivo, fonte, nome del documento, nome documento,"
    " nazwa dokumentu, dokumentnaam, documentnaam, dokumentets navn, dokumentnamn, ドキュメント,"
    " 文書名, 文档, 文档名称, 文件名, документ, имя документа, belge, belge adı",
    "excerpt": "excerpt, excerpt copy, excerpt text, coded text, coded segment, coded segments,"
    " quotation content, text content, quotation text, quotation, quote, segment text, segment,"
    " seltext, coded, snippet, highlight, content, text, zitatinhalt, textinhalt, zitat,"
    " zitattext, codierter text, kodierter text, codiertes segment, textstelle, segmenttext,"
    " contenu de la citation, contenu du texte, contenu textuel, texte codé, segment codé, extrait,"
    " citation, contenu, texte, contenido de la cita, contenido del texto, contenido de texto,"
    " texto codificado, segmento codificado, cita, fragmento, segmento, contenido, texto,"
    " conteúdo da citação, conteúdo do texto, conteúdo de texto, citação, trecho, conteúdo,"
    " testo codificato, citazione, segmento di testo, testo, fragment, gecodeerde tekst, citaat,"
    " セグメント, 引用, 引用内容, テキスト, 编码段, 引文, 引文内容, 文本, сегмент, цитата, текст",
    "code": "code, codes, hierarchical name, code path, code name, codename, code names, tag, tags,"
    " codes applied combined, codes applied, applied codes, node, nodes, node name, codewort,"
    " codepfad, codename pfad, kode, kodes, kategorie, code(s), nom du code, nom de code, nœud,"
    " código, códigos, nombre del código, nombre de código, nodo, nome do código, codice,"
    " codici, kod, kody, kod nazwa, コード, 代码, 编码, код, коды, code id",
    "coder": "coder, coder name, codername, coded by, coded by name, coded by initials, user,"
    " user name, username, excerpt creator, creator, created by, annotator, author, owner, autor,"
    " codierer, codiererin, kodierer, kodiererin, codiert von, kodiert von, erstellt von, benutzer,"
    " verfasser, codeur, codeuse, codé par, créé par, auteur, utilisateur, codificador,"
    " codificadora, codificado por, creado por, usuario, criado por, usuário, codificatore,"
    " codificato da, creato da, autore, koder, utworzone przez, gecodeerd door, gemaakt door,"
    " 作成者, 创建者, автор",
    "start": "start, begin, start position, start offset, start char, segment start, selfirst,"
    " pos0, index1, startposition, startzeichen",
    "end": "end, end position, end offset, end char, segment end, selend, pos1, index2,"
    " endposition, endzeichen",
    "range": "excerpt range, character range, text range, position range, zeichenbereich",
    "first paragraph": "beginning, initial position, first paragraph, start paragraph, paragraph,"
    " paragraph number, para, startpara, anfang, beginn, absatz, anfangsposition, startposition"
    " absatz, début, paragraphe, position initiale, inicio, párrafo, posición inicial, início,"
    " parágrafo, posição inicial, inizio, paragrafo, początek, begin alinea, reference, referenz,"
    " référence, referencia, referência, quotation reference, line, line number, zeile, ligne,"
    " línea, linha",
    "last paragraph": "final position, last paragraph, end paragraph, finishpara, ende,"
    " endposition absatz, fin, final, position finale, posición final, fim, posição final, fine,"
    " koniec, einde",
    "turn": "turn, turn number, utterance, utterance number",
    "speaker": "speaker, speaker name, sprecher, sprecherin, locuteur, locutrice, hablante,"
    " falante, parlante",
    "memo": "memo, coded memo, coding memo, codingmemo, segment memo, comment, comments,"
    " quotation comment, note, notes, kommentar, bemerkung, notiz, commentaire, remarque,"
    " comentario, comentarios, nota, comentário, commento, komentarz, opmerking, コメント,"
    " 评论, комментарий",
    "made_at": "made at, coded at, coded on, created on, created at, created, creation date,"
    " date created, excerpt date, date, datum, erstellt am, erstellt, erstellungsdatum, créé le,"
    " date de création, creado el, creado, fecha, fecha de creación, criado em, data de criação,"
    " creato il, data, data utworzenia, gemaakt op, 作成日, 创建日期, дата",
    "basis": "basis",
}
"""The names of each role's column, best first; of a table with several of them the first counts."""

# The columns by which a tool's export is told; the first tool of which all of one group are there.
_TOOLS: Sequence[tuple[str, Sequence[str]]] = (
    ("autocode", ("transcript, coder, code",)),
    ("Dedoose", ("excerpt copy", "media title, codes applied combined", "excerpt creator")),
    ("requal", ("segment text, segment start", "segment id, doc name")),
    ("RQDA", ("seltext, selfirst", "codename, filename, index1", "fid, cid, codename")),
    ("QualCoder", ("coded, codename", "codename, owner, pos0")),
    ("Taguette", ("document, tag, content", "document, tag, highlight")),
    ("ATLAS.ti", (
        "quotation content", "text content, codes", "quotation reference", "zitatinhalt",
        "textinhalt, codes", "contenu de la citation", "contenido de la cita",
        "conteúdo da citação", "document, codes, density", "number, reference, codes",
    )),
    ("MAXQDA", (
        "document group, segment", "document name, code, segment", "dokumentname, code, segment",
        "dokumentgruppe, segment", "nom du document, segment", "nombre del documento, segmento",
        "nome do documento, segmento", "nome del documento, segmento",
        "nazwa dokumentu, fragment", "documentnaam, segment", "code, segment, weight score",
    )),
    ("NVivo", (
        "hierarchical name, coded text", "coded by initials", "coding reference", "node, coverage",
        "code, coverage, reference", "reference number, coverage",
    )),
    ("Delve", ("snippet, transcript", "snippet, codes")),
)  # fmt: skip
# "start" and "end" count paragraphs of a text in these; characters are counted in all others.
_COUNT_PARAGRAPHS = {"ATLAS.ti", "MAXQDA"}
_LEAST_SHARE = 0.7
"""Share of a column's cells that must be of a role for the column to be taken for it."""
_FLAG = re.compile(r"^code\s*:\s*(?P<code>.+?)\s+(?:applied|angewendet|aplicado)$", re.IGNORECASE)
_BESIDE = "codename"
"""Our own export repeats each code's name beside its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingColumns:
    """The column of each role that a table has, and the tool whose export it looks like.

    `flags` are columns that say of one code whether it was applied (Dedoose's "Code: X Applied").
    `unused` are the columns of no role. `inferred` are roles found by what the cells hold.
    """

    columns: Mapping[Role, str]
    flags: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    tool: str = ""
    inferred: frozenset[Role] = frozenset()

    @property
    def has_codes(self) -> bool:
        """Whether any column says which codes were applied."""
        return "code" in self.columns or bool(self.flags)

    @property
    def missing(self) -> tuple[Role, ...]:
        """The roles without which nothing can be placed: a transcript, a code and the words."""
        spans: tuple[Role, ...] = ("excerpt", "start", "range")
        missing: list[Role] = []
        if "transcript" not in self.columns:
            missing.append("transcript")
        if not self.has_codes:
            missing.append("code")
        if not any(role in self.columns for role in spans):
            missing.append("excerpt")
        return tuple(missing)

    def describe(self) -> str:
        """What each column was taken for: "transcript from 'document name', code from 'code'"."""
        return ", ".join(
            f"{role} from '{' '.join(column.split())}'"
            + (" (by its cells)" * (role in self.inferred))
            for role, column in self.columns.items()
            if fold_name(role) != fold_name(column)
        )


def find_coding_columns(
    columns: Iterable[str], assigned: Mapping[str, str] | None = None
) -> CodingColumns:
    """The roles of these columns by what is `assigned`, else by their names.

    Each column has at most one role.
    """
    given = [column for column in columns if column]
    tool = recognise_tool(given)
    by_name: dict[str, str] = {}
    for column in given:
        by_name.setdefault(fold_name(column), column)
    flags = {column: match["code"] for column in given if (match := _FLAG.match(column.strip()))}
    roles: dict[Role, str] = {}
    for role in ROLES:
        wanted = fold_name((assigned or {}).get(role, ""))
        if wanted in by_name:
            roles[role] = by_name[wanted]
    for role in ROLES:
        if role in roles:
            continue
        for name in _FOLDED[role]:
            if name in by_name and by_name[name] not in roles.values():
                roles[role] = by_name[name]
                break
    _count_paragraphs(roles, tool)
    used = {*roles.values(), *flags}
    unused = tuple(
        column
        for column in given
        if column not in used and not (tool == "autocode" and fold_name(column) == _BESIDE)
    )
    return CodingColumns(columns=roles, flags=flags, unused=unused, tool=tool)


def infer_coding_columns(
    named: CodingColumns,
    cells: Mapping[str, Sequence[str]],
    tests: Mapping[Role, Callable[[str], bool]],
) -> CodingColumns:
    """The columns with the missing roles given to those of no known name whose cells pass.

    `cells` are some filled cells of each unused column, `tests` say of one cell whether it can be
    of the role. Most cells must pass, and more than of any other column.
    """
    roles = dict(named.columns)
    inferred: set[Role] = set()
    for role in named.missing:
        shares = sorted(
            (sum(map(tests[role], held)) / len(held), column)
            for column, held in cells.items()
            if held and column not in roles.values()
        )
        if not shares or shares[-1][0] < _LEAST_SHARE:
            continue
        if len(shares) > 1 and shares[-2][0] >= shares[-1][0]:
            continue
        roles[role] = shares[-1][1]
        inferred.add(role)
    unused = tuple(column for column in named.unused if column not in roles.values())
    return replace(named, columns=roles, unused=unused, inferred=frozenset(inferred))


def recognise_tool(columns: Iterable[str]) -> str:
    """The tool whose export has these columns, or nothing where they are like none."""
    names = {fold_name(column) for column in columns}
    for tool, groups in _TOOLS:
        if any({fold_name(name) for name in group.split(",")} <= names for group in groups):
            return tool
    return ""


def fold_name(name: str) -> str:
    """A column's name without case, accents, blanks and marks: "Code(s)" and "codes" are one."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(mark for mark in letters if mark.isalnum())


def _count_paragraphs(roles: dict[Role, str], tool: str) -> None:
    """Where the tool counts paragraphs, or the beginning is one, "end" is a paragraph as well."""
    if tool in _COUNT_PARAGRAPHS and "start" in roles:
        roles.setdefault("first paragraph", roles["start"])
        del roles["start"]
    if "end" in roles and "start" not in roles and "first paragraph" in roles:
        roles.setdefault("last paragraph", roles["end"])
        del roles["end"]


_FOLDED: Mapping[Role, tuple[str, ...]] = {
    role: tuple(fold_name(name) for name in names.split(",")) for role, names in NAMES.items()
}
