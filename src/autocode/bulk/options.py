"""What of the input is read, and how finely it is grouped."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.arguments import checked
from ..core.errors import InputError


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class BulkOptions:
    """Columns to read, and the sizes by which the work is cut.

    `group_column` names who or what a row is from (a participant, a document); `domain_column`
    what it is an answer to (a question), so that codes of a domain are suggested for its rows;
    `keep` are columns carried into the output. A partition holds `partition_rows` rows. A theme of
    at least `split_from` rows is drafted anew by itself, and so on down to `most_levels` levels;
    the first draft is made from at most `first_sample` excerpts and each finer one from
    `finer_sample`.
    `refit` drafts themes again where there are some from an earlier run.
    """

    text_column: str = "text"
    group_column: str | None = None
    domain_column: str | None = None
    keep: tuple[str, ...] = ()
    partition_rows: int = 50_000
    split_from: int = 5_000
    most_levels: int = 4
    first_sample: int = 6_000
    finer_sample: int = 1_600
    refit: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "keep", tuple(self.keep))  # a list may be given
        for name in ("partition_rows", "split_from", "most_levels", "first_sample", "finer_sample"):
            if getattr(self, name) < 1:
                raise InputError(f"{name} must be 1 or more, not {getattr(self, name)}.")
        taken = RESERVED & set(self.keep)
        if taken:
            raise InputError(
                f"The column '{sorted(taken)[0]}' cannot be carried along: the output has one of "
                "that name. Rename it in the input."
            )

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of the input that are read, each once, the text first."""
        about = [name for name in (self.group_column, self.domain_column) if name]
        return tuple(dict.fromkeys((self.text_column, *about, *self.keep)))

    def to_fit(self) -> dict[str, int]:
        """What decides the themes, besides texts and encoder."""
        return {
            "split_from": self.split_from,
            "most_levels": self.most_levels,
            "first_sample": self.first_sample,
            "finer_sample": self.finer_sample,
        }


RESERVED = frozenset(
    {"row", "theme", "sub_theme", "strength", "reason", "n_same", "same_as", "group"}
)
"""Columns of the output."""
