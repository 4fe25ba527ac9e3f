"""Families of codes: which codes are used in some transcripts only, and where they are in use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from .errors import InputError, one_line

FamilyKind = Literal["structural", "retired", "wave"]
FAMILY_KINDS: tuple[FamilyKind, ...] = get_args(FamilyKind)
"""Codes of the interview guide (structural codes; Saldaña 2013), codes that are no longer used, and
codes of one wave of a study."""

_NUMBERED = re.compile(r"([^\W\d_]{0,12})[\s._-]?(\d+(?:\.\d+)*)")
_WRITTEN = re.compile(r"(\w+)\s*(?:[:\s]\s*(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class CodeFamily:
    """A family: its kind, and a name where a study has several of one kind.

    Written "structural" or "structural: guide B"; `parse` reads that back.
    """

    kind: FamilyKind
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}" if self.name else self.kind

    @classmethod
    def parse(cls, words: str) -> CodeFamily:
        """The family of these words; upper and lower case of the kind are alike.

        Raises:
            InputError: if they do not begin with a kind of family.
        """
        match = _WRITTEN.fullmatch(words.strip())
        for kind in FAMILY_KINDS:
            if match and match[1].casefold() == kind:
                return cls(kind, " ".join((match[2] or "").split()))
        raise InputError(
            f"'{one_line(words, 40)}' is no family of codes. Write one of "
            f"{', '.join(FAMILY_KINDS)}, with a name after a colon where there are several: "
            "'structural: guide B'."
        )


@dataclass(frozen=True, slots=True)
class FamilyUse:
    """What is known of where families are in use, besides the codings.

    `switches` say by family and transcript whether a person has switched it on or off there.
    `coded_order` names the coded transcripts, the one that was coded last at the end; where it is
    empty, their order in the study stands for it.
    """

    switches: Mapping[tuple[CodeFamily, str], bool] = field(default_factory=dict)
    coded_order: tuple[str, ...] = ()


def guide_number(name: str) -> tuple[int, ...] | None:
    """The number of a question in a code's name: (4, 2) of "Q4.2"; None where there is none."""
    match = _NUMBERED.fullmatch(name.split(":")[0].strip())
    return tuple(int(part) for part in match[2].split(".")) if match else None


def name_stem(name: str) -> str | None:
    """What stands before the number of a numbered name ("q" of "Q4.2"); None for other names."""
    match = _NUMBERED.fullmatch(name.split(":")[0].strip())
    return match[1].casefold() if match else None
