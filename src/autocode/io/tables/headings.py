"""What the headings of tables mean: the names that tools and people give to one column.

Headings are compared folded: in lower case, without underscores and closing marks.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence


def name_set(listed: str) -> frozenset[str]:
    """Names that semicolons part."""
    return frozenset(name.strip() for name in listed.replace("\n", "").split(";"))


SPEAKER = name_set(
    """speaker;speakers;speaker name;speaker label;who;talker;voice;character;sprecher;sprecherin;
    sprecher/in;sprecher*in;person;locuteur;locutrice;intervenant;hablante;orador;oradora;persona;
    interlocutor;falante;locutor;parlante;spreker;talare;taler;puhuja;mówca;rozmówca;mluvčí;
    konuşmacı;beszélő;vorbitor;говорящий;спикер;мовець;ομιλητής;المتحدث;דובר;说话人;發言人;发言人;
    講者;話者;発言者;화자;발화자"""
)
PERSON = name_set("name;participant;role;display name;user;from")
"""Headings of who talks in some tables and of whose row it is in others."""
WORDS = name_set(
    """words;word;text;transcript;transcript text;transcription;utterance;utterances;dialog;
    dialogue;speech;content;said;spoken;sentence;line;message;caption;subtitle;segment text;
    äußerung;aeusserung;wortlaut;inhalt;transkript;texte;paroles;parole;propos;énoncé;contenu;texto;
    enunciado;intervención;transcripción;transcrição;fala;testo;tekst;uitspraak;uiting;yttrande;
    replik;ytring;puhe;teksti;wypowiedź;treść;metin;konuşma;szöveg;текст;реплика;слова;
    висловлювання;κείμενο;النص;نص;טקסט;内容;內容;文本;話語;发言;発話;テキスト;発言;내용;텍스트;발화"""
)
START = name_set(
    """start;start time;starttime;start (s);start (ms);start ms;start s;begin;begin time;beginning;
    from;in;in time;time in;time;times;timestamp;time stamp;timestamps;timecode;time code;tc in;
    onset;offset start;anfang;beginn;start zeit;startzeit;zeit;von;zeitmarke;zeitstempel;début;
    debut;heure;temps;horodatage;de;inicio;tiempo;hora;marca de tiempo;início;tempo;inizio;tijd;
    begintijd;starttijd;tid;starttid;aika;czas;początek;zaman;начало;время;початок;час;البداية;
    الوقت;זמן;开始;开始时间;時間;时间;開始;開始時間;시작;시간"""
)
END = name_set(
    """end;end time;endtime;end (s);end (ms);end ms;end s;finish;stop;to;out;out time;time out;
    tc out;until;ende;endzeit;bis;fin;fim;fine;einde;eindtijd;slut;sluttid;loppu;koniec;bitiş;
    конец;    кінець;النهاية;סוף;结束;结束时间;終了;終了時間;종료"""
)
TAGS = name_set(
    """tags;tag;codes;code;code name;codings;subjects;subject;keywords;kodes;kode;schlagworte;
    étiquettes;etiquetas;código;códigos;codici"""
)
"""Headings of what a table of talk was coded with."""

DOCUMENT = frozenset(
    """transcript;document;document name;doc name;doc id;file;file name;filename;media title;media;
    source;source name;resource name;quotation document;datei;dokument;dokumentname;dateiname;
    fichier;nom du document;archivo;documento;nombre del documento;bestand""".replace(
        "\n", ""
    ).split(";")
)
CODER = name_set(
    """coder;coded by;created by;user;user name;username;author;creator;excerpt creator;owner;
    codename owner;analyst;rater;annotator;researcher;kodierer;kodiererin;bearbeitet von;
    erstellt von;codeur;codificador;codificadora;modified by"""
)
CODE = frozenset(
    """code;codes;code name;codename;codes applied;codes applied combined;tag;tags;node;nodes;
    node name;category/code;code system;kode;kodes;código;códigos;codici;code id""".replace(
        "\n", ""
    ).split(";")
)
EXCERPT = name_set(
    """excerpt;excerpts;excerpt copy;segment;coded segment;coded;coded text;segment text;quotation;
    quotation content;text content;content;quote;highlight;selected text;reference text;passage;
    coded passage;textstelle;zitat;kodiertes segment;extrait;citation;cita;fragmento;trecho;
    fragment"""
)
RESPONDENT = tuple(
    name.strip()
    for name in """respondent;respondent id;respondentid;response id;responseid;case;case id;
    participant;participant id;pid;person id;subject id;student id;patient id;id;record id;record;
    recordid;token;study id;study;user id;collector id;response number;respondent no;answer id;
    teilnehmer;fall;fallnummer;antwort id;fragebogen;id de la réponse;identifiant;id respuesta;
    id de respuesta;identificador;lfd nr;nr;no;number;#""".replace("\n", "").split(";")
)
"""Headings of what names a respondent, the surest first."""
CASE = name_set(
    """case;cases;case name;case id;participant;participants;participant id;pseudonym;fall;
    teilnehmer;cas;caso"""
)


def fold_heading(heading: str) -> str:
    """A heading as it is compared: lower case, single blanks, no underscores or closing marks."""
    bare = re.sub(r"[_\s]+", " ", heading.replace("\ufeff", "").casefold()).strip()
    return bare.strip(" :*.?").removeprefix("the ")


def find_column(columns: Sequence[str], names: Collection[str]) -> str | None:
    """The first column whose folded heading is one of `names`."""
    return next((column for column in columns if column and fold_heading(column) in names), None)


def find_columns(columns: Sequence[str], roles: Mapping[str, Collection[str]]) -> dict[str, str]:
    """The column of each role that a table has; no column has two roles, earlier roles first."""
    by_role: dict[str, str] = {}
    for role, names in roles.items():
        free = [column for column in columns if column not in by_role.values()]
        if (column := find_column(free, names)) is not None:
            by_role[role] = column
    return by_role
