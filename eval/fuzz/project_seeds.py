# ruff: noqa: E501 - statements as the tools have them
"""Small sound projects of other tools: SQLite files with the columns that each tool has, and .qdpx."""

from __future__ import annotations

import contextlib
import io
import sqlite3
import tempfile
import zipfile
from pathlib import Path

from autocode.exchange.formats import read_project
from autocode.exchange.refi.write import write_refi
from autocode.exchange.taguette_writer import write_taguette

SUFFIXES = (".qda", ".sqlite3", ".rqda", ".requal", ".mex", ".qdpx", ".qde", ".qdc")
LARGEST = 700_000

SECRET = "root:x:0:0:"
"""Words of a file of the machine, which no project may hold."""
_TENFOLD = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
_DECLARATIONS = {
    "bomb": f'<!DOCTYPE Project [<!ENTITY e0 "words">{_TENFOLD}<!ENTITY a "&e11;">]>',
    "file": '<!DOCTYPE Project [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "other": '<!DOCTYPE Project SYSTEM "file:///etc/passwd">',
}

TEXT = "Interviewer: How?\nAna: I waited 🌱 three weeks. Café closed.\n"
WORDS = TEXT[23:29]
QUALCODER = (
    "CREATE TABLE project (databaseversion text, date text, memo text, about text, codername text)",
    "CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text, av_text_id integer, risid integer, unique(name))",
    "CREATE TABLE code_image (imid integer primary key, id integer, x1 integer, y1 integer, width integer, height integer, cid integer, memo text, date text, owner text, important integer, pdf_page integer)",
    "CREATE TABLE code_av (avid integer primary key, id integer, pos0 integer, pos1 integer, cid integer, memo text, date text, owner text, important integer)",
    "CREATE TABLE annotation (anid integer primary key, fid integer, pos0 integer, pos1 integer, memo text, owner text, date text)",
    "CREATE TABLE attribute_type (name text primary key, date text, owner text, memo text, caseOrFile text, valuetype text)",
    "CREATE TABLE attribute (attrid integer primary key, name text, attr_type text, value text, id integer, date text, owner text)",
    "CREATE TABLE case_text (id integer primary key, caseid integer, fid integer, pos0 integer, pos1 integer, owner text, date text, memo text)",
    "CREATE TABLE cases (caseid integer primary key, name text, memo text, owner text, date text)",
    "CREATE TABLE code_cat (catid integer primary key, name text, owner text, date text, memo text, supercatid integer)",
    "CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer, seltext text, pos0 integer, pos1 integer, owner text, date text, memo text, avid integer, important integer)",
    "CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, owner text, date text, color text, supercid integer)",
    "CREATE TABLE journal (jid integer primary key, name text, jentry text, date text, owner text)",
    "INSERT INTO project VALUES ('v17', '2026-01-15 10:20:30', 'a memo', 'QualCoder 3.8.2', 'Amina')",
    f"INSERT INTO source VALUES (1, 'P01', '{TEXT}', NULL, 'about P01', 'Amina', '2026-01-15 10:20:30', NULL, NULL)",
    "INSERT INTO source VALUES (2, 'a.mp3', NULL, '/audio/a.mp3', '', 'Amina', '2026-01-15 10:20:30', 1, NULL)",
    "INSERT INTO source VALUES (3, 'b.png', NULL, 'images:/home/b.png', '', 'Ben', '2026-01-15 10:20:30', NULL, NULL)",
    "INSERT INTO code_cat VALUES (1, 'Care', 'Amina', '', 'a folder', NULL), (2, 'Access', 'Amina', '', '', 1)",
    "INSERT INTO code_name VALUES (1, 'waiting', 'to be seen', 2, 'Amina', '', '#F5A9A9', NULL), (2, 'long', '', NULL, 'Amina', '', 'red', 1)",
    f"INSERT INTO code_text VALUES (1, 1, 1, '{WORDS}', 23, 29, 'Amina', '2026-01-15 10:20:30', 'why', NULL, 1), (2, 2, 1, '{WORDS}', 23, 29, 'Ben', '', '', 1, NULL)",
    "INSERT INTO code_image VALUES (1, 3, 1, 2, 30, 40, 1, '', '', 'Amina', NULL, NULL)",
    "INSERT INTO code_av VALUES (1, 2, 0, 900, 1, '', '', 'Amina', NULL)",
    "INSERT INTO annotation VALUES (1, 1, 0, 11, 'who asks?', 'Ben', '')",
    "INSERT INTO attribute_type VALUES ('age', '', '', '', 'case', 'numeric'), ('round', '', '', '', 'file', 'character')",
    "INSERT INTO attribute VALUES (1, 'age', 'case', '34', 1, '', ''), (2, 'round', 'file', 'first', 1, '', ''), (3, 'round', 'file', '', 2, '', '')",
    "INSERT INTO cases VALUES (1, 'Ana', '', 'Amina', ''), (2, 'Ben', '', 'Amina', '')",
    "INSERT INTO case_text VALUES (1, 1, 1, 0, 60, 'Amina', '', ''), (2, 2, 1, 18, 29, 'Amina', '', '')",
    "INSERT INTO journal VALUES (1, 'first day', 'It rained.', '2026-01-15 10:20:30', 'Amina')",
)
RQDA = (
    "CREATE TABLE project (databaseversion text, date text, dateM text, memo text, about text)",
    "CREATE TABLE source (name text, id integer, file text, memo text, owner text, date text, dateM text, status integer)",
    "CREATE TABLE freecode (name text, memo text, owner text, date text, dateM text, id integer, status integer, color text)",
    "CREATE TABLE codecat (name text, cid integer, catid integer, owner text, date text, dateM text, memo text, status integer)",
    "CREATE TABLE treecode (cid integer, catid integer, date text, dateM text, memo text, status integer, owner text)",
    "CREATE TABLE coding (cid integer, fid integer, seltext text, selfirst real, selend real, status integer, owner text, date text, memo text)",
    "CREATE TABLE cases (name text, memo text, owner text, date text, dateM text, id integer, status integer)",
    "CREATE TABLE caselinkage (caseid integer, fid integer, selfirst real, selend real, status integer, owner text, date text, memo text)",
    "CREATE TABLE attributes (name text, status integer, date text, dateM text, owner text, memo text, class text)",
    "CREATE TABLE caseAttr (variable text, value text, caseID integer, date text, dateM text, owner text, status integer)",
    "CREATE TABLE fileAttr (variable text, value text, fileID integer, date text, dateM text, owner text, status integer)",
    "CREATE TABLE filecat (name text, fid integer, catid integer, owner text, date text, dateM text, memo text, status integer)",
    "CREATE TABLE treefile (fid integer, catid integer, date text, dateM text, memo text, status integer, owner text)",
    "CREATE TABLE journal (name text, journal text, date text, dateM text, owner text, status integer)",
    "CREATE TABLE annotation (fid integer, position integer, annotation text, owner text, date text, dateM text, status integer)",
    "INSERT INTO project VALUES ('0.2.2', 'Thu Apr 30 18:53:30 2015', NULL, 'a memo', 'RQDA')",
    f"INSERT INTO source VALUES ('P01', 1, '{TEXT}', NULL, 'ana', 'Thu Apr 30 18:53:30 2015', NULL, 1), ('gone', 2, 'x', NULL, 'ana', '', NULL, 0)",
    "INSERT INTO freecode VALUES ('waiting', 'to be seen', 'ana', '', NULL, 1, 1, '#ff0000'), ('in two', NULL, 'ana', '', NULL, 2, 1, 'red'), ('gone', NULL, 'ana', '', NULL, 3, 0, NULL)",
    "INSERT INTO codecat VALUES ('Care', NULL, 1, 'ana', '', NULL, NULL, 1), ('Time', NULL, 2, 'ana', '', NULL, NULL, 1)",
    "INSERT INTO treecode VALUES (1, 1, '', NULL, NULL, 1, 'ana'), (2, 1, '', NULL, NULL, 1, 'ana'), (2, 2, '', NULL, NULL, 1, 'ana')",
    f"INSERT INTO coding VALUES (1, 1, '{WORDS}', 23.0, 29.0, 1, 'ana', 'Sat May  2 16:24:45 2015', 'why'), (2, 1, '{WORDS}', 0.0, 6.0, 1, 'ana', '', NULL), (1, 1, 'Ana', 18.0, 21.0, -1, 'ana', '', NULL), (3, 1, 'Ana', 18.0, 21.0, 1, 'ana', '', NULL)",
    "INSERT INTO cases VALUES ('Ana', NULL, 'ana', '', NULL, 1, 1)",
    "INSERT INTO caselinkage VALUES (1, 1, 18.0, 29.0, 1, 'ana', '', NULL)",
    "INSERT INTO attributes VALUES ('age', 1, '', NULL, 'ana', NULL, 'numeric')",
    "INSERT INTO caseAttr VALUES ('age', '34', 1, '', NULL, 'ana', 1)",
    "INSERT INTO fileAttr VALUES ('age', '3', 1, '', NULL, 'ana', 1)",
    "INSERT INTO filecat VALUES ('first round', NULL, 1, 'ana', '', NULL, NULL, 1)",
    "INSERT INTO treefile VALUES (1, 1, '', NULL, NULL, 1, 'ana')",
    "INSERT INTO journal VALUES ('first day', 'It rained.', '', NULL, 'ana', 1)",
    "INSERT INTO annotation VALUES (1, 5, 'who asks?', 'ana', '', NULL, 1)",
)
REQUAL = (
    "CREATE TABLE projects (project_id INTEGER PRIMARY KEY, project_name TEXT, project_description TEXT, created_at TEXT)",
    "CREATE TABLE requal_version (project_id INTEGER, version TEXT)",
    "CREATE TABLE users (user_id INTEGER PRIMARY KEY, user_login TEXT, user_name TEXT)",
    "CREATE TABLE documents (doc_id INTEGER PRIMARY KEY, project_id INTEGER, user_id INTEGER, doc_name TEXT, doc_description TEXT, doc_text TEXT, created_at TEXT)",
    "CREATE TABLE codes (project_id INTEGER, code_id INTEGER PRIMARY KEY, user_id INTEGER, code_name TEXT, code_description TEXT, code_color TEXT)",
    "CREATE TABLE categories (project_id INTEGER, category_id INTEGER PRIMARY KEY, user_id INTEGER, category_name TEXT, category_description TEXT)",
    "CREATE TABLE categories_codes_map (project_id INTEGER, category_id INTEGER, code_id INTEGER)",
    "CREATE TABLE segments (project_id INTEGER, user_id INTEGER, doc_id INTEGER, code_id INTEGER, segment_id INTEGER PRIMARY KEY, segment_start INTEGER, segment_end INTEGER, segment_text TEXT)",
    "CREATE TABLE memos (project_id INTEGER, memo_id INTEGER PRIMARY KEY, user_id INTEGER, text TEXT)",
    "CREATE TABLE memos_segments_map (memo_id INTEGER, segment_id INTEGER)",
    "CREATE TABLE memos_documents_map (memo_id INTEGER, doc_id INTEGER, memo_start INTEGER, memo_end INTEGER)",
    "CREATE TABLE cases (project_id INTEGER, case_id INTEGER PRIMARY KEY, case_name TEXT, case_description TEXT)",
    "CREATE TABLE cases_documents_map (project_id INTEGER, case_id INTEGER, doc_id INTEGER)",
    "CREATE TABLE attributes (attribute_id INTEGER PRIMARY KEY, attribute_name TEXT, attribute_object TEXT, attribute_type TEXT)",
    "CREATE TABLE attribute_values (attribute_value_id INTEGER PRIMARY KEY, attribute_id INTEGER, value TEXT)",
    "CREATE TABLE attributes_cases_map (case_id INTEGER, attribute_id INTEGER, attribute_value_id INTEGER)",
    "INSERT INTO projects VALUES (1, 'small', '', '2023-12-10 22:48:05')",
    "INSERT INTO requal_version VALUES (1, '1.0.0')",
    "INSERT INTO users VALUES (1, 'amina', 'Amina')",
    f"INSERT INTO documents VALUES (1, 1, 1, 'P01', 'about P01', '{TEXT}', '2023-12-10 22:48:05')",
    "INSERT INTO codes VALUES (1, 1, 1, 'waiting', 'to be seen', 'rgb(255,0,10)')",
    "INSERT INTO categories VALUES (1, 1, 1, 'Care', '')",
    "INSERT INTO categories_codes_map VALUES (1, 1, 1)",
    f"INSERT INTO segments VALUES (1, 1, 1, 1, 1, 24, 29, '{WORDS}')",
    "INSERT INTO memos VALUES (1, 1, 1, 'why'), (1, 2, 1, 'who asks?')",
    "INSERT INTO memos_segments_map VALUES (1, 1)",
    "INSERT INTO memos_documents_map VALUES (2, 1, 1, 11)",
    "INSERT INTO cases VALUES (1, 1, 'Ana', '')",
    "INSERT INTO cases_documents_map VALUES (1, 1, 1)",
    "INSERT INTO attributes VALUES (1, 'age', 'case', 'numeric')",
    "INSERT INTO attribute_values VALUES (1, 1, '34')",
    "INSERT INTO attributes_cases_map VALUES (1, 1, 1)",
    "CREATE TABLE attributes_documents_map (doc_id INTEGER, attribute_id INTEGER, attribute_value_id INTEGER)",
    "INSERT INTO attributes_documents_map VALUES (1, 1, 1)",
)
MEX = (
    "CREATE TABLE Texts (ID INTEGER PRIMARY KEY, Name varchar, Author varchar, Date DateTime)",
    "CREATE TABLE Codewords (ID INTEGER PRIMARY KEY, Idx INTEGER, WordID INTEGER, Name varchar, Color INTEGER, Date DateTime)",
    "CREATE TABLE Codings (ID INTEGER PRIMARY KEY, TextID INTEGER, WordID INTEGER, Preview varchar, Author varchar, Date DateTime, CommentL varchar, SegPos1X INTEGER, SegPos2X INTEGER)",
    "CREATE TABLE Memos (ID INTEGER PRIMARY KEY, Title varchar)",
    "INSERT INTO Texts VALUES (2, 'P01', 'agata', '2017-11-30T20:52:25.744')",
    "INSERT INTO Codewords VALUES (4, 1, 0, 'Care', 4278190335, '2017-11-30T20:52:25.744'), (5, 0, 4, 'waiting', NULL, '2017-11-30T20:52:25.744')",
    f"INSERT INTO Codings VALUES (1, 2, 5, '{WORDS}', 'agata', '2017-11-30T20:55:14.535', 'why', 30, 35)",
    "INSERT INTO Memos VALUES (1, 'a memo')",
)


