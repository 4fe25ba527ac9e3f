"""Single turns given to another speaker, and turns in a row of one speaker joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from ..core.acts import NewAct
from ..core.arguments import checked
from ..core.counted import say_count
from ..core.errors import InputError, NotFound, NothingToDo
from ..core.progress import Progress, silent
from ..core.text_edits import Edit, EditedText
from ..core.transcript import Span, TimedSpan, Transcript, Turn, text_digest
from ..store.file import Connection, StudyFile, revision
from ..store.replacing import carry_given, given_segments, replace_transcript
from ..store.segments import replace_segments
from ..store.speakers import give_turns
from ..store.transcripts import transcript_ids, transcripts


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class TurnChange:
    """Turns of a transcript (by number, from 1) and the speaker they are given to.

    `is_new` makes the speaker, where the transcript has none of that name.
    """

    transcript: str
    turns: tuple[int, ...]
    to: str
    is_new: bool = False


def change_turns(study: StudyFile, change: TurnChange, *, coder: str = "") -> int:
    """Give turns to another speaker; returns how many changed. Speakers without turns go.

    Raises:
        NotFound: if there is no such transcript or turn, or no such speaker and none is to be made.
        InputError: if no turn is named, or the name is empty.
    """
    if not change.turns or not change.to.strip():
        raise InputError("Name at least one turn, and the speaker it is given to.")
    shown = ", ".join(map(str, change.turns[:5])) + (", …" if len(change.turns) > 5 else "")
    new = NewAct(
        kind="speakers",
        summary=f"turn {shown} of {change.transcript} given to {change.to}",
        coder=coder,
    )
    with study.writing(new) as connection:
        transcript = _find(connection, change.transcript)
        n_turns, names = len(transcript.turns), {s.name for s in transcript.speakers}
        for number in change.turns:
            if not 1 <= number <= n_turns:
                raise NotFound(
                    f"No turn {number} in '{transcript.name}'; its turns are 1 to {n_turns}. "
                    f"See them with: autocode show STUDY --transcript {transcript.name}",
                    kind="turn",
                    name=str(number),
                )
        if change.to not in names and not change.is_new:
            raise NotFound.among(f"speaker of '{transcript.name}'", change.to, names)
        starts = [transcript.turns[number - 1].span.start for number in change.turns]
        return give_turns(connection, transcript.name, starts, change.to.strip())


def join_turns(
    study: StudyFile,
    transcript: str | None = None,
    *,
    coder: str = "",
    progress: Progress = silent,
) -> int:
    """Join consecutive turns of one speaker, in one transcript or all; returns how many fewer.

    The names between them leave the text, and all work moves along. When each was said is kept.

    Raises:
        NotFound: if there is no such transcript.
        NothingToDo: if no speaker has two turns in a row.
        StudyChanged: if another program changed the study meanwhile.
    """
    from .segmentation import Segmenter

    with study.reading() as connection:
        since = revision(connection).number
        known = transcripts(connection) if transcript is None else [_find(connection, transcript)]
    joined = [pair for one in known if (pair := _joined(one)) is not None]
    n_fewer = sum(len(old.turns) for old in known) - sum(len(_runs(old)) for old in known)
    if not joined:
        raise NothingToDo("No speaker has two turns in a row; there is nothing to join.")
    rows = Segmenter(study, None, progress).cut([one for one, _ in joined]).rows

    def do(connection: Connection) -> None:
        for one, edited in joined:
            given = given_segments(connection, one.name)
            replace_transcript(connection, one.name, one, edited.carry)
            kept = carry_given(given, edited.carry)
            replace_segments(connection, one.name, kept or rows[one.name])

    summary = f"{say_count(n_fewer, 'turn')} joined to others"
    new = NewAct(kind="join-turns", summary=summary, coder=coder)
    study.act(new, do, since=since)
    return n_fewer


def _find(connection: Connection, name: str) -> Transcript:
    names = transcript_ids(connection)
    if name not in names:
        raise NotFound.among("transcript", name, names)
    return transcripts(connection, name)[0]


def _runs(transcript: Transcript) -> list[list[Turn]]:
    """Turns that follow each other and have one speaker; a turn of nobody stays by itself."""
    numbered = enumerate(transcript.turns)
    runs = groupby(numbered, key=lambda item: item[1].speaker or item[0])
    return [[turn for _, turn in run] for _, run in runs]


def _joined(transcript: Transcript) -> tuple[Transcript, EditedText] | None:
    """The transcript with its turns joined, and the edits; None where there is nothing to join."""
    runs = _runs(transcript)
    edits = [
        Edit(Span(one.span.end, other.span.start), " ")
        for run in runs
        for one, other in pairwise(run)
    ]
    if not edits:
        return None
    edited = EditedText(transcript.text, edits)
    turns = tuple(_as_one(run, edited) for run in runs)
    times = transcript.times or tuple(_times(runs))
    new = replace(
        transcript,
        text=edited.text,
        turns=turns,
        times=tuple(
            replace(time, span=span) for time in times if (span := edited.carry(time.span))
        ),
        source=replace(transcript.source, digest=text_digest(edited.text)),
    )
    return new, edited


def _as_one(run: Sequence[Turn], edited: EditedText) -> Turn:
    span = edited.carry(Span(run[0].span.start, run[-1].span.end))
    assert span is not None  # a turn has words, which no edit touches
    return replace(run[0], span=span, begin=run[0].begin, finish=run[-1].finish)


def _times(runs: Sequence[Sequence[Turn]]) -> list[TimedSpan]:
    """When each of several joined turns was said, which their one turn cannot hold."""
    return [
        TimedSpan(turn.span, turn.begin, turn.finish)
        for run in runs
        for turn in run
        if len(run) > 1 and turn.begin is not None
    ]
