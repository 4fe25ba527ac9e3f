"""The numbered migrations that make the tables of a study file.

A migration is a list of steps that never changes once released; a new one is added at the end. A
step is a statement, or a function where stored values must be read to be written anew.
`PRAGMA user_version` holds how many have run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from . import rewriting

Step = str | Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class Migration:
    """What a migration is for, and its steps in order.

    One that `rebuilds` tables runs without foreign keys, which are checked at its end.
    """

    name: str
    steps: tuple[Step, ...]
    rebuilds: bool = False


def rules_of(migrations: Iterable[Migration]) -> set[tuple[str, str]]:
    """The name and statement of every trigger that these migrations make."""
    steps = (step for migration in migrations for step in migration.steps)
    made = (step for step in steps if isinstance(step, str) and step.startswith(_TRIGGER))
    return {(statement.split()[2], statement) for statement in made}


_TRIGGER = "CREATE TRIGGER "
FIXED_TEXT_TRIGGER = (
    "CREATE TRIGGER transcripts_text_is_fixed BEFORE UPDATE OF text, text_digest"
    " ON transcripts BEGIN SELECT RAISE(ABORT, 'the text of a transcript is fixed'); END"
)

MIGRATIONS: tuple[Migration, ...] = (
    Migration(
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
    Migration(
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
    Migration(
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
    Migration(
        "which suggestions are in the prediction set, and which could be accepted unseen",
        (
            "ALTER TABLE suggestions ADD COLUMN in_set INTEGER NOT NULL DEFAULT 1",
            "ALTER TABLE suggestions ADD COLUMN sure INTEGER NOT NULL DEFAULT 0",
        ),
    ),
    Migration(
        "which segments came to a theme draft after it was made",
        ("ALTER TABLE members ADD COLUMN later INTEGER NOT NULL DEFAULT 0",),
    ),
    Migration(
        "where segments of a theme draft lie on the excerpt map",
        ("ALTER TABLE members ADD COLUMN place TEXT NOT NULL DEFAULT 'null'",),
    ),
    Migration(
        "a revision that grows with every change",
        (
            "CREATE TABLE revision (id INTEGER PRIMARY KEY CHECK (id = 1),"
            " number INTEGER NOT NULL, change TEXT NOT NULL, made_at TEXT NOT NULL)",
            "INSERT INTO revision VALUES (1, 0, '', '')",
        ),
    ),
    Migration(
        "suggestions that are likely or auto-acceptable, their evidence by reference",
        (
            "ALTER TABLE suggestions RENAME COLUMN confident TO likely",
            "ALTER TABLE suggestions RENAME COLUMN sure TO auto_acceptable",
            "CREATE TABLE phrases (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)",
            "CREATE INDEX suggestions_by_code ON suggestions (code_id)",
            rewriting.refer_to_evidence,
        ),
    ),
    Migration(
        "draft themes: positions on maps, reasons as codes, the field's words",
        (
            "ALTER TABLE themes RENAME COLUMN place TO position",
            "ALTER TABLE members RENAME COLUMN place TO position",
            rewriting.code_reasons,
            rewriting.rename_stability,
        ),
    ),
    Migration("parameters of runs in the field's words", (rewriting.rename_parameters,)),
    Migration(
        "readings that deciding on suggestions left, apart from those recorded as such",
        (
            "ALTER TABLE readings ADD COLUMN basis TEXT NOT NULL DEFAULT 'imported'",
            "UPDATE readings SET basis = 'decision' WHERE EXISTS (SELECT 1 FROM decisions"
            " JOIN suggestions ON decisions.suggestion_id = suggestions.id"
            " WHERE suggestions.transcript_id = readings.transcript_id"
            ' AND suggestions."start" = readings."start" AND suggestions."end" = readings."end"'
            " AND decisions.coder_id = readings.coder_id)",
        ),
    ),
    Migration(
        "which codes may be applied, and the identifiers that other programs gave them",
        (
            "ALTER TABLE codes ADD COLUMN codable INTEGER NOT NULL DEFAULT 1",
            "ALTER TABLE codes ADD COLUMN guid TEXT",
        ),
    ),
    Migration(
        "the language each transcript is in, where it is clear",
        ("ALTER TABLE transcripts ADD COLUMN language TEXT",),
    ),
    Migration(
        "a history of acts; numbers never given twice; decisions by place, code and coder",
        (
            "CREATE TABLE decisions_by_place (id INTEGER PRIMARY KEY,"
            " transcript_id INTEGER NOT NULL REFERENCES transcripts,"
            ' "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,'
            " suggested_id INTEGER NOT NULL REFERENCES codes, action TEXT NOT NULL,"
            " coder_id INTEGER NOT NULL REFERENCES coders, code_id INTEGER REFERENCES codes,"
            " made_at TEXT NOT NULL, memo TEXT NOT NULL,"
            ' UNIQUE (transcript_id, "start", "end", suggested_id, coder_id))',
            "INSERT OR REPLACE INTO decisions_by_place SELECT decisions.id, transcript_id,"
            ' "start", "end", suggestions.code_id, action, coder_id, decisions.code_id,'
            " made_at, memo FROM decisions JOIN suggestions"
            " ON suggestions.id = decisions.suggestion_id ORDER BY decisions.id",
            "DROP TABLE decisions",
            "ALTER TABLE decisions_by_place RENAME TO decisions",
            rewriting.number_once,
            "CREATE TABLE acts (number INTEGER PRIMARY KEY AUTOINCREMENT,"
            " key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, coder TEXT NOT NULL,"
            " made_at TEXT NOT NULL, undoes TEXT NOT NULL, n_changes INTEGER NOT NULL,"
            " digest TEXT NOT NULL, chain TEXT NOT NULL)",
            "CREATE TABLE column_lists (number INTEGER PRIMARY KEY, names TEXT NOT NULL UNIQUE)",
            "CREATE TABLE changes (act INTEGER NOT NULL REFERENCES acts,"
            " position INTEGER NOT NULL, table_name TEXT NOT NULL,"
            ' columns INTEGER REFERENCES column_lists, "row" TEXT, before BLOB, after BLOB,'
            " salt BLOB, digest BLOB, PRIMARY KEY (act, position)) WITHOUT ROWID",
            'CREATE INDEX changes_by_row ON changes (table_name, "row")',
            "CREATE TRIGGER acts_are_not_changed BEFORE UPDATE ON acts"
            " BEGIN SELECT RAISE(ABORT, 'acts of the history are kept as they were made'); END",
            "CREATE TRIGGER acts_are_not_removed BEFORE DELETE ON acts"
            " BEGIN SELECT RAISE(ABORT, 'acts of the history are kept'); END",
            rewriting.begin_history,
        ),
        rebuilds=True,
    ),
    Migration(
        "the thematic map: themes over codes and segments, and their relations",
        (
            "CREATE TABLE map_themes (id INTEGER PRIMARY KEY AUTOINCREMENT,"
            " key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, definition TEXT NOT NULL,"
            " parent_id INTEGER REFERENCES map_themes, is_central INTEGER NOT NULL,"
            " position INTEGER NOT NULL)",
            "CREATE TABLE map_codes (theme_id INTEGER NOT NULL REFERENCES map_themes,"
            " code_id INTEGER NOT NULL REFERENCES codes, position INTEGER NOT NULL,"
            " PRIMARY KEY (theme_id, code_id)) WITHOUT ROWID",
            "CREATE TABLE map_segments (theme_id INTEGER NOT NULL REFERENCES map_themes,"
            " transcript_id INTEGER NOT NULL REFERENCES transcripts,"
            ' "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, draft TEXT NOT NULL,'
            ' PRIMARY KEY (theme_id, transcript_id, "start", "end")) WITHOUT ROWID',
            "CREATE TABLE map_relations (one_id INTEGER NOT NULL REFERENCES map_themes,"
            " other_id INTEGER NOT NULL REFERENCES map_themes, name TEXT NOT NULL,"
            " position INTEGER NOT NULL, PRIMARY KEY (one_id, other_id)) WITHOUT ROWID",
        ),
    ),
    Migration(
        "memos on words of a transcript",
        (
            'ALTER TABLE memos ADD COLUMN "start" INTEGER',
            'ALTER TABLE memos ADD COLUMN "end" INTEGER',
        ),
    ),
    Migration(
        "revisions of codes, what was coded under which, and codes that are archived",
        (
            "ALTER TABLE codes ADD COLUMN revision INTEGER NOT NULL DEFAULT 1",
            "ALTER TABLE codes ADD COLUMN archived INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE codings ADD COLUMN code_revision INTEGER NOT NULL DEFAULT 0",
            "UPDATE codings SET code_revision = 1",
            # Whoever adds a coding need not say under which revision of its code it was made.
            "CREATE TRIGGER codings_note_revision AFTER INSERT ON codings"
            " WHEN NEW.code_revision = 0 BEGIN UPDATE codings SET code_revision ="
            " (SELECT revision FROM codes WHERE codes.id = NEW.code_id) WHERE id = NEW.id; END",
        ),
    ),
    Migration(
        "passes: which coder codes which transcript, whether blind, and how far it has come",
        (
            "CREATE TABLE passes (transcript_id INTEGER NOT NULL REFERENCES transcripts,"
            " coder_id INTEGER NOT NULL REFERENCES coders, kind TEXT NOT NULL,"
            " blind INTEGER NOT NULL, assistance TEXT NOT NULL, state TEXT NOT NULL,"
            " n_reopened INTEGER NOT NULL, random_state INTEGER, draw_order INTEGER,"
            " made_at TEXT NOT NULL, PRIMARY KEY (transcript_id, coder_id)) WITHOUT ROWID",
        ),
    ),
    Migration(
        "what was settled where two coders differ, and why",
        (
            # coder_id is the consensus whose codings are the outcome.
            "CREATE TABLE resolutions (id INTEGER PRIMARY KEY AUTOINCREMENT,"
            " transcript_id INTEGER NOT NULL REFERENCES transcripts,"
            ' "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,'
            " code_id INTEGER NOT NULL REFERENCES codes,"
            " coder_id INTEGER NOT NULL REFERENCES coders, outcome TEXT NOT NULL,"
            " one_id INTEGER REFERENCES coders, other_id INTEGER REFERENCES coders,"
            " by_id INTEGER REFERENCES coders, reason TEXT NOT NULL, note TEXT NOT NULL,"
            ' made_at TEXT NOT NULL, UNIQUE (transcript_id, "start", "end", code_id, coder_id))',
        ),
    ),
    Migration(
        "families of codes, and where they are switched on or off",
        (
            "ALTER TABLE codes ADD COLUMN family TEXT",
            "CREATE TABLE family_switches (family TEXT NOT NULL,"
            " transcript_id INTEGER NOT NULL REFERENCES transcripts,"
            " is_on INTEGER NOT NULL, PRIMARY KEY (family, transcript_id)) WITHOUT ROWID",
        ),
    ),
    Migration(
        "the metric that draft themes were made in, learned from codings",
        (
            "CREATE TABLE theme_metrics (run_id INTEGER PRIMARY KEY REFERENCES runs"
            " ON DELETE CASCADE, mean BLOB NOT NULL, matrix BLOB NOT NULL)",
        ),
    ),
    Migration(
        "where the recording of a transcript lies, and what it must hold",
        (
            "CREATE TABLE media (transcript_id INTEGER PRIMARY KEY REFERENCES transcripts,"
            " path TEXT NOT NULL, digest TEXT NOT NULL, n_bytes INTEGER NOT NULL,"
            " media_type TEXT NOT NULL, added_at TEXT NOT NULL)",
        ),
    ),
    Migration(
        "projects of other tools: what goes back to them as it came",
        (
            "CREATE TABLE tool_projects (digest TEXT PRIMARY KEY, name TEXT NOT NULL,"
            " format TEXT NOT NULL, content TEXT NOT NULL, made_at TEXT NOT NULL) WITHOUT ROWID",
            "CREATE TABLE tool_sources (transcript_id INTEGER PRIMARY KEY REFERENCES transcripts,"
            " project TEXT NOT NULL REFERENCES tool_projects, content TEXT NOT NULL)",
        ),
    ),
    Migration(
        "where people put the cards of the thematic map",
        (
            "CREATE TABLE map_positions (theme_id INTEGER PRIMARY KEY REFERENCES map_themes,"
            " x INTEGER NOT NULL, y INTEGER NOT NULL)",
        ),
    ),
    Migration(
        "fits that are kept, by the digest of what they were computed from",
        (
            "CREATE TABLE fits (digest TEXT PRIMARY KEY, kind TEXT NOT NULL,"
            " content BLOB NOT NULL, content_digest TEXT NOT NULL, used INTEGER NOT NULL)",
        ),
    ),
)
