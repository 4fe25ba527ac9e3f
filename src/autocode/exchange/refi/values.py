"""Values as the schema allows them; what it does not allow is mended, and the ledger says so."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from ..losses import LossLedger
from ..project import VariableKind, make_guid
from .elements import COLOUR
from .guids import GUID

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold."""

_DATE_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
)
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)?")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")

VALUE_ELEMENTS: dict[VariableKind, str] = {
    "Text": "TextValue",
    "Boolean": "BooleanValue",
    "Integer": "IntegerValue",
    "Float": "FloatValue",
    "Date": "DateValue",
    "DateTime": "DateTimeValue",
}


@dataclass(slots=True)
class Values:
    """Makes values fit the schema, and remembers what it made of each guid."""

    ledger: LossLedger
    _guids: dict[str, str] = field(default_factory=dict)

    def guid(self, guid: str) -> str:
        """A guid of the standard's form: the same, or one made from it."""
        known = self._guids.get(guid)
        if known is None:
            known = guid if GUID.fullmatch(guid) else make_guid("guid", guid)
            self._guids[guid] = known
            if known != guid:
                self.ledger.change("identifiers", "were not of the standard's form", guid)
        return known

    def guid_or_none(self, guid: str | None) -> str | None:
        """The same for one that may be missing."""
        return self.guid(guid) if guid else None

    def text(self, text: str, what: str = "texts") -> str:
        """Text that XML can hold; other characters become U+FFFD, one for one."""
        mended, count = _FORBIDDEN.subn("\ufffd", text)
        if count:
            self.ledger.change(
                what, "held control characters that XML cannot; U+FFFD stands for each", text[:40]
            )
        return mended

    def date_time(self, said: str) -> str | None:
        """A time of the schema's form, None for one that is no time."""
        if not said:
            return None
        mended = as_date_time(said)
        if mended is None:
            self.ledger.lose("times", "are not of the standard's form", said)
        return mended

    def colour(self, said: str) -> str | None:
        """A colour, None for what is none."""
        if said and not COLOUR.fullmatch(said):
            self.ledger.lose("colours", "are not written as #RRGGBB", said)
            return None
        return said or None

    def value(self, kind: VariableKind, value: str) -> tuple[str, str]:
        """The element that holds a value, and the value; text where it does not fit its type."""
        if is_of_kind(kind, value):
            return VALUE_ELEMENTS[kind], self.text(value, "values")
        self.ledger.change("values", f"are no {kind} and were written as text", value)
        return "TextValue", self.text(value, "values")


def is_of_kind(kind: VariableKind, value: str) -> bool:
    """Whether a value is of the form that its type has in the schema."""
    match kind:
        case "Boolean":
            return value in ("true", "false", "1", "0")
        case "Integer":
            return len(value) < 400 and bool(_INTEGER.fullmatch(value))
        case "Float":
            return len(value) < 400 and bool(_DECIMAL.fullmatch(value))
        case "Date":
            match_ = _DATE.fullmatch(value)
            return match_ is not None and _is_day(match_[1])
        case "DateTime":
            return as_date_time(value) == value
        case _:
            return True


def as_date_time(said: str) -> str | None:
    """An ISO 8601 time as xsd:dateTime, None for what is no time."""
    match = _DATE_TIME.fullmatch(said.strip())
    if match is None:
        is_day = len(said) == 10 and _DATE.fullmatch(said) is not None and _is_day(said)
        return f"{said}T00:00:00" if is_day else None
    day, clock, fraction, zone = match.groups()
    try:
        datetime.fromisoformat(f"{day}T{clock}")
    except ValueError:
        return None
    return f"{day}T{clock}{fraction or ''}{zone or ''}"


def _is_day(said: str) -> bool:
    try:
        date.fromisoformat(said)
    except ValueError:
        return False
    return True
