"""Rich Text as lines of words, as it is shown with all changes accepted.

A file is a stream of control words and text in nested groups, each of which inherits the state of
the group around it. Groups that are no running text (fonts, pictures, headers) are passed over;
deleted and hidden words, footnotes and comments are counted or kept apart.
Source: Rich Text Format specification 1.9.1 (Microsoft 2008).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from .document import BOLD, NOT_BOLD, mark, without_marks
from .rtf_codecs import (
    SYMBOLS,
    decode_octets,
    find_codec_of_charset,
    find_codec_of_page,
    wants_more,
)
from .rtf_lines import RichLines

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n\x00]+"
    r"|([^\\{}\r\n\x00]+)|\\",
    re.DOTALL,
)
_CHARACTERS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "emdash": "—", "endash": "–", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emspace": "\u2003",
    "enspace": "\u2002", "qmspace": "\u2005", "zwj": "\u200d", "zwnj": "\u200c",
    "ltrmark": "\u200e", "rtlmark": "\u200f",
}  # fmt: skip
_SYMBOLS = {"~": "\xa0", "_": "-", "{": "{", "}": "}", "\\": "\\"}
_LOOKS = {"v": "hidden", "deleted": "deleted", "b": "bold"}
_PARAGRAPH_ENDS = {"par", "sect", "page", "column"}
_PASSED_OVER = frozenset(
    """colortbl stylesheet info pict nonshppict shprslt sp fldinst xe tc txe rxe pntext template
    filetbl listtable listoverridetable revtbl rsidtbl generator themedata upr nonesttables
    footnote""".split()  # noqa: SIM905 - as a list it would be a screen of quotes
)
_HEADERS = {f"{kind}{side}" for kind in ("header", "footer") for side in ("", "l", "r", "f")}
_BOXES = {"shptxt", "dptxbxtext"}
_SMALL = {"atnauthor", "atnref", "atrfstart", "atrfend"}
_HOLD_WORDS = {"shpinst", "do", "nesttableprops"}
"""Groups that are marked as ignorable and hold words or rows all the same."""
_DEAD = {"passed over", "header"}


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits: what kind of group it is in, and how its words look."""

    group: str = "text"
    hidden: bool = False
    deleted: bool = False
    bold: bool = False
    in_table: bool = False
    depth: int = 1
    n_fallback: int = 1
    font: int | None = None
    starts: bool = False


