"""Errors of the libraries of filesystems as one line each, without what is secret in them."""

from __future__ import annotations

from collections.abc import Collection

from ..core.errors import FileRefused, one_line
from .url_secrets import hide_secrets

_PACKAGES = {
    "s3": "s3fs",
    "s3a": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "az": "adlfs",
    "abfs": "adlfs",
    "http": "aiohttp",
    "https": "aiohttp",
}
_LONGEST_FAULT = 200
GOES_ON = "start the same command again: what is finished is kept."
_CHECK = f"Check the address, your rights and the connection, and {GOES_ON}"
_CHECK_SPACE = f"Check the address, your rights, the space and the connection, and {GOES_ON}"
_MAKE = f"Make it, or correct the address, and {GOES_ON}"
MISSING = (FileNotFoundError, NotADirectoryError)


def refuse_url(
    shown: object, url: str, error: Exception, done: str, *, secrets: Collection[str]
) -> FileRefused:
    """What is said of an error because of which a file cannot be `done`.

    `shown` is the file as it is named; `secrets` are what must not be shown of the `url`, and of
    what its library was set up with.
    """
    if isinstance(error, ImportError):
        protocol = url.partition("://")[0].rpartition("::")[2]
        needed = _describe(error, secrets)
        return FileRefused.because(
            shown,
            f"cannot be {done}, as a package is not installed ({needed})",
            remedy=f"Install it: pip install {_PACKAGES.get(protocol, 'PACKAGE')}",
        )
    if isinstance(error, ValueError) and str(error).startswith("Protocol not known"):
        return FileRefused.because(
            shown,
            f"cannot be {done} ({_describe(error, secrets)})",
            remedy="Check what stands before '://', as in s3://, gs:// or https://.",
        )
    if done == "written" and isinstance(error, MISSING):
        # Folders were made, as far as there are any.
        return FileRefused.because(
            shown,
            f"cannot be {done} (the bucket, or what else it would be in, is not there)",
            remedy=_MAKE,
        )
    return FileRefused.because(
        shown,
        f"cannot be {done} ({_describe(error, secrets)})",
        remedy=_CHECK_SPACE if done == "written" else _CHECK,
    )


def _describe(error: Exception, secrets: Collection[str]) -> str:
    """An error in words, without what is secret."""
    if isinstance(error, MISSING):
        return "there is no such file or folder"
    if isinstance(error, OSError) and error.strerror:
        words = error.strerror.lower()
    else:
        words = _take_first_sentence(str(error))
    words = words or type(error).__name__
    for secret in sorted(secrets, key=len, reverse=True):
        words = words.replace(secret, "…")
    return one_line(hide_secrets(words), _LONGEST_FAULT)


def _take_first_sentence(words: str) -> str:
    """The first line of an error, with the second one where it only announces that."""
    first, _, rest = words.strip().partition("\n")
    return f"{first} {rest.strip().partition(chr(10))[0]}" if first.endswith(":") else first
