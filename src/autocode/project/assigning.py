"""Giving transcripts to coders, and drawing those that are coded twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from ..analysis.attribute_values import resolve_attributes
from ..core.acts import Done, NewAct
from ..core.arguments import checked
from ..core.coding_pass import ASSISTANCE, Assistance, CodingPass
from ..core.dealing import deal_again, deal_evenly, draw_share
from ..core.errors import InputError, NotFound, NothingToDo, one_line
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from ..store.file import Connection, StudyFile
from ..store.passes import add_passes, passes
from .hand_coding import check_coder
from .pass_list import count_words
from .reader import Snapshot


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class AssignOptions:
    """How transcripts are given to coders.

    Attributes:
        transcripts: the only ones to give; all of the study without.
        double: the share of them, 0..1, to be coded by a second coder.
        by: the attribute of participants whose values are drawn from in proportion.
        random_state: the seed of the dealing and the draw.
        blind: whether coders see nothing of each other's work until it is revealed.
        assistance: what suggestions may be learned from; None for none in blind passes, else all.
        new_coder: whether names may be like known ones.
        dry_run: only say what would be assigned.
        key: requests with one key are one.
    """

    transcripts: Sequence[str] = ()
    double: float = 0.0
    by: str | None = None
    random_state: int = 0
    blind: bool = False
    assistance: Assistance | None = None
    new_coder: bool = False
    dry_run: bool = False
    key: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.double <= 1:
            raise InputError(
                f"The share to be coded twice lies between 0 and 1, not {self.double:g}. For 20 % "
                "write 0.2."
            )
        if self.by is not None and not self.double:
            raise InputError(
                f"'{self.by}' stratifies what is drawn to be coded twice: give its "
                "share too: --double 0.2 (double=0.2)."
            )
        if self.assistance not in (None, *ASSISTANCE):
            raise NotFound.among("assistance", str(self.assistance), ASSISTANCE)
        if self.blind and self.assistance == "all":
            raise InputError(
                "A blind pass cannot be assisted by what others coded. Give another assistance: "
                "none, codebook or own."
            )

    @property
    def assisted_by(self) -> Assistance:
        """What suggestions may be learned from."""
        return self.assistance or ("none" if self.blind else "all")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoderLoad:
    """What a coder has after an assignment: transcripts, those of them second, and words."""

    coder: str
    n_transcripts: int
    n_second: int
    n_words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment(Result):
    """New passes in the order of their transcripts, and what each coder then has.

    `n_before` passes were there already and stay. `act` is its number, None where only tried.
    """

    passes: tuple[CodingPass, ...]
    loads: tuple[CoderLoad, ...]
    n_before: int
    act: int | None = field(default=None)

    def to_dict(self) -> dict[str, Any]:
        """The assignment as plain data."""
        return to_payload("assignment", to_plain(self))

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a new pass."""
        rows: list[dict[str, Any]] = to_plain(self.passes)
        return rows


def assign_passes(
    study: StudyFile, coders: Sequence[str], coder: str, options: AssignOptions
) -> Done[Assignment]:
    """Give transcripts to coders, balanced by words; what was assigned before stays.

    One coder who is given named transcripts gets them all, as a second pass where somebody has
    them. Else those that nobody has are dealt, and then the share to be coded twice is drawn.

    Raises:
        NotFound: if a transcript or attribute is not in the study.
        InputError: if nobody is named, or one coder alone is to code twice.
        NothingToDo: if all is assigned already.
    """
    names = tuple(dict.fromkeys(name.strip() for name in coders))
    if not names or not all(names):
        raise InputError("Nobody is named as a coder. Give at least one.")

    def do(connection: Connection) -> Assignment:
        for name in names:
            check_coder(connection, name, new=options.new_coder)
        return _assigned(connection, study, names, options)

    summary = f"transcripts assigned to {', '.join(names)}"
    new = NewAct(kind="assign", summary=summary, coder=coder.strip(), key=options.key)
    done = study.act(new, do, dry_run=options.dry_run)
    if done.result is None:
        return done
    number = done.act.number if done.act else None
    return Done(act=done.act, result=replace(done.result, act=number), changes=done.changes)


