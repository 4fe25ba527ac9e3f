"""The short account of agreement in a study's report: coders, codes, where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..agreement.coefficients.result import Coefficient
from ..agreement.reporting.methods_text import (
    describe_caution,
    describe_unit,
    describe_work,
    format_count,
    format_value,
)
from ..agreement.study.specs import build_definitions, build_labels
from ..agreement.study.table import Agreement, CodeAgreement
from ..core.codebook import Codebook
from ..core.counted import say_count
from ..core.errors import InputError
from ..core.transcript import Transcript
from ..project.reader import StudyReader
from .disagreements import find_language, locate_disagreement
from .palette import assign_code_colours


@dataclass(frozen=True, slots=True)
class Fact:
    """A number at the head of a page, and what it counts."""

    number: str
    label: str

    @classmethod
    def of(cls, n: int, thing: str, more: str = "") -> Fact:
        """How many things there are, and `more` about them."""
        number, _, label = say_count(n, thing).partition(" ")
        return cls(number, label + more)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAgreementRow:
    """A code in the table of agreement; `uses` in the order of the coders."""

    name: str
    colour: str
    uses: tuple[int, ...]
    prevalence: str
    coefficients: tuple[Coefficient, ...]
    note: str


@dataclass(frozen=True, slots=True)
class DisagreementRow:
    """A segment on which coders differ; `applied` in the coders' order, None where not read.

    `source` is the transcript with speaker and turn, `settled` what a consensus says of it.
    """

    excerpt: str
    source: str
    applied: tuple[str | None, ...]
    language: str | None = None
    settled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyAgreementView:
    """The short account of agreement in a study's report."""

    coders: tuple[str, ...]
    n_units: int
    summary: str
    caution: str
    facts: tuple[Fact, ...]
    codes: tuple[CodeAgreementRow, ...]
    definitions: Mapping[str, str]
    labels: Mapping[str, str]
    disagreements: tuple[DisagreementRow, ...]


def compare_coders(study: StudyReader) -> tuple[StudyAgreementView | None, str]:
    """The agreement of the coders, or why there is none."""
    try:
        agreement = study.agree()
    except InputError as error:
        return None, str(error)
    return _view_agreement(agreement, study.codebook(), study.transcripts()), ""


def _view_agreement(
    agreement: Agreement, codebook: Codebook, transcripts: Sequence[Transcript]
) -> StudyAgreementView:
    known = {transcript.name: transcript for transcript in transcripts}
    colours = assign_code_colours(codebook)
    coders, n = tuple(agreement.coders), agreement.n_transcripts
    return StudyAgreementView(
        coders=coders,
        n_units=agreement.n_units,
        summary=f"{', '.join(coders)}: {say_count(agreement.n_units, 'unit', grouped=True)} "
        f"({describe_unit(agreement.unit)}) in {format_count(n, 'transcript')} that at least two "
        "of them have read. " + describe_work(agreement, agreement.n_units),
        caution=describe_caution(agreement),
        facts=tuple(
            _view_coefficient(spec.label, agreement.overall[spec.name])
            for spec in agreement.specs
            if spec.is_headline
        ),
        definitions=build_definitions(agreement.specs),
        labels=build_labels(agreement.specs),
        codes=tuple(_view_code_agreement(c, coders, codebook, colours) for c in agreement.per_code),
        disagreements=tuple(
            DisagreementRow(
                disagreement.excerpt,
                ", ".join(
                    filter(
                        None, (disagreement.transcript, locate_disagreement(disagreement, known))
                    )
                ),
                tuple(_join_names(disagreement.applied.get(c), codebook) for c in coders),
                find_language(disagreement, known),
                tuple(r.describe(codebook.by_id[r.code].name) for r in disagreement.resolutions),
            )
            for disagreement in agreement.disagreements
        ),
    )


def _view_coefficient(label: str, coefficient: Coefficient) -> Fact:
    interval = coefficient.interval
    if interval is not None:
        label += f", {format_value(interval.low)} to {format_value(interval.high)}"
    if coefficient.reason:
        label += f": {coefficient.reason}"
    return Fact(format_value(coefficient.value), label)


def _view_code_agreement(
    code: CodeAgreement, coders: Sequence[str], codebook: Codebook, colours: Mapping[str, str]
) -> CodeAgreementRow:
    kappa = code.coefficients["cohen_kappa"]
    return CodeAgreementRow(
        name=codebook.by_id[code.code].name,
        colour=colours[code.code],
        uses=tuple(round(code.uses.get(coder, 0)) for coder in coders),
        prevalence=f"{code.prevalence:.3f}",
        coefficients=tuple(
            code.coefficients[name] for name in ("percent", "cohen_kappa", "krippendorff_alpha")
        ),
        note=kappa.reason or ("too rare to interpret" if code.is_rare else ""),
    )


def _join_names(codes: Sequence[str] | None, codebook: Codebook) -> str | None:
    return None if codes is None else ", ".join(codebook.by_id[code].name for code in codes)
