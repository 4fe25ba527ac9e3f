"""From a study in memory to the agreement of its coders, and of a machine with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..agreement.resampling.intervals import Resampling
from ..agreement.study.assistance import account_assistance
from ..agreement.study.coding_order import order_by_coding_time
from ..agreement.study.decisions import Unit
from ..agreement.study.memos import attach_memos, attach_resolutions
from ..agreement.study.pass_account import account_passes
from ..agreement.study.reading import (
    AssumedReading,
    ReadingAccount,
    ReadingRule,
    check_reading_rule,
    count_assumed_units,
    find_assumed_readings,
)
from ..agreement.study.table import Agreement, measure_agreement
from ..agreement.study.units import OVERLAP_SHARE, UnitKind, build_units
from ..core.arguments import checked
from ..core.coding import Reading
from ..core.errors import InputError, NotFound
from ..core.transcript import CODABLE_ROLES, Segment

if TYPE_CHECKING:
    from ..agreement.machine.plan import MachinePlan
    from ..agreement.machine.report import ComparisonOptions, MachineReport
    from ..agreement.study.span_table import SpanAgreement
    from .study import Study


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementOptions:
    """How to compare coders: who, on which units, and how intervals are made.

    `reading` says what counts as read without a code: "assumed", all of a transcript that a coder
    coded by hand, unless readings of theirs are recorded in it; "marked", only what is recorded.
    """

    coders: Sequence[str] = ()
    unit: UnitKind = "segment"
    share: float = OVERLAP_SHARE
    reading: ReadingRule = "assumed"
    resampling: Resampling = field(default_factory=Resampling)

    def name_coders(self, coders: Sequence[str]) -> AgreementOptions:
        """The same, of these coders; as it is where none are named.

        Raises:
            InputError: if they are one text, or others are named in the options already.
        """
        if isinstance(coders, str):
            raise InputError(f"Coders are named in a list, such as ['{coders}', 'Ben'].")
        if coders and self.coders and set(coders) != set(self.coders):
            raise InputError(
                f"Two lists of coders are given: {', '.join(coders)}, and in the options"
                f" {', '.join(self.coders)}. Name them once."
            )
        return replace(self, coders=tuple(coders) or self.coders)


def agree(study: Study, comparison: AgreementOptions | None = None) -> Agreement:
    """Compare coders on the units that two or more of them have read.

    Raises:
        NotFound: if a coder is not in the study.
        InputError: if fewer than two coders are left, or no unit was read by two.
    """
    comparison = comparison or AgreementOptions()
    chosen = _chosen(study, comparison.coders)
    units, reading = _units(study, comparison, chosen)
    kinds = {s.unit for s in study.segments} if comparison.unit == "segment" else {comparison.unit}
    table = measure_agreement(
        units,
        chosen,
        [code.id for code in study.codebook],
        unit_name=" and ".join(sorted(kinds)),
        parents={code.id: code.parent for code in study.codebook},
        resampling=comparison.resampling,
    )
    if not table.n_units:
        raise InputError(
            f"No segment was read by two of {', '.join(chosen)}. "
            "Let a second coder code some of the same transcripts."
        )
    passes = account_passes(((u.transcript, u.applied, 1) for u in units), chosen, study.passes)
    assistance = account_assistance(
        ((u.transcript, u.applied) for u in units),
        chosen,
        codings=study.codings,
        passes=study.passes,
        suggested=study.suggested,
    )
    table = replace(table, reading=reading, passes=passes, assistance=assistance)
    table = attach_memos(order_by_coding_time(table, study.codings), study.codings)
    return attach_resolutions(table, study.resolutions)


def compared_units(study: Study, comparison: AgreementOptions | None = None) -> list[Unit]:
    """The units that two or more of the coders have read, with what each gave them.

    Raises:
        NotFound: if a coder is not in the study.
        InputError: if fewer than two coders are left.
    """
    comparison = comparison or AgreementOptions()
    chosen = _chosen(study, comparison.coders)
    units, _ = _units(study, comparison, chosen)
    return [unit for unit in units if len(set(unit.applied) & set(chosen)) > 1]


def agree_on_spans(study: Study, comparison: AgreementOptions | None = None) -> SpanAgreement:
    """Compare coders on their own spans, on the text that both of a pair have read.

    The unit of `comparison` plays no part.

    Raises:
        NotFound: if a coder is not in the study.
        InputError: if fewer than two coders are left.
    """
    from ..agreement.spans.continuum import build_continua
    from ..agreement.study.span_table import measure_span_agreement

    comparison = comparison or AgreementOptions()
    chosen = _chosen(study, comparison.coders)
    codes = [code.id for code in study.codebook]
    # A mark is read text, and says so here: without any reading the whole would count as read.
    recorded = [*study.readings, *(Reading(c.transcript, c.span, c.coder) for c in study.codings)]
    assumed = _assume_readings(study, comparison, chosen)
    marked, whole = (
        build_continua(
            _compared_segments(study), study.codings, readings, coders=chosen, codes=codes
        )
        for readings in (recorded, [*recorded, *_as_readings(assumed)])
    )
    texts = whole if comparison.reading == "assumed" else marked
    n_assumed = sum(t.spans.length for t in whole) - sum(t.spans.length for t in marked)
    spans = measure_span_agreement(texts, chosen, codes, resampling=comparison.resampling)
    relevant = _keep_of(assumed, {t.transcript for t in whole if t.spans.length})
    reading = ReadingAccount(rule=comparison.reading, n_assumed=n_assumed, assumed=relevant)
    compared = ((t.transcript, t.coders, t.spans.length) for t in texts)
    assistance = account_assistance(
        ((t.transcript, t.coders) for t in texts),
        chosen,
        codings=study.codings,
        passes=study.passes,
        suggested=study.suggested,
    )
    passes = account_passes(compared, chosen, study.passes)
    return replace(spans, reading=reading, passes=passes, assistance=assistance)


def machine_beside_people(
    study: Study,
    machine: str,
    comparison: AgreementOptions | None = None,
    *,
    options: ComparisonOptions | None = None,
) -> MachineReport:
    """Set a machine, one of the study's coders, beside the people on units both have read.

    Raises:
        NotFound: if a coder is not in the study.
        InputError: if there are not two people beside it, or nothing both have read.
    """
    from ..agreement.machine.report import measure_machine_agreement

    comparison = comparison or AgreementOptions()
    people = _people_beside(study, machine, comparison)
    units, reading = _units(study, comparison, (*people, machine), machine=machine)
    codes = [code.id for code in study.codebook]
    report = measure_machine_agreement(units, people, machine, codes, options=options)
    return replace(report, reading=reading)


def plan_machine_beside_people(
    study: Study,
    machine: str | None = None,
    comparison: AgreementOptions | None = None,
    *,
    margin: float = 0.05,
) -> MachinePlan:
    """What setting a machine beside the people would show; a `machine` named is left out of them.

    Raises:
        NotFound: if a coder is not in the study.
        InputError: if there are fewer than two people, or nothing two have read.
    """
    from ..agreement.machine.plan import plan_machine_comparison

    comparison = comparison or AgreementOptions()
    people = _people_beside(study, machine, comparison)
    codes = [code.id for code in study.codebook]
    units, reading = _units(study, comparison, people)
    plan = plan_machine_comparison(units, people, codes, margin=margin)
    return replace(plan, reading=reading)


def _people_beside(
    study: Study, machine: str | None, comparison: AgreementOptions
) -> tuple[str, ...]:
    """The people whom a machine is set beside: those named, or all but machines and consensus."""
    known = study.coders
    for coder in (*([] if machine is None else [machine]), *comparison.coders):
        if coder not in known:
            raise NotFound.among("coder", coder, known)
    people = sorted(known - study.machines - study.consensus)
    return tuple(c for c in comparison.coders or people if c != machine)


def _chosen(study: Study, coders: Sequence[str]) -> tuple[str, ...]:
    """The coders to compare: those named, or all people in the study."""
    if isinstance(coders, str):
        raise InputError(f"Coders are named in a list, such as ['{coders}', 'Ben'].")
    known = study.coders
    for coder in coders:
        if coder not in known:
            raise NotFound.among("coder", coder, known)
    # A consensus is made of the others' work: it agrees with them by nature.
    people = known - study.machines - study.consensus
    chosen = tuple(dict.fromkeys(coders)) or tuple(sorted(people))
    if len(chosen) < 2 and coders:
        others = ", ".join(sorted(people - set(chosen))) or "nobody"
        raise InputError(
            f"Agreement needs two coders, and only '{chosen[0]}' is named. "
            f"Others who coded in this study: {others}."
        )
    if len(chosen) < 2:
        raise InputError(
            f"Agreement needs two coders; this study has {len(chosen)}. "
            "Import the codings of another person."
        )
    return chosen


def _compared_segments(study: Study) -> list[Segment]:
    # A coder who has read a transcript has coded what participants say; segments that came with
    # a corpus are units whoever speaks.
    return [s for s in study.segments if s.given or s.role in CODABLE_ROLES]


def _assume_readings(
    study: Study, comparison: AgreementOptions, coders: Sequence[str]
) -> tuple[AssumedReading, ...]:
    check_reading_rule(comparison.reading)
    return find_assumed_readings(
        _compared_segments(study),
        [c for c in study.codings if c.coder in coders],
        study.readings,
    )


def _keep_of(
    assumed: Iterable[AssumedReading], transcripts: Collection[str]
) -> tuple[AssumedReading, ...]:
    """Those of transcripts that are compared: of others nothing rests on an assumption."""
    return tuple(one for one in assumed if one.transcript in transcripts)


def _as_readings(assumed: Iterable[AssumedReading]) -> list[Reading]:
    return [Reading(a.transcript, a.span, a.coder) for a in assumed]


def _units(
    study: Study,
    comparison: AgreementOptions,
    coders: Sequence[str],
    *,
    machine: str | None = None,
) -> tuple[list[Unit], ReadingAccount]:
    """The units compared, and what they take as read; beside a `machine` what it read too."""
    assumed = _assume_readings(study, comparison, coders)
    recorded = [r for r in study.readings if r.coder in coders]
    marked = _build_units(study, comparison, coders, recorded)
    if not assumed:
        return marked, ReadingAccount(rule=comparison.reading)
    whole = _build_units(study, comparison, coders, [*recorded, *_as_readings(assumed)])
    if machine is not None:
        from ..agreement.machine.report import is_shared

        people = [coder for coder in coders if coder != machine]
        whole = [unit for unit in whole if is_shared(unit, people, machine)]
    n_assumed = count_assumed_units(whole, marked, coders)
    compared = {unit.transcript for unit in whole if len(set(unit.applied) & set(coders)) > 1}
    relevant = _keep_of(assumed, compared)
    account = ReadingAccount(rule=comparison.reading, n_assumed=n_assumed, assumed=relevant)
    return (whole if comparison.reading == "assumed" else marked), account


def _build_units(
    study: Study, comparison: AgreementOptions, coders: Sequence[str], readings: Sequence[Reading]
) -> list[Unit]:
    from ..segment import Aids

    return build_units(
        comparison.unit,
        _compared_segments(study),
        study.transcripts,
        codings=[c for c in study.codings if c.coder in coders],
        readings=readings,
        share=comparison.share,
        aids=Aids(speech_ends=study.speech_ends),
    )
