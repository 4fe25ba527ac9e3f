"""Transcripts as a reader sees them: words in pieces, with codes and suggestions beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..core.codebook import Codebook
from ..core.coding import Coding
from ..core.span_index import SpanIndex
from ..core.suggestion import Evidence, Precedent, Suggestion
from ..core.transcript import Segment, Span, Speaker, Transcript
from ..suggest.explain import describe_neighbour
from ..suggest.readable import EvidenceReader

_MOST_SPEAKERS = 8
# Below this confidence a guessed role carries a question mark.
_CERTAIN = 0.9


@dataclass(frozen=True, slots=True)
class CodeOption:
    """A code that a reader can filter by."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Words with one and the same codes (their names); `colour` is that of the first, or None."""

    words: str
    codes: tuple[str, ...] = ()
    colour: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedCode:
    """A code that was applied somewhere in a segment, and by whom."""

    code: str
    name: str
    colour: str
    coders: tuple[str, ...]
    memos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceQuote:
    """Words that count as evidence; `number` is a similarity, or what they add to the score."""

    words: str
    number: str


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One kind of evidence: what it is, and the words; `is_quoted`: they stand in quotes."""

    label: str
    quotes: tuple[EvidenceQuote, ...]
    is_quoted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedCode:
    """A suggestion for a segment with its evidence; `is_likely`: the machine would apply it."""

    code: str
    name: str
    colour: str
    probability: float
    is_likely: bool
    evidence: tuple[EvidenceLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRow:
    """One segment in the report. `time` is "h:mm:ss" where the source has times.

    `is_context` marks an interviewer's words or a note that nobody has coded.
    """

    speaker: str
    anchor: str
    time: str
    pieces: tuple[TextPiece, ...]
    applied: tuple[AppliedCode, ...]
    suggested: tuple[SuggestedCode, ...]
    is_context: bool

    @property
    def has_likely(self) -> bool:
        """Whether the machine would apply one of the suggestions."""
        return any(suggestion.is_likely for suggestion in self.suggested)

    @property
    def filter_key(self) -> str:
        """The ids of codes applied or likely here, as the page's filter looks for them."""
        likely = (s.code for s in self.suggested if s.is_likely)
        return "".join(f"|{code}" for code in (*(a.code for a in self.applied), *likely)) + "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptView:
    """A transcript with its segments; `speakers` are names with roles."""

    name: str
    language: str | None
    source: str
    speakers: str
    rows: tuple[SegmentRow, ...]


def view_transcript(
    transcript: Transcript,
    segments: Sequence[Segment],
    codings: Sequence[Coding],
    suggestions: Sequence[Suggestion],
    codebook: Codebook,
    colours: Mapping[str, str],
    evidence: EvidenceReader,
    *,
    anchor: str,
) -> TranscriptView:
    """A transcript ready to show; `segments`, `codings`, `suggestions` are of it alone.

    `colours` gives the colour of a code by its id; `evidence` picks what is shown of evidence;
    `anchor` is what the anchors of its segments begin with.
    """
    suggested: dict[Span, list[SuggestedCode]] = {}
    for suggestion in suggestions:
        suggested.setdefault(suggestion.span, []).append(
            _view_suggestion(suggestion, codebook, colours, evidence)
        )
    turn_starts = {turn.span.start for turn in transcript.turns}
    applied = SpanIndex(codings)
    rows = []
    for number, segment in enumerate(segments):
        inside = applied.overlapping(segment.span)
        # Where only turns are timed a time says when the turn began, not what is inside it.
        is_timed = bool(transcript.times) or segment.span.start in turn_starts
        rows.append(
            SegmentRow(
                speaker=segment.speaker or "",
                anchor=f"{anchor}-{number}",
                time=_format_time(transcript.times_of(segment.span)[0] if is_timed else None),
                pieces=_cut_pieces(transcript.text, segment.span, inside, codebook, colours),
                applied=_list_applied(inside, codebook, colours),
                suggested=tuple(suggested.get(segment.span, ())),
                is_context=segment.role in ("interviewer", "note") and not inside,
            )
        )
    return TranscriptView(
        name=transcript.name,
        language=transcript.language,
        source=transcript.source.name,
        speakers=", ".join(map(_describe_speaker, transcript.speakers[:_MOST_SPEAKERS])),
        rows=tuple(rows),
    )


