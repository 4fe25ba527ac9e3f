"""Tables of a study file, as queries are written against them; `migrations` makes them."""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, LargeBinary, MetaData, Table, Text

APPLICATION_ID = 0x61436F64
"""Marks an SQLite file as a study of ours ("aCod")."""

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
    Column("language", Text),
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
    Column("codable", Integer),
    Column("guid", Text),
    Column("revision", Integer),
    Column("archived", Integer),
    Column("family", Text),
)
family_switches = Table(
    "family_switches",
    metadata,
    Column("family", Text, primary_key=True),
    Column("transcript_id", Integer, primary_key=True),
    Column("is_on", Integer),
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
    Column("code_revision", Integer),
)
readings = Table(
    "readings",
    metadata,
    Column("transcript_id", Integer, primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, primary_key=True),
    Column("coder_id", Integer, primary_key=True),
    Column("basis", Text),
)
resolutions = Table(
    "resolutions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("transcript_id", Integer),
    Column("start", Integer),
    Column("end", Integer),
    Column("code_id", Integer),
    Column("coder_id", Integer),
    Column("outcome", Text),
    Column("one_id", Integer),
    Column("other_id", Integer),
    Column("by_id", Integer),
    Column("reason", Text),
    Column("note", Text),
    Column("made_at", Text),
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
    Column("start", Integer),
    Column("end", Integer),
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
    Column("likely", Integer),
    Column("evidence", Text),
    Column("in_set", Integer),
    Column("auto_acceptable", Integer),
)
decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("transcript_id", Integer),
    Column("start", Integer),
    Column("end", Integer),
    Column("suggested_id", Integer),
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
    Column("position", Text),
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
    Column("position", Text),
)
theme_metrics = Table(
    "theme_metrics",
    metadata,
    Column("run_id", Integer, primary_key=True),
    Column("mean", LargeBinary),
    Column("matrix", LargeBinary),
)
map_themes = Table(
    "map_themes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text),
    Column("name", Text),
    Column("definition", Text),
    Column("parent_id", Integer),
    Column("is_central", Integer),
    Column("position", Integer),
)
map_codes = Table(
    "map_codes",
    metadata,
    Column("theme_id", Integer, primary_key=True),
    Column("code_id", Integer, primary_key=True),
    Column("position", Integer),
)
map_segments = Table(
    "map_segments",
    metadata,
    Column("theme_id", Integer, primary_key=True),
    Column("transcript_id", Integer, primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, primary_key=True),
    Column("draft", Text),
)
map_relations = Table(
    "map_relations",
    metadata,
    Column("one_id", Integer, primary_key=True),
    Column("other_id", Integer, primary_key=True),
    Column("name", Text),
    Column("position", Integer),
)
map_positions = Table(
    "map_positions",
    metadata,
    Column("theme_id", Integer, primary_key=True),
    Column("x", Integer),
    Column("y", Integer),
)
passes = Table(
    "passes",
    metadata,
    Column("transcript_id", Integer, primary_key=True),
    Column("coder_id", Integer, primary_key=True),
    Column("kind", Text),
    Column("blind", Integer),
    Column("assistance", Text),
    Column("state", Text),
    Column("n_reopened", Integer),
    Column("random_state", Integer),
    Column("draw_order", Integer),
    Column("made_at", Text),
)
media = Table(
    "media",
    metadata,
    Column("transcript_id", Integer, primary_key=True),
    Column("path", Text),
    Column("digest", Text),
    Column("n_bytes", Integer),
    Column("media_type", Text),
    Column("added_at", Text),
)
vectors = Table(
    "vectors",
    metadata,
    Column("encoder_digest", Text, primary_key=True),
    Column("text_digest", Text, primary_key=True),
    Column("vector", LargeBinary),
)
fits = Table(
    "fits",
    metadata,
    *(Column(name, Text, primary_key=name == "digest") for name in ("digest", "kind")),
    Column("content", LargeBinary),
    Column("content_digest", Text),
    Column("used", Integer),
)
imports = Table(
    "imports",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("name", Text),
    Column("made_at", Text),
)
tool_projects = Table(
    "tool_projects",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("name", Text),
    Column("format", Text),
    Column("content", Text),
    Column("made_at", Text),
)
tool_sources = Table(
    "tool_sources",
    metadata,
    Column("transcript_id", Integer, primary_key=True),
    Column("project", Text),
    Column("content", Text),
)
phrases = Table("phrases", metadata, Column("id", Integer, primary_key=True), Column("text", Text))
revision = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", Integer),
    Column("change", Text),
    Column("made_at", Text),
)
acts = Table(
    "acts",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("key", Text),
    Column("kind", Text),
    Column("coder", Text),
    Column("made_at", Text),
    Column("undoes", Text),
    Column("n_changes", Integer),
    Column("digest", Text),
    Column("chain", Text),
)
column_lists = Table(
    "column_lists",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("names", Text),
)
changes = Table(
    "changes",
    metadata,
    Column("act", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("table_name", Text),
    Column("columns", Integer),
    Column("row", Text),
    Column("before", LargeBinary),
    Column("after", LargeBinary),
    Column("salt", LargeBinary),
    Column("digest", LargeBinary),
)
