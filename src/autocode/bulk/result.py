"""What a run over a corpus gave: its themes with their counts, and how well they fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from ..core.counted import say_count
from ..core.theme import UnassignedReason
from ..serialise.plain import to_payload
from ..serialise.result import Result
from ..themes.wording import describe_reason
from .theme_nodes import Exemplar

_MORE_UNPLACED = 1.5
_ALLOWANCE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkTheme:
    """A theme or sub-theme with its rows in the whole corpus.

    `parent` is empty for a theme of the first level; `n_groups` counts participants or documents,
    None where no column names them; `mean_strength` is the mean cosine of its rows with the theme
    of the first level.
    """

    key: str
    parent: str
    level: int
    name: str
    terms: tuple[str, ...]
    n_rows: int
    n_groups: int | None
    mean_strength: float
    cut_off: float
    exemplars: tuple[Exemplar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How many rows no theme took: of those that the themes were drafted for, and of later ones.

    `drafted_from` names the input of the draft where that was another one.
    """

    n_rows: int
    n_unplaced: int
    n_later: int
    n_later_unplaced: int
    drafted_from: str | None = None

    @property
    def still_fits(self) -> bool:
        """Whether later rows stay out hardly more often than those of the draft."""
        if not self.n_later or not self.n_rows:
            return True
        before, later = self.n_unplaced / self.n_rows, self.n_later_unplaced / self.n_later
        return later <= _MORE_UNPLACED * before + _ALLOWANCE

    def describe(self) -> str:
        """How later rows went into the themes, in a sentence; empty where there are none."""
        if not self.n_later:
            return ""
        before = self.n_unplaced / max(1, self.n_rows)
        words = (
            (f"The themes were drafted from {self.drafted_from}. " if self.drafted_from else "")
            + f"{say_count(self.n_later, 'row')} {'is' if self.n_later == 1 else 'are'} in "
            "partitions that "
            "were not there when the themes were "
            f"drafted; {self.n_later_unplaced / self.n_later:.1%} of them are in no theme "
            f"({before:.1%} at the draft)."
        )
        if self.still_fits:
            return words
        return f"{words} The themes no longer fit: draft them anew with --refit."


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkCode:
    """How many rows a code was suggested for.

    `n_coded` excerpts people gave it; in `n_first` rows it is the first suggestion; `n_expected` is
    the sum of its probabilities over all rows, None where they are not calibrated. It is
    auto-acceptable from the probability `auto_accept_from`, None: never.
    """

    code: str
    name: str
    n_coded: int
    n_first: int
    n_likely: int
    n_auto_acceptable: int
    n_expected: float | None
    auto_accept_from: float | None

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The columns of a table of codes."""
        return tuple(one.name for one in fields(cls))


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkSuggestions:
    """What was suggested for the rows of a corpus, and from how much.

    People have read `n_read` excerpts of `n_transcripts`; `n_likely` and `n_auto_acceptable` rows
    have such a suggestion; `n_read_rows` rows are among the excerpts that were read. `digests` are
    those of the files, in their order.
    """

    calibrated: bool
    n_read: int
    n_transcripts: int
    n_likely: int
    n_auto_acceptable: int
    n_read_rows: int
    codes: tuple[BulkCode, ...]
    digests: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    def describe(self, n_rows: int) -> str:
        """What came of it, in words."""
        if not self.n_read:
            learned = "from the words of the codebook alone; probabilities are not calibrated"
        else:
            learned = (
                f"from {say_count(self.n_read, 'coded excerpt')} of "
                f"{say_count(self.n_transcripts, 'transcript')}"
            )
            if not self.calibrated:
                learned += "; too few to calibrate probabilities"
        return (
            f"{say_count(len(self.codes), 'code')} suggested {learned}: "
            f"{self.n_likely} of {say_count(n_rows, 'row')} have a "
            f"likely one, {self.n_auto_acceptable} an auto-acceptable one"
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a code."""
        return [asdict(code) for code in self.codes]

    def to_plain(self) -> dict[str, Any]:
        """All but the digests as plain data."""
        plain = asdict(self) | {"remarks": list(self.remarks), "codes": self.to_rows()}
        return {name: value for name, value in plain.items() if name != "digests"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult(Result):
    """A corpus in draft themes.

    `suggestions` is None where no codebook was given. `n_distinct` counts rows whose words differ;
    `reasons` how many rows are in no theme, by reason.
    """

    folder: str
    n_rows: int
    n_distinct: int
    n_copies: int
    n_partitions: int
    reasons: Mapping[str, int]
    themes: tuple[BulkTheme, ...]
    fit: Fit
    encoder: str
    encoder_digest: str
    languages: tuple[str, ...]
    suggestions: BulkSuggestions | None = None

    @property
    def first_level(self) -> tuple[BulkTheme, ...]:
        """The themes of the first level, the one of most groups first."""
        return tuple(theme for theme in self.themes if not theme.parent)

    @property
    def n_unassigned(self) -> int:
        """Rows in no theme."""
        return sum(self.reasons.values())

    def list_within(self, key: str) -> tuple[BulkTheme, ...]:
        """All sub-themes of a theme, however deep."""
        return tuple(theme for theme in self.themes if theme.key.startswith(f"{key}."))

    def describe_missing(self) -> str:
        """Why there are no themes, in a sentence; empty where there are some."""
        if self.themes:
            return ""
        return (
            "No themes were drafted: the excerpts are too few, or too unlike each other "
            f"(with different words: {self.n_distinct})."
        )

    def describe_reasons(self) -> str:
        """Why rows are in no theme, with how many, in words."""
        return "; ".join(
            f"{describe_reason(UnassignedReason(reason))}: {n}"
            for reason, n in self.reasons.items()
        )

    def to_dict(self) -> dict[str, Any]:
        """The result as plain data, without the exemplars' words."""
        return to_payload(
            "bulk",
            {
                "folder": self.folder,
                "n_rows": self.n_rows,
                "n_distinct": self.n_distinct,
                "n_copies": self.n_copies,
                "n_partitions": self.n_partitions,
                "n_unassigned": self.n_unassigned,
                "reasons": dict(self.reasons),
                "encoder": self.encoder,
                "encoder_digest": self.encoder_digest,
                "languages": self.languages,
                "n_later": self.fit.n_later,
                "still_fits": self.fit.still_fits,
                "themes": self.to_rows(),
                "suggestions": None if self.suggestions is None else self.suggestions.to_plain(),
            },
        )

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a theme or sub-theme."""
        return [
            {
                "theme": theme.key,
                "parent": theme.parent,
                "level": theme.level,
                "name": theme.name,
                "terms": ", ".join(theme.terms),
                "n_rows": theme.n_rows,
                "n_groups": theme.n_groups,
                "mean_strength": theme.mean_strength,
                "cut_off": theme.cut_off,
            }
            for theme in self.themes
        ]
