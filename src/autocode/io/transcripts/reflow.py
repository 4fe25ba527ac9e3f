"""Pages of a printed document as running text: furniture out, hyphens joined, lines made to flow.

A page comes as its lines from top to bottom. What stands at the edge of most pages and not inside
(running heads, page numbers) is furniture, and so are the numbers of lines or paragraphs in a
margin. A turn that runs over a page break is one turn again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_EDGE = 3
"""How many lines at the top and at the bottom of a page can be furniture."""

_SHARE = 0.4
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?i)[\W_]*(?:(?:page|seite|p\.|s\.|página|pagina|strona|sida|side)\s*)?\d{1,4}"
    r"(?:\s*(?:/|of|von|de|van|z|af|av|sur)\s*\d{1,4})?[\W_]*"
)
_HYPHEN = re.compile(r"(?P<head>[^\W\d_]+)(?P<mark>[-\u00ad\u2010])$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ENDS = re.compile(r"[.?!:…]['\"”’»)\]]*$")
_STAYS_HYPHENATED = frozenset("self well non co ex all half cross one two three four five".split())  # noqa: SIM905


def join_pages(pages: Sequence[Sequence[str]]) -> list[str]:
    """All lines of the pages in order, without furniture and with divided words made whole."""
    kept = [_without_margin_numbers([line for line in page if line.strip()]) for page in pages]
    kept = _without_furniture(kept)
    return _join_divided([line for page in kept for line in page])


def reflow(lines: Sequence[str]) -> str:
    """Lines of one turn or text as paragraphs: a line that ends short and full-stopped ends one."""
    full = 0.75 * max((len(line) for line in lines), default=0)
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        words = " ".join(line.split())
        if not words:
            continue
        paragraphs[-1].append(words)
        if len(line) < full and _ENDS.search(words):
            paragraphs.append([])
    return "\n".join(" ".join(paragraph) for paragraph in paragraphs if paragraph)


def _without_margin_numbers(lines: list[str]) -> list[str]:
    """Drop runs of three or more lines that only count on by one: numbers in a margin."""
    kept: list[str] = []
    run: list[str] = []
    for line in [*lines, ""]:
        value = line.strip()
        if value.isdecimal() and len(value) < 6 and (not run or int(value) == int(run[-1]) + 1):
            run.append(value)
            continue
        kept += run if len(run) < 3 else []
        run = [value] if value.isdecimal() and len(value) < 6 else []
        kept += [] if run or not value else [line]
    return kept


def _without_furniture(pages: list[list[str]]) -> list[list[str]]:
    if len(pages) < 2:
        return [[line for line in page if not _is_page_of(line)] for page in pages]
    edges = Counter(key for page in pages for key in {_key(line) for line in _edges(page)})
    inside = Counter(_key(line) for page in pages for line in page[_EDGE:-_EDGE])
    enough = max(2 if len(pages) == 2 else 3, _SHARE * len(pages))
    furniture = {key for key, n in edges.items() if n >= enough and not inside[key]}
    return [_trim_edges(page, furniture) for page in pages]


def _trim_edges(page: list[str], furniture: set[str]) -> list[str]:
    """A page without the furniture at its edges; one line of something else ends an edge."""
    start, end = 0, len(page)
    while start < min(_EDGE, end) and _is_furniture(page[start], furniture):
        start += 1
    while end > max(start, len(page) - _EDGE) and _is_furniture(page[end - 1], furniture):
        end -= 1
    return page[start:end]


def _is_furniture(line: str, furniture: set[str]) -> bool:
    return _key(line) in furniture or _PAGE_NUMBER.fullmatch(line) is not None


def _is_page_of(line: str) -> bool:
    """Whether a line is plainly a page number, such as "1/5"; a lone number is not."""
    return _PAGE_NUMBER.fullmatch(line) is not None and not line.strip().isdecimal()


def _edges(page: list[str]) -> list[str]:
    return page[:_EDGE] + page[-_EDGE:]


def _key(line: str) -> str:
    return _NUMBER.sub("#", " ".join(line.split()).casefold())


def _join_divided(lines: list[str]) -> list[str]:
    """Join words divided at line ends: as the document writes them elsewhere, else as one word."""
    known = Counter(word.casefold() for line in lines for word in _WORD.findall(line))
    joined: list[str] = []
    for line in lines:
        divided = _HYPHEN.search(joined[-1].rstrip()) if joined else None
        rest = _WORD.match(line.lstrip())
        if divided is None or rest is None or not rest[0][0].islower():
            joined.append(line)
            continue
        last = joined.pop().rstrip()[: -len(divided["mark"])]
        mark = divided["mark"] if _keeps_hyphen(divided, rest[0], known) else ""
        tail = line.lstrip()
        # The rest of the word comes up; the other words stay on their line.
        first, _, others = tail.partition(" ")
        joined.append(f"{last}{mark}{first}")
        if others.strip():
            joined.append(others)
    return joined


def _keeps_hyphen(divided: re.Match[str], rest: str, known: Counter[str]) -> bool:
    if divided["mark"] != "-":
        return False
    head, tail = divided["head"].casefold(), rest.casefold()
    with_hyphen, without = known[f"{head}-{tail}"], known[f"{head}{tail}"]
    if with_hyphen != without:
        return with_hyphen > without
    return head in _STAYS_HYPHENATED
