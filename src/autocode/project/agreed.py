"""What two coders agree on in a transcript, taken into the consensus as one act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .. import pipeline
from ..core.acts import Done, NewAct
from ..core.coding import Coding, Reading
from ..core.errors import InputError, NotFound, NothingToDo, StudyChanged
from ..core.transcript import Span
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from ..store import codings as store
from .hand_coding import Place
from .reader import Snapshot
from .resolving import ResolveOptions, settle_place

if TYPE_CHECKING:
    from ..store.file import Connection, StudyFile

_REASON = "Both coded it so"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedPlace:
    """A code that both gave to words in common; `spans` are what each marked, each span once."""

    transcript: str
    code: str
    spans: tuple[Span, ...]

    @property
    def span(self) -> Span:
        """All the words that either marked."""
        return Span(min(s.start for s in self.spans), max(s.end for s in self.spans))


@dataclass(frozen=True, slots=True)
class Agreed:
    """Where two coders agree in a transcript, and the units that both have read with one answer."""

    places: tuple[AgreedPlace, ...] = ()
    units: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedTaken(Result):
    """What was taken into a consensus: the places and how many units it has read by that.

    `act` is its number in the history, None for a preview.
    """

    consensus: str
    places: tuple[AgreedPlace, ...]
    n_units: int
    act: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """It as plain data."""
        return to_payload("agreed", to_plain(self))

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a place."""
        rows: list[dict[str, Any]] = to_plain(self.places)
        return rows


def find_agreed(study: Snapshot, transcript: str, one: str, other: str) -> Agreed:
    """Where two agree in a transcript, and nothing is settled yet.

    Whatever of a code they differ on in some unit is left out, also where its words touch others
    on which they agree.
    """
    options = pipeline.AgreementOptions(coders=(one, other))
    there = {c.coder for c in study.codings(transcript=transcript)}
    there |= {r.coder for r in study.readings(transcript=transcript)}
    if not {one, other} <= there:
        return Agreed()
    try:
        units = pipeline.compared_units(_keep_transcript(study, transcript), options)
    except InputError:
        return Agreed()
    answers = [
        (unit.span, unit.applied[one], unit.applied[other])
        for unit in units
        if unit.span is not None
    ]
    open_places = [(code, span) for span, a, b in answers for code in a ^ b]
    settled = [(r.code, r.span) for r in study.resolutions() if r.transcript == transcript]
    codings = [c for c in study.codings(transcript=transcript) if c.coder in (one, other)]
    places = [
        AgreedPlace(
            transcript=transcript,
            code=group[0].code,
            spans=tuple(sorted({coding.span for coding in group})),
        )
        for group in _group_touching(codings)
        if {coding.coder for coding in group} == {one, other}
    ]
    left_out = open_places + settled
    return Agreed(
        tuple(
            place
            for place in places
            if not any(code == place.code and span.overlap(place.span) for code, span in left_out)
        ),
        tuple(span for span, a, b in answers if a == b),
    )


def take_agreed(
    study: StudyFile,
    transcript: str,
    *,
    coder: str,
    options: ResolveOptions,
    n_expected: int | None = None,
) -> Done[AgreedTaken]:
    """Take all that `options.one` and `options.other` agree on into the consensus, as one act.

    The consensus has then also read the units that both read with the same answer.

    Args:
        study: where.
        transcript: which.
        coder: who does it.
        options: whose work, the name of the consensus, and the key of the act.
        n_expected: how many places somebody was shown who agreed to it.

    Raises:
        StudyChanged: if there are others than `n_expected` by now.
        NothingToDo: if they agree on nothing that is not taken yet.
        NotFound: if there is no such transcript or coder.
        InputError: if nobody is named.
    """
    one, other = options.one, options.other
    if not coder.strip() or one is None or other is None:
        raise InputError("Name who takes it into the consensus, and the two coders.")

    def do(connection: Connection) -> AgreedTaken:
        snapshot = Snapshot(study.path, connection)
        _check_known(snapshot, transcript, (one, other))
        agreed = find_agreed(snapshot, transcript, one, other)
        if n_expected is not None and len(agreed.places) != n_expected:
            raise StudyChanged(
                f"They agree on {len(agreed.places)} places by now, not {n_expected}. Look again."
            )
        if not agreed.places:
            raise NothingToDo("All that they agree on is taken already.")
        for place in agreed.places:
            settle_place(
                connection,
                Place(transcript=transcript, start=place.span.start, end=place.span.end),
                place.code,
                "both",
                _REASON,
                coder.strip(),
                options,
            )
        readings = [
            Reading(transcript, span, options.consensus, basis="person") for span in agreed.units
        ]
        store.add_readings(connection, readings)
        return AgreedTaken(
            consensus=options.consensus, places=agreed.places, n_units=len(agreed.units)
        )

    summary = f"what {one} and {other} agree on in {transcript} taken into {options.consensus}"
    new = NewAct(kind="resolve", summary=summary, coder=coder.strip(), key=options.key)
    return study.act(new, do, dry_run=options.dry_run)


def _check_known(study: Snapshot, transcript: str, coders: Sequence[str]) -> None:
    if transcript not in (numbers := study.transcript_numbers()):
        raise NotFound.among("transcript", transcript, numbers)
    known = [coder.name for coder in study.coders()]
    for name in coders:
        if name not in known:
            raise NotFound.among("coder", name, known)


def _keep_transcript(study: Snapshot, transcript: str) -> pipeline.Study:
    """The study with the work in one transcript: units of one rest on nothing in another."""
    return replace(
        study.in_memory(),
        segments=study.segments(transcript),
        transcripts=[study.transcript(transcript)],
        codings=study.codings(transcript=transcript),
        readings=study.readings(transcript=transcript),
    )


def _group_touching(codings: Sequence[Coding]) -> list[list[Coding]]:
    """Codings of one code whose words overlap, directly or through others, together."""
    groups: list[list[Coding]] = []
    reach = 0
    for coding in sorted(codings, key=lambda c: (c.code, c.span)):
        if groups and groups[-1][0].code == coding.code and coding.span.start < reach:
            groups[-1].append(coding)
            reach = max(reach, coding.span.end)
        else:
            groups.append([coding])
            reach = coding.span.end
    return groups
