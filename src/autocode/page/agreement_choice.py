"""Which agreement is asked for: whose, on which unit; computed once for each state of the study."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from ..agreement.study.specs import SPECS
from ..agreement.study.table import Agreement
from ..agreement.study.units import UnitKind
from ..core.coding import Coder
from ..core.errors import InputError
from ..pipeline import AgreementOptions
from ..project.reader import Snapshot
from ..report.codes_agreement import ALPHA

BLIND = (
    "Blind: you do not see other coders, so there are no figures of agreement for you until all "
    "your blind passes are revealed."
)
UNITS: Mapping[UnitKind, str] = {
    "segment": "the study's own segments",
    "turn": "turns",
    "paragraph": "paragraphs",
    "character": "characters",
    "overlap": "overlapping spans",
}
"""Units of comparison in words; not sentences, as an encoder may be needed to find them."""
COEFFICIENTS = tuple(spec for spec in SPECS if spec.per_code is not None)
"""Those that have a value for each code, of which one is drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementChoice:
    """Whose agreement, on which unit, and the coefficient that is drawn."""

    coders: tuple[str, ...]
    unit: UnitKind = "segment"
    coefficient: str = ALPHA

    def write_query(self, study: Snapshot, **more: str) -> str:
        """The choice as the query of an address; coders go by their numbers."""
        numbers = study.coder_numbers()
        coders = [("coder", str(numbers[name])) for name in self.coders]
        rest = [("unit", self.unit), ("coefficient", self.coefficient), *more.items()]
        return urlencode([*coders, *rest])


def read_choice(study: Snapshot, query: QueryParams) -> AgreementChoice:
    """What an address asks for; by default all people, on the study's own segments."""
    names = {str(number): name for name, number in study.coder_numbers().items()}
    asked = {names[number] for number in query.getlist("coder") if number in names}
    people = {coder.name for coder in list_comparable(study) if coder.kind == "person"}
    drawn = query.get("coefficient")
    return AgreementChoice(
        coders=tuple(sorted(asked if "coder" in query else people)),
        unit=next((unit for unit in UNITS if unit == query.get("unit")), "segment"),
        coefficient=next((spec.name for spec in COEFFICIENTS if spec.name == drawn), ALPHA),
    )


def list_comparable(study: Snapshot) -> list[Coder]:
    """Everybody whose work can be compared: who coded or read something."""
    work = {coding.coder for coding in study.codings()}
    work |= {reading.coder for reading in study.readings()}
    return [coder for coder in study.coders() if coder.name in work]


class Agreements:
    """The last agreements that were computed, each for one state of the study.

    One at a time is computed, in the thread that asks.
    """

    def __init__(self, most: int = 6) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[object, ...], Agreement] = OrderedDict()
        self._one_at_a_time = threading.Lock()

    def measure(self, study: Snapshot, choice: AgreementChoice) -> Agreement:
        """The agreement in this state, as `autocode agree` gives it.

        Raises:
            InputError: if fewer than two coders are chosen, or nothing was read by two of them.
        """
        if len(choice.coders) < 2:
            raise InputError("Choose two coders or more whose work is to be compared.")
        key = (study.revision().number, choice.coders, choice.unit)
        with self._one_at_a_time:
            if key not in self._kept:
                options = AgreementOptions(coders=choice.coders, unit=choice.unit)
                self._kept[key] = study.agree(options=options)
                if len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]
