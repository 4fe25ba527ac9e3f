"""Tables of a study file and the numbered migrations that make them.

A migration is a list of statements that never changes once released; a new one is added at the
end. `PRAGMA user_version` holds how many have run.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, LargeBinary, MetaData, Table, Text

APPLICATION_ID = 0x61436F64
"""Marks an SQLite file as a study of ours ("aCod")."""

FIXED_TEXT_TRIGGER = (
    "CREATE TRIGGER transcripts_text_is_fixed BEFORE UPDATE OF text, text_digest"
    " ON transcripts BEGIN SELECT RAISE(ABORT, 'the text of a transcript is fixed'); END"
)

MIGRATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "a study: texts, people's work, the machine's drafts",
        (
            "CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
            " made_at TEXT NOT NULL, version TEXT NOT NULL)",
            "CREATE TABLE transcripts (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
            " text TEXT NOT NULL, source_name TEXT NOT NULL, source_format TEXT NOT NULL,"
            " source_digest TEXT NOT NULL UNIQUE, source_encoding TEXT NOT NULL,"
            " text_digest TEXT NOT NULL, added_at TEXT NOT NULL)",
            FIXED_TEXT_TRIGGER,
            "CREATE TABLE cases (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
            "CREATE TABLE attributes (case_id INTEGER NOT NULL REFERENCES cases ON DELETE CASCADE,"
            " name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (case_id, name))",
            "CREATE TABLE speakers (id INTEGER PRIMARY KEY,"
            " transcript_id INTEGER NOT NULL REFERENCES transcripts ON DELETE CASCADE,"
            " name TEXT NOT NULL, role TEXT NOT NULL, basis TEXT NOT NULL,"
            " confidence REAL NOT NULL, case_id INTEGER REFERENCES cases ON DELETE SET NULL,"
            " UNIQUE (transcript_id, name))",
            "CREATE TABLE turns (transcript_id INTEGER NOT NULL REFERENCES transcripts"
            ' ON DELETE CASCADE, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,'
            " speaker_id INTEGER REFERENCES speakers, begin REAL, finish REAL,"
            ' PRIMARY KEY (transcript_id, "start"), CHECK ("start" <= "end"))',
            "CREATE TABLE segments (transcript_id INTEGER NOT NULL REFERENCES transcripts"
            ' ON DELETE CASCADE, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,'
            " speaker_id INTEGER REFERENCES speakers, unit TEXT NOT NULL, given INTEGER NOT NULL,"
            ' name TEXT, domain TEXT, PRIMARY KEY (transcript_id, "start"),'
            ' CHECK ("start" <= "end"))',
            "CREATE UNIQUE INDEX segments_name ON segments (name) WHERE name IS NOT NULL",
            "CREATE TABLE codes (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE,"
            " name TEXT NOT NULL, definition TEXT NOT NULL, inclusion TEXT NOT NULL,"
            " exclusion TEXT NOT NULL, examples TEXT NOT NULL, parent TEXT"
            " REFERENCES codes (code) DEFERRABLE INITIALLY DEFERRED, colour TEXT,"
            " memo TEXT NOT NULL, domain TEXT, position INTEGER NOT NULL)",
            "CREATE TABLE coders (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
            " kind TEXT NOT NULL)",
            "CREATE TABLE codings (id INTEGER PRIMARY KEY,"
            " transcript_id INTEGER NOT NULL REFERENCES transcripts,"
            ' "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,'
            " code_id INTEGER NOT NULL REFERENCES codes, coder_id INTEGER NOT NULL"
            " REFERENCES coders, made_at TEXT NOT NULL, basis TEXT NOT NULL, memo TEXT NOT NULL,"
            ' UNIQUE (transcript_id, "start", "end", code_id, coder_id), CHECK ("start" < "end"))',
            "CREATE TABLE readings (transcript_id INTEGER NOT NULL REFERENCES transcripts,"
            ' "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,'
            " coder_id INTEGER NOT NULL REFERENCES coders,"
            ' PRIMARY KEY (transcript_id, "start", "end", coder_id))',
            "CREATE TABLE memos (id INTEGER PRIMARY KEY, about TEXT NOT NULL,"
            " subject TEXT NOT NULL, text TEXT NOT NULL, coder_id INTEGER REFERENCES coders,"
            " made_at TEXT NOT NULL)",
            "CREATE TABLE runs (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, method TEXT NOT NULL,"
            " encoder TEXT NOT NULL, encoder_digest TEXT NOT NULL, parameters TEXT NOT NULL,"
            " versions TEXT NOT NULL, made_at TEXT NOT NULL)",
            "CREATE TABLE suggestions (id INTEGER PRIMARY KEY AUTOINCREMENT,"
            " run_id INTEGER NOT NULL REFERENCES runs, transcript_id INTEGER NOT NULL"
            ' REFERENCES transcripts, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,'
            " code_id INTEGER NOT NULL REFERENCES codes, rank INTEGER NOT NULL,"
            " score REAL NOT NULL, probability REAL NOT NULL, confident INTEGER NOT NULL,"
            " evidence TEXT NOT NULL)",
            'CREATE INDEX suggestions_place ON suggestions (transcript_id, "start")',
            "CREATE TABLE decisions (id INTEGER PRIMARY KEY, suggestion_id INTEGER NOT NULL"
            " UNIQUE REFERENCES suggestions, action TEXT NOT NULL, coder_id INTEGER NOT NULL"
            " REFERENCES coders, code_id INTEGER REFERENCES codes, made_at TEXT NOT NULL,"
            " memo TEXT NOT NULL)",
            "CREATE TABLE themes (id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES runs"
            " ON DELETE CASCADE, key TEXT NOT NULL, name TEXT NOT NULL, terms TEXT NOT NULL,"
            " place TEXT NOT NULL, near TEXT NOT NULL, UNIQUE (run_id, key))",
            "CREATE TABLE members (run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,"
            ' transcript_id INTEGER NOT NULL REFERENCES transcripts, "start" INTEGER NOT NULL,'
            ' "end" INTEGER NOT NULL, theme_id INTEGER REFERENCES themes ON DELETE CASCADE,'
            " strength REAL NOT NULL, exemplar INTEGER, reason TEXT NOT NULL,"
            ' PRIMARY KEY (run_id, transcript_id, "start"))',
            "CREATE TABLE vectors (encoder_digest TEXT NOT NULL, text_digest TEXT NOT NULL,"
            " vector BLOB NOT NULL, PRIMARY KEY (encoder_digest, text_digest)) WITHOUT ROWID",
            "CREATE TABLE imports (digest TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,"
            " made_at TEXT NOT NULL, PRIMARY KEY (digest, kind))",
        ),
    ),
    (
        "whose a whole transcript is, and when each stretch of its words was said",
        (
            "ALTER TABLE transcripts ADD COLUMN case_id INTEGER REFERENCES cases"
            " ON DELETE SET NULL",
            "CREATE TABLE times (transcript_id INTEGER NOT NULL REFERENCES transcripts"
            ' ON DELETE CASCADE, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,'
            ' begin REAL, finish REAL, PRIMARY KEY (transcript_id, "start"),'
            ' CHECK ("start" <= "end"))',
        ),
    ),
    (
        "what a draft theme is made of, how firm it is, and where left-out segments would go",
        (
            "ALTER TABLE themes ADD COLUMN detail TEXT NOT NULL DEFAULT '{}'",
            "ALTER TABLE members ADD COLUMN part TEXT",
            "ALTER TABLE members ADD COLUMN edge INTEGER",
            "ALTER TABLE members ADD COLUMN nearest TEXT",
            "CREATE TABLE theme_decisions (id INTEGER PRIMARY KEY, action TEXT NOT NULL,"
            " themes TEXT NOT NULL, names TEXT NOT NULL, name TEXT NOT NULL,"
            " coder_id INTEGER NOT NULL REFERENCES coders, made_at TEXT NOT NULL,"
            " memo TEXT NOT NULL)",
        ),
    ),
    (
        "which suggestions are in the prediction set, and which could be accepted unseen",
        (
            "ALTER TABLE suggestions ADD COLUMN in_set INTEGER NOT NULL DEFAULT 1",
            "ALTER TABLE suggestions ADD COLUMN sure INTEGER NOT NULL DEFAULT 0",
        ),
    ),
    (
        "which segments came to a theme draft after it was made",
        ("ALTER TABLE members ADD COLUMN later INTEGER NOT NULL DEFAULT 0",),
    ),
    (
        "where segments of a theme draft lie on the excerpt map",
        ("ALTER TABLE members ADD COLUMN place TEXT NOT NULL DEFAULT 'null'",),
    ),
)

metadata = MetaData()

transcripts = Table(
    "transcripts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text),
    Column("text", Text),
    Column("source_name", Text),
    Column("source_format", Text),
    Column("source_digest", Text),
    Column("source_encoding", Text),
    Column("text_digest", Text),
    Column("added_at", Text),
    Column("case_id", Integer),
)
cases = Table("cases", metadata, Column("id", Integer, primary_key=True), Column("name", Text))
attributes = Table(
    "attributes",
    metadata,
    Column("case_id", Integer, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text),
)
speakers = Table(
    "speakers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("transcript_id", Integer),
    Column("name", Text),
    Column("role", Text),
    Column("basis", Text),
    Column("confidence", Float),
    Column("case_id", Integer),
)
turns = Table(
    "turns",
    metadata,
    Column("transcript_id", Integer, primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer),
    Column("speaker_id", Integer),
    Column("begin", Float),
    Column("finish", Float),
)
times = Table(
    "times",
    metadata,
    Column("transcript_id", Integer, primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer),
    Column("begin", Float),
    Column("finish", Float),
)
segments = Table(
    "segments",
    metadata,
    Column("transcript_id", Integer, primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer),
    Column("speaker_id", Integer),
    Column("unit", Text),
    Column("given", Integer),
    Column("name", Text),
    Column("domain", Text),
)
codes = Table(
    "codes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", Text),
    Column("name", Text),
    Column("definition", Text),
    Column("inclusion", Text),
    Column("exclusion", Text),
    Column("examples", Text),
    Column("parent", Text),
    Column("colour", Text),
    Column("memo", Text),
    Column("domain", Text),
    Column("position", Integer),
)
coders = Table(
    "coders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text),
    Column("kind", Text),
)
codings = Table(
    "codings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("transcript_id", Integer),
    Column("start", Integer),
    Column("end", Integer),
    Column("code_id", Integer),
    Column("coder_id", Integer),
    Column("made_at", Text),
    Column("basis", Text),
    Column("memo", Text),
)
readings = Table(
    "readings",
    metadata,
    Column("transcript_id", Integer, primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, primary_key=True),
    Column("coder_id", Integer, primary_key=True),
)
memos = Table(
    "memos",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("about", Text),
    Column("subject", Text),
    Column("text", Text),
    Column("coder_id", Integer),
    Column("made_at", Text),
)
runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text),
    Column("method", Text),
    Column("encoder", Text),
    Column("encoder_digest", Text),
    Column("parameters", Text),
    Column("versions", Text),
    Column("made_at", Text),
)
suggestions = Table(
    "suggestions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer),
    Column("transcript_id", Integer),
    Column("start", Integer),
    Column("end", Integer),
    Column("code_id", Integer),
    Column("rank", Integer),
    Column("score", Float),
    Column("probability", Float),
    Column("confident", Integer),
    Column("evidence", Text),
    Column("in_set", Integer),
    Column("sure", Integer),
)
decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("suggestion_id", Integer),
    Column("action", Text),
    Column("coder_id", Integer),
    Column("code_id", Integer),
    Column("made_at", Text),
    Column("memo", Text),
)
themes = Table(
    "themes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer),
    Column("key", Text),
    Column("name", Text),
    Column("terms", Text),
    Column("place", Text),
    Column("near", Text),
    Column("detail", Text),
)
theme_decisions = Table(
    "theme_decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("action", Text),
    Column("themes", Text),
    Column("names", Text),
    Column("name", Text),
    Column("coder_id", Integer),
    Column("made_at", Text),
    Column("memo", Text),
)
members = Table(
    "members",
    metadata,
    Column("run_id", Integer, primary_key=True),
    Column("transcript_id", Integer, primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer),
    Column("theme_id", Integer),
    Column("strength", Float),
    Column("exemplar", Integer),
    Column("reason", Text),
    Column("part", Text),
    Column("edge", Integer),
    Column("nearest", Text),
    Column("later", Integer),
    Column("place", Text),
)
vectors = Table(
    "vectors",
    metadata,
    Column("encoder_digest", Text, primary_key=True),
    Column("text_digest", Text, primary_key=True),
    Column("vector", LargeBinary),
)
imports = Table(
    "imports",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("name", Text),
    Column("made_at", Text),
)
