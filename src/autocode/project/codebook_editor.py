"""The codebook of a study as something to be changed: one method an act."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.acts import Act
from ..core.arguments import checked_methods
from ..core.code_change import CodeChange
from ..core.code_family import CodeFamily
from ..core.codebook import Code, Codebook, make_code_id
from ..core.similar_codes import SimilarCodes, find_similar_names
from ..store.acts import acts
from ..store.file import StudyFile
from . import codes as edits
from .codes import CodingPlace, EditOptions
from .reader import StudyReader

if TYPE_CHECKING:
    from ..encode.protocol import Encoder
    from ..pipeline import Tools
    from .code_editing import CodeWords
    from .code_sheets import SplitProposal
    from .code_splitting import SplitRow
    from .families import FamilyChange


@checked_methods
class CodebookEditor:
    """Changes of a study's codebook, as `coder`'s acts; with `dry_run` each is only tried.

    Every change says what it does to the codings and can be undone. Get it from
    `Project.edit_codebook`.
    """

    def __init__(
        self,
        study: StudyFile,
        reader: StudyReader,
        options: EditOptions,
        tools: Callable[[Encoder | None], Tools],
    ) -> None:
        self._study, self._reader, self._options, self._tools = study, reader, options, tools

    def add(
        self, name: str, *, key: str = "", parent: str | None = None, definition: str = ""
    ) -> CodeChange:
        """Add a code; its key is made of its name where none is given.

        Raises:
            InputError: if the key or name is taken.
            NotFound: if its parent is not in the codebook.
        """
        known = self._reader.codebook()
        code_id = key.strip() or make_code_id(name, known.by_id)
        code = Code(
            id=code_id, name=" ".join(name.split()), parent=parent, definition=definition.strip()
        )
        return edits.add_code(self._study, code, self._options)

    def rename(self, code: str, name: str, *, new_meaning: bool = False) -> CodeChange:
        """Give a code another name; see `codes.rename_code`."""
        return edits.rename_code(self._study, code, name, self._options, new_meaning=new_meaning)

    def define(
        self, code: str, meaning: Mapping[str, str], *, new_meaning: bool = True
    ) -> CodeChange:
        """Change the definition, inclusion or exclusion of a code; see `codes.define_code`."""
        return edits.define_code(self._study, code, meaning, self._options, new_meaning=new_meaning)

    def edit(self, code: str, words: CodeWords, *, new_meaning: bool = False) -> CodeChange:
        """Say other things of a code, in one act; see `code_editing.edit_code`."""
        from .code_editing import edit_code

        return edit_code(self._study, code, words, self._options, new_meaning=new_meaning)

    def shift(self, code: str, by: int) -> CodeChange:
        """Move a code up (-1) or down (1) among those under the same code; see `shift_code`."""
        from .code_editing import shift_code

        return shift_code(self._study, code, by, self._options)

    def move(self, code: str, parent: str | None) -> CodeChange:
        """Put a code under another one, or at the top for None; see `codes.move_code`."""
        return edits.move_code(self._study, code, parent, self._options)

    def merge(self, code: str, into: str) -> CodeChange:
        """Merge a code into another one; see `codes.merge_codes`."""
        return edits.merge_codes(self._study, code, into, self._options)

    def split(self, code: str, rows: Iterable[SplitRow] | str | Path) -> CodeChange:
        """Give codings to other codes, as rows or a filled-in sheet say; see `codes.split_code`."""
        from ..io.source import SourceFile
        from .code_sheets import read_split_sheet
        from .code_splitting import split_code

        if isinstance(rows, str | Path):
            rows = read_split_sheet(SourceFile(Path(rows)))
        return split_code(self._study, code, rows, self._options)

    def write_split_sheet(
        self,
        code: str,
        path: str | Path,
        proposal: SplitProposal | None = None,
        *,
        encoder: Encoder | None = None,
    ) -> int:
        """Write the sheet for `split`: a row a coding, with a draft of where it goes.

        Raises:
            NotFound: if there is no such code.
            NothingToDo: if nothing is coded with it.
            FileRefused: if the file cannot be written.
        """
        from .code_sheets import SplitProposal, write_split_sheet

        proposal = proposal or SplitProposal()
        tools = None if proposal.n_groups is None else self._tools(encoder)
        with self._reader.snapshot() as study:
            return write_split_sheet(study, code, Path(path), proposal, tools)

    def archive(self, code: str) -> CodeChange:
        """Keep a code and its codings, but suggest it no more; raises NotFound."""
        return edits.archive_code(self._study, code, self._options)

    def restore(self, code: str) -> CodeChange:
        """Take an archived code back into use; see `codes.restore_code`."""
        return edits.restore_code(self._study, code, self._options)

    def delete(self, code: str, *, with_codings: bool = False) -> CodeChange:
        """Delete a code, with its codings where that is said; see `codes.delete_code`."""
        return edits.delete_code(self._study, code, self._options, with_codings=with_codings)

    def assign_family(self, codes: Sequence[str], family: CodeFamily | None) -> FamilyChange:
        """Put codes into a family, or into none; see `families.assign_family`."""
        from .families import assign_family

        return assign_family(self._study, codes, family, self._options)

    def switch_family(
        self, family: CodeFamily | None, transcripts: Sequence[str], *, on: bool | None
    ) -> FamilyChange:
        """Say where a family is on or off; see `families.switch_family`."""
        from .families import switch_family

        return switch_family(self._study, family, transcripts, self._options, on=on)

    def confirm(
        self, code: str, *, of: str | None = None, only: Collection[CodingPlace] | None = None
    ) -> int:
        """Note that codings of a code were looked at under its present meaning; returns how many.

        Those of one coder, or `only` these (transcript, span, coder), where that is said.
        """
        return edits.confirm_code(self._study, code, self._options, of=of, only=only)


def list_acts_on_code(study: StudyFile, code: str) -> list[Act]:
    """The acts that changed a code, oldest first; raises NotFound."""
    with study.reading() as connection:
        numbers = set(edits.code_history(connection, code))
        return [act for act in acts(connection) if act.number in numbers]


def find_similar_codes(codebook: Codebook, tools: Tools | None) -> list[SimilarCodes]:
    """Pairs of codes that may be one, by their names and, with an encoder, by their meaning."""
    from .similar_codes import find_similar_meanings

    by_words = find_similar_names(codebook.codes)
    if tools is None:
        return by_words
    known = {frozenset((pair.one, pair.other)) for pair in by_words}
    by_meaning = find_similar_meanings(codebook, tools)
    return by_words + [p for p in by_meaning if frozenset((p.one, p.other)) not in known]
