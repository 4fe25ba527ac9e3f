"""Files on object stores and other filesystems, named by URL: the adapter of fsspec.

A `UrlPath` does what the code on large corpora asks of a `Path`, with the same names. What a
filesystem or its library raises becomes a `FileRefused` that names the URL without what is secret
in it. fsspec, and the library of a protocol, are loaded when the first URL is used.
"""

from __future__ import annotations

import io
import logging
import re
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Literal, TypeAlias, overload

from ..core.errors import FileRefused, InputError
from .url_faults import MISSING, refuse_url
from .url_secrets import hide_secrets, list_secrets

_WEB = frozenset({"http", "https"})
_WHOLE_PUTS = frozenset(
    {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "oss", "oci", "tos", "hf"} | {"memory"} | _WEB
)
"""Protocols on which a file that is written at once is seen whole or not at all."""
TEMPORARY = ".autocode-part"
"""What the name of a file ends with while it is being written."""
_LOCAL = ("file://", "local://")
_PROTOCOL = re.compile(r"[A-Za-z][\w+.-]*:(?://|:)")
_LOGS = (
    "fsspec",
    "s3fs",
    "gcsfs",
    "adlfs",
    "aiobotocore",
    "botocore",
    "aiohttp",
    "google",
    "azure",
)


@dataclass(frozen=True, slots=True, order=True)
class UrlPath:
    """A file or folder: `inside` are names below what `url` names.

    It can be sent to another process. Shown, it has no user, password or query.
    """

    url: str
    inside: tuple[str, ...] = ()

    def __str__(self) -> str:
        first, mark, rest = hide_secrets(self.url).partition("::")
        return "/".join([first.rstrip("/") if self.inside else first, *self.inside]) + mark + rest

    def __repr__(self) -> str:
        return f"UrlPath({str(self)!r})"

    def __truediv__(self, name: str) -> UrlPath:
        return UrlPath(self.url, (*self.inside, *name.split("/")))

    @property
    def name(self) -> str:
        """The last name."""
        first = self.url.partition("::")[0].partition("?")[0]
        return self.inside[-1] if self.inside else first.rstrip("/").rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """The last suffix of the name, with its dot."""
        return Path(self.name).suffix

    @property
    def stem(self) -> str:
        """The name without its last suffix."""
        return Path(self.name).stem

    @property
    def parent(self) -> UrlPath:
        """The folder that this is in, itself where it is what the URL names."""
        return UrlPath(self.url, self.inside[:-1])

    @property
    def is_of_this_process(self) -> bool:
        """Whether no other process sees it, as in `memory://`."""
        filesystem, _ = self._locate()
        return "memory" in _list_protocols(filesystem)

    def with_name(self, name: str) -> UrlPath:
        """A file beside this one."""
        if self.inside:
            return self.parent / name
        first, mark, rest = self.url.partition("::")
        path, query, more = first.partition("?")
        return UrlPath(path.rstrip("/").removesuffix(self.name) + name + query + more + mark + rest)

    def absolute(self) -> UrlPath:
        """Itself."""
        return self

    def exists(self) -> bool:
        """Whether a file or folder is there."""
        return self._find_kind() is not None

    def is_file(self) -> bool:
        """Whether a file is there."""
        return self._find_kind() == "file"

    def is_dir(self) -> bool:
        """Whether a folder is there: on an object store, whether anything is in it."""
        return self._find_kind() == "directory"

    def iterdir(self) -> Iterator[UrlPath]:
        """What is in the folder."""
        with self._explained("listed"):
            filesystem, path = self._locate()
            filesystem.invalidate_cache()
            listed = filesystem.ls(path, detail=False)
        names = {str(one).rstrip("/").rpartition("/")[2] for one in listed if _is_below(one, path)}
        return iter([self / name for name in sorted(names) if name])

    @overload
    def open(
        self, mode: Literal["r"] = "r", *, encoding: str | None = None, newline: str | None = None
    ) -> IO[str]: ...

    @overload
    def open(self, mode: Literal["rb"]) -> IO[bytes]: ...

    def open(
        self, mode: str = "r", *, encoding: str | None = None, newline: str | None = None
    ) -> IO[str] | IO[bytes]:
        """The file as a stream, read a block at a time."""
        with self._explained("read"):
            filesystem, path = self._locate()
            filesystem.invalidate_cache()
            stream = io.BufferedReader(_Stream(self, _open_stream(filesystem, path)), 1 << 20)
        return stream if mode == "rb" else io.TextIOWrapper(stream, encoding, newline=newline)

    def read_bytes(self) -> bytes:
        """All that is in the file."""
        with self._explained("read"):
            filesystem, path = self._locate()
            filesystem.invalidate_cache()
            return bytes(filesystem.cat_file(path))

    def read_text(self, encoding: str, errors: str = "strict") -> str:
        """All that is in the file, as text."""
        with io.TextIOWrapper(io.BytesIO(self.read_bytes()), encoding, errors) as text:
            return text.read()

    def unlink(self, missing_ok: bool = False) -> None:
        """Remove the file."""
        with self._explained("removed"):
            filesystem, path = self._locate()
            with suppress(*(MISSING if missing_ok else ())):
                filesystem.rm_file(path)

    @contextmanager
    def write_whole(self) -> Iterator[IO[bytes]]:
        """Write the file at once, when all of it is there; nothing where an error comes first.

        On an object store it is seen whole or not at all. Elsewhere it is written beside its place
        and renamed.
        """
        content = io.BytesIO()
        yield content
        with self._explained("written"):
            filesystem, path = self._locate()
            if _list_protocols(filesystem) & _WHOLE_PUTS:
                _put(filesystem, path, content.getvalue())
            else:
                _put_beside(filesystem, path, content.getvalue())

    def _find_kind(self) -> str | None:
        with self._explained("reached"):
            filesystem, path = self._locate()
            filesystem.invalidate_cache()
            try:
                return str(filesystem.info(path)["type"])
            except MISSING as error:
                cause = error.__cause__
                if _WEB & _list_protocols(filesystem) and not _says_missing(cause):
                    raise (cause or error) from None
                return None

    def _locate(self) -> tuple[Any, str]:
        filesystem, base = _open_filesystem(self.url)
        return filesystem, "/".join([base.rstrip("/") if self.inside else base, *self.inside])

    @contextmanager
    def _explained(self, done: str) -> Iterator[None]:
        """Faults in one line: each library has errors of its own, so that all are caught."""
        try:
            yield
        except FileRefused:
            raise
        except Exception as error:
            raise self.refuse(error, done) from None

    def refuse(self, error: Exception, done: str) -> FileRefused:
        """What is said of an error because of which the file cannot be `done`."""
        return refuse_url(self, self.url, error, done, secrets=self._list_secrets())

    def _list_secrets(self) -> set[str]:
        """What must not be shown of the URL, and of what its library was set up with."""
        options: dict[str, object] = {}
        with suppress(Exception):  # of a URL that cannot be opened the URL alone is known
            options = dict(_open_filesystem(self.url)[0].storage_options)
        return list_secrets(self.url, options)


