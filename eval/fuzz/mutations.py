"""Ways of damaging a file, each drawn from a generator of random numbers and nothing else."""

from __future__ import annotations

import copy
import io
import json
import random
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree

from database_mutations import damage_database

_NUMBER = re.compile(rb"-?\d+(?:[.,:]\d+)*")
_TAG = re.compile(rb"<[^<>]{1,400}>")
_VALUE = re.compile(rb'="[^"]*"')
_NUMBERS = (
    b"-1", b"0", b"99999999999999999999", b"-99999999999999999999", b"1e400", b"-1e400", b"NaN",
    b"Infinity", b"1e-400", b"0x7fffffff", b"2147483648", b"4294967296", b"65536", b"00000", b"",
    b"99999:99:99.999", b"1" * 5000, "٣".encode(), "²".encode(), "½".encode(), b"true", b"null",
    b"1.2.3",
)  # fmt: skip
_SIGNS = (
    b"\x00", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xed\xb2\xa9", b"\xc3",
    b"\xf4\x90\x80\x80", b"\\ud800", b"\\u0000", b"\\udc00x", "\u202e".encode(), "\u200f".encode(),
    "\ufeff".encode(), "\ufdd0".encode(), "\U0010ffff".encode(), "\u2028".encode(), "\x85".encode(),
    b"\x0b", b"\x0c", b"\x1b[31m", b"\x15", b"\r", b"\r\n\r\n", b'"', b"'", b'""', b",,,,,", b";",
    b"\t\t", b"|", b"{", b"}", b"[", b"]", b"<", b">", b"&", b"\\", "：".encode(), "漢字".encode(),
    "אבג: ".encode(), b"=cmd|' /C calc'!A0", b"sep=;\n", b"---\n", b"Name: ", b": ",
)  # fmt: skip
_WORDS = (
    b"&#0;", b"&#x110000;", b"&lt;", b"<!--", b"]]>", b"<![CDATA[", b"<?x?>", b"\\*", b"\\'",
    b"\\'zz", b"\\u", b"\\u-1?", b"\\bin99", b"\\uc99", b"\\ansicpg999999 ", b"\\f99999999 ",
    b"\\itap9", b"\\row ", b"\\cell ", b"\\nestrow ", b"-->", b" --> ", b"WEBVTT", b"<v >", b"</v>",
    b"00:00:00.000 --> 00:00:00.000", b"%PDF-1.4", b"PK\x03\x04", b"\x1f\x8b\x08", b"{\\rtf1",
    b"endobj", b"<< /Length -1 >>", b"*PAR:\t", b"@Begin",
)  # fmt: skip
_LONG = (
    b"\n" * 500, b" " * 5000, b"a" * 20000, b"a " * 4000, b"a: b\n" * 400, b"[" * 4000,
    b"<a>" * 2000, b"{" * 4000, b'{"a":' * 3000, b"(" * 4000, b"<< " * 2000, b"> " * 2000,
)  # fmt: skip
_TOKENS = (*_SIGNS, *_WORDS, *_LONG)
_CODECS = (
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-8-sig",
    "cp1252",
    "koi8-r",
    "shift_jis",
    "gb18030",
)
_VALUES: tuple[object, ...] = (
    None, True, -1, 1e308, float("nan"), float("inf"), 10**30, "", "\ud800", "\x00", "x" * 5000, [],
    {}, [[[]]], {"text": 1}, [None, 1, "a"], "00:00:01", "-5", "٣",
)  # fmt: skip
_MOST_ELEMENTS = 20_000
_ALSO = (
    ".txt",
    ".csv",
    ".docx",
    ".json",
    ".vtt",
    ".xlsx",
    ".qdc",
    ".rtf",
    "",
    ".odt",
    ".pdf",
    ".csv.gz",
)

Seeds = Mapping[str, bytes]
Change = Callable[[random.Random, bytes, bytes], bytes]


