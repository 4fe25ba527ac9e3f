"""Which tables hold people's work and data, and which only what is computed from them.

Every change of a content table is captured and can be undone; a table that is in neither list fails
`tests/store/test_capture.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentTable:
    """A table of content: its row `key`, and which rows are captured.

    `when` is a condition on a row (`{row}` stands for it) for tables that hold computed rows too.
    `natural` are the columns that name a row for people; references to it are digested as those.
    `left_out` are columns that the content digest leaves out. `shared` rows come into being with
    the first row that refers to them, and stay until the last one goes.
    """

    name: str
    key: tuple[str, ...] = ("id",)
    when: str = ""
    natural: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    shared: bool = False


CONTENT: tuple[ContentTable, ...] = (
    ContentTable(name="transcripts", natural=("name",), left_out=("added_at",)),
    ContentTable(name="cases", natural=("name",), shared=True),
    ContentTable(name="attributes", key=("case_id", "name")),
    ContentTable(name="speakers", natural=("transcript_id", "name")),
    ContentTable(name="turns", key=("transcript_id", "start")),
    ContentTable(name="times", key=("transcript_id", "start")),
    ContentTable(name="segments", key=("transcript_id", "start"), when="{row}.given = 1"),
    ContentTable(name="codes", natural=("code",), left_out=("position",)),
    ContentTable(name="coders", natural=("name",), shared=True),
    ContentTable(name="codings"),
    ContentTable(name="readings", key=("transcript_id", "start", "end", "coder_id")),
    ContentTable(name="resolutions"),
    ContentTable(name="memos"),
    ContentTable(name="decisions"),
    ContentTable(name="theme_decisions"),
    ContentTable(name="passes", key=("transcript_id", "coder_id")),
    ContentTable(
        name="media",
        key=("transcript_id",),
        left_out=("path", "digest", "n_bytes", "media_type", "added_at"),
    ),
    ContentTable(name="map_themes", natural=("key",)),
    ContentTable(name="map_codes", key=("theme_id", "code_id")),
    ContentTable(name="map_segments", key=("theme_id", "transcript_id", "start", "end")),
    ContentTable(name="map_relations", key=("one_id", "other_id")),
    ContentTable(name="map_positions", key=("theme_id",)),
    ContentTable(name="family_switches", key=("family", "transcript_id")),
    ContentTable(name="tool_projects", key=("digest",), left_out=("made_at",)),
    ContentTable(name="tool_sources", key=("transcript_id",)),
    ContentTable(name="imports", key=("digest", "kind"), left_out=("made_at", "name")),
)
BY_NAME: Mapping[str, ContentTable] = {table.name: table for table in CONTENT}

DRAFTS: tuple[ContentTable, ...] = (
    ContentTable(name="runs", when="{row}.kind = 'themes'"),
    ContentTable(name="themes"),
    ContentTable(name="members", key=("run_id", "transcript_id", "start")),
)
"""Computed tables that people change too: captured only in acts that say so (`NewAct.drafts`)."""

COMPUTED = frozenset(
    {"runs", "suggestions", "themes", "members", "theme_metrics", "vectors", "fits", "phrases"}
)
BOOKKEEPING = frozenset({"migrations", "revision", "acts", "changes", "column_lists"})

NUMBERED = tuple(table.name for table in CONTENT if table.key == ("id",))
"""Content tables with row numbers, which are never given twice."""
