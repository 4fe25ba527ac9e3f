"""What was done to a study, act by act, and the state that this has led to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from ..store import acts as act_store
from ..store.act_counts import count_work
from ..store.digest import content_digest
from ..store.file import Revision, revision

if TYPE_CHECKING:
    from ..core.acts import Act, Change, HistoryCheck, WorkSince
    from .history import HistoryFilter

_Read = TypeVar("_Read")


class StoredHistory(ABC):
    """The acts of a study as they are stored, and how they are read: by queries of the store."""

    @abstractmethod
    def _read(self, query: Callable[..., _Read], *arguments: object) -> _Read:
        """What a query of the store says, asked with a connection and these arguments."""

    def _read_anew(self, query: Callable[..., _Read], *arguments: object) -> _Read:
        """As `_read`, of the file itself: for what tests it, or is too large to be kept."""
        return self._read(query, *arguments)

    def revision(self) -> Revision:
        """The state the study is in: a number that grows with every change, and the last change."""
        return self._read(revision)

    def history(self, wanted: HistoryFilter | None = None) -> list[Act]:
        """The acts that made the study what it is, oldest first; all, or those that are wanted.

        Raises:
            NotFound: if a coder is wanted who is not in the study, or a kind that is none.
        """
        from .history import HistoryFilter, list_acts

        return self._read(list_acts, wanted or HistoryFilter())

    def act_kinds(self, wanted: HistoryFilter | None = None) -> dict[str, int]:
        """How many acts of each kind are wanted, whatever the limit."""
        from .history import HistoryFilter, list_act_kinds

        return self._read(list_act_kinds, wanted or HistoryFilter())

    def count_work(self, *, since: int, coder: str, but_key_prefix: str) -> list[WorkSince]:
        """What each coder did after the act of this number, by name.

        Of `coder`, only acts on content count whose keys do not begin with the prefix.
        """
        return self._read(count_work, since, coder, but_key_prefix)

    def act_coders(self) -> list[str]:
        """Everybody who made an act, in order of name."""
        from .history import list_act_coders

        return self._read(list_act_coders)

    def changes(self, act: int) -> list[Change | None]:
        """The rows an act changed, before and after; None for each whose words were erased.

        Raises:
            NotFound: if there is no such act.
        """
        self._read(act_store.one_act, act)
        return self._read(act_store.changes_of, (act,))[act]

    def verify_history(self) -> HistoryCheck:
        """Recompute the chain of the history, and say which act is changed, missing or moved."""
        return self._read_anew(act_store.verify_acts)

    def content_digest(self) -> str:
        """SHA-256 of what the study holds, by names: equal for equal content, however made.

        Left out are row numbers, the history, what is computed, the order of the codebook, and when
        a file was taken in.
        """
        return self._read_anew(content_digest)