def make_case(seeds: Seeds, seed: int, number: int) -> tuple[str, bytes]:
    """The name and bytes of a case; the same for the same seeds, seed and number."""
    rng = random.Random(f"{seed}:{number}")
    names = sorted(seeds)
    kinds = sorted({Path(name).suffix.lower() for name in names})
    kind = rng.choice(kinds)
    of_kind = [name for name in names if Path(name).suffix.lower() == kind]
    name, other = rng.choice(of_kind), rng.choice(of_kind)
    raw = damage(rng, seeds[name], seeds[other])
    suffix = rng.choice(_ALSO) if rng.random() < 0.08 else Path(name).suffix
    return f"{Path(name).stem[:40] or 'x'}{suffix}", raw


def damage(rng: random.Random, raw: bytes, other: bytes) -> bytes:
    """A file with one to six changes, inside its archive where it is one."""
    if raw.startswith(b"PK") and rng.random() < 0.8:
        return _damage_archive(rng, raw, other)
    if raw.startswith(b"SQLite format 3") and rng.random() < 0.8:
        return damage_database(rng, raw)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        raw = rng.choice(_CHANGES)(rng, raw, other)
    return raw[:400_000]


def _flip(rng: random.Random, raw: bytes, _: bytes) -> bytes:
    changed = bytearray(raw)
    for _n in range(rng.choice((1, 2, 8, 64))):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(rng: random.Random, raw: bytes, _: bytes) -> bytes:
    at = rng.randrange(len(raw) + 1)
    return raw[:at] if rng.random() < 0.7 else raw[at:]


def _splice(rng: random.Random, raw: bytes, other: bytes) -> bytes:
    return raw[: rng.randrange(len(raw) + 1)] + other[rng.randrange(len(other) + 1) :]


def _repeat(rng: random.Random, raw: bytes, _: bytes) -> bytes:
    start, end = _stretch(rng, raw)
    return raw[:end] + raw[start:end] * rng.choice((1, 2, 30)) + raw[end:]


def _drop(rng: random.Random, raw: bytes, _: bytes) -> bytes:
    start, end = _stretch(rng, raw)
    return raw[:start] + raw[end:]


def _insert(rng: random.Random, raw: bytes, _: bytes) -> bytes:
    at = rng.randrange(len(raw) + 1)
    return raw[:at] + rng.choice(_TOKENS) + raw[at:]


def _renumber(rng: random.Random, raw: bytes, _: bytes) -> bytes:
    return _replace_one(rng, raw, _NUMBER, rng.choice(_NUMBERS))


def _revalue(rng: random.Random, raw: bytes, _: bytes) -> bytes:
    value = rng.choice((*_NUMBERS, b"../../x", b"\xed\xa0\x80", b"a" * 3000))
    return _replace_one(rng, raw, _VALUE, b'="' + value + b'"')


def _retag(rng: random.Random, raw: bytes, _: bytes) -> bytes:
    tags = _TAG.findall(raw)
    return _replace_one(rng, raw, _TAG, rng.choice([b"", *tags[:200]]))


def _nest(rng: random.Random, raw: bytes, _: bytes) -> bytes:
    """An element inside many of its own kind."""
    places = list(_TAG.finditer(raw))
    if not places:
        return raw
    tag = rng.choice(places)
    name = re.match(rb"</?([^\s/>]*)", tag[0])
    n = rng.choice((30, 200, 300, 1000))
    wrapped = (b"<%s>" % name[1]) * n + (b"</%s>" % name[1]) * n if name else b""
    return raw[: tag.end()] + wrapped + raw[tag.end() :]


def _rework_xml(rng: random.Random, raw: bytes, _: bytes) -> bytes:
    """The XML with elements dropped, doubled, moved, or given hostile values: still well formed."""
    try:
        root = ElementTree.fromstring(raw)
    except (ElementTree.ParseError, ValueError, LookupError):
        return raw
    try:
        for _n in range(rng.choice((1, 2, 8))):
            nodes = list(root.iter())
            _change_element(rng, rng.choice(nodes), rng.choice(nodes))
            if sum(1 for _node in root.iter()) > _MOST_ELEMENTS:
                break
        return ElementTree.tostring(root, encoding="utf-8")
    except (TypeError, ValueError, RecursionError):  # too deep to copy
        return raw


