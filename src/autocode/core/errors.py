"""What can go wrong, as a tree; every message names the thing, the place, the fault and the remedy.

    AutocodeError                 anything this library raises on purpose
    ├── InputError (ValueError)   a file or value from the user is not usable
    │   ├── FileRefused           one file, with the place inside it where known
    │   └── SpanError             offsets that do not fit their text
    ├── NotFound (LookupError)    a name that is not in the study, with the nearest real one
    ├── StudyError                the study file itself: not ours, newer than us, locked, unwritable
    ├── EncoderError              the sentence encoder is missing, altered or not allowed
    ├── NothingToDo               the request is sound but there is nothing it applies to
    └── LeakageError              a test would have seen what it is to be tested on

The command line turns each into one line on stderr and exit status 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class AutocodeError(Exception):
    """Base of every error this library raises on purpose; its text is one line for a user."""


class InputError(AutocodeError, ValueError):
    """Something the user gave cannot be used."""


class FileRefused(InputError):
    """A file that cannot be read as what it claims to be."""

    @classmethod
    def because(cls, path: Path | str, fault: str, *, remedy: str, place: str = "") -> FileRefused:
        """Build the one-line message from its four facts: file, place, fault, remedy."""
        where = f"{path}, {place}" if place else f"{path}"
        told = " ".join(fault.split())
        ending = "" if told.endswith((".", "?", "!")) else "."
        return cls(f"{where}: {told}{ending} {remedy}")


class SpanError(InputError):
    """Offsets that do not fit the text they point into."""


class NotFound(AutocodeError, LookupError):
    """A name that the study does not know."""

    @classmethod
    def among(cls, kind: str, name: str, known: Iterable[str]) -> NotFound:
        """Say what was asked for, how many there are, and the nearest name that exists."""
        names = sorted(set(known))
        near = get_close_matches(name, names, n=1, cutoff=0.5)
        hint = f" Did you mean '{near[0]}'?" if near else _listed(names)
        return cls(f"No {kind} '{name}' in this study ({len(names)} known).{hint}")


class StudyError(AutocodeError):
    """The study file is not ours, is newer than this version, or cannot be written."""


class EncoderError(AutocodeError):
    """The sentence encoder is missing, altered, or would need the network."""


class NothingToDo(AutocodeError):
    """The request is sound, but there is nothing it applies to."""


class LeakageError(AutocodeError):
    """A method under test would have reached people's codings of what it is tested on."""


def _listed(names: list[str]) -> str:
    if not names:
        return ""
    shown = ", ".join(names[:6])
    return f" Known: {shown}{', …' if len(names) > 6 else ''}."