def _cut_pieces(
    text: str,
    span: Span,
    codings: Iterable[Coding],
    codebook: Codebook,
    colours: Mapping[str, str],
) -> tuple[TextPiece, ...]:
    """The words of a span, cut wherever a coding begins or ends."""
    inside = [(max(c.span.start, span.start), min(c.span.end, span.end), c.code) for c in codings]
    ends = (end for start, stop, _ in inside for end in (start, stop))
    cuts = sorted({span.start, span.end, *ends})
    pieces = []
    for start, end in pairwise(cuts):
        codes = tuple(dict.fromkeys(code for a, b, code in inside if a <= start and end <= b))
        names = tuple(codebook.by_id[code].name for code in codes)
        pieces.append(TextPiece(text[start:end], names, colours[codes[0]] if codes else None))
    return tuple(pieces)


def _list_applied(
    codings: Iterable[Coding], codebook: Codebook, colours: Mapping[str, str]
) -> tuple[AppliedCode, ...]:
    by_code: dict[str, list[Coding]] = {}
    for coding in codings:
        by_code.setdefault(coding.code, []).append(coding)
    return tuple(
        AppliedCode(
            code=code,
            name=codebook.by_id[code].name,
            colour=colours[code],
            coders=tuple(sorted({coding.coder for coding in same})),
            memos=tuple(f"{coding.coder}: {coding.memo}" for coding in same if coding.memo),
        )
        for code, same in by_code.items()
    )


def _view_suggestion(
    suggestion: Suggestion,
    codebook: Codebook,
    colours: Mapping[str, str],
    evidence: EvidenceReader,
) -> SuggestedCode:
    return SuggestedCode(
        code=suggestion.code,
        name=codebook.by_id[suggestion.code].name,
        colour=colours[suggestion.code],
        probability=suggestion.probability,
        is_likely=suggestion.likely,
        evidence=tuple(_list_evidence(evidence.read(suggestion), suggestion.code, codebook)),
    )


def _list_evidence(evidence: Evidence, code: str, codebook: Codebook) -> Iterator[EvidenceLine]:
    """Codebook, precedents, counter-examples, words and adjacent codes, a line each."""
    phrase = evidence.phrase
    if phrase is not None:
        quote = EvidenceQuote(phrase.text, f"{phrase.similarity:.2f}")
        yield EvidenceLine(phrase.part.capitalize(), (quote,))
    for precedent in evidence.precedents:
        label = f"Coded so by {', '.join(precedent.coders)}"
        yield EvidenceLine(label, (_quote(precedent),))
    for counter in evidence.counter_examples:
        names = ", ".join(codebook.by_id[code].name for code in counter.codes if code in codebook)
        label = f"Coded otherwise ({names or 'no code applied'})"
        yield EvidenceLine(label, (_quote(counter),))
    if evidence.words:
        quotes = [EvidenceQuote(word, f"+{part:.2f}") for word, part in evidence.words]
        yield EvidenceLine("Words that raised the score", tuple(quotes))
    adjacent = [
        EvidenceQuote(
            describe_neighbour(n, codebook.by_id[n.code].name, of=code),
            f"+{n.part:.2f}",
        )
        for n in evidence.neighbours
    ]
    if adjacent:
        yield EvidenceLine("Adjacent codes", tuple(adjacent), is_quoted=False)
    if evidence.guide is not None:
        likeness = f"{evidence.guide.similarity:.2f}"
        quote = EvidenceQuote(evidence.guide.describe(), likeness)
        yield EvidenceLine("Interview guide", (quote,), is_quoted=False)


def _quote(precedent: Precedent) -> EvidenceQuote:
    return EvidenceQuote(precedent.excerpt, f"{precedent.similarity:.2f}")


def _describe_speaker(speaker: Speaker) -> str:
    doubt = "?" if speaker.basis == "guessed" and speaker.confidence < _CERTAIN else ""
    case = f", {speaker.case}" if speaker.case else ""
    return f"{speaker.name} ({speaker.role}{doubt}{case})"


def _format_time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