def _change_element(
    rng: random.Random, node: ElementTree.Element, other: ElementTree.Element
) -> None:
    turn = rng.randrange(6)
    if turn == 0 and len(node):
        node.remove(node[rng.randrange(len(node))])
    elif turn == 1:
        node.append(copy.deepcopy(other))
    elif turn == 2 and node.attrib:
        node.set(rng.choice(sorted(node.attrib)), rng.choice(_NUMBERS).decode())
    elif turn == 3 and node.attrib:
        del node.attrib[rng.choice(sorted(node.attrib))]
    elif turn == 4:
        node.text = rng.choice(_NUMBERS).decode()
    else:
        node.tag = other.tag


def _rework_json(rng: random.Random, raw: bytes, _: bytes) -> bytes:
    """The JSON with a value replaced by one of another kind, or a key dropped."""
    try:
        whole = json.loads(raw)
    except (ValueError, RecursionError):
        return raw
    node = whole
    while isinstance(node, dict | list) and node:
        keys = sorted(node) if isinstance(node, dict) else list(range(len(node)))
        key = rng.choice(keys)
        if rng.random() < 0.3 or not isinstance(node[key], dict | list):
            if rng.random() < 0.2:
                del node[key]
            else:
                node[key] = rng.choice(_VALUES)
            break
        node = node[key]
    return json.dumps(whole).encode()


def _turn_lines(rng: random.Random, raw: bytes, _: bytes) -> bytes:
    lines = raw.split(b"\n")
    if rng.random() < 0.5:
        rng.shuffle(lines)
    else:
        at = rng.randrange(len(lines))
        lines[at:at] = [rng.choice(lines)] * rng.choice((1, 40))
    return b"\n".join(lines)


def _recode(rng: random.Random, raw: bytes, _: bytes) -> bytes:
    return raw.decode("utf-8", "replace").encode(rng.choice(_CODECS), "replace")


def _squeeze(_rng: random.Random, raw: bytes, _: bytes) -> bytes:
    """The file as a gzip stream."""
    packer = zlib.compressobj(wbits=31)
    return packer.compress(raw) + packer.flush()


_CHANGES: tuple[Change, ...] = (
    _flip, _flip, _cut, _splice, _repeat, _drop, _insert, _insert, _renumber, _renumber, _revalue,
    _retag, _nest, _turn_lines, _recode, _squeeze, *(_rework_xml, _rework_json) * 4,
)  # fmt: skip
_INSIDE = (
    _flip, _cut, _repeat, _drop, _insert, _renumber, _revalue, _retag, _nest, *(_rework_xml,) * 12,
)  # fmt: skip


def _damage_archive(rng: random.Random, raw: bytes, other: bytes) -> bytes:
    try:
        parts, others = _unpack(raw), _unpack(other)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, zlib.error):
        return _flip(rng, raw, other)
    for _ in range(rng.choice((1, 1, 2, 4))):
        if parts:
            _change_part(rng, parts, others)
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of names that occur twice
        for name, content in parts:
            archive.writestr(name, content)
    packed = stream.getvalue()
    return _flip(rng, packed, other) if rng.random() < 0.1 else packed


def _change_part(
    rng: random.Random, parts: list[tuple[str, bytes]], others: list[tuple[str, bytes]]
) -> None:
    at = rng.randrange(len(parts))
    name, content = parts[at]
    turn = rng.random()
    if turn < 0.75:
        parts[at] = (name, rng.choice(_INSIDE)(rng, content, content)[:400_000])
    elif turn < 0.82:
        del parts[at]
    elif turn < 0.87:
        parts[at] = (rng.choice((name.upper(), f"../{name}", "x", f"{name}\x01")), content)
    elif turn < 0.92:
        parts.append(parts[at])
    else:
        parts[at] = rng.choice(others)


def _unpack(raw: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def _stretch(rng: random.Random, raw: bytes) -> tuple[int, int]:
    start = rng.randrange(len(raw) + 1)
    return start, min(len(raw), start + rng.choice((1, 4, 30, 300, 3000)))


def _replace_one(rng: random.Random, raw: bytes, pattern: re.Pattern[bytes], by: bytes) -> bytes:
    places = list(pattern.finditer(raw))
    if not places:
        return raw
    place = rng.choice(places)
    return raw[: place.start()] + by + raw[place.end() :]
