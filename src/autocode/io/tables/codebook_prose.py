"""Codes and what they mean in the lines of a document: fields, headings, paths, outlines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .codebook_entries import Entry
from .codebook_headings import field_of, level_of
from .codebook_levels import read_tree, split_paths
from .document_lines import DocumentLine

_TITLE = re.compile(
    r"code ?books?|coding (?:frame|framework|scheme|manual|guide)|code system|code ?list|"
    r"(?:k|c)ode?buch|(?:k|c)odier(?:leitfaden|manual|schema)|kategoriensystem|(?:k|c)odesystem|"
    r"(?:livre|grille|liste) (?:de|des) (?:codes|codage)|libro de c[óo]digos|"
    r"livro de c[óo]digos|libro dei codici|codeboek|codelijst|kodbok|kodningsschema|kodebo[kg]",
    re.IGNORECASE,
)
_LONGEST_TITLE = 120
_LABELLED = re.compile(
    r"[ \t]*(?:[-*•][ \t]+)?\**(?P<key>[^\W\d_][^:\t\n]{0,38}?)\**[ \t]*:\**[ \t]*(?P<value>.*)"
)
_ITEM = re.compile(r"[-*•◦▪‣–—]\s+|\(?\d{1,3}(?:\.\d{1,3})*[.)]?\s+")
_DEFINED = re.compile(r"(?P<name>[^:\n]{1,80}?)(?:\s*:\s+|\s+[–—-]\s+|\t+\s*)(?P<text>\S.*)")
_KIND = re.compile(r"(?:code|theme|category)\s*:\s+", re.IGNORECASE)
_PATH_MARK = re.compile(r"[>\\]|::")
_PLAIN_PATH_MARK = re.compile(r"\w\s*(?:>>|\\|::)\s*\w")
_PARTS = frozenset(
    ("definition", "comment", "inclusion", "exclusion", "examples", "memo", "colour")
)
_CODE_LEVEL = 30
LONGEST_NAME = 80
"""Characters of the longest name of a code that a document may hold."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Entries with their paths, and what they were read from."""

    entries: Sequence[tuple[tuple[str, ...], Entry]]
    account: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Label:
    """What a line such as "CODE: Fares" holds: a code's name and level, or a part of a code."""

    value: str
    part: str = ""
    level: int = 0


class _Writer:
    """Puts codes and what is said of them into entries, in the order of the lines."""

    def __init__(self, *, memo_defines: bool = False) -> None:
        self.entries: list[tuple[tuple[str, ...], Entry]] = []
        self._stack: list[tuple[tuple[int, int], str]] = []
        self._parts: dict[str, str] = {}
        self._part = "definition"
        self._memo_defines = memo_defines

    def start(self, name: str, line: int, rank: tuple[int, int], *, codable: bool = True) -> None:
        """Begin a code below the last one of a lower rank."""
        while self._stack and self._stack[-1][0] >= rank:
            self._stack.pop()
        self._stack.append((rank, name))
        self._parts, self._part = ({} if codable else {"codable": "no"}), "definition"
        path = tuple(name for _, name in self._stack)
        self.entries.append((path, Entry(name=name, line=line, parts=self._parts)))

    def add(self, words: str, part: str | None = None) -> None:
        """Add to what the code means, or to another part; without one it goes on with the last."""
        if part == "comment" or (part == "memo" and self._memo_defines):
            part = "definition"
        self._part = part or self._part
        self._parts[self._part] = f"{self._parts.get(self._part, '')}\n{words}".strip()


def name_title(text: str) -> str:
    """The words of a title that say that this is a codebook, if it has such words."""
    words = re.sub(r"[_\-.]+", " ", text)
    match = _TITLE.search(words) if len(words) <= _LONGEST_TITLE else None
    return match[0] if match else ""


def read_labelled(lines: Sequence[DocumentLine]) -> Reading | None:
    """Lines that name a code or category ("CODE: Fares"), each followed by what it means."""
    labels = [_read_label(line) for line in lines]
    names = [label for label in labels if label and not label.part]
    parts = {label.part for label in labels if label and label.part}
    n_labelled = sum(label is not None for label in labels)
    is_tree = len({label.level for label in names}) > 1
    if len(names) < 2 or not (parts or is_tree) or n_labelled * 2 < len(lines):
        return None
    pairs = list(zip(lines, labels, strict=True))
    is_indented = any(line.indent for line, label in pairs if label and not label.part)
    writer = _Writer(memo_defines="definition" not in parts)
    for line, label in pairs:
        if label is None:
            if writer.entries:
                writer.add(line.words.strip())
        elif label.part:
            if writer.entries:
                writer.add(label.value, label.part)
        else:
            rank = (line.indent, 0) if is_indented else (0, label.level)
            codable = label.level >= _CODE_LEVEL
            writer.start(label.value, line.number, rank, codable=codable)
    n_categories = sum("codable" in entry.parts for _, entry in writer.entries)
    noun = "category" if n_categories == 1 else "categories"
    notes = (f"{n_categories} {noun} that cannot be applied",) if n_categories else ()
    return Reading(writer.entries, "lines that name codes and categories", notes)


