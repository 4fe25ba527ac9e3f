"""HTML from templates, every word escaped, each page written as a whole file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..agreement.reporting.methods_text import format_count, format_value
from ..io.files import write_atomically
from ..text.language import find_direction
from .palette import choose_text_colour

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
        "text_colour": choose_text_colour,
        "shown": format_value,
        "counted": format_count,
        "writing": describe_writing,
    }
    return environment


def describe_writing(language: str | None) -> Markup:
    """The attributes of an element whose words are in a language: `lang` and `dir`.

    Where the language is not known, the direction is that of the first letter.
    """
    from markupsafe import Markup

    lang = "" if language is None else f' lang="{language}"'
    return Markup(f'{lang} dir="{find_direction(language)}"')


def fill(template: str, /, **view: object) -> str:
    """A template of ours filled in, as HTML text."""
    page = create_environment().get_template(template).render(**view)
    # A lone surrogate in a transcript cannot be written as UTF-8; it is shown as a mark.
    return page.encode("utf-8", "replace").decode("utf-8")


def save(page: str, out: str | Path) -> int:
    """Write a page to `out`, completely or not at all; returns its size in bytes.

    Raises:
        FileRefused: if the file cannot be written.
    """
    with write_atomically(Path(out)) as stream:
        stream.write(page)
    return len(page.encode("utf-8"))
