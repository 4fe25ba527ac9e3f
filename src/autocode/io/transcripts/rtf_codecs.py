"""The code page of bytes in Rich Text: the document's, or that of a font's character set."""

from __future__ import annotations

import codecs

_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 78: "shift_jis", 79: "big5", 80: "euc_kr", 81: "mac_arabic",
    83: "mac_greek", 84: "mac_cyrillic", 85: "gb2312", 86: "mac_romanian", 88: "mac_latin2",
    128: "cp932", 129: "cp949", 130: "johab", 134: "cp936", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
SYMBOLS = 2
"""The character set of fonts such as Wingdings, whose characters mean nothing outside."""
_PAGES = {10000: "mac_roman", 10001: "shift_jis", 10006: "mac_greek", 10007: "mac_cyrillic",
          10029: "mac_latin2", 10081: "mac_turkish", 65001: "utf-8"}  # fmt: skip
_DOUBLE = {"cp932", "cp936", "cp949", "cp950", "shift_jis", "big5", "euc_kr", "gb2312", "johab"}


def find_codec_of_charset(charset: int) -> str | None:
    """The codec of a font's character set, None where the document's own stands."""
    return _CHARSETS.get(charset)


def find_codec_of_page(page: int) -> str:
    """The codec of a Windows code page; cp1252 where Python has none."""
    name = _PAGES.get(page, f"cp{page}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name


def wants_more(octets: bytes, codec: str) -> bool:
    """Whether the bytes end in the first half of a character of two bytes."""
    if codec not in _DOUBLE:
        return False
    decoder = codecs.getincrementaldecoder(codec)("replace")
    decoder.decode(octets)
    return bool(decoder.getstate()[0])


def decode_octets(octets: bytes, codec: str) -> str:
    """Bytes as words; what does not fit becomes the replacement character."""
    return octets.decode(codec, "replace")
