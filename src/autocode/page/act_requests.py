"""Acts that a page asks for: one JSON object each, checked strictly, done once for each key.

Every kind of act is a dataclass: its fields are what the page sends besides `key` and `kind`, and
its `do` makes the one call on `Project`. `coding_requests` has those of the coding view.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from ..core.acts import REDO, REVEAL, UNDO, Act, Done
from ..core.codebook import Codebook
from ..core.errors import (
    AutocodeError,
    InputError,
    NotFound,
    NothingToDo,
    PassLocked,
    StudyChanged,
    StudyError,
    UndoBlocked,
    one_line,
)
from ..project import Project
from ..project.history import HistoryFilter
from ..project.reader import StudyReader
from ..store.sqlite_errors import CannotUse
from .bodies import parse_body, read_object
from .followers import Following
from .roles import Role, may, role_for_act, say_refusal
from .sight import Sight, see

_NOT_UNDONE = (UNDO, REDO, REVEAL, "finish")
KEY_PREFIX = "page:"
"""With this the keys of acts begin that were made on a page: only those are undone there."""
_GONE = ("coding", "reading", "act", "draft theme")
"""What was there when the page was drawn, and is not there now."""
_FIRST_LOOK = 64
_FIELDS_OF_CODES = ("code", "to", "parent", "suggested")
_KEY = re.compile(r"[0-9A-Za-z-]{16,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Where and by whom an act is asked for; `key` is that of the act in the history.

    `sight` is what the coder may see, `following` what moved with their coding. With `dry_run` it
    is tried only, by those kinds that can be.
    """

    project: Project
    coder: str
    key: str
    sight: Sight
    role: Role = "lead"
    dry_run: bool = False
    following: Following = field(default_factory=Following)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an act did: the act, None where nothing changed, and what the page is to change.

    `repeated` is an act that was done before under this key; the page asks for the state anew.
    """

    act: Act | None
    changed: Mapping[str, Any] | None
    repeated: bool = False

    @classmethod
    def of(cls, done: Done[Any], changed: Mapping[str, Any] | None) -> Outcome:
        """The outcome of a call on `Project`."""
        return cls(act=done.act, changed=None if done.repeated else changed, repeated=done.repeated)


class ActRequest(Protocol):
    """One kind of act, made of what the page sent."""

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises what `Project` raises."""
        ...


