"""What the cells of a table of codings say: which codes, which transcript, which lines, when."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime

from ...core.codebook import Code, Codebook, make_code_id
from ...core.errors import NotFound
from ...core.transcript import Transcript

MOST_CODES = 60
"""How many codes one cell may name."""

# Blanks are taken from where they begin only, else a line of them takes quadratic time.
_STRICT_PATH = re.compile(r"(?<!\s)\s*+(?:>|»|→|\\+|::)\s*")
_PATH = re.compile(r"(?<!\s)\s*+(?:>|»|→|\\+|/|::)\s*|:\s+")
_COLON = re.compile(r":\s+")
_DOT = re.compile(r"\.")
_SEPARATOR = re.compile(r"[;|\n,]")
_HARD = frozenset(";|\n")
_FOLDERS = re.compile(r"[\\/]+")
# ATLAS.ti writes a document's number in front of its name: "12: I01.txt", "D 12: I01", "P 3: I01".
_NUMBER = re.compile(r"^(?:[A-Z]\s?)?\d+\s*:\s*")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}$")
_RANGE = re.compile(r"^\s*(\d{1,11})\s*(?:-|–|\.\.|to|bis|:)\s*(\d{1,11})\s*$")
_PARAGRAPHS = re.compile(r"^\s*¶?\s*(\d{1,9})(?:\s*(?:-|–|to|bis)\s*¶?\s*(\d{1,9}))?\s*$")


class CodeNames:
    """The codes of a codebook by all that a table may call them.

    With `makes_new`, a name that the codebook does not have becomes a code, kept in `made`.
    """

    def __init__(self, codebook: Codebook, *, makes_new: bool = False) -> None:
        self._codebook = codebook
        self._makes_new = makes_new
        self.made: dict[str, Code] = {}
        self._by_name: dict[str, list[Code]] = {}
        for code in codebook:
            for name in {fold(code.name), fold(code.id)}:
                self._by_name.setdefault(name, []).append(code)

    def find(self, written: str) -> Code:
        """The code with this id, name or path; of a longer path than the codebook's, its end.

        Raises:
            NotFound: if there is none, or several.
        """
        known = self._look_up(written)
        if known is not None:
            return known
        if self._makes_new and not self._by_name.get(fold(written)):
            return self.made.setdefault(fold(written), self._make(written))
        return self._codebook.find(written)

    def _make(self, written: str) -> Code:
        """A new code of this name; its id is the name in lower case, with hyphens."""
        name = " ".join(written.split())
        taken = {*self._codebook.by_id, *(code.id for code in self.made.values())}
        return Code(id=make_code_id(name, taken), name=name)

    def _look_up(self, written: str) -> Code | None:
        if written in self._codebook.by_id:
            return self._codebook.by_id[written]
        for name in (written, written.strip().strip("\"“”'")):
            for matches in (self._by_name.get(fold(name), []), *self._at_path(name)):
                if len(matches) == 1:
                    return matches[0]
                if matches:
                    return None
        return None

    def split(self, cell: str) -> list[str]:
        """The codes a cell names, parted at line ends, semicolons, bars and commas.

        A comma parts codes only where the codebook has what stands before and after it, since
        names of codes may hold commas; the longest names win.
        """
        if self.knows(cell):
            return [cell.strip()]
        cuts = [match.start() for match in _SEPARATOR.finditer(cell)][: MOST_CODES * 2]
        bounds = [-1, *cuts, len(cell)]
        names: list[str] = []
        first = 0
        while first < len(bounds) - 1:
            last = next(
                (
                    last
                    for last in range(len(bounds) - 1, first, -1)
                    if self.knows(cell[bounds[first] + 1 : bounds[last]])
                ),
                0,
            ) or self._next_hard_cut(cell, bounds, first)
            names.append(cell[bounds[first] + 1 : bounds[last]].strip())
            first = last
        return list(dict.fromkeys(name for name in names if name))[:MOST_CODES]

    def _next_hard_cut(self, cell: str, bounds: list[int], first: int) -> int:
        """Where an unknown name ends: at a sign that is no comma, or before a known name."""
        for last in range(first + 1, len(bounds) - 1):
            after = cell[bounds[last] + 1 : bounds[last + 1]]
            if cell[bounds[last]] in _HARD or self.knows(after):
                return last
        return len(bounds) - 1

    def knows(self, written: str) -> bool:
        """Whether this names one code."""
        return bool(written.strip()) and self._look_up(written.strip()) is not None

    def _at_path(self, written: str) -> Iterator[list[Code]]:
        r"""The codes whose own path is the end of a written path: "Codes\Access\Cost"."""
        for mark in (_STRICT_PATH, _COLON, _PATH, _DOT):
            parts = [fold(part) for part in mark.split(written) if part and part.strip()]
            if len(parts) < 2:
                continue
            matches = self._by_name.get(parts[-1], [])
            # First those with as much of the path as is written, then those with less.
            yield [code for code in matches if self._path(code)[-len(parts) :] == parts]
            yield [c for c in matches if self._ends(parts, c, strict=mark is _STRICT_PATH)]

    def _ends(self, parts: list[str], code: Code, *, strict: bool) -> bool:
        """Whether a written path ends in a code's own, and what is before it is no list of codes.

        "Cost/Distance" may be two codes where there is a code "Cost"; "Cost > Distance" is a path.
        """
        path = self._path(code)
        above = parts[: len(parts) - len(path)]
        if parts[len(above) :] != path or any(_SEPARATOR.search(part) for part in above):
            return False
        return strict or not any(part in self._by_name for part in above)

    def _path(self, code: Code) -> list[str]:
        path = [fold(code.name)]
        while code.parent is not None:
            code = self._codebook.by_id[code.parent]
            path.insert(0, fold(code.name))
        return path


class DocumentNames:
    """Transcripts by all that a table may call them."""

    def __init__(self, transcripts: Iterable[Transcript]) -> None:
        self._by_name: dict[str, set[str]] = {}
        self.known: list[str] = []
        for transcript in transcripts:
            self.known.append(transcript.name)
            for name in (transcript.name, transcript.source.name):
                for variant in (fold(name), _SUFFIX.sub("", fold(name))):
                    self._by_name.setdefault(variant, set()).add(transcript.name)

    def find(self, written: str) -> str:
        """The transcript that is written so, whatever its case, suffix, folder or number in front.

        Raises:
            NotFound: if there is none, or several.
        """
        if written in self.known:
            return written
        name = fold(written)
        last = _FOLDERS.split(name)[-1]
        bare = _NUMBER.sub("", name[:1].upper() + name[1:]).casefold()
        for variant in (name, last, bare, _FOLDERS.split(bare)[-1]):
            for form in (variant, _SUFFIX.sub("", variant)):
                names = self._by_name.get(form.strip(), set())
                if len(names) == 1:
                    return next(iter(names))
                if names:
                    shown = ", ".join(sorted(names)[:6])
                    raise NotFound(f"'{written}' may be several transcripts ({shown}).")
        raise NotFound.among("transcript", written, self.known)


def fold(name: str) -> str:
    """A name without case, composition of letters, and extra blanks."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def read_range(cell: str) -> tuple[str, str] | None:
    """The two numbers of a range of characters: "27-89"."""
    match = _RANGE.match(cell)
    return (match[1], match[2]) if match else None


def read_paragraphs(first: str, last: str) -> tuple[int, int] | None:
    """The first and last paragraph: "¶ 8", "8 - 10", or a number in each of two cells."""
    begin, end = _PARAGRAPHS.match(first), _PARAGRAPHS.match(last)
    if begin is None:
        return None
    beyond = begin[2] or (end[1] if end else begin[1])
    return int(begin[1]), max(int(begin[1]), int(beyond))


def read_date(cell: str) -> str:
    """A date in ISO 8601; nothing for others, of which it is not known what month they mean."""
    try:
        datetime.fromisoformat(cell.strip().replace("Z", "+00:00"))
    except ValueError:
        return ""
    return cell.strip()
