"""What the codebook and the thematic map must be as a whole, asked after any act that changes them.

Each act may be right by itself and all of them together not: a code is moved below another, that
one below the first, and then an act between them is undone.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from ..core.acts import Change
from ..core.errors import InputError, NotFound
from .codebook import check_codebook
from .thematic_map import thematic_map


def refuse_unsound(connection: Connection, changes: Sequence[Change]) -> None:
    """Refuse what would leave a codebook or a map that cannot be read.

    Raises:
        InputError: if codes or themes would be each other's parents, or share a name that must be
            one's own, or there would be two central themes.
    """
    tables = {change.table for change in changes}
    try:
        if "codes" in tables:
            check_codebook(connection)
        if any(name.startswith("map_") for name in tables):
            thematic_map(connection)
    except (InputError, NotFound) as error:
        raise InputError(f"{error} Nothing was changed.") from None
