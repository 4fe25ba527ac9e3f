"""How many acts of each kind there are in the history."""

from __future__ import annotations

from .acts import ActFilter, act_conditions
from .file import Connection


def count_acts(connection: Connection, wanted: ActFilter) -> dict[str, int]:
    """The number of acts that are wanted by kind, whatever the limit."""
    where, values = act_conditions(wanted)
    rows = connection.exec_driver_sql(
        f"SELECT kind, count(*) FROM acts WHERE {where} GROUP BY kind ORDER BY kind", tuple(values)
    )
    return {kind: n for kind, n in rows}
