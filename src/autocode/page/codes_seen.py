"""The codes that a coder sees, as data, with the numbers by which addresses name them."""

from __future__ import annotations

from typing import Any

from ..core.errors import NotFound
from ..project.reader import Snapshot
from .marks import describe_codes
from .sight import Sight, codebook_seen


def number_codes_seen(study: Snapshot, sight: Sight) -> dict[str, int]:
    """The number of each code that is shown, by id.

    A blind coder's are the places of the codes in the order of making, since the study's own
    numbers count what others make.
    """
    numbers, codebook = study.code_numbers(), codebook_seen(study, sight)
    shown = {code.id: numbers[code.id] for code in codebook}
    if not sight.is_blind:
        return shown
    in_order = sorted(shown, key=lambda code: shown[code])
    return {code: place for place, code in enumerate(in_order, start=1)}


def find_code(study: Snapshot, sight: Sight, number: int) -> str:
    """The id of the code of this number; raises NotFound."""
    for code, known in number_codes_seen(study, sight).items():
        if known == number:
            return code
    raise NotFound(
        f"No code {number} in this codebook; it may have been merged or deleted.",
        kind="code",
        name=str(number),
    )


def describe_codes_seen(study: Snapshot, sight: Sight) -> list[dict[str, Any]]:
    """The codes that are shown, in the order of the tree, each with its number."""
    numbers = number_codes_seen(study, sight)
    codes = describe_codes(codebook_seen(study, sight))
    return [code | {"number": numbers[code["id"]]} for code in codes]