def _assigned(
    connection: Connection, study: StudyFile, names: Sequence[str], options: AssignOptions
) -> Assignment:
    snapshot = Snapshot(study.path, connection)
    _refuse_no_person(snapshot, names)
    before = passes(connection)
    words = count_words(snapshot)
    for name in options.transcripts:
        if name not in words:
            raise NotFound.among("transcript", name, words)
    wanted = {name: words[name] for name in options.transcripts or words}
    dealer = _Dealer(wanted, words, names, before, options)
    if options.transcripts and len(names) == 1:
        dealer.give_all(names[0])
    else:
        dealer.deal()
    if options.double:
        dealer.double(_strata(snapshot, wanted, options.by))
    if not dealer.new:
        raise NothingToDo(_describe_all_assigned(wanted, names, options))
    add_passes(connection, dealer.new)
    return Assignment(
        passes=tuple(sorted(dealer.new, key=lambda one: (one.transcript, one.kind, one.coder))),
        loads=_count_loads([*before, *dealer.new], words),
        n_before=len(before),
    )


class _Dealer:
    """Makes the new passes of one assignment."""

    def __init__(
        self,
        wanted: Mapping[str, int],
        words: Mapping[str, int],
        names: Sequence[str],
        before: Sequence[CodingPass],
        options: AssignOptions,
    ) -> None:
        self._wanted, self._names, self._options = wanted, names, options
        self._chance = Random(options.random_state)
        self._readers: dict[str, list[str]] = {name: [] for name in words}
        self._loads = dict.fromkeys(names, 0)
        for one in before:
            self._readers[one.transcript].append(one.coder)
            if one.coder in self._loads:
                self._loads[one.coder] += words[one.transcript]
        self.new: list[CodingPass] = []

    def give_all(self, coder: str) -> None:
        for name in self._wanted:
            if coder not in self._readers[name]:
                self._add(name, coder)

    def deal(self) -> None:
        free = {name: n for name, n in self._wanted.items() if not self._readers[name]}
        for name, coder in deal_evenly(free, self._loads, self._chance):
            self._add(name, coder)

    def double(self, strata: Mapping[str, str]) -> None:
        if len(self._names) < 2:
            raise InputError(
                f"Nobody but {one_line(self._names[0], 60)} is named to code anything twice. Name "
                "a second coder."
            )
        twice = {name for name, readers in self._readers.items() if len(readers) > 1}
        drawn = draw_share(strata, twice, self._options.double, self._chance)
        dealt = deal_again(drawn, self._wanted, self._readers, self._loads, self._chance)
        for order, (name, coder) in enumerate(dealt, start=1):
            self._add(name, coder, draw_order=order)

    def _add(self, name: str, coder: str, *, draw_order: int | None = None) -> None:
        options = self._options
        self.new.append(
            CodingPass(
                transcript=name,
                coder=coder,
                kind="second" if self._readers[name] else "first",
                blind=options.blind,
                assistance=options.assisted_by,
                random_state=options.random_state if draw_order else None,
                draw_order=draw_order,
            )
        )
        self._readers[name].append(coder)


def _refuse_no_person(study: Snapshot, names: Sequence[str]) -> None:
    kinds = {coder.name: coder.kind for coder in study.coders()}
    for name in names:
        if kinds.get(name, "person") != "person":
            raise InputError(
                f"'{one_line(name, 60)}' is a {kinds[name]} in this study. Passes are for people."
            )


def _strata(study: Snapshot, wanted: Mapping[str, int], by: str | None) -> dict[str, str]:
    """The value of an attribute for each transcript: that of its participants."""
    if by is None:
        return dict.fromkeys(wanted, "")
    (attribute,) = resolve_attributes(study.cases(), [by])
    values = {case.name: case.attributes.get(attribute, "") for case in study.cases()}
    strata = {}
    for transcript in study.transcripts():
        if transcript.name in wanted:
            people = [s.case for s in transcript.speakers if s.role != "interviewer"]
            cases = {case for case in (transcript.case, *people) if case is not None}
            strata[transcript.name] = "; ".join(sorted({values[case] for case in cases} - {""}))
    return strata


def _count_loads(
    all_passes: Sequence[CodingPass], words: Mapping[str, int]
) -> tuple[CoderLoad, ...]:
    loads = []
    for coder in sorted({one.coder for one in all_passes}):
        own = [one for one in all_passes if one.coder == coder]
        loads.append(
            CoderLoad(
                coder=coder,
                n_transcripts=len(own),
                n_second=sum(one.kind == "second" for one in own),
                n_words=sum(words[one.transcript] for one in own),
            )
        )
    return tuple(loads)


def _describe_all_assigned(
    wanted: Mapping[str, int], names: Sequence[str], options: AssignOptions
) -> str:
    if not wanted:
        return "The study has no transcripts to assign. Import some first."
    if options.transcripts and len(names) == 1:
        return f"{one_line(names[0], 60)} has been given these transcripts before."
    twice = f", and {options.double:.0%} of them twice" if options.double else ""
    return (
        f"All {len(wanted)} transcripts are assigned already{twice}. To give somebody a transcript "
        "that another has, name both: --coder NAME --transcript NAME"
    )
