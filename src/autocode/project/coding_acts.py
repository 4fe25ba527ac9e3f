"""People's work in a study: codings, memos, decisions on suggestions, coders."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.acts import Act, Done, NewAct
from ..core.coding import Action, Coder, Coding, Decision, Memo
from ..core.counted import say_count
from ..core.errors import (
    InputError,
    NotFound,
    NothingToDo,
    SpanError,
    one_line,
)
from ..core.showing import Showing
from ..core.suggestion import Suggestion
from ..store import codings as coding_store
from ..store.codebook import codebook as read_codebook
from ..store.memo_subjects import check_subject
from ..store.transcripts import texts
from .study_writer import StudyWriter

if TYPE_CHECKING:
    from .coding_many import ManyCoded
    from .deciding import Decided
    from .hand_coding import CodingChange, HandOptions, Place
    from .hand_reading import ReadingChange
    from .joining import Joined, JoinOptions


class CodingActs(StudyWriter):
    """What people do in a study."""

    def add_memo(self, memo: Memo) -> None:
        """Keep a memo; raises NotFound if what it is on is not in the study."""
        with self._study.writing(
            NewAct(
                kind="memo", summary=f"memo on {memo.about} {memo.subject}", coder=memo.coder or ""
            )
        ) as connection:
            check_subject(connection, memo)
            coding_store.add_memo(connection, memo)

    def code(
        self, place: Place, code: str, *, coder: str, options: HandOptions | None = None
    ) -> Done[CodingChange]:
        """Put a code on a place; nothing changes where `coder` has it there already.

        Raises:
            NotFound: if the transcript or code is not in the study.
            InputError: if the place is none or not the only one, the code cannot be applied, or the
                coder's name is nearly a known one.
        """
        from . import hand_coding
        from .hand_coding import HandOptions

        return hand_coding.code(self._study, place, code, coder, options or HandOptions())

    def uncode(
        self, place: Place, code: str, *, coder: str, options: HandOptions | None = None
    ) -> Done[CodingChange]:
        """Take `coder`'s coding with this code off a place; raises as `code` does."""
        from . import hand_coding
        from .hand_coding import HandOptions

        return hand_coding.uncode(self._study, place, code, coder, options or HandOptions())

    def respan(
        self, place: Place, code: str, to: Place, *, coder: str, options: HandOptions | None = None
    ) -> Done[CodingChange]:
        """Move `coder`'s coding to another span; code and memo stay. Raises as `code` does."""
        from . import hand_coding
        from .hand_coding import HandOptions

        return hand_coding.respan(self._study, place, code, to, coder, options or HandOptions())

    def recode(
        self, place: Place, code: str, to: str, *, coder: str, options: HandOptions | None = None
    ) -> Done[CodingChange]:
        """Put the code `to` in place of `coder`'s coding; raises as `code` does."""
        from . import hand_coding
        from .hand_coding import HandOptions

        return hand_coding.recode(self._study, place, code, to, coder, options or HandOptions())

    def note_coding(
        self, place: Place, code: str, *, coder: str, options: HandOptions
    ) -> Done[CodingChange]:
        """Write the memo of `coder`'s coding, in place of the one it has; raises as `code` does."""
        from . import hand_coding

        return hand_coding.note_coding(self._study, place, code, coder, options)

    def note_span(self, place: Place, *, coder: str, options: HandOptions) -> Done[Memo]:
        """Keep a memo on words of a transcript; raises as `code` does."""
        from . import hand_coding

        return hand_coding.note_span(self._study, place, coder, options)

    def change_memo(
        self, place: Place, before: str, *, coder: str, options: HandOptions
    ) -> Done[Memo | None]:
        """Write `coder`'s memo on words otherwise, or delete it where `options.memo` is empty.

        Raises:
            NotFound: if there is no such transcript.
            InputError: if the place is none.
            StudyChanged: if there is no memo that says `before`; the message says what is there.
        """
        from .word_memos import change_memo

        return change_memo(self._study, place, before, coder, options)

    def code_many(
        self,
        places: Sequence[Place],
        code: str,
        *,
        coder: str,
        options: HandOptions | None = None,
    ) -> Done[ManyCoded]:
        """Put a code on all of the places, as one act; raises as `code` does."""
        from .coding_many import code_many
        from .hand_coding import HandOptions

        return code_many(self._study, places, code, coder, options or HandOptions())

    def code_anew(
        self,
        place: Place,
        name: str,
        *,
        coder: str,
        parent: str | None = None,
        options: HandOptions | None = None,
    ) -> Done[CodingChange]:
        """Add a code of this name and put it on a place, as one act; raises as `code` does.

        Raises:
            InputError: if there is a code of this name already.
        """
        from .coding_anew import code_anew
        from .hand_coding import HandOptions

        return code_anew(self._study, place, name, parent, coder, options or HandOptions())

    def mark_read(
        self, place: Place, *, coder: str, options: HandOptions | None = None
    ) -> Done[ReadingChange]:
        """Note that `coder` went through a place and found no code to apply; raises as `code`."""
        from . import hand_reading
        from .hand_coding import HandOptions

        return hand_reading.mark_read(self._study, place, coder, options or HandOptions())

    def unmark_read(
        self, place: Place, *, coder: str, options: HandOptions | None = None
    ) -> Done[ReadingChange]:
        """Take back that `coder` has read a place; raises NotFound where nothing is noted."""
        from . import hand_reading
        from .hand_coding import HandOptions

        return hand_reading.unmark_read(self._study, place, coder, options or HandOptions())

    def add_codings(self, codings: Sequence[Coding], *, machines: Collection[str] = ()) -> int:
        """Keep codings made elsewhere; returns how many were new.

        `machines` names the coders that are machines: their codings are set beside people's, and
        never counted, learned from or compared as if a person had made them.

        Raises:
            NotFound: if a transcript or code is not in the study.
            SpanError: if a span does not fit its transcript.
            InputError: if a coder has no name, or a machine is known as a person.
        """
        who = {coding.coder for coding in codings}
        new = NewAct(
            kind="code",
            summary=f"{say_count(len(codings), 'coding')} added",
            coder=who.pop() if len(who) == 1 else "",
        )
        with self._study.writing(new) as connection:
            words, codebook = texts(connection), read_codebook(connection)
            for coding in codings:
                if coding.transcript not in words:
                    raise NotFound.among("transcript", coding.transcript, words)
                if coding.code not in codebook:
                    raise NotFound.among("code", coding.code, codebook.by_id)
                if not coding.span.of(words[coding.transcript]).strip():
                    raise SpanError(
                        f"Span {coding.span.start}..{coding.span.end} of '{coding.transcript}' "
                        "holds no words. A coding needs at least one."
                    )
                if not coding.coder.strip():
                    raise InputError("A coding needs a coder; the name is empty.")
            return coding_store.add_codings(connection, codings, machines=machines)

    def set_coder(self, coder: Coder, *, by: str = "") -> None:
        """Say whether a coder of the study is a person or a machine.

        `by` is the coder who says so.

        Raises:
            NotFound: if there is no such coder.
            InputError: for another kind of coder.
        """
        if coder.kind not in ("person", "machine"):
            raise InputError(f"A coder is a person or a machine, not '{one_line(coder.kind, 60)}'.")
        with self._study.writing(
            NewAct(kind="coder", summary=f"{coder.name} is a {coder.kind}", coder=by)
        ) as connection:
            coding_store.set_coder(connection, coder)

    def decide(
        self,
        suggestion: Suggestion | int,
        action: Action,
        *,
        coder: str,
        code: str | None = None,
        memo: str = "",
    ) -> Decision:
        """Accept, reject or change one suggestion; the decision is kept for good.

        `code` names the code put in its place by a change. Accepting or changing makes a coding by
        `coder`.

        Raises:
            NotFound: if the suggestion or code does not exist.
            InputError: if it was decided before, or the action and code do not fit together.
        """
        from ..io.tables.decisions import DecisionRow
        from .deciding import decide_all

        if not coder.strip():
            raise InputError("Nobody is named as the coder. Give a coder.")
        number = suggestion if isinstance(suggestion, int) else suggestion.number
        if number is None:
            raise InputError("This suggestion is not stored yet. Use one from Project.suggestions.")
        row = DecisionRow(
            line=0, suggestion=number, action=action, code=code, coder=coder, memo=memo
        )
        made = decide_all(self._study, [row], coder).kept
        if not made:
            raise InputError(f"{coder} has decided so on suggestion {number} before.")
        return made[0]

    def decide_at(
        self,
        place: Place,
        code: str,
        action: Action,
        *,
        coder: str,
        to: str | None = None,
        options: HandOptions | None = None,
    ) -> Done[Decided]:
        """Decide on a code suggested for a place; an earlier decision of `coder` on it gives way.

        Raises:
            NotFound: if the transcript or a code is not in the study.
            InputError: if action and `to`, the code that a change puts in place, do not fit.
            PassLocked: if the coder's pass through the transcript is finished.
        """
        from .deciding_at import decide_at
        from .hand_coding import HandOptions

        return decide_at(
            self._study, place, code, action, to=to, coder=coder, options=options or HandOptions()
        )

    def reject_all_at(
        self,
        place: Place,
        codes: Sequence[str],
        *,
        coder: str,
        options: HandOptions | None = None,
    ) -> Done[Decided]:
        """Reject all codes suggested for a place, which is then read; raises as `decide_at`."""
        from .deciding_at import reject_all_at
        from .hand_coding import HandOptions

        return reject_all_at(self._study, place, codes, coder, options or HandOptions())

    def accept_many(
        self,
        numbers: Sequence[int],
        *,
        coder: str,
        options: HandOptions | None = None,
    ) -> Done[Decided]:
        """Accept the suggestions of these numbers as one act, all or none.

        Raises:
            StudyChanged: if one of them has gone, since codes were suggested anew.
            InputError: if the coder decided otherwise on one of them before.
            PassLocked: if the coder's pass through one of the transcripts is finished.
        """
        from .deciding_at import accept_many
        from .hand_coding import HandOptions

        return accept_many(self._study, numbers, coder, options or HandOptions())

    def show_suggestions(
        self,
        *,
        coder: str,
        own_code_first: bool = False,
        unassisted: float = 0.0,
        random_state: int = 0,
    ) -> Act | None:
        """Note how suggestions are shown to `coder` on the page from now on; the page keeps to it.

        With `own_code_first` those of a segment come after the coder's own answer; the share
        `unassisted` of the segments (0..1), drawn by `random_state`, comes without.

        Raises:
            InputError: if the share is none.
        """
        from .showing import set_showing

        showing = Showing(
            own_code_first=own_code_first, unassisted=unassisted, random_state=random_state
        )
        return set_showing(self._study, coder, showing)

    def withdraw(self, suggestion: Suggestion | int, *, coder: str) -> Decision:
        """Take back `coder`'s decision on a suggestion, with the coding it led to.

        Raises:
            NotFound: if the suggestion does not exist.
            NothingToDo: if this coder has not decided on it.
        """
        from ..io.tables.decisions import DecisionRow
        from .deciding import decide_all

        number = suggestion if isinstance(suggestion, int) else suggestion.number
        row = DecisionRow(line=0, suggestion=number or 0, action="withdraw", coder=coder)
        withdrawn = decide_all(self._study, [row], coder).withdrawn
        if not withdrawn:
            raise NothingToDo(f"{coder} has made no decision on suggestion {number}.")
        return withdrawn[0]

    def auto_accept(self, *, coder: str) -> list[Decision]:
        """Accept every open suggestion that is auto-acceptable, as `coder`'s own decisions.

        These may be accepted without reading: with 90 % confidence, at most one in ten like them is
        wrong in transcripts like the coded ones. All are accepted, or none.

        Raises:
            NothingToDo: if there is no such suggestion.
        """
        from .deciding import auto_accept

        return auto_accept(self._study, coder)

    def apply_decisions(
        self, path: str | Path, *, coder: str | None = None, partial: bool = False
    ) -> Decided:
        """Apply a table of decisions, all or none; `coder` stands where a row names nobody.

        What was decided so before is passed over, so that a sheet may be filled in further. With
        `partial` the sound rows are applied though others cannot be used.

        Raises:
            FileRefused: if the table or one of its rows cannot be used.
        """
        from .deciding import apply_decisions

        return apply_decisions(self._study, Path(path), coder, partial=partial)

    def merge_coders(
        self, name: str, into: str, *, coder: str, options: JoinOptions | None = None
    ) -> Done[Joined]:
        """Make the work of `name` that of `into`, both being one person.

        Raises:
            NotFound: if one of them is not in the study.
            InputError: if they are one name.
            JoinBlocked: if they differ at one place, and `options` do not decide.
        """
        from .coders import merge_coders
        from .joining import JoinOptions

        return merge_coders(self._study, name, into, coder, options or JoinOptions())

    def rename_coder(
        self, name: str, to: str, *, coder: str, options: JoinOptions | None = None
    ) -> Done[Joined]:
        """Give a coder another name; raises NotFound, or InputError if it is taken."""
        from .coders import rename_coder
        from .joining import JoinOptions

        return rename_coder(self._study, name, to, coder, options or JoinOptions())
