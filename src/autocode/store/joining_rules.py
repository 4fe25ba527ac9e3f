"""When rows of several studies are one row, and what becomes of values that differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..core.coding_pass import rank_progress
from .content import CONTENT, ContentTable


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRule:
    """How the rows of one table are joined.

    Rows that agree in the columns of `identity` are one; where rows have none but all their values
    (`counted`), as often as any one study has it. Of the columns in a group of `least`, together,
    the least values are kept: the earlier of two times; of those in `furthest`, together, the
    values that `rank` puts last. Of `greatest` columns the greatest value is kept, of the columns
    in `first` that of the first study. Values of the columns in `strict` must be equal, those in
    `together` as one; of all others too, but an empty one gives way. `guesses` are columns that
    give way as a group where their `basis` says that nobody gave them. `what` is the thing as
    conflicts name it.
    """

    identity: tuple[str, ...]
    what: str
    counted: bool = False
    least: tuple[tuple[str, ...], ...] = ()
    furthest: tuple[str, ...] = ()
    rank: Callable[..., tuple[int, ...]] | None = None
    greatest: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    strict: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()


_RULES: Mapping[str, JoinRule] = {
    "transcripts": JoinRule(
        identity=("name",),
        what="transcript",
        least=(("source_name", "source_format", "source_digest", "source_encoding"),),
        first=("added_at",),
    ),
    "cases": JoinRule(identity=("name",), what="case"),
    "attributes": JoinRule(identity=("case_id", "name"), what="attribute"),
    "speakers": JoinRule(
        identity=("transcript_id", "name"), what="speaker", guesses=("role", "basis", "confidence")
    ),
    "codes": JoinRule(
        identity=("code",),
        what="code",
        first=("position",),
        greatest=("revision",),
        strict=("parent", "codable", "archived"),
    ),
    "coders": JoinRule(identity=("name",), what="coder", strict=("kind",)),
    "codings": JoinRule(
        identity=("transcript_id", "start", "end", "code_id", "coder_id"),
        what="coding",
        least=(("made_at", "basis"),),
        greatest=("code_revision",),
    ),
    "readings": JoinRule(
        identity=("transcript_id", "start", "end", "coder_id"),
        what="reading",
        # "decision", what deciding left, comes before "imported" and "person" and must give way.
        guesses=("basis",),
    ),
    "decisions": JoinRule(
        identity=("transcript_id", "start", "end", "suggested_id", "coder_id"),
        what="decision",
        least=(("made_at",),),
        together=("action", "code_id"),
    ),
    "passes": JoinRule(
        identity=("transcript_id", "coder_id"),
        what="pass",
        # Of two assignments the earlier stands, as a whole.
        least=(
            ("made_at", "kind", "blind", "assistance", "random_state", "draw_order"),
        ),
        furthest=("state", "n_reopened"),
        rank=rank_progress,
    ),
    "media": JoinRule(
        identity=("transcript_id",),
        what="recording",
        # Where a recording lies differs from machine to machine: each study keeps its own.
        first=("path", "digest", "n_bytes", "media_type", "added_at"),
    ),
    "resolutions": JoinRule(
        identity=("transcript_id", "start", "end", "code_id", "coder_id"),
        what="resolution",
        least=(("made_at",),),
        together=("outcome", "one_id", "other_id", "by_id", "reason", "note"),
    ),
    "map_themes": JoinRule(
        identity=("key",),
        what="theme",
        least=(("position",),),
        strict=("parent_id", "is_central"),
    ),
    "map_codes": JoinRule(
        identity=("theme_id", "code_id"), what="theme", least=(("position",),)
    ),
    "map_segments": JoinRule(
        identity=("theme_id", "transcript_id", "start", "end"), what="theme", least=(("draft",),)
    ),
    "map_relations": JoinRule(
        identity=("one_id", "other_id"), what="relation", least=(("position",),)
    ),
    # Where a card lies is worth no decision.
    "map_positions": JoinRule(identity=("theme_id",), what="theme", least=(("x", "y"),)),
    "family_switches": JoinRule(
        identity=("family", "transcript_id"), what="family of codes", strict=("is_on",)
    ),
    # Each study's copy of one project is as it came, so that the first will do.
    "tool_projects": JoinRule(
        identity=("digest",), what="project", first=("name", "format", "content", "made_at")
    ),
    "tool_sources": JoinRule(
        identity=("transcript_id",), what="project", first=("project", "content")
    ),
    "imports": JoinRule(identity=("digest", "kind"), what="file", first=("name", "made_at")),
}  # fmt: skip

LAYOUTS = ("turns", "times", "segments")
"""Tables whose rows of one transcript are one value: how its text is divided."""

WORK_IN_PASSES = ("codings", "readings", "decisions")
"""Tables of what a coder did in a transcript, which is fixed once their pass is revealed."""


def rule_of(table: ContentTable, columns: tuple[str, ...]) -> JoinRule:
    """The rule for a table; without one of its own, rows are one where all but times is equal."""
    if table.name in _RULES:
        return _RULES[table.name]
    if table.key != ("id",):
        return JoinRule(identity=table.key, what=table.name)
    identity = tuple(c for c in columns if c not in ("id", "made_at", *table.left_out))
    least = (("made_at",),) if "made_at" in columns else ()
    return JoinRule(identity=identity, what=table.name, counted=True, least=least)


JOINED = tuple(table for table in CONTENT if table.name not in LAYOUTS)
