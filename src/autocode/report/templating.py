"""HTML from templates, every word escaped, each page written as a whole file."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from typing import TYPE_CHECKING

from ..agreement.reporting.methods_text import format_count, format_value
from ..core.errors import FileRefused
from ..io.files import write_atomically
from ..io.url_path import AnyPath, as_path
from ..text.language import find_direction
from .palette import choose_letter_colour

if TYPE_CHECKING:
    from jinja2 import Environment as Environment
    from markupsafe import Markup


def create_environment(package: str = "autocode.report") -> Environment:
    """What every page is made with: templates of a package of ours, all words escaped.

    A value that is missing is an error.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "letter_colour": choose_letter_colour,
        "shown": format_value,
        "counted": format_count,
        "grouped": "{:,}".format,
        "writing": describe_writing,
        "script_text": read_script,
        "script_digest": digest_script,
    }
    return environment


def read_script(name: str) -> Markup:
    """A script of ours as it stands in a page."""
    from markupsafe import Markup

    source = resources.files("autocode.report").joinpath("templates", name)
    # A browser reads every end of a line as this one, and takes the digest of what it read.
    return Markup(source.read_text(encoding="utf-8").replace("\r\n", "\n"))


def digest_script(name: str) -> Markup:
    """A script of ours as a policy names it, so that a browser runs this one and no other."""
    from markupsafe import Markup

    digest = hashlib.sha256(read_script(name).encode()).digest()
    return Markup(f"sha256-{base64.b64encode(digest).decode()}")


def describe_writing(language: str | None) -> Markup:
    """The attributes of an element whose words are in a language: `lang` and `dir`.

    Where the language is not known, the direction is that of the first letter.
    """
    from markupsafe import Markup

    lang = Markup("") if language is None else Markup(' lang="{}"').format(language)
    return lang + Markup(' dir="{}"').format(find_direction(language))


def fill(template: str, /, **view: object) -> str:
    """A template of ours filled in, as HTML text."""
    page = create_environment().get_template(template).render(**view)
    # A lone surrogate in a transcript cannot be written as UTF-8; it is shown as a mark.
    return page.encode("utf-8", "replace").decode("utf-8")


def save(page: str, out: str | AnyPath) -> int:
    """Write a page to `out`, completely or not at all; returns its size in bytes.

    Raises:
        FileRefused: if the file cannot be written, or is named as something else than a page.
    """
    path = as_path(out)
    if path.suffix.lower() not in ("", ".html", ".htm"):
        raise FileRefused.because(
            path,
            f"is named like a '{path.suffix}' file, and the report is a page",
            remedy="Name a file that ends with .html; a browser prints it as PDF.",
        )
    with write_atomically(path) as stream:
        stream.write(page)
    return len(page.encode("utf-8"))
