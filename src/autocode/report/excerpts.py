"""Segments as a reader sees them: words in pieces, with the codes and suggestions beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..core.codebook import Codebook
from ..core.coding import Coding
from ..core.suggestion import Suggestion
from ..core.transcript import Segment, Span, Transcript


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words with one and the same codes; `colour` is that of the first."""

    words: str
    codes: tuple[str, ...] = ()
    colour: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A code people gave somewhere in a segment, and who."""

    code: str
    name: str
    colour: str
    coders: tuple[str, ...]
    memos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """A suggestion with the names a reader needs."""

    suggestion: Suggestion
    name: str
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One segment in the report. `time` is "h:mm:ss" where the source has times."""

    segment: Segment
    anchor: str
    time: str
    pieces: tuple[Piece, ...]
    given: tuple[Given, ...]
    offered: tuple[Offered, ...]
    is_context: bool


FALLBACK_COLOURS = (
    "#2b6cb0", "#b7791f", "#2f855a", "#805ad5", "#c53030", "#0f766e", "#9d174d", "#4d7c0f",
    "#0369a1", "#7c2d12",
)  # fmt: skip


def colours(codebook: Codebook) -> dict[str, str]:
    """A colour for each code: its own, its parent's, or one from a fixed list."""
    found: dict[str, str] = {}
    n_used = 0
    for _, code in codebook.walk():
        if code.colour:
            found[code.id] = code.colour
        elif code.parent in found:
            found[code.id] = found[code.parent]
        else:
            found[code.id] = FALLBACK_COLOURS[n_used % len(FALLBACK_COLOURS)]
            n_used += 1
    return found


def ink(colour: str) -> str:
    """Black or white, whichever reads better on `colour` (WCAG 2 relative luminance)."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    if len(digits) != 6 or not all(digit in "0123456789abcdefABCDEF" for digit in digits):
        return "#1f2933"
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#ffffff" if 1.05 / (luminance + 0.05) >= 4.5 else "#1f2933"


def rows(
    transcript: Transcript,
    segments: Sequence[Segment],
    codings: Sequence[Coding],
    suggestions: Sequence[Suggestion],
    codebook: Codebook,
) -> list[Row]:
    """The segments of one transcript, ready to show; arguments are of that transcript only."""
    palette = colours(codebook)
    offers: dict[Span, list[Offered]] = {}
    for suggestion in suggestions:
        name = codebook.by_id[suggestion.code].name
        offers.setdefault(suggestion.span, []).append(
            Offered(suggestion, name, palette[suggestion.code])
        )
    opening = {turn.span.start for turn in transcript.turns}
    ordered = sorted(codings, key=lambda c: (c.span.start, c.span.end))
    found = []
    for number, segment in enumerate(segments):
        inside = [c for c in ordered if c.span.overlap(segment.span)]
        found.append(
            Row(
                segment=segment,
                anchor=f"{_slug(transcript.name)}-{number}",
                # Where only turns are timed a time says when the turn began, not what is inside it.
                time=_clock(transcript.times_of(segment.span)[0])
                if transcript.times or segment.span.start in opening
                else _clock(None),
                pieces=_pieces(transcript.text, segment.span, inside, codebook, palette),
                given=_given(inside, codebook, palette),
                offered=tuple(offers.get(segment.span, ())),
                is_context=segment.role in ("interviewer", "note") and not inside,
            )
        )
    return found


def _pieces(
    text: str,
    span: Span,
    codings: Iterable[Coding],
    codebook: Codebook,
    palette: dict[str, str],
) -> tuple[Piece, ...]:
    inside = [(max(c.span.start, span.start), min(c.span.end, span.end), c.code) for c in codings]
    cuts = sorted({span.start, span.end, *(p for a, b, _ in inside for p in (a, b))})
    pieces = []
    for start, end in pairwise(cuts):
        here = tuple(dict.fromkeys(code for a, b, code in inside if a <= start and end <= b))
        names = tuple(codebook.by_id[code].name for code in here)
        pieces.append(Piece(text[start:end], names, palette[here[0]] if here else None))
    return tuple(pieces)


def _given(
    codings: Iterable[Coding], codebook: Codebook, palette: dict[str, str]
) -> tuple[Given, ...]:
    by_code: dict[str, list[Coding]] = {}
    for coding in codings:
        by_code.setdefault(coding.code, []).append(coding)
    return tuple(
        Given(
            code=code,
            name=codebook.by_id[code].name,
            colour=palette[code],
            coders=tuple(sorted({c.coder for c in same})),
            memos=tuple(f"{c.coder}: {c.memo}" for c in same if c.memo),
        )
        for code, same in by_code.items()
    )


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _slug(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name)
