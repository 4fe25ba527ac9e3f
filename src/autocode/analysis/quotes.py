"""Quotes: what participants said under a code or in a theme, with who said it and where.

A quote is a span that people coded (or a segment of a draft theme), once: codings of one code with
the same span, or inside a longer span of the same code, are one quote that names all their coders.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..core.arguments import checked
from ..core.codebook import Codebook
from ..core.coding import Case, Coder, Coding
from ..core.errors import InputError, NotFound, NothingToDo
from ..core.thematic_map import MapTheme, ThematicMap
from ..core.theme import ThemeDraft
from ..core.transcript import Role, Segment, Span, Transcript
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from .code_counts import list_codes_below
from .people import keep_people

_NO_MAP = ThematicMap()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One excerpt under one code or draft theme.

    `participant` is the case, or transcript and speaker where no case is known; `position` is for a
    reader ("Kofi, turn 12"); `role` is the speaker's. `before` and `after` are the turns around it,
    where asked for. `coders` is empty for quotes of a draft theme.
    """

    key: str
    name: str
    transcript: str
    span: Span
    excerpt: str
    participant: str
    position: str
    role: Role = "unknown"
    attributes: Mapping[str, str] = field(default_factory=dict)
    coders: tuple[str, ...] = ()
    memos: tuple[str, ...] = ()
    before: str = ""
    after: str = ""