def _read_label(line: DocumentLine) -> _Label | None:
    match = _LABELLED.fullmatch(line.words)
    if match is None:
        return None
    key, value = match["key"].strip(), match["value"].strip(" *")
    field, level = field_of(key), level_of(key)
    if value and level is not None and level < 100:
        return _Label(value=value, level=level)
    if value and field == "name":
        return _Label(value=value, level=_CODE_LEVEL)
    return _Label(value=value, part=field) if field in _PARTS else None


def read_path_lines(lines: Sequence[DocumentLine]) -> Reading | None:
    """A path of codes in each line ("barriers>>cost"), and after a tab what the last one means."""
    names = [(line.cells[0] if line.cells else line.words).strip() for line in lines]
    if len(names) < 3 or max(map(len, names)) > 2 * LONGEST_NAME:
        return None
    tree = split_paths(names)
    is_marked = sum(bool(_PATH_MARK.search(name)) for name in names) * 2 >= len(names)
    if tree is None or not is_marked or not _PATH_MARK.search(tree.account):
        return None
    if any(name.startswith(("<", ">")) for name in names):
        return None  # names of speakers in angle brackets, or quoted mail
    meanings = ["\n".join(line.cells[1:]) for line in lines]
    return Reading(_pair(tree.paths, lines, meanings), tree.account)


def read_plain_path_lines(lines: Sequence[DocumentLine]) -> Reading | None:
    """Path lines whose mark nobody puts behind a speaker's name ("Ann> Hello")."""
    is_plain = any(_PLAIN_PATH_MARK.search(line.words) for line in lines)
    return read_path_lines(lines) if is_plain else None


def read_headings(lines: Sequence[DocumentLine]) -> Reading | None:
    """A code under each heading, at the heading's level; the paragraphs below say what it means."""
    if sum(bool(line.heading) and not is_title(line) for line in lines) < 2:
        return None
    writer = _Writer()
    for line in lines:
        if line.heading and not is_title(line):
            name = _KIND.sub("", line.words.strip(), count=1)
            writer.start(name, line.number, (line.heading, 0))
        elif writer.entries and not line.heading:
            label = _read_label(line)
            if label is not None and label.part:
                writer.add(label.value, label.part)
            else:
                writer.add(line.words.strip())
    return Reading(writer.entries, "headings read as codes")


def is_title(line: DocumentLine) -> bool:
    """Whether a line says that this is a codebook."""
    return bool(name_title(line.words))


def read_outline(lines: Sequence[DocumentLine]) -> Reading | None:
    """Bullets, numbers or indents, with what an item means after a colon, a dash or a tab."""
    items = [line for line in lines if not is_title(line)]
    n_items = sum(bool(_ITEM.match(line.words.strip()) or line.indent) for line in items)
    if len(items) < 3 or n_items * 2 < len(items):
        return None
    names: list[str] = []
    meanings: list[str] = []
    for line in items:
        words = line.words.strip()
        match = _DEFINED.fullmatch(words)
        names.append(" " * line.indent + (match["name"] if match else words))
        meanings.append(match["text"] if match else "")
    if max(len(name.strip()) for name in names) > LONGEST_NAME:
        return None
    if tree := read_tree(names):
        return Reading(_pair(tree.paths, items, meanings), tree.account)
    bare = [(_ITEM.sub("", name.strip(), count=1),) for name in names]
    return Reading(_pair(bare, items, meanings), "")


def _pair(
    paths: Sequence[tuple[str, ...]], lines: Sequence[DocumentLine], meanings: Sequence[str]
) -> list[tuple[tuple[str, ...], Entry]]:
    return [
        (
            path,
            Entry(
                name=path[-1],
                line=line.number,
                parts={"definition": meaning.strip()} if meaning.strip() else {},
            ),
        )
        for path, line, meaning in zip(paths, lines, meanings, strict=True)
    ]
