"""Agreement taken apart: is anything coded here, which code is it, and does it start here.

Two coders may agree on where something is said and not on what, or on what and not on where it
begins. Each question has a kappa of its own (Cohen 1960), from decisions pooled over pairs of
coders: whether a segment has any code; each code, on segments to which both gave one; whether a
passage starts (`passages`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...agreement.coefficients.kappa import kappa_from_tables
from ...agreement.study.decisions import Decisions
from .pairs import Pairs

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FACETS = ("codable", "which_code", "start")


def count_facets(made: Decisions, starts: Flags, pairs: Pairs) -> Floats:
    """2x2 tables of each question, summed over pairs, flat: (n_transcripts, 12).

    Args:
        made: what the coders decided.
        starts: where each starts a passage, (n_coders, n_units).
        pairs: of coders.
    """
    tables = np.zeros((len(made.transcripts), len(FACETS), 2, 2))
    coded: Flags = np.asarray(made.given.any(axis=2))
    for a, b in pairs:
        both_read = made.read[a] & made.read[b]
        both_coded = both_read & coded[a] & coded[b]
        questions = (
            (coded[a][:, None], coded[b][:, None], both_read),
            (made.given[a], made.given[b], both_coded),
            (starts[a][:, None], starts[b][:, None], both_read),
        )
        for at, (first, second, asked) in enumerate(questions):
            index = made.transcript_of[asked]
            for one in (0, 1):
                for other in (0, 1):
                    cell = (first[asked] == bool(one)) & (second[asked] == bool(other))
                    np.add.at(tables[:, at, one, other], index, cell.sum(axis=1))
    return tables.reshape(len(tables), -1)


def compute_facets(sums: Floats) -> Floats:
    """Kappa of each question from summed counts, (n_draws, 12) to (n_draws, 3)."""
    tables = sums.reshape(len(sums), len(FACETS), 2, 2)
    return np.column_stack([kappa_from_tables(tables[:, at]) for at in range(len(FACETS))])
