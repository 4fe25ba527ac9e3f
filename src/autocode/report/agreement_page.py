"""The page about the agreement of coders: one HTML file without network access."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType

from ..agreement.machine.report import MachineReport
from ..agreement.study.span_table import SpanAgreement
from ..agreement.study.table import Agreement
from ..core.arguments import checked
from ..core.codebook import Codebook
from ..core.transcript import Transcript
from . import templating
from .agreement_view import view_agreement
from .disagreements import Memos

_TEMPLATE = "agreement.html"


@checked
def write_agreement(
    agreement: Agreement,
    codebook: Codebook,
    out: str | Path,
    *,
    memos: Memos = MappingProxyType({}),
    spans: SpanAgreement | None = None,
    machine: MachineReport | None = None,
    transcripts: Iterable[Transcript] = (),
) -> int:
    """Write a page about an agreement to `out`; returns its size in bytes.

    Args:
        agreement: what to show.
        codebook: the names and order of the codes.
        out: the file to write.
        memos: what coders noted, by transcript, start, end and coder; shown with the
            disagreements they overlap.
        spans: agreement on the coders' own spans, for a section of its own.
        machine: a machine beside these people, for a section of its own.
        transcripts: those that were coded, to say who speaks where coders differ, in which turn.

    Raises:
        FileRefused: if the file cannot be written.
    """
    page = render_agreement(
        agreement, codebook, memos=memos, spans=spans, machine=machine, transcripts=transcripts
    )
    return templating.save(page, out)


def render_agreement(
    agreement: Agreement,
    codebook: Codebook,
    *,
    memos: Memos = MappingProxyType({}),
    spans: SpanAgreement | None = None,
    machine: MachineReport | None = None,
    transcripts: Iterable[Transcript] = (),
) -> str:
    """The page as HTML text."""
    view = view_agreement(agreement, codebook, memos=memos, spans=spans, transcripts=transcripts)
    return templating.fill(_TEMPLATE, page=view, machine=machine)