def make_database(path: Path, statements: tuple[str, ...]) -> Path:
    """Write an SQLite file of these statements; returns its path."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def make_project_seeds() -> dict[str, bytes]:
    """A project or more of every tool, by name."""
    databases = {
        "small.qda": QUALCODER,
        "small.rqda": RQDA,
        "small.requal": REQUAL,
        "small.mex": MEX,
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, statements in databases.items():
            make_database(folder / file, statements)
        project = read_project(folder / "small.qda").project
        write_taguette(project, folder / "small.sqlite3")
        for file, profile in (
            ("small.qdpx", "refi"), ("windows.qdpx", "maxqda"), ("small.qde", "refi"),
            ("small.qdc", "refi"),
        ):  # fmt: skip
            write_refi(project, folder / file, profile)
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def make_hostile_seeds(sound: bytes) -> dict[str, bytes]:
    """Projects that expand entities, read files of the machine and name places outside.

    `sound` is a .qde that they are made of.
    """
    head, _, rest = sound.decode().partition("?>")
    made = {}
    for name, declared in _DECLARATIONS.items():
        hostile = f"{head}?>{declared}{rest.replace('</', '&a;</', 3)}"
        made[f"{name}.qde"] = hostile.encode()
        made[f"{name}.qdpx"] = _zip({"project.qde": hostile})
    outside = f"{head}?>{rest.replace('internal://', 'relative:///../../../../etc/')}"
    made["outside.qdpx"] = _zip({"project.qde": outside})
    made["climbing.qdpx"] = _zip({"project.qde": sound.decode(), "../outside.txt": "outside"})
    return made


def _zip(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, words in parts.items():
            archive.writestr(zipfile.ZipInfo(name), words)
    return stream.getvalue()


def collect_project_seeds(folders: list[Path]) -> dict[str, bytes]:
    """The made projects and those in `folders` that are not too large, by path."""
    seeds = make_project_seeds()
    seeds |= make_hostile_seeds(seeds["small.qde"])
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            is_file = path.is_file() and not path.is_symlink()
            if is_file and path.suffix.lower() in SUFFIXES and path.stat().st_size <= LARGEST:
                seeds[path.relative_to(folder.parent).as_posix()] = path.read_bytes()
    return seeds