@dataclass(eq=False)
class RichWalk:
    """One pass over Rich Text; `body` holds the lines, `notes` the comments by number."""

    body: RichLines = field(default_factory=RichLines)
    notes: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    n_changes: int = 0
    is_whole: bool = False
    _state: _State = field(default_factory=_State)
    _stack: list[tuple[_State, RichLines]] = field(default_factory=list)
    _lines: RichLines = field(init=False)
    _page: str = "cp1252"
    _charsets: dict[int, int] = field(default_factory=dict)
    _default_font: int = 0
    _octets: bytearray = field(default_factory=bytearray)
    _high: int = 0
    _n_skipped: int = 0
    _starred: bool = False
    _small: str = ""
    _author: str = ""
    _number: str = ""

    def __post_init__(self) -> None:
        self._lines = self.body

    def read(self, rich: str) -> None:
        """Walk through a whole file, whose bytes are given as Latin-1."""
        at = 0
        while not self.is_whole and (token := _TOKEN.match(rich, at)):
            at = token.end()
            word, number = token[1], token[2]
            if token[3] is not None:
                self._read_octet(int(token[3], 16))
            elif word == "bin":
                at += max(0, int(number or 0))
            elif word is not None:
                self._end_octets()
                self._read_word(word, None if number is None else int(number))
            else:
                self._read_other(token[4], token[5], token[6])
        self._end_octets()
        self.body.end()

    def _read_other(self, symbol: str | None, brace: str | None, text: str | None) -> None:
        """Take in an escaped sign, an end of a group, or plain text."""
        rest = self._end_octets(text or "")
        if brace is not None:
            self._turn_group(opens=brace == "{")
        elif symbol is not None:
            self._read_symbol(symbol)
        elif rest:
            self._read_text(rest)

    def _turn_group(self, *, opens: bool) -> None:
        self._n_skipped, self._starred = 0, False
        if opens:
            self._stack.append((self._state, self._lines))
            self._state = replace(self._state, starts=True)
        elif self._stack:
            self._close(*self._stack.pop())
            self.is_whole = not self._stack

    def _read_word(self, word: str, number: int | None) -> None:
        self._n_skipped = 0
        if self._state.starts:
            starred, self._starred = self._starred, False
            self._state = replace(self._state, starts=False)
            kind = self._name_group(word, starred=starred)
            if kind is not None:
                self._state = replace(self._state, group=kind)
                return
        if word == "u" and number is not None:
            self._write_number(number % 65536)
            self._n_skipped = self._state.n_fallback
        elif word in _CHARACTERS:
            self._write(_CHARACTERS[word])
        elif not self._change_look(word, number):
            self._end_part(word)

    def _name_group(self, word: str, *, starred: bool) -> str | None:
        """The kind of the group that opens with this word; None if the word names none."""
        group = self._state.group
        if group in _DEAD or word in _HOLD_WORDS:
            return group
        if word in _HEADERS:
            return "header"
        if word in _PASSED_OVER:
            self.left_out["footnote"] += word == "footnote"
            return "passed over"
        if word in _SMALL or word == "fonttbl":
            self._small = ""
            return word
        if word == "annotation" or word in _BOXES:
            return self._open_apart(word)
        return "passed over" if starred else None

    def _open_apart(self, word: str) -> str:
        """Begin lines of their own, of a comment or a text box."""
        outer, self._lines = self._lines, RichLines()
        self._state = replace(self._state, in_table=False, depth=1)
        if word == "annotation":
            return word
        outer.boxes.append(self._lines)
        return "text"

    def _close(self, state: _State, lines: RichLines) -> None:
        """Leave a group for the one around it."""
        group = self._state.group
        if lines is not self._lines:
            self._lines.end()
        if group == "annotation" and state.group != group:
            number = self._number or f"c{len(self.notes)}"
            words = "\n".join(line.words for line in self._lines.lines)
            self.notes[number] = (self._author.strip(), words, "")
            lines.write(mark("P", number), depth=state.depth)
            self._number = ""
        elif group in _SMALL and state.group != group:
            self._take_small(group, self._small.strip(), state.depth)
        self._state, self._lines = state, lines

    def _take_small(self, group: str, words: str, depth: int) -> None:
        if group == "atnauthor":
            self._author = words
        elif group == "atnref":
            self._number = without_marks(words)
        else:
            self._lines.write(mark("S" if group == "atrfstart" else "E", words), depth=depth)

    def _change_look(self, word: str, number: int | None) -> bool:
        """Take in what changes how words are read or shown; False for another control word."""
        state, on = self._state, number != 0
        if word in _LOOKS:
            self._state = replace(state, **{_LOOKS[word]: on})  # type: ignore[arg-type]
            self.n_changes += word == "deleted" and on
        elif word == "plain":
            self._state = replace(state, hidden=False, deleted=False, bold=False, font=None)
        elif word == "f":
            self._state = replace(state, font=number)
        elif word == "uc":
            self._state = replace(state, n_fallback=min(max(number or 0, 0), 10))
        elif word == "revised":
            self.n_changes += on
        else:
            return self._set_codec(word, number or 0) or self._change_paragraph(word, number)
        return True

    def _set_codec(self, word: str, number: int) -> bool:
        """Take in what says in which code page bytes are; False for another control word."""
        if word == "fcharset":
            self._charsets[self._state.font or 0] = number
        elif word == "ansicpg":
            self._page = find_codec_of_page(number)
        elif word == "mac":
            self._page = "mac_roman"
        elif word == "deff":
            self._default_font = number
        else:
            return False
        return True

    def _change_paragraph(self, word: str, number: int | None) -> bool:
        if word == "pard":
            self._state = replace(self._state, in_table=False, depth=1)
            self._lines.heading = 0
        elif word == "intbl":
            self._state = replace(self._state, in_table=True)
        elif word == "itap":
            self._state = replace(self._state, depth=max(number or 0, 1), in_table=bool(number))
        elif word == "outlinelevel":
            self._lines.heading = number + 1 if number is not None and 0 <= number < 9 else 0
        else:
            return False
        return True

    def _end_part(self, word: str) -> None:
        """End a paragraph, a cell or a row, where its end is shown."""
        state = self._state
        if state.group in _DEAD:
            return
        if word in _PARAGRAPH_ENDS:
            if not (state.hidden or state.deleted):
                self._lines.end_paragraph(in_table=state.in_table, depth=state.depth)
        elif word in ("cell", "nestcell"):
            self._lines.end_cell(inner=word == "nestcell")
        elif word in ("row", "nestrow"):
            self._lines.end_row(inner=word == "nestrow")

    def _read_symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._starred = True
        elif symbol in "\r\n":
            self._end_part("par")
        elif symbol in _SYMBOLS:
            self._read_text(_SYMBOLS[symbol])

    def _read_text(self, text: str) -> None:
        if self._state.starts and text.strip():
            self._state = replace(self._state, starts=False)
        skipped = min(self._n_skipped, len(text))
        self._n_skipped -= skipped
        if text[skipped:].isascii():
            self._write(text[skipped:])
        else:  # bytes that should have been written as \'hh
            self._write(decode_octets(text[skipped:].encode("latin-1"), self._find_codec()))

    def _read_octet(self, octet: int) -> None:
        if self._n_skipped:
            self._n_skipped -= 1
        else:
            self._octets.append(octet)

    def _end_octets(self, text: str = "") -> str:
        """Write the bytes read so far; the text behind them, less what was half of a character."""
        if not self._octets:
            return text
        codec = self._find_codec()
        if text and wants_more(bytes(self._octets), codec):
            self._octets += text[0].encode("latin-1")
            text = text[1:]
        octets, self._octets = bytes(self._octets), bytearray()
        self._write(decode_octets(octets, codec))
        return text

    def _write_number(self, number: int) -> None:
        """Write a character by its 16-bit number; those beyond are written as two numbers."""
        high, self._high = self._high, 0
        if 0xD800 <= number < 0xDC00:
            self._high = number
        elif 0xDC00 <= number < 0xE000:
            whole = 0x10000 + ((high - 0xD800) << 10) + number - 0xDC00
            self._write(chr(whole) if high else "\ufffd")
        elif number >= 32:
            self._write(chr(number))

    def _find_codec(self) -> str:
        font = self._default_font if self._state.font is None else self._state.font
        return find_codec_of_charset(self._charsets.get(font, 1)) or self._page

    def _write(self, words: str) -> None:
        state = self._state
        if state.group in _SMALL:
            self._small += words
        elif state.group == "header" and any(map(str.isalpha, words)):
            self.left_out["headers and footers"] = 1
        elif state.group not in ("text", "annotation") or state.deleted or not words:
            return
        elif state.hidden:
            self.left_out["hidden word"] += len(words.split())
        elif state.font is not None and self._charsets.get(state.font) == SYMBOLS:
            self.left_out["symbol"] += len(words.strip())
        else:
            plain = without_marks(words)
            self._lines.write(
                f"{BOLD}{plain}{NOT_BOLD}" if state.bold else plain, depth=state.depth
            )
