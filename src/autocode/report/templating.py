"""HTML from templates, every word escaped, one file written whole; the door to Jinja2."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..agreement.reporting.methods_text import format_count, format_value
from ..io.files import write_atomically
from ..suggest.explain import describe_neighbour
from . import excerpts

if TYPE_CHECKING:
    from jinja2 import Environment


def environment() -> Environment:
    """What every page is made with: our templates, autoescape, and no silent gaps."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("autocode.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"ink": excerpts.ink, "shown": format_value, "counted": format_count}
    made.filters["describe_neighbour"] = describe_neighbour
    return made


def fill(template: str, view: dict[str, Any]) -> str:
    """A template of ours filled in, as HTML text."""
    page = environment().get_template(template).render(**view)
    # A lone surrogate in a transcript cannot be written as UTF-8; it is shown as a mark.
    return page.encode("utf-8", "replace").decode("utf-8")


def save(page: str, out: str | Path) -> int:
    """Write a page to `out`, completely or not at all; returns its size in bytes.

    Raises:
        FileRefused: if the place cannot be written.
    """
    with write_atomically(Path(out)) as stream:
        stream.write(page)
    return len(page.encode("utf-8"))
