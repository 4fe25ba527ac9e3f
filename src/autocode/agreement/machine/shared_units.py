"""Units that a machine and people coded, on which both kinds of agreement rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.errors import InputError
from ..arrays import Floats, Ints
from ..coefficients.result import Coefficient, build_undefined


@dataclass(frozen=True, slots=True, eq=False)
class SharedUnits:
    """The units to compare: `coders` (n_coders, n_units), machine last, `transcript_of` (n_units,).

    Values and transcripts are numbered from 0.
    """

    coders: Floats
    transcript_of: Ints
    n_transcripts: int


def select_shared_units(
    humans: npt.ArrayLike, machine: npt.ArrayLike, transcripts: npt.ArrayLike | None
) -> SharedUnits:
    """The units that the machine and two or more people coded; without transcripts all of one."""
    people, model = as_people_and_machine(humans, machine)
    n_units = model.size
    given = np.zeros(n_units) if transcripts is None else np.asarray(transcripts)
    if given.size != n_units:
        raise InputError(f"There are {n_units} units, but transcripts of {given.size}.")
    names, transcript_of = np.unique(given, return_inverse=True)
    n_people = (~np.isnan(people)).sum(axis=0)
    # Human-human and machine-human agreement must rest on the same units to be compared.
    keep = ~np.isnan(model) & (n_people >= min(2, people.shape[0]))
    coders = np.concatenate([people, model[None]])[:, keep]
    values = np.unique(coders[~np.isnan(coders)])
    numbered = np.where(np.isnan(coders), np.nan, np.searchsorted(values, coders))
    return SharedUnits(numbered, transcript_of[keep].astype(np.int64), max(int(names.size), 1))


def count_values(coders: Floats) -> int:
    """How many values the coders used, which are numbered from 0; 1 where nobody coded."""
    return int(np.nanmax(coders)) + 1 if coders.size else 1


def as_people_and_machine(humans: npt.ArrayLike, machine: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Values of people and machine as arrays, shapes (n_humans, n_units) and (n_units,).

    Raises:
        InputError: if they are not of the same units.
    """
    people = np.atleast_2d(np.asarray(humans, dtype=np.float64))
    model = np.asarray(machine, dtype=np.float64).ravel()
    if people.shape[1] != model.size:
        raise InputError(
            f"People have {people.shape[1]} units, the machine {model.size}; they must be the same."
        )
    return people, model


def build_coefficient(name: str, value: float, n_units: int, reason: str) -> Coefficient:
    """A coefficient of this value, undefined with the `reason` where it is NaN."""
    if np.isnan(value):
        return build_undefined(name, reason, n_units=n_units)
    return Coefficient(name=name, value=float(value), n_units=n_units)
