"""Families of codes of a study: marked, switched on or off by transcript, noticed, listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..core.acts import NewAct
from ..core.code_family import CodeFamily
from ..core.codebook import Code, Codebook
from ..core.counted import say_count
from ..core.errors import InputError, NotFound
from ..pipeline.study import order_coded
from ..serialise.plain import to_payload
from ..serialise.result import Result
from ..store import families as store
from ..store.codebook import codebook as read_codebook
from ..store.file import Connection, StudyFile
from ..store.transcripts import transcript_ids
from .codes import EditOptions

if TYPE_CHECKING:
    from ..analysis.noticed_families import NoticedFamily
    from ..suggest.families import FamilyState
    from .reader import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyView:
    """A family, its codes in the codebook's order, and its state in each transcript."""

    family: CodeFamily
    codes: tuple[Code, ...]
    states: tuple[FamilyState, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyList(Result):
    """The families of a study, and codes that may be one (see `notice_families`)."""

    families: tuple[FamilyView, ...]
    noticed: tuple[NoticedFamily, ...]

    def to_dict(self) -> dict[str, Any]:
        """The families as plain data."""
        return to_payload(
            "code_families",
            {
                "families": [
                    {
                        "family": str(view.family),
                        "kind": view.family.kind,
                        "name": view.family.name,
                        "codes": [code.id for code in view.codes],
                        "transcripts": [
                            {"transcript": s.transcript, "on": s.is_on, "because": s.basis}
                            for s in view.states
                        ],
                    }
                    for view in self.families
                ],
                "noticed": self.noticed,
            },
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a family and transcript."""
        return [
            {
                "family": str(view.family),
                "n_codes": len(view.codes),
                "transcript": state.transcript,
                "on": state.is_on,
                "because": state.basis,
            }
            for view in self.families
            for state in view.states
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyChange(Result):
    """What was said of a family: the codes now in it, or the transcripts it is on or off in.

    `family` is None where codes were taken out of theirs; `on` is None where codes were marked, or
    where transcripts are left to the codings again. `act` is None where it was only tried or is so
    already.
    """

    family: CodeFamily | None
    codes: tuple[str, ...] = ()
    transcripts: tuple[str, ...] = ()
    on: bool | None = None
    act: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data."""
        return to_payload("family_change", self.to_rows()[0])

    def to_rows(self) -> list[dict[str, Any]]:
        """One row."""
        return [
            {
                "family": None if self.family is None else str(self.family),
                "codes": list(self.codes),
                "transcripts": list(self.transcripts),
                "on": self.on,
                "act": self.act,
            }
        ]


def list_families(study: Snapshot) -> FamilyList:
    """The families of a study, where each is in use and why, and those noticed in the codings."""
    from ..analysis.noticed_families import notice_families
    from ..suggest.families import judge_families

    in_memory = study.in_memory()
    codings = in_memory.people_codings
    applied: dict[str, set[str]] = {name: set() for name in order_coded(codings)}
    for coding in codings:
        applied[coding.transcript].add(coding.code)
    families = in_memory.codebook.families
    states = judge_families(
        {family: [code.id for code in codes] for family, codes in families.items()},
        applied,
        in_memory.family_switches,
        [transcript.name for transcript in in_memory.transcripts],
    )
    return FamilyList(
        families=tuple(
            FamilyView(
                family=family,
                codes=codes,
                states=tuple(state for state in states if state.family == family),
            )
            for family, codes in families.items()
        ),
        noticed=tuple(notice_families(in_memory.codebook, codings)),
    )


def assign_family(
    study: StudyFile, names: Sequence[str], family: CodeFamily | None, options: EditOptions
) -> FamilyChange:
    """Put codes into a family, or take them out of theirs (None), as one act.

    Raises:
        NotFound: if there is no such code.
        InputError: if no code is named.
    """
    if not names:
        raise InputError("No code is named. Say which codes are of the family.")
    if family is None:
        summary = f"{_count(names)} taken out of their family"
    else:
        summary = f"{_count(names)} put into the family '{family}'"

    def do(connection: Connection) -> tuple[str, ...]:
        codebook = read_codebook(connection)
        codes = tuple(dict.fromkeys(codebook.find(name).id for name in names))
        store.assign_family(connection, codes, family)
        return codes

    new = NewAct(kind="family-code", summary=summary, coder=_who(options), key=options.key)
    done = study.act(new, do, since=options.since, dry_run=options.dry_run)
    number = None if done.act is None else done.act.number
    return FamilyChange(family=family, codes=done.result or (), act=number)


def switch_family(
    study: StudyFile,
    family: CodeFamily | None,
    transcripts: Sequence[str],
    options: EditOptions,
    *,
    on: bool | None,
) -> FamilyChange:
    """Say that a family is on or off in transcripts, or (None) leave it to the codings again.

    Without a `family` the only one there is is meant.

    Raises:
        NotFound: if there is no such family or transcript.
        InputError: if there are several families and none is named, or no transcript is named.
    """
    if not transcripts:
        raise InputError("No transcript is named. Say where the family is on or off.")

    def do(connection: Connection) -> CodeFamily:
        meant = find_family(read_codebook(connection), family)
        known = transcript_ids(connection)
        for name in transcripts:
            if name not in known:
                raise NotFound.among("transcript", name, known)
            store.switch_family(connection, meant, name, on=on)
        return meant

    state = {True: "on", False: "off", None: "as the codings say"}[on]
    what = "family of codes" if family is None else f"family '{family}'"
    where = transcripts[0] if len(transcripts) == 1 else say_count(len(transcripts), "transcript")
    new = NewAct(
        kind="family-switch",
        summary=f"{what} {state} in {where}",
        coder=_who(options),
        key=options.key,
    )
    done = study.act(new, do, since=options.since, dry_run=options.dry_run)
    number = None if done.act is None else done.act.number
    return FamilyChange(
        family=done.result or family, transcripts=tuple(transcripts), on=on, act=number
    )


def find_family(codebook: Codebook, wanted: CodeFamily | None) -> CodeFamily:
    """The family of a codebook that is meant; without one named, the only one.

    Raises:
        NotFound: if no code is in it.
        InputError: if none is named and there are several, or none.
    """
    known = list(codebook.families)
    if wanted is not None:
        # Where a study has one family of a kind, its kind names it.
        of_kind = [family for family in known if family.kind == wanted.kind]
        if wanted in known:
            return wanted
        if not wanted.name and len(of_kind) == 1:
            return of_kind[0]
        raise NotFound.among("family of codes", str(wanted), [str(family) for family in known])
    if not known:
        raise InputError(
            "No code is in a family yet. Mark codes with: "
            "autocode codes family STUDY CODE... --as structural --coder NAME"
        )
    if len(known) > 1:
        names = ", ".join(f"'{family}'" for family in known)
        raise InputError(f"The study has several families ({names}). Say which with --as.")
    return known[0]


def count_reasons(states: Iterable[FamilyState]) -> list[tuple[bool, str, int]]:
    """How many transcripts a family is on or off in, by reason, the most first."""
    counts = Counter((state.is_on, state.basis) for state in states)
    return [(is_on, basis, n) for (is_on, basis), n in counts.most_common()]


def _count(names: Sequence[str]) -> str:
    return f"code '{names[0]}'" if len(names) == 1 else f"{len(names)} codes"


def _who(options: EditOptions) -> str:
    if not options.coder.strip():
        raise InputError("Nobody is named as the one who says so. Give a coder.")
    return options.coder.strip()