AnyPath: TypeAlias = Path | UrlPath


def as_path(given: str | AnyPath) -> AnyPath:
    """A path as it is given; what begins with a protocol is a URL, and `file://` a local path.

    Raises:
        InputError: if it is empty, which would name the folder where the program was started.
    """
    if not isinstance(given, str):
        return given
    if not given.strip():
        raise InputError("The name of a file or folder is empty. Name one.")
    for start in _LOCAL:
        if given.startswith(start) and "::" not in given:
            return Path(given.removeprefix(start))
    is_url = "://" in given and _PROTOCOL.match(given)
    return UrlPath(given) if is_url else Path(given)


@lru_cache(maxsize=16)
def _open_filesystem(url: str) -> tuple[Any, str]:
    """The filesystem of a URL, and its path there."""
    from fsspec.core import url_to_fs

    _hush_logs()
    filesystem, path = url_to_fs(url)
    return filesystem, str(path)


@lru_cache(maxsize=1)
def _hush_logs() -> None:
    """Where nobody asked for logs, Python prints warnings, tracebacks and whole URLs in them."""
    for name in _LOGS:
        logging.getLogger(name).addHandler(logging.NullHandler())


def _list_protocols(filesystem: Any) -> frozenset[str]:  # noqa: ANN401 - fsspec is untyped
    """Under which names a filesystem is known; of a folder of another one, that one's."""
    while getattr(filesystem, "protocol", None) == "dir":
        filesystem = filesystem.fs
    named = filesystem.protocol
    return frozenset([named] if isinstance(named, str) else named)


