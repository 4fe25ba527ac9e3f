"""Putting a corrected version of a transcript in place of the one in the study, work carried over.

Codings, memos, readings, decisions, segments of the thematic map and those that came with a corpus
folder move to where their words stand in the new version. What has no place there is dropped only
where that was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..core.acts import NewAct
from ..core.arguments import checked
from ..core.errors import FileRefused, NotFound, NothingToDo
from ..core.progress import Progress, silent
from ..core.transcript import Span, Transcript
from ..io.source import SourceFile
from ..io.transcripts.read import read_document
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from ..store.file import Connection, StudyFile, revision
from ..store.removing import resting_on
from ..store.replacing import CarriedRow, carry_segments, given_segments, replace_transcript
from ..store.segments import replace_segments
from ..store.transcripts import source_digests, transcript_ids, transcripts
from ..text.excerpts import ExcerptIndex
from ..text.rewording import Rewording
from .removing import check_name, name_row
from .segmentation import Segmenter

_FEWEST = 4
"""Words of a passage that is looked for elsewhere, where it does not stand in its old place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedWork:
    """Somebody's work on words that were changed or lost: what it is, and the words.

    `now` are the words in the new version; None where they have no place there. `name` is that of a
    segment which came with a corpus folder.
    """

    kind: str
    coder: str | None
    code: str | None
    words: str
    now: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement(Result):
    """What came of a new version, or would come: `act` is None where it was only tried.

    `n_carried` counts what moved along; `changed` is that of it whose words differ now, `lost` what
    was dropped. `new_speakers` stand in the new version only, `gone_speakers` in the old one.
    `n_turns_uncut` turns of the new version are in no segment, where segments came with a corpus.
    """

    transcript: str
    act: int | None
    n_carried: int
    changed: tuple[CarriedWork, ...]
    lost: tuple[CarriedWork, ...]
    new_speakers: tuple[str, ...] = ()
    gone_speakers: tuple[str, ...] = ()
    n_suggestions: int = 0
    n_draft_segments: int = 0
    n_turns_uncut: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The replacement as plain data."""
        return to_payload(
            "replaced",
            {
                "act": self.act,
                "transcript": self.transcript,
                "n_carried": self.n_carried,
                "changed": self.changed,
                "lost": self.lost,
                "new_speakers": self.new_speakers,
                "gone_speakers": self.gone_speakers,
                "n_suggestions": self.n_suggestions,
                "n_draft_segments": self.n_draft_segments,
                "n_turns_uncut": self.n_turns_uncut,
            },
        )

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row for each work that was changed or lost."""
        rows: list[dict[str, Any]] = to_plain((*self.changed, *self.lost))
        return rows


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceOptions:
    """Whether what has no place in the new version may be dropped, and whether it is only tried."""

    drop_lost: bool = False
    dry_run: bool = False
    progress: Progress = silent


def replace_version(
    study: StudyFile, name: str, path: Path, *, coder: str, options: ReplaceOptions
) -> Replacement:
    """Put the transcript of a file in place of one in the study, under the name it has there.

    Raises:
        NotFound: if there is no such transcript.
        FileRefused: if the file cannot be read, is in the study, or has no words in common with the
            transcript; or if work would be lost and `options` do not say that it may be.
        NothingToDo: if the file holds the very same words.
        StudyChanged: if another program changed the study meanwhile.
    """
    check_name(coder, "replaces")
    with study.reading() as connection:
        since = revision(connection).number
        old = _find(connection, name)
        known = source_digests(connection)
    source = SourceFile(path)
    read, _ = read_document(source)
    if read.text == old.text:
        raise NothingToDo(f"{path} holds the words that '{name}' has already.")
    if clash := known.get(read.source.digest):
        raise FileRefused.because(
            path,
            f"is in the study already, as '{clash}'",
            remedy=f"Take that out first: autocode remove STUDY --transcript {clash}",
        )
    new = replace(read, name=name)
    carrying = _Carrying(old, new)
    if not carrying.rewording.has_words_in_common:
        raise FileRefused.because(
            path,
            f"has no words in common with '{name}'",
            remedy="Import it as a transcript of its own, or name the transcript it replaces.",
        )
    rows = Segmenter(study, None, options.progress).cut([new]).rows[name]

    n_turns_uncut = 0

    def do(connection: Connection) -> tuple[list[CarriedRow], tuple[int, int]]:
        nonlocal n_turns_uncut
        resting = resting_on(connection, transcripts=[name])
        given = given_segments(connection, name)
        carried = replace_transcript(connection, name, new, carrying.carry)
        moved, what_came = carry_segments(given, carrying.carry)
        carried += what_came
        if moved:
            spans = [Span(row["start"], row["end"]) for row in moved]
            n_turns_uncut = sum(
                1 for turn in new.turns if not any(span.overlap(turn.span) for span in spans)
            )
        replace_segments(connection, name, [_with_speaker(row, new) for row in moved] or rows)
        if not (options.drop_lost or options.dry_run):
            carrying.refuse_losses(path, carried)
        return carried, resting

    summary = f"{name} replaced by {source.name}"
    act = NewAct(kind="replace", summary=summary, coder=coder)
    done = study.act(act, do, since=since, dry_run=options.dry_run)
    assert done.result is not None  # there is no key, so that it is no repeated request
    carried, resting = done.result
    before, after = ({s.name for s in t.speakers} for t in (old, new))
    return Replacement(
        transcript=name,
        act=done.act.number if done.act else None,
        n_carried=sum(row.now is not None for row in carried),
        changed=carrying.changed(carried),
        lost=carrying.lost(carried),
        new_speakers=tuple(sorted(after - before)),
        gone_speakers=tuple(sorted(before - after)),
        n_suggestions=resting[0],
        n_draft_segments=resting[1],
        n_turns_uncut=n_turns_uncut,
    )


