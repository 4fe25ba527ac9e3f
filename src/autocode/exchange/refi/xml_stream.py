"""XML as it is written element by element, so that no tree of a large project is held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO
from xml.sax.saxutils import escape

_IN_ATTRIBUTES = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_IN_TEXT = {"\r": "&#13;"}
_ENOUGH = 1 << 16

Attributes = Mapping[str, str | None]
"""By name; those that are None are left out."""


@dataclass(slots=True)
class XmlStream:
    """Writes elements in UTF-8; a container is written with its first child, so never empty."""

    stream: IO[bytes]
    _waiting: list[tuple[str, bool]] = field(default_factory=list)
    _chunks: list[str] = field(default_factory=list)
    _size: int = 0

    def declare(self) -> None:
        """The declaration that a document begins with."""
        self._put('<?xml version="1.0" encoding="utf-8"?>\n')

    def leaf(self, name: str, attributes: Attributes, text: str | None = None) -> None:
        """An element without children."""
        self._open_waiting()
        head = f"{'  ' * len(self._waiting)}<{name}{_attributes(attributes)}"
        self._put(f"{head}/>\n" if text is None else f"{head}>{escape(text, _IN_TEXT)}</{name}>\n")

    @contextmanager
    def element(self, name: str, attributes: Attributes) -> Iterator[None]:
        """An element whose children are written inside."""
        self._open_waiting()
        indent = "  " * len(self._waiting)
        self._put(f"{indent}<{name}{_attributes(attributes)}>\n")
        self._waiting.append((name, True))
        yield
        self._waiting.pop()
        self._put(f"{indent}</{name}>\n")

    @contextmanager
    def container(self, name: str) -> Iterator[None]:
        """An element that is left out where nothing is written inside."""
        self._waiting.append((name, False))
        yield
        name, is_open = self._waiting.pop()
        if is_open:
            self._put(f"{'  ' * len(self._waiting)}</{name}>\n")

    def flush(self) -> None:
        """Hand on what is written so far."""
        # What XML cannot hold was mended before; this keeps a fault of ours from a half file.
        self.stream.write("".join(self._chunks).encode("utf-8", "replace"))
        self._chunks, self._size = [], 0

    def _open_waiting(self) -> None:
        for depth, (name, is_open) in enumerate(self._waiting):
            if not is_open:
                self._put(f"{'  ' * depth}<{name}>\n")
                self._waiting[depth] = (name, True)

    def _put(self, text: str) -> None:
        self._chunks.append(text)
        self._size += len(text)
        if self._size > _ENOUGH:
            self.flush()


def _attributes(attributes: Attributes) -> str:
    return "".join(
        f' {name}="{escape(value, _IN_ATTRIBUTES)}"'
        for name, value in attributes.items()
        if value is not None
    )
