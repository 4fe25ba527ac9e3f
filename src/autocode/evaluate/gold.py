"""What a method is evaluated on: segments, candidate codes, and whose codings count as right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..core.alignment import Aligned, align
from ..core.codebook import Code, Codebook
from ..core.errors import NotFound, NothingToDo
from ..core.transcript import CODABLE_ROLES, Segment
from ..suggest.protocol import KnownCodings
from .coded_corpus import CONSENSUS, CodedCorpus

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
        reference_codings=_collect_reference_codings(study.segments, right, reference_coder, codes),
        independent_transcripts=_find_independent(corpus, names),
        remarks=_list_remarks(study.segments, reference_coder),
    )


def collect_codes_by_person(corpus: CodedCorpus) -> tuple[Applied, ...]:
    """The codes each person gave each segment; segments of an interviewer are nobody's."""
    study = corpus.study
    aligned = align(study.segments, study.codings, study.readings)
    return tuple(
        {coder: codes for coder, codes in given.items() if coder not in study.machines}
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
