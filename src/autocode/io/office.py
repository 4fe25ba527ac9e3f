"""What writing Office files has in common: equal contents give equal bytes; legal characters."""

from __future__ import annotations

import io
import re
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)
_PROPERTIES = "docProps/core.xml"
_DATES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold."""


def make_reproducible(raw: bytes) -> bytes:
    """An Office file without the time it was written: equal contents give equal bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, _EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            content = old.read(name)
            if name == _PROPERTIES:
                content = _DATES.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", content)
            new.writestr(part, content)
    return stream.getvalue()


def printable(text: str) -> str:
    """`text` without the characters that an Office file cannot hold."""
    return _ILLEGAL.sub("", text)
