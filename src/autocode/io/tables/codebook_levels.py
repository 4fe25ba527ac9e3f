"""The tree that names of codes spell: paths ("Barriers > Cost"), indents, bullets, numbers.

Each way of writing is judged over all names together, since a single name may hold any mark.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ...core.codebook import PATH_ROOTS
from ...core.errors import InputError

Path = tuple[str, ...]

MOST_LEVELS = 100
"""How deep codes may be nested; people work with a handful of levels."""


@dataclass(frozen=True, slots=True)
class WrittenTree:
    """The path of each name, in order, and how it was read.

    `made` counts parents that have no name of their own in the list.
    """

    paths: tuple[Path, ...]
    account: str


@dataclass(frozen=True, slots=True)
class _Mark:
    """What parts the names of a path: shown as, matched as, and how much must speak for it.

    Of the names that hold it, `support` must share what stands above them with another name;
    `coverage` is the share of all names that must hold it or stand above one that does.
    """

    shown: str
    pattern: re.Pattern[str]
    support: float = 0.5
    coverage: float = 0.0


# Marks that stand inside single names as well ("and/or", "e.g.") need more to speak for them.
_MARKS = (
    _Mark(">", re.compile(r"(?<!\s)\s*+(?:>{1,2}|[→»›])\s*")),
    _Mark("\\", re.compile(r"(?<!\s)\s*+\\{1,2}\s*")),
    _Mark("::", re.compile(r"(?<!\s)\s*+::\s*")),
    _Mark("|", re.compile(r"(?<!\s)\s*+\|{1,2}\s*")),
    _Mark("/", re.compile(r"(?<!\s)\s*+/{1,2}\s*"), support=0.8, coverage=0.75),
    _Mark(":", re.compile(r":\s+"), support=0.8, coverage=0.75),
    _Mark("-", re.compile(r"\s+[-–—]\s+"), support=0.8, coverage=0.75),
    _Mark(".", re.compile(r"(?<=\w)\.(?=[^\W\d])"), support=0.5, coverage=1.0),
)
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")

_SUPPORTED, _SUPPORTED_COMMON = 0.5, 0.8
_NUMBER = re.compile(r"\(?((?:\d{1,3}|[A-Za-z])(?:\.\d{1,3}){0,9})[.)]?[\s:]+(\S.*)", re.DOTALL)
_NUMBERED = 0.8
_BULLET = re.compile(r"([-–—*•◦▪‣⁃·●○■□>#]+|o(?=\s))\s*(?=\S)")
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{1,3})*\.?")


def read_tree(names: Sequence[str]) -> WrittenTree | None:
    """The tree that names spell, if they do; blanks in front of a name count.

    Each name is given once, also where names repeat.
    """
    for read in (split_paths, read_indents, read_numbers):
        if tree := read(names):
            return tree
    return None


def split_paths(names: Sequence[str]) -> WrittenTree | None:
    """Names as paths, where the names together say that a mark parts them."""
    clean = [name.strip() for name in names]
    best, read = 0.0, None
    for mark in _MARKS:
        paths = [_split(name, mark) for name in clean]
        if (coverage := _cover(paths, mark)) > best:
            best, read = coverage, (mark, paths)
    if read is None:
        return None
    mark, paths = read
    return WrittenTree(tuple(_strip_root(paths)), f"paths split at '{mark.shown}'")


def describe_unsplit(names: Sequence[str]) -> tuple[str, ...]:
    """Notes of marks of paths that stand in names which were kept whole."""
    notes = []
    for mark in _MARKS:
        if mark.shown in ("-", ":"):
            continue
        holding = [name.strip() for name in names if len(_split(name.strip(), mark)) > 1]
        if len(holding) > (mark.shown in "./"):
            count = "1 name" if len(holding) == 1 else f"{len(holding)} names"
            notes.append(
                f"{count} with '{mark.shown}' kept whole, such as '{holding[0]}'; write ' > ' "
                "between the parts of all names to make levels of them"
            )
    return tuple(notes)


def _split(name: str, mark: _Mark) -> Path:
    """The parts of a name; what stands in brackets is not parted."""
    if not mark.pattern.search(name):
        return (name,)
    inside = [match.span() for match in _IN_BRACKETS.finditer(name)]
    parts: list[str] = []
    start = 0
    for match in mark.pattern.finditer(name):
        if not any(first < match.start() < last for first, last in inside):
            parts.append(name[start : match.start()].strip())
            start = match.end()
    parts.append(name[start:].strip())
    return tuple(filter(None, parts)) or (name,)


def _cover(paths: Sequence[Path], mark: _Mark) -> float:
    """The share of names that belong to a tree which the mark parts; 0 where too little says so.

    A split name is supported if what stands above it is a name of its own or above another one, or
    if its last part is that of another one.
    """
    split = [path for path in paths if len(path) > 1]
    if not split:
        return 0.0
    whole = set(paths)
    above = Counter(path[:-1] for path in set(split))
    last = Counter(path[-1] for path in set(split))
    n_supported = sum(
        path[:-1] in whole or above[path[:-1]] > 1 or last[path[-1]] > 1 for path in split
    )
    prefixes = {path[:n] for path in split for n in range(1, min(len(path), MOST_LEVELS))}
    covered = sum(len(path) > 1 or path in prefixes for path in paths) / len(paths)
    if mark.coverage and (len(split) == 1 or covered < mark.coverage):
        return 0.0
    is_parted = n_supported >= mark.support * len(split)
    is_everywhere = not mark.coverage and covered == 1 and len(split) > 1
    return covered if is_parted or is_everywhere else 0.0


def _strip_root(paths: list[Path]) -> list[Path]:
    """Paths without the name that another program puts above all of them."""
    roots = {path[0] for path in paths}
    if len(roots) == 1 and next(iter(roots)).casefold() in PATH_ROOTS and min(map(len, paths)) > 1:
        return [path[1:] for path in paths]
    return paths


def read_indents(names: Sequence[str]) -> WrittenTree | None:
    """Names under the last one that begins further left, or has fewer or other bullets."""
    if len(names) < 2:
        return None
    widths = [_width(name) for name in names]
    bare = [name.strip() for name in names]
    bullets = [match[1] if (match := _BULLET.match(name)) else "" for name in bare]
    has_bullets = sum(map(bool, bullets)) >= max(2, 0.3 * len(names))
    is_indented = _is_indented(widths)
    if not is_indented and not (has_bullets and len(set(bullets)) > 1):
        return None
    if has_bullets:
        bare = [
            name[len(mark) :].strip() if mark else name
            for name, mark in zip(bare, bullets, strict=True)
        ]
    ranks = widths if is_indented else _rank_bullets(bullets)
    paths: list[Path] = []
    stack: list[tuple[int, str]] = []
    for rank, name in zip(ranks, bare, strict=True):
        while stack and stack[-1][0] >= rank:
            stack.pop()
        stack.append((rank, name))
        if len(stack) > MOST_LEVELS:
            raise InputError(f"nests codes deeper than the limit of {MOST_LEVELS} levels")
        paths.append(tuple(name for _, name in stack))
    return WrittenTree(
        tuple(paths), "indents read as levels" if is_indented else "bullets read as levels"
    )


def _width(name: str) -> int:
    front = name[: len(name) - len(name.lstrip())]
    return len(front.replace("\r", "").replace("\n", "").expandtabs(4))


def _is_indented(widths: Sequence[int]) -> bool:
    """Whether widths are levels rather than a stray blank; the first name stands at the left."""
    some = [width for width in widths if width > widths[0]]
    if not some or min(widths) < widths[0]:
        return False
    return min(some) - widths[0] > 1 or (len(some) > 1 and len(some) >= 0.3 * len(widths))


def _rank_bullets(bullets: Sequence[str]) -> list[int]:
    """Levels by the order in which bullets occur; a run of one mark by its length."""
    order: list[str] = []
    for bullet in bullets:
        if bullet not in order:
            order.append(bullet)
    if len({bullet[:1] for bullet in order if bullet}) == 1:
        return [len(bullet) for bullet in bullets]
    return [order.index(bullet) for bullet in bullets]


def read_numbers(names: Sequence[str]) -> WrittenTree | None:
    """Names numbered 1, 1.1, 1.1.2, each under the one whose number is the beginning of its own."""
    numbered = [_NUMBER.fullmatch(name.strip()) for name in names]
    numbers = [tuple(match[1].split(".")) if match else () for match in numbered]
    bare = [
        match[2].strip() if match else name.strip()
        for match, name in zip(numbered, names, strict=True)
    ]
    paths = read_number_column(numbers, bare)
    return None if paths is None else WrittenTree(paths, "numbers such as 1.1 read as levels")


def read_number_column(
    numbers: Sequence[tuple[str, ...]], names: Sequence[str]
) -> tuple[Path, ...] | None:
    """Paths of names by their numbers (parts of "1.1.2"), if the numbers form a tree."""
    given = [number for number in numbers if number]
    deep = [number for number in given if len(number) > 1]
    known = {number: name for number, name in zip(numbers, names, strict=True) if number}
    if not deep or len(given) < _NUMBERED * len(numbers) or len(known) < len(given):
        return None
    if sum(number[:-1] in known for number in deep) < _NUMBERED * len(deep):
        return None
    return tuple(
        (*(known[number[:n]] for n in range(1, len(number)) if number[:n] in known), name)
        for number, name in zip(numbers, names, strict=True)
    )


def number_parts(text: str) -> tuple[str, ...]:
    """The parts of a number such as "1.1.2"; empty if it is none."""
    return tuple(text.strip(".").split(".")) if _DOTTED.fullmatch(text) else ()
