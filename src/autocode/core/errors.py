"""What can go wrong, as a tree; every message names the thing, the place, the fault and the remedy.

    AutocodeError                 anything this library raises on purpose
    ├── InputError (ValueError)   a file or value from the user is not usable
    │   ├── FileRefused           one file, with the place inside it where known
    │   ├── PassLocked            a coder's pass through a transcript is finished or revealed
    │   └── SpanError             offsets that do not fit their text
    ├── NotFound (LookupError)    a name that is not in the study, with the nearest real one
    ├── StudyError                the study file itself: not ours, newer than us, locked, unwritable
    │   ├── StudyChanged          another program changed it while something was computed from it
    │   ├── UndoBlocked           later acts rest on the one that is to be undone
    │   └── JoinBlocked           studies that are joined disagree, and nobody decided
    ├── EncoderError              the sentence encoder is missing, altered or not allowed
    ├── NothingToDo               the request is sound but there is nothing it applies to
    └── LeakageError              a test would have seen what it is to be tested on

The command line turns each into one line on stderr and exit status 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ..serialise.plain import readable_text

LONGEST_MESSAGE = 600
"""How many characters a message may have; what it quotes of the input is shortened to fit."""

_JOINERS = "\u200c\u200d"  # spell words in Persian and Indic scripts, and do nothing to a line


_DOUBLED_STOP = re.compile(r"(?<=[^\s.])\.\.(?=\s|$)")
"""A name that ends with a stop, at the end of a sentence: one stop serves both."""


_OPTION_AND_ARGUMENT = re.compile(r"(--[a-z][a-z-]*(?: [\w.]+)?) \((\w+=[^\s()]+)\)")
"""What a user says on the command line, and in Python."""


class AutocodeError(Exception):
    """Base of every error this library raises on purpose; its text is one line for a user.

    Whatever a message quotes of the user's input, it is one line, holds no control or direction
    marks that a terminal would obey, and has at most `LONGEST_MESSAGE` characters. A remedy given
    as "--with-later (with_later=True)" is the argument alone in Python, and the option alone
    `on_command_line`.
    """

    def __init__(self, message: str = "") -> None:
        line = _DOUBLED_STOP.sub(".", one_line(message, LONGEST_MESSAGE))
        self.on_command_line = _OPTION_AND_ARGUMENT.sub(r"\1", line)
        super().__init__(_OPTION_AND_ARGUMENT.sub(r"\2", line))


class InputError(AutocodeError, ValueError):
    """Something the user gave cannot be used."""


class FileRefused(InputError):
    """A file that cannot be read as what it claims to be.

    `path`, `place` (where in the file, may be empty), `fault` and `remedy` are the facts the
    message is made of. `details` are further lines, such as one for each faulty row of a table.
    """

    def __init__(
        self,
        message: str = "",
        *,
        path: str = "",
        place: str = "",
        fault: str = "",
        remedy: str = "",
        details: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.path, self.place, self.fault = path, place, fault
        self.remedy = _OPTION_AND_ARGUMENT.sub(r"\2", remedy)
        self.details = details

    @classmethod
    def because(
        cls,
        path: object,
        fault: str,
        *,
        remedy: str,
        place: str = "",
        details: Iterable[str] = (),
    ) -> FileRefused:
        """Build the one-line message from its four facts: file, place, fault, remedy."""
        where = one_line(f"{path}, {place}" if place else f"{path}", 300)
        fault = one_line(fault, LONGEST_MESSAGE // 2)
        ending = "" if fault.endswith((".", "?", "!")) else "."
        return cls(
            f"{where}: {fault}{ending} {remedy}",
            path=str(path),
            place=place,
            fault=fault,
            remedy=remedy,
            details=tuple(one_line(detail, LONGEST_MESSAGE) for detail in details),
        )


class SpanError(InputError):
    """Offsets that do not fit the text they point into."""


class PassLocked(InputError):
    """Work in a pass that is finished: its `transcript`, `coder`, and `state`."""

    def __init__(
        self, message: str = "", *, transcript: str = "", coder: str = "", state: str = ""
    ) -> None:
        super().__init__(message)
        self.transcript, self.coder, self.state = transcript, coder, state

    @classmethod
    def by(cls, transcript: str, coder: str, state: str) -> PassLocked:
        """Say which pass is in the way, and what can be done."""
        remedy = (
            "It stays as it was coded; what you think of it now goes into a consensus: "
            "autocode resolve STUDY"
            if state == "revealed"
            else "To change work in it, open it again: autocode passes reopen STUDY"
        )
        who, where = one_line(coder, 60), one_line(transcript, 100)
        return cls(
            f"The pass of {who} through '{where}' is {state}. {remedy}",
            transcript=transcript,
            coder=coder,
            state=state,
        )


class NotFound(AutocodeError, LookupError):
    """A name that the study does not know: its `kind`, the `name`, and the `nearest` real one."""

    def __init__(
        self, message: str = "", *, kind: str = "", name: str = "", nearest: str | None = None
    ) -> None:
        super().__init__(message)
        self.kind, self.name, self.nearest = kind, name, nearest

    @classmethod
    def among(
        cls, kind: str, name: str, known: Iterable[str], *, shown: Iterable[str] | None = None
    ) -> NotFound:
        """Say what was asked for, how many there are, and the nearest name that exists.

        Where things are known under several names, `shown` has one name of each.
        """
        names = sorted(set(known))
        listed = names if shown is None else sorted(shown)
        nearest = next(iter(get_close_matches(name, names, n=1, cutoff=0.5)), None)
        hint = f" Did you mean '{nearest}'?" if nearest else _listed(listed)
        return cls(
            f"No {kind} '{one_line(name, 100)}' in this study ({len(listed)} known).{hint}",
            kind=kind,
            name=name,
            nearest=nearest,
        )


class StudyError(AutocodeError):
    """The study file is not ours, is newer than this version, or cannot be written."""


class StudyChanged(StudyError):
    """The study was changed while something was computed from it: the `change` and when."""

    def __init__(self, message: str = "", *, change: str = "", made_at: str = "") -> None:
        super().__init__(message)
        self.change, self.made_at = change, made_at

    @classmethod
    def by(cls, path: Path, change: str, made_at: str) -> StudyChanged:
        """Say what changed the study at `path`, and to run again."""
        return cls(
            f"{path}: was changed meanwhile ({one_line(change, 100)}, {made_at}). Nothing of this "
            "run was kept; run it again.",
            change=change,
            made_at=made_at,
        )


class UndoBlocked(StudyError):
    """An act cannot be undone alone: `acts` are the numbers of the later ones that rest on it."""

    def __init__(self, message: str = "", *, acts: tuple[int, ...] = ()) -> None:
        super().__init__(message)
        self.acts = acts

    @classmethod
    def by(cls, act: str, later: Mapping[int, str]) -> UndoBlocked:
        """Say which acts, described by number, rest on `act`, and how to undo them too."""
        first = ", ".join(one_line(words, 100) for words in list(later.values())[:3])
        more = f" and {len(later) - 3} more" if len(later) > 3 else ""
        verb = "rests" if len(later) == 1 else "rest"
        return cls(
            f"{one_line(act, 150)} cannot be undone alone: {first}{more} {verb} on it. To undo "
            "all of them, add --with-later (with_later=True).",
            acts=tuple(later),
        )


class JoinBlocked(StudyError):
    """Studies that are joined disagree and nobody decided: `conflicts` (of `core.joining`)."""

    def __init__(self, message: str = "", *, conflicts: tuple[Any, ...] = ()) -> None:
        super().__init__(message)
        self.conflicts = conflicts

    @classmethod
    def by(cls, conflicts: Sequence[Any], first: str) -> JoinBlocked:
        """Say how many conflicts there are, the first in words, and how to decide them."""
        n = len(conflicts)
        return cls(
            f"{n} {'conflict is' if n == 1 else 'conflicts are'} undecided, so that nothing was "
            f"joined ({first}). Decide with --take this or other, or in a table: "
            "--write-conflicts FILE, then --take FILE.",
            conflicts=tuple(conflicts),
        )


class EncoderError(AutocodeError):
    """The sentence encoder is missing, altered, or would need the network."""


class NothingToDo(AutocodeError):
    """The request is sound, but there is nothing it applies to."""


class LeakageError(AutocodeError):
    """A method under test would have reached people's codings of what it is tested on."""


def one_line(text: str, longest: int) -> str:
    """`text` on one line, its middle left out beyond `longest` characters, safe on a terminal.

    Blanks become single spaces. Control and format characters (escape sequences, direction marks)
    and lone surrogates, which cannot be encoded, are written as their code points.
    """
    if len(text) > 4 * longest:  # enough to show both ends; the rest need not be looked at
        text = text[: 2 * longest] + text[-2 * longest :]
    line = " ".join(readable_text(text).split())
    if not line.isprintable():  # what is, such as most names, holds no mark of those
        line = "".join(f"\\u{ord(mark):04x}" if _is_unsafe(mark) else mark for mark in line)
    if len(line) <= longest:
        return line
    end = longest // 3
    return f"{line[: longest - end - 3]} … {line[-end:]}"


def _is_unsafe(mark: str) -> bool:
    return not mark.isprintable() and mark not in _JOINERS


def _listed(names: list[str]) -> str:
    if not names:
        return ""
    shown = ", ".join(one_line(name, 60) for name in names[:6])
    return f" Known: {shown}{', …' if len(names) > 6 else ''}."
