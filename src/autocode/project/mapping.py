"""The thematic map of a study, changed and looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..core.acts import Done, NewAct
from ..core.codebook import Codebook
from ..core.coding import Memo
from ..core.errors import InputError, NotFound, NothingToDo
from ..core.thematic_map import PlacedSegment, ThematicMap
from ..core.theme import ThemeDraft
from ..store.clock import now
from ..store.codebook import codebook as read_codebook
from ..store.codings import add_memo
from ..store.file import Connection, StudyFile
from ..store.thematic_map import put_map
from ..store.thematic_map import thematic_map as read_map
from ..store.transcripts import transcript_ids
from .word_memos import rewrite_memo

MapEdit = Callable[[ThematicMap], ThematicMap]
"""A change of the map: one of `autocode.core.map_edits` with its arguments, or one's own."""


def find_codes(codebook: Codebook, names: Iterable[str]) -> list[str]:
    """Ids of the codes of these names; raises NotFound."""
    return [codebook.find(name).id for name in names]


def find_draft_segments(draft: ThemeDraft | None, keys: Iterable[str]) -> Iterator[PlacedSegment]:
    """The segments of draft themes as they are now, to be placed under a theme of the map.

    Raises:
        NothingToDo: if no themes have been drafted.
        NotFound: if a theme is not in the draft.
    """
    wanted = list(keys)
    if not wanted:
        return
    if draft is None:
        raise NothingToDo("No themes are drafted. First run: autocode themes draft STUDY")
    themes = {theme.key: theme for theme in draft.themes}
    for key in wanted:
        if key not in themes:
            raise NotFound.among("draft theme", key, themes)
        for member in themes[key].members:
            segment = member.segment
            yield PlacedSegment(transcript=segment.transcript, span=segment.span, draft=key)


def edit_map(
    study: StudyFile, edit: MapEdit, *, coder: str, summary: str, key: str = ""
) -> Done[ThematicMap]:
    """Change the map of the study as one act of `coder`; `edit` gives the changed map.

    Raises:
        InputError: if nobody is named, or the change is impossible.
        NotFound: if it names a theme or code that is not there.
    """
    if not coder.strip():
        raise InputError("Nobody is named as the one who changes the map. Give a coder.")

    def do(connection: Connection) -> ThematicMap:
        known = read_map(connection)
        changed = edit(known)
        _check_names(connection, changed)
        put_map(connection, changed)
        return changed

    return study.act(NewAct(kind="map", summary=summary, coder=coder, key=key), do)


def note_theme(study: StudyFile, theme: str, text: str, *, coder: str, key: str = "") -> Done[Memo]:
    """Keep a memo on a theme of the map, named by key or name.

    Raises:
        InputError: if the memo is empty.
        NotFound: if there is no such theme.
    """
    if not text.strip():
        raise InputError("The memo is empty. Write what is to be kept.")

    def do(connection: Connection) -> Memo:
        known = read_map(connection).find(theme)
        memo = Memo(about="theme", subject=known.key, text=text, coder=coder, made_at=now())
        add_memo(connection, memo)
        return memo

    with study.reading() as connection:
        name = read_map(connection).find(theme).name
    new = NewAct(kind="memo", summary=f"memo on the theme '{name}'", coder=coder, key=key)
    return study.act(new, do)


def change_theme_memo(
    study: StudyFile, theme: str, before: str, text: str, *, coder: str, key: str = ""
) -> Done[Memo | None]:
    """Write `coder`'s memo on a theme of the map otherwise, or delete it where `text` is empty.

    Raises:
        NotFound: if there is no such theme.
        StudyChanged: if they have no memo there that says `before`; the message says what is there.
    """

    def do(connection: Connection) -> Memo | None:
        known = read_map(connection).find(theme)
        about = Memo(about="theme", subject=known.key, text=before, coder=coder)
        return rewrite_memo(connection, about, text)

    with study.reading() as connection:
        name = read_map(connection).find(theme).name
    verb = "changed" if text.strip() else "deleted"
    summary = f"memo on the theme '{name}' {verb}"
    return study.act(NewAct(kind="memo", summary=summary, coder=coder, key=key), do)


def _check_names(connection: Connection, changed: ThematicMap) -> None:
    """Raise NotFound where a theme holds a code or a segment that the study does not have."""
    known, names = read_codebook(connection), transcript_ids(connection)
    for theme in changed.themes:
        for code in theme.codes:
            if code not in known:
                raise NotFound.among("code", code, known.by_id)
        for placed in theme.segments:
            if placed.transcript not in names:
                raise NotFound.among("transcript", placed.transcript, names)
