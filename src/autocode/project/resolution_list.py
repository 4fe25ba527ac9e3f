"""The list of what was settled where two coders differ."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..core.acts import Change
from ..core.coding import Coding, Resolution
from ..core.errors import NotFound
from ..core.transcript import Span
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result

if TYPE_CHECKING:
    from .facade import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionView:
    """A resolution with its words, where they stand ("Kofi, turn 12"), and the code's name.

    `codings` are those that the consensus has of the code there now.
    """

    resolution: Resolution
    name: str
    position: str
    excerpt: str
    codings: tuple[Coding, ...]


@dataclass(frozen=True, slots=True)
class ResolutionList(Result):
    """What was settled, by transcript and place."""

    resolutions: tuple[ResolutionView, ...]

    def to_dict(self) -> dict[str, Any]:
        """The resolutions as plain data."""
        return to_payload("resolutions", {"resolutions": self.to_rows()})

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a resolution."""
        rows = []
        for view in self.resolutions:
            more = {"name": view.name, "position": view.position, "excerpt": view.excerpt}
            spans = {"codings": [coding.span for coding in view.codings]}
            rows.append(to_plain(view.resolution) | more | to_plain(spans))
        return rows


def list_resolutions(
    project: Project, *, transcript: str | None = None, code: str | None = None
) -> ResolutionList:
    """All resolutions, or those of a transcript or a code (id or name); raises NotFound."""
    with project.snapshot() as study:
        known = {one.name: one for one in study.transcripts()}
        codebook = study.codebook()
        if transcript is not None and transcript not in known:
            raise NotFound.among("transcript", transcript, known)
        code_id = None if code is None else codebook.find(code).id
        names = {one.name for one in study.coders() if one.kind == "consensus"}
        settled = [coding for coding in study.codings() if coding.coder in names]
        views = [
            ResolutionView(
                resolution=made,
                name=codebook.by_id[made.code].name,
                position=known[made.transcript].locate(made.span),
                excerpt=" ".join(made.span.of(known[made.transcript].text).split()),
                codings=tuple(c for c in settled if _is_outcome(c, made)),
            )
            for made in study.resolutions()
            if transcript in (None, made.transcript) and code_id in (None, made.code)
        ]
    return ResolutionList(tuple(views))


def count_resolutions_left(project: Project, changes: Iterable[Change]) -> int:
    """How many resolutions stand where these changes of rows took a coding of one of the two away.

    They are people's decisions of their own and rest on no coding, so that undoing leaves them.
    """
    with project.snapshot() as study:
        made, numbers = study.resolutions(), study.coder_numbers()
        transcripts, codes = study.transcript_numbers(), study.code_numbers()
    gone: dict[str, list[dict[str, Any]]] = {"codings": [], "resolutions": []}
    for change in changes:
        if change.table in gone and change.before is not None and change.after is None:
            gone[change.table].append(dict(zip(change.columns, change.before, strict=True)))

    def is_gone(one: Resolution, row: Mapping[str, Any], coders: Collection[str | None]) -> bool:
        return (
            row["transcript_id"] == transcripts[one.transcript]
            and row["code_id"] == codes[one.code]
            and row["coder_id"] in {numbers.get(name or "") for name in coders}
            and one.span.overlap(Span(row["start"], row["end"])) > 0
        )

    return sum(
        any(is_gone(one, row, (one.one, one.other)) for row in gone["codings"])
        and not any(is_gone(one, row, (one.consensus,)) for row in gone["resolutions"])
        for one in made
    )


def _is_outcome(coding: Coding, made: Resolution) -> bool:
    place = (coding.transcript, coding.code, coding.coder)
    settled = (made.transcript, made.code, made.consensus)
    return place == settled and coding.span.overlap(made.span) > 0