def _says_missing(cause: BaseException | None) -> bool:
    """Whether a web server was asked and has no such file: fsspec says so of any failure."""
    return getattr(cause, "status", None) in {404, 410} or isinstance(cause, FileNotFoundError)


def _is_below(listed: str, folder: str) -> bool:
    """Whether a listed name is not the folder itself, as object stores may list it."""
    return listed.strip("/") != folder.strip("/")


def _open_stream(filesystem: Any, path: str) -> Any:  # noqa: ANN401
    """A stream to be read anywhere, as Parquet asks; what a web server sends is kept on the disk.

    Not every server sends parts of a file.
    """
    if not _list_protocols(filesystem) & _WEB:
        return filesystem.open(path, "rb")
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it, and nobody else has it
    filesystem.get_file(path, stream)
    stream.seek(0)
    return stream


def _put(filesystem: Any, path: str, content: bytes) -> None:  # noqa: ANN401
    """Write a file in one go, and the folders that it is in where these are missing."""
    try:
        filesystem.pipe_file(path, content)
    except FileNotFoundError:
        _make_folders(filesystem, path)
        filesystem.pipe_file(path, content)


def _put_beside(filesystem: Any, path: str, content: bytes) -> None:  # noqa: ANN401
    """Write a file under another name and give it its own."""
    folder, mark, name = path.rpartition("/")
    beside = f"{folder}{mark}.{name}.{uuid.uuid4().hex[:8]}{TEMPORARY}"
    try:
        _put(filesystem, beside, content)
        filesystem.mv(beside, path)
    except BaseException:
        with suppress(Exception):
            filesystem.rm_file(beside)
        raise


def _make_folders(filesystem: Any, path: str) -> None:  # noqa: ANN401
    """Make the folders above a file, but for a bucket, which is not made by a slip."""
    names = path.split("/")[:-1]
    first = 2 if _list_protocols(filesystem) & _WHOLE_PUTS else 1
    for end in range(first, len(names) + 1):
        if names[end - 1]:
            with suppress(FileExistsError):
                filesystem.mkdir("/".join(names[:end]), create_parents=False)


class _Stream(io.RawIOBase):
    """A stream of fsspec whose errors become those of its file."""

    def __init__(self, path: UrlPath, stream: Any) -> None:  # noqa: ANN401
        self._path, self._stream = path, stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._stream.seekable())

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
        content = self._ask(lambda: self._stream.read(len(buffer)))
        buffer[: len(content)] = content
        return len(content)

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._ask(lambda: self._stream.seek(offset, whence)))

    def tell(self) -> int:
        return int(self._stream.tell())

    def close(self) -> None:
        if not self.closed:
            with suppress(Exception):
                self._stream.close()
        super().close()

    def _ask(self, act: Callable[[], Any]) -> Any:  # noqa: ANN401
        try:
            return act()
        except Exception as error:
            raise self._path.refuse(error, "read") from None
