"""How many acts there are in the history: of each kind, and of each coder since one."""

from __future__ import annotations

from ..core.acts import WorkSince
from .acts import ActFilter, act_conditions
from .file import Connection


def count_acts(connection: Connection, wanted: ActFilter) -> dict[str, int]:
    """The number of acts that are wanted by kind, whatever the limit."""
    where, values = act_conditions(wanted)
    rows = connection.exec_driver_sql(
        f"SELECT kind, count(*) FROM acts WHERE {where} GROUP BY kind ORDER BY kind", tuple(values)
    )
    return {kind: n for kind, n in rows}


def count_work(
    connection: Connection, since: int, coder: str, but_key_prefix: str
) -> list[WorkSince]:
    """What each coder did after the act of this number, by name.

    Of `coder`, only acts on content count whose keys do not begin with the prefix.
    """
    rows = connection.exec_driver_sql(
        "SELECT coder, count(DISTINCT number),"
        " coalesce(sum(table_name = 'codings' AND before IS NULL AND after IS NOT NULL), 0)"
        " - coalesce(sum(table_name = 'codings' AND after IS NULL AND before IS NOT NULL), 0)"
        " FROM acts LEFT JOIN changes ON act = number WHERE number > ?"
        " AND (coder <> ? OR n_changes > 0 AND substr(key, 1, length(?)) <> ?) GROUP BY coder"
        " ORDER BY coder",
        (since, coder, but_key_prefix, but_key_prefix),
    )
    return [
        WorkSince(coder=coder or "", n_acts=n_acts, n_codings=max(0, n_codings))
        for coder, n_acts, n_codings in rows
    ]