Kinds = Mapping[str, type[ActRequest]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status of HTTP and the JSON object that goes with it."""

    status: int
    payload: dict[str, Any]


class NotAllowed(AutocodeError):
    """An act that somebody of this role may not do."""


_STATUSES: tuple[tuple[type[AutocodeError], int], ...] = (
    (NotAllowed, 403),
    (PassLocked, 423),
    (NothingToDo, 409),
    (InputError, 422),
    (CannotUse, 503),
    (StudyError, 409),
)
"""The first that an error is."""


def perform(
    raw: bytes,
    kinds: Kinds,
    project: Project,
    coder: str,
    *,
    role: Role = "lead",
    dry_run: bool = False,
    following: Following | None = None,
) -> Answer:
    """Do what a body asks for, as `coder` who has this role.

    200 has `number` (of the act, None where nothing changed), `changed`, `repeated` and `revision`;
    all others an `error` in one line. 403: the role does not allow it. 409: the study is not as
    the page has it. 422: it cannot be done. 423: the pass is finished. 503: the file cannot be
    written just now; it is sent again.
    A blind coder gets no number, as it counts what everybody did.
    """
    with project.snapshot() as study:
        sight = see(study, coder)
    try:
        asked = Asked(
            project=project,
            coder=coder,
            key="",
            sight=sight,
            role=role,
            dry_run=dry_run,
            following=following or Following(),
        )
        outcome = _perform(raw, kinds, asked)
        revision = sight.number(project.revision().number)
    except (StudyChanged, UndoBlocked) as error:
        return Answer(409, {"error": sight.say(error)})
    except AutocodeError as error:
        return _refuse(_status_of(error), error)
    return Answer(
        200,
        {
            "number": sight.number(outcome.act.number if outcome.act else None),
            "changed": outcome.changed,
            "repeated": outcome.repeated,
            "revision": revision,
        },
    )


def _perform(raw: bytes, kinds: Kinds, asked: Asked) -> Outcome:
    body = read_object(raw)
    key, kind = body.pop("key", None), body.pop("kind", None)
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise InputError("An act needs a 'key' of 16 to 64 letters and digits.")
    if not isinstance(kind, str) or kind not in kinds:
        raise InputError(f"There is no act of the kind '{one_line(str(kind), 40)}'.")
    if not may(asked.role, needed := role_for_act(kind)):
        raise NotAllowed(say_refusal(asked.role, needed))
    request = parse_body(kinds[kind], body)
    keyed = replace(asked, key=f"{KEY_PREFIX}{key}")
    try:
        if asked.sight.codebook is not None:
            _check_codes(request, asked.sight.codebook)
        return request.do(keyed)
    except CannotUse:
        raise
    except AutocodeError:
        # What is sent again was done already, where only the answer to it was lost.
        if asked.dry_run or (known := find_repeated(keyed)) is None:
            raise
        return known


def find_repeated(asked: Asked) -> Outcome | None:
    """The outcome of what the coder did before under this key, None where nothing was done."""
    made = acts_of(asked.project, asked.coder, limit=1, key_prefix=asked.key)
    if not made or made[0].key != asked.key:
        return None
    return Outcome(act=made[0], changed=None, repeated=True)


def _check_codes(request: ActRequest, seen: Codebook) -> None:
    """Raise NotFound for a code that a blind coder does not see, as for one that is not there."""
    for name in _FIELDS_OF_CODES:
        value = getattr(request, name, None)
        for code in (value,) if isinstance(value, str) else value or ():
            seen.find(code)


def _status_of(error: AutocodeError) -> int:
    if isinstance(error, NotFound):
        return 409 if error.kind in _GONE else 422
    statuses = (status for kind, status in _STATUSES if isinstance(error, kind))
    return next(statuses, 409)


def _refuse(status: int, error: AutocodeError) -> Answer:
    return Answer(status, {"error": error.on_command_line})


@dataclass(frozen=True, slots=True)
class UndoState:
    """What can be undone and redone on the page: the next act of each, None if there is none."""

    undo: Act | None
    redo: Act | None

    def describe(self, sight: Sight) -> dict[str, str | None]:
        """Both in words, as the page gets them; None where there is nothing to take back."""
        return {
            "undo": None if self.undo is None else sight.describe(self.undo),
            "redo": None if self.redo is None else sight.describe(self.redo),
        }


def read_undo_state(study: StudyReader, coder: str) -> UndoState:
    """What a coder can undo and redo on the page; a long history is read from its end only."""
    limit = _FIRST_LOOK
    while True:
        acts = acts_of(study, coder, limit=limit, key_prefix=KEY_PREFIX)
        possible = find_undo_state(acts)
        if possible.undo is not None or len(acts) < limit:
            return possible
        limit *= 8


def find_undo_state(acts: list[Act]) -> UndoState:
    """The act to be undone next and the undo to be redone next, of a coder's acts on the page.

    An undo can be redone until something else is done. That a pass is finished or revealed is not
    undone on the page: it is opened again by whoever leads, or not at all.
    """
    on_page = [act for act in acts if act.n_changes]
    work = [act for act in on_page if act.kind not in _NOT_UNDONE]
    last = work[-1].number if work else 0
    undone = [a for a in on_page if a.kind == UNDO and a.undone_by is None and a.number > last]
    not_undone = [act for act in work if act.undone_by is None]
    return UndoState(not_undone[-1] if not_undone else None, undone[-1] if undone else None)


def acts_of(study: StudyReader, coder: str, *, limit: int, key_prefix: str = "") -> list[Act]:
    """The last acts of a coder, oldest first; none of somebody new."""
    try:
        wanted = HistoryFilter(coder=coder, limit=limit, key_prefix=key_prefix)
        return study.history(wanted)
    except NotFound:
        return []
