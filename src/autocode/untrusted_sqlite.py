"""SQLite files that other programs wrote, read as data that may have been made to harm.

The file is opened read-only and immutable: nothing is written beside it, and no trigger runs. Only
plain columns of real tables are read, never a view or a virtual table, whose definitions are
somebody's program (https://www.sqlite.org/security.html). A computed column, and a cell that is too
long, of another type than it should be, or on a damaged page are refused in one line.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .core.errors import FileRefused, one_line

HEADER = b"SQLite format 3\x00"
_HEADER_BYTES, _APPLICATION_ID_AT = 100, 68

LARGEST_CELL = 64 * 1024 * 1024
"""Bytes of one cell; a transcript of a million words has 6 MB."""
MOST_CONTENT = 512 * 1024 * 1024
"""Bytes of all cells that are read of one file."""
MOST_ROWS = 5_000_000
"""Rows that are read of one file."""
LONGEST_SECONDS = 120.0
"""Seconds that SQLite may take until it hands over the next row; it could go in circles."""
_STEPS_BETWEEN_LOOKS = 50_000
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")

DAMAGED = "is damaged, or not a whole SQLite file"
_AGAIN = "Copy it again, or open and save it in the program that made it."


def is_sqlite(path: Path) -> bool:
    """Whether a file begins as SQLite files do."""
    return read_application_id(path) is not None


def read_application_id(path: Path) -> int | None:
    """The number by which a program marks its SQLite files (0 for none); None for other files."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEADER_BYTES)
    except OSError:
        return None
    if len(head) < _HEADER_BYTES or not head.startswith(HEADER):
        return None
    return int.from_bytes(head[_APPLICATION_ID_AT : _APPLICATION_ID_AT + 4])


def find_table_names(path: Path) -> frozenset[str]:
    """The tables of an SQLite file, to tell which program wrote it; none where it is unreadable."""
    try:
        with open_untrusted(path, checked=False) as database:
            return frozenset(database.columns)
    except FileRefused:
        return frozenset()


@dataclass(frozen=True, slots=True)
class ForeignRow:
    """One row: its table and number for messages, and its cells by column.

    The getters raise FileRefused where a cell is of another type.
    """

    path: Path
    table: str
    number: int
    cells: Mapping[str, Any]

    def text(self, column: str) -> str:
        """A cell as text: empty for NULL or a column that is not there; numbers in digits."""
        value = self.cells.get(column)
        if value is None:
            return ""
        if isinstance(value, bytes):
            raise self.refuse(column, "bytes where text should be")
        return value if isinstance(value, str) else f"{value:g}" if value % 1 else str(int(value))

    def integer(self, column: str) -> int:
        """A cell as a whole number, also where it is stored as 12.0 or "12"."""
        value = self.find_integer(column)
        if value is None:
            raise self.refuse(column, "nothing where a number should be")
        return value

    def find_integer(self, column: str) -> int | None:
        """The same, None for NULL, an empty text, or a column that is not there."""
        value = self.cells.get(column)
        if value is None or value == "":
            return None
        if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,18}(?:\.0*)?", value):
            value = float(value) if "." in value else int(value)
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
            return int(value)
        if isinstance(value, int):
            return value
        raise self.refuse(column, f"{type(value).__name__} where a whole number should be")

    def refuse(self, column: str, fault: str) -> FileRefused:
        """What is said of a cell that cannot be used."""
        return FileRefused.because(
            self.path, f"{column} holds {fault}", remedy=_AGAIN, place=self.place
        )

    @property
    def place(self) -> str:
        """The row in words: "row 3 of 'source'"."""
        return f"row {self.number} of '{one_line(self.table, 60)}'"


@dataclass(slots=True)
class UntrustedDatabase:
    """An open file: `columns` by table, and the names of what else it holds (`rules`).

    `rules` are triggers and views: they are never run. `misread` counts cells whose text was in no
    valid UTF-8, and which now hold replacement characters.
    """

    path: Path
    connection: sqlite3.Connection
    columns: Mapping[str, tuple[str, ...]]
    rules: tuple[str, ...]
    watch: _Watch
    misread: int = 0
    _left: int = MOST_CONTENT
    _rows_left: int = MOST_ROWS

    def has(self, table: str, *columns: str) -> bool:
        """Whether there is such a table with all of these columns."""
        return set(columns) <= set(self.columns.get(table, ())) and table in self.columns

    def need(self, tool: str, tables: Mapping[str, Sequence[str]]) -> None:
        """Refuse a file that lacks one of these tables or columns, naming the first.

        Raises:
            FileRefused: it says what is lacking, and that `tool`'s projects have it.
        """
        for table, needed in tables.items():
            missing = next((name for name in needed if not self.has(table, name)), None)
            if table not in self.columns or missing is not None:
                has_table = table in self.columns
                what = f"column '{table}.{missing}'" if has_table else f"table '{table}'"
                other = " (a view or virtual table stands there)" if table in self.rules else ""
                raise FileRefused.because(
                    self.path,
                    f"has no {what}{other}, which every project of {tool} has",
                    remedy=f"Open and save it in {tool}, and import that.",
                )

    def rows(self, table: str, *columns: str) -> Iterator[ForeignRow]:
        """The rows of a table in the order they are stored; none where the table is not there.

        Columns that are not there are left out of the cells.

        Raises:
            FileRefused: if a page is damaged, or there is more than may be read.
        """
        known = self.columns.get(table, ())
        chosen = [name for name in columns if name in known]
        if not chosen:
            return
        listed = ", ".join(map(_quote, chosen))
        with _our_errors(self.path, table):
            cursor = self.connection.execute(f"SELECT {listed} FROM {_quote(table)} NOT INDEXED")
            for number, values in enumerate(cursor, 1):
                self.watch.set_back()
                self._count(values)
                cells = {
                    name: self._decode(value) for name, value in zip(chosen, values, strict=True)
                }
                yield ForeignRow(self.path, table, number, cells)

    def _count(self, values: Sequence[Any]) -> None:
        self._rows_left -= 1
        self._left -= sum(len(v.raw if isinstance(v, _Text) else v) for v in values if _long(v))
        if self._left < 0 or self._rows_left < 0:
            raise FileRefused.because(
                self.path,
                f"holds more than {MOST_CONTENT // 2**20} MB of text or {MOST_ROWS:,} rows",
                remedy="Split the project in the program that made it.",
            )

    def _decode(self, value: Any) -> Any:  # noqa: ANN401 - whatever SQLite stores
        if not isinstance(value, _Text):
            return value
        try:
            return value.raw.decode("utf-8")
        except UnicodeDecodeError:
            self.misread += 1
            return value.raw.decode("utf-8", "replace")


