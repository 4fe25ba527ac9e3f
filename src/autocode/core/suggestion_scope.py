"""For whom codes are suggested, which of them and where, and whose codings are learned from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from .arguments import checked
from .errors import InputError, NotFound

LearnFrom = Literal["all", "own", "codebook"]
LEARN_FROM: tuple[LearnFrom, ...] = get_args(LearnFrom)
"""What is learned from: everybody's codings, those of the coder suggested for, or none."""


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionScope:
    """What a call of `suggest` is about; by default all codes, for what nobody has coded or read.

    Attributes:
        codes: ids of the only codes to suggest; empty for all.
        coded_too: whether segments that were coded or read before are candidates for `codes`.
        coder: for whom; what others have coded or read is then open, and their decisions do not
            count.
        learn_from: whose codings are learned from; None for `own` with a coder, else `all`.

    Raises:
        InputError: if parts do not fit together.
        NotFound: for a `learn_from` that does not exist.
    """

    codes: tuple[str, ...] = ()
    coded_too: bool = False
    coder: str | None = None
    learn_from: LearnFrom | None = None

    def __post_init__(self) -> None:
        """Refuse what does not fit together."""
        if self.coded_too and not self.codes:
            raise InputError("Coded segments are candidates for named codes only: name the codes.")
        if self.coder is not None and not self.coder.strip():
            raise InputError("Nobody is named to suggest for. Give a coder.")
        if self.learn_from == "own" and self.coder is None:
            raise InputError("Learning from own codings needs the coder to suggest for.")
        if self.learn_from is not None and self.learn_from not in LEARN_FROM:
            raise NotFound.among("source to learn from", self.learn_from, LEARN_FROM)

    @property
    def learned_from(self) -> LearnFrom:
        """Whose codings are learned from."""
        return self.learn_from or ("all" if self.coder is None else "own")

    def counts(self, coder: str) -> bool:
        """Whether what `coder` has coded, read or rejected is done with."""
        return self.coder in (None, coder)

    def teaches(self, coder: str) -> bool:
        """Whether the codings of `coder` are learned from."""
        return {"all": True, "own": coder == self.coder, "codebook": False}[self.learned_from]

    def to_parameters(self) -> dict[str, Any]:
        """What a run records of it; read back by `from_parameters`."""
        return {
            "learned_from": self.learned_from,
            "for": self.coder,
            "only_codes": list(self.codes),
            "coded_too": self.coded_too,
        }

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any]) -> SuggestionScope:
        """The scope of a stored run; of one made by an earlier version, the default."""
        codes: Collection[str] = parameters.get("only_codes") or ()
        return cls(
            codes=tuple(codes),
            coded_too=bool(codes) and bool(parameters.get("coded_too")),
            coder=parameters.get("for") or None,
            learn_from=parameters.get("learned_from") or None,
        )
