"""What the reader tests share: writing a file, and reading a refusal apart."""

from __future__ import annotations

import re

import pytest

from autocode.core.errors import FileRefused

_MESSAGE = re.compile(
    r"(?P<file>.+?\.[A-Za-z]+(?:\.gz)?)(?:, (?P<place>(?:line|byte) \d+|part \S+))?: "
    r"(?P<fault>.+?[^.?!])\. (?P<remedy>[A-Z].*[^.?!]\.)"
)


@pytest.fixture
def write(tmp_path):
    """Write text (UTF-8 unless said otherwise) or bytes into a new file and return its path."""

    def _write(name, content, encoding="utf-8"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return _write


@pytest.fixture
def refusal():
    """Call what must refuse a file; its one-line message as file, place, fault, remedy."""

    def _refusal(path, call, *arguments, **options):
        with pytest.raises(FileRefused) as caught:
            call(path, *arguments, **options)
        message = str(caught.value)
        facts = _MESSAGE.fullmatch(message)  # `.` takes no line end, so this is one line
        assert facts, message
        assert facts["file"] == str(path)
        return facts

    return _refusal