class _Text:
    """A text as it is stored: bytes that ought to be UTF-8."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        self.raw = raw


def _long(value: Any) -> bool:  # noqa: ANN401 - whatever SQLite stores
    return isinstance(value, (_Text, bytes))


@contextlib.contextmanager
def open_untrusted(path: Path, *, checked: bool = True) -> Iterator[UntrustedDatabase]:
    """Open another program's SQLite file; every page is looked at first, unless `checked` is false.

    Raises:
        FileRefused: if it is no SQLite file, is damaged, or has changes lying in a file beside it.
    """
    if read_application_id(path) is None:
        raise FileRefused.because(path, DAMAGED, remedy=_AGAIN)
    if checked:
        _refuse_unsaved(path)
    with _our_errors(path):
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None
        )
    with contextlib.closing(connection):
        with _our_errors(path):
            watch = _restrain(connection)
            columns, rules = _read_schema(connection, path)
            if checked and connection.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                raise FileRefused.because(path, DAMAGED, remedy=_AGAIN)
        connection.text_factory = _Text
        yield UntrustedDatabase(path, connection, columns, rules, watch)


def _refuse_unsaved(path: Path) -> None:
    """Refuse a file whose last changes lie beside it: read alone it would be an older state.

    They lie beside the file itself, not beside a link to it.
    """
    real = path.resolve()
    for suffix in ("-wal", "-journal"):
        beside = real.with_name(real.name + suffix)
        with contextlib.suppress(OSError):
            if beside.stat().st_size > 0:
                raise FileRefused.because(
                    path,
                    f"has changes that are not in it yet, in {beside.name} beside it",
                    remedy="Open it once in the program that made it, close that, and try again.",
                )


class _Watch:
    """Stops SQLite where it takes too long; whoever gets a row sets it back."""

    def __init__(self) -> None:
        self._until = 0.0
        self.set_back()

    def set_back(self) -> None:
        """Begin to count anew."""
        self._until = time.monotonic() + LONGEST_SECONDS

    def is_over(self) -> bool:
        """Whether it has taken too long."""
        return time.monotonic() > self._until


def _restrain(connection: sqlite3.Connection) -> _Watch:
    """Set the limits of a connection; what watches over its time."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_CELL)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    for pragma in (
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "query_only = ON",
        "ignore_check_constraints = ON",
        "mmap_size = 0",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    watch = _Watch()
    connection.set_progress_handler(watch.is_over, _STEPS_BETWEEN_LOOKS)
    return watch


def _read_schema(
    connection: sqlite3.Connection, path: Path
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """The plain columns of the real tables, and the names of triggers, views, virtual tables."""
    columns: dict[str, tuple[str, ...]] = {}
    rules: list[str] = []
    things = connection.execute("SELECT type, name, sql FROM sqlite_master LIMIT 5000").fetchall()
    for kind, name, sql in things:
        if not isinstance(name, str) or kind == "index":
            continue
        written = sql if isinstance(sql, str) else ""  # it may be stored as bytes, too
        if kind != "table" or not re.match(r"CREATE\s+TABLE\b", written, re.IGNORECASE):
            rules.append(name)
        elif _PLAIN_NAME.match(name):
            described = connection.execute(f"PRAGMA table_xinfo({_quote(name)})").fetchall()
            if any(hidden for *_, hidden in described):
                raise FileRefused.because(
                    path,
                    f"has computed columns in '{name}', which no tool's project has",
                    remedy="Do not use this file; ask for a fresh copy.",
                )
            columns[name] = tuple(row[1] for row in described)
    return columns, tuple(rules)


def _quote(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


@contextlib.contextmanager
def _our_errors(path: Path, table: str = "") -> Iterator[None]:
    """SQLite's errors as ours; none quotes what is in the file."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError, OverflowError, ValueError) as error:
        if isinstance(error, FileRefused):
            raise
        name = str(getattr(error, "sqlite_errorname", None) or "")
        place = f"table '{one_line(table, 60)}'" if table else ""
        if name.startswith("SQLITE_TOOBIG") or "too big" in str(error):
            fault = f"holds a cell of more than {LARGEST_CELL // 2**20} MB"
        elif name.startswith("SQLITE_INTERRUPT"):
            fault = f"takes longer than {LONGEST_SECONDS:.0f} seconds to read"
        elif name.startswith("SQLITE_CANTOPEN"):
            fault = "cannot be opened"
        else:
            fault = DAMAGED
        raise FileRefused.because(path, fault, remedy=_AGAIN, place=place) from None
