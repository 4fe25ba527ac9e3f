"""The comments of a document as codings by those who made them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from ..core.codebook import Code, Codebook
from ..core.coding import Coding
from ..core.counted import say_count
from ..core.errors import NotFound
from ..core.transcript import Span, Transcript
from ..io.source import SourceFile
from ..io.transcripts.comment_codes import find_codes
from ..io.transcripts.document import Comment
from ..io.transcripts.formats import choose_reader
from ..store.codebook import codebook as read_codebook
from ..store.codebook import put_codes
from ..store.codings import add_codings
from ..store.file import Connection

_SHOWN = 6
_SHOWN_LETTERS = 40


def add_comment_codings(
    connection: Connection, source: SourceFile, transcript: Transcript
) -> list[str]:
    """Add comments that name codes as codings of the words they stand at; what to say of it all.

    A remark is the memo of its author's codings of the same words. One that stands alone is no
    coding: it is left out, and said to be. A name that is no code of the study becomes one.
    """
    parsed = choose_reader(source).read(source)
    if not parsed.comments:
        return []
    if parsed.text != transcript.text:
        return ["comments cannot be placed in turns that were joined; import without --join-turns"]
    known = read_codebook(connection)
    new: dict[str, Code] = {}
    remarks: dict[tuple[str, Span], list[str]] = defaultdict(list)
    named: list[tuple[Comment, Span, str]] = []
    for comment in parsed.comments:
        span = _clip(comment.span, transcript)
        codes = find_codes(comment.words, known)
        named += [(comment, span, _find(name, known, new)) for name in codes]
        if not codes and comment.words.strip():
            remarks[_author(comment, source), span].append(comment.words.strip())
    codings = [
        Coding(
            transcript=transcript.name,
            span=span,
            code=code,
            coder=_author(comment, source),
            made_at=comment.made_at,
            memo="\n".join(remarks.get((_author(comment, source), span), ())),
        )
        for comment, span, code in named
    ]
    if new:
        put_codes(connection, Codebook(tuple(new.values())))
    add_codings(connection, codings)
    coded = {(coding.coder, coding.span) for coding in codings}
    alone = [words for place, said in remarks.items() if place not in coded for words in said]
    return [*_describe_codings(codings, list(new)), *_describe_remarks(alone)]


def _author(comment: Comment, source: SourceFile) -> str:
    return " ".join(comment.author.split()) or f"comments in {source.name}"


def _find(name: str, known: Codebook, new: dict[str, Code]) -> str:
    try:
        return known.find(name).id
    except NotFound:
        return new.setdefault(name.casefold(), Code(id=name, name=name)).id


def _clip(span: Span, transcript: Transcript) -> Span:
    """The words of turns in a span, without labels at its edges; all of it where there are none."""
    inside = [turn.span for turn in transcript.turns if turn.span.overlap(span)]
    if not inside:
        return span
    return Span(max(span.start, inside[0].start), min(span.end, inside[-1].end))


def _describe_codings(codings: Sequence[Coding], new: Sequence[str]) -> list[str]:
    if not codings:
        return []
    counts = Counter(coding.coder for coding in codings)
    by = ", ".join(f"{coder} ({n})" for coder, n in counts.most_common(_SHOWN))
    more = f" and {len(counts) - _SHOWN} more" if len(counts) > _SHOWN else ""
    said = [f"{say_count(len(codings), 'coding')} from comments, by {by}{more}"]
    if new:
        said.append(f"{say_count(len(new), 'code')} that the study did not know: {_list_some(new)}")
    return said


def _describe_remarks(remarks: Sequence[str]) -> list[str]:
    if not remarks:
        return []
    shown = [f"'{' '.join(words.split())[:_SHOWN_LETTERS]}'" for words in remarks]
    kind = "comment names no code and is" if len(remarks) == 1 else "comments name no code and are"
    return [f"{len(remarks)} {kind} left out: {_list_some(shown)}"]


def _list_some(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