def describe_source(quote: Quote, values: Iterable[str]) -> str:
    """Who said it and where: "P03 (nurse; ward), P03_ward, Kofi, turn 12".

    `values` are those of the attributes. A speaker without a case is named by the position alone.
    """
    said_of = [*(["interviewer"] if quote.role == "interviewer" else []), *values]
    person = "" if quote.participant.startswith(f"{quote.transcript}/") else quote.participant
    known = "; ".join(said_of)
    people = f"{person} ({known})" if person and known else person or known
    return ", ".join(part for part in (people, quote.transcript, quote.position) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteList(Result):
    """Quotes in order of code or theme, value of the attribute `by`, transcript and span.

    `n_left_out` counts those beyond `at_most` for each participant under a code or theme.
    """

    of: str
    quotes: tuple[Quote, ...]
    attributes: tuple[str, ...]
    by: str | None = None
    at_most: int | None = None
    n_left_out: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The quotes as plain data."""
        return to_payload(
            "quotes",
            {
                "of": self.of,
                "by": self.by,
                "at_most": self.at_most,
                "n_left_out": self.n_left_out,
                "quotes": to_plain(self.quotes),
            },
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a quote, with a column for each attribute of participants."""
        kind = self.of.removesuffix("s")
        has_context = any(quote.before or quote.after for quote in self.quotes)
        return [
            {
                kind: quote.key,
                f"{kind}_name": quote.name,
                "participant": quote.participant,
                "role": quote.role,
                **{name: quote.attributes.get(name, "") for name in self.attributes},
                "position": quote.position,
                **({"before": quote.before} if has_context else {}),
                "excerpt": quote.excerpt,
                **({"after": quote.after} if has_context else {}),
                "coders": "; ".join(quote.coders),
                "memos": "; ".join(quote.memos),
                "transcript": quote.transcript,
                "start": quote.span.start,
                "end": quote.span.end,
            }
            for quote in self.quotes
        ]


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteOptions:
    """Which quotes to collect.

    Without `codes` and `themes`, every code. A code brings along those below it, a theme of the
    thematic map (by key or name) its codes and segments and those of themes below; other `themes`
    are draft themes, by key. `coder` keeps the
    codings of one person; `by` sorts by an attribute of participants; `context` is a number of
    turns before and after; `at_most` bounds the quotes of one participant under a code or theme:
    those that most people coded are kept, the earlier of equals.

    Raises:
        InputError: if both codes and themes are named.
    """

    codes: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    coder: str | None = None
    by: str | None = None
    context: int = 0
    at_most: int | None = None

    def __post_init__(self) -> None:
        if self.codes and self.themes:
            raise InputError("Ask for quotes of codes or of themes, not of both at once.")


def collect_quotes(
    options: QuoteOptions,
    *,
    transcripts: Sequence[Transcript],
    codebook: Codebook,
    codings: Iterable[Coding],
    coders: Sequence[Coder],
    cases: Sequence[Case],
    draft: ThemeDraft | None,
    thematic_map: ThematicMap = _NO_MAP,
) -> QuoteList:
    """The quotes that `options` ask for; only people's codings count.

    Raises:
        NotFound: for a code, theme, coder or attribute that is not in the study.
        NothingToDo: if nothing is coded so, or a theme is asked for and there is none.
        InputError: if a coder is named with a draft theme.
    """
    attributes = tuple(sorted({name for case in cases for name in case.attributes}))
    if options.by is not None and options.by not in attributes:
        raise NotFound.among("attribute", options.by, attributes)
    places = _Places({t.name: t for t in transcripts}, cases, options.context)
    people = keep_people(codings, (), coders).codings
    _check_coder(options.coder, coders)
    if options.themes:
        quotes = []
        for name in dict.fromkeys(options.themes):
            if (theme := _find_on_map(name, draft, thematic_map)) is not None:
                quotes += _quotes_of_map(theme, thematic_map, options, codebook, people, places)
            else:
                quotes += _quotes_of_draft(name, draft, thematic_map, options, places)
    else:
        quotes = _quotes_of_codes(options, codebook, people, places)
    if not quotes:
        raise NothingToDo("Nobody has coded anything so. See what is coded: autocode codes list")
    chosen = _keep_at_most(quotes, options.at_most)
    if options.by is not None:
        order = {quote.key: at for at, quote in reversed(list(enumerate(chosen)))}
        chosen.sort(key=lambda q: (order[q.key], q.attributes.get(options.by or "", "")))
    return QuoteList(
        of="themes" if options.themes else "codes",
        quotes=tuple(chosen),
        attributes=attributes,
        by=options.by,
        at_most=options.at_most,
        n_left_out=len(quotes) - len(chosen),
    )


class _Places:
    """Who said the words of a span, where they stand, and what stands around them."""

    def __init__(
        self, transcripts: Mapping[str, Transcript], cases: Sequence[Case], context: int
    ) -> None:
        self._transcripts = transcripts
        self._attributes = {case.name: case.attributes for case in cases}
        self._context = context

    def order(self, transcript: str, span: Span) -> tuple[str, int, int]:
        return transcript, span.start, -span.end

    def quote(
        self, key: str, name: str, transcript: str, span: Span, work: Sequence[Coding]
    ) -> Quote:
        source = self._transcripts[transcript]
        participant, role = self._participant(source, span)
        before, after = self._around(source, span)
        return Quote(
            key=key,
            name=name,
            transcript=transcript,
            span=span,
            excerpt=" ".join(span.of(source.text).split()),
            participant=participant,
            position=source.locate(span),
            role=role,
            attributes=self._attributes.get(participant, {}),
            coders=tuple(sorted({coding.coder for coding in work if coding.coder})),
            memos=tuple(dict.fromkeys(c.memo for c in work if c.memo)),
            before=before,
            after=after,
        )

    def _participant(self, source: Transcript, span: Span) -> tuple[str, Role]:
        """Who said most of the span's words, the case or transcript and speaker, and their role."""
        said: Counter[str | None] = Counter()
        for turn in self._turns(source, span):
            said[turn.speaker] += turn.span.overlap(span)
        speaker = said.most_common(1)[0][0] if said else None
        known = next((s for s in source.speakers if s.name == speaker), None)
        case = (known and known.case) or source.case
        role: Role = known.role if known else "unknown"
        return case or f"{source.name}/{speaker or 'unnamed'}", role

    def _turns(self, source: Transcript, span: Span, around: int = 0) -> Sequence[Any]:
        first = bisect_right(source.turns, span.start, key=lambda turn: turn.span.end)
        last = bisect_left(source.turns, span.end, key=lambda turn: turn.span.start)
        return source.turns[max(0, first - around) : last + around]

    def _around(self, source: Transcript, span: Span) -> tuple[str, str]:
        """The words of the turns before and after, and of this turn outside the span."""
        if not self._context:
            return "", ""
        turns = self._turns(source, span, self._context)
        if not turns:
            return "", ""
        before = Span(min(turns[0].span.start, span.start), span.start)
        after = Span(span.end, max(turns[-1].span.end, span.end))
        return tuple(" ".join(part.of(source.text).split()) for part in (before, after))  # type: ignore[return-value]


def _quotes_of_codes(
    options: QuoteOptions,
    codebook: Codebook,
    codings: Iterable[Coding],
    places: _Places,
) -> list[Quote]:
    wanted = _with_codes_below(codebook, options.codes)
    work: dict[str, list[Coding]] = {}
    for coding in codings:
        if coding.code in wanted and options.coder in (None, coding.coder):
            work.setdefault(coding.code, []).append(coding)
    quotes = []
    for _, code in codebook.walk():
        for transcript, span, of_span in _merge_inner(work.get(code.id, ()), places):
            quotes.append(places.quote(code.id, code.name, transcript, span, of_span))
    return quotes


def _with_codes_below(codebook: Codebook, names: Sequence[str]) -> frozenset[str]:
    """Ids of the codes of these names and of all below them; of every code without names."""
    if not names:
        return frozenset(codebook.by_id)
    below = list_codes_below(codebook)
    ids = [codebook.find(name).id for name in names]
    return frozenset(key for code in ids for key in (code, *below[code]))


def _merge_inner(
    codings: Sequence[Coding], places: _Places
) -> list[tuple[str, Span, list[Coding]]]:
    """Spans in reading order, each with its codings and those inside it."""
    merged: list[tuple[str, Span, list[Coding]]] = []
    for coding in sorted(codings, key=lambda c: (*places.order(c.transcript, c.span), c.coder)):
        if merged:
            transcript, span, work = merged[-1]
            # In this order whatever lies inside an earlier span ends before the last span does.
            if transcript == coding.transcript and coding.span.end <= span.end:
                work.append(coding)
                continue
        merged.append((coding.transcript, coding.span, [coding]))
    return merged


def _check_coder(coder: str | None, coders: Sequence[Coder]) -> None:
    names = [known.name for known in coders]
    if coder is not None and coder not in names:
        raise NotFound.among("coder", coder, names)


def _find_on_map(name: str, draft: ThemeDraft | None, thematic_map: ThematicMap) -> MapTheme | None:
    """The theme of the map with this key or name, unless a draft theme has that key."""
    if draft is not None and any(theme.key == name for theme in draft.themes):
        return None
    wanted = name.strip().casefold()
    for theme in thematic_map.themes:
        if theme.key == name or theme.name.casefold() == wanted:
            return theme
    return None


def _quotes_of_map(
    theme: MapTheme,
    thematic_map: ThematicMap,
    options: QuoteOptions,
    codebook: Codebook,
    codings: Iterable[Coding],
    places: _Places,
) -> list[Quote]:
    """What was coded with the theme's codes, and segments put under it, those below included."""
    themes = [theme]
    codes: set[str] = set()
    for one in themes:  # grows while it is gone through
        themes += thematic_map.children(one.key)
        codes |= _with_codes_below(codebook, one.codes) if one.codes else frozenset()
    work = [c for c in codings if c.code in codes and options.coder in (None, c.coder)]
    if options.coder is None:
        work += [
            Coding(transcript=placed.transcript, span=placed.span, code=one.key, coder="")
            for one in themes
            for placed in one.segments
        ]
    return [
        places.quote(theme.key, theme.name, transcript, span, of_span)
        for transcript, span, of_span in _merge_inner(work, places)
    ]


def _quotes_of_draft(
    key: str,
    draft: ThemeDraft | None,
    thematic_map: ThematicMap,
    options: QuoteOptions,
    places: _Places,
) -> list[Quote]:
    if options.coder is not None:
        raise InputError("Draft themes have no coders. Leave the coder out.")
    if draft is None and not thematic_map.themes:
        raise NothingToDo(
            "There are no themes. First run: autocode themes draft STUDY, or autocode map add"
        )
    themes = {} if draft is None else {theme.key: theme for theme in draft.themes}
    if key not in themes:
        known = [*(theme.name for theme in thematic_map.themes), *themes]
        raise NotFound.among("theme", key, known)

    def order(segment: Segment) -> tuple[str, int, int]:
        return places.order(segment.transcript, segment.span)

    return [
        places.quote(key, themes[key].name, segment.transcript, segment.span, ())
        for segment in sorted((m.segment for m in themes[key].members), key=order)
    ]


def _keep_at_most(quotes: Sequence[Quote], most: int | None) -> list[Quote]:
    """At most so many quotes of one participant under each code or theme, in the same order."""
    if most is None:
        return list(quotes)
    kept: Counter[tuple[str, str]] = Counter()
    rows: set[int] = set()
    for at in sorted(range(len(quotes)), key=lambda at: -len(quotes[at].coders)):
        group = (quotes[at].key, quotes[at].participant)
        if kept[group] < most:
            kept[group] += 1
            rows.add(at)
    return [quote for at, quote in enumerate(quotes) if at in rows]
