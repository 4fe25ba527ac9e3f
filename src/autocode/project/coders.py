"""Who coded in a study: listed with their work, renamed, and made one where they are one person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..core.acts import Done
from ..core.errors import InputError, NotFound, one_line
from ..core.joining import alike_names
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from ..store import codings as store
from ..store.file import StudyFile
from .reader import Snapshot

if TYPE_CHECKING:
    from .joining import Joined, JoinOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class CoderView:
    """A coder and how much there is of their work."""

    name: str
    kind: str
    n_codings: int
    n_readings: int
    n_decisions: int
    n_transcripts: int


@dataclass(frozen=True, slots=True)
class CoderList(Result):
    """The coders of a study; `alike` are names that may be one person's."""

    coders: tuple[CoderView, ...]
    alike: tuple[tuple[str, ...], ...]

    def to_dict(self) -> dict[str, Any]:
        """The coders as plain data."""
        return to_payload("coders", to_plain(self))

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a coder."""
        rows: list[dict[str, Any]] = to_plain(self.coders)
        return rows


def list_coders(study: Snapshot) -> CoderList:
    """Everybody who coded, with counts of their work."""
    codings, readings = study.codings(), study.readings()
    n_codings = Counter(coding.coder for coding in codings)
    n_readings = Counter(reading.coder for reading in readings)
    n_decisions = Counter(decision.coder for decision in study.decisions())
    where = {(c.coder, c.transcript) for c in codings}
    where |= {(r.coder, r.transcript) for r in readings}
    n_transcripts = Counter(coder for coder, _ in where)
    coders = study.coders()
    return CoderList(
        tuple(
            CoderView(
                name=coder.name,
                kind=coder.kind,
                n_codings=n_codings[coder.name],
                n_readings=n_readings[coder.name],
                n_decisions=n_decisions[coder.name],
                n_transcripts=n_transcripts[coder.name],
            )
            for coder in coders
        ),
        tuple(tuple(names) for names in alike_names(c.name for c in coders) if len(names) > 1),
    )


def merge_coders(
    study: StudyFile, name: str, into: str, coder: str, options: JoinOptions
) -> Done[Joined]:
    """Make one coder's work another's; what both did is kept once.

    Raises:
        NotFound: if one of them is not in the study.
        InputError: if they are one name.
        JoinBlocked: if they differ at one place, such as in the memo of a coding.
    """
    from .joining import join

    _check_known(study, name, into)
    if name == into:
        raise InputError(f"'{one_line(name, 60)}' cannot be made one with itself. Give two names.")
    wanted = replace(options, one_coder={name: into}, summary=f"coder {name} merged into {into}")
    return join(study, (), coder, wanted)


def rename_coder(
    study: StudyFile, name: str, to: str, coder: str, options: JoinOptions
) -> Done[Joined]:
    """Give a coder another name; raises NotFound, or InputError if the name is taken or empty."""
    from .joining import join

    known, to = _check_known(study, name), to.strip()
    if not to:
        raise InputError("The new name is empty. Give a name.")
    if to in known:
        raise InputError(
            f"There is a coder '{one_line(to, 60)}' already. If both are one person: autocode "
            f"coders merge STUDY {one_line(name, 60)} {one_line(to, 60)}"
        )
    wanted = replace(options, one_coder={name: to}, summary=f"coder {name} renamed to {to}")
    return join(study, (), coder, wanted)


def _check_known(study: StudyFile, *names: str) -> set[str]:
    with study.reading() as connection:
        known = {one.name for one in store.coders(connection)}
    for name in names:
        if name not in known:
            raise NotFound.among("coder", name, known)
    return known
