"""What a method is examined on: segments, candidate codes, and whose codings count as right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..core.alignment import Aligned, align
from ..core.codebook import Code, Codebook
from ..core.errors import NotFound, NothingToDo
from ..core.transcript import Segment
from ..pipeline import CODABLE
from ..suggest.protocol import KnownCodings
from .source import CONSENSUS, Source

Applied = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """Segments, candidate codes, and people's work on them.

    `people` holds, for each segment, the codes each person gave it (read and nothing: an empty
    set; the interviewer's own words: nobody). `transcripts` are those with a reference, in order of
    name, and `place` (n_segments,) numbers each segment's, -1 elsewhere. `reference` is by
    transcript; `work` is the reference's alone. `independent` are the transcripts whose coders
    worked alone, as far as is known.
    """

    name: str
    segments: Sequence[Segment]
    codebook: Codebook
    codes: tuple[Code, ...]
    people: tuple[Applied, ...]
    coders: tuple[str, ...]
    transcripts: tuple[str, ...]
    place: npt.NDArray[np.intp]
    reference: Mapping[str, str]
    work: KnownCodings
    independent: frozenset[str]
    remarks: tuple[str, ...] = ()

    @property
    def scored(self) -> npt.NDArray[np.bool_]:
        """Segments that a transcript's reference has read, (n_segments,)."""
        return self.work.read

    @property
    def targets(self) -> npt.NDArray[np.bool_]:
        """Segments to rank codes for: read by anybody in a transcript with a reference."""
        read = np.array([bool(given) for given in self.people], dtype=bool)
        return (read | self.work.read) & (self.place >= 0)


def exam_of(source: Source, *, reference: str | None = None) -> Exam:
    """Set the exam.

    The reference of a transcript is the coder who applied most codes in it (ties: the first by
    name), the moderated coding where it has that and no coder's, or `reference` wherever that coder
    has worked.

    Raises:
        NothingToDo: if there is no codebook, nobody coded, or fewer than two transcripts are left.
        NotFound: if there is no coder called `reference`.
    """
    study = source.study
    people = people_of(source)
    coders = tuple(sorted({coder for given in people for coder in given}))
    if not len(study.codebook):
        raise NothingToDo(f"{source.name}: has no codebook. Give one with the codes people used.")
    if not any(codes for given in people for codes in given.values()):
        raise NothingToDo(
            f"{source.name}: nobody has applied a code. An evaluation compares suggestions with "
            "people's codings; import some first."
        )
    right = _right(source, people, reference)
    _check_reference(reference, coders, right)
    chosen = _references(study.segments, right, reference)
    if len(chosen) < 2:
        raise NothingToDo(
            f"{source.name}: {_who(reference)} coded {len(chosen)} transcript"
            f"{'' if len(chosen) == 1 else 's'}. An evaluation needs two: one to learn from and "
            "one to be tested on."
        )
    used = {code for given in (*people, *right) for codes in given.values() for code in codes}
    codes = tuple(study.codebook.candidates(used))
    names = tuple(sorted(chosen))
    number = {name: at for at, name in enumerate(names)}
    return Exam(
        name=source.name,
        segments=study.segments,
        codebook=study.codebook,
        codes=codes,
        people=people,
        coders=coders,
        transcripts=names,
        place=np.array([number.get(s.transcript, -1) for s in study.segments], dtype=np.intp),
        reference=chosen,
        work=_work(study.segments, right, chosen, codes),
        independent=_independent(source, names),
        remarks=_remarks(study.segments, chosen),
    )


def people_of(source: Source) -> tuple[Applied, ...]:
    """The codes each person gave each segment; segments of an interviewer are nobody's."""
    study = source.study
    aligned = align(study.segments, study.codings, study.readings)
    return tuple(
        {coder: codes for coder, codes in given.items() if coder not in source.machines}
        if segment.given or segment.role in CODABLE
        else {}
        for segment, given in zip(study.segments, aligned.applied, strict=True)
    )


def _right(
    source: Source, people: tuple[Applied, ...], reference: str | None
) -> tuple[Applied, ...]:
    """What may count as right: people's codings; the moderated one if asked or nobody coded."""
    segments = source.study.segments
    aligned: Aligned = align(segments, *source.consensus)
    if reference is not None:
        return aligned.applied if reference == CONSENSUS else people
    coded = {segment.transcript for segment, given in zip(segments, people, strict=True) if given}
    return tuple(
        given if segment.transcript in coded else moderated
        for segment, given, moderated in zip(segments, people, aligned.applied, strict=True)
    )


def _check_reference(
    reference: str | None, coders: Sequence[str], right: Sequence[Applied]
) -> None:
    if reference is None or any(reference in given for given in right):
        return
    if reference == CONSENSUS:
        raise NothingToDo(
            "There is no moderated coding here (consensus.csv). Name a coder with --reference, or "
            "leave it out."
        )
    raise NotFound.among("coder", reference, coders)


def _references(
    segments: Sequence[Segment], right: Sequence[Applied], reference: str | None
) -> dict[str, str]:
    """The reference coder of each transcript that has one."""
    counts: dict[str, Counter[str]] = {}
    for segment, given in zip(segments, right, strict=True):
        for coder, codes in given.items():
            counts.setdefault(segment.transcript, Counter())[coder] += len(codes)
    if reference is not None:
        return {name: reference for name, by in sorted(counts.items()) if reference in by}
    return {
        name: min(by, key=lambda coder: (-by[coder], coder)) for name, by in sorted(counts.items())
    }


def _work(
    segments: Sequence[Segment],
    right: Sequence[Applied],
    chosen: Mapping[str, str],
    codes: Sequence[Code],
) -> KnownCodings:
    column = {code.id: at for at, code in enumerate(codes)}
    read = np.zeros(len(segments), dtype=bool)
    applied = np.zeros((len(segments), len(codes)), dtype=bool)
    for row, (segment, given) in enumerate(zip(segments, right, strict=True)):
        coder = chosen.get(segment.transcript)
        if coder is not None and coder in given:
            read[row] = True
            applied[row, [column[code] for code in given[coder] if code in column]] = True
    return KnownCodings(read, applied)


def _independent(source: Source, names: Sequence[str]) -> frozenset[str]:
    """Transcripts whose `independence` is absent or begins with "independent"."""
    told = {name: source.attributes.get(name, {}).get("independence", "") for name in names}
    return frozenset(
        name for name, words in told.items() if not words or words.startswith("independent")
    )


def _remarks(segments: Sequence[Segment], chosen: Mapping[str, str]) -> tuple[str, ...]:
    left = sorted({s.transcript for s in segments} - set(chosen))
    if not left:
        return ()
    shown = ", ".join(left[:5]) + (", …" if len(left) > 5 else "")
    return (f"{len(left)} transcripts have no codings to score against and take no part: {shown}",)


def _who(reference: str | None) -> str:
    return "people" if reference is None else f"'{reference}'"
