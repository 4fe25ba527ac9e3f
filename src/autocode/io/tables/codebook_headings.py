"""What the columns of a codebook are called, in the languages of the transcripts we read.

English, German, French, Spanish, Portuguese, Italian, Dutch, Swedish; a few words of others. Names
of parts of a heading that say nothing ("code description", "full definition") are left out before a
heading is looked up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

_FIELDS: Mapping[str, str] = {
    "definition": """definition; description; meaning; explanation; desc; beschreibung; bedeutung;
        erläuterung; erklärung; définition; signification; explication; definición; descripción;
        significado; explicación; definição; descrição; explicação; definizione; descrizione;
        significato; spiegazione; definitie; beschrijving; omschrijving; betekenis; uitleg;
        toelichting; beskrivning; betydelse; förklaring; beskrivelse; betydning; definisjon;
        määritelmä; kuvaus; definicja; opis; definice; popis; tanım; açıklama; определение;
        описание; 定义; 描述; 说明; 定義; 説明""",
    "comment": """comment; comments; kommentar; commentaire; comentario; comentário; commento;
        opmerking; opmerkingen; komentarz""",
    "inclusion": """inclusion; include; includes; included; inclusion criteria; inclusion criterion;
        when to use; use when; rule; rules; coding rule; coding rules; guidelines; einschluss;
        einschlusskriterien; einschlusskriterium; kodierregel; kodierregeln; codierregel;
        codierregeln; inclure; critères d inclusion; critère d inclusion; règle de codage;
        règles de codage; inclusión; incluye; incluir; criterios de inclusión;
        reglas de codificación; regla de codificación; inclusão; inclui; critérios de inclusão;
        inclusione; criteri di inclusione; criteri d inclusione; inclusie; inclusiecriteria;
        codeerregel; codeerregels; inklusion; inklusionskriterier; kodningsregel; kodningsregler;
        inclusion exclusion criteria; inclusion exclusion; inclusion and exclusion criteria""",
    "exclusion": """exclusion; exclude; excludes; excluded; exclusion criteria; exclusion criterion;
        when not to use; do not use when; ausschluss; ausschlusskriterien; ausschlusskriterium;
        abgrenzung; exclure; critères d exclusion; critère d exclusion; exclusión; excluye; excluir;
        criterios de exclusión; exclusão; exclui; critérios de exclusão; esclusione;
        criteri di esclusione; criteri d esclusione; exclusie; exclusiecriteria; exklusion;
        exklusionskriterier""",
    "examples": """example; examples; example quote; example quotes; quote; quotes; quotation;
        quotations; sample quote; sample quotes; illustrative quote; illustrative quotes; exemplar;
        exemplars; typical exemplar; anchor example; anchor examples; anchor; verbatim; verbatims;
        example text; beispiel; beispiele; ankerbeispiel; ankerbeispiele; beispielzitat; zitat;
        zitate; exemple; exemples; citation; citations; extrait; extraits; exemple de citation;
        ejemplo; ejemplos; cita; citas; cita de ejemplo; exemplo; exemplos; citação; citações;
        esempio; esempi; citazione; citazioni; voorbeeld; voorbeelden; citaat; citaten;
        voorbeeldcitaat; voorbeeldcitaten; exempel; citat; exempelcitat; eksempel; eksempler;
        sitat; esimerkki; przykład; przykłady; příklad; příklady; örnek; пример; примеры; 例子;
        示例; 例""",
    "memo": """memo; note; notes; memos; remark; remarks; anmerkung; anmerkungen; notiz; notizen;
        bemerkung; bemerkungen; mémo; remarque; remarques; nota; notas; observaciones; observações;
        osservazioni; notitie; notities; anteckning; anteckningar; notat; notater""",
    "colour": "colour; color; farbe; couleur; cor; colore; kleur; färg; farve; farge; väri; kolor",
    "domain": "domain",
    "codable": "codable; is codable; iscodable",
    "guid": "guid; uuid",
    "family": "family; code family",
}
_NAMES = """name; code name; codename; label; code label; title; node; bezeichnung; kodename;
    codebezeichnung; kodebezeichnung; nom; nom du code; intitulé; libellé; étiquette; nœud; nombre;
    nombre del código; etiqueta; nome; nome do código; rótulo; nome del codice; etichetta; naam;
    codenaam; naam van de code; namn; kodnamn; etikett; navn; kodenavn; nazwa; nazwa kodu; název;
    название; 名称; 编码名称; コード名"""
_CODES = """code; codes; tag; path; kode; code; codes; kod; koder; código; codigo; códigos; codice;
    codici; koodi; kodovi; kód; код; 编码; 代码; コード; 코드; hierarchical name"""
_IDS = "id; code id; no; nr; number; key; nummer; numéro; número; numero; uid"
_PARENTS = """parent; parent code; parent name; parent node; parent category; code group;
    übergeordneter code; obercode; oberkode; oberkategorie; oberbegriff; code parent; parents;
    catégorie parente; code père; código padre; categoría padre; padre; código pai; categoria pai;
    pai; codice padre; codice genitore; categoria padre; bovenliggende code; hoofdcode;
    överordnad kod; överkategori; overordnet kode; overkategori; group; gruppe; groupe; grupo;
    gruppo; groep; grupp; kategorie; folder"""
_SILENT = frozenset(
    """code codes codings kode kod the of a full short long brief operational working detailed
    formal der des die das eines kurze ausführliche du de la le les un del los el dos da do di dei
    della van een för av codekategorie complète courte completa corta curta volledige korte
    fullständig kort código codice theme category typical thema kategorie""".split()  # noqa: SIM905
)
# The levels of a tree that has a column for each, from the broadest down.
_LEVEL_WORDS: Mapping[int, str] = {
    0: """dimension; dimensions; dimensión; dimensão; dimensione; dimensie; aggregate dimension;
        dimensjon""",
    10: """theme; themes; thema; themen; thème; thèmes; tema; temas; temi; teman; topic area;
        second order theme; organising theme; organizing theme; category theme""",
    20: """category; categories; kategorie; kategorien; catégorie; catégories; categoría;
        categorías; categoria; categorias; categorie; kategori; kategorier; kategoria; cluster;
        concept; second order concept""",
    30: _CODES + "; first order code; first order concept; basic code",
}
_MAIN = re.compile(
    r"(?:main|overarching|global|super|parent|upper|principal|haupt|ober|principale?|geral|general|"
    r"hoofd|huvud|över|hoved|over|key)\W?"
)
_SUB = re.compile(r"(?:sub|under|unter|sous|sotto|onder|child|basic)\W?")
_LEVEL_NUMBER = re.compile(
    r"(?:(?:code |category |theme )?level|tier|ebene|stufe|niveau|nivel|nível|livello|nivå|lvl|"
    r"taso|hierarchy) ?(\d{1,2})"
)


def fold_heading(heading: str) -> str:
    """A heading as it is looked up: lower case, composed letters, blanks for marks."""
    text = unicodedata.normalize("NFC", heading).casefold()
    text = re.sub(r"\(s\)|\(e?n\)", "", text)
    return " ".join(re.sub(r"[^\w]|_", " ", text).split())


def field_of(heading: str) -> str | None:
    """The part of a code that a column holds: "definition", "comment", "examples", "id" and so on.

    "name" is a name of its own, "code" one that may be an id, "parent" a code above.
    """
    folded = fold_heading(heading)
    if field := _known_headings().get(folded):
        return field
    words = [word for word in folded.split() if word not in _SILENT]
    field = _known_headings().get(" ".join(words))
    return field if field in _FIELDS else None


def level_of(heading: str) -> int | None:
    """Where a heading such as "theme" or "subcategory" stands among others; the broadest is lowest.

    None if it names no level.
    """
    folded = fold_heading(heading)
    if match := _LEVEL_NUMBER.fullmatch(folded):
        return 100 + int(match[1])
    shift = 0
    while match := _MAIN.match(folded):
        folded, shift = folded[match.end() :].strip(), shift - 3
    while match := _SUB.match(folded):
        folded, shift = folded[match.end() :].strip(), shift + 3
    level = _known_levels().get(folded)
    return None if level is None else level + shift


@cache
def _known_headings() -> dict[str, str]:
    groups = {**_FIELDS, "id": _IDS, "name": _NAMES, "code": _CODES, "parent": _PARENTS}
    return {
        fold_heading(name): field for field, names in groups.items() for name in names.split(";")
    }


@cache
def _known_levels() -> dict[str, int]:
    return {
        fold_heading(name): level
        for level, names in _LEVEL_WORDS.items()
        for name in names.split(";")
    }


CODE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    part: tuple(" ".join(name.split()) for name in names.split(";"))
    for part, names in {
        **_FIELDS,
        "id": f"id; code id; {_CODES}",
        "name": _NAMES,
        "parent": _PARENTS,
    }.items()
}
"""The columns of a codebook, each with the names under which it is known."""
