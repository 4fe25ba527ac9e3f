"""What a method is evaluated on: segments, candidate codes, and whose codings count as right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ..core.alignment import Aligned, align
from ..core.codebook import Code, Codebook
from ..core.errors import NotFound, NothingToDo
from ..core.transcript import CODABLE_ROLES, Segment
from ..suggest.context import list_running_text
from ..suggest.protocol import KnownCodings
from .coded_corpus import CONSENSUS, CodedCorpus
from .passages import find_starts

Applied = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldData:
    """Segments, candidate codes, and people's codings of them.

    Attributes:
        name: of the corpus.
        segments: all of them, coded or not.
        codebook: with headings.
        codes: the candidates, in the order of all arrays' columns.
        codes_by_person: for each segment, the codes each person gave it (read and nothing: an
            empty set; the interviewer's own words: nobody).
        coders: everybody who coded or read, in order of name.
        transcripts: those with a reference coder, in order of name.
        transcript_index: each segment's transcript as an index into `transcripts`, -1 for one
            without a reference, shape (n_segments,).
        reference_coder: who counts as right, by transcript.
        reference_codings: the reference coders' codings alone.
        reference_starts: where the reference starts a passage (`passages`), (n_segments,).
        starts_by_person: for each segment, the people who start a passage there.
        running: segments of transcripts that are running text, (n_segments,).
        independent_transcripts: those whose coders worked alone, as far as is known.
        remarks: what a reader of the evaluation must know.
    """

    name: str
    segments: Sequence[Segment]
    codebook: Codebook
    codes: tuple[Code, ...]
    codes_by_person: tuple[Applied, ...]
    coders: tuple[str, ...]
    transcripts: tuple[str, ...]
    transcript_index: npt.NDArray[np.intp]
    reference_coder: Mapping[str, str]
    reference_codings: KnownCodings
    reference_starts: npt.NDArray[np.bool_]
    starts_by_person: tuple[frozenset[str], ...]
    running: npt.NDArray[np.bool_]
    independent_transcripts: frozenset[str]
    remarks: tuple[str, ...] = ()

    @property
    def scored(self) -> npt.NDArray[np.bool_]:
        """Segments that a transcript's reference has read, (n_segments,)."""
        return self.reference_codings.read

    @property
    def targets(self) -> npt.NDArray[np.bool_]:
        """Segments to rank codes for: read by anybody in a transcript with a reference."""
        read = np.array([bool(given) for given in self.codes_by_person], dtype=bool)
        return (read | self.reference_codings.read) & (self.transcript_index >= 0)

    def restrict_to(self, rows: npt.NDArray[np.bool_]) -> GoldData:
        """The same with nobody's codings but those of `rows`, (n_segments,)."""
        nobody: Applied = {}
        return replace(
            self,
            codes_by_person=tuple(
                given if kept else nobody
                for given, kept in zip(self.codes_by_person, rows.tolist(), strict=True)
            ),
            reference_codings=self.reference_codings.restrict_to(np.flatnonzero(rows)),
        )

    def restrict_to_reference(self) -> GoldData:
        """The same with the codings of each transcript's reference coder alone."""
        ids = [code.id for code in self.codes]
        known = self.reference_codings
        return replace(
            self,
            coders=tuple(sorted(set(self.reference_coder.values()))),
            codes_by_person=tuple(
                {
                    self.reference_coder[segment.transcript]: frozenset(
                        ids[column] for column in np.flatnonzero(applied)
                    )
                }
                if read
                else {}
                for segment, read, applied in zip(
                    self.segments, known.read.tolist(), known.applied, strict=True
                )
            ),
        )

    def leave_out(self, rows: npt.NDArray[np.bool_]) -> GoldData:
        """The same without the transcripts of `rows`, (n_segments,): nobody coded them."""
        left = set(self.transcript_index[rows].tolist())
        kept = [index for index in range(len(self.transcripts)) if index not in left]
        number = np.full(len(self.transcripts) + 1, -1, dtype=np.intp)
        number[kept] = np.arange(len(kept))
        # The last place is that of segments without a transcript's number, -1.
        index = number[self.transcript_index]
        return replace(
            self.restrict_to(index >= 0),
            transcripts=tuple(self.transcripts[at] for at in kept),
            transcript_index=index,
        )

    def list_codings_of(self, coder: str) -> KnownCodings:
        """What one coder has read and applied; the reference's where that is the coder's."""
        column = {code.id: number for number, code in enumerate(self.codes)}
        read = np.zeros(len(self.segments), dtype=bool)
        applied = np.zeros((len(self.segments), len(self.codes)), dtype=bool)
        for row, (segment, given) in enumerate(
            zip(self.segments, self.codes_by_person, strict=True)
        ):
            if self.reference_coder.get(segment.transcript) == coder:
                read[row] = self.reference_codings.read[row]
                applied[row] = self.reference_codings.applied[row]
            elif coder in given:
                read[row] = True
                applied[row, [column[code] for code in given[coder] if code in column]] = True
        return KnownCodings(read, applied)


def build_gold_data(corpus: CodedCorpus, *, reference: str | None = None) -> GoldData:
    """Choose the reference coder of each transcript and the candidate codes.

    The reference of a transcript is the coder who applied most codes in it (ties: the first by
    name), the moderated coding where it has that and no coder's, or `reference` wherever that coder
    has worked.

    Raises:
        NothingToDo: if there is no codebook, nobody coded, or fewer than two transcripts are left.
        NotFound: if there is no coder called `reference`.
    """
    study = corpus.study
    by_person = collect_codes_by_person(corpus)
    coders = tuple(sorted({coder for given in by_person for coder in given}))
    if not len(study.codebook):
        raise NothingToDo(f"{corpus.name}: has no codebook. Give one with the codes people used.")
    if not any(codes for given in by_person for codes in given.values()):
        raise NothingToDo(
            f"{corpus.name}: nobody has applied a code. An evaluation compares suggestions with "
            "people's codings; import some first."
        )
    right = _choose_codings(corpus, by_person, reference)
    _check_reference(reference, coders, right)
    reference_coder = _choose_references(study.segments, right, reference)
    n_coded = len(reference_coder)
    if n_coded < 2:
        raise NothingToDo(
            f"{corpus.name}: {_describe_reference(reference)} coded {n_coded} transcript"
            f"{'' if n_coded == 1 else 's'}. An evaluation needs two: one to learn from and one to "
            "be tested on."
        )
    used = {code for given in (*by_person, *right) for codes in given.values() for code in codes}
    codes = tuple(study.codebook.candidates(used))
    names = tuple(sorted(reference_coder))
    number = {name: index for index, name in enumerate(names)}
    reference_codings = _collect_reference_codings(study.segments, right, reference_coder, codes)
    order = list_running_text(study.segments)
    running = np.zeros(len(study.segments), dtype=bool)
    for rows in order:
        running[rows] = True
    return GoldData(
        name=corpus.name,
        segments=study.segments,
        codebook=study.codebook,
        codes=codes,
        codes_by_person=by_person,
        coders=coders,
        transcripts=names,
        transcript_index=np.array(
            [number.get(segment.transcript, -1) for segment in study.segments], dtype=np.intp
        ),
        reference_coder=reference_coder,
        reference_codings=reference_codings,
        reference_starts=find_starts(order, reference_codings),
        starts_by_person=_find_starts_by_person(by_person, order),
        running=running,
        independent_transcripts=_find_independent(corpus, names),
        remarks=_list_remarks(study.segments, reference_coder),
    )


def collect_codes_by_person(corpus: CodedCorpus) -> tuple[Applied, ...]:
    """The codes each person gave each segment; segments of an interviewer are nobody's."""
    study = corpus.study
    aligned = align(study.segments, study.codings, study.readings)
    left_out = study.machines | study.consensus  # what was settled agrees with people by nature
    return tuple(
        {coder: codes for coder, codes in given.items() if coder not in left_out}
        if segment.given or segment.role in CODABLE_ROLES
        else {}
        for segment, given in zip(study.segments, aligned.applied, strict=True)
    )


def _choose_codings(
    corpus: CodedCorpus, by_person: tuple[Applied, ...], reference: str | None
) -> tuple[Applied, ...]:
    """What may count as right: people's codings; the moderated one if asked or nobody coded."""
    segments = corpus.study.segments
    moderated: Aligned = align(segments, corpus.consensus.codings, corpus.consensus.readings)
    if reference is not None:
        return moderated.applied if reference == CONSENSUS else by_person
    coded = {
        segment.transcript for segment, given in zip(segments, by_person, strict=True) if given
    }
    return tuple(
        given if segment.transcript in coded else agreed
        for segment, given, agreed in zip(segments, by_person, moderated.applied, strict=True)
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


def _choose_references(
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


def _collect_reference_codings(
    segments: Sequence[Segment],
    right: Sequence[Applied],
    reference_coder: Mapping[str, str],
    codes: Sequence[Code],
) -> KnownCodings:
    column = {code.id: number for number, code in enumerate(codes)}
    read = np.zeros(len(segments), dtype=bool)
    applied = np.zeros((len(segments), len(codes)), dtype=bool)
    for row, (segment, given) in enumerate(zip(segments, right, strict=True)):
        coder = reference_coder.get(segment.transcript)
        if coder is not None and coder in given:
            read[row] = True
            applied[row, [column[code] for code in given[coder] if code in column]] = True
    return KnownCodings(read, applied)


def _find_starts_by_person(
    by_person: tuple[Applied, ...], order: Sequence[npt.NDArray[np.intp]]
) -> tuple[frozenset[str], ...]:
    """For each segment the people who give it a code that their segment before does not have."""
    starts: list[set[str]] = [
        {coder for coder, codes in given.items() if codes} for given in by_person
    ]
    for rows in order:
        before: dict[str, frozenset[str]] = {}
        for row in rows.tolist():
            given = by_person[row]
            starts[row] = {
                coder for coder, codes in given.items() if codes - before.get(coder, frozenset())
            }
            before |= given
    return tuple(frozenset(people) for people in starts)


def _find_independent(corpus: CodedCorpus, names: Sequence[str]) -> frozenset[str]:
    """Transcripts whose `independence` is absent or begins with "independent"."""
    stated = {name: corpus.attributes.get(name, {}).get("independence", "") for name in names}
    return frozenset(
        name for name, words in stated.items() if not words or words.startswith("independent")
    )


def _list_remarks(
    segments: Sequence[Segment], reference_coder: Mapping[str, str]
) -> tuple[str, ...]:
    left = sorted({s.transcript for s in segments} - set(reference_coder))
    if not left:
        return ()
    shown = ", ".join(left[:5]) + (", …" if len(left) > 5 else "")
    return (f"{len(left)} transcripts have no codings to score against and take no part: {shown}",)


def _describe_reference(reference: str | None) -> str:
    return "people" if reference is None else f"'{reference}'"