def _with_speaker(row: dict[str, Any], new: Transcript) -> dict[str, Any]:
    """A segment with the speaker it had, or where that one is gone, whoever says most of it."""
    known = {speaker.name.casefold(): speaker.name for speaker in new.speakers}
    if (kept := known.get((row["speaker"] or "").casefold())) is not None:
        return row | {"speaker": kept}
    span = Span(row["start"], row["end"])
    inside = [turn for turn in new.turns if turn.span.overlap(span)]
    most = max(inside, key=lambda turn: turn.span.overlap(span), default=None)
    return row | {"speaker": None if most is None else most.speaker}


def _find(connection: Connection, name: str) -> Transcript:
    names = transcript_ids(connection)
    if name not in names:
        raise NotFound.among("transcript", name, names)
    return transcripts(connection, name)[0]


class _Carrying:
    """Spans of an old version brought to a new one, and what became of their words."""

    def __init__(self, old: Transcript, new: Transcript) -> None:
        self._old, self._new = old, new
        self.rewording = Rewording(old.text, new.text)
        self._index = ExcerptIndex(new)

    def carry(self, span: Span) -> Span | None:
        """Where the words stand now: in their place, else the only place where they are said."""
        moved = self.rewording.move(span)
        if moved is not None:
            return moved
        words = span.of(self._old.text)
        return self._index.locate(words).span if len(words.split()) >= _FEWEST else None

    def changed(self, carried: Sequence[CarriedRow]) -> tuple[CarriedWork, ...]:
        """The work that moved along and whose words are not what they were."""
        works = [self._work(row) for row in carried if row.now is not None]
        return tuple(work for work in works if work.now != work.words)

    def lost(self, carried: Sequence[CarriedRow]) -> tuple[CarriedWork, ...]:
        """The work whose words are gone."""
        return tuple(self._work(row) for row in carried if row.now is None)

    def refuse_losses(self, path: Path, carried: Sequence[CarriedRow]) -> None:
        """Raise FileRefused with a line for each work that has no place in the new version."""
        lost = self.lost(carried)
        if lost:
            raise FileRefused.because(
                path,
                f"{len(lost)} of {len(carried)} codings, readings and the like stand on words of "
                f"'{self._old.name}' that are not in it",
                remedy="To drop these, add --drop-lost (drop_lost=True); nothing was changed.",
                details=[describe_work(work) for work in lost],
            )

    def _work(self, row: CarriedRow) -> CarriedWork:
        return CarriedWork(
            kind="segment" if row.table == "segments" else name_row(row.table),
            coder=row.coder,
            code=row.code,
            words=" ".join(row.span.of(self._old.text).split()),
            now=None if row.now is None else " ".join(row.now.of(self._new.text).split()),
            name=row.name,
        )


def describe_work(work: CarriedWork) -> str:
    """A work in a line: coding, Amina, Waiting: "I waited nine months"."""
    what = ", ".join(part for part in (work.kind, work.name, work.coder, work.code) if part)
    return f'{what}: "{work.words}"'
