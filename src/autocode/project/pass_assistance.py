"""What suggestions for a coder may be learned from, as their passes say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..core.codebook import Codebook
from ..core.coding_pass import CodingPass
from ..core.errors import InputError, NothingToDo, one_line
from ..core.suggestion_scope import LearnFrom, SuggestionScope
from ..store.codings import coders
from ..store.file import Connection
from ..store.frozen_codes import frozen_codebook
from ..store.passes import passes
from ..store.transcripts import transcript_ids

FROM_LEAST: tuple[LearnFrom, ...] = ("codebook", "own", "all")
"""What may be learned from, from the least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assisted:
    """What may be suggested: in which scope, by which codebook, and not in which transcripts.

    Without a `codebook` it is that of the study.
    """

    scope: SuggestionScope
    codebook: Codebook | None = None
    unassisted: frozenset[str] = frozenset()


def assist(connection: Connection, scope: SuggestionScope) -> Assisted:
    """Keep a scope to what the passes of its coder allow, until they are finished or revealed.

    In a blind pass nothing is learned from others, and the codebook is that of the day of
    assigning. Where the study holds nobody's work but one coder's, as a file that was shared out
    does, it is that coder whom codes are suggested for.

    Raises:
        InputError: if more is asked for than the passes allow.
        NothingToDo: if no transcript may be assisted.
    """
    everybody = passes(connection)
    people = {one.name for one in coders(connection) if one.kind == "person"}
    coder = scope.coder
    if coder is None and everybody and len(people) == 1:
        (coder,) = people
    own = [one for one in everybody if one.coder == coder and (one.is_hidden or not one.is_locked)]
    if coder is None or not own:
        return Assisted(scope=scope)
    unassisted = frozenset(one.transcript for one in own if one.assistance == "none")
    if unassisted >= set(transcript_ids(connection)):
        raise NothingToDo(
            f"The passes of {one_line(coder, 60)} are without assistance: nothing is suggested in "
            "them before they are finished."
        )
    allowed = find_limit(own)
    wanted = scope.learned_from
    if scope.learn_from is not None and FROM_LEAST.index(wanted) > FROM_LEAST.index(allowed):
        raise InputError(
            f"The passes of {one_line(coder, 60)} allow suggestions learned from '{allowed}' at "
            f"most, not from '{wanted}'. Leave out --learn-from."
        )
    hidden_from_others = any(one.is_hidden for one in own) and len(people) > 1
    return Assisted(
        scope=replace(scope, coder=coder, learn_from=min(wanted, allowed, key=FROM_LEAST.index)),
        codebook=frozen_codebook(connection, coder) if hidden_from_others else None,
        unassisted=unassisted,
    )


def find_limit(own: Sequence[CodingPass]) -> LearnFrom:
    """The most that all of these passes allow to learn from."""
    limits: list[LearnFrom] = ["own" if one.is_hidden else "all" for one in own]
    limits += [one.assistance for one in own if one.assistance != "none"]
    return min(limits, key=FROM_LEAST.index)
