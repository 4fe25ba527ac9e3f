"""The codebook and the thematic map of a study, to be changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..core.acts import Act, Done
from ..core.coding import Memo
from ..core.progress import silent
from ..core.similar_codes import SimilarCodes
from ..core.thematic_map import ThematicMap
from .study_writer import StudyWriter

if TYPE_CHECKING:
    from ..analysis.map_counts import ThematicMapView
    from ..encode.protocol import Encoder
    from .codebook_editor import CodebookEditor
    from .families import FamilyList
    from .mapping import MapEdit


class CodebookActs(StudyWriter):
    """The codebook and the thematic map, and changes of both."""

    def edit_codebook(
        self,
        *,
        coder: str,
        dry_run: bool = False,
        key: str = "",
        since: int | None = None,
        base: Mapping[str, str] | None = None,
    ) -> CodebookEditor:
        """The codebook to be changed by `coder`: a method an act, each of which can be undone.

        With `dry_run` nothing is changed: each method says what it would do. A request that is sent
        twice with one `key` is done once. With `since`, the revision that the coder has seen, a
        change raises StudyChanged where somebody else was quicker; with `base`, the digest of each
        code by its id as the coder has seen it, where one of these codes is another by now.
        """
        from .codebook_editor import CodebookEditor
        from .codes import EditOptions

        options = EditOptions(coder=coder, dry_run=dry_run, key=key, since=since, base=base or {})
        return CodebookEditor(self._study, self, options, lambda e: self._tools(e, silent))

    def code_history(self, code: str) -> list[Act]:
        """The acts that changed a code, oldest first; raises NotFound."""
        from .codebook_editor import list_acts_on_code

        return list_acts_on_code(self._study, code)

    def code_families(self) -> FamilyList:
        """The families of codes, where each is in use and why, and those noticed in the codings."""
        from .families import list_families

        with self.snapshot() as study:
            return list_families(study)

    def similar_codes(
        self, encoder: Encoder | None = None, *, by_meaning: bool = True
    ) -> list[SimilarCodes]:
        """Pairs of codes that may be one: by their names, and by meaning with an encoder."""
        from .codebook_editor import find_similar_codes

        tools = self._tools(encoder, silent) if by_meaning else None
        return find_similar_codes(self.codebook(), tools)

    def edit_map(
        self, edit: MapEdit, *, coder: str, summary: str = "thematic map changed"
    ) -> ThematicMapView:
        """Change the thematic map as one act; `edit` is a change of `autocode.core.map_edits`.

        `summary` is what the history says of it.

        Raises:
            InputError: if nobody is named, or the change is impossible.
            NotFound: if it names a theme or code that is not there.
        """
        from .mapping import edit_map

        edit_map(self._study, edit, coder=coder, summary=summary)
        return self.thematic_map()

    def change_map(
        self, edit: MapEdit, *, coder: str, summary: str, key: str = ""
    ) -> Done[ThematicMap]:
        """As `edit_map`, with the act that was made; sent twice with one `key` it is done once."""
        from .mapping import edit_map

        return edit_map(self._study, edit, coder=coder, summary=summary, key=key)

    def note_theme(self, theme: str, text: str, *, coder: str, key: str = "") -> Done[Memo]:
        """Keep a memo on a theme of the map, named by key or name.

        Raises:
            InputError: if the memo is empty.
            NotFound: if there is no such theme.
        """
        from .mapping import note_theme

        return note_theme(self._study, theme, text, coder=coder, key=key)

    def change_theme_memo(
        self, theme: str, before: str, text: str, *, coder: str, key: str = ""
    ) -> Done[Memo | None]:
        """Write `coder`'s memo on a theme of the map otherwise, or delete it where `text` is empty.

        Raises:
            NotFound: if there is no such theme.
            StudyChanged: if they have no memo there that says `before`.
        """
        from .mapping import change_theme_memo

        return change_theme_memo(self._study, theme, before, text, coder=coder, key=key)
